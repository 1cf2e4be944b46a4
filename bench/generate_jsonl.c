#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/json_write.h"
#include "generate.h"

enum { OUTLETS = 400, GROUP_MIN = 2, GROUP_SPAN = 19, DAYS = 365 };

typedef struct output {
  FILE *file;
  rp_buf line;
  size_t n; /* articles written */
} output;

/* A small sequence of its own, so that texts do not depend on metadata. */
static uint32_t draw(uint64_t *state, uint32_t n) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((*state >> 32) * n >> 32);
}

static void add_date(rp_json *json, int64_t seconds) {
  time_t at = (time_t)seconds;
  struct tm tm;
  char text[32];
  if (gmtime_r(&at, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0) {
    rp_json_key(json, "published");
    rp_json_cstr(json, text);
  }
}

static rp_status write_article(output *out, rp_str text, rp_str title, uint32_t outlet, int64_t seconds,
                               rp_error *error) {
  char name[64];
  rp_json json;
  rp_buf_clear(&out->line);
  rp_json_init(&json, &out->line);
  rp_json_begin_object(&json);
  snprintf(name, sizeof name, "g%zu", out->n);
  rp_json_key(&json, "id");
  rp_json_cstr(&json, name);
  snprintf(name, sizeof name, "https://outlet%u.example/story/%zu", (unsigned)outlet, out->n);
  rp_json_key(&json, "url");
  rp_json_cstr(&json, name);
  snprintf(name, sizeof name, "Outlet %u", (unsigned)outlet);
  rp_json_key(&json, "publisher");
  rp_json_cstr(&json, name);
  add_date(&json, seconds);
  rp_json_key(&json, "title");
  rp_json_str(&json, title);
  rp_json_key(&json, "text");
  rp_json_str(&json, text);
  rp_json_end_object(&json);
  rp_buf_add_byte(&out->line, '\n');
  if (out->line.failed) return rp_fail_memory(error);
  if (fwrite(out->line.data, 1, out->line.len, out->file) != out->line.len)
    return rp_fail_errno(error, errno, "cannot write the articles");
  out->n++;
  return RP_OK;
}

/* A story and, in `copy_share` of all articles, its copies at other outlets in
 * the two days that follow. */
static rp_status write_group(output *out, generator *g, size_t size, uint64_t *state, rp_error *error) {
  rp_buf text, title, copy;
  rp_buf_init(&text);
  rp_buf_init(&title);
  rp_buf_init(&copy);
  rp_status status = RP_OK;
  generate_article(g, &text, &title);
  int64_t seconds = INT64_C(1704067200) + (int64_t)draw(state, DAYS * 86400);
  for (size_t i = 0; status == RP_OK && i < size; i++) {
    rp_str original = {text.data, text.len};
    rp_buf_clear(&copy);
    if (i > 0) {
      generate_copy(g, original, &copy);
      seconds += (int64_t)draw(state, 2 * 86400 / GROUP_SPAN);
    }
    if (text.failed || title.failed || copy.failed)
      status = rp_fail_memory(error);
    else
      status = write_article(out, i ? (rp_str){copy.data, copy.len} : original, (rp_str){title.data, title.len},
                             draw(state, OUTLETS), seconds, error);
  }
  rp_buf_release(&text);
  rp_buf_release(&title);
  rp_buf_release(&copy);
  return status;
}

rp_status generate_jsonl(const generate_options *options, FILE *file, rp_error *error) {
  generator *g = generator_new(options->seed);
  if (!g) return rp_fail_memory(error);
  output out = {.file = file};
  rp_buf_init(&out.line);
  rp_status status = RP_OK;
  uint64_t state = options->seed;
  size_t in_groups = 0;
  while (status == RP_OK && out.n < options->n_article) {
    size_t left = options->n_article - out.n, size = 1;
    if (left >= GROUP_MIN && (double)in_groups < options->copy_share * (double)(out.n + 1)) {
      size = GROUP_MIN + draw(&state, GROUP_SPAN);
      if (size > left) size = left;
      in_groups += size;
    }
    status = write_group(&out, g, size, &state, error);
  }
  if (status == RP_OK && fflush(file) != 0) status = rp_fail_errno(error, errno, "cannot write the articles");
  rp_buf_release(&out.line);
  generator_free(g);
  return status;
}
