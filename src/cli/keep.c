#include "cli/keep.h"

#include <string.h>

#include "base/err.h"

static bool keep_str(rp_str *s, rp_arena *arena) {
  s->data = s->len ? rp_arena_memdup(arena, s->data, s->len) : NULL;
  return s->data != NULL || s->len == 0;
}

static bool keep_strings(rp_article *a, rp_arena *arena) {
  rp_str *const strings[] = {&a->id,    &a->url,  &a->host, &a->publisher, &a->publisher_key,
                             &a->title, &a->text, &a->lang, &a->authors,   &a->path};
  for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
    if (!keep_str(strings[i], arena)) return false;
  return true;
}

static bool keep_lists(rp_article *a, rp_arena *arena) {
  rp_mark *mark = RP_NEW(arena, rp_mark, a->n_mark);
  rp_link *link = RP_NEW(arena, rp_link, a->n_link);
  if (!mark || !link) return false;
  if (a->n_mark) memcpy(mark, a->mark, a->n_mark * sizeof *mark);
  for (size_t i = 0; i < a->n_link; i++) {
    link[i] = a->link[i];
    if (!keep_str(&link[i].url, arena)) return false;
  }
  a->mark = mark;
  a->link = link;
  return true;
}

rp_status rp_keep(const rp_article *article, rp_arena *arena, rp_article *out, rp_error *error) {
  rp_article copy = *article;
  if (!keep_strings(&copy, arena) || !keep_lists(&copy, arena)) return rp_fail_memory(error);
  *out = copy;
  return RP_OK;
}
