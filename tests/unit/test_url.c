/* Hosts, registrable domains, aggregators, paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/url.h"

static rp_arena arena;

static void same(rp_str got, const char *want) {
  if (got.len != strlen(want) || (got.len && memcmp(got.data, want, got.len) != 0))
    fail_msg("'%.*s', wanted '%s'", (int)got.len, got.data ? got.data : "", want);
}

static rp_str str(const char *s) { return (rp_str){s, strlen(s)}; }

static void test_host(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"http://News.BBC.co.uk/a?b#c", "news.bbc.co.uk"},
      {"https://user:pw@example.com:8080/x", "example.com"},
      {"//example.com", "example.com"},
      {"www.example.com/story", "www.example.com"},
      {"https://example.com.", "example.com"},
      {"https://[2001:db8::1]:80/x", "[2001:db8::1]"},
      {"ftp://h?q=http://other.com", "h"},
      {"example.com/story", ""},
      {"", ""},
      {"http://", ""},
      {"mailto:a@b.c", ""},
      {" https://example.com/a ", "example.com"},
      {"https://a.com/@b.com", "a.com"},
      {"urn:newsml:example:1", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    rp_str host;
    assert_int_equal(rp_url_host(str(cases[i][0]), &arena, &host, NULL), RP_OK);
    same(host, cases[i][1]);
    assert_int_equal(rp_url_is_url(str(cases[i][0])), host.len != 0);
  }
}

static void test_domain(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"news.bbc.co.uk", "bbc.co.uk"},
      {"example.com", "example.com"},
      {"a.b.example.org", "example.org"},
      {"co.uk", "co.uk"},
      {"10.0.0.1", "10.0.0.1"},
      {"localhost", "localhost"},
      {"www.paper.example", "paper.example"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    rp_str domain;
    assert_int_equal(rp_url_domain(str(cases[i][0]), &arena, &domain, NULL), RP_OK);
    same(domain, cases[i][1]);
  }
}

static void test_is_host(void **state) {
  (void)state;
  assert_true(rp_url_is_host(str("npr.org")));
  assert_true(rp_url_is_host(str("www.BBC.co.uk")));
  assert_false(rp_url_is_host(str("The Herald")));
  assert_false(rp_url_is_host(str("Herald")));
  assert_false(rp_url_is_host(str("St. Herald")));
  assert_false(rp_url_is_host(str("U.S.")));
  assert_false(rp_url_is_host(str("No.1")));
  assert_false(rp_url_is_host(str("10.0.0.1")));
  assert_false(rp_url_is_host(str("..com")));
  assert_false(rp_url_is_host(str("")));
}

static void test_aggregator(void **state) {
  (void)state;
  assert_true(rp_url_is_aggregator(str("news.google.com")));
  assert_true(rp_url_is_aggregator(str("uk.news.yahoo.com")));
  assert_true(rp_url_is_aggregator(str("msn.com")));
  assert_false(rp_url_is_aggregator(str("notmsn.com")));
  assert_false(rp_url_is_aggregator(str("google.com")));
  assert_false(rp_url_is_aggregator(str("bbc.co.uk")));
}

static void test_path(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"a.txt", "a.txt"}, {"./a.txt", "a.txt"}, {"a//b/./c", "a/b/c"},
      {"/x//y", "/x/y"},  {"././/a", "a"},      {"../a", "../a"},
      {".", "."},         {"./", "."},          {"a/.hidden", "a/.hidden"},
      {"a/..", "a/.."},   {"a./b", "a./b"},     {"", "."},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    rp_str once, twice;
    assert_int_equal(rp_url_clean_path(str(cases[i][0]), &arena, &once, NULL), RP_OK);
    same(once, cases[i][1]);
    assert_int_equal(rp_url_clean_path(once, &arena, &twice, NULL), RP_OK);
    same(twice, cases[i][1]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_host),       cmocka_unit_test(test_domain), cmocka_unit_test(test_is_host),
      cmocka_unit_test(test_aggregator), cmocka_unit_test(test_path),
  };
  rp_arena_init(&arena);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  rp_arena_release(&arena);
  return failed;
}
