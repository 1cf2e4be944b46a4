#include "engine/index.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "engine/run.h"
#include "engine/settings.h"

enum { KEEP_BYTES = 16 << 20 }; /* scratch memory a context keeps between calls */

const char *rp_version(void) { return RP_VERSION; }

rp_status rp_index_open(const char *dir, const rp_open_options *options, rp_index **out, rp_error *error) {
  assert(dir && out);
  rp_open_options defaults = {.size = sizeof defaults};
  if (!options) options = &defaults;
  rp_index_params params = options->params;
  rp_buf settings;
  rp_buf_init(&settings);
  rp_status status;
  rp_index *index = rp_calloc(1, sizeof *index);
  if (!index) {
    status = rp_fail_memory(error);
    goto out;
  }
  RP_TRY_OUT(rp_settings_complete(&params, error));
  if (options->mode == RP_OPEN_CREATE) RP_TRY_OUT(rp_settings_encode(&params, &settings, error));
  rp_store_options store_options = {
      .create = options->mode == RP_OPEN_CREATE,
      .write = options->mode != RP_OPEN_READ,
      .wait = options->wait,
      .force_remote = options->force_remote,
      .settings = {settings.data, settings.len},
  };
  RP_TRY_OUT(rp_store_open(dir, &store_options, &index->store, error));
  RP_TRY_OUT(rp_settings_decode(rp_store_settings(index->store), &index->params, error));
  /* bands and rows asked for are those of a new index; of an old one they are
   * what its header says, and asking for others is a mistake worth hearing of */
  if (options->params.n_band && (params.n_band != index->params.n_band || params.n_row != index->params.n_row)) {
    status = rp_fail(error, RP_ERR_ARGUMENT, "index '%s' was made with %u x %u bands, not %u x %u", dir,
                     index->params.n_band, index->params.n_row, params.n_band, params.n_row);
    goto out;
  }
  index->is_writable = options->mode != RP_OPEN_READ;
  *out = index;
  index = NULL;
out:
  rp_index_close(index);
  rp_buf_release(&settings);
  return status;
}

void rp_index_close(rp_index *index) {
  if (!index) return;
  rp_store_close(index->store);
  rp_free(index);
}

rp_status rp_ctx_new(rp_index *index, rp_ctx **out, rp_error *error) {
  rp_ctx *ctx = rp_calloc(1, sizeof *ctx);
  if (!ctx) return rp_fail_memory(error);
  ctx->index = index;
  rp_arena_init(&ctx->arena);
  rp_arena_init(&ctx->shelf);
  *out = ctx;
  return RP_OK;
}

void rp_ctx_begin(rp_ctx *ctx) {
  rp_arena_clear(&ctx->arena, KEEP_BYTES);
  rp_arena_clear(&ctx->shelf, KEEP_BYTES);
}

void rp_ctx_free(rp_ctx *ctx) {
  if (!ctx) return;
  rp_arena_release(&ctx->arena);
  rp_arena_release(&ctx->shelf);
  rp_group_of_release(&ctx->groups);
  rp_free(ctx);
}

static int32_t minutes_of(int64_t seconds) {
  int64_t minutes = seconds / 60 - (seconds % 60 < 0);
  /* dates beyond the range are not unknown: they are at its end */
  if (minutes < INT32_MIN) return INT32_MIN;
  if (minutes > RP_ROW_UNDATED - 1) return RP_ROW_UNDATED - 1;
  return (int32_t)minutes;
}

void rp_index_row_date(rp_date date, int32_t *earliest, int32_t *latest) {
  bool known = rp_date_is_known(date);
  *earliest = known ? minutes_of(date.earliest) : RP_ROW_UNDATED;
  *latest = known ? minutes_of(date.latest) : RP_ROW_UNDATED;
}

rp_status rp_index_read(rp_snapshot *snapshot, uint32_t number, rp_arena *arena, rp_document *out, rp_error *error) {
  rp_str payload;
  RP_TRY(rp_snapshot_payload(snapshot, number, arena, &payload, error));
  return rp_document_decode(payload, arena, out, error);
}

/* Looks `key` up in a table and reads what is found until a document has it. */
static rp_status find_in(rp_snapshot *snapshot, rp_table table, rp_str key, rp_arena *arena, uint32_t *number,
                         rp_document *out, rp_error *error) {
  rp_list list;
  RP_TRY(rp_snapshot_find(snapshot, table, rp_hash64(key.data, key.len), arena, &list, error));
  rp_entry *entry = RP_NEW(arena, rp_entry, (size_t)list.n);
  if (!entry) return rp_fail_memory(error);
  size_t n = 0;
  RP_TRY(rp_list_read(snapshot, &list, entry, &n, error));
  for (size_t i = 0; i < n; i++) {
    rp_document document;
    RP_TRY(rp_index_read(snapshot, entry[i].doc, arena, &document, error));
    rp_str value = table == RP_TABLE_ID ? document.article.id : document.article.url;
    if (!rp_str_equal(value, key)) continue;
    *number = entry[i].doc;
    *out = document;
    return RP_OK;
  }
  return rp_fail(error, RP_ERR_NOT_FOUND, "no article '%.*s' in the index", (int)(key.len < 400 ? key.len : 400),
                 key.data);
}

