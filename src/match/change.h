/* change.h - what was altered between the matched words of two texts. */
#ifndef RP_MATCH_CHANGE_H
#define RP_MATCH_CHANGE_H

#include "match/passage.h"

/* Changes inside the chains of `measures`, in the order of a's text, in byte
 * ranges. */
RP_CHECKED rp_status rp_changes_find(const rp_words *a, const rp_words *b, const rp_measures *measures, rp_arena *arena,
                                     const rp_change **out, size_t *n_out, rp_error *error);

#endif
