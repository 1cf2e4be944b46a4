/* run.h - the stored report of a run: what it found, so that it can be told
 * whenever, and as often as, it is asked for.  docs/format-engine.md gives the
 * bytes. */
#ifndef RP_ENGINE_RUN_H
#define RP_ENGINE_RUN_H

#include "base/buf.h"
#include "engine/naming.h"

/* What is known of a run beside its groups. */
typedef struct rp_run_head {
  rp_run run;
  uint32_t n_number; /* document numbers that were given out when it began */
  /* of all runs so far: articles the index was asked about, entries read for
   * them, what was proposed, pairs compared, articles with a list that was cut */
  uint64_t n_matched, n_posting, n_candidate, n_verified, n_cut;
  bool is_finished;
  uint32_t end; /* of the stream */
} rp_run_head;

/* A group as it is written; strings are borrowed. */
typedef struct rp_run_group {
  const rp_cluster *cluster; /* members with what is new of them */
  uint64_t id, split_from;   /* 0: from none */
  uint32_t what;
  const uint64_t *alias;
  size_t n_alias;
  rp_str lead_before, kept_before;
  size_t n_before;
  const rp_left *left; /* `to` is not looked at */
  const uint64_t *left_to;
  size_t n_left;
} rp_run_group;

void rp_run_encode_head(const rp_run_head *head, rp_buf *out);
void rp_run_encode_group(const rp_run_group *group, rp_buf *out);

/* Of the stream as the snapshot has it; number 0 where there is none. */
RP_CHECKED rp_status rp_run_read_head(rp_snapshot *snapshot, rp_run_head *out, rp_error *error);

/* A report's groups, each found in its bytes. */
typedef struct rp_run_entry {
  size_t at;
  int64_t first; /* date of the earliest member whose date is known, else INT64_MAX */
} rp_run_entry;

typedef struct rp_run_report {
  rp_buf bytes;
  RP_VEC(rp_run_entry) group; /* as they were written */
} rp_run_report;

/* `out` is released by the caller whatever comes back. */
RP_CHECKED rp_status rp_run_report_read(rp_snapshot *snapshot, const rp_run_head *head, rp_run_report *out,
                                        rp_error *error);
void rp_run_report_release(rp_run_report *report);
/* Group i, in `arena` and in the report; out->run is not set. */
RP_CHECKED rp_status rp_run_report_get(const rp_run_report *report, size_t i, rp_arena *arena, rp_run_record *out,
                                       rp_error *error);

/* What runs have found out so far. */
RP_CHECKED rp_status rp_run_stat(rp_snapshot *snapshot, rp_index_stat *out, rp_error *error);

/* The notes of a report: the head, then what follows cut into pieces; they
 * borrow from `bytes` and live in `arena`. */
RP_CHECKED rp_status rp_run_notes(rp_str head, rp_str bytes, rp_arena *arena, const rp_store_note **out, size_t *n_out,
                                  rp_error *error);
/* The note that says that it has arrived: empty, as no other is. */
rp_store_note rp_run_finished_note(void);

#endif
