#include "ingest/main_text.h"

#include <string.h>

#include "ingest/page.h"

struct choosing {
  rp_page page;
  int64_t *sum; /* values of all blocks before this one */
  size_t first, last;
};

enum { BLOCK_PRICE = 15, LINK_WEIGHT = 1, LEAST_VALUE = 200, SHORT_LINE = 60, FRAGMENT = 80, MAX_NAMES = 300 };

static bool is_linky(const rp_block *b) { return b->n_link * 2 > b->n_char; }

/* What a block is worth for the story. */
static int64_t value_of(const rp_block *b) {
  if (b->reason) return 0;
  int64_t plain = (int64_t)b->n_char - b->n_link;
  int64_t value = plain - LINK_WEIGHT * (int64_t)b->n_link - BLOCK_PRICE;
  if (b->flags & RP_BLOCK_HEADING) return is_linky(b) ? -BLOCK_PRICE : 0;
  return value;
}

static rp_status sum_up(struct choosing *c, rp_arena *arena, rp_error *error) {
  size_t n = c->page.block.n;
  c->sum = RP_NEW(arena, int64_t, n + 1);
  if (!c->sum) return rp_fail_memory(error);
  c->sum[0] = 0;
  for (size_t i = 0; i < n; i++) c->sum[i + 1] = c->sum[i] + value_of(&c->page.block.data[i]);
  return RP_OK;
}

/* How surely an element says that it is the story's body: 3 the standard's
 * word, 2 a usual name, 1 a tag. */
static int claim_of(const rp_dom *dom, size_t i) {
  rp_str prop = rp_dom_attr(dom, i, RP_ATTR_ITEMPROP);
  if (prop.len == 11 && memcmp(prop.data, "articleBody", 11) == 0) return 3;
  if (rp_hint_is_body(rp_dom_attr(dom, i, RP_ATTR_CLASS)) || rp_hint_is_body(rp_dom_attr(dom, i, RP_ATTR_ID))) return 2;
  return dom->node.data[i].tag == RP_TAG_ARTICLE || dom->node.data[i].tag == RP_TAG_MAIN;
}

/* Sets the range of blocks to that of the best element. */
static void choose(struct choosing *c) {
  const rp_dom *dom = c->page.dom;
  int64_t best[4] = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
  uint32_t at[4] = {RP_DOM_NONE, RP_DOM_NONE, RP_DOM_NONE, RP_DOM_NONE};
  for (size_t i = 0; i < dom->node.n; i++) {
    if (!(rp_tag_flags((rp_tag)dom->node.data[i].tag) & RP_TAG_IS_BLOCK)) continue;
    size_t first, last;
    rp_page_blocks_of(&c->page, (uint32_t)i, &first, &last);
    if (first == last) continue;
    int64_t sum = c->sum[last] - c->sum[first];
    int claim = claim_of(dom, i);
    /* of equal sums the inner element; every element also stands for itself */
    if (sum >= best[0]) best[0] = sum, at[0] = (uint32_t)i;
    if (claim && sum >= best[claim]) best[claim] = sum, at[claim] = (uint32_t)i;
  }
  uint32_t node = at[0];
  for (int claim = 3; claim > 0; claim--)
    if (at[claim] != RP_DOM_NONE && best[claim] > 0 && best[claim] * 10 >= best[0] * 9) {
      node = at[claim];
      break;
    }
  c->first = c->last = 0;
  if (node != RP_DOM_NONE) rp_page_blocks_of(&c->page, node, &c->first, &c->last);
}

static void refuse(rp_block *b, const char *reason) {
  if (!b->reason) b->reason = reason;
}

/* A short line that announces something else is left out, and with "See also"
 * the links and fragments behind it, with "Leave a reply" all the rest, where
 * that is the smaller part. */
static void drop_announced(struct choosing *c) {
  rp_block *block = c->page.block.data;
  int64_t all = c->sum[c->last] - c->sum[c->first];
  for (size_t i = c->first; i < c->last; i++) {
    rp_block *b = &block[i];
    if (b->reason || b->n_char > SHORT_LINE) continue;
    rp_hint hint = rp_hint_of_line((rp_str){c->page.text.data + b->start, b->end - b->start});
    if (hint == RP_HINT_NONE) continue;
    const char *reason = rp_hint_reason(hint);
    bool is_tail = (c->sum[c->last] - c->sum[i]) * 2 < all;
    if (hint == RP_HINT_COMMENT && !is_tail) continue;
    refuse(b, reason);
    for (size_t k = i + 1; k < c->last; k++) {
      bool is_part =
          hint == RP_HINT_COMMENT || (hint == RP_HINT_RELATED && (is_linky(&block[k]) || block[k].n_char < FRAGMENT));
      if (!is_part) break;
      refuse(&block[k], reason);
    }
  }
}

