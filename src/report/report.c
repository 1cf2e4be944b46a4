#include "report/report.h"

#include "report/data.h"
#include "report/finding.h"
#include "report/text.h"

static const rp_article no_article = {.size = sizeof(rp_article), .published = {1, 0}};
static const rp_match no_match = {.a = &no_article, .b = &no_article};

/* The head line is what a record of unknown values writes while its keys, not
 * its values, are asked for. */
static void add_head(rp_row *row, rp_report_kind kind, const rp_report_options *options) {
  static const rp_answer answer = {.query = &no_article};
  static const rp_report_article article = {.article = &no_article};
  static const rp_index_stat stat = {.published = {1, 0}};
  static const rp_index_params params = {0};
  static const rp_finding finding = {.part = "", .table = "", .message = "", .segment = -1, .document = -1};
  static const rp_cluster cluster = {0};
  static const rp_run run = {0};
  static const rp_run_record changed = {.run = &run, .group = &cluster};
  row->is_head = true;
  switch (kind) {
    case RP_REPORT_MATCH: rp_data_match(row, &answer, &no_match); break;
    case RP_REPORT_COMPARISON: rp_data_comparison(row, &no_match, options->explain, false); break;
    case RP_REPORT_ARTICLE: rp_data_article(row, &article); break;
    case RP_REPORT_STAT: rp_data_stat(row, "", &stat); break;
    case RP_REPORT_PARAMS: rp_data_params(row, &params, 0); break;
    case RP_REPORT_FINDING: rp_data_finding(row, &finding); break;
    case RP_REPORT_PAIR: rp_data_pair(row, &no_match, options->passages); break;
    case RP_REPORT_CLUSTER: rp_data_cluster(row, &cluster); break;
    case RP_REPORT_RUN: rp_data_run_group(row, &changed); break;
  }
  row->is_head = false;
}

void rp_report_init(rp_report *report, rp_report_kind kind, rp_buf *out, const rp_report_options *options) {
  *report = (rp_report){.out = out, .options = *options};
  if (options->format == RP_FORMAT_TEXT) return;
  rp_row_init(&report->row, out, options->format);
  if (options->format != RP_FORMAT_JSONL) add_head(&report->row, kind, options);
}

rp_report rp_report_part(const rp_report *report, rp_buf *out) {
  rp_report part = {.out = out, .options = report->options};
  if (part.options.format != RP_FORMAT_TEXT) rp_row_init(&part.row, out, part.options.format);
  return part;
}

/* Text: an empty line between records. */
static bool begin_text(rp_report *report, rp_text *text) {
  if (report->options.format != RP_FORMAT_TEXT) return false;
  if (report->n_done++) rp_buf_add_byte(report->out, '\n');
  const rp_report_options *o = &report->options;
  *text = (rp_text){.out = report->out,
                    .width = o->width,
                    .color = o->color,
                    .full = o->full,
                    .look_alikes = o->look_alikes,
                    .filtered = o->filtered};
  return true;
}

void rp_report_add_answer(rp_report *report, const rp_answer *answer) {
  rp_text text;
  if (begin_text(report, &text)) {
    rp_text_answer(&text, answer);
    return;
  }
  for (size_t i = 0; i < answer->n_match; i++) rp_data_match(&report->row, answer, &answer->match[i]);
}

void rp_report_add_pickup(rp_report *report, const rp_answer *answer) {
  rp_text text;
  if (begin_text(report, &text))
    rp_text_pickup(&text, answer);
  else
    rp_report_add_answer(report, answer);
}

void rp_report_add_comparison(rp_report *report, const rp_match *match, bool has_index) {
  rp_text text;
  bool explain = report->options.explain;
  if (begin_text(report, &text))
    rp_text_comparison(&text, match, explain, has_index);
  else
    rp_data_comparison(&report->row, match, explain, has_index);
}

void rp_report_add_article(rp_report *report, const rp_report_article *article) {
  rp_text text;
  if (begin_text(report, &text))
    rp_text_article(&text, article);
  else
    rp_data_article(&report->row, article);
}

void rp_report_add_stat(rp_report *report, const char *dir, const rp_index_stat *stat) {
  rp_text text;
  if (begin_text(report, &text))
    rp_text_stat(&text, dir, stat);
  else
    rp_data_stat(&report->row, dir, stat);
}

/* Findings are a list of lines. */
void rp_report_add_finding(rp_report *report, const rp_finding *finding) {
  if (report->options.format == RP_FORMAT_TEXT)
    rp_text_finding(report->out, finding);
  else
    rp_data_finding(&report->row, finding);
}

void rp_report_add_params(rp_report *report, const rp_index_params *params, const char *source) {
  rp_text text;
  if (begin_text(report, &text)) {
    rp_text_params(&text, params, source);
    return;
  }
  for (int percent = 5; percent <= 100; percent += 5) rp_data_params(&report->row, params, percent / 100.0);
}

void rp_report_add_pair(rp_report *report, const rp_pair_record *record) {
  rp_text text;
  if (begin_text(report, &text))
    rp_text_pair_record(&text, record);
  else if (record->match)
    rp_data_pair(&report->row, record->match, report->options.passages);
  else if (report->options.format == RP_FORMAT_JSONL)
    rp_data_truncated(&report->row, record);
}

void rp_report_add_cluster(rp_report *report, const rp_cluster *cluster) {
  rp_text text;
  if (begin_text(report, &text))
    rp_text_cluster(&text, cluster);
  else
    rp_data_cluster(&report->row, cluster);
}

void rp_report_add_run(rp_report *report, const rp_run_record *record) {
  rp_text text;
  if (begin_text(report, &text))
    rp_text_run(&text, record);
  else if (record->group)
    rp_data_run_group(&report->row, record);
  else if (report->options.format == RP_FORMAT_JSONL)
    rp_data_run(&report->row, record->run);
}

const char *rp_report_reason(rp_reason reason) {
  switch (reason) {
    case RP_REASON_TITLE: return "title";
    case RP_REASON_FURNITURE: return "page furniture";
    case RP_REASON_QUOTE: return "quotation";
    case RP_REASON_DATELINE: return "dateline";
    case RP_REASON_CREDIT: return "byline or credit";
  }
  return "other";
}
