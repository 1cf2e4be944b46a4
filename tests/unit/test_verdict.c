#include "judge/verdict.h"

#include "match_help.h"

enum { DAY = 86400 };

/* A pair that passes by nothing: 400 words each, no passage. */
static rp_measures nothing(void) {
  return (rp_measures){.words_a = 400, .words_b = 400, .counted_a = 400, .counted_b = 400, .digits_agree = true};
}

/* A passage of n counted words in order, out of 400. */
static rp_measures passage(uint32_t n) {
  rp_measures m = nothing();
  m.n_chain = 1;
  m.matched = m.counted = m.in_order = m.longest_counted = m.longest_cover = n;
  m.coverage_a = m.coverage_b = m.matched_a = m.matched_b = m.whole_a = m.whole_b = n / 400.;
  m.widest_a = m.widest_b = n / 400.;
  return m;
}

static const rp_party nobody = {{NULL, 0}, {1, 0}};

static rp_party party(const char *key, int64_t day) { return (rp_party){STR(key), {day * DAY, day * DAY + DAY - 1}}; }

static rp_opinion opinion(const rp_measures *m) { return rp_verdict_decide(m, &nobody, &nobody); }

static rp_verdict verdict_of(rp_measures m) { return opinion(&m).verdict; }

static void the_gate_is_a_passage_of_forty(void **state) {
  (void)state;
  rp_measures m = passage(40);
  rp_opinion o = opinion(&m);
  assert_int_equal(o.verdict, RP_PARTIAL);
  assert_int_equal(o.gates, RP_GATE_LONG);
  assert_string_equal(o.rule, "passage");
  m = passage(39);
  o = opinion(&m);
  assert_int_equal(o.verdict, RP_COMMON_SOURCE);
  assert_int_equal(o.gates, 0);
  assert_string_equal(o.rule, "gate");
  assert_int_equal(verdict_of(passage(0)), RP_NONE);
}

static void or_most_of_a_text(void **state) {
  (void)state;
  rp_measures m = passage(30);
  m.longest_counted = 12;
  m.counted_b = 48;
  m.coverage_b = .60;
  rp_opinion o = opinion(&m);
  assert_int_equal(o.gates, RP_GATE_MOST);
  assert_int_equal(o.verdict, RP_REPRINT);
  m.coverage_b = .59;
  assert_int_equal(opinion(&m).gates, 0);
  m.coverage_b = .60;
  m.counted = 24;
  assert_int_equal(opinion(&m).gates, 0);
}

static void or_a_statement_printed_whole(void **state) {
  (void)state;
  rp_measures m = nothing();
  m.matched = m.quoted = 60;
  m.counted_b = 10;
  m.whole_b = .5;
  m.widest_b = .25;
  rp_opinion o = opinion(&m);
  assert_int_equal(o.gates, RP_GATE_WHOLE);
  assert_int_equal(o.verdict, RP_PARTIAL);
  m.whole_b = .75;
  assert_int_equal(verdict_of(m), RP_REPRINT);
  /* many short quotations of one text: no wide passage */
  m.widest_b = .24;
  assert_int_equal(verdict_of(m), RP_QUOTE_ONLY);
  /* the width must be of the side that is whole */
  m.widest_a = .9;
  assert_int_equal(verdict_of(m), RP_QUOTE_ONLY);
  m.counted = 12;
  m.matched += 12;
  assert_true(opinion(&m).gates & RP_GATE_WHOLE);
  m.whole_b = .49;
  assert_int_equal(opinion(&m).gates, 0);
  m.whole_b = .9;
  m.furniture = 33; /* 39 matched words but furniture */
  assert_int_equal(opinion(&m).gates, 0);
}

static void or_a_mixed_passage(void **state) {
  (void)state;
  rp_measures m = nothing();
  m.matched = 70;
  m.counted = 22;
  m.quoted = 48;
  m.has_mixed = true;
  assert_int_equal(opinion(&m).gates, RP_GATE_MIXED);
  assert_int_equal(verdict_of(m), RP_PARTIAL);
  m.has_mixed = false;
  assert_int_equal(verdict_of(m), RP_QUOTE_ONLY);
}

