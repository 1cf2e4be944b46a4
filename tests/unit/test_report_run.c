/* A nightly run as programs and people read it: exact bytes of made-up runs,
 * hostile strings, long groups, short memory. */
#include <stdio.h>

#include "base/mem.h"
#include "report/report.h"
#include "test.h"

enum { SUNDAY = 1606013400 /* 2020-11-22T02:50:00Z */, MOST = 40 };

#define GROUP "c:0123456789abcdef"
#define OTHER "c:fedcba9876543210"

static rp_str str(const char *text) { return (rp_str){text, text ? strlen(text) : 0}; }

typedef struct sample {
  rp_run run;
  rp_article article[MOST];
  rp_member member[MOST];
  rp_str alias[2];
  rp_left left[2];
  rp_cluster cluster;
  rp_run_record record;
} sample;

static void set_article(sample *s, size_t i, const char *id, const char *publisher, int64_t at) {
  s->article[i] = (rp_article){.size = sizeof s->article[i],
                               .id = str(id),
                               .publisher = str(publisher),
                               .path = str("news.jsonl"),
                               .line = i + 1,
                               .published = {at, at}};
  s->member[i] = (rp_member){.article = &s->article[i]};
}

static void set_copy(rp_member *m, rp_verdict verdict, const char *of, double coverage) {
  m->verdict = verdict;
  m->verdict_before = verdict;
  m->of = str(of);
  m->coverage = coverage;
}

static rp_run run_of(void) {
  return (rp_run){.number = 7,
                  .started = SUNDAY,
                  .n_article = 20000,
                  .n_new = 512,
                  .n_gone = 3,
                  .n_group = 2731,
                  .n_grouped = 18665,
                  .n_changed = 46,
                  .n_of = {31, 12, 3, 1, 4, 5, 6, 7, 8, 2},
                  .n_rejudged = 9};
}

/* A group that has grown by one, taken in another, lost one, and is led by
 * another article than before. */
static void set_grown(sample *s) {
  *s = (sample){.run = run_of()};
  set_article(s, 0, "wire-1", "Wire", 1601892000);
  set_article(s, 1, "paper-1", "Paper", 1601904600);
  set_article(s, 2, "daily-1", NULL, 0);
  s->article[2].published = RP_DATE_UNKNOWN;
  s->article[2].line = 0;
  s->member[0].is_kept = true;
  s->member[0].verdict_before = RP_REPRINT;
  set_copy(&s->member[1], RP_REPRINT, "wire-1", 0.81256);
  s->member[1].verdict_before = RP_NONE;
  s->member[1].is_new = true;
  s->member[1].has_hours = true;
  s->member[1].hours_after = 3.5;
  s->member[1].credit = RP_UNCREDITED;
  set_copy(&s->member[2], RP_PARTIAL, "paper-1", 0.4);
  s->member[2].verdict_before = RP_IDENTICAL;
  s->member[2].is_updated = true;
  s->cluster = (rp_cluster){.id = str(GROUP),
                            .lead = str("wire-1"),
                            .n_article = 3,
                            .n_publisher = 2,
                            .first_seen = SUNDAY - 86400,
                            .last_seen = SUNDAY,
                            .member = s->member,
                            .n_member = 3};
  s->alias[0] = str(OTHER);
  s->alias[1] = str("c:0000000000000000");
  s->left[0] = (rp_left){str("old-1"), RP_LEFT_MOVED, str(OTHER)};
  s->left[1] = (rp_left){str("old-2"), RP_LEFT_REMOVED, str(NULL)};
  s->record = (rp_run_record){.run = &s->run,
                              .group = &s->cluster,
                              .what = RP_GROUP_GROWN | RP_GROUP_SHRUNK | RP_GROUP_MERGED | RP_GROUP_NEW_LEAD |
                                      RP_GROUP_NEW_KEPT | RP_GROUP_UPDATED | RP_GROUP_REJUDGED,
                              .alias = s->alias,
                              .n_alias = 2,
                              .split_from = str(""),
                              .lead_before = str("daily-1"),
                              .kept_before = str("old-1"),
                              .n_before = 4,
                              .left = s->left,
                              .n_left = 2};
}

