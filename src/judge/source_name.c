#include "judge/source_name.h"

#include <string.h>

#include "agencies_table.h"

enum {
  ACRONYM_MAX = 5,
  STEM_MIN = 3,
  DATELINE_WORDS = 64, /* marked words looked at: no dateline is longer */
};

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static char lower(char c) { return is_upper(c) ? (char)(c - 'A' + 'a') : c; }
/* Parts words in a name; bytes of other scripts do not. */
static bool is_separator(char c) {
  char l = lower(c);
  return (unsigned char)c < 0x80 && !(l >= 'a' && l <= 'z') && !(c >= '0' && c <= '9');
}

static rp_str str_of(const char *text) { return (rp_str){text, strlen(text)}; }

static bool equals_ignoring_case(rp_str x, rp_str y) {
  if (x.len != y.len) return false;
  for (size_t i = 0; i < x.len; i++)
    if (lower(x.data[i]) != lower(y.data[i])) return false;
  return true;
}

static bool is_acronym(rp_str name) {
  if (name.len == 0 || name.len > ACRONYM_MAX) return false;
  for (size_t i = 0; i < name.len; i++)
    if (!is_upper(name.data[i])) return false;
  return true;
}

static bool is_one_word(rp_str name) {
  for (size_t i = 0; i < name.len; i++)
    if (is_separator(name.data[i])) return false;
  return true;
}

/* ---- where a name stands ---------------------------------------------------- */

/* Words of the folded text from word i on that spell `name`; 0: none. */
static size_t spelled_at(rp_str name, const rp_words *words, size_t i) {
  size_t word = i;
  const char *at = words->folded + words->folded_at[i];
  for (size_t k = 0;;) {
    bool parts = k < name.len && is_separator(name.data[k]);
    while (k < name.len && is_separator(name.data[k])) k++;
    if (k == name.len) return *at == '\n' ? word - i + 1 : 0;
    if (*at == '\n') {
      /* characters of scripts without spaces are words each */
      if (!parts && !(words->flag[word] & RP_WORD_LIGHT)) return 0;
      if (++word == words->n) return 0;
      at++;
    } else if (parts) {
      return 0;
    }
    if (lower(name.data[k++]) != *at++) return 0;
  }
}

size_t rp_source_name_match(const rp_source_name *name, const rp_words *words, size_t i) {
  if (words->folded[words->folded_at[i]] != lower(name->text.data[0])) return 0;
  size_t n = spelled_at(name->text, words, i);
  if (n == 0) return 0;
  if (name->is_acronym) {
    size_t len = words->end[i + n - 1] - words->start[i];
    if (len != name->text.len || memcmp(words->text.data + words->start[i], name->text.data, len) != 0) return 0;
  }
  return name->needs_capital && !(words->flag[i] & RP_WORD_CAPITAL) ? 0 : n;
}

/* ---- agencies ---------------------------------------------------------------- */

static rp_source_name name_of(rp_str text) {
  rp_source_name name = {.text = text, .is_acronym = is_acronym(text)};
  name.needs_capital = is_one_word(text) && !name.is_acronym && is_upper(text.data[0]);
  return name;
}

/* Most cells differ in their first letter, so that their length is never asked for. */
static bool is_called(const char *cell, rp_str name) {
  for (size_t i = 0; i < name.len; i++)
    if (!cell[i] || lower(cell[i]) != lower(name.data[i])) return false;
  return !cell[name.len];
}

const char *const *rp_agency_by_name(rp_str name) {
  if (name.len == 0) return NULL;
  for (size_t row = 0; rp_agencies_table[row][0]; row++)
    for (const char *const *cell = rp_agencies_table[row]; *cell; cell++)
      if (is_called(*cell, name)) return rp_agencies_table[row];
  return NULL;
}

/* The row with a name that stands at word i, and its words. */
static const char *const *agency_at(const rp_words *words, size_t i, size_t *n) {
  char first = words->folded[words->folded_at[i]];
  for (size_t row = 0; rp_agencies_table[row][0]; row++)
    for (const char *const *cell = rp_agencies_table[row]; *cell; cell++) {
      if (lower(**cell) != first) continue;
      rp_source_name name = name_of(str_of(*cell));
      *n = rp_source_name_match(&name, words, i);
      if (*n) return rp_agencies_table[row];
    }
  return NULL;
}

const char *const *rp_agency_of_dateline(const rp_words *words, size_t *start, size_t *end) {
  size_t n_looked = 0;
  for (size_t i = 0; i < words->n && n_looked < DATELINE_WORDS; i++) {
    if (!(words->flag[i] & RP_WORD_DATELINE)) continue;
    n_looked++;
    size_t n;
    const char *const *row = agency_at(words, i, &n);
    if (!row) continue;
    *start = i;
    *end = i + n;
    return row;
  }
  return NULL;
}

