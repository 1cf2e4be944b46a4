/* credit.h - where a text says who wrote it: datelines, bylines, credit lines
 * and sign-offs.  Only the words are marked; who is credited is judged where
 * pairs are. */
#ifndef RP_TEXT_CREDIT_H
#define RP_TEXT_CREDIT_H

#include "text/phrase.h"

/* Sets RP_WORD_DATELINE on "WASHINGTON (Sputnik) - " and the like at the
 * beginning of the first paragraphs. */
void rp_credit_mark_datelines(rp_words *words, const rp_lines *lines);

/* Sets RP_WORD_CREDIT on bylines, credit lines and sign-offs near both ends. */
void rp_credit_mark_lines(rp_words *words, const rp_lines *lines);

/* The end of the dateline with which `text` begins, its dash and the space
 * behind it included; 0 where there is none.  At most 160 bytes are read. */
size_t rp_credit_dateline(rp_str text);

#endif
