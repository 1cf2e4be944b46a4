#include "match/passage.h"

#include <time.h>

#include "match_help.h"

static rp_measures measure(rp_arena *arena, const rp_words *a, const rp_words *b) {
  rp_measures m;
  assert_int_equal(rp_passages_measure(a, b, arena, &m, NULL), RP_OK);
  return m;
}

static void flag_at_random(rp_words *words, uint64_t *random) {
  static const uint16_t flag[] = {RP_WORD_QUOTED, RP_WORD_FURNITURE, RP_WORD_TITLE, RP_WORD_DATELINE, RP_WORD_CREDIT};
  for (size_t i = 0; i < words->n;) {
    uint16_t f = below(random, 3) == 0 ? flag[below(random, 5)] : 0;
    for (size_t n = 1 + below(random, 20); n > 0 && i < words->n; n--) words->flag[i++] |= f;
  }
}

/* Two texts that share parts, in another order and with other words between. */
static void related(rp_arena *arena, uint64_t *random, rp_words *a, rp_words *b) {
  const char *p = random_text(arena, random, below(random, 90), 30), *q = random_text(arena, random, 60, 4000);
  const char *r = random_text(arena, random, below(random, 40), 4000);
  const char *s = random_text(arena, random, below(random, 30), 4000);
  *a = words_of(arena, joined(arena, p, joined(arena, s, q, ""), r));
  *b = words_of(arena, joined(arena, joined(arena, q, "", r), p, random_text(arena, random, 20, 4000)));
}

/* ---- laws --------------------------------------------------------------------- */

static void assert_mirrored(const rp_measures *x, const rp_measures *y) {
  assert_int_equal(x->n_chain, y->n_chain);
  assert_int_equal(x->matched, y->matched);
  assert_int_equal(x->counted, y->counted);
  assert_int_equal(x->quoted, y->quoted);
  assert_int_equal(x->furniture, y->furniture);
  assert_int_equal(x->in_order, y->in_order);
  assert_int_equal(x->longest_counted, y->longest_counted);
  assert_int_equal(x->longest_cover, y->longest_cover);
  assert_int_equal(x->words_a, y->words_b);
  assert_int_equal(x->counted_a, y->counted_b);
  assert_int_equal(x->furniture_a, y->furniture_b);
  assert_true(x->coverage_a == y->coverage_b && x->coverage_b == y->coverage_a);
  assert_true(x->matched_a == y->matched_b && x->whole_a == y->whole_b && x->widest_a == y->widest_b);
  assert_true(x->overlap.jaccard == y->overlap.jaccard);
  assert_int_equal(x->has_mixed, y->has_mixed);
  assert_int_equal(x->digits_agree, y->digits_agree);
  assert_int_equal(x->near, y->near);
  assert_memory_equal(&x->slots, &y->slots, sizeof x->slots);
}

static void swapping_mirrors_everything(void **state) {
  (void)state;
  uint64_t random = 11;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 150; round++) {
    rp_arena_clear(&arena, 1 << 20);
    rp_words a, b;
    related(&arena, &random, &a, &b);
    flag_at_random(&a, &random);
    flag_at_random(&b, &random);
    rp_measures x = measure(&arena, &a, &b), y = measure(&arena, &b, &a);
    assert_mirrored(&x, &y);
    assert_mirrored(&y, &x);
    if (a.n) assert_memory_equal(x.match_a, y.match_b, a.n * sizeof *x.match_a);
    if (b.n) assert_memory_equal(x.match_b, y.match_a, b.n * sizeof *x.match_b);
    for (size_t k = 1; k < x.n_chain; k++) assert_true(x.chain[k - 1].a_start <= x.chain[k].a_start);
    for (size_t k = 1; k < y.n_chain; k++) assert_true(y.chain[k - 1].a_start <= y.chain[k].a_start);
  }
  rp_arena_release(&arena);
}

static const rp_run_list *runs_of(rp_arena *arena, const rp_measures *m) {
  rp_run_list *list = rp_arena_alloc(arena, m->n_chain + 1, sizeof *list);
  assert_non_null(list);
  /* the order of chains does not matter */
  for (size_t k = 0; k < m->n_chain; k++)
    list[m->n_chain - 1 - k] = (rp_run_list){m->run + m->chain[k].run, m->chain[k].n_run};
  return list;
}

/* What is remembered of a comparison is enough to count again, whatever marks
 * have come or gone meanwhile. */
