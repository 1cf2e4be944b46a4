/* map.h - from a 64-bit key to a 32-bit value: open addressing, linear
 * probing, at most half full.  Keys are hashes already or are mixed here; two
 * strings of one hash are the caller's business. */
#ifndef RP_BASE_MAP_H
#define RP_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rp_map {
  uint64_t *key;
  uint32_t *value;
  uint8_t *used;
  size_t n, cap; /* cap is 0 or a power of two */
} rp_map;

void rp_map_init(rp_map *map);
void rp_map_release(rp_map *map);
void rp_map_clear(rp_map *map);
/* The place of the value, or NULL where the key is not there. */
uint32_t *rp_map_get(const rp_map *map, uint64_t key);
/* The place of the value, made with `value` where the key was not there
 * (`*is_new`, may be NULL, says so); NULL where memory is short. */
uint32_t *rp_map_put(rp_map *map, uint64_t key, uint32_t value, bool *is_new);

#endif
