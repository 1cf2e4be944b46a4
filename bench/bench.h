/* bench.h - what a case is: it is set up once, run several times over the same
 * articles, and taken down. */
#ifndef RP_BENCH_BENCH_H
#define RP_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "generate.h"

typedef struct bench_case {
  const char *name;
  const char *what;
  /* Time that passes, not time of the thread: the case uses several threads or
   * the disk. */
  bool is_wall;
  /* May be NULL, like teardown; stores what the others are given. */
  rp_status (*setup)(const bench_corpus *corpus, void **state, rp_error *error);
  /* Works on every article; what it gives is printed, so that no work can be
   * left out, and must be the same each time. */
  rp_status (*run)(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error);
  void (*teardown)(void *state);
} bench_case;

extern const bench_case case_hash, case_fold, case_sketch, case_sign, case_overlap, case_passages, case_index,
    case_query;

#endif
