/* Two articles compared: an article and its edited copy, split into words
 * before.  A thousand pairs, gone through again and again. */
#include "base/mem.h"
#include "bench.h"
#include "match/passage.h"

enum { PAIRS = 1024, COPY_SEED = 99 };

typedef struct match_state {
  rp_arena arena;
  bench_corpus copy;
  rp_words a[PAIRS], b[PAIRS];
} match_state;

static void match_teardown(void *state) {
  match_state *s = state;
  rp_arena_release(&s->arena);
  corpus_release(&s->copy);
  rp_free(s);
}

static size_t pairs_of(const bench_corpus *corpus) { return corpus->text.n < PAIRS ? corpus->text.n : PAIRS; }

static rp_status prepare(const bench_corpus *corpus, match_state *s, rp_error *error) {
  RP_TRY(corpus_copy(corpus, COPY_SEED, &s->copy, error));
  for (size_t i = 0; i < pairs_of(corpus); i++) {
    RP_TRY(rp_words_split(corpus->text.data[i], &s->arena, &s->a[i], error));
    RP_TRY(rp_words_split(s->copy.text.data[i], &s->arena, &s->b[i], error));
  }
  return RP_OK;
}

static rp_status match_setup(const bench_corpus *corpus, void **state, rp_error *error) {
  match_state *s = rp_calloc(1, sizeof *s);
  if (!s) return rp_fail_memory(error);
  rp_status status = prepare(corpus, s, error);
  if (status == RP_OK)
    *state = s;
  else
    match_teardown(s);
  return status;
}

static rp_status run_overlap(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  match_state *s = state;
  for (size_t i = 0; i < corpus->text.n; i++) {
    size_t pair = i % pairs_of(corpus);
    rp_overlap overlap;
    rp_arena_mark mark = rp_arena_get(&s->arena);
    RP_TRY(rp_overlap_measure(&s->a[pair], &s->b[pair], &s->arena, &overlap, error));
    *check += overlap.shared;
    rp_arena_rewind(&s->arena, mark);
  }
  return RP_OK;
}

const bench_case case_overlap = {.name = "overlap",
                                 .what = "exact shingle overlap of an article and its copy",
                                 .setup = match_setup,
                                 .run = run_overlap,
                                 .teardown = match_teardown};

static rp_status run_passages(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  match_state *s = state;
  for (size_t i = 0; i < corpus->text.n; i++) {
    size_t pair = i % pairs_of(corpus);
    rp_measures measures;
    rp_arena_mark mark = rp_arena_get(&s->arena);
    RP_TRY(rp_passages_measure(&s->a[pair], &s->b[pair], &s->arena, &measures, error));
    *check += measures.matched;
    rp_arena_rewind(&s->arena, mark);
  }
  return RP_OK;
}

const bench_case case_passages = {.name = "passages",
                                  .what = "overlap, chains and alignment of an article and its copy",
                                  .setup = match_setup,
                                  .run = run_passages,
                                  .teardown = match_teardown};
