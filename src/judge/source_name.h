/* source_name.h - the names under which an article's source may be credited,
 * and where they stand in another text. */
#ifndef RP_JUDGE_SOURCE_NAME_H
#define RP_JUDGE_SOURCE_NAME_H

#include "base/arena.h"
#include "text/token.h"

enum { RP_SOURCE_NAMES_MAX = 40 };

typedef struct rp_source_name {
  rp_str text;        /* any case; what is neither letter nor digit parts words */
  bool is_acronym;    /* at most five capitals: counts only where written so */
  bool needs_capital; /* one word, which might be an ordinary one */
  bool is_stem;       /* first part of a domain: no mention at the start of a sentence */
  bool by_agency;     /* of the agency in the source's dateline, not of the source itself */
} rp_source_name;

typedef struct rp_source_names {
  rp_source_name name[RP_SOURCE_NAMES_MAX];
  size_t n;
  bool is_agency;   /* the source is a known agency */
  bool begins[256]; /* by first byte of a folded word: a name may begin with it */
} rp_source_names;

/* Names of the publisher of `article`: as printed, its key, the first part of
 * a domain, taken apart where it ends in "news", "times" and the like; all
 * names of the agency it is; all names of the agency in its marked dateline. */
RP_CHECKED rp_status rp_source_names_make(const rp_article *article, const rp_words *words, rp_arena *arena,
                                          rp_source_names *out, rp_error *error);

/* How many words from word `i` on are the name; 0: it does not stand there. */
size_t rp_source_name_match(const rp_source_name *name, const rp_words *words, size_t i);

/* The row of the table of agencies that has a name equal to `name`, NULL where
 * none has: names, the main one first, NULL behind the last. */
const char *const *rp_agency_by_name(rp_str name);
/* The same for the first agency that words marked as dateline name; the words
 * are start .. end - 1. */
const char *const *rp_agency_of_dateline(const rp_words *words, size_t *start, size_t *end);

#endif
