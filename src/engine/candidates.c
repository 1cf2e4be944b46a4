#include "engine/candidates.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/sort.h"
#include "base/vec.h"
#include "engine/diagonal.h"

enum {
  LIST_WHOLE = 4096, /* lists of up to so many entries are read whole */
  LIST_NEAREST = 64, /* of longer ones, so many entries nearest in date */
};

/* A pair of the same subject with a lower estimate is noise of the bands: at
 * ten million articles 10 to 50 band hits each, without this bound. */
static const double least_estimate = .25;

/* One hit of a fingerprint list. */
struct posting_hit {
  uint32_t doc;
  rp_hit at;
};

struct search {
  rp_snapshot *snapshot;
  rp_arena *arena;
  int32_t minutes;
  rp_error *error;
  RP_VEC(struct posting_hit) hit;
  RP_VEC(rp_candidate) seen; /* documents that bands or equal texts gave, in order of appearance */
  rp_map at;                 /* document -> index into `seen` */
  uint8_t packed[RP_STORE_SIGNATURE];
  uint16_t signature[RP_SIGNATURE_SIZE];
  size_t n_posting;
  size_t n_cut_fingerprint, n_cut_band;
};

/* The entries of one list that are to be looked at. */
static rp_status read_list(struct search *s, rp_table table, uint64_t hash, rp_entry **entry, size_t *n, bool *is_cut) {
  rp_list list;
  RP_TRY(rp_snapshot_find(s->snapshot, table, hash, s->arena, &list, s->error));
  *is_cut = list.n > LIST_WHOLE;
  *n = 0;
  *entry = NULL;
  if (list.n == 0) return RP_OK;
  *entry = RP_NEW(s->arena, rp_entry, *is_cut ? LIST_NEAREST : (size_t)list.n);
  if (!*entry) return rp_fail_memory(s->error);
  if (*is_cut)
    RP_TRY(rp_list_nearest(s->snapshot, &list, s->minutes, LIST_NEAREST, s->arena, *entry, n, s->error));
  else
    RP_TRY(rp_list_read(s->snapshot, &list, *entry, n, s->error));
  s->n_posting += *n;
  return RP_OK;
}

static rp_candidate *seen_document(struct search *s, uint32_t doc) {
  bool is_new;
  uint32_t *at = rp_map_put(&s->at, doc, (uint32_t)s->seen.n, &is_new);
  if (!at) return NULL;
  if (is_new && !rp_vec_push(&s->seen, (rp_candidate){.doc = doc})) return NULL;
  return &s->seen.data[*at];
}

static rp_status search_equal(struct search *s, uint64_t hash) {
  rp_arena_mark mark = rp_arena_get(s->arena);
  rp_entry *entry;
  size_t n;
  bool is_cut;
  RP_TRY(read_list(s, RP_TABLE_EQUAL, hash, &entry, &n, &is_cut));
  s->n_cut_band += is_cut;
  for (size_t i = 0; i < n; i++) {
    rp_candidate *c = seen_document(s, entry[i].doc);
    if (!c) return rp_fail_memory(s->error);
    c->is_equal = true;
  }
  rp_arena_rewind(s->arena, mark);
  return RP_OK;
}

static rp_status search_band(struct search *s, uint64_t key) {
  rp_arena_mark mark = rp_arena_get(s->arena);
  rp_entry *entry;
  size_t n;
  bool is_cut;
  RP_TRY(read_list(s, RP_TABLE_BAND, key, &entry, &n, &is_cut));
  s->n_cut_band += is_cut;
  for (size_t i = 0; i < n; i++) {
    rp_candidate *c = seen_document(s, entry[i].doc);
    if (!c) return rp_fail_memory(s->error);
    c->n_band++;
  }
  rp_arena_rewind(s->arena, mark);
  return RP_OK;
}

static rp_status estimate_all(struct search *s) {
  for (size_t i = 0; i < s->seen.n; i++) {
    const uint8_t *bytes;
    uint16_t other[RP_SIGNATURE_SIZE];
    RP_TRY(rp_snapshot_signature(s->snapshot, s->seen.data[i].doc, &bytes, s->error));
    for (size_t k = 0; k < RP_SIGNATURE_SIZE; k++) other[k] = (uint16_t)(bytes[2 * k] | bytes[2 * k + 1] << 8);
    s->seen.data[i].estimate = rp_minhash_estimate(s->signature, other);
  }
  return RP_OK;
}

/* Fingerprints by hash, places of one hash in text order; the sort is stable. */
static rp_status sort_fingerprints(const rp_sketch *sketch, rp_arena *arena, rp_key32 **out, rp_error *error) {
  rp_key32 *item = RP_NEW(arena, rp_key32, sketch->n_fingerprint);
  rp_key32 *scratch = RP_NEW(arena, rp_key32, sketch->n_fingerprint);
  if (!item || !scratch) return rp_fail_memory(error);
  for (size_t i = 0; i < sketch->n_fingerprint; i++)
    item[i] = (rp_key32){sketch->fingerprint[i].hash, sketch->fingerprint[i].word};
  rp_sort_key32(item, scratch, sketch->n_fingerprint);
  *out = item;
  return RP_OK;
}

