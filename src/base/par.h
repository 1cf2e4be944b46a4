/* par.h - the one parallel-for: all the threading there is.
 *
 * Calls fn(user, worker, i) for every i in [0, n), each once, spread over
 * `n_thread` threads (the caller's among them; 0: the processors); returns
 * when all are done.  `worker` is in [0, n_thread): the index of per-thread
 * scratch.  Where a thread cannot be started, the others do its work.  The
 * order of the calls is free, so fn must write only to what belongs to i or
 * to its worker. */
#ifndef RP_BASE_PAR_H
#define RP_BASE_PAR_H

#include <stddef.h>

unsigned rp_par_processors(void);
/* The number of workers that rp_par_for will use for `n_thread`: at least 1. */
unsigned rp_par_workers(unsigned n_thread);
void rp_par_for(unsigned n_thread, size_t n, void (*fn)(void *user, unsigned worker, size_t i), void *user);

#endif
