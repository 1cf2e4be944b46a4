#define _DEFAULT_SOURCE /* wait4 */
#include "damage_run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/vec.h"

enum { REFUSED = 2, LAST_STATUS = 3, NOT_RUN = 127 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void become(const char *folder, char *const *word, unsigned seconds) {
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (chdir(folder) != 0) _exit(NOT_RUN);
  int in = open("/dev/null", O_RDONLY), out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0666),
      err = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (in < 0 || out < 0 || err < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(NOT_RUN);
  /* the alarm outlives exec; the program sets none of its own */
  alarm(seconds);
  execv(word[0], word);
  _exit(NOT_RUN);
}

typedef RP_VEC(uint8_t) bytes;

static bool read_whole(const char *folder, const char *name, bytes *out) {
  char path[4096];
  uint8_t piece[1 << 14];
  size_t n = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  rp_vec_clear(out);
  while ((n = fread(piece, 1, sizeof piece, f)) > 0) {
    if (!rp_vec_reserve(out, n)) break;
    memcpy(out->data + out->n, piece, n);
    out->n += n;
  }
  fclose(f);
  return n == 0;
}

static void first_line(const bytes *from, char out[OUTCOME_MESSAGE]) {
  size_t n = 0;
  for (; n < from->n && n < OUTCOME_MESSAGE - 1 && from->data[n] != '\n'; n++)
    out[n] = from->data[n] < ' ' || from->data[n] == '|' ? ' ' : (char)from->data[n];
  out[n] = '\0';
}

/* LMDB prints a line of its own before it gives up. */
static bool has_message(const bytes *err) {
  for (size_t i = 0; i + 9 < err->n; i++)
    if ((i == 0 || err->data[i - 1] == '\n') && memcmp(err->data + i, "reprint: ", 9) == 0) return true;
  return false;
}

static void judge(const char *folder, int ended, outcome *o) {
  bytes out = {0}, err = {0};
  bool is_read = read_whole(folder, "out", &out) && read_whole(folder, "err", &err);
  first_line(err.n ? &err : &out, o->message);
  if (WIFSIGNALED(ended)) {
    o->status = WTERMSIG(ended);
    o->ending = o->status == SIGALRM ? ENDED_HANG : ENDED_SIGNAL;
  } else {
    o->status = WEXITSTATUS(ended);
    bool has_said = out.n > 0 || has_message(&err);
    o->ending = o->status == REFUSED && has_said ? ENDED_REFUSED
                : o->status == REFUSED           ? ENDED_SILENT
                : o->status > LAST_STATUS        ? ENDED_SILENT
                                                 : ENDED_ANSWERED;
    uint64_t part[2] = {(uint64_t)o->status, rp_hash64(out.n ? out.data : (const uint8_t *)"", out.n)};
    o->hash = rp_hash64(part, sizeof part);
  }
  if (!is_read) o->ending = ENDED_SILENT;
  rp_vec_release(&out);
  rp_vec_release(&err);
}

void outcome_of(const char *folder, char *const *word, unsigned seconds, outcome *out) {
  *out = (outcome){.ending = ENDED_SILENT};
  double start = now();
  int ended;
  struct rusage used;
  pid_t child = fork();
  if (child == 0) become(folder, word, seconds);
  if (child < 0 || wait4(child, &ended, 0, &used) != child) {
    perror("reprint-damage");
    exit(2);
  }
  out->seconds = now() - start;
  out->max_rss = used.ru_maxrss;
  judge(folder, ended, out);
}
