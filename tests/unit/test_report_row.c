/* The writer of records: what a reader of CSV, TSV and JSON gets back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/row.c"

static rp_str cstr(const char *text) { return (rp_str){text, strlen(text)}; }

static void add_record(rp_row *row) {
  rp_row_begin(row, "thing");
  rp_row_str(row, "name", cstr("a,b"));
  rp_row_open(row, "of");
  rp_row_str(row, "who", cstr("=x"));
  rp_row_int(row, "n", -7);
  rp_row_close(row);
  rp_row_list_begin(row, "list", cstr("2"));
  for (uint32_t i = 0; i < 2; i++) {
    rp_row_item_begin(row);
    rp_row_range(row, "at", i, i + 1);
    rp_row_bool(row, "exact", i == 0);
    rp_row_item_end(row);
  }
  rp_row_list_end(row);
  rp_row_double(row, "share", 0.25, 4);
  rp_row_null(row, "cluster");
  rp_row_str(row, "unknown", (rp_str){NULL, 0});
  rp_row_end(row);
}

static void expect(rp_format format, bool is_head, const char *want) {
  rp_buf out;
  rp_row row;
  rp_buf_init(&out);
  rp_row_init(&row, &out, format);
  row.is_head = is_head;
  add_record(&row);
  assert_string_equal(out.data, want);
  rp_buf_release(&out);
}

static void test_formats(void **state) {
  (void)state;
  expect(
      RP_FORMAT_JSONL, false,
      "{\"type\":\"thing\",\"name\":\"a,b\",\"of\":{\"who\":\"=x\",\"n\":-7},\"list\":[{\"at\":[0,1],\"exact\":true},"
      "{\"at\":[1,2],\"exact\":false}],\"share\":0.25,\"cluster\":null,\"unknown\":null}\n");
  expect(RP_FORMAT_CSV, true, "type,name,of_who,of_n,list,share,cluster,unknown\n");
  expect(RP_FORMAT_CSV, false, "thing,\"a,b\",'=x,-7,2,0.25,,\n");
  expect(RP_FORMAT_TSV, false, "thing\ta,b\t'=x\t-7\t2\t0.25\t\t\n");
}

/* A reader of RFC 4180, written from its grammar: the cells of one line. */
static size_t read_csv(const char *p, char cell[][64], size_t most) {
  size_t n = 0;
  for (;;) {
    size_t len = 0;
    if (*p == '"') {
      for (p++; p[0] != '"' || p[1] == '"'; p++) {
        assert_true(*p != '\0');
        if (*p == '"') p++;
        cell[n][len++] = *p;
      }
      p++;
    } else {
      while (*p != ',' && *p != '\n') cell[n][len++] = *p++;
    }
    cell[n++][len] = '\0';
    assert_true(n <= most);
    if (*p == '\n') return n;
    assert_int_equal(*p++, ',');
  }
}

static size_t read_tsv(const char *p, char cell[][64], size_t most) {
  size_t n = 0, len = 0;
  for (;; p++) {
    if (*p == '\t' || *p == '\n') {
      cell[n++][len] = '\0';
      len = 0;
      assert_true(n <= most);
      if (*p == '\n') return n;
    } else if (*p == '\\') {
      p++;
      cell[n][len++] = *p == 't' ? '\t' : *p == 'n' ? '\n' : *p == 'r' ? '\r' : '\\';
    } else {
      cell[n][len++] = *p;
    }
  }
}

static void test_cells_come_back(void **state) {
  (void)state;
  static const char alphabet[] = "ab,\"\n\t\r\\=+-@' ";
  uint32_t random = 11;
  rp_buf out;
  rp_buf_init(&out);
  for (int round = 0; round < 20000; round++) {
    char value[2][16], cell[4][64];
    rp_row row;
    rp_format format = round % 2 ? RP_FORMAT_CSV : RP_FORMAT_TSV;
    rp_buf_clear(&out);
    rp_row_init(&row, &out, format);
    rp_row_begin(&row, "t");
    for (int k = 0; k < 2; k++) {
      random = random * 1664525u + 1013904223u;
      size_t len = 1 + (random >> 8) % 9;
      for (size_t i = 0; i < len; i++) {
        random = random * 1664525u + 1013904223u;
        value[k][i] = alphabet[(random >> 8) % (sizeof alphabet - 1)];
      }
      value[k][len] = '\0';
      rp_row_str(&row, "v", cstr(value[k]));
    }
    rp_row_end(&row);
    size_t n = format == RP_FORMAT_CSV ? read_csv(out.data, cell, 4) : read_tsv(out.data, cell, 4);
    assert_int_equal(n, 3);
    for (int k = 0; k < 2; k++) {
      const char *got = cell[k + 1];
      if (strchr("=+-@\t\r", value[k][0])) {
        assert_int_equal(got[0], '\'');
        got++;
      }
      assert_string_equal(got, value[k]);
    }
  }
  rp_buf_release(&out);
}

static void test_controls(void **state) {
  (void)state;
  rp_buf out;
  rp_row row;
  rp_buf_init(&out);
  rp_row_init(&row, &out, RP_FORMAT_CSV);
  rp_row_begin(&row, "t");
  rp_row_str(&row, "v", (rp_str){"a\x1b[2J\0b", 7});
  rp_row_end(&row);
  assert_string_equal(out.data,
                      "t,a\xEF\xBF\xBD[2J\xEF\xBF\xBD"
                      "b\n");
  rp_buf_release(&out);
}

static void test_memory_runs_out(void **state) {
  (void)state;
  bool is_done = false;
  for (long after = 1; !is_done; after++) {
    rp_buf out;
    rp_row row;
    rp_buf_init(&out);
    rp_mem_fail_after(after);
    rp_row_init(&row, &out, RP_FORMAT_CSV);
    add_record(&row);
    rp_mem_fail_after(0);
    is_done = !out.failed;
    if (is_done) assert_string_equal(out.data, "thing,\"a,b\",'=x,-7,2,0.25,,\n");
    rp_buf_release(&out);
    assert_true(after < 100);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_formats),
      cmocka_unit_test(test_cells_come_back),
      cmocka_unit_test(test_controls),
      cmocka_unit_test(test_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
