#include "engine/filter.h"

#include "engine/match_all.h"
#include "engine/owner.h"

static bool is_between(const rp_query_options *o, rp_date date) {
  if (o->between.earliest == 0 && o->between.latest == 0) return true;
  return rp_date_is_known(date) && date.latest >= o->between.earliest && date.earliest <= o->between.latest;
}

bool rp_filter_dates(const rp_query_options *o, rp_filter_side side, rp_date a, rp_date b) {
  if (!is_between(o, b) && !(side == RP_FILTER_EITHER && is_between(o, a))) return false;
  int64_t gap = rp_all_gap(a, b);
  return !o->window || gap == INT64_MAX || gap <= o->window;
}

bool rp_filter_words(const rp_query_options *o, rp_filter_side side, uint32_t a, uint32_t b) {
  return b >= o->min_words && (side == RP_FILTER_MATCH || a >= o->min_words);
}

bool rp_filter_coverage(const rp_query_options *o, rp_filter_side side, double a, double b) {
  return b >= o->min_coverage || (side == RP_FILTER_EITHER && a >= o->min_coverage);
}

static bool is_publisher(const rp_article *article, rp_str name) {
  return rp_str_equal(article->publisher_key, name) || rp_str_equal(article->publisher, name);
}

static bool is_wanted(const rp_query_options *o, const rp_article *article) {
  return o->publisher.len == 0 || is_publisher(article, o->publisher);
}

static bool is_unwanted(const rp_query_options *o, const rp_article *article) {
  for (size_t i = 0; i < o->n_exclude_publisher; i++)
    if (is_publisher(article, o->exclude_publisher[i])) return true;
  return o->lang.len && !rp_str_equal(article->lang, o->lang);
}

bool rp_filter_articles(const rp_query_options *o, rp_filter_side side, const rp_article *a, const rp_article *b) {
  if (o->exclude_same_owner && rp_owner_is_same(o, a->publisher_key, b->publisher_key)) return false;
  if (is_unwanted(o, b) || (side == RP_FILTER_EITHER && is_unwanted(o, a))) return false;
  return is_wanted(o, b) || (side == RP_FILTER_EITHER && is_wanted(o, a));
}

bool rp_filter_verdict(const rp_query_options *o, rp_verdict verdict) {
  return o->verdicts == 0 || (o->verdicts >> verdict & 1);
}