static void set_ended(sample *s) {
  *s = (sample){.run = run_of()};
  s->cluster = (rp_cluster){.id = str(GROUP)};
  s->left[0] = (rp_left){str("old-1"), RP_LEFT_UPDATED, str(NULL)};
  s->left[1] = (rp_left){str("old-2"), RP_LEFT_ALONE, str(NULL)};
  s->record = (rp_run_record){.run = &s->run,
                              .group = &s->cluster,
                              .what = RP_GROUP_ENDED,
                              .lead_before = str("old-1"),
                              .n_before = 2,
                              .left = s->left,
                              .n_left = 2};
}

/* `n` members, all new, of which the last is kept. */
static void set_long(sample *s, size_t n) {
  static char id[MOST][32];
  *s = (sample){.run = run_of()};
  for (size_t i = 0; i < n; i++) {
    snprintf(id[i], sizeof id[i], "id-%zu", i);
    set_article(s, i, id[i], "Paper", 1601892000);
    s->member[i].is_new = true;
    if (i == 0) continue;
    set_copy(&s->member[i], RP_IDENTICAL, "id-0", 1);
    s->member[i].verdict_before = RP_NONE;
  }
  s->member[n - 1].is_kept = true;
  s->cluster = (rp_cluster){
      .id = str(GROUP), .lead = str("id-0"), .n_article = n, .n_publisher = 1, .member = s->member, .n_member = n};
  s->record = (rp_run_record){.run = &s->run, .group = &s->cluster, .what = RP_GROUP_NEW};
}

/* ---- writing -------------------------------------------------------------------- */

static rp_report_options options_of(rp_format format) { return (rp_report_options){.format = format, .width = 80}; }

/* What is written of the run (where `with_run`) and of the group; to be released. */
static rp_buf written(const sample *s, const rp_report_options *options, bool with_run) {
  rp_buf out;
  rp_report report;
  rp_buf_init(&out);
  rp_report_init(&report, RP_REPORT_RUN, &out, options);
  rp_run_record run = {.run = &s->run};
  if (with_run) rp_report_add_run(&report, &run);
  if (s->record.group) rp_report_add_run(&report, &s->record);
  return out;
}

static void expect_written(const sample *s, const rp_report_options *options, bool with_run, const char *want) {
  rp_buf out = written(s, options, with_run);
  assert_false(out.failed);
  assert_string_equal(out.data, want);
  rp_buf_release(&out);
}

static void expect(const sample *s, rp_format format, bool with_run, const char *want) {
  rp_report_options options = options_of(format);
  expect_written(s, &options, with_run, want);
}

static size_t count(const char *text, const char *part) {
  size_t n = 0;
  for (const char *p = text; (p = strstr(p, part)); p += strlen(part)) n++;
  return n;
}

/* ---- records -------------------------------------------------------------------- */

#define RUN_START                                                                                            \
  "{\"type\":\"run\",\"run\":7,\"started\":\"2020-11-22T02:50:00Z\",\"articles\":20000,\"new\":512,"         \
  "\"gone\":3,\"groups\":2731,\"grouped\":18665,\"changed\":46,\"new_groups\":31,\"grown\":12,\"shrunk\":3," \
  "\"merged\":1,\"split\":4,\"new_lead\":5,\"new_keep\":6,\"updated\":7,\"rejudged_groups\":8,\"ended\":2,"  \
  "\"rejudged\":9,"

