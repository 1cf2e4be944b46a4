#include "judge/direction.h"

#include "match_help.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static const char story[] =
    "The old lighthouse at the mouth of the river is lit again after eleven dark years, and ships may once more find "
    "their way in at night without a pilot, as the harbour office wrote in a note to all captains on Monday.\n";

typedef struct pair {
  rp_arena arena;
  rp_article a, b;
  rp_words a_words, b_words;
  rp_measures measures;
} pair;

static void pair_open(pair *p, const char *a_text, const char *b_text) {
  *p = (pair){.measures = {.coverage_a = 1, .coverage_b = 1}};
  rp_arena_init(&p->arena);
  p->a = (rp_article){.size = sizeof p->a,
                      .publisher = STR("Tagus Wire"),
                      .publisher_key = STR("tagus.example"),
                      .host = STR("www.tagus.example"),
                      .url = STR("https://www.tagus.example/1"),
                      .text = STR(a_text),
                      .published = RP_DATE_UNKNOWN};
  p->b = (rp_article){.size = sizeof p->b,
                      .publisher = STR("Coast Paper"),
                      .publisher_key = STR("coast.example"),
                      .host = STR("coast.example"),
                      .url = STR("https://coast.example/x"),
                      .text = STR(b_text),
                      .published = RP_DATE_UNKNOWN};
  p->a_words = words_of(&p->arena, a_text);
  p->b_words = words_of(&p->arena, b_text);
}

/* Judges the pair, and the same the other way round. */
static rp_origin judge(pair *p) {
  rp_origin o, m;
  assert_int_equal(rp_direction_judge(&p->a, &p->a_words, &p->b, &p->b_words, &p->measures, &p->arena, &o, NULL),
                   RP_OK);
  rp_measures mirrored = {.coverage_a = p->measures.coverage_b, .coverage_b = p->measures.coverage_a};
  assert_int_equal(rp_direction_judge(&p->b, &p->b_words, &p->a, &p->a_words, &mirrored, &p->arena, &m, NULL), RP_OK);
  static const rp_direction other[] = {RP_UNDECIDED, RP_B_TO_A, RP_A_TO_B};
  assert_int_equal(m.direction, other[o.direction]);
  assert_int_equal(m.n_evidence, o.n_evidence);
  assert_int_equal(m.credit.credit, o.credit.credit);
  for (size_t k = 1; k < o.n_evidence; k++) assert_true(o.evidence[k - 1].kind <= o.evidence[k].kind);
  return o;
}

static void assert_evidence(const rp_origin *o, size_t k, rp_evidence_kind kind, rp_direction speaks_for) {
  assert_true(k < o->n_evidence);
  assert_int_equal(o->evidence[k].kind, kind);
  assert_int_equal(o->evidence[k].speaks_for, speaks_for);
}

static void without_evidence_undecided(void **state) {
  (void)state;
  pair p;
  pair_open(&p, story, story);
  rp_origin o = judge(&p);
  assert_int_equal(o.direction, RP_UNDECIDED);
  assert_int_equal(o.n_evidence, 0);
  assert_int_equal(o.credit.credit, RP_UNCREDITED);
  rp_arena_release(&p.arena);
}

static void dates(void **state) {
  (void)state;
  pair p;
  pair_open(&p, story, story);
  p.a.published = (rp_date){10 * HOUR, 10 * HOUR};
  p.b.published = (rp_date){13 * HOUR + 1800, 13 * HOUR + 1800 + 59};
  rp_origin o = judge(&p);
  assert_int_equal(o.direction, RP_A_TO_B);
  assert_evidence(&o, 0, RP_EVIDENCE_EARLIER, RP_A_TO_B);
  assert_true(o.evidence[0].hours == 3.5);
  p.b.published = (rp_date){0, DAY - 1}; /* that day, no hour */
  assert_int_equal(judge(&p).direction, RP_UNDECIDED);
  assert_int_equal(judge(&p).n_evidence, 0);
  p.b.published = (rp_date){10 * HOUR, 10 * HOUR};
  assert_int_equal(judge(&p).direction, RP_UNDECIDED);
  p.b.published = RP_DATE_UNKNOWN; /* an unknown date is never earlier */
  assert_int_equal(judge(&p).direction, RP_UNDECIDED);
  rp_arena_release(&p.arena);
}

