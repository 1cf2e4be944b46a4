/* The table against utf8proc, over all code points that both know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "text/fold.h"
#include "text/utf8.h"

static bool is_scalar(uint32_t c) { return c < 0xD800 || c >= 0xE000; }

/* Assigned after Unicode 14.0: the table calls them separators. */
static bool is_newer(uint32_t c) {
  static const uint32_t range[][2] = {
      {0x0CF3, 0x0CF3},   {0x0ECE, 0x0ECE},   {0x10EFD, 0x10EFF}, {0x1123F, 0x11241}, {0x11B00, 0x11B09},
      {0x11F00, 0x11F59}, {0x1342F, 0x1342F}, {0x13439, 0x13455}, {0x1B132, 0x1B132}, {0x1B155, 0x1B155},
      {0x1D2C0, 0x1D2D3}, {0x1DF25, 0x1DF2A}, {0x1E030, 0x1E08F}, {0x1E4D0, 0x1E4F9}, {0x1F6DC, 0x1F6DC},
      {0x1F774, 0x1F776}, {0x1F77B, 0x1F77F}, {0x1F7D9, 0x1F7D9}, {0x1FA75, 0x1FA77}, {0x1FA87, 0x1FA88},
      {0x1FAAD, 0x1FAAF}, {0x1FABB, 0x1FABD}, {0x1FABF, 0x1FABF}, {0x1FACE, 0x1FACF}, {0x1FADA, 0x1FADB},
      {0x1FAE8, 0x1FAE8}, {0x1FAF7, 0x1FAF8}, {0x2B739, 0x2B739}, {0x31350, 0x323AF}};
  for (size_t i = 0; i < sizeof range / sizeof *range; i++)
    if (c >= range[i][0] && c <= range[i][1]) return true;
  return false;
}

static bool is_exception(uint32_t c) { return (c >= 0x2B9 && c <= 0x2BF) || (c >= 0x2C6 && c <= 0x2CF); }

static bool is_dropped(uint32_t c) {
  utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
  return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME || k == UTF8PROC_CATEGORY_CF || c == 0x640;
}

static bool is_word(uint32_t c) {
  utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
  bool letter = k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
  bool number = k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO;
  return (letter || number || k == UTF8PROC_CATEGORY_MC) && !is_exception(c) && c != 0x640;
}

/* The value of a decimal digit: how far the run of digits goes back, by tens. */
static uint32_t digit_value(uint32_t c) {
  uint32_t n = 0;
  while (n < c && utf8proc_category((utf8proc_int32_t)(c - n - 1)) == UTF8PROC_CATEGORY_ND) n++;
  return n % 10;
}

/* Until nothing changes: compatibility decomposition and full case folding,
 * then what is not a part of a word dropped or made a space. */
static size_t fold_step(const uint32_t *in, size_t n, uint32_t *out) {
  size_t m = 0;
  for (size_t i = 0; i < n; i++) {
    utf8proc_int32_t part[64];
    int last = 0;
    utf8proc_ssize_t k = 1;
    part[0] = (utf8proc_int32_t)in[i];
    if (in[i] < 0xAC00 || in[i] > 0xD7A3)
      k = utf8proc_decompose_char((utf8proc_int32_t)in[i], part, 64,
                                  UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &last);
    assert_in_range(k, 0, 64);
    for (utf8proc_ssize_t j = 0; j < k; j++) {
      uint32_t c = (uint32_t)part[j];
      if (is_dropped(c)) continue;
      bool digit = utf8proc_category(part[j]) == UTF8PROC_CATEGORY_ND;
      out[m++] = !is_word(c) ? ' ' : digit ? '0' + digit_value(c) : c;
    }
  }
  return m;
}