rp_status rp_index_find_id(rp_snapshot *snapshot, rp_str id, rp_arena *arena, uint32_t *number, rp_document *out,
                           rp_error *error) {
  return find_in(snapshot, RP_TABLE_ID, id, arena, number, out, error);
}

rp_status rp_index_find(rp_snapshot *snapshot, rp_str id_or_url, rp_arena *arena, uint32_t *number, rp_document *out,
                        rp_error *error) {
  rp_status status = find_in(snapshot, RP_TABLE_ID, id_or_url, arena, number, out, error);
  if (status != RP_ERR_NOT_FOUND) return status;
  return find_in(snapshot, RP_TABLE_URL, id_or_url, arena, number, out, error);
}

rp_status rp_index_show(rp_ctx *ctx, rp_str id, const rp_article **out, rp_error *error) {
  assert(ctx && ctx->index && out);
  rp_ctx_begin(ctx);
  rp_document *document = RP_NEW(&ctx->arena, rp_document, 1);
  if (!document) return rp_fail_memory(error);
  rp_snapshot *snapshot;
  RP_TRY(rp_snapshot_begin(ctx->index->store, &snapshot, error));
  uint32_t number;
  rp_status status = rp_index_find(snapshot, id, &ctx->arena, &number, document, error);
  rp_snapshot_end(snapshot);
  if (status == RP_OK) *out = &document->article;
  return status;
}

/* Least and greatest publication date, read off the dense rows. */
struct date_range {
  rp_snapshot *snapshot;
  rp_date *range;
};

static rp_status widen_range(void *user, uint32_t doc, rp_error *error) {
  struct date_range *dates = user;
  rp_row row;
  RP_TRY(rp_snapshot_row(dates->snapshot, doc, &row, error));
  if (row.earliest == RP_ROW_UNDATED) return RP_OK;
  int64_t earliest = (int64_t)row.earliest * 60, latest = (int64_t)row.latest * 60 + 59;
  rp_date *range = dates->range;
  if (!rp_date_is_known(*range)) {
    *range = (rp_date){earliest, latest};
    return RP_OK;
  }
  if (earliest < range->earliest) range->earliest = earliest;
  if (latest > range->latest) range->latest = latest;
  return RP_OK;
}

static uint64_t at_least_zero(uint64_t counter) { return (int64_t)counter < 0 ? 0 : counter; }

rp_status rp_index_stat_get(rp_index *index, rp_index_stat *out, rp_error *error) {
  assert(index && out);
  rp_snapshot *snapshot;
  RP_TRY(rp_snapshot_begin(index->store, &snapshot, error));
  rp_store_stat store;
  rp_index_stat stat = {.size = sizeof stat, .published = RP_DATE_UNKNOWN};
  struct date_range dates = {snapshot, &stat.published};
  rp_status status;
  RP_TRY_OUT(rp_snapshot_stat(snapshot, &store, error));
  RP_TRY_OUT(rp_snapshot_each(snapshot, widen_range, &dates, error));
  stat.n_article = store.n_live;
  stat.n_removed = store.n_dead;
  stat.n_number = rp_snapshot_numbers(snapshot);
  stat.n_publisher = store.n_publisher;
  stat.n_word = at_least_zero(store.counter[RP_COUNTER_WORD]);
  stat.n_counted = at_least_zero(store.counter[RP_COUNTER_COUNTED]);
  stat.text_bytes = at_least_zero(store.counter[RP_COUNTER_TEXT]);
  stat.n_undated = at_least_zero(store.counter[RP_COUNTER_UNDATED]);
  stat.n_segment = store.n_segment;
  stat.n_band_entry = store.n_entry[RP_TABLE_BAND];
  stat.n_fingerprint_entry = store.n_entry[RP_TABLE_FINGERPRINT];
  stat.n_equal_entry = store.n_entry[RP_TABLE_EQUAL];
  stat.longest_band = store.longest[RP_TABLE_BAND];
  stat.longest_fingerprint = store.longest[RP_TABLE_FINGERPRINT];
  stat.file_bytes = store.file_bytes;
  stat.band_bytes = store.table_bytes[RP_TABLE_BAND];
  stat.fingerprint_bytes = store.table_bytes[RP_TABLE_FINGERPRINT];
  stat.equal_bytes = store.table_bytes[RP_TABLE_EQUAL];
  stat.id_bytes = store.table_bytes[RP_TABLE_ID] + store.table_bytes[RP_TABLE_URL];
  stat.document_bytes = store.document_bytes;
  stat.format_version = RP_FORMAT_VERSION;
  stat.signature_version = RP_SIGNATURE_VERSION;
  stat.params = index->params;
  stat.fact_bytes = store.note_bytes[RP_STREAM_STATE] + store.note_bytes[RP_STREAM_FACT];
  stat.run_bytes =
      store.note_bytes[RP_STREAM_MEMBER] + store.note_bytes[RP_STREAM_GROUP] + store.note_bytes[RP_STREAM_RUN];
  RP_TRY_OUT(rp_run_stat(snapshot, &stat, error));
  *out = stat;
out:
  rp_snapshot_end(snapshot);
  return status;
}

double rp_params_probability(const rp_index_params *params, double j) {
  rp_index_params complete = *params;
  if (rp_settings_complete(&complete, NULL) != RP_OK) return 0;
  return rp_lsh_probability(complete.n_band, complete.n_row, j);
}