static void test_jsonl(void **state) {
  (void)state;
  sample s;
  set_grown(&s);
  expect(&s, RP_FORMAT_JSONL, true,
         RUN_START
         "\"again\":false}\n"
         "{\"type\":\"cluster\",\"id\":\"c:0123456789abcdef\",\"lead\":\"wire-1\",\"size\":3,\"publishers\":2,"
         "\"owners\":null,\"first_seen\":\"2020-11-21T02:50:00Z\",\"last_seen\":\"2020-11-22T02:50:00Z\","
         "\"members\":[{\"id\":\"wire-1\",\"path\":\"news.jsonl:1\",\"verdict\":null,\"of\":null,\"coverage\":null,"
         "\"hours_after\":null,\"credit\":null,\"keep\":true,\"new\":false,\"updated\":false,"
         "\"verdict_before\":\"reprint\"},"
         "{\"id\":\"paper-1\",\"path\":\"news.jsonl:2\",\"verdict\":\"reprint\",\"of\":\"wire-1\","
         "\"coverage\":0.8126,\"hours_after\":3.5,\"credit\":\"uncredited\",\"keep\":false,\"new\":true,"
         "\"updated\":false,\"verdict_before\":null},"
         "{\"id\":\"daily-1\",\"path\":\"news.jsonl\",\"verdict\":\"partial\",\"of\":\"paper-1\",\"coverage\":0.4,"
         "\"hours_after\":null,\"credit\":null,\"keep\":false,\"new\":false,\"updated\":true,"
         "\"verdict_before\":\"identical\"}],"
         "\"run\":7,\"changes\":[\"grown\",\"shrunk\",\"merged\",\"new-lead\",\"new-keep\",\"updated\",\"rejudged\"],"
         "\"merged\":[\"c:fedcba9876543210\",\"c:0000000000000000\"],\"split_from\":null,\"lead_before\":\"daily-1\","
         "\"kept_before\":\"old-1\",\"size_before\":4,"
         "\"left\":[{\"id\":\"old-1\",\"reason\":\"moved\",\"to\":\"c:fedcba9876543210\"},"
         "{\"id\":\"old-2\",\"reason\":\"removed\",\"to\":null}]}\n");
  s.record.group = NULL;
  s.run.is_again = true;
  expect(&s, RP_FORMAT_JSONL, true, RUN_START "\"again\":true}\n");
  set_ended(&s);
  expect(&s, RP_FORMAT_JSONL, false,
         "{\"type\":\"cluster\",\"id\":\"c:0123456789abcdef\",\"lead\":null,\"size\":0,\"publishers\":0,"
         "\"owners\":null,\"first_seen\":null,\"last_seen\":null,\"members\":[],\"run\":7,\"changes\":[\"ended\"],"
         "\"merged\":[],\"split_from\":null,\"lead_before\":\"old-1\",\"kept_before\":null,\"size_before\":2,"
         "\"left\":[{\"id\":\"old-1\",\"reason\":\"updated\",\"to\":null},"
         "{\"id\":\"old-2\",\"reason\":\"alone\",\"to\":null}]}\n");
}

/* The record of 'clusters' begins like that of a run, and has no key of it. */
static void test_cluster_is_the_beginning(void **state) {
  (void)state;
  sample s;
  set_grown(&s);
  s.cluster.n_owner = 2;
  s.cluster.has_owners = true;
  rp_report_options options = options_of(RP_FORMAT_JSONL);
  rp_report report;
  rp_buf out;
  rp_buf_init(&out);
  rp_report_init(&report, RP_REPORT_CLUSTER, &out, &options);
  rp_report_add_cluster(&report, &s.cluster);
  assert_string_equal(out.data,
                      "{\"type\":\"cluster\",\"id\":\"c:0123456789abcdef\",\"lead\":\"wire-1\",\"size\":3,"
                      "\"publishers\":2,\"owners\":2,\"first_seen\":\"2020-11-21T02:50:00Z\","
                      "\"last_seen\":\"2020-11-22T02:50:00Z\",\"members\":[{\"id\":\"wire-1\","
                      "\"path\":\"news.jsonl:1\",\"verdict\":null,\"of\":null,\"coverage\":null,\"hours_after\":null,"
                      "\"credit\":null,\"keep\":true},"
                      "{\"id\":\"paper-1\",\"path\":\"news.jsonl:2\",\"verdict\":\"reprint\",\"of\":\"wire-1\","
                      "\"coverage\":0.8126,\"hours_after\":3.5,\"credit\":\"uncredited\",\"keep\":false},"
                      "{\"id\":\"daily-1\",\"path\":\"news.jsonl\",\"verdict\":\"partial\",\"of\":\"paper-1\","
                      "\"coverage\":0.4,\"hours_after\":null,\"credit\":null,\"keep\":false}]}\n");
  rp_buf_release(&out);
}