/* Pairs the places of one fingerprint in the question (`own`) with its postings. */
static rp_status search_fingerprint(struct search *s, const rp_key32 *own, size_t n_own) {
  rp_arena_mark mark = rp_arena_get(s->arena);
  rp_entry *entry;
  size_t n;
  bool is_cut;
  RP_TRY(read_list(s, RP_TABLE_FINGERPRINT, own->key, &entry, &n, &is_cut));
  s->n_cut_fingerprint += is_cut;
  if (n_own > RP_DIAGONAL_REPEATS) n_own = RP_DIAGONAL_REPEATS;
  size_t repeats = 0;
  for (size_t i = 0; i < n; i++) {
    repeats = i && entry[i].doc == entry[i - 1].doc ? repeats + 1 : 0;
    if (repeats >= RP_DIAGONAL_REPEATS) continue;
    if (!rp_vec_reserve(&s->hit, n_own)) return rp_fail_memory(s->error);
    for (size_t k = 0; k < n_own; k++)
      s->hit.data[s->hit.n++] = (struct posting_hit){entry[i].doc, {(uint16_t)own[k].value, entry[i].position}};
  }
  rp_arena_rewind(s->arena, mark);
  return RP_OK;
}

static rp_status search_fingerprints(struct search *s, const rp_sketch *sketch) {
  rp_key32 *own = NULL;
  RP_TRY(sort_fingerprints(sketch, s->arena, &own, s->error));
  for (size_t i = 0; i < sketch->n_fingerprint;) {
    size_t end = i + 1;
    while (end < sketch->n_fingerprint && own[end].key == own[i].key) end++;
    RP_TRY(search_fingerprint(s, own + i, end - i));
    i = end;
  }
  return RP_OK;
}

/* Sorts hits by document, keeping the order of the postings. */
static rp_status group_hits(struct search *s, rp_key32 **out) {
  rp_key32 *item = RP_NEW(s->arena, rp_key32, s->hit.n), *scratch = RP_NEW(s->arena, rp_key32, s->hit.n);
  if (!item || !scratch) return rp_fail_memory(s->error);
  for (size_t i = 0; i < s->hit.n; i++) {
    const struct posting_hit *h = &s->hit.data[i];
    item[i] = (rp_key32){h->doc, (uint32_t)h->at.a << 16 | h->at.b};
  }
  rp_sort_key32(item, scratch, s->hit.n);
  *out = item;
  return RP_OK;
}

static rp_status judge_hits(struct search *s, rp_map *proposed, size_t *most_refused) {
  rp_key32 *item = NULL;
  RP_TRY(group_hits(s, &item));
  rp_hit *hit = RP_NEW(s->arena, rp_hit, s->hit.n);
  if (!hit) return rp_fail_memory(s->error);
  for (size_t i = 0; i < s->hit.n;) {
    size_t n = 0, end = i;
    for (; end < s->hit.n && item[end].key == item[i].key; end++)
      hit[n++] = (rp_hit){(uint16_t)(item[end].value >> 16), (uint16_t)item[end].value};
    if (rp_diagonal_holds(hit, n)) {
      if (!rp_map_put(proposed, item[i].key, (uint32_t)n, NULL)) return rp_fail_memory(s->error);
    } else if (n > *most_refused)
      *most_refused = n;
    i = end;
  }
  return RP_OK;
}

static int compare_candidates(const void *x, const void *y) {
  const rp_candidate *p = x, *q = y;
  return (p->doc > q->doc) - (p->doc < q->doc);
}

/* Bands and equal texts first, then what fingerprints alone propose. */
static rp_status join(struct search *s, const rp_map *proposed, rp_candidates *out) {
  size_t n = 0;
  rp_candidate *candidate = RP_NEW(s->arena, rp_candidate, s->seen.n + proposed->n);
  if (!candidate) return rp_fail_memory(s->error);
  for (size_t i = 0; i < s->seen.n; i++) {
    rp_candidate c = s->seen.data[i];
    const uint32_t *hits = rp_map_get(proposed, c.doc);
    c.n_fingerprint = hits ? *hits : 0;
    if (hits || c.is_equal || c.estimate >= least_estimate) candidate[n++] = c;
  }
  for (size_t i = 0; i < proposed->cap; i++)
    if (proposed->used[i] && !rp_map_get(&s->at, proposed->key[i]))
      candidate[n++] = (rp_candidate){.doc = (uint32_t)proposed->key[i], .n_fingerprint = proposed->value[i]};
  qsort(candidate, n, sizeof *candidate, compare_candidates);
  out->candidate = candidate;
  out->n = n;
  return RP_OK;
}

