/* Plain text: title lines, heads, encodings, what is no text. */
#include "ingest_help.h"

#include "ingest/charset.h"

/* What a text gives: its title, and its marks as "start-end:reason". */
static void check(const void *bytes, size_t len, const char *title, const char *marks) {
  help_write("a.txt", bytes, len);
  const char *path = "a.txt";
  rp_buf out;
  rp_buf_init(&out);
  rp_reader_options o = help_options(&path, 1, &out);
  rp_reader *reader;
  const rp_article *a;
  assert_int_equal(rp_reader_open(&o, &reader, NULL), RP_OK);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_non_null(a);
  rp_buf_clear(&out);
  rp_buf_add(&out, a->title.data, a->title.len);
  rp_buf_add(&out, "", 1);
  assert_string_equal(out.data, title);
  rp_buf_clear(&out);
  rp_buf_add(&out, "", 0);
  for (size_t i = 0; i < a->n_mark; i++)
    rp_buf_printf(&out, "%u-%u:%d ", a->mark[i].start, a->mark[i].end, (int)a->mark[i].reason);
  assert_string_equal(out.data, marks);
  /* byte for byte */
  if (rp_charset_is_utf8((rp_str){bytes, len})) {
    assert_int_equal(a->text.len, len);
    assert_memory_equal(a->text.data, bytes, len);
  }
  assert_true(a->id_is_path);
  rp_reader_close(reader);
  rp_buf_release(&out);
}

static void text(const char *bytes, const char *title, const char *marks) { check(bytes, strlen(bytes), title, marks); }

static void test_title(void **state) {
  (void)state;
  text("Rain falls\n\nIt rained.\n", "Rain falls", "0-10:1 ");
  text("\n  Rain falls \r\nIt rained.", "Rain falls", "3-13:1 ");
  text("It rained.\nAll day.", "", "");
  text("Did it rain?\nYes.", "", "");
  text("He said \xe2\x80\x9crain\xe2\x80\x9d\nIt rained.", "", "");
  text("Rain (again)\nIt rained.", "", "");
  text("Rain falls", "", "");
  text("Rain falls\n \n", "", "");
  text("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25\nx",
       "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25", "0-65:1 ");
  text("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26\nx", "", "");
  text("\xef\xbb\xbfRain falls\nIt rained.", "Rain falls", "3-13:1 ");
}

static void test_head(void **state) {
  (void)state;
  text("Title: Rain falls\nDate: 2020-10-05\n\nIt rained.\n", "Rain falls", "0-36:2 ");
  text("Date: 2020-10-05\n\nRain falls\nIt rained.\n", "Rain falls", "0-18:2 18-28:1 ");
  /* one line of another key, or no blank line: no head */
  text("Title: Rain falls\nMood: good\n\nIt rained.\n", "Title: Rain falls", "0-17:1 ");
  text("Title: Rain falls\nIt rained.\n", "Title: Rain falls", "0-17:1 ");
  text("Title: Rain falls\n\n", "", "");
  help_write_text("h.txt",
                  "URL: https://paper.example/1\r\nPublisher: Paper\r\nAuthor: A. B.\r\nPublished: 5 October "
                  "2020\r\n\r\nIt rained.\r\n");
  help_expect("h.txt",
              "https://paper.example/1|paper.example||A. B.|1601856000+86399|h.txt:0|URL: https://paper.example/1\r\n"
              "Publisher: Paper\r\nAuthor: A. B.\r\nPublished: 5 October 2020\r\n\r\nIt rained.\r\n\n");
}

static void test_encodings(void **state) {
  (void)state;
  help_write_text("w.txt", "Na\xefve caf\xe9s \x96 said \x93yes\x94.\n");
  help_expect("w.txt",
              "w.txt|||||w.txt:0|Na\xc3\xafve caf\xc3\xa9s \xe2\x80\x93 said \xe2\x80\x9cyes\xe2\x80\x9d.\n\n");
  static const char le[] = "\xff\xfeR\0\xe4\0.\0", be[] = "\xfe\xff\0R\0\xe4\0.";
  help_write("le.txt", le, sizeof le - 1);
  help_write("be.txt", be, sizeof be - 1);
  help_expect("le.txt", "le.txt|||||le.txt:0|R\xc3\xa4.\n");
  help_expect("be.txt", "be.txt|||||be.txt:0|R\xc3\xa4.\n");
  help_write_text("d.txt", "\xc3\xa4\xc3\xb6\xc3\xbc all is well but for one \xff byte.\n");
  help_expect("d.txt",
              "noted d.txt:0: 1 undecodable bytes replaced\nd.txt|||||d.txt:0|\xc3\xa4\xc3\xb6\xc3\xbc all is "
              "well but for one \xef\xbf\xbd byte.\n\n");
}