static void or_a_short_text(void **state) {
  (void)state;
  rp_measures m = passage(20);
  m.counted_a = 21;
  m.coverage_a = .95;
  m.matched_a = .95;
  rp_opinion o = opinion(&m);
  assert_int_equal(o.gates, RP_GATE_SHORT);
  assert_true(o.is_short);
  assert_int_equal(o.verdict, RP_REPRINT);
  rp_party a = party("a.example", 100), b = party("b.example", 107); /* six days from night to morning */
  assert_int_equal(rp_verdict_decide(&m, &a, &b).verdict, RP_REPRINT);
  b = party("b.example", 108); /* a second more than seven */
  assert_int_equal(rp_verdict_decide(&m, &a, &b).verdict, RP_COMMON_SOURCE);
  m.counted_a = 40;
  o = opinion(&m);
  assert_int_equal(o.gates, 0);
  assert_false(o.is_short);
  m.counted_a = 21;
  m.matched_a = .87;
  assert_int_equal(opinion(&m).gates, 0);
  m.matched_a = .95;
  m.counted = 11;
  assert_int_equal(opinion(&m).gates, 0);
}

static void the_same_words_in_order_are_identical(void **state) {
  (void)state;
  rp_measures m = passage(400);
  assert_int_equal(verdict_of(m), RP_IDENTICAL);
  m.digits_agree = false;
  assert_int_equal(verdict_of(m), RP_REPRINT);
  m = passage(392);
  assert_int_equal(verdict_of(m), RP_IDENTICAL);
  assert_int_equal(verdict_of(passage(391)), RP_REPRINT);
  m.near = 1; /* a misprint is another word */
  assert_int_equal(verdict_of(m), RP_REPRINT);
  m.near = 0;
  m.in_order = 391;
  assert_int_equal(verdict_of(m), RP_REPRINT);
  /* short texts too must agree in every digit */
  m = passage(20);
  m.counted_a = m.counted_b = 20;
  m.coverage_a = m.coverage_b = m.matched_a = m.matched_b = m.whole_a = m.whole_b = 1;
  assert_int_equal(verdict_of(m), RP_IDENTICAL);
  m.digits_agree = false;
  assert_int_equal(verdict_of(m), RP_REPRINT);
  /* and where all of both is quoted, all words are asked */
  m = nothing();
  m.counted_a = m.counted_b = 0;
  m.matched = m.quoted = 100;
  m.whole_a = m.whole_b = m.widest_a = m.widest_b = 1;
  assert_int_equal(verdict_of(m), RP_IDENTICAL);
  m.whole_a = .9;
  assert_int_equal(verdict_of(m), RP_REPRINT);
}

static void own_versions(void **state) {
  (void)state;
  rp_party a = party("kurier.example", 100), b = party("kurier.example", 101), c = party("bote.example", 101);
  rp_measures m = passage(400);
  assert_int_equal(rp_verdict_decide(&m, &a, &b).verdict, RP_OWN_UPDATE);
  assert_int_equal(rp_verdict_decide(&m, &a, &c).verdict, RP_IDENTICAL);
  m = passage(200);
  assert_int_equal(rp_verdict_decide(&m, &a, &b).verdict, RP_OWN_UPDATE);
  assert_int_equal(rp_verdict_decide(&m, &a, &c).verdict, RP_PARTIAL);
  m = passage(150);
  assert_int_equal(rp_verdict_decide(&m, &a, &b).verdict, RP_PARTIAL);
  /* unknown equals nothing */
  m = passage(400);
  assert_int_equal(rp_verdict_decide(&m, &nobody, &nobody).verdict, RP_IDENTICAL);
}

static void thin_pairs(void **state) {
  (void)state;
  rp_measures m = passage(99); /* coverage .2475 */
  rp_party a = party("a.example", 100), b = party("b.example", 130), late = party("b.example", 131);
  assert_int_equal(rp_verdict_decide(&m, &a, &b).verdict, RP_PARTIAL);
  rp_opinion o = rp_verdict_decide(&m, &late, &a);
  assert_int_equal(o.verdict, RP_COMMON_SOURCE);
  assert_string_equal(o.rule, "thin");
  m.longest_cover = 100;
  assert_int_equal(rp_verdict_decide(&m, &a, &late).verdict, RP_PARTIAL);
  m.longest_cover = 99;
  m.coverage_b = .25;
  assert_int_equal(rp_verdict_decide(&m, &a, &late).verdict, RP_PARTIAL);
  /* of one publisher already after two days, or where a date is not known */
  m = passage(110);
  rp_party own = party("a.example", 102), own_late = party("a.example", 103), undated = {STR("a.example"), {1, 0}};
  assert_int_equal(rp_verdict_decide(&m, &a, &own).verdict, RP_PARTIAL);
  o = rp_verdict_decide(&m, &a, &own_late);
  assert_int_equal(o.verdict, RP_COMMON_SOURCE);
  assert_string_equal(o.rule, "own-thin");
  assert_int_equal(rp_verdict_decide(&m, &a, &undated).verdict, RP_COMMON_SOURCE);
  assert_int_equal(rp_verdict_decide(&m, &undated, &b).verdict, RP_PARTIAL);
}

