/* check.h - looks at every value that a snapshot's manifest names.
 *
 * What is found goes into a list and the look goes on; a failure is only what
 * has nothing to do with the bytes: memory, or the system refusing to read. */
#ifndef RP_STORE_CHECK_H
#define RP_STORE_CHECK_H

#include "base/arena.h"
#include "base/vec.h"
#include "store/store.h"

/* Findings and the memory of their words. */
typedef struct rp_findings {
  rp_arena arena;
  RP_VEC(rp_finding) list;
  bool failed; /* memory was short: the list is not whole */
} rp_findings;

/* Where something was found; numbers that are negative do not belong to it. */
typedef struct rp_finding_place {
  const char *part;
  int table;
  int64_t segment, document;
  rp_str id;
} rp_finding_place;
#define RP_FINDING_OF(name) ((rp_finding_place){.part = (name), .table = -1, .segment = -1, .document = -1})

void rp_findings_init(rp_findings *findings);
void rp_findings_release(rp_findings *findings);
/* `findings` may be NULL: then nobody wants to know. */
RP_PRINTF(3, 4)
void rp_findings_add(rp_findings *findings, const rp_finding_place *place, const char *format, ...);

/* LMDB's own pages (page.h), read beside LMDB.  Not `*is_readable`: values must
 * not be looked for, since LMDB might be led astray. */
RP_CHECKED rp_status rp_check_pages(rp_store *store, rp_findings *findings, bool *is_readable, rp_error *error);

/* `n` snapshots of one and the same state, one a thread; `*n_out` of them, at
 * least one, where a writer is too fast for more. */
RP_CHECKED rp_status rp_check_begin(rp_store *store, unsigned n, rp_snapshot **out, unsigned *n_out, rp_error *error);

/* Counts, publishers, tombstones, rows, signatures, groups of documents, notes,
 * and what the manifest says of each segment. */
RP_CHECKED rp_status rp_check_values(rp_snapshot *snapshot, rp_findings *findings, rp_error *error);

/* What the manifest counts. */
typedef struct rp_store_counters {
  uint64_t n_live, counter[RP_N_COUNTER];
} rp_store_counters;
void rp_check_counters(const rp_snapshot *snapshot, rp_store_counters *out);

/* A chunk of postings: what one thread reads at a time. */
typedef struct rp_check_part {
  uint32_t segment; /* index into the snapshot's segments */
  rp_table table;
  uint32_t chunk;
} rp_check_part;
typedef RP_VEC(rp_check_part) rp_check_parts;

/* All chunks of all segments that can be opened; the others are findings. */
RP_CHECKED rp_status rp_check_list(rp_snapshot *snapshot, rp_check_parts *out, rp_findings *findings, rp_error *error);

/* Reads a chunk in order: bounds, order, checksums.  `visit` gets all entries
 * of each sound block, their hashes with 40 bits.  `room` is for 65,535 entries.
 * `*is_whole`: all blocks were sound. */
typedef void (*rp_check_visit)(void *user, rp_table table, const rp_entry *entry, size_t n);
typedef struct rp_check_reader {
  rp_snapshot *snapshot;
  rp_entry *room;
  rp_check_visit visit;
  void *user;
  rp_findings *findings; /* may be NULL */
} rp_check_reader;
RP_CHECKED rp_status rp_check_read(const rp_check_reader *reader, const rp_check_part *part, bool *is_whole,
                                   rp_error *error);

/* The segment that holds document `doc`: its index and its number; false:
 * none does. */
bool rp_check_segment_of(const rp_snapshot *snapshot, uint32_t doc, uint32_t *index, uint32_t *number);
uint32_t rp_check_n_segment(const rp_snapshot *snapshot);

/* "bands", "fingerprints", ... */
const char *rp_table_name(rp_table table);

#endif
