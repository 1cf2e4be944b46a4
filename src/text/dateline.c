/* Datelines, by a scanner over the first bytes of a paragraph:
 *
 *   place [, more] (Agency) -        Washington (CNN) -, Paris, 4 octobre (AFP) -
 *   place [, more] /AGENCY/ [. -]    MOSCOW, October 4. /TASS/., WASHINGTON, Oct. 27 /PRNewswire/ --
 *   PLACE [, more] -                 CHARLESTON, S.C. -
 *   (Agency) -
 *
 * The place of the third form is in capitals, otherwise any sentence with a
 * dash would be one. */
#include <string.h>

#include "text/credit.h"
#include "text/fold.h"
#include "text/utf8.h"

enum {
  READ_MAX = 160,
  PLACE_MAX = 70,  /* bytes before the agency or dash */
  AGENCY_MAX = 40, /* bytes of its name */
  PARAGRAPHS = 6,  /* in which a dateline is looked for */
  STORY_MIN = 6,   /* words that follow it in its paragraph */
};

typedef struct cursor {
  rp_str text;
  size_t at;
} cursor;

static uint32_t peek(const cursor *s) {
  size_t at = s->at;
  return at < s->text.len ? rp_char_next(s->text, &at) : 0;
}

static uint32_t take(cursor *s) { return s->at < s->text.len ? rp_char_next(s->text, &s->at) : 0; }

static bool is_space(uint32_t c) { return c == ' ' || c == 0xA0 || c == '\t'; }
static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
static bool is_dash(uint32_t c) { return c == '-' || c == 0x2013 || c == 0x2014 || c == 0x2012 || c == 0x2015; }

static void skip_space(cursor *s) {
  while (is_space(peek(s))) take(s);
}

/* Dashes and the space around them; a hyphen needs a space on both sides or
 * another hyphen. */
static bool take_dash(cursor *s) {
  cursor c = *s;
  bool spaced = is_space(peek(&c));
  skip_space(&c);
  uint32_t first = peek(&c);
  if (!is_dash(first)) return false;
  size_t n = 0;
  for (; is_dash(peek(&c)); n++) take(&c);
  if (first == '-' && n == 1 && !(spaced && is_space(peek(&c)))) return false;
  if (n > 3) return false;
  skip_space(&c);
  *s = c;
  return true;
}

typedef struct place {
  size_t n_word, n_upper; /* words; of them in capitals, before the first comma */
  size_t n_letter;
  bool has_comma, is_upper; /* all words before the first comma are in capitals */
  bool after_number;        /* a month may follow in lower case: "4 octobre" */
} place;

/* May a word of a place or date begin with `c`? */
static bool may_begin(const place *p, uint32_t c) {
  return is_digit(c) || rp_fold_is_capital(c) || (p->after_number && rp_fold_is_word(c));
}

/* One word of a place or date: a number, or letters of which the first is a
 * capital.  False where it is anything else. */
static bool take_word(cursor *s, place *p) {
  uint32_t c = peek(s);
  if (!may_begin(p, c)) return false;
  bool upper = true, number = is_digit(c);
  size_t letters = 0;
  while (rp_fold_is_word(c = peek(s)) || c == '.' || c == '\'' || c == 0x2019 || (c == '-' && letters > 0)) {
    cursor before = *s;
    take(s);
    if (c == '-' && !rp_fold_is_word(peek(s))) {
      *s = before;
      break;
    }
    if (rp_fold_is_word(c)) letters++;
    if (rp_fold_is_word(c) && !rp_fold_is_capital(c)) upper = false;
  }
  p->n_word++;
  p->after_number = number;
  if (!p->has_comma) {
    p->n_letter += letters;
    if (number || !upper) p->is_upper = false;
  }
  return true;
}

static bool take_place(cursor *s, place *p) {
  *p = (place){.is_upper = true};
  size_t from = s->at;
  for (;;) {
    cursor before = *s;
    if (!take_word(s, p)) {
      *s = before;
      return p->n_word > 0;
    }
    if (s->at - from > PLACE_MAX || p->n_word > 8) return false;
    before = *s;
    skip_space(s);
    uint32_t c = peek(s);
    if (c == ',') p->has_comma = true;
    if (c == ',' || (c == '/' && s->at == before.at)) {
      cursor slash = *s;
      take(s);
      skip_space(s);
      if (!may_begin(p, peek(s))) {
        *s = slash;
        return true;
      }
    } else if (!may_begin(p, c)) {
      *s = before;
      return true;
    }
  }
}

/* "(Reuters)", "/TASS/", "[AFP]": a name between the marks. */
static bool take_agency(cursor *s, bool *slashed) {
  cursor c = *s;
  skip_space(&c);
  uint32_t open = take(&c), close = open == '(' ? ')' : open == '[' ? ']' : open == '/' ? '/' : 0;
  if (close == 0) return false;
  skip_space(&c);
  size_t from = c.at, words = 1;
  uint32_t first = peek(&c), last = 0;
  while (peek(&c) != close) {
    uint32_t x = take(&c);
    bool dashed = x == '-' && c.at - from == 2; /* (R-Ky.) is a party */
    if (!(rp_fold_is_word(x) || x == ' ' || x == '.' || x == '&' || x == '\'' || (x == '-' && !dashed) || x == '/'))
      return false;
    words += x == ' ';
    if (c.at - from > AGENCY_MAX || words > 5) return false;
    last = x;
  }
  if (last == 0 || is_digit(first)) return false;
  bool lower = !rp_fold_is_capital(first);
  if (lower && (words > 1 || c.at - from > 6)) return false; /* dpa, but not (pictured left) */
  take(&c);
  *slashed = open == '/';
  *s = c;
  return true;
}

size_t rp_credit_dateline(rp_str text) {
  cursor s = {{text.data, text.len < READ_MAX ? text.len : READ_MAX}, 0};
  place p = {0};
  bool slashed = false;
  bool has_place = take_place(&s, &p);
  if (!has_place) s.at = 0;
  if (take_agency(&s, &slashed)) {
    if (peek(&s) == '.') take(&s);
    if (take_dash(&s)) return s.at;
    cursor colon = s;
    if (take(&colon) == ':' && has_place) return colon.at;
    return slashed && has_place ? s.at : 0;
  }
  if (has_place && p.is_upper && p.n_letter >= 3 && take_dash(&s)) return s.at;
  return 0;
}

void rp_credit_mark_datelines(rp_words *words, const rp_lines *lines) {
  size_t seen = 0;
  for (size_t k = 0; k < lines->n && seen < PARAGRAPHS; k++) {
    const rp_line *line = &lines->line[k];
    if (words->flag[line->first] & RP_WORD_TITLE) continue;
    if ((words->flag[line->first] & RP_WORD_FURNITURE) == 0) seen++;
    size_t from = line->start, len = line->end - line->start;
    if (len > 0 && words->text.data[from] == '[') from++, len--;
    if (rp_phrase_at(words, line->first, line->last, "file") > 0) continue; /* of a picture */
    size_t end = rp_credit_dateline((rp_str){words->text.data + from, len});
    size_t i = line->first;
    while (i < line->last && words->start[i] < from + end) i++;
    if (line->last - i >= STORY_MIN) rp_phrase_flag(words, line->first, i, RP_WORD_DATELINE);
  }
}