/* ---- names of a source ------------------------------------------------------- */

static void add(rp_source_names *names, rp_source_name name) {
  if (name.text.len == 0 || is_separator(name.text.data[0]) || names->n == RP_SOURCE_NAMES_MAX) return;
  for (size_t k = 0; k < names->n; k++)
    if (equals_ignoring_case(names->name[k].text, name.text)) return;
  names->name[names->n++] = name;
  names->begins[(unsigned char)lower(name.text.data[0])] = true;
}

static void add_agency(rp_source_names *names, const char *const *row, bool by_agency) {
  for (; row && *row; row++) {
    rp_source_name name = name_of(str_of(*row));
    name.by_agency = by_agency;
    add(names, name);
  }
}

/* "washingtonpost" is also written "washington post". */
static bool add_parted(rp_source_names *names, rp_str stem, rp_arena *arena) {
  static const char *const tail[] = {"news",   "times",    "post",      "today", "tribune",   "herald",   "online",
                                     "press",  "journal",  "gazette",   "daily", "telegraph", "star",     "mirror",
                                     "review", "magazine", "chronicle", "globe", "standard",  "observer", "tv"};
  for (size_t k = 0; k < sizeof tail / sizeof *tail; k++) {
    rp_str t = str_of(tail[k]);
    if (stem.len < t.len + 2 || !equals_ignoring_case((rp_str){stem.data + stem.len - t.len, t.len}, t)) continue;
    char *parted = RP_NEW(arena, char, stem.len + 1);
    if (!parted) return false;
    memcpy(parted, stem.data, stem.len - t.len);
    parted[stem.len - t.len] = ' ';
    memcpy(parted + stem.len - t.len + 1, t.data, t.len);
    add(names, (rp_source_name){.text = {parted, stem.len + 1}});
    return true;
  }
  return true;
}

/* The first part of a registrable domain, "the" off. */
static bool add_stem(rp_source_names *names, rp_str domain, rp_arena *arena) {
  const char *dot = domain.len ? memchr(domain.data, '.', domain.len) : NULL;
  if (!dot || memchr(domain.data, ' ', domain.len)) return true;
  rp_str stem = {domain.data, (size_t)(dot - domain.data)};
  add(names, (rp_source_name){.text = stem, .needs_capital = stem.len >= STEM_MIN, .is_stem = true});
  if (stem.len < STEM_MIN && stem.len > 0) {
    char *capitals = rp_arena_memdup(arena, stem.data, stem.len);
    if (!capitals) return false;
    for (size_t i = 0; i < stem.len; i++)
      capitals[i] = lower(capitals[i]) == capitals[i] ? (char)(capitals[i] - 32) : capitals[i];
    names->name[names->n - 1] = (rp_source_name){.text = {capitals, stem.len}, .is_acronym = true, .is_stem = true};
  }
  return add_parted(names, stem, arena);
}

/* The name as it folds, so that it equals folded words. */
static rp_status fold(rp_str name, rp_arena *arena, rp_str *out, rp_error *error) {
  rp_words words;
  RP_TRY(rp_words_fold(name, arena, &words, error));
  *out = (rp_str){words.folded, words.n ? words.folded_at[words.n] : 0};
  return RP_OK;
}

static rp_status add_printed(rp_source_names *names, rp_str printed, rp_arena *arena, rp_error *error) {
  if (printed.len == 0) return RP_OK;
  rp_source_name name = name_of(printed);
  if (!name.is_acronym) RP_TRY(fold(printed, arena, &name.text, error));
  add(names, name);
  return add_stem(names, printed, arena) ? RP_OK : rp_fail_memory(error);
}

rp_status rp_source_names_make(const rp_article *article, const rp_words *words, rp_arena *arena, rp_source_names *out,
                               rp_error *error) {
  rp_source_names names = {0};
  RP_TRY(add_printed(&names, article->publisher, arena, error));
  RP_TRY(add_printed(&names, article->publisher_key, arena, error));
  if (names.n == 0) RP_TRY(add_printed(&names, article->host, arena, error));
  const char *const *own = rp_agency_by_name(article->publisher);
  for (size_t k = 0; k < names.n && !own; k++) own = rp_agency_by_name(names.name[k].text);
  if (!own) own = rp_agency_by_name(article->publisher_key);
  names.is_agency = own != NULL;
  add_agency(&names, own, false);
  size_t start, end;
  const char *const *dateline = rp_agency_of_dateline(words, &start, &end);
  if (dateline != own) add_agency(&names, dateline, true);
  *out = names;
  return RP_OK;
}
