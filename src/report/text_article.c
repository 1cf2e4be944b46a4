/* One article, a comparison, an index and its setting, for people. */
#include <stdio.h>

#include "report/plain.h"
#include "report/text_part.h"
#include "report/when.h"

static void add_field(rp_text *text, const char *label, rp_str value) {
  if (!value.len) return;
  char lead[24];
  snprintf(lead, sizeof lead, "%-11s ", label);
  rp_buf_add_cstr(text->out, lead);
  rp_plain_add_cut(text->out, value, 1000);
  rp_buf_add_byte(text->out, '\n');
}

static void add_date(rp_text *text, rp_date date) {
  rp_buf_add_cstr(text->out, "published   ");
  rp_when_add(text->out, date);
  rp_buf_add_byte(text->out, '\n');
}

static void add_left_out(rp_text *text, const rp_report_article *article) {
  if (!article->n_left_out) return;
  rp_buf_add_cstr(text->out, "\nDoes not count as the story's own words:\n");
  for (size_t i = 0; i < article->n_left_out; i++) {
    const rp_report_left_out *left = &article->left_out[i];
    rp_buf_printf(text->out, "  %s", left->reason);
    if (left->has_range)
      rp_buf_printf(text->out, ", bytes %u-%u", left->start, left->end);
    else
      rp_buf_add_cstr(text->out, ", not in the text");
    rp_buf_add_cstr(text->out, ": ");
    rp_plain_add_cut(text->out, left->text, text->full ? SIZE_MAX : 60);
    rp_buf_add_byte(text->out, '\n');
  }
}

void rp_text_article(rp_text *text, const rp_report_article *article) {
  const rp_article *a = article->article;
  add_field(text, "title", a->title);
  add_field(text, "publisher", a->publisher.len ? a->publisher : a->publisher_key);
  add_date(text, a->published);
  add_field(text, "authors", a->authors);
  add_field(text, "language", a->lang);
  add_field(text, "url", a->url);
  add_field(text, "id", a->id);
  if (a->path.len) {
    rp_buf_add_cstr(text->out, "read from   ");
    rp_text_add_place(text->out, a);
    rp_buf_add_byte(text->out, '\n');
  }
  if (article->has_words)
    rp_buf_printf(text->out, "words       %u, of which %u count\n", article->words, article->counted);
  if (a->is_truncated) rp_buf_add_cstr(text->out, "truncated   the text was cut off where it was taken from\n");
  rp_buf_add_byte(text->out, '\n');
  rp_plain_add_lines(text->out, a->text);
  if (a->text.len && a->text.data[a->text.len - 1] != '\n') rp_buf_add_byte(text->out, '\n');
  add_left_out(text, article);
}

static void add_party(rp_text *text, const char *lead, const rp_article *article) {
  static const rp_str untitled = {"(no title)", sizeof "(no title)" - 1};
  rp_text_heading(text, lead, article->title.len ? article->title : untitled);
  rp_buf_add_cstr(text->out, "   ");
  rp_text_add_publisher(text->out, article);
  rp_buf_add_cstr(text->out, ", ");
  rp_when_add(text->out, article->published);
  rp_buf_add_cstr(text->out, ", ");
  rp_text_add_place(text->out, article);
  rp_buf_add_byte(text->out, '\n');
}

static void add_explanation(rp_text *text, const rp_explanation *w) {
  static const char *const stages[] = {"not looked at", "neither bands nor fingerprints would propose the pair",
                                       "proposed, and refused by the gate",
                                       "passed the gate, and refused by a later rule", "linked"};
  static const char *const gates[] = {"long", "most", "whole", "mixed", "short"};
  size_t stage = (size_t)w->stage < sizeof stages / sizeof *stages ? (size_t)w->stage : 0;
  rp_buf *out = text->out;
  rp_buf_add_cstr(out, "\nEvery figure of this verdict:\n");
  rp_buf_printf(out, "  stage               %s\n", stages[stage]);
  rp_buf_printf(out, "  rule                %s\n", w->rule && *w->rule ? w->rule : "none");
  rp_buf_add_cstr(out, "  gate clauses held  ");
  for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
    if (w->gates >> i & 1) rp_buf_printf(out, " %s", gates[i]);
  rp_buf_add_cstr(out, w->gates ? "\n" : " none\n");
  rp_buf_printf(out, "  bands               %u shared; estimated similarity of 3-word runs %.2f\n", w->n_band_shared,
                w->estimate);
  rp_buf_printf(out, "  fingerprints        %u shared, %u of them in one line\n", w->n_fingerprint_shared,
                w->n_diagonal);
  rp_buf_printf(out, "  chains              %u; the longest matches %u counted words\n", w->n_chain,
                w->longest_matched);
  rp_buf_printf(out, "  matched words       %u: %u counted, %u quoted, %u furniture\n", w->matched, w->counted_matched,
                w->quoted_matched, w->furniture_matched);
  rp_buf_printf(out, "  words               A %u (%u counted), B %u (%u counted)\n", w->words_a, w->counted_a,
                w->words_b, w->counted_b);
  rp_buf_printf(out, "  counted and matched A %.2f, B %.2f\n", w->matched_a, w->matched_b);
  rp_buf_printf(out, "  of all words        A %.2f, B %.2f\n", w->whole_a, w->whole_b);
}

