/* batch.h - a bounded stretch of the input, cut into units that can be read
 * each on its own thread.
 *
 *   data:  | lines of a.jsonl        | b.txt | records of c.json | cut line ... |
 *   unit:  |  0   |  1   |  2   |      3    |        4          |  (next batch)
 *
 * A batch may hold the end of one file, many small files, and the start of
 * another; what is left of an unfinished line or record moves to the front of
 * the next batch.  Memory is bounded by the size of a batch plus that of the
 * greatest line. */
#ifndef RP_INGEST_BATCH_H
#define RP_INGEST_BATCH_H

#include "base/buf.h"
#include "base/vec.h"
#include "ingest/article.h"
#include "ingest/sniff.h"
#include "ingest/source.h"
#include "ingest/split.h"

typedef enum rp_unit_kind {
  RP_UNIT_LINES = 1,   /* JSON Lines, each line with its end */
  RP_UNIT_RECORDS = 2, /* records of a JSON file */
  RP_UNIT_TEXT = 3,    /* a whole file */
  RP_UNIT_HTML = 4,
  RP_UNIT_PROBLEM = 5, /* nothing to read: `items` is filled already */
} rp_unit_kind;

typedef struct rp_unit {
  rp_unit_kind kind;
  size_t start, end; /* of rp_batch.data; RECORDS: of rp_batch.records */
  uint64_t line;     /* number of the first line or record */
  rp_str path;
  bool is_stdin, is_file; /* is_file: the file is one article */
  rp_items items;
} rp_unit;

typedef struct rp_range {
  size_t start, end;
} rp_range;

typedef struct rp_batch {
  rp_buf data;
  RP_VEC(rp_unit) units;
  RP_VEC(rp_range) records;
  rp_arena arena; /* paths and problems */
  uint64_t n_file;
} rp_batch;

typedef struct rp_batcher rp_batcher;

/* Everything is borrowed until the batcher is freed.  `target`: bytes a batch. */
typedef struct rp_batcher_options {
  rp_source *source;
  const rp_settings *settings;
  rp_input_format format;
  size_t target;
} rp_batcher_options;

RP_CHECKED rp_status rp_batcher_new(const rp_batcher_options *options, rp_batcher **out, rp_error *error);
void rp_batcher_free(rp_batcher *batcher);

/* The next batch, which lives until the next call; one without units at the
 * end of the input. */
RP_CHECKED rp_status rp_batcher_next(rp_batcher *batcher, rp_batch **out, rp_error *error);

#endif
