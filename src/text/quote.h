/* quote.h - which words of a text are somebody else's: quotation marks of any
 * style, embedded posts, transcripts. */
#ifndef RP_TEXT_QUOTE_H
#define RP_TEXT_QUOTE_H

#include "text/token.h"

/* Sets RP_WORD_QUOTED on words inside quotation marks. */
void rp_quote_mark(rp_words *words);

/* Sets RP_WORD_QUOTED on posts (the paragraph before "— Name (@handle)") and
 * on what speakers of a transcript say ("NAME:", three times or more). */
void rp_quote_mark_blocks(rp_words *words);

#endif
