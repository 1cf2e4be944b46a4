/* prefetch.h - asks for all that many searches will read, before the first of
 * them waits for it. */
#ifndef RP_STORE_PREFETCH_H
#define RP_STORE_PREFETCH_H

#include "store/store.h"

/* Called before rp_snapshot_find is called for each of `n` hashes.  Changes no
 * answer.  What is not in memory is asked from the disk in two waves, heads of
 * chunks and blocks, instead of page by page; what is, is brought closer to
 * the processor. */
RP_CHECKED rp_status rp_snapshot_prefetch(rp_snapshot *snapshot, rp_table table, const uint64_t *hash, size_t n,
                                          rp_error *error);

#endif
