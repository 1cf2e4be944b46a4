/* owner.h - publishers that belong together.  Who owns whom is a question of
 * the answer: it comes with the options and is never stored. */
#ifndef RP_ENGINE_OWNER_H
#define RP_ENGINE_OWNER_H

#include "store/store.h"

/* The owner of a publisher (a key): the one that the options name, else the
 * publisher itself; empty for an unknown publisher. */
rp_str rp_owner_of(const rp_query_options *o, rp_str publisher);

/* Whether two publishers are known to be of one owner. */
bool rp_owner_is_same(const rp_query_options *o, rp_str a, rp_str b);

/* For each publisher number of the store, 0 to `*n` - 1, the lowest number of a
 * publisher of the same owner; 0 for 0, the unknown one.  The caller frees. */
RP_CHECKED rp_status rp_owner_numbers(const rp_snapshot *snapshot, const rp_query_options *o, uint32_t **out, size_t *n,
                                      rp_error *error);

#endif
