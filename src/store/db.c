#include "store/db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/mem.h"
#include "store/meta.h"

/* A slot is 64 bytes of lock.mdb and one open snapshot of any process: 4,096
 * are 16 processes of 256 threads. */
enum { MAX_READERS = 4096, MODE = 0660 };
enum { RESERVE = 16 << 20, RESERVE_PART = 4 };
#define WISHED_MAP (sizeof(size_t) > 4 ? (uint64_t)1 << 40 : (uint64_t)1 << 30)
#define LEAST_MAP ((size_t)1 << 20)

/* ---- failures ---------------------------------------------------------------------- */

static bool is_disk_full(const char *path, size_t need) {
  struct statvfs fs;
  if (statvfs(path, &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize < need) return true;
  struct rlimit limit;
  char file[4096];
  struct stat st;
  snprintf(file, sizeof file, "%s/data.mdb", path);
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && stat(file, &st) == 0 &&
         (uint64_t)st.st_size + need > limit.rlim_cur;
}

static rp_status fail(const rp_txn *txn, int rc, const char *doing, rp_error *error) {
  switch (rc) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_BAD_TXN:
    case MDB_CURSOR_FULL:
    case MDB_INCOMPATIBLE: return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged", txn->path);
    case MDB_VERSION_MISMATCH:
      return rp_fail(error, RP_ERR_VERSION, "'%s' is of another version of LMDB: index again", txn->path);
    case MDB_READERS_FULL:
      return rp_fail(error, RP_ERR_BUSY, "index '%s' has %d readers, and no room for more", txn->path, MAX_READERS);
    case MDB_MAP_FULL:
    case MDB_MAP_RESIZED:
      return rp_fail(error, RP_ERR_LIMIT, "index '%s' needs more address space than there is", txn->path);
    case MDB_PANIC:
      return rp_fail(error, RP_ERR_IO, "cannot go on with '%s' after a failure to write: open it again", txn->path);
    case EFBIG: return rp_fail_errno(error, ENOSPC, "cannot %s '%s'", doing, txn->path);
    case EIO:
      /* what LMDB makes of a write that was cut short */
      if (is_disk_full(txn->path, LEAST_MAP)) return rp_fail_errno(error, ENOSPC, "cannot %s '%s'", doing, txn->path);
      return rp_fail_errno(error, EIO, "cannot %s '%s'", doing, txn->path);
    default: break;
  }
  if (rc > 0) return rp_fail_errno(error, rc, "cannot %s '%s'", doing, txn->path);
  return rp_fail(error, RP_ERR_IO, "cannot %s '%s': %s", doing, txn->path, mdb_strerror(rc));
}

static rp_status fail_write(rp_txn *txn, int rc, const char *doing, rp_error *error) {
  if (rc == MDB_MAP_FULL) txn->is_map_full = true;
  return fail(txn, rc, doing, error);
}

/* ---- environments -------------------------------------------------------------------- */

/* Once an environment: what it sets is shared by all transactions. */
static int open_dbi(MDB_env *env, MDB_dbi *dbi) {
  MDB_txn *txn;
  int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
  if (rc) return rc;
  rc = mdb_dbi_open(txn, NULL, 0, dbi);
  mdb_txn_abort(txn);
  return rc;
}

static int try_open(rp_db *db, size_t map_size, unsigned flags) {
  MDB_env *env;
  int rc = mdb_env_create(&env);
  if (rc) return rc;
  rc = mdb_env_set_mapsize(env, map_size);
  if (!rc) rc = mdb_env_set_maxreaders(env, MAX_READERS);
  if (!rc) rc = mdb_env_open(env, db->path, flags, MODE);
  if (!rc) rc = open_dbi(env, &db->dbi);
  if (rc) {
    mdb_env_close(env);
    return rc;
  }
  db->env = env;
  db->map_size = map_size;
  return 0;
}

/* A reader who may not write lock.mdb cannot say that it reads; checksums tell
 * it when a writer has reused pages under it. */
static int open_with(rp_db *db, size_t map_size) {
  unsigned flags = MDB_NORDAHEAD | MDB_NOTLS;
  if (db->is_writable) return try_open(db, map_size, flags);
  int rc = try_open(db, map_size, flags | MDB_RDONLY);
  if (rc == EACCES || rc == EROFS || rc == EPERM) rc = try_open(db, map_size, flags | MDB_RDONLY | MDB_NOLOCK);
  return rc;
}

