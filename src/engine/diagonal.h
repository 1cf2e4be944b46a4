/* diagonal.h - do shared fingerprints lie along one diagonal of two texts? */
#ifndef RP_ENGINE_DIAGONAL_H
#define RP_ENGINE_DIAGONAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  RP_DIAGONAL_HITS = 3,     /* at different positions of both texts */
  RP_DIAGONAL_WINDOW = 400, /* words apart at most, pairwise, in both texts */
  RP_DIAGONAL_DRIFT = 40,   /* |(a - b) - (a' - b')| at most, pairwise */
  RP_DIAGONAL_REPEATS = 8,  /* occurrences of one fingerprint looked at a text */
};

/* A fingerprint at word `a` of one text and at word `b` of the other; modulo
 * 65,536, so distances are those of 16-bit integers. */
typedef struct rp_hit {
  uint16_t a, b;
} rp_hit;

/* Whether RP_DIAGONAL_HITS of the hits are pairwise within window and drift.
 * Reorders `hit`. */
bool rp_diagonal_holds(rp_hit *hit, size_t n);

/* The largest number of hits around one of them that are within window and
 * drift of it: for explanations. */
size_t rp_diagonal_count(rp_hit *hit, size_t n);

#endif
