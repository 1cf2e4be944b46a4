/* progress.h - one line on a terminal's stderr that says how far a long run
 * is.  It appears after one second and is renewed five times a second. */
#ifndef RP_CLI_PROGRESS_H
#define RP_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct rp_progress {
  bool is_on;
  bool is_shown;
  double start, next; /* seconds of the monotonic clock */
} rp_progress;

/* Off where stderr is no terminal, or where `quiet`. */
void rp_progress_start(rp_progress *progress, bool quiet);
/* `n` things were done. */
void rp_progress_tick(rp_progress *progress, uint64_t n, const char *things);
/* Takes the line away. */
void rp_progress_clear(rp_progress *progress);

#endif
