/* Round-ups on made measures: a suspect of plain words, and sources whose
 * passages are written down. */
#include "judge/roundup.h"

#include "test.h"

enum { WORDS = 300 };

struct made {
  rp_words words;
  uint16_t flag[WORDS];
};

static void make_suspect(struct made *m) {
  memset(m, 0, sizeof *m);
  m->words.n = WORDS;
  m->words.flag = m->flag;
}

struct source {
  rp_measures measures;
  rp_chain chain;
};

/* A source that holds words start .. end of the suspect. */
static void make_source(struct source *s, uint32_t start, uint32_t end) {
  memset(s, 0, sizeof *s);
  s->chain = (rp_chain){.a_start = start, .a_end = end, .b_start = 0, .b_end = end - start, .matched = end - start};
  s->measures.chain = &s->chain;
  s->measures.n_chain = 1;
  s->measures.matched = end - start;
  s->measures.coverage_a = (double)(end - start) / WORDS;
  s->measures.coverage_b = .3;
}

static bool judge(struct made *suspect, const struct source *source, const int32_t *story, size_t n, unsigned n_thin) {
  rp_roundup_source list[8];
  static const char *const id[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (size_t i = 0; i < n; i++)
    list[i] = (rp_roundup_source){.measures = &source[i].measures,
                                  .published = RP_DATE_UNKNOWN,
                                  .story = story[i],
                                  .is_thin = i < n_thin,
                                  .id = TEST_STR(id[i])};
  rp_arena arena;
  rp_arena_init(&arena);
  bool is = false;
  assert_int_equal(rp_roundup_judge(&suspect->words, list, n, &arena, &is, NULL), RP_OK);
  rp_arena_release(&arena);
  return is;
}

static void stories_that_do_not_know_each_other_make_one(void **state) {
  (void)state;
  static struct made suspect;
  make_suspect(&suspect);
  struct source s[3];
  make_source(&s[0], 0, 80);
  make_source(&s[1], 100, 170);
  make_source(&s[2], 200, 260);
  const int32_t apart[] = {0, 1, 2}, together[] = {0, 0, 0}, suspects[] = {0, -1, -1};
  assert_true(judge(&suspect, s, apart, 2, 0));
  assert_false(judge(&suspect, s, together, 2, 0));
  assert_false(judge(&suspect, s, suspects, 3, 0));
  /* with thin links it takes three stories, or two that stand alone */
  assert_false(judge(&suspect, s, apart, 2, 1));
  assert_true(judge(&suspect, s, apart, 3, 1));
  assert_true(judge(&suspect, s, apart, 3, 3));
}

static void words_are_given_out_once(void **state) {
  (void)state;
  static struct made suspect;
  make_suspect(&suspect);
  struct source s[2];
  const int32_t apart[] = {0, 1};
  make_source(&s[0], 0, 120);
  make_source(&s[1], 40, 130);
  /* the second has ten words of its own */
  assert_false(judge(&suspect, s, apart, 2, 0));
  make_source(&s[1], 60, 180);
  assert_true(judge(&suspect, s, apart, 2, 0));
}

static void what_is_mostly_one_story_or_mostly_new_is_none(void **state) {
  (void)state;
  static struct made suspect;
  make_suspect(&suspect);
  struct source s[2];
  const int32_t apart[] = {0, 1};
  make_source(&s[0], 0, 160);
  make_source(&s[1], 170, 240);
  assert_false(judge(&suspect, s, apart, 2, 0));
  make_source(&s[0], 0, 145);
  assert_true(judge(&suspect, s, apart, 2, 0));
  /* 56 + 56 words are more than .3 of 300, not of what is left when furniture counts as words */
  make_source(&s[0], 0, 44);
  make_source(&s[1], 100, 144);
  assert_false(judge(&suspect, s, apart, 2, 0));
  make_source(&s[0], 0, 60);
  make_source(&s[1], 100, 160);
  assert_true(judge(&suspect, s, apart, 2, 0));
  for (size_t i = 0; i < 60; i++) suspect.flag[i] = RP_WORD_FURNITURE;
  assert_false(judge(&suspect, s, apart, 2, 0));
}

static void told_share_counts(void **state) {
  (void)state;
  static struct made suspect;
  make_suspect(&suspect);
  struct source s[2];
  const int32_t apart[] = {0, 1};
  /* in a text five times as long, two passages of 56 are a small part */
  static uint16_t many[5 * WORDS];
  suspect.words.flag = many;
  suspect.words.n = 5 * WORDS;
  make_source(&s[0], 0, 56);
  make_source(&s[1], 100, 156);
  assert_false(judge(&suspect, s, apart, 2, 0));
}

static void sources_are_not_later_and_no_copies(void **state) {
  (void)state;
  struct source s;
  make_source(&s, 0, 80);
  rp_date day = {1000, 2000}, later = {3000, 4000}, unknown = RP_DATE_UNKNOWN;
  assert_true(rp_roundup_is_source(&s.measures, later, day));
  assert_true(rp_roundup_is_source(&s.measures, day, day));
  assert_false(rp_roundup_is_source(&s.measures, day, later));
  assert_true(rp_roundup_is_source(&s.measures, day, unknown));
  s.measures.coverage_b = .7;
  assert_false(rp_roundup_is_source(&s.measures, day, unknown));
  s.chain.furniture = 30;
  assert_false(rp_roundup_is_source(&s.measures, later, day));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stories_that_do_not_know_each_other_make_one),
      cmocka_unit_test(words_are_given_out_once),
      cmocka_unit_test(what_is_mostly_one_story_or_mostly_new_is_none),
      cmocka_unit_test(told_share_counts),
      cmocka_unit_test(sources_are_not_later_and_no_copies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
