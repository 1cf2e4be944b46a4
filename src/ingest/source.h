/* source.h - the files of a run, one after the other: operands, what lies in
 * folders (in byte order of names), members of archives, the standard input;
 * each as a stream of uncompressed bytes. */
#ifndef RP_INGEST_SOURCE_H
#define RP_INGEST_SOURCE_H

#include "ingest/archive.h"
#include "ingest/item.h"

typedef struct rp_source rp_source;

/* A file that is open. */
typedef struct rp_file {
  rp_str path;   /* cleaned; "archive!member"; "-".  Lives until the next file */
  bool is_named; /* an operand, not met in a folder or an archive */
  bool is_stdin;
} rp_file;

/* The operands are borrowed until the source is freed. */
RP_CHECKED rp_status rp_source_new(const char *const *path, size_t n_path, const rp_limits *limits, rp_source **out,
                                   rp_error *error);
void rp_source_free(rp_source *source);

/* Opens the next file, closing the one at hand; `*is_end` after the last.
 * Files and folders that cannot be opened are told to `problems`. */
RP_CHECKED rp_status rp_source_next(rp_source *source, rp_items *problems, rp_file *out, bool *is_end, rp_error *error);

/* Up to `cap` bytes of the file at hand; 0 at its end.  Fails with the reason
 * why the rest of the file cannot be read. */
RP_CHECKED rp_status rp_source_read(rp_source *source, void *to, size_t cap, size_t *n, rp_error *error);

/* Whether a read would wait for whoever writes the other end of a pipe. */
bool rp_source_is_waiting(const rp_source *source);

#endif
