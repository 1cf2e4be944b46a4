/* group_tell.h - groups of a run told in full: their articles are read again. */
#ifndef RP_ENGINE_GROUP_TELL_H
#define RP_ENGINE_GROUP_TELL_H

#include "engine/naming.h"

typedef struct rp_group_teller {
  rp_all *all;
  const rp_naming *naming;
  uint32_t *publisher; /* known ones of each group, at its lowest member */
  uint32_t *owner;     /* of these; NULL: none were given */
  uint32_t *node;      /* members, group by group, the lead first, then by date */
  uint32_t *first;     /* of each group, at its lowest member: index into `node` */
  rp_arena arena;      /* of the groups that are told */
} rp_group_teller;

/* `out` is released by the caller whatever comes back. */
RP_CHECKED rp_status rp_group_teller_make(rp_all *all, const rp_naming *naming, rp_group_teller *out, rp_error *error);
void rp_group_teller_release(rp_group_teller *teller);

/* `group` is the lowest member.  Members but the lead are left out where the
 * run's filter refuses them.  False ends the telling. */
typedef bool (*rp_group_fn)(void *user, uint32_t group, const rp_cluster *cluster);

/* Tells groups, each given by its lowest member, in this order. */
RP_CHECKED rp_status rp_group_tell(rp_group_teller *teller, const uint32_t *group, size_t n, rp_group_fn fn, void *user,
                                   rp_error *error);

#endif
