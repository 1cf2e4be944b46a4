/* Expiry, copies and lists of articles against what a test counts itself, and
 * with memory that runs out anywhere. */
#include "keep_help.h"

enum { DAY = 86400, NOW = 1600000000, N = 70 };

/* Article i is dated (or not) and first seen by these rules. */
static int64_t date_of(unsigned i) { return i % 6 ? NOW - (int64_t)DAY * (i % 31) - 61 * (int64_t)i : 0; }
static int64_t seen_of(unsigned i) { return NOW + (int64_t)DAY * (i / 10); }

static rp_index *fill(const char *db) {
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  for (unsigned i = 0; i < N; i += 10) {
    rp_writer *w = open_writer(index, seen_of(i));
    for (unsigned k = i; k < i + 10; k++) add(w, k, 0, date_of(k));
    OK(rp_writer_commit(w, &error));
    rp_writer_close(w);
  }
  return index;
}

static int64_t minute_of(int64_t t) { return t / 60 - (t % 60 < 0); }

static bool is_old(unsigned i, int64_t before, bool by_seen) {
  if (by_seen || !date_of(i)) return seen_of(i) < before;
  return minute_of(date_of(i)) < minute_of(before);
}

static uint64_t count_old(int64_t before, bool by_seen) {
  uint64_t n = 0;
  for (unsigned i = 0; i < N; i++) n += is_old(i, before, by_seen);
  return n;
}

static void test_expirable(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_index *index = fill(db);
  uint64_t random = 6;
  for (int i = 0; i < 400; i++) {
    int64_t before = NOW - 35 * (int64_t)DAY + (int64_t)test_below(&random, 45 * (size_t)DAY);
    /* at the edge of an article's own date too */
    if (i % 3 == 0) before = date_of(1 + (unsigned)i % (N - 1)) + (int64_t)test_below(&random, 120) - 60;
    for (int by_seen = 0; by_seen < 2; by_seen++) {
      rp_expire_options options = {sizeof options, before, by_seen};
      rp_expiry expiry = {.size = sizeof expiry};
      OK(rp_index_expirable(index, &options, &expiry, &error));
      assert_int_equal(expiry.n_article, N);
      assert_int_equal(expiry.n_expired, count_old(before, by_seen));
    }
  }
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

static void test_expire(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  for (int by_seen = 0; by_seen < 2; by_seen++) {
    snprintf(db, sizeof db, "%s/db%d", dir, by_seen);
    rp_index *index = fill(db);
    rp_ctx *ctx;
    OK(rp_ctx_new(index, &ctx, &error));
    for (int64_t before = NOW - 32 * (int64_t)DAY; before < NOW + 9 * (int64_t)DAY;
         before += 3 * (int64_t)DAY + 12345) {
      rp_expire_options options = {sizeof options, before, by_seen};
      rp_expiry expiry = {.size = sizeof expiry};
      uint64_t n = stat_of(index).n_article;
      rp_writer *w = open_writer(index, NOW);
      OK(rp_writer_expire(w, &options, &expiry, &error));
      rp_writer_close(w);
      assert_int_equal(expiry.n_article, n);
      assert_int_equal(n - expiry.n_expired, N - count_old(before, by_seen));
      expect_sound(index);
      for (unsigned i = 0; i < N; i++) {
        char id[32];
        const rp_article *article;
        snprintf(id, sizeof id, "story-%u", i);
        rp_status status = rp_index_show(ctx, TEST_STR(id), &article, NULL);
        assert_int_equal(status, is_old(i, before, by_seen) ? RP_ERR_NOT_FOUND : RP_OK);
      }
    }
    assert_int_equal(stat_of(index).n_article, 0);
    assert_int_equal(stat_of(index).n_segment, 0);
    assert_int_equal(stat_of(index).n_word, 0);
    rp_ctx_free(ctx);
    rp_index_close(index);
  }
  remove_tree(dir);
  free(dir);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static void test_select(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_index *index = fill(db);
  rp_ctx *ctx;
  OK(rp_ctx_new(index, &ctx, &error));
  uint64_t random = 8;
  for (int round = 0; round < 100; round++) {
    unsigned publisher = (unsigned)test_below(&random, 7);
    char name[32];
    snprintf(name, sizeof name, "p%u.example", publisher);
    int64_t since = NOW - (int64_t)test_below(&random, 32 * (size_t)DAY),
            until = since + (int64_t)test_below(&random, 9 * (size_t)DAY);
    rp_date between = round % 4 ? (rp_date){since, until} : (rp_date){0, 0};
    rp_select_options options = {sizeof options, TEST_STR(name), between};
    const rp_str *id;
    size_t n, n_wanted = 0;
    OK(rp_index_select(ctx, &options, &id, &n, &error));
    for (unsigned i = publisher; i < N; i += 7)
      n_wanted += round % 4 ? date_of(i) && date_of(i) >= since && date_of(i) <= until : 1;
    assert_int_equal(n, n_wanted);
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
      unsigned number = (unsigned)strtoul(id[i].data + 6, NULL, 10);
      int64_t date = date_of(number) ? date_of(number) : INT64_MAX;
      assert_int_equal(number % 7, publisher);
      assert_true(date >= last);
      last = date;
    }
  }
  rp_ctx_free(ctx);
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void test_memory(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200], copy[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  snprintf(copy, sizeof copy, "%s/copy", dir);
  rp_index *index = fill(db);
  rp_ctx *ctx;
  OK(rp_ctx_new(index, &ctx, &error));
  for (int what = 0; what < 4; what++) {
    rp_status status = RP_ERR_MEMORY;
    long n = 1;
    for (; status != RP_OK; n++) {
      rp_expiry expiry = {.size = sizeof expiry};
      rp_expire_options options = {sizeof options, NOW - 20 * (int64_t)DAY, false};
      rp_select_options selection = {sizeof selection, TEST_STR("p3.example"), {0, 0}};
      const rp_str *id;
      uint64_t bytes;
      size_t n_id;
      rp_writer *w = what == 3 ? open_writer(index, NOW) : NULL;
      rp_mem_fail_after(n);
      if (what == 0) status = rp_index_backup(index, copy, &bytes, &error);
      if (what == 1) status = rp_index_select(ctx, &selection, &id, &n_id, &error);
      if (what == 2) status = rp_index_expirable(index, &options, &expiry, &error);
      if (what == 3) status = rp_writer_expire(w, &options, &expiry, &error);
      rp_mem_fail_after(0);
      rp_writer_close(w);
      assert_true(status == RP_OK || status == RP_ERR_MEMORY);
      if (what == 0) assert_int_equal(access(copy, F_OK), status == RP_OK ? 0 : -1);
      if (what == 3) assert_int_equal(stat_of(index).n_article, status == RP_OK ? N - expiry.n_expired : N);
      assert_true(n < 20000);
    }
    assert_true(n > 3);
  }
  expect_sound(index);
  rp_ctx_free(ctx);
  rp_index_close(index);
  index = open_index(copy, RP_OPEN_READ);
  expect_sound(index);
  assert_int_equal(stat_of(index).n_article, N);
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_expirable),
      cmocka_unit_test(test_expire),
      cmocka_unit_test(test_select),
      cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
