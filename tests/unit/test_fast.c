/* Every level of the fast path against the definition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/fast.h"
#include "text/scan.h"
#include "text/utf8.h"

static void scan(rp_str text, rp_arena *arena, rp_words *out) {
  rp_scan_size size = rp_scan_count(text), bound = rp_scan_bound(text);
  assert_true(bound.n_word >= size.n_word && bound.n_byte >= size.n_byte);
  *out = (rp_words){.text = text,
                    .hash = RP_NEW(arena, uint64_t, size.n_word),
                    .start = RP_NEW(arena, uint32_t, size.n_word),
                    .end = RP_NEW(arena, uint32_t, size.n_word),
                    .flag = RP_NEW(arena, uint16_t, size.n_word),
                    .folded_at = RP_NEW(arena, uint32_t, size.n_word + 1),
                    .folded = RP_NEW(arena, char, size.n_byte)};
  rp_scan_words(text, out);
  assert_int_equal(out->n, size.n_word);
}

/* How many levels took the text. */
static int compare(rp_str text) {
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a, b;
  scan(text, &arena, &a);
  int n = 0;
  for (int level = RP_FAST_PORTABLE; level <= (int)rp_fast_best(); level++) {
    bool is_done = false;
    assert_int_equal(rp_fast_words(text, (rp_fast_level)level, &arena, &b, &is_done, NULL), RP_OK);
    if (!is_done) continue;
    n++;
    assert_int_equal(b.n, a.n);
    assert_memory_equal(b.folded_at, a.folded_at, (a.n + 1) * sizeof *a.folded_at);
    assert_memory_equal(b.folded, a.folded, a.folded_at[a.n]);
    assert_memory_equal(b.hash, a.hash, a.n * sizeof *a.hash);
    assert_memory_equal(b.flag, a.flag, a.n * sizeof *a.flag);
    assert_memory_equal(b.start, a.start, a.n * sizeof *a.start);
    assert_memory_equal(b.end, a.end, a.n * sizeof *a.end);
    assert_int_equal(rp_fast_fold(text, (rp_fast_level)level, &arena, &b, &is_done, NULL), RP_OK);
    assert_true(is_done && b.n == a.n && b.start == NULL && b.end == NULL);
    assert_memory_equal(b.folded_at, a.folded_at, (a.n + 1) * sizeof *a.folded_at);
    assert_memory_equal(b.folded, a.folded, a.folded_at[a.n]);
    assert_memory_equal(b.hash, a.hash, a.n * sizeof *a.hash);
    assert_memory_equal(b.flag, a.flag, a.n * sizeof *a.flag);
  }
  rp_arena_release(&arena);
  return n;
}

static void all_lengths_agree(void **state) {
  (void)state;
  char text[400];
  for (size_t i = 0; i < sizeof text; i++) text[i] = "The Twelve 12,000 men, 3.5 extraordinarilycomplicated; "[i % 54];
  for (size_t from = 0; from < 70; from++)
    for (size_t len = 0; from + len <= sizeof text; len += 1 + len / 40)
      assert_true(compare((rp_str){text + from, len}) >= 1);
}

static void every_character_agrees_at_the_edges_of_blocks(void **state) {
  (void)state;
  char text[200];
  size_t n_taken = 0;
  for (uint32_t c = 1; c < 0x3400; c++) {
    size_t at = 58 + c % 7;
    memset(text, 'x', sizeof text);
    if (c % 3 == 0) text[at - 1] = '7';
    size_t len = at + rp_utf8_put(c, text + at);
    text[len] = c % 2 ? '1' : ' ';
    n_taken += compare((rp_str){text, len + 30}) > 0;
  }
  assert_true(n_taken > 0x3400 - 1600);
}

