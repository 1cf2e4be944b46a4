#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/mem.h"
#include "text/fold.h"
#include "text/token.h"
#include "text/utf8.h"

static rp_str str(const char *s) { return (rp_str){s, strlen(s)}; }

static rp_words split(rp_arena *arena, rp_str text) {
  rp_words words;
  assert_int_equal(rp_words_split(text, arena, &words, NULL), RP_OK);
  return words;
}

static rp_str word(const rp_words *w, size_t i) {
  return (rp_str){w->folded + w->folded_at[i], w->folded_at[i + 1] - w->folded_at[i] - 1};
}

/* ---- a slow reference: arrays of symbols -------------------------------- */

typedef struct symbol {
  uint32_t c; /* folded code point, '.', ',', or ' ' */
  size_t start, end;
} symbol;

static size_t symbols_of(rp_str text, symbol *out) {
  size_t n = 0;
  for (size_t at = 0; at < text.len;) {
    size_t start = at;
    uint32_t c = rp_char_next(text, &at), value = rp_fold_of(c) & 0x7FFFu;
    if (value == RP_FOLD_DROP) {
      if (n > 0 && out[n - 1].c != ' ' && out[n - 1].c != '.' && out[n - 1].c != ',') out[n - 1].end = at;
    } else if (value == RP_FOLD_SEPARATOR) {
      out[n++] = (symbol){c == '.' || c == ',' ? c : ' ', start, at};
    } else if (value < RP_FOLD_STRING) {
      out[n++] = (symbol){c, start, at};
    } else {
      rp_str folded = rp_fold_string(value);
      for (size_t i = 0, from = start; i < folded.len;) {
        uint32_t part = rp_utf8_next(folded, &i);
        out[n++] = (symbol){part, from, at};
        if (part != ' ') from = at;
      }
    }
  }
  return n;
}

static bool digit(const symbol *s, size_t n, size_t i) { return i < n && s[i].c >= '0' && s[i].c <= '9'; }

typedef struct naive_word {
  char folded[512];
  size_t len, start, end;
  bool light;
} naive_word;

static size_t naive_words(rp_str text, symbol *s, naive_word *out) {
  size_t n = symbols_of(text, s), n_word = 0;
  bool open = false;
  for (size_t i = 0; i < n; i++) {
    bool point = s[i].c == '.' && i > 0 && digit(s, n, i - 1) && digit(s, n, i + 1);
    bool comma = s[i].c == ',' && i > 0 && digit(s, n, i - 1) && digit(s, n, i + 1) && digit(s, n, i + 2) &&
                 digit(s, n, i + 3) && !digit(s, n, i + 4);
    if (comma) continue;
    bool light = rp_fold_of(s[i].c) == RP_FOLD_LIGHT;
    bool part = point || (rp_fold_is_word(s[i].c));
    if (!part || light) open = false;
    if (!part) continue;
    if (!open) out[n_word++] = (naive_word){.start = s[i].start, .light = light};
    naive_word *w = &out[n_word - 1];
    w->len += rp_utf8_put(s[i].c, w->folded + w->len);
    w->end = s[i].end;
    open = !light;
  }
  for (size_t i = 0; i < n_word; i++) {
    int number = rp_fold_number(out[i].folded, out[i].len);
    if (number >= 0) out[i].len = (size_t)sprintf(out[i].folded, "%d", number);
  }
  return n_word;
}

static symbol symbols[4096];
static naive_word naive[4096];

