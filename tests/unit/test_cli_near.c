/* Near misses, against the definition of the distance by recursion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/near.c"

static size_t naive(const char *a, size_t n, const char *b, size_t m) {
  if (n == 0) return m;
  if (m == 0) return n;
  size_t best = naive(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]);
  size_t other = naive(a, n - 1, b, m) + 1;
  if (other < best) best = other;
  other = naive(a, n, b, m - 1) + 1;
  if (other < best) best = other;
  if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1]) {
    other = naive(a, n - 2, b, m - 2) + 1;
    if (other < best) best = other;
  }
  return best;
}

static void test_distance(void **state) {
  (void)state;
  uint32_t random = 5;
  for (int round = 0; round < 2000; round++) {
    char word[2][8];
    for (int k = 0; k < 2; k++) {
      random = random * 1664525u + 1013904223u;
      size_t len = (random >> 8) % 6;
      for (size_t i = 0; i < len; i++) {
        random = random * 1664525u + 1013904223u;
        word[k][i] = (char)('a' + (random >> 8) % 3);
      }
      word[k][len] = '\0';
    }
    assert_int_equal(rp_near_distance(word[0], word[1]), naive(word[0], strlen(word[0]), word[1], strlen(word[1])));
  }
}

static const char *nearest(const char *word) {
  static const char *const known[] = {"index", "query", "compare", "show", "stat"};
  const char *best = NULL;
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) rp_near_try(word, known[i], &best, &least);
  return best ? best : "";
}

static void test_suggestions(void **state) {
  (void)state;
  assert_string_equal(nearest("qeury"), "query");
  assert_string_equal(nearest("comapre"), "compare");
  assert_string_equal(nearest("stats"), "stat");
  assert_string_equal(nearest("dedup"), "");
  assert_string_equal(nearest(""), "");
  assert_string_equal(nearest("a-word-that-is-much-longer-than-any-command-there-is"), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_distance), cmocka_unit_test(test_suggestions)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
