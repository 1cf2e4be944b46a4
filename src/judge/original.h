/* original.h - is the original of a story missing among those that carry it? */
#ifndef RP_JUDGE_ORIGINAL_H
#define RP_JUDGE_ORIGINAL_H

#include "text/token.h"

/* One article of the story, its words marked. */
typedef struct rp_original_member {
  const rp_article *article;
  const rp_words *words;
} rp_original_member;

/* The known agency that most of the datelines name, where no member is that
 * agency's own; empty else.  Ties: the agency that comes first in the table.
 * The name is static. */
rp_str rp_original_missing(const rp_original_member *member, size_t n);

#endif
