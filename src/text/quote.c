/* Quotation marks without a table of languages: a mark opens where it stands
 * behind a non-word character and before a word, and closes elsewhere, so that
 * all of “…”, „…“, »…«, «…» and "…" work, also mixed.  Words are marked when the
 * quotation ends, since only then it is known to be one. */
#include "text/quote.h"

#include "text/phrase.h"
#include "text/utf8.h"

enum {
  UNCLOSED_MAX = 60, /* words that a mark may stay open for at a paragraph's end */
  SINGLE_MAX = 120,  /* words between single marks, which apostrophes look like */
};

#define NOWHERE SIZE_MAX
#define WORD_CHAR ((uint32_t)'x') /* stands for the word before or behind a gap */

typedef struct quotation {
  size_t at;     /* first word; NOWHERE: none is open */
  uint32_t mark; /* that opened it */
  size_t weak;   /* where an apostrophe may have closed it; NOWHERE else */
} quotation;

typedef struct quoter {
  rp_words *words;
  size_t next; /* the word behind the gap at hand */
  quotation outer, single;
} quoter;

/* A mark with its neighbours. */
typedef struct place {
  uint32_t c, before, behind;
} place;

static bool is_double(uint32_t c) {
  return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0xAB || c == 0xBB || (c >= 0x300C && c <= 0x300F) ||
         c == 0xFF02 || (c >= 0x301D && c <= 0x301F);
}
static bool is_single(uint32_t c) {
  return c == '\'' || c == '`' || (c >= 0x2018 && c <= 0x201B) || c == 0x2039 || c == 0x203A || c == 0xFF07;
}
static bool opens_always(uint32_t c) { return c == 0x201E || c == 0x201A || c == 0x300C || c == 0x300E || c == 0x301D; }
static bool is_space(uint32_t c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0xA0 || c == 0x202F || c == 0x3000 || c == 0x2009;
}
static bool is_in(uint32_t c, const uint32_t *list) {
  while (*list != 0 && *list != c) list++;
  return *list != 0;
}

/* What a quotation may begin with beside a word. */
static bool begins(uint32_t c) {
  static const uint32_t list[] = {'[',    '(',  '{',  '$',  '#',    '@',    '*',    '_',    '\'', 0xA3,
                                  0x20AC, 0xA5, 0xA1, 0xBF, 0x2018, 0x2019, 0x201A, 0x2026, 0};
  return c == WORD_CHAR || is_in(c, list);
}

/* What stands before a quotation rather than at its end. */
static bool leads_in(uint32_t c) {
  static const uint32_t list[] = {'(', '[',    '{',    '-',    '/',    ':',    '>',  '|',  '*',
                                  '_', 0x2013, 0x2014, 0x2018, 0x201A, 0x2022, 0xBF, 0xA1, 0};
  return is_space(c) || is_in(c, list);
}

static bool are_partners(uint32_t open, uint32_t close) {
  return (open == 0x201C && close == 0x201D) || (open == 0xAB && close == 0xBB) || (open == 0xBB && close == 0xAB) ||
         (open == 0x300C && close == 0x300D) || (open == 0x300E && close == 0x300F) ||
         (open == 0x2018 && close == 0x2019) || (open == 0x2039 && close == 0x203A);
}

static void mark_words(rp_words *words, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) words->flag[i] |= RP_WORD_QUOTED;
}

static void end_quotation(quoter *q, quotation *open, size_t to, size_t longest) {
  if (open->at == NOWHERE) return;
  if (to - open->at <= longest) mark_words(q->words, open->at, to);
  open->at = NOWHERE;
}

static void begin_quotation(const quoter *q, quotation *open, uint32_t mark) {
  *open = (quotation){q->next, mark, NOWHERE};
}

/* ---- double marks --------------------------------------------------------- */

static bool double_opens(const quoter *q, place p) {
  bool is_open = q->outer.at != NOWHERE;
  if (opens_always(p.c)) return true;
  if (p.before == WORD_CHAR || (is_open && are_partners(q->outer.mark, p.c))) return false;
  if (p.c == 0xAB && !is_open && is_space(p.behind) && leads_in(p.before)) return true; /* « Oui » */
  return begins(p.behind) && (!is_open || leads_in(p.before));
}

static void take_double(quoter *q, place p) {
  if (double_opens(q, p)) {
    end_quotation(q, &q->outer, q->next, UNCLOSED_MAX);
    begin_quotation(q, &q->outer, p.c);
  } else {
    end_quotation(q, &q->outer, q->next, SIZE_MAX);
  }
}

