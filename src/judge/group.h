/* group.h - from links to groups: pure, no disk.
 *
 * Near-duplication is not transitive: connected components would glue stories
 * together.  Strong links carry a group; weaker ones only bring singletons and
 * small groups home.  docs/pairs.md gives the rules. */
#ifndef RP_JUDGE_GROUP_H
#define RP_JUDGE_GROUP_H

#include "base/err.h"

enum { RP_GROUP_SMALL = 10 /* articles of a group that may join another */ };

/* One link between two articles; articles are numbered in the order of their
 * ids, so that the lower number breaks ties. */
typedef struct rp_group_link {
  uint32_t a, b;
  rp_verdict verdict; /* one that links */
  uint32_t words;     /* counted words shared: the link's strength */
  double coverage;    /* the greater of the two */
  double coverage_a, coverage_b;
  rp_direction direction;
} rp_group_link;

/* group[i] becomes the lowest number of the group that i is in. */
RP_CHECKED rp_status rp_groups_form(const rp_group_link *link, size_t n_link, const bool *is_round_up, size_t n,
                                    uint32_t *group, rp_error *error);

typedef struct rp_group_members {
  size_t n;
  const uint32_t *group;
  const rp_date *published;
  const bool *is_round_up;
} rp_group_members;

/* lead[g] becomes the member of group g (its lowest number) that had the story
 * first: the earliest of those that evidence calls a source and none a copy, by
 * links that carry the group before others; else the one that holds most of the others; a round-up only where there is
 * nothing else.  Only lead[group[i]] is set. */
RP_CHECKED rp_status rp_groups_lead(const rp_group_members *members, const rp_group_link *link, size_t n_link,
                                    uint32_t *lead, rp_error *error);

#endif
