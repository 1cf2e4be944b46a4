/* Words, sketches, and both. */
#include "base/mem.h"
#include "bench.h"
#include "sketch/sketch.h"

static rp_status arena_setup(const bench_corpus *corpus, void **state, rp_error *error) {
  (void)corpus;
  rp_arena *arena = rp_malloc(sizeof *arena);
  if (!arena) return rp_fail_memory(error);
  rp_arena_init(arena);
  *state = arena;
  return RP_OK;
}

static void arena_teardown(void *state) {
  rp_arena_release(state);
  rp_free(state);
}

static rp_status run_fold(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  rp_arena *arena = state;
  for (size_t i = 0; i < corpus->text.n; i++) {
    rp_words words;
    rp_arena_mark mark = rp_arena_get(arena);
    RP_TRY(rp_words_fold(corpus->text.data[i], arena, &words, error));
    *check += words.n;
    rp_arena_rewind(arena, mark);
  }
  return RP_OK;
}

const bench_case case_fold = {
    .name = "fold", .what = "text to words", .setup = arena_setup, .run = run_fold, .teardown = arena_teardown};

static void add_sketch(const rp_sketch *sketch, uint64_t *check) {
  *check += sketch->signature[0] + sketch->equal + sketch->n_fingerprint;
}

static rp_status run_sign(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  rp_arena *arena = state;
  for (size_t i = 0; i < corpus->text.n; i++) {
    rp_words words;
    rp_sketch sketch;
    rp_arena_mark mark = rp_arena_get(arena);
    RP_TRY(rp_words_fold(corpus->text.data[i], arena, &words, error));
    RP_TRY(rp_sketch_make(&words, arena, &sketch, error));
    add_sketch(&sketch, check);
    rp_arena_rewind(arena, mark);
  }
  return RP_OK;
}

const bench_case case_sign = {.name = "sign",
                              .what = "text to words, shingles, signature and fingerprints",
                              .setup = arena_setup,
                              .run = run_sign,
                              .teardown = arena_teardown};

/* Words of a thousand articles, gone through again and again, so that the case
 * measures sketches and not the memory that words take. */
enum { SKETCH_ARTICLES = 1024 };

typedef struct sketch_state {
  rp_arena arena;
  rp_words words[SKETCH_ARTICLES];
} sketch_state;

static void sketch_teardown(void *state) {
  sketch_state *s = state;
  rp_arena_release(&s->arena);
  rp_free(s);
}

static rp_status sketch_setup(const bench_corpus *corpus, void **state, rp_error *error) {
  sketch_state *s = rp_malloc(sizeof *s);
  if (!s) return rp_fail_memory(error);
  rp_arena_init(&s->arena);
  for (size_t i = 0; i < SKETCH_ARTICLES && i < corpus->text.n; i++) {
    rp_status status = rp_words_fold(corpus->text.data[i], &s->arena, &s->words[i], error);
    if (status != RP_OK) {
      sketch_teardown(s);
      return status;
    }
  }
  *state = s;
  return RP_OK;
}

static rp_status run_sketch(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  sketch_state *s = state;
  size_t n = corpus->text.n < SKETCH_ARTICLES ? corpus->text.n : SKETCH_ARTICLES;
  for (size_t i = 0; i < corpus->text.n; i++) {
    rp_sketch sketch;
    rp_arena_mark mark = rp_arena_get(&s->arena);
    RP_TRY(rp_sketch_make(&s->words[i % n], &s->arena, &sketch, error));
    add_sketch(&sketch, check);
    rp_arena_rewind(&s->arena, mark);
  }
  return RP_OK;
}

const bench_case case_sketch = {.name = "sketch",
                                .what = "words to shingles, signature and fingerprints",
                                .setup = sketch_setup,
                                .run = run_sketch,
                                .teardown = sketch_teardown};
