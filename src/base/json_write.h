/* json_write.h - JSON into a byte string.
 *
 * The writer puts commas and colons itself.  Strings are escaped as RFC 8259
 * asks; bytes that are not UTF-8 become U+FFFD, so the output is always valid
 * JSON.  Doubles are written with at most `digits` decimals, trailing zeros
 * dropped; infinities and NaN as null. */
#ifndef RP_BASE_JSON_WRITE_H
#define RP_BASE_JSON_WRITE_H

#include "base/buf.h"

enum { RP_JSON_DEPTH = 32 };

typedef struct rp_json {
  rp_buf *buf;
  int depth;
  bool needs_comma[RP_JSON_DEPTH];
} rp_json;

void rp_json_init(rp_json *json, rp_buf *buf);
void rp_json_begin_object(rp_json *json);
void rp_json_end_object(rp_json *json);
void rp_json_begin_array(rp_json *json);
void rp_json_end_array(rp_json *json);
void rp_json_key(rp_json *json, const char *key);
void rp_json_null(rp_json *json);
void rp_json_bool(rp_json *json, bool value);
void rp_json_int(rp_json *json, int64_t value);
void rp_json_double(rp_json *json, double value, int digits);
void rp_json_str(rp_json *json, rp_str value);
void rp_json_cstr(rp_json *json, const char *value);
/* null where the string is empty */
void rp_json_str_or_null(rp_json *json, rp_str value);

#endif
