#include "judge/original.h"

#include "test.h"

struct story {
  rp_article article;
  rp_words words;
  rp_arena arena;
};

static void make(struct story *s, const char *publisher, const char *text) {
  s->article = (rp_article){.size = sizeof s->article, .publisher = TEST_STR(publisher), .text = TEST_STR(text)};
  rp_arena_init(&s->arena);
  assert_int_equal(rp_words_split(s->article.text, &s->arena, &s->words, NULL), RP_OK);
  assert_int_equal(rp_words_mark(&s->words, NULL, 0, (rp_str){NULL, 0}, &s->arena, NULL), RP_OK);
}

static const char reuters[] =
    "LISBON (Reuters) - The harbour will stay closed until the storm has passed, the port authority said on Monday.";
static const char none[] =
    "The harbour will stay closed until the storm has passed, the port authority said on Monday.";

static rp_str missing(const char *a_publisher, const char *a, const char *b_publisher, const char *b) {
  struct story x, y;
  make(&x, a_publisher, a);
  make(&y, b_publisher, b);
  rp_original_member member[] = {{&x.article, &x.words}, {&y.article, &y.words}};
  rp_str found = rp_original_missing(member, 2), mirrored;
  rp_original_member other_way[] = {member[1], member[0]};
  mirrored = rp_original_missing(other_way, 2);
  assert_int_equal(found.len, mirrored.len);
  assert_ptr_equal(found.data, mirrored.data);
  rp_arena_release(&x.arena);
  rp_arena_release(&y.arena);
  return found;
}

static void a_dateline_names_what_is_missing(void **state) {
  (void)state;
  rp_str name = missing("The Gazette", reuters, "The Tribune", none);
  assert_int_equal(name.len, 7);
  assert_memory_equal(name.data, "Reuters", 7);
}

static void nothing_is_missing_where_the_agency_is_there(void **state) {
  (void)state;
  assert_int_equal(missing("The Gazette", reuters, "Reuters", none).len, 0);
  assert_int_equal(missing("The Gazette", none, "The Tribune", none).len, 0);
  assert_int_equal(rp_original_missing(NULL, 0).len, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_dateline_names_what_is_missing),
      cmocka_unit_test(nothing_is_missing_where_the_agency_is_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
