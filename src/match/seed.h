/* seed.h - maximal exact runs of words that two texts share. */
#ifndef RP_MATCH_SEED_H
#define RP_MATCH_SEED_H

#include "text/token.h"

enum {
  RP_SEED_GRAM = 3,             /* words of the shortest run */
  RP_SEED_PRODUCT_MAX = 16,     /* occurrences in a times those in b, beyond which a gram seeds nothing */
  RP_SEED_REPEAT_MAX = 1 << 20, /* pairs of grams that occur more than once, in all */
};

/* Words a .. a + n - 1 of one text equal words b .. b + n - 1 of the other. */
typedef struct rp_seed {
  uint32_t a, b, n;
} rp_seed;

/* Every maximal run of >= 3 equal words that holds a gram rare enough, and the
 * common beginning and end of the two texts however common their words; by a,
 * then by b.  At most about min(a->n, b->n) + RP_SEED_REPEAT_MAX of them. */
RP_CHECKED rp_status rp_seeds_find(const rp_words *a, const rp_words *b, rp_arena *arena, const rp_seed **out,
                                   size_t *n_out, rp_error *error);

#endif
