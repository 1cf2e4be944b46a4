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
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_fates)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