static rp_direction with_link(pair *p, rp_article *from, const char *url) {
  rp_link link = {RP_LINK_CANONICAL, STR(url)};
  from->link = &link;
  from->n_link = 1;
  rp_origin o = judge(p);
  from->n_link = 0;
  return o.direction;
}

static void links(void **state) {
  (void)state;
  pair p;
  pair_open(&p, story, story);
  p.b.published = (rp_date){0, 0};
  p.a.published = (rp_date){40 * DAY, 40 * DAY};
  assert_int_equal(judge(&p).direction, RP_B_TO_A);
  /* whatever the dates say */
  assert_int_equal(with_link(&p, &p.b, "https://www.tagus.example/1?x"), RP_A_TO_B);
  assert_int_equal(with_link(&p, &p.b, "//user@TAGUS.example:80/"), RP_A_TO_B);
  assert_int_equal(with_link(&p, &p.a, "http://coast.example"), RP_B_TO_A);
  assert_int_equal(with_link(&p, &p.b, "https://nottagus.example/1"), RP_B_TO_A);
  assert_int_equal(with_link(&p, &p.b, "https://tagus.example.org/1"), RP_B_TO_A);
  assert_int_equal(with_link(&p, &p.a, "https://www.tagus.example/1"), RP_B_TO_A); /* to itself */
  assert_int_equal(with_link(&p, &p.b, ""), RP_B_TO_A);
  assert_int_equal(with_link(&p, &p.b, "://"), RP_B_TO_A);
  p.b.publisher_key = p.a.publisher_key; /* two pages of one outlet */
  assert_int_equal(with_link(&p, &p.b, "https://www.tagus.example/1"), RP_B_TO_A);
  p.b.publisher_key = STR("coast.example");
  rp_link both = {RP_LINK_SOURCE, STR("https://tagus.example/")},
          back = {RP_LINK_SOURCE, STR("https://coast.example/")};
  p.b.link = &both;
  p.a.link = &back;
  p.a.n_link = p.b.n_link = 1;
  rp_origin o = judge(&p); /* each names the other: the dates decide */
  assert_int_equal(o.direction, RP_B_TO_A);
  assert_int_equal(o.n_evidence, 3);
  p.a.n_link = 0;
  o = judge(&p);
  assert_evidence(&o, 0, RP_EVIDENCE_LINK, RP_A_TO_B);
  assert_true(o.evidence[0].text.data == both.url.data);
  assert_evidence(&o, 1, RP_EVIDENCE_EARLIER, RP_B_TO_A);
  rp_arena_release(&p.arena);
}

static void credits(void **state) {
  (void)state;
  char text[2048];
  snprintf(text, sizeof text, "%sSource: Tagus Wire\n", story);
  pair p;
  pair_open(&p, story, text);
  rp_origin o = judge(&p);
  assert_int_equal(o.direction, RP_A_TO_B);
  assert_int_equal(o.credit.credit, RP_CREDITED);
  assert_evidence(&o, 0, RP_EVIDENCE_CREDIT, RP_A_TO_B);
  assert_memory_equal(o.evidence[0].text.data, "Source: Tagus Wire", o.evidence[0].text.len);
  /* a mention is no evidence */
  snprintf(text, sizeof text, "%s%s %s", story, "It was a long way, Tagus Wire wrote, until the", story);
  p.b.text = STR(text);
  p.b_words = words_of(&p.arena, text);
  o = judge(&p);
  assert_int_equal(o.direction, RP_UNDECIDED);
  assert_int_equal(o.n_evidence, 0);
  assert_int_equal(o.credit.credit, RP_MENTION);
  rp_arena_release(&p.arena);
}

