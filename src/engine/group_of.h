/* group_of.h - which group the last run of rp_job has put an article into. */
#ifndef RP_ENGINE_GROUP_OF_H
#define RP_ENGINE_GROUP_OF_H

#include "base/map.h"
#include "base/vec.h"
#include "store/store.h"

/* Of one state of an index; all zero: of none yet. */
typedef struct rp_group_of {
  bool is_there;
  uint64_t version;    /* of the snapshot it was read from */
  rp_map at;           /* document -> index into `id` */
  RP_VEC(uint64_t) id; /* 0: in none */
} rp_group_of;

void rp_group_of_release(rp_group_of *groups);

/* Reads what the snapshot has of groups, unless it is there. */
RP_CHECKED rp_status rp_group_of_read(rp_group_of *groups, rp_snapshot *snapshot, rp_error *error);
/* The group's id; 0: none. */
uint64_t rp_group_of_find(const rp_group_of *groups, uint32_t doc);

#endif
