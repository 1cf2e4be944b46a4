/* What is known of a pair, in sentences. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "report/plain.h"
#include "report/text_part.h"
#include "report/when.h"

enum { CHANGES = 8, WORDING = 60 };

void rp_text_line(rp_text *text, const char *lead, const char *format, ...) {
  char line[2048];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  rp_plain_wrap(text->out, lead, rp_plain_cstr(line), text->width);
}

void rp_text_end_line(rp_text *text, const char *lead, rp_buf *line) {
  if (line->failed)
    text->out->failed = true;
  else
    rp_plain_wrap(text->out, lead, (rp_str){line->data, line->len}, text->width);
  rp_buf_release(line);
}

void rp_text_heading(rp_text *text, const char *lead, rp_str heading) {
  rp_buf_add_cstr(text->out, lead);
  size_t used = rp_plain_width(rp_plain_cstr(lead));
  if (text->color) rp_buf_add_cstr(text->out, "\x1b[1m");
  rp_plain_add_cut(text->out, heading, text->width > used + 20 ? text->width - used : 20);
  if (text->color) rp_buf_add_cstr(text->out, "\x1b[0m");
  rp_buf_add_byte(text->out, '\n');
}

void rp_text_add_publisher(rp_buf *out, const rp_article *article) {
  rp_str name = article->publisher.len ? article->publisher : article->publisher_key;
  if (name.len)
    rp_plain_add_cut(out, name, 60);
  else
    rp_buf_add_cstr(out, "publisher unknown");
}

void rp_text_add_place(rp_buf *out, const rp_article *article) {
  if (article->path.len == 1 && article->path.data[0] == '-')
    rp_buf_add_cstr(out, "standard input");
  else
    rp_plain_add_cut(out, article->path, 200);
  if (article->line) rp_buf_printf(out, ":%llu", (unsigned long long)article->line);
}

const char *rp_text_percent(double share, char out[16]) {
  double p = share * 100;
  if (!(p > 0))
    snprintf(out, 16, "0%%");
  else if (p < 1)
    snprintf(out, 16, "under 1%%");
  else if (p > 99 && p < 99.95)
    snprintf(out, 16, "99%%");
  else
    snprintf(out, 16, "%.0f%%", p > 100 ? 100.0 : round(p));
  return out;
}

static void add_verdict(rp_text *text, const rp_match *m, const rp_text_names *n) {
  char of_a[16], of_b[16];
  rp_text_percent(m->coverage_a, of_a);
  rp_text_percent(m->coverage_b, of_b);
  const char *name = rp_verdict_name(m->verdict), *lead = "   ";
  const char *note = m->is_short ? " (a short text, so this is less certain)" : "";
  switch (m->verdict) {
    case RP_IDENTICAL: rp_text_line(text, lead, "%s: the same words in the same order%s", name, note); break;
    case RP_REPRINT:
      if (m->direction == RP_A_TO_B)
        rp_text_line(text, lead, "%s: %s of %s is text of %s; of %s, %s is carried%s", name, of_b, n->b, n->a, n->a,
                     of_a, note);
      else if (m->direction == RP_B_TO_A)
        rp_text_line(text, lead, "%s: %s of %s is text of %s; of %s, %s is carried%s", name, of_a, n->a, n->b, n->b,
                     of_b, note);
      else
        rp_text_line(text, lead, "%s: %s of %s and %s of %s are the same text%s", name, of_b, n->b, of_a, n->a, note);
      break;
    case RP_PARTIAL:
      rp_text_line(text, lead, "%s: they share long passages, %s of %s and %s of %s, but each has text of its own%s",
                   name, of_b, n->b, of_a, n->a, note);
      break;
    case RP_ROUND_UP:
      rp_text_line(text, lead, "%s: %s is put together from several stories; the same text is %s of %s and %s of %s",
                   name, m->round_up == RP_A_IS_ROUND_UP ? n->a : n->b, of_b, n->b, of_a, n->a);
      break;
    case RP_OWN_UPDATE:
      rp_text_line(text, lead, "%s: another version by the same publisher; %s of %s and %s of %s are the same text",
                   name, of_b, n->b, of_a, n->a);
      break;
    case RP_QUOTE_ONLY:
      rp_text_line(text, lead, "%s: no reprint; what they share stands inside quotation marks", name);
      break;
    case RP_COMMON_SOURCE:
      rp_text_line(text, lead, "%s: no reprint; single sentences agree, as when both draw on a third text", name);
      break;
    case RP_TEMPLATE:
      rp_text_line(text, lead,
                   "%s: no reprint; a recurring form (results, weather, markets) with other figures or names", name);
      break;
    case RP_BOILERPLATE_ONLY:
      rp_text_line(text, lead, "%s: no reprint; only the furniture of the page or a standing paragraph is shared",
                   name);
      break;
    case RP_NONE: rp_text_line(text, lead, "%s: no shared text of any length", name); break;
  }
  if (!rp_verdict_is_link(m->verdict) && m->verdict != RP_NONE)
    rp_text_line(text, lead,
                 "shared: %u word%s in all; the longest shared passage has %u word%s outside quotations and furniture; "
                 "together they are %s of %s and %s of %s",
                 m->n_word, m->n_word == 1 ? "" : "s", m->longest_unquoted, m->longest_unquoted == 1 ? "" : "s", of_b,
                 n->b, of_a, n->a);
}

static void add_credit(rp_text *text, const rp_match *m, const rp_text_names *n) {
  const char *said = NULL;
  /* nobody owes itself a credit */
  if (m->verdict == RP_OWN_UPDATE) return;
  const char *copy = m->direction == RP_B_TO_A ? n->a : m->direction == RP_A_TO_B ? n->b : "the copy";
  switch (m->credit) {
    case RP_CREDIT_NONE: return;
    case RP_CREDITED: said = "names its source"; break;
    case RP_PARTIAL_CREDIT: said = "says that its source contributed"; break;
    case RP_MENTION: said = "mentions the source or credits somebody else, but gives no credit for the text"; break;
    case RP_UNCREDITED: said = "does not say where its text is from"; break;
  }
  if (!said) return;
  rp_buf line;
  rp_buf_init(&line);
  rp_buf_printf(&line, "%s: %s %s", rp_credit_name(m->credit), copy, said);
  if (m->credit_text.len) {
    rp_buf_add_cstr(&line, ": \"");
    rp_plain_add_cut(&line, m->credit_text, 160);
    rp_buf_add_byte(&line, '"');
  }
  rp_text_end_line(text, "   ", &line);
}

