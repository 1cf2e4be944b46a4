#include "base/map.h"

#include <string.h>

#include "base/mem.h"

void rp_map_init(rp_map *map) { *map = (rp_map){0}; }

void rp_map_release(rp_map *map) {
  rp_free(map->key);
  rp_free(map->value);
  rp_free(map->used);
  rp_map_init(map);
}

void rp_map_clear(rp_map *map) {
  if (map->cap) memset(map->used, 0, map->cap);
  map->n = 0;
}

/* keys may be small integers: the multiplication spreads them, the shift takes
 * the bits it mixed best */
static size_t slot_of(const rp_map *map, uint64_t key) {
  uint64_t h = (key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15);
  return (size_t)(h >> 32) & (map->cap - 1);
}

static size_t find(const rp_map *map, uint64_t key) {
  size_t at = slot_of(map, key);
  while (map->used[at] && map->key[at] != key) at = (at + 1) & (map->cap - 1);
  return at;
}

uint32_t *rp_map_get(const rp_map *map, uint64_t key) {
  if (map->cap == 0) return NULL;
  size_t at = find(map, key);
  return map->used[at] ? &map->value[at] : NULL;
}

static bool grow(rp_map *map) {
  rp_map bigger = {.cap = map->cap ? map->cap * 2 : 64};
  bigger.key = rp_calloc(bigger.cap, sizeof *bigger.key);
  bigger.value = rp_calloc(bigger.cap, sizeof *bigger.value);
  bigger.used = rp_calloc(bigger.cap, 1);
  if (!bigger.key || !bigger.value || !bigger.used) {
    rp_map_release(&bigger);
    return false;
  }
  for (size_t i = 0; i < map->cap; i++) {
    if (!map->used[i]) continue;
    size_t at = find(&bigger, map->key[i]);
    bigger.used[at] = 1;
    bigger.key[at] = map->key[i];
    bigger.value[at] = map->value[i];
  }
  bigger.n = map->n;
  rp_map_release(map);
  *map = bigger;
  return true;
}

uint32_t *rp_map_put(rp_map *map, uint64_t key, uint32_t value, bool *is_new) {
  if (map->n * 2 >= map->cap && !grow(map)) return NULL;
  size_t at = find(map, key);
  bool fresh = !map->used[at];
  if (fresh) {
    map->used[at] = 1;
    map->key[at] = key;
    map->value[at] = value;
    map->n++;
  }
  if (is_new) *is_new = fresh;
  return &map->value[at];
}
