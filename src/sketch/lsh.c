#include "sketch/lsh.h"

#include <assert.h>
#include <math.h>

#include "sketch/mix.h"

void rp_lsh_bands(const uint32_t signature[RP_SIGNATURE_SIZE], unsigned n_band, unsigned n_row, uint64_t *key) {
  assert(n_row > 0 && n_band <= RP_SIGNATURE_SIZE / n_row);
  for (unsigned band = 0; band < n_band; band++) {
    uint64_t x = band + UINT64_C(1);
    for (unsigned row = 0; row < n_row; row++) x = x * RP_MIX_STEP + *signature++;
    key[band] = rp_mix64(x);
  }
}

double rp_lsh_probability(unsigned n_band, unsigned n_row, double j) { return 1 - pow(1 - pow(j, n_row), n_band); }
