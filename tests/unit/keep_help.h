/* keep_help.h - an index of made articles in a folder of its own. */
#ifndef KEEP_HELP_H
#define KEEP_HELP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "reprint/reprint.h"
#include "test.h"

static rp_error error;

#define OK(expr)                                                                                  \
  do {                                                                                            \
    rp_status status_ = (expr);                                                                   \
    if (status_ != RP_OK) fail_msg("%s: %s (%s)", #expr, rp_status_name(status_), error.message); \
  } while (0)

static inline void remove_tree(const char *path) {
  DIR *d = opendir(path);
  if (d) {
    for (struct dirent *e; (e = readdir(d));) {
      if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
      char inner[4096 + 260];
      if ((size_t)snprintf(inner, sizeof inner, "%s/%s", path, e->d_name) < sizeof inner) remove_tree(inner);
    }
    closedir(d);
    rmdir(path);
  } else {
    unlink(path);
  }
}

static inline char *new_folder(void) {
  const char *base = getenv("TMPDIR");
  char *path = malloc(4096);
  assert_non_null(path);
  snprintf(path, 4096, "%s/reprint-test-XXXXXX", base ? base : "/tmp");
  assert_non_null(mkdtemp(path));
  return path;
}

/* An article that only its number, its family and its version decide: the
 * articles of a family share most of their words. */
typedef struct made {
  rp_article article;
  char id[32], url[64], publisher[32];
  rp_buf text;
} made;

static inline void made_free(made *m) {
  rp_buf_release(&m->text);
  free(m);
}

static inline void add_words(rp_buf *out, uint64_t seed, size_t n) {
  static const char *const syllable[] = {"ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "tu", "ve", "zo"};
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 2 + test_below(&seed, 3); k > 0; k--) rp_buf_add_cstr(out, syllable[test_below(&seed, 12)]);
    rp_buf_add_cstr(out, i % 60 == 59 ? ".\n\n" : i % 17 == 16 ? ". " : " ");
  }
}

static inline made *make(unsigned number, unsigned version, int64_t published) {
  made *m = calloc(1, sizeof *m);
  assert_non_null(m);
  snprintf(m->id, sizeof m->id, "story-%u", number);
  snprintf(m->url, sizeof m->url, "https://p%u.example/%u", number % 7, number);
  snprintf(m->publisher, sizeof m->publisher, "p%u.example", number % 7);
  rp_buf_init(&m->text);
  add_words(&m->text, 1000 + number / 4, 120);
  add_words(&m->text, 900000 + (uint64_t)number * 100 + version, 20);
  m->article = (rp_article){.size = sizeof m->article,
                            .id = TEST_STR(m->id),
                            .publisher = TEST_STR(m->publisher),
                            .publisher_key = TEST_STR(m->publisher),
                            .text = {m->text.data, m->text.len},
                            .published = published ? (rp_date){published, published} : RP_DATE_UNKNOWN};
  if (number % 3) m->article.url = TEST_STR(m->url);
  return m;
}

static inline rp_index *open_index(const char *dir, rp_open_mode mode) {
  rp_open_options options = {.size = sizeof options, .mode = mode, .wait = true};
  rp_index *index = NULL;
  OK(rp_index_open(dir, &options, &index, &error));
  return index;
}

static inline rp_writer *open_writer(rp_index *index, int64_t now) {
  rp_writer_options options = {.size = sizeof options, .n_thread = 2, .now = now};
  rp_writer *writer = NULL;
  OK(rp_writer_open(index, &options, &writer, &error));
  return writer;
}

static inline void add(rp_writer *writer, unsigned number, unsigned version, int64_t published) {
  made *m = make(number, version, published);
  OK(rp_writer_add(writer, &m->article, &error));
  made_free(m);
}

static inline rp_index_stat stat_of(rp_index *index) {
  rp_index_stat stat = {.size = sizeof stat};
  OK(rp_index_stat_get(index, &stat, &error));
  return stat;
}

/* ---- checking ---- */

typedef struct told {
  rp_buf lines;
  size_t n;
} told;

static inline void remember(void *user, const rp_finding *f) {
  told *t = user;
  rp_buf_printf(&t->lines, "%s|%s|%lld|%lld|%.*s|%s\n", f->part, f->table, (long long)f->segment,
                (long long)f->document, (int)f->id.len, f->id.len ? f->id.data : "", f->message);
  t->n++;
}

/* The findings as lines, to be freed; `*n` of them. */
static inline char *findings_of(rp_index *index, unsigned n_thread, size_t *n) {
  told t = {0};
  rp_buf_init(&t.lines);
  rp_check_options options = {sizeof options, n_thread, remember, &t};
  rp_check_summary summary = {.size = sizeof summary};
  OK(rp_index_check(index, &options, &summary, &error));
  assert_int_equal(summary.n_finding, t.n);
  assert_int_equal(summary.n_article, stat_of(index).n_article);
  *n = t.n;
  char *text = strdup(t.lines.len ? t.lines.data : "");
  rp_buf_release(&t.lines);
  return text;
}

static inline void expect_sound(rp_index *index) {
  size_t n;
  char *found = findings_of(index, 2, &n);
  if (n) fail_msg("findings:\n%s", found);
  free(found);
}

#endif
