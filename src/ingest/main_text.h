/* main_text.h - which text of a page is the story (detection: the page).
 *
 * 1. The page is cut into blocks (paragraphs, headings, list items, table
 *    cells), each with its length and the share of it that is link text.
 * 2. Elements that by tag or name are never the story are left out, unless
 *    most of the page's text is in them.
 * 3. A block's value is its text outside links less its text in links, less a
 *    price per block; the story is the element whose blocks have the greatest
 *    sum, where elements that call themselves the story's body come first.
 * 4. Inside it, lists of links and lone fragments are left out. */
#ifndef RP_INGEST_MAIN_TEXT_H
#define RP_INGEST_MAIN_TEXT_H

#include "base/arena.h"
#include "ingest/dom.h"
#include "reprint/ingest.h"

typedef struct rp_main_text {
  rp_str text;         /* paragraphs with an empty line between, list items on lines of their own */
  const rp_mark *mark; /* block quotes and q */
  size_t n_mark;
  const rp_left_out *left_out;
  size_t n_left_out;
} rp_main_text;

/* `title` is the page's title; what it gives lives in the arena. */
RP_CHECKED rp_status rp_main_text_find(const rp_dom *dom, bool keep_left_out, rp_arena *arena, rp_main_text *out,
                                       rp_error *error);

#endif
