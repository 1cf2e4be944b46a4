/* Times of the log against the C library's calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "cli/log.c"

static void expect_time(int64_t at, const char *text) {
  char got[RP_LOG_TIME + 1] = "";
  rp_log_time(at, got);
  assert_string_equal(got, text);
}

static void known_times(void **state) {
  (void)state;
  expect_time(0, "1970-01-01T00:00:00Z");
  expect_time(-1, "1969-12-31T23:59:59Z");
  expect_time(951782399, "2000-02-28T23:59:59Z");
  expect_time(951782400, "2000-02-29T00:00:00Z");
  expect_time(4107542400, "2100-03-01T00:00:00Z");
  expect_time(least, "0000-01-01T00:00:00Z");
  expect_time(most, "9999-12-31T23:59:59Z");
  expect_time(INT64_MIN, "0000-01-01T00:00:00Z");
  expect_time(INT64_MAX, "9999-12-31T23:59:59Z");
}

static void as_the_library_says(void **state) {
  (void)state;
  uint64_t x = 88172645463325252u;
  for (int i = 0; i < 200000; i++) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    int64_t at = least + (int64_t)(x % (uint64_t)(most - least + 1));
    time_t t = (time_t)at;
    struct tm tm;
    char text[64];
    assert_non_null(gmtime_r(&t, &tm));
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec);
    expect_time(at, text);
  }
}

static void what_all_lines_have(void **state) {
  (void)state;
  rp_buf line;
  rp_json json;
  rp_buf_init(&line);
  rp_log_begin(&json, &line, RP_LEVEL_WARNING, "index", 1);
  rp_log_end(&json);
  rp_log_begin(&json, &line, RP_LEVEL_INFO, NULL, 1);
  rp_log_end(&json);
  assert_string_equal(line.data,
                      "{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"warning\",\"command\":\"index\"}\n"
                      "{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"info\",\"command\":null}\n");
  assert_memory_equal(line.data + RP_LOG_TIME_AT, "1970-", 5);
  rp_buf_release(&line);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_times),
      cmocka_unit_test(as_the_library_says),
      cmocka_unit_test(what_all_lines_have),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
