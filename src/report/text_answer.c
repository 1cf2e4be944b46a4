/* The answer to a query: what was asked, how many carry it, who was first, and
 * then each match. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "report/plain.h"
#include "report/text_part.h"
#include "report/when.h"

static const rp_text_names names = {"the queried story", "this article", "queried story", "this article"};

static const rp_str untitled = {"(no title)", sizeof "(no title)" - 1};

static void add_query(rp_text *text, const rp_answer *answer) {
  const rp_article *q = answer->query;
  rp_text_heading(text, "Asked about: ", q->title.len ? q->title : untitled);
  rp_buf line;
  rp_buf_init(&line);
  rp_text_add_publisher(&line, q);
  rp_buf_add_cstr(&line, ", ");
  rp_when_add(&line, q->published);
  rp_buf_printf(&line, ", %u word%s", answer->words, answer->words == 1 ? "" : "s");
  if (answer->counted != answer->words)
    rp_buf_printf(&line, " (%u without quotations, titles and the like)", answer->counted);
  if (q->path.len) {
    rp_buf_add_cstr(&line, ", read from ");
    rp_text_add_place(&line, q);
  }
  rp_text_end_line(text, "  ", &line);
  if (q->is_truncated) rp_text_line(text, "  ", "this text was cut off where it was taken from");
}

static rp_str publisher_of(const rp_article *article) {
  return article->publisher_key.len ? article->publisher_key : article->publisher;
}

/* Carries the story as a whole, not only a part of it. */
static bool is_carrier(const rp_match *m) {
  return m->verdict == RP_IDENTICAL || m->verdict == RP_REPRINT || m->verdict == RP_OWN_UPDATE;
}

typedef struct counts {
  size_t n_carrier, n_part, n_publisher; /* n_publisher: of both */
} counts;

/* Publishers are counted among the first 1,000 links only, which is more than
 * anybody lists on a terminal: the count compares each with all before it. */
static counts count(const rp_answer *answer) {
  counts c = {0};
  for (size_t i = 0; i < answer->n_match + answer->n_left_out; i++) {
    const rp_match *m = &answer->match[i];
    if (!rp_verdict_is_link(m->verdict)) continue;
    if (is_carrier(m))
      c.n_carrier++;
    else
      c.n_part++;
    rp_str publisher = publisher_of(m->b);
    bool is_new = publisher.len > 0 && i < 1000;
    for (size_t k = 0; k < i && is_new; k++)
      if (rp_verdict_is_link(answer->match[k].verdict) && rp_str_equal(publisher, publisher_of(answer->match[k].b)))
        is_new = false;
    c.n_publisher += is_new;
  }
  return c;
}

/* All matches, those too that a limit keeps from being listed. */
static size_t n_found(const rp_answer *answer) { return answer->n_match + answer->n_left_out; }

/* An unknown date is never earlier, nor is one that overlaps. */
static bool is_earlier(const rp_article *a, const rp_article *b) {
  if (!rp_when_is_known(a->published)) return false;
  return !rp_when_is_known(b->published) || a->published.latest < b->published.earliest;
}

/* What is named as the source, by a link or a credit, goes before what is merely earlier. */
static bool is_named_source(const rp_match *m) {
  for (size_t i = 0; i < m->n_evidence; i++)
    if (m->evidence[i].speaks_for == m->direction &&
        (m->evidence[i].kind == RP_EVIDENCE_LINK || m->evidence[i].kind == RP_EVIDENCE_CREDIT))
      return true;
  return false;
}

/* The source among the matches: of those the query was copied from, the one
 * that it names, of several the earliest; NULL where the query is nobody's copy. */
static const rp_match *source_of(const rp_answer *answer) {
  const rp_match *best = NULL;
  bool is_best_named = false;
  for (size_t i = 0; i < n_found(answer); i++) {
    const rp_match *m = &answer->match[i];
    if (!is_carrier(m) || m->direction != RP_B_TO_A) continue;
    bool is_named = is_named_source(m);
    if (best && (is_named != is_best_named ? is_best_named : !is_earlier(m->b, best->b))) continue;
    best = m;
    is_best_named = is_named;
  }
  return best;
}

/* The earliest copy of the query that has a date, else the best one. */
static const rp_match *first_copy(const rp_answer *answer) {
  const rp_match *best = NULL;
  for (size_t i = 0; i < n_found(answer); i++) {
    const rp_match *m = &answer->match[i];
    if (!is_carrier(m) || m->direction != RP_A_TO_B) continue;
    if (!best || is_earlier(m->b, best->b)) best = m;
  }
  return best;
}

static void add_first(rp_text *text, const rp_answer *answer) {
  const rp_match *source = source_of(answer), *copy = source ? NULL : first_copy(answer);
  rp_buf line;
  rp_buf_init(&line);
  if (source) {
    rp_text_names n = names;
    n.b = "that article";
    rp_buf_add_cstr(&line, "First was ");
    rp_text_add_publisher(&line, source->b);
    rp_buf_add_cstr(&line, ", ");
    rp_when_add(&line, source->b->published);
    size_t at = (size_t)(source - answer->match);
    const char *where = at < answer->n_match ? " below" : ", which is not listed";
    rp_buf_printf(&line, " (match %zu%s), because ", at + 1, where);
    size_t because = line.len;
    rp_text_add_reasons(&line, source, &n, RP_B_TO_A);
    if (line.len == because) line.len -= sizeof ", because " - 1;
  } else if (copy) {
    rp_buf_add_cstr(&line, "As far as can be seen, the queried story was first");
    size_t before = line.len;
    rp_text_names n = names;
    n.b = "the earliest copy";
    rp_buf_add_cstr(&line, ": ");
    size_t because = line.len;
    rp_text_add_reasons(&line, copy, &n, RP_A_TO_B);
    if (line.len == because) line.len = before;
  } else {
    rp_buf_add_cstr(
        &line, "Who was first is undecided: the dates do not tell, and none of the texts names another as its source");
  }
  rp_buf_add_byte(&line, '.');
  rp_text_end_line(text, "", &line);
}

