/* writer.c - articles in, durable batches out.
 *
 * rp_writer_add only copies.  A full batch is worked off in four steps: every
 * article is split, marked and sketched on all processors; then, one after the
 * other and in the order of the input, each meets what is known under its id
 * and gets its outcome; what is to be stored is laid out as one batch of the
 * store and committed in one transaction; only then are the outcomes told.
 * What a run tells and leaves behind does not depend on where batches end. */
#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/par.h"
#include "base/vec.h"
#include "engine/analysis.h"
#include "engine/expire.h"
#include "engine/identity.h"

enum { BATCH_BYTES = 64 << 20, BATCH_ARTICLES = 1 << 20 };

/* An article of the batch at hand. */
struct item {
  rp_document document; /* strings point into `payload` */
  char *payload;
  size_t payload_len;
  uint64_t id_hash;
  uint64_t equal;
  uint16_t signature[RP_SIGNATURE_SIZE];
  uint64_t *band;
  const rp_fingerprint *fingerprint;
  size_t n_fingerprint;
  rp_outcome outcome;
  const char *reason;
  bool is_stored;      /* goes into the batch; false once superseded inside it */
  bool is_replacement; /* takes the place of stored document `number`'s metadata */
  uint32_t number;
};

/* What one thread needs. */
struct worker {
  rp_arena scratch; /* an article's words */
  rp_arena keep;    /* sketches of the batch */
  rp_error error;
  rp_status status;
};

struct rp_writer {
  rp_index *index;
  unsigned n_thread;
  size_t batch_bytes;
  int64_t now;
  rp_record_fn on_record;
  void *user;
  rp_arena text; /* payloads of the batch */
  size_t text_bytes;
  RP_VEC(struct item) item;
  struct worker *worker;
  unsigned n_worker;
  rp_map by_id; /* hash of id -> item that stands for it now */
  rp_arena scratch;
  RP_VEC(uint32_t) dead;
  rp_map buried; /* numbers of `dead` that rp_writer_remove put there */
  RP_VEC(rp_store_replacement) replacement;
  rp_map slot; /* number -> index into `replacement` */
  RP_VEC(rp_store_doc) doc;
  RP_VEC(rp_entry) entry[RP_N_TABLE];
  int64_t counter[RP_N_COUNTER];
};

/* ---- life ------------------------------------------------------------------ */

rp_status rp_writer_open(rp_index *index, const rp_writer_options *options, rp_writer **out, rp_error *error) {
  assert(index && out);
  if (!index->is_writable) return rp_fail(error, RP_ERR_ARGUMENT, "index was opened for reading only");
  static const rp_writer_options defaults = {.size = sizeof defaults};
  if (!options) options = &defaults;
  rp_writer *w = rp_calloc(1, sizeof *w);
  if (!w) return rp_fail_memory(error);
  w->n_thread = options->n_thread;
  w->batch_bytes = options->batch_bytes ? options->batch_bytes : BATCH_BYTES;
  w->now = options->now ? options->now : (int64_t)time(NULL);
  w->on_record = options->on_record;
  w->user = options->user;
  rp_arena_init(&w->text);
  rp_arena_init(&w->scratch);
  rp_map_init(&w->by_id);
  rp_map_init(&w->buried);
  rp_map_init(&w->slot);
  rp_status status;
  w->n_worker = rp_par_workers(options->n_thread);
  w->worker = rp_calloc(w->n_worker, sizeof *w->worker);
  if (!w->worker) {
    status = rp_fail_memory(error);
    goto out;
  }
  for (unsigned i = 0; i < w->n_worker; i++) {
    rp_arena_init(&w->worker[i].scratch);
    rp_arena_init(&w->worker[i].keep);
  }
  RP_TRY_OUT(rp_store_lock(index->store, error));
  w->index = index;
  *out = w;
  return RP_OK;
out:
  rp_writer_close(w);
  return status;
}

static void forget_batch(rp_writer *w) {
  rp_arena_clear(&w->text, w->batch_bytes + w->batch_bytes / 4);
  rp_arena_clear(&w->scratch, 1 << 20);
  for (unsigned i = 0; i < w->n_worker; i++) {
    rp_arena_clear(&w->worker[i].scratch, 16 << 20);
    rp_arena_clear(&w->worker[i].keep, w->batch_bytes);
  }
  w->text_bytes = 0;
  rp_vec_clear(&w->item);
  rp_map_clear(&w->by_id);
  rp_map_clear(&w->buried);
  rp_map_clear(&w->slot);
  rp_vec_clear(&w->dead);
  rp_vec_clear(&w->replacement);
  rp_vec_clear(&w->doc);
  for (int t = 0; t < RP_N_TABLE; t++) rp_vec_clear(&w->entry[t]);
  memset(w->counter, 0, sizeof w->counter);
}

