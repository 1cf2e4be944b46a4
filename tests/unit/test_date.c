/* rp_date_parse against examples, and against days counted one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "reprint/ingest.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };
static const int64_t oct5 = 1601856000; /* 2020-10-05 00:00 UTC */

static rp_date parse(const char *text, int zone) { return rp_date_parse((rp_str){text, strlen(text)}, zone); }

static void check(const char *text, int64_t start, int64_t length) {
  rp_date d = parse(text, 0);
  if (d.earliest != start || d.latest != start + length - 1)
    fail_msg("'%s': %lld + %lld, wanted %lld + %lld", text, (long long)d.earliest,
             (long long)(d.latest - d.earliest + 1), (long long)start, (long long)length);
}

static void test_examples(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t after, length;
  } cases[] = {
      {"2020-10-05", 0, DAY},
      {" 2020-10-05\n", 0, DAY},
      {"2020/10/05", 0, DAY},
      {"20201005", 0, DAY},
      {"2020-10-05T14:03", 14 * HOUR + 3 * MINUTE, MINUTE},
      {"2020-10-05T14:03:09", 14 * HOUR + 3 * MINUTE + 9, 1},
      {"2020-10-05 14:03:09.123456", 14 * HOUR + 3 * MINUTE + 9, 1},
      {"2020-10-05T14:03:09Z", 14 * HOUR + 3 * MINUTE + 9, 1},
      {"2020-10-05T14:03:00+02:00", 12 * HOUR + 3 * MINUTE, 1},
      {"2020-10-05T14:03:00-0530", 19 * HOUR + 33 * MINUTE, 1},
      {"2020-10-05T14:03:00+02", 12 * HOUR + 3 * MINUTE, 1},
      {"20201005T140300Z", 14 * HOUR + 3 * MINUTE, 1},
      {"20201005T140300+0200", 12 * HOUR + 3 * MINUTE, 1},
      {"20201005140300", 14 * HOUR + 3 * MINUTE, 1},
      {"Mon, 05 Oct 2020 14:03 GMT", 14 * HOUR + 3 * MINUTE, MINUTE},
      {"Mon, 5 Oct 2020 14:03:00 +0200", 12 * HOUR + 3 * MINUTE, 1},
      {"Mon, 05 Oct 20 14:03:00 EST", 19 * HOUR + 3 * MINUTE, 1},
      {"Mon Oct  5 14:03:00 2020", 14 * HOUR + 3 * MINUTE, 1},
      {"Mon Oct 05 14:03:00 +0000 2020", 14 * HOUR + 3 * MINUTE, 1},
      {"Mon Oct 05 2020 14:03:00 GMT+0200 (Central European Summer Time)", 12 * HOUR + 3 * MINUTE, 1},
      {"October 5, 2020", 0, DAY},
      {"Oct. 5, 2020, 2:03 p.m.", 14 * HOUR + 3 * MINUTE, MINUTE},
      {"Oct. 5, 2020 at 2 PM", 14 * HOUR, HOUR},
      {"October 5, 2020 12:03 am", 3 * MINUTE, MINUTE},
      {"October 5th, 2020", 0, DAY},
      {"5 octobre 2020", 0, DAY},
      {"5. Oktober 2020, 14:03 Uhr", 14 * HOUR + 3 * MINUTE, MINUTE},
      {"5 de octubre de 2020", 0, DAY},
      {"05.10.2020", 0, DAY},
      {"05.10.2020 14:03", 14 * HOUR + 3 * MINUTE, MINUTE},
      {"05-Oct-2020", 0, DAY},
      {"1601906580", 14 * HOUR + 3 * MINUTE, 1},
      {"1601906580.75", 14 * HOUR + 3 * MINUTE, 1},
      {"1601906580123", 14 * HOUR + 3 * MINUTE, 1},
      {"1601906580123456", 14 * HOUR + 3 * MINUTE, 1},
      {"2020-10-05T24:00:00Z", DAY, 1},
      /* New York time with the season unsaid: an hour wider */
      {"Oct 5, 2020 10:00 ET", 14 * HOUR, HOUR + MINUTE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check(cases[i].text, oct5 + cases[i].after, cases[i].length);
  check("2020-10", oct5 - 4 * DAY, 31 * DAY);
  check("October 2020", oct5 - 4 * DAY, 31 * DAY);
  check("2020", 1577836800, (int64_t)366 * DAY);
  check("25/12/2020", 1608854400, DAY);
  check("12/25/2020", 1608854400, DAY);
  check("07/07/2020", 1594080000, DAY);
  check("1969-12-31T23:59:59Z", -1, 1);
}

static void test_no_date(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      " ",
      "yesterday",
      "2020-13-05",
      "2020-02-30",
      "2019-02-29",
      "2020-10-05T25:00",
      "2020-10-05T14:61",
      "05/06/2020",
      "None",
      "null",
      "0000-00-00",
      "0000-00-00 00:00:00",
      "12345",
      "2020-10-05 2020-10-06",
      "PT15M",
      "2020-10-05T14:03:00+99:00",
      "99999999999999999999999999999",
      "-1",
      "2020-10-",
      "14:03",
      "Monday",
      "Oct 2020 5 6 7",
      "9999999999999999999",
      "2020-10-05T14:03:00Z and a long sentence that goes on and on about nothing in particular",
      "9/31/2020",
      "13 pm 2020-10-05",
      "\xff\xfe",
      "+",
      "2020-10-05T14:03:00+",
      "1:2:3"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    rp_date d = parse(texts[i], 0);
    if (d.earliest <= d.latest) fail_msg("'%s' was read as %lld", texts[i], (long long)d.earliest);
  }
}

static void test_zone(void **state) {
  (void)state;
  assert_int_equal(parse("2020-10-05", 120).earliest, oct5 - 2 * HOUR);
  assert_int_equal(parse("2020-10-05 14:03", -300).earliest, oct5 + 19 * HOUR + 3 * MINUTE);
  assert_int_equal(parse("2020-10-05T14:03Z", -300).earliest, oct5 + 14 * HOUR + 3 * MINUTE);
  assert_int_equal(parse("1601906580", -300).earliest, 1601906580);
}

/* Every day of 600 years, by counting. */
static void test_calendar(void **state) {
  (void)state;
  static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t at = -(int64_t)135140 * DAY; /* 1600-01-01 */
  char text[32];
  for (int y = 1600; y < 2200; y++)
    for (int m = 1; m <= 12; m++) {
      bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
      int n = days[m - 1] + (m == 2 && leap);
      for (int d = 1; d <= n; d++, at += DAY) {
        snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
        check(text, at, DAY);
      }
    }
  assert_int_equal(parse("2200-01-01", 0).earliest, at);
}

/* Nothing is read beyond the string, whatever its bytes. */
static void test_any_bytes(void **state) {
  (void)state;
  static const char alphabet[] = "0123456789-/:.+TZ, aOctpmGM(\xc3)";
  uint64_t x = 88172645463325252u;
  for (int i = 0; i < 200000; i++) {
    char text[24];
    size_t len = x % sizeof text;
    for (size_t k = 0; k < len; k++) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      text[k] = alphabet[x % (sizeof alphabet - 1)];
    }
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    char *exact = test_malloc(len ? len : 1);
    memcpy(exact, text, len);
    rp_date d = rp_date_parse((rp_str){exact, len}, 0);
    assert_true(d.earliest <= d.latest || (d.earliest == 1 && d.latest == 0));
    test_free(exact);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_examples), cmocka_unit_test(test_no_date),   cmocka_unit_test(test_zone),
      cmocka_unit_test(test_calendar), cmocka_unit_test(test_any_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
