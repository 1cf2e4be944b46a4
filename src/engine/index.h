/* index.h - what the parts of the engine share: an open index, a context, and
 * an article together with its words. */
#ifndef RP_ENGINE_INDEX_H
#define RP_ENGINE_INDEX_H

#include "base/arena.h"
#include "base/err.h"
#include "engine/document.h"
#include "engine/group_of.h"
#include "sketch/sketch.h"
#include "store/store.h"

struct rp_index {
  rp_store *store;
  rp_index_params params;
  bool is_writable;
};

struct rp_ctx {
  rp_index *index; /* NULL: comparisons of given articles alone */
  rp_arena arena;  /* lives until the next call with this context */
  rp_arena shelf;  /* so does this: documents that a query reads (shelf.h) */
  rp_group_of groups;
};

/* Counters of the store's manifest. */
enum { RP_COUNTER_WORD = 0, RP_COUNTER_COUNTED = 1, RP_COUNTER_TEXT = 2, RP_COUNTER_UNDATED = 3 };

/* Finds the live document whose id is `id` (else RP_ERR_NOT_FOUND).  The
 * document's strings live in `arena`. */
RP_CHECKED rp_status rp_index_find_id(rp_snapshot *snapshot, rp_str id, rp_arena *arena, uint32_t *number,
                                      rp_document *out, rp_error *error);
/* The same by id, else by URL. */
RP_CHECKED rp_status rp_index_find(rp_snapshot *snapshot, rp_str id_or_url, rp_arena *arena, uint32_t *number,
                                   rp_document *out, rp_error *error);
/* Reads document `number` into `arena`. */
RP_CHECKED rp_status rp_index_read(rp_snapshot *snapshot, uint32_t number, rp_arena *arena, rp_document *out,
                                   rp_error *error);

/* Minutes of a row; RP_ROW_UNDATED in both where the date is unknown. */
void rp_index_row_date(rp_date date, int32_t *earliest, int32_t *latest);

/* Frees what the context holds of its last answer. */
void rp_ctx_begin(rp_ctx *ctx);

#endif
