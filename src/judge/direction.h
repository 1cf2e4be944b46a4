/* direction.h - who had it first, and on what evidence. */
#ifndef RP_JUDGE_DIRECTION_H
#define RP_JUDGE_DIRECTION_H

#include "judge/credit.h"
#include "judge/verdict.h"

typedef struct rp_origin {
  rp_direction direction;
  const rp_evidence *evidence; /* strongest first, all that was found */
  size_t n_evidence;
  rp_credit_finding credit; /* of the copy; of the better credited side where undecided */
} rp_origin;

RP_CHECKED rp_status rp_direction_judge(const rp_article *a, const rp_words *a_words, const rp_article *b,
                                        const rp_words *b_words, const rp_measures *measures, rp_arena *arena,
                                        rp_origin *out, rp_error *error);

#endif
