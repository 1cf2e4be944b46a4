#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void rp_progress_start(rp_progress *progress, bool quiet) {
  *progress = (rp_progress){.is_on = !quiet && isatty(STDERR_FILENO)};
  progress->start = now();
  progress->next = progress->start + 1;
}

void rp_progress_tick(rp_progress *progress, uint64_t n, const char *things) {
  if (!progress->is_on) return;
  double at = now();
  if (at < progress->next) return;
  fprintf(stderr, "\r%llu %s, %.0f a second\x1b[K", (unsigned long long)n, things, (double)n / (at - progress->start));
  fflush(stderr);
  progress->is_shown = true;
  progress->next = at + 0.2;
}

void rp_progress_clear(rp_progress *progress) {
  if (!progress->is_shown) return;
  fputs("\r\x1b[K", stderr);
  fflush(stderr);
  progress->is_shown = false;
}
