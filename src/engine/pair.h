/* pair.h - one pair of analysed articles, measured and judged. */
#ifndef RP_ENGINE_PAIR_H
#define RP_ENGINE_PAIR_H

#include "engine/analysis.h"
#include "engine/candidates.h"

enum { RP_PAIR_MIN_PASSAGE = 25 };

/* Measures and judges; `out` borrows from both analyses and from `arena`.
 * min_passage 0: RP_PAIR_MIN_PASSAGE, or half the words of a shorter text. */
RP_CHECKED rp_status rp_pair_judge(const rp_analysis *a, const rp_analysis *b, uint32_t min_passage, rp_arena *arena,
                                   rp_match *out, rp_error *error);

#endif
