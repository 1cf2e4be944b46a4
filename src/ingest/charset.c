#include "ingest/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/bytes.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Windows-1252, bytes 80 to 9f; 0: undefined. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

/* Length of the well-formed sequence at `p`, 0 where there is none. */
static size_t sequence_at(const unsigned char *p, size_t len) {
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xc2 || p[0] > 0xf4 || len < 2) return 0;
  unsigned low = 0x80, high = 0xbf;
  if (p[0] == 0xe0) low = 0xa0;
  if (p[0] == 0xed) high = 0x9f;
  if (p[0] == 0xf0) low = 0x90;
  if (p[0] == 0xf4) high = 0x8f;
  if (p[1] < low || p[1] > high) return 0;
  size_t n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  if (len < n) return 0;
  for (size_t i = 2; i < n; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  return n;
}

static size_t ascii_run(const unsigned char *p, size_t len) {
  size_t n = 0;
  for (; n + 8 <= len; n += 8) {
    uint64_t word;
    memcpy(&word, p + n, 8);
    if (word & UINT64_C(0x8080808080808080)) break;
  }
  while (n < len && p[n] < 0x80) n++;
  return n;
}

struct census {
  size_t n_good, n_bad; /* multi-byte sequences; bytes outside any */
};

static struct census census_of(rp_str bytes, bool stop_at_bad) {
  struct census c = {0};
  const unsigned char *p = (const unsigned char *)bytes.data;
  for (size_t i = 0; i < bytes.len;) {
    i += ascii_run(p + i, bytes.len - i);
    if (i == bytes.len) break;
    size_t n = sequence_at(p + i, bytes.len - i);
    c.n_good += n != 0;
    c.n_bad += n == 0;
    if (n == 0 && stop_at_bad) break;
    i += n ? n : 1;
  }
  return c;
}

bool rp_charset_is_utf8(rp_str bytes) { return census_of(bytes, true).n_bad == 0; }

static bool is_windows_1252(rp_str bytes) {
  struct census c = census_of(bytes, false);
  return c.n_bad >= c.n_good;
}

double rp_charset_noise(rp_str bytes) {
  if (bytes.len == 0) return 0;
  bool is_1252 = is_windows_1252(bytes);
  const unsigned char *p = (const unsigned char *)bytes.data;
  size_t n_noise = 0;
  for (size_t i = 0; i < bytes.len;) {
    size_t n = sequence_at(p + i, bytes.len - i);
    bool is_control = p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r' && p[i] != '\f';
    bool is_cut = bytes.len - i < 4; /* a sequence may be cut at the end of the sample */
    if (is_control || p[i] == 0x7f) n_noise++;
    if (n == 0 && !is_cut && (!is_1252 || (p[i] < 0xa0 && windows_1252[p[i] - 0x80] == 0))) n_noise++;
    i += n ? n : 1;
  }
  return (double)n_noise / (double)bytes.len;
}

size_t rp_charset_bom(rp_str bytes, const char **name) {
  static const struct {
    const char *mark, *name;
    size_t len;
  } marks[] = {{"\xef\xbb\xbf", "UTF-8", 3}, {"\xff\xfe", "UTF-16LE", 2}, {"\xfe\xff", "UTF-16BE", 2}};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (bytes.len >= marks[i].len && memcmp(bytes.data, marks[i].mark, marks[i].len) == 0) {
      if (name) *name = marks[i].name;
      return marks[i].len;
    }
  return 0;
}

