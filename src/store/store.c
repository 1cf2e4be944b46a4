#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "store/inside.h"
#include "store/page.h"
#include "store/record.h"

enum { PATH_BYTES = 4096, ATTEMPTS = 100, HEADER_FIXED = 16 };

/* ---- header -------------------------------------------------------------------------- */

rp_status rp_store_write_head(rp_txn *txn, rp_str settings, const rp_manifest *manifest, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add(&buf, RP_MAGIC, 8);
  rp_buf_add32(&buf, RP_FORMAT_VERSION);
  rp_buf_add32(&buf, RP_BYTE_ORDER_MARK);
  rp_buf_add_str(&buf, settings);
  rp_record_seal(&buf);
  rp_status status =
      buf.failed ? rp_fail_memory(error) : rp_db_put(txn, rp_key_of(RP_KIND_HEADER), buf.data, buf.len, error);
  rp_buf_release(&buf);
  return status == RP_OK ? rp_manifest_write(txn, manifest, error) : status;
}

/* The magic and the version come first and stay where they are in every
 * version, so they are looked at before the checksum. */
static rp_status check_head(const char *dir, const rp_txn *txn, rp_str *settings, rp_error *error) {
  rp_bytes v;
  size_t len;
  RP_TRY(rp_db_get(txn, rp_key_of(RP_KIND_HEADER), &v, error));
  if (v.len < HEADER_FIXED || memcmp(v.data, RP_MAGIC, 8) != 0)
    return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its header is not what was written", dir);
  bool is_sound = rp_record_data_len(v.len, &len) && rp_record_is_all_good(v.data, len);
  uint32_t version = rp_load32(v.data + 8);
  if (version != RP_FORMAT_VERSION && (is_sound || version < 1000))
    return rp_fail(error, RP_ERR_VERSION, "index '%s' has format %u, this program reads %d: index again", dir,
                   (unsigned)version, RP_FORMAT_VERSION);
  if (!is_sound)
    return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its header is not what was written", dir);
  if (rp_load32(v.data + 12) != RP_BYTE_ORDER_MARK)
    return rp_fail(error, RP_ERR_VERSION, "index '%s' is of another byte order: index again", dir);
  rp_reader_bytes r = {v.data + HEADER_FIXED, v.data + len, false};
  *settings = rp_read_str(&r);
  if (r.failed) return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its header is not what was written", dir);
  return RP_OK;
}

/* ---- places ---------------------------------------------------------------------------- */

static void free_place(rp_place *place) {
  if (!place) return;
  rp_db_close(&place->db);
  rp_free(place);
}

/* Opens what `current` names; a compaction may exchange it meanwhile, then the
 * next one is tried. */
static rp_status open_place(rp_store *store, rp_place **out, rp_error *error) {
  rp_place *place = rp_calloc(1, sizeof *place);
  if (!place) return rp_fail_memory(error);
  rp_status status = RP_OK;
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    char path[PATH_BYTES];
    RP_TRY_OUT(rp_folder_current(store->dir, &place->current, error));
    if (!rp_folder_path(path, sizeof path, store->dir, place->current.number)) {
      status = rp_fail_errno(error, ENAMETOOLONG, "cannot open '%s'", store->dir);
      goto out;
    }
    status = rp_db_open(&place->db, path, store->is_writable, false, 0, error);
    if (rp_folder_is_current(store->dir, &place->current)) break;
    rp_db_close(&place->db);
    sched_yield();
  }
  if (status == RP_ERR_NOT_FOUND)
    status =
        rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: the folder that 'current' names is missing", store->dir);
  if (status == RP_OK && !place->db.env)
    status = rp_fail(error, RP_ERR_BUSY, "index '%s' is exchanged again and again", store->dir);
out:
  if (status == RP_OK)
    *out = place;
  else
    free_place(place);
  return status;
}

static void retire(rp_store *store, rp_place *fresh) {
  rp_place *old = store->place;
  store->place = fresh;
  if (!old) return;
  old->is_old = true;
  if (old->n_snapshot == 0) free_place(old);
}

/* The mutex is held.  Numbers only rise, so one number is one file, which must
 * not be opened twice. */
