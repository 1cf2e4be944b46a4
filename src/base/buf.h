/* buf.h - a growing byte string.
 *
 * Appending never fails in a way that must be checked at each call: once
 * memory was short, `failed` stays set, further appends do nothing, and whoever
 * takes the bytes checks it once. */
#ifndef RP_BASE_BUF_H
#define RP_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reprint/reprint.h"

typedef struct rp_buf {
  char *data; /* NUL behind `len` once something was appended */
  size_t len, cap;
  bool failed;
} rp_buf;

void rp_buf_init(rp_buf *buf);
void rp_buf_release(rp_buf *buf);
/* Empty again, memory kept, `failed` reset. */
void rp_buf_clear(rp_buf *buf);
/* Room for `more` bytes; false (and `failed`) where memory is short. */
bool rp_buf_reserve(rp_buf *buf, size_t more);

void rp_buf_add(rp_buf *buf, const void *data, size_t len);
void rp_buf_add_cstr(rp_buf *buf, const char *text);
void rp_buf_add_byte(rp_buf *buf, char byte);
void rp_buf_add_zero(rp_buf *buf, size_t n);
RP_PRINTF(2, 3) void rp_buf_printf(rp_buf *buf, const char *format, ...);

#endif
