/* kept.h - which copies of a group are kept.
 *
 * Members are asked in the order of preference.  One need not be kept where
 * most of its words are in another that is; what only shares a part is kept
 * beside it. */
#ifndef RP_ENGINE_KEPT_H
#define RP_ENGINE_KEPT_H

#include "engine/match_all.h"

typedef enum rp_kept { RP_KEPT_UNKNOWN = 0, RP_KEPT = 1, RP_KEPT_NOT = 2 } rp_kept;

/* Settles all->kept of the members of one group.  Articles are read only where
 * the rule asks for more than a node knows. */
RP_CHECKED rp_status rp_kept_choose(rp_all *all, const rp_keep_options *keep, const uint32_t *member, size_t n,
                                    rp_error *error);

#endif
