/* phrase.h - known wording in folded words, and the lines of a text. */
#ifndef RP_TEXT_PHRASE_H
#define RP_TEXT_PHRASE_H

#include "text/token.h"

/* A paragraph: its words, and its bytes without the space around them. */
typedef struct rp_line {
  size_t first, last; /* words [first, last) */
  size_t start, end;  /* bytes */
  bool is_sentence;   /* ends in . ! ? … or the like, or in a mark behind one */
  bool is_alone;      /* an empty line, or none, stands before it */
} rp_line;

typedef struct rp_lines {
  rp_line *line;
  size_t n;
} rp_lines;

/* The paragraphs that have words. */
RP_CHECKED rp_status rp_lines_make(const rp_words *words, rp_arena *arena, rp_lines *out, rp_error *error);

/* Do the words from `i` on, before `last`, begin with `phrase`?  It is folded
 * words with single spaces.  The number of its words; 0 where they do not. */
size_t rp_phrase_at(const rp_words *words, size_t i, size_t last, const char *phrase);

/* The same for the phrases of a list, which ends with NULL: the longest match. */
size_t rp_phrase_any(const rp_words *words, size_t i, size_t last, const char *const *list);

/* The first word in [first, last) at which a phrase of `list` stands; `last`
 * where there is none. */
size_t rp_phrase_find(const rp_words *words, size_t first, size_t last, const char *const *list);

/* Is word `i` one of the `n` words of `list`, each NUL-padded to 8 bytes? */
bool rp_phrase_is_word(const rp_words *words, size_t i, const char (*list)[8], size_t n);

/* Sets `flag` on the words [first, last). */
void rp_phrase_flag(rp_words *words, size_t first, size_t last, uint16_t flag);

/* Stands " " or ", " before word `i` > 0, as before most?  Then nothing begins or
 * ends there. */
static inline bool rp_phrase_is_plain_gap(const rp_words *words, size_t i) {
  size_t n = words->start[i] - words->end[i - 1];
  const char *between = words->text.data + words->end[i - 1];
  return (n == 1 && between[0] == ' ') || (n == 2 && between[0] == ',' && between[1] == ' ');
}

#endif
