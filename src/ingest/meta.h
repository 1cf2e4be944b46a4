/* meta.h - what a page says of itself outside its text. */
#ifndef RP_INGEST_META_H
#define RP_INGEST_META_H

#include "ingest/dom.h"
#include "ingest/fields.h"
#include "ingest/json.h"

typedef struct rp_meta {
  rp_values values; /* title, url, publisher, published, authors, lang */
  rp_str body;      /* the story's text, where the page carries it as data */
  rp_link *link;
  size_t n_link;
} rp_meta;

/* The URL is og:url or JSON-LD's, else the canonical one; a canonical link to
 * another host than that of og:url is a link, never the URL.  Everything lives in
 * the arena. */
RP_CHECKED rp_status rp_meta_read(const rp_dom *dom, rp_json_parser *json, rp_arena *arena, rp_meta *out,
                                  rp_error *error);

#endif
