/* Which articles there are of a publisher, and which article was read at a
 * place: questions that no table answers, so all rows are read, and of the
 * articles those whose row does not say no. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "engine/index.h"

struct chosen {
  rp_str id;
  rp_date published;
};

struct selection {
  rp_snapshot *snapshot;
  rp_arena *arena;
  const rp_select_options *options;
  uint32_t publisher; /* number; 0: the name is not a key */
  RP_VEC(struct chosen) chosen;
};

static uint32_t find_publisher(rp_snapshot *snapshot, rp_str key) {
  for (uint32_t number = 1;; number++) {
    rp_str known = rp_snapshot_publisher(snapshot, number);
    if (known.len == 0) return 0;
    if (rp_str_equal(known, key)) return number;
  }
}

static bool is_any(rp_date between) { return between.earliest == 0 && between.latest == 0; }

/* Minutes are rounded down, so what a row says no to is outside for certain. */
static bool may_be_in(const rp_row *row, rp_date between) {
  if (is_any(between)) return true;
  if (row->earliest == RP_ROW_UNDATED) return false;
  return (int64_t)row->latest * 60 + 59 >= between.earliest && (int64_t)row->earliest * 60 <= between.latest;
}

static bool is_in(rp_date date, rp_date between) {
  if (is_any(between)) return true;
  return rp_date_is_known(date) && date.latest >= between.earliest && date.earliest <= between.latest;
}

static rp_status choose(void *user, uint32_t doc, rp_error *error) {
  struct selection *s = user;
  rp_row row;
  rp_document document;
  RP_TRY(rp_snapshot_row(s->snapshot, doc, &row, error));
  if (!may_be_in(&row, s->options->between) || (s->publisher && row.publisher != s->publisher)) return RP_OK;
  rp_arena_mark mark = rp_arena_get(s->arena);
  RP_TRY(rp_index_read(s->snapshot, doc, s->arena, &document, error));
  rp_str id = document.article.id;
  rp_date published = document.article.published;
  bool is_chosen = (s->publisher || rp_str_equal(document.article.publisher, s->options->publisher)) &&
                   is_in(published, s->options->between);
  if (!is_chosen) {
    rp_arena_rewind(s->arena, mark);
    return RP_OK;
  }
  /* the text is not kept, so the id moves to where it stood */
  char *copy = rp_memdup(id.data, id.len);
  rp_arena_rewind(s->arena, mark);
  char *kept = copy ? rp_arena_memdup(s->arena, copy, id.len) : NULL;
  rp_free(copy);
  if (!kept || !rp_vec_push(&s->chosen, (struct chosen){{kept, id.len}, published})) return rp_fail_memory(error);
  return RP_OK;
}

/* Undated ones last. */
static int compare(const void *x, const void *y) {
  const struct chosen *a = x, *b = y;
  bool a_known = rp_date_is_known(a->published), b_known = rp_date_is_known(b->published);
  if (a_known != b_known) return a_known ? -1 : 1;
  if (a_known && a->published.earliest != b->published.earliest)
    return a->published.earliest < b->published.earliest ? -1 : 1;
  if (a_known && a->published.latest != b->published.latest) return a->published.latest < b->published.latest ? -1 : 1;
  return rp_str_compare(a->id, b->id);
}

rp_status rp_index_select(rp_ctx *ctx, const rp_select_options *options, const rp_str **out, size_t *n_out,
                          rp_error *error) {
  assert(ctx && ctx->index && options && options->publisher.len && out && n_out);
  rp_ctx_begin(ctx);
  struct selection s = {.arena = &ctx->arena, .options = options};
  RP_TRY(rp_snapshot_begin(ctx->index->store, &s.snapshot, error));
  s.publisher = find_publisher(s.snapshot, options->publisher);
  rp_status status = rp_snapshot_each(s.snapshot, choose, &s, error);
  rp_snapshot_end(s.snapshot);
  rp_str *id = status == RP_OK ? RP_NEW(&ctx->arena, rp_str, s.chosen.n) : NULL;
  if (status == RP_OK && !id) status = rp_fail_memory(error);
  if (status == RP_OK) {
    if (s.chosen.n) qsort(s.chosen.data, s.chosen.n, sizeof *s.chosen.data, compare);
    for (size_t i = 0; i < s.chosen.n; i++) id[i] = s.chosen.data[i].id;
    *out = id;
    *n_out = s.chosen.n;
  }
  rp_vec_release(&s.chosen);
  return status;
}

/* ---- by place ------------------------------------------------------------------------------- */

struct place {
  rp_snapshot *snapshot;
  rp_arena *arena;
  rp_str path;
  uint64_t line;
  bool is_found;
  uint32_t doc;
};

/* Later ones are newer. */
static rp_status look(void *user, uint32_t doc, rp_error *error) {
  struct place *p = user;
  rp_document document;
  rp_arena_mark mark = rp_arena_get(p->arena);
  RP_TRY(rp_index_read(p->snapshot, doc, p->arena, &document, error));
  if (document.article.line == p->line && rp_str_equal(document.article.path, p->path)) {
    p->is_found = true;
    p->doc = doc;
  }
  rp_arena_rewind(p->arena, mark);
  return RP_OK;
}

rp_status rp_index_show_place(rp_ctx *ctx, rp_str path, uint64_t line, const rp_article **out, rp_error *error) {
  assert(ctx && ctx->index && out);
  rp_ctx_begin(ctx);
  struct place p = {.arena = &ctx->arena, .path = path, .line = line};
  rp_document *document = RP_NEW(&ctx->arena, rp_document, 1);
  if (!document) return rp_fail_memory(error);
  RP_TRY(rp_snapshot_begin(ctx->index->store, &p.snapshot, error));
  rp_status status = rp_snapshot_each(p.snapshot, look, &p, error);
  if (status == RP_OK && p.is_found) status = rp_index_read(p.snapshot, p.doc, &ctx->arena, document, error);
  rp_snapshot_end(p.snapshot);
  RP_TRY(status);
  if (!p.is_found)
    return rp_fail(error, RP_ERR_NOT_FOUND, "no article in the index was read from line %llu of '%.*s'",
                   (unsigned long long)line, (int)(path.len < 400 ? path.len : 400), path.data);
  *out = &document->article;
  return RP_OK;
}