static rp_status renew(rp_store *store, rp_error *error) {
  rp_current current;
  RP_TRY(rp_folder_current(store->dir, &current, error));
  if (current.number == store->place->current.number) {
    store->place->current = current;
    return RP_OK;
  }
  rp_place *fresh;
  RP_TRY(open_place(store, &fresh, error));
  retire(store, fresh);
  return RP_OK;
}

rp_status rp_store_renew(rp_store *store, rp_error *error) {
  pthread_mutex_lock(&store->mutex);
  rp_status status = renew(store, error);
  pthread_mutex_unlock(&store->mutex);
  return status;
}

/* The mutex is held. */
static rp_status grow(rp_place *place, rp_error *error) {
  if (place->n_snapshot > 0)
    return rp_fail(error, RP_ERR_BUSY, "index '%s' has outgrown its address space while it is being read",
                   place->db.path);
  return rp_db_grow(&place->db, error);
}

static rp_status begin(rp_place *place, bool is_write, rp_txn *txn, rp_error *error) {
  for (;;) {
    rp_status status = rp_db_begin(&place->db, is_write, txn, error);
    if (status == RP_OK || !txn->is_map_full) return status;
    RP_TRY(grow(place, error));
  }
}

rp_status rp_store_begin(rp_store *store, rp_place **place, rp_txn *txn, rp_error *error) {
  *txn = (rp_txn){0};
  pthread_mutex_lock(&store->mutex);
  /* who holds the lock is the only one to exchange it */
  bool is_stale = store->lock < 0 && !rp_folder_is_current(store->dir, &store->place->current);
  rp_status status = is_stale ? renew(store, error) : RP_OK;
  if (status == RP_OK) status = begin(store->place, false, txn, error);
  if (status == RP_OK) {
    *place = store->place;
    store->place->n_snapshot++;
  }
  pthread_mutex_unlock(&store->mutex);
  return status;
}

void rp_store_leave(rp_store *store, rp_place *place) {
  pthread_mutex_lock(&store->mutex);
  place->n_snapshot--;
  if (place->is_old && place->n_snapshot == 0) free_place(place);
  pthread_mutex_unlock(&store->mutex);
}

rp_status rp_store_begin_write(rp_store *store, rp_txn *txn, rp_error *error) {
  pthread_mutex_lock(&store->mutex);
  rp_status status = begin(store->place, true, txn, error);
  pthread_mutex_unlock(&store->mutex);
  return status;
}

rp_status rp_store_grow(rp_store *store, rp_error *error) {
  pthread_mutex_lock(&store->mutex);
  rp_status status = grow(store->place, error);
  pthread_mutex_unlock(&store->mutex);
  return status;
}

rp_status rp_store_reserve(rp_store *store, rp_error *error) {
  pthread_mutex_lock(&store->mutex);
  rp_status status = store->place->n_snapshot ? RP_OK : rp_db_reserve(&store->place->db, error);
  pthread_mutex_unlock(&store->mutex);
  return status;
}

bool rp_store_is_bounded(const rp_store *store) { return store->place->db.is_bounded; }

/* ---- opening ----------------------------------------------------------------------------- */

static rp_status fill_new(const char *dir, rp_str settings, rp_error *error) {
  char path[PATH_BYTES];
  rp_db db = {0};
  rp_txn txn = {0};
  const rp_manifest empty = {0};
  rp_folder_sweep(dir, 0);
  RP_TRY(rp_folder_add(dir, 1, error));
  if (!rp_folder_path(path, sizeof path, dir, 1)) return rp_fail_errno(error, ENAMETOOLONG, "cannot make '%s'", dir);
  RP_TRY(rp_db_open(&db, path, true, true, 0, error));
  rp_status status = rp_db_begin(&db, true, &txn, error);
  if (status == RP_OK) status = rp_store_write_head(&txn, settings, &empty, error);
  if (status == RP_OK) status = rp_db_commit(&txn, error);
  rp_db_abort(&txn);
  rp_db_close(&db);
  return status == RP_OK ? rp_folder_switch(dir, 1, error) : status;
}

