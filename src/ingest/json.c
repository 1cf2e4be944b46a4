#include "ingest/json.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/charset.h"
#include "ingest/url.h"

/* A record of more values than this is no article; it would take gigabytes as
 * objects.  Only records longer than LONG_RECORD are counted through. */
enum { MAX_VALUES = 1 << 20, LONG_RECORD = 4 << 20, MAX_JOINED = 4096 };

struct rp_json_parser {
  json_tokener *tokener;
  unsigned depth;
};

rp_status rp_json_parser_new(unsigned depth, rp_json_parser **out, rp_error *error) {
  rp_json_parser *parser = rp_calloc(1, sizeof *parser);
  if (!parser) return rp_fail_memory(error);
  /* json-c counts the value inside the innermost level as a level too */
  parser->tokener = json_tokener_new_ex((int)depth + 1);
  parser->depth = depth;
  if (!parser->tokener) {
    rp_free(parser);
    return rp_fail_memory(error);
  }
  *out = parser;
  return RP_OK;
}

void rp_json_parser_free(rp_json_parser *parser) {
  if (!parser) return;
  json_tokener_free(parser->tokener);
  rp_free(parser);
}

static bool has_too_many_values(rp_str record) {
  if (record.len <= LONG_RECORD) return false;
  size_t n = 0;
  bool in_string = false;
  for (size_t i = 0; i < record.len; i++) {
    char c = record.data[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == ',' || c == '[' || c == '{') {
      n++;
    }
  }
  return n > MAX_VALUES;
}

/* ---- values ------------------------------------------------------------- */

static bool copy_to(rp_arena *arena, const char *data, size_t len, rp_str *out) {
  char *copy = rp_arena_memdup(arena, data, len);
  if (!copy) return false;
  *out = (rp_str){copy, len};
  return true;
}

/* A string or number as text; empty for what is neither.  json-c gives the
 * nearest 64-bit integer for a greater one: two ids would become one, so such
 * a number is none. */
static bool scalar_text(json_object *value, rp_arena *arena, rp_str *out) {
  char number[32];
  *out = (rp_str){0};
  switch (json_object_get_type(value)) {
    case json_type_string:
      return copy_to(arena, json_object_get_string(value), (size_t)json_object_get_string_len(value), out);
    case json_type_int: {
      int64_t v = json_object_get_int64(value);
      if (v == INT64_MIN || json_object_get_uint64(value) == UINT64_MAX) return true;
      int n = v == INT64_MAX ? snprintf(number, sizeof number, "%" PRIu64, json_object_get_uint64(value))
                             : snprintf(number, sizeof number, "%" PRId64, v);
      return copy_to(arena, number, (size_t)n, out);
    }
    case json_type_double: {
      if (!isfinite(json_object_get_double(value))) return true;
      const char *text = json_object_to_json_string(value); /* as it was written */
      return !text || copy_to(arena, text, strlen(text), out);
    }
    default: return true;
  }
}

static bool join(rp_arena *arena, rp_str *joined, rp_str more, const char *between) {
  if (joined->len == 0) {
    *joined = more;
    return true;
  }
  size_t n = strlen(between);
  char *both = rp_arena_alloc(arena, joined->len + n + more.len + 1, 1);
  if (!both) return false;
  memcpy(both, joined->data, joined->len);
  memcpy(both + joined->len, between, n);
  memcpy(both + joined->len + n, more.data, more.len);
  both[joined->len + n + more.len] = '\0';
  *joined = (rp_str){both, joined->len + n + more.len};
  return true;
}

/* The texts of a list's elements: all of them where the list itself is the
 * field's value ("authors": ["A", "B"]). */
static bool list_text(json_object *list, rp_field_kind kind, rp_arena *arena, rp_str *out) {
  size_t n = json_object_array_length(list), total = 0;
  const char *between = kind == RP_FIELD_TEXT ? "\n\n" : ", ";
  for (size_t i = 0; i < n; i++) {
    json_object *value = json_object_array_get_idx(list, i);
    if (json_object_is_type(value, json_type_string)) total += (size_t)json_object_get_string_len(value) + 2;
  }
  char *text = rp_arena_alloc(arena, total + 1, 1);
  if (!text) return false;
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    json_object *value = json_object_array_get_idx(list, i);
    if (!json_object_is_type(value, json_type_string)) continue;
    size_t len = (size_t)json_object_get_string_len(value);
    if (len == 0) continue;
    if (at) {
      memcpy(text + at, between, 2);
      at += 2;
    }
    memcpy(text + at, json_object_get_string(value), len);
    at += len;
  }
  text[at] = '\0';
  *out = (rp_str){at ? text : NULL, at};
  return true;
}

