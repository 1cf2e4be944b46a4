#include "text/token.h"

#include <string.h>

#include "text/fast.h"
#include "text/fold.h"
#include "text/phrase.h"
#include "text/scan.h"
#include "text/utf8.h"

/* ---- room for the words ------------------------------------------------ */

static rp_status reserve(rp_str text, rp_arena *arena, rp_words *out, rp_error *error) {
  rp_scan_size size = rp_scan_bound(text);
  /* Much of a text in wide characters: counting costs less than the memory. */
  if (size.n_word > text.len || size.n_byte > UINT32_MAX) size = rp_scan_count(text);
  if (size.n_byte > UINT32_MAX) return rp_fail(error, RP_ERR_LIMIT, "text folds to more than 4294967295 bytes");
  *out = (rp_words){.text = text};
  out->hash = RP_NEW(arena, uint64_t, size.n_word);
  out->flag = RP_NEW(arena, uint16_t, size.n_word);
  out->folded_at = RP_NEW(arena, uint32_t, size.n_word + 1);
  out->folded = RP_NEW(arena, char, size.n_byte);
  out->start = RP_NEW(arena, uint32_t, size.n_word);
  out->end = RP_NEW(arena, uint32_t, size.n_word);
  bool has_room = out->hash != NULL && out->flag != NULL && out->folded_at != NULL && out->folded != NULL &&
                  out->start != NULL && out->end != NULL;
  return has_room ? RP_OK : rp_fail_memory(error);
}

static rp_status check_length(rp_str text, rp_error *error) {
  if (text.len <= (size_t)1 << 31) return RP_OK;
  return rp_fail(error, RP_ERR_LIMIT, "text has %zu bytes: more than 2147483648 cannot be split", text.len);
}

static rp_status scan(rp_str text, rp_arena *arena, rp_words *out, rp_error *error) {
  RP_TRY(reserve(text, arena, out, error));
  rp_scan_words(text, out);
  return RP_OK;
}

rp_status rp_words_fold(rp_str text, rp_arena *arena, rp_words *out, rp_error *error) {
  rp_words words;
  bool is_done = false;
  RP_TRY(check_length(text, error));
  RP_TRY(rp_fast_fold(text, rp_fast_best(), arena, &words, &is_done, error));
  if (!is_done) RP_TRY(scan(text, arena, &words, error));
  words.start = words.end = NULL;
  *out = words;
  return RP_OK;
}

/* The words without the flags that their surroundings give. */
static rp_status find_words(rp_str text, rp_arena *arena, rp_words *out, rp_error *error) {
  bool is_done = false;
  RP_TRY(check_length(text, error));
  RP_TRY(rp_fast_words(text, rp_fast_best(), arena, out, &is_done, error));
  return is_done ? RP_OK : scan(text, arena, out, error);
}

/* ---- lines broken by width -------------------------------------------------- */

enum { WRAP_MIN = 45, WRAP_MAX = 100, WRAP_LINES = 8 };

/* Is the text broken into lines of one width, so that only an empty line ends
 * a paragraph?  No line is long, and of those right before another line three
 * quarters are nearly full. */
static bool is_wrapped(rp_str text) {
  size_t n = 0, full = 0, empty = 0;
  for (size_t at = 0; at < text.len;) {
    const char *line = text.data + at, *end = memchr(line, '\n', text.len - at);
    size_t len = end == NULL ? text.len - at : (size_t)(end - line);
    if (len > WRAP_MAX) return false;
    at += len + 1;
    if (len <= 1) empty++;
    if (len <= 1 || at >= text.len || text.data[at] == '\n' || text.data[at] == '\r') continue;
    n++;
    full += len >= WRAP_MIN;
  }
  return n >= WRAP_LINES && empty > 0 && full * 4 >= n * 3;
}

/* ---- flags: what stands between two words -------------------------------- */

typedef struct gap {
  unsigned newlines;
  bool after_colon; /* the first line that ends does so in a colon */
  bool stop;        /* a mark that ends a sentence, if no abbreviation */
  bool only_point;  /* one '.' right behind the word, and no other */
  bool quote_last;  /* the next word begins a quotation */
} gap;

static bool is_space(uint32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == 0xA0; }

static bool is_double_mark(uint32_t c) {
  return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0xAB || c == 0xBB || c == 0x300C || c == 0x300E;
}

