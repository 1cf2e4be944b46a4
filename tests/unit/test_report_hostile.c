/* Reports that no run writes, with checksums that hold: counts of what is not
 * there, numbers that nobody can print, dates without an end, strings that are
 * none.  They are told in lines fit for a terminal, or refused. */
#include <math.h>

#include "note_forge.h"

/* ---- the report ---------------------------------------------------------------------------------------- */

/* Of a head: all that is not said is as in a run that changed `n_changed` groups. */
static void head_put(struct forgery *f, rp_run_head head) {
  if (!head.run.number) head.run.number = 2;
  f->is_cut[RP_STREAM_RUN] = true;
  rp_run_encode_head(&head, &f->buf);
  add_note(f, RP_STREAM_RUN, f->buf.data, f->buf.len);
  rp_buf_clear(&f->buf);
}

static rp_run_head head_of(size_t n_changed) {
  return (rp_run_head){.run = {.number = 2, .started = NOW, .n_article = 24, .n_changed = n_changed}, .n_number = 25};
}

static void head_of_huge_counts(struct forgery *f) {
  rp_run_head head = head_of(0);
  head.run.n_new = head.run.n_gone = head.run.n_group = head.run.n_grouped = head.run.n_rejudged = SIZE_MAX;
  head.n_matched = head.n_posting = head.n_candidate = head.n_verified = head.n_cut = UINT64_MAX;
  for (int i = 0; i < 10; i++) head.run.n_of[i] = SIZE_MAX - (size_t)i;
  head_put(f, head);
  add_note(f, RP_STREAM_RUN, "", 0);
}

/* More than there ever were. */
static void head_of_too_many_articles(struct forgery *f) {
  rp_run_head head = head_of(0);
  head.run.n_article = 26;
  head_put(f, head);
}

static void head_of_too_many_numbers(struct forgery *f) {
  rp_run_head head = head_of(0);
  head.n_number = UINT32_MAX;
  head_put(f, head);
}

static void head_of_no_article(struct forgery *f) {
  rp_run_head head = head_of(0);
  head.run.n_article = 0;
  head_put(f, head);
  add_note(f, RP_STREAM_RUN, "", 0);
}

static void head_of_the_last_number(struct forgery *f) {
  rp_run_head head = head_of(0);
  head.run.number = UINT64_MAX;
  head_put(f, head);
  add_note(f, RP_STREAM_RUN, "", 0);
}

static void head_of_no_time(struct forgery *f) {
  rp_run_head head = head_of(0);
  head.run.started = INT64_MIN;
  head_put(f, head);
}

static void head_counts_too_many(struct forgery *f) { head_put(f, head_of(1000000)); }

static void head_is_empty(struct forgery *f) {
  f->is_cut[RP_STREAM_RUN] = true;
  add_note(f, RP_STREAM_RUN, "", 0);
}

/* A report of one group of two, and what is wrong with it. */
struct sample {
  rp_article article[2];
  rp_member member[2];
  rp_cluster cluster;
  rp_run_group group;
};

static void sample_make(struct sample *s) {
  *s = (struct sample){
      .cluster = {.n_article = 2, .n_member = 2, .n_publisher = 2, .first_seen = NOW, .last_seen = NOW}};
  static const char *const id[] = {"story-4", "story-5"};
  for (int i = 0; i < 2; i++) {
    s->article[i] = (rp_article){.size = sizeof s->article[i], .id = TEST_STR(id[i]), .published = {NOW, NOW}};
    s->member[i] = (rp_member){.article = &s->article[i], .counted = 120};
  }
  s->member[1].verdict = RP_REPRINT;
  s->member[1].of = TEST_STR(id[0]);
  s->member[1].coverage = 0.9;
  s->member[1].has_hours = true;
  s->cluster.lead = TEST_STR(id[0]);
  s->cluster.member = s->member;
  s->group = (rp_run_group){.cluster = &s->cluster, .id = 5, .what = RP_GROUP_NEW};
}