static void counting_again_gives_the_same(void **state) {
  (void)state;
  uint64_t random = 13;
  size_t n_chain = 0;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 200; round++) {
    rp_arena_clear(&arena, 1 << 20);
    rp_words a, b;
    rp_measures y;
    related(&arena, &random, &a, &b);
    flag_at_random(&a, &random);
    flag_at_random(&b, &random);
    rp_measures x = measure(&arena, &a, &b);
    assert_int_equal(rp_passages_count(&a, &b, runs_of(&arena, &x), x.n_chain, &arena, &y, NULL), RP_OK);
    n_chain += x.n_chain;
    assert_int_equal(x.n_chain, y.n_chain);
    for (size_t k = 0; k < x.n_chain; k++) {
      rp_chain p = x.chain[k], q = y.chain[k];
      assert_memory_equal(x.run + p.run, y.run + q.run, p.n_run * sizeof *x.run);
      p.run = q.run = 0;
      assert_true(p.a_start == q.a_start && p.a_end == q.a_end && p.b_start == q.b_start && p.b_end == q.b_end);
      assert_true(p.matched == q.matched && p.counted == q.counted && p.quoted == q.quoted && p.other == q.other);
      assert_true(p.furniture == q.furniture && p.cover_a == q.cover_a && p.cover_b == q.cover_b);
      assert_true(p.is_block == q.is_block && p.is_exact == q.is_exact && p.n_run == q.n_run);
    }
    if (a.n) assert_memory_equal(x.match_a, y.match_a, a.n * sizeof *x.match_a);
    if (b.n) assert_memory_equal(x.match_b, y.match_b, b.n * sizeof *x.match_b);
    assert_memory_equal(&x.words_a, &y.words_a, offsetof(rp_measures, has_mixed) - offsetof(rp_measures, words_a));
    assert_true(x.has_mixed == y.has_mixed && x.digits_agree == y.digits_agree && x.near == y.near);
    assert_memory_equal(&x.slots, &y.slots, sizeof x.slots);
  }
  assert_true(n_chain > 200);
  rp_arena_release(&arena);
}

static void runs_of_other_texts_are_refused(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, "one two three four five six seven eight"), b = a;
  static const rp_seed bad[][2] = {
      {{0, 0, 0}, {0, 0, 0}},          /* empty */
      {{0, 4, 5}, {0, 0, 0}},          /* beyond b */
      {{4, 0, 5}, {0, 0, 0}},          /* beyond a */
      {{UINT32_MAX, 0, 2}, {0, 0, 0}}, /* wraps around */
      {{0, 0, UINT32_MAX}, {0, 0, 0}}, /* the same */
      {{0, 0, 4}, {2, 6, 2}},          /* a word of a twice */
      {{2, 2, 4}, {0, 6, 2}},          /* back in a */
      {{0, 2, 2}, {4, 0, 2}},          /* back in b */
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    rp_measures m;
    rp_run_list list = {bad[i], bad[i][1].n ? 2 : 1};
    assert_int_equal(rp_passages_count(&a, &b, &list, 1, &arena, &m, NULL), RP_ERR_DAMAGED);
  }
  rp_measures m;
  rp_run_list none = {NULL, 0}, twice[2] = {{(rp_seed[]){{0, 0, 5}}, 1}, {(rp_seed[]){{4, 6, 1}}, 1}};
  assert_int_equal(rp_passages_count(&a, &b, &none, 1, &arena, &m, NULL), RP_ERR_DAMAGED);
  assert_int_equal(rp_passages_count(&a, &b, twice, 2, &arena, &m, NULL), RP_ERR_DAMAGED);
  assert_int_equal(rp_passages_count(&a, &b, twice, 1, &arena, &m, NULL), RP_OK);
  assert_int_equal(m.matched, 5);
  rp_arena_release(&arena);
}

