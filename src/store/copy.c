/* A copy of a store: everything that the manifest of one snapshot names, value
 * by value in the order of keys, into an empty file.  Values are not changed, but
 * each is verified on the way, so that damage is heard of while the
 * original is there, and is never taken for a copy. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/note.h"
#include "store/record.h"

enum { PATH_BYTES = 4096 };

struct copy {
  rp_snapshot *from;
  rp_sink sink;
};

static rp_status damaged(const struct copy *c, const char *what, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its %s are not what was written", c->from->txn.path,
                 what);
}

static rp_status put(struct copy *c, rp_key key, rp_bytes v, rp_error *error) {
  RP_TRY(rp_db_put(&c->sink.txn, key, v.data, v.len, error));
  return rp_sink_flush(&c->sink, v.len, error);
}

static rp_status copy_record(struct copy *c, rp_key key, const char *what, rp_error *error) {
  rp_bytes v;
  size_t len;
  RP_TRY(rp_db_get(&c->from->txn, key, &v, error));
  if (!rp_record_data_len(v.len, &len) || !rp_record_is_all_good(v.data, len)) return damaged(c, what, error);
  return put(c, key, v, error);
}

static rp_status copy_chunks(struct copy *c, uint8_t kind, uint32_t n_chunk, const char *what, rp_error *error) {
  for (uint32_t i = 0; i < n_chunk; i++) RP_TRY(copy_record(c, rp_key_chunk(kind, i), what, error));
  return RP_OK;
}

static rp_status copy_arrays(struct copy *c, rp_error *error) {
  const rp_manifest *m = &c->from->manifest;
  uint32_t n = m->n_number;
  RP_TRY(copy_record(c, rp_key_of(RP_KIND_HEADER), "settings", error));
  RP_TRY(copy_record(c, rp_key_of(RP_KIND_MANIFEST), "counts", error));
  uint32_t n_publisher_chunk = rp_manifest_chunks(m->n_publisher, RP_PUBLISHER_CHUNK);
  RP_TRY(copy_chunks(c, RP_KIND_PUBLISHER, n_publisher_chunk, "publishers", error));
  RP_TRY(copy_chunks(c, RP_KIND_TOMBSTONE, rp_manifest_chunks(n, RP_TOMBSTONE_CHUNK), "tombstones", error));
  RP_TRY(copy_chunks(c, RP_KIND_ROW, rp_manifest_chunks(n, RP_ROW_CHUNK), "rows", error));
  return copy_chunks(c, RP_KIND_SIGNATURE, rp_manifest_chunks(n, RP_SIGNATURE_CHUNK), "signatures", error);
}

static rp_status copy_documents(struct copy *c, rp_error *error) {
  uint64_t bytes = 0;
  for (uint32_t next = 0, first; next < c->from->manifest.n_number; next = first + 1) {
    rp_bytes v;
    rp_group group;
    rp_status status = rp_db_get_at_least(&c->from->txn, RP_KIND_DOCUMENT, next, &first, &v, error);
    if (status == RP_ERR_NOT_FOUND) break;
    if (status != RP_OK) return status;
    if (!rp_group_open(v.data, v.len, &group) || !rp_group_is_sound(&group)) return damaged(c, "texts", error);
    bytes += v.len;
    RP_TRY(put(c, rp_key_chunk(RP_KIND_DOCUMENT, first), v, error));
    if (first == UINT32_MAX) break;
  }
  return bytes == c->from->manifest.document_bytes ? RP_OK : damaged(c, "texts", error);
}

/* Going from block to block verifies each. */
static rp_status verify_table(rp_segment *segment, rp_table table, rp_error *error) {
  rp_segment_cursor cursor = {0};
  for (uint64_t at = 0; at < segment->table[table].n_entry; at = cursor.end)
    RP_TRY(rp_segment_seek(segment, table, at, &cursor, error));
  return RP_OK;
}

static rp_status copy_segment(struct copy *c, uint32_t index, rp_error *error) {
  rp_segment *segment;
  rp_bytes v;
  RP_TRY(rp_snapshot_segment(c->from, index, &segment, error));
  for (int t = 0; t < RP_N_TABLE; t++) {
    const rp_segment_table *table = &segment->table[t];
    RP_TRY(verify_table(segment, (rp_table)t, error));
    for (uint32_t i = 0; i < table->n_chunk; i++) {
      if (table->inlined[i]) continue;
      rp_key key = rp_key_segment(segment->info->number, (uint8_t)t, i);
      RP_TRY(rp_db_get(&c->from->txn, key, &v, error));
      RP_TRY(put(c, key, v, error));
    }
  }
  rp_key key = rp_key_segment(segment->info->number, RP_DESCRIPTION, 0);
  RP_TRY(rp_db_get(&c->from->txn, key, &v, error));
  return put(c, key, v, error);
}

