/* kept.h - which copy of a group is kept. */
#ifndef RP_ENGINE_KEPT_H
#define RP_ENGINE_KEPT_H

#include "engine/match_all.h"

/* Of `node`, n of them, at least one.  Articles are read only where the rule
 * asks for more than a node knows. */
RP_CHECKED rp_status rp_kept_choose(rp_all *all, const rp_keep_options *keep, const uint32_t *node, size_t n,
                                    uint32_t *out, rp_error *error);

#endif
