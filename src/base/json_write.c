#include "base/json_write.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void rp_json_init(rp_json *json, rp_buf *buf) { *json = (rp_json){.buf = buf}; }

static void before_value(rp_json *json) {
  if (json->needs_comma[json->depth]) rp_buf_add_byte(json->buf, ',');
  json->needs_comma[json->depth] = true;
}

static void begin(rp_json *json, char bracket) {
  before_value(json);
  rp_buf_add_byte(json->buf, bracket);
  assert(json->depth + 1 < RP_JSON_DEPTH);
  json->needs_comma[++json->depth] = false;
}

static void end(rp_json *json, char bracket) {
  assert(json->depth > 0);
  json->depth--;
  rp_buf_add_byte(json->buf, bracket);
}

void rp_json_begin_object(rp_json *json) { begin(json, '{'); }
void rp_json_end_object(rp_json *json) { end(json, '}'); }
void rp_json_begin_array(rp_json *json) { begin(json, '['); }
void rp_json_end_array(rp_json *json) { end(json, ']'); }

/* Length of the well-formed UTF-8 sequence at `p`, 0 where there is none
 * (table 3-7 of the Unicode standard). */
static size_t utf8_sequence(const unsigned char *p, size_t left) {
  unsigned char c = p[0];
  size_t n = c < 0x80 ? 1 : c >= 0xC2 && c <= 0xDF ? 2 : c >= 0xE0 && c <= 0xEF ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
  if (n == 0 || n > left) return 0;
  for (size_t i = 1; i < n; i++)
    if ((p[i] & 0xC0) != 0x80) return 0;
  if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F) || (c == 0xF0 && p[1] < 0x90) ||
      (c == 0xF4 && p[1] > 0x8F))
    return 0;
  return n;
}

static void add_escaped(rp_buf *buf, const char *data, size_t len) {
  const unsigned char *p = (const unsigned char *)data;
  size_t plain = 0; /* start of the bytes not yet copied */
  rp_buf_add_byte(buf, '"');
  for (size_t i = 0; i < len;) {
    unsigned char c = p[i];
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
      i++;
      continue;
    }
    size_t n = c < 0x80 ? 0 : utf8_sequence(p + i, len - i);
    if (n) {
      i += n;
      continue;
    }
    rp_buf_add(buf, data + plain, i - plain);
    switch (c) {
      case '"': rp_buf_add_cstr(buf, "\\\""); break;
      case '\\': rp_buf_add_cstr(buf, "\\\\"); break;
      case '\n': rp_buf_add_cstr(buf, "\\n"); break;
      case '\r': rp_buf_add_cstr(buf, "\\r"); break;
      case '\t': rp_buf_add_cstr(buf, "\\t"); break;
      default:
        if (c < 0x80)
          rp_buf_printf(buf, "\\u%04x", c);
        else
          rp_buf_add_cstr(buf, "\xEF\xBF\xBD");
    }
    plain = ++i;
  }
  rp_buf_add(buf, data + plain, len - plain);
  rp_buf_add_byte(buf, '"');
}

void rp_json_key(rp_json *json, const char *key) {
  before_value(json);
  add_escaped(json->buf, key, strlen(key));
  rp_buf_add_byte(json->buf, ':');
  json->needs_comma[json->depth] = false;
}

void rp_json_null(rp_json *json) {
  before_value(json);
  rp_buf_add_cstr(json->buf, "null");
}

void rp_json_bool(rp_json *json, bool value) {
  before_value(json);
  rp_buf_add_cstr(json->buf, value ? "true" : "false");
}

void rp_json_int(rp_json *json, int64_t value) {
  before_value(json);
  rp_buf_printf(json->buf, "%" PRId64, value);
}

void rp_json_double(rp_json *json, double value, int digits) {
  if (!isfinite(value)) {
    rp_json_null(json);
    return;
  }
  before_value(json);
  char text[400];
  int n = snprintf(text, sizeof text, "%.*f", digits, value);
  /* the library's output must not depend on the locale's decimal point */
  char *point = NULL;
  for (char *p = text; *p; p++)
    if (*p != '-' && (*p < '0' || *p > '9')) {
      *p = '.';
      point = p;
    }
  if (point) {
    while (n > 1 && text[n - 1] == '0') text[--n] = '\0';
    if (text[n - 1] == '.') text[--n] = '\0';
  }
  if (strcmp(text, "-0") == 0) memcpy(text, "0", 2);
  rp_buf_add_cstr(json->buf, text);
}

void rp_json_str(rp_json *json, rp_str value) {
  before_value(json);
  add_escaped(json->buf, value.data ? value.data : "", value.len);
}

void rp_json_cstr(rp_json *json, const char *value) { rp_json_str(json, (rp_str){value, strlen(value)}); }

void rp_json_str_or_null(rp_json *json, rp_str value) {
  if (value.len)
    rp_json_str(json, value);
  else
    rp_json_null(json);
}
