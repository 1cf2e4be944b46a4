#include "cli/near.h"

#include <stdint.h>
#include <string.h>

enum { MOST = 32 };

static size_t least_of(size_t a, size_t b, size_t c) {
  size_t m = a < b ? a : b;
  return m < c ? m : c;
}

/* The restricted Damerau-Levenshtein distance, with the whole table kept. */
size_t rp_near_distance(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b), cost[MOST + 1][MOST + 1];
  if (n > MOST || m > MOST) return SIZE_MAX;
  for (size_t i = 0; i <= n; i++) cost[i][0] = i;
  for (size_t j = 0; j <= m; j++) cost[0][j] = j;
  for (size_t i = 1; i <= n; i++)
    for (size_t j = 1; j <= m; j++) {
      size_t here = least_of(cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && cost[i - 2][j - 2] + 1 < here)
        here = cost[i - 2][j - 2] + 1;
      cost[i][j] = here;
    }
  return cost[n][m];
}

void rp_near_try(const char *word, const char *candidate, const char **best, size_t *least) {
  size_t distance = rp_near_distance(word, candidate), most = strlen(word) / 3;
  if (most < 1) most = 1;
  if (distance > most || distance >= *least) return;
  *least = distance;
  *best = candidate;
}
