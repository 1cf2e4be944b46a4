/* Lists of names: of a value, and of a file. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/file.c"
#include "cli/list.c"
#include "test.h"

/* The names of `value` in brackets. */
static void expect(const char *value, const char *want) {
  rp_arena arena;
  rp_list list = {0};
  rp_buf got;
  rp_arena_init(&arena);
  rp_buf_init(&got);
  rp_buf_add_cstr(&got, "");
  assert_int_equal(rp_list_parse(value, &arena, &list, NULL), RP_OK);
  for (size_t i = 0; i < list.n; i++) {
    rp_buf_add_byte(&got, '[');
    rp_buf_add(&got, list.data[i].data, list.data[i].len);
    rp_buf_add_byte(&got, ']');
  }
  assert_int_equal(got.len, strlen(want));
  if (got.len) assert_memory_equal(got.data, want, got.len);
  rp_vec_release(&list);
  rp_arena_release(&arena);
  rp_buf_release(&got);
}

static void test_values(void **state) {
  (void)state;
  expect("a", "[a]");
  expect("a,b c, d ,", "[a][b c][d]");
  expect(" , ,\t,", "");
  expect("", "");
  expect("a@b", "[a@b]");
  expect("a\nb", "[a\nb]");
}

static char path[4096];

static const char *file_of(const char *content, size_t len) {
  const char *base = getenv("TMPDIR");
  snprintf(path, sizeof path, "@%s/reprint-list-XXXXXX", base ? base : "/tmp");
  int fd = mkstemp(path + 1);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, content, len), (ssize_t)len);
  close(fd);
  return path;
}

static void test_files(void **state) {
  (void)state;
  expect(file_of("a,b\r\n\n  c\t\nlast", 15), "[a,b][c][last]");
  unlink(path + 1);
  expect(file_of("", 0), "");
  unlink(path + 1);
  expect(file_of("\n\n \r\n", 5), "");
  rp_error error = {0};
  rp_list list = {0};
  rp_arena arena;
  rp_arena_init(&arena);
  unlink(path + 1);
  assert_int_equal(rp_list_parse(path, &arena, &list, &error), RP_ERR_NOT_FOUND);
  assert_non_null(strstr(error.message, path + 1));
  assert_int_equal(list.n, 0);
  /* a NUL is a byte like any other */
  assert_int_equal(rp_list_parse(file_of("x\0y\nz", 5), &arena, &list, NULL), RP_OK);
  unlink(path + 1);
  assert_int_equal(list.n, 2);
  assert_int_equal(list.data[0].len, 3);
  rp_vec_release(&list);
  rp_arena_release(&arena);
}

static void test_memory_runs_out(void **state) {
  (void)state;
  rp_status status = RP_ERR_MEMORY;
  file_of("a\nb\nc", 5);
  for (long after = 1; status != RP_OK; after++) {
    rp_arena arena;
    rp_list list = {0};
    rp_arena_init(&arena);
    rp_mem_fail_after(after);
    status = rp_list_parse(path, &arena, &list, NULL);
    rp_mem_fail_after(0);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
    if (status == RP_OK) assert_int_equal(list.n, 3);
    rp_vec_release(&list);
    rp_arena_release(&arena);
    assert_true(after < 100);
  }
  unlink(path + 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values),
      cmocka_unit_test(test_files),
      cmocka_unit_test(test_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
