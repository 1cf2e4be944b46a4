/* str.h - borrowed strings, compared by their bytes. */
#ifndef RP_BASE_STR_H
#define RP_BASE_STR_H

#include <string.h>

#include "reprint/reprint.h"

static inline bool rp_str_equal(rp_str a, rp_str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Below, at or above 0 as a comes before, with or after b: byte order, a
 * beginning before what goes on. */
static inline int rp_str_compare(rp_str a, rp_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.data, b.data, n) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

#endif
