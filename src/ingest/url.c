#include "ingest/url.h"

#include <libpsl.h>
#include <string.h>

#include "aggregators_table.h"

enum { MAX_HOST = 253 };

static bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* Where the host begins; NULL where there is none. */
static const char *authority_of(rp_str url) {
  const char *end = url.data + url.len;
  size_t n = 0;
  while (n < url.len && (is_alnum(url.data[n]) || url.data[n] == '+' || url.data[n] == '-' || url.data[n] == '.')) n++;
  if (n > 0 && end - url.data - (ptrdiff_t)n > 3 && memcmp(url.data + n, "://", 3) == 0) return url.data + n + 3;
  if (url.len > 2 && url.data[0] == '/' && url.data[1] == '/') return url.data + 2;
  if (url.len > 4 && lower(url.data[0]) == 'w' && lower(url.data[1]) == 'w' && lower(url.data[2]) == 'w' &&
      url.data[3] == '.')
    return url.data;
  return NULL;
}

static rp_str trimmed(rp_str s) {
  while (s.len && (unsigned char)s.data[0] <= ' ') s.data++, s.len--;
  while (s.len && (unsigned char)s.data[s.len - 1] <= ' ') s.len--;
  return s;
}

/* The host's bytes as they stand in the URL. */
static rp_str raw_host(rp_str url) {
  url = trimmed(url);
  if (url.len == 0) return (rp_str){0};
  const char *at = authority_of(url), *end = url.data + url.len;
  if (!at) return (rp_str){0};
  const char *stop = at;
  while (stop < end && *stop != '/' && *stop != '?' && *stop != '#' && (unsigned char)*stop > ' ') stop++;
  for (const char *p = at; p < stop; p++)
    if (*p == '@') at = p + 1;
  const char *host_end = at;
  if (at < stop && *at == '[') {
    while (host_end < stop && *host_end != ']') host_end++;
    if (host_end < stop) host_end++;
  } else {
    while (host_end < stop && *host_end != ':') host_end++;
  }
  while (host_end > at && host_end[-1] == '.') host_end--;
  rp_str host = {at, (size_t)(host_end - at)};
  return host.len && host.len <= MAX_HOST ? host : (rp_str){0};
}

bool rp_url_is_url(rp_str text) {
  rp_str host = raw_host(text);
  return host.len != 0 && !memchr(trimmed(text).data, ' ', trimmed(text).len);
}

rp_status rp_url_lower(rp_str host, rp_arena *arena, rp_str *out, rp_error *error) {
  char *copy = rp_arena_memdup(arena, host.data, host.len);
  if (!copy) return rp_fail_memory(error);
  for (size_t i = 0; i < host.len; i++) copy[i] = lower(copy[i]);
  *out = (rp_str){copy, host.len};
  return RP_OK;
}

rp_status rp_url_host(rp_str url, rp_arena *arena, rp_str *out, rp_error *error) {
  rp_str host = raw_host(url);
  if (host.len == 0) {
    *out = (rp_str){0};
    return RP_OK;
  }
  return rp_url_lower(host, arena, out, error);
}

static bool is_address(const char *host) {
  if (*host == '[') return true;
  for (; *host; host++)
    if (*host != '.' && (*host < '0' || *host > '9')) return false;
  return true;
}

rp_status rp_url_domain(rp_str host, rp_arena *arena, rp_str *out, rp_error *error) {
  char *copy = rp_arena_memdup(arena, host.data, host.len);
  if (!copy) return rp_fail_memory(error);
  const char *domain = is_address(copy) ? NULL : psl_registrable_domain(psl_builtin(), copy);
  if (!domain) domain = copy;
  *out = (rp_str){domain, strlen(domain)};
  return RP_OK;
}

bool rp_url_is_host(rp_str name) {
  char host[MAX_HOST + 1];
  if (name.len == 0 || name.len > MAX_HOST || !memchr(name.data, '.', name.len)) return false;
  for (size_t i = 0; i < name.len; i++) {
    char c = lower(name.data[i]);
    if (!is_alnum(c) && c != '.' && c != '-' && (unsigned char)c < 0x80) return false;
    host[i] = c;
  }
  host[name.len] = '\0';
  if (is_address(host) || host[0] == '.' || strstr(host, "..") || host[name.len - 1] == '.') return false;
  const psl_ctx_t *psl = psl_builtin();
  const char *suffix = psl_unregistrable_domain(psl, host);
  return suffix && suffix != host && psl_is_public_suffix2(psl, suffix, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

bool rp_url_is_aggregator(rp_str host) {
  for (size_t i = 0; rp_aggregators_table[i][0]; i++) {
    const char *name = rp_aggregators_table[i][0];
    size_t n = strlen(name);
    if (n > host.len || memcmp(host.data + host.len - n, name, n) != 0) continue;
    if (n == host.len || host.data[host.len - n - 1] == '.') return true;
  }
  return false;
}

rp_status rp_url_clean_path(rp_str path, rp_arena *arena, rp_str *out, rp_error *error) {
  char *to = rp_arena_alloc(arena, path.len + 1, 1);
  if (!to) return rp_fail_memory(error);
  size_t n = 0;
  for (size_t i = 0; i < path.len;) {
    bool at_start = n == 0 || to[n - 1] == '/';
    if (path.data[i] == '/' && n > 0 && to[n - 1] == '/') {
      i++;
    } else if (at_start && path.data[i] == '.' && (i + 1 == path.len || path.data[i + 1] == '/')) {
      i += 1;
      while (i < path.len && path.data[i] == '/') i++;
    } else {
      to[n++] = path.data[i++];
    }
  }
  if (n == 0) to[n++] = '.';
  to[n] = '\0';
  *out = (rp_str){to, n};
  return RP_OK;
}
