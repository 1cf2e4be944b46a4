/* Laws of the word alignment that passages are shown with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "report/diff.c"
#include "report/plain.c"

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static rp_pieces split(rp_arena *arena, const char *text) {
  rp_pieces pieces;
  assert_int_equal(rp_diff_split(rp_plain_cstr(text), 0, (uint32_t)strlen(text), 20, arena, &pieces), RP_OK);
  return pieces;
}

/* "=3 -1+2 =1": the runs, as numbers of words */
static const char *runs_of(const char *a, const char *b) {
  static char out[256];
  rp_arena arena;
  rp_arena_init(&arena);
  const rp_diff_run *run;
  size_t n, at = 0;
  rp_pieces pa = split(&arena, a), pb = split(&arena, b);
  assert_int_equal(rp_diff_align(pa, pb, &arena, &run, &n), RP_OK);
  out[0] = '\0';
  for (size_t i = 0; i < n; i++) {
    int left = (int)(run[i].a_end - run[i].a_start), right = (int)(run[i].b_end - run[i].b_start);
    const char *space = at ? " " : "";
    int k = run[i].is_equal ? snprintf(out + at, sizeof out - at, "%s=%d", space, left)
                            : snprintf(out + at, sizeof out - at, "%s-%d+%d", space, left, right);
    at += (size_t)k;
  }
  rp_arena_release(&arena);
  return out;
}

static void test_examples(void **state) {
  (void)state;
  assert_string_equal(runs_of("one two three", "one two three"), "=3");
  assert_string_equal(runs_of("One, two; THREE", "one two three."), "=3");
  assert_string_equal(runs_of("three ferries stay in port", "four ferries stay in port"), "-1+1 =4");
  assert_string_equal(runs_of("a b c d e f", "a b x y c d e f"), "=2 -0+2 =4");
  assert_string_equal(runs_of("a b x y c d e f", "a b c d e f"), "=2 -2+0 =4");
  assert_string_equal(runs_of("a b c", ""), "-3+0");
  assert_string_equal(runs_of("", "a"), "-0+1");
  assert_string_equal(runs_of("", ""), "");
  assert_string_equal(runs_of("a b c", "d e f g"), "-3+4");
  assert_string_equal(runs_of("tele\xC2\xADscope ra\xE2\x81\xA0"
                              "dio \xEF\xBB\xBFlamp",
                              "telescope radio lamp"),
                      "=3");
  assert_string_equal(runs_of("said \xE2\x80\x9Cno\xE2\x80\x9D today", "said \"no\" today"), "=3");
}

static void test_pieces(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_pieces p = split(&arena,
                      " ab  \xE4\xB8\xAD\xE4\xB8\xAD"
                      "c aaaaaaaaaaaaaaaaaaaaaaaaa");
  assert_int_equal(p.n, 6);
  assert_true(p.data[0].space_before && p.data[1].space_before && p.data[4].space_before);
  assert_false(p.data[2].space_before || p.data[3].space_before || p.data[5].space_before);
  assert_int_equal(p.data[1].width, 2);
  assert_int_equal(p.data[4].width, 20);
  assert_int_equal(p.data[5].width, 5);
  rp_pieces none;
  assert_int_equal(rp_diff_split(rp_plain_cstr("abc"), 2, 900, 20, &arena, &none), RP_OK);
  assert_int_equal(none.n, 1);
  assert_int_equal(rp_diff_split(rp_plain_cstr("abc"), 3, 1, 20, &arena, &none), RP_OK);
  assert_int_equal(none.n, 0);
  rp_arena_release(&arena);
}

/* Runs take turns, leave nothing out, and equal ones hold equal words. */
static void assert_lawful(rp_pieces a, rp_pieces b, const rp_diff_run *run, size_t n) {
  size_t i = 0, j = 0;
  for (size_t k = 0; k < n; k++) {
    assert_int_equal(run[k].a_start, i);
    assert_int_equal(run[k].b_start, j);
    assert_true(run[k].a_end > i || run[k].b_end > j);
    if (k) assert_true(run[k].is_equal != run[k - 1].is_equal);
    i = run[k].a_end;
    j = run[k].b_end;
    if (!run[k].is_equal) continue;
    assert_int_equal(i - run[k].a_start, j - run[k].b_start);
    for (size_t w = 0; w < i - run[k].a_start; w++)
      assert_true(a.data[run[k].a_start + w].key == b.data[run[k].b_start + w].key);
  }
  assert_int_equal(i, a.n);
  assert_int_equal(j, b.n);
}

static void add_random_words(rp_buf *out, uint32_t *state, size_t n, uint32_t kinds) {
  for (size_t i = 0; i < n; i++) rp_buf_printf(out, "w%u ", next_random(state) % kinds);
}

static void test_laws(void **state) {
  (void)state;
  uint32_t random = 3;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_buf a, b;
  rp_buf_init(&a);
  rp_buf_init(&b);
  for (int round = 0; round < 3000; round++) {
    uint32_t kinds = 1 + next_random(&random) % 20;
    rp_arena_clear(&arena, 1 << 20);
    rp_buf_clear(&a);
    rp_buf_clear(&b);
    add_random_words(&a, &random, next_random(&random) % 60, kinds);
    add_random_words(&b, &random, next_random(&random) % 60, kinds);
    rp_pieces pa = split(&arena, a.len ? a.data : ""), pb = split(&arena, b.len ? b.data : "");
    const rp_diff_run *run;
    size_t n;
    assert_int_equal(rp_diff_align(pa, pb, &arena, &run, &n), RP_OK);
    assert_lawful(pa, pb, run, n);
  }
  rp_buf_release(&a);
  rp_buf_release(&b);
  rp_arena_release(&arena);
}

/* Nothing in common, 200,000 words a side: still linear. */
static void test_large(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_buf a, b;
  rp_buf_init(&a);
  rp_buf_init(&b);
  for (int i = 0; i < 200000; i++) {
    rp_buf_printf(&a, "a%d ", i);
    rp_buf_printf(&b, "b%d ", i);
  }
  rp_pieces pa = split(&arena, a.data), pb = split(&arena, b.data);
  const rp_diff_run *run;
  size_t n;
  assert_int_equal(rp_diff_align(pa, pb, &arena, &run, &n), RP_OK);
  assert_int_equal(n, 1);
  assert_lawful(pa, pb, run, n);
  rp_buf_release(&a);
  rp_buf_release(&b);
  rp_arena_release(&arena);
}

static void test_memory_runs_out(void **state) {
  (void)state;
  bool is_done = false;
  for (long after = 1; !is_done; after++) {
    rp_arena arena;
    rp_arena_init(&arena);
    rp_pieces a, b;
    const rp_diff_run *run;
    size_t n;
    rp_mem_fail_after(after);
    is_done = rp_diff_split(rp_plain_cstr("one two three"), 0, 13, 20, &arena, &a) == RP_OK &&
              rp_diff_split(rp_plain_cstr("one too three"), 0, 13, 20, &arena, &b) == RP_OK &&
              rp_diff_align(a, b, &arena, &run, &n) == RP_OK;
    rp_mem_fail_after(0);
    if (is_done) assert_int_equal(n, 3);
    rp_arena_release(&arena);
    assert_true(after < 100);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_examples), cmocka_unit_test(test_pieces),          cmocka_unit_test(test_laws),
      cmocka_unit_test(test_large),    cmocka_unit_test(test_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
