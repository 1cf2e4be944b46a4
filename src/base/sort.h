/* sort.h - stable radix sort (least significant digit first, 8 bits a pass)
 * of records by an unsigned 64-bit key that stands at their start.  Passes in
 * which all digits agree are skipped. */
#ifndef RP_BASE_SORT_H
#define RP_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef struct rp_key32 {
  uint64_t key;
  uint32_t value;
} rp_key32;

/* Sorts `n` keys with their values; `scratch` has room for n.  The result is
 * in `item`. */
void rp_sort_key32(rp_key32 *item, rp_key32 *scratch, size_t n);

/* Sorts n keys alone. */
void rp_sort_u64(uint64_t *item, uint64_t *scratch, size_t n);

#endif
