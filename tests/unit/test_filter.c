/* Filters: what is asked of which side of a pair. */
#include "engine/filter.h"

#include "test.h"

enum { A = 1, B = 2 }; /* which side is as asked for */

/* What each side must be for the pair to pass: a match, either of two, both. */
static bool needs_b(int sides) { return (sides & B) != 0; }
static bool needs_one(int sides) { return sides != 0; }
static bool needs_both(int sides) { return sides == (A | B); }

static void dates(void **state) {
  (void)state;
  rp_query_options o = {.between = {1000, 1999}};
  static const rp_date in[] = {{1000, 1000}, {1999, 1999}, {0, 1000}, {1999, 5000}, {0, 9000}};
  static const rp_date out[] = {{999, 999}, {2000, 2000}, {1, 0}};
  for (int sides = 0; sides < 4; sides++)
    for (size_t i = 0; i < 5; i++)
      for (size_t k = 0; k < 3; k++) {
        rp_date a = sides & A ? in[i] : out[k], b = sides & B ? in[i] : out[k];
        assert_int_equal(rp_filter_dates(&o, RP_FILTER_MATCH, a, b), needs_b(sides));
        assert_int_equal(rp_filter_dates(&o, RP_FILTER_EITHER, a, b), needs_one(sides));
      }
}

static void a_window_is_of_known_dates(void **state) {
  (void)state;
  rp_query_options o = {.window = 100};
  static const struct {
    rp_date a, b;
    bool passes;
  } pair[] = {
      {{0, 0}, {100, 100}, true},       {{0, 0}, {101, 101}, false},      {{101, 101}, {0, 0}, false},
      {{0, 50}, {150, 900}, true},      {{0, 50}, {151, 900}, false},     {{0, 500}, {400, 900}, true},
      {{1, 0}, {900000, 900000}, true}, {{900000, 900000}, {1, 0}, true},
  };
  for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
    for (int side = 0; side < 2; side++)
      assert_int_equal(rp_filter_dates(&o, (rp_filter_side)side, pair[i].a, pair[i].b), pair[i].passes);
}

static void lengths_and_coverages(void **state) {
  (void)state;
  rp_query_options o = {.min_words = 100, .min_coverage = 0.5};
  for (int sides = 0; sides < 4; sides++) {
    uint32_t a = sides & A ? 100 : 99, b = sides & B ? 100 : 99;
    assert_int_equal(rp_filter_words(&o, RP_FILTER_MATCH, a, b), needs_b(sides));
    assert_int_equal(rp_filter_words(&o, RP_FILTER_EITHER, a, b), needs_both(sides));
    double p = sides & A ? 0.5 : 0.49, q = sides & B ? 0.5 : 0.49;
    assert_int_equal(rp_filter_coverage(&o, RP_FILTER_MATCH, p, q), needs_b(sides));
    assert_int_equal(rp_filter_coverage(&o, RP_FILTER_EITHER, p, q), needs_one(sides));
  }
}

static void articles(void **state) {
  (void)state;
  rp_str excluded[] = {TEST_STR("Other"), TEST_STR("third.example")};
  rp_article named = {.publisher = TEST_STR("Wire"), .publisher_key = TEST_STR("wire.example"), .lang = TEST_STR("en")};
  rp_article other = {.publisher = TEST_STR("Other"), .publisher_key = TEST_STR("other.example")};
  static const char *const names[] = {"Wire", "wire.example"};
  for (int sides = 0; sides < 4; sides++) {
    const rp_article *a = sides & A ? &named : &other, *b = sides & B ? &named : &other;
    for (size_t i = 0; i < 2; i++) {
      rp_query_options o = {.publisher = TEST_STR(names[i])};
      assert_int_equal(rp_filter_articles(&o, RP_FILTER_MATCH, a, b), needs_b(sides));
      assert_int_equal(rp_filter_articles(&o, RP_FILTER_EITHER, a, b), needs_one(sides));
    }
    rp_query_options o = {.exclude_publisher = excluded, .n_exclude_publisher = 2};
    assert_int_equal(rp_filter_articles(&o, RP_FILTER_MATCH, a, b), needs_b(sides));
    assert_int_equal(rp_filter_articles(&o, RP_FILTER_EITHER, a, b), needs_both(sides));
    o = (rp_query_options){.lang = TEST_STR("en")};
    assert_int_equal(rp_filter_articles(&o, RP_FILTER_MATCH, a, b), needs_b(sides));
    assert_int_equal(rp_filter_articles(&o, RP_FILTER_EITHER, a, b), needs_both(sides));
  }
}

static void owners_are_of_the_pair(void **state) {
  (void)state;
  rp_owner owner[] = {{TEST_STR("daily.example"), TEST_STR("Media")}, {TEST_STR("wire.example"), TEST_STR("Media")}};
  rp_article wire = {.publisher_key = TEST_STR("wire.example")}, daily = {.publisher_key = TEST_STR("daily.example")};
  rp_article town = {.publisher_key = TEST_STR("town.example")}, unknown = {0};
  const struct {
    const rp_article *a, *b;
    bool with_owners, without;
  } pair[] = {
      {&wire, &daily, false, true},  {&daily, &wire, false, true},   {&wire, &wire, false, false},
      {&town, &town, false, false},  {&town, &wire, true, true},     {&unknown, &unknown, true, true},
      {&unknown, &wire, true, true}, {&daily, &unknown, true, true},
  };
  for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
    for (int side = 0; side < 2; side++) {
      rp_query_options o = {.owner = owner, .n_owner = 2, .exclude_same_owner = true};
      assert_int_equal(rp_filter_articles(&o, (rp_filter_side)side, pair[i].a, pair[i].b), pair[i].with_owners);
      o.n_owner = 0;
      assert_int_equal(rp_filter_articles(&o, (rp_filter_side)side, pair[i].a, pair[i].b), pair[i].without);
      o = (rp_query_options){.owner = owner, .n_owner = 2};
      assert_true(rp_filter_articles(&o, (rp_filter_side)side, pair[i].a, pair[i].b));
    }
}

static void nothing_asked_is_everything(void **state) {
  (void)state;
  rp_query_options o = {0};
  rp_article unknown = {0};
  for (int side = 0; side < 2; side++) {
    assert_true(rp_filter_dates(&o, (rp_filter_side)side, RP_DATE_UNKNOWN, RP_DATE_UNKNOWN));
    assert_true(rp_filter_words(&o, (rp_filter_side)side, 0, 0));
    assert_true(rp_filter_coverage(&o, (rp_filter_side)side, 0, 0));
    assert_true(rp_filter_articles(&o, (rp_filter_side)side, &unknown, &unknown));
  }
  assert_true(rp_filter_verdict(&o, RP_TEMPLATE));
  o.verdicts = 1 << RP_REPRINT | 1 << RP_BOILERPLATE_ONLY;
  for (int v = RP_NONE; v <= RP_BOILERPLATE_ONLY; v++)
    assert_int_equal(rp_filter_verdict(&o, (rp_verdict)v), v == RP_REPRINT || v == RP_BOILERPLATE_ONLY);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dates),
      cmocka_unit_test(a_window_is_of_known_dates),
      cmocka_unit_test(lengths_and_coverages),
      cmocka_unit_test(articles),
      cmocka_unit_test(owners_are_of_the_pair),
      cmocka_unit_test(nothing_asked_is_everything),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