static void sample_put(struct forgery *f, struct sample *s) {
  head_put(f, head_of(1));
  s->cluster.member = s->member;
  s->group.cluster = &s->cluster;
  rp_run_encode_group(&s->group, &f->buf);
  add_note(f, RP_STREAM_RUN, f->buf.data, f->buf.len);
  rp_buf_clear(&f->buf);
}

static void report_as_written(struct forgery *f) {
  struct sample s;
  sample_make(&s);
  sample_put(f, &s);
}

static void report_of_strange_numbers(struct forgery *f, double coverage, double hours) {
  struct sample s;
  sample_make(&s);
  s.member[1].coverage = coverage;
  s.member[1].hours_after = hours;
  sample_put(f, &s);
}
static void report_of_no_coverage(struct forgery *f) { report_of_strange_numbers(f, (double)NAN, 1); }
static void report_of_huge_coverage(struct forgery *f) { report_of_strange_numbers(f, 1e300, 1); }
static void report_of_no_hours(struct forgery *f) { report_of_strange_numbers(f, 0.5, (double)NAN); }
static void report_of_endless_hours(struct forgery *f) { report_of_strange_numbers(f, 0.5, -(double)INFINITY); }

/* A run writes none that it could not read: they are put into its bytes. */
static void report_of_dates(struct forgery *f, int64_t earliest, int64_t latest) {
  struct sample s;
  uint8_t stands[16], forged[16];
  sample_make(&s);
  s.article[0].published = (rp_date){NOW + 1, NOW + 2};
  sample_put(f, &s);
  rp_store_note *note = &f->note.data[f->note.n - 1];
  rp_store64(stands, NOW + 1);
  rp_store64(stands + 8, NOW + 2);
  rp_store64(forged, (uint64_t)earliest);
  rp_store64(forged + 8, (uint64_t)latest);
  char *data = rp_arena_memdup(&f->arena, note->data.data, note->data.len);
  assert_non_null(data);
  size_t at = 0;
  while (memcmp(data + at, stands, 16) != 0) assert_true(++at + 16 <= note->data.len);
  memcpy(data + at, forged, 16);
  note->data.data = data;
}
static void report_of_all_time(struct forgery *f) { report_of_dates(f, INT64_MIN, INT64_MAX); }
static void report_of_the_first_moment(struct forgery *f) { report_of_dates(f, INT64_MIN, INT64_MIN); }
static void report_of_the_last_moment(struct forgery *f) { report_of_dates(f, INT64_MAX, INT64_MAX); }
static void report_of_an_unknown_date(struct forgery *f) { report_of_dates(f, INT64_MAX, INT64_MIN); }

static void report_seen_at_no_time(struct forgery *f) {
  struct sample s;
  sample_make(&s);
  s.cluster.first_seen = INT64_MAX;
  s.cluster.last_seen = INT64_MIN;
  sample_put(f, &s);
}

static void report_of_every_bit(struct forgery *f) {
  struct sample s;
  sample_make(&s);
  s.group.what = UINT32_MAX;
  s.group.n_before = SIZE_MAX;
  s.cluster.n_publisher = SIZE_MAX;
  sample_put(f, &s);
}

static void report_of_no_lead(struct forgery *f) {
  struct sample s;
  sample_make(&s);
  s.cluster.lead = TEST_STR("nobody");
  s.member[1].of = TEST_STR("no one");
  sample_put(f, &s);
}

static void report_of_one_member(struct forgery *f) {
  struct sample s;
  sample_make(&s);
  s.cluster.n_member = s.cluster.n_article = 1;
  sample_put(f, &s);
}

/* A group that has not ended, and has nobody in it. */
static void report_of_no_member(struct forgery *f) {
  struct sample s;
  sample_make(&s);
  s.cluster.n_member = s.cluster.n_article = 0;
  sample_put(f, &s);
}

