/* page.h - a look at LMDB's own pages.  They have no checksums, and LMDB trusts
 * them: a number that leads astray ends in a signal, a loop that has no end, or
 * a writer that writes over what is in use. */
#ifndef RP_STORE_PAGE_H
#define RP_STORE_PAGE_H

#include "store/check.h"
#include "store/db.h"

typedef enum rp_page_depth {
  RP_PAGES_OF_TREES, /* trees and the list of free pages; no value is read */
  RP_PAGES_ALL,      /* and the first page of each large value */
} rp_page_depth;

/* All pages that the state `txn` reads leads to are of the file, led to once,
 * and such as LMDB writes them; those it counts as free are not led to.  What is
 * wrong is added to `findings`.  `*is_readable`: it is at most the list of free
 * pages, which nobody reads but who writes.  RP_ERR_BUSY, without a message,
 * where writers were too fast: begin again. */
RP_CHECKED rp_status rp_pages_check(const rp_txn *txn, rp_page_depth depth, rp_findings *findings, bool *is_readable,
                                    rp_error *error);

#endif
