/* segment.h - the postings of a run of documents, sorted, never changed.
 *
 * Written table by table in chunks of blocks; a search goes from the table's
 * list of chunks to a chunk's list of blocks to one block. */
#ifndef RP_STORE_SEGMENT_H
#define RP_STORE_SEGMENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/db.h"
#include "store/manifest.h"
#include "store/posting.h"

/* ---- writing -------------------------------------------------------------------- */

typedef struct rp_segment_writer {
  rp_txn *txn; /* may be another transaction at each call */
  uint32_t number, doc_first;
  uint8_t doc_width;
  bool is_inline; /* the chunks go into the description */
  unsigned n_thread;
  struct rp_table_writer {
    rp_buf chunks; /* their list */
    rp_buf bytes;  /* themselves, where they are inline */
    uint32_t n_chunk;
    uint64_t n_entry, n_byte;
    uint64_t run_hash, run; /* the list that ends here */
    uint64_t longest_hash, longest;
  } table[RP_N_TABLE];
} rp_segment_writer;

/* Segments of so few postings are written as one value. */
enum { RP_SEGMENT_INLINE = 2048 };

void rp_segment_writer_init(rp_segment_writer *w, uint32_t number, uint32_t doc_first, uint32_t doc_end);
void rp_segment_writer_release(rp_segment_writer *w);
/* Writes sorted postings that follow those written before.  Unless `is_last`,
 * only full chunks: `*taken` are done, the caller brings the rest again. */
RP_CHECKED rp_status rp_segment_add(rp_segment_writer *w, rp_table table, const rp_entry *entry, size_t n, bool is_last,
                                    size_t *taken, rp_error *error);
/* Writes the description and fills the fields of `info` that follow from it. */
RP_CHECKED rp_status rp_segment_finish(rp_segment_writer *w, rp_segment_info *info, rp_error *error);

/* ---- reading ---------------------------------------------------------------------- */

typedef struct rp_segment_chunk {
  const uint8_t *value; /* NULL: not looked at yet */
  size_t len;
  uint32_t n_block, n_entry;
  const uint8_t *hash, *sum, *first;          /* arrays of the head, a number a block */
  uint64_t good[(RP_CHUNK_BLOCKS + 63) / 64]; /* blocks that were verified */
} rp_segment_chunk;

typedef struct rp_segment_table {
  uint64_t n_entry, longest, longest_hash;
  uint32_t n_chunk;
  uint64_t *hash;  /* of each chunk's first entry; 40 bits */
  uint64_t *first; /* number of each chunk's first entry; n_chunk + 1 of them */
  uint32_t *bytes;
  const uint8_t **inlined; /* of each chunk; NULL: they are values of their own */
  rp_segment_chunk **chunk;
} rp_segment_table;

/* One thread's, like the snapshot whose transaction it reads. */
typedef struct rp_segment {
  const rp_txn *txn;
  rp_arena *arena;
  const rp_segment_info *info;
  uint8_t doc_width;
  rp_segment_table table[RP_N_TABLE];
} rp_segment;

RP_CHECKED rp_status rp_segment_open(const rp_txn *txn, rp_arena *arena, const rp_segment_info *info, rp_segment *out,
                                     rp_error *error);

/* Entries `first` to `first + n`, exclusive, are those of the 40-bit hash. */
RP_CHECKED rp_status rp_segment_find(rp_segment *segment, rp_table table, uint64_t hash, uint64_t *first, uint64_t *n,
                                     rp_error *error);
/* The first entry whose 40-bit hash is >= `hash`. */
RP_CHECKED rp_status rp_segment_lower(rp_segment *segment, rp_table table, uint64_t hash, uint64_t *first,
                                      rp_error *error);
/* Where the head of the chunk lies that a search for `hash` would read; 0
 * bytes: nowhere, or it was read before. */
RP_CHECKED rp_status rp_segment_head_of(rp_segment *segment, rp_table table, uint64_t hash, rp_bytes *out,
                                        rp_error *error);
/* Where the block lies that a search for `hash` would read; 0 bytes: nowhere. */
RP_CHECKED rp_status rp_segment_block_of(rp_segment *segment, rp_table table, uint64_t hash, rp_bytes *out,
                                         rp_error *error);

/* Asks the disk for the chunks that hold 40-bit hashes in [from, to). */
RP_CHECKED rp_status rp_segment_fetch(const rp_segment *segment, rp_table table, uint64_t from, uint64_t to,
                                      rp_error *error);

/* A place in a table: all zero at first. */
typedef struct rp_segment_cursor {
  uint64_t first, end; /* entries of the block at hand */
  rp_posting posting;
} rp_segment_cursor;

/* Brings the block of entry `at` to hand. */
RP_CHECKED rp_status rp_segment_seek(rp_segment *segment, rp_table table, uint64_t at, rp_segment_cursor *cursor,
                                     rp_error *error);

#endif
