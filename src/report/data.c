#include "report/data.h"

#include <stdio.h>

#include "report/data_part.h"
#include "report/plain.h"
#include "report/when.h"

void rp_data_add_path(rp_row *row, const rp_article *article) {
  rp_buf path;
  rp_buf_init(&path);
  rp_buf_add(&path, article->path.data, article->path.len);
  if (article->line) rp_buf_printf(&path, ":%llu", (unsigned long long)article->line);
  if (path.failed) row->out->failed = true;
  rp_row_str(row, "path", article->path.len ? (rp_str){path.data, path.len} : (rp_str){NULL, 0});
  rp_buf_release(&path);
}

void rp_data_add_date(rp_row *row, const char *key, rp_date date) {
  rp_buf text;
  rp_buf_init(&text);
  if (rp_when_is_known(date)) rp_when_add_iso(&text, date);
  if (text.failed) row->out->failed = true;
  rp_row_str(row, key, (rp_str){text.data, text.len});
  rp_buf_release(&text);
}

void rp_data_add_moment(rp_row *row, const char *key, int64_t seconds) {
  rp_data_add_date(row, key, (rp_date){seconds, seconds});
}

void rp_data_add_name(rp_row *row, const char *key, const char *name) {
  if (name)
    rp_row_cstr(row, key, name);
  else
    rp_row_null(row, key);
}

static void add_party(rp_row *row, const char *key, const rp_article *article) {
  rp_row_open(row, key);
  rp_row_text(row, "id", article->id);
  rp_data_add_path(row, article);
  rp_row_str(row, "url", article->url);
  rp_row_str(row, "publisher", article->publisher);
  rp_row_str(row, "title", article->title);
  rp_data_add_date(row, "published", article->published);
  rp_row_close(row);
}

/* How the two articles of a pair are called in keys and directions. */
typedef struct names {
  const char *a, *b;           /* ranges */
  const char *a_text, *b_text; /* wordings */
  const char *a_to_b, *b_to_a;
  const char *coverage_a, *coverage_b;
} names;

static const names query_names = {
    "q", "m", "q_text", "m_text", "query->match", "match->query", "coverage_query", "coverage_match"};
static const names pair_names = {"a", "b", "a_text", "b_text", "a->b", "b->a", "coverage_a", "coverage_b"};

static const char *direction_name(rp_direction direction, const names *n) {
  return direction == RP_A_TO_B ? n->a_to_b : direction == RP_B_TO_A ? n->b_to_a : "undecided";
}

static rp_str count_of(size_t n, char text[24]) {
  int len = snprintf(text, 24, "%zu", n);
  return (rp_str){text, (size_t)len};
}

static void add_passages(rp_row *row, const rp_match *match, const names *n) {
  char count[24];
  rp_row_list_begin(row, "passages", count_of(match->n_passage, count));
  for (size_t i = 0; i < match->n_passage; i++) {
    const rp_passage *p = &match->passage[i];
    rp_row_item_begin(row);
    rp_row_range(row, n->a, p->a_start, p->a_end);
    rp_row_range(row, n->b, p->b_start, p->b_end);
    rp_row_int(row, "words", p->n_word);
    rp_row_int(row, "quoted_words", p->n_quoted);
    rp_row_bool(row, "exact", p->is_exact);
    rp_row_item_end(row);
  }
  rp_row_list_end(row);
}

static rp_str slice(rp_str text, uint32_t start, uint32_t end) {
  if (end > text.len || start > end) return (rp_str){NULL, 0};
  return (rp_str){text.data + start, end - start};
}

static void add_changes(rp_row *row, const rp_match *match, const names *n) {
  char count[24];
  rp_row_list_begin(row, "changes", count_of(match->n_change, count));
  for (size_t i = 0; i < match->n_change; i++) {
    const rp_change *c = &match->change[i];
    rp_row_item_begin(row);
    rp_row_cstr(row, "kind", rp_change_name(c->kind));
    rp_row_range(row, n->a, c->a_start, c->a_end);
    rp_row_range(row, n->b, c->b_start, c->b_end);
    rp_row_text(row, n->a_text, slice(match->a->text, c->a_start, c->a_end));
    rp_row_text(row, n->b_text, slice(match->b->text, c->b_start, c->b_end));
    rp_row_item_end(row);
  }
  rp_row_list_end(row);
}

