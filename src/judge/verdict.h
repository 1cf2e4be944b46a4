/* verdict.h - from measures to a verdict: pure, no disk.  docs/method.md gives
 * the rules in order. */
#ifndef RP_JUDGE_VERDICT_H
#define RP_JUDGE_VERDICT_H

#include "match/passage.h"

/* What the verdict asks of an article beside its words. */
typedef struct rp_party {
  rp_str publisher_key; /* empty: unknown, equal to nothing */
  rp_date published;
} rp_party;

typedef struct rp_opinion {
  rp_verdict verdict;
  bool is_short;
  uint32_t gates;   /* RP_GATE_ bits of the clauses that held */
  const char *rule; /* the rule that decided, in a word or two; static */
  bool is_thin;     /* refused only as old and thin: enough for a round-up's source */
} rp_opinion;

rp_opinion rp_verdict_decide(const rp_measures *measures, const rp_party *a, const rp_party *b);

/* Days between two dates, 0 where they overlap; negative where one is unknown. */
double rp_days_between(rp_date a, rp_date b);

#endif