/* Who creates holds the lock; another who came first has done it. */
static rp_status create(const char *dir, const rp_store_options *options, rp_error *error) {
  bool is_made;
  int lock = -1;
  RP_TRY(rp_folder_make(dir, &is_made, error));
  rp_status status = options->force_remote ? RP_OK : rp_folder_check_local(dir, error);
  if (status == RP_OK) status = rp_folder_check_empty(dir, error);
  if (status == RP_OK) status = rp_folder_lock(dir, options->wait, &lock, error);
  if (status == RP_OK) {
    rp_current current;
    rp_status there = rp_folder_current(dir, &current, NULL);
    if (there == RP_ERR_NOT_FOUND) status = rp_folder_check_empty(dir, error);
    if (there == RP_ERR_NOT_FOUND && status == RP_OK) {
      status = fill_new(dir, options->settings, error);
      if (status != RP_OK) rp_folder_sweep(dir, 0);
    }
  }
  if (status != RP_OK && lock >= 0 && is_made) {
    char path[PATH_BYTES];
    if ((size_t)snprintf(path, sizeof path, "%s/writer", dir) < sizeof path) unlink(path);
  }
  if (lock >= 0) close(lock);
  if (status != RP_OK && is_made) rmdir(dir);
  return status;
}

static rp_status find_or_create(const char *dir, const rp_store_options *options, rp_error *error) {
  rp_current current;
  rp_status status = rp_folder_current(dir, &current, error);
  if (status != RP_ERR_NOT_FOUND) return status;
  if (options->create) return create(dir, options, error);
  if (access(dir, F_OK) != 0) return rp_fail(error, RP_ERR_NOT_FOUND, "there is no index '%s'", dir);
  return rp_fail(error, RP_ERR_NOT_INDEX, "'%s' is not an index", dir);
}

static rp_status read_settings(rp_store *store, rp_error *error) {
  rp_txn txn;
  rp_place *place;
  rp_str settings;
  RP_TRY(rp_store_begin(store, &place, &txn, error));
  rp_status status = check_head(store->dir, &txn, &settings, error);
  if (status == RP_OK) {
    store->settings = rp_memdup(settings.data, settings.len);
    store->settings_len = settings.len;
    if (!store->settings) status = rp_fail_memory(error);
  }
  rp_db_abort(&txn);
  rp_store_leave(store, place);
  return status;
}

rp_status rp_store_open(const char *dir, const rp_store_options *options, rp_store **out, rp_error *error) {
  RP_TRY(find_or_create(dir, options, error));
  if (!options->force_remote) RP_TRY(rp_folder_check_local(dir, error));
  rp_store *store = rp_calloc(1, sizeof *store);
  if (!store) return rp_fail_memory(error);
  rp_status status = RP_OK;
  store->lock = store->job_lock = -1;
  store->is_writable = options->write;
  store->is_waiting = options->wait;
  if (pthread_mutex_init(&store->mutex, NULL) != 0) {
    rp_free(store);
    return rp_fail_memory(error);
  }
  store->dir = rp_memdup(dir, strlen(dir));
  if (!store->dir) status = rp_fail_memory(error);
  if (status == RP_OK) status = open_place(store, &store->place, error);
  if (status == RP_OK) status = read_settings(store, error);
  if (status == RP_OK)
    *out = store;
  else
    rp_store_close(store);
  return status;
}

void rp_store_close(rp_store *store) {
  if (!store) return;
  rp_store_unlock(store);
  rp_store_unlock_job(store);
  free_place(store->place);
  pthread_mutex_destroy(&store->mutex);
  rp_publishers_release(&store->publishers);
  rp_free(store->settings);
  rp_free(store->dir);
  rp_free(store);
}

rp_str rp_store_settings(const rp_store *store) { return (rp_str){store->settings, store->settings_len}; }

/* ---- the writer's lock ---------------------------------------------------------------------- */

