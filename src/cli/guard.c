#include "cli/guard.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* A signal handler has no other way to know. */
static volatile sig_atomic_t is_inside;
static char message[512];
static size_t message_len;

static void on_fault(int number) {
  if (is_inside) {
    size_t done = 0;
    while (done < message_len) {
      ssize_t n = write(STDERR_FILENO, message + done, message_len - done);
      if (n <= 0) break;
      done += (size_t)n;
    }
    _exit(RP_EXIT_TROUBLE);
  }
  signal(number, SIG_DFL);
  raise(number);
}

void rp_guard_install(void) {
  static const int numbers[] = {SIGBUS, SIGSEGV, SIGABRT};
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = (int)SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &action, NULL);
}

void rp_guard_enter(const char *dir) {
  snprintf(message, sizeof message,
           "reprint: '%.400s': index is damaged: 'reprint check' says where; restore a backup, or index the articles "
           "again\n",
           dir);
  for (char *p = message; p[0] && p[1]; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7f) *p = '?';
  message_len = strlen(message);
  is_inside = 1;
}

void rp_guard_leave(void) { is_inside = 0; }
