/* Quotation without quotation marks. */
#include <string.h>

#include "text/fold.h"
#include "text/phrase.h"
#include "text/quote.h"
#include "text/utf8.h"

enum {
  POST_MAX = 90,      /* words of a post, its signature among them */
  SIGNATURE_MAX = 70, /* bytes from the dash to the handle */
  HANDLE_MAX = 40,    /* bytes of the handle */
  DATE_MAX = 22,      /* bytes of a date behind it */
  LABEL_MAX = 4,      /* words of a speaker's name */
  LABEL_MIN = 3,      /* capitals of it */
  SPEAKERS_MIN = 3,
};

static void mark_words(rp_words *words, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) words->flag[i] |= RP_WORD_QUOTED;
}

static bool is_paragraph(const rp_words *words, size_t i) {
  return i == words->n || (words->flag[i] & RP_WORD_PARAGRAPH) != 0;
}

/* ---- embedded posts --------------------------------------------------------- */

/* The last dash of [from, to): its place, or `to`. */
static size_t find_dash(rp_str text, size_t from, size_t to) {
  for (size_t at = to; at > from + 2;) {
    at--;
    const char *p = text.data + at;
    if ((p[0] == '-' && p[-1] == '-') || memcmp(p - 2, "\xE2\x80\x94", 3) == 0) return at;
  }
  return to;
}

typedef struct post {
  size_t paragraph, before; /* first words of the signature's paragraph and the one before it */
  size_t floor;             /* first word behind the last post */
} post;

/* A handle begins with word `i`: marks its post; the word behind it. */
static size_t mark_post(rp_words *words, size_t i, const post *p) {
  rp_str text = words->text;
  size_t handle = words->start[i] - 2u, from = words->start[p->paragraph];
  if (p->paragraph > 0) from = words->end[p->paragraph - 1];
  if (handle - from > SIGNATURE_MAX) from = handle - SIGNATURE_MAX;
  size_t dash = find_dash(text, from, handle);
  if (dash == handle) return p->floor;
  const char *end = memchr(text.data + handle, ')', text.len - handle < HANDLE_MAX ? text.len - handle : HANDLE_MAX);
  if (end == NULL) return p->floor;
  size_t name = i;
  while (name > p->paragraph && words->start[name - 1] > dash) name--;
  size_t first = name - p->paragraph < 4 ? p->before : p->paragraph;
  if (first < p->floor) first = p->floor;
  if (name - first > POST_MAX) return p->floor;
  size_t last = i + 1, close = (size_t)(end - text.data);
  while (!is_paragraph(words, last) && words->start[last] < close + DATE_MAX) last++;
  mark_words(words, first, last);
  return last;
}

static void mark_posts(rp_words *words) {
  post p = {0};
  for (size_t i = 0; i < words->n; i++) {
    if (i > 0 && is_paragraph(words, i)) {
      p.before = p.paragraph;
      p.paragraph = i;
    }
    size_t at = words->start[i];
    if (at >= 2 && words->text.data[at - 1] == '@' && words->text.data[at - 2] == '(' && i >= p.floor) {
      p.floor = mark_post(words, i, &p);
    }
  }
}

/* ---- transcripts -------------------------------------------------------------- */

/* All letters capitals; their number, 0 where one is not. */
static size_t count_capitals(const rp_words *words, size_t i) {
  size_t n = 0;
  for (size_t at = words->start[i]; at < words->end[i];) {
    uint32_t c = rp_char_next(words->text, &at);
    if (rp_fold_is_capital(c))
      n++;
    else if (rp_fold_is_word(c))
      return 0;
  }
  return n;
}

/* What editors, not speakers, say. */
static bool is_editorial(const rp_words *words, size_t i) {
  static const char list[][8] = {"watch", "read",   "related", "more",   "update",   "updated", "breaking",
                                 "note",  "video",  "photo",   "photos", "analysis", "opinion", "file",
                                 "live",  "listen", "see",     "also",   "source",   "sources", "editor",
                                 "must",  "fact",   "poll",    "report"};
  return rp_phrase_is_word(words, i, list, sizeof list / sizeof *list);
}

/* A label "NAME:" ends with word `i`, which a colon follows: its first word;
 * else n. */
static size_t label_of(const rp_words *words, size_t i) {
  rp_str text = words->text;
  size_t end = words->end[i], n = 0, first = i;
  if (end + 1 < text.len && text.data[end + 1] != ' ' && text.data[end + 1] != '\n') return words->n;
  for (size_t k = 0; k < LABEL_MAX; k++) {
    size_t capitals = count_capitals(words, first);
    if (capitals == 0 || is_editorial(words, first)) return words->n;
    n += capitals;
    if (n >= LABEL_MIN && (words->flag[first] & RP_WORD_SENTENCE) != 0) return first;
    if (first == 0 || (words->flag[first] & RP_WORD_PARAGRAPH) != 0) break;
    first--;
  }
  return words->n;
}

static inline size_t label_start(const rp_words *words, size_t i) {
  size_t end = words->end[i];
  return end < words->text.len && words->text.data[end] == ':' ? label_of(words, i) : words->n;
}

static bool has_byte(rp_str text, char byte) { return text.len > 0 && memchr(text.data, byte, text.len) != NULL; }

static void mark_speakers(rp_words *words) {
  size_t n = 0;
  for (size_t i = 0; i < words->n; i++) n += label_start(words, i) < words->n;
  if (n < SPEAKERS_MIN) return;
  for (size_t i = 0; i < words->n; i++) {
    size_t first = label_start(words, i);
    if (first == words->n) continue;
    size_t last = i + 1;
    while (!is_paragraph(words, last)) last++;
    mark_words(words, first, last);
    i = last - 1;
  }
}

void rp_quote_mark_blocks(rp_words *words) {
  if (has_byte(words->text, '@')) mark_posts(words);
  if (has_byte(words->text, ':')) mark_speakers(words);
}
