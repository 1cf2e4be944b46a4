/* The whole index against a store on disk: pairs, groups, and that nothing but
 * the articles decides them. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "reprint/reprint.h"
#include "test.h"

/* ---- made articles ----------------------------------------------------------------- */

/* Words `from` to `to` of the story that only `seed` decides; every `wrong`th
 * word another one (0: none). */
static void add_part(rp_buf *out, uint64_t seed, size_t from, size_t to, size_t wrong) {
  static const char *const syllable[] = {"ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "tu", "ve", "zo"};
  for (size_t i = 0; i < to; i++) {
    uint64_t state = seed * 1000003 + i;
    if (wrong && i % wrong == wrong - 1) state += 77777 + seed + wrong;
    size_t n_syllable = 2 + test_below(&state, 3);
    if (i < from) continue;
    for (size_t k = 0; k < n_syllable; k++) rp_buf_add_cstr(out, syllable[test_below(&state, 12)]);
    rp_buf_add_cstr(out, i % 60 == 59 ? ".\n\n" : i % 17 == 16 ? ". " : " ");
  }
}

struct made {
  char id[24], publisher[32];
  int64_t published;
  rp_buf text;
};

struct fixture {
  char dir[64];
  char db[80];
  int n_db;
  struct made *made;
  size_t n, cap;
};

static rp_buf *begin(struct fixture *f, const char *id, const char *publisher, int64_t published) {
  if (f->n == f->cap) {
    f->cap = f->cap ? 2 * f->cap : 64;
    f->made = realloc(f->made, f->cap * sizeof *f->made);
    assert_non_null(f->made);
  }
  struct made *m = &f->made[f->n++];
  snprintf(m->id, sizeof m->id, "%s", id);
  snprintf(m->publisher, sizeof m->publisher, "%s", publisher);
  m->published = published;
  rp_buf_init(&m->text);
  return &m->text;
}

static void forget(struct fixture *f) {
  for (size_t i = 0; i < f->n; i++) rp_buf_release(&f->made[i].text);
  f->n = 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  if (!f) return -1;
  strcpy(f->dir, "/tmp/reprint-test-XXXXXX");
  if (!mkdtemp(f->dir)) return -1;
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  forget(f);
  free(f->made);
  nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  free(f);
  return 0;
}

/* ---- an index of them ----------------------------------------------------------------- */

/* In the order that `seed` shuffles them into (0: as made), in batches of
 * `batch_bytes`. */
static rp_index *build(struct fixture *f, uint64_t seed, size_t batch_bytes) {
  size_t *order = malloc((f->n + 1) * sizeof *order);
  assert_non_null(order);
  for (size_t i = 0; i < f->n; i++) order[i] = i;
  for (size_t i = f->n; seed && i > 1; i--) {
    size_t k = test_below(&seed, i), t = order[i - 1];
    order[i - 1] = order[k];
    order[k] = t;
  }
  snprintf(f->db, sizeof f->db, "%s/%d", f->dir, f->n_db++);
  rp_open_options open = {.size = sizeof open, .mode = RP_OPEN_CREATE};
  rp_writer_options options = {.size = sizeof options, .n_thread = 2, .batch_bytes = batch_bytes, .now = 1600000000};
  rp_index *index = NULL;
  rp_writer *w = NULL;
  rp_error error = {0};
  if (rp_index_open(f->db, &open, &index, &error) != RP_OK) fail_msg("%s", error.message);
  assert_int_equal(rp_writer_open(index, &options, &w, NULL), RP_OK);
  for (size_t i = 0; i < f->n; i++) {
    const struct made *m = &f->made[order[i]];
    rp_article a = {.size = sizeof a,
                    .id = TEST_STR(m->id),
                    .publisher = TEST_STR(m->publisher),
                    .publisher_key = TEST_STR(m->publisher),
                    .path = TEST_STR("made.jsonl"),
                    .text = {m->text.data, m->text.len}};
    a.published = m->published ? (rp_date){m->published, m->published} : RP_DATE_UNKNOWN;
    assert_int_equal(rp_writer_add(w, &a, NULL), RP_OK);
  }
  assert_int_equal(rp_writer_commit(w, NULL), RP_OK);
  rp_writer_close(w);
  free(order);
  return index;
}

static void add_str(rp_buf *out, rp_str s) { rp_buf_add(out, s.data, s.len); }

static bool tell_pair(void *user, const rp_pair_record *r) {
  rp_buf *out = user;
  if (!r->match) {
    rp_buf_printf(out, "truncated %zu %zu\n", r->cluster_size, r->n_listed);
    return true;
  }
  add_str(out, r->match->a->id);
  rp_buf_add_byte(out, ' ');
  add_str(out, r->match->b->id);
  rp_buf_printf(out, " %s %d %.3f %.3f %s%s\n", rp_verdict_name(r->match->verdict), (int)r->match->direction,
                r->match->coverage_a, r->match->coverage_b, rp_credit_name(r->match->credit),
                r->is_through_third ? " third" : "");
  return true;
}

static bool tell_cluster(void *user, const rp_cluster *c) {
  rp_buf *out = user;
  add_str(out, c->id);
  rp_buf_add_byte(out, ' ');
  add_str(out, c->lead);
  rp_buf_printf(out, " %zu %zu:", c->n_article, c->n_publisher);
  for (size_t i = 0; i < c->n_member; i++) {
    rp_buf_add_byte(out, ' ');
    add_str(out, c->member[i].article->id);
    rp_buf_printf(out, "=%s/%.2f", rp_verdict_name(c->member[i].verdict), c->member[i].coverage);
  }
  rp_buf_add_byte(out, '\n');
  return true;
}

/* Pairs, then groups, as lines. */
static void tell(rp_index *index, const rp_all_options *options, rp_buf *out, rp_all_stat *stat) {
  rp_error error = {0};
  if (rp_pairs(index, options, tell_pair, out, stat, &error) != RP_OK) fail_msg("%s", error.message);
  if (rp_clusters(index, options, tell_cluster, out, NULL, &error) != RP_OK) fail_msg("%s", error.message);
}

static rp_all_options plain_options(unsigned n_thread) {
  return (rp_all_options){.size = sizeof(rp_all_options), .n_thread = n_thread, .filter = {.sort = RP_SORT_GROUP}};
}

static void build_and_tell(struct fixture *f, rp_buf *out) {
  rp_index *index = build(f, 0, 0);
  rp_all_options options = plain_options(2);
  rp_buf_init(out);
  tell(index, &options, out, NULL);
  rp_index_close(index);
}

static void expect_line(const rp_buf *told, const char *line) {
  if (!told->data || !strstr(told->data, line)) fail_msg("no '%s' in:\n%s", line, told->data ? told->data : "");
}

static void expect_no_line(const rp_buf *told, const char *line) {
  if (told->data && strstr(told->data, line)) fail_msg("'%s' in:\n%s", line, told->data);
}

static size_t count_lines(const rp_buf *told, const char *part) {
  size_t n = 0;
  for (const char *p = told->data; p && (p = strstr(p, part)); p++) n++;
  return n;
}

/* ---- tests ------------------------------------------------------------------------------- */

/* Copies, twins, excerpts, round-ups, other stories. */
static void make_mixture(struct fixture *f) {
  char id[24], publisher[32];
  for (uint64_t s = 1; s <= 12; s++) {
    size_t n = s % 4 + 1;
    for (size_t k = 0; k < n; k++) {
      snprintf(id, sizeof id, "%llu-%zu", (unsigned long long)(s * 7 % 13), k);
      snprintf(publisher, sizeof publisher, "p%zu.example", (s + 3 * k) % 7);
      rp_buf *text = begin(f, id, publisher, k == 3 ? 0 : (int64_t)(1000000 + 1000 * s + 9000 * k));
      add_part(text, s, 0, k == 2 ? 120 : 250, k == 1 ? 9 : 0);
      if (k == 2) add_part(text, 100 + s, 0, 150, 0);
    }
  }
  rp_buf *round = begin(f, "round", "round.example", 2000000);
  for (uint64_t s = 5; s < 8; s++) add_part(round, s, 0, 80, 0);
  for (int k = 0; k < 3; k++) {
    snprintf(id, sizeof id, "twin-%d", k);
    add_part(begin(f, id, k ? "p1.example" : "p2.example", 1500000 + 7200 * k), 50, 0, 200, 0);
  }
}

static void arrival_batches_and_threads_change_nothing(void **state) {
  struct fixture *f = *state;
  make_mixture(f);
  rp_buf first, other;
  rp_buf_init(&other);
  build_and_tell(f, &first);
  assert_true(count_lines(&first, "reprint ") > 5);
  assert_true(count_lines(&first, "round-up ") >= 3);
  for (uint64_t i = 1; i <= 4; i++) {
    rp_index *index = build(f, 1000 + i, i % 2 ? 2000 : 0);
    rp_all_options options = plain_options(i % 3 ? 3 : 1);
    rp_buf_clear(&other);
    tell(index, &options, &other, NULL);
    rp_index_close(index);
    assert_string_equal(first.data, other.data);
  }
  rp_buf_release(&first);
  rp_buf_release(&other);
}

static void equal_texts_are_compared_once(void **state) {
  struct fixture *f = *state;
  char id[24], publisher[32];
  for (int i = 0; i < 40; i++) {
    snprintf(id, sizeof id, "e%02d", i);
    snprintf(publisher, sizeof publisher, "p%d.example", i % 20);
    add_part(begin(f, id, publisher, 1000000 + 3600 * i), 1, 0, 150, 0);
  }
  add_part(begin(f, "near", "near.example", 900000), 1, 0, 200, 0);
  rp_index *index = build(f, 0, 0);
  rp_all_options options = plain_options(2);
  rp_all_stat stat = {.size = sizeof stat};
  rp_buf told;
  rp_buf_init(&told);
  tell(index, &options, &told, &stat);
  assert_int_equal(stat.n_equal, 39);
  assert_int_equal(stat.n_verified, 2); /* a text with itself, and with its near copy */
  assert_int_equal(stat.n_told, 41 * 40 / 2);
  assert_int_equal(count_lines(&told, " own-update "), 20);
  assert_int_equal(count_lines(&told, " identical "), 40 * 39 / 2 - 20);
  expect_line(&told, " near 41 21:");
  rp_buf_release(&told);
  rp_index_close(index);
}

/* 300 copies of one story: told with the source and the nearest, and a note. */
static void a_large_group_is_cut_and_says_so(void **state) {
  struct fixture *f = *state;
  char id[24], publisher[32];
  for (size_t i = 0; i < 300; i++) {
    snprintf(id, sizeof id, "s%03zu", i * 7 % 300);
    snprintf(publisher, sizeof publisher, "p%zu.example", i);
    rp_buf *text = begin(f, id, publisher, (int64_t)(1000000 + 3600 * i));
    add_part(text, 1, 0, 200, i ? 20 + i % 50 : 0);
    add_part(text, 1000 + i, 0, 12, 0);
  }
  rp_index *index = build(f, 0, 0);
  rp_all_options options = plain_options(2);
  rp_all_stat stat = {.size = sizeof stat};
  rp_buf told;
  rp_buf_init(&told);
  tell(index, &options, &told, &stat);
  expect_line(&told, "truncated 300 ");
  expect_line(&told, " s000 300 300:");
  assert_true(stat.n_verified < 300 * 40);
  assert_true(stat.n_told >= 300 * 10 && stat.n_told <= 300 * 21);
  /* each member's pair with the source is told */
  for (size_t i = 1; i < 300; i++) {
    char line[32];
    snprintf(line, sizeof line, "s000 s%03zu ", i);
    expect_line(&told, line);
  }
  /* asked for all, there are all */
  rp_buf_clear(&told);
  options.is_all = true;
  assert_int_equal(rp_pairs(index, &options, tell_pair, &told, &stat, NULL), RP_OK);
  expect_no_line(&told, "truncated");
  assert_int_equal(stat.n_verified, 300 * 299 / 2);
  assert_int_equal(stat.n_told, 300 * 299 / 2);
  rp_buf_release(&told);
  rp_index_close(index);
}

/* x and y share 110 words of s, each with so many misprints of its own that
 * the index does not propose them to each other. */
static void two_that_share_with_a_third_are_linked(void **state) {
  struct fixture *f = *state;
  add_part(begin(f, "s", "s.example", 1000000), 1, 0, 600, 0);
  rp_buf *x = begin(f, "x", "x.example", 1100000), *y;
  add_part(x, 2, 0, 300, 0);
  add_part(x, 1, 0, 110, 9);
  y = begin(f, "y", "y.example", 1200000);
  add_part(y, 3, 0, 300, 0);
  add_part(y, 1, 0, 110, 8);
  rp_buf told;
  build_and_tell(f, &told);
  expect_line(&told, "s x partial");
  expect_line(&told, "s y partial");
  expect_line(&told, "x y partial");
  expect_line(&told, " third");
  rp_buf_release(&told);
}

/* Of one group they are compared, proposed or not. */
static void members_of_a_group_are_compared(void **state) {
  struct fixture *f = *state;
  add_part(begin(f, "s", "s.example", 1000000), 1, 0, 110, 0);
  add_part(begin(f, "x", "x.example", 1100000), 1, 0, 110, 9);
  add_part(begin(f, "y", "y.example", 1200000), 1, 0, 110, 8);
  rp_index *index = build(f, 0, 0);
  rp_all_options options = plain_options(2);
  rp_all_stat stat = {.size = sizeof stat};
  rp_buf told;
  rp_buf_init(&told);
  tell(index, &options, &told, &stat);
  assert_int_equal(stat.n_proposed, 2);
  assert_int_equal(stat.n_completed, 1);
  expect_line(&told, "x y reprint");
  expect_no_line(&told, "third");
  expect_line(&told, " s 3 3:");
  rp_buf_release(&told);
  rp_index_close(index);
}

/* Two that share with a third, but x and y are of one publisher, days apart: they are proposed,
 * and refused as thin. */
static void a_refusal_stands(void **state) {
  struct fixture *f = *state;
  add_part(begin(f, "s", "s.example", 1000000), 1, 0, 600, 0);
  rp_buf *x = begin(f, "x", "xy.example", 1100000), *y;
  add_part(x, 2, 0, 300, 0);
  add_part(x, 1, 0, 110, 10);
  y = begin(f, "y", "xy.example", 1900000);
  add_part(y, 3, 0, 300, 0);
  add_part(y, 1, 0, 110, 8);
  rp_buf told;
  build_and_tell(f, &told);
  expect_line(&told, "s x partial");
  expect_line(&told, "s y partial");
  expect_no_line(&told, "x y ");
  rp_buf_release(&told);
}

static void make_round_up(struct fixture *f) {
  add_part(begin(f, "a1", "a.example", 1000000), 1, 0, 250, 0);
  add_part(begin(f, "a2", "b.example", 1010000), 1, 0, 250, 12);
  add_part(begin(f, "b1", "c.example", 1000000), 2, 0, 250, 0);
  add_part(begin(f, "b2", "d.example", 1010000), 2, 0, 250, 12);
  rp_buf *round = begin(f, "r", "r.example", 1100000);
  add_part(round, 1, 0, 90, 0);
  add_part(round, 2, 0, 80, 0);
  add_part(round, 3, 0, 40, 0);
}

static void a_round_up_is_a_leaf(void **state) {
  struct fixture *f = *state;
  make_round_up(f);
  rp_buf told;
  build_and_tell(f, &told);
  expect_line(&told, "a1 r round-up");
  expect_line(&told, "b1 r round-up");
  expect_line(&told, "a1 a2 reprint");
  expect_line(&told, " a1 3 3: a1=none/0.00 a2=reprint");
  expect_line(&told, " b1 2 2: b1=none/0.00 b2=reprint");
  expect_no_line(&told, "a1 b1");
  rp_buf_release(&told);
}

static size_t n_told_with(rp_index *index, rp_all_options options, bool clusters) {
  rp_buf told;
  rp_all_stat stat = {.size = sizeof stat};
  rp_buf_init(&told);
  rp_status status = clusters ? rp_clusters(index, &options, tell_cluster, &told, &stat, NULL)
                              : rp_pairs(index, &options, tell_pair, &told, &stat, NULL);
  assert_int_equal(status, RP_OK);
  rp_buf_release(&told);
  return stat.n_told;
}

static void filters_keep_what_is_asked_for(void **state) {
  struct fixture *f = *state;
  add_part(begin(f, "a", "a.example", 1000000), 1, 0, 250, 0);
  add_part(begin(f, "b", "b.example", 2000000), 1, 0, 250, 0);
  add_part(begin(f, "c", "c.example", 3000000), 1, 0, 150, 9);
  rp_index *index = build(f, 0, 0);
  rp_all_options o = plain_options(1);
  assert_int_equal(n_told_with(index, o, false), 3);
  assert_int_equal(n_told_with(index, o, true), 1);
  o.filter.verdicts = 1 << RP_IDENTICAL;
  assert_int_equal(n_told_with(index, o, false), 1);
  o = plain_options(1);
  o.filter.window = 1500000;
  assert_int_equal(n_told_with(index, o, false), 2);
  o = plain_options(1);
  o.filter.publisher = TEST_STR("c.example");
  assert_int_equal(n_told_with(index, o, false), 2);
  o = plain_options(1);
  rp_str excluded = TEST_STR("c.example");
  o.filter.exclude_publisher = &excluded;
  o.filter.n_exclude_publisher = 1;
  assert_int_equal(n_told_with(index, o, false), 1);
  o = plain_options(1);
  o.filter.between = (rp_date){2500000, 4000000};
  assert_int_equal(n_told_with(index, o, false), 2);
  o = plain_options(1);
  o.filter.min_words = 200;
  assert_int_equal(n_told_with(index, o, false), 1);
  o = plain_options(1);
  o.min_publishers = 4;
  assert_int_equal(n_told_with(index, o, false), 0);
  assert_int_equal(n_told_with(index, o, true), 0);
  o = plain_options(1);
  o.filter.limit = 2;
  assert_int_equal(n_told_with(index, o, false), 2);
  rp_index_close(index);
}

static void short_memory_is_said(void **state) {
  struct fixture *f = *state;
  make_round_up(f);
  add_part(begin(f, "b3", "e.example", 1020000), 2, 0, 250, 0);
  rp_index *index = build(f, 0, 0);
  rp_all_options options = plain_options(1);
  rp_owner owner = {TEST_STR("a.example"), TEST_STR("Example Media")};
  options.filter.owner = &owner;
  options.filter.n_owner = 1;
  rp_buf told;
  bool is_whole = false;
  long n = 1;
  for (; !is_whole && n < 100000; n += 1 + n / 12) {
    rp_buf_init(&told);
    rp_mem_fail_after(n);
    rp_status status = rp_pairs(index, &options, tell_pair, &told, NULL, NULL);
    if (status == RP_OK) status = rp_clusters(index, &options, tell_cluster, &told, NULL, NULL);
    rp_mem_fail_after(0);
    is_whole = status == RP_OK && !told.failed;
    if (status != RP_OK) assert_int_equal(status, RP_ERR_MEMORY);
    rp_buf_release(&told);
  }
  assert_true(is_whole);
  assert_true(n > 200);
  rp_index_close(index);
}

static void an_empty_index_has_nothing(void **state) {
  struct fixture *f = *state;
  rp_index *index = build(f, 0, 0);
  rp_all_options options = plain_options(2);
  assert_int_equal(n_told_with(index, options, false), 0);
  assert_int_equal(n_told_with(index, options, true), 0);
  rp_index_close(index);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(arrival_batches_and_threads_change_nothing),
      TEST(equal_texts_are_compared_once),
      TEST(a_large_group_is_cut_and_says_so),
      TEST(two_that_share_with_a_third_are_linked),
      TEST(members_of_a_group_are_compared),
      TEST(a_refusal_stands),
      TEST(a_round_up_is_a_leaf),
      TEST(filters_keep_what_is_asked_for),
      TEST(short_memory_is_said),
      TEST(an_empty_index_has_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
