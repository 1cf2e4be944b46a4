#include "ingest/fields.h"

#include <string.h>

static const char *const kind_name[RP_FIELD_COUNT] = {
    [RP_FIELD_ID] = "id",
    [RP_FIELD_URL] = "url",
    [RP_FIELD_TEXT] = "text",
    [RP_FIELD_TITLE] = "title",
    [RP_FIELD_PUBLISHER] = "publisher",
    [RP_FIELD_PUBLISHED] = "published",
    [RP_FIELD_LANG] = "lang",
    [RP_FIELD_AUTHORS] = "authors",
};

/* Paths in the order they are tried; '?' before one: not if it is a URL. */
static const char *const default_path[RP_FIELD_COUNT] = {
    [RP_FIELD_ID] = "id doc_id uid uri guid stories_id",
    [RP_FIELD_URL] = "url link source_url canonical",
    [RP_FIELD_TEXT] = "maintext text body content articleBody body_text bodies[].value article story_text",
    [RP_FIELD_TITLE] = "title headline headlines[].value",
    [RP_FIELD_PUBLISHER] =
        "publisher publisher.name source_domain domain media_name sitename source-hostname "
        "hostname series outlet ?source source.name",
    [RP_FIELD_PUBLISHED] =
        "date_publish publish_date published published_at publishedAt datePublished pub_date date "
        "firstcreated versioncreated",
    [RP_FIELD_LANG] = "lang language",
    [RP_FIELD_AUTHORS] = "authors authors[].name author author.name byline bylines[].name bylines[].byline creator",
    [RP_FIELD_STATUS] = "pubStatus pubstatus",
    [RP_FIELD_LINK] = "infoSources[].uri infosources[].uri",
};

/* "a.b[].c" in memory that is ours: the dots become NULs. */
static bool parse_path(char *text, rp_path *out) {
  *out = (rp_path){0};
  if (*text == '?') {
    out->not_url = true;
    text++;
  }
  while (text) {
    char *dot = strchr(text, '.');
    if (dot) *dot = '\0';
    size_t len = strlen(text);
    bool each = len > 2 && strcmp(text + len - 2, "[]") == 0;
    if (each) text[len - 2] = '\0';
    if (*text == '\0' || strpbrk(text, "[]") || out->n_step == RP_PATH_STEPS) return false;
    out->step[out->n_step].key = text;
    out->step[out->n_step++].each = each;
    text = dot ? dot + 1 : NULL;
  }
  return true;
}

static rp_status set_defaults(rp_field_kind kind, rp_arena *arena, rp_fields *out, rp_error *error) {
  const char *list = default_path[kind];
  char *copy = rp_arena_memdup(arena, list, strlen(list));
  size_t n = 1;
  for (const char *p = list; *p; p++) n += *p == ' ';
  rp_path *path = RP_NEW(arena, rp_path, n);
  if (!copy || !path) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) {
    char *space = strchr(copy, ' ');
    if (space) *space = '\0';
    if (!parse_path(copy, &path[i])) return rp_fail(error, RP_ERR_ARGUMENT, "'%s' is no path of a field", list);
    copy = space ? space + 1 : copy;
  }
  out->path[kind] = path;
  out->n_path[kind] = n;
  return RP_OK;
}

static rp_status set_given(const rp_field *field, rp_arena *arena, rp_fields *out, rp_error *error) {
  size_t kind = 0;
  while (kind < RP_FIELD_COUNT && !(kind_name[kind] && strcmp(kind_name[kind], field->name) == 0)) kind++;
  if (kind == RP_FIELD_COUNT)
    return rp_fail(error, RP_ERR_ARGUMENT,
                   "'%s' is no field: it is one of id, url, text, title, publisher, published, lang, authors",
                   field->name);
  char *copy = rp_arena_memdup(arena, field->path, strlen(field->path));
  rp_path *path = RP_NEW(arena, rp_path, 1);
  if (!copy || !path) return rp_fail_memory(error);
  if (!parse_path(copy, path))
    return rp_fail(error, RP_ERR_ARGUMENT, "'%s' is no path of a field: keys joined by dots, '[]' behind a list",
                   field->path);
  out->path[kind] = path;
  out->n_path[kind] = 1;
  return RP_OK;
}

rp_status rp_fields_init(const rp_field *field, size_t n_field, rp_arena *arena, rp_fields *out, rp_error *error) {
  for (int kind = 0; kind < RP_FIELD_COUNT; kind++) RP_TRY(set_defaults((rp_field_kind)kind, arena, out, error));
  for (size_t i = 0; i < n_field; i++) RP_TRY(set_given(&field[i], arena, out, error));
  return RP_OK;
}

rp_field_kind rp_fields_find_key(rp_str key) {
  static const struct {
    const char *name;
    rp_field_kind kind;
  } keys[] = {
      {"id", RP_FIELD_ID},
      {"guid", RP_FIELD_ID},
      {"url", RP_FIELD_URL},
      {"link", RP_FIELD_URL},
      {"title", RP_FIELD_TITLE},
      {"headline", RP_FIELD_TITLE},
      {"publisher", RP_FIELD_PUBLISHER},
      {"source", RP_FIELD_PUBLISHER},
      {"outlet", RP_FIELD_PUBLISHER},
      {"publication", RP_FIELD_PUBLISHER},
      {"published", RP_FIELD_PUBLISHED},
      {"date", RP_FIELD_PUBLISHED},
      {"pubdate", RP_FIELD_PUBLISHED},
      {"language", RP_FIELD_LANG},
      {"lang", RP_FIELD_LANG},
      {"author", RP_FIELD_AUTHORS},
      {"authors", RP_FIELD_AUTHORS},
      {"byline", RP_FIELD_AUTHORS},
  };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    size_t n = 0;
    while (n < key.len && keys[i].name[n]) {
      char c = key.data[n];
      if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
      if (c != keys[i].name[n]) break;
      n++;
    }
    if (n == key.len && !keys[i].name[n]) return keys[i].kind;
  }
  return RP_FIELD_COUNT;
}

rp_str rp_fields_trim(rp_str value) {
  while (value.len && (unsigned char)value.data[0] <= ' ') value.data++, value.len--;
  while (value.len && (unsigned char)value.data[value.len - 1] <= ' ') value.len--;
  if (value.len == 4 && memcmp(value.data, "None", 4) == 0) value.len = 0;
  return value.len ? value : (rp_str){0};
}
