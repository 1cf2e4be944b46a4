/* The public reader: batches of input are read in parallel, unit by unit, and
 * handed out in the order of the input. */
#include <limits.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/par.h"
#include "ingest/batch.h"
#include "ingest/dom.h"
#include "ingest/html.h"
#include "ingest/text.h"

enum { MIB = 1 << 20, BATCH_OF_ONE = 4 * MIB, GREATEST_BATCH = 64 * MIB, ARENA_KEPT = 16 * MIB };

/* What one thread reads units with. */
struct worker {
  rp_arena arena; /* the items of the batch at hand */
  rp_json_parser *json;
  rp_dom dom;
};

struct rp_reader {
  rp_settings settings;
  rp_arena arena; /* settings, copied */
  rp_problem_fn on_problem;
  void *user;
  rp_source *source;
  rp_batcher *batcher;
  struct worker *worker;
  unsigned n_worker;
  rp_batch *batch; /* NULL before the first */
  size_t unit;     /* units before this one are handed out */
  rp_item *next, *at;
  rp_reader_counts counts;
};

/* ---- units to items -------------------------------------------------------------- */

static bool is_blank(rp_str s) {
  while (s.len && (unsigned char)s.data[0] <= ' ' && s.data[0] != '\0') s.data++, s.len--;
  return s.len == 0;
}

static void read_lines(const rp_reader *r, struct worker *w, rp_unit *unit) {
  const char *data = r->batch->data.data;
  rp_origin origin = {.place = {unit->path, unit->line}, .is_stdin = unit->is_stdin};
  for (size_t at = unit->start; at < unit->end; origin.place.line++) {
    const char *newline = memchr(data + at, '\n', unit->end - at);
    size_t end = newline ? (size_t)(newline - data) : unit->end;
    rp_str line = {data + at, end - at};
    if (!is_blank(line)) rp_json_read(w->json, line, &r->settings, &origin, &unit->items);
    at = end + 1;
  }
}

static void read_records(const rp_reader *r, struct worker *w, rp_unit *unit) {
  rp_origin origin = {.place = {unit->path, unit->line}, .is_stdin = unit->is_stdin, .is_file = unit->is_file};
  for (size_t i = unit->start; i < unit->end; i++, origin.place.line++) {
    rp_range range = r->batch->records.data[i];
    rp_str record = {r->batch->data.data + range.start, range.end - range.start};
    rp_json_read(w->json, record, &r->settings, &origin, &unit->items);
  }
}

static void read_unit(void *user, unsigned worker, size_t i) {
  rp_reader *r = user;
  rp_unit *unit = &r->batch->units.data[i];
  struct worker *w = &r->worker[worker];
  rp_origin origin = {.place = {unit->path, 0}, .is_stdin = unit->is_stdin, .is_file = true};
  rp_str bytes = {r->batch->data.data + unit->start, unit->end - unit->start};
  if (unit->kind == RP_UNIT_PROBLEM) return;
  unit->items = (rp_items){.arena = &w->arena};
  switch (unit->kind) {
    case RP_UNIT_LINES: read_lines(r, w, unit); break;
    case RP_UNIT_RECORDS: read_records(r, w, unit); break;
    case RP_UNIT_TEXT: rp_text_read(bytes, &r->settings, &origin, &unit->items); break;
    case RP_UNIT_HTML: rp_html_read(bytes, &w->dom, w->json, &r->settings, &origin, &unit->items); break;
    default: break;
  }
}

static rp_status next_batch(rp_reader *r, rp_error *error) {
  for (unsigned i = 0; i < r->n_worker; i++) rp_arena_clear(&r->worker[i].arena, ARENA_KEPT);
  r->unit = 0;
  RP_TRY(rp_batcher_next(r->batcher, &r->batch, error));
  r->counts.n_file += r->batch->n_file;
  rp_par_for(r->n_worker, r->batch->units.n, read_unit, r);
  for (size_t i = 0; i < r->batch->units.n; i++)
    if (r->batch->units.data[i].items.failed) return rp_fail_memory(error);
  return RP_OK;
}

/* ---- handing out ------------------------------------------------------------------- */

static void tell(rp_reader *r, const rp_problem *problem) {
  switch (problem->kind) {
    case RP_PROBLEM_SKIPPED:
      r->counts.n_record++;
      r->counts.n_skipped++;
      break;
    case RP_PROBLEM_FAILED: r->counts.n_failed++; break;
    case RP_PROBLEM_IGNORED: r->counts.n_ignored++; break;
    case RP_PROBLEM_NOTED: break;
  }
  if (r->on_problem) r->on_problem(r->user, problem);
}

