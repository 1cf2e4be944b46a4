/* mincore tells what is in memory; it is no part of POSIX. */
#define _DEFAULT_SOURCE

#include "store/prefetch.h"

#include <sys/mman.h>
#include <unistd.h>

#include "store/inside.h"

/* Pages that are looked at before it is believed that all are in memory: a
 * look takes as long as a search. */
enum { SAMPLE = 4, LINE = 64, LINES = 4 };

struct wave {
  uintptr_t page;
  size_t n_looked;
  bool is_cold;
};

static bool is_resident(uintptr_t start, size_t len) {
  unsigned char there[(RP_BLOCK >> 9) + 2];
  if (len > RP_BLOCK) len = RP_BLOCK;
  return mincore((void *)start, len, there) != 0 || (there[0] & 1);
}

static void ask(struct wave *w, rp_bytes at) {
  if (at.len == 0) return;
  uintptr_t start = (uintptr_t)at.data & ~(w->page - 1);
  size_t len = (uintptr_t)at.data + at.len - start;
  if (!w->is_cold && w->n_looked < SAMPLE) {
    w->n_looked++;
    w->is_cold = !is_resident(start, len);
  }
  if (w->is_cold) {
    (void)posix_madvise((void *)start, len, POSIX_MADV_WILLNEED);
    return;
  }
  for (size_t i = 0; i < LINES && i * LINE < at.len; i++) __builtin_prefetch(at.data + i * LINE);
}

rp_status rp_snapshot_prefetch(rp_snapshot *s, rp_table table, const uint64_t *hash, size_t n, rp_error *error) {
  rp_status (*const where[])(rp_segment *, rp_table, uint64_t, rp_bytes *, rp_error *) = {rp_segment_head_of,
                                                                                          rp_segment_block_of};
  for (size_t step = 0; step < sizeof where / sizeof *where; step++) {
    struct wave w = {.page = (uintptr_t)sysconf(_SC_PAGESIZE)};
    for (uint32_t i = 0; i < s->manifest.segment.n; i++) {
      rp_segment *segment;
      if (s->manifest.segment.data[i].n_entry[table] == 0) continue;
      RP_TRY(rp_snapshot_segment(s, i, &segment, error));
      for (size_t j = 0; j < n; j++) {
        rp_bytes at;
        RP_TRY(where[step](segment, table, hash[j] >> RP_HASH_SHIFT, &at, error));
        ask(&w, at);
      }
    }
  }
  return RP_OK;
}
