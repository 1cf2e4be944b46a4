#include "ingest/text.h"

#include <string.h>

#include "ingest/charset.h"

enum { TITLE_WORDS = 25, MAX_HEAD_LINES = 24 };

static bool is_blank(rp_str s) { return rp_fields_trim(s).len == 0; }

/* The line at `at`, without its end; `*next` is where the one after it begins. */
static rp_str line_at(rp_str text, size_t at, size_t *next) {
  const char *end = memchr(text.data + at, '\n', text.len - at);
  size_t stop = end ? (size_t)(end - text.data) : text.len;
  *next = end ? stop + 1 : text.len;
  if (stop > at && text.data[stop - 1] == '\r') stop--;
  return (rp_str){text.data + at, stop - at};
}

static size_t count_words(rp_str s) {
  size_t n = 0;
  bool in_word = false;
  for (size_t i = 0; i < s.len; i++) {
    bool is_space = (unsigned char)s.data[i] <= ' ';
    n += !is_space && !in_word;
    in_word = !is_space;
  }
  return n;
}

/* A sentence's end, or a closing quotation mark or bracket. */
static bool ends_like_sentence(rp_str s) {
  static const char *const ends[] = {".",
                                     "!",
                                     "?",
                                     "\"",
                                     "'",
                                     ")",
                                     "]",
                                     "}",
                                     "\xe2\x80\x9c",
                                     "\xe2\x80\x9d",
                                     "\xe2\x80\x99",
                                     "\xe2\x80\x98",
                                     "\xe2\x80\xa6",
                                     "\xc2\xbb",
                                     "\xc2\xab",
                                     "\xe2\x80\xba",
                                     "\xe2\x80\xb9",
                                     "\xe3\x80\x82",
                                     "\xef\xbc\x81",
                                     "\xef\xbc\x9f",
                                     "\xe3\x80\x8d"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    size_t n = strlen(ends[i]);
    if (s.len >= n && memcmp(s.data + s.len - n, ends[i], n) == 0) return true;
  }
  return false;
}

/* "Key: value" with a listed key; its kind, or RP_FIELD_COUNT. */
static rp_field_kind head_line(rp_str line, rp_str *value) {
  const char *colon = memchr(line.data, ':', line.len < 32 ? line.len : 32);
  if (!colon) return RP_FIELD_COUNT;
  size_t n = (size_t)(colon - line.data);
  *value = rp_fields_trim((rp_str){colon + 1, line.len - n - 1});
  return rp_fields_find_key(rp_fields_trim((rp_str){line.data, n}));
}

/* Where the head at `start` ends, its blank line included; `start` where there
 * is none. */
static size_t read_head(rp_str text, size_t start, rp_values *values) {
  rp_values found = {0};
  size_t at = start, n_line = 0;
  while (at < text.len && n_line < MAX_HEAD_LINES) {
    size_t next;
    rp_str line = line_at(text, at, &next), value = {0};
    if (is_blank(line)) {
      if (n_line == 0 || is_blank((rp_str){text.data + next, text.len - next})) return start;
      *values = found;
      return next;
    }
    rp_field_kind kind = head_line(line, &value);
    if (kind == RP_FIELD_COUNT) return start;
    if (found.value[kind].len == 0) found.value[kind] = value;
    n_line++;
    at = next;
  }
  return start;
}

/* The title line at `start`, empty where the first line is none. */
static rp_str title_line(rp_str text, size_t start) {
  size_t at = start, next = start;
  rp_str line = {0};
  while (at < text.len && is_blank(line = line_at(text, at, &next))) at = next;
  if (at >= text.len || is_blank((rp_str){text.data + next, text.len - next})) return (rp_str){0};
  line = rp_fields_trim(line);
  return count_words(line) <= TITLE_WORDS && !ends_like_sentence(line) ? line : (rp_str){0};
}

void rp_text_read(rp_str bytes, const rp_settings *settings, const rp_origin *origin, rp_items *items) {
  rp_values values = {0};
  size_t n_replaced = 0;
  rp_str text;
  if (rp_charset_decode(bytes, NULL, items->arena, &text, &n_replaced, NULL) != RP_OK) {
    items->failed = true;
    return;
  }
  if (is_blank(text)) {
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "no text");
    return;
  }
  rp_mark *mark = RP_NEW(items->arena, rp_mark, 2);
  if (!mark) {
    items->failed = true;
    return;
  }
  if (n_replaced)
    rp_items_problem(items, RP_PROBLEM_NOTED, origin->place, "%zu undecodable bytes replaced", n_replaced);
  size_t n_mark = 0, bom = rp_charset_bom(text, NULL), start = bom;
  if (text.len <= settings->limits.article) start = read_head(text, bom, &values);
  if (start > bom) mark[n_mark++] = (rp_mark){(uint32_t)bom, (uint32_t)start, RP_REASON_FURNITURE};
  if (values.value[RP_FIELD_TITLE].len == 0 && text.len <= settings->limits.article) {
    rp_str title = title_line(text, start);
    size_t at = title.len ? (size_t)(title.data - text.data) : 0;
    if (title.len) mark[n_mark++] = (rp_mark){(uint32_t)at, (uint32_t)(at + title.len), RP_REASON_TITLE};
    values.value[RP_FIELD_TITLE] = title;
  }
  values.value[RP_FIELD_TEXT] = text;
  rp_extra extra = {.mark = mark, .n_mark = n_mark};
  rp_article_finish(settings, origin, &values, &extra, items);
}
