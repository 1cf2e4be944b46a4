/* What is kept of articles, pairs, groups and runs: written and read again, and
 * read from bytes that are not what was written. */
#include "engine/known.h"

#include "engine/naming.h"
#include "engine/run.h"
#include "match_help.h"

static rp_str bytes_of(const rp_buf *buf) { return (rp_str){buf->data, buf->len}; }

/* ---- articles ------------------------------------------------------------------- */

static void an_article_is_read_as_it_was_written(void **state) {
  (void)state;
  uint64_t random = 1;
  rp_arena arena;
  rp_known known;
  rp_arena_init(&arena);
  rp_known_init(&known);
  for (uint32_t doc = 0; doc < 300; doc++) {
    uint32_t ask[40], n = (uint32_t)below(&random, 40), at = 0;
    for (uint32_t i = 0; i < n; i++) ask[i] = at += 1 + (uint32_t)below(&random, i % 7 ? 3 : 100000);
    rp_state x = {.equal = random * 977,
                  .publisher = (uint32_t)below(&random, 400),
                  .is_proposed = below(&random, 2),
                  .has_many = below(&random, 2),
                  .is_cut = below(&random, 2),
                  .ask = ask,
                  .n_ask = n};
    rp_state y;
    assert_int_equal(rp_known_put_state(&known, doc, &x, NULL), RP_OK);
    assert_int_equal(rp_known_state(&known, doc, &arena, &y, NULL), RP_OK);
    assert_true(x.equal == y.equal && x.publisher == y.publisher && x.is_proposed == y.is_proposed);
    assert_true(x.has_many == y.has_many && x.is_cut == y.is_cut && x.n_ask == y.n_ask);
    if (n) assert_memory_equal(x.ask, y.ask, n * sizeof *ask);
  }
  rp_state y;
  assert_int_equal(rp_known_state(&known, 300, &arena, &y, NULL), RP_ERR_NOT_FOUND);
  rp_known_release(&known);
  rp_arena_release(&arena);
}

/* equal 0102030405060708, publisher 300, looked up and cut, asks for 5, 6 and 200 */
static void the_bytes_of_an_article_are_those_of_the_page(void **state) {
  (void)state;
  static const uint8_t expected[] = {8, 7, 6, 5, 4, 3, 2, 1, 0xac, 0x02, 5, 3, 5, 0, 0xc1, 0x01};
  rp_known known;
  rp_str bytes;
  rp_known_init(&known);
  rp_state x = {.equal = UINT64_C(0x0102030405060708),
                .publisher = 300,
                .is_proposed = true,
                .is_cut = true,
                .ask = (uint32_t[]){5, 6, 200},
                .n_ask = 3};
  assert_int_equal(rp_known_put_state(&known, 9, &x, NULL), RP_OK);
  assert_true(rp_ledger_find(&known.state, 9, &bytes));
  assert_int_equal(bytes.len, sizeof expected);
  assert_memory_equal(bytes.data, expected, sizeof expected);
  rp_known_release(&known);
}

/* ---- pairs ------------------------------------------------------------------------ */

static void a_pair_is_counted_again_as_it_was_measured(void **state) {
  (void)state;
  uint64_t random = 2;
  rp_arena arena;
  rp_buf buf;
  rp_arena_init(&arena);
  rp_buf_init(&buf);
  size_t n_chain = 0;
  for (int round = 0; round < 100; round++) {
    rp_arena_clear(&arena, 1 << 20);
    const char *p = random_text(&arena, &random, 60, 4000), *q = random_text(&arena, &random, 40, 4000);
    rp_words a = words_of(&arena, joined(&arena, p, random_text(&arena, &random, 9, 4000), q));
    rp_words b = words_of(&arena, joined(&arena, q, random_text(&arena, &random, 30, 4000), p));
    rp_measures x, y;
    rp_pair_fact fact;
    assert_int_equal(rp_passages_measure(&a, &b, &arena, &x, NULL), RP_OK);
    uint64_t look = rp_known_looks(rp_known_look(&a), rp_known_look(&b));
    rp_buf_clear(&buf);
    rp_fact_encode(look, &x, false, &buf);
    assert_int_equal(rp_fact_decode(bytes_of(&buf), false, &arena, &fact, NULL), RP_OK);
    assert_true(fact.look == look);
    assert_int_equal(rp_passages_count(&a, &b, fact.chain, fact.n_chain, &arena, &y, NULL), RP_OK);
    assert_int_equal(x.n_chain, y.n_chain);
    assert_memory_equal(&x.words_a, &y.words_a, offsetof(rp_measures, has_mixed) - offsetof(rp_measures, words_a));
    /* written from one side, read from the other */
    assert_int_equal(rp_fact_decode(bytes_of(&buf), true, &arena, &fact, NULL), RP_OK);
    assert_int_equal(rp_passages_count(&b, &a, fact.chain, fact.n_chain, &arena, &y, NULL), RP_OK);
    assert_true(x.coverage_a == y.coverage_b && x.coverage_b == y.coverage_a && x.matched == y.matched);
    n_chain += x.n_chain;
  }
  assert_true(n_chain > 100);
  rp_buf_release(&buf);
  rp_arena_release(&arena);
}

