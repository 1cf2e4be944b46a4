#include "match/overlap.h"

#include "match_help.h"

enum { SIZE = 5 };

static bool shingles_equal(const rp_words *x, size_t i, const rp_words *y, size_t j) {
  return memcmp(x->hash + i, y->hash + j, SIZE * sizeof *x->hash) == 0;
}

/* Distinct shingles of x, and how many of them y has: by comparing all with all. */
static void count_naively(const rp_words *x, const rp_words *y, uint32_t *n, uint32_t *shared) {
  *n = *shared = 0;
  for (size_t i = 0; i + SIZE <= x->n; i++) {
    bool is_new = true, is_shared = false;
    for (size_t k = 0; k < i && is_new; k++) is_new = !shingles_equal(x, i, x, k);
    for (size_t j = 0; j + SIZE <= y->n && !is_shared; j++) is_shared = shingles_equal(x, i, y, j);
    *n += is_new;
    *shared += is_new && is_shared;
  }
}

static void agrees_with_comparing_all(void **state) {
  (void)state;
  uint64_t random = 1;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 60; round++) {
    rp_arena_clear(&arena, 1 << 20);
    size_t n_vocabulary = 2 + below(&random, 4);
    const char *common = random_text(&arena, &random, below(&random, 150), 500);
    rp_words a = words_of(&arena, joined(&arena, random_text(&arena, &random, 5 + below(&random, 120), n_vocabulary),
                                         common, random_text(&arena, &random, 40, 500)));
    rp_words b = words_of(&arena, joined(&arena, common, random_text(&arena, &random, 5 + below(&random, 120), 3), ""));
    rp_overlap o, mirrored;
    uint32_t n_a, n_b, shared, shared_b;
    count_naively(&a, &b, &n_a, &shared);
    count_naively(&b, &a, &n_b, &shared_b);
    assert_int_equal(rp_overlap_measure(&a, &b, &arena, &o, NULL), RP_OK);
    assert_int_equal(o.n_a, n_a);
    assert_int_equal(o.n_b, n_b);
    assert_int_equal(o.shared, shared);
    assert_int_equal(shared, shared_b);
    assert_true(o.jaccard == (double)shared / (n_a + n_b - shared));
    assert_true(o.containment_a == (double)shared / n_a && o.containment_b == (double)shared / n_b);
    assert_int_equal(rp_overlap_measure(&b, &a, &arena, &mirrored, NULL), RP_OK);
    assert_true(mirrored.jaccard == o.jaccard && mirrored.containment_a == o.containment_b);
  }
  rp_arena_release(&arena);
}

/* More shingles than are counted in a table. */
static void long_texts_agree_too(void **state) {
  (void)state;
  uint64_t random = 8;
  rp_arena arena;
  rp_arena_init(&arena);
  const char *common = random_text(&arena, &random, 900, 900), *more = random_text(&arena, &random, 900, 900);
  rp_words a = words_of(&arena, joined(&arena, common, more, common)),
           b = words_of(&arena, joined(&arena, more, common, ""));
  rp_overlap o;
  uint32_t n_a, n_b, shared, shared_b;
  count_naively(&a, &b, &n_a, &shared);
  count_naively(&b, &a, &n_b, &shared_b);
  assert_int_equal(rp_overlap_measure(&a, &b, &arena, &o, NULL), RP_OK);
  assert_true(o.n_a == n_a && o.n_b == n_b && o.shared == shared);
  assert_true(n_a < a.n - 800);
  rp_arena_release(&arena);
}

static rp_overlap overlap_of(rp_arena *arena, const char *x, const char *y) {
  rp_words a = words_of(arena, x), b = words_of(arena, y);
  rp_overlap o;
  assert_int_equal(rp_overlap_measure(&a, &b, arena, &o, NULL), RP_OK);
  return o;
}

static void small_texts(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_overlap o = overlap_of(&arena, "", "");
  assert_true(o.jaccard == 0 && o.containment_a == 0 && o.n_a == 0);
  o = overlap_of(&arena, "", "one small word too many here");
  assert_true(o.jaccard == 0 && o.containment_b == 0 && o.n_b == 2);
  o = overlap_of(&arena, "A short text", "a SHORT text!");
  assert_true(o.jaccard == 1 && o.n_a == 1);
  /* in a script without spaces ten characters make a shingle */
  o = overlap_of(&arena, "新华社北京九月二日电记", "新华社北京九月二日电者");
  assert_int_equal(o.n_a, 2);
  assert_int_equal(o.shared, 1);
  rp_arena_release(&arena);
}

static void short_memory(void **state) {
  (void)state;
  uint64_t random = 9;
  rp_arena arena, scratch;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, random_text(&arena, &random, 20000, 5000));
  rp_status status = RP_ERR_MEMORY;
  for (long n = 1; status != RP_OK; n++) {
    rp_overlap o;
    rp_arena_init(&scratch);
    rp_mem_fail_after(n);
    status = rp_overlap_measure(&a, &a, &scratch, &o, NULL);
    rp_mem_fail_after(0);
    rp_arena_release(&scratch);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
    assert_true(n < 100);
  }
  rp_arena_release(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_comparing_all),
      cmocka_unit_test(long_texts_agree_too),
      cmocka_unit_test(small_texts),
      cmocka_unit_test(short_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
