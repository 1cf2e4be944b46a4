/* fold.h - what a character is folded to, by a table of one Unicode version
 * (data/make_fold_table.py).  Only letters, numbers and spacing marks are
 * folded; everything else separates words or is dropped. */
#ifndef RP_TEXT_FOLD_H
#define RP_TEXT_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "reprint/reprint.h"

/* The low 15 bits of a table value. */
enum {
  RP_FOLD_SEPARATOR = 0,
  RP_FOLD_DROP = 1,  /* as if it were not there */
  RP_FOLD_WORD = 2,  /* itself */
  RP_FOLD_LIGHT = 3, /* itself, and a word of its own */
  RP_FOLD_STRING = 4 /* this and above: rp_fold_string */
};
#define RP_FOLD_CAPITAL 0x8000u

extern const uint16_t rp_fold_page[8704];
extern const uint16_t rp_fold_value[];

/* How a character of two bytes, U+0080 to U+07FF, is folded in its own place:
 * the two bytes, and what they are. */
#define RP_FOLD_SHORT_WORD(v) ((v) >> 16 & 3u) /* a bit each: part of a word */
#define RP_FOLD_SHORT_DROP(v) ((v) >> 18 & 3u) /* a bit each: as if it were not there */
#define RP_FOLD_SHORT_ASK(v) ((v) >> 31)       /* more than that: ask rp_char_next and rp_fold_of */
extern const uint32_t rp_fold_short[0x780];

/* The table's value for a code point up to U+10FFFF. */
static inline uint16_t rp_fold_of(uint32_t c) { return rp_fold_value[(uint32_t)rp_fold_page[c >> 7] << 7 | (c & 127)]; }

/* What a value of RP_FOLD_STRING or more (capital bit off) is folded to:
 * UTF-8 of 1 to 33 bytes in which ' ' separates words. */
rp_str rp_fold_string(uint32_t value);

/* Is `c` a part of a word? */
static inline bool rp_fold_is_word(uint32_t c) { return (rp_fold_of(c) & 0x7FFF) >= RP_FOLD_WORD; }
static inline bool rp_fold_is_capital(uint32_t c) { return (rp_fold_of(c) & RP_FOLD_CAPITAL) != 0; }

/* 0 to 12 for "zero" to "twelve"; -1 for any other folded word. */
int rp_fold_number(const char *word, size_t len);

/* The same by the word's first 8 bytes as a little-endian number, 0 behind its
 * end (nothing that is longer than 8 is a number). */
typedef struct rp_fold_name {
  uint64_t key;
  int number;
} rp_fold_name;
extern const rp_fold_name rp_fold_names[32];

static inline int rp_fold_number_of(uint64_t key) {
  /* a multiplier that gives each of the thirteen a place of its own */
  const rp_fold_name *name = &rp_fold_names[key * 0x442e3d437204e52dU >> 59];
  return name->key == key ? name->number : -1;
}

#endif