/* One number of a true fact is another: both say the same of it. */
static void runs_fit_where_they_can_be_counted(void **state) {
  (void)state;
  uint64_t random = 12;
  rp_arena arena;
  rp_arena_init(&arena);
  size_t n_fit = 0, n_not = 0;
  for (int round = 0; round < 400; round++) {
    rp_arena_clear(&arena, 1 << 20);
    const char *p = random_text(&arena, &random, 40, 4000), *q = random_text(&arena, &random, 30, 4000);
    rp_words a = words_of(&arena, joined(&arena, p, random_text(&arena, &random, 9, 4000), q));
    rp_words b = words_of(&arena, joined(&arena, q, random_text(&arena, &random, 20, 4000), p));
    rp_measures x, y;
    assert_int_equal(rp_passages_measure(&a, &b, &arena, &x, NULL), RP_OK);
    rp_run_list *chain = RP_NEW(&arena, rp_run_list, x.n_chain);
    for (size_t i = 0; i < x.n_chain; i++) {
      rp_seed *run = RP_NEW(&arena, rp_seed, x.chain[i].n_run);
      memcpy(run, x.run + x.chain[i].run, x.chain[i].n_run * sizeof *run);
      if (below(&random, 4) == 0) {
        rp_seed *hit = &run[below(&random, x.chain[i].n_run)];
        uint32_t *const number[] = {&hit->a, &hit->b, &hit->n};
        *number[below(&random, 3)] = (uint32_t)below(&random, 100);
      }
      chain[i] = (rp_run_list){run, below(&random, 40) ? x.chain[i].n_run : 0};
    }
    uint8_t *used = RP_NEW0(&arena, uint8_t, a.n + b.n);
    bool fits = rp_runs_fit(chain, x.n_chain, a.n, b.n, used);
    assert_true(fits == (rp_passages_count(&a, &b, chain, x.n_chain, &arena, &y, NULL) == RP_OK));
    *(fits ? &n_fit : &n_not) += 1;
  }
  assert_true(n_fit > 50 && n_not > 50);
  rp_arena_release(&arena);
}

static void a_look_is_of_words_and_marks(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, "one two three"), b = words_of(&arena, "One, two - three"), c = a;
  b.flag = a.flag;
  assert_true(rp_known_look(&a) == rp_known_look(&b));
  uint16_t flag[3] = {a.flag[0], a.flag[1] | RP_WORD_QUOTED, a.flag[2]};
  c.flag = flag;
  assert_true(rp_known_look(&a) != rp_known_look(&c));
  b = words_of(&arena, "one two thee");
  b.flag = a.flag;
  assert_true(rp_known_look(&a) != rp_known_look(&b));
  assert_true(rp_known_looks(1, 2) != rp_known_looks(2, 1));
  rp_arena_release(&arena);
}

static void another_version_of_the_matching_is_not_looked_at(void **state) {
  (void)state;
  rp_arena arena;
  rp_pair_fact fact;
  rp_arena_init(&arena);
  static const char bytes[] = {RP_MATCH_VERSION + 1, 1, 2};
  assert_int_equal(rp_fact_decode((rp_str){bytes, sizeof bytes}, false, &arena, &fact, NULL), RP_ERR_NOT_FOUND);
  rp_arena_release(&arena);
}

/* ---- hostile bytes -------------------------------------------------------------------- */

static void any_bytes_are_read_or_refused(void **state) {
  (void)state;
  uint64_t random = 3;
  rp_arena arena;
  rp_arena_init(&arena);
  size_t n_read = 0;
  for (int round = 0; round < 60000; round++) {
    char bytes[64];
    size_t n = below(&random, sizeof bytes);
    for (size_t i = 0; i < n; i++) {
      bool is_small = below(&random, 3) != 0;
      bytes[i] = (char)(is_small ? below(&random, 4) : below(&random, 256));
    }
    if (n) bytes[0] = RP_MATCH_VERSION;
    rp_arena_clear(&arena, 1 << 16);
    rp_str s = {bytes, n};
    rp_state article;
    rp_pair_fact fact;
    rp_past_member member;
    rp_past_group group;
    uint64_t id;
    n_read += rp_state_decode(s, &arena, &article, NULL) == RP_OK;
    n_read += rp_fact_decode(s, false, &arena, &fact, NULL) == RP_OK;
    n_read += rp_past_member_decode(7, s, &id, &member, NULL) == RP_OK;
    n_read += rp_past_group_decode(7, s, &group, &id, NULL) == RP_OK;
    n_read += rp_ledger_parse(s, NULL, NULL, NULL) == RP_OK;
    assert_true(arena.total < 1 << 20);
  }
  assert_true(n_read > 100);
  rp_arena_release(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_article_is_read_as_it_was_written),
      cmocka_unit_test(the_bytes_of_an_article_are_those_of_the_page),
      cmocka_unit_test(a_pair_is_counted_again_as_it_was_measured),
      cmocka_unit_test(runs_fit_where_they_can_be_counted),
      cmocka_unit_test(a_look_is_of_words_and_marks),
      cmocka_unit_test(another_version_of_the_matching_is_not_looked_at),
      cmocka_unit_test(any_bytes_are_read_or_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
