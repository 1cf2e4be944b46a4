/* archive.h - compressed files and archives.  The only file with libarchive.
 *
 * A stream is something to read bytes from; an archive reads one and is, for
 * each of its members, one itself, so that archives nest. */
#ifndef RP_INGEST_ARCHIVE_H
#define RP_INGEST_ARCHIVE_H

#include "base/arena.h"
#include "base/err.h"

/* Gives up to `cap` bytes; 0 at the end. */
typedef struct rp_stream {
  rp_status (*read)(void *user, void *to, size_t cap, size_t *n, rp_error *error);
  void *user;
} rp_stream;

typedef struct rp_archive rp_archive;

/* Bytes at the start of a stream that rp_archive_is_known looks at. */
enum { RP_ARCHIVE_HEAD = 512 };

/* Whether a file that begins so is compressed or an archive that can be read:
 * gzip, zstd, xz, bzip2, zip, tar. */
bool rp_archive_is_known(rp_str head);

/* Reads `stream`, which must outlive it.  `expansion` bounds bytes out for
 * bytes in (beyond the first 16 MiB out): RP_ERR_LIMIT from a read. */
RP_CHECKED rp_status rp_archive_open(rp_stream stream, unsigned expansion, rp_archive **out, rp_error *error);
void rp_archive_close(rp_archive *archive);

/* The next member that is a regular file; `*is_end` after the last.  `name` is
 * empty for a file that is merely compressed.  It lives in the arena. */
RP_CHECKED rp_status rp_archive_next(rp_archive *archive, rp_arena *arena, rp_str *name, bool *is_end, rp_error *error);

/* Reads the member at hand. */
RP_CHECKED rp_status rp_archive_read(rp_archive *archive, void *to, size_t cap, size_t *n, rp_error *error);

#endif
