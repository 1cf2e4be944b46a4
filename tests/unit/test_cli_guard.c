/* Faults inside a read of the index end in words and status 2, faults elsewhere
 * stay what they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "cli/guard.c"
#include "cli/log.c"

typedef enum where { INSIDE, OUTSIDE, AFTER } where;

/* What becomes of a process that gets `number`; its stderr is in `said`. */
static int fate(int number, where at, char said[256]) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    dup2(ends[1], STDERR_FILENO);
    rp_guard_install();
    if (at != OUTSIDE) rp_guard_enter("news\033.db");
    if (at == AFTER) rp_guard_leave();
    raise(number);
    _exit(77);
  }
  close(ends[1]);
  size_t len = 0;
  for (ssize_t n; len < 255 && (n = read(ends[0], said + len, 255 - len)) > 0;) len += (size_t)n;
  said[len] = '\0';
  close(ends[0]);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

/* What is said of a fault in an index that is called `dir`, as JSON; `now` 0: by
 * the clock. */
static void said_in_json(const char *dir, int64_t clock, char *out, size_t size) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    rp_guard_install();
    rp_guard_log_json("stat", clock);
    rp_guard_enter(dir);
    if (!clock) memset(message + RP_LOG_TIME_AT, '?', RP_LOG_TIME);
    raise(SIGSEGV);
    _exit(77);
  }
  close(ends[1]);
  size_t len = 0;
  for (ssize_t n; len < size - 1 && (n = read(ends[0], out + len, size - 1 - len)) > 0;) len += (size_t)n;
  out[len] = '\0';
  close(ends[0]);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 2);
}

static void test_json(void **state) {
  (void)state;
  static char said[8192];
  said_in_json("n\033\"\xff.db", 1795485723, said, sizeof said);
  assert_string_equal(said,
                      "{\"time\":\"2026-11-24T02:02:03Z\",\"level\":\"error\",\"command\":\"stat\",\"message\":\"'"
                      "n\\u001b\\\"\xEF\xBF\xBD.db': index is damaged: 'reprint check' says "
                      "where; restore a backup, or index the articles again\"}\n");

  /* the time of the fault, in its place and nowhere else */
  time_t before = time(NULL);
  said_in_json("news.db", 0, said, sizeof said);
  time_t after = time(NULL);
  char first[RP_LOG_TIME + 1] = "", last[RP_LOG_TIME + 1] = "";
  rp_log_time((int64_t)before, first);
  rp_log_time((int64_t)after, last);
  assert_memory_equal(said, "{\"time\":\"", RP_LOG_TIME_AT);
  assert_true(memcmp(said + RP_LOG_TIME_AT, first, RP_LOG_TIME) >= 0);
  assert_true(memcmp(said + RP_LOG_TIME_AT, last, RP_LOG_TIME) <= 0);
  assert_memory_equal(said + RP_LOG_TIME_AT + RP_LOG_TIME, "\",\"level\":\"error\",", 18);

  /* the longest name, each byte of it six in JSON: whole and ended */
  char dir[1000];
  memset(dir, 1, sizeof dir);
  dir[sizeof dir - 1] = '\0';
  said_in_json(dir, 0, said, sizeof said);
  assert_true(strlen(said) > 6 * 400);
  assert_string_equal(said + strlen(said) - 9, " again\"}\n");
}

static void test_fates(void **state) {
  (void)state;
  static const int numbers[] = {SIGBUS, SIGSEGV, SIGABRT};
  char said[256];
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    int status = fate(numbers[i], INSIDE, said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    assert_string_equal(said,
                        "reprint: 'news?.db': index is damaged: 'reprint check' says where; restore a backup, or index "
                        "the articles again\n");
    for (where at = OUTSIDE; at <= AFTER; at++) {
      status = fate(numbers[i], at, said);
      assert_true(WIFSIGNALED(status));
      assert_int_equal(WTERMSIG(status), numbers[i]);
      assert_string_equal(said, "");
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_fates), cmocka_unit_test(test_json)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