/* Linux says ENOMEM where a map does not fit into the addresses allowed; under
 * valgrind, and on systems with fewer address bits, it is EINVAL. */
static bool is_too_large(int rc) { return rc == ENOMEM || rc == EINVAL; }

/* `used` bytes must fit, `wished` should. */
static int open_bounded(rp_db *db, size_t used, size_t wished) {
  size_t size = WISHED_MAP;
  int rc = open_with(db, size);
  if (!is_too_large(rc)) return rc;
  db->is_bounded = true;
  while (is_too_large(rc) && size / 2 >= used && size / 2 >= LEAST_MAP) rc = open_with(db, size /= 2);
  if (rc) return rc;
  size_t half = size / 2;
  if (half < used || half < wished || half < LEAST_MAP) return 0;
  /* the other half is left to everything else that needs memory */
  mdb_env_close(db->env);
  db->env = NULL;
  return open_with(db, wished > half ? wished : half);
}

rp_status rp_db_open(rp_db *db, const char *path, bool is_writable, bool is_new, size_t map_size, rp_error *error) {
  char file[4096];
  size_t used = 0;
  if ((size_t)snprintf(file, sizeof file, "%s/data.mdb", path) >= sizeof file)
    return rp_fail_errno(error, ENAMETOOLONG, "cannot open '%s'", path);
  if (!is_new) RP_TRY(rp_meta_check(file, &used, error));
  *db = (rp_db){.is_writable = is_writable, .path = rp_memdup(path, strlen(path))};
  if (!db->path) return rp_fail_memory(error);
  rp_txn at = {.path = path};
  int rc = open_bounded(db, used, map_size);
  if (rc) {
    db->env = NULL;
    rp_db_close(db);
    return fail(&at, rc, "open", error);
  }
  return RP_OK;
}

void rp_db_close(rp_db *db) {
  if (db->env) mdb_env_close(db->env);
  rp_free(db->path);
  *db = (rp_db){0};
}

rp_status rp_db_grow(rp_db *db, rp_error *error) {
  size_t old = db->map_size, used = old;
  mdb_env_close(db->env);
  db->env = NULL;
  int rc = open_with(db, old <= SIZE_MAX / 2 ? old * 2 : SIZE_MAX);
  if (is_too_large(rc)) rc = open_with(db, old + old / 4);
  if (!rc) return RP_OK;
  int again = open_with(db, used);
  rp_txn at = {.path = db->path};
  if (again) return fail(&at, again, "open", error);
  return rp_fail(error, RP_ERR_FULL, "no address space for an index of more than %zu MB (ulimit -v)", old >> 20);
}

rp_status rp_db_reserve(rp_db *db, rp_error *error) {
  MDB_envinfo info;
  MDB_stat stat;
  if (!db->is_bounded || mdb_env_info(db->env, &info) || mdb_env_stat(db->env, &stat)) return RP_OK;
  size_t old = db->map_size, used = (info.me_last_pgno + 1) * stat.ms_psize;
  size_t wished = (used + used / RESERVE_PART + RESERVE) / LEAST_MAP * LEAST_MAP;
  if (wished <= old) return RP_OK;
  mdb_env_close(db->env);
  db->env = NULL;
  if (open_with(db, wished) == 0) return RP_OK;
  int rc = open_with(db, old);
  rp_txn at = {.path = db->path};
  return rc ? fail(&at, rc, "open", error) : RP_OK;
}

void rp_db_reap(rp_db *db) {
  int n_dead;
  (void)mdb_reader_check(db->env, &n_dead);
}

/* ---- transactions ---------------------------------------------------------------------- */

rp_status rp_db_begin(rp_db *db, bool is_write, rp_txn *out, rp_error *error) {
  *out = (rp_txn){.path = db->path};
  if (!db->env) return rp_fail(error, RP_ERR_IO, "index '%s' could not be opened again", db->path);
  int rc = mdb_txn_begin(db->env, NULL, is_write ? 0 : MDB_RDONLY, &out->txn);
  if (rc) {
    out->txn = NULL;
    out->is_map_full = rc == MDB_MAP_RESIZED;
    return fail(out, rc, is_write ? "write" : "read", error);
  }
  out->dbi = db->dbi;
  return RP_OK;
}

void rp_db_abort(rp_txn *txn) {
  if (txn->txn) mdb_txn_abort(txn->txn);
  txn->txn = NULL;
}

