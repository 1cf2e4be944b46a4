/* report.h - answers become what people and programs read.
 *
 * A report appends to a byte string; whoever opened it takes the bytes to where
 * they belong.  The formats for programs go through row.h, with one head line
 * for CSV and TSV written when the report is opened, so that an empty answer is
 * an empty table; the format for people is text.h's. */
#ifndef RP_REPORT_REPORT_H
#define RP_REPORT_REPORT_H

#include "report/row.h"

/* What kind of record a report holds. */
typedef enum rp_report_kind {
  RP_REPORT_MATCH = 0,
  RP_REPORT_COMPARISON = 1,
  RP_REPORT_ARTICLE = 2,
  RP_REPORT_STAT = 3,
  RP_REPORT_PARAMS = 4,
  RP_REPORT_PAIR = 5,
  RP_REPORT_CLUSTER = 6,
  RP_REPORT_FINDING = 8,
  RP_REPORT_RUN = 9,
} rp_report_kind;

typedef struct rp_report_options {
  rp_format format;
  size_t width;     /* columns of the terminal, for text */
  bool color;       /* mark by colour instead of brackets */
  bool full;        /* abridge nothing */
  bool explain;     /* comparisons: every figure of the verdict */
  bool look_alikes; /* queries: what was refused is listed */
  bool filtered;    /* queries: only some matches were asked for */
  bool passages;    /* pairs: with their passages */
} rp_report_options;

/* What is left out of an article, and why. */
typedef struct rp_report_left_out {
  const char *reason;
  bool has_range;
  uint32_t start, end; /* in the article's text */
  rp_str text;
} rp_report_left_out;

/* An article with what was made of it. */
typedef struct rp_report_article {
  const rp_article *article;
  bool has_words;
  uint32_t words, counted;
  const rp_report_left_out *left_out;
  size_t n_left_out;
} rp_report_article;

typedef struct rp_report {
  rp_buf *out;
  rp_report_options options;
  rp_row row;
  size_t n_done; /* records so far */
} rp_report;

void rp_report_init(rp_report *report, rp_report_kind kind, rp_buf *out, const rp_report_options *options);

/* A report that goes on with `report`'s records elsewhere: no head line, and no
 * empty line before the first. */
rp_report rp_report_part(const rp_report *report, rp_buf *out);

void rp_report_add_answer(rp_report *report, const rp_answer *answer);
/* The same as one of a list of stories: text in a few lines each. */
void rp_report_add_pickup(rp_report *report, const rp_answer *answer);
/* `has_index`: recurrence and round-ups were looked at. */
void rp_report_add_comparison(rp_report *report, const rp_match *match, bool has_index);
void rp_report_add_article(rp_report *report, const rp_report_article *article);
void rp_report_add_stat(rp_report *report, const char *dir, const rp_index_stat *stat);
void rp_report_add_finding(rp_report *report, const rp_finding *finding);
void rp_report_add_params(rp_report *report, const rp_index_params *params, const char *source);

/* A pair, or the note that not all pairs of a group are there (not in CSV and TSV, whose lines have one form). */
void rp_report_add_pair(rp_report *report, const rp_pair_record *record);
void rp_report_add_cluster(rp_report *report, const rp_cluster *cluster);

/* A nightly run (not in CSV and TSV), or a group that changed in it. */
void rp_report_add_run(rp_report *report, const rp_run_record *record);
/* A run in one line, without a line end: "run 7, 2026-11-24: 512 new articles ...". */
void rp_report_add_run_summary(rp_buf *out, const rp_run *run);

/* "title", "quotation", ...: a mark's reason in words. */
const char *rp_report_reason(rp_reason reason);

#endif
