/* sketch.h - all that the index keeps of a text, a pure function of its folded
 * words. */
#ifndef RP_SKETCH_SKETCH_H
#define RP_SKETCH_SKETCH_H

#include "sketch/lsh.h"
#include "sketch/winnow.h"

enum { RP_SKETCH_SHINGLE = 3 };

typedef struct rp_sketch {
  uint32_t n_word;
  uint64_t equal;                        /* XXH3-64 of `folded`: equal texts */
  uint32_t signature[RP_SIGNATURE_SIZE]; /* of 3-word shingles; unset where n_word is 0 */
  size_t n_fingerprint;
  const rp_fingerprint *fingerprint; /* of 5-word shingles */
} rp_sketch;

RP_CHECKED rp_status rp_sketch_make(const rp_words *words, rp_arena *arena, rp_sketch *out, rp_error *error);

#endif
