/* all_filter.h - which pairs and groups of a run are asked for. */
#ifndef RP_ENGINE_ALL_FILTER_H
#define RP_ENGINE_ALL_FILTER_H

#include "engine/match_all.h"

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

/* Whether a group's member is told; `of` is what it is a copy of. */
bool rp_all_tells(const rp_query_options *options, const rp_article *of, const rp_member *member);

#endif
