/* publisher.h - publisher keys and their numbers, which are given in the order
 * of arrival and never change. */
#ifndef RP_STORE_PUBLISHER_H
#define RP_STORE_PUBLISHER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "store/db.h"

enum { RP_PUBLISHER_MAX = 65535 /* bytes of a key */ };

/* ---- reading ---------------------------------------------------------------- */

typedef struct rp_publisher_list {
  uint32_t n;
  const uint8_t **chunk;
} rp_publisher_list;

/* Verifies all of them; they stay where they are in the map. */
RP_CHECKED rp_status rp_publisher_list_open(const rp_txn *txn, uint32_t n, rp_arena *arena, rp_publisher_list *out,
                                            rp_error *error);
/* Empty for 0 and for numbers > n. */
rp_str rp_publisher_list_get(const rp_publisher_list *list, uint32_t number);

/* ---- writing ---------------------------------------------------------------- */

typedef struct rp_publishers {
  rp_map map; /* hash of a key -> number */
  rp_buf bytes;
  RP_VEC(size_t) end; /* of each key in `bytes` */
} rp_publishers;

void rp_publishers_release(rp_publishers *p);
RP_CHECKED rp_status rp_publishers_load(rp_publishers *p, const rp_txn *txn, uint32_t n, rp_error *error);
/* The number of a key, which is given one where it has none; 0 for the empty one. */
RP_CHECKED rp_status rp_publishers_number(rp_publishers *p, rp_str key, uint32_t *out, rp_error *error);
/* Writes the chunks that hold the publishers after the first `n_old`. */
RP_CHECKED rp_status rp_publishers_save(const rp_publishers *p, uint32_t n_old, rp_txn *txn, rp_error *error);

#endif
