#include "cli/owners.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "cli/file.h"

struct entry {
  rp_owner owner;
  size_t line;
};

struct reading {
  const char *path;
  RP_VEC(struct entry) entry;
  rp_error *error;
};

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static rp_str trim(const char *from, const char *to) {
  while (from < to && is_blank(*from)) from++;
  while (from < to && is_blank(to[-1])) to--;
  return (rp_str){from, (size_t)(to - from)};
}

static rp_status refuse(const struct reading *r, size_t line, rp_str publisher, const char *why) {
  return rp_fail(r->error, RP_ERR_ARGUMENT, "%s:%zu: publisher '%.*s' %s", r->path, line,
                 (int)(publisher.len < 200 ? publisher.len : 200), publisher.data, why);
}

static rp_status read_line(struct reading *r, rp_str text, size_t line) {
  if (!text.len || *text.data == '#') return RP_OK;
  const char *end = text.data + text.len, *stop = memchr(text.data, '\t', text.len);
  if (!stop) stop = memchr(text.data, ' ', text.len);
  if (!stop) return refuse(r, line, text, "has no owner beside it");
  struct entry entry = {{trim(text.data, stop), trim(stop, end)}, line};
  return rp_vec_push(&r->entry, entry) ? RP_OK : rp_fail_memory(r->error);
}

static rp_status read_lines(struct reading *r, const char *at, const char *end) {
  for (size_t line = 1; at < end; line++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop) stop = end;
    RP_TRY(read_line(r, trim(at, stop), line));
    at = stop < end ? stop + 1 : end;
  }
  return RP_OK;
}

static int compare(const void *x, const void *y) {
  const struct entry *p = x, *q = y;
  int order = rp_str_compare(p->owner.publisher, q->owner.publisher);
  return order ? order : (p->line > q->line) - (p->line < q->line);
}

/* The lookup wants each publisher once. */
static rp_status settle(struct reading *r, rp_settings *s) {
  if (r->entry.n) qsort(r->entry.data, r->entry.n, sizeof *r->entry.data, compare);
  rp_vec_clear(&s->owners);
  for (size_t i = 0; i < r->entry.n; i++) {
    const struct entry *e = &r->entry.data[i];
    const rp_owner *last = s->owners.n ? &s->owners.data[s->owners.n - 1] : NULL;
    if (last && rp_str_equal(last->publisher, e->owner.publisher)) {
      if (!rp_str_equal(last->owner, e->owner.owner))
        return refuse(r, e->line, e->owner.publisher, "has another owner already");
    } else if (!rp_vec_push(&s->owners, e->owner)) {
      return rp_fail_memory(r->error);
    }
  }
  return RP_OK;
}

rp_status rp_owners_read(rp_settings *s, const char *path, rp_error *error) {
  rp_buf content;
  rp_buf_init(&content);
  struct reading r = {.path = strcmp(path, "-") == 0 ? "standard input" : path, .error = error};
  rp_status status = rp_file_read(path, &content, error);
  const char *text = status == RP_OK ? rp_arena_memdup(&s->arena, content.data, content.len) : NULL;
  if (status == RP_OK) status = text ? read_lines(&r, text, text + content.len) : rp_fail_memory(error);
  if (status == RP_OK) status = settle(&r, s);
  rp_vec_release(&r.entry);
  rp_buf_release(&content);
  return status;
}