static void matches_are_inverse_and_add_up(void **state) {
  (void)state;
  uint64_t random = 12;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 150; round++) {
    rp_arena_clear(&arena, 1 << 20);
    rp_words a, b;
    related(&arena, &random, &a, &b);
    flag_at_random(&a, &random);
    flag_at_random(&b, &random);
    rp_measures m = measure(&arena, &a, &b);
    uint32_t matched = 0, furniture = 0, quoted = 0, counted = 0;
    for (size_t i = 0; i < a.n; i++) {
      int32_t j = m.match_a[i];
      if (j < 0) continue;
      assert_int_equal(m.match_b[j], i);
      uint32_t flag = a.flag[i] | (uint32_t)b.flag[j];
      matched++;
      if (flag & RP_WORD_FURNITURE)
        furniture++;
      else if (flag & RP_WORD_QUOTED)
        quoted++;
      else
        counted += !(flag & RP_WORD_UNCOUNTED);
    }
    for (size_t j = 0; j < b.n; j++)
      if (m.match_b[j] >= 0) assert_int_equal(m.match_a[m.match_b[j]], j);
    assert_int_equal(m.matched, matched);
    assert_int_equal(m.furniture, furniture);
    assert_int_equal(m.quoted, quoted);
    assert_int_equal(m.counted, counted);
    assert_int_equal(m.counted_a, rp_words_counted(&a));
    assert_true(m.coverage_a <= 1 && m.coverage_b <= 1 && m.whole_a <= 1 && m.matched_a <= 1);
    assert_true(m.widest_a <= m.whole_a && m.in_order <= m.counted && m.longest_counted <= m.in_order);
    for (size_t k = 0; k < m.n_chain; k++) {
      const rp_chain *c = &m.chain[k];
      assert_true(m.match_a[c->a_start] >= 0 && m.match_a[c->a_end - 1] == (int32_t)c->b_end - 1);
      assert_int_equal(c->matched, c->counted + c->quoted + c->furniture + c->other);
      assert_true(c->matched >= 5);
    }
  }
  rp_arena_release(&arena);
}

static void a_text_is_wholly_itself(void **state) {
  (void)state;
  uint64_t random = 13;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 100; round++) {
    rp_arena_clear(&arena, 1 << 20);
    rp_words a = words_of(&arena, random_text(&arena, &random, 5 + below(&random, 200), 1 + below(&random, 9)));
    rp_measures m = measure(&arena, &a, &a);
    assert_true(m.matched_a == 1 && m.matched_b == 1 && m.whole_a == 1 && m.overlap.jaccard == 1);
    assert_int_equal(m.in_order, a.n);
    assert_true(m.digits_agree);
    assert_int_equal(m.n_chain, 1);
    assert_true(m.chain[0].is_exact);
    if (a.n >= 8) assert_true(m.coverage_a == 1);
  }
  rp_arena_release(&arena);
}

static void an_added_paragraph_leaves_the_other_covered(void **state) {
  (void)state;
  uint64_t random = 14;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 60; round++) {
    rp_arena_clear(&arena, 1 << 20);
    const char *p = random_text(&arena, &random, 20 + below(&random, 100), 5000);
    const char *q = random_text(&arena, &random, 20 + below(&random, 100), 5000);
    const char *more = random_text(&arena, &random, 20 + below(&random, 200), 5000);
    rp_words a = words_of(&arena, joined(&arena, p, q, "")), b = words_of(&arena, joined(&arena, p, more, q));
    rp_measures m = measure(&arena, &a, &b);
    assert_true(m.coverage_a == 1 && m.matched_a == 1);
    assert_int_equal(m.in_order, a.n);
    assert_true(m.coverage_b < 1);
  }
  rp_arena_release(&arena);
}

/* ---- in order: against trying every chain before every other ---------------------- */

static uint32_t in_order_naively(const rp_measures *m) {
  uint32_t best = 0, sum[512];
  assert_true(m->n_chain < 512);
  for (size_t k = 0; k < m->n_chain; k++) {
    sum[k] = 0;
    for (size_t p = 0; p < k; p++)
      if (m->chain[p].b_end <= m->chain[k].b_start && sum[p] > sum[k]) sum[k] = sum[p];
    sum[k] += m->chain[k].counted;
    if (sum[k] > best) best = sum[k];
  }
  return best;
}

static void parts_in_order(void **state) {
  (void)state;
  uint64_t random = 15;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 60; round++) {
    rp_arena_clear(&arena, 1 << 22);
    enum { PARTS = 12 };
    const char *part[PARTS], *x = "", *y = "";
    size_t order[PARTS];
    for (size_t k = 0; k < PARTS; k++) {
      part[k] = random_text(&arena, &random, 8 + below(&random, 30), 100000);
      order[k] = k;
      size_t other = below(&random, k + 1);
      order[k] = order[other];
      order[other] = k;
    }
    for (size_t k = 0; k < PARTS; k++) {
      x = joined(&arena, x, random_text(&arena, &random, 15, 100000), part[k]);
      y = joined(&arena, y, random_text(&arena, &random, 15, 100000), part[order[k]]);
    }
    rp_words a = words_of(&arena, x), b = words_of(&arena, y);
    rp_measures m = measure(&arena, &a, &b);
    assert_int_equal(m.n_chain, PARTS);
    assert_int_equal(m.in_order, in_order_naively(&m));
  }
  rp_arena_release(&arena);
}

