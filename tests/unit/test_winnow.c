#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sketch/kernel.h"
#include "sketch/winnow.h"
#include "words_by_hand.h"

enum { MOST = 2200 };

typedef struct text {
  uint64_t hash[MOST];
  uint32_t start[MOST], end[MOST];
  rp_shingles shingles;
} text;

static void set_size(text *t, size_t n) {
  for (size_t i = 0; i < n; i++) {
    t->start[i] = (uint32_t)(3 * i + 2);
    t->end[i] = t->start[i] + 5;
  }
  t->shingles = (rp_shingles){.n = n, .hash = t->hash, .start = t->start, .end = t->end};
}

/* Window after window, the least, the rightmost of equals; each choice once. */
static size_t oracle(const text *t, rp_fingerprint *out) {
  size_t n = 0, n_shingle = t->shingles.n;
  static bool chosen[MOST];
  memset(chosen, 0, sizeof chosen);
  if (n_shingle == 0) return 0;
  size_t window = n_shingle < 8 ? n_shingle : 8;
  for (size_t from = 0; from + window <= n_shingle; from++) {
    size_t least = from;
    for (size_t i = from; i < from + window; i++)
      if (t->hash[i] <= t->hash[least]) least = i;
    chosen[least] = true;
  }
  for (size_t i = 0; i < n_shingle; i++)
    if (chosen[i]) out[n++] = (rp_fingerprint){t->hash[i], t->start[i]};
  return n;
}

static void assert_as_oracle(const text *t) {
  static rp_fingerprint want[MOST], got[MOST];
  size_t n = oracle(t, want);
  for (size_t k = 0; rp_kernel_get(k); k++) {
    assert_int_equal(rp_winnow_with(rp_kernel_get(k), &t->shingles, got), n);
    for (size_t i = 0; i < n; i++) {
      assert_true(got[i].hash == want[i].hash);
      assert_int_equal(got[i].word, want[i].word);
    }
  }
}

/* `kinds` of hashes: few make ties of whole hashes, halves ties of one half. */
static uint64_t any_hash(uint64_t *seed, int kind) {
  uint64_t x = test_random(seed);
  switch (kind) {
    case 0: return x;
    case 1: return x % 3;
    case 2: return x % 2 ? UINT64_MAX : UINT64_MAX - 1;
    case 3: return (x & 7) << 32 | (x >> 32 & 7);
    case 4: return x % 40 ? UINT64_C(5) << 40 : x;
    default: return 0;
  }
}

static void choices_are_those_of_the_oracle(void **state) {
  (void)state;
  static text t;
  uint64_t seed = 1;
  for (int kind = 0; kind <= 5; kind++) {
    for (size_t n = 0; n < MOST; n += n < 80 ? 1 : 1 + n / 9) {
      for (size_t i = 0; i < n; i++) t.hash[i] = any_hash(&seed, kind);
      set_size(&t, n);
      assert_as_oracle(&t);
    }
    /* around the borders of blocks */
    for (size_t n = RP_KERNEL_BLOCK - 10; n < RP_KERNEL_BLOCK + 20; n++) {
      for (size_t i = 0; i < n; i++) t.hash[i] = any_hash(&seed, kind);
      set_size(&t, n);
      assert_as_oracle(&t);
    }
  }
}

/* One pair of equals, or equals in one half, in a text without others. */
static void a_single_tie(void **state) {
  (void)state;
  static text t;
  uint64_t seed = 4;
  for (int half = 0; half <= 2; half++) {
    for (size_t distance = 1; distance <= 10; distance++) {
      for (size_t at = 0; at + distance < 40; at++) {
        for (size_t i = 0; i < 40; i++) t.hash[i] = test_random(&seed) | UINT64_C(1) << 63;
        t.hash[at] = UINT64_C(77) << 32 | (half == 1);
        t.hash[at + distance] = UINT64_C(77) << 32 | (half == 2);
        set_size(&t, 40);
        assert_as_oracle(&t);
      }
    }
  }
}

static void slopes(void **state) {
  (void)state;
  static text t;
  for (size_t i = 0; i < 1500; i++) t.hash[i] = (uint64_t)i << 32;
  set_size(&t, 1500);
  assert_as_oracle(&t);
  for (size_t i = 0; i < 1500; i++) t.hash[i] = ((uint64_t)1500 - i) << 32;
  assert_as_oracle(&t);
}

static void few_shingles_leave_the_least(void **state) {
  (void)state;
  static text t;
  static const uint64_t hash[7] = {9, 4, 8, 4, 6, 7, 5};
  memcpy(t.hash, hash, sizeof hash);
  set_size(&t, 7);
  rp_fingerprint out[7];
  assert_int_equal(rp_winnow(&t.shingles, out), 1);
  assert_true(out[0].hash == 4);
  assert_int_equal(out[0].word, t.start[3]);
  set_size(&t, 0);
  assert_int_equal(rp_winnow(&t.shingles, out), 0);
}

/* Two texts of other words that share a run of twelve share a fingerprint, and
 * it stands at the same word of the run. */
static void a_run_of_twelve_words_is_found(void **state) {
  (void)state;
  enum { RUN = 12, LONGEST = 120 };
  rp_arena arena;
  rp_arena_init(&arena);
  uint64_t seed = 2;
  for (int trial = 0; trial < 3000; trial++) {
    uint64_t run[RUN], hash[LONGEST];
    rp_fingerprint *chosen[2];
    size_t n_chosen[2], at[2];
    for (int i = 0; i < RUN; i++) run[i] = test_random(&seed) % 40; /* repeats happen */
    for (int side = 0; side < 2; side++) {
      size_t n = RUN + test_random(&seed) % (LONGEST - RUN);
      at[side] = test_random(&seed) % (n - RUN + 1);
      for (size_t i = 0; i < n; i++) hash[i] = test_random(&seed);
      memcpy(hash + at[side], run, sizeof run);
      rp_words words = words_of_hashes(&arena, hash, n);
      rp_shingles shingles;
      assert_int_equal(rp_shingles_make(&words, RP_WINNOW_SHINGLE, &arena, &shingles, NULL), RP_OK);
      chosen[side] = RP_NEW(&arena, rp_fingerprint, shingles.n);
      n_chosen[side] = rp_winnow(&shingles, chosen[side]);
    }
    bool found = false;
    for (size_t i = 0; i < n_chosen[0]; i++)
      for (size_t j = 0; j < n_chosen[1]; j++)
        found |= chosen[0][i].hash == chosen[1][j].hash &&
                 (size_t)chosen[0][i].word - at[0] == (size_t)chosen[1][j].word - at[1] &&
                 chosen[0][i].word - at[0] < RUN;
    assert_true(found);
    rp_arena_clear(&arena, 1 << 20);
  }
  rp_arena_release(&arena);
}

/* 2 of every 9 shingles of random text are chosen. */
static void density(void **state) {
  (void)state;
  static text t;
  static rp_fingerprint out[MOST];
  uint64_t seed = 3;
  for (size_t i = 0; i < MOST; i++) t.hash[i] = test_random(&seed);
  set_size(&t, MOST);
  size_t n = rp_winnow(&t.shingles, out);
  assert_in_range(n, MOST * 2 / 9 - 60, MOST * 2 / 9 + 60);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(choices_are_those_of_the_oracle),
      cmocka_unit_test(a_single_tie),
      cmocka_unit_test(slopes),
      cmocka_unit_test(few_shingles_leave_the_least),
      cmocka_unit_test(a_run_of_twelve_words_is_found),
      cmocka_unit_test(density),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