/* Everything that holds for the words of any text. */
static void check(rp_arena *arena, rp_str text) {
  rp_words w = split(arena, text), f;
  assert_int_equal(rp_words_fold(text, arena, &f, NULL), RP_OK);
  size_t n = naive_words(text, symbols, naive);
  assert_int_equal(w.n, n);
  assert_int_equal(f.n, n);
  assert_null(f.start);
  size_t before = 0;
  for (size_t i = 0; i < n; i++) {
    rp_str a = word(&w, i), b = word(&f, i);
    assert_int_equal(a.len, naive[i].len);
    assert_memory_equal(a.data, naive[i].folded, a.len);
    assert_int_equal(b.len, a.len);
    assert_memory_equal(a.data, b.data, a.len + 1);
    assert_int_equal(a.data[a.len], '\n');
    assert_int_equal(w.hash[i], rp_hash64(a.data, a.len));
    assert_int_equal(f.hash[i], w.hash[i]);
    assert_int_equal(f.flag[i], w.flag[i] & RP_WORD_LIGHT);
    assert_int_equal((w.flag[i] & RP_WORD_LIGHT) != 0, naive[i].light);
    assert_int_equal(w.start[i], naive[i].start);
    assert_int_equal(w.end[i], naive[i].end);
    assert_true(w.start[i] >= before && w.start[i] <= w.end[i] && w.end[i] <= text.len);
    before = w.end[i];
  }
  /* folded words fold to themselves */
  rp_words again = split(arena, (rp_str){w.folded, w.folded_at[w.n]});
  assert_int_equal(again.n, n);
  if (n > 0) assert_memory_equal(again.hash, w.hash, n * sizeof *w.hash);
}

static void random_bytes_agree_with_the_reference(void **state) {
  (void)state;
  static const char *const piece[] = {"a",
                                      "Z",
                                      "1",
                                      "23",
                                      "000",
                                      ".",
                                      ",",
                                      " ",
                                      "\n",
                                      "'",
                                      "\"",
                                      "&",
                                      "amp;",
                                      "&eacute;",
                                      "&#x662;",
                                      "&#44;",
                                      "\xC3\xA9",
                                      "\xC3\xA2",
                                      "\xE2\x82\xAC",
                                      "\xE2\x84\xA2",
                                      "\xE2\x80\x99",
                                      "\xC2\xAD",
                                      "\xCC\x81",
                                      "\xE4\xB8\xAD",
                                      "\xE3\x81\x8C",
                                      "\xC2\xBD",
                                      "\xEF\xB7\xBA",
                                      "\xEF\xAC\x81",
                                      "\xEF\xBC\x95",
                                      "\xF0\x9D\x9F\x8F",
                                      "\xE2\x92\x88",
                                      "\xEF\xBD\xB6",
                                      "\xC3",
                                      "\xE2\x80",
                                      "\xFF",
                                      "zero",
                                      "Twelve",
                                      "\xD0\x96",
                                      "\xE0\xB8\xB3",
                                      "\xC5\x89",
                                      "\xE2\x80\x8B",
                                      "word "};
  rp_arena arena;
  rp_arena_init(&arena);
  srand(3);
  for (int round = 0; round < 60000; round++) {
    char text[512];
    size_t len = 0;
    if (round % 3 == 0) {
      len = (size_t)rand() % 100;
      for (size_t i = 0; i < len; i++) text[i] = (char)(rand() % 2 ? rand() : 32 + rand() % 95);
    } else {
      for (int i = rand() % 60; i > 0; i--) {
        const char *p = piece[(size_t)rand() % (sizeof piece / sizeof *piece)];
        memcpy(text + len, p, strlen(p));
        len += strlen(p);
      }
    }
    check(&arena, (rp_str){text, len});
    rp_arena_clear(&arena, 1 << 20);
  }
  rp_arena_release(&arena);
}

static void all_of_unicode_agrees_with_the_reference(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  char text[512];
  for (uint32_t c = 0; c < 0x110000;) {
    size_t len = 0;
    for (int i = 0; i < 16 && c < 0x110000; c++) {
      if (c >= 0xD800 && c < 0xE000) continue;
      text[len++] = 'x';
      len += rp_utf8_put(c, text + len);
      if (i % 2) len += rp_utf8_put(c, text + len);
      text[len++] = '7';
      i++;
    }
    if (c < 0x32400 || c >= 0xE0000) check(&arena, (rp_str){text, len});
    rp_arena_clear(&arena, 1 << 20);
  }
  rp_arena_release(&arena);
}

/* ---- examples ------------------------------------------------------------ */

static void assert_folds(const char *text, const char *expected) {
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w = split(&arena, str(text));
  char got[1024];
  size_t len = 0;
  for (size_t i = 0; i < w.n; i++) {
    rp_str s = word(&w, i);
    memcpy(got + len, s.data, s.len);
    len += s.len;
    got[len++] = ' ';
  }
  got[len > 0 ? len - 1 : 0] = '\0';
  assert_string_equal(got, expected);
  rp_arena_release(&arena);
}

