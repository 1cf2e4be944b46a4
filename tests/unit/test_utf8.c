#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/utf8.h"

static rp_str str(const char *s) { return (rp_str){s, strlen(s)}; }

static void every_scalar_value_comes_back(void **state) {
  (void)state;
  for (uint32_t c = 1; c < 0x110000; c++) {
    if (c >= 0xD800 && c < 0xE000) continue;
    char bytes[4];
    size_t n = rp_utf8_put(c, bytes), at = 0;
    assert_int_equal(rp_utf8_next((rp_str){bytes, n}, &at), c);
    assert_int_equal(at, n);
    for (size_t cut = 1; cut < n; cut++) {
      at = 0;
      assert_int_equal(rp_utf8_next((rp_str){bytes, cut}, &at), RP_UTF8_BAD);
      assert_int_equal(at, 1);
    }
  }
}

/* By the table of well-formed sequences in the Unicode standard (3-7). */
static size_t well_formed(const uint8_t *p, size_t left) {
  if (p[0] < 0x80) return 1;
  static const uint8_t row[8][5] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
                                    {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                                    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
  for (int r = 0; r < 8; r++) {
    const uint8_t *t = row[r];
    if (p[0] < t[0] || p[0] > t[1] || left < t[4] || p[1] < t[2] || p[1] > t[3]) continue;
    for (size_t i = 2; i < t[4]; i++)
      if (p[i] < 0x80 || p[i] > 0xBF) return 0;
    return t[4];
  }
  return 0;
}

static void ill_formed_bytes_are_bad_one_at_a_time(void **state) {
  (void)state;
  srand(1);
  for (int round = 0; round < 400000; round++) {
    uint8_t bytes[4];
    size_t len = 1 + (size_t)rand() % 4, at = 0;
    for (size_t i = 0; i < len; i++) bytes[i] = (uint8_t)(rand() % 3 == 0 ? rand() : 0x80 | rand() % 0x80);
    size_t good = well_formed(bytes, len);
    uint32_t c = rp_utf8_next((rp_str){(const char *)bytes, len}, &at);
    assert_int_equal(at, good == 0 ? 1 : good);
    if (good == 0) assert_int_equal(c, RP_UTF8_BAD);
  }
}

static void assert_reads(const char *text, const uint32_t *expected, size_t n) {
  rp_str s = str(text);
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    assert_true(at < s.len);
    assert_int_equal(rp_char_next(s, &at), expected[i]);
  }
  assert_int_equal(at, s.len);
}
#define READS(text, ...)                                                \
  do {                                                                  \
    const uint32_t expected_[] = {__VA_ARGS__};                         \
    assert_reads(text, expected_, sizeof expected_ / sizeof(uint32_t)); \
  } while (0)

static void entities_are_decoded(void **state) {
  (void)state;
  READS("&amp;", '&');
  READS("&eacute;", 0xE9);
  READS("&Eacute;", 0xC9);
  READS("&thetasym;&zwnj;&apos;", 0x3D1, 0x200C, '\'');
  READS("&#8217;&#x2019;&#X2019;", 0x2019, 0x2019, 0x2019);
  READS("&#146;", 0x2019);
  READS("&amp;quot;", '"');
  READS("&amp;amp;#39;", '\'');
  READS("&amp;x", '&', 'x');
  READS("&#0;&#xD800;&#x110000;", RP_UTF8_BAD, RP_UTF8_BAD, RP_UTF8_BAD);
  READS("&;&#;&#x;", '&', ';', '&', '#', ';', '&', '#', 'x', ';');
  READS("&eacut;", '&', 'e', 'a', 'c', 'u', 't', ';');
  READS("&EACUTE;", '&', 'E', 'A', 'C', 'U', 'T', 'E', ';');
  READS("&amp", '&', 'a', 'm', 'p');
  READS("&#12a;", '&', '#', '1', '2', 'a', ';');
  READS("&thetasyms;", '&', 't', 'h', 'e', 't', 'a', 's', 'y', 'm', 's', ';');
  assert_int_equal(rp_entity_find("amp\0\0", 5), 0);
  assert_int_equal(rp_entity_find("", 0), 0);
}

static void windows_1252_is_undone(void **state) {
  (void)state;
  READS("don\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2t", 'd', 'o', 'n', 0x2019, 't');
  READS("caf\xC3\x83\xC2\xA9", 'c', 'a', 'f', 0xE9);
  READS("\xC3\x82\xC2\xA0", 0xA0);
  READS("\xC3\xAF\xC2\xBB\xC2\xBFx", 0xFEFF, 'x');
  READS("\xC3\xB0\xC5\xB8\xCB\x9C\xE2\x82\xAC", 0x1F600);
  READS("&acirc;&euro;&trade;", 0x2019);
  READS("\xC2\x92", 0x2019);
  /* what is meant stays: a French no-break space before a closing mark, an accent before a dash */
  READS("\xC3\xA9\xC2\xA0\xC2\xBB", 0xE9, 0xA0, 0xBB);
  READS("\xC3\x89\xE2\x80\x9D", 0xC9, 0x201D);
  READS("\xC3\xA2t", 0xE2, 't');
  READS("\xC3\xA2", 0xE2);
}

static void every_text_moves_forward(void **state) {
  (void)state;
  static const char *const piece[] = {"&",    "amp;", "#",        "x",       ";",       "\xC3\xA2", "\xE2\x82\xAC",
                                      "\xC3", "a",    "\xF0\x9F", "&#8364;", "\xC2\x80"};
  srand(2);
  for (int round = 0; round < 100000; round++) {
    char text[128];
    size_t len = 0;
    for (int i = rand() % 12; i > 0; i--) {
      const char *p = piece[(size_t)rand() % (sizeof piece / sizeof *piece)];
      memcpy(text + len, p, strlen(p));
      len += strlen(p);
    }
    for (size_t at = 0; at < len;) {
      size_t before = at;
      uint32_t c = rp_char_next((rp_str){text, len}, &at);
      assert_true(at > before && at <= len && at - before <= 160 && c <= 0x10FFFF);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_scalar_value_comes_back), cmocka_unit_test(ill_formed_bytes_are_bad_one_at_a_time),
      cmocka_unit_test(entities_are_decoded),          cmocka_unit_test(windows_1252_is_undone),
      cmocka_unit_test(every_text_moves_forward),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
