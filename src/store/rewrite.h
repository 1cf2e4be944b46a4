/* rewrite.h - the parts of a store that batches change: arrays of rows and
 * signatures, tombstones, groups of documents. */
#ifndef RP_STORE_REWRITE_H
#define RP_STORE_REWRITE_H

#include "store/inside.h"

/* Appends `n` elements to an array of `n_old`. */
typedef struct rp_array_append {
  rp_txn *txn;
  uint8_t kind;
  uint32_t per_chunk;
  size_t size; /* bytes of an element */
  uint32_t n_old;
  size_t n;
  void (*put)(void *user, size_t i, uint8_t *out); /* element i of the new ones; `out` is zero */
  void *user;
} rp_array_append;
RP_CHECKED rp_status rp_array_append_all(const rp_array_append *job, rp_error *error);

/* Chunks for documents n_old to n_new, none of them dead. */
RP_CHECKED rp_status rp_tombstones_extend(rp_txn *txn, uint32_t n_old, uint32_t n_new, rp_error *error);

/* Marks documents dead, counts them, and drops segments that have no live one
 * left.  RP_ERR_ARGUMENT where one is not live or given twice. */
RP_CHECKED rp_status rp_kill(rp_txn *txn, rp_manifest *manifest, const uint32_t *dead, size_t n, rp_error *error);

typedef struct rp_documents_write {
  rp_txn *txn;
  const rp_str *payload;
  size_t n;
  uint32_t first; /* number of the first */
  unsigned n_thread;
} rp_documents_write;
/* Writes groups; adds their bytes to `*bytes`. */
RP_CHECKED rp_status rp_documents_write_all(const rp_documents_write *job, uint64_t *bytes, rp_error *error);

/* New payloads and rows of live documents.  RP_ERR_ARGUMENT where one is not
 * live, is given twice, or where its earliest date or hash of id would change:
 * the order of postings depends on them. */
RP_CHECKED rp_status rp_replace(rp_txn *txn, rp_manifest *manifest, rp_publishers *publishers,
                                const rp_store_replacement *replacement, size_t n, rp_error *error);

#endif
