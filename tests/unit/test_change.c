#include "match/change.h"

#include "match_help.h"

typedef struct changed {
  rp_words a, b;
  const rp_change *change;
  size_t n;
} changed;

static changed compare(rp_arena *arena, rp_words a, rp_words b) {
  changed c = {.a = a, .b = b};
  rp_measures m;
  assert_int_equal(rp_passages_measure(&c.a, &c.b, arena, &m, NULL), RP_OK);
  assert_int_equal(rp_changes_find(&c.a, &c.b, &m, arena, &c.change, &c.n, NULL), RP_OK);
  return c;
}

static changed changes(rp_arena *arena, const char *x, const char *y) {
  return compare(arena, words_of(arena, x), words_of(arena, y));
}

static void assert_wording(const rp_words *words, uint32_t start, uint32_t end, const char *expected) {
  assert_true(start <= end && end <= words->text.len);
  if (end - start != strlen(expected) || memcmp(words->text.data + start, expected, end - start) != 0)
    fail_msg("'%.*s' instead of '%s'", (int)(end - start), words->text.data + start, expected);
}

static void assert_change(const changed *c, size_t k, rp_change_kind kind, const char *x, const char *y) {
  assert_true(k < c->n);
  if (c->change[k].kind != kind)
    fail_msg("a change of kind %d: '%.*s'", (int)c->change[k].kind, (int)(c->change[k].a_end - c->change[k].a_start),
             c->a.text.data + c->change[k].a_start);
  assert_wording(&c->a, c->change[k].a_start, c->change[k].a_end, x);
  assert_wording(&c->b, c->change[k].b_start, c->change[k].b_end, y);
}

/* One change, and the same one the other way round. */
static void assert_one(const char *text_x, const char *text_y, rp_change_kind kind, const char *x, const char *y) {
  rp_arena arena;
  rp_arena_init(&arena);
  changed c = changes(&arena, text_x, text_y);
  assert_change(&c, 0, kind, x, y);
  assert_int_equal(c.n, 1);
  c = changes(&arena, text_y, text_x);
  assert_change(&c, 0, kind, y, x);
  assert_int_equal(c.n, 1);
  rp_arena_release(&arena);
}

static void assert_none(const char *x, const char *y) {
  rp_arena arena;
  rp_arena_init(&arena);
  assert_int_equal(changes(&arena, x, y).n, 0);
  assert_int_equal(changes(&arena, y, x).n, 0);
  rp_arena_release(&arena);
}

static void numbers(void **state) {
  (void)state;
  assert_one("the fire in the old mill killed three of the crew and two more are in hospital tonight",
             "the fire in the old mill killed 30 of the crew and two more are in hospital tonight", RP_CHANGE_NUMBER,
             "three", "30");
  assert_one("the bridge will cost the city 1.5 million crowns when it is done next autumn",
             "the bridge will cost the city 1.5 billion crowns when it is done next autumn", RP_CHANGE_NUMBER,
             "million", "billion");
  assert_one("the bridge will cost the city about 2,000 crowns a day when it is done next autumn",
             "the bridge will cost the city a day when it is done next autumn", RP_CHANGE_NUMBER, "2,000", "");
  assert_none("the fire in the old mill killed three of the crew and two more are hurt tonight",
              "the fire in the old mill killed 3 of the crew and 2 more are hurt tonight");
  assert_one("das Feuer in der alten Fabrik hat gestern zwei Millionen Euro Schaden gemacht sagen sie",
             "das Feuer in der alten Fabrik hat gestern zwei Milliarden Euro Schaden gemacht sagen sie",
             RP_CHANGE_NUMBER, "Millionen", "Milliarden");
}