static void report_of_hostile_strings(struct forgery *f) {
  struct sample s;
  sample_make(&s);
  rp_str bad = TEST_STR("\x1b]0;x\x07\xff\xc0\x80\n\r\"\\\xed\xa0\x80");
  s.article[0].id = s.article[1].publisher = s.article[1].path = s.article[0].lang = bad;
  s.cluster.lead = s.member[1].of = bad;
  s.group.lead_before = s.group.kept_before = bad;
  s.group.left = &(rp_left){.id = bad, .reason = RP_LEFT_MOVED};
  s.group.left_to = &(uint64_t){5};
  s.group.n_left = 1;
  sample_put(f, &s);
}

/* The count that follows the first `len` bytes of a group is too large. */
static void report_that_counts(struct forgery *f, size_t n_string, uint64_t count) {
  head_put(f, head_of(1));
  rp_buf_add_varint(&f->buf, RP_GROUP_NEW);
  rp_buf_add64(&f->buf, 5);
  rp_buf_add64(&f->buf, 0);
  if (n_string) {
    rp_buf_add_varint(&f->buf, 0); /* aliases */
    rp_buf_add_varint(&f->buf, 0);
    rp_buf_add_varint(&f->buf, 0);
    rp_buf_add_varint(&f->buf, 0);
  }
  if (n_string > 1) rp_buf_add_varint(&f->buf, 0); /* left */
  rp_buf_add_varint(&f->buf, count);
  for (int i = 0; i < 500000; i++) rp_buf_add_byte(&f->buf, 1);
  add_note(f, RP_STREAM_RUN, f->buf.data, f->buf.len);
}
static void report_of_too_many_aliases(struct forgery *f) { report_that_counts(f, 0, UINT64_MAX); }
static void report_of_too_many_left(struct forgery *f) { report_that_counts(f, 1, UINT64_MAX / 10); }
static void report_of_too_many_members(struct forgery *f) { report_that_counts(f, 2, UINT64_MAX / 36); }
static void report_of_the_most_members(struct forgery *f) { report_that_counts(f, 2, 500000 / 36); }
static void report_of_the_most_left(struct forgery *f) { report_that_counts(f, 1, 500000 / 10); }

/* ---- all of it ---- */

static const struct forged forged[] = {
    CASE(head_of_huge_counts, SILENT),       CASE(head_of_too_many_articles, FOUND),
    CASE(head_of_too_many_numbers, FOUND),   CASE(head_of_no_article, SILENT),
    CASE(head_of_the_last_number, FOUND),    CASE(head_of_no_time, SILENT),
    CASE(head_counts_too_many, FOUND),       CASE(head_is_empty, FOUND),
    CASE(report_as_written, SILENT),         CASE(report_of_no_coverage, FOUND),
    CASE(report_of_huge_coverage, FOUND),    CASE(report_of_no_hours, FOUND),
    CASE(report_of_endless_hours, FOUND),    CASE(report_of_all_time, FOUND),
    CASE(report_of_the_first_moment, FOUND), CASE(report_of_the_last_moment, FOUND),
    CASE(report_of_an_unknown_date, SILENT), CASE(report_seen_at_no_time, SILENT),
    CASE(report_of_every_bit, SILENT),       CASE(report_of_no_lead, SILENT),
    CASE(report_of_one_member, SILENT),      CASE(report_of_no_member, SILENT),
    CASE(report_of_hostile_strings, SILENT), CASE(report_of_too_many_aliases, FOUND),
    CASE(report_of_too_many_left, FOUND),    CASE(report_of_too_many_members, FOUND),
    CASE(report_of_the_most_members, FOUND), CASE(report_of_the_most_left, FOUND),
};

static void forged_reports_are_refused_or_told(void **state) {
  (void)state;
  try_forged(forged, sizeof forged / sizeof *forged);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(forged_reports_are_refused_or_told)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
