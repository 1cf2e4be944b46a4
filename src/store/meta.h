/* meta.h - a look at an LMDB file before LMDB maps it: LMDB trusts its pages,
 * and a file that is shorter than it says ends in SIGBUS. */
#ifndef RP_STORE_META_H
#define RP_STORE_META_H

#include "base/err.h"

/* RP_OK: both meta pages are sound and all pages the newer one counts are in
 * the file, of `*used` bytes (may be NULL).  RP_ERR_NOT_FOUND, RP_ERR_NOT_INDEX (no LMDB file at
 * all), RP_ERR_VERSION (of another LMDB, word size or byte order),
 * RP_ERR_DAMAGED. */
RP_CHECKED rp_status rp_meta_check(const char *file, size_t *used, rp_error *error);

#endif