static void quotations(void **state) {
  (void)state;
  rp_measures m = nothing();
  m.matched = 30;
  m.quoted = 24;
  m.counted = 6;
  assert_int_equal(verdict_of(m), RP_QUOTE_ONLY);
  m.quoted = 9;
  m.matched = m.quoted + m.counted;
  assert_int_equal(verdict_of(m), RP_NONE);
  m.counted = 20;
  m.matched = 29;
  assert_int_equal(verdict_of(m), RP_COMMON_SOURCE);
  /* passes by coverage alone, but most of it is quoted */
  m = passage(30);
  m.longest_counted = 12;
  m.coverage_a = .7;
  m.quoted = 45;
  m.matched = 75;
  assert_int_equal(verdict_of(m), RP_QUOTE_ONLY);
  m.quoted = 44;
  assert_int_equal(verdict_of(m), RP_REPRINT);
}

static void boilerplate(void **state) {
  (void)state;
  rp_measures m = nothing();
  m.matched = 80;
  m.furniture = 40;
  m.counted = 30;
  assert_int_equal(verdict_of(m), RP_BOILERPLATE_ONLY);
  m.furniture = 39;
  assert_int_equal(verdict_of(m), RP_COMMON_SOURCE);
  m.matched = m.furniture = 7;
  m.counted = 0;
  assert_int_equal(verdict_of(m), RP_NONE);
}

static void days(void **state) {
  (void)state;
  rp_date monday = {0, DAY - 1}, tuesday = {DAY, 2 * DAY - 1}, noon = {DAY / 2, DAY / 2}, unknown = RP_DATE_UNKNOWN;
  assert_true(rp_days_between(monday, noon) == 0 && rp_days_between(monday, monday) == 0);
  assert_true(rp_days_between(noon, tuesday) == .5 && rp_days_between(tuesday, noon) == .5);
  assert_true(rp_days_between(unknown, monday) < 0 && rp_days_between(monday, unknown) < 0);
  assert_true(rp_days_between((rp_date){INT64_MIN, INT64_MIN}, (rp_date){INT64_MAX, INT64_MAX}) > 1e14);
}

static void names(void **state) {
  (void)state;
  static const char *const verdict[] = {"none",       "identical",  "reprint",       "partial",  "round-up",
                                        "own-update", "quote-only", "common-source", "template", "boilerplate-only"};
  for (int v = RP_NONE; v <= RP_BOILERPLATE_ONLY; v++) {
    assert_string_equal(rp_verdict_name((rp_verdict)v), verdict[v]);
    assert_int_equal(rp_verdict_is_link((rp_verdict)v), v >= 1 && v <= 5);
  }
  assert_string_equal(rp_credit_name(RP_PARTIAL_CREDIT), "partial-credit");
  assert_string_equal(rp_credit_name(RP_UNCREDITED), "uncredited");
  assert_string_equal(rp_evidence_name(RP_EVIDENCE_LINK), "link");
  assert_string_equal(rp_evidence_name(RP_EVIDENCE_AGENCY), "agency");
  assert_string_equal(rp_change_name(RP_CHANGE_NUMBER), "number");
  assert_string_equal(rp_change_name(RP_CHANGE_CREDIT), "credit");
  assert_string_equal(rp_verdict_name((rp_verdict)99), "unknown");
  assert_string_equal(rp_change_name((rp_change_kind)0), "unknown");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gate_is_a_passage_of_forty),
      cmocka_unit_test(or_most_of_a_text),
      cmocka_unit_test(or_a_statement_printed_whole),
      cmocka_unit_test(or_a_mixed_passage),
      cmocka_unit_test(or_a_short_text),
      cmocka_unit_test(the_same_words_in_order_are_identical),
      cmocka_unit_test(own_versions),
      cmocka_unit_test(thin_pairs),
      cmocka_unit_test(quotations),
      cmocka_unit_test(boilerplate),
      cmocka_unit_test(days),
      cmocka_unit_test(names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
