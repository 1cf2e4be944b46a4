/* inside.h - what the files of the store know of each other: a store, its
 * places, and a snapshot's views of one. */
#ifndef RP_STORE_INSIDE_H
#define RP_STORE_INSIDE_H

#include <pthread.h>

#include "store/document.h"
#include "store/folder.h"
#include "store/publisher.h"
#include "store/segment.h"

/* A numbered folder that is open.  After a compaction, by this process or
 * another, new snapshots are of a new place; an old one is closed with its
 * last snapshot. */
typedef struct rp_place {
  rp_db db;
  rp_current current;
  size_t n_snapshot;
  bool is_old;
  bool is_looked_at; /* by a writer: LMDB's pages were sound */
} rp_place;

struct rp_store {
  char *dir;
  bool is_writable, is_waiting;
  pthread_mutex_t mutex; /* of `place` and its counts */
  rp_place *place;       /* the current one */
  char *settings;
  size_t settings_len;
  int lock; /* -1: not held */
  int job_lock;
  rp_publishers publishers;
  bool has_publishers; /* they are those of the last manifest; only while the lock is held */
};

/* The value of a chunk of rows or signatures, and which of its 8 blocks were verified. */
typedef struct rp_chunk {
  const uint8_t *data; /* NULL: not looked at */
  size_t len;          /* of the data; 0: all zeros */
  uint8_t good;
} rp_chunk;

struct rp_snapshot {
  rp_store *store;
  rp_place *place;
  rp_txn txn;
  rp_arena arena;
  rp_manifest manifest;
  rp_segment **segment;      /* NULL: not opened yet */
  const uint8_t **tombstone; /* NULL where nothing is dead */
  rp_chunk *row, *signature;
  rp_publisher_list publisher;
  uint8_t nothing[RP_STORE_SIGNATURE]; /* the signature of who has none */
  struct {
    uint32_t group, frame; /* decoded last */
    bool is_there;
    rp_unpacker *unpacker; /* NULL: not needed yet */
    rp_buf bytes;
  } cache;
};

/* ---- store.c ---- */

/* Like rp_store_lock; `*is_mine` says whether the lock was not held before. */
RP_CHECKED rp_status rp_store_hold(rp_store *store, bool *is_mine, rp_error *error);
/* Begins a transaction in the current place; grows the map where another
 * process made the file grow.  RP_ERR_BUSY where snapshots forbid that. */
RP_CHECKED rp_status rp_store_begin(rp_store *store, rp_place **place, rp_txn *txn, rp_error *error);
void rp_store_leave(rp_store *store, rp_place *place);
/* The writer's own: the lock is held. */
RP_CHECKED rp_status rp_store_begin_write(rp_store *store, rp_txn *txn, rp_error *error);
RP_CHECKED rp_status rp_store_grow(rp_store *store, rp_error *error);
/* Writes header and manifest of an empty store. */
RP_CHECKED rp_status rp_store_write_head(rp_txn *txn, rp_str settings, const rp_manifest *manifest, rp_error *error);
/* Opens what `current` names now and makes it the current place. */
RP_CHECKED rp_status rp_store_renew(rp_store *store, rp_error *error);
/* Chunks of segments that no manifest names: what a writer that died left. */
RP_CHECKED rp_status rp_store_sweep(rp_txn *txn, const rp_manifest *manifest, rp_error *error);

/* ---- snapshot.c ---- */

RP_CHECKED rp_status rp_snapshot_segment(rp_snapshot *s, uint32_t index, rp_segment **out, rp_error *error);

/* ---- commit.c ---- */

void rp_row_write(const rp_row *row, uint8_t *out);
rp_row rp_row_read(const uint8_t *in);

/* ---- tier.c ---- */

/* Merges neighbours of one size, so that there are few segments; the lock is
 * held. */
RP_CHECKED rp_status rp_store_tidy(rp_store *store, unsigned n_thread, rp_error *error);

/* ---- merge.c ---- */

/* Makes one segment of those with index `first` to `end`, exclusive. */
RP_CHECKED rp_status rp_store_join(rp_store *store, size_t first, size_t end, unsigned n_thread, rp_error *error);

#endif
