/* Writes what is alive into the next numbered folder and makes that the
 * current one.  Numbers stay; rows, signatures and payloads of the dead do
 * not, so that a purged text is in no file of the store. */
#include <errno.h>
#include <string.h>

#include "store/note.h"
#include "store/rewrite.h"

/* Payload bytes that are gathered before they are compressed; dead documents
 * in a row that end a group. */
enum { GATHER = 8 << 20, GAP = 64, ROWS = RP_ROW_CHUNK * 8, PATH_BYTES = 4096 };

struct compact {
  rp_snapshot *old;
  rp_sink sink;
  rp_manifest manifest;
  unsigned n_thread;
};

/* ---- arrays -------------------------------------------------------------------------- */

struct elements {
  rp_row row[ROWS];
  const uint8_t *signature[ROWS];
};

static void put_row(void *user, size_t i, uint8_t *out) { rp_row_write(&((struct elements *)user)->row[i], out); }

static void put_signature(void *user, size_t i, uint8_t *out) {
  const uint8_t *signature = ((struct elements *)user)->signature[i];
  if (signature) memcpy(out, signature, RP_STORE_SIGNATURE);
}

static rp_status copy_arrays(struct compact *c, struct elements *e, rp_error *error) {
  uint32_t n_all = c->old->manifest.n_number;
  for (uint32_t at = 0, n; at < n_all; at += n) {
    n = n_all - at < ROWS ? n_all - at : ROWS;
    for (uint32_t i = 0; i < n; i++) {
      e->row[i] = (rp_row){0};
      e->signature[i] = NULL;
      if (!rp_snapshot_is_live(c->old, at + i)) continue;
      RP_TRY(rp_snapshot_row(c->old, at + i, &e->row[i], error));
      RP_TRY(rp_snapshot_signature(c->old, at + i, &e->signature[i], error));
    }
    rp_array_append rows = {&c->sink.txn, RP_KIND_ROW, RP_ROW_CHUNK, RP_ROW_BYTES, at, n, put_row, e};
    RP_TRY(rp_array_append_all(&rows, error));
    rp_array_append signatures = {
        &c->sink.txn, RP_KIND_SIGNATURE, RP_SIGNATURE_CHUNK, RP_STORE_SIGNATURE, at, n, put_signature, e};
    RP_TRY(rp_array_append_all(&signatures, error));
    RP_TRY(rp_sink_flush(&c->sink, n * (size_t)(RP_ROW_BYTES + RP_STORE_SIGNATURE), error));
  }
  return RP_OK;
}

static rp_status copy_tombstones(struct compact *c, rp_error *error) {
  uint32_t n = c->old->manifest.n_number;
  for (uint32_t i = 0; i < rp_manifest_chunks(n, RP_TOMBSTONE_CHUNK); i++) {
    rp_bytes v;
    RP_TRY(rp_db_get(&c->old->txn, rp_key_chunk(RP_KIND_TOMBSTONE, i), &v, error));
    RP_TRY(rp_db_put(&c->sink.txn, rp_key_chunk(RP_KIND_TOMBSTONE, i), v.data, v.len, error));
  }
  return RP_OK;
}

static rp_status copy_publishers(struct compact *c, rp_error *error) {
  rp_publishers p = {0};
  rp_status status = rp_publishers_load(&p, &c->old->txn, c->old->manifest.n_publisher, error);
  if (status == RP_OK) status = rp_publishers_save(&p, 0, &c->sink.txn, error);
  rp_publishers_release(&p);
  return status;
}

/* ---- documents ------------------------------------------------------------------------ */

struct gather {
  RP_VEC(rp_str) payload;
  uint32_t first;
  size_t bytes;
  size_t n_dead; /* in a row at the end */
  rp_arena arena;
};

static rp_status write_gathered(struct compact *c, struct gather *g, rp_error *error) {
  uint64_t before = c->manifest.document_bytes;
  g->payload.n -= g->n_dead;
  rp_documents_write job = {&c->sink.txn, g->payload.data, g->payload.n, g->first, c->n_thread};
  if (job.n) RP_TRY(rp_documents_write_all(&job, &c->manifest.document_bytes, error));
  rp_vec_clear(&g->payload);
  g->bytes = g->n_dead = 0;
  rp_arena_clear(&g->arena, GATHER);
  return rp_sink_flush(&c->sink, (size_t)(c->manifest.document_bytes - before), error);
}

static rp_status copy_documents(struct compact *c, struct gather *g, rp_error *error) {
  for (uint32_t doc = 0; doc < c->old->manifest.n_number; doc++) {
    rp_str payload = {"", 0};
    bool is_live = rp_snapshot_is_live(c->old, doc);
    if (!is_live && g->payload.n == 0) continue;
    if (is_live) RP_TRY(rp_snapshot_payload(c->old, doc, &g->arena, &payload, error));
    if (g->payload.n == 0) g->first = doc;
    if (!rp_vec_push(&g->payload, payload)) return rp_fail_memory(error);
    g->n_dead = is_live ? 0 : g->n_dead + 1;
    g->bytes += payload.len;
    if (g->bytes >= GATHER || g->n_dead >= GAP) RP_TRY(write_gathered(c, g, error));
  }
  return write_gathered(c, g, error);
}

