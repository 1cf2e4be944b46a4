/* token.h - from bytes to words.
 *
 * A word is a maximal run of word characters after decoding, repair and
 * folding; docs/method.md gives the rules, docs/signature.md specifies them to
 * the bit, since every sketch is a function of the folded words.  Splitting
 * never fails on any bytes; only memory can be short. */
#ifndef RP_TEXT_TOKEN_H
#define RP_TEXT_TOKEN_H

#include "base/arena.h"
#include "base/err.h"

/* What is known of a word.  The first five say that it does not count. */
enum {
  RP_WORD_QUOTED = 1 << 0,
  RP_WORD_TITLE = 1 << 1,
  RP_WORD_FURNITURE = 1 << 2,
  RP_WORD_DATELINE = 1 << 3,
  RP_WORD_CREDIT = 1 << 4, /* byline, credit, sign-off */
  RP_WORD_UNCOUNTED = (1 << 5) - 1,

  RP_WORD_NUMBER = 1 << 5,       /* digits, "zero" to "twelve" among them */
  RP_WORD_CAPITAL = 1 << 6,      /* begins with a capital as given */
  RP_WORD_SENTENCE = 1 << 7,     /* first of a sentence */
  RP_WORD_PARAGRAPH = 1 << 8,    /* first of a paragraph */
  RP_WORD_LIGHT = 1 << 9,        /* a character of a script without spaces: weight 1, others 2 */
  RP_WORD_AFTER_COLON = 1 << 10, /* first of a paragraph that follows one ending in a colon */
};

/* The words of a text, in order.  All arrays have `n` elements (folded_at one
 * more) and live in the arena given. */
typedef struct rp_words {
  rp_str text; /* borrowed */
  size_t n;
  uint64_t *hash;  /* XXH3-64 of the folded word */
  uint32_t *start; /* byte range in `text`, as given */
  uint32_t *end;
  uint16_t *flag;      /* RP_WORD_ bits */
  uint32_t *folded_at; /* word i: folded[folded_at[i]] .. folded[folded_at[i+1] - 1), then one '\n' */
  char *folded;        /* UTF-8, each word followed by '\n' */
} rp_words;

/* Splits `text` (at most 2^31 bytes: RP_ERR_LIMIT).  Sets the flags NUMBER,
 * CAPITAL, SENTENCE, PARAGRAPH, LIGHT and AFTER_COLON. */
RP_CHECKED rp_status rp_words_split(rp_str text, rp_arena *arena, rp_words *out, rp_error *error);

/* The same words for sketches alone: only n, hash, flag (LIGHT alone), folded
 * and folded_at are set; start and end are NULL.  The fast path. */
RP_CHECKED rp_status rp_words_fold(rp_str text, rp_arena *arena, rp_words *out, rp_error *error);

/* Marks quotations (quote.h), page lines (line.h), datelines and credits
 * (credit.h), after the reader's own marks. */
RP_CHECKED rp_status rp_words_mark(rp_words *words, const rp_mark *mark, size_t n_mark, rp_str title, rp_arena *arena,
                                   rp_error *error);

/* Counted words: those without an RP_WORD_UNCOUNTED flag; light ones count a
 * half (the sum is rounded up). */
uint32_t rp_words_counted(const rp_words *words);

#endif
