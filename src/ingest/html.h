/* html.h - a page of HTML as one article: its main text, and what it says of
 * itself (meta elements, Open Graph, JSON-LD, time). */
#ifndef RP_INGEST_HTML_H
#define RP_INGEST_HTML_H

#include "ingest/article.h"
#include "ingest/dom.h"
#include "ingest/json.h"

/* `dom` and `json` are one thread's, used again for each page. */
void rp_html_read(rp_str page, rp_dom *dom, rp_json_parser *json, const rp_settings *settings, const rp_origin *origin,
                  rp_items *items);

#endif