static void add_evidence(rp_row *row, const rp_match *match, const names *n) {
  rp_buf kinds;
  rp_buf_init(&kinds);
  for (size_t i = 0; i < match->n_evidence; i++)
    rp_buf_printf(&kinds, "%s%s", i ? " " : "", rp_evidence_name(match->evidence[i].kind));
  if (kinds.failed) row->out->failed = true;
  rp_row_list_begin(row, "evidence", (rp_str){kinds.data, kinds.len});
  for (size_t i = 0; i < match->n_evidence; i++) {
    const rp_evidence *e = &match->evidence[i];
    rp_row_item_begin(row);
    rp_row_cstr(row, "kind", rp_evidence_name(e->kind));
    rp_row_cstr(row, "direction", direction_name(e->speaks_for, n));
    rp_row_str(row, "text", e->text);
    if (e->kind == RP_EVIDENCE_EARLIER)
      rp_row_double(row, "hours", e->hours, RP_DATA_DIGITS);
    else
      rp_row_null(row, "hours");
    rp_row_item_end(row);
  }
  rp_row_list_end(row);
  rp_buf_release(&kinds);
}

static void add_credit(rp_row *row, const rp_match *match) {
  rp_data_add_name(row, "credit", match->credit == RP_CREDIT_NONE ? NULL : rp_credit_name(match->credit));
}

static void add_credit_text(rp_row *row, const rp_match *match) {
  rp_row_str(row, "credit_text", match->credit_text);
  if (match->has_hours)
    rp_row_double(row, "hours_after", match->hours_after, RP_DATA_DIGITS);
  else
    rp_row_null(row, "hours_after");
}

static void add_figures(rp_row *row, const rp_match *match, const names *n) {
  rp_row_cstr(row, "verdict", rp_verdict_name(match->verdict));
  rp_row_bool(row, "short", match->is_short);
  rp_row_double(row, "jaccard", match->jaccard, RP_DATA_DIGITS);
  rp_row_double(row, n->coverage_a, match->coverage_a, RP_DATA_DIGITS);
  rp_row_double(row, n->coverage_b, match->coverage_b, RP_DATA_DIGITS);
  rp_row_int(row, "words", match->n_word);
  rp_row_int(row, "quoted_words", match->n_quoted);
  rp_row_int(row, "longest_unquoted", match->longest_unquoted);
}

void rp_data_match(rp_row *row, const rp_answer *answer, const rp_match *match) {
  const names *n = &query_names;
  rp_row_begin(row, "match");
  rp_row_text(row, "query", answer->query->id);
  add_party(row, "match", match->b);
  add_figures(row, match, n);
  add_passages(row, match, n);
  rp_row_int(row, "passages_hidden", (int64_t)match->n_passage_hidden);
  add_changes(row, match, n);
  rp_row_cstr(row, "direction", direction_name(match->direction, n));
  add_evidence(row, match, n);
  add_credit(row, match);
  add_credit_text(row, match);
  rp_row_str(row, "cluster", match->cluster);
  rp_row_bool(row, "cut", answer->is_cut);
  rp_row_str(row, "missing_source", answer->missing_source);
  rp_row_end(row);
}

static const char *stage_name(rp_stage stage) {
  switch (stage) {
    case RP_STAGE_NONE: break;
    case RP_STAGE_CANDIDATE: return "candidate";
    case RP_STAGE_GATE: return "gate";
    case RP_STAGE_VERDICT: return "verdict";
    case RP_STAGE_LINKED: return "linked";
  }
  return NULL;
}

static void add_gates(rp_row *row, uint32_t gates) {
  rp_row_open(row, "gates");
  rp_row_bool(row, "long", gates & RP_GATE_LONG);
  rp_row_bool(row, "most", gates & RP_GATE_MOST);
  rp_row_bool(row, "whole", gates & RP_GATE_WHOLE);
  rp_row_bool(row, "mixed", gates & RP_GATE_MIXED);
  rp_row_bool(row, "short", gates & RP_GATE_SHORT);
  rp_row_close(row);
}