#define HEAD                                                                                                    \
  "type,id,lead,size,publishers,owners,first_seen,last_seen,members,run,changes,merged,split_from,lead_before," \
  "kept_before,size_before,left\n"

static void test_tables(void **state) {
  (void)state;
  sample s;
  set_grown(&s);
  const char *line =
      "cluster,c:0123456789abcdef,wire-1,3,2,,2020-11-21T02:50:00Z,2020-11-22T02:50:00Z,wire-1 paper-1 daily-1,7,"
      "grown shrunk merged new-lead new-keep updated rejudged,c:fedcba9876543210 c:0000000000000000,,daily-1,old-1,4,"
      "old-1 old-2\n";
  char want[1024];
  snprintf(want, sizeof want, "%s%s", HEAD, line);
  expect(&s, RP_FORMAT_CSV, true, want);
  for (char *p = want; *p; p++)
    if (*p == ',') *p = '\t';
  expect(&s, RP_FORMAT_TSV, true, want);
  set_ended(&s);
  expect(&s, RP_FORMAT_CSV, true, HEAD "cluster,c:0123456789abcdef,,0,0,,,,,7,ended,,,old-1,,2,old-1 old-2\n");
  s.record.group = NULL;
  expect(&s, RP_FORMAT_CSV, true, HEAD);
}

/* ---- text ----------------------------------------------------------------------- */

static void test_text(void **state) {
  (void)state;
  sample s;
  set_grown(&s);
  expect(&s, RP_FORMAT_TEXT, true,
         "run 7, 2020-11-22: 512 new or updated articles, 3 gone, 31 new groups, 12 grown, 3 shrunk, 1 merged, "
         "4 split off, 5 with another first copy, 6 with another copy to keep, 7 updated, 8 rejudged, 2 ended; "
         "18,665 articles in 2,731 groups\n"
         "\n"
         "group c:0123456789abcdef\n"
         "  grown, shrunk, merged, another first copy, another copy to keep, updated,\n"
         "  rejudged: 3 articles (4 before), 2 known publishers\n"
         "  took in c:fedcba9876543210, c:0000000000000000\n"
         "  was   first       daily-1\n"
         "  was   kept        old-1\n"
         "  keep  first       was reprint: Wire, 2020-10-05 10:00 UTC, wire-1\n"
         "  copy  reprint     new, 81%, 3 hours 30 minutes after, uncredited: Paper, 2020-10-05 13:30 UTC, paper-1\n"
         "  copy  partial     updated, was identical, 40%, with paper-1: publisher unknown, date unknown, daily-1\n"
         "  left  moved       to c:fedcba9876543210: old-1\n"
         "  left  removed     old-2\n");
  s.record.split_from = str(OTHER);
  s.record.what = RP_GROUP_SPLIT;
  s.record.n_alias = 0;
  s.record.lead_before = s.record.kept_before = str("");
  s.record.n_left = 0;
  s.record.n_before = 3;
  s.cluster.n_owner = 1;
  s.cluster.has_owners = true;
  s.cluster.n_member = 1;
  expect(&s, RP_FORMAT_TEXT, false,
         "group c:0123456789abcdef\n"
         "  split off: 3 articles, 2 known publishers, 1 owner\n"
         "  was part of c:fedcba9876543210\n"
         "  keep  first       was reprint: Wire, 2020-10-05 10:00 UTC, wire-1\n"
         "        2 more that the filters leave out\n");
  set_ended(&s);
  expect(&s, RP_FORMAT_TEXT, false,
         "group c:0123456789abcdef\n"
         "  ended: 0 articles (2 before)\n"
         "  was   first       old-1\n"
         "  left  other text  old-1\n"
         "  left  in no group old-2\n");
}

static void expect_summary(const rp_run *run, const char *want) {
  rp_buf out;
  rp_buf_init(&out);
  rp_report_add_run_summary(&out, run);
  assert_string_equal(out.data, want);
  rp_buf_release(&out);
}

