#include "match/chain.h"

#include "match_help.h"

typedef struct found {
  rp_words a, b;
  rp_weights weight_a, weight_b;
  const rp_seed *seed;
  size_t n_seed;
  const rp_run_list *chain;
  size_t n_chain;
} found;

static void chain_words(rp_arena *arena, found *f) {
  assert_int_equal(rp_weights_make(&f->a, arena, &f->weight_a, NULL), RP_OK);
  assert_int_equal(rp_weights_make(&f->b, arena, &f->weight_b, NULL), RP_OK);
  assert_int_equal(rp_seeds_find(&f->a, &f->b, arena, &f->seed, &f->n_seed, NULL), RP_OK);
  assert_int_equal(rp_chains_find(f->seed, f->n_seed, &f->weight_a, f->a.n, &f->weight_b, f->b.n, arena, &f->chain,
                                  &f->n_chain, NULL),
                   RP_OK);
}

static found find(rp_arena *arena, const char *x, const char *y) {
  found f = {.a = words_of(arena, x), .b = words_of(arena, y)};
  chain_words(arena, &f);
  return f;
}

/* ---- seeds ------------------------------------------------------------------ */

static size_t occurrences(const rp_words *words, const uint64_t *gram) {
  size_t n = 0;
  for (size_t i = 0; i + 3 <= words->n; i++) n += memcmp(words->hash + i, gram, 3 * sizeof *gram) == 0;
  return n;
}

static bool some_seed_holds(const found *f, size_t i, size_t j) {
  for (size_t k = 0; k < f->n_seed; k++) {
    rp_seed s = f->seed[k];
    if (s.a <= i && i + 3 <= s.a + s.n && j - i == (size_t)s.b - s.a) return true;
  }
  return false;
}

static void seeds_are_the_maximal_runs(void **state) {
  (void)state;
  uint64_t random = 2;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 80; round++) {
    rp_arena_clear(&arena, 1 << 20);
    const char *common = random_text(&arena, &random, below(&random, 60), 30);
    size_t n_vocabulary = 2 + below(&random, 12);
    const char *x = joined(&arena, random_text(&arena, &random, below(&random, 90), n_vocabulary), common, "");
    const char *y = joined(&arena, common, random_text(&arena, &random, below(&random, 90), n_vocabulary), "");
    found f = find(&arena, x, y);
    for (size_t k = 0; k < f.n_seed; k++) {
      rp_seed s = f.seed[k];
      assert_true(s.n >= 3 && s.a + s.n <= f.a.n && s.b + s.n <= f.b.n);
      assert_memory_equal(f.a.hash + s.a, f.b.hash + s.b, s.n * sizeof *f.a.hash);
      assert_false(s.a > 0 && s.b > 0 && f.a.hash[s.a - 1] == f.b.hash[s.b - 1]);
      assert_false(s.a + s.n < f.a.n && s.b + s.n < f.b.n && f.a.hash[s.a + s.n] == f.b.hash[s.b + s.n]);
      if (k > 0) assert_true(f.seed[k - 1].a < s.a || (f.seed[k - 1].a == s.a && f.seed[k - 1].b < s.b));
    }
    for (size_t i = 0; i + 3 <= f.a.n; i++)
      for (size_t j = 0; j + 3 <= f.b.n; j++) {
        if (memcmp(f.a.hash + i, f.b.hash + j, 3 * sizeof *f.a.hash) != 0) continue;
        if (occurrences(&f.a, f.a.hash + i) * occurrences(&f.b, f.a.hash + i) > RP_SEED_PRODUCT_MAX) continue;
        assert_true(some_seed_holds(&f, i, j));
      }
  }
  rp_arena_release(&arena);
}

static void frequent_grams_seed_nothing(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  /* 4 times in one, 4 in the other: 16; 5 in the other: 20 */
  const char *four = "p red cat ran q red cat ran r red cat ran s red cat ran t ";
  const char *other_four = "u red cat ran v red cat ran w red cat ran x red cat ran y ";
  const char *five = "u red cat ran v red cat ran w red cat ran x red cat ran y red cat ran z";
  assert_int_equal(find(&arena, four, other_four).n_seed, 16);
  assert_int_equal(find(&arena, four, five).n_seed, 0);
  /* what both begin and end with is a run nevertheless */
  assert_int_equal(find(&arena, "la la la la la la la", "la la la la la la la").n_seed, 1);
  found f = find(&arena, "la la la la la la la la la la end", "la la la la la la la la la la now");
  assert_int_equal(f.n_seed, 1);
  assert_int_equal(f.seed[0].n, 10);
  rp_arena_release(&arena);
}

/* ---- chains ------------------------------------------------------------------- */

static size_t words_taken(const uint8_t *taken, uint32_t start, uint32_t end) {
  size_t n = 0;
  for (uint32_t i = start; i < end; i++) n += taken[i];
  return n;
}

static void take_side(uint8_t *taken, uint32_t start, uint32_t end) {
  assert_true(words_taken(taken, start, end) * 10 <= (end - start) * (size_t)3);
  memset(taken + start, 1, end - start);
}

