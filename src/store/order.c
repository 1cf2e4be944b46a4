#include "store/order.h"

#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "base/sort.h"
#include "store/format.h"

enum { N_RANGE = 256, SMALL = 32, MAX_DIGIT = 5, FEW = 4096 };

/* ---- documents ------------------------------------------------------------------- */

/* Two stable sorts, the lesser key first; equal rows stay in order of number. */
rp_status rp_order_rows(const rp_row *row, size_t n, uint32_t *order, uint32_t *rank, rp_error *error) {
  rp_key32 *key = rp_malloc(n * 2 * sizeof *key);
  if (!key) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) key[i] = (rp_key32){row[i].id_hash, (uint32_t)i};
  rp_sort_key32(key, key + n, n);
  for (size_t i = 0; i < n; i++) key[i].key = (uint64_t)((int64_t)row[key[i].value].earliest - INT32_MIN);
  rp_sort_key32(key, key + n, n);
  for (size_t i = 0; i < n; i++) {
    order[i] = key[i].value;
    rank[key[i].value] = (uint32_t)i;
  }
  rp_free(key);
  return RP_OK;
}

/* ---- postings ---------------------------------------------------------------------- */

struct ranges {
  const rp_order_job *job;
  uint64_t least; /* of all 40-bit hashes */
  unsigned shift; /* range of a hash: (hash - least) >> shift */
  size_t start[N_RANGE + 1];
  size_t longest;     /* range */
  rp_entry **scratch; /* of each worker, as long; NULL: not needed yet */
  atomic_bool is_out_of_memory;
};

static uint64_t key_of(const rp_entry *e) { return e->hash >> RP_HASH_SHIFT; }

/* `doc` holds the rank here. */
static bool is_less(const rp_entry *a, const rp_entry *b) {
  if (a->hash != b->hash) return a->hash < b->hash;
  if (a->doc != b->doc) return a->doc < b->doc;
  return a->position < b->position;
}

static void insert_sort(rp_entry *e, size_t n) {
  for (size_t i = 1; i < n; i++) {
    rp_entry x = e[i];
    size_t j = i;
    for (; j > 0 && is_less(&x, &e[j - 1]); j--) e[j] = e[j - 1];
    e[j] = x;
  }
}

static bool is_sorted(const rp_entry *e, size_t n) {
  for (size_t i = 1; i < n; i++)
    if (is_less(&e[i], &e[i - 1])) return false;
  return true;
}

/* Runs of one hash can be as long as the batch, so they are merged, not
 * inserted.  Depth is the logarithm of n. */
static void merge_sort(rp_entry *e, rp_entry *scratch, size_t n) {
  if (n <= SMALL) {
    insert_sort(e, n);
    return;
  }
  if (is_sorted(e, n)) return;
  size_t half = n / 2, i = 0, j = half, at = 0;
  merge_sort(e, scratch, half);
  merge_sort(e + half, scratch + half, n - half);
  memcpy(scratch, e, n * sizeof *e);
  while (i < half && j < n) e[at++] = is_less(&scratch[j], &scratch[i]) ? scratch[j++] : scratch[i++];
  while (i < half) e[at++] = scratch[i++];
  while (j < n) e[at++] = scratch[j++];
}

static void radix_sort(const struct ranges *r, rp_entry *e, rp_entry *scratch, size_t n) {
  unsigned n_digit = (r->shift + 7) / 8;
  size_t count[MAX_DIGIT][256];
  memset(count, 0, sizeof count);
  for (size_t i = 0; i < n; i++) {
    uint64_t key = key_of(&e[i]) - r->least;
    for (unsigned d = 0; d < n_digit; d++) count[d][key >> 8 * d & 255]++;
  }
  rp_entry *from = e, *to = scratch;
  for (unsigned d = 0; d < n_digit; d++) {
    if (count[d][(key_of(&from[0]) - r->least) >> 8 * d & 255] == n) continue;
    size_t at = 0;
    for (int v = 0; v < 256; v++) {
      size_t c = count[d][v];
      count[d][v] = at;
      at += c;
    }
    for (size_t i = 0; i < n; i++) to[count[d][(key_of(&from[i]) - r->least) >> 8 * d & 255]++] = from[i];
    rp_entry *swap = from;
    from = to;
    to = swap;
  }
  if (from != e) memcpy(e, from, n * sizeof *e);
}

static void sort_long_range(struct ranges *r, rp_entry *e, rp_entry *scratch, size_t n) {
  radix_sort(r, e, scratch, n);
  for (size_t i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && e[end].hash == e[i].hash;) end++;
    if (end - i > 1) merge_sort(e + i, scratch, end - i);
  }
}

static void sort_range(void *user, unsigned worker, size_t range) {
  struct ranges *r = user;
  size_t n = r->start[range + 1] - r->start[range];
  rp_entry *e = r->job->out + r->start[range];
  if (n <= SMALL) {
    insert_sort(e, n);
  } else {
    if (!r->scratch[worker]) r->scratch[worker] = rp_malloc(r->longest * sizeof(rp_entry));
    if (r->scratch[worker])
      sort_long_range(r, e, r->scratch[worker], n);
    else
      atomic_store(&r->is_out_of_memory, true);
  }
  for (size_t i = 0; i < n; i++) e[i].doc = r->job->number_base + r->job->order[e[i].doc];
}

static void find_ranges(struct ranges *r) {
  const rp_order_job *job = r->job;
  uint64_t greatest = 0;
  r->least = UINT64_MAX;
  for (size_t i = 0; i < job->n; i++) {
    uint64_t key = key_of(&job->in[i]);
    if (key < r->least) r->least = key;
    if (key > greatest) greatest = key;
  }
  while ((greatest - r->least) >> r->shift >= N_RANGE) r->shift++;
}

static void deal(struct ranges *r) {
  const rp_order_job *job = r->job;
  size_t at[N_RANGE] = {0};
  for (size_t i = 0; i < job->n; i++) at[(key_of(&job->in[i]) - r->least) >> r->shift]++;
  for (size_t v = 0, sum = 0; v < N_RANGE; v++) {
    size_t c = at[v];
    if (c > r->longest) r->longest = c;
    at[v] = r->start[v] = sum;
    sum += c;
  }
  r->start[N_RANGE] = job->n;
  for (size_t i = 0; i < job->n; i++) {
    const rp_entry *e = &job->in[i];
    job->out[at[(key_of(e) - r->least) >> r->shift]++] =
        (rp_entry){key_of(e) << RP_HASH_SHIFT, job->rank[e->doc - job->doc_base], e->position};
  }
}

rp_status rp_order_entries(const rp_order_job *job, rp_error *error) {
  if (job->n == 0) return RP_OK;
  unsigned n_worker = rp_par_workers(job->n < FEW ? 1 : job->n_thread);
  struct ranges r = {.job = job, .scratch = rp_calloc(n_worker, sizeof *r.scratch)};
  if (!r.scratch) return rp_fail_memory(error);
  atomic_init(&r.is_out_of_memory, false);
  find_ranges(&r);
  deal(&r);
  rp_par_for(n_worker, N_RANGE, sort_range, &r);
  for (unsigned i = 0; i < n_worker; i++) rp_free(r.scratch[i]);
  rp_free(r.scratch);
  return atomic_load(&r.is_out_of_memory) ? rp_fail_memory(error) : RP_OK;
}
