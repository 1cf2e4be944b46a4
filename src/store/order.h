/* order.h - postings into the order of a segment: hash (40 bits), date, hash
 * of id, number, position.
 *
 * Documents are ranked once; then one pass deals the postings into 256 ranges
 * of hashes, and each range, small enough for the processor's cache, is sorted
 * by itself (radix, least digit first) on any thread; runs of one hash are put
 * in order of rank last.  The result does not depend on the threads. */
#ifndef RP_STORE_ORDER_H
#define RP_STORE_ORDER_H

#include "store/store.h"

/* order[r] is the index of the row of rank r, rank[i] the rank of row i. */
RP_CHECKED rp_status rp_order_rows(const rp_row *row, size_t n, uint32_t *order, uint32_t *rank, rp_error *error);

typedef struct rp_order_job {
  const rp_entry *in;
  size_t n;
  uint32_t doc_base;     /* in[i].doc - doc_base is the index into `rank` */
  const uint32_t *rank;  /* of the documents */
  const uint32_t *order; /* rank -> index */
  uint32_t number_base;  /* out[i].doc = number_base + index */
  rp_entry *out;         /* room for n; their hashes have 40 bits, the low 24 are 0 */
  unsigned n_thread;
} rp_order_job;

RP_CHECKED rp_status rp_order_entries(const rp_order_job *job, rp_error *error);

/* Date, hash of id, number: <0, 0, >0. */
static inline int rp_order_compare_rows(const rp_row *a, uint32_t a_number, const rp_row *b, uint32_t b_number) {
  if (a->earliest != b->earliest) return a->earliest < b->earliest ? -1 : 1;
  if (a->id_hash != b->id_hash) return a->id_hash < b->id_hash ? -1 : 1;
  return a_number < b_number ? -1 : a_number > b_number;
}

#endif