void rp_writer_close(rp_writer *w) {
  if (!w) return;
  if (w->index) rp_store_unlock(w->index->store);
  for (unsigned i = 0; w->worker && i < w->n_worker; i++) {
    rp_arena_release(&w->worker[i].scratch);
    rp_arena_release(&w->worker[i].keep);
  }
  rp_free(w->worker);
  rp_arena_release(&w->text);
  rp_arena_release(&w->scratch);
  rp_map_release(&w->by_id);
  rp_map_release(&w->buried);
  rp_map_release(&w->slot);
  rp_vec_release(&w->item);
  rp_vec_release(&w->dead);
  rp_vec_release(&w->replacement);
  rp_vec_release(&w->doc);
  for (int t = 0; t < RP_N_TABLE; t++) rp_vec_release(&w->entry[t]);
  rp_free(w);
}

/* ---- step 1: words and sketches, on all processors ---------------------------- */

static rp_status sketch_item(rp_writer *w, struct worker *worker, struct item *item) {
  rp_analysis analysis;
  rp_sketch sketch;
  RP_TRY(rp_analysis_make(&item->document.article, &worker->scratch, &analysis, &worker->error));
  RP_TRY(rp_sketch_make(&analysis.words, &worker->scratch, &sketch, &worker->error));
  item->document.n_word = (uint32_t)analysis.words.n;
  item->document.counted = analysis.counted;
  item->equal = sketch.equal;
  if (sketch.n_word == 0) return RP_OK;
  rp_minhash_pack(sketch.signature, item->signature);
  item->band = RP_NEW(&worker->keep, uint64_t, w->index->params.n_band);
  rp_fingerprint *fingerprint = RP_NEW(&worker->keep, rp_fingerprint, sketch.n_fingerprint);
  if (!item->band || !fingerprint) return rp_fail_memory(&worker->error);
  rp_lsh_bands(sketch.signature, w->index->params.n_band, w->index->params.n_row, item->band);
  memcpy(fingerprint, sketch.fingerprint, sketch.n_fingerprint * sizeof *fingerprint);
  item->fingerprint = fingerprint;
  item->n_fingerprint = sketch.n_fingerprint;
  return RP_OK;
}

static void sketch_one(void *user, unsigned number, size_t i) {
  rp_writer *w = user;
  struct worker *worker = &w->worker[number];
  if (worker->status != RP_OK) return;
  worker->status = sketch_item(w, worker, &w->item.data[i]);
  rp_arena_clear(&worker->scratch, 16 << 20);
}

static rp_status sketch_all(rp_writer *w, rp_error *error) {
  for (unsigned i = 0; i < w->n_worker; i++) w->worker[i].status = RP_OK;
  rp_par_for(w->n_thread, w->item.n, sketch_one, w);
  for (unsigned i = 0; i < w->n_worker; i++) {
    if (w->worker[i].status == RP_OK) continue;
    if (error) *error = w->worker[i].error;
    return w->worker[i].status;
  }
  return RP_OK;
}

/* ---- step 2: identity, in the order of the input -------------------------------- */

static void count(rp_writer *w, const rp_document *d, int64_t sign) {
  w->counter[RP_COUNTER_WORD] += sign * (int64_t)d->n_word;
  w->counter[RP_COUNTER_COUNTED] += sign * (int64_t)d->counted;
  w->counter[RP_COUNTER_TEXT] += sign * (int64_t)d->article.text.len;
  w->counter[RP_COUNTER_UNDATED] += sign * !rp_date_is_known(d->article.published);
}

/* The version that an id stands for when an item meets it: an item of this
 * batch, or a document of the store. */
struct current {
  struct item *item; /* NULL: stored, and not touched by this batch */
  bool has_number;   /* the store has it, or its metadata's predecessor, as `number` */
  uint32_t number;
  rp_document document;
};