/* One reason, as the end of "because ..."; what was just named is "it". */
static void add_reason(rp_buf *out, const rp_evidence *e, const rp_text_names *n, bool is_named) {
  bool is_a = e->speaks_for == RP_A_TO_B;
  const char *source = is_named ? "it" : is_a ? n->a : n->b, *copy = is_a ? n->b : n->a;
  switch (e->kind) {
    case RP_EVIDENCE_LINK:
      rp_buf_printf(out, "the page of %s names ", copy);
      if (e->text.len)
        rp_plain_add_cut(out, e->text, 120);
      else
        rp_buf_add_cstr(out, source);
      rp_buf_add_cstr(out, " as its source");
      break;
    case RP_EVIDENCE_CREDIT:
      rp_buf_printf(out, "%s credits %s", copy, source);
      if (e->text.len) {
        rp_buf_add_cstr(out, ": \"");
        rp_plain_add_cut(out, e->text, 120);
        rp_buf_add_byte(out, '"');
      }
      break;
    case RP_EVIDENCE_EARLIER:
      rp_buf_printf(out, "%s was published ", source);
      rp_when_add_span(out, e->hours);
      rp_buf_add_cstr(out, " earlier");
      break;
    case RP_EVIDENCE_COVERAGE: rp_buf_printf(out, "%s holds the text of %s, and more", source, copy); break;
    case RP_EVIDENCE_AGENCY: rp_buf_printf(out, "%s is from a news agency, %s is not", source, copy); break;
  }
}

void rp_text_add_reasons(rp_buf *out, const rp_match *match, const rp_text_names *names, rp_direction direction) {
  bool is_first = true;
  for (size_t i = 0; i < match->n_evidence; i++) {
    if (match->evidence[i].speaks_for != direction) continue;
    if (!is_first) rp_buf_add_cstr(out, "; ");
    is_first = false;
    add_reason(out, &match->evidence[i], names, direction == match->direction);
  }
}

