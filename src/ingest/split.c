#include "ingest/split.h"

#include <string.h>

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Moves behind the end of the string at hand, or to `len`. */
static size_t skip_string(rp_split *s, const char *data, size_t len, size_t at) {
  while (at < len) {
    if (s->is_escaped) {
      s->is_escaped = false;
      at++;
      continue;
    }
    if (data[at] == '"') {
      s->in_string = false;
      return at + 1;
    }
    s->is_escaped = data[at] == '\\';
    at++;
  }
  return at;
}

static rp_split_event end_record(rp_split *s) {
  s->in_record = s->is_scalar = s->in_string = false;
  s->depth = 0;
  return RP_SPLIT_END;
}

/* Between records: finds where the next one begins. */
static rp_split_event find_start(rp_split *s, const char *data, size_t len, size_t *at) {
  for (; *at < len; ++*at) {
    char c = data[*at];
    if (is_space(c) || c == ',') continue;
    if (c == '[' && !s->in_array && !s->saw_record) {
      s->in_array = s->saw_array = true;
    } else if (c == ']' && s->in_array) {
      s->in_array = false;
    } else {
      s->in_record = s->saw_record = true;
      s->is_scalar = c != '{' && c != '[';
      return RP_SPLIT_START;
    }
  }
  return RP_SPLIT_MORE;
}

rp_split_event rp_split_next(rp_split *s, const char *data, size_t len, size_t *at) {
  if (!s->in_record) return find_start(s, data, len, at);
  while (*at < len) {
    if (s->in_string) {
      *at = skip_string(s, data, len, *at);
      continue;
    }
    char c = data[*at];
    if (s->is_scalar && (is_space(c) || c == ',' || (c == ']' && s->in_array) || c == '{' || c == '['))
      return end_record(s);
    ++*at;
    if (c == '"') {
      s->in_string = true;
    } else if (c == '{' || c == '[') {
      s->depth++;
    } else if ((c == '}' || c == ']') && !s->is_scalar && --s->depth == 0) {
      return end_record(s);
    }
  }
  return RP_SPLIT_MORE;
}