static size_t put_code_point(char *out, unsigned c) {
  if (c < 0x80) return out[0] = (char)c, 1;
  if (c < 0x800) return out[0] = (char)(0xc0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
  out[0] = (char)(0xe0 | c >> 12);
  out[1] = (char)(0x80 | (c >> 6 & 63));
  out[2] = (char)(0x80 | (c & 63));
  return 3;
}

/* Windows-1252 (`is_1252`), or UTF-8 whose ill-formed bytes are replaced.
 * Every byte becomes three at most. */
static rp_status repair(rp_str bytes, bool is_1252, rp_arena *arena, rp_str *out, size_t *n_replaced, rp_error *error) {
  char *to = rp_arena_alloc(arena, bytes.len, 3);
  if (!to) return rp_fail_memory(error);
  const unsigned char *p = (const unsigned char *)bytes.data;
  size_t at = 0, n_bad = 0;
  for (size_t i = 0; i < bytes.len;) {
    size_t n = is_1252 ? p[i] < 0x80 : sequence_at(p + i, bytes.len - i);
    unsigned c = 0xfffd;
    if (is_1252 && n == 0) c = p[i] >= 0xa0 ? p[i] : windows_1252[p[i] - 0x80] ? windows_1252[p[i] - 0x80] : 0xfffd;
    if (n) {
      memcpy(to + at, p + i, n);
      at += n;
    } else {
      n_bad += c == 0xfffd;
      at += put_code_point(to + at, c);
    }
    i += n ? n : 1;
  }
  *out = (rp_str){to, at};
  *n_replaced = n_bad;
  return RP_OK;
}

/* Converts through iconv; a byte that does not convert is replaced. */
static rp_status convert(iconv_t cd, rp_str bytes, rp_arena *arena, rp_str *out, size_t *n_replaced, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  size_t n_bad = 0, left = bytes.len;
  /* iconv's prototype asks for char **, it does not write through it */
  char *in = NULL;
  memcpy(&in, &bytes.data, sizeof in);
  while (left > 0) {
    char piece[4096], *to = piece;
    size_t room = sizeof piece;
    size_t r = iconv(cd, &in, &left, &to, &room);
    rp_buf_add(&buf, piece, sizeof piece - room);
    if (r == (size_t)-1 && errno != E2BIG) {
      rp_buf_add(&buf, REPLACEMENT, 3);
      n_bad++;
      in++;
      left--;
    }
  }
  char *copy = buf.failed ? NULL : rp_arena_memdup(arena, buf.len ? buf.data : "", buf.len);
  size_t len = buf.len;
  rp_buf_release(&buf);
  if (!copy) return rp_fail_memory(error);
  *out = (rp_str){copy, len};
  *n_replaced = n_bad;
  return RP_OK;
}

/* Names of web pages that mean Windows-1252 to every browser, and names that
 * are no encoding of one byte stream. */
static bool is_name(const char *name, const char *lower_name) {
  for (; *name && *lower_name; name++, lower_name++) {
    char c = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name;
    if (c != *lower_name) return false;
  }
  return !*name && !*lower_name;
}

rp_status rp_charset_decode(rp_str bytes, const char *declared, rp_arena *arena, rp_str *out, size_t *n_replaced,
                            rp_error *error) {
  const char *mark = NULL;
  size_t skip = rp_charset_bom(bytes, &mark);
  bool is_utf16 = skip == 2;
  if (!is_utf16 && rp_charset_is_utf8(bytes)) {
    *out = bytes;
    *n_replaced = 0;
    return RP_OK;
  }
  const char *name = is_utf16 ? mark : skip ? NULL : declared;
  static const char *const as_1252[] = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252"};
  bool is_1252 = is_windows_1252(bytes) && !skip;
  for (size_t i = 0; name && i < sizeof as_1252 / sizeof *as_1252; i++)
    if (is_name(name, as_1252[i])) name = NULL, is_1252 = true;
  if (name && !is_name(name, "utf-8") && !is_name(name, "utf8")) {
    iconv_t cd = iconv_open("UTF-8", name);
    if (cd != (iconv_t)-1) {
      rp_str rest = {bytes.data + (is_utf16 ? skip : 0), bytes.len - (is_utf16 ? skip : 0)};
      rp_status status = convert(cd, rest, arena, out, n_replaced, error);
      iconv_close(cd);
      return status;
    }
  }
  return repair(bytes, is_1252, arena, out, n_replaced, error);
}
