/* dom.h - a page of HTML as a flat array of nodes in document order.  The only
 * file with libxml2, whose SAX callbacks fill the array; no tree is built.
 *
 *   node   0 html  1 head  2 title  3 "Storm"  4 body  5 p  6 "Rain"
 *   end    7       4       4        4          7       7    7
 *
 * The descendants of node i are i + 1 .. end(i) - 1.  Bounds: nodes below
 * `depth` levels hang on the last level that is kept; the array has at most
 * RP_DOM_NODES nodes; markup made to be slow is cut off. */
#ifndef RP_INGEST_DOM_H
#define RP_INGEST_DOM_H

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

/* Makes libxml2 ready for several threads; called before they are started. */
void rp_dom_start(void);

enum { RP_DOM_NODES = 1 << 20 };
#define RP_DOM_NONE UINT32_MAX

/* name, RP_TAG_ flags */
/* clang-format off */
#define RP_DOM_TAGS(X) \
  X(A, a, 0) X(ADDRESS, address, B) X(ARTICLE, article, B) X(ASIDE, aside, B | D) X(AUDIO, audio, D) \
  X(BLOCKQUOTE, blockquote, B) X(BODY, body, B) X(BR, br, 0) X(BUTTON, button, D) X(CANVAS, canvas, D) \
  X(CAPTION, caption, B | D) X(CENTER, center, B) X(DD, dd, B) X(DETAILS, details, B) X(DIALOG, dialog, B | D) \
  X(DIV, div, B) X(DL, dl, B) X(DT, dt, B) X(EMBED, embed, D) X(FIELDSET, fieldset, B) \
  X(FIGCAPTION, figcaption, B | D) X(FIGURE, figure, B) X(FOOTER, footer, B | D) X(FORM, form, B) \
  X(FRAMESET, frameset, D) X(H1, h1, B | H) X(H2, h2, B | H) X(H3, h3, B | H) X(H4, h4, B | H) X(H5, h5, B | H) \
  X(H6, h6, B | H) X(HEAD, head, 0) X(HEADER, header, B) X(HR, hr, B) X(HTML, html, B) X(IFRAME, iframe, D) \
  X(INPUT, input, D) X(LABEL, label, D) X(LI, li, B) X(LINK, link, 0) X(MAIN, main, B) X(MAP, map, D) \
  X(MATH, math, D) X(MENU, menu, B | D) X(META, meta, 0) X(NAV, nav, B | D) X(NOSCRIPT, noscript, D) \
  X(OBJECT, object, D) X(OL, ol, B) X(OPTION, option, D) X(P, p, B) X(PRE, pre, B) X(Q, q, 0) \
  X(SCRIPT, script, D) X(SECTION, section, B) X(SELECT, select, D) X(STYLE, style, D) X(SUMMARY, summary, B) \
  X(SVG, svg, D) X(TABLE, table, B) X(TBODY, tbody, B) X(TD, td, B) X(TEMPLATE, template, D) \
  X(TEXTAREA, textarea, D) X(TFOOT, tfoot, B) X(TH, th, B) X(THEAD, thead, B) X(TIME, time, 0) X(TITLE, title, D) \
  X(TR, tr, B) X(UL, ul, B) X(VIDEO, video, D)
/* clang-format on */

typedef enum rp_tag {
  RP_TAG_TEXT = 0, /* a run of text */
  RP_TAG_OTHER,    /* an element that means nothing to us: inline */
#define RP_DOM_ENUM(upper, lower, flags) RP_TAG_##upper,
  RP_DOM_TAGS(RP_DOM_ENUM)
#undef RP_DOM_ENUM
      RP_TAG_COUNT
} rp_tag;

enum {
  RP_TAG_IS_BLOCK = 1,   /* begins and ends a line */
  RP_TAG_IS_DROPPED = 2, /* never the story's text */
  RP_TAG_IS_HEADING = 4,
};
unsigned rp_tag_flags(rp_tag tag);

typedef enum rp_attr_name {
  RP_ATTR_CLASS = 0,
  RP_ATTR_ID,
  RP_ATTR_ITEMPROP,
  RP_ATTR_REL,
  RP_ATTR_HREF,
  RP_ATTR_PROPERTY,
  RP_ATTR_NAME,
  RP_ATTR_CONTENT,
  RP_ATTR_DATETIME,
  RP_ATTR_TYPE,
  RP_ATTR_ROLE,
  RP_ATTR_STYLE,
  RP_ATTR_HIDDEN,
  RP_ATTR_ARIA_HIDDEN,
  RP_ATTR_LANG,
  RP_ATTR_COUNT
} rp_attr_name;

typedef struct rp_attr {
  uint32_t name, start, end; /* value: range of rp_dom.bytes */
} rp_attr;

typedef struct rp_node {
  uint32_t tag;
  uint32_t parent; /* RP_DOM_NONE: at the top */
  uint32_t end;    /* behind its last descendant */
  uint32_t first;  /* TEXT: range of rp_dom.bytes; else: range of rp_dom.attr */
  uint32_t last;
} rp_node;

typedef struct rp_dom {
  RP_VEC(rp_node) node;
  RP_VEC(rp_attr) attr;
  rp_buf bytes;
  bool is_cut; /* a bound was met: the rest of the page is not there */
  bool failed;
} rp_dom;

void rp_dom_init(rp_dom *dom);
void rp_dom_release(rp_dom *dom);

/* Fills `dom` anew from a page in UTF-8.  Script and style have no text, but
 * for JSON-LD. */
RP_CHECKED rp_status rp_dom_parse(rp_dom *dom, rp_str page, unsigned depth, rp_error *error);

/* The text of a text node. */
rp_str rp_dom_text(const rp_dom *dom, size_t node);
/* An attribute's value; {NULL, 0} where it is not there. */
rp_str rp_dom_attr(const rp_dom *dom, size_t node, rp_attr_name name);

#endif