/* ---- single marks --------------------------------------------------------- */

/* "'90s", "'em": something was left out. */
static bool is_elision(const rp_words *words, size_t i) {
  static const char list[][8] = {"tis", "twas", "em", "til", "till", "n",  "cause", "bout", "round",
                                 "cuz", "s",    "t",  "ll",  "re",   "ve", "d",     "m"};
  char first = words->folded[words->folded_at[i]];
  if (first >= '0' && first <= '9') return true;
  return rp_phrase_is_word(words, i, list, sizeof list / sizeof *list);
}

static bool single_opens(const quoter *q, place p) {
  if (p.c == 0x201A) return begins(p.behind);
  if (!leads_in(p.before) && !is_double(p.before)) return false;
  if (p.c == 0x2039 && is_space(p.behind)) return true;
  if (!begins(p.behind)) return false;
  return p.behind != WORD_CHAR || !is_elision(q->words, q->next);
}

/* "the workers' union" closes nothing if a better mark follows. */
static bool is_possessive(const quoter *q, place p) {
  if (p.before != WORD_CHAR || (p.c != '\'' && p.c != 0x2019) || p.behind != ' ') return false;
  return q->next > 0 && q->words->folded[q->words->folded_at[q->next] - 2] == 's';
}

static void take_single(quoter *q, place p) {
  if ((p.before == WORD_CHAR && p.behind == WORD_CHAR) || q->outer.at != NOWHERE) return;
  bool is_open = q->single.at != NOWHERE;
  if ((!is_open || !are_partners(q->single.mark, p.c)) && single_opens(q, p)) {
    if (is_open && q->single.weak != NOWHERE) end_quotation(q, &q->single, q->single.weak, UNCLOSED_MAX);
    begin_quotation(q, &q->single, p.c);
  } else if (is_open && (!is_space(p.before) || p.c == 0x203A) && p.behind != WORD_CHAR) {
    if (is_possessive(q, p))
      q->single.weak = q->next;
    else
      end_quotation(q, &q->single, q->next, SINGLE_MAX);
  }
}

/* ---- paragraphs and gaps ---------------------------------------------------- */

/* A paragraph ends: the next one may begin with the mark again. */
static void take_break(quoter *q, uint32_t next) {
  bool again = is_double(next);
  end_quotation(q, &q->outer, q->next, again ? SIZE_MAX : UNCLOSED_MAX);
  if (q->single.at == NOWHERE) return;
  if (q->single.weak != NOWHERE)
    end_quotation(q, &q->single, q->single.weak, UNCLOSED_MAX);
  else
    end_quotation(q, &q->single, q->next, q->single.mark == 0x2018 && next == 0x2018 ? SINGLE_MAX : 0);
}

static uint32_t first_solid(rp_str text, size_t at, size_t end) {
  while (at < end) {
    uint32_t c = rp_char_next(text, &at);
    if (!is_space(c)) return c;
  }
  return WORD_CHAR;
}

static void take_gap(quoter *q) {
  const rp_words *w = q->words;
  size_t i = q->next, at = i == 0 ? 0 : w->end[i - 1], end = i == w->n ? w->text.len : w->start[i];
  bool breaks = i < w->n && (w->flag[i] & RP_WORD_PARAGRAPH) != 0;
  for (uint32_t c, before = i == 0 ? '\n' : WORD_CHAR; at < end; before = c) {
    c = rp_char_next(w->text, &at);
    if (c == '\n' && breaks) {
      take_break(q, first_solid(w->text, at, end));
      breaks = false;
    }
    if (!is_double(c) && !is_single(c)) continue;
    size_t peek = at;
    place p = {c, before, at < end ? rp_char_next(w->text, &peek) : i == w->n ? '\n' : WORD_CHAR};
    if (is_double(c))
      take_double(q, p);
    else
      take_single(q, p);
  }
}

void rp_quote_mark(rp_words *words) {
  quoter q = {.words = words, .outer = {.at = NOWHERE}, .single = {.at = NOWHERE}};
  for (q.next = 0; q.next <= words->n; q.next++) {
    if (q.next == 0 || q.next == words->n || !rp_phrase_is_plain_gap(words, q.next)) take_gap(&q);
  }
  q.next = words->n;
  take_break(&q, 0);
}
