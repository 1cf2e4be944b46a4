/* A name credits by where it stands: in a dateline, in a byline, or in a short
 * line at either end of the text that speaks of a source.  Anywhere else it is
 * a mention ("told Sputnik"), and under a picture it is nothing. */
#include "judge/credit.h"

#include <string.h>

#include "base/hash.h"
#include "judge/source_name.h"

enum {
  DATELINE_PARAGRAPHS = 8, /* from the first one on */
  DATELINE_BYTES = 90,     /* from the paragraph's start */
  LINE_WORDS = 32,         /* longest line of credit */
  LINE_FIRST = 3,          /* paragraphs from the start in which one stands */
  LINE_LAST = 8,           /* and from the end */
  BYLINE_WORDS = 10,
  BYLINE_FIRST = 6,
  BYLINE_LAST = 4,
  BRACKET_BYTES = 60, /* longest way back to an opening bracket */
};

/* ---- words that tell a line's kind; folded, a row may have two words ----------- */

static const char *const credit_words[] = {
    "originally",   "source",
    "copyright",    "posted",
    "distributed",  "courtesy",
    "via",          "published by",
    "published in", "published from",
    "published at", "published on",
    "with files",   "reporting by",
    "appeared in",  "appeared on",
    "quelle",       "fuente",
    "fonte",        "mit material",
    "avec",         "con informacion",
    "источник",     "материалам",
    "来源",         "來源",
    "转载",         "轉載",
    "出典",         "転載",
};
/* The beginning of a line that says where the whole text is from. */
static const char *const origin_words[] = {"originally", "source", "quelle", "fuente", "fonte",
                                           "источник",   "来源",   "來源",   "出典"};
static const char *const photo_words[] = {"photo",   "photos", "photograph", "photographer", "image",        "images",
                                          "picture", "foto",   "fotos",      "getty",        "illustration", "фото"};
static const char *const byline_words[] = {"by", "von", "par", "por"};
static const char *const story_words[] = {"report", "reporting", "story", "article"};

typedef struct word_range {
  size_t start, end;
} word_range;

static bool range_has(const rp_words *words, word_range r, const char *const *list, size_t n_list) {
  for (size_t i = r.start; i < r.end; i++)
    for (size_t k = 0; k < n_list; k++) {
      rp_source_name name = {.text = {list[k], strlen(list[k])}};
      size_t n = rp_source_name_match(&name, words, i);
      if (n && i + n <= r.end) return true;
    }
  return false;
}

#define RANGE_HAS(words, range, list) range_has((words), (range), (list), sizeof(list) / sizeof *(list))

/* Whether a sign stands in the words, or before them with at most a blank between. */
static bool range_has_sign(const rp_words *words, word_range r, const char *sign) {
  size_t len = strlen(sign), start = words->start[r.start], end = words->end[r.end - 1];
  size_t at = start > len ? start - len - 1 : 0;
  for (; at + len <= end; at++)
    if (memcmp(words->text.data + at, sign, len) == 0) return true;
  return false;
}

/* ---- the place of a name ------------------------------------------------------- */

/* What the wording of a line says; asked once a line, however many names are
 * in it. */
typedef struct line_wording {
  bool has_photo, has_credit, has_contribution;
} line_wording;

typedef struct place {
  const rp_words *words;
  word_range name;
  word_range line; /* its paragraph, cut after LINE_WORDS + 1 words behind the name */
  bool is_line;    /* the paragraph has at most LINE_WORDS words */
  size_t paragraph, n_paragraph;
  line_wording wording; /* of a line; else nothing */
  size_t wording_of;    /* first word of the paragraph it belongs to */
} place;

static char byte_at(const place *p, size_t at) { return at < p->words->text.len ? p->words->text.data[at] : ' '; }

