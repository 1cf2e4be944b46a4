#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/sort.h"
#include "sketch/kernel.h"
#include "sketch/mix.h"
#include "sketch/shingle.h"
#include "words_by_hand.h"

static rp_shingles make(rp_arena *arena, const rp_words *words, unsigned size) {
  rp_shingles s;
  assert_int_equal(rp_shingles_make(words, size, arena, &s, NULL), RP_OK);
  return s;
}

/* The specification once more, without a line of the library's. */
static uint64_t oracle_hash(const uint64_t *word, size_t n) {
  uint64_t x = 0;
  for (size_t i = 0; i < n; i++) x = ((x << 23) | (x >> 41)) + word[i];
  x = (x ^ (x >> 32)) * UINT64_C(0xbb67ae8584caa73b);
  x = (x ^ (x >> 29)) * UINT64_C(0x3c6ef372fe94f82b);
  return x ^ (x >> 32);
}

static void assert_as_oracle(rp_arena *arena, const rp_words *w, unsigned size) {
  rp_shingles s = make(arena, w, size);
  size_t n = 0;
  for (size_t start = 0; start < w->n; start++) {
    unsigned weight = 0;
    size_t end = start;
    while (end < w->n && weight < 2 * size) weight += (w->flag[end++] & RP_WORD_LIGHT) ? 1 : 2;
    if (weight < 2 * size) continue;
    assert_true(n < s.n);
    assert_int_equal(s.start[n], start);
    assert_int_equal(s.end[n], end);
    assert_true(s.hash[n] == oracle_hash(w->hash + start, end - start));
    n++;
  }
  if (n == 0 && w->n > 0) {
    assert_int_equal(s.n, 1);
    assert_int_equal(s.start[0], 0);
    assert_int_equal(s.end[0], w->n);
    assert_true(s.hash[0] == oracle_hash(w->hash, w->n));
    n = 1;
  }
  assert_int_equal(s.n, n);
}

static void runs_are_those_of_the_oracle(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  uint64_t seed = 1, hash[80];
  for (int light_share = 0; light_share <= 4; light_share++) {
    for (size_t n = 0; n <= 80; n++) {
      for (size_t i = 0; i < n; i++) hash[i] = test_random(&seed);
      rp_words w = words_of_hashes(&arena, hash, n);
      for (size_t i = 0; i < n; i++)
        w.flag[i] = (uint16_t)(RP_WORD_CAPITAL |
                               (test_random(&seed) % 4 < (uint64_t)light_share ? RP_WORD_LIGHT : RP_WORD_NUMBER));
      for (unsigned size = 1; size <= 9; size++) assert_as_oracle(&arena, &w, size);
      rp_arena_clear(&arena, 1 << 20);
    }
  }
  rp_arena_release(&arena);
}

static void weights_of_chinese_characters(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w = words_by_hand(&arena, "新 华 社 北 京 9 月 2 日 电");
  rp_shingles s = make(&arena, &w, 3);
  assert_int_equal(s.end[0], 6); /* 新 华 社 北 京 weigh five, 9 two */
  assert_int_equal(s.start[1], 1);
  assert_int_equal(s.end[1], 6); /* one less, and 9 still fills it */
  assert_int_equal(s.end[4], 8); /* 京 9 月 2: 1 + 2 + 1 + 2 */
  assert_int_equal(s.n, 6);
  rp_arena_release(&arena);
}

static void short_texts(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words none = words_by_hand(&arena, ""), two = words_by_hand(&arena, "no comment");
  assert_int_equal(make(&arena, &none, 3).n, 0);
  rp_shingles s = make(&arena, &two, 5);
  assert_int_equal(s.n, 1);
  assert_int_equal(s.end[0], 2);
  rp_arena_release(&arena);
}

static void order_counts(void **state) {
  (void)state;
  uint64_t seed = 2, w[5];
  for (int i = 0; i < 5; i++) w[i] = test_random(&seed);
  uint64_t as_given = rp_mix_words(w, 5);
  for (int i = 0; i < 5; i++) {
    for (int j = 0; j < i; j++) {
      uint64_t swapped[5];
      memcpy(swapped, w, sizeof w);
      swapped[i] = w[j];
      swapped[j] = w[i];
      assert_true(rp_mix_words(swapped, 5) != as_given);
    }
  }
}

