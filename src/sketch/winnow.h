/* winnow.h - fingerprints of parts of a text: of every window of consecutive
 * shingles the least hash (Schleimer, Wilkerson, Aiken, "Winnowing", 2003). */
#ifndef RP_SKETCH_WINNOW_H
#define RP_SKETCH_WINNOW_H

#include "sketch/shingle.h"

enum { RP_WINNOW_WINDOW = 8, RP_WINNOW_SHINGLE = 5 };

typedef struct rp_fingerprint {
  uint64_t hash;
  uint32_t word; /* first word of the shingle */
} rp_fingerprint;

/* `out` has room for shingles->n; returns how many were chosen, ascending by
 * word.  Ties in a window: the rightmost.  Fewer shingles than a window: the
 * least one. */
size_t rp_winnow(const rp_shingles *shingles, rp_fingerprint *out);

/* The same with a chosen kernel (kernel.h).  Where `shingles->start` is NULL
 * each shingle begins at the word of its own number. */
struct rp_kernel;
size_t rp_winnow_with(const struct rp_kernel *kernel, const rp_shingles *shingles, rp_fingerprint *out);

#endif
