/* check_inside.h - what the parts of a check share.
 *
 * Tables and articles are compared by sums: each entry that is in a table adds
 * a number made of it to its article's sum, each that the article's text gives
 * takes the same number off, so that what is left is 0.  It takes 8 bytes an
 * article, and no look-ups.  Where something is left the entries of that
 * article are listed and compared one by one. */
#ifndef RP_ENGINE_CHECK_INSIDE_H
#define RP_ENGINE_CHECK_INSIDE_H

#include <stdatomic.h>

#include "engine/entries.h"
#include "engine/known.h"
#include "engine/naming.h"
#include "store/check.h"

typedef struct rp_check_worker {
  rp_snapshot *snapshot;
  rp_arena arena;
  rp_entry *room;
  rp_findings findings;
  int64_t counter[RP_N_COUNTER];
  uint64_t n_entry, n_unread;
  RP_VEC(uint32_t) uneven; /* documents whose sum is not 0 */
  rp_status status;
  rp_error error;
} rp_check_worker;

typedef struct rp_check {
  rp_index *index;
  const rp_check_options *options;
  rp_check_worker *worker;
  unsigned n_worker;
  rp_snapshot *snapshot; /* of the first worker */
  uint32_t n_number;
  _Atomic uint64_t *sum;  /* of each document */
  atomic_bool *is_broken; /* of each segment and table: it cannot be read whole */
  rp_check_parts parts;
  rp_check_summary summary;
  /* of notes; empty where they could not be read */
  rp_known known;
  rp_ledger member;
  uint32_t *n_word; /* of each document; UINT32_MAX: not there, or not read */
} rp_check;

static inline uint64_t rp_check_mix(uint64_t x) {
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

/* Runs fn on all processors; the first worker's failure. */
RP_CHECKED rp_status rp_check_run(rp_check *c, size_t n, void (*fn)(void *user, unsigned worker, size_t i), void *user,
                                  rp_error *error);
/* Tells what all workers found, in order, and forgets it. */
RP_CHECKED rp_status rp_check_tell(rp_check *c, rp_error *error);

/* check_article.c: each live article against row, signature and the ids. */
RP_CHECKED rp_status rp_check_articles(rp_check *c, rp_error *error);
/* check_note.c: what runs have found out, and whether it may be of the articles
 * there are.  Notes that are not what was written are among the first worker's
 * findings by then. */
RP_CHECKED rp_status rp_check_notes(rp_check *c, rp_error *error);
/* After the articles: whether pairs lie in their texts. */
RP_CHECKED rp_status rp_check_facts(rp_check *c, rp_error *error);
/* check_entry.c: lists and compares the entries of articles whose sum is not 0. */
RP_CHECKED rp_status rp_check_entries(rp_check *c, rp_error *error);

#endif