/* Every bit of a word's hash turns every bit of the shingle's in half of all
 * cases. */
static void avalanche(void **state) {
  (void)state;
  enum { TRIALS = 4000, WORDS = 5 };
  static unsigned turned[WORDS * 64][64];
  uint64_t seed = 3;
  memset(turned, 0, sizeof turned);
  for (int t = 0; t < TRIALS; t++) {
    uint64_t w[WORDS];
    for (int i = 0; i < WORDS; i++) w[i] = test_random(&seed);
    uint64_t before = rp_mix_words(w, WORDS);
    for (int bit = 0; bit < WORDS * 64; bit++) {
      w[bit / 64] ^= UINT64_C(1) << bit % 64;
      uint64_t change = before ^ rp_mix_words(w, WORDS);
      w[bit / 64] ^= UINT64_C(1) << bit % 64;
      for (int out = 0; out < 64; out++) turned[bit][out] += (unsigned)(change >> out & 1);
    }
  }
  double worst = 0;
  for (int bit = 0; bit < WORDS * 64; bit++)
    for (int out = 0; out < 64; out++) worst = fmax(worst, fabs(turned[bit][out] / (double)TRIALS - .5));
  assert_true(worst < .05);
}

static void assert_all_different(uint64_t *hash, uint64_t *scratch, size_t n) {
  rp_sort_u64(hash, scratch, n);
  for (size_t i = 1; i < n; i++) assert_true(hash[i] != hash[i - 1]);
}

/* A million shingles have 5e11 pairs: of 2^64 values none should meet; and
 * their halves meet about 116 times, as chance would have it. */
static void assert_halves_as_by_chance(uint64_t *hash, uint64_t *scratch, size_t n, unsigned shift) {
  for (size_t i = 0; i < n; i++) hash[i] = hash[i] >> shift & UINT32_MAX;
  rp_sort_u64(hash, scratch, n);
  size_t equal = 0;
  for (size_t i = 1; i < n; i++) equal += hash[i] == hash[i - 1];
  double expected = (double)n * (double)n / 2 / 4294967296.0;
  assert_true(fabs((double)equal - expected) < 6 * sqrt(expected));
}

enum { MILLION = 1000000 };

static void check_collisions(uint64_t (*shingle)(size_t i)) {
  uint64_t *hash = malloc(MILLION * sizeof *hash), *copy = malloc(MILLION * sizeof *hash),
           *scratch = malloc(MILLION * sizeof *hash);
  assert_true(hash && copy && scratch);
  for (size_t i = 0; i < MILLION; i++) hash[i] = shingle(i);
  memcpy(copy, hash, MILLION * sizeof *hash);
  assert_all_different(copy, scratch, MILLION);
  memcpy(copy, hash, MILLION * sizeof *hash);
  assert_halves_as_by_chance(copy, scratch, MILLION, 0);
  assert_halves_as_by_chance(hash, scratch, MILLION, 32);
  free(hash);
  free(copy);
  free(scratch);
}

static uint64_t random_shingle(size_t i) {
  uint64_t seed = (uint64_t)i << 20, w[5];
  for (int k = 0; k < 5; k++) w[k] = test_random(&seed);
  return rp_mix_words(w, 5);
}

static uint64_t word_number(size_t i) {
  char name[16];
  int len = snprintf(name, sizeof name, "w%zu", i);
  return test_hash(name, (size_t)len);
}

/* All runs of three out of a hundred words, "a a b" and "b a a" among them. */
static uint64_t shingle_of_small_vocabulary(size_t i) {
  static uint64_t word[100];
  if (i == 0)
    for (size_t k = 0; k < 100; k++) word[k] = word_number(k);
  uint64_t w[3] = {word[i % 100], word[i / 100 % 100], word[i / 10000]};
  return rp_mix_words(w, 3);
}

/* Hashes that are no hashes: small integers and single bits. */
static uint64_t shingle_of_small_integers(size_t i) {
  uint64_t w[5] = {i % 16, i / 16 % 16, i / 256 % 16, i / 4096 % 16, i / 65536};
  return rp_mix_words(w, 5);
}

