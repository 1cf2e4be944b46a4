/* pair.h - one pair of analysed articles, measured and judged. */
#ifndef RP_ENGINE_PAIR_H
#define RP_ENGINE_PAIR_H

#include "engine/analysis.h"
#include "judge/verdict.h"

enum { RP_PAIR_MIN_PASSAGE = 25 };

/* Borrows from both analyses and from the arena. */
typedef struct rp_pair {
  const rp_analysis *a, *b;
  rp_measures measures;
  rp_opinion opinion;
  rp_round_up_side round_up;
} rp_pair;

RP_CHECKED rp_status rp_pair_judge(const rp_analysis *a, const rp_analysis *b, rp_arena *arena, rp_pair *out,
                                   rp_error *error);

/* The same from the words that were matched before; see rp_passages_count. */
RP_CHECKED rp_status rp_pair_recount(const rp_analysis *a, const rp_analysis *b, const rp_run_list *chain,
                                     size_t n_chain, rp_arena *arena, rp_pair *out, rp_error *error);

/* Everything that is told of a pair, by its opinion as it stands; passages of
 * fewer matched words than min_passage are not listed (0: RP_PAIR_MIN_PASSAGE,
 * or half the words of a shorter text). */
RP_CHECKED rp_status rp_pair_describe(const rp_pair *pair, uint32_t min_passage, rp_arena *arena, rp_match *out,
                                      rp_error *error);

#endif