static void test_summaries(void **state) {
  (void)state;
  rp_run run = {.number = 1, .started = 1606003200, .n_article = 9, .n_new = 1, .n_of = {1}, .n_group = 1};
  run.n_grouped = 2;
  expect_summary(&run, "run 1, 2020-11-22: 1 new or updated article, 1 new group; 2 articles in 1 group");
  run.n_of[0] = 0;
  run.n_of[1] = 1200;
  run.n_of[9] = 1;
  expect_summary(&run,
                 "run 1, 2020-11-22: 1 new or updated article, 1,200 groups grown, 1 ended; 2 articles in 1 group");
  run = (rp_run){.number = 2, .started = 1606089599, .n_gone = 1000, .is_again = true};
  expect_summary(&run,
                 "run 2, 2020-11-22, told again: 0 new or updated articles, 1,000 gone, no group has changed; "
                 "0 articles in 0 groups");
  run = (rp_run){.number = UINT64_MAX, .started = INT64_MIN};
  expect_summary(&run,
                 "run 18446744073709551615, date unknown: 0 new or updated articles, no group has changed; "
                 "0 articles in 0 groups");
  run.started = INT64_MAX;
  expect_summary(&run,
                 "run 18446744073709551615, date unknown: 0 new or updated articles, no group has changed; "
                 "0 articles in 0 groups");
}

/* Of a long group the first, the one to keep and those with news are listed. */
static void test_long_groups_are_abridged(void **state) {
  (void)state;
  sample s;
  rp_report_options options = options_of(RP_FORMAT_TEXT);
  set_long(&s, 10);
  rp_buf out = written(&s, &options, false);
  assert_int_equal(count(out.data, "\n"), 12);
  assert_int_equal(count(out.data, "new"), 1);
  assert_null(strstr(out.data, "more"));
  rp_buf_release(&out);

  set_long(&s, MOST);
  out = written(&s, &options, false);
  assert_int_equal(count(out.data, "\n"), 13);
  assert_non_null(strstr(out.data, "  copy  first       Paper, 2020-10-05 10:00 UTC, id-0\n"));
  assert_non_null(strstr(out.data, "  keep  identical   100%: Paper, 2020-10-05 10:00 UTC, id-39\n"));
  assert_non_null(strstr(out.data, ", id-8\n"));
  assert_null(strstr(out.data, ", id-9\n"));
  assert_non_null(strstr(out.data, "  copy  and 30 more (--full lists all)\n"));
  rp_buf_release(&out);

  options.full = true;
  out = written(&s, &options, false);
  assert_int_equal(count(out.data, "\n"), 2 + MOST);
  assert_null(strstr(out.data, "more"));
  rp_buf_release(&out);

  /* ten with news push the rest out, and are more than there is room for */
  options.full = false;
  for (size_t i = 1; i < 30; i++) {
    s.member[i].is_new = false;
    s.member[i].verdict_before = RP_IDENTICAL;
  }
  s.member[29].verdict_before = RP_PARTIAL;
  s.record.what = RP_GROUP_GROWN;
  out = written(&s, &options, false);
  assert_int_equal(count(out.data, "\n"), 13);
  assert_null(strstr(out.data, ", id-28\n"));
  assert_non_null(strstr(out.data, "  copy  identical   was partial, 100%: Paper, 2020-10-05 10:00 UTC, id-29\n"));
  assert_non_null(strstr(out.data, "  copy  identical   new, 100%: Paper, 2020-10-05 10:00 UTC, id-36\n"));
  assert_null(strstr(out.data, ", id-37\n"));
  assert_non_null(strstr(out.data, "  copy  and 30 more, 2 of them new (--full lists all)\n"));
  rp_buf_release(&out);
}

