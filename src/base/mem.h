/* mem.h - the one door to the heap, so that tests can make it fail.
 *
 * Every function returns NULL when memory is short; a size of 0 gives a
 * pointer that may be freed.  Products of sizes are checked for overflow. */
#ifndef RP_BASE_MEM_H
#define RP_BASE_MEM_H

#include <stddef.h>

void *rp_malloc(size_t size);
void *rp_calloc(size_t n, size_t size);
/* On failure the old block stays as it was. */
void *rp_realloc(void *block, size_t n, size_t size);
void rp_free(void *block);
/* A copy of `len` bytes, with a NUL behind them. */
char *rp_memdup(const void *data, size_t len);

/* Tests: the `n`th allocation from now on and all after it fail; 0: none. */
void rp_mem_fail_after(long n);

#endif
