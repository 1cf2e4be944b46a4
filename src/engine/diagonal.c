#include "engine/diagonal.h"

#include <stdlib.h>

static int compare_hits(const void *x, const void *y) {
  const rp_hit *p = x, *q = y;
  if (p->a != q->a) return p->a < q->a ? -1 : 1;
  return (p->b > q->b) - (p->b < q->b);
}

static size_t sort_unique(rp_hit *hit, size_t n) {
  qsort(hit, n, sizeof *hit, compare_hits);
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (i == 0 || hit[i].a != hit[kept - 1].a || hit[i].b != hit[kept - 1].b) hit[kept++] = hit[i];
  return kept;
}

static int distance(uint16_t x, uint16_t y) { return abs((int16_t)(uint16_t)(x - y)); }

/* Different places, near each other in both texts, along one diagonal. */
static bool is_near(rp_hit p, rp_hit q) {
  if (p.a == q.a || p.b == q.b) return false;
  if (distance(p.a, q.a) > RP_DIAGONAL_WINDOW || distance(p.b, q.b) > RP_DIAGONAL_WINDOW) return false;
  return distance((uint16_t)(p.a - p.b), (uint16_t)(q.a - q.b)) <= RP_DIAGONAL_DRIFT;
}

/* The hit after i (in the order of a, which wraps at 65,536) that is still
 * inside its window, or n. */
static size_t next_in_window(const rp_hit *hit, size_t n, size_t i, size_t j) {
  j = j + 1 == n ? 0 : j + 1;
  if (j == i) return n;
  uint16_t ahead = (uint16_t)(hit[j].a - hit[i].a);
  return ahead <= RP_DIAGONAL_WINDOW ? j : n;
}

bool rp_diagonal_holds(rp_hit *hit, size_t n) {
  if (n < RP_DIAGONAL_HITS) return false;
  n = sort_unique(hit, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = next_in_window(hit, n, i, i); j != n; j = next_in_window(hit, n, i, j)) {
      if (!is_near(hit[i], hit[j])) continue;
      for (size_t k = next_in_window(hit, n, i, j); k != n; k = next_in_window(hit, n, i, k))
        if (is_near(hit[i], hit[k]) && is_near(hit[j], hit[k])) return true;
    }
  return false;
}

size_t rp_diagonal_count(rp_hit *hit, size_t n) {
  n = sort_unique(hit, n);
  size_t best = n ? 1 : 0;
  for (size_t i = 0; i < n; i++) {
    size_t count = 1;
    for (size_t j = 0; j < n; j++) count += j != i && is_near(hit[i], hit[j]);
    if (count > best) best = count;
  }
  return best;
}
