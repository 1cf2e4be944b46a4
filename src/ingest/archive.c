#include "ingest/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK = 64 << 10 };
static const uint64_t free_bytes = 16 << 20;

struct rp_archive {
  struct archive *archive;
  rp_stream stream;
  unsigned expansion;
  uint64_t n_in, n_out;
  bool is_broken; /* the stream below failed: its words are in `error` */
  rp_error error;
  char block[BLOCK];
};

bool rp_archive_is_known(rp_str head) {
  static const struct {
    const char *magic;
    size_t len, at;
  } known[] = {
      {"\x1f\x8b\x08", 3, 0},
      {"\x28\xb5\x2f\xfd", 4, 0},
      {"\xfd"
       "7zXZ\0",
       6, 0},
      {"BZh", 3, 0},
      {"PK\x03\x04", 4, 0},
      {"ustar", 5, 257},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (head.len >= known[i].at + known[i].len && memcmp(head.data + known[i].at, known[i].magic, known[i].len) == 0)
      return known[i].magic[0] != 'B' || (head.len > 9 && memcmp(head.data + 4, "1AY&SY", 6) == 0);
  return false;
}

static la_ssize_t read_below(struct archive *archive, void *user, const void **out) {
  rp_archive *a = user;
  size_t n = 0;
  if (a->stream.read(a->stream.user, a->block, sizeof a->block, &n, &a->error) != RP_OK) {
    a->is_broken = true;
    archive_set_error(archive, EIO, "%s", a->error.message);
    return -1;
  }
  a->n_in += n;
  *out = a->block;
  return (la_ssize_t)n;
}

static rp_status fail(rp_archive *a, rp_error *error) {
  if (a->is_broken) {
    if (error) *error = a->error;
    return a->error.status;
  }
  const char *why = archive_error_string(a->archive);
  return rp_fail(error, RP_ERR_INPUT, "cannot be unpacked: %s", why ? why : "unknown reason");
}

rp_status rp_archive_open(rp_stream stream, unsigned expansion, rp_archive **out, rp_error *error) {
  rp_archive *a = rp_calloc(1, sizeof *a);
  if (!a) return rp_fail_memory(error);
  a->stream = stream;
  a->expansion = expansion;
  a->archive = archive_read_new();
  if (!a->archive) {
    rp_free(a);
    return rp_fail_memory(error);
  }
  /* an external program is never run: only filters that are built in */
  int ok = archive_read_support_filter_gzip(a->archive) | archive_read_support_filter_zstd(a->archive) |
           archive_read_support_filter_xz(a->archive) | archive_read_support_filter_bzip2(a->archive) |
           archive_read_support_format_tar(a->archive) | archive_read_support_format_zip_streamable(a->archive) |
           archive_read_support_format_raw(a->archive) | archive_read_support_format_empty(a->archive);
  rp_status status = RP_OK;
  if (ok != ARCHIVE_OK || archive_read_open(a->archive, a, NULL, read_below, NULL) != ARCHIVE_OK)
    status = fail(a, error);
  if (status != RP_OK) {
    rp_archive_close(a);
    return status;
  }
  *out = a;
  return RP_OK;
}

void rp_archive_close(rp_archive *a) {
  if (!a) return;
  archive_read_free(a->archive);
  rp_free(a);
}

rp_status rp_archive_next(rp_archive *a, rp_arena *arena, rp_str *name, bool *is_end, rp_error *error) {
  struct archive_entry *entry;
  for (;;) {
    int r = archive_read_next_header(a->archive, &entry);
    if (r == ARCHIVE_EOF) {
      *is_end = true;
      return RP_OK;
    }
    if (r < ARCHIVE_WARN) return fail(a, error);
    if (archive_entry_filetype(entry) == AE_IFREG) break;
  }
  *is_end = false;
  *name = (rp_str){0};
  if (archive_format(a->archive) == ARCHIVE_FORMAT_RAW) return RP_OK;
  const char *path = archive_entry_pathname(entry);
  if (!path) path = archive_entry_pathname_utf8(entry);
  if (!path) path = "?";
  char *copy = rp_arena_memdup(arena, path, strlen(path));
  if (!copy) return rp_fail_memory(error);
  *name = (rp_str){copy, strlen(copy)};
  return RP_OK;
}

rp_status rp_archive_read(rp_archive *a, void *to, size_t cap, size_t *n, rp_error *error) {
  la_ssize_t got = archive_read_data(a->archive, to, cap);
  if (got < 0) return fail(a, error);
  a->n_out += (uint64_t)got;
  if (a->n_out > free_bytes && a->n_out / a->expansion > a->n_in)
    return rp_fail(error, RP_ERR_LIMIT, "expands to more than %u times its size", a->expansion);
  *n = (size_t)got;
  return RP_OK;
}
