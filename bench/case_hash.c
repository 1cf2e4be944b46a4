/* What no program that reads every byte can beat by much. */
#include "base/hash.h"
#include "bench.h"

static rp_status run_hash(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  (void)state;
  (void)error;
  for (size_t i = 0; i < corpus->text.n; i++) *check ^= rp_hash64(corpus->text.data[i].data, corpus->text.data[i].len);
  return RP_OK;
}

const bench_case case_hash = {.name = "hash", .what = "XXH3-64 of every text", .run = run_hash};
