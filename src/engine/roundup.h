/* roundup.h - gathers what judge/roundup.h asks: a suspect's sources, and which
 * of them tell one story. */
#ifndef RP_ENGINE_ROUNDUP_H
#define RP_ENGINE_ROUNDUP_H

#include "engine/pair.h"
#include "engine/shelf.h"

typedef struct rp_roundup_scope {
  rp_snapshot *snapshot;
  const rp_index_params *params;
  rp_shelf *shelf;
  rp_arena *arena;
} rp_roundup_scope;

/* Sets the opinions of `pair`s (query as a, another article as b) to round-up
 * where the query or the other article is one and the other a source of it,
 * thin pairs among them.  A suspect is asked with its ten best sources, among
 * them the other side of the pair; of the others at most 64 are asked, those
 * that share most words with the query. */
RP_CHECKED rp_status rp_roundup_settle(const rp_roundup_scope *scope, const rp_analysis *query, rp_pair **pair,
                                       size_t n_pair, rp_error *error);

#endif