rp_status rp_reader_next(rp_reader *r, const rp_article **out, rp_error *error) {
  r->at = NULL;
  for (;;) {
    while (r->next) {
      rp_item *item = r->next;
      r->next = item->next;
      if (item->article) {
        r->counts.n_record++;
        r->counts.n_article++;
        r->at = item;
        *out = item->article;
        return RP_OK;
      }
      tell(r, &item->problem);
    }
    if (r->batch && r->unit < r->batch->units.n) {
      r->next = r->batch->units.data[r->unit++].items.first;
      continue;
    }
    RP_TRY(next_batch(r, error));
    if (r->batch->units.n == 0) {
      *out = NULL;
      return RP_OK;
    }
  }
}

void rp_reader_left_out(const rp_reader *r, const rp_left_out **out, size_t *n_out) {
  *out = r->at ? r->at->left_out : NULL;
  *n_out = r->at ? r->at->n_left_out : 0;
}

void rp_reader_counts_get(const rp_reader *r, rp_reader_counts *out) { *out = r->counts; }

/* ---- life --------------------------------------------------------------------------- */

static rp_limits limits_of(rp_limits given) {
  rp_limits l = given;
  if (!l.article) l.article = 8 * MIB;
  if (!l.line) l.line = 64 * MIB;
  if (l.line > INT_MAX / 2) l.line = INT_MAX / 2; /* json-c counts in int */
  if (l.article > INT_MAX / 2) l.article = INT_MAX / 2;
  if (!l.depth) l.depth = 64;
  if (l.depth > 1024) l.depth = 1024;
  if (!l.html_depth) l.html_depth = 512;
  if (!l.expansion) l.expansion = 200;
  if (!l.nesting) l.nesting = 4;
  return l;
}

static rp_status init_settings(const rp_reader_options *o, rp_reader *r, rp_error *error) {
  rp_settings *s = &r->settings;
  const char *prefix = o->id_prefix ? o->id_prefix : "";
  RP_TRY(rp_fields_init(o->field, o->n_field, &r->arena, &s->fields, error));
  s->limits = limits_of(o->limits);
  if (!(s->id_prefix = rp_arena_memdup(&r->arena, prefix, strlen(prefix)))) return rp_fail_memory(error);
  s->timezone_minutes = o->timezone_minutes;
  s->now = o->now ? o->now : (int64_t)time(NULL);
  s->keep_left_out = o->keep_left_out;
  return RP_OK;
}

static rp_status init_workers(rp_reader *r, unsigned n_thread, rp_error *error) {
  unsigned n = rp_par_workers(n_thread);
  if (!(r->worker = rp_calloc(n, sizeof *r->worker))) return rp_fail_memory(error);
  r->n_worker = n;
  for (unsigned i = 0; i < n; i++) RP_TRY(rp_json_parser_new(r->settings.limits.depth, &r->worker[i].json, error));
  return RP_OK;
}

rp_status rp_reader_open(const rp_reader_options *options, rp_reader **out, rp_error *error) {
  rp_status status;
  rp_reader *r = rp_calloc(1, sizeof *r);
  if (!r) return rp_fail_memory(error);
  r->on_problem = options->on_problem;
  r->user = options->user;
  rp_dom_start();
  RP_TRY_OUT(init_settings(options, r, error));
  RP_TRY_OUT(init_workers(r, options->n_thread, error));
  RP_TRY_OUT(rp_source_new(options->path, options->n_path, &r->settings.limits, &r->source, error));
  size_t target = (size_t)r->n_worker * BATCH_OF_ONE;
  rp_batcher_options batching = {.source = r->source,
                                 .settings = &r->settings,
                                 .format = options->format,
                                 .target = target < GREATEST_BATCH ? target : GREATEST_BATCH};
  RP_TRY_OUT(rp_batcher_new(&batching, &r->batcher, error));
  *out = r;
out:
  if (status != RP_OK) rp_reader_close(r);
  return status;
}

void rp_reader_close(rp_reader *r) {
  if (!r) return;
  rp_batcher_free(r->batcher);
  rp_source_free(r->source);
  for (unsigned i = 0; i < r->n_worker; i++) {
    rp_arena_release(&r->worker[i].arena);
    rp_json_parser_free(r->worker[i].json);
    rp_dom_release(&r->worker[i].dom);
  }
  rp_free(r->worker);
  rp_arena_release(&r->arena);
  rp_free(r);
}
