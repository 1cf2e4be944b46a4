#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sketch/kernel.h"
#include "sketch/lsh.h"
#include "words_by_hand.h"

enum { K = RP_SIGNATURE_SIZE };

static uint64_t oracle_mix(uint64_t x) {
  x = (x ^ (x >> 32)) * UINT64_C(0xbb67ae8584caa73b);
  x = (x ^ (x >> 29)) * UINT64_C(0x3c6ef372fe94f82b);
  return x ^ (x >> 32);
}

static uint64_t oracle_multiplier(uint64_t j) { return oracle_mix(j * UINT64_C(0x9e3779b97f4a7c15)) | 1; }

/* The specification, word for word. */
static void oracle_sign(const uint64_t *shingle, size_t n, uint32_t *signature) {
  for (int b = 0; b < K; b++) signature[b] = UINT32_MAX;
  for (uint64_t r = 1; r <= 4; r++) {
    bool was_empty[K];
    for (int b = 0; b < K; b++) was_empty[b] = signature[b] == UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
      uint64_t u = r == 1 ? shingle[i] : shingle[i] * oracle_multiplier(r);
      uint32_t value = (uint32_t)(u >> 25 & UINT32_MAX);
      if (was_empty[u >> 57] && value < signature[u >> 57]) signature[u >> 57] = value;
    }
  }
  for (uint64_t b = 0; b < K; b++) {
    if (signature[b] != UINT32_MAX) continue;
    for (size_t i = 0; i < n; i++) {
      uint32_t value = (uint32_t)(shingle[i] * oracle_multiplier(5 + b) >> 32);
      if (value < signature[b]) signature[b] = value;
    }
  }
}

static void signature_is_the_oracles(void **state) {
  (void)state;
  enum { MOST = 1500 };
  static uint64_t shingle[MOST];
  uint64_t seed = 1;
  for (size_t n = 1; n <= MOST; n += 1 + n / 12) {
    for (size_t i = 0; i < n; i++) shingle[i] = test_random(&seed);
    uint32_t want[K], got[K];
    oracle_sign(shingle, n, want);
    for (size_t k = 0; rp_kernel_get(k); k++) {
      rp_minhash_sign_with(rp_kernel_get(k), shingle, n, got);
      assert_memory_equal(got, want, sizeof want);
    }
    rp_minhash_sign(shingle, n, got);
    assert_memory_equal(got, want, sizeof want);
  }
}

/* A shingle that no round puts into the upper half of the bins, so that these
 * stay empty however many there are. */
static uint64_t shingle_of_lower_bins(uint64_t *seed) {
  for (;;) {
    uint64_t s = test_random(seed) >> 1;
    bool is_low = true;
    for (uint64_t r = 2; r <= 4; r++) is_low &= s * oracle_multiplier(r) >> 63 == 0;
    if (is_low) return s;
  }
}

/* Long texts of few different shingles take the way round the slow minima. */
static void repeats_do_not_matter(void **state) {
  (void)state;
  enum { MOST = 20000 };
  static uint64_t shingle[MOST];
  static const size_t n_distinct[] = {1, 2, 10, 100, 1000, 1024, 1025, 1100};
  uint64_t seed = 2;
  for (size_t d = 0; d < sizeof n_distinct / sizeof *n_distinct; d++) {
    size_t n = n_distinct[d];
    for (size_t i = 0; i < n; i++) shingle[i] = shingle_of_lower_bins(&seed);
    for (size_t i = n; i < MOST; i++) shingle[i] = shingle[test_random(&seed) % n];
    uint32_t once[K], many[K];
    oracle_sign(shingle, n, once);
    rp_minhash_sign(shingle, MOST, many);
    assert_memory_equal(many, once, sizeof once);
  }
}

static void order_does_not_matter(void **state) {
  (void)state;
  uint64_t seed = 3, shingle[300];
  for (size_t n = 1; n <= 300; n += 13) {
    for (size_t i = 0; i < n; i++) shingle[i] = test_random(&seed);
    uint32_t before[K], after[K];
    rp_minhash_sign(shingle, n, before);
    for (size_t i = n; i-- > 1;) {
      size_t j = test_random(&seed) % (i + 1);
      uint64_t swap = shingle[i];
      shingle[i] = shingle[j];
      shingle[j] = swap;
    }
    rp_minhash_sign(shingle, n, after);
    assert_memory_equal(after, before, sizeof before);
  }
}

/* Two sets of n random shingles that share the number nearest to the Jaccard
 * similarity asked for; gives the exact one. */
static double make_pair(size_t n, double j, uint64_t *seed, uint64_t *a, uint64_t *b) {
  size_t shared = (size_t)lround(2 * (double)n * j / (1 + j));
  for (size_t i = 0; i < n; i++) {
    a[i] = test_random(seed);
    b[i] = i < shared ? a[i] : test_random(seed);
  }
  return (double)shared / (double)(2 * n - shared);
}

static const double similarity[] = {.1, .2, .3, .4, .5, .6, .7, .8, .9, .95};
enum { N_SIMILARITY = 10 };

/* Root of the mean squared error, averaged over the similarities; `bias` is
 * the mean error furthest from 0. */