static rp_status find_current(rp_writer *w, rp_snapshot *snapshot, const struct item *item, struct current *out,
                              rp_error *error) {
  const uint32_t *at = rp_map_get(&w->by_id, item->id_hash);
  if (at && rp_str_equal(w->item.data[*at].document.article.id, item->document.article.id)) {
    out->item = &w->item.data[*at];
    out->has_number = out->item->is_replacement;
    out->number = out->item->number;
    out->document = out->item->document;
    return RP_OK;
  }
  out->item = NULL;
  out->has_number = true;
  return rp_index_find_id(snapshot, item->document.article.id, &w->scratch, &out->number, &out->document, error);
}

/* The newer version keeps what its id was first known by. */
static void inherit(struct item *item, const rp_document *old) {
  rp_document *d = &item->document;
  d->first_seen = old->first_seen;
  bool is_same_text = rp_str_equal(old->article.text, d->article.text);
  d->before = is_same_text ? old->before : rp_document_date(old->stated, old->before);
  d->article.published = rp_document_date(d->stated, d->before);
}

/* From now on `item` is what its id stands for. */
static rp_status make_current(rp_writer *w, const struct item *item, rp_error *error) {
  count(w, &item->document, +1);
  uint32_t *at = rp_map_put(&w->by_id, item->id_hash, 0, NULL);
  if (!at) return rp_fail_memory(error);
  *at = (uint32_t)(item - w->item.data);
  return RP_OK;
}

static rp_status store_item(rp_writer *w, struct item *item, rp_outcome outcome, rp_error *error) {
  item->outcome = outcome;
  item->is_stored = true;
  return make_current(w, item, error);
}

static rp_store_replacement *find_replacement(rp_writer *w, uint32_t number) {
  const uint32_t *slot = rp_map_get(&w->slot, number);
  assert(slot);
  return &w->replacement.data[*slot];
}

static rp_status add_replacement(rp_writer *w, const rp_store_replacement *replacement, rp_error *error) {
  uint32_t *slot = rp_map_put(&w->slot, replacement->number, 0, NULL);
  if (!slot || !rp_vec_push(&w->replacement, *replacement)) return rp_fail_memory(error);
  *slot = (uint32_t)(w->replacement.n - 1);
  return RP_OK;
}

/* The last one takes its place.  What was replaced is about to be dead: its
 * number is not asked for again. */
static void drop_replacement(rp_writer *w, uint32_t number) {
  rp_store_replacement *r = find_replacement(w, number), *last = &w->replacement.data[w->replacement.n - 1];
  *rp_map_get(&w->slot, last->number) = (uint32_t)(r - w->replacement.data);
  *r = *last;
  w->replacement.n--;
}

/* Takes the old version out, be it stored or of this batch. */
static rp_status retire(rp_writer *w, const struct current *old, rp_error *error) {
  count(w, &old->document, -1);
  if (!old->has_number) {
    old->item->is_stored = false;
    return RP_OK;
  }
  if (old->item) drop_replacement(w, old->number);
  return rp_vec_push(&w->dead, old->number) ? RP_OK : rp_fail_memory(error);
}

static rp_store_doc doc_of(const struct item *item) {
  const rp_document *d = &item->document;
  rp_store_doc doc = {
      .payload = {item->payload, item->payload_len},
      .signature = item->document.n_word ? (const uint8_t *)item->signature : NULL,
      .row = {.counted = d->counted, .id_hash = item->id_hash},
      .publisher_key = d->article.publisher_key,
  };
  rp_index_row_date(d->article.published, &doc.row.earliest, &doc.row.latest);
  return doc;
}

/* Same id, same text, same date: other metadata take the place of the old. */
static rp_status replace_metadata(rp_writer *w, struct item *item, const struct current *old, rp_error *error) {
  if (!old->has_number || !rp_str_equal(old->document.article.url, item->document.article.url)) {
    /* a version that is not stored yet, or whose URL has an entry of its own */
    RP_TRY(retire(w, old, error));
    return store_item(w, item, RP_METADATA, error);
  }
  item->outcome = RP_METADATA;
  item->is_replacement = true;
  item->number = old->number;
  count(w, &old->document, -1);
  RP_TRY(make_current(w, item, error));
  rp_document_patch(item->payload, &item->document);
  rp_store_replacement replacement = {.number = old->number, .doc = doc_of(item)};
  if (old->item) {
    *find_replacement(w, old->number) = replacement;
    return RP_OK;
  }
  return add_replacement(w, &replacement, error);
}

static bool equal_dates(rp_date x, rp_date y) {
  if (!rp_date_is_known(x) || !rp_date_is_known(y)) return rp_date_is_known(x) == rp_date_is_known(y);
  return x.earliest == y.earliest && x.latest == y.latest;
}

