/* passage.h - what two texts share: measures, no opinion.
 *
 * seed.h finds exact runs, chain.h joins them, align.h fills the gaps, this
 * file counts.  docs/method.md tells the method and its settings. */
#ifndef RP_MATCH_PASSAGE_H
#define RP_MATCH_PASSAGE_H

#include "match/chain.h"
#include "match/overlap.h"

enum { RP_MATCH_VERSION = 1 /* of which words are matched: seeds, chains, alignment, and the marks they look at */ };

/* A chain of exact runs with its gaps aligned: word ranges in both texts. */
typedef struct rp_chain {
  uint32_t a_start, a_end, b_start, b_end;
  uint32_t matched; /* aligned word pairs, in the classes below */
  uint32_t counted; /* neither side marked */
  uint32_t quoted;
  uint32_t furniture;
  uint32_t other;            /* title, dateline, byline, credit */
  uint32_t cover_a, cover_b; /* counted words inside the range, matched or not */
  bool is_block;             /* quoted by the line that introduces it, in both texts */
  bool is_exact;             /* every word of both ranges matched and equal */
  uint32_t run, n_run;       /* its part of rp_measures.run */
} rp_chain;

/* Slots (numbers; capitalised words inside sentences) in chains of >= 12
 * matched words, and how many of them agree; both sides added up. */
typedef struct rp_slots {
  uint32_t number, number_agree, capital, capital_agree, frame, frame_agree;
} rp_slots;

/* All counts of words are in words of weight 2 (light words count a half,
 * rounded up at the end). */
typedef struct rp_measures {
  rp_overlap overlap;
  size_t n_chain;
  const rp_chain *chain;  /* by a_start */
  const rp_seed *run;     /* matched words, equal or near, as runs of pairs; ascending on both sides in a chain */
  const int32_t *match_a; /* for each word of a: the word of b it is aligned with, -1: none */
  const int32_t *match_b;
  uint32_t words_a, words_b, counted_a, counted_b, furniture_a, furniture_b;
  uint32_t matched, counted, quoted, furniture; /* matched words by class, all chains */
  uint32_t in_order;                            /* counted matched words of the best collinear chains */
  uint32_t longest_counted;                     /* counted matched words of the chain with most of them */
  uint32_t longest_cover;                       /* min(cover_a, cover_b) of the chain with most of it */
  double coverage_a, coverage_b;                /* counted words in chains of >= 8 matched words / counted words */
  double matched_a, matched_b;                  /* counted matched words / counted words */
  double whole_a, whole_b;                      /* matched words but furniture / all words but furniture */
  double widest_a, widest_b; /* matched words but furniture of the chain with most of them / words of that side but
                                furniture */
  bool has_mixed;            /* a chain passes the gate's clause `mixed` */
  bool digits_agree;         /* no number word of either side that lies in a chain is unmatched */
  rp_slots slots;
  uint32_t near; /* counted matched words that are near-equal, not equal */
} rp_measures;

/* Compares two marked word lists.  Everything in `out` lives in `arena`. */
RP_CHECKED rp_status rp_passages_measure(const rp_words *a, const rp_words *b, rp_arena *arena, rp_measures *out,
                                         rp_error *error);

/* The same from what was matched before: `chain` are the runs of each chain, in
 * any order of chains.  All of the measures but `overlap`, which stays 0.
 * RP_ERR_DAMAGED where the runs are none of these texts. */
RP_CHECKED rp_status rp_passages_count(const rp_words *a, const rp_words *b, const rp_run_list *chain, size_t n_chain,
                                       rp_arena *arena, rp_measures *out, rp_error *error);

/* Whether rp_passages_count would take the runs for those of texts with `n_a` and `n_b` words.  `used`: n_a + n_b
 * bytes of 0. */
bool rp_runs_fit(const rp_run_list *chain, size_t n_chain, size_t n_a, size_t n_b, uint8_t *used);

#endif