static void test_no_text(void **state) {
  (void)state;
  help_write_text("e.txt", "");
  help_expect("e.txt", "skipped e.txt:0: empty file\n");
  help_write_text("b.txt", " \n\t\n");
  help_expect("b.txt", "skipped b.txt:0: no text\n");
  char bytes[2000];
  memset(bytes, 'x', sizeof bytes);
  for (size_t i = 0; i < 99; i++) bytes[i * 20] = '\x01';
  help_write("c.txt", bytes, sizeof bytes);
  char *got = help_read("c.txt");
  assert_non_null(strstr(got, "c.txt:0|"));
  rp_free(got);
  for (size_t i = 0; i < 101; i++) bytes[i * 19] = '\x01';
  help_write("c.txt", bytes, sizeof bytes);
  help_expect("c.txt", "skipped c.txt:0: not text\n");
  /* a NUL alone is not enough */
  bytes[0] = '\0';
  memset(bytes + 1, 'x', sizeof bytes - 1);
  help_write("n.txt", bytes, sizeof bytes);
  got = help_read("n.txt");
  assert_null(strstr(got, "not text"));
  rp_free(got);
}

static void test_limit(void **state) {
  (void)state;
  help_write_text("a.txt", "Rain fell on the town.\n");
  const char *path = "a.txt";
  rp_buf out;
  rp_buf_init(&out);
  rp_reader_options o = help_options(&path, 1, &out);
  o.limits.article = 22;
  assert_int_equal(help_run(&o, &out, NULL), RP_OK);
  assert_string_equal(out.data, "skipped a.txt:0: text too long: 23 bytes, the limit is 22\n");
  rp_buf_clear(&out);
  o.limits.article = 11;
  assert_int_equal(help_run(&o, &out, NULL), RP_OK);
  assert_string_equal(out.data, "skipped a.txt:0: a file longer than 22 bytes\n");
  rp_buf_clear(&out);
  o.limits.article = 23;
  assert_int_equal(help_run(&o, &out, NULL), RP_OK);
  assert_string_equal(out.data, "a.txt|||||a.txt:0|Rain fell on the town.\n\n");
  rp_buf_release(&out);
}

/* Well-formed sequences are exactly the encodings of the code points. */
static void test_utf8(void **state) {
  (void)state;
  for (uint32_t c = 0; c < 0x110000; c++) {
    unsigned char b[4];
    size_t n;
    if (c < 0x80) {
      b[0] = (unsigned char)c;
      n = 1;
    } else {
      n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      for (size_t i = n; i > 1; i--) b[i - 1] = (unsigned char)(0x80 | (c >> 6 * (n - i) & 63));
      b[0] = (unsigned char)((0xf00u >> n & 0xff) | c >> 6 * (n - 1));
    }
    bool is_surrogate = c >= 0xd800 && c < 0xe000;
    if (rp_charset_is_utf8((rp_str){(char *)b, n}) == is_surrogate) fail_msg("U+%04X", c);
    if (n > 1 && rp_charset_is_utf8((rp_str){(char *)b, n - 1})) fail_msg("U+%04X cut", c);
  }
  assert_false(rp_charset_is_utf8((rp_str){"\xc0\x80", 2}));
  assert_false(rp_charset_is_utf8((rp_str){"\xe0\x80\x80", 3}));
  assert_false(rp_charset_is_utf8((rp_str){"\xf0\x80\x80\x80", 4}));
  assert_false(rp_charset_is_utf8((rp_str){"\xf4\x90\x80\x80", 4}));
  assert_false(rp_charset_is_utf8((rp_str){"abcdefghijk\x80", 12}));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_title),   cmocka_unit_test(test_head),  cmocka_unit_test(test_encodings),
      cmocka_unit_test(test_no_text), cmocka_unit_test(test_limit), cmocka_unit_test(test_utf8),
  };
  return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
