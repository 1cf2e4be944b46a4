/* store.h - integers and bytes on disk; knows nothing of texts.
 *
 * A store holds documents under 32-bit numbers that are never reused, and
 * tables of postings (64-bit hash -> document, position) in immutable sorted
 * segments.  Beside them it keeps streams of notes, which are bytes to it.  A
 * batch is one LMDB transaction: all of it or nothing.  docs/format.md gives
 * every byte.
 *
 * One writer at a time (flock on DIR/writer), any number of readers, who see
 * the state of the moment their snapshot began. */
#ifndef RP_STORE_STORE_H
#define RP_STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"

typedef enum rp_table {
  RP_TABLE_BAND = 0,
  RP_TABLE_FINGERPRINT = 1, /* with positions */
  RP_TABLE_EQUAL = 2,
  RP_TABLE_ID = 3,
  RP_TABLE_URL = 4,
} rp_table;
enum { RP_N_TABLE = 5, RP_STORE_SIGNATURE = 256 /* bytes */, RP_FORMAT_VERSION = 2, RP_N_COUNTER = 8 };
enum { RP_N_STREAM = 8, RP_NOTE_MAX = 1 << 20 /* bytes */ };

/* A dense row: what cuts and filters ask of a document without reading it. */
typedef struct rp_row {
  int32_t earliest, latest; /* minutes since 1970; RP_ROW_UNDATED: unknown */
  uint32_t publisher;       /* publisher number; 0: unknown */
  uint32_t counted;         /* counted words */
  uint64_t id_hash;         /* order of documents of one date */
} rp_row;
#define RP_ROW_UNDATED INT32_MAX

typedef struct rp_entry {
  uint64_t hash;
  uint32_t doc;      /* in a batch: index of the document in the batch */
  uint16_t position; /* RP_TABLE_FINGERPRINT alone; else 0 */
} rp_entry;

/* ---- a store --------------------------------------------------------------- */

typedef struct rp_store rp_store;
typedef struct rp_snapshot rp_snapshot;

typedef struct rp_store_options {
  bool create;       /* where it does not exist */
  bool write;        /* else batches are refused */
  bool wait;         /* for another writer to finish */
  bool force_remote; /* also on NFS, SMB, AFS */
  rp_str settings;   /* of a store that is created: the caller's own header */
} rp_store_options;

/* Opens DIR.  RP_ERR_NOT_FOUND, RP_ERR_NOT_INDEX, RP_ERR_VERSION,
 * RP_ERR_DAMAGED, RP_ERR_IO, RP_ERR_MEMORY, RP_ERR_FULL. */
RP_CHECKED rp_status rp_store_open(const char *dir, const rp_store_options *options, rp_store **out, rp_error *error);
void rp_store_close(rp_store *store);
/* The settings it was created with; lives as long as the store. */
rp_str rp_store_settings(const rp_store *store);

/* ---- reading ----------------------------------------------------------------- */

/* A snapshot is one thread's; several may be open.  Pointers it gives are
 * borrowed: they live until it ends or is used for another call, whichever is
 * said. */
RP_CHECKED rp_status rp_snapshot_begin(rp_store *store, rp_snapshot **out, rp_error *error);
void rp_snapshot_end(rp_snapshot *snapshot);

/* Grows with each batch: two snapshots of one version see the same. */
uint64_t rp_snapshot_version(const rp_snapshot *snapshot);

/* Numbers run from 0 to this, exclusive; dead ones among them. */
uint32_t rp_snapshot_numbers(const rp_snapshot *snapshot);
bool rp_snapshot_is_live(const rp_snapshot *snapshot, uint32_t doc);
/* doc < numbers */
RP_CHECKED rp_status rp_snapshot_row(rp_snapshot *snapshot, uint32_t doc, rp_row *out, rp_error *error);
/* 256 bytes, all zero where the document has none; borrowed until the end. */
RP_CHECKED rp_status rp_snapshot_signature(rp_snapshot *snapshot, uint32_t doc, const uint8_t **out, rp_error *error);
/* The payload, decoded into `arena`. */
RP_CHECKED rp_status rp_snapshot_payload(rp_snapshot *snapshot, uint32_t doc, rp_arena *arena, rp_str *out,
                                         rp_error *error);
/* Publisher number -> key; empty for 0 or an unknown number. */
rp_str rp_snapshot_publisher(const rp_snapshot *snapshot, uint32_t number);

/* Notes of a stream (< RP_N_STREAM) are numbered from `first` to `end`, exclusive. */
void rp_snapshot_notes(const rp_snapshot *snapshot, unsigned stream, uint32_t *first, uint32_t *end);
/* Every block is verified; borrowed until the snapshot ends.  RP_ERR_NOT_FOUND
 * where there is no such number, RP_ERR_DAMAGED where it should be there and is
 * not, or is not what was written. */
RP_CHECKED rp_status rp_snapshot_note(rp_snapshot *snapshot, unsigned stream, uint32_t number, rp_str *out,
                                      rp_error *error);

/* The postings of one hash: a span in each segment. */
typedef struct rp_list_span {
  uint32_t segment; /* index into the snapshot's segments */
  uint64_t first;   /* entry number in the table of that segment */
  uint64_t n;
} rp_list_span;
typedef struct rp_list {
  rp_table table;
  uint64_t hash;
  uint64_t n; /* entries of all spans, dead ones included */
  size_t n_span;
  const rp_list_span *span; /* in the arena given */
} rp_list;

RP_CHECKED rp_status rp_snapshot_find(rp_snapshot *snapshot, rp_table table, uint64_t hash, rp_arena *arena,
                                      rp_list *out, rp_error *error);
/* All live entries, ascending by (date, unknown last; hash of id; number;
 * position) within each span; `out` has room for list->n. */
