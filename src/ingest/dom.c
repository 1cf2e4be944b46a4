#include "ingest/dom.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

enum { MAX_ATTRIBUTES = 256, MAX_VALUE = 64 << 10, MAX_DEPTH = 1024 };

/* Comparisons of an end tag with the open elements that a page may cost: half
 * a second.  libxml2 looks through all open elements at each end tag. */
static const uint64_t max_work = 100 * 1000 * 1000;

#define B RP_TAG_IS_BLOCK
#define D RP_TAG_IS_DROPPED
#define H RP_TAG_IS_HEADING
static const struct {
  const char *name;
  unsigned flags;
} tags[RP_TAG_COUNT] = {
#define ROW(upper, lower, flags) [RP_TAG_##upper] = {#lower, flags},
    RP_DOM_TAGS(ROW)
#undef ROW
};
#undef B
#undef D
#undef H

static const char *const attr_name[RP_ATTR_COUNT] = {
    [RP_ATTR_CLASS] = "class",       [RP_ATTR_ID] = "id",
    [RP_ATTR_ITEMPROP] = "itemprop", [RP_ATTR_REL] = "rel",
    [RP_ATTR_HREF] = "href",         [RP_ATTR_PROPERTY] = "property",
    [RP_ATTR_NAME] = "name",         [RP_ATTR_CONTENT] = "content",
    [RP_ATTR_DATETIME] = "datetime", [RP_ATTR_TYPE] = "type",
    [RP_ATTR_ROLE] = "role",         [RP_ATTR_STYLE] = "style",
    [RP_ATTR_HIDDEN] = "hidden",     [RP_ATTR_ARIA_HIDDEN] = "aria-hidden",
    [RP_ATTR_LANG] = "lang",
};

struct building {
  rp_dom *dom;
  htmlParserCtxtPtr parser;
  uint32_t open[MAX_DEPTH]; /* nodes that are open */
  size_t depth, max_depth;  /* depth may pass max_depth: those have no node */
  uint64_t n_end_tag;
  bool is_silent; /* within script or style */
};

unsigned rp_tag_flags(rp_tag tag) { return tags[tag].flags; }

static rp_tag find_tag(const char *name) {
  size_t low = RP_TAG_OTHER + 1, high = RP_TAG_COUNT;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = strcmp(tags[middle].name, name);
    if (order == 0) return (rp_tag)middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return RP_TAG_OTHER;
}

static void stop(struct building *b) {
  b->dom->is_cut = true;
  xmlStopParser(b->parser);
}

static void stop_failed(struct building *b) {
  b->dom->failed = true;
  xmlStopParser(b->parser);
}

static uint32_t top_node(const struct building *b) {
  size_t depth = b->depth < b->max_depth ? b->depth : b->max_depth;
  return depth ? b->open[depth - 1] : RP_DOM_NONE;
}

/* Index of a new node, RP_DOM_NONE where there is no more room. */
static uint32_t add_node(struct building *b, rp_tag tag) {
  rp_dom *dom = b->dom;
  if (dom->node.n == RP_DOM_NODES) {
    stop(b);
    return RP_DOM_NONE;
  }
  rp_node node = {.tag = (uint32_t)tag, .parent = top_node(b), .end = (uint32_t)dom->node.n + 1};
  if (!rp_vec_push(&dom->node, node)) {
    stop_failed(b);
    return RP_DOM_NONE;
  }
  return (uint32_t)dom->node.n - 1;
}

static void add_attributes(struct building *b, rp_node *node, const xmlChar **atts) {
  rp_dom *dom = b->dom;
  node->first = node->last = (uint32_t)dom->attr.n;
  for (; atts && atts[0]; atts += 2) {
    const char *name = (const char *)atts[0], *value = atts[1] ? (const char *)atts[1] : "";
    for (uint32_t i = 0; i < RP_ATTR_COUNT; i++) {
      if (strcmp(name, attr_name[i]) != 0) continue;
      size_t len = strlen(value);
      if (len > MAX_VALUE) break;
      uint32_t start = (uint32_t)dom->bytes.len;
      rp_buf_add(&dom->bytes, value, len);
      if (dom->bytes.failed || !rp_vec_push(&dom->attr, (rp_attr){i, start, start + (uint32_t)len})) {
        stop_failed(b);
        return;
      }
      break;
    }
  }
  node->last = (uint32_t)dom->attr.n;
}

