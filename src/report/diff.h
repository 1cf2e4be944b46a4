/* diff.h - which words of two wordings of one passage differ, for display.
 *
 * The engine has found the passage; here the words inside it are laid side by
 * side.  Both lists are walked together; at a difference the nearest place
 * where they agree again (two words in a row, or one where as many words were
 * passed on either side) is looked for within 96 words of each.  That is what
 * a reader would do with two fingers, and takes time linear in the number of
 * words on any input: no more than 96 comparisons for each word passed. */
#ifndef RP_REPORT_DIFF_H
#define RP_REPORT_DIFF_H

#include "base/arena.h"
#include "reprint/reprint.h"

/* A piece of text that is printed as a whole. */
typedef struct rp_piece {
  uint32_t start, end;
  uint64_t key;   /* equal for equal words but for case and punctuation */
  uint16_t width; /* columns */
  bool space_before;
} rp_piece;

typedef struct rp_pieces {
  const rp_piece *data;
  size_t n;
} rp_pieces;

/* The words of text[start, end); a wide character is a word of its own, and a
 * word of more than `width` columns is several pieces. */
RP_CHECKED rp_status rp_diff_split(rp_str text, uint32_t start, uint32_t end, size_t width, rp_arena *arena,
                                   rp_pieces *out);

/* Runs of pieces, half-open; equal ones have the same number on both sides. */
typedef struct rp_diff_run {
  size_t a_start, a_end, b_start, b_end;
  bool is_equal;
} rp_diff_run;

/* The runs, in order, equal and other ones taking turns. */
RP_CHECKED rp_status rp_diff_align(rp_pieces a, rp_pieces b, rp_arena *arena, const rp_diff_run **out, size_t *n_out);

#endif