/* ---- examples ----------------------------------------------------------------------- */

static const char story[] =
    "The ferry company said on Tuesday that 14 sailings had been called off after a buoy broke loose near the "
    "northern pier. Divers from Lisbon will look at the chain before traffic starts again.\n";

/* A better chain lies in a gap of a worse one: its words are covered once. */
static void words_are_covered_once(void **state) {
  (void)state;
  uint64_t random = 20;
  rp_arena arena;
  rp_arena_init(&arena);
  const char *run[4], *inner = random_text(&arena, &random, 12, 100000), *x, *y = "";
  for (size_t k = 0; k < 4; k++) run[k] = random_text(&arena, &random, 5, 100000);
  x = joined(&arena, run[0], inner, run[1]);
  for (size_t k = 2; k < 4; k++) x = joined(&arena, x, random_text(&arena, &random, 12, 100000), run[k]);
  for (size_t k = 0; k < 4; k++) y = joined(&arena, y, run[k], random_text(&arena, &random, k < 3 ? 12 : 40, 100000));
  rp_words a = words_of(&arena, x), b = words_of(&arena, joined(&arena, y, inner, ""));
  rp_measures m = measure(&arena, &a, &b);
  assert_int_equal(m.n_chain, 2);
  assert_int_equal(m.matched, 32);
  assert_true(m.coverage_a == 1);
  rp_arena_release(&arena);
}

static void marks_on_either_side_count(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, story), b = words_of(&arena, story);
  flag_part(&a, "Divers from Lisbon", 0, RP_WORD_QUOTED);
  flag_part(&b, "traffic starts again", 0, RP_WORD_FURNITURE);
  flag_part(&b, "The ferry company", 0, RP_WORD_CREDIT);
  rp_measures m = measure(&arena, &a, &b);
  assert_int_equal(m.matched, a.n);
  assert_int_equal(m.quoted, 3);
  assert_int_equal(m.furniture, 3);
  assert_int_equal(m.counted, a.n - 9);
  assert_int_equal(m.furniture_a, 0);
  assert_int_equal(m.furniture_b, 3);
  assert_int_equal(m.chain[0].other, 3);
  assert_true(m.coverage_a == (double)(a.n - 9) / (double)(a.n - 3));
  assert_true(m.whole_b == (double)(a.n - 3) / (double)(a.n - 3));
  rp_arena_release(&arena);
}

static void misprints_are_near(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, story);
  rp_words b = words_of(&arena,
                        "The ferry company said on Tuesday that 14 sailings had been called off after a buoy broke "
                        "loose near the northem pier. Divens from Lisbon will look at the chain before traffic starts "
                        "again.");
  rp_measures m = measure(&arena, &a, &b);
  assert_int_equal(m.counted, a.n);
  assert_int_equal(m.near, 2);
  assert_false(m.chain[0].is_exact);
  flag_part(&a, "Divers", 0, RP_WORD_QUOTED);
  assert_int_equal(measure(&arena, &a, &b).near, 1);
  rp_arena_release(&arena);
}

static void light_words_weigh_half(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, "新华社北京九月二日电记者李明"), b = words_of(&arena, "新华社北京九月二日电记者李");
  rp_measures m = measure(&arena, &a, &b);
  assert_int_equal(a.n, 14);
  assert_int_equal(m.words_a, 7);
  assert_int_equal(m.words_b, 7); /* 13 characters, rounded up */
  assert_int_equal(m.matched, 7);
  assert_int_equal(m.chain[0].a_end, 13);
  rp_arena_release(&arena);
}

static bool digits(rp_arena *arena, const char *x, const char *y) {
  rp_words a = words_of(arena, x), b = words_of(arena, y);
  rp_measures m = measure(arena, &a, &b);
  return m.digits_agree;
}