static void test_long_lists_are_abridged(void **state) {
  (void)state;
  static char id[25][32];
  static rp_str alias[25];
  static rp_left left[25];
  sample s;
  set_ended(&s);
  for (size_t i = 0; i < 25; i++) {
    snprintf(id[i], sizeof id[i], "id-%zu", i);
    alias[i] = str(id[i]);
    left[i] = (rp_left){alias[i], RP_LEFT_REMOVED, str("")};
  }
  s.record.alias = alias;
  s.record.left = left;
  s.record.n_alias = s.record.n_left = 25;
  rp_report_options options = options_of(RP_FORMAT_TEXT);
  rp_buf out = written(&s, &options, false);
  assert_non_null(strstr(out.data, "id-8, id-9 and 15 more\n"));
  assert_non_null(strstr(out.data, "  left  removed     id-9\n  left  and 15 more (--full lists all)\n"));
  rp_buf_release(&out);
  options.full = true;
  out = written(&s, &options, false);
  assert_int_equal(count(out.data, "  left  removed     id-"), 25);
  assert_int_equal(count(out.data, "id-24"), 2);
  rp_buf_release(&out);
}

/* ---- what 'stat' says of runs ------------------------------------------------------- */

static void expect_stat(const rp_index_stat *stat, rp_format format, const char *part) {
  rp_report_options options = options_of(format);
  rp_report report;
  rp_buf out;
  rp_buf_init(&out);
  rp_report_init(&report, RP_REPORT_STAT, &out, &options);
  rp_report_add_stat(&report, "reprint.db", stat);
  if (!strstr(out.data, part)) fail_msg("'%s' is not in\n%s", part, out.data);
  rp_buf_release(&out);
}

static void test_stat(void **state) {
  (void)state;
  rp_index_stat stat = {.size = sizeof stat, .published = RP_DATE_UNKNOWN, .n_article = 3000};
  expect_stat(&stat, RP_FORMAT_TEXT, "\nruns of dedup\n  none\n\nsetting\n");
  expect_stat(&stat, RP_FORMAT_JSONL,
              ",\"run\":null,\"run_started\":null,\"groups\":null,\"matched_articles\":0,\"postings_per_article\":null,"
              "\"candidates_per_article\":null,\"compared_per_article\":null,\"cut_articles\":0,\"pairs_known\":0,"
              "\"pair_bytes\":0,\"run_bytes\":0}\n");
  stat.n_matched = 2500;
  stat.match_n_posting = 1000000;
  stat.match_n_candidate = 7000;
  stat.match_n_verified = 2002;
  stat.match_n_article = 4000;
  stat.match_n_cut = 12;
  stat.n_fact = 1900;
  stat.fact_bytes = 2048;
  stat.run_bytes = 512;
  expect_stat(&stat, RP_FORMAT_TEXT, "\nruns of dedup\n  none\n  articles matched                2,500\n");
  stat.run = 7;
  stat.run_started = SUNDAY;
  stat.n_group = 321;
  expect_stat(&stat, RP_FORMAT_TEXT,
              "\nruns of dedup\n"
              "  last                                7\n"
              "    begun                2020-11-22 02:50 UTC\n"
              "  groups                            321\n"
              "  articles matched                2,500\n"
              "    postings each                 250.0\n"
              "    candidates each                 1.8\n"
              "    compared with, each             0.5\n"
              "    with a list cut                  12\n"
              "  pairs known                     1,900\n"
              "    on the disk                     2.0 KiB\n"
              "  groups and reports                512 B\n"
              "\nsetting\n");
  expect_stat(&stat, RP_FORMAT_JSONL,
              ",\"run\":7,\"run_started\":\"2020-11-22T02:50:00Z\",\"groups\":321,\"matched_articles\":2500,"
              "\"postings_per_article\":250,\"candidates_per_article\":1.75,\"compared_per_article\":0.5005,"
              "\"cut_articles\":12,\"pairs_known\":1900,\"pair_bytes\":2048,\"run_bytes\":512}\n");
  expect_stat(&stat, RP_FORMAT_CSV,
              ",run,run_started,groups,matched_articles,postings_per_article,candidates_per_article,"
              "compared_per_article,cut_articles,pairs_known,pair_bytes,run_bytes\n");
}

/* ---- hostile strings -------------------------------------------------------------- */