static void add_explanation(rp_row *row, const rp_explanation *why, bool has_index) {
  rp_row_open(row, "explanation");
  rp_data_add_name(row, "stage", stage_name(why->stage));
  rp_row_cstr(row, "rule", why->rule ? why->rule : "");
  rp_row_bool(row, "with_index", has_index);
  add_gates(row, why->gates);
  rp_row_int(row, "bands_shared", why->n_band_shared);
  rp_row_double(row, "estimate", why->estimate, RP_DATA_DIGITS);
  rp_row_int(row, "fingerprints_shared", why->n_fingerprint_shared);
  rp_row_int(row, "fingerprints_in_line", why->n_diagonal);
  rp_row_int(row, "chains", why->n_chain);
  rp_row_int(row, "longest_matched", why->longest_matched);
  rp_row_int(row, "matched", why->matched);
  rp_row_int(row, "counted_matched", why->counted_matched);
  rp_row_int(row, "quoted_matched", why->quoted_matched);
  rp_row_int(row, "furniture_matched", why->furniture_matched);
  rp_row_int(row, "words_a", why->words_a);
  rp_row_int(row, "words_b", why->words_b);
  rp_row_int(row, "counted_a", why->counted_a);
  rp_row_int(row, "counted_b", why->counted_b);
  rp_row_double(row, "matched_a", why->matched_a, RP_DATA_DIGITS);
  rp_row_double(row, "matched_b", why->matched_b, RP_DATA_DIGITS);
  rp_row_double(row, "whole_a", why->whole_a, RP_DATA_DIGITS);
  rp_row_double(row, "whole_b", why->whole_b, RP_DATA_DIGITS);
  rp_row_close(row);
}

void rp_data_comparison(rp_row *row, const rp_match *match, bool explain, bool has_index) {
  const names *n = &pair_names;
  rp_row_begin(row, "comparison");
  add_party(row, "a", match->a);
  add_party(row, "b", match->b);
  add_figures(row, match, n);
  rp_row_cstr(row, "direction", direction_name(match->direction, n));
  add_credit(row, match);
  add_evidence(row, match, n);
  add_passages(row, match, n);
  rp_row_int(row, "passages_hidden", (int64_t)match->n_passage_hidden);
  add_changes(row, match, n);
  add_credit_text(row, match);
  if (explain) add_explanation(row, &match->why, has_index);
  rp_row_end(row);
}

static void add_left_out(rp_row *row, const rp_report_article *article) {
  char count[24];
  rp_row_list_begin(row, "left_out", count_of(article->n_left_out, count));
  for (size_t i = 0; i < article->n_left_out; i++) {
    const rp_report_left_out *left = &article->left_out[i];
    rp_row_item_begin(row);
    if (left->has_range)
      rp_row_range(row, "range", left->start, left->end);
    else
      rp_row_null(row, "range");
    rp_row_cstr(row, "reason", left->reason);
    rp_row_text(row, "text", left->text);
    rp_row_item_end(row);
  }
  rp_row_list_end(row);
}

void rp_data_article(rp_row *row, const rp_report_article *article) {
  const rp_article *a = article->article;
  rp_row_begin(row, "article");
  rp_data_add_path(row, a);
  rp_row_text(row, "id", a->id);
  rp_row_str(row, "url", a->url);
  rp_row_str(row, "publisher", a->publisher);
  rp_row_str(row, "publisher_key", a->publisher_key);
  rp_row_str(row, "title", a->title);
  rp_row_str(row, "authors", a->authors);
  rp_data_add_date(row, "published", a->published);
  rp_row_str(row, "lang", a->lang);
  if (article->has_words) {
    rp_row_int(row, "words", article->words);
    rp_row_int(row, "counted_words", article->counted);
  } else {
    rp_row_null(row, "words");
    rp_row_null(row, "counted_words");
  }
  rp_row_bool(row, "truncated", a->is_truncated);
  rp_row_text(row, "text", a->text);
  add_left_out(row, article);
  rp_row_end(row);
}

static void add_per(rp_row *row, const char *key, uint64_t n, uint64_t of) {
  if (of)
    rp_row_double(row, key, (double)n / (double)of, RP_DATA_DIGITS);
  else
    rp_row_null(row, key);
}

/* What runs of dedup found out; unknown where there was none. */
static void add_runs(rp_row *row, const rp_index_stat *s) {
  if (s->run) {
    rp_row_int(row, "run", (int64_t)s->run);
    rp_data_add_moment(row, "run_started", s->run_started);
    rp_row_int(row, "groups", (int64_t)s->n_group);
  } else {
    rp_row_null(row, "run");
    rp_row_null(row, "run_started");
    rp_row_null(row, "groups");
  }
  rp_row_int(row, "matched_articles", (int64_t)s->n_matched);
  add_per(row, "postings_per_article", s->match_n_posting, s->match_n_article);
  add_per(row, "candidates_per_article", s->match_n_candidate, s->match_n_article);
  add_per(row, "compared_per_article", s->match_n_verified, s->match_n_article);
  rp_row_int(row, "cut_articles", (int64_t)s->match_n_cut);
  rp_row_int(row, "pairs_known", (int64_t)s->n_fact);
  rp_row_int(row, "pair_bytes", (int64_t)s->fact_bytes);
  rp_row_int(row, "run_bytes", (int64_t)s->run_bytes);
}

