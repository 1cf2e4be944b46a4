#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

void rp_buf_init(rp_buf *buf) { *buf = (rp_buf){0}; }

void rp_buf_release(rp_buf *buf) {
  rp_free(buf->data);
  rp_buf_init(buf);
}

void rp_buf_clear(rp_buf *buf) {
  buf->len = 0;
  buf->failed = false;
}

bool rp_buf_reserve(rp_buf *buf, size_t more) {
  if (buf->failed) return false;
  if (buf->cap - buf->len > more) return true;
  if (more > SIZE_MAX / 2 - buf->len) goto fail;
  size_t want = buf->cap ? buf->cap : 256;
  while (want - buf->len <= more) want *= 2;
  char *grown = rp_realloc(buf->data, want, 1);
  if (!grown) goto fail;
  buf->data = grown;
  buf->cap = want;
  return true;
fail:
  buf->failed = true;
  return false;
}

void rp_buf_add(rp_buf *buf, const void *data, size_t len) {
  if (!rp_buf_reserve(buf, len)) return;
  if (len) memcpy(buf->data + buf->len, data, len);
  buf->len += len;
  buf->data[buf->len] = '\0';
}

void rp_buf_add_cstr(rp_buf *buf, const char *text) { rp_buf_add(buf, text, strlen(text)); }

void rp_buf_add_byte(rp_buf *buf, char byte) { rp_buf_add(buf, &byte, 1); }

void rp_buf_add_zero(rp_buf *buf, size_t n) {
  if (!rp_buf_reserve(buf, n)) return;
  memset(buf->data + buf->len, 0, n);
  buf->len += n;
  buf->data[buf->len] = '\0';
}

void rp_buf_printf(rp_buf *buf, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int need = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (need < 0 || !rp_buf_reserve(buf, (size_t)need)) {
    buf->failed = true;
    return;
  }
  va_start(args, format);
  vsnprintf(buf->data + buf->len, (size_t)need + 1, format, args);
  va_end(args);
  buf->len += (size_t)need;
}
