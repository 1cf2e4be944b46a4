/* minhash.h - the signature: one-permutation hashing with four fixed rounds of
 * densification, then an ordinary minimum for bins that are still empty.
 * Specified in docs/signature.md; performance is why. */
#ifndef RP_SKETCH_MINHASH_H
#define RP_SKETCH_MINHASH_H

#include <stddef.h>
#include <stdint.h>

enum { RP_SIGNATURE_SIZE = 128, RP_SIGNATURE_ROUNDS = 4, RP_SIGNATURE_VERSION = 1 };

/* Signature of a set of `n` >= 1 shingle hashes; order and repeats do not
 * matter. */
void rp_minhash_sign(const uint64_t *shingle, size_t n, uint32_t signature[RP_SIGNATURE_SIZE]);

/* The same with a chosen kernel (kernel.h); the result is the same. */
struct rp_kernel;
void rp_minhash_sign_with(const struct rp_kernel *kernel, const uint64_t *shingle, size_t n,
                          uint32_t signature[RP_SIGNATURE_SIZE]);

/* The low 16 bits of each value: what the index keeps. */
void rp_minhash_pack(const uint32_t signature[RP_SIGNATURE_SIZE], uint16_t packed[RP_SIGNATURE_SIZE]);

/* Estimated Jaccard similarity, corrected for chance agreement of 16 bits; in
 * [0, 1]. */
double rp_minhash_estimate(const uint16_t a[RP_SIGNATURE_SIZE], const uint16_t b[RP_SIGNATURE_SIZE]);

#endif
