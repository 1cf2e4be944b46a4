#include "ingest/item.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_REASON = 512 };

RP_PRINTF(2, 0)
static char *print(rp_arena *arena, const char *format, va_list args) {
  char text[MAX_REASON];
  int n = vsnprintf(text, sizeof text, format, args);
  size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) text[i] = '?';
  return rp_arena_memdup(arena, text, len);
}

char *rp_item_printf(rp_arena *arena, const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *text = print(arena, format, args);
  va_end(args);
  return text;
}

static rp_item *append(rp_items *items) {
  rp_item *item = RP_NEW0(items->arena, rp_item, 1);
  if (!item) {
    items->failed = true;
    return NULL;
  }
  if (items->last)
    items->last->next = item;
  else
    items->first = item;
  items->last = item;
  return item;
}

void rp_items_problem(rp_items *items, rp_problem_kind kind, rp_place place, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const char *reason = print(items->arena, format, args);
  va_end(args);
  const char *path = rp_arena_memdup(items->arena, place.path.data, place.path.len);
  rp_item *item = reason && path ? append(items) : NULL;
  if (!item) {
    items->failed = true;
    return;
  }
  item->problem = (rp_problem){.kind = kind, .path = {path, place.path.len}, .line = place.line, .reason = reason};
}

rp_item *rp_items_article(rp_items *items, const rp_article *article) {
  rp_item *item = append(items);
  if (item) item->article = article;
  return item;
}