static bool is_json_ld(const rp_dom *dom, uint32_t node) {
  static const char type[] = "application/ld+json";
  rp_str value = rp_dom_attr(dom, node, RP_ATTR_TYPE);
  return value.len >= sizeof type - 1 && memcmp(value.data, type, sizeof type - 1) == 0;
}

static void on_start(void *user, const xmlChar *name, const xmlChar **atts) {
  struct building *b = user;
  if (b->dom->is_cut || b->dom->failed) return;
  if (b->depth > 64 && b->n_end_tag * b->depth > max_work) {
    stop(b);
    return;
  }
  if (b->depth >= b->max_depth) {
    b->depth++;
    return;
  }
  rp_tag tag = find_tag((const char *)name);
  uint32_t node = add_node(b, tag);
  if (node == RP_DOM_NONE) return;
  b->open[b->depth++] = node;
  add_attributes(b, &b->dom->node.data[node], atts);
  if (tag == RP_TAG_STYLE || (tag == RP_TAG_SCRIPT && !is_json_ld(b->dom, node))) b->is_silent = true;
}

static void on_end(void *user, const xmlChar *name) {
  struct building *b = user;
  (void)name;
  if (b->dom->is_cut || b->dom->failed || b->depth == 0) return;
  b->is_silent = false;
  if (b->depth-- <= b->max_depth) b->dom->node.data[b->open[b->depth]].end = (uint32_t)b->dom->node.n;
}

static void on_text(void *user, const xmlChar *text, int len) {
  struct building *b = user;
  rp_dom *dom = b->dom;
  if (dom->is_cut || dom->failed || b->is_silent || len <= 0) return;
  /* libxml2 hands a run of text over in pieces */
  rp_node *last = dom->node.n ? &dom->node.data[dom->node.n - 1] : NULL;
  if (!last || last->tag != RP_TAG_TEXT || last->parent != top_node(b) || last->last != dom->bytes.len) {
    uint32_t node = add_node(b, RP_TAG_TEXT);
    if (node == RP_DOM_NONE) return;
    last = &dom->node.data[node];
    last->first = last->last = (uint32_t)dom->bytes.len;
  }
  rp_buf_add(&dom->bytes, text, (size_t)len);
  if (dom->bytes.failed)
    stop_failed(b);
  else
    last->last = (uint32_t)dom->bytes.len;
}

static void on_error(void *user, const char *format, ...) {
  (void)user;
  (void)format;
}

/* Where the tag whose name begins at `at` ends; counts its attributes and
 * blanks those beyond MAX_ATTRIBUTES.  `len` where it has no end: then
 * `*quote` is the quotation mark that was left open. */
static size_t tame_tag(char *page, size_t len, size_t at, const bool *is_mute, char *quote) {
  size_t n_attribute = 0;
  char before = page[at];
  *quote = '\0';
  for (; at < len && (*quote || page[at] != '>'); at++) {
    char now = page[at];
    bool is_mark = (now == '"' && !is_mute[0]) || (now == '\'' && !is_mute[1]);
    n_attribute += !*quote && now > ' ' && (before <= ' ' || before == '"' || before == '\'' || before == '/');
    if (*quote ? now == *quote : is_mark && before == '=') *quote = *quote ? '\0' : now;
    before = now;
    if (n_attribute > MAX_ATTRIBUTES) page[at] = ' ';
  }
  return at;
}

/* libxml2 compares every attribute of a tag with all before it, so a tag of a
 * million would take hours.  Linear: a mark that is never closed is found so
 * once, and opens nothing from then on. */
