/* arena.h - memory with the life of a call: allocate forward, rewind at once.
 *
 * An arena keeps its blocks when it is rewound, so a loop that rewinds it each
 * time soon allocates nothing.  Not for two threads at once. */
#ifndef RP_BASE_ARENA_H
#define RP_BASE_ARENA_H

#include <stddef.h>

struct rp_arena_block;

typedef struct rp_arena {
  struct rp_arena_block *first, *at;
  size_t used;  /* bytes of `at` */
  size_t total; /* bytes of all blocks */
} rp_arena;

/* A place to rewind to. */
typedef struct rp_arena_mark {
  struct rp_arena_block *at;
  size_t used;
} rp_arena_mark;

void rp_arena_init(rp_arena *arena);
void rp_arena_release(rp_arena *arena);

/* `n` things of `size` bytes, aligned for any type, not initialised; NULL
 * where memory is short or n * size overflows. */
void *rp_arena_alloc(rp_arena *arena, size_t n, size_t size);
/* The same, all bytes 0. */
void *rp_arena_zero(rp_arena *arena, size_t n, size_t size);
/* A copy with a NUL behind it. */
char *rp_arena_memdup(rp_arena *arena, const void *data, size_t len);

rp_arena_mark rp_arena_get(const rp_arena *arena);
/* Everything allocated since `mark` is gone. */
void rp_arena_rewind(rp_arena *arena, rp_arena_mark mark);
/* Everything is gone; memory beyond `keep` bytes goes back to the heap. */
void rp_arena_clear(rp_arena *arena, size_t keep);

/* n things of a type */
#define RP_NEW(arena, type, n) ((type *)rp_arena_alloc((arena), (n), sizeof(type)))
#define RP_NEW0(arena, type, n) ((type *)rp_arena_zero((arena), (n), sizeof(type)))

#endif
