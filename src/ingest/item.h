/* item.h - what reading a piece of input gives: articles and problems, in the
 * order of the input, as a list in an arena. */
#ifndef RP_INGEST_ITEM_H
#define RP_INGEST_ITEM_H

#include "base/arena.h"
#include "base/err.h"
#include "reprint/ingest.h"

typedef struct rp_item {
  struct rp_item *next;
  const rp_article *article; /* NULL: a problem */
  const rp_left_out *left_out;
  size_t n_left_out;
  rp_problem problem;
} rp_item;

/* Where memory is short `failed` stays set and items are lost; whoever takes
 * the list checks it once. */
typedef struct rp_items {
  rp_arena *arena;
  rp_item *first, *last;
  bool failed;
} rp_items;

/* Text in the arena, with a NUL behind it; NULL where memory is short. */
RP_PRINTF(2, 3) char *rp_item_printf(rp_arena *arena, const char *format, ...);

/* A problem; everything is copied. */
typedef struct rp_place {
  rp_str path;
  uint64_t line;
} rp_place;
RP_PRINTF(4, 5)
void rp_items_problem(rp_items *items, rp_problem_kind kind, rp_place place, const char *format, ...);

/* An item for an article; NULL where memory is short. */
rp_item *rp_items_article(rp_items *items, const rp_article *article);

#endif
