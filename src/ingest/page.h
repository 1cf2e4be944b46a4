/* page.h - a page of HTML cut into blocks of text, each with the reasons why it
 * may be no part of the story.  main_text.h chooses among them. */
#ifndef RP_INGEST_PAGE_H
#define RP_INGEST_PAGE_H

#include "base/arena.h"
#include "ingest/dom.h"
#include "ingest/hint.h"

enum {
  RP_BLOCK_HEADING = 1,
  RP_BLOCK_ITEM = 2, /* in a list */
  RP_BLOCK_CELL = 4, /* in a table */
  RP_BLOCK_PARAGRAPH = 8,
  RP_BLOCK_HAS_QUOTE = 16,
  RP_BLOCK_PRE = 32,
};

/* A run of text without a line's end in it, white space joined. */
typedef struct rp_block {
  uint32_t start, end; /* range of rp_page.text */
  uint32_t n_char;     /* code points */
  uint32_t n_link;     /* of them in links */
  uint32_t node;       /* its first text node */
  uint32_t parent;     /* the block element around it */
  uint32_t flags;
  const char *reason; /* why it is no story's text; NULL: nothing speaks against it */
} rp_block;

typedef struct rp_page {
  const rp_dom *dom;
  rp_buf text;
  RP_VEC(rp_block) block;
  RP_VEC(rp_block) quote; /* start and end alone: ranges of `text` in blockquote and q */
} rp_page;

void rp_page_release(rp_page *page);

/* Fills a page that is all zero, or anew.  `is_strict`: elements are left out
 * for their names too, not for their tags alone.  Scratch comes from the arena. */
RP_CHECKED rp_status rp_page_cut(const rp_dom *dom, bool is_strict, rp_arena *arena, rp_page *page, rp_error *error);

/* The blocks of node `node` and what is below it: [*first, *last). */
void rp_page_blocks_of(const rp_page *page, uint32_t node, size_t *first, size_t *last);

#endif