static void a_credit_in_the_earlier_text(void **state) {
  (void)state;
  char text[2048];
  snprintf(text, sizeof text, "%sSource: Tagus Wire\n", story);
  pair p;
  pair_open(&p, story, text);
  p.b.published = (rp_date){0, 0};
  p.a.published = (rp_date){3 * DAY, 3 * DAY}; /* the page of the source was updated */
  assert_int_equal(judge(&p).direction, RP_A_TO_B);
  p.a.published = (rp_date){3 * DAY + 1, 3 * DAY + 1};
  rp_origin o = judge(&p);
  assert_int_equal(o.direction, RP_UNDECIDED);
  assert_int_equal(o.n_evidence, 2);
  assert_int_equal(o.credit.credit, RP_CREDITED);
  /* an agency does not copy from those who credit it */
  snprintf(text, sizeof text, "%sSource: Reuters\n", story);
  p.b_words = words_of(&p.arena, text);
  p.b.text = STR(text);
  p.a.publisher = STR("Reuters");
  assert_int_equal(judge(&p).direction, RP_A_TO_B);
  rp_arena_release(&p.arena);
}

static void an_agency_both_carry_says_nothing(void **state) {
  (void)state;
  char a_text[2048], b_text[2048];
  snprintf(a_text, sizeof a_text, "LISBON (AP) - %s", story);
  snprintf(b_text, sizeof b_text, "%sSource: Associated Press\n", story);
  pair p;
  pair_open(&p, a_text, b_text);
  flag_part(&p.a_words, "LISBON (AP)", 0, RP_WORD_DATELINE);
  rp_origin o = judge(&p);
  assert_int_equal(o.direction, RP_UNDECIDED);
  assert_int_equal(o.n_evidence, 0);
  assert_int_equal(o.credit.credit, RP_CREDITED);
  rp_arena_release(&p.arena);
}

static void coverage_is_told_and_never_decides(void **state) {
  (void)state;
  pair p;
  pair_open(&p, story, story);
  p.measures.coverage_a = .7;
  p.measures.coverage_b = .9;
  rp_origin o = judge(&p);
  assert_int_equal(o.direction, RP_UNDECIDED);
  assert_evidence(&o, 0, RP_EVIDENCE_COVERAGE, RP_A_TO_B);
  p.measures.coverage_a = .71;
  assert_int_equal(judge(&p).n_evidence, 0);
  rp_arena_release(&p.arena);
}

static void agencies_come_last(void **state) {
  (void)state;
  pair p;
  pair_open(&p, story, story);
  p.b.publisher = STR("Xinhua");
  rp_origin o = judge(&p);
  assert_int_equal(o.direction, RP_B_TO_A);
  assert_evidence(&o, 0, RP_EVIDENCE_AGENCY, RP_B_TO_A);
  p.a.published = (rp_date){0, 0};
  p.b.published = (rp_date){HOUR, HOUR};
  assert_int_equal(judge(&p).direction, RP_A_TO_B);
  p.b.published = p.a.published;
  p.a.publisher = STR("dpa");
  assert_int_equal(judge(&p).direction, RP_UNDECIDED);
  rp_arena_release(&p.arena);
}

static void short_memory(void **state) {
  (void)state;
  pair p;
  pair_open(&p, story, story);
  rp_status status = RP_ERR_MEMORY;
  for (long n = 1; status != RP_OK; n++) {
    rp_origin o;
    rp_arena scratch;
    rp_arena_init(&scratch);
    rp_mem_fail_after(n);
    status = rp_direction_judge(&p.a, &p.a_words, &p.b, &p.b_words, &p.measures, &scratch, &o, NULL);
    rp_mem_fail_after(0);
    rp_arena_release(&scratch);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
  }
  rp_arena_release(&p.arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_evidence_undecided),
      cmocka_unit_test(dates),
      cmocka_unit_test(links),
      cmocka_unit_test(credits),
      cmocka_unit_test(a_credit_in_the_earlier_text),
      cmocka_unit_test(an_agency_both_carry_says_nothing),
      cmocka_unit_test(coverage_is_told_and_never_decides),
      cmocka_unit_test(agencies_come_last),
      cmocka_unit_test(short_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
