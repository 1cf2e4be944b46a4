/* analysis.h - an article with everything that is derived from its text. */
#ifndef RP_ENGINE_ANALYSIS_H
#define RP_ENGINE_ANALYSIS_H

#include "engine/index.h"

typedef struct rp_analysis {
  const rp_article *article;
  rp_words words; /* marked */
  uint32_t counted;
} rp_analysis;

/* Splits and marks the text.  `article` is borrowed; the rest lives in `arena`. */
RP_CHECKED rp_status rp_analysis_make(const rp_article *article, rp_arena *arena, rp_analysis *out, rp_error *error);

#endif
