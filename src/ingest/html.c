#include "ingest/html.h"

#include <string.h>

#include "ingest/charset.h"
#include "ingest/main_text.h"
#include "ingest/meta.h"

enum { CHARSET_HEAD = 4096 };

/* The encoding that a meta element names in the first bytes ("charset=..."). */
static bool declared_charset(rp_str page, char name[40]) {
  static const char key[] = "charset=";
  size_t n = page.len < CHARSET_HEAD ? page.len : CHARSET_HEAD;
  for (size_t i = 0; i + sizeof key - 1 < n; i++) {
    size_t k = 0;
    while (k < sizeof key - 1 && (page.data[i + k] | 0x20) == (key[k] | 0x20)) k++;
    if (k < sizeof key - 1) continue;
    size_t at = i + k, len = 0;
    while (at < n && (page.data[at] == '"' || page.data[at] == '\'' || page.data[at] == ' ')) at++;
    while (at < n && len < 39 && (unsigned char)page.data[at] > ' ' && !strchr("\"'>;/", page.data[at]))
      name[len++] = page.data[at++];
    name[len] = '\0';
    return len > 0;
  }
  return false;
}

static rp_status read_page(rp_str page, rp_dom *dom, rp_json_parser *json, const rp_settings *settings,
                           const rp_origin *origin, rp_items *items) {
  char charset[40];
  size_t n_replaced = 0;
  rp_str text;
  bool is_declared = declared_charset(page, charset);
  RP_TRY(rp_charset_decode(page, is_declared ? charset : NULL, items->arena, &text, &n_replaced, NULL));
  if (n_replaced)
    rp_items_problem(items, RP_PROBLEM_NOTED, origin->place, "%zu undecodable bytes replaced", n_replaced);
  size_t bom = rp_charset_bom(text, NULL);
  text = (rp_str){text.data + bom, text.len - bom};
  RP_TRY(rp_dom_parse(dom, text, settings->limits.html_depth, NULL));
  if (dom->is_cut)
    rp_items_problem(items, RP_PROBLEM_NOTED, origin->place, "read in part: its markup is too large or too deep");
  rp_main_text main_text;
  rp_meta meta;
  RP_TRY(rp_main_text_find(dom, settings->keep_left_out, items->arena, &main_text, NULL));
  RP_TRY(rp_meta_read(dom, json, items->arena, &meta, NULL));
  rp_extra extra = {.mark = main_text.mark,
                    .n_mark = main_text.n_mark,
                    .link = meta.link,
                    .n_link = meta.n_link,
                    .left_out = main_text.left_out,
                    .n_left_out = main_text.n_left_out};
  meta.values.value[RP_FIELD_TEXT] = main_text.text;
  /* a page whose text is put together by a script may carry it as data */
  if (meta.body.len > 2 * main_text.text.len) {
    meta.values.value[RP_FIELD_TEXT] = meta.body;
    extra.n_mark = 0;
  }
  rp_article_finish(settings, origin, &meta.values, &extra, items);
  return RP_OK;
}

void rp_html_read(rp_str page, rp_dom *dom, rp_json_parser *json, const rp_settings *settings, const rp_origin *origin,
                  rp_items *items) {
  if (read_page(page, dom, json, settings, origin, items) != RP_OK) items->failed = true;
}
