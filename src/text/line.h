/* line.h - lines of a scraped page that are no part of its story.
 *
 * The rules ask for known wording of pages, not of one site, for captions by
 * their credit, and for what repeats; a wrong mark costs a found reprint, a
 * missing one is mostly caught by recurrence across articles. */
#ifndef RP_TEXT_LINE_H
#define RP_TEXT_LINE_H

#include "text/phrase.h"

/* Sets RP_WORD_FURNITURE on whole lines. */
RP_CHECKED rp_status rp_line_mark(rp_words *words, const rp_lines *lines, rp_arena *arena, rp_error *error);

#endif