void rp_text_comparison(rp_text *text, const rp_match *match, bool explain, bool has_index) {
  static const rp_text_names names = {"A", "B", "A", "B"};
  add_party(text, "A: ", match->a);
  add_party(text, "B: ", match->b);
  rp_buf_add_byte(text->out, '\n');
  rp_text_pair(text, match, &names);
  if (explain) add_explanation(text, &match->why);
  rp_buf_add_byte(text->out, '\n');
  if (!has_index)
    rp_text_line(text, "",
                 "Compared without an index: text that recurs from story to story (standing paragraphs, page "
                 "furniture) and round-ups are not looked at. --db DIR compares with what an index knows.");
  if (match->n_passage) rp_text_line(text, "", "Words that differ are %s.", text->color ? "coloured" : "in [brackets]");
}

void rp_text_add_count(rp_buf *out, uint64_t n) {
  char digits[32];
  int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
  for (int i = 0; i < len; i++) {
    if (i && (len - i) % 3 == 0) rp_buf_add_byte(out, ',');
    rp_buf_add_byte(out, digits[i]);
  }
}

static void add_number(rp_text *text, const char *label, uint64_t n, const char *after) {
  rp_buf count;
  rp_buf_init(&count);
  rp_text_add_count(&count, n);
  if (count.failed)
    text->out->failed = true;
  else
    rp_buf_printf(text->out, "  %-22s %14s%s\n", label, count.data, after);
  rp_buf_release(&count);
}

static void add_size(rp_text *text, const char *label, uint64_t bytes) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double size = (double)bytes;
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < sizeof units / sizeof *units) {
    size /= 1024;
    unit++;
  }
  rp_buf_printf(text->out, "  %-22s %14.*f %s\n", label, unit ? 1 : 0, size, units[unit]);
}

static void add_per(rp_text *text, const char *label, uint64_t n, uint64_t of) {
  rp_buf_printf(text->out, "  %-22s %14.1f\n", label, (double)n / (double)of);
}

static void add_runs(rp_text *text, const rp_index_stat *s) {
  rp_buf_add_cstr(text->out, "\nruns of dedup\n");
  if (!s->run) {
    rp_buf_add_cstr(text->out, "  none\n");
  } else {
    add_number(text, "last", s->run, "");
    rp_buf_printf(text->out, "  %-22s ", "  begun");
    rp_when_add(text->out, (rp_date){s->run_started, s->run_started});
    rp_buf_add_byte(text->out, '\n');
    add_number(text, "groups", s->n_group, "");
  }
  if (!s->match_n_article) return;
  add_number(text, "articles matched", s->n_matched, "");
  add_per(text, "  postings each", s->match_n_posting, s->match_n_article);
  add_per(text, "  candidates each", s->match_n_candidate, s->match_n_article);
  add_per(text, "  compared with, each", s->match_n_verified, s->match_n_article);
  add_number(text, "  with a list cut", s->match_n_cut, "");
  add_number(text, "pairs known", s->n_fact, "");
  add_size(text, "  on the disk", s->fact_bytes);
  add_size(text, "groups and reports", s->run_bytes);
}

