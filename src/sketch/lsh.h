/* lsh.h - band keys of a signature. */
#ifndef RP_SKETCH_LSH_H
#define RP_SKETCH_LSH_H

#include "sketch/minhash.h"

/* `n_band` keys of `n_row` values each, n_band * n_row <= RP_SIGNATURE_SIZE.
 * The band's number is mixed in, so all bands share one table. */
void rp_lsh_bands(const uint32_t signature[RP_SIGNATURE_SIZE], unsigned n_band, unsigned n_row, uint64_t *key);

/* Chance that a pair of Jaccard similarity j shares a band. */
double rp_lsh_probability(unsigned n_band, unsigned n_row, double j);

#endif