static void tame(char *page, size_t len) {
  bool is_mute[2] = {false, false};
  for (size_t i = 0; i + 1 < len;) {
    char *open = memchr(page + i, '<', len - i - 1), quote;
    if (!open) return;
    i = (size_t)(open - page) + 1;
    char c = (char)(page[i] | 0x20);
    if (c < 'a' || c > 'z') continue;
    size_t end = tame_tag(page, len, i, is_mute, &quote);
    if (end == len && !quote) return;
    if (end == len) {
      is_mute[quote == '\''] = true;
      i--;
    } else {
      i = end;
    }
  }
}

static uint64_t count_end_tags(rp_str page) {
  uint64_t n = 0;
  for (size_t i = 0; i + 1 < page.len; i++) n += page.data[i] == '<' && page.data[i + 1] == '/';
  return n;
}

void rp_dom_start(void) { xmlInitParser(); }

void rp_dom_init(rp_dom *dom) { *dom = (rp_dom){0}; }

void rp_dom_release(rp_dom *dom) {
  rp_vec_release(&dom->node);
  rp_vec_release(&dom->attr);
  rp_buf_release(&dom->bytes);
}

static void close_open(struct building *b) {
  while (b->depth > 0)
    if (b->depth-- <= b->max_depth) b->dom->node.data[b->open[b->depth]].end = (uint32_t)b->dom->node.n;
}

rp_status rp_dom_parse(rp_dom *dom, rp_str page, unsigned depth, rp_error *error) {
  rp_vec_clear(&dom->node);
  rp_vec_clear(&dom->attr);
  rp_buf_clear(&dom->bytes);
  dom->is_cut = dom->failed = false;
  if (page.len == 0) return RP_OK;
  if (page.len > INT32_MAX / 2) return rp_fail(error, RP_ERR_LIMIT, "a page of %zu bytes is too long", page.len);
  struct building *b = rp_calloc(1, sizeof *b);
  char *copy = b ? rp_memdup(page.data, page.len) : NULL;
  rp_status status = RP_OK;
  if (!copy) {
    status = rp_fail_memory(error);
    goto out;
  }
  b->dom = dom;
  b->max_depth = depth < MAX_DEPTH ? depth : MAX_DEPTH;
  b->n_end_tag = count_end_tags(page);
  tame(copy, page.len);
  htmlSAXHandler sax = {.startElement = on_start,
                        .endElement = on_end,
                        .characters = on_text,
                        .ignorableWhitespace = on_text,
                        .cdataBlock = on_text,
                        .warning = on_error,
                        .error = on_error,
                        .fatalError = on_error};
  b->parser = htmlCreateMemoryParserCtxt(copy, (int)page.len);
  if (!b->parser) {
    status = rp_fail_memory(error);
    goto out;
  }
  htmlSAXHandlerPtr own = b->parser->sax;
  b->parser->sax = &sax;
  b->parser->userData = b;
  htmlCtxtUseOptions(b->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                    HTML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding(b->parser, XML_CHAR_ENCODING_UTF8);
  htmlParseDocument(b->parser);
  close_open(b);
  b->parser->sax = own;
  htmlFreeParserCtxt(b->parser);
  if (dom->failed) status = rp_fail_memory(error);
out:
  rp_free(copy);
  rp_free(b);
  return status;
}

rp_str rp_dom_text(const rp_dom *dom, size_t node) {
  const rp_node *n = &dom->node.data[node];
  return (rp_str){dom->bytes.data + n->first, n->last - n->first};
}

rp_str rp_dom_attr(const rp_dom *dom, size_t node, rp_attr_name name) {
  const rp_node *n = &dom->node.data[node];
  if (n->tag == RP_TAG_TEXT) return (rp_str){0};
  for (uint32_t i = n->first; i < n->last; i++) {
    const rp_attr *a = &dom->attr.data[i];
    if (a->name == (uint32_t)name) return (rp_str){dom->bytes.data + a->start, a->end - a->start};
  }
  return (rp_str){0};
}
