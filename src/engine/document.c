#include "engine/document.h"

#include <string.h>

#include "base/bytes.h"

enum {
  DOCUMENT_VERSION = 1,
  FLAG_ID_IS_PATH = 1,
  FLAG_ID_IS_HASH = 2,
  FLAG_TRUNCATED = 4,
  /* fixed part: version, flags, first_seen, stated, before, n_word, counted */
  AT_FIRST_SEEN = 2,
  AT_BEFORE = 26,
  AT_N_WORD = 42,
  AT_COUNTED = 46,
  FIXED_SIZE = 50,
};

rp_date rp_document_date(rp_date stated, rp_date before) {
  if (!rp_date_is_known(before)) return stated;
  if (!rp_date_is_known(stated)) return before;
  return before.earliest < stated.earliest ? before : stated;
}

static void add_date(rp_buf *out, rp_date date) {
  rp_buf_add64(out, (uint64_t)date.earliest);
  rp_buf_add64(out, (uint64_t)date.latest);
}

static rp_date read_date(rp_reader_bytes *r) {
  rp_date date;
  date.earliest = (int64_t)rp_read64(r);
  date.latest = (int64_t)rp_read64(r);
  return date;
}

static void add_marks(rp_buf *out, const rp_article *a) {
  rp_buf_add_varint(out, a->n_mark);
  uint32_t at = 0;
  for (size_t i = 0; i < a->n_mark; i++) {
    rp_buf_add_varint(out, a->mark[i].start - at);
    rp_buf_add_varint(out, a->mark[i].end - a->mark[i].start);
    rp_buf_add_byte(out, (char)a->mark[i].reason);
    at = a->mark[i].end;
  }
}

rp_status rp_document_encode(const rp_document *document, rp_buf *out, rp_error *error) {
  const rp_article *a = &document->article;
  size_t strings = a->id.len + a->url.len + a->host.len + a->publisher.len + a->publisher_key.len + a->title.len +
                   a->lang.len + a->authors.len + a->path.len + a->text.len;
  rp_buf_reserve(out, FIXED_SIZE + strings + 128 + 12 * a->n_mark);
  rp_buf_add_byte(out, DOCUMENT_VERSION);
  rp_buf_add_byte(out, (char)((a->id_is_path ? FLAG_ID_IS_PATH : 0) | (a->id_is_hash ? FLAG_ID_IS_HASH : 0) |
                              (a->is_truncated ? FLAG_TRUNCATED : 0)));
  rp_buf_add64(out, (uint64_t)document->first_seen);
  add_date(out, document->stated);
  add_date(out, document->before);
  rp_buf_add32(out, document->n_word);
  rp_buf_add32(out, document->counted);
  rp_buf_add_varint(out, a->line);
  const rp_str string[] = {a->id,    a->url,  a->host,    a->publisher, a->publisher_key,
                           a->title, a->lang, a->authors, a->path};
  for (size_t i = 0; i < sizeof string / sizeof *string; i++) rp_buf_add_str(out, string[i]);
  add_marks(out, a);
  rp_buf_add_varint(out, a->n_link);
  for (size_t i = 0; i < a->n_link; i++) {
    rp_buf_add_byte(out, (char)a->link[i].kind);
    rp_buf_add_str(out, a->link[i].url);
  }
  rp_buf_add_str(out, a->text);
  return out->failed ? rp_fail_memory(error) : RP_OK;
}

void rp_document_patch(char *bytes, const rp_document *document) {
  rp_store64(bytes + AT_FIRST_SEEN, (uint64_t)document->first_seen);
  rp_store64(bytes + AT_BEFORE, (uint64_t)document->before.earliest);
  rp_store64(bytes + AT_BEFORE + 8, (uint64_t)document->before.latest);
  rp_store32(bytes + AT_N_WORD, document->n_word);
  rp_store32(bytes + AT_COUNTED, document->counted);
}

static rp_status damaged(rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index is damaged: an article cannot be read");
}

