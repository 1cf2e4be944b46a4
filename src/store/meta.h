/* meta.h - a look at an LMDB file before LMDB maps it: LMDB trusts its pages,
 * and a file that is shorter than it says ends in SIGBUS. */
#ifndef RP_STORE_META_H
#define RP_STORE_META_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* RP_OK: both meta pages are sound and all pages the newer one counts are in
 * the file, of `*used` bytes (may be NULL).  RP_ERR_NOT_FOUND, RP_ERR_NOT_INDEX (no LMDB file at
 * all), RP_ERR_VERSION (of another LMDB, word size or byte order),
 * RP_ERR_DAMAGED. */
RP_CHECKED rp_status rp_meta_check(const char *file, size_t *used, rp_error *error);

typedef struct rp_meta_tree {
  unsigned depth; /* levels; 0: it is empty */
  size_t branch_pages, leaf_pages, overflow_pages, entries;
  size_t root; /* SIZE_MAX: none */
} rp_meta_tree;

typedef struct rp_meta_head {
  size_t page_size, last_page, txn;
  rp_meta_tree db[2]; /* of free pages, of values */
} rp_meta_head;

/* What the first pages say of the state of transaction `txn`.  `*is_there` is
 * false where two writers have come since. */
RP_CHECKED rp_status rp_meta_head_read(int fd, const char *file, size_t txn, rp_meta_head *out, bool *is_there,
                                       rp_error *error);

#endif
