/* roundup.h - is an article a round-up, put together from several others?
 *
 * Its sources are articles that share copy with it, are not later and cover
 * only a part of it.  It is a round-up if they fall into two or more stories
 * that do not know each other, each with words of its own in it.
 * docs/method.md gives the rule. */
#ifndef RP_JUDGE_ROUNDUP_H
#define RP_JUDGE_ROUNDUP_H

#include "judge/verdict.h"

enum { RP_ROUNDUP_WORDS = 55 /* shared words that make a source, and a story's own */ };

/* One source, measured as b against the suspect as a. */
typedef struct rp_roundup_source {
  const rp_measures *measures;
  rp_date published;
  bool is_thin;  /* its link alone was refused as thin */
  int32_t story; /* stories that are linked without the suspect have one number; -1: a suspect itself */
  rp_str id;     /* breaks ties */
} rp_roundup_source;

/* Whether b can be a source of a: it shares words enough, is not later, and is
 * not unknown in date while most of it is in a (then it may be a's copy). */
bool rp_roundup_is_source(const rp_measures *measures, rp_date a, rp_date b);

/* Whether b holds so much of a that a cannot be a round-up. */
bool rp_roundup_is_inside(const rp_measures *measures);

/* `source` must all pass rp_roundup_is_source; reorders them. */
RP_CHECKED rp_status rp_roundup_judge(const rp_words *suspect, rp_roundup_source *source, size_t n_source,
                                      rp_arena *arena, bool *out, rp_error *error);

#endif