/* Where the bracket opens that the name stands in; SIZE_MAX: in none. */
static size_t open_bracket(const place *p) {
  size_t from = p->words->start[p->line.start], at = p->words->start[p->name.start];
  from = from > 0 ? from - 1 : 0;
  for (size_t n = 0; at > from && n < BRACKET_BYTES; n++) {
    char c = byte_at(p, --at);
    if (c == ')' || c == ']') return SIZE_MAX;
    if (c == '(' || c == '[') return at;
  }
  return SIZE_MAX;
}

/* Whether a bracket around the name, from byte `open` to `close`, speaks of a
 * picture. */
static bool has_photo_between(const place *p, size_t open, size_t close) {
  size_t far = p->name.start > BRACKET_BYTES ? p->name.start - BRACKET_BYTES : 0;
  word_range r = {far > p->line.start ? far : p->line.start, p->line.end};
  while (r.start < r.end && p->words->start[r.start] < open) r.start++;
  while (r.end > r.start && p->words->end[r.end - 1] > close) r.end--;
  return RANGE_HAS(p->words, r, photo_words);
}

/* "(Sputnik)", "/TASS/", "[Moscow, Interfax]": the name ends where its bracket
 * closes, and the bracket is not a picture's. */
static bool is_bracketed(const place *p) {
  size_t start = p->words->start[p->name.start], end = p->words->end[p->name.end - 1];
  char before = start > 0 ? byte_at(p, start - 1) : ' ', behind = byte_at(p, end);
  if (before == '/' && behind == '/') return true;
  if (behind != ')' && behind != ']') return false;
  size_t open = open_bracket(p);
  return open != SIZE_MAX && !has_photo_between(p, open, end);
}

static bool is_marked(const place *p, uint16_t flag) {
  for (size_t i = p->name.start; i < p->name.end; i++)
    if (!(p->words->flag[i] & flag)) return false;
  return true;
}

/* "Sputnik | MOSCOW": the name opens the paragraph, a bar behind it. */
static bool is_barred(const place *p) {
  size_t end = p->words->end[p->name.end - 1];
  return p->name.start == p->line.start && byte_at(p, end) == ' ' && byte_at(p, end + 1) == '|';
}

static bool is_dateline(const place *p) {
  if (p->paragraph >= DATELINE_PARAGRAPHS) return false;
  if (p->words->start[p->name.start] - p->words->start[p->line.start] >= DATELINE_BYTES) return false;
  return is_marked(p, RP_WORD_DATELINE) || is_bracketed(p) || is_barred(p);
}

static bool is_near_ends(const place *p, size_t first, size_t last) {
  return p->paragraph < first || p->paragraph + last >= p->n_paragraph;
}

static size_t n_words(word_range r) { return r.end - r.start; }

static bool is_byline(const place *p) {
  if (!p->is_line || n_words(p->line) > BYLINE_WORDS || !is_near_ends(p, BYLINE_FIRST, BYLINE_LAST)) return false;
  word_range first = {p->line.start, p->line.start + 1};
  return n_words(p->line) <= n_words(p->name) + 1 || RANGE_HAS(p->words, first, byline_words) ||
         is_marked(p, RP_WORD_CREDIT);
}

/* A copyright line that goes on with a slash is a picture's ("© Sputnik / Name"). */
static bool is_copyright(const rp_words *words, word_range line) {
  return range_has_sign(words, line, "©") && !range_has_sign(words, line, "/");
}

static line_wording wording_of(const rp_words *words, word_range line) {
  static const char *const contributed[] = {"contributed to"};
  return (line_wording){
      .has_photo = RANGE_HAS(words, line, photo_words),
      .has_credit = RANGE_HAS(words, line, credit_words) || is_copyright(words, line),
      .has_contribution = RANGE_HAS(words, line, contributed) && RANGE_HAS(words, line, story_words),
  };
}

static bool is_credit_line(const place *p) { return p->wording.has_credit && is_near_ends(p, LINE_FIRST, LINE_LAST); }

