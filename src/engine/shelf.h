/* shelf.h - documents that one query has read and split, so that its questions
 * about round-ups need not read them again. */
#ifndef RP_ENGINE_SHELF_H
#define RP_ENGINE_SHELF_H

#include "base/map.h"
#include "base/vec.h"
#include "engine/analysis.h"

typedef struct rp_shelf_entry {
  rp_document document;
  rp_analysis analysis; /* of the document, once rp_shelf_analyse was called */
  bool is_analysed;
  rp_arena *arena; /* of what belongs to the entry */
} rp_shelf_entry;

/* Zero is an empty shelf of `snapshot`. */
typedef struct rp_shelf {
  rp_snapshot *snapshot;
  rp_arena *arena; /* of its own: nobody else may rewind it while the shelf is in use */
  rp_map at;       /* document -> entry */
  RP_VEC(rp_shelf_entry *) entry;
  size_t text_bytes; /* of all entries */
} rp_shelf;

void rp_shelf_release(rp_shelf *shelf);

/* Document `number`.  Where the shelf is full the entry lives in `arena` and is
 * not kept. */
RP_CHECKED rp_status rp_shelf_read(rp_shelf *shelf, uint32_t number, rp_arena *arena, rp_shelf_entry **out,
                                   rp_error *error);
RP_CHECKED rp_status rp_shelf_analyse(rp_shelf_entry *entry, rp_error *error);

#endif