static void chain_laws(const found *f, rp_arena *arena) {
  uint8_t *a = RP_NEW0(arena, uint8_t, f->a.n), *b = RP_NEW0(arena, uint8_t, f->b.n);
  for (size_t c = 0; c < f->n_chain; c++) {
    const rp_seed *s = f->chain[c].seed;
    size_t n = f->chain[c].n;
    uint32_t longest = s[0].n;
    for (size_t k = 1; k < n; k++) {
      assert_true(s[k - 1].a < s[k].a && s[k - 1].b < s[k].b);
      assert_true(s[k - 1].a + s[k - 1].n < s[k].a + s[k].n && s[k - 1].b + s[k - 1].n < s[k].b + s[k].n);
      int64_t gap_a = (int64_t)s[k].a - s[k - 1].a - s[k - 1].n, gap_b = (int64_t)s[k].b - s[k - 1].b - s[k - 1].n;
      assert_true(gap_a <= 12 && gap_b <= 12); /* all words count here */
      if (s[k].n > longest) longest = s[k].n;
    }
    assert_true(longest >= 5);
    take_side(a, s[0].a, s[n - 1].a + s[n - 1].n);
    take_side(b, s[0].b, s[n - 1].b + s[n - 1].n);
  }
}

static void chains_keep_their_laws(void **state) {
  (void)state;
  uint64_t random = 3;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 60; round++) {
    rp_arena_clear(&arena, 1 << 20);
    const char *p = random_text(&arena, &random, below(&random, 80), 12), *q = random_text(&arena, &random, 30, 200);
    const char *r = random_text(&arena, &random, below(&random, 20), 40);
    found f = find(&arena, joined(&arena, p, r, q), joined(&arena, q, p, r));
    chain_laws(&f, &arena);
  }
  rp_arena_release(&arena);
}

static const char first[] = "the harbour master closed both piers on monday ";
static const char second[] = "because the storm had torn away the moorings ";

/* Chains of `first` + n strange words + `second` against the same without. */
static found with_gap(rp_arena *arena, size_t n, uint16_t flag) {
  char gap[2048] = "";
  for (size_t i = 0; i < n; i++) snprintf(gap + strlen(gap), sizeof gap - strlen(gap), "w%zux ", i);
  found f = {.a = words_of(arena, joined(arena, first, gap, second)),
             .b = words_of(arena, joined(arena, first, "", second))};
  if (n) flag_part(&f.a, gap, 0, flag);
  chain_words(arena, &f);
  return f;
}

static void gaps_are_measured_in_counted_words(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  found f = with_gap(&arena, 12, 0);
  assert_int_equal(f.n_chain, 1);
  assert_int_equal(f.chain[0].n, 2);
  assert_int_equal(with_gap(&arena, 13, 0).n_chain, 2);
  assert_int_equal(with_gap(&arena, 26, RP_WORD_FURNITURE).n_chain, 1);
  assert_int_equal(with_gap(&arena, 90, RP_WORD_QUOTED).n_chain, 1);
  assert_int_equal(with_gap(&arena, 91, RP_WORD_QUOTED).n_chain, 2);
  rp_arena_release(&arena);
}

static void a_chain_needs_a_run_of_five(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  assert_int_equal(find(&arena, "x one red fox ran y then it hid z", "p one red fox ran q then it hid r").n_chain, 0);
  assert_int_equal(find(&arena, "x one red fox ran off y", "p one red fox ran off q").n_chain, 1);
  /* ten characters of a script without spaces weigh as much */
  assert_int_equal(find(&arena, "新华社北京九月二日电", "新华社北京九月二日电").n_chain, 1);
  assert_int_equal(find(&arena, "新华社北京九月二日", "新华社北京九月二日").n_chain, 0);
  rp_arena_release(&arena);
}

static void a_chain_inside_a_better_one_is_dropped(void **state) {
  (void)state;
  uint64_t random = 4;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words all = words_of(&arena, random_text(&arena, &random, 35, 100000));
  const char *junk = random_text(&arena, &random, 40, 100000), *text = all.text.data;
  /* words 0 to 19, and further on words `start` to 34 */
  for (uint32_t start = 12; start <= 15; start += 3) {
    char *head = rp_arena_memdup(&arena, text, all.start[20]);
    found f = find(&arena, text, joined(&arena, head, junk, text + all.start[start]));
    /* 8 of 20 words are the better one's, or 5 */
    assert_int_equal(f.n_chain, start == 12 ? 1 : 2);
  }
  rp_arena_release(&arena);
}

static void repeats_are_bounded_in_all(void **state) {
  (void)state;
  enum { GRAMS = 80000, TIMES = 4, BYTES = GRAMS * TIMES * 32 };
  rp_arena arena;
  rp_arena_init(&arena);
  char *x = RP_NEW(&arena, char, BYTES), *y = RP_NEW(&arena, char, BYTES);
  size_t n_x = 0, n_y = 0;
  for (unsigned k = 0; k < GRAMS * TIMES; k++) {
    /* four times "kkk", each time with other neighbours: sixteen pairs */
    unsigned gram = k % GRAMS;
    n_x += (size_t)sprintf(x + n_x, "q%x q%x q%x u%x ", gram, gram, gram, k);
    n_y += (size_t)sprintf(y + n_y, "q%x q%x q%x w%x ", gram, gram, gram, k);
  }
  found f = find(&arena, x, y);
  assert_true(f.n_seed <= RP_SEED_REPEAT_MAX);
  /* a tenth of it is within the bound */
  x[n_x / 40] = y[n_y / 40] = '\0';
  f = find(&arena, x, y);
  assert_true(f.n_seed > 1000);
  rp_arena_release(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(seeds_are_the_maximal_runs),  cmocka_unit_test(frequent_grams_seed_nothing),
      cmocka_unit_test(chains_keep_their_laws),      cmocka_unit_test(gaps_are_measured_in_counted_words),
      cmocka_unit_test(a_chain_needs_a_run_of_five), cmocka_unit_test(a_chain_inside_a_better_one_is_dropped),
      cmocka_unit_test(repeats_are_bounded_in_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
