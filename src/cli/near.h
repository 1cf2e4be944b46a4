/* near.h - which known word a mistyped one was meant to be. */
#ifndef RP_CLI_NEAR_H
#define RP_CLI_NEAR_H

#include <stddef.h>

/* Edits (a letter put in, left out, replaced, or two swapped) from one word to
 * the other; words of more than 32 bytes are far from everything. */
size_t rp_near_distance(const char *a, const char *b);

/* Keeps the nearest of several words: `*best` and `*least` are the caller's,
 * `*least` begins with SIZE_MAX.  A word that needs more than a third of its
 * letters (or 1) changed is not near. */
void rp_near_try(const char *word, const char *candidate, const char **best, size_t *least);

#endif
