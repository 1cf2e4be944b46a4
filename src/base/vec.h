/* vec.h - growing arrays of one type.
 *
 *   RP_VEC(uint32_t) ids = {0};
 *   if (!rp_vec_push(&ids, 7)) return rp_fail_memory(error);
 *   rp_vec_release(&ids);
 *
 * A vector that is all zero is empty.  Growing doubles, so pushing takes
 * amortised constant time; on failure the vector is as it was. */
#ifndef RP_BASE_VEC_H
#define RP_BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

#define RP_VEC(type) \
  struct {           \
    type *data;      \
    size_t n, cap;   \
  }

bool rp_vec_grow(void **data, size_t *cap, size_t need, size_t size);

/* Room for `more` further elements; false where memory is short. */
#define rp_vec_reserve(v, more) \
  ((v)->cap - (v)->n >= (more) || rp_vec_grow((void **)&(v)->data, &(v)->cap, (v)->n + (more), sizeof *(v)->data))
#define rp_vec_push(v, ...) (rp_vec_reserve((v), 1) && ((v)->data[(v)->n++] = (__VA_ARGS__), true))
#define rp_vec_clear(v) ((v)->n = 0)
#define rp_vec_release(v) (rp_free((v)->data), (v)->data = NULL, (v)->n = (v)->cap = 0)

#include "base/mem.h"

#endif