static rp_status meet(rp_writer *w, struct item *item, const struct current *old, rp_error *error) {
  const rp_article *now = &item->document.article, *before = &old->document.article;
  if (!rp_str_equal(now->text, before->text)) {
    const char *reason = NULL;
    RP_TRY(rp_identity_conflict(before, now, &w->scratch, &reason, error));
    if (reason) {
      item->outcome = RP_CONFLICT;
      item->reason = reason;
      return RP_OK;
    }
    inherit(item, &old->document);
    RP_TRY(retire(w, old, error));
    return store_item(w, item, RP_UPDATED, error);
  }
  if (now->id_is_hash) {
    item->outcome = RP_REPEATED;
    return RP_OK;
  }
  inherit(item, &old->document);
  if (!equal_dates(item->document.stated, old->document.stated)) {
    RP_TRY(retire(w, old, error));
    return store_item(w, item, RP_UPDATED, error);
  }
  if (rp_document_equal_metadata(now, before)) {
    item->outcome = RP_UNCHANGED;
    return RP_OK;
  }
  return replace_metadata(w, item, old, error);
}

static rp_status resolve(rp_writer *w, rp_snapshot *snapshot, struct item *item, rp_error *error) {
  if (item->document.n_word == 0) {
    item->outcome = RP_EMPTY;
    item->reason = "no word in the text";
    return RP_OK;
  }
  struct current old;
  rp_error ignored;
  rp_status status = find_current(w, snapshot, item, &old, error ? error : &ignored);
  if (status == RP_OK) return meet(w, item, &old, error);
  if (status != RP_ERR_NOT_FOUND) return status;
  return store_item(w, item, RP_ADDED, error);
}

static rp_status resolve_all(rp_writer *w, rp_error *error) {
  rp_snapshot *snapshot;
  RP_TRY(rp_snapshot_begin(w->index->store, &snapshot, error));
  rp_status status = RP_OK;
  for (size_t i = 0; i < w->item.n && status == RP_OK; i++) {
    status = resolve(w, snapshot, &w->item.data[i], error);
    /* a replacement's bytes are the item's own; nothing read is kept */
    rp_arena_clear(&w->scratch, 16 << 20);
  }
  rp_snapshot_end(snapshot);
  return status;
}

/* ---- step 3: one batch of the store ---------------------------------------------- */

static bool add_entry(rp_writer *w, rp_table table, uint64_t hash, uint32_t doc, uint16_t position) {
  return rp_vec_push(&w->entry[table], (rp_entry){.hash = hash, .doc = doc, .position = position});
}

static rp_status lay_out(rp_writer *w, struct item *item, rp_error *error) {
  uint32_t doc = (uint32_t)w->doc.n;
  rp_document_patch(item->payload, &item->document);
  bool ok = rp_vec_push(&w->doc, doc_of(item)) && add_entry(w, RP_TABLE_ID, item->id_hash, doc, 0) &&
            add_entry(w, RP_TABLE_EQUAL, item->equal, doc, 0);
  rp_str url = item->document.article.url;
  if (url.len) ok = ok && add_entry(w, RP_TABLE_URL, rp_hash64(url.data, url.len), doc, 0);
  for (size_t i = 0; ok && i < w->index->params.n_band; i++) ok = add_entry(w, RP_TABLE_BAND, item->band[i], doc, 0);
  for (size_t i = 0; ok && i < item->n_fingerprint; i++)
    ok = add_entry(w, RP_TABLE_FINGERPRINT, item->fingerprint[i].hash, doc, (uint16_t)item->fingerprint[i].word);
  return ok ? RP_OK : rp_fail_memory(error);
}

static rp_status commit_batch(rp_writer *w, rp_error *error) {
  for (size_t i = 0; i < w->item.n; i++)
    if (w->item.data[i].is_stored) RP_TRY(lay_out(w, &w->item.data[i], error));
  rp_store_batch batch = {
      .doc = w->doc.data,
      .n_doc = w->doc.n,
      .dead = w->dead.data,
      .n_dead = w->dead.n,
      .replacement = w->replacement.data,
      .n_replacement = w->replacement.n,
      .n_thread = w->n_thread,
  };
  for (int t = 0; t < RP_N_TABLE; t++) {
    batch.entry[t] = w->entry[t].data;
    batch.n_entry[t] = w->entry[t].n;
  }
  memcpy(batch.counter, w->counter, sizeof batch.counter);
  if (batch.n_doc == 0 && batch.n_dead == 0 && batch.n_replacement == 0) return RP_OK;
  return rp_store_commit(w->index->store, &batch, NULL, error);
}

