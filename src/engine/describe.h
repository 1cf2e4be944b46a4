/* describe.h - pairs of a run told in full: their texts are read again. */
#ifndef RP_ENGINE_DESCRIBE_H
#define RP_ENGINE_DESCRIBE_H

#include "engine/match_all.h"

/* A pair to be told, `a` as the first; its verdict is that of `link`. */
typedef struct rp_telling {
  uint32_t a, b;
  const rp_link_pair *link;
} rp_telling;

/* Tells the first of the pairs, as many as memory allows at a time; `*n_done`
 * is at least 1 where n is.  match[i] lives until the next call or the end of
 * the run. */
RP_CHECKED rp_status rp_all_describe(rp_all *all, const rp_telling *telling, size_t n, rp_match *match, size_t *n_done,
                                     rp_error *error);

enum { RP_DESCRIBE_MOST = 2048 /* pairs a call */ };

#endif
