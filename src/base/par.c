#include "base/par.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { MAX_THREADS = 256 };

struct job {
  atomic_size_t next;
  size_t n, step;
  void (*fn)(void *user, unsigned worker, size_t i);
  void *user;
};

struct worker {
  struct job *job;
  unsigned number;
  pthread_t thread;
};

unsigned rp_par_processors(void) {
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

unsigned rp_par_workers(unsigned n_thread) {
  if (n_thread == 0) return rp_par_processors();
  return n_thread > MAX_THREADS ? MAX_THREADS : n_thread;
}

static void *work(void *arg) {
  struct worker *w = arg;
  struct job *job = w->job;
  for (;;) {
    size_t start = atomic_fetch_add_explicit(&job->next, job->step, memory_order_relaxed);
    if (start >= job->n) return NULL;
    size_t end = job->n - start < job->step ? job->n : start + job->step;
    for (size_t i = start; i < end; i++) job->fn(job->user, w->number, i);
  }
}

void rp_par_for(unsigned n_thread, size_t n, void (*fn)(void *user, unsigned worker, size_t i), void *user) {
  unsigned n_worker = rp_par_workers(n_thread);
  if (n_worker > n) n_worker = n ? (unsigned)n : 1;
  struct job job = {.n = n, .fn = fn, .user = user};
  atomic_init(&job.next, 0);
  /* pieces small enough to even out long articles, large enough that the
   * shared counter is not felt */
  job.step = n / (n_worker * (size_t)32);
  if (job.step < 1) job.step = 1;
  if (job.step > 64) job.step = 64;
  struct worker worker[MAX_THREADS];
  unsigned started = 1;
  for (unsigned i = 0; i < n_worker; i++) worker[i] = (struct worker){.job = &job, .number = i};
  while (started < n_worker && pthread_create(&worker[started].thread, NULL, work, &worker[started]) == 0) started++;
  work(&worker[0]);
  for (unsigned i = 1; i < started; i++) pthread_join(worker[i].thread, NULL);
}