static void add_none(rp_text *text, const rp_answer *answer) {
  if (answer->words == 0) {
    rp_text_line(text, "", "There is no word in this text, so there is nothing to look for.");
    return;
  }
  rp_text_line(text, "", "No other article in the index %scarries this story.",
               text->filtered ? "that fits the filters given " : "");
  if (answer->n_refused && !text->look_alikes)
    rp_text_line(text, "",
                 "%zu article%s with similar words %s compared and refused; --look-alikes lists %s and says why.",
                 answer->n_refused, answer->n_refused == 1 ? "" : "s", answer->n_refused == 1 ? "was" : "were",
                 answer->n_refused == 1 ? "it" : "them");
}

static void add_counts(rp_text *text, counts c) {
  rp_buf line;
  rp_buf_init(&line);
  size_t n = c.n_carrier ? c.n_carrier : c.n_part;
  rp_buf_printf(&line, "%zu other article%s", n, n == 1 ? "" : "s");
  if (c.n_publisher > 1 && !(c.n_carrier && c.n_part)) rp_buf_printf(&line, " of %zu publishers", c.n_publisher);
  if (c.n_carrier)
    rp_buf_add_cstr(&line, n == 1 ? " carries this story" : " carry this story");
  else
    rp_buf_add_cstr(&line, n == 1 ? " shares a part of this story" : " share parts of this story");
  if (c.n_carrier && c.n_part) {
    rp_buf_printf(&line, ", %zu more %s a part of it", c.n_part, c.n_part == 1 ? "shares" : "share");
    if (c.n_publisher > 1) rp_buf_printf(&line, " (%zu publishers)", c.n_publisher);
  }
  rp_buf_add_byte(&line, '.');
  rp_text_end_line(text, "", &line);
}

static void add_summary(rp_text *text, const rp_answer *answer) {
  counts c = count(answer);
  if (c.n_carrier + c.n_part)
    add_counts(text, c);
  else
    add_none(text, answer);
  if (c.n_carrier)
    add_first(text, answer);
  else if (c.n_part)
    rp_text_line(text, "", "None carries the whole of it; each match says who had its part first.");
  if (answer->missing_source.len)
    rp_text_line(text, "",
                 "The original is not in the index: datelines say %.*s, and none of these articles is its own.",
                 (int)answer->missing_source.len, answer->missing_source.data);
  if (answer->n_left_out)
    rp_text_line(text, "", "%zu match%s not listed below (--limit 0 lists all).", answer->n_left_out,
                 answer->n_left_out == 1 ? " is" : "es are");
  if (answer->is_cut)
    rp_text_line(text, "",
                 "Some of its words stand in so many articles that not all of those were looked at; there may be "
                 "more matches.");
}

static void add_match(rp_text *text, const rp_match *m, rp_date query, size_t number) {
  rp_buf line;
  rp_buf_init(&line);
  char lead[32];
  snprintf(lead, sizeof lead, "%zu. ", number);
  rp_text_add_publisher(&line, m->b);
  rp_buf_add_cstr(&line, ", ");
  rp_when_add(&line, m->b->published);
  size_t before = line.len;
  rp_buf_add_cstr(&line, " (");
  size_t opened = line.len;
  rp_when_add_distance(&line, m->b->published, query, names.a);
  if (line.len > opened)
    rp_buf_add_byte(&line, ')');
  else
    line.len = before;
  rp_buf_add_byte(text->out, '\n');
  if (text->color) rp_buf_add_cstr(text->out, "\x1b[1m");
  rp_text_end_line(text, lead, &line);
  if (text->color) rp_buf_add_cstr(text->out, "\x1b[0m");
  if (m->b->title.len) rp_text_heading(text, "   ", m->b->title);
  if (m->b->url.len || m->b->id.len) {
    rp_buf_add_cstr(text->out, "   ");
    rp_plain_add_cut(text->out, m->b->url.len ? m->b->url : m->b->id, 400);
    rp_buf_add_byte(text->out, '\n');
  }
  rp_text_pair(text, m, &names);
}

void rp_text_answer(rp_text *text, const rp_answer *answer) {
  add_query(text, answer);
  rp_buf_add_byte(text->out, '\n');
  add_summary(text, answer);
  bool has_other = false;
  for (size_t i = 0; i < answer->n_match; i++) {
    if (rp_verdict_is_link(answer->match[i].verdict))
      add_match(text, &answer->match[i], answer->query->published, i + 1);
    else
      has_other = true;
  }
  if (has_other) {
    rp_text_line(text, "\n", "Look-alikes, compared and refused:");
    for (size_t i = 0; i < answer->n_match; i++)
      if (!rp_verdict_is_link(answer->match[i].verdict))
        add_match(text, &answer->match[i], answer->query->published, i + 1);
  }
  if (answer->n_match)
    rp_text_line(text, "\n",
                 "Shares are of an article's own words: quotations, titles, datelines, credits and the "
                 "furniture of the page do not count. Words that differ are %s.",
                 text->color ? "coloured" : "in [brackets]");
}
