/* all_filter.h - which pairs and groups of a run are asked for, and what groups
 * are called. */
#ifndef RP_ENGINE_ALL_FILTER_H
#define RP_ENGINE_ALL_FILTER_H

#include "engine/match_all.h"

enum { RP_CLUSTER_ID = 18 /* bytes of a group's id */ };

/* The id of the group that `node` is in; NUL-terminated. */
void rp_all_cluster_id(const rp_all *all, uint32_t node, char out[RP_CLUSTER_ID + 1]);

/* Known publishers of each group, at its lowest member; in `*out`, which the
 * caller frees. */
RP_CHECKED rp_status rp_all_count_publishers(const rp_all *all, uint32_t **out, rp_error *error);
/* The same of owners, a publisher without one counted as his own. */
RP_CHECKED rp_status rp_all_count_owners(const rp_all *all, uint32_t **out, rp_error *error);

/* What an article's place in its group hangs on: its link with the lead, else
 * with the one it is most likely a copy of.  NULL: it has none. */
const rp_link_pair *rp_all_source_link(const rp_all *all, uint32_t node);

/* Whether a pair may be told, before its texts are read ... */
bool rp_all_passes(const rp_all *all, const rp_link_pair *link);
/* ... and afterwards. */
bool rp_all_passes_match(const rp_all_options *options, const rp_match *match);

#endif
