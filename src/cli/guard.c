#include "cli/guard.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/log.h"

/* A signal handler has no other way to know. */
static volatile sig_atomic_t is_inside;
static char message[4096];
static size_t message_len;
static bool has_time; /* the message has a place for the time of the fault */
static bool is_json;
static const char *log_command;
static int64_t log_now;

static void on_fault(int number) {
  if (is_inside) {
    size_t done = 0;
    if (has_time) rp_log_time((int64_t)time(NULL), message + RP_LOG_TIME_AT);
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

void rp_guard_log_json(const char *command, int64_t now) {
  is_json = true;
  log_command = command;
  log_now = now;
}

/* False where memory is short. */
static bool prepare_json(const char *text) {
  rp_buf line;
  rp_json json;
  rp_buf_init(&line);
  rp_log_begin(&json, &line, RP_LEVEL_ERROR, log_command, log_now);
  rp_json_key(&json, "message");
  rp_json_cstr(&json, text);
  rp_log_end(&json);
  bool ok = !line.failed && line.len <= sizeof message;
  if (ok) memcpy(message, line.data, message_len = line.len);
  has_time = ok && !log_now;
  rp_buf_release(&line);
  return ok;
}

static void prepare_text(const char *text) {
  snprintf(message, sizeof message, "reprint: %s\n", text);
  for (char *p = message; p[0] && p[1]; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7f) *p = '?';
  message_len = strlen(message);
  has_time = false;
}

void rp_guard_enter(const char *dir) {
  char text[512];
  snprintf(text, sizeof text,
           "'%.400s': index is damaged: 'reprint check' says where; restore a backup, or index the articles again",
           dir);
  if (!is_json || !prepare_json(text)) prepare_text(text);
  is_inside = 1;
}

void rp_guard_leave(void) { is_inside = 0; }
