/* damage_run.h - one run of a command: what it answered, and how it ended. */
#ifndef RP_BENCH_DAMAGE_RUN_H
#define RP_BENCH_DAMAGE_RUN_H

#include <stdint.h>

typedef enum ending {
  ENDED_ANSWERED,
  ENDED_REFUSED, /* status 2 and a message */
  ENDED_SILENT,  /* status 2 without one, or a status that no command has */
  ENDED_SIGNAL,
  ENDED_HANG,
  N_ENDING
} ending;

enum { OUTCOME_MESSAGE = 200 };

typedef struct outcome {
  ending ending;
  int status;    /* exit status, or the signal */
  uint64_t hash; /* of status and standard output, where it answered */
  double seconds;
  long max_rss;                  /* KiB */
  char message[OUTCOME_MESSAGE]; /* the first line it said, or printed */
} outcome;

/* Runs `word`, NULL at the end, in `folder`, where it leaves files `out` and
 * `err`; kills it after `seconds`. */
void outcome_of(const char *folder, char *const *word, unsigned seconds, outcome *out);

#endif
