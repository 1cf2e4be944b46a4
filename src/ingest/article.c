#include "ingest/article.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "ingest/url.h"
#include "text/token.h"

enum { DAY = 86400 };

rp_status rp_article_fold_name(rp_str name, rp_arena *arena, rp_str *out, rp_error *error) {
  rp_words words;
  RP_TRY(rp_words_fold(name, arena, &words, error));
  size_t len = words.n ? words.folded_at[words.n] - 1 : 0;
  for (size_t i = 0; i < len; i++)
    if (words.folded[i] == '\n') words.folded[i] = ' ';
  *out = len ? (rp_str){words.folded, len} : name;
  return RP_OK;
}

/* XXH3-128 over publisher NUL title NUL text, as the published algorithm
 * prints it: high half first. */
static rp_status hash_id(const rp_article *a, rp_arena *arena, rp_str *out, rp_error *error) {
  size_t len = a->publisher.len + 1 + a->title.len + 1 + a->text.len, at = 0;
  rp_arena_mark mark = rp_arena_get(arena);
  char *all = rp_arena_alloc(arena, len, 1);
  if (!all) return rp_fail_memory(error);
  const rp_str part[3] = {a->publisher, a->title, a->text};
  for (size_t i = 0; i < 3; i++) {
    if (part[i].len) memcpy(all + at, part[i].data, part[i].len);
    at += part[i].len;
    if (i < 2) all[at++] = '\0';
  }
  rp_hash128 h = rp_hash128_of(all, len);
  rp_arena_rewind(arena, mark);
  char *id = rp_item_printf(arena, "x:%016" PRIx64 "%016" PRIx64, h.high, h.low);
  if (!id) return rp_fail_memory(error);
  *out = (rp_str){id, strlen(id)};
  return RP_OK;
}

static rp_status settle_id(const rp_settings *s, const rp_origin *origin, rp_str stated, rp_arena *arena, rp_article *a,
                           rp_error *error) {
  if (stated.len) {
    size_t n = strlen(s->id_prefix);
    a->id = stated;
    if (n == 0) return RP_OK;
    char *id = rp_arena_alloc(arena, n + stated.len + 1, 1);
    if (!id) return rp_fail_memory(error);
    memcpy(id, s->id_prefix, n);
    memcpy(id + n, stated.data, stated.len);
    id[n + stated.len] = '\0';
    a->id = (rp_str){id, n + stated.len};
  } else if (a->url.len) {
    a->id = a->url;
  } else if (origin->is_file && !origin->is_stdin) {
    a->id_is_path = true;
    return rp_url_clean_path(a->path, arena, &a->id, error);
  } else {
    a->id_is_hash = true;
    return hash_id(a, arena, &a->id, error);
  }
  return RP_OK;
}

/* The registrable domain of the URL; at aggregators, and without a URL, the
 * stated publisher: its domain where the name is a host, else its folded name. */
static rp_status settle_publisher(rp_arena *arena, rp_article *a, rp_error *error) {
  bool by_name = a->publisher.len && (!a->host.len || rp_url_is_aggregator(a->host));
  if (!by_name) return a->host.len ? rp_url_domain(a->host, arena, &a->publisher_key, error) : RP_OK;
  rp_str host = {0};
  if (rp_url_is_url(a->publisher)) RP_TRY(rp_url_host(a->publisher, arena, &host, error));
  if (!host.len && rp_url_is_host(a->publisher)) RP_TRY(rp_url_lower(a->publisher, arena, &host, error));
  if (host.len) return rp_url_domain(host, arena, &a->publisher_key, error);
  return rp_article_fold_name(a->publisher, arena, &a->publisher_key, error);
}

/* "... [+1234 chars]" */
static bool is_cut_off(rp_str text) {
  static const char tail[] = " chars]";
  const size_t n = sizeof tail - 1;
  text = rp_fields_trim(text);
  if (text.len < n + 3 || memcmp(text.data + text.len - n, tail, n) != 0) return false;
  size_t at = text.len - n, first = at;
  while (first > 0 && text.data[first - 1] >= '0' && text.data[first - 1] <= '9') first--;
  return first < at && first >= 2 && text.data[first - 1] == '+' && text.data[first - 2] == '[';
}

static bool is_status(rp_str status, const char *name) {
  return status.len == strlen(name) && memcmp(status.data, name, status.len) == 0;
}

/* Why a record is no article; NULL where it is one. */
static const char *refusal(const rp_settings *s, const rp_values *v, rp_arena *arena) {
  rp_str status = rp_fields_trim(v->value[RP_FIELD_STATUS]), text = v->value[RP_FIELD_TEXT];
  if (is_status(status, "withheld")) return "withheld by its publisher (pubStatus)";
  if (is_status(status, "canceled") || is_status(status, "cancelled") || is_status(status, "stat:canceled"))
    return "cancelled by its publisher (pubStatus)";
  if (text.len == 0) return "no text";
  if (text.len <= s->limits.article) return NULL;
  const char *reason = rp_item_printf(arena, "text too long: %zu bytes, the limit is %zu", text.len, s->limits.article);
  return reason ? reason : "text is too long";
}

static void settle_date(const rp_settings *s, const rp_origin *origin, rp_str stated, rp_article *a, rp_items *items) {
  a->published = RP_DATE_UNKNOWN;
  if (stated.len == 0) return;
  rp_date date = rp_date_parse(stated, s->timezone_minutes);
  int shown = stated.len < 40 ? (int)stated.len : 40;
  if (date.earliest > date.latest)
    rp_items_problem(items, RP_PROBLEM_NOTED, origin->place, "'%.*s' is no date that can be read", shown, stated.data);
  else if (date.earliest > s->now + DAY)
    rp_items_problem(items, RP_PROBLEM_NOTED, origin->place, "date '%.*s' lies in the future", shown, stated.data);
  else
    a->published = date;
}

void rp_article_finish(const rp_settings *settings, const rp_origin *origin, const rp_values *values,
                       const rp_extra *extra, rp_items *items) {
  const char *reason = refusal(settings, values, items->arena);
  if (reason) {
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "%s", reason);
    return;
  }
  rp_article *a = RP_NEW0(items->arena, rp_article, 1);
  if (!a) {
    items->failed = true;
    return;
  }
  const rp_str *v = values->value;
  a->size = sizeof *a;
  a->text = v[RP_FIELD_TEXT];
  a->url = rp_fields_trim(v[RP_FIELD_URL]);
  a->publisher = rp_fields_trim(v[RP_FIELD_PUBLISHER]);
  a->title = rp_fields_trim(v[RP_FIELD_TITLE]);
  a->lang = rp_fields_trim(v[RP_FIELD_LANG]);
  a->authors = rp_fields_trim(v[RP_FIELD_AUTHORS]);
  a->path = origin->place.path;
  a->line = origin->is_file ? 0 : origin->place.line;
  a->mark = extra->mark;
  a->n_mark = extra->n_mark;
  a->link = extra->link;
  a->n_link = extra->n_link;
  a->is_truncated = is_cut_off(a->text);
  settle_date(settings, origin, rp_fields_trim(v[RP_FIELD_PUBLISHED]), a, items);
  if (rp_url_host(a->url, items->arena, &a->host, NULL) != RP_OK || settle_publisher(items->arena, a, NULL) != RP_OK ||
      settle_id(settings, origin, rp_fields_trim(v[RP_FIELD_ID]), items->arena, a, NULL) != RP_OK) {
    items->failed = true;
    return;
  }
  rp_item *item = rp_items_article(items, a);
  if (!item) return;
  item->left_out = extra->left_out;
  item->n_left_out = extra->n_left_out;
}
