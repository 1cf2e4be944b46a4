/* Every article of the corpus, edited, asked of an index that holds all of
 * them: one thread, warm. */
#include "base/mem.h"
#include "bench.h"
#include "folder.h"
#include "index_fill.h"

enum { COPY_SEED = 99 };

typedef struct query_state {
  char path[FOLDER_PATH];
  rp_index *index;
  rp_ctx *ctx;
  bench_corpus copy;
} query_state;

static void query_teardown(void *state) {
  query_state *s = state;
  rp_ctx_free(s->ctx);
  rp_index_close(s->index);
  if (s->path[0]) folder_remove(s->path);
  corpus_release(&s->copy);
  rp_free(s);
}

static rp_status prepare(const bench_corpus *corpus, query_state *s, rp_error *error) {
  RP_TRY(corpus_copy(corpus, COPY_SEED, &s->copy, error));
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
    article_room room;
    rp_article article = index_article(corpus, i, &room);
    article.id = (rp_str){"asked", 5};
    article.publisher = article.publisher_key = (rp_str){"another.example", 15};
    article.text = s->copy.text.data[i];
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