static size_t fold_by_utf8proc(uint32_t c, char *out) {
  uint32_t a[64] = {c}, b[64];
  size_t n = 1, len = 0;
  for (;;) {
    size_t m = fold_step(a, n, b);
    if (m == n && memcmp(a, b, n * sizeof *a) == 0) break;
    memcpy(a, b, m * sizeof *a);
    n = m;
  }
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    len += rp_utf8_put(a[i], out + len);
    any = any || a[i] != ' ';
  }
  return any ? len : n == 0 ? 0 : 1; /* spaces alone are one separator */
}

static void folding_is_that_of_utf8proc(void **state) {
  (void)state;
  size_t n_word = 0;
  for (uint32_t c = 0; c < 0x110000; c++) {
    if (!is_scalar(c)) continue;
    uint32_t value = rp_fold_of(c) & 0x7FFFu;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    if (category == UTF8PROC_CATEGORY_CN || is_newer(c)) {
      if (value != RP_FOLD_SEPARATOR) fail_msg("U+%04X is not assigned", c);
      continue;
    }
    char expected[256], got[4];
    rp_str folded = {got, 0};
    if (value >= RP_FOLD_STRING)
      folded = rp_fold_string(value);
    else if (value >= RP_FOLD_WORD)
      folded.len = rp_utf8_put(c, got);
    else if (value == RP_FOLD_SEPARATOR)
      got[folded.len++] = ' ';
    expected[0] = ' ';
    size_t len = is_dropped(c) ? 0 : is_word(c) ? fold_by_utf8proc(c, expected) : 1;
    if (folded.len != len || memcmp(folded.data, expected, len) != 0)
      fail_msg("U+%04X folds to '%.*s', not '%.*s'", c, (int)folded.len, folded.data, (int)len, expected);
    bool capital = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
    if (rp_fold_is_capital(c) != (capital && is_word(c))) fail_msg("U+%04X: capital", c);
    n_word += value >= RP_FOLD_WORD;
  }
  assert_true(n_word > 130000);
}

static void folding_what_is_folded_changes_nothing(void **state) {
  (void)state;
  for (uint32_t c = 0; c < 0x110000; c++) {
    uint32_t value = rp_fold_of(c) & 0x7FFFu;
    if (value < RP_FOLD_STRING) continue;
    rp_str folded = rp_fold_string(value);
    for (size_t at = 0; at < folded.len;) {
      uint32_t part = rp_utf8_next(folded, &at);
      uint32_t again = rp_fold_of(part) & 0x7FFFu;
      if (part != ' ' && again != RP_FOLD_WORD && again != RP_FOLD_LIGHT && (part > 'z' || again < RP_FOLD_STRING))
        fail_msg("U+%04X holds U+%04X, which folds further", c, part);
    }
  }
}

static void scripts_without_spaces_are_light(void **state) {
  (void)state;
  static const uint32_t light[] = {0x4E2D, 0x3042, 0x30A2, 0x30FC,  0x0E01, 0x0E81,
                                   0x1780, 0x1000, 0x3005, 0x20000, 0x3105, 0x3400};
  static const uint32_t plain[] = {0xAC00, 0x0430, 0x03B1, 0x05D0, 0x0627, 0x0905, 0x0F40, 0x00E6};
  for (size_t i = 0; i < sizeof light / sizeof *light; i++) assert_int_equal(rp_fold_of(light[i]), RP_FOLD_LIGHT);
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) assert_int_equal(rp_fold_of(plain[i]), RP_FOLD_WORD);
}

static void numbers_have_names(void **state) {
  (void)state;
  static const char *const name[] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                     "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  for (int i = 0; i < 13; i++) assert_int_equal(rp_fold_number(name[i], strlen(name[i])), i);
  static const char *const other[] = {"", "on", "ones", "thirteen", "zer", "sixx", "twelfe", "nin"};
  for (size_t i = 0; i < sizeof other / sizeof *other; i++)
    assert_int_equal(rp_fold_number(other[i], strlen(other[i])), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(folding_is_that_of_utf8proc),
      cmocka_unit_test(folding_what_is_folded_changes_nothing),
      cmocka_unit_test(scripts_without_spaces_are_light),
      cmocka_unit_test(numbers_have_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
