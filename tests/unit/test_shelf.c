/* What one query reads is kept until the shelf is full. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/shelf.h"
#include "test.h"

enum { ARTICLES = 6, WORDS = 50000 };

struct fixture {
  char dir[64];
  rp_index *index;
  rp_snapshot *snapshot;
};

static void add_article(rp_writer *writer, unsigned number) {
  rp_buf text;
  rp_buf_init(&text);
  char id[16], word[32];
  snprintf(id, sizeof id, "id%u", number);
  for (unsigned i = 0; i < WORDS; i++) {
    snprintf(word, sizeof word, "w%ux%u ", number, i);
    rp_buf_add_cstr(&text, word);
  }
  rp_article article = {.size = sizeof article, .id = TEST_STR(id), .text = {text.data, text.len}};
  assert_int_equal(rp_writer_add(writer, &article, NULL), RP_OK);
  rp_buf_release(&text);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  strcpy(f->dir, "/tmp/reprint-shelf-XXXXXX");
  assert_non_null(mkdtemp(f->dir));
  char db[80];
  snprintf(db, sizeof db, "%s/db", f->dir);
  rp_open_options options = {.size = sizeof options, .mode = RP_OPEN_CREATE};
  rp_writer *writer = NULL;
  assert_int_equal(rp_index_open(db, &options, &f->index, NULL), RP_OK);
  assert_int_equal(rp_writer_open(f->index, NULL, &writer, NULL), RP_OK);
  for (unsigned i = 0; i < ARTICLES; i++) add_article(writer, i);
  assert_int_equal(rp_writer_commit(writer, NULL), RP_OK);
  rp_writer_close(writer);
  assert_int_equal(rp_snapshot_begin(f->index->store, &f->snapshot, NULL), RP_OK);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  rp_snapshot_end(f->snapshot);
  rp_index_close(f->index);
  char command[128];
  snprintf(command, sizeof command, "rm -rf '%s'", f->dir);
  int failed = system(command);
  free(f);
  return failed;
}

static rp_shelf_entry *take(rp_shelf *shelf, uint32_t number, rp_arena *arena) {
  rp_shelf_entry *entry = NULL;
  char id[16];
  snprintf(id, sizeof id, "id%u", (unsigned)number);
  assert_int_equal(rp_shelf_read(shelf, number, arena, &entry, NULL), RP_OK);
  assert_int_equal(rp_shelf_analyse(entry, NULL), RP_OK);
  assert_true(rp_str_equal(entry->document.article.id, TEST_STR(id)));
  assert_int_equal(entry->analysis.words.n, WORDS);
  assert_ptr_equal(entry->analysis.article, &entry->document.article);
  return entry;
}

static void a_document_is_read_once_until_the_shelf_is_full(void **state) {
  struct fixture *f = *state;
  rp_arena own, other;
  rp_arena_init(&own);
  rp_arena_init(&other);
  rp_shelf shelf = {.snapshot = f->snapshot, .arena = &own};
  rp_shelf_entry *first[ARTICLES];
  size_t n_kept = 0;
  for (uint32_t i = 0; i < ARTICLES; i++) {
    rp_arena_mark mark = rp_arena_get(&other);
    first[i] = take(&shelf, i, &other);
    bool is_kept = first[i]->arena == &own;
    assert_true(!is_kept || i == n_kept); /* the first ones */
    n_kept += is_kept;
    rp_arena_rewind(&other, mark);
  }
  assert_true(n_kept >= 2 && n_kept < ARTICLES);
  for (uint32_t i = 0; i < n_kept; i++) assert_ptr_equal(take(&shelf, i, &other), first[i]);
  rp_shelf_release(&shelf);
  rp_arena_release(&own);
  rp_arena_release(&other);
}

static void memory_may_be_short(void **state) {
  struct fixture *f = *state;
  for (long n = 1;; n++) {
    rp_arena own;
    rp_arena_init(&own);
    rp_shelf shelf = {.snapshot = f->snapshot, .arena = &own};
    rp_shelf_entry *entry = NULL;
    rp_mem_fail_after(n);
    rp_status status = rp_shelf_read(&shelf, 0, &own, &entry, NULL);
    if (status == RP_OK) status = rp_shelf_analyse(entry, NULL);
    rp_mem_fail_after(0);
    rp_shelf_release(&shelf);
    rp_arena_release(&own);
    if (status == RP_OK) break;
    assert_int_equal(status, RP_ERR_MEMORY);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_document_is_read_once_until_the_shelf_is_full),
      cmocka_unit_test(memory_may_be_short),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
