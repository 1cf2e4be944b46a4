/* candidates.h - which articles are worth an exact comparison.
 *
 * Two indexes propose (docs/method.md): MinHash bands, where the signatures
 * then estimate a similarity of at least .25, and winnowed fingerprints, where
 * three at different places lie on one diagonal band.  Both rules are
 * symmetric: who asks does not matter. */
#ifndef RP_ENGINE_CANDIDATES_H
#define RP_ENGINE_CANDIDATES_H

#include "engine/index.h"

typedef struct rp_candidate {
  uint32_t doc;
  uint32_t n_band;        /* bands shared */
  double estimate;        /* of the signature; 0 where no band is shared */
  uint32_t n_fingerprint; /* fingerprint hits read, at different places */
  bool is_equal;          /* equal words in equal order */
} rp_candidate;

typedef struct rp_candidates {
  rp_candidate *candidate; /* ascending by number */
  size_t n;
  size_t n_posting; /* entries read */
  bool is_cut;
} rp_candidates;

RP_CHECKED rp_status rp_candidates_find(rp_snapshot *snapshot, const rp_index_params *params, const rp_sketch *sketch,
                                        rp_date date, rp_arena *arena, rp_candidates *out, rp_error *error);

/* What one pair's sketches share, by the same rules, for --explain. */
typedef struct rp_shared {
  uint32_t n_band, n_fingerprint, n_diagonal;
  double estimate;
  bool is_proposed;
} rp_shared;

RP_CHECKED rp_status rp_candidates_shared(const rp_index_params *params, const rp_sketch *a, const rp_sketch *b,
                                          rp_arena *arena, rp_shared *out, rp_error *error);

#endif
