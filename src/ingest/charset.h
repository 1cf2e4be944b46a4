/* charset.h - bytes of any encoding become UTF-8.  The only file with iconv. */
#ifndef RP_INGEST_CHARSET_H
#define RP_INGEST_CHARSET_H

#include "base/arena.h"
#include "base/err.h"

/* Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, nothing
 * above U+10FFFF, shortest forms only). */
bool rp_charset_is_utf8(rp_str bytes);

/* Share of bytes in [0, 1] that no text has: control bytes but tab, line feed,
 * carriage return and form feed, and what belongs to no UTF-8 sequence, unless
 * the whole reads as Windows-1252. */
double rp_charset_noise(rp_str bytes);

/* Length of the byte-order mark at the start, 0 where there is none; `*name`
 * (may be NULL) is its encoding: "UTF-8", "UTF-16LE", "UTF-16BE". */
size_t rp_charset_bom(rp_str bytes, const char **name);

/* `bytes` in UTF-8.  The encoding is, in this order: that of a byte-order mark;
 * UTF-8 where the bytes are that; `declared` (may be NULL) where the system
 * knows it; UTF-8 with damage where well-formed sequences outnumber ill-formed
 * bytes; else Windows-1252.  What cannot be decoded becomes U+FFFD and is
 * counted.  A mark of UTF-16 is dropped, one of UTF-8 stays, so that UTF-8 goes
 * through byte for byte (`out` is then `bytes` itself). */
RP_CHECKED rp_status rp_charset_decode(rp_str bytes, const char *declared, rp_arena *arena, rp_str *out,
                                       size_t *n_replaced, rp_error *error);

#endif