/* One word five times over, and runs of one word and another. */
static uint64_t shingle_of_repeats(size_t i) {
  uint64_t a = word_number(i / 4), b = word_number(i / 4 + 1);
  const uint64_t w[4][5] = {{a, a, a, a, a}, {a, b, a, b, a}, {a, a, a, a, b}, {b, a, a, a, a}};
  return rp_mix_words(w[i % 4], 5);
}

static void no_collisions(void **state) {
  (void)state;
  check_collisions(random_shingle);
  check_collisions(shingle_of_small_vocabulary);
  check_collisions(shingle_of_repeats);
}

static void few_collisions_of_small_integers(void **state) {
  (void)state;
  uint64_t *hash = malloc(MILLION * sizeof *hash), *scratch = malloc(MILLION * sizeof *hash);
  assert_true(hash && scratch);
  for (size_t i = 0; i < MILLION; i++) hash[i] = shingle_of_small_integers(i);
  assert_all_different(hash, scratch, MILLION);
  free(hash);
  free(scratch);
}

static void kernels_agree(void **state) {
  (void)state;
  uint64_t seed = 4, word[200], want[200], got[200];
  for (size_t i = 0; i < 200; i++) word[i] = test_random(&seed);
  for (size_t k = 0; rp_kernel_get(k); k++) {
    const rp_kernel *plain = rp_kernel_get(0), *kernel = rp_kernel_get(k);
    for (unsigned size = 1; size <= 10; size++) {
      for (size_t n = 0; n + size <= 200; n += 1 + n / 4) {
        plain->shingles(word, n, size, want);
        kernel->shingles(word, n, size, got);
        assert_memory_equal(got, want, n * sizeof *got);
      }
    }
    for (size_t n = 0; n + 5 <= 200; n++) {
      uint64_t three[200], five[200];
      kernel->shingles_3_and_5(word, n, three, five);
      plain->shingles(word, n, 3, want);
      assert_memory_equal(three, want, n * sizeof *want);
      plain->shingles(word, n, 5, want);
      assert_memory_equal(five, want, n * sizeof *want);
    }
  }
}

/* A flag or a range anywhere, behind the last whole vector too. */
static void kernels_see_every_word(void **state) {
  (void)state;
  for (size_t k = 0; rp_kernel_get(k); k++) {
    const rp_kernel *kernel = rp_kernel_get(k);
    uint16_t flag[150] = {0};
    uint32_t start[150], end[150];
    for (size_t n = 0; n < 150; n++) {
      flag[n] = RP_WORD_LIGHT;
      assert_int_equal(kernel->any_flag(flag, n), 0);
      assert_int_equal(kernel->any_flag(flag, n + 1), RP_WORD_LIGHT);
      flag[n] = 0;
      kernel->ranges(n, 3, start, end);
      for (size_t i = 0; i < n; i++) assert_true(start[i] == i && end[i] == i + 3);
    }
  }
}

static void short_of_memory(void **state) {
  (void)state;
  rp_arena arena, scratch;
  rp_arena_init(&scratch);
  uint64_t hash[9000];
  for (size_t i = 0; i < 9000; i++) hash[i] = i;
  rp_words w = words_of_hashes(&scratch, hash, 9000);
  rp_status status = RP_ERR_MEMORY;
  long n = 1;
  for (; status != RP_OK; n++) {
    rp_arena_init(&arena);
    rp_shingles s = {.n = 77};
    rp_error error;
    rp_mem_fail_after(n);
    status = rp_shingles_make(&w, 3, &arena, &s, &error);
    rp_mem_fail_after(0);
    if (status != RP_OK) {
      assert_int_equal(status, RP_ERR_MEMORY);
      assert_int_equal(s.n, 77);
    }
    rp_arena_release(&arena);
  }
  assert_true(n > 2);
  rp_arena_release(&scratch);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runs_are_those_of_the_oracle),
      cmocka_unit_test(weights_of_chinese_characters),
      cmocka_unit_test(short_texts),
      cmocka_unit_test(order_counts),
      cmocka_unit_test(avalanche),
      cmocka_unit_test(no_collisions),
      cmocka_unit_test(few_collisions_of_small_integers),
      cmocka_unit_test(kernels_agree),
      cmocka_unit_test(kernels_see_every_word),
      cmocka_unit_test(short_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
