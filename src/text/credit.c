#include "text/credit.h"

#include <string.h>

enum {
  LINE_MAX_WORDS = 32, /* words of a credit line */
  HEAD_LINES = 4,
  TAIL_LINES = 6,
  OPENING_MAX = 12, /* words of a sentence that is a credit by its first ones */
  BYLINE_MAX = 14,
  NAME_MAX = 6,     /* words of a line that is a name alone */
  NAME_LINES = 3,   /* in which one is looked for */
  SIGN_OFF_MAX = 45 /* words of a sign-off inside a paragraph */
};

/* Anywhere in a short line. */
static const char *const credit[] = {"contributed to this",
                                     "contributed to the report",
                                     "contributed reporting",
                                     "contributed from",
                                     "reporting by",
                                     "additional reporting",
                                     "editing by",
                                     "writing by",

                                     "all rights reserved",
                                     "with files from",
                                     "with material from",
                                     "with reporting by",
                                     "with reporting from",

                                     "published from a",
                                     "republished with",
                                     "reprinted with",
                                     "republished from",
                                     "reprinted from",
                                     "with permission from",

                                     "this story was produced by",
                                     "this article was produced by",
                                     "contributed this report",
                                     "article originally published",
                                     "article was originally published",
                                     "article originally appeared",
                                     "article first appeared",
                                     "article was first published",
                                     "story originally published",
                                     "story was originally published",
                                     "story originally appeared",
                                     "story first appeared",
                                     "story was first published",
                                     "post originally published",
                                     "post was originally published",
                                     "post originally appeared",
                                     "post first appeared",
                                     "post was first published",
                                     "column originally published",
                                     "column was originally published",
                                     "column originally appeared",
                                     "column first appeared",
                                     "column was first published",
                                     "piece originally published",
                                     "piece was originally published",
                                     "piece originally appeared",
                                     "piece first appeared",
                                     "piece was first published",
                                     "version of this article",
                                     "version of this story",
                                     NULL};

/* Only at the beginning of one. */
static const char *const opening[] = {"source",
                                      "sources",
                                      "contributing",
                                      "originally published",
                                      "originally posted",
                                      "originally appeared",
                                      "first published",
                                      "first appeared",
                                      "compiled by",
                                      "translated by",
                                      "distributed by",
                                      "syndicated by",
                                      "copyright",
                                      "quelle",
                                      "fuente",
                                      "fonte",
                                      "written by",
                                      "story by",
                                      "text by",
                                      "with agencies",
                                      NULL};

static const char *const sign_off[] = {"contributed to this report", "contributed to this story",
                                       "contributed to this article", "contributed to the report", NULL};

static size_t n_words(const rp_line *line) { return line->last - line->first; }

static void flag_line(rp_words *words, const rp_line *line) {
  rp_phrase_flag(words, line->first, line->last, RP_WORD_CREDIT);
}

static bool has_copyright(const rp_words *words, const rp_line *line) {
  const char *at = words->text.data + line->start, *end = words->text.data + line->end;
  while (at < end && (at = memchr(at, '\xA9', (size_t)(end - at))) != NULL) {
    if (at > words->text.data && at[-1] == '\xC2') return true;
    at++;
  }
  return false;
}

/* "source" is a credit where a colon follows or the line is no sentence;
 * "originally published" also in a short sentence. */
static bool opens_credit(const rp_words *words, const rp_line *line) {
  size_t n = rp_phrase_any(words, line->first, line->last, opening);
  if (n == 0) return false;
  size_t at = words->end[line->first + n - 1];
  bool colon = at < line->end && words->text.data[at] == ':';
  bool is_short = n > 1 && n_words(line) <= OPENING_MAX;
  return colon || is_short || !line->is_sentence || rp_phrase_at(words, line->first, line->last, "copyright") > 0;
}

/* The first word of what credits somebody in a short line, from the sentence
 * on that does; `last` where nothing does. */
static size_t credit_start(const rp_words *words, const rp_line *line) {
  if (n_words(line) > LINE_MAX_WORDS) return line->last;
  if (opens_credit(words, line) || has_copyright(words, line)) return line->first;
  size_t i = rp_phrase_find(words, line->first, line->last, credit);
  while (i < line->last && i > line->first && (words->flag[i] & RP_WORD_SENTENCE) == 0) i--;
  return i;
}

static bool is_byline(const rp_words *words, const rp_line *line) {
  if (n_words(line) < 2 || n_words(line) > BYLINE_MAX || line->is_sentence) return false;
  return rp_phrase_at(words, line->first, line->last, "by") > 0 &&
         (words->flag[line->first + 1] & RP_WORD_CAPITAL) != 0;
}

/* "Jane Doe", "USA TODAY", "Observer Staff": capitals and nothing else. */
static bool is_name(const rp_words *words, const rp_line *line) {
  if (line->is_sentence || n_words(line) > NAME_MAX) return false;
  for (size_t i = line->first; i < line->last; i++)
    if ((words->flag[i] & (RP_WORD_CAPITAL | RP_WORD_NUMBER)) == 0) return false;
  char last = words->text.data[line->end - 1];
  return last != ':' && last != '"';
}

/* "(Reporting by A; editing by B)", or a sentence "X contributed to this
 * report", at the end of a longer paragraph. */
static void mark_sign_off(rp_words *words, const rp_line *line) {
  static const char *const bracket[] = {"reporting by", "editing by", "writing by", "additional reporting by", NULL};
  size_t floor = n_words(line) > SIGN_OFF_MAX ? line->last - SIGN_OFF_MAX : line->first;
  size_t i = rp_phrase_find(words, floor, line->last, bracket);
  if (i < line->last && words->start[i] > 0 && words->text.data[words->start[i] - 1] == '(') {
    rp_phrase_flag(words, i, line->last, RP_WORD_CREDIT);
    return;
  }
  i = rp_phrase_find(words, floor, line->last, sign_off);
  if (i == line->last) return;
  while (i > floor && (words->flag[i] & RP_WORD_SENTENCE) == 0) i--;
  if (words->flag[i] & RP_WORD_SENTENCE) rp_phrase_flag(words, i, line->last, RP_WORD_CREDIT);
}

void rp_credit_mark_lines(rp_words *words, const rp_lines *lines) {
  for (size_t k = 0; k < lines->n; k++) {
    const rp_line *line = &lines->line[k];
    bool head = k < HEAD_LINES, tail = k + TAIL_LINES >= lines->n;
    if (!head && !tail) continue;
    size_t from = credit_start(words, line);
    if (from < line->last) {
      rp_phrase_flag(words, from, line->last, RP_WORD_CREDIT);
    } else if (head && is_byline(words, line)) {
      flag_line(words, line);
    } else if (k < NAME_LINES && lines->n > NAME_LINES && is_name(words, line) &&
               (words->flag[line->first] & RP_WORD_UNCOUNTED) == 0) {
      flag_line(words, line);
    } else if (tail) {
      mark_sign_off(words, line);
    }
  }
}
