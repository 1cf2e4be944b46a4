/* overlap.h - exact similarity of two sets of 5-word shingles of all words. */
#ifndef RP_MATCH_OVERLAP_H
#define RP_MATCH_OVERLAP_H

#include "text/token.h"

typedef struct rp_overlap {
  uint32_t n_a, n_b, shared; /* distinct shingles */
  double jaccard, containment_a, containment_b;
} rp_overlap;

RP_CHECKED rp_status rp_overlap_measure(const rp_words *a, const rp_words *b, rp_arena *arena, rp_overlap *out,
                                        rp_error *error);

#endif