static void digits_must_agree(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  const char *more = joined(&arena, story, "The next one sails at ", "7 from the old quay.");
  assert_true(digits(&arena, more, more));
  assert_false(digits(&arena, more, joined(&arena, story, "The next one sails at ", "8 from the old quay.")));
  /* also where it is the last word, outside every chain */
  assert_false(digits(&arena, joined(&arena, story, "Fares: 12", ""), joined(&arena, story, "Fares: 13", "")));
  assert_false(digits(&arena, joined(&arena, "15 ", story, ""), story));
  assert_true(digits(&arena, joined(&arena, "Nobody hurt. ", story, ""), story));
  rp_arena_release(&arena);
}

static void slots_are_numbers_and_names(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, story);
  const char *other =
      "The ferry company said on Friday that 22 sailings had been called off after a buoy broke loose near the "
      "northern pier. Divers from Lisbon will look at the chain before traffic starts again.\n";
  rp_words b = words_of(&arena, other);
  rp_slots s = measure(&arena, &a, &b).slots;
  assert_int_equal(s.number, 2);
  assert_int_equal(s.number_agree, 0);
  assert_int_equal(s.capital, 4); /* Tuesday, Friday, Lisbon twice; "Divers" begins a sentence */
  assert_int_equal(s.capital_agree, 2);
  assert_int_equal(s.frame, 2 * a.n - 6);
  assert_int_equal(s.frame_agree, s.frame);
  rp_arena_release(&arena);
}

static rp_measures with_statement(rp_arena *arena, const char *before_a, const char *before_b, size_t n) {
  uint64_t random = 16;
  const char *statement = random_text(arena, &random, n, 100000);
  const char *rest_a = random_text(arena, &random, 40, 100000), *rest_b = random_text(arena, &random, 40, 100000);
  rp_words a = words_of(arena, joined(arena, before_a, statement, rest_a));
  rp_words b = words_of(arena, joined(arena, before_b, statement, rest_b));
  return measure(arena, &a, &b);
}

static void a_line_with_a_colon_quotes_what_follows(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  const char *x = "The ministry put it so:\n", *y = "Asked again it wrote this:\n",
             *plain = "The ministry has a note.\n";
  rp_measures m = with_statement(&arena, x, y, 60);
  assert_int_equal(m.n_chain, 1);
  assert_true(m.chain[0].is_block);
  assert_int_equal(m.quoted, 60);
  assert_int_equal(m.counted, 0);
  assert_true(m.coverage_a == 0);
  assert_int_equal(with_statement(&arena, x, y, 111).counted, 111);
  assert_int_equal(with_statement(&arena, plain, y, 60).counted, 60);
  /* what both say before it may belong to the passage, up to twelve words */
  x = "First the ministry denied it and then it wrote:\n", y = "No, the ministry denied it and then it wrote:\n";
  m = with_statement(&arena, x, y, 60);
  assert_int_equal(m.matched, 68);
  assert_int_equal(m.counted, 0);
  x = "Here the ministry denied it in the morning and then again at night it wrote:\n";
  y = "There the ministry denied it in the morning and then again at night it wrote:\n";
  assert_int_equal(with_statement(&arena, x, y, 60).counted, 74);
  assert_int_equal(with_statement(&arena, x, plain, 60).counted, 60);
  rp_arena_release(&arena);
}

static void passages_of_quotes_and_words_are_mixed(void **state) {
  (void)state;
  uint64_t random = 17;
  rp_arena arena;
  rp_arena_init(&arena);
  const char *text = random_text(&arena, &random, 60, 100000);
  rp_words a = words_of(&arena, text), b = words_of(&arena, text);
  for (size_t i = 0; i < 40; i++) a.flag[i] |= RP_WORD_QUOTED;
  assert_true(measure(&arena, &a, &b).has_mixed);
  a.flag[40] |= RP_WORD_QUOTED; /* 19 counted words */
  assert_false(measure(&arena, &a, &b).has_mixed);
  a.flag[40] = a.flag[39] = 0;
  a.flag[59] |= RP_WORD_TITLE; /* 59 words of either kind */
  assert_false(measure(&arena, &a, &b).has_mixed);
  rp_arena_release(&arena);
}

/* ---- hostile texts -------------------------------------------------------------------- */

enum { BYTES = 8 << 20 };