rp_status rp_store_sweep(rp_txn *txn, const rp_manifest *manifest, rp_error *error) {
  uint32_t number = 0, found;
  rp_bytes v;
  for (;;) {
    rp_status status = rp_db_get_at_least(txn, RP_KIND_SEGMENT, number, &found, &v, error);
    if (status == RP_ERR_NOT_FOUND) return RP_OK;
    if (status != RP_OK) return status;
    bool is_named = false;
    for (size_t i = 0; i < manifest->segment.n; i++) is_named |= manifest->segment.data[i].number == found;
    if (!is_named) RP_TRY(rp_db_delete_all(txn, rp_key_chunk(RP_KIND_SEGMENT, found), error));
    if (found == UINT32_MAX) return RP_OK;
    number = found + 1;
  }
}

/* Looking comes first: a transaction that writes nothing costs nothing, but one
 * that takes LMDB's lock waits for a process that was stopped in the middle. */
static rp_status tidy_up(rp_store *store, rp_error *error) {
  rp_txn txn;
  rp_manifest manifest = {0};
  rp_folder_sweep(store->dir, store->place->current.number);
  rp_db_reap(&store->place->db);
  RP_TRY(rp_store_begin_write(store, &txn, error));
  rp_status status = rp_manifest_read(&txn, &manifest, error);
  if (status == RP_OK) status = rp_store_sweep(&txn, &manifest, error);
  if (status == RP_OK) status = rp_db_commit(&txn, error);
  rp_db_abort(&txn);
  rp_manifest_release(&manifest);
  return status;
}

/* LMDB's own pages, by whoever writes, once: from a list of free pages that is
 * damaged a writer would take what is in use, and write over it. */
static rp_status look_at_pages(rp_store *store, rp_error *error) {
  rp_findings findings;
  rp_txn txn;
  rp_place *place;
  bool is_readable;
  if (store->place->is_looked_at) return RP_OK;
  RP_TRY(rp_store_begin(store, &place, &txn, error));
  rp_findings_init(&findings);
  /* nobody else writes */
  rp_status status = rp_pages_check(&txn, RP_PAGES_OF_TREES, &findings, &is_readable, error);
  if (status == RP_OK && findings.list.n)
    status = rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: %s", store->dir, findings.list.data[0].message);
  place->is_looked_at = status == RP_OK;
  rp_findings_release(&findings);
  rp_db_abort(&txn);
  rp_store_leave(store, place);
  return status;
}

static void set_lock(rp_store *store, int lock) {
  pthread_mutex_lock(&store->mutex);
  store->lock = lock;
  pthread_mutex_unlock(&store->mutex);
}

rp_status rp_store_lock(rp_store *store, rp_error *error) {
  if (store->lock >= 0) return RP_OK;
  if (!store->is_writable) return rp_fail(error, RP_ERR_ARGUMENT, "index '%s' was opened for reading", store->dir);
  int lock;
  RP_TRY(rp_folder_lock(store->dir, store->is_waiting, &lock, error));
  rp_status status = RP_OK;
  if (!rp_folder_is_current(store->dir, &store->place->current)) status = rp_store_renew(store, error);
  if (status == RP_OK) {
    set_lock(store, lock);
    status = look_at_pages(store, error);
    if (status == RP_OK) status = tidy_up(store, error);
    if (status == RP_OK) return RP_OK;
  }
  set_lock(store, -1);
  close(lock);
  return status;
}

void rp_store_unlock(rp_store *store) {
  if (store->lock < 0) return;
  int lock = store->lock;
  set_lock(store, -1);
  close(lock);
  rp_publishers_release(&store->publishers);
  store->has_publishers = false;
}

rp_status rp_store_hold(rp_store *store, bool *is_mine, rp_error *error) {
  *is_mine = store->lock < 0;
  return rp_store_lock(store, error);
}

/* ---- the lock of a job ------------------------------------------------------------------------ */

rp_status rp_store_lock_job(rp_store *store, bool wait, rp_error *error) {
  if (store->job_lock >= 0) return RP_OK;
  if (!store->is_writable) return rp_fail(error, RP_ERR_ARGUMENT, "index '%s' was opened for reading", store->dir);
  return rp_folder_lock_job(store->dir, wait, &store->job_lock, error);
}

void rp_store_unlock_job(rp_store *store) {
  if (store->job_lock >= 0) close(store->job_lock);
  store->job_lock = -1;
}
