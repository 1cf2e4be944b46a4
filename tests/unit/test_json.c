/* JSON Lines and JSON: fields, identity, and every way a record can be broken. */
#include "ingest_help.h"

#include "base/hash.h"
#include "ingest/split.h"

static void lines(const char *text, const char *want) {
  help_write_text("a.jsonl", text);
  help_expect("a.jsonl", want);
}

static void test_fields(void **state) {
  (void)state;
  lines(
      "{\"id\":\"a1\",\"url\":\"http://www.paper.example/x\",\"publisher\":\"Paper\",\"title\":\" Rain "
      "\",\"text\":\"It "
      "rained.\",\"published\":\"2020-10-05\",\"authors\":[\"A. B.\",\"C. D.\"]}\n",
      "a1|paper.example|Rain|A. B., C. D.|1601856000+86399|a.jsonl:1|It rained.\n");
  lines(
      "{\"doc_id\":42,\"maintext\":\"m\",\"text\":\"t\",\"headline\":\"h\",\"publisher\":{\"name\":\"The  Paper\"}}\r\n"
      "{\"id\":null,\"uid\":\"\",\"uri\":\"None\",\"guid\":\"g\",\"body\":\"b\",\"source\":{\"name\":\"S\"}}\r\n"
      "{\"stories_id\":18446744073709551614,\"bodies\":[{\"role\":\"x\"},{\"value\":\"v\"},{\"value\":\"w\"}],"
      "\"headlines\":[{\"value\":\"H\"}],\"authors\":[{\"name\":\"A\"},{\"name\":\"B\"}]}\r\n"
      "{\"uri\":\"tag:1\",\"content\":[\"one\",\"\",\"two\"],\"source\":\"http://x.example/"
      "feed\",\"domain\":\"www.bbc.co.uk\"}\n"
      "{\"id\":1.50,\"text\":\"t\",\"source\":\"Wire\",\"author\":\"Z\"}",
      "42|the paper|h|||a.jsonl:1|m\n"
      "g|s||||a.jsonl:2|b\n"
      "18446744073709551614||H|A, B||a.jsonl:3|v\n"
      "tag:1|bbc.co.uk||||a.jsonl:4|one\n\ntwo\n"
      "1.50|wire||Z||a.jsonl:5|t\n");
}

static void test_identity(void **state) {
  (void)state;
  lines("{\"url\":\"https://a.example/1\",\"text\":\"t\"}\n", "https://a.example/1|a.example||||a.jsonl:1|t\n");
  static const char all[] = "Pub\0Title\0Text";
  rp_hash128 h = rp_hash128_of(all, sizeof all - 1);
  char want[160];
  snprintf(want, sizeof want, "x:%016llx%016llx|pub|Title|||a.jsonl:1|Text\n", (unsigned long long)h.high,
           (unsigned long long)h.low);
  lines("{\"publisher\":\"Pub\",\"title\":\"Title\",\"text\":\"Text\"}\n", want);
  /* too great for 64 bits: two such ids would become one */
  lines("{\"id\":123456789012345678901234567890,\"url\":\"http://a.example/\",\"text\":\"t\"}\n",
        "http://a.example/|a.example||||a.jsonl:1|t\n");
  /* at an aggregator the stated publisher wins */
  lines(
      "{\"url\":\"https://news.google.com/x\",\"publisher\":\"The Herald\",\"text\":\"t\"}\n"
      "{\"url\":\"https://news.google.com/y\",\"text\":\"t\"}\n"
      "{\"url\":\"https://herald.example/z\",\"publisher\":\"Other\",\"text\":\"t\"}\n",
      "https://news.google.com/x|the herald||||a.jsonl:1|t\n"
      "https://news.google.com/y|google.com||||a.jsonl:2|t\n"
      "https://herald.example/z|herald.example||||a.jsonl:3|t\n");
}