static double seconds_for(const rp_words *a, const rp_words *b, size_t *bytes) {
  rp_arena arena;
  struct timespec start, end;
  rp_arena_init(&arena);
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
  measure(&arena, a, b);
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
  *bytes = arena.total;
  rp_arena_release(&arena);
  return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

static char *repeated(rp_arena *arena, const char *word) {
  char *text = RP_NEW(arena, char, BYTES + 1);
  size_t n = strlen(word);
  for (size_t i = 0; i < BYTES; i++) text[i] = word[i % n];
  text[BYTES] = '\0';
  return text;
}

static void assert_bounded(const rp_words *a, const rp_words *b) {
  size_t bytes;
  double seconds = seconds_for(a, b, &bytes);
  print_message("  %zu and %zu words: %.2f s, %zu MiB\n", a->n, b->n, seconds, bytes >> 20);
  assert_true(seconds < 30); /* with sanitizers, on a busy machine */
  assert_true(bytes < (size_t)2 << 30);
}

static void huge_texts_take_bounded_time_and_memory(void **state) {
  (void)state;
  uint64_t random = 18;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words same = words_of(&arena, repeated(&arena, "ha ")), close = words_of(&arena, repeated(&arena, "abcde abcdf "));
  assert_bounded(&same, &same);
  assert_bounded(&close, &same);
  close.n--; /* another length: neither begins and ends alike */
  rp_words shifted = words_of(&arena, close.text.data + 6);
  assert_bounded(&close, &shifted);
  /* runs of five with gaps full of words that are near each other */
  char *text = RP_NEW(&arena, char, BYTES + 1), *other = RP_NEW(&arena, char, BYTES + 1);
  size_t at = 0, other_at = 0;
  for (unsigned k = 0; at + 800 < BYTES && other_at + 800 < BYTES; k++) {
    at += (size_t)sprintf(text + at, "q%u w%u e%u r%u t%u ", k, k, k, k, k);
    other_at += (size_t)sprintf(other + other_at, "q%u w%u e%u r%u t%u ", k, k, k, k, k);
    for (int i = 0; i < 12; i++) {
      at += (size_t)sprintf(text + at, "xabcdefghijkl%c ", (int)('a' + below(&random, 26)));
      other_at += (size_t)sprintf(other + other_at, "%cabcdefghijklx ", (int)('a' + below(&random, 26)));
    }
  }
  rp_words a = words_of(&arena, text), b = words_of(&arena, other);
  assert_bounded(&a, &b);
  rp_arena_release(&arena);
}

static void short_memory(void **state) {
  (void)state;
  uint64_t random = 19;
  rp_arena arena, scratch;
  rp_arena_init(&arena);
  rp_words a, b;
  const char *p = random_text(&arena, &random, 9000, 5000), *q = random_text(&arena, &random, 9000, 5000);
  a = words_of(&arena, joined(&arena, p, q, p));
  b = words_of(&arena, joined(&arena, q, p, ""));
  rp_status status = RP_ERR_MEMORY;
  for (long n = 1; status != RP_OK; n++) {
    rp_measures m = {.matched = 77};
    rp_arena_init(&scratch);
    rp_mem_fail_after(n);
    status = rp_passages_measure(&a, &b, &scratch, &m, NULL);
    rp_mem_fail_after(0);
    rp_arena_release(&scratch);
    if (status != RP_OK) assert_true(status == RP_ERR_MEMORY && m.matched == 77);
    assert_true(n < 200);
  }
  rp_arena_release(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(swapping_mirrors_everything),
      cmocka_unit_test(counting_again_gives_the_same),
      cmocka_unit_test(runs_of_other_texts_are_refused),
      cmocka_unit_test(matches_are_inverse_and_add_up),
      cmocka_unit_test(a_text_is_wholly_itself),
      cmocka_unit_test(an_added_paragraph_leaves_the_other_covered),
      cmocka_unit_test(parts_in_order),
      cmocka_unit_test(words_are_covered_once),
      cmocka_unit_test(marks_on_either_side_count),
      cmocka_unit_test(misprints_are_near),
      cmocka_unit_test(light_words_weigh_half),
      cmocka_unit_test(digits_must_agree),
      cmocka_unit_test(slots_are_numbers_and_names),
      cmocka_unit_test(a_line_with_a_colon_quotes_what_follows),
      cmocka_unit_test(passages_of_quotes_and_words_are_mixed),
      cmocka_unit_test(huge_texts_take_bounded_time_and_memory),
      cmocka_unit_test(short_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
