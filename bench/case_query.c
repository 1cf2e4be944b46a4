/* Every article of the corpus, edited, asked of an index that holds all of
 * them: one thread, warm. */
#include "base/mem.h"
#include "bench.h"
#include "folder.h"
#include "index_fill.h"

typedef struct query_state {
  char path[FOLDER_PATH];
  rp_index *index;
  rp_ctx *ctx;
  rp_buf copies;
  RP_VEC(size_t) end;
} query_state;

static void query_teardown(void *state) {
  query_state *s = state;
  rp_ctx_free(s->ctx);
  rp_index_close(s->index);
  if (s->path[0]) folder_remove(s->path);
  rp_buf_release(&s->copies);
  rp_vec_release(&s->end);
  rp_free(s);
}

static rp_status make_copies(const bench_corpus *corpus, query_state *s, rp_error *error) {
  generator *g = generator_new(99);
  if (!g) return rp_fail_memory(error);
  bool is_short = false;
  for (size_t i = 0; !is_short && i < corpus->text.n; i++) {
    generate_copy(g, corpus->text.data[i], &s->copies);
    is_short = s->copies.failed || !rp_vec_push(&s->end, s->copies.len);
  }
  generator_free(g);
  return is_short ? rp_fail_memory(error) : RP_OK;
}

static rp_status prepare(const bench_corpus *corpus, query_state *s, rp_error *error) {
  RP_TRY(make_copies(corpus, s, error));
  RP_TRY(folder_make(s->path, error));
  RP_TRY(index_fill(s->path, corpus, &s->index, error));
  return rp_ctx_new(s->index, &s->ctx, error);
}

static rp_status query_setup(const bench_corpus *corpus, void **state, rp_error *error) {
  query_state *s = rp_calloc(1, sizeof *s);
  if (!s) return rp_fail_memory(error);
  rp_status status = prepare(corpus, s, error);
  if (status == RP_OK)
    *state = s;
  else
    query_teardown(s);
  return status;
}

static rp_status run_query(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  query_state *s = state;
  for (size_t i = 0; i < corpus->text.n; i++) {
    size_t start = i ? s->end.data[i - 1] : 0;
    article_room room;
    rp_article article = index_article(corpus, i, &room);
    article.id = (rp_str){"asked", 5};
    article.publisher = article.publisher_key = (rp_str){"another.example", 15};
    article.text = (rp_str){s->copies.data + start, s->end.data[i] - start};
    const rp_answer *answer;
    RP_TRY(rp_query(s->ctx, &article, NULL, &answer, error));
    *check += answer->n_match;
  }
  return RP_OK;
}

const bench_case case_query = {.name = "query",
                               .what = "an edited copy of every article asked of an index of all",
                               .setup = query_setup,
                               .run = run_query,
                               .teardown = query_teardown};