static void test_publisher_key(void **state) {
  (void)state;
  lines(
      "{\"id\":1,\"publisher\":\" La  Tribune, d'\u00c9t\u00e9 \",\"text\":\"t\"}\n"
      "{\"id\":2,\"publisher\":\"https://News.BBC.co.uk/\",\"text\":\"t\"}\n"
      "{\"id\":3,\"publisher\":\"***\",\"text\":\"t\"}\n",
      "1|la tribune d ete||||a.jsonl:1|t\n2|bbc.co.uk||||a.jsonl:2|t\n3|***||||a.jsonl:3|t\n");
}

static void test_options(void **state) {
  (void)state;
  help_write_text(
      "a.jsonl",
      "{\"id\":7,\"text\":\"no\",\"story\":{\"body\":\"yes\"},\"items\":[{\"name\":\"A\"},{\"name\":\"B\"}],"
      "\"date\":\"2020-10-05 14:00\"}\n{\"id\":8,\"url\":\"http://a.example\",\"text\":\"no\"}\n");
  const char *path = "a.jsonl";
  const rp_field field[] = {{"text", "story.body"}, {"authors", "items[].name"}};
  rp_buf out;
  rp_buf_init(&out);
  rp_reader_options o = help_options(&path, 1, &out);
  o.field = field;
  o.n_field = 2;
  o.id_prefix = "feed:";
  o.timezone_minutes = 120;
  assert_int_equal(help_run(&o, &out, NULL), RP_OK);
  assert_string_equal(out.data, "feed:7|||A, B|1601899200+59|a.jsonl:1|yes\nskipped a.jsonl:2: no text\n");
  rp_reader *reader;
  rp_error error;
  const rp_field wrong[] = {
      {"txt", "a"}, {"text", "a..b"}, {"text", ""}, {"text", "a[0]"}, {"text", "a.b.c.d.e.f.g.h.i"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    o.field = &wrong[i];
    o.n_field = 1;
    assert_int_equal(rp_reader_open(&o, &reader, &error), RP_ERR_ARGUMENT);
  }
  rp_buf_release(&out);
}

static void test_broken(void **state) {
  (void)state;
  lines(
      "{\"id\":1,\"text\":\"good\"}\n"
      "{\"id\":2,\"text\":\"cut\n"
      "\n"
      "{\"id\":3,\"text\":bad}\n"
      "[1,2]\n"
      "{\"id\":4}\n"
      "{\"id\":5,\"text\":\"a\"} {\"id\":6}\n"
      "{\"id\":7,\"id\":\"last\",\"text\":\"\\ud800 \\u00e9 \\ud83d\\ude00\"}\n"
      "{\"id\":8,\"text\":NaN,\"body\":\"b\"}\n",
      "1|||||a.jsonl:1|good\n"
      "skipped a.jsonl:2: broken JSON: ends in the middle, at byte 19\n"
      "skipped a.jsonl:4: broken JSON: unexpected character at byte 15\n"
      "skipped a.jsonl:5: not a JSON object\n"
      "skipped a.jsonl:6: no text\n"
      "skipped a.jsonl:7: broken JSON: text behind the record at byte 20\n"
      "last|||||a.jsonl:8|\xef\xbf\xbd \xc3\xa9 \xf0\x9f\x98\x80\n"
      "8|||||a.jsonl:9|b\n");
}

static void test_bytes(void **state) {
  (void)state;
  static const char bom[] = "\xef\xbb\xbf{\"id\":1,\"text\":\"t\"}\n";
  lines(bom, "1|||||a.jsonl:1|t\n");
  static const char nul[] = "{\"id\":1,\"text\":\"a\0b\"}\n{\"id\":2,\"text\":\"a\\u0000b\"}\n";
  help_write("a.jsonl", nul, sizeof nul - 1);
  rp_buf out;
  rp_buf_init(&out);
  const char *path = "a.jsonl";
  rp_reader_options o = help_options(&path, 1, &out);
  assert_int_equal(help_run(&o, &out, NULL), RP_OK);
  static const char want[] = "skipped a.jsonl:1: broken JSON: a NUL at byte 17\n2|||||a.jsonl:2|a\0b\n";
  assert_int_equal(out.len, sizeof want - 1);
  assert_memory_equal(out.data, want, out.len);
  rp_buf_release(&out);
  /* Windows-1252 where nothing is UTF-8, damage where most is */
  lines("{\"id\":1,\"text\":\"caf\xe9 \x93q\x94\"}\n{\"id\":2,\"text\":\"\xc3\xa9\xc3\xa9\xc3\xa9 \xff.\"}\n",
        "1|||||a.jsonl:1|caf\xc3\xa9 \xe2\x80\x9cq\xe2\x80\x9d\n"
        "noted a.jsonl:2: 1 undecodable bytes replaced\n2|||||a.jsonl:2|\xc3\xa9\xc3\xa9\xc3\xa9 \xef\xbf\xbd.\n");
  static const char utf16[] =
      "\xff\xfe{\0\"\0t\0e\0x\0t\0\"\0:\0\"\0\xe9\0\"\0,\0\"\0i\0d\0\"\0:\0"
      "9\0}\0\n\0";
  help_write("u.jsonl", utf16, sizeof utf16 - 1);
  help_expect("u.jsonl", "9|||||u.jsonl:1|\xc3\xa9\n");
}

static void test_dates(void **state) {
  (void)state;
  lines(
      "{\"id\":1,\"text\":\"t\",\"date_download\":\"2020-10-05\"}\n"
      "{\"id\":2,\"text\":\"t\",\"date\":\"2023-11-16\"}\n"
      "{\"id\":3,\"text\":\"t\",\"date\":\"2023-11-15\"}\n"
      "{\"id\":4,\"text\":\"t\",\"date\":\"soon\"}\n"
      "{\"id\":5,\"text\":\"t\",\"date_publish\":1601856000}\n",
      "1|||||a.jsonl:1|t\n"
      "noted a.jsonl:2: date '2023-11-16' lies in the future\n"
      "2|||||a.jsonl:2|t\n"
      "3||||1700006400+86399|a.jsonl:3|t\n"
      "noted a.jsonl:4: 'soon' is no date that can be read\n"
      "4|||||a.jsonl:4|t\n"
      "5||||1601856000+0|a.jsonl:5|t\n");
}

static void test_status_and_tail(void **state) {
  (void)state;
  help_write_text("a.jsonl",
                  "{\"id\":1,\"text\":\"Rain fell... [+1234 chars]\"}\n{\"id\":2,\"text\":\"Rain [+x chars]\"}\n"
                  "{\"id\":3,\"text\":\"t\",\"pubStatus\":\"withheld\"}\n{\"id\":4,\"text\":\"[+1 "
                  "chars]\",\"pubStatus\":\"usable\","
                  "\"infoSources\":[{\"uri\":\"http://wire.example/7\"}]}\n");
  const char *path = "a.jsonl";
  rp_buf out;
  rp_buf_init(&out);
  rp_reader_options o = help_options(&path, 1, &out);
  rp_reader *reader;
  const rp_article *a;
  assert_int_equal(rp_reader_open(&o, &reader, NULL), RP_OK);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_true(a->is_truncated);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_false(a->is_truncated);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_string_equal(out.data, "skipped a.jsonl:3: withheld by its publisher (pubStatus)\n");
  assert_true(a->is_truncated);
  assert_int_equal(a->n_link, 1);
  assert_int_equal(a->link[0].kind, RP_LINK_SOURCE);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_null(a);
  rp_reader_close(reader);
  rp_buf_release(&out);
}

static void test_depth(void **state) {
  (void)state;
  rp_buf text;
  rp_buf_init(&text);
  for (int depth = 64; depth <= 65; depth++) {
    rp_buf_add_cstr(&text, "{\"id\":1,\"text\":\"t\",\"x\":");
    for (int i = 1; i < depth; i++) rp_buf_add_byte(&text, '[');
    rp_buf_add_byte(&text, '1');
    for (int i = 1; i < depth; i++) rp_buf_add_byte(&text, ']');
    rp_buf_add_cstr(&text, "}\n");
  }
  for (int i = 0; i < 1000000; i++) rp_buf_add_cstr(&text, "{\"a\":");
  help_write("a.jsonl", text.data, text.len);
  rp_buf_release(&text);
  help_expect("a.jsonl",
              "1|||||a.jsonl:1|t\n"
              "skipped a.jsonl:2: JSON nested deeper than 64 levels, at byte 87\n"
              "skipped a.jsonl:3: JSON nested deeper than 64 levels, at byte 325\n");
}

static void test_json_files(void **state) {
  (void)state;
  help_write_text(
      "a.json",
      "[{\"text\":\"one\",\"id\":1},\n {\"id\":2,\n  \"text\":\"two ]} \\\" {\"},\n 3, {\"id\":4,\"text\":\"f\"}]\n");
  help_expect(
      "a.json",
      "1|||||a.json:1|one\n2|||||a.json:2|two ]} \" {\nskipped a.json:3: not a JSON object\n4|||||a.json:4|f\n");
  help_write_text("b.json", "{\n  \"text\": \"alone\"\n}\n\n");
  help_expect("b.json", "b.json|||||b.json:0|alone\n");
  help_write_text("c.json", "{\n \"id\":1,\n \"text\": \"a\"\n}{\"id\":2,\"text\":\"b\"}\n{\"id\":3");
  help_expect("c.json",
              "1|||||c.json:1|a\n2|||||c.json:2|b\nskipped c.json:3: broken JSON: ends in the middle, at byte 7\n");
  help_write_text("d.json", "[{\"id\":1,\"text\":\"a\"},\n{\"id\":2,\"text\":\"b\"}");
  help_expect("d.json",
              "1|||||d.json:1|a\n2|||||d.json:2|b\n"
              "noted d.json:0: the list of records has no end: the file may be cut off\n");
  help_write_text("e.json", "[]");
  help_expect("e.json", "");
  /* the first line is broken: still lines */
  help_write_text("f.x", "{\"id\":1,\"text\":\"cut,\n{\"id\":2,\"text\":\"b\"}\n");
  help_expect("f.x", "skipped f.x:1: broken JSON: ends in the middle, at byte 20\n2|||||f.x:2|b\n");
}

/* The splitter, fed in any pieces, finds what it finds in one. */
static void test_split(void **state) {
  (void)state;
  static const char text[] = " [ {\"a\":\"}\\\\\\\"\"}, 12 ,{\"b\":[{},[]]}\n,[1]] ] {} x\"y";
  const size_t len = sizeof text - 1;
  size_t want[32], n_want = 0;
  rp_split whole = {0};
  size_t at = 0;
  for (rp_split_event e; (e = rp_split_next(&whole, text, len, &at)) != RP_SPLIT_MORE;)
    want[n_want++] = at * 4 + (size_t)e;
  assert_int_equal(n_want, 13);
  for (size_t cut = 0; cut <= len; cut++)
    for (size_t cut2 = cut; cut2 <= len; cut2++) {
      rp_split split = {0};
      size_t n = 0, to[3] = {cut, cut2, len};
      at = 0;
      for (size_t part = 0; part < 3; part++)
        for (rp_split_event e; (e = rp_split_next(&split, text, to[part], &at)) != RP_SPLIT_MORE;) {
          assert_true(n < n_want);
          assert_int_equal(at * 4 + (size_t)e, want[n]);
          n++;
        }
      assert_int_equal(n, n_want);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fields),     cmocka_unit_test(test_publisher_key), cmocka_unit_test(test_identity),
      cmocka_unit_test(test_options),    cmocka_unit_test(test_broken),        cmocka_unit_test(test_bytes),
      cmocka_unit_test(test_dates),      cmocka_unit_test(test_depth),         cmocka_unit_test(test_status_and_tail),
      cmocka_unit_test(test_json_files), cmocka_unit_test(test_split),
  };
  return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
