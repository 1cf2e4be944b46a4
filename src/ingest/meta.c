#include "ingest/meta.h"

#include <string.h>

#include "ingest/url.h"

/* Where a value was found; the first of a list that is there holds. */
struct found {
  rp_str og_title, title, h1, og_url, canonical, site_name, application, time, author, lang, published;
  int published_rank; /* place in `date_names`; less is better */
  rp_json_ld ld;
};

static const char *const date_names[] = {
    "article:published_time",
    "datePublished",
    "og:article:published_time",
    "article.published",
    "parsely-pub-date",
    "publish-date",
    "publishdate",
    "pubdate",
    "publication_date",
    "dc.date.issued",
    "DC.date.issued",
    "dcterms.created",
    "dc.date",
    "DC.date",
    "dc.date.created",
    "date",
};

static bool equals(rp_str s, const char *word) { return s.len == strlen(word) && memcmp(s.data, word, s.len) == 0; }

static bool is_date(rp_str s) {
  rp_date date = rp_date_parse(s, 0);
  return date.earliest <= date.latest;
}

static void take(rp_str *to, rp_str value) {
  value = rp_fields_trim(value);
  if (to->len == 0) *to = value;
}

static void take_meta(const rp_dom *dom, size_t i, struct found *f) {
  rp_str name = rp_dom_attr(dom, i, RP_ATTR_PROPERTY), content = rp_dom_attr(dom, i, RP_ATTR_CONTENT);
  if (name.len == 0) name = rp_dom_attr(dom, i, RP_ATTR_NAME);
  if (name.len == 0) name = rp_dom_attr(dom, i, RP_ATTR_ITEMPROP);
  content = rp_fields_trim(content);
  if (content.len == 0) return;
  if (equals(name, "og:title") || equals(name, "twitter:title")) take(&f->og_title, content);
  if (equals(name, "og:url")) take(&f->og_url, content);
  if (equals(name, "og:site_name")) take(&f->site_name, content);
  if (equals(name, "application-name")) take(&f->application, content);
  if (equals(name, "author")) take(&f->author, content);
  int n = (int)(sizeof date_names / sizeof *date_names);
  for (int rank = 0; rank < n && rank < f->published_rank; rank++)
    if (equals(name, date_names[rank]) && is_date(content)) f->published = content, f->published_rank = rank;
}

/* The text of an element, white space joined. */
static rp_status text_of(const rp_dom *dom, size_t i, rp_arena *arena, rp_str *out, rp_error *error) {
  size_t end = dom->node.data[i].end, len = 0;
  for (size_t k = i + 1; k < end; k++)
    if (dom->node.data[k].tag == RP_TAG_TEXT) len += rp_dom_text(dom, k).len;
  char *text = rp_arena_alloc(arena, len + 1, 1);
  if (!text) return rp_fail_memory(error);
  size_t n = 0;
  for (size_t k = i + 1; k < end; k++) {
    if (dom->node.data[k].tag != RP_TAG_TEXT) continue;
    rp_str s = rp_dom_text(dom, k);
    for (size_t j = 0; j < s.len; j++) {
      char c = (unsigned char)s.data[j] <= ' ' ? ' ' : s.data[j];
      if (c != ' ' || (n && text[n - 1] != ' ')) text[n++] = c;
    }
  }
  *out = rp_fields_trim((rp_str){text, n});
  return RP_OK;
}

static rp_status visit(const rp_dom *dom, size_t i, rp_json_parser *json, rp_arena *arena, struct found *f,
                       rp_error *error) {
  rp_str value;
  switch (dom->node.data[i].tag) {
    case RP_TAG_META: take_meta(dom, i, f); break;
    case RP_TAG_HTML: take(&f->lang, rp_dom_attr(dom, i, RP_ATTR_LANG)); break;
    case RP_TAG_LINK:
      if (equals(rp_dom_attr(dom, i, RP_ATTR_REL), "canonical")) take(&f->canonical, rp_dom_attr(dom, i, RP_ATTR_HREF));
      break;
    case RP_TAG_TITLE:
    case RP_TAG_H1: {
      rp_str *to = dom->node.data[i].tag == RP_TAG_H1 ? &f->h1 : &f->title;
      if (to->len) break;
      RP_TRY(text_of(dom, i, arena, &value, error));
      take(to, value);
      break;
    }
    case RP_TAG_TIME:
      value = rp_dom_attr(dom, i, RP_ATTR_DATETIME);
      if (is_date(value)) take(&f->time, value); /* a duration stands there as well */
      break;
    case RP_TAG_SCRIPT:
      if (f->ld.is_found || dom->node.data[i].end == i + 1) break;
      return rp_json_ld_read(json, rp_dom_text(dom, i + 1), arena, &f->ld, error);
    default: break;
  }
  return RP_OK;
}

