#include "ingest/page.h"

#include <string.h>

enum { LONG_RUN = 80, MAX_NAMES = 300 };

/* What a node's text takes over from the elements around it. */
struct inherited {
  uint32_t block; /* nearest block element */
  uint32_t flags; /* of blocks */
  const char *reason;
  bool in_link, in_quote, in_article, is_invisible;
};

struct cutting {
  rp_page *page;
  const rp_dom *dom;
  struct inherited *node;
  uint32_t *prose; /* bytes of prose in all nodes before this one: visible text outside links, in long runs */
  bool is_strict;
  rp_block now;
  bool is_open, wants_space, in_quote;
  unsigned n_break;
};

static bool contains(rp_str s, const char *word) {
  size_t n = strlen(word);
  for (size_t i = 0; i + n <= s.len; i++)
    if (memcmp(s.data + i, word, n) == 0) return true;
  return false;
}

static bool equals(rp_str s, const char *word) { return s.len == strlen(word) && memcmp(s.data, word, s.len) == 0; }

static bool is_hidden(const rp_dom *dom, size_t node) {
  rp_str style = rp_dom_attr(dom, node, RP_ATTR_STYLE);
  return contains(style, "display:none") || contains(style, "display: none") ||
         rp_dom_attr(dom, node, RP_ATTR_HIDDEN).data || equals(rp_dom_attr(dom, node, RP_ATTR_ARIA_HIDDEN), "true");
}

static const char *tag_reason(rp_tag tag) {
  switch (tag) {
    case RP_TAG_NAV:
    case RP_TAG_MENU:
    case RP_TAG_BUTTON:
    case RP_TAG_SELECT: return "navigation";
    case RP_TAG_ASIDE: return "aside";
    case RP_TAG_FOOTER: return "footer";
    case RP_TAG_FIGCAPTION:
    case RP_TAG_CAPTION: return "caption";
    default: return "not text";
  }
}

static bool is_never_seen(rp_tag tag) {
  switch (tag) {
    case RP_TAG_SCRIPT:
    case RP_TAG_STYLE:
    case RP_TAG_TEMPLATE:
    case RP_TAG_SVG:
    case RP_TAG_MATH:
    case RP_TAG_TITLE:
    case RP_TAG_NOSCRIPT:
    case RP_TAG_IFRAME:
    case RP_TAG_OBJECT:
    case RP_TAG_VIDEO:
    case RP_TAG_AUDIO:
    case RP_TAG_CANVAS:
    case RP_TAG_HEAD:
    case RP_TAG_SELECT:
    case RP_TAG_TEXTAREA: return true;
    default: return false;
  }
}

/* A class or id list; of an endless one the start. */
static rp_str names_of(const rp_dom *dom, size_t i, rp_attr_name name) {
  rp_str names = rp_dom_attr(dom, i, name);
  if (names.len > MAX_NAMES) names.len = MAX_NAMES;
  return names;
}

static bool is_comment(const rp_dom *dom, size_t i) {
  return rp_hint_of(names_of(dom, i, RP_ATTR_CLASS)) == RP_HINT_COMMENT ||
         rp_hint_of(names_of(dom, i, RP_ATTR_ID)) == RP_HINT_COMMENT;
}

/* Why an element is left out as a whole, by tag, state and names. */
static const char *element_reason(const struct cutting *c, size_t i) {
  const rp_dom *dom = c->dom;
  rp_tag tag = (rp_tag)dom->node.data[i].tag;
  uint32_t total = c->prose[dom->node.n], mine = c->prose[dom->node.data[i].end] - c->prose[i];
  /* what holds much of the page's prose is not left out for its name */
  bool is_most = mine > total / 3;
  if (rp_tag_flags(tag) & RP_TAG_IS_DROPPED) return is_most && (tag == RP_TAG_ASIDE) ? NULL : tag_reason(tag);
  if (is_most && is_comment(dom, i) && mine / 4 < total / 5) is_most = false;
  if (is_most || tag == RP_TAG_HTML || tag == RP_TAG_BODY || tag == RP_TAG_MAIN) return NULL;
  if (is_hidden(dom, i)) return rp_hint_reason(RP_HINT_HIDDEN);
  if (tag == RP_TAG_FORM) return "form";
  if (tag == RP_TAG_HEADER && !c->node[i].in_article) return "page head";
  rp_str role = rp_dom_attr(dom, i, RP_ATTR_ROLE);
  if (equals(role, "navigation") || equals(role, "banner") || equals(role, "search") || equals(role, "menu"))
    return "navigation";
  if (equals(role, "complementary")) return "aside";
  if (equals(role, "contentinfo")) return "footer";
  rp_str class = names_of(dom, i, RP_ATTR_CLASS), id = names_of(dom, i, RP_ATTR_ID);
  if (rp_hint_is_body(class) || rp_hint_is_body(id) || tag == RP_TAG_ARTICLE || !c->is_strict) return NULL;
  rp_hint hint = rp_hint_of(class);
  if (hint == RP_HINT_NONE) hint = rp_hint_of(id);
  return rp_hint_reason(hint);
}