static double rmse(size_t n, int trials, double *bias) {
  static uint64_t a[2000], b[2000];
  uint64_t seed = n;
  double sum = 0;
  *bias = 0;
  for (int s = 0; s < N_SIMILARITY; s++) {
    double squares = 0, errors = 0;
    for (int t = 0; t < trials; t++) {
      double exact = make_pair(n, similarity[s], &seed, a, b);
      uint32_t sa[K], sb[K];
      uint16_t pa[K], pb[K];
      rp_minhash_sign(a, n, sa);
      rp_minhash_sign(b, n, sb);
      rp_minhash_pack(sa, pa);
      rp_minhash_pack(sb, pb);
      double error = rp_minhash_estimate(pa, pb) - exact;
      squares += error * error;
      errors += error;
    }
    sum += sqrt(squares / trials);
    if (fabs(errors / trials) > fabs(*bias)) *bias = errors / trials;
  }
  return sum / N_SIMILARITY;
}

static void error_is_as_small_as_specified(void **state) {
  (void)state;
  const struct {
    size_t n;
    double limit;
    int trials;
  } row[] = {{50, .028, 2000}, {75, .028, 2000}, {100, .028, 2000}, {400, .032, 2000}, {2000, .035, 8000}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    double bias, error = rmse(row[i].n, row[i].trials, &bias);
    print_message("%4zu shingles: root mean squared error %.4f, greatest bias %+.4f\n", row[i].n, error, bias);
    assert_true(error <= row[i].limit);
    assert_true(fabs(bias) < .004);
  }
}

static void estimate_of_known_agreements(void **state) {
  (void)state;
  uint16_t a[K], b[K];
  for (int i = 0; i < K; i++) a[i] = b[i] = (uint16_t)(i * 401);
  assert_true(rp_minhash_estimate(a, b) == 1.0);
  for (int i = 0; i < 64; i++) b[i]++;
  assert_true(fabs(rp_minhash_estimate(a, b) - .5) < 1e-4 && rp_minhash_estimate(a, b) < .5);
  for (int i = 64; i < K; i++) b[i]++;
  assert_true(rp_minhash_estimate(a, b) == 0.0);
}

static void pack_keeps_the_low_half(void **state) {
  (void)state;
  uint32_t signature[K];
  uint16_t packed[K];
  for (uint32_t i = 0; i < K; i++) signature[i] = i << 16 | (65535 - i);
  rp_minhash_pack(signature, packed);
  for (uint32_t i = 0; i < K; i++) assert_int_equal(packed[i], 65535 - i);
}

static bool share_a_band(const uint32_t *a, const uint32_t *b, unsigned n_band, unsigned n_row) {
  uint64_t ka[K], kb[K];
  rp_lsh_bands(a, n_band, n_row, ka);
  rp_lsh_bands(b, n_band, n_row, kb);
  for (unsigned i = 0; i < n_band; i++)
    if (ka[i] == kb[i]) return true;
  return false;
}

static void bands_follow_the_curve(void **state) {
  (void)state;
  enum { TRIALS = 5000 };
  static const size_t sizes[] = {60, 400};
  uint64_t seed = 5, a[400], b[400];
  for (int size = 0; size < 2; size++) {
    for (int s = 0; s < N_SIMILARITY; s++) {
      int found = 0;
      double exact = 0;
      for (int t = 0; t < TRIALS; t++) {
        uint32_t sa[K], sb[K];
        exact = make_pair(sizes[size], similarity[s], &seed, a, b);
        rp_minhash_sign(a, sizes[size], sa);
        rp_minhash_sign(b, sizes[size], sb);
        found += share_a_band(sa, sb, 35, 3);
      }
      assert_true(fabs((double)found / TRIALS - rp_lsh_probability(35, 3, exact)) < .02);
    }
  }
}

static void keys_are_the_oracles(void **state) {
  (void)state;
  static const unsigned shape[][2] = {{35, 3}, {32, 4}, {64, 2}, {128, 1}, {1, 128}, {42, 3}};
  uint32_t signature[K];
  uint64_t seed = 6, key[K];
  for (int i = 0; i < K; i++) signature[i] = (uint32_t)test_random(&seed);
  for (size_t s = 0; s < sizeof shape / sizeof *shape; s++) {
    unsigned n_band = shape[s][0], n_row = shape[s][1];
    rp_lsh_bands(signature, n_band, n_row, key);
    for (unsigned band = 0; band < n_band; band++) {
      uint64_t x = band + 1;
      for (unsigned row = 0; row < n_row; row++) x = x * UINT64_C(0x9e3779b97f4a7c15) + signature[band * n_row + row];
      assert_true(key[band] == oracle_mix(x));
    }
  }
}

/* Equal values in different bands are different keys. */
static void bands_do_not_mix(void **state) {
  (void)state;
  uint32_t signature[K];
  uint64_t key[K];
  for (int i = 0; i < K; i++) signature[i] = 7;
  rp_lsh_bands(signature, 35, 3, key);
  for (int i = 0; i < 35; i++)
    for (int j = 0; j < i; j++) assert_true(key[i] != key[j]);
}

static void probability_of_known_points(void **state) {
  (void)state;
  assert_true(fabs(rp_lsh_probability(35, 3, .5) - .99066) < 1e-4);
  assert_true(fabs(rp_lsh_probability(35, 3, .1) - .03441) < 1e-4);
  assert_true(rp_lsh_probability(35, 3, 0) == 0.0);
  assert_true(rp_lsh_probability(35, 3, 1) == 1.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(signature_is_the_oracles),
      cmocka_unit_test(repeats_do_not_matter),
      cmocka_unit_test(order_does_not_matter),
      cmocka_unit_test(error_is_as_small_as_specified),
      cmocka_unit_test(estimate_of_known_agreements),
      cmocka_unit_test(pack_keeps_the_low_half),
      cmocka_unit_test(bands_follow_the_curve),
      cmocka_unit_test(keys_are_the_oracles),
      cmocka_unit_test(bands_do_not_mix),
      cmocka_unit_test(probability_of_known_points),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