static void words_are_what_readers_take_for_words(void **state) {
  (void)state;
  assert_folds("", "");
  assert_folds(" \n.,;", "");
  assert_folds("The Prime Minister", "the prime minister");
  assert_folds("don't", "don t");
  assert_folds("don\xE2\x80\x99t", "don t");
  assert_folds("don?t", "don t");
  assert_folds("don\xEF\xBF\xBDt", "don t");
  assert_folds("don\x92t", "don t");
  assert_folds("don\xCA\xBCt", "don t");
  assert_folds("don&rsquo;t", "don t");
  assert_folds("don\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2t", "don t");
  assert_folds("12,000 = 12000, 3.5 and 1,234,567.25", "12000 12000 3.5 and 1234567.25");
  assert_folds("12,00 1,2345 in 2019, 400 came", "12 00 1 2345 in 2019 400 came");
  assert_folds("3. 5 v1.2. .5 5.", "3 5 v1.2 5 5");
  assert_folds("Twelve of one hundred; Zero", "12 of 1 hundred 0");
  assert_folds(
      "Stra\xC3\x9F"
      "e \xC3\x89t\xC3\xA9 \xC3\xA9t\xC3\xA9 e\xCC\x81t\xC3\xA9",
      "strasse ete ete ete");
  assert_folds(
      "exam\xC2\xADple ex\xE2\x80\x8B"
      "act",
      "example exact");
  assert_folds("\xEF\xAC\x81nd \xEF\xBC\xA1\xEF\xBC\x91", "find a1");
  assert_folds("\xCE\x9F\xCE\xB4\xCF\x8C\xCF\x82", "\xCE\xBF\xCE\xB4\xCE\xBF\xCF\x83");
  assert_folds("\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0", "\xD0\xBC\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0");
  assert_folds(
      "\xE4\xB8\xAD\xE5\x9B\xBD"
      "AI",
      "\xE4\xB8\xAD \xE5\x9B\xBD ai");
  assert_folds("\xED\x95\x9C\xEA\xB5\xAD", "\xED\x95\x9C\xEA\xB5\xAD");
  assert_folds("AT&amp;T snake_case e-mail", "at t snake case e mail");
  assert_folds("\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA0", "2020");
}

/* docs/signature.md, 1.5 */
static void known_answers_hold(void **state) {
  (void)state;
  assert_folds("Caf\xC3\xA9 12,000", "cafe 12000");
  assert_folds("&quot;Don&#8217;t&quot;", "don t");
  assert_folds("\xC3\xA2\xE2\x82\xAC\xC5\x93Yes", "yes");
  assert_folds("1,2345 3.5. 2019,", "1 2345 3.5 2019");
  assert_folds("\xED\xA0\x80x\xC0\xAF", "x");
  assert_folds("3\xC2\xBD", "31 2");
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w = split(&arena, str("Caf\xC3\xA9 12,000 \xE4\xB8\xAD"));
  assert_int_equal(w.n, 3);
  assert_true(w.hash[0] == 0xe2ef73a8434ebe28 && w.hash[1] == 0x9e9cb23016c44de8 && w.hash[2] == 0x0524b6e05bc20c62);
  rp_arena_release(&arena);
}

static void ranges_cover_what_was_given(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w = split(&arena, str("A caf&eacute;, 12,000 e\xCC\x81 x\xC2\xAD."));
  static const uint32_t range[][2] = {{0, 1}, {2, 13}, {15, 21}, {22, 25}, {26, 29}};
  assert_int_equal(w.n, 5);
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(w.start[i], range[i][0]);
    assert_int_equal(w.end[i], range[i][1]);
  }
  rp_arena_release(&arena);
}

static void assert_flagged(const char *text, uint16_t flag, const char *expected) {
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w = split(&arena, str(text));
  char got[128] = "";
  assert_true(w.n < sizeof got);
  for (size_t i = 0; i < w.n; i++) got[i] = w.flag[i] & flag ? '1' : '0';
  assert_string_equal(got, expected);
  rp_arena_release(&arena);
}