static uint32_t block_flags(rp_tag tag) {
  switch (tag) {
    case RP_TAG_P: return RP_BLOCK_PARAGRAPH;
    case RP_TAG_LI:
    case RP_TAG_DT:
    case RP_TAG_DD: return RP_BLOCK_ITEM;
    case RP_TAG_TD:
    case RP_TAG_TH: return RP_BLOCK_CELL;
    case RP_TAG_PRE: return RP_BLOCK_PRE;
    default: return rp_tag_flags(tag) & RP_TAG_IS_HEADING ? RP_BLOCK_HEADING : 0;
  }
}

static void inherit(struct cutting *c, size_t i) {
  const rp_node *n = &c->dom->node.data[i];
  struct inherited *mine = &c->node[i];
  rp_tag tag = (rp_tag)n->tag;
  *mine = n->parent == RP_DOM_NONE ? (struct inherited){.block = RP_DOM_NONE} : c->node[n->parent];
  if (tag == RP_TAG_TEXT) return;
  mine->is_invisible |= is_never_seen(tag);
  mine->in_link |= tag == RP_TAG_A;
  mine->in_article |= tag == RP_TAG_ARTICLE || tag == RP_TAG_MAIN;
  mine->in_quote |= tag == RP_TAG_BLOCKQUOTE || tag == RP_TAG_Q;
  if (rp_tag_flags(tag) & RP_TAG_IS_BLOCK) {
    mine->block = (uint32_t)i;
    mine->flags |= block_flags(tag);
  }
}

/* Takes over what each element says to those within it, and sums up the
 * prose. */
static void survey(struct cutting *c) {
  const rp_dom *dom = c->dom;
  uint32_t sum = 0;
  for (size_t i = 0; i < dom->node.n; i++) {
    inherit(c, i);
    c->prose[i] = sum;
    uint32_t len = dom->node.data[i].last - dom->node.data[i].first;
    if (dom->node.data[i].tag == RP_TAG_TEXT && !c->node[i].is_invisible && !c->node[i].in_link && len >= LONG_RUN)
      sum += len;
  }
  c->prose[dom->node.n] = sum;
  for (size_t i = 0; i < dom->node.n; i++) {
    uint32_t parent = dom->node.data[i].parent;
    const char *above = parent == RP_DOM_NONE ? NULL : c->node[parent].reason;
    c->node[i].reason = above || dom->node.data[i].tag == RP_TAG_TEXT ? above : element_reason(c, i);
  }
}

/* ---- blocks --------------------------------------------------------------------- */

static rp_status end_block(struct cutting *c, rp_error *error) {
  rp_page *page = c->page;
  c->n_break = 0;
  if (!c->is_open) return RP_OK;
  c->is_open = c->wants_space = false;
  if (c->in_quote) page->quote.data[page->quote.n - 1].end = (uint32_t)page->text.len;
  c->in_quote = false;
  c->now.end = (uint32_t)page->text.len;
  if (c->now.n_char == 0) return RP_OK;
  return rp_vec_push(&page->block, c->now) ? RP_OK : rp_fail_memory(error);
}

static void begin_block(struct cutting *c, size_t node) {
  const struct inherited *from = &c->node[node];
  c->is_open = true;
  c->wants_space = false;
  c->now = (rp_block){.start = (uint32_t)c->page->text.len,
                      .node = (uint32_t)node,
                      .parent = from->block,
                      .flags = from->flags,
                      .reason = from->reason};
}