static void random_texts_agree(void **state) {
  (void)state;
  static const char *const piece[] = {"word",
                                      "The",
                                      " ",
                                      "  ",
                                      ". ",
                                      ", ",
                                      "\n",
                                      "1",
                                      "23",
                                      "000",
                                      ".",
                                      ",",
                                      "&amp;",
                                      "&",
                                      "&eacute;",
                                      "&#x662;",
                                      "&#44;",
                                      "\xC3\xA9",
                                      "\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2",
                                      "\xE2\x80\x99",
                                      "\xE2\x80\x9D",
                                      "\xC2\xAD",
                                      "\xCC\x81",
                                      "\xE2\x80\x8B",
                                      "\xEF\xAC\x81",
                                      "\xEF\xBC\x95",
                                      "\xC3",
                                      "\xE2\x80",
                                      "\xFF",
                                      "\xD0\x96\xD0\xB4",
                                      "\xC2\x92",
                                      "zero",
                                      "\xE4\xB8\xAD",
                                      "\xE3\x81\x8C",
                                      "\xE0\xB8\xB4",
                                      "\xEF\xBD\xB6",
                                      "\xE3\x82\x99",
                                      "\xE0\xB8\x81",
                                      "\xE2\xBA\x9F",
                                      "TWELVE",
                                      "antidisestablishmentarianism",
                                      "\xC3\x9F",
                                      "\xD9\xA1",
                                      "\xC2\xA0",
                                      "&nbsp;",
                                      "\xC3\x82\xC2\xA0",
                                      ";"};
  srand(6);
  size_t n_taken = 0, n = 20000;
  for (size_t round = 0; round < n; round++) {
    char text[2048];
    size_t len = 0;
    for (int i = rand() % 120; i > 0; i--) {
      const char *p = piece[(size_t)rand() % (sizeof piece / sizeof *piece)];
      if (round % 4 == 0 && rand() % 8) p = rand() % 2 ? "word" : " ";
      memcpy(text + len, p, strlen(p));
      len += strlen(p);
    }
    if (round % 7 == 0)
      for (size_t i = 0; i < len; i += 1 + (size_t)rand() % 9) text[i] = (char)rand();
    n_taken += compare((rp_str){text, len}) > 0;
  }
  assert_true(n_taken > n / 2);
}

/* All thirteen, alone and side by side, and words that resemble them. */
static void numbers_agree(void **state) {
  (void)state;
  static const char *const word[] = {"zero",  "one",      "two",   "three", "four",   "five",  "six",
                                     "seven", "eight",    "nine",  "ten",   "eleven", "Two",   "twelve",
                                     "ones",  "thirteen", "seve",  "on",    "a",      "twelv", "te",
                                     "tens",  "zeros",    "sixth", "the",   "elevens"};
  enum { N = sizeof word / sizeof *word };
  srand(8);
  for (size_t step = 1; step < N; step++) {
    char text[8192];
    size_t len = 0;
    for (size_t i = 0; i < 700; i++) {
      const char *w = i % 2 && step > N / 2 ? "word" : word[i * step % N];
      len += (size_t)sprintf(text + len, "%s%s", w, rand() % 5 ? " " : ", \"");
    }
    assert_true(compare((rp_str){text, len}) >= 1);
  }
}

/* Bytes that only look as if they went on a character. */
static void broken_characters_agree(void **state) {
  (void)state;
  static const unsigned char byte[] = {0xC3, 0xA9, 0xE2, 0x80, 0x99, 0xF0, 0x9F, 0xBF, 'a', ' '};
  enum { N = sizeof byte };
  for (size_t code = 0; code < (size_t)N * N * N * N; code++) {
    char text[160];
    memset(text, 'x', sizeof text);
    size_t at = 60 + code % 5, rest = code;
    for (size_t i = 0; i < 4; i++, rest /= N) text[at + i] = (char)byte[rest % N];
    assert_true(compare((rp_str){text, at + 4 + code % 60}) >= 0);
  }
}

static void long_words_may_have_dropped_bytes_anywhere(void **state) {
  (void)state;
  char text[400];
  for (size_t at = 1; at < 300; at++) {
    memset(text, 'w', sizeof text);
    memcpy(text + at, "\xC2\xAD", 2);
    assert_true(compare((rp_str){text, 310}) >= 1);
  }
}

static void memory_may_be_short(void **state) {
  (void)state;
  char text[60000];
  memset(text, 'a', sizeof text);
  for (size_t i = 0; i < sizeof text; i += 5) text[i] = ' ';
  for (long n = 1;; n++) {
    rp_arena arena;
    rp_arena_init(&arena);
    rp_words w = {.n = 7};
    bool is_done = false;
    rp_mem_fail_after(n);
    rp_status status = rp_fast_words((rp_str){text, sizeof text}, rp_fast_best(), &arena, &w, &is_done, NULL);
    rp_mem_fail_after(0);
    rp_arena_release(&arena);
    if (status == RP_OK) break;
    assert_int_equal(status, RP_ERR_MEMORY);
    assert_true(w.n == 7 && !is_done);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_lengths_agree),   cmocka_unit_test(every_character_agrees_at_the_edges_of_blocks),
      cmocka_unit_test(random_texts_agree),  cmocka_unit_test(long_words_may_have_dropped_bytes_anywhere),
      cmocka_unit_test(numbers_agree),       cmocka_unit_test(broken_characters_agree),
      cmocka_unit_test(memory_may_be_short),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
