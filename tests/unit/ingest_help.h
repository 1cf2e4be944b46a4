/* ingest_help.h - tests of the readers: files in a folder of their own, and all
 * that reading them gave as one string that is easy to compare. */
#ifndef RP_TEST_INGEST_HELP_H
#define RP_TEST_INGEST_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "reprint/ingest.h"

static char help_folder[] = "/tmp/reprint-test-XXXXXX";

/* Works in a new folder, so that paths are short and the same everywhere. */
static inline int help_setup(void **state) {
  (void)state;
  return mkdtemp(help_folder) && chdir(help_folder) == 0 ? 0 : -1;
}

static inline int help_teardown(void **state) {
  (void)state;
  char command[64];
  snprintf(command, sizeof command, "rm -rf %s", help_folder);
  return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static inline void help_write(const char *path, const void *data, size_t len) {
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(data, 1, len, f), len);
  assert_int_equal(fclose(f), 0);
}

static inline void help_write_text(const char *path, const char *text) { help_write(path, text, strlen(text)); }

static inline void help_problem(void *user, const rp_problem *p) {
  static const char *const kind[] = {"", "skipped", "failed", "ignored", "noted"};
  rp_buf_printf(user, "%s %.*s:%llu: %s\n", kind[p->kind], (int)p->path.len, p->path.data, (unsigned long long)p->line,
                p->reason);
}

static inline void help_article(rp_buf *out, const rp_article *a) {
  rp_buf_printf(out, "%.*s|%.*s|%.*s|%.*s|", (int)a->id.len, a->id.data, (int)a->publisher_key.len,
                a->publisher_key.data, (int)a->title.len, a->title.data, (int)a->authors.len, a->authors.data);
  if (a->published.earliest <= a->published.latest)
    rp_buf_printf(out, "%lld+%lld", (long long)a->published.earliest,
                  (long long)(a->published.latest - a->published.earliest));
  rp_buf_printf(out, "|%.*s:%llu|", (int)a->path.len, a->path.data, (unsigned long long)a->line);
  rp_buf_add(out, a->text.data, a->text.len);
  rp_buf_add_byte(out, '\n');
}

static inline rp_reader_options help_options(const char *const *path, size_t n_path, rp_buf *out) {
  return (rp_reader_options){.size = sizeof(rp_reader_options),
                             .path = path,
                             .n_path = n_path,
                             .now = 1700000000,
                             .on_problem = help_problem,
                             .user = out};
}

/* Everything that a run gives, articles as help_article prints them. */
static inline rp_status help_run(const rp_reader_options *options, rp_buf *out, rp_reader_counts *counts) {
  rp_error error;
  rp_reader *reader;
  rp_status status = rp_reader_open(options, &reader, &error);
  if (status != RP_OK) return status;
  const rp_article *a = NULL;
  while ((status = rp_reader_next(reader, &a, &error)) == RP_OK && a) help_article(out, a);
  if (counts) rp_reader_counts_get(reader, counts);
  rp_reader_close(reader);
  return status;
}

/* The run over one file; the string is the caller's. */
static inline char *help_read(const char *path) {
  rp_buf out;
  rp_buf_init(&out);
  rp_reader_options o = help_options(&path, 1, &out);
  assert_int_equal(help_run(&o, &out, NULL), RP_OK);
  rp_buf_add(&out, "", 1);
  assert_false(out.failed);
  return out.data;
}

static inline void help_expect(const char *path, const char *want) {
  char *got = help_read(path);
  char *copy = test_malloc(strlen(got) + 1); /* cmocka frees it where the comparison fails */
  strcpy(copy, got);
  rp_free(got);
  assert_string_equal(copy, want);
  test_free(copy);
}

static inline uint64_t help_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

#endif