/* Length of the white space at `at`, no-break space included; 0: none. */
static size_t space_at(rp_str s, size_t at) {
  unsigned char c = (unsigned char)s.data[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  return c == 0xc2 && at + 1 < s.len && (unsigned char)s.data[at + 1] == 0xa0 ? 2 : 0;
}

static rp_status track_quote(struct cutting *c, bool in_quote, rp_error *error) {
  rp_page *page = c->page;
  uint32_t at = (uint32_t)page->text.len;
  if (in_quote == c->in_quote) return RP_OK;
  if (in_quote) {
    if (!rp_vec_push(&page->quote, (rp_block){.start = at, .end = at})) return rp_fail_memory(error);
    c->now.flags |= RP_BLOCK_HAS_QUOTE;
  } else {
    page->quote.data[page->quote.n - 1].end = at;
  }
  c->in_quote = in_quote;
  return RP_OK;
}

static rp_status add_text(struct cutting *c, size_t node, rp_error *error) {
  rp_str s = rp_dom_text(c->dom, node);
  const struct inherited *from = &c->node[node];
  rp_buf *text = &c->page->text;
  for (size_t i = 0; i < s.len;) {
    size_t space = space_at(s, i);
    if (space) {
      bool is_line_end = s.data[i] == '\n' && (from->flags & RP_BLOCK_PRE);
      if (is_line_end) RP_TRY(end_block(c, error));
      c->wants_space = c->is_open;
      i += space;
      continue;
    }
    if (!c->is_open) begin_block(c, node);
    if (c->n_break && c->now.n_char)
      rp_buf_add_byte(text, '\n');
    else if (c->wants_space && c->now.n_char)
      rp_buf_add_byte(text, ' ');
    c->n_break = 0;
    c->wants_space = false;
    RP_TRY(track_quote(c, from->in_quote, error));
    size_t start = i, n_char = 0;
    while (i < s.len && !space_at(s, i)) n_char += ((unsigned char)s.data[i++] & 0xc0) != 0x80;
    rp_buf_add(text, s.data + start, i - start);
    c->now.n_char += (uint32_t)n_char + 1;
    if (from->in_link) c->now.n_link += (uint32_t)n_char + 1;
  }
  return text->failed ? rp_fail_memory(error) : RP_OK;
}

static rp_status visit(struct cutting *c, size_t i, rp_error *error) {
  rp_tag tag = (rp_tag)c->dom->node.data[i].tag;
  const struct inherited *from = &c->node[i];
  if (from->is_invisible) return RP_OK;
  if (tag == RP_TAG_BR) {
    c->wants_space = c->is_open;
    return ++c->n_break >= 2 ? end_block(c, error) : RP_OK;
  }
  if (tag != RP_TAG_TEXT) return rp_tag_flags(tag) & RP_TAG_IS_BLOCK ? end_block(c, error) : RP_OK;
  if (c->is_open && (from->block != c->now.parent || from->reason != c->now.reason)) RP_TRY(end_block(c, error));
  return add_text(c, i, error);
}

rp_status rp_page_cut(const rp_dom *dom, bool is_strict, rp_arena *arena, rp_page *page, rp_error *error) {
  struct cutting c = {.page = page, .dom = dom, .is_strict = is_strict};
  rp_buf_clear(&page->text);
  rp_vec_clear(&page->block);
  rp_vec_clear(&page->quote);
  page->dom = dom;
  c.node = RP_NEW(arena, struct inherited, dom->node.n + 1);
  c.prose = RP_NEW(arena, uint32_t, dom->node.n + 1);
  if (!c.node || !c.prose) return rp_fail_memory(error);
  survey(&c);
  for (size_t i = 0; i < dom->node.n; i++) RP_TRY(visit(&c, i, error));
  return end_block(&c, error);
}

void rp_page_release(rp_page *page) {
  rp_buf_release(&page->text);
  rp_vec_release(&page->block);
  rp_vec_release(&page->quote);
}

static size_t lower_bound(const rp_page *page, uint32_t node) {
  size_t low = 0, high = page->block.n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (page->block.data[middle].node < node)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void rp_page_blocks_of(const rp_page *page, uint32_t node, size_t *first, size_t *last) {
  *first = lower_bound(page, node);
  *last = lower_bound(page, page->dom->node.data[node].end);
}
