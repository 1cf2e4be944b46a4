/* credit.h - how a copy names the source of a pair. */
#ifndef RP_JUDGE_CREDIT_H
#define RP_JUDGE_CREDIT_H

#include "base/arena.h"
#include "text/token.h"

typedef struct rp_credit_finding {
  rp_credit credit;
  rp_str text;    /* the words found, in the copy's text; empty where uncredited */
  bool by_agency; /* named by the agency of the source's dateline, not by its own name */
} rp_credit_finding;

/* How does `copy` name `source`: its publisher, an alias, or the agency of the
 * source's own dateline?  Both word lists are marked. */
RP_CHECKED rp_status rp_credit_judge(const rp_article *source, const rp_words *source_words, const rp_article *copy,
                                     const rp_words *copy_words, rp_arena *arena, rp_credit_finding *out,
                                     rp_error *error);

/* The agency that a text's marked dateline names, by its main name; empty
 * where none is. */
rp_str rp_credit_dateline_agency(const rp_article *article, const rp_words *words);

#endif