void rp_text_stat(rp_text *text, const char *dir, const rp_index_stat *s) {
  rp_text_heading(text, "index ", rp_plain_cstr(dir));
  add_number(text, "articles", s->n_article, "");
  add_number(text, "publishers", s->n_publisher, "");
  add_number(text, "words", s->n_word, "");
  add_number(text, "words that count", s->n_counted, "");
  if (rp_when_is_known(s->published)) {
    rp_buf_printf(text->out, "  %-22s ", "published");
    rp_when_add(text->out, s->published);
    rp_buf_add_byte(text->out, '\n');
  }
  add_number(text, "without a date", s->n_undated, "");
  add_number(text, "removed, still on disk", s->n_removed, "");
  add_number(text, "article numbers used", s->n_number, " of 4,294,967,296");
  rp_buf_add_cstr(text->out, "\non the disk\n");
  add_size(text, "all", s->file_bytes);
  add_size(text, "articles", s->document_bytes);
  add_size(text, "  before compression", s->text_bytes);
  add_size(text, "fingerprints", s->fingerprint_bytes);
  add_size(text, "bands", s->band_bytes);
  add_size(text, "equal texts", s->equal_bytes);
  add_size(text, "ids", s->id_bytes);
  rp_buf_add_cstr(text->out, "\nentries\n");
  add_number(text, "fingerprints", s->n_fingerprint_entry, "");
  add_number(text, "  longest list", s->longest_fingerprint, "");
  add_number(text, "bands", s->n_band_entry, "");
  add_number(text, "  longest list", s->longest_band, "");
  add_number(text, "equal texts", s->n_equal_entry, "");
  add_number(text, "segments", s->n_segment, "");
  add_runs(text, s);
  rp_buf_printf(text->out, "\nsetting\n  %u bands of %u rows; format %u, signature %u\n", s->params.n_band,
                s->params.n_row, s->format_version, s->signature_version);
  if (s->n_number >= UINT64_C(3221225472))
    rp_text_line(text, "\n", "More than three quarters of the article numbers are used up; build the index anew soon.");
}

static void add_curve(rp_text *text, const rp_index_params *params) {
  enum { BAR = 40 };
  rp_buf_add_cstr(text->out, "  similarity   found\n");
  for (int percent = 5; percent <= 100; percent += 5) {
    double chance = rp_params_probability(params, percent / 100.0);
    rp_buf_printf(text->out, "      %4.2f    %6.2f%%", percent / 100.0, chance * 100);
    if (chance * BAR >= 0.5) rp_buf_add_cstr(text->out, "  ");
    for (int i = 0; i < (int)(chance * BAR + 0.5); i++) rp_buf_add_byte(text->out, '#');
    rp_buf_add_byte(text->out, '\n');
  }
}

/* The similarity at which the chance passes one half. */
static double half_point(const rp_index_params *params) {
  double low = 0, high = 1;
  for (int i = 0; i < 30; i++) {
    double mid = (low + high) / 2;
    if (rp_params_probability(params, mid) < 0.5)
      low = mid;
    else
      high = mid;
  }
  return high;
}

void rp_text_params(rp_text *text, const rp_index_params *params, const char *source) {
  rp_text_line(text, "", "%u bands of %u rows (%s)", params->n_band, params->n_row, source);
  rp_text_line(text, "\n",
               "Two articles are compared when they share a band. How likely that is depends on how similar "
               "they are: the similarity is the share of their runs of 3 words that both have (Jaccard).");
  rp_buf_add_byte(text->out, '\n');
  add_curve(text, params);
  rp_text_line(text, "\n", "Half of the pairs are found at a similarity of about %.2f.", half_point(params));
  rp_text_line(text, "\n",
               "What it costs: each article takes %u entries of about 6 bytes in the band tables, %u bytes an "
               "article. More bands find more and cost more; more rows propose fewer chance pairs and miss "
               "more of the edited copies.",
               params->n_band, params->n_band * 6);
  rp_text_line(text, "\n",
               "Why runs of 3 words: one changed word breaks every run it stands in. With runs of 5 an edit of "
               "every fifth word leaves a similarity near 0.2; with runs of 3 far more is left, so real "
               "copies, which are trimmed and edited, stay in reach of the curve.");
  rp_text_line(text, "\n",
               "Why this is not all: a story that makes up a fifth of a longer article has a low similarity "
               "whatever the setting. Such parts are found by fingerprints: one of every few runs of 5 words "
               "is kept with its place, so that every shared run of 12 words has one in common, and three "
               "in line with each other propose the pair. Whether it is a reprint is decided by comparing "
               "the two texts word by word, never by the curve.");
}