static void flags_tell_what_a_word_is(void **state) {
  (void)state;
  assert_flagged("In 2019 five of 3.5 b2 Twelve", RP_WORD_NUMBER, "0110101");
  assert_flagged("The \xC3\x89tat and \xD0\x9C\xD0\xBE &Eacute;a iPhone 5X", RP_WORD_CAPITAL, "1101100");
  assert_flagged("One. Two, three! Four: five\nSix", RP_WORD_SENTENCE, "110111");
  assert_flagged("Mr. Hill met Sen. Lake of the U.S. Army. He left.", RP_WORD_SENTENCE, "100000000010");
  assert_flagged("He said, \"We go\" and \xE2\x80\x9CThey stay\xE2\x80\x9D now", RP_WORD_SENTENCE, "10100100");
  assert_flagged("One two\nthree\n\n four", RP_WORD_PARAGRAPH, "1011");
  assert_flagged("He wrote:\nWe go: now\n\nThen he said: \n\xE2\x80\x9CYes", RP_WORD_AFTER_COLON, "001000001");
  assert_flagged("\xE4\xB8\xAD x \xED\x95\x9C", RP_WORD_LIGHT, "100");
}

static void light_words_count_a_half(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words w = split(&arena, str("two words \xE4\xB8\xAD\xE5\x9B\xBD\xE4\xBA\xBA"));
  assert_int_equal(rp_words_counted(&w), 4);
  w.flag[0] |= RP_WORD_QUOTED;
  assert_int_equal(rp_words_counted(&w), 3);
  rp_arena_release(&arena);
}

static void long_runs_take_linear_time(void **state) {
  (void)state;
  static const char *const unit[] = {"&",
                                     "&amp;",
                                     "&amp",
                                     "&#",
                                     "'",
                                     "\"",
                                     "\n",
                                     "(",
                                     "1,",
                                     "1.",
                                     "1,000",
                                     "\xC3\xA2",
                                     "\xC2\xAD",
                                     "1,\xE2\x80\x8B",
                                     "\xEF\xB7\xBA",
                                     "\xC2\xBD",
                                     "\xE4\xB8\xAD",
                                     "a",
                                     ":\n"};
  size_t len = 1 << 20;
  char *text = rp_malloc(len);
  rp_arena arena;
  rp_arena_init(&arena);
  for (size_t u = 0; u < sizeof unit / sizeof *unit; u++) {
    for (size_t i = 0; i < len; i++) text[i] = unit[u][i % strlen(unit[u])];
    split(&arena, (rp_str){text, len});
    rp_arena_clear(&arena, 0);
  }
  rp_free(text);
  rp_arena_release(&arena);
}

static void limits_and_memory_are_reported(void **state) {
  (void)state;
  rp_error error;
  rp_words w = {.n = 77};
  rp_arena arena;
  rp_arena_init(&arena);
  rp_str huge = {"x", ((size_t)1 << 31) + 1};
  assert_int_equal(rp_words_split(huge, &arena, &w, &error), RP_ERR_LIMIT);
  assert_int_equal(rp_words_fold(huge, &arena, &w, &error), RP_ERR_LIMIT);
  char text[40000];
  memset(text, 'a', sizeof text);
  long n = 1;
  for (;; n++) {
    rp_arena_release(&arena);
    rp_arena_init(&arena);
    rp_mem_fail_after(n);
    rp_status status = rp_words_split((rp_str){text, sizeof text}, &arena, &w, &error);
    rp_mem_fail_after(0);
    if (status == RP_OK) break;
    assert_int_equal(status, RP_ERR_MEMORY);
    assert_int_equal(w.n, 77);
  }
  assert_true(n > 1);
  rp_arena_release(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_bytes_agree_with_the_reference),
      cmocka_unit_test(all_of_unicode_agrees_with_the_reference),
      cmocka_unit_test(words_are_what_readers_take_for_words),
      cmocka_unit_test(known_answers_hold),
      cmocka_unit_test(ranges_cover_what_was_given),
      cmocka_unit_test(flags_tell_what_a_word_is),
      cmocka_unit_test(light_words_count_a_half),
      cmocka_unit_test(long_runs_take_linear_time),
      cmocka_unit_test(limits_and_memory_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
