/* ledger.h - keyed records in a stream of notes: of one key the last counts.
 *
 * Records are only ever appended.  What has been written over or struck out
 * stays until it is more than what counts; then all that counts is appended
 * once more and the rest dropped.  docs/format-engine.md gives the bytes. */
#ifndef RP_ENGINE_LEDGER_H
#define RP_ENGINE_LEDGER_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "store/store.h"

/* Streams of the store. */
enum {
  RP_STREAM_STATE = 0,
  RP_STREAM_FACT = 1,
  RP_STREAM_MEMBER = 2,
  RP_STREAM_GROUP = 3,
  RP_STREAM_RUN = 4,
};

typedef struct rp_ledger_record {
  uint64_t key;
  rp_str data; /* data NULL: struck out */
} rp_ledger_record;

typedef struct rp_ledger {
  unsigned stream;
  uint32_t end; /* of the stream */
  rp_map at;    /* key -> index into `record` */
  RP_VEC(rp_ledger_record) record;
  size_t stored_bytes, live_bytes; /* of all records in the store; of those that count */
  RP_VEC(uint32_t) pending;        /* records to be written, as indexes; one may stand twice */
  rp_arena arena;                  /* data of records that were put */
} rp_ledger;

void rp_ledger_init(rp_ledger *ledger, unsigned stream);
void rp_ledger_release(rp_ledger *ledger);

/* Data is borrowed from the snapshot.  RP_ERR_DAMAGED. */
RP_CHECKED rp_status rp_ledger_load(rp_ledger *ledger, rp_snapshot *snapshot, rp_error *error);

/* False where there is none.  Any number of threads, while nobody puts. */
bool rp_ledger_find(const rp_ledger *ledger, uint64_t key, rp_str *out);

/* Copies `data`. */
RP_CHECKED rp_status rp_ledger_put(rp_ledger *ledger, uint64_t key, rp_str data, rp_error *error);
/* Strikes a record out; nothing where there is none. */
RP_CHECKED rp_status rp_ledger_strike(rp_ledger *ledger, uint64_t key, rp_error *error);
/* The same for this process alone; the store drops it when it is rewritten. */
void rp_ledger_forget(rp_ledger *ledger, uint64_t key);

typedef struct rp_ledger_batch {
  rp_ledger *const *ledger;
  size_t n_ledger;
  const rp_store_note *note; /* of other streams, beside what the ledgers make */
  size_t n_note;
  uint32_t first[RP_N_STREAM]; /* the same: notes below these numbers are dropped */
} rp_ledger_batch;

/* Commits what is pending in all ledgers together, and where it is time for it
 * all that counts, with the notes given.  Where there is nothing, nothing is
 * done. */
RP_CHECKED rp_status rp_ledgers_commit(rp_store *store, const rp_ledger_batch *batch, rp_error *error);

/* Checks what a note of a ledger consists of.  fn (may be NULL) sees each record. */
typedef rp_status (*rp_ledger_fn)(void *user, const rp_ledger_record *record, rp_error *error);
RP_CHECKED rp_status rp_ledger_parse(rp_str note, rp_ledger_fn fn, void *user, rp_error *error);

#endif
