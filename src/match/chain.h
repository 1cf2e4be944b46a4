/* chain.h - runs that follow each other in both texts, joined. */
#ifndef RP_MATCH_CHAIN_H
#define RP_MATCH_CHAIN_H

#include "match/seed.h"

/* Weights: a word weighs 2, a character of a script without spaces 1. */
enum {
  RP_CHAIN_GAP_COUNTED = 2 * 12, /* heaviest gap between two runs, counted words of a side */
  RP_CHAIN_GAP_RAW = 2 * 90,     /* the same, all words of a side */
  RP_CHAIN_RUN = 2 * 5,          /* lightest longest run of a chain */
  RP_CHAIN_LOOK_BACK = 80,       /* runs before it that a run tries to follow */
  RP_CHAIN_OVERLAP_PERCENT = 30, /* share of a chain that better ones may hold */
};

/* Costs in two-hundredths of a word. */
enum {
  RP_CHAIN_GAIN = 100,   /* of a weight matched: 1 a word */
  RP_CHAIN_COUNTED = 15, /* of a weight of counted gap: .15 a word */
  RP_CHAIN_DRIFT = 5,    /* of a weight by which the counted gaps differ: .05 a word */
  RP_CHAIN_RAW = 1,      /* of a weight of gap that does not count: .01 a word */
};

/* What lies before each word, in weight; n + 1 elements. */
typedef struct rp_weights {
  uint32_t *all;
  uint32_t *counted;
  uint32_t furniture; /* of the whole text */
} rp_weights;

RP_CHECKED rp_status rp_weights_make(const rp_words *words, rp_arena *arena, rp_weights *out, rp_error *error);

/* Runs in the order of both texts; neighbours may overlap a little. */
typedef struct rp_run_list {
  const rp_seed *seed;
  size_t n;
} rp_run_list;

/* Chains of `seed` (by a, then b), best first, ties by place. */
RP_CHECKED rp_status rp_chains_find(const rp_seed *seed, size_t n, const rp_weights *a, size_t n_a, const rp_weights *b,
                                    size_t n_b, rp_arena *arena, const rp_run_list **out, size_t *n_out,
                                    rp_error *error);

#endif