static void set_hostile(sample *s, rp_str evil) {
  set_grown(s);
  s->article[0].id = s->article[0].publisher = s->article[0].path = evil;
  s->article[1].id = s->article[1].publisher_key = evil;
  s->member[1].of = s->member[2].of = evil;
  s->cluster.id = s->cluster.lead = evil;
  s->alias[0] = s->left[0].id = s->left[0].to = evil;
  s->record.split_from = s->record.lead_before = s->record.kept_before = evil;
}

/* Nothing in it steers a terminal (a quoted cell of CSV may hold a line end of
 * any kind); one record is one line where `lines` says so. */
static void assert_tame(const rp_buf *out, rp_format format, size_t lines) {
  size_t n = 0;
  for (size_t i = 0; i < out->len; i++) {
    unsigned char c = (unsigned char)out->data[i];
    n += c == '\n';
    assert_true(c == '\n' || c == '\t' || c >= 0x20 || (c == '\r' && format == RP_FORMAT_CSV));
    assert_true(c != 0x7F || format == RP_FORMAT_JSONL);
  }
  assert_null(strstr(out->data, "\xE2\x80\xAE"));
  if (lines) assert_int_equal(n, lines);
}

static void test_hostile_strings(void **state) {
  (void)state;
  static const char evil[] = "=1+2 \x1b[2J\x07\x7f\0\n\r\t\"',{}\\\xFF";
  static const char turning[] =
      "=\xE2\x80\xAE"
      "abc\x1b";
  sample s;
  set_hostile(&s, (rp_str){evil, sizeof evil - 1});
  for (int format = RP_FORMAT_TEXT; format <= RP_FORMAT_TSV; format++) {
    rp_report_options options = options_of((rp_format)format);
    rp_buf out = written(&s, &options, true);
    assert_tame(&out, options.format, format == RP_FORMAT_JSONL || format == RP_FORMAT_TSV ? 2 : 0);
    if (format == RP_FORMAT_TSV) {
      assert_non_null(strstr(out.data, "\t'=1+2 \xEF\xBF\xBD[2J"));
      assert_null(strstr(out.data, "\t=1"));
    }
    if (format == RP_FORMAT_CSV) assert_null(strstr(out.data, ",=1"));
    if (format == RP_FORMAT_JSONL) {
      assert_non_null(strstr(out.data, "\"to\":\"=1+2 \\u001b[2J\\u0007"));
      assert_non_null(strstr(out.data, "\"merged\":[\"=1+2 \\u001b[2J\\u0007"));
    }
    rp_buf_release(&out);
  }
  set_hostile(&s, str(turning));
  rp_report_options options = options_of(RP_FORMAT_TEXT);
  rp_buf out = written(&s, &options, true);
  assert_tame(&out, RP_FORMAT_TEXT, 0);
  assert_non_null(strstr(out.data, "  left  moved       to =abc\xEF\xBF\xBD: =abc\xEF\xBF\xBD\n"));
  rp_buf_release(&out);
}

static void test_memory_runs_out(void **state) {
  (void)state;
  for (int format = RP_FORMAT_TEXT; format <= RP_FORMAT_TSV; format++) {
    rp_report_options options = options_of((rp_format)format);
    sample s;
    set_grown(&s);
    rp_buf want = written(&s, &options, true);
    bool is_done = false;
    for (long after = 1; !is_done; after++) {
      rp_mem_fail_after(after);
      rp_buf out = written(&s, &options, true);
      rp_mem_fail_after(0);
      is_done = !out.failed;
      if (is_done) assert_string_equal(out.data, want.data);
      rp_buf_release(&out);
      assert_true(after < 1000);
    }
    rp_buf_release(&want);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_jsonl),
      cmocka_unit_test(test_cluster_is_the_beginning),
      cmocka_unit_test(test_tables),
      cmocka_unit_test(test_text),
      cmocka_unit_test(test_summaries),
      cmocka_unit_test(test_long_groups_are_abridged),
      cmocka_unit_test(test_long_lists_are_abridged),
      cmocka_unit_test(test_stat),
      cmocka_unit_test(test_hostile_strings),
      cmocka_unit_test(test_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