static void negations(void **state) {
  (void)state;
  assert_one("the minister said at noon that he would not resign over the affair of the stolen letters",
             "the minister said at noon that he would resign over the affair of the stolen letters", RP_CHANGE_NEGATION,
             "not", "");
  assert_one("we know that the plant didn't leak any oil into the river before the flood of last week",
             "we know that the plant did leak any oil into the river before the flood of last week", RP_CHANGE_NEGATION,
             "didn't", "");
  assert_none("the minister said at noon that he would not resign over the affair of the stolen letters",
              "the minister said at noon that he would never resign over the affair of the stolen letters");
  assert_one("министр сказал что он не уйдет в отставку до выборов в будущем году",
             "министр сказал что он уйдет в отставку до выборов в будущем году", RP_CHANGE_NEGATION, "не", "");
}

static void names(void **state) {
  (void)state;
  assert_one("on its way north the ship called at Port Albert for water and fresh bread on Sunday",
             "on its way north the ship called at Kingston for water and fresh bread on Sunday", RP_CHANGE_NAME,
             "Port Albert", "Kingston");
  /* a misprint is no other name; the first word of a sentence is none */
  assert_none("on its way north the ship called at Kingston for water and fresh bread. Crews slept till nine",
              "on its way north the ship called at Kingstom for water and fresh bread. Sailors slept till nine");
  /* where every noun has a capital, a capital says nothing */
  assert_none("am Abend fuhr das Schiff und die Mannschaft mit viel Wasser und frischem Brot aus dem Hafen nach Norden",
              "am Abend fuhr das Schiff und die Mannschaft mit viel Wein und frischem Brot aus dem Hafen nach Norden");
}

static void attributions(void **state) {
  (void)state;
  assert_one("the road was closed for a week because of falling stones, according to the county, and opened again",
             "the road was closed for a week because of falling stones and opened again", RP_CHANGE_ATTRIBUTION,
             "according to the county", "");
  assert_one("the road was closed for a week because of stones that fell, Maria Roth said, and opened again today",
             "the road was closed for a week because of stones that fell and opened again today", RP_CHANGE_ATTRIBUTION,
             "Maria Roth said", "");
  assert_one("la route a été fermée une semaine à cause des pierres selon la mairie et puis rouverte hier",
             "la route a été fermée une semaine à cause des pierres et puis rouverte hier", RP_CHANGE_ATTRIBUTION,
             "selon la mairie", "");
}

static void a_sentence_left_out_is_no_alteration(void **state) {
  (void)state;
  const char *without = "the road was closed for a week because of stones that fell from the slope above it today";
  assert_none(
      "the road was closed for a week, and 20 men from Rome said that they would not go home by night, because "
      "of stones that fell from the slope above it today",
      without);
  /* a dozen words are told */
  rp_arena arena;
  rp_arena_init(&arena);
  changed c = changes(&arena,
                      "the road was closed for a week, and 20 men said that they will not go home ever, because of "
                      "stones that fell from the slope above it today",
                      without);
  assert_int_equal(c.n, 3);
  assert_change(&c, 0, RP_CHANGE_ATTRIBUTION, "and 20 men said that they will not go home ever", "");
  rp_arena_release(&arena);
}

static const char body[] =
    "the road was closed for a week because of stones that fell from the slope above it and opened again today when "
    "the county had put up a net";

static rp_words credited(rp_arena *arena, const char *head, const char *tail) {
  rp_words words = words_of(arena, joined(arena, head, body, tail));
  if (*head) flag_part(&words, head, 0, RP_WORD_DATELINE);
  if (*tail) flag_part(&words, tail, 0, RP_WORD_CREDIT);
  return words;
}

static void credits(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  changed c = compare(&arena, credited(&arena, "LISBON (Tagus Wire) ", "\nSource: Tagus Wire"),
                      credited(&arena, "LISBON ", ""));
  assert_int_equal(c.n, 2);
  assert_change(&c, 0, RP_CHANGE_CREDIT, "LISBON (Tagus Wire", "LISBON");
  assert_change(&c, 1, RP_CHANGE_CREDIT, "Source: Tagus Wire", "");
  assert_true(c.change[1].b_start == strlen(c.b.text.data));
  c = compare(&arena, credited(&arena, "", "\nStaff"), credited(&arena, "LISBON (Tagus Wire) ", "\nStaff"));
  assert_int_equal(c.n, 1);
  assert_change(&c, 0, RP_CHANGE_CREDIT, "", "LISBON (Tagus Wire");
  assert_true(c.change[0].a_start == 0);
  rp_arena_release(&arena);
}

