/* Runs a command and writes down what it took: a line
 *
 *   LABEL WALL USER SYSTEM MAXRSS STATUS KILLED
 *
 * with seconds, KiB, the exit status (128 + n: ended by signal n), and whether
 * it was this program that killed it.  Every measurement of bench/ goes through
 * here, since not every system has a time(1) that tells memory.
 *
 * -k SECONDS kills it so long after its start, with -w FILE so long after FILE
 * got its first byte: that is how a moment between two of its writes is met. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TROUBLE = 125, NOT_RUN = 127, LONGEST_DELAY = 86400 };

typedef struct request {
  const char *log, *label;
  double kill_after;  /* seconds; below 0: never */
  const char *waited; /* NULL, or the file whose first byte starts the clock */
  char **command;
} request;

static double seconds_of(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Gives false where the child has ended before its time was over. */
static bool wait_out(const sigset_t *child_ended, double seconds) {
  double end = now() + seconds;
  for (double left = seconds; left > 0; left = end - now()) {
    struct timespec t = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
    if (sigtimedwait(child_ended, NULL, &t) >= 0) return false;
    if (errno != EINTR && errno != EAGAIN) break;
  }
  return true;
}

static bool has_bytes(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 && s.st_size > 0;
}

/* Gives false where the child has ended before it was to be killed. */
static bool wait_to_kill(const request *r, const sigset_t *child_ended) {
  if (r->kill_after < 0) return false;
  while (r->waited && !has_bytes(r->waited))
    if (!wait_out(child_ended, 0.0001)) return false;
  return wait_out(child_ended, r->kill_after);
}

static bool write_line(const request *r, double wall, int status, bool is_killed) {
  char line[512];
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  int n = snprintf(line, sizeof line, "%s %.6f %.6f %.6f %ld %d %d\n", r->label, wall, seconds_of(used.ru_utime),
                   seconds_of(used.ru_stime), used.ru_maxrss, status, is_killed);
  if (n < 0 || (size_t)n >= sizeof line) return false;
  /* one write to the end of the file, so that several processes may share it */
  int fd = r->log ? open(r->log, O_WRONLY | O_CREAT | O_APPEND, 0666) : STDERR_FILENO;
  if (fd < 0) return false;
  bool is_written = write(fd, line, (size_t)n) == n;
  return (!r->log || close(fd) == 0) && is_written;
}

static int run(const request *r) {
  sigset_t child_ended, before;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_ended, &before);
  double start = now();
  pid_t child = fork();
  if (child < 0) {
    perror("reprint-run: fork");
    return TROUBLE;
  }
  if (child == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    execvp(r->command[0], r->command);
    fprintf(stderr, "reprint-run: %s: %s\n", r->command[0], strerror(errno));
    _exit(NOT_RUN);
  }
  bool is_shot = wait_to_kill(r, &child_ended);
  if (is_shot) kill(child, SIGKILL);
  int ended;
  while (waitpid(child, &ended, 0) < 0) {
    if (errno == EINTR) continue;
    perror("reprint-run: wait");
    return TROUBLE;
  }
  int status = WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
  if (!write_line(r, now() - start, status, is_shot && WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL)) {
    fprintf(stderr, "reprint-run: cannot write '%s'\n", r->log ? r->log : "stderr");
    return TROUBLE;
  }
  return status;
}

static int usage(void) {
  fputs("usage: reprint-run [-o LOG] [-l LABEL] [-k SECONDS [-w FILE]] COMMAND [ARGUMENT]...\n", stderr);
  return TROUBLE;
}

int main(int argc, char **argv) {
  request r = {.label = "-", .kill_after = -1};
  int option;
  char *end;
  while ((option = getopt(argc, argv, "+o:l:k:w:")) != -1) {
    switch (option) {
      case 'o': r.log = optarg; break;
      case 'l': r.label = optarg; break;
      case 'w': r.waited = optarg; break;
      case 'k':
        r.kill_after = strtod(optarg, &end);
        if (end == optarg || *end != '\0' || !(r.kill_after >= 0 && r.kill_after <= LONGEST_DELAY)) return usage();
        break;
      default: return usage();
    }
  }
  if (optind >= argc) return usage();
  r.command = argv + optind;
  return run(&r);
}