static bool is_present(rp_str value, const rp_path *path) {
  return rp_fields_trim(value).len != 0 && !(path->not_url && rp_url_is_url(value));
}

/* What `path` names from its step `at` on: the first that is present; of
 * authors all, joined. */
static bool find(json_object *object, const rp_path *path, size_t at, rp_field_kind kind, rp_arena *arena,
                 rp_str *out) {
  for (; at < path->n_step && !path->step[at].each; at++)
    if (!json_object_is_type(object, json_type_object) ||
        !json_object_object_get_ex(object, path->step[at].key, &object))
      return true;
  if (at == path->n_step) {
    rp_str value;
    if (!(json_object_is_type(object, json_type_array) ? list_text(object, kind, arena, &value)
                                                       : scalar_text(object, arena, &value)))
      return false;
    if (!is_present(value, path)) return true;
    if (kind != RP_FIELD_AUTHORS || out->len + value.len > MAX_JOINED) {
      if (out->len == 0) *out = value;
      return true;
    }
    return join(arena, out, value, ", ");
  }
  json_object *list;
  if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, path->step[at].key, &list) ||
      !json_object_is_type(list, json_type_array))
    return true;
  for (size_t i = 0; i < json_object_array_length(list); i++) {
    if (out->len && kind != RP_FIELD_AUTHORS) break;
    if (!find(json_object_array_get_idx(list, i), path, at + 1, kind, arena, out)) return false;
  }
  return true;
}

static bool read_values(json_object *object, const rp_fields *fields, rp_arena *arena, rp_values *out) {
  *out = (rp_values){0};
  for (int kind = 0; kind < RP_FIELD_COUNT; kind++)
    for (size_t i = 0; i < fields->n_path[kind] && out->value[kind].len == 0; i++)
      if (!find(object, &fields->path[kind][i], 0, (rp_field_kind)kind, arena, &out->value[kind])) return false;
  return true;
}

/* ---- records -------------------------------------------------------------- */

/* The record as UTF-8; what had to be replaced is noted. */
static bool decode(rp_str *record, const rp_origin *origin, rp_items *items) {
  size_t n_replaced = 0;
  if (rp_charset_decode(*record, NULL, items->arena, record, &n_replaced, NULL) != RP_OK) {
    items->failed = true;
    return false;
  }
  if (n_replaced)
    rp_items_problem(items, RP_PROBLEM_NOTED, origin->place, "%zu undecodable bytes replaced", n_replaced);
  return true;
}

static void refuse(rp_json_parser *parser, rp_str record, const rp_origin *origin, rp_items *items) {
  enum json_tokener_error why = json_tokener_get_error(parser->tokener);
  size_t at = json_tokener_get_parse_end(parser->tokener);
  if (why == json_tokener_continue)
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "broken JSON: ends in the middle, at byte %zu",
                     record.len);
  else if (why == json_tokener_error_depth)
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "JSON nested deeper than %u levels, at byte %zu",
                     parser->depth, at);
  else
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "broken JSON: %s at byte %zu",
                     json_tokener_error_desc(why), at);
}

/* The object of a record, or NULL with the reason told. */
static json_object *parse(rp_json_parser *parser, rp_str record, const rp_origin *origin, rp_items *items) {
  if (rp_fields_trim(record).len == 0 || rp_fields_trim(record).data[0] != '{') {
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "not a JSON object");
    return NULL;
  }
  const char *nul = memchr(record.data, '\0', record.len);
  if (nul) {
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "broken JSON: a NUL at byte %zu",
                     (size_t)(nul - record.data));
    return NULL;
  }
  if (has_too_many_values(record)) {
    rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "more than %d values in one record", MAX_VALUES);
    return NULL;
  }
  json_tokener_reset(parser->tokener);
  json_object *object = json_tokener_parse_ex(parser->tokener, record.data, (int)record.len);
  if (json_tokener_get_error(parser->tokener) != json_tokener_success) {
    refuse(parser, record, origin, items);
    json_object_put(object);
    return NULL;
  }
  size_t end = json_tokener_get_parse_end(parser->tokener);
  while (end < record.len && (unsigned char)record.data[end] <= ' ') end++;
  if (end == record.len) return object;
  rp_items_problem(items, RP_PROBLEM_SKIPPED, origin->place, "broken JSON: text behind the record at byte %zu", end);
  json_object_put(object);
  return NULL;
}