static gap read_gap(rp_str text, size_t start, size_t end) {
  gap g = {0};
  size_t n = 0, n_stop = 0;
  uint32_t solid = 0; /* last character that is no space */
  bool quote = false;
  for (size_t at = start; at < end; n++) {
    uint32_t c = rp_char_next(text, &at);
    bool was_open = n == 0 ? start == 0 : !quote;
    quote = is_double_mark(c);
    g.quote_last = quote && was_open && n > 0;
    if (c == '\n') {
      if (g.newlines == 0) g.after_colon = solid == ':' || solid == 0xFF1A;
      if (g.newlines < 2) g.newlines++;
    } else if (!is_space(c)) {
      solid = c;
    }
    if (c == '.' || c == '!' || c == '?' || c == ':' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F) {
      n_stop++;
      g.only_point = c == '.' && n == 0;
    }
  }
  g.stop = n_stop > 0;
  g.only_point = g.only_point && n_stop == 1;
  return g;
}

/* Words after which a point ends no sentence. */
static bool is_abbreviation(const rp_words *words, size_t i) {
  static const char list[][8] = {"sen",  "rep", "gov",  "gen", "mrs", "col",  "lt",  "sgt",  "maj", "capt",
                                 "cmdr", "adm", "prof", "rev", "hon", "pres", "sec", "jan",  "feb", "aug",
                                 "sept", "oct", "nov",  "dec", "inc", "corp", "ltd", "bros", "est"};
  size_t len = words->folded_at[i + 1] - words->folded_at[i] - 1;
  const char *word = words->folded + words->folded_at[i];
  if (len <= 2) return !(word[0] >= '0' && word[0] <= '9');
  return rp_phrase_is_word(words, i, list, sizeof list / sizeof *list);
}

static bool is_number(const rp_words *words, size_t i) {
  const char *word = words->folded + words->folded_at[i];
  if (word[0] > '9') return false;
  size_t len = words->folded_at[i + 1] - words->folded_at[i] - 1;
  for (size_t k = 0; k < len; k++)
    if (word[k] != '.' && (word[k] < '0' || word[k] > '9')) return false;
  return true;
}

static bool is_capital(const rp_words *words, size_t i) {
  size_t at = words->start[i];
  if (at >= words->end[i]) return false;
  unsigned char byte = (unsigned char)words->text.data[at];
  if (byte < 128 && byte != '&') return byte >= 'A' && byte <= 'Z';
  return rp_fold_is_capital(rp_char_next(words->text, &at));
}

static inline uint16_t flags_of(const rp_words *words, size_t i, unsigned break_lines) {
  uint16_t flag = 0;
  size_t from = i == 0 ? 0 : words->end[i - 1], to = words->start[i];
  if (is_number(words, i)) flag |= RP_WORD_NUMBER;
  if (is_capital(words, i)) flag |= RP_WORD_CAPITAL;
  if (i > 0 && rp_phrase_is_plain_gap(words, i)) return flag;
  gap g = read_gap(words->text, from, to);
  bool breaks = i == 0 || g.newlines >= break_lines;
  if (breaks) flag |= RP_WORD_PARAGRAPH | RP_WORD_SENTENCE;
  if (i > 0 && breaks && g.after_colon) flag |= RP_WORD_AFTER_COLON;
  if (g.quote_last || (g.stop && !(i > 0 && g.only_point && is_abbreviation(words, i - 1)))) flag |= RP_WORD_SENTENCE;
  return flag;
}

rp_status rp_words_split(rp_str text, rp_arena *arena, rp_words *out, rp_error *error) {
  rp_words words;
  RP_TRY(find_words(text, arena, &words, error));
  unsigned break_lines = is_wrapped(text) ? 2 : 1;
  for (size_t i = 0; i < words.n; i++) words.flag[i] |= flags_of(&words, i, break_lines);
  *out = words;
  return RP_OK;
}

uint32_t rp_words_counted(const rp_words *words) {
  size_t n_counted = 0, n_light = 0;
  for (size_t i = 0; i < words->n; i++) {
    bool is_counted = (words->flag[i] & RP_WORD_UNCOUNTED) == 0;
    n_counted += is_counted;
    n_light += is_counted & ((words->flag[i] & RP_WORD_LIGHT) != 0);
  }
  return (uint32_t)(n_counted - n_light / 2);
}
