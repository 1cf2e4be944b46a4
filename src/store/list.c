#include <string.h>

#include "store/inside.h"
#include "store/order.h"

/* ---- find and read ------------------------------------------------------------------- */

rp_status rp_snapshot_find(rp_snapshot *s, rp_table table, uint64_t hash, rp_arena *arena, rp_list *out,
                           rp_error *error) {
  rp_list list = {.table = table, .hash = hash};
  size_t n_segment = s->manifest.segment.n;
  rp_list_span *span = RP_NEW(arena, rp_list_span, n_segment);
  if (!span) return rp_fail_memory(error);
  for (uint32_t i = 0; i < n_segment; i++) {
    rp_segment *segment;
    if (s->manifest.segment.data[i].n_entry[table] == 0) continue;
    RP_TRY(rp_snapshot_segment(s, i, &segment, error));
    rp_list_span at = {.segment = i};
    RP_TRY(rp_segment_find(segment, table, hash >> RP_HASH_SHIFT, &at.first, &at.n, error));
    if (at.n == 0) continue;
    span[list.n_span++] = at;
    list.n += at.n;
  }
  list.span = span;
  *out = list;
  return RP_OK;
}

/* Entry `at` of a span's table; a document beyond those given is damage. */
static rp_status get(rp_snapshot *s, const rp_list *list, uint32_t segment, uint64_t at, rp_segment_cursor *cursor,
                     rp_entry *out, rp_error *error) {
  RP_TRY(rp_segment_seek(s->segment[segment], list->table, at, cursor, error));
  rp_posting_get(&cursor->posting, (size_t)(at - cursor->first), out);
  out->hash = list->hash;
  if (out->doc >= s->manifest.n_number)
    return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: it lists a document it does not have", s->txn.path);
  return RP_OK;
}

rp_status rp_list_read(rp_snapshot *s, const rp_list *list, rp_entry *out, size_t *n_out, rp_error *error) {
  size_t n = 0;
  for (size_t i = 0; i < list->n_span; i++) {
    const rp_list_span *span = &list->span[i];
    rp_segment_cursor cursor = {0};
    for (uint64_t at = span->first; at < span->first + span->n; at++) {
      rp_entry entry;
      RP_TRY(get(s, list, span->segment, at, &cursor, &entry, error));
      if (rp_snapshot_is_live(s, entry.doc)) out[n++] = entry;
    }
  }
  *n_out = n;
  return RP_OK;
}

/* ---- the nearest in date ---------------------------------------------------------------- */

struct near {
  uint64_t distance; /* minutes; UINT64_MAX: undated */
  uint64_t id_hash;
  rp_entry entry;
};

static bool is_nearer(const struct near *a, const struct near *b) {
  if (a->distance != b->distance) return a->distance < b->distance;
  if (a->id_hash != b->id_hash) return a->id_hash < b->id_hash;
  if (a->entry.doc != b->entry.doc) return a->entry.doc < b->entry.doc;
  return a->entry.position < b->entry.position;
}

/* A walk through one span away from the date asked for.  Entries of one date
 * are met in the order they are stored in, also by the walk into the past,
 * which goes from run to run of equal dates. */
struct walk {
  uint32_t segment;
  bool is_past;
  uint64_t low;     /* past: where the span begins */
  uint64_t run;     /* past: where the run at hand begins */
  uint64_t at, end; /* still to be met, of the run or of all */
  rp_segment_cursor cursor;
  bool has_head;
  struct near head;
};

struct question {
  rp_snapshot *snapshot;
  const rp_list *list;
  int32_t minutes;
};

static rp_status look(const struct question *q, struct walk *w, uint64_t at, rp_entry *entry, rp_row *row,
                      rp_error *error) {
  RP_TRY(get(q->snapshot, q->list, w->segment, at, &w->cursor, entry, error));
  return rp_snapshot_row(q->snapshot, entry->doc, row, error);
}

/* The first entry in [low, high) dated `date` or later; high where none is. */
static rp_status first_from(const struct question *q, struct walk *w, uint64_t low, uint64_t high, int32_t date,
                            uint64_t *out, rp_error *error) {
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    rp_entry entry;
    rp_row row;
    RP_TRY(look(q, w, middle, &entry, &row, error));
    if (row.earliest < date)
      low = middle + 1;
    else
      high = middle;
  }
  *out = low;
  return RP_OK;
}

/* The run of equal dates that ends before the one at hand. */
static rp_status step_back(const struct question *q, struct walk *w, rp_error *error) {
  rp_entry entry;
  rp_row row;
  w->end = w->run;
  RP_TRY(look(q, w, w->end - 1, &entry, &row, error));
  int32_t date = row.earliest;
  uint64_t step = 1, high = w->end - 1, low = w->low;
  while (high - w->low >= step) {
    RP_TRY(look(q, w, high - step, &entry, &row, error));
    if (row.earliest < date) {
      low = high - step + 1;
      break;
    }
    high -= step;
    step *= 2;
  }
  RP_TRY(first_from(q, w, low, high, date, &w->run, error));
  w->at = w->run;
  return RP_OK;
}