rp_status rp_db_commit(rp_txn *txn, rp_error *error) {
  int rc = mdb_txn_commit(txn->txn);
  txn->txn = NULL;
  return rc ? fail_write(txn, rc, "write", error) : RP_OK;
}

rp_status rp_db_get(const rp_txn *txn, rp_key key, rp_bytes *out, rp_error *error) {
  MDB_val k = {key.len, key.byte}, v;
  int rc = mdb_get(txn->txn, txn->dbi, &k, &v);
  if (rc == MDB_NOTFOUND) return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: a part is missing", txn->path);
  if (rc) return fail(txn, rc, "read", error);
  *out = (rp_bytes){v.mv_data, v.mv_size};
  return RP_OK;
}

rp_status rp_db_put(rp_txn *txn, rp_key key, const void *data, size_t len, rp_error *error) {
  MDB_val k = {key.len, key.byte}, v = {len, NULL};
  int rc = mdb_put(txn->txn, txn->dbi, &k, &v, MDB_RESERVE);
  if (rc) return fail_write(txn, rc, "write", error);
  if (len) memcpy(v.mv_data, data, len);
  return RP_OK;
}

rp_status rp_db_delete_all(rp_txn *txn, rp_key prefix, rp_error *error) {
  MDB_cursor *cursor;
  int rc = mdb_cursor_open(txn->txn, txn->dbi, &cursor);
  if (rc) return fail_write(txn, rc, "write", error);
  MDB_val k = {prefix.len, prefix.byte}, v;
  for (rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE); rc == 0;) {
    if (k.mv_size < prefix.len || memcmp(k.mv_data, prefix.byte, prefix.len) != 0) break;
    rc = mdb_cursor_del(cursor, 0);
    if (rc) break;
    k = (MDB_val){prefix.len, prefix.byte};
    rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
  }
  mdb_cursor_close(cursor);
  return rc == 0 || rc == MDB_NOTFOUND ? RP_OK : fail_write(txn, rc, "write", error);
}

static bool is_kind(const MDB_val *k, uint8_t kind) {
  return k->mv_size >= 5 && ((const uint8_t *)k->mv_data)[0] == kind;
}

/* Where an inner page is damaged LMDB may find what was not asked for, again and
 * again. */
static rp_status astray(const rp_txn *txn, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its keys are not in order", txn->path);
}

rp_status rp_db_get_at_most(const rp_txn *txn, uint8_t kind, uint32_t number, uint32_t *found, rp_bytes *out,
                            rp_error *error) {
  rp_key key = rp_key_chunk(kind, number);
  MDB_cursor *cursor;
  int rc = mdb_cursor_open(txn->txn, txn->dbi, &cursor);
  if (rc) return fail(txn, rc, "read", error);
  MDB_val k = {key.len, key.byte}, v;
  rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
  if (rc == MDB_NOTFOUND)
    rc = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
  else if (rc == 0 && (k.mv_size != key.len || memcmp(k.mv_data, key.byte, key.len) != 0))
    rc = mdb_cursor_get(cursor, &k, &v, MDB_PREV);
  mdb_cursor_close(cursor);
  if (rc == MDB_NOTFOUND || (rc == 0 && !is_kind(&k, kind))) return RP_ERR_NOT_FOUND;
  if (rc) return fail(txn, rc, "read", error);
  *found = rp_key_get32((const uint8_t *)k.mv_data + 1);
  if (*found > number) return astray(txn, error);
  *out = (rp_bytes){v.mv_data, v.mv_size};
  return RP_OK;
}

rp_status rp_db_get_at_least(const rp_txn *txn, uint8_t kind, uint32_t number, uint32_t *found, rp_bytes *out,
                             rp_error *error) {
  rp_key key = rp_key_chunk(kind, number);
  MDB_cursor *cursor;
  int rc = mdb_cursor_open(txn->txn, txn->dbi, &cursor);
  if (rc) return fail(txn, rc, "read", error);
  MDB_val k = {key.len, key.byte}, v;
  rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
  mdb_cursor_close(cursor);
  if (rc == MDB_NOTFOUND || (rc == 0 && !is_kind(&k, kind))) return RP_ERR_NOT_FOUND;
  if (rc) return fail(txn, rc, "read", error);
  *found = rp_key_get32((const uint8_t *)k.mv_data + 1);
  if (*found < number) return astray(txn, error);
  *out = (rp_bytes){v.mv_data, v.mv_size};
  return RP_OK;
}
