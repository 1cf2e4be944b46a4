#include "cli/list.h"

#include <string.h>

#include "base/err.h"
#include "cli/file.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static rp_str trimmed(const char *from, const char *end) {
  while (from < end && is_blank(*from)) from++;
  while (from < end && is_blank(end[-1])) end--;
  return (rp_str){from, (size_t)(end - from)};
}

static rp_status add_names(rp_str text, char separator, rp_list *out, rp_error *error) {
  for (const char *from = text.data, *end = text.data + text.len; from < end;) {
    const char *stop = memchr(from, separator, (size_t)(end - from));
    if (!stop) stop = end;
    rp_str name = trimmed(from, stop);
    if (name.len && !rp_vec_push(out, name)) return rp_fail_memory(error);
    from = stop + 1;
  }
  return RP_OK;
}

static rp_status add_copy(const char *text, size_t len, char separator, rp_arena *arena, rp_list *out,
                          rp_error *error) {
  char *copy = rp_arena_memdup(arena, text, len);
  return copy ? add_names((rp_str){copy, len}, separator, out, error) : rp_fail_memory(error);
}

rp_status rp_list_parse(const char *value, rp_arena *arena, rp_list *out, rp_error *error) {
  if (*value != '@') return add_copy(value, strlen(value), ',', arena, out, error);
  rp_buf content;
  rp_buf_init(&content);
  rp_status status = rp_file_read(value + 1, &content, error);
  if (status == RP_OK) status = add_copy(content.data, content.len, '\n', arena, out, error);
  rp_buf_release(&content);
  return status;
}
