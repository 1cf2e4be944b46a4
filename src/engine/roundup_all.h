/* roundup_all.h - which articles of the index are put together from others. */
#ifndef RP_ENGINE_ROUNDUP_ALL_H
#define RP_ENGINE_ROUNDUP_ALL_H

#include "engine/match_all.h"

/* Sets is_round_up, and the verdicts of round-ups' links with their sources. */
RP_CHECKED rp_status rp_all_find_round_ups(rp_all *all, rp_error *error);

#endif