rp_status rp_candidates_find(rp_snapshot *snapshot, const rp_index_params *params, const rp_sketch *sketch,
                             rp_date date, rp_arena *arena, rp_candidates *out, rp_error *error) {
  *out = (rp_candidates){0};
  if (sketch->n_word == 0) return RP_OK;
  struct search s = {.snapshot = snapshot, .arena = arena, .error = error};
  int32_t latest;
  rp_index_row_date(date, &s.minutes, &latest);
  rp_map_init(&s.at);
  rp_map proposed;
  rp_map_init(&proposed);
  rp_minhash_pack(sketch->signature, s.signature);
  uint64_t key[RP_SIGNATURE_SIZE];
  rp_lsh_bands(sketch->signature, params->n_band, params->n_row, key);
  size_t most_refused = 0;
  rp_status status;
  RP_TRY_OUT(search_equal(&s, sketch->equal));
  for (size_t i = 0; i < params->n_band; i++) RP_TRY_OUT(search_band(&s, key[i]));
  RP_TRY_OUT(estimate_all(&s));
  RP_TRY_OUT(search_fingerprints(&s, sketch));
  RP_TRY_OUT(judge_hits(&s, &proposed, &most_refused));
  RP_TRY_OUT(join(&s, &proposed, out));
  out->n_posting = s.n_posting;
  /* an entry that was not read makes a candidate alone in a band; of
   * fingerprints it takes three, those read among them */
  out->is_cut = s.n_cut_band > 0 || s.n_cut_fingerprint >= RP_DIAGONAL_HITS ||
                (s.n_cut_fingerprint > 0 && s.n_cut_fingerprint + most_refused >= RP_DIAGONAL_HITS);
out:
  rp_map_release(&s.at);
  rp_map_release(&proposed);
  rp_vec_release(&s.hit);
  rp_vec_release(&s.seen);
  return status;
}

/* Pairs equal fingerprints of two sketches, by the same bounds as the index. */
static rp_status pair_fingerprints(const rp_sketch *a, const rp_sketch *b, rp_arena *arena, rp_hit **out, size_t *n_out,
                                   rp_error *error) {
  rp_key32 *x = NULL, *y = NULL;
  RP_TRY(sort_fingerprints(a, arena, &x, error));
  RP_TRY(sort_fingerprints(b, arena, &y, error));
  size_t room = RP_DIAGONAL_REPEATS * (a->n_fingerprint < b->n_fingerprint ? a->n_fingerprint : b->n_fingerprint);
  rp_hit *hit = RP_NEW(arena, rp_hit, room);
  if (!hit) return rp_fail_memory(error);
  size_t n = 0;
  for (size_t i = 0, j = 0; i < a->n_fingerprint && j < b->n_fingerprint;) {
    if (x[i].key != y[j].key) {
      if (x[i].key < y[j].key)
        i++;
      else
        j++;
      continue;
    }
    size_t i_end = i, j_end = j;
    while (i_end < a->n_fingerprint && x[i_end].key == x[i].key) i_end++;
    while (j_end < b->n_fingerprint && y[j_end].key == y[j].key) j_end++;
    for (size_t p = i; p < i_end && p < i + RP_DIAGONAL_REPEATS; p++)
      for (size_t q = j; q < j_end && q < j + RP_DIAGONAL_REPEATS; q++)
        hit[n++] = (rp_hit){(uint16_t)x[p].value, (uint16_t)y[q].value};
    i = i_end;
    j = j_end;
  }
  *out = hit;
  *n_out = n;
  return RP_OK;
}

rp_status rp_candidates_shared(const rp_index_params *params, const rp_sketch *a, const rp_sketch *b, rp_arena *arena,
                               rp_shared *out, rp_error *error) {
  rp_shared shared = {0};
  if (a->n_word && b->n_word) {
    uint64_t x[RP_SIGNATURE_SIZE], y[RP_SIGNATURE_SIZE];
    uint16_t p[RP_SIGNATURE_SIZE], q[RP_SIGNATURE_SIZE];
    rp_lsh_bands(a->signature, params->n_band, params->n_row, x);
    rp_lsh_bands(b->signature, params->n_band, params->n_row, y);
    for (size_t i = 0; i < params->n_band; i++) shared.n_band += x[i] == y[i];
    rp_minhash_pack(a->signature, p);
    rp_minhash_pack(b->signature, q);
    shared.estimate = rp_minhash_estimate(p, q);
    rp_hit *hit = NULL;
    size_t n_hit = 0;
    RP_TRY(pair_fingerprints(a, b, arena, &hit, &n_hit, error));
    shared.n_fingerprint = (uint32_t)n_hit;
    bool holds = rp_diagonal_holds(hit, n_hit);
    shared.n_diagonal = (uint32_t)rp_diagonal_count(hit, n_hit);
    shared.is_proposed = a->equal == b->equal || holds || (shared.n_band && shared.estimate >= least_estimate);
  }
  *out = shared;
  return RP_OK;
}
