/* lexicon.h - the few words whose change changes what a sentence says.
 *
 * English, and the commonest of German, French, Spanish and Russian.  Words
 * that mean something else in another of these languages are left out. */
#ifndef RP_MATCH_LEXICON_H
#define RP_MATCH_LEXICON_H

#include <stdbool.h>

#include "reprint/reprint.h"

enum {
  RP_LEXICON_NUMBER = 1, /* number words that are not digits after folding */
  RP_LEXICON_NEGATION = 2,
  RP_LEXICON_ATTRIBUTION = 4, /* words that say whose statement it is */
};

/* RP_LEXICON_ bits of a folded word; 0: none of these. */
unsigned rp_lexicon_classes(rp_str word);

static inline bool rp_lexicon_is_number(rp_str word) { return rp_lexicon_classes(word) & RP_LEXICON_NUMBER; }

#endif
