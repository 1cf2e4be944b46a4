/* manifest.h - what a store consists of at one moment: read at the beginning of
 * each snapshot, written last in each batch. */
#ifndef RP_STORE_MANIFEST_H
#define RP_STORE_MANIFEST_H

#include "base/vec.h"
#include "store/db.h"
#include "store/store.h"

typedef struct rp_segment_info {
  uint32_t number;
  uint32_t doc_first, doc_end; /* its documents; segments follow each other in this order */
  uint32_t n_live;
  int32_t least, greatest; /* of rp_row.earliest; RP_ROW_UNDATED: one is undated */
  uint32_t description_len;
  uint64_t description_sum;
  uint64_t n_entry[RP_N_TABLE], n_byte[RP_N_TABLE];
} rp_segment_info;

typedef struct rp_stream_info {
  uint32_t first, end; /* numbers of its notes */
  uint64_t bytes;      /* of all of them, without checksums */
} rp_stream_info;

typedef struct rp_manifest {
  uint64_t version;
  uint32_t n_number, n_dead, n_publisher, next_segment;
  uint32_t n_gone; /* of the dead ones: a compaction left them out */
  uint64_t document_bytes;
  uint64_t counter[RP_N_COUNTER];
  RP_VEC(rp_segment_info) segment;
  rp_stream_info stream[RP_N_STREAM];
} rp_manifest;

/* `out` is zero or was read before; its vector is kept or made. */
RP_CHECKED rp_status rp_manifest_read(const rp_txn *txn, rp_manifest *out, rp_error *error);
RP_CHECKED rp_status rp_manifest_write(rp_txn *txn, const rp_manifest *manifest, rp_error *error);
void rp_manifest_release(rp_manifest *manifest);

/* Chunks that `n` elements need, `size` in each. */
static inline uint32_t rp_manifest_chunks(uint32_t n, uint32_t size) { return n / size + (n % size != 0); }

#endif