/* ---- all of it --------------------------------------------------------------------------- */

static rp_status copy(struct compact *c, rp_error *error) {
  const rp_manifest *old = &c->old->manifest;
  struct elements *e = rp_malloc(sizeof *e);
  rp_status status = e ? copy_arrays(c, e, error) : rp_fail_memory(error);
  rp_free(e);
  if (status != RP_OK) return status;
  RP_TRY(copy_tombstones(c, error));
  RP_TRY(copy_publishers(c, error));
  struct gather g = {.first = 0};
  status = copy_documents(c, &g, error);
  rp_vec_release(&g.payload);
  rp_arena_release(&g.arena);
  if (status != RP_OK) return status;
  RP_TRY(rp_notes_copy(c->old, &c->sink, error));
  if (old->segment.n) {
    rp_merge_job job = {c->old, 0, old->segment.n, 0, c->n_thread};
    rp_segment_info info;
    uint64_t n_entry = 0;
    RP_TRY(rp_merge_write(&job, &c->sink, &info, error));
    for (int t = 0; t < RP_N_TABLE; t++) n_entry += info.n_entry[t];
    if (n_entry && !rp_vec_push(&c->manifest.segment, info)) return rp_fail_memory(error);
  }
  c->manifest.version = old->version + 1;
  c->manifest.n_number = old->n_number;
  c->manifest.n_dead = old->n_dead;
  c->manifest.n_gone = old->n_dead;
  c->manifest.n_publisher = old->n_publisher;
  c->manifest.next_segment = 1;
  memcpy(c->manifest.counter, old->counter, sizeof old->counter);
  memcpy(c->manifest.stream, old->stream, sizeof old->stream);
  RP_TRY(rp_store_write_head(&c->sink.txn, rp_store_settings(c->old->store), &c->manifest, error));
  return rp_db_commit(&c->sink.txn, error);
}

static rp_status copy_to(rp_store *store, const char *path, size_t map_size, unsigned n_thread, bool *is_map_full,
                         size_t *mapped, rp_error *error) {
  rp_db db = {0};
  struct compact c = {.n_thread = n_thread};
  *is_map_full = false;
  RP_TRY(rp_db_open(&db, path, true, true, map_size, error));
  c.sink.db = &db;
  *mapped = db.map_size;
  rp_status status = rp_snapshot_begin(store, &c.old, error);
  if (status == RP_OK) status = rp_db_begin(&db, true, &c.sink.txn, error);
  if (status == RP_OK) {
    status = copy(&c, error);
    *is_map_full = c.sink.txn.is_map_full;
    rp_db_abort(&c.sink.txn);
  }
  rp_snapshot_end(c.old);
  rp_manifest_release(&c.manifest);
  rp_db_close(&db);
  return status;
}

static rp_status write_next(rp_store *store, uint32_t number, unsigned n_thread, rp_error *error) {
  char path[PATH_BYTES];
  size_t map_size = 0;
  if (!rp_folder_path(path, sizeof path, store->dir, number))
    return rp_fail_errno(error, ENAMETOOLONG, "cannot make '%s'", store->dir);
  for (;;) {
    bool is_map_full;
    size_t mapped;
    RP_TRY(rp_folder_add(store->dir, number, error));
    rp_status status = copy_to(store, path, map_size, n_thread, &is_map_full, &mapped, error);
    if (status == RP_OK) status = rp_folder_switch(store->dir, number, error);
    if (status == RP_OK) return RP_OK;
    rp_folder_sweep(store->dir, number - 1);
    if (!is_map_full || map_size > mapped || mapped > SIZE_MAX / 2) return status;
    map_size = mapped * 2;
  }
}

rp_status rp_store_compact(rp_store *store, unsigned n_thread, rp_error *error) {
  bool is_mine;
  RP_TRY(rp_store_hold(store, &is_mine, error));
  uint32_t number = store->place->current.number;
  rp_status status = number == UINT32_MAX ? rp_fail(error, RP_ERR_LIMIT, "index '%s' has no numbers left", store->dir)
                                          : write_next(store, number + 1, n_thread, error);
  if (status == RP_OK) {
    status = rp_store_renew(store, error);
    /* the lock says that the place at hand is the current one */
    if (status != RP_OK)
      rp_store_unlock(store);
    else
      rp_folder_sweep(store->dir, number + 1);
  }
  if (is_mine) rp_store_unlock(store);
  return status;
}