static uint64_t distance_of(const struct question *q, const rp_row *row) {
  if (row->earliest == RP_ROW_UNDATED) return UINT64_MAX;
  int64_t d = (int64_t)row->earliest - q->minutes;
  return (uint64_t)(d < 0 ? -d : d);
}

static rp_status advance(const struct question *q, struct walk *w, rp_error *error) {
  w->has_head = false;
  for (;;) {
    if (w->at == w->end) {
      if (!w->is_past || w->run == w->low) return RP_OK;
      RP_TRY(step_back(q, w, error));
    }
    rp_row row;
    struct near *head = &w->head;
    RP_TRY(get(q->snapshot, q->list, w->segment, w->at, &w->cursor, &head->entry, error));
    w->at++;
    if (!rp_snapshot_is_live(q->snapshot, head->entry.doc)) continue;
    RP_TRY(rp_snapshot_row(q->snapshot, head->entry.doc, &row, error));
    head->distance = distance_of(q, &row);
    head->id_hash = row.id_hash;
    w->has_head = true;
    return RP_OK;
  }
}

/* Three walks a span: into the past, into the future, through the undated. */
static rp_status start_walks(const struct question *q, struct walk *walk, rp_error *error) {
  for (size_t i = 0; i < q->list->n_span; i++) {
    const rp_list_span *span = &q->list->span[i];
    struct walk *past = &walk[3 * i], *future = past + 1, *undated = past + 2;
    uint64_t end = span->first + span->n, split, dated;
    *past = (struct walk){.segment = span->segment, .is_past = true};
    RP_TRY(first_from(q, past, span->first, end, q->minutes, &split, error));
    RP_TRY(first_from(q, past, split, end, RP_ROW_UNDATED, &dated, error));
    past->low = span->first;
    past->run = past->at = past->end = split;
    *future = (struct walk){.segment = span->segment, .at = split, .end = dated};
    *undated = (struct walk){.segment = span->segment, .at = dated, .end = end};
    for (int j = 0; j < 3; j++) RP_TRY(advance(q, &past[j], error));
  }
  return RP_OK;
}

static rp_status nearest_dated(const struct question *q, size_t k, rp_arena *arena, rp_entry *out, size_t *n_out,
                               rp_error *error) {
  size_t n_walk = 3 * q->list->n_span, n = 0;
  struct walk *walk = RP_NEW(arena, struct walk, n_walk);
  if (!walk) return rp_fail_memory(error);
  RP_TRY(start_walks(q, walk, error));
  for (; n < k; n++) {
    struct walk *best = NULL;
    for (size_t i = 0; i < n_walk; i++)
      if (walk[i].has_head && (!best || is_nearer(&walk[i].head, &best->head))) best = &walk[i];
    if (!best) break;
    out[n] = best->head.entry;
    RP_TRY(advance(q, best, error));
  }
  *n_out = n;
  return RP_OK;
}

/* A heap with the farthest on top. */
static void sink(struct near *heap, size_t n, size_t i) {
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= n) return;
    if (child + 1 < n && is_nearer(&heap[child], &heap[child + 1])) child++;
    if (!is_nearer(&heap[i], &heap[child])) return;
    struct near swap = heap[i];
    heap[i] = heap[child];
    heap[child] = swap;
    i = child;
  }
}

static void rise(struct near *heap, size_t i) {
  for (; i > 0 && is_nearer(&heap[(i - 1) / 2], &heap[i]); i = (i - 1) / 2) {
    struct near swap = heap[i];
    heap[i] = heap[(i - 1) / 2];
    heap[(i - 1) / 2] = swap;
  }
}

/* All are equally far: the least hashes of ids, for which all are read. */
static rp_status nearest_undated(const struct question *q, size_t k, rp_arena *arena, rp_entry *out, size_t *n_out,
                                 rp_error *error) {
  size_t n = 0, room = k < q->list->n ? k : (size_t)q->list->n;
  struct near *heap = RP_NEW(arena, struct near, room);
  if (!heap) return rp_fail_memory(error);
  for (size_t i = 0; i < q->list->n_span && room; i++) {
    const rp_list_span *span = &q->list->span[i];
    struct walk w = {.segment = span->segment, .at = span->first, .end = span->first + span->n};
    for (;;) {
      RP_TRY(advance(q, &w, error));
      if (!w.has_head) break;
      w.head.distance = 0;
      if (n < room) {
        heap[n] = w.head;
        rise(heap, n++);
      } else if (is_nearer(&w.head, &heap[0])) {
        heap[0] = w.head;
        sink(heap, n, 0);
      }
    }
  }
  *n_out = n;
  while (n > 0) {
    out[n - 1] = heap[0].entry;
    heap[0] = heap[--n];
    sink(heap, n, 0);
  }
  return RP_OK;
}

rp_status rp_list_nearest(rp_snapshot *snapshot, const rp_list *list, int32_t minutes, size_t k, rp_arena *arena,
                          rp_entry *out, size_t *n_out, rp_error *error) {
  const struct question q = {snapshot, list, minutes};
  rp_arena_mark mark = rp_arena_get(arena);
  rp_status status = minutes == RP_ROW_UNDATED ? nearest_undated(&q, k, arena, out, n_out, error)
                                               : nearest_dated(&q, k, arena, out, n_out, error);
  rp_arena_rewind(arena, mark);
  return status;
}