void rp_data_stat(rp_row *row, const char *dir, const rp_index_stat *s) {
  rp_row_begin(row, "stat");
  rp_row_cstr(row, "path", dir);
  rp_row_int(row, "articles", (int64_t)s->n_article);
  rp_row_int(row, "removed", (int64_t)s->n_removed);
  rp_row_int(row, "numbers_used", (int64_t)s->n_number);
  rp_row_int(row, "publishers", (int64_t)s->n_publisher);
  rp_row_int(row, "words", (int64_t)s->n_word);
  rp_row_int(row, "counted_words", (int64_t)s->n_counted);
  rp_data_add_date(row, "published", s->published);
  rp_row_int(row, "undated", (int64_t)s->n_undated);
  rp_row_int(row, "segments", (int64_t)s->n_segment);
  rp_row_int(row, "band_entries", (int64_t)s->n_band_entry);
  rp_row_int(row, "fingerprint_entries", (int64_t)s->n_fingerprint_entry);
  rp_row_int(row, "equal_text_entries", (int64_t)s->n_equal_entry);
  rp_row_int(row, "longest_band", (int64_t)s->longest_band);
  rp_row_int(row, "longest_fingerprint", (int64_t)s->longest_fingerprint);
  rp_row_int(row, "text_bytes", (int64_t)s->text_bytes);
  rp_row_int(row, "file_bytes", (int64_t)s->file_bytes);
  rp_row_int(row, "document_bytes", (int64_t)s->document_bytes);
  rp_row_int(row, "band_bytes", (int64_t)s->band_bytes);
  rp_row_int(row, "fingerprint_bytes", (int64_t)s->fingerprint_bytes);
  rp_row_int(row, "equal_text_bytes", (int64_t)s->equal_bytes);
  rp_row_int(row, "id_bytes", (int64_t)s->id_bytes);
  rp_row_int(row, "bands", s->params.n_band);
  rp_row_int(row, "rows", s->params.n_row);
  rp_row_int(row, "format_version", s->format_version);
  rp_row_int(row, "signature_version", s->signature_version);
  add_runs(row, s);
  rp_row_end(row);
}

void rp_data_params(rp_row *row, const rp_index_params *params, double similarity) {
  rp_row_begin(row, "params");
  rp_row_int(row, "bands", params->n_band);
  rp_row_int(row, "rows", params->n_row);
  rp_row_double(row, "similarity", similarity, RP_DATA_DIGITS);
  rp_row_double(row, "found_by_bands", row->is_head ? 0 : rp_params_probability(params, similarity), 6);
  rp_row_end(row);
}

/* ---- the whole index ----------------------------------------------------------- */

static void add_short_party(rp_row *row, const char *key, const rp_article *article) {
  rp_row_open(row, key);
  rp_row_text(row, "id", article->id);
  rp_data_add_path(row, article);
  rp_row_str(row, "publisher", article->publisher);
  rp_data_add_date(row, "published", article->published);
  rp_row_close(row);
}

void rp_data_pair(rp_row *row, const rp_match *match, bool with_passages) {
  const names *n = &pair_names;
  rp_row_begin(row, "pair");
  add_short_party(row, "a", match->a);
  add_short_party(row, "b", match->b);
  rp_row_cstr(row, "verdict", rp_verdict_name(match->verdict));
  rp_row_bool(row, "short", match->is_short);
  rp_row_double(row, "jaccard", match->jaccard, RP_DATA_DIGITS);
  rp_row_double(row, n->coverage_a, match->coverage_a, RP_DATA_DIGITS);
  rp_row_double(row, n->coverage_b, match->coverage_b, RP_DATA_DIGITS);
  rp_row_int(row, "words", match->n_word);
  rp_row_int(row, "longest_unquoted", match->longest_unquoted);
  rp_row_cstr(row, "direction", direction_name(match->direction, n));
  add_credit(row, match);
  add_evidence(row, match, n);
  if (with_passages) add_passages(row, match, n);
  rp_row_end(row);
}

void rp_data_truncated(rp_row *row, const rp_pair_record *record) {
  rp_row_begin(row, "truncated");
  rp_row_str(row, "cluster", record->cluster);
  rp_row_text(row, "lead", record->lead);
  rp_row_int(row, "size", (int64_t)record->cluster_size);
  rp_row_int(row, "pairs", (int64_t)record->n_listed);
  rp_row_end(row);
}
