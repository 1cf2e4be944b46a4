/* lineage.h - which group goes on from which: pure, no disk.
 *
 * Groups are derived anew each time; their ids are to stay.  A group of before
 * goes on in the group that most of its members are in now, of equal ones in
 * that of its lead, then in the first.  A group that several of before go on in
 * keeps the id of the oldest; the others' ids become aliases of it. */
#ifndef RP_JUDGE_LINEAGE_H
#define RP_JUDGE_LINEAGE_H

#include "base/arena.h"
#include "base/err.h"

#define RP_LINEAGE_NONE UINT32_MAX /* no group */

/* `key` stands for an article (two versions of one have the same), once in all
 * groups of before and once in all of now. */
typedef struct rp_lineage_member {
  uint64_t key;
  uint32_t group;
} rp_lineage_member;

typedef struct rp_lineage_group {
  uint64_t id;   /* of now: the one it gets where it is new */
  uint64_t born; /* run in which it came up; of now: not looked at */
  uint64_t lead; /* key */
} rp_lineage_group;

typedef struct rp_lineage_side {
  const rp_lineage_member *member;
  size_t n_member;
  const rp_lineage_group *group;
  uint32_t n_group;
} rp_lineage_side;

typedef struct rp_lineage {
  uint32_t *heir;   /* of each group of before: the group of now it goes on in, or NONE */
  uint32_t *origin; /* of each group of now: the one of before whose id it keeps, or NONE: it is new */
  uint32_t *parent; /* of each new group of now: the one of before that most of its members were in, or NONE */
} rp_lineage;

/* Everything in `arena`. */
RP_CHECKED rp_status rp_lineage_trace(const rp_lineage_side *before, const rp_lineage_side *now, rp_arena *arena,
                                      rp_lineage *out, rp_error *error);

#endif
