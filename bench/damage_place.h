/* damage_place.h - what each byte of a `data.mdb` belongs to, read from the
 * bytes alone: pages of LMDB as its 0.9 versions write them on machines of 64
 * bits, little-endian, and the keys of docs/format.md. */
#ifndef RP_BENCH_DAMAGE_PLACE_H
#define RP_BENCH_DAMAGE_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From what nobody reads to what everybody does. */
typedef enum place {
  PLACE_FREE,       /* a page that nothing leads to */
  PLACE_META_REST,  /* of the two first pages, what LMDB does not use */
  PLACE_META_OLD,   /* the one of the state before */
  PLACE_SLACK,      /* of a page that is in use, what is between or behind its values */
  PLACE_FREE_LIST,  /* LMDB's own list of free pages */
  PLACE_PAGE_HEADS, /* heads of pages, offsets and heads of values, keys */
  PLACE_BRANCH,     /* inner pages */
  PLACE_META,
  PLACE_SETTINGS,
  PLACE_MANIFEST,
  PLACE_PUBLISHERS,
  PLACE_TOMBSTONES,
  PLACE_ROWS,
  PLACE_SIGNATURES,
  PLACE_DOCUMENTS,
  PLACE_STATES, /* notes, in the order of their streams */
  PLACE_FACTS,
  PLACE_MEMBERS,
  PLACE_GROUPS,
  PLACE_REPORT,
  PLACE_NOTES, /* of other streams */
  PLACE_SEGMENTS,
  N_PLACE
} place;

extern const char *const place_name[N_PLACE];

/* Writes the place of each of `len` bytes; false where it is no such file. */
bool place_map(const uint8_t *data, size_t len, uint8_t *out);

#endif
