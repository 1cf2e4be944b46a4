/* known.h - what earlier runs found out, and what this one adds to it.
 *
 * Of an article: the key of its words, and which others it asked to be compared
 * with.  Of a pair: which words were matched.  Never a verdict, never a count:
 * those are made anew from the words and marks of today. */
#ifndef RP_ENGINE_KNOWN_H
#define RP_ENGINE_KNOWN_H

#include "engine/ledger.h"
#include "match/passage.h"

/* An article that was looked at; `ask` are numbers of documents, ascending. */
typedef struct rp_state {
  uint64_t equal;     /* of the folded words */
  uint32_t publisher; /* number of the store, at that time */
  bool is_proposed;   /* else it is only known to have been there, and `ask` is empty */
  bool has_many;      /* it had more candidates than it asked for */
  bool is_cut;        /* one of its lists was not read whole */
  const uint32_t *ask;
  uint32_t n_ask;
} rp_state;

typedef struct rp_known {
  rp_ledger state; /* by number of the document */
  rp_ledger fact;  /* by both numbers, the lower in the upper half */
} rp_known;

void rp_known_init(rp_known *known);
void rp_known_release(rp_known *known);
/* RP_ERR_DAMAGED. */
RP_CHECKED rp_status rp_known_load(rp_known *known, rp_snapshot *snapshot, rp_error *error);

/* RP_ERR_NOT_FOUND, without a message, where the document is not known; RP_ERR_DAMAGED. */
RP_CHECKED rp_status rp_known_state(const rp_known *known, uint32_t doc, rp_arena *arena, rp_state *out,
                                    rp_error *error);
RP_CHECKED rp_status rp_known_put_state(rp_known *known, uint32_t doc, const rp_state *state, rp_error *error);
RP_CHECKED rp_status rp_state_decode(rp_str bytes, rp_arena *arena, rp_state *out, rp_error *error);

/* Words that are matched, and the look of the texts that have them.  a is the
 * document of the lower number. */
typedef struct rp_pair_fact {
  uint64_t look;
  const rp_run_list *chain;
  size_t n_chain;
} rp_pair_fact;

static inline uint64_t rp_known_pair(uint32_t doc_a, uint32_t doc_b) {
  return doc_a < doc_b ? (uint64_t)doc_a << 32 | doc_b : (uint64_t)doc_b << 32 | doc_a;
}
/* Words and marks of a text as one number: a fact belongs to two of them. */
uint64_t rp_known_look(const rp_words *words);
uint64_t rp_known_looks(uint64_t a, uint64_t b);

/* The bytes of what was measured; seen from b where `is_mirrored`. */
void rp_fact_encode(uint64_t look, const rp_measures *measures, bool is_mirrored, rp_buf *out);
RP_CHECKED rp_status rp_fact_decode(rp_str bytes, bool is_mirrored, rp_arena *arena, rp_pair_fact *out,
                                    rp_error *error);

#endif