static void add_direction(rp_text *text, const rp_match *m, const rp_text_names *n) {
  if (!rp_verdict_is_link(m->verdict)) return;
  rp_buf line, against;
  rp_buf_init(&line);
  rp_buf_init(&against);
  if (m->direction == RP_UNDECIDED) {
    rp_buf_add_cstr(&line, "who had it first: undecided");
    rp_text_add_reasons(&against, m, n, RP_A_TO_B);
    if (against.len) rp_buf_add_cstr(&against, "; but ");
    size_t before = against.len;
    rp_text_add_reasons(&against, m, n, RP_B_TO_A);
    if (against.len == before && before) against.len -= sizeof "; but " - 1;
    if (against.len)
      rp_buf_printf(&line, "; %.*s", (int)against.len, against.data);
    else
      rp_buf_add_cstr(&line, "; the dates do not tell, and neither text names the other");
  } else {
    rp_direction other = m->direction == RP_A_TO_B ? RP_B_TO_A : RP_A_TO_B;
    rp_buf_printf(&line, "who had it first: %s", m->direction == RP_A_TO_B ? n->a : n->b);
    size_t before = line.len;
    rp_buf_add_cstr(&line, ", because ");
    size_t because = line.len;
    rp_text_add_reasons(&line, m, n, m->direction);
    if (line.len == because) line.len = before;
    rp_text_add_reasons(&against, m, n, other);
    if (against.len) rp_buf_printf(&line, " (against it: %.*s)", (int)against.len, against.data);
  }
  if (against.failed) line.failed = true;
  rp_buf_release(&against);
  rp_text_end_line(text, "   ", &line);
}

static rp_str slice(rp_str text, uint32_t start, uint32_t end) {
  if (end > text.len || start > end) return (rp_str){NULL, 0};
  return (rp_str){text.data + start, end - start};
}

/* Ranges end with a word; a bracket that it closes is shown with it. */
static rp_str wording(rp_str text, uint32_t start, uint32_t end) {
  rp_str words = slice(text, start, end);
  int open = 0;
  for (size_t i = 0; i < words.len; i++) open += (words.data[i] == '(') - (words.data[i] == ')');
  if (open > 0 && end < text.len && text.data[end] == ')') words.len++;
  return words;
}

static void add_quoted(rp_buf *out, rp_str words) {
  rp_buf_add_byte(out, '"');
  rp_plain_add_cut(out, words, WORDING);
  rp_buf_add_byte(out, '"');
}

static void add_change(rp_buf *line, const rp_match *m, const rp_change *c, const rp_text_names *n) {
  rp_str a = wording(m->a->text, c->a_start, c->a_end), b = wording(m->b->text, c->b_start, c->b_end);
  bool is_reversed = m->direction == RP_B_TO_A;
  rp_str before = is_reversed ? b : a, after = is_reversed ? a : b;
  rp_buf_printf(line, "%s: ", rp_change_name(c->kind));
  if (m->direction == RP_UNDECIDED) {
    if (a.len)
      add_quoted(line, a);
    else
      rp_buf_add_cstr(line, "nothing");
    rp_buf_printf(line, " in %s, ", n->a);
    if (b.len)
      add_quoted(line, b);
    else
      rp_buf_add_cstr(line, "nothing");
    rp_buf_printf(line, " in %s", n->b);
  } else if (before.len && after.len) {
    add_quoted(line, before);
    rp_buf_add_cstr(line, " became ");
    add_quoted(line, after);
  } else {
    add_quoted(line, before.len ? before : after);
    rp_buf_add_cstr(line, before.len ? " was dropped" : " was added");
  }
}

static void add_changes(rp_text *text, const rp_match *m, const rp_text_names *n) {
  if (!m->n_change) return;
  rp_buf_printf(text->out, "   what %s (%zu):\n", m->direction == RP_UNDECIDED ? "differs" : "was changed",
                m->n_change);
  size_t shown = text->full || m->n_change <= CHANGES ? m->n_change : CHANGES;
  for (size_t i = 0; i < shown; i++) {
    rp_buf line;
    rp_buf_init(&line);
    add_change(&line, m, &m->change[i], n);
    rp_text_end_line(text, "     ", &line);
  }
  if (shown < m->n_change) rp_buf_printf(text->out, "     ... and %zu more (--full prints all)\n", m->n_change - shown);
}

void rp_text_pair(rp_text *text, const rp_match *match, const rp_text_names *names) {
  add_verdict(text, match, names);
  add_credit(text, match, names);
  add_direction(text, match, names);
  add_changes(text, match, names);
  rp_text_passages(text, match, names);
}
