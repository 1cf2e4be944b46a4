/* merge.h - segments into one: hash range by hash range, each range read from
 * all of them, sorted like a batch, and written. */
#ifndef RP_STORE_MERGE_H
#define RP_STORE_MERGE_H

#include "store/inside.h"

/* Where much is written: what was written so far is committed now and then,
 * so that it does not pile up in memory.  Nobody sees it before a manifest
 * names it. */
typedef struct rp_sink {
  rp_db *db;
  rp_txn txn;
  size_t pending; /* bytes written since the last commit, as the caller counts them */
} rp_sink;
RP_CHECKED rp_status rp_sink_flush(rp_sink *sink, size_t more, rp_error *error);

typedef struct rp_merge_job {
  rp_snapshot *snapshot;
  size_t first, end; /* which segments; at least one */
  uint32_t number;   /* of the new one */
  unsigned n_thread;
} rp_merge_job;

/* Writes the segment; `info` has 0 entries where nothing was left, and nothing
 * was written then. */
RP_CHECKED rp_status rp_merge_write(const rp_merge_job *job, rp_sink *sink, rp_segment_info *info, rp_error *error);

#endif
