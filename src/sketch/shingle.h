/* shingle.h - hashes of runs of words.  docs/signature.md specifies them. */
#ifndef RP_SKETCH_SHINGLE_H
#define RP_SKETCH_SHINGLE_H

#include "text/token.h"

typedef struct rp_shingles {
  size_t n;
  uint64_t *hash;  /* one for each start, in text order, repeats included */
  uint32_t *start; /* first word */
  uint32_t *end;   /* one past the last word */
} rp_shingles;

/* Shingles of `size` words: from each word the shortest run that weighs
 * >= 2 * size, where it exists; of a text too short for one, a single shingle
 * of all its words; of none, none. */
RP_CHECKED rp_status rp_shingles_make(const rp_words *words, unsigned size, rp_arena *arena, rp_shingles *out,
                                      rp_error *error);

#endif
