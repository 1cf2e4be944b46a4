#include "engine/document.h"

#include "base/mem.h"
#include "test.h"

static rp_document example(rp_mark *mark, rp_link *link) {
  mark[0] = (rp_mark){0, 5, RP_REASON_TITLE};
  mark[1] = (rp_mark){9, 12, RP_REASON_QUOTE};
  link[0] = (rp_link){RP_LINK_CANONICAL, TEST_STR("https://wire.example/1")};
  return (rp_document){
      .article = {.size = sizeof(rp_article),
                  .id = TEST_STR("a-1"),
                  .url = TEST_STR("https://outlet.example/x"),
                  .host = TEST_STR("outlet.example"),
                  .publisher = TEST_STR("The Outlet"),
                  .publisher_key = TEST_STR("outlet.example"),
                  .title = TEST_STR("Dam holds"),
                  .text = TEST_STR("Dam holds, they say"),
                  .lang = TEST_STR("en"),
                  .authors = TEST_STR("A. Writer"),
                  .path = TEST_STR("feed.jsonl"),
                  .line = 300,
                  .mark = mark,
                  .n_mark = 2,
                  .link = link,
                  .n_link = 1,
                  .is_truncated = true},
      .first_seen = -5,
      .stated = {100, 199},
      .before = {50, 60},
      .n_word = 4,
      .counted = 3,
  };
}

static void a_document_round_trips(void **state) {
  (void)state;
  rp_mark mark[2];
  rp_link link[1];
  rp_document d = example(mark, link), back;
  rp_buf buf;
  rp_buf_init(&buf);
  rp_arena arena;
  rp_arena_init(&arena);
  assert_int_equal(rp_document_encode(&d, &buf, NULL), RP_OK);
  assert_int_equal(rp_document_decode((rp_str){buf.data, buf.len}, &arena, &back, NULL), RP_OK);
  assert_true(rp_document_equal_metadata(&d.article, &back.article));
  assert_true(rp_str_equal(d.article.text, back.article.text));
  assert_true(rp_str_equal(d.article.id, back.article.id));
  assert_true(rp_str_equal(d.article.path, back.article.path));
  assert_int_equal(back.article.line, 300);
  assert_true(back.article.is_truncated && !back.article.id_is_path && !back.article.id_is_hash);
  assert_int_equal(back.first_seen, -5);
  assert_int_equal(back.n_word, 4);
  /* the earliest date that any version stated survives */
  assert_int_equal(back.article.published.earliest, 50);
  d.first_seen = 77;
  d.before = RP_DATE_UNKNOWN;
  d.n_word = 9;
  d.counted = 8;
  rp_document_patch(buf.data, &d);
  assert_int_equal(rp_document_decode((rp_str){buf.data, buf.len}, &arena, &back, NULL), RP_OK);
  assert_int_equal(back.first_seen, 77);
  assert_int_equal(back.n_word, 9);
  assert_int_equal(back.counted, 8);
  assert_int_equal(back.article.published.earliest, 100);
  assert_true(rp_str_equal(d.article.text, back.article.text));
  rp_arena_release(&arena);
  rp_buf_release(&buf);
}

static void damaged_bytes_never_crash(void **state) {
  (void)state;
  rp_mark mark[2];
  rp_link link[1];
  rp_document d = example(mark, link), back;
  rp_buf buf;
  rp_buf_init(&buf);
  rp_arena arena;
  rp_arena_init(&arena);
  assert_int_equal(rp_document_encode(&d, &buf, NULL), RP_OK);
  for (size_t n = 0; n < buf.len; n++) {
    assert_int_equal(rp_document_decode((rp_str){buf.data, n}, &arena, &back, NULL), RP_ERR_DAMAGED);
    rp_arena_clear(&arena, 1 << 20);
  }
  uint64_t seed = 4;
  for (int i = 0; i < 50000; i++) {
    char *copy = rp_memdup(buf.data, buf.len);
    size_t at = test_below(&seed, buf.len);
    copy[at] = (char)test_random(&seed);
    rp_status status = rp_document_decode((rp_str){copy, buf.len}, &arena, &back, NULL);
    assert_true(status == RP_OK || status == RP_ERR_DAMAGED);
    if (status == RP_OK)
      for (size_t k = 0; k < back.article.n_mark; k++) assert_true(back.article.mark[k].end <= back.article.text.len);
    rp_free(copy);
    rp_arena_clear(&arena, 1 << 20);
  }
  rp_arena_release(&arena);
  rp_buf_release(&buf);
}

static void dates_are_never_guessed(void **state) {
  (void)state;
  rp_date early = {1, 2}, late = {5, 6}, none = RP_DATE_UNKNOWN;
  assert_int_equal(rp_document_date(late, early).earliest, 1);
  assert_int_equal(rp_document_date(early, late).earliest, 1);
  assert_int_equal(rp_document_date(none, late).earliest, 5);
  assert_int_equal(rp_document_date(late, none).earliest, 5);
  assert_false(rp_date_is_known(rp_document_date(none, none)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_document_round_trips),
      cmocka_unit_test(damaged_bytes_never_crash),
      cmocka_unit_test(dates_are_never_guessed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