static void page_furniture_does_not_change(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  const char *x =
      "the road was closed for a week because of stones that read 14 more fell from the slope above it today";
  rp_words a = words_of(&arena, x), b = words_of(&arena,
                                                 "the road was closed for a week because of stones that fell "
                                                 "from the slope above it today");
  assert_int_equal(compare(&arena, a, b).n, 1);
  flag_part(&a, "read 14 more", 0, RP_WORD_FURNITURE);
  assert_int_equal(compare(&arena, a, b).n, 0);
  rp_arena_release(&arena);
}

/* On any pair: ranges lie in the texts, in order, and inside chains. */
static void any_texts(void **state) {
  (void)state;
  uint64_t random = 21;
  rp_arena arena;
  rp_arena_init(&arena);
  static const char *const word[] = {"not",  "said", "14", "million", "Anna", "Bo",  "never", "told", "river", "stone",
                                     "wall", "Rome", "2",  "t",       "don",  "cap", "x",     "y",    "z",     "w"};
  for (int round = 0; round < 300; round++) {
    rp_arena_clear(&arena, 1 << 20);
    char x[8192] = "", y[8192] = "";
    for (int k = 0; k < 200; k++) {
      const char *w = word[below(&random, 20)];
      if (below(&random, 10)) strcat(strcat(x, w), " ");
      if (below(&random, 10)) strcat(strcat(y, w), below(&random, 40) ? " " : "\n");
    }
    rp_words a = words_of(&arena, x), b = words_of(&arena, y);
    for (size_t i = 0; i < a.n; i++) a.flag[i] |= below(&random, 50) ? 0 : RP_WORD_CREDIT;
    changed c = compare(&arena, a, b);
    uint32_t last = 0;
    for (size_t k = 0; k < c.n; k++) {
      assert_true(c.change[k].a_start >= last && c.change[k].a_start <= c.change[k].a_end);
      assert_true(c.change[k].a_end <= a.text.len && c.change[k].b_start <= c.change[k].b_end);
      assert_true(c.change[k].b_end <= b.text.len);
      assert_true(c.change[k].a_start < c.change[k].a_end || c.change[k].b_start < c.change[k].b_end);
      last = c.change[k].a_start;
    }
  }
  rp_arena_release(&arena);
}

static void short_memory(void **state) {
  (void)state;
  uint64_t random = 22;
  rp_arena arena, scratch;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, random_text(&arena, &random, 6000, 400)), b = a;
  b.n -= 10;
  for (size_t i = 0; i < a.n; i += 6) a.hash[i] ^= below(&random, 2) ? 0 : 1;
  rp_measures m;
  assert_int_equal(rp_passages_measure(&a, &b, &arena, &m, NULL), RP_OK);
  rp_status status = RP_ERR_MEMORY;
  for (long n = 1; status != RP_OK; n++) {
    const rp_change *change;
    size_t n_change;
    rp_arena_init(&scratch);
    rp_mem_fail_after(n);
    status = rp_changes_find(&a, &b, &m, &scratch, &change, &n_change, NULL);
    rp_mem_fail_after(0);
    rp_arena_release(&scratch);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
    assert_true(n < 100);
  }
  rp_arena_release(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers),
      cmocka_unit_test(negations),
      cmocka_unit_test(names),
      cmocka_unit_test(attributions),
      cmocka_unit_test(a_sentence_left_out_is_no_alteration),
      cmocka_unit_test(credits),
      cmocka_unit_test(page_furniture_does_not_change),
      cmocka_unit_test(any_texts),
      cmocka_unit_test(short_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
