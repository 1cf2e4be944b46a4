/* Owners of publishers against a search from the front. */
#include <stdio.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/store.h"
#include "test.h"

/* The publishers of the store at hand. */
static size_t n_known;
static rp_str known[64];

static rp_str publisher_of(const rp_snapshot *snapshot, uint32_t number) {
  (void)snapshot;
  return number && number <= n_known ? known[number - 1] : (rp_str){NULL, 0};
}

#define rp_snapshot_publisher publisher_of
#include "engine/owner.c"

enum { N = 40 };

static char text[N][8];

/* Every other publisher of some, with one of a few owners; sorted, since the
 * texts are made in order. */
static size_t make(uint64_t *seed, rp_owner *owner) {
  static const char *const names[] = {"A", "B", "p05", "A ", ""};
  size_t n = 0;
  for (size_t i = 0; i < N; i++) {
    snprintf(text[i], sizeof text[i], "p%02u", (unsigned)i);
    const char *name = names[test_below(seed, 5)]; /* TEST_STR names its argument twice */
    if (test_below(seed, 2)) owner[n++] = (rp_owner){TEST_STR(text[i]), TEST_STR(name)};
  }
  return n;
}

static rp_str plain_owner_of(const rp_owner *owner, size_t n, rp_str publisher) {
  for (size_t i = 0; i < n; i++)
    if (rp_str_equal(owner[i].publisher, publisher) && owner[i].owner.len) return owner[i].owner;
  return publisher;
}

static void owners_are_found(void **state) {
  (void)state;
  uint64_t seed = 5;
  for (int round = 0; round < 50; round++) {
    rp_owner owner[N];
    rp_query_options o = {.owner = owner, .n_owner = make(&seed, owner)};
    for (size_t i = 0; i < N; i++) {
      rp_str a = TEST_STR(text[i]), found = plain_owner_of(owner, o.n_owner, a);
      assert_true(rp_str_equal(rp_owner_of(&o, a), found));
      for (size_t k = 0; k < N; k++) {
        rp_str b = TEST_STR(text[k]);
        assert_int_equal(rp_owner_is_same(&o, a, b), rp_str_equal(found, plain_owner_of(owner, o.n_owner, b)));
      }
    }
    assert_true(rp_str_equal(rp_owner_of(&o, TEST_STR("p")), TEST_STR("p")));
    assert_true(rp_str_equal(rp_owner_of(&o, TEST_STR("q")), TEST_STR("q")));
  }
}

static void the_unknown_one_has_none(void **state) {
  (void)state;
  rp_owner owner[] = {{{NULL, 0}, TEST_STR("A")}, {TEST_STR("p"), TEST_STR("A")}};
  rp_query_options o = {.owner = owner, .n_owner = 2};
  rp_str unknown = {NULL, 0};
  assert_int_equal(rp_owner_of(&o, unknown).len, 0);
  assert_false(rp_owner_is_same(&o, unknown, unknown));
  assert_false(rp_owner_is_same(&o, unknown, TEST_STR("p")));
  assert_false(rp_owner_is_same(&o, TEST_STR("p"), unknown));
}

static void numbers_are_those_of_the_first(void **state) {
  (void)state;
  uint64_t seed = 11;
  for (int round = 0; round < 50; round++) {
    rp_owner owner[N];
    rp_query_options o = {.owner = owner, .n_owner = make(&seed, owner)};
    n_known = test_below(&seed, N + 1);
    for (size_t i = 0; i < n_known; i++) known[i] = TEST_STR(text[(i * 17 + 3) % N]);
    uint32_t *number = NULL;
    size_t n = 0;
    assert_int_equal(rp_owner_numbers(NULL, &o, &number, &n, NULL), RP_OK);
    assert_int_equal(n, n_known + 1);
    assert_int_equal(number[0], 0);
    for (uint32_t i = 1; i < n; i++) {
      uint32_t first = 1;
      while (!rp_owner_is_same(&o, publisher_of(NULL, first), publisher_of(NULL, i))) first++;
      assert_int_equal(number[i], first);
    }
    rp_free(number);
  }
}

static void short_memory_is_said(void **state) {
  (void)state;
  rp_query_options o = {0};
  uint32_t *number = NULL;
  size_t n;
  n_known = N;
  for (size_t i = 0; i < N; i++) known[i] = TEST_STR(text[i]);
  long at = 1;
  for (rp_status status = RP_ERR_MEMORY; status != RP_OK; at++) {
    rp_mem_fail_after(at);
    status = rp_owner_numbers(NULL, &o, &number, &n, NULL);
    rp_mem_fail_after(0);
    if (status != RP_OK) {
      assert_int_equal(status, RP_ERR_MEMORY);
      assert_null(number);
    }
  }
  assert_true(at > 3);
  rp_free(number);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(owners_are_found),
      cmocka_unit_test(the_unknown_one_has_none),
      cmocka_unit_test(numbers_are_those_of_the_first),
      cmocka_unit_test(short_memory_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
