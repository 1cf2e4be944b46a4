#include "engine/owner.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

rp_str rp_owner_of(const rp_query_options *o, rp_str publisher) {
  size_t low = 0, high = publisher.len ? o->n_owner : 0;
  while (low < high) {
    size_t at = low + (high - low) / 2;
    int order = rp_str_compare(o->owner[at].publisher, publisher);
    if (order == 0) return o->owner[at].owner.len ? o->owner[at].owner : publisher;
    if (order < 0)
      low = at + 1;
    else
      high = at;
  }
  return publisher;
}

bool rp_owner_is_same(const rp_query_options *o, rp_str a, rp_str b) {
  return a.len && b.len && rp_str_equal(rp_owner_of(o, a), rp_owner_of(o, b));
}

struct owned {
  rp_str owner;
  uint32_t publisher;
};

static int compare(const void *x, const void *y) {
  const struct owned *p = x, *q = y;
  int order = rp_str_compare(p->owner, q->owner);
  return order ? order : (p->publisher > q->publisher) - (p->publisher < q->publisher);
}

rp_status rp_owner_numbers(const rp_snapshot *snapshot, const rp_query_options *o, uint32_t **out, size_t *n,
                           rp_error *error) {
  RP_VEC(struct owned) owned = {0};
  rp_status status = RP_OK;
  for (uint32_t i = 1; status == RP_OK; i++) {
    rp_str publisher = rp_snapshot_publisher(snapshot, i);
    if (!publisher.len) break;
    if (!rp_vec_push(&owned, (struct owned){rp_owner_of(o, publisher), i})) status = rp_fail_memory(error);
  }
  uint32_t *number = status == RP_OK ? rp_calloc(owned.n + 1, sizeof *number) : NULL;
  if (status == RP_OK && !number) status = rp_fail_memory(error);
  if (status == RP_OK) {
    if (owned.n) qsort(owned.data, owned.n, sizeof *owned.data, compare);
    for (size_t i = 0, first = 0; i < owned.n; i++) {
      if (!rp_str_equal(owned.data[i].owner, owned.data[first].owner)) first = i;
      number[owned.data[i].publisher] = owned.data[first].publisher;
    }
    *out = number;
    *n = owned.n + 1;
  }
  rp_vec_release(&owned);
  return status;
}
