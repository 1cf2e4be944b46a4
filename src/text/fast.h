/* fast.h - the words of scan.h at a multiple of its speed, for texts in which
 * no character folds to more bytes than it has. */
#ifndef RP_TEXT_FAST_H
#define RP_TEXT_FAST_H

#include "text/token.h"

typedef enum rp_fast_level {
  RP_FAST_PORTABLE = 0,
  RP_FAST_AVX2 = 1,
} rp_fast_level;

/* What the processor has. */
rp_fast_level rp_fast_best(void);

/* Fills `out` as rp_scan_words would, `start` and `end` included.  `*is_done` is
 * false, and `out` not written, where the text holds a character for which the
 * definition is needed: one that folds to something longer than itself, or to
 * several words.  Scratch memory stays in the arena. */
RP_CHECKED rp_status rp_fast_words(rp_str text, rp_fast_level level, rp_arena *arena, rp_words *out, bool *is_done,
                                   rp_error *error);

/* The same without `start` and `end`, which are set to NULL. */
RP_CHECKED rp_status rp_fast_fold(rp_str text, rp_fast_level level, rp_arena *arena, rp_words *out, bool *is_done,
                                  rp_error *error);

#endif
