/* What a terminal gets of hostile texts; dates and spans in words.  The report
 * floor is part of the program, so its files are compiled in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/plain.c"
#include "report/when.c"

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

/* Bytes that are often the beginning of something: escapes, UTF-8, spaces. */
static size_t hostile(uint32_t *state, char out[64]) {
  static const char *const parts[] = {"\x1b[2J",
                                      "\x07",
                                      "\xC2\x9B",
                                      "\xE2\x80\xAE",
                                      "\xE2\x80\x8B",
                                      "\xF0\x9F\x98\x80",
                                      "\xE4\xB8\xAD",
                                      "e\xCC\x81",
                                      "\xFF",
                                      "\xC3",
                                      "\xED\xA0\x80",
                                      " ",
                                      "\n",
                                      "\t",
                                      "\r",
                                      "word",
                                      "a",
                                      "\x7f"};
  size_t len = 0, n = next_random(state) % 12;
  for (size_t i = 0; i < n; i++) {
    const char *part = parts[next_random(state) % (sizeof parts / sizeof *parts)];
    memcpy(out + len, part, strlen(part));
    len += strlen(part);
  }
  return len;
}

/* An independent look at what was printed: well-formed, and nothing but line
 * ends and tabs of what steers a terminal. */
static void assert_harmless(const char *p, size_t len) {
  for (size_t i = 0; i < len;) {
    unsigned char c = (unsigned char)p[i];
    if (c < 0x80) {
      assert_true(c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7F));
      i++;
      continue;
    }
    size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    assert_true(c >= 0xC2 && c <= 0xF4 && i + n <= len);
    for (size_t k = 1; k < n; k++) assert_int_equal((unsigned char)p[i + k] & 0xC0, 0x80);
    assert_false(c == 0xC2 && (unsigned char)p[i + 1] < 0xA0);
    if (n == 3) {
      assert_true(memcmp(p + i, "\xE2\x80\xAE", 3) != 0);
      assert_true(memcmp(p + i, "\xED\xA0\x80", 3) != 0);
    }
    i += n;
  }
}

static void test_hostile_texts_are_harmless(void **state) {
  (void)state;
  uint32_t random = 7;
  rp_buf out;
  rp_buf_init(&out);
  for (int round = 0; round < 20000; round++) {
    char bytes[64];
    rp_str text = {bytes, hostile(&random, bytes)};
    size_t width = next_random(&random) % 30;
    rp_buf_clear(&out);
    rp_plain_add(&out, text);
    assert_harmless(out.data ? out.data : "", out.len);
    assert_int_equal(rp_plain_width(text), rp_plain_width((rp_str){out.data, out.len}));
    rp_buf_clear(&out);
    rp_plain_add_cut(&out, text, width);
    assert_harmless(out.data ? out.data : "", out.len);
    assert_true(rp_plain_width((rp_str){out.data, out.len}) <= (width < 3 ? 3 : width));
    rp_buf_clear(&out);
    rp_plain_add_lines(&out, text);
    assert_harmless(out.data ? out.data : "", out.len);
    rp_buf_clear(&out);
    rp_plain_wrap(&out, "> ", text, 20);
    assert_harmless(out.data, out.len);
    assert_int_equal(out.data[out.len - 1], '\n');
  }
  rp_buf_release(&out);
}

static void expect(void (*print)(rp_buf *out, rp_str text), const char *in, const char *want) {
  rp_buf out;
  rp_buf_init(&out);
  print(&out, rp_plain_cstr(in));
  assert_string_equal(out.data ? out.data : "", want);
  rp_buf_release(&out);
}

static void print_cut(rp_buf *out, rp_str text) { rp_plain_add_cut(out, text, 10); }
static void print_wrapped(rp_buf *out, rp_str text) { rp_plain_wrap(out, "- ", text, 12); }

static void test_examples(void **state) {
  (void)state;
  expect(rp_plain_add, "  two \n\t lines ", "two lines ");
  expect(rp_plain_add, "\x1b[31mred", "\xEF\xBF\xBD[31mred");
  expect(rp_plain_add,
         "a\xE2\x80\xAE"
         "b\xC2\xAD"
         "c",
         "abc");
  expect(rp_plain_add_lines, "one\r\ntwo\x08", "one\ntwo\xEF\xBF\xBD");
  expect(print_cut, "exactly te", "exactly te");
  expect(print_cut, "more than ten", "more th...");
  expect(print_cut, "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD",
         "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD...");
  expect(print_wrapped, "one two three four", "- one two\n  three four\n");
  expect(print_wrapped, "averyverylongword x", "- averyverylongword\n  x\n");
  expect(print_wrapped, "", "- \n");
  assert_int_equal(rp_plain_width(rp_plain_cstr("e\xCC\x81\xE4\xB8\xAD")), 3);
}

static void expect_date(int64_t from, int64_t to, const char *people, const char *iso) {
  rp_buf out;
  rp_buf_init(&out);
  rp_when_add(&out, (rp_date){from, to});
  assert_string_equal(out.data, people);
  if (iso) {
    rp_buf_clear(&out);
    rp_when_add_iso(&out, (rp_date){from, to});
    assert_string_equal(out.data, iso);
  }
  rp_buf_release(&out);
}

static void test_dates(void **state) {
  (void)state;
  const int64_t day = INT64_C(1601856000); /* 2020-10-05 */
  expect_date(day, day + 86399, "2020-10-05", "2020-10-05");
  expect_date(day + 50580, day + 50580, "2020-10-05 14:03 UTC", "2020-10-05T14:03:00Z");
  expect_date(day + 50580, day + 50639, "2020-10-05 14:03 UTC", "2020-10-05T14:03Z");
  expect_date(day - 7200, day + 79199, "2020-10-04 to 2020-10-05", "2020-10-04T22:00:00Z/2020-10-05T21:59:59Z");
  expect_date(-1, -1, "1969-12-31 23:59 UTC", "1969-12-31T23:59:59Z");
  expect_date(1, 0, "date unknown", NULL);
  expect_date(INT64_MIN, INT64_MAX, "date unknown", NULL);
}

static void expect_span(double hours, const char *want) {
  rp_buf out;
  rp_buf_init(&out);
  rp_when_add_span(&out, hours);
  assert_string_equal(out.data, want);
  rp_buf_release(&out);
}

static void test_spans(void **state) {
  (void)state;
  expect_span(0, "less than a minute");
  expect_span(1.0 / 60, "1 minute");
  expect_span(0.99, "59 minutes");
  expect_span(1, "1 hour");
  expect_span(-3.5, "3 hours 30 minutes");
  expect_span(11.9, "11 hours");
  expect_span(48, "2 days");
  expect_span(24.0 * 730, "730 days");
  expect_span(24.0 * 2039, "5 years");
}

static void test_memory_runs_out(void **state) {
  (void)state;
  rp_buf out;
  rp_buf_init(&out);
  rp_mem_fail_after(1);
  rp_plain_wrap(&out, "- ", rp_plain_cstr("some words"), 20);
  rp_plain_add_cut(&out, rp_plain_cstr("some words"), 5);
  rp_mem_fail_after(0);
  assert_true(out.failed);
  rp_buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_hostile_texts_are_harmless),
      cmocka_unit_test(test_examples),
      cmocka_unit_test(test_dates),
      cmocka_unit_test(test_spans),
      cmocka_unit_test(test_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
