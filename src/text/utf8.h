/* utf8.h - UTF-8 from bytes that may be anything, and the characters that a
 * text means by them.
 *
 * A character, as docs/signature.md defines it, is read in three steps: a code
 * point of UTF-8; where it is '&', an HTML entity; where it is a letter that
 * UTF-8 read as Windows-1252 begins with, the character that was meant. */
#ifndef RP_TEXT_UTF8_H
#define RP_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reprint/reprint.h"

/* What stands for a byte that is not UTF-8, and for entities of no character. */
#define RP_UTF8_BAD 0xFFFDu

/* The code point at `*at` (< text.len), which moves past it.  Overlong forms,
 * surrogates, values above U+10FFFF and cut sequences give RP_UTF8_BAD for one
 * byte at a time. */
uint32_t rp_utf8_next(rp_str text, size_t *at);

/* Writes `c` (a scalar value) to `out`; the number of bytes, 1 to 4. */
size_t rp_utf8_put(uint32_t c, char out[4]);

/* The character at `*at` (< text.len), with entities and Windows-1252 undone.
 * Looks at most 160 bytes ahead. */
uint32_t rp_char_decode(rp_str text, size_t *at);

/* The same; most are ASCII. */
static inline uint32_t rp_char_next(rp_str text, size_t *at) {
  uint8_t c = (uint8_t)text.data[*at];
  if (c >= 0x80 || c == '&') return rp_char_decode(text, at);
  *at += 1;
  return c;
}

/* The character that the entity `name` (without '&' and ';') stands for; 0
 * where it is none. */
uint32_t rp_entity_find(const char *name, size_t len);

#endif
