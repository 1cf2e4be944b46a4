#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

struct rp_arena_block {
  struct rp_arena_block *next;
  size_t cap;
  alignas(max_align_t) unsigned char data[];
};

enum { FIRST_BLOCK = 64 << 10, ALIGN = alignof(max_align_t) };

void rp_arena_init(rp_arena *arena) { *arena = (rp_arena){0}; }

void rp_arena_release(rp_arena *arena) {
  for (struct rp_arena_block *b = arena->first; b;) {
    struct rp_arena_block *next = b->next;
    rp_free(b);
    b = next;
  }
  rp_arena_init(arena);
}

static struct rp_arena_block *next_block(rp_arena *arena, size_t need) {
  struct rp_arena_block **link = arena->at ? &arena->at->next : &arena->first;
  /* a kept block that is too small is passed over, not freed: the next call
   * may be the one that fits it */
  while (*link && (*link)->cap < need) link = &(*link)->next;
  if (*link) return *link;
  size_t cap = arena->total > FIRST_BLOCK ? arena->total : FIRST_BLOCK;
  if (cap < need) cap = need;
  if (cap > SIZE_MAX - sizeof(struct rp_arena_block)) return NULL;
  struct rp_arena_block *b = rp_malloc(sizeof *b + cap);
  if (!b) return NULL;
  b->next = NULL;
  b->cap = cap;
  arena->total += cap;
  *link = b;
  return b;
}

void *rp_arena_alloc(rp_arena *arena, size_t n, size_t size) {
  if (size && n > (SIZE_MAX - ALIGN) / size) return NULL;
  size_t need = (n * size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
  if (need == 0) need = ALIGN;
  if (!arena->at || arena->at->cap - arena->used < need) {
    struct rp_arena_block *b = next_block(arena, need);
    if (!b) return NULL;
    arena->at = b;
    arena->used = 0;
  }
  void *out = arena->at->data + arena->used;
  arena->used += need;
  return out;
}

void *rp_arena_zero(rp_arena *arena, size_t n, size_t size) {
  void *out = rp_arena_alloc(arena, n, size);
  if (out) memset(out, 0, n * size);
  return out;
}

char *rp_arena_memdup(rp_arena *arena, const void *data, size_t len) {
  if (len == SIZE_MAX) return NULL;
  char *out = rp_arena_alloc(arena, len + 1, 1);
  if (!out) return NULL;
  if (len) memcpy(out, data, len);
  out[len] = '\0';
  return out;
}

rp_arena_mark rp_arena_get(const rp_arena *arena) { return (rp_arena_mark){arena->at, arena->used}; }

void rp_arena_rewind(rp_arena *arena, rp_arena_mark mark) {
  arena->at = mark.at;
  arena->used = mark.used;
}

void rp_arena_clear(rp_arena *arena, size_t keep) {
  if (arena->total > keep) rp_arena_release(arena);
  arena->at = NULL;
  arena->used = 0;
}
