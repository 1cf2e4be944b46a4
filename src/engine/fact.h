/* fact.h - a compared pair as a run over the whole index holds it: the ranges
 * it shares and the counts that the judge asks for, never words, never a
 * verdict.  known.h says what of it is stored. */
#ifndef RP_ENGINE_FACT_H
#define RP_ENGINE_FACT_H

#include "engine/pair.h"

/* A passage as word ranges. */
typedef struct rp_fact_chain {
  uint32_t a_start, a_end, b_start, b_end;
  uint32_t matched, furniture;
} rp_fact_chain;

typedef struct rp_fact {
  double coverage_a, coverage_b, matched_a, matched_b, whole_a, whole_b, widest_a, widest_b;
  uint32_t words_a, words_b, counted_a, counted_b;
  uint32_t matched, counted, quoted, furniture, in_order, near, longest_counted, longest_cover;
  bool has_mixed, digits_agree;
  uint8_t direction; /* of the two that were compared; their twins' dates may tell otherwise */
  uint32_t n_chain;
  rp_fact_chain chain[];
} rp_fact;

enum { RP_FACT_CHAIN = 8 /* matched words of a passage that is kept */ };

/* In `arena`; NULL where memory is short. */
rp_fact *rp_fact_make(const rp_measures *measures, rp_direction direction, rp_arena *arena);

/* The measures as the judge takes them, seen from b where `is_mirrored`; the
 * chains live in `arena`, words are not there. */
RP_CHECKED rp_status rp_fact_measures(const rp_fact *fact, bool is_mirrored, rp_arena *arena, rp_measures *out,
                                      rp_error *error);

#endif
