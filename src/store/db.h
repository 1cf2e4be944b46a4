/* db.h - the one door to LMDB: environments that grow, transactions, values.
 *
 * An environment is opened with a map of 1 TB, which costs address space and
 * nothing else.  Where so much is not to be had (32 bits, ulimit -v), half of
 * what can be had is taken and the environment is opened again with more when
 * a transaction needs it. */
#ifndef RP_STORE_DB_H
#define RP_STORE_DB_H

#include <lmdb.h>
#include <stdbool.h>

#include "base/err.h"
#include "store/format.h"

typedef struct rp_db {
  MDB_env *env; /* NULL: not open */
  MDB_dbi dbi;
  char *path; /* of the folder that holds data.mdb */
  size_t map_size;
  bool is_writable;
  bool is_bounded; /* the map is smaller than was wished for */
} rp_db;

/* A transaction and its place in messages. */
typedef struct rp_txn {
  MDB_txn *txn; /* NULL: none */
  MDB_dbi dbi;
  const char *path;
  bool is_map_full; /* something failed because the map is too small */
} rp_txn;

typedef struct rp_bytes {
  const uint8_t *data;
  size_t len;
} rp_bytes;

/* `path` is copied.  Unless `is_new`, data.mdb must be there and is looked at
 * before LMDB sees it (meta.h).  At least `map_size` bytes are mapped where
 * that is possible; 0: as the file needs. */
RP_CHECKED rp_status rp_db_open(rp_db *db, const char *path, bool is_writable, bool is_new, size_t map_size,
                                rp_error *error);
/* No transaction may be open. */
void rp_db_close(rp_db *db);
/* Closes and opens with a larger map; RP_ERR_FULL where there is no room for
 * one.  No transaction may be open. */
RP_CHECKED rp_status rp_db_grow(rp_db *db, rp_error *error);
/* Makes room in a bounded map for a part of the file's size and some megabytes
 * more, for who will write while nothing can be opened again.  Where so much is
 * not to be had the map stays as it is.  No transaction may be open. */
RP_CHECKED rp_status rp_db_reserve(rp_db *db, rp_error *error);

/* A transaction that needs a larger map than there is fails with RP_ERR_LIMIT
 * and `is_map_full`: another process has made the file grow. */
RP_CHECKED rp_status rp_db_begin(rp_db *db, bool is_write, rp_txn *out, rp_error *error);
void rp_db_abort(rp_txn *txn);
/* Durable when it returns RP_OK; else nothing was written. */
RP_CHECKED rp_status rp_db_commit(rp_txn *txn, rp_error *error);

/* RP_ERR_DAMAGED where it is not there: only what a manifest names is asked
 * for.  Borrowed from the transaction (of a writing one: until it writes). */
RP_CHECKED rp_status rp_db_get(const rp_txn *txn, rp_key key, rp_bytes *out, rp_error *error);
RP_CHECKED rp_status rp_db_put(rp_txn *txn, rp_key key, const void *data, size_t len, rp_error *error);
/* Deletes all keys that begin with `prefix`; none is no failure. */
RP_CHECKED rp_status rp_db_delete_all(rp_txn *txn, rp_key prefix, rp_error *error);
/* The last key of kind `kind` whose number (bytes 1 to 4) is <= `number`;
 * RP_ERR_NOT_FOUND, without a message, where there is none. */
RP_CHECKED rp_status rp_db_get_at_most(const rp_txn *txn, uint8_t kind, uint32_t number, uint32_t *found, rp_bytes *out,
                                       rp_error *error);
/* The first key of kind `kind` whose number is >= `number`; the same. */
RP_CHECKED rp_status rp_db_get_at_least(const rp_txn *txn, uint8_t kind, uint32_t number, uint32_t *found,
                                        rp_bytes *out, rp_error *error);
/* Gives the slots of readers that died back. */
void rp_db_reap(rp_db *db);

#endif