void rp_json_read(rp_json_parser *parser, rp_str record, const rp_settings *settings, const rp_origin *origin,
                  rp_items *items) {
  if (!decode(&record, origin, items)) return;
  json_object *object = parse(parser, record, origin, items);
  if (!object) return;
  rp_values values;
  rp_extra extra = {0};
  rp_link *link = NULL;
  if (!read_values(object, &settings->fields, items->arena, &values)) {
    items->failed = true;
  } else {
    rp_str source = rp_fields_trim(values.value[RP_FIELD_LINK]);
    if (rp_url_is_url(source) && (link = RP_NEW(items->arena, rp_link, 1))) {
      *link = (rp_link){RP_LINK_SOURCE, source};
      extra = (rp_extra){.link = link, .n_link = 1};
    }
    rp_article_finish(settings, origin, &values, &extra, items);
  }
  json_object_put(object);
}

/* ---- JSON-LD ------------------------------------------------------------------- */

static bool is_article_type(json_object *type) {
  if (json_object_is_type(type, json_type_array)) {
    for (size_t i = 0; i < json_object_array_length(type); i++)
      if (is_article_type(json_object_array_get_idx(type, i))) return true;
    return false;
  }
  if (!json_object_is_type(type, json_type_string)) return false;
  const char *name = json_object_get_string(type);
  return strstr(name, "Article") || strstr(name, "Posting") || strcmp(name, "Report") == 0;
}

/* The first object of an article's type, at most a few lists deep. */
static json_object *find_article(json_object *value, int depth) {
  json_object *inner = NULL;
  if (depth > 4) return NULL;
  if (json_object_is_type(value, json_type_array)) {
    for (size_t i = 0; i < json_object_array_length(value); i++)
      if ((inner = find_article(json_object_array_get_idx(value, i), depth + 1))) return inner;
    return NULL;
  }
  if (!json_object_is_type(value, json_type_object)) return NULL;
  if (json_object_object_get_ex(value, "@type", &inner) && is_article_type(inner)) return value;
  if (json_object_object_get_ex(value, "@graph", &inner)) return find_article(inner, depth + 1);
  if (json_object_object_get_ex(value, "mainEntity", &inner)) return find_article(inner, depth + 1);
  return NULL;
}

static bool ld_text(json_object *object, const char *key, const char *inner, rp_arena *arena, rp_str *out) {
  const rp_path plain = {.step = {{key, false}}, .n_step = 1};
  const rp_path nested = {.step = {{key, false}, {inner, false}}, .n_step = 2};
  const rp_path listed = {.step = {{key, true}, {inner, false}}, .n_step = 2};
  rp_field_kind kind = strcmp(key, "author") == 0 ? RP_FIELD_AUTHORS : RP_FIELD_TITLE;
  *out = (rp_str){0};
  if (!find(object, &plain, 0, kind, arena, out)) return false;
  if (out->len == 0 && !find(object, &nested, 0, kind, arena, out)) return false;
  return out->len != 0 || find(object, &listed, 0, kind, arena, out);
}

rp_status rp_json_ld_read(rp_json_parser *parser, rp_str script, rp_arena *arena, rp_json_ld *out, rp_error *error) {
  *out = (rp_json_ld){0};
  if (script.len == 0 || script.len > LONG_RECORD || memchr(script.data, '\0', script.len)) return RP_OK;
  json_tokener_reset(parser->tokener);
  json_object *all = json_tokener_parse_ex(parser->tokener, script.data, (int)script.len);
  json_object *a = all ? find_article(all, 0) : NULL;
  bool ok = true;
  if (a) {
    out->is_found = true;
    ok = ld_text(a, "headline", "@value", arena, &out->headline) &&
         ld_text(a, "datePublished", "@value", arena, &out->published) &&
         ld_text(a, "publisher", "name", arena, &out->publisher) &&
         ld_text(a, "author", "name", arena, &out->authors) && ld_text(a, "url", "@id", arena, &out->url) &&
         ld_text(a, "articleBody", "@value", arena, &out->body) &&
         ld_text(a, "isBasedOn", "url", arena, &out->based_on);
  }
  json_object_put(all);
  return ok ? RP_OK : rp_fail_memory(error);
}