static bool is_picture(const place *p) {
  if (p->wording.has_photo) return true;
  size_t open = open_bracket(p);
  if (open == SIZE_MAX) return false;
  size_t close = p->words->end[p->name.end - 1];
  for (size_t n = 0; n < BRACKET_BYTES && close < p->words->text.len && byte_at(p, close) != ')'; n++) close++;
  return has_photo_between(p, open, close);
}

/* ---- what a place is worth ------------------------------------------------------ */

static rp_str text_of(const rp_words *words, word_range r) {
  return (rp_str){words->text.data + words->start[r.start], words->end[r.end - 1] - words->start[r.start]};
}

/* From the paragraph's start to the bracket that closes behind the name. */
static rp_str dateline_text(const place *p) {
  rp_str s = text_of(p->words, (word_range){p->line.start, p->name.end});
  size_t start = p->words->start[p->line.start], end = p->words->end[p->name.end - 1];
  char behind = byte_at(p, end), before = start > 0 ? byte_at(p, start - 1) : ' ';
  if (behind == ')' || behind == ']' || behind == '/') s.len++;
  if (before == '(' || before == '[' || before == '/') s = (rp_str){s.data - 1, s.len + 1};
  return s;
}

static rp_credit_finding worth(const place *p, const rp_source_name *name) {
  rp_credit_finding f = {RP_UNCREDITED, {NULL, 0}, name->by_agency};
  if (is_dateline(p)) return (rp_credit_finding){RP_CREDITED, dateline_text(p), name->by_agency};
  if (is_picture(p)) return f;
  if (p->wording.has_contribution)
    return (rp_credit_finding){RP_PARTIAL_CREDIT, text_of(p->words, p->line), name->by_agency};
  if (is_byline(p) || is_credit_line(p))
    return (rp_credit_finding){RP_CREDITED, text_of(p->words, p->line), name->by_agency};
  if (p->words->flag[p->name.start] & RP_WORD_FURNITURE) return f;
  if (name->is_stem && p->words->flag[p->name.start] & RP_WORD_SENTENCE) return f;
  return (rp_credit_finding){RP_MENTION, text_of(p->words, p->name), name->by_agency};
}

static bool is_better(const rp_credit_finding *x, const rp_credit_finding *y) {
  if (x->credit != y->credit) return x->credit > y->credit;
  return y->by_agency && !x->by_agency;
}

/* ---- the copy, word by word ------------------------------------------------------ */

static size_t n_paragraphs(const rp_words *words) {
  size_t n = 0;
  for (size_t i = 0; i < words->n; i++) n += (words->flag[i] & RP_WORD_PARAGRAPH) != 0;
  return n;
}

/* The end of the paragraph that holds word `from`, at most `most` words on. */
static size_t paragraph_end(const rp_words *words, size_t from, size_t most) {
  size_t end = from;
  while (end < words->n && end - from < most && (end == from || !(words->flag[end] & RP_WORD_PARAGRAPH))) end++;
  return end;
}

static void place_line(place *p, size_t start) {
  p->line = (word_range){start, paragraph_end(p->words, p->name.start, LINE_WORDS + 1)};
  p->is_line = n_words(p->line) <= LINE_WORDS;
  if (p->wording_of == start) return;
  p->wording_of = start;
  p->wording = p->is_line ? wording_of(p->words, p->line) : (line_wording){false, false, false};
}

static rp_credit_finding best_place(const rp_source_names *names, const rp_words *words) {
  rp_credit_finding best = {RP_UNCREDITED, {NULL, 0}, true};
  place p = {.words = words, .n_paragraph = n_paragraphs(words), .wording_of = SIZE_MAX};
  size_t line_start = 0;
  for (size_t i = 0; i < words->n; i++) {
    if (words->flag[i] & RP_WORD_PARAGRAPH && i > 0) {
      line_start = i;
      p.paragraph++;
    }
    if (!names->begins[(unsigned char)words->folded[words->folded_at[i]]]) continue;
    for (size_t k = 0; k < names->n; k++) {
      size_t n = rp_source_name_match(&names->name[k], words, i);
      if (n == 0) continue;
      p.name = (word_range){i, i + n};
      place_line(&p, line_start);
      rp_credit_finding f = worth(&p, &names->name[k]);
      if (is_better(&f, &best)) best = f;
    }
    if (best.credit == RP_CREDITED && !best.by_agency) break;
  }
  return best;
}