static rp_status copy_all(struct copy *c, rp_error *error) {
  RP_TRY(copy_arrays(c, error));
  RP_TRY(copy_documents(c, error));
  RP_TRY(rp_notes_copy(c->from, &c->sink, error));
  for (uint32_t i = 0; i < c->from->manifest.segment.n; i++) RP_TRY(copy_segment(c, i, error));
  return rp_db_commit(&c->sink.txn, error);
}

/* `*map_size` is what is to be mapped, then what was; the map was too small
 * where `*is_map_full`. */
static rp_status copy_to(rp_store *store, const char *path, size_t *map_size, bool *is_map_full, rp_error *error) {
  rp_db db = {0};
  struct copy c = {0};
  *is_map_full = false;
  RP_TRY(rp_db_open(&db, path, true, true, *map_size, error));
  *map_size = db.map_size;
  c.sink.db = &db;
  rp_status status = rp_snapshot_begin(store, &c.from, error);
  if (status == RP_OK) status = rp_db_begin(&db, true, &c.sink.txn, error);
  if (status == RP_OK) status = copy_all(&c, error);
  *is_map_full = c.sink.txn.is_map_full;
  rp_db_abort(&c.sink.txn);
  rp_snapshot_end(c.from);
  rp_db_close(&db);
  return status;
}

/* Who has `dest` open by now holds its lock. */
static rp_status fill(rp_store *store, const char *dest, rp_error *error) {
  char path[PATH_BYTES];
  size_t map_size = 0;
  if (!rp_folder_path(path, sizeof path, dest, 1)) return rp_fail_errno(error, ENAMETOOLONG, "cannot make '%s'", dest);
  for (;;) {
    bool is_map_full;
    size_t asked = map_size;
    rp_folder_sweep(dest, 0);
    RP_TRY(rp_folder_add(dest, 1, error));
    rp_status status = copy_to(store, path, &map_size, &is_map_full, error);
    if (status == RP_OK) return rp_folder_switch(dest, 1, error);
    if (!is_map_full || asked > map_size || map_size > SIZE_MAX / 2) return status;
    map_size *= 2;
  }
}

/* What a copy that was killed left may be in it. */
static rp_status check_free(const char *dest, rp_error *error) {
  rp_current current;
  if (rp_folder_current(dest, &current, NULL) != RP_ERR_NOT_FOUND)
    return rp_fail(error, RP_ERR_EXISTS, "'%s' holds an index already: a copy needs a folder of its own", dest);
  if (rp_folder_check_empty(dest, NULL) == RP_OK) return RP_OK;
  return rp_fail(error, RP_ERR_EXISTS, "'%s' is not empty: a copy needs a folder of its own", dest);
}

static rp_status sync_parent(const char *dest, rp_error *error) {
  char path[PATH_BYTES];
  size_t len = strlen(dest);
  while (len > 1 && dest[len - 1] == '/') len--;
  while (len > 0 && dest[len - 1] != '/') len--;
  if ((size_t)snprintf(path, sizeof path, "%.*s", len ? (int)len : 1, len ? dest : ".") >= sizeof path)
    return rp_fail_errno(error, ENAMETOOLONG, "cannot open '%s'", dest);
  return rp_folder_sync(path, error);
}

static rp_status measure(const char *dest, uint64_t *bytes, rp_error *error) {
  char file[PATH_BYTES];
  struct stat st;
  if ((size_t)snprintf(file, sizeof file, "%s/1/data.mdb", dest) >= sizeof file || stat(file, &st) != 0)
    return rp_fail_errno(error, errno, "cannot read '%s'", dest);
  *bytes = (uint64_t)st.st_size;
  return RP_OK;
}

rp_status rp_store_copy(rp_store *store, const char *dest, bool force_remote, uint64_t *bytes, rp_error *error) {
  bool is_made;
  int lock = -1;
  RP_TRY(rp_folder_make(dest, &is_made, error));
  rp_status status = check_free(dest, error);
  if (status == RP_OK && !force_remote) status = rp_folder_check_local(dest, error);
  if (status == RP_OK) status = rp_folder_lock(dest, false, &lock, error);
  if (status != RP_OK) {
    if (is_made) rmdir(dest);
    return status;
  }
  /* another copy may have been finished since */
  status = check_free(dest, error);
  bool is_ours = status == RP_OK;
  if (status == RP_OK) status = fill(store, dest, error);
  if (status == RP_OK && is_made) status = sync_parent(dest, error);
  if (status == RP_OK) status = measure(dest, bytes, error);
  if (status != RP_OK && is_ours) rp_folder_undo(dest, is_made);
  close(lock);
  return status;
}
