/* naming.h - what the groups of a run are called, and what became of those of
 * the run before.
 *
 * A group keeps its id from run to run (judge/lineage.h); a new one is called
 * by its lead's.  What the last run left is stored: of each article in a group
 * which it is, of each group since when it has been there. */
#ifndef RP_ENGINE_NAMING_H
#define RP_ENGINE_NAMING_H

#include "engine/match_all.h"
#include "judge/lineage.h"

/* An article of a group, as the last run left it. */
typedef struct rp_past_member {
  uint64_t key; /* XXH3-64 of its id */
  uint32_t doc;
  uint32_t group; /* index into rp_naming.past */
  rp_verdict verdict;
  bool is_lead, is_kept;
  rp_str id; /* borrowed from the ledger */
} rp_past_member;

/* A group of the last run. */
typedef struct rp_past_group {
  uint64_t id, born;
  uint32_t first, n; /* its members */
  uint32_t lead;     /* a member; UINT32_MAX: unknown */
} rp_past_group;

typedef struct rp_naming {
  rp_ledger member; /* by number of the document */
  rp_ledger group;  /* by id; aliases among them */
  rp_arena arena;
  rp_past_group *past; /* by id */
  uint32_t n_past;
  rp_past_member *past_member; /* group by group, by key inside */
  size_t n_past_member;
  rp_map past_at; /* key -> index into past_member */

  uint32_t n_now;      /* groups of two and more, in the order of their lowest members */
  uint32_t *now;       /* the lowest member of each */
  uint32_t *number;    /* node -> its group's number, UINT32_MAX: it is alone */
  uint64_t *id, *born; /* of each group; born 0: it is new */
  rp_lineage lineage;
} rp_naming;

/* Of the groups of `all`.  `out` is released by the caller whatever comes back. */
RP_CHECKED rp_status rp_naming_make(const rp_all *all, rp_naming *out, rp_error *error);
void rp_naming_release(rp_naming *naming);

enum { RP_CLUSTER_ID = 18 /* bytes of a group's id */ };
/* "c:" and the id; NUL-terminated. */
void rp_naming_print(uint64_t id, char out[RP_CLUSTER_ID + 1]);

/* XXH3-64 of an article's id. */
uint64_t rp_naming_key(rp_str id);

/* ---- the bytes; docs/format-engine.md ------------------------------------------------ */

RP_CHECKED rp_status rp_past_member_decode(uint64_t doc, rp_str bytes, uint64_t *group_id, rp_past_member *out,
                                           rp_error *error);
RP_CHECKED rp_status rp_past_member_put(rp_naming *naming, uint64_t group_id, const rp_past_member *member,
                                        rp_error *error);
/* Of a group, or where `*alias` becomes another id than 0 of an alias of that. */
RP_CHECKED rp_status rp_past_group_decode(uint64_t id, rp_str bytes, rp_past_group *out, uint64_t *alias,
                                          rp_error *error);
RP_CHECKED rp_status rp_past_group_put(rp_naming *naming, uint64_t id, uint64_t born, uint64_t alias, rp_error *error);

#endif