RP_CHECKED rp_status rp_list_read(rp_snapshot *snapshot, const rp_list *list, rp_entry *out, size_t *n_out,
                                  rp_error *error);
/* The `k` live entries nearest in date to `minutes` (ties: by hash of id, then
 * number), in that order; an undated document is farther than any dated one,
 * and of an undated question all are equally far.  `out` has room for k. */
RP_CHECKED rp_status rp_list_nearest(rp_snapshot *snapshot, const rp_list *list, int32_t minutes, size_t k,
                                     rp_arena *arena, rp_entry *out, size_t *n_out, rp_error *error);

typedef struct rp_store_stat {
  uint64_t n_segment, n_live, n_publisher;
  uint64_t n_dead; /* whose payloads are still on the disk */
  uint64_t n_entry[RP_N_TABLE], table_bytes[RP_N_TABLE], longest[RP_N_TABLE];
  uint64_t document_bytes, signature_bytes, row_bytes, file_bytes;
  uint64_t counter[RP_N_COUNTER];
  uint64_t version_of_content; /* grows with each batch */
  uint64_t note_bytes[RP_N_STREAM], n_note[RP_N_STREAM];
} rp_store_stat;
/* Reads every directory for `longest`; the rest comes from the manifest. */
RP_CHECKED rp_status rp_snapshot_stat(rp_snapshot *snapshot, rp_store_stat *out, rp_error *error);

/* Calls fn for each live document in ascending number; stops where fn fails. */
RP_CHECKED rp_status rp_snapshot_each(rp_snapshot *snapshot, rp_status (*fn)(void *user, uint32_t doc, rp_error *error),
                                      void *user, rp_error *error);

/* ---- writing ------------------------------------------------------------------ */

typedef struct rp_store_doc {
  rp_str payload;
  const uint8_t *signature; /* RP_STORE_SIGNATURE bytes, NULL: none */
  rp_row row;               /* publisher is set from publisher_key */
  rp_str publisher_key;
} rp_store_doc;

typedef struct rp_store_replacement {
  uint32_t number;  /* a live document */
  rp_store_doc doc; /* new payload and row; the signature is not looked at */
} rp_store_replacement;

typedef struct rp_store_note {
  unsigned stream; /* < RP_N_STREAM */
  rp_str data;     /* at most RP_NOTE_MAX bytes, may be empty */
} rp_store_note;

/* All that is zero stands for nothing, so a batch may be notes alone. */
typedef struct rp_store_batch {
  const rp_store_doc *doc; /* they get the next numbers, in this order */
  size_t n_doc;
  const rp_entry *entry[RP_N_TABLE]; /* unsorted; sorted by the store */
  size_t n_entry[RP_N_TABLE];
  const uint32_t *dead; /* live numbers to be made dead */
  size_t n_dead;
  const rp_store_replacement *replacement;
  size_t n_replacement;
  int64_t counter[RP_N_COUNTER]; /* added to the manifest's counters */
  unsigned n_thread;             /* for sorting and compressing; 0: the processors */
  const rp_store_note *note;     /* each gets the next number of its stream, in this order */
  size_t n_note;
  /* Notes below this number are deleted; 0: none.  From the end of before the
   * batch on it counts notes of the batch, too: they get their numbers and are
   * not kept.  RP_ERR_ARGUMENT beyond the end of after the batch. */
  uint32_t note_first[RP_N_STREAM];
} rp_store_batch;

/* The writer's lock: taken here, given back by unlock or close.  RP_ERR_BUSY
 * where another holds it and the store was opened without `wait`. */
RP_CHECKED rp_status rp_store_lock(rp_store *store, rp_error *error);
void rp_store_unlock(rp_store *store);

/* A second lock, for work that takes long and commits now and then: one job at
 * a time, while others write.  Neither lock needs the other.  Given back by
 * unlock or close; the store must have been opened to write.  RP_ERR_BUSY where
 * another holds it, unless `wait`. */
RP_CHECKED rp_status rp_store_lock_job(rp_store *store, bool wait, rp_error *error);
void rp_store_unlock_job(rp_store *store);

/* For work that commits while it holds snapshots, before it takes the first:
 * where address space is limited (ulimit -v), room for a quarter more than the
 * index holds, and 16 MiB, if that is to be had.  Does nothing where snapshots
 * are open. */
RP_CHECKED rp_status rp_store_reserve(rp_store *store, rp_error *error);
/* Is address space limited, so that memory should be too? */
bool rp_store_is_bounded(const rp_store *store);

/* One durable transaction.  `first` (may be NULL) gets the number of the first
 * document.  On failure nothing of the batch is there.  Snapshots may be open;
 * where they keep the map from growing it is RP_ERR_BUSY. */
RP_CHECKED rp_status rp_store_commit(rp_store *store, const rp_store_batch *batch, uint32_t *first, rp_error *error);

/* All segments become one; entries of dead documents are dropped. */
RP_CHECKED rp_status rp_store_merge(rp_store *store, unsigned n_thread, rp_error *error);

/* Writes the live content as DIR/N+1, switches `current`, deletes DIR/N. */
RP_CHECKED rp_status rp_store_compact(rp_store *store, unsigned n_thread, rp_error *error);

/* ---- copies --------------------------------------------------------------------- */

/* Writes the state of the moment to the folder `dest`, which must not exist or
 * be empty (RP_ERR_EXISTS), as a store of its own; writers go on meanwhile.
 * Every checksum is looked at on the way.  On failure nothing is left behind. */
RP_CHECKED rp_status rp_store_copy(rp_store *store, const char *dest, bool force_remote, uint64_t *bytes,
                                   rp_error *error);

#endif