static void tell(const rp_writer *w) {
  if (!w->on_record) return;
  for (size_t i = 0; i < w->item.n; i++) {
    const struct item *item = &w->item.data[i];
    rp_record record = {
        .outcome = item->outcome,
        .id = item->document.article.id,
        .path = item->document.article.path,
        .line = item->document.article.line,
        .reason = item->reason ? item->reason : "",
    };
    w->on_record(w->user, &record);
  }
}

rp_status rp_writer_commit(rp_writer *w, rp_error *error) {
  assert(w);
  if (w->item.n == 0 && w->dead.n == 0) return RP_OK;
  rp_status status = sketch_all(w, error);
  if (status == RP_OK) status = resolve_all(w, error);
  if (status == RP_OK) status = commit_batch(w, error);
  if (status == RP_OK) tell(w);
  forget_batch(w);
  return status;
}

/* ---- the public side --------------------------------------------------------------- */

rp_status rp_writer_add(rp_writer *w, const rp_article *article, rp_error *error) {
  assert(w && article && article->id.len);
  if (w->item.n && (w->text_bytes + article->text.len > w->batch_bytes || w->item.n >= BATCH_ARTICLES))
    RP_TRY(rp_writer_commit(w, error));
  /* removals asked for before this article take effect before it */
  if (w->item.n == 0 && w->dead.n) RP_TRY(rp_writer_commit(w, error));
  rp_document document = {
      .article = *article, .first_seen = w->now, .stated = article->published, .before = RP_DATE_UNKNOWN};
  rp_buf bytes;
  rp_buf_init(&bytes);
  rp_status status;
  RP_TRY_OUT(rp_document_encode(&document, &bytes, error));
  struct item item = {.payload_len = bytes.len, .id_hash = rp_hash64(article->id.data, article->id.len)};
  item.payload = rp_arena_memdup(&w->text, bytes.data, bytes.len);
  if (!item.payload) {
    status = rp_fail_memory(error);
    goto out;
  }
  RP_TRY_OUT(rp_document_decode((rp_str){item.payload, item.payload_len}, &w->text, &item.document, error));
  if (!rp_vec_push(&w->item, item)) {
    status = rp_fail_memory(error);
    goto out;
  }
  w->text_bytes += article->text.len;
out:
  rp_buf_release(&bytes);
  return status;
}

/* An article that this batch has taken out already is not there any more. */
static rp_status bury(rp_writer *w, uint32_t number, const rp_document *document, rp_error *error) {
  bool is_new;
  if (!rp_map_put(&w->buried, number, 0, &is_new)) return rp_fail_memory(error);
  if (!is_new) return rp_fail(error, RP_ERR_NOT_FOUND, "article was removed already");
  if (!rp_vec_push(&w->dead, number)) return rp_fail_memory(error);
  count(w, document, -1);
  return RP_OK;
}

rp_status rp_writer_remove(rp_writer *w, rp_str id, rp_error *error) {
  assert(w);
  if (w->item.n) RP_TRY(rp_writer_commit(w, error));
  rp_snapshot *snapshot;
  RP_TRY(rp_snapshot_begin(w->index->store, &snapshot, error));
  uint32_t number;
  rp_document document;
  rp_arena_mark mark = rp_arena_get(&w->scratch);
  rp_status status = rp_index_find(snapshot, id, &w->scratch, &number, &document, error);
  rp_snapshot_end(snapshot);
  if (status == RP_OK) status = bury(w, number, &document, error);
  rp_arena_rewind(&w->scratch, mark);
  return status;
}

rp_status rp_writer_merge(rp_writer *w, rp_error *error) {
  RP_TRY(rp_writer_commit(w, error));
  return rp_store_merge(w->index->store, w->n_thread, error);
}

rp_status rp_writer_compact(rp_writer *w, rp_error *error) {
  RP_TRY(rp_writer_commit(w, error));
  return rp_store_compact(w->index->store, w->n_thread, error);
}

rp_status rp_writer_expire(rp_writer *w, const rp_expire_options *options, rp_expiry *out, rp_error *error) {
  assert(w && options && out);
  RP_TRY(rp_writer_commit(w, error));
  return rp_expire_all(w->index, options, w->n_thread, out, error);
}