static bool equal_hosts(rp_str a, rp_str b) { return a.len == b.len && (!a.len || memcmp(a.data, b.data, a.len) == 0); }

static rp_status settle_url(const struct found *f, rp_arena *arena, rp_meta *out, rp_error *error) {
  rp_str own = rp_url_is_url(f->og_url) ? f->og_url : f->ld.url, own_host, canonical_host, own_domain, other_domain;
  if (!rp_url_is_url(own)) own = (rp_str){0};
  RP_TRY(rp_url_host(own, arena, &own_host, error));
  RP_TRY(rp_url_host(f->canonical, arena, &canonical_host, error));
  out->values.value[RP_FIELD_URL] = own.len ? own : canonical_host.len ? f->canonical : own;
  if (own_host.len && canonical_host.len && !equal_hosts(own_host, canonical_host)) {
    RP_TRY(rp_url_domain(own_host, arena, &own_domain, error));
    RP_TRY(rp_url_domain(canonical_host, arena, &other_domain, error));
    if (!equal_hosts(own_domain, other_domain)) out->link[out->n_link++] = (rp_link){RP_LINK_CANONICAL, f->canonical};
  }
  if (rp_url_is_url(f->ld.based_on)) out->link[out->n_link++] = (rp_link){RP_LINK_BASED_ON, f->ld.based_on};
  return RP_OK;
}

static rp_status keep(rp_arena *arena, rp_str *s, rp_error *error) {
  if (s->len == 0) return RP_OK;
  char *copy = rp_arena_memdup(arena, s->data, s->len);
  if (!copy) return rp_fail_memory(error);
  s->data = copy;
  return RP_OK;
}

/* The page's bytes make room for the next page's. */
static rp_status keep_all(rp_arena *arena, rp_meta *out, rp_error *error) {
  for (int kind = 0; kind < RP_FIELD_COUNT; kind++) RP_TRY(keep(arena, &out->values.value[kind], error));
  for (size_t i = 0; i < out->n_link; i++) RP_TRY(keep(arena, &out->link[i].url, error));
  return RP_OK;
}

rp_status rp_meta_read(const rp_dom *dom, rp_json_parser *json, rp_arena *arena, rp_meta *out, rp_error *error) {
  struct found f = {.published_rank = (int)(sizeof date_names / sizeof *date_names)};
  *out = (rp_meta){.link = RP_NEW(arena, rp_link, 2)};
  if (!out->link) return rp_fail_memory(error);
  for (size_t i = 0; i < dom->node.n; i++) RP_TRY(visit(dom, i, json, arena, &f, error));
  rp_str *v = out->values.value;
  const rp_str titles[] = {f.h1, f.og_title, f.ld.headline, f.title};
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) take(&v[RP_FIELD_TITLE], titles[i]);
  take(&v[RP_FIELD_PUBLISHER], f.site_name);
  take(&v[RP_FIELD_PUBLISHER], f.ld.publisher);
  take(&v[RP_FIELD_PUBLISHER], f.application);
  /* a meta date of the first names, JSON-LD, any other meta date, time */
  if (f.published_rank < 2) take(&v[RP_FIELD_PUBLISHED], f.published);
  take(&v[RP_FIELD_PUBLISHED], f.ld.published);
  take(&v[RP_FIELD_PUBLISHED], f.published);
  take(&v[RP_FIELD_PUBLISHED], f.time);
  take(&v[RP_FIELD_AUTHORS], f.ld.authors);
  take(&v[RP_FIELD_AUTHORS], f.author);
  take(&v[RP_FIELD_LANG], f.lang);
  out->body = f.ld.body;
  RP_TRY(settle_url(&f, arena, out, error));
  return keep_all(arena, out, error);
}
