#include "text/phrase.h"

#include <string.h>

#include "text/utf8.h"

size_t rp_phrase_at(const rp_words *words, size_t i, size_t last, const char *phrase) {
  const char *word = words->folded + words->folded_at[i];
  if (*word != *phrase) return 0;
  const char *end = words->folded + words->folded_at[last];
  size_t n = 0;
  for (; *phrase != '\0'; word++, phrase++) {
    if (word == end || *word != (*phrase == ' ' ? '\n' : *phrase)) return 0;
    n += *phrase == ' ';
  }
  return word < end && *word == '\n' ? n + 1 : 0;
}

size_t rp_phrase_any(const rp_words *words, size_t i, size_t last, const char *const *list) {
  size_t longest = 0;
  for (; *list != NULL; list++) {
    size_t n = rp_phrase_at(words, i, last, *list);
    if (n > longest) longest = n;
  }
  return longest;
}

/* A bit of 64 for the first two bytes. */
static uint64_t bit_of(const char *word) {
  return (uint64_t)1 << (((unsigned char)word[0] * 7u + (unsigned char)word[1]) & 63);
}

size_t rp_phrase_find(const rp_words *words, size_t first, size_t last, const char *const *list) {
  uint64_t begins = 0;
  for (size_t k = 0; list[k] != NULL; k++) begins |= bit_of(list[k]);
  for (; first < last; first++) {
    if ((bit_of(words->folded + words->folded_at[first]) & begins) == 0) continue;
    if (rp_phrase_any(words, first, last, list) > 0) break;
  }
  return first;
}

bool rp_phrase_is_word(const rp_words *words, size_t i, const char (*list)[8], size_t n) {
  char word[8] = {0};
  size_t len = words->folded_at[i + 1] - words->folded_at[i] - 1;
  if (len > sizeof word) return false;
  memcpy(word, words->folded + words->folded_at[i], len);
  for (size_t k = 0; k < n; k++)
    if (memcmp(list[k], word, sizeof word) == 0) return true;
  return false;
}

void rp_phrase_flag(rp_words *words, size_t first, size_t last, uint16_t flag) {
  for (size_t i = first; i < last; i++) words->flag[i] |= flag;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* Ends the bytes in a sentence?  Marks and brackets may stand behind the end. */
static bool ends_sentence(rp_str text, size_t from, size_t to) {
  bool ends = false;
  for (size_t at = from; at < to;) {
    uint32_t c = rp_char_next(text, &at);
    bool stop = c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
    bool behind = c == '"' || c == '\'' || c == ')' || c == ']' || c == ' ' || c == 0xBB || c == 0xAB ||
                  (c >= 0x2018 && c <= 0x201F) || c == 0x300D || c == 0x300F || c == 0xA0;
    ends = stop || (ends && behind);
  }
  return ends;
}

static rp_line read_line(const rp_words *words, size_t first, size_t last) {
  const char *data = words->text.data;
  rp_line line = {.first = first, .last = last};
  size_t floor = first == 0 ? 0 : words->end[first - 1], roof = last == words->n ? words->text.len : words->start[last];
  size_t at = words->start[first];
  while (at > floor && data[at - 1] != '\n') at--;
  line.start = at;
  unsigned breaks = 0;
  for (; at > floor && is_blank(data[at - 1]); at--) breaks += data[at - 1] == '\n';
  line.is_alone = first == 0 || breaks > 1;
  while (line.start < words->start[first] && is_blank(data[line.start])) line.start++;
  at = words->end[last - 1];
  while (at < roof && data[at] != '\n') at++;
  while (at > words->end[last - 1] && is_blank(data[at - 1])) at--;
  line.end = at;
  line.is_sentence = ends_sentence(words->text, words->end[last - 1], line.end);
  return line;
}

rp_status rp_lines_make(const rp_words *words, rp_arena *arena, rp_lines *out, rp_error *error) {
  size_t n = 0;
  for (size_t i = 0; i < words->n; i++) n += (words->flag[i] & RP_WORD_PARAGRAPH) != 0;
  rp_line *line = RP_NEW(arena, rp_line, n);
  if (line == NULL) return rp_fail_memory(error);
  n = 0;
  for (size_t i = 0, last; i < words->n; i = last) {
    for (last = i + 1; last < words->n && (words->flag[last] & RP_WORD_PARAGRAPH) == 0;) last++;
    line[n++] = read_line(words, i, last);
  }
  *out = (rp_lines){line, n};
  return RP_OK;
}