/* Leaves out, of the chosen range, lists of links and headings over nothing. */
static void clean(struct choosing *c) {
  rp_block *block = c->page.block.data;
  for (size_t i = 0; i < c->page.block.n; i++)
    if (i < c->first || i >= c->last) refuse(&block[i], "outside the story");
  for (size_t i = c->first; i < c->last; i++) {
    rp_block *b = &block[i];
    if (b->reason) continue;
    bool is_short = b->n_char < 200;
    if (is_linky(b) && is_short && !(b->flags & RP_BLOCK_HEADING)) refuse(b, "links");
  }
  drop_announced(c);
  for (size_t i = c->last; i > c->first; i--) {
    if (block[i - 1].reason) continue;
    if (!(block[i - 1].flags & RP_BLOCK_HEADING)) break;
    refuse(&block[i - 1], "heading over nothing");
  }
}

static rp_status render(struct choosing *c, rp_arena *arena, rp_main_text *out, rp_error *error) {
  const rp_page *page = &c->page;
  char *text = rp_arena_alloc(arena, page->text.len + 2 * page->block.n + 1, 1);
  rp_mark *mark = RP_NEW(arena, rp_mark, page->quote.n + 1);
  if (!text || !mark) return rp_fail_memory(error);
  size_t at = 0, n_mark = 0, q = 0;
  const rp_block *before = NULL;
  for (size_t i = 0; i < page->block.n; i++) {
    const rp_block *b = &page->block.data[i];
    if (b->reason) continue;
    const uint32_t list = RP_BLOCK_ITEM | RP_BLOCK_CELL | RP_BLOCK_PRE;
    bool is_close = before && (before->flags & b->flags & list);
    if (before) text[at++] = '\n';
    if (before && !is_close) text[at++] = '\n';
    memcpy(text + at, page->text.data + b->start, b->end - b->start);
    while (q < page->quote.n && page->quote.data[q].end <= b->start) q++;
    for (; q < page->quote.n && page->quote.data[q].start < b->end; q++) {
      uint32_t start = (uint32_t)at + page->quote.data[q].start - b->start;
      uint32_t end = (uint32_t)at + page->quote.data[q].end - b->start;
      if (start < end) mark[n_mark++] = (rp_mark){start, end, RP_REASON_QUOTE};
    }
    at += b->end - b->start;
    before = b;
  }
  text[at] = '\0';
  out->text = (rp_str){text, at};
  out->mark = mark;
  out->n_mark = n_mark;
  return RP_OK;
}

static rp_status list_left_out(const rp_page *page, rp_arena *arena, rp_main_text *out, rp_error *error) {
  rp_left_out *list = RP_NEW(arena, rp_left_out, page->block.n + 1);
  char *text = rp_arena_memdup(arena, page->text.len ? page->text.data : "", page->text.len);
  if (!list || !text) return rp_fail_memory(error);
  size_t n = 0;
  for (size_t i = 0; i < page->block.n; i++) {
    const rp_block *b = &page->block.data[i];
    if (b->reason) list[n++] = (rp_left_out){b->reason, {text + b->start, b->end - b->start}};
  }
  out->left_out = list;
  out->n_left_out = n;
  return RP_OK;
}

rp_status rp_main_text_find(const rp_dom *dom, bool keep_left_out, rp_arena *arena, rp_main_text *out,
                            rp_error *error) {
  struct choosing c = {0};
  rp_status status;
  *out = (rp_main_text){0};
  for (int strict = 1; strict >= 0; strict--) {
    RP_TRY_OUT(rp_page_cut(dom, strict == 1, arena, &c.page, error));
    RP_TRY_OUT(sum_up(&c, arena, error));
    choose(&c);
    if (c.sum[c.last] - c.sum[c.first] >= LEAST_VALUE) break;
  }
  clean(&c);
  RP_TRY_OUT(render(&c, arena, out, error));
  if (keep_left_out) RP_TRY_OUT(list_left_out(&c.page, arena, out, error));
out:
  rp_page_release(&c.page);
  return status;
}
