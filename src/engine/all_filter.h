/* all_filter.h - which pairs and groups of a run are asked for. */
#ifndef RP_ENGINE_ALL_FILTER_H
#define RP_ENGINE_ALL_FILTER_H

#include "engine/match_all.h"

/* Known publishers of each group, at its lowest member; in `*out`, which the
 * caller frees. */
RP_CHECKED rp_status rp_all_count_publishers(const rp_all *all, uint32_t **out, rp_error *error);

/* What an article's place in its group hangs on: its link with the lead, else
 * with the one it is most likely a copy of.  NULL: it has none. */
const rp_link_pair *rp_all_source_link(const rp_all *all, uint32_t node);

/* Whether a pair may be told, before its texts are read ... */
bool rp_all_passes(const rp_all *all, const rp_link_pair *link);
/* ... and afterwards. */
bool rp_all_passes_match(const rp_all_options *options, const rp_match *match);

/* Whether a group's member is told; `of` is the date of the one it is a copy of. */
bool rp_all_tells(const rp_all_options *options, const rp_member *member, rp_date of);

/* The same of one article. */
bool rp_all_is_of(const rp_all_options *options, const rp_article *article);       /* of `publisher`, if asked for */
bool rp_all_is_excluded(const rp_all_options *options, const rp_article *article); /* or in another language */
bool rp_all_is_between(const rp_all_options *options, rp_date published);

#endif