/* "(Reporting by ...; editing by ...)" names nobody and is how a known agency
 * signs off. */
static bool sign_off(const rp_words *words, rp_str *out) {
  static const char *const reporting[] = {"reporting by"}, *const editing[] = {"editing by"};
  size_t paragraph = 0, n_paragraph = n_paragraphs(words);
  for (size_t i = 0; i < words->n; paragraph++) {
    size_t end = paragraph_end(words, i, SIZE_MAX);
    word_range line = {i, end};
    i = end;
    if (n_words(line) > LINE_WORDS || (paragraph >= LINE_FIRST && paragraph + LINE_LAST < n_paragraph)) continue;
    if (!RANGE_HAS(words, line, reporting) || !RANGE_HAS(words, line, editing)) continue;
    *out = text_of(words, line);
    return true;
  }
  return false;
}

/* A line at either end that says where the text is from, and does not name the
 * copy itself. */
static bool origin_line(const rp_words *words, const rp_source_names *own, rp_str *out) {
  size_t paragraph = 0, n_paragraph = n_paragraphs(words);
  for (size_t i = 0; i < words->n; paragraph++) {
    word_range line = {i, paragraph_end(words, i, SIZE_MAX)};
    i = line.end;
    if (n_words(line) > LINE_WORDS || (paragraph >= LINE_FIRST && paragraph + LINE_LAST < n_paragraph)) continue;
    if (!RANGE_HAS(words, line, origin_words) || RANGE_HAS(words, line, photo_words)) continue;
    bool names_itself = false;
    for (size_t w = line.start; w < line.end && !names_itself; w++)
      for (size_t k = 0; k < own->n; k++) names_itself |= rp_source_name_match(&own->name[k], words, w) > 0;
    if (names_itself || !(words->flag[line.start] & RP_WORD_CREDIT)) continue;
    *out = text_of(words, line);
    return true;
  }
  return false;
}

/* The copy names somebody who is not the source: the agency of its dateline,
 * or whom its last line thanks. */
static rp_status third_party(const rp_article *copy, const rp_words *words, rp_arena *arena, rp_credit_finding *out,
                             rp_error *error) {
  word_range r;
  *out = (rp_credit_finding){RP_UNCREDITED, {NULL, 0}, false};
  rp_source_names own;
  RP_TRY(rp_source_names_make(copy, words, arena, &own, error));
  rp_str line;
  if (rp_agency_of_dateline(words, &r.start, &r.end))
    *out = (rp_credit_finding){RP_MENTION, text_of(words, r), false};
  else if (origin_line(words, &own, &line))
    *out = (rp_credit_finding){RP_MENTION, line, false};
  return RP_OK;
}

rp_status rp_credit_judge(const rp_article *source, const rp_words *source_words, const rp_article *copy,
                          const rp_words *copy_words, rp_arena *arena, rp_credit_finding *out, rp_error *error) {
  rp_source_names names;
  RP_TRY(rp_source_names_make(source, source_words, arena, &names, error));
  rp_credit_finding best = best_place(&names, copy_words);
  rp_str signed_off;
  if (best.credit < RP_PARTIAL_CREDIT && names.is_agency && sign_off(copy_words, &signed_off))
    best = (rp_credit_finding){RP_CREDITED, signed_off, false};
  if (best.credit == RP_UNCREDITED) RP_TRY(third_party(copy, copy_words, arena, &best, error));
  *out = best;
  return RP_OK;
}

rp_str rp_credit_dateline_agency(const rp_article *article, const rp_words *words) {
  (void)article;
  size_t start, end;
  const char *const *row = rp_agency_of_dateline(words, &start, &end);
  return row ? (rp_str){row[0], strlen(row[0])} : (rp_str){NULL, 0};
}
