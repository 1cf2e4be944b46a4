/* align.h - word by word alignment of a chain: its runs as they are, the gaps
 * between them by a longest common subsequence. */
#ifndef RP_MATCH_ALIGN_H
#define RP_MATCH_ALIGN_H

#include "match/chain.h"

enum {
  RP_ALIGN_CELLS = 6000,           /* a gap of more cells stays unaligned */
  RP_ALIGN_GAP = RP_CHAIN_GAP_RAW, /* most words of a side of a gap */
  RP_ALIGN_NEAR_LETTERS = 4,       /* shortest word that can be near-equal */
  RP_ALIGN_NEAR_TWO = 8,           /* letters of the longer word from which two edits are near */
  RP_ALIGN_NEAR_MAX = 1 << 22,     /* pairs of words looked at for near-equality, a pair of texts */
  RP_ALIGN_CHAIN = 2 * 5,          /* weight matched of the least chain kept */
};

/* What refuses most pairs of words without looking at their letters. */
typedef struct rp_word_shape {
  uint64_t letters;  /* by the low six bits of a letter's last byte */
  uint32_t n_letter; /* 0: never near another word */
} rp_word_shape;

typedef struct rp_word_pair {
  uint32_t a, b;
} rp_word_pair;

/* The state of the alignment of two texts, chain after chain, best first. */
typedef struct rp_aligner {
  const rp_words *a, *b;
  int32_t *match_a, *match_b; /* word of the other side, -1: none */
  rp_word_pair *pair;         /* of the last chain, ascending on both sides */
  size_t n_pair;
  uint16_t *cell;
  uint8_t *gain;
  rp_word_shape *shape_a, *shape_b; /* of the words of a gap */
  uint32_t n_near;                  /* pairs looked at so far */
} rp_aligner;

RP_CHECKED rp_status rp_aligner_make(const rp_words *a, const rp_words *b, rp_arena *arena, rp_aligner *out,
                                     rp_error *error);

/* Aligns a chain; words that better chains hold are left to them.  False, and
 * nothing matched, where too little is left.  The pairs stay in
 * aligner->pair until the next call. */
bool rp_align_chain(rp_aligner *aligner, const rp_run_list *chain);

/* Whether two folded words differ by so little that a misprint or an error of
 * character recognition may be all there is: both of >= 4 letters, edit
 * distance 1, or 2 where the longer has >= 8.  Letters are code points. */
bool rp_words_are_near(rp_str x, rp_str y);

#endif