/* Counts are checked against the bytes that are left before they allocate. */
static bool read_marks(rp_reader_bytes *r, rp_arena *arena, rp_article *a, bool *no_memory) {
  uint64_t n = rp_read_varint(r);
  if (r->failed || n > (uint64_t)(r->end - r->at) / 3) return false;
  rp_mark *mark = RP_NEW(arena, rp_mark, (size_t)n);
  if (!mark) {
    *no_memory = true;
    return false;
  }
  uint64_t at = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t start = at + rp_read_varint(r), end = start + rp_read_varint(r);
    uint8_t reason = rp_read8(r);
    if (r->failed || start > UINT32_MAX || end > UINT32_MAX || end < start || reason < RP_REASON_TITLE ||
        reason > RP_REASON_CREDIT)
      return false;
    mark[i] = (rp_mark){(uint32_t)start, (uint32_t)end, (rp_reason)reason};
    at = end;
  }
  a->mark = mark;
  a->n_mark = (size_t)n;
  return true;
}

static bool read_links(rp_reader_bytes *r, rp_arena *arena, rp_article *a, bool *no_memory) {
  uint64_t n = rp_read_varint(r);
  if (r->failed || n > (uint64_t)(r->end - r->at) / 2) return false;
  rp_link *link = RP_NEW(arena, rp_link, (size_t)n);
  if (!link) {
    *no_memory = true;
    return false;
  }
  for (size_t i = 0; i < n; i++) {
    link[i].kind = (rp_link_kind)rp_read8(r);
    link[i].url = rp_read_str(r);
  }
  a->link = link;
  a->n_link = (size_t)n;
  return !r->failed;
}

rp_status rp_document_decode(rp_str bytes, rp_arena *arena, rp_document *out, rp_error *error) {
  rp_reader_bytes r = {.at = (const uint8_t *)bytes.data, .end = (const uint8_t *)bytes.data + bytes.len};
  rp_document d = {.article.size = sizeof(rp_article)};
  rp_article *a = &d.article;
  if (rp_read8(&r) != DOCUMENT_VERSION) return damaged(error);
  uint8_t flag = rp_read8(&r);
  a->id_is_path = flag & FLAG_ID_IS_PATH;
  a->id_is_hash = flag & FLAG_ID_IS_HASH;
  a->is_truncated = flag & FLAG_TRUNCATED;
  d.first_seen = (int64_t)rp_read64(&r);
  d.stated = read_date(&r);
  d.before = read_date(&r);
  d.n_word = rp_read32(&r);
  d.counted = rp_read32(&r);
  a->line = rp_read_varint(&r);
  rp_str *const string[] = {&a->id,    &a->url,  &a->host,    &a->publisher, &a->publisher_key,
                            &a->title, &a->lang, &a->authors, &a->path};
  for (size_t i = 0; i < sizeof string / sizeof *string; i++) *string[i] = rp_read_str(&r);
  bool no_memory = false;
  if (!read_marks(&r, arena, a, &no_memory) || !read_links(&r, arena, a, &no_memory))
    return no_memory ? rp_fail_memory(error) : damaged(error);
  a->text = rp_read_str(&r);
  if (r.failed || r.at != r.end) return damaged(error);
  if (a->n_mark && a->mark[a->n_mark - 1].end > a->text.len) return damaged(error);
  a->published = rp_document_date(d.stated, d.before);
  *out = d;
  return RP_OK;
}

static bool equal_marks(const rp_article *a, const rp_article *b) {
  if (a->n_mark != b->n_mark) return false;
  for (size_t i = 0; i < a->n_mark; i++)
    if (a->mark[i].start != b->mark[i].start || a->mark[i].end != b->mark[i].end ||
        a->mark[i].reason != b->mark[i].reason)
      return false;
  return true;
}

static bool equal_links(const rp_article *a, const rp_article *b) {
  if (a->n_link != b->n_link) return false;
  for (size_t i = 0; i < a->n_link; i++)
    if (a->link[i].kind != b->link[i].kind || !rp_str_equal(a->link[i].url, b->link[i].url)) return false;
  return true;
}

bool rp_document_equal_metadata(const rp_article *a, const rp_article *b) {
  return rp_str_equal(a->url, b->url) && rp_str_equal(a->host, b->host) && rp_str_equal(a->publisher, b->publisher) &&
         rp_str_equal(a->publisher_key, b->publisher_key) && rp_str_equal(a->title, b->title) &&
         rp_str_equal(a->lang, b->lang) && rp_str_equal(a->authors, b->authors) && equal_marks(a, b) &&
         equal_links(a, b) && a->is_truncated == b->is_truncated;
}
