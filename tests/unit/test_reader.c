/* The whole reader: folders, archives, order, threads, bounds, short memory,
 * and inputs that nobody meant to write. */
#include "ingest_help.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include "ingest/batch.h"

static void test_folder(void **state) {
  (void)state;
  assert_int_equal(mkdir("in", 0700), 0);
  assert_int_equal(mkdir("in/b", 0700), 0);
  assert_int_equal(mkdir("in/.git", 0700), 0);
  help_write_text("in/.git/x.txt", "never");
  help_write_text("in/b/1.txt", "One.");
  help_write_text("in/b/0.jsonl", "{\"id\":1,\"text\":\"t\"}\n");
  help_write_text("in/b.txt", "B.");
  help_write_text("in/B.txt", "Upper.");
  help_write_text("in/page", "<!doctype html><p>A page without an extension.");
  help_write_text("in/x.c", "int main(void) { return 0; }\n");
  help_write("in/x.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0", 29);
  help_write_text("in/feed.xml", "<?xml version='1.0'?><rss/>");
  assert_int_equal(symlink("../in", "in/z"), 0);
  const char *path[] = {"./in//", "missing.txt", "in/x.c"};
  rp_buf out;
  rp_buf_init(&out);
  rp_reader_counts n;
  rp_reader_options o = help_options(path, 3, &out);
  assert_int_equal(help_run(&o, &out, &n), RP_OK);
  assert_string_equal(out.data,
                      "ignored in/.git:0: its name begins with a dot\n"
                      "in/B.txt|||||in/B.txt:0|Upper.\n"
                      "1|||||in/b/0.jsonl:1|t\n"
                      "in/b/1.txt|||||in/b/1.txt:0|One.\n"
                      "in/b.txt|||||in/b.txt:0|B.\n"
                      "ignored in/feed.xml:0: XML of a kind that is not read\n"
                      "in/page|||||in/page:0|A page without an extension.\n"
                      "ignored in/x.c:0: of no known type\n"
                      "ignored in/x.png:0: not text\n"
                      "ignored in/z:0: a link back to a folder above it\n"
                      "failed missing.txt:0: cannot be opened: No such file or directory\n"
                      "in/x.c|||||in/x.c:0|int main(void) { return 0; }\n\n");
  assert_int_equal(n.n_article, 6);
  assert_int_equal(n.n_record, 6);
  assert_int_equal(n.n_failed, 1);
  assert_int_equal(n.n_ignored, 5);
  assert_int_equal(n.n_file, 9);
  rp_buf_release(&out);
}

/* ---- archives ----------------------------------------------------------------- */

typedef struct member {
  const char *name;
  const void *data;
  size_t len;
} member;

static void pack(const char *path, int format, int filter, const member *m, size_t n) {
  struct archive *a = archive_write_new();
  assert_int_equal(archive_write_set_format(a, format), ARCHIVE_OK);
  assert_true(archive_write_add_filter(a, filter) >= ARCHIVE_WARN);
  assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
  for (size_t i = 0; i < n; i++) {
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, m[i].name);
    archive_entry_set_size(e, (la_int64_t)m[i].len);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0600);
    assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
    assert_int_equal(archive_write_data(a, m[i].data, m[i].len), (la_ssize_t)m[i].len);
    archive_entry_free(e);
  }
  assert_int_equal(archive_write_free(a), ARCHIVE_OK);
}

static char *slurp(const char *path, size_t *len) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  char *data = test_malloc(1 << 22);
  *len = fread(data, 1, 1 << 22, f);
  fclose(f);
  return data;
}

static void test_archives(void **state) {
  (void)state;
  static const char line[] = "{\"id\":1,\"text\":\"t\"}\n";
  const member one = {"x", line, sizeof line - 1};
  static const struct {
    const char *path;
    int filter;
  } packed[] = {{"a.gz", ARCHIVE_FILTER_GZIP},
                {"a.zst", ARCHIVE_FILTER_ZSTD},
                {"a.xz", ARCHIVE_FILTER_XZ},
                {"a.bz2", ARCHIVE_FILTER_BZIP2}};
  for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
    char want[64];
    pack(packed[i].path, ARCHIVE_FORMAT_RAW, packed[i].filter, &one, 1);
    snprintf(want, sizeof want, "1|||||%s:1|t\n", packed[i].path);
    help_expect(packed[i].path, want);
  }
  size_t len;
  char *gz = slurp("a.gz", &len);
  const member many[] = {{"./d/one.txt", "One.", 4}, {"two.jsonl.gz", gz, len}, {"x.bin", "\1\2\3\4", 4}, one};
  pack("m.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, many, 4);
  pack("m.tar.gz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, many, 4);
  pack("m.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, many, 4);
  static const char *const all[] = {"m.tar", "m.tar.gz", "m.zip"};
  for (size_t i = 0; i < 3; i++) {
    char want[512];
    const char *p = all[i];
    snprintf(want, sizeof want,
             "%s!d/one.txt|||||%s!d/one.txt:0|One.\n1|||||%s!two.jsonl.gz:1|t\n"
             "ignored %s!x.bin:0: not text\n1|||||%s!x:1|t\n",
             p, p, p, p, p);
    help_expect(all[i], want);
  }
  /* cut off: the whole lines before it count */
  help_write("cut.gz", gz, len - 6);
  char *got = help_read("cut.gz");
  assert_non_null(strstr(got, "failed cut.gz:0: cannot be unpacked: "));
  rp_free(got);
  test_free(gz);
}

static void test_nesting(void **state) {
  (void)state;
  char path[16] = "a.txt";
  size_t len = 14;
  char *data = test_malloc(1 << 22);
  memcpy(data, "At the bottom.", len);
  for (int i = 1; i <= 5; i++) {
    member m = {path, data, len};
    char next[16];
    snprintf(next, sizeof next, "%d.tar", i);
    pack(next, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, &m, 1);
    test_free(data);
    data = slurp(next, &len);
    memcpy(path, next, sizeof path);
  }
  test_free(data);
  help_expect("4.tar", "4.tar!3.tar!2.tar!1.tar!a.txt|||||4.tar!3.tar!2.tar!1.tar!a.txt:0|At the bottom.\n");
  help_expect("5.tar", "failed 5.tar!4.tar!3.tar!2.tar!1.tar:0: archives nested deeper than 4\n");
}

/* 400 MiB of spaces in a few hundred KiB. */
static void test_bomb(void **state) {
  (void)state;
  const size_t len = (size_t)1 << 20;
  char *spaces = test_malloc(len);
  memset(spaces, ' ', len);
  struct archive *a = archive_write_new();
  archive_write_set_format_raw(a);
  archive_write_add_filter_gzip(a);
  assert_int_equal(archive_write_open_filename(a, "bomb.gz"), ARCHIVE_OK);
  struct archive_entry *e = archive_entry_new();
  archive_entry_set_filetype(e, AE_IFREG);
  archive_write_header(a, e);
  static const char line[] = "{\"id\":1,\"text\":\"t\"}\n";
  archive_write_data(a, line, sizeof line - 1);
  for (int i = 0; i < 400; i++) archive_write_data(a, spaces, len);
  archive_entry_free(e);
  archive_write_free(a);
  test_free(spaces);
  help_expect("bomb.gz", "1|||||bomb.gz:1|t\nfailed bomb.gz:0: expands to more than 200 times its size\n");
}

/* ---- bounds ---------------------------------------------------------------------- */

static void test_long_lines(void **state) {
  (void)state;
  const size_t mib = 1 << 20;
  FILE *f = fopen("long.jsonl", "wb");
  assert_non_null(f);
  char *piece = test_malloc(mib);
  memset(piece, 'x', mib);
  fputs("{\"id\":1,\"text\":\"t\"}\n{\"id\":2,\"text\":\"", f);
  for (int i = 0; i < 65; i++) fwrite(piece, 1, mib, f);
  fputs("\"}\n{\"id\":3,\"text\":\"", f);
  for (int i = 0; i < 9; i++) fwrite(piece, 1, mib, f);
  fputs("\"}\n{\"id\":4,\"text\":\"t\"}", f);
  fclose(f);
  help_expect("long.jsonl",
              "1|||||long.jsonl:1|t\nskipped long.jsonl:2: a line longer than 67108864 bytes\n"
              "skipped long.jsonl:3: text too long: 9437184 bytes, the limit is 8388608\n4|||||long.jsonl:4|t\n");
  f = fopen("long.json", "wb");
  assert_non_null(f);
  fputs("[{\"id\":1,\"text\":\"t\"},{\"id\":2,\"text\":\"", f);
  for (int i = 0; i < 65; i++) fwrite(piece, 1, mib, f);
  fputs("\"},{\"id\":3,\"text\":\"t\"}]", f);
  fclose(f);
  help_expect("long.json",
              "1|||||long.json:1|t\nskipped long.json:2: a record longer than 67108864 bytes\n"
              "3|||||long.json:3|t\n");
  test_free(piece);
  /* five million values in one record */
  f = fopen("many.jsonl", "wb");
  assert_non_null(f);
  fputs("{\"text\":\"t\",\"x\":[", f);
  for (int i = 0; i < 5000000; i++) fputs("0,", f);
  fputs("0]}\n", f);
  fclose(f);
  help_expect("many.jsonl", "skipped many.jsonl:1: more than 1048576 values in one record\n");
}

/* A pipe that stays open: what is complete comes at once. */
static void test_pipe(void **state) {
  (void)state;
  int end[2], saved = dup(0);
  assert_int_equal(pipe(end), 0);
  assert_true(dup2(end[0], 0) == 0);
  char line[1200];
  memset(line, ' ', sizeof line);
  static const char record[] = "{\"id\":1,\"text\":\"t\"}";
  memcpy(line, record, sizeof record - 1);
  line[sizeof line - 1] = '\n';
  assert_int_equal(write(end[1], line, sizeof line), (ssize_t)sizeof line);
  const char *path = "-";
  rp_buf out;
  rp_buf_init(&out);
  rp_reader_options o = help_options(&path, 1, &out);
  rp_reader *reader;
  const rp_article *a;
  assert_int_equal(rp_reader_open(&o, &reader, NULL), RP_OK);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_non_null(a);
  assert_int_equal(a->line, 1);
  assert_int_equal(write(end[1], "{\"text\":\"u\"}\n", 13), 13);
  close(end[1]);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_non_null(a);
  assert_true(a->id_is_hash);
  assert_int_equal(rp_reader_next(reader, &a, NULL), RP_OK);
  assert_null(a);
  rp_reader_close(reader);
  rp_buf_release(&out);
  dup2(saved, 0);
  close(saved);
  close(end[0]);
}

/* ---- laws --------------------------------------------------------------------------- */

/* A mixture of everything, a few batches long. */
static void write_mixture(void) {
  assert_int_equal(mkdir("mix", 0700), 0);
  FILE *f = fopen("mix/a.jsonl", "wb");
  FILE *g = fopen("mix/b.json", "wb");
  assert_non_null(f);
  assert_non_null(g);
  uint64_t x = 7;
  fputc('[', g);
  for (int i = 0; i < 20000; i++) {
    fprintf(f, "{\"id\":%d,\"date\":\"%s\",\"text\":\"", i, help_random(&x) % 9 ? "2020-10-05" : "soon");
    fprintf(g, "%s{\"id\":%d,\"text\":\"", i ? ",\n" : "", i);
    for (uint64_t k = help_random(&x) % 200; k > 0; k--) fprintf(i % 2 ? f : g, "w%llu ", (unsigned long long)k);
    fputs(help_random(&x) % 11 ? "\"}\n" : "\"\n", f);
    fputs("\"}", g);
  }
  fputc(']', g);
  fclose(f);
  fclose(g);
  for (int i = 0; i < 300; i++) {
    char path[32], text[160];
    snprintf(path, sizeof path, "mix/c%03d", i);
    snprintf(text, sizeof text,
             i % 3 ? "Story %d\nSome words of it.\n" : "<html><p>A page, number %d of them, with words.", i);
    help_write_text(path, text);
  }
}

static void test_threads(void **state) {
  (void)state;
  write_mixture();
  const char *path = "mix";
  rp_buf want, got;
  rp_buf_init(&want);
  rp_reader_options o = help_options(&path, 1, &want);
  o.n_thread = 1;
  rp_reader_counts n;
  assert_int_equal(help_run(&o, &want, &n), RP_OK);
  assert_int_equal(n.n_record, 40300);
  assert_int_equal(n.n_record, n.n_article + n.n_skipped);
  for (unsigned threads = 2; threads <= 9; threads += 7) {
    rp_buf_init(&got);
    o.n_thread = threads;
    o.user = &got;
    assert_int_equal(help_run(&o, &got, NULL), RP_OK);
    assert_int_equal(got.len, want.len);
    assert_memory_equal(got.data, want.data, want.len);
    rp_buf_release(&got);
  }
  rp_buf_release(&want);
}

/* A file that is one record is that file's article, wherever batches end. */
static void test_batches(void **state) {
  (void)state;
  help_write_text("one.json", "{\n\"text\":\"alone\"\n}\n");
  char pair[800];
  snprintf(pair, sizeof pair, "{\"text\":\"a\",\"id\":1}\n%600s\n", "{\"text\":\"b\",\"id\":2}");
  help_write_text("lines.jsonl", pair);
  const char *path[] = {"lines.jsonl", "one.json", "lines.jsonl"};
  rp_settings settings = {.limits = {.article = 1 << 20, .line = 1 << 20, .nesting = 4, .expansion = 200}};
  for (size_t target = 1; target < 1400; target++) {
    rp_source *source;
    rp_batcher *batcher;
    rp_batch *batch;
    assert_int_equal(rp_source_new(path, 3, &settings.limits, &source, NULL), RP_OK);
    rp_batcher_options o = {.source = source, .settings = &settings, .target = target};
    assert_int_equal(rp_batcher_new(&o, &batcher, NULL), RP_OK);
    size_t n_line = 0, n_record = 0, n_file = 0;
    do {
      assert_int_equal(rp_batcher_next(batcher, &batch, NULL), RP_OK);
      n_file += batch->n_file;
      for (size_t i = 0; i < batch->units.n; i++) {
        const rp_unit *u = &batch->units.data[i];
        for (size_t k = u->start; u->kind == RP_UNIT_LINES && k < u->end; k++) n_line += batch->data.data[k] == '\n';
        if (u->kind == RP_UNIT_RECORDS) {
          const rp_range *r = &batch->records.data[u->start];
          assert_true(u->is_file);
          assert_int_equal(r->end - r->start, 18);
          assert_memory_equal(batch->data.data + r->start, "{\n\"text\":\"alone\"\n}", 18);
          n_record += u->end - u->start;
        }
      }
    } while (batch->units.n);
    assert_int_equal(n_line, 4);
    assert_int_equal(n_record, 1);
    assert_int_equal(n_file, 3);
    rp_batcher_free(batcher);
    rp_source_free(source);
  }
}

/* Short memory at every allocation: the failure is told, nothing leaks. */
static void test_memory(void **state) {
  (void)state;
  assert_int_equal(mkdir("oom", 0700), 0);
  help_write_text("oom/a.jsonl",
                  "{\"id\":1,\"url\":\"http://a.example/"
                  "\",\"publisher\":\"P\",\"text\":\"caf\xe9\",\"authors\":[\"A\",\"B\"]}\n{\n");
  help_write_text("oom/b.json", "{\"text\":\"t\",\"title\":\"T\"}");
  help_write_text("oom/c.html",
                  "<meta property=og:url content=http://b.example><h1>T</h1><p>Words of a story, and <q>more</q>.");
  help_write_text("oom/d.txt", "Title\n\nText\xff\n");
  const member m = {"e.txt", "Words.", 6};
  pack("oom/e.tar.gz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, &m, 1);
  const char *path = "oom";
  rp_buf out;
  rp_status status = RP_ERR_MEMORY;
  long n = 0;
  while (status != RP_OK) {
    rp_buf_init(&out);
    rp_reader_options o = help_options(&path, 1, &out);
    o.n_thread = 1;
    o.keep_left_out = true;
    o.id_prefix = "p:";
    rp_mem_fail_after(++n);
    status = help_run(&o, &out, NULL);
    rp_mem_fail_after(0);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
    /* the string of the test itself may be what was short of memory */
    if (status == RP_OK && out.failed) status = RP_ERR_MEMORY;
    rp_buf_release(&out);
    assert_true(n < 5000);
  }
  assert_true(n > 30);
}

static const char *const seeds[] = {
    "{\"id\":1,\"url\":\"http://a.example/\",\"text\":\"It \\u00e9 "
    "rained.\",\"date\":\"2020-10-05\",\"authors\":[\"A\"]}\n{\"text\":\"b\"}\n",
    "[{\"text\":\"one\"},\n{\"text\":\"two [+12 chars]\",\"bodies\":[{\"value\":\"v\"}]}]",
    "<!doctype html><html><head><meta charset=utf-8><meta property=og:url content='http://a.example/x'><title>T</title>"
    "<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"H\"}</script></head><body><nav><a "
    "href=x>n</a>"
    "</nav><article><h1>T</h1><p>It rained &amp; rained, <q>said</q> "
    "one.<ul><li>a<li>b</ul><table><tr><td>c</table></article>",
    "Title: Rain\nDate: 2020-10-05\n\nIt rained.\nAll day \xe2\x80\x9clong\xe2\x80\x9d.\n",
    "\xff\xfeR\0a\0i\0n\0.\0",
};

static void mutate(char *text, size_t *len, size_t cap, uint64_t *x) {
  static const char *const tokens[] = {"<",    ">",     "\"", "'",  "{",    "}",           "[",  "]",
                                       "\\",   "\\u",   "\n", "&#", "<!--", "</",          "\0", "\xc3",
                                       "\xff", "<div>", "<p", ":",  ",",    "\xef\xbb\xbf"};
  for (uint64_t n = 1 + help_random(x) % 4; n > 0; n--) {
    size_t at = *len ? help_random(x) % *len : 0;
    switch (help_random(x) % 4) {
      case 0:
        if (*len) text[at] = (char)help_random(x);
        break;
      case 1: {
        size_t cut = *len ? help_random(x) % (*len - at) : 0;
        memmove(text + at, text + at + cut, *len - at - cut);
        *len -= cut;
        break;
      }
      case 2: {
        const char *token = tokens[help_random(x) % (sizeof tokens / sizeof *tokens)];
        size_t n_token = strlen(token) ? strlen(token) : 1;
        if (*len + n_token > cap) break;
        memmove(text + at + n_token, text + at, *len - at);
        memcpy(text + at, token, n_token);
        *len += n_token;
        break;
      }
      default: {
        size_t n_copy = *len ? help_random(x) % (*len - at) : 0;
        if (*len + n_copy > cap) break;
        memmove(text + at + n_copy, text + at, *len - at);
        *len += n_copy;
      }
    }
  }
}

/* 20,000 damaged inputs: every article obeys the contract.  They are members of
 * a few archives, to be spared as many files. */
static void test_mutations(void **state) {
  (void)state;
  enum { ROUNDS = 20, EACH = 1000 };
  uint64_t x = 0x9e3779b97f4a7c15u;
  member *m = test_calloc(EACH, sizeof *m);
  char(*data)[2048] = test_calloc(EACH, sizeof *data);
  for (int round = 0; round < ROUNDS; round++) {
    for (size_t i = 0; i < EACH; i++) {
      const size_t seed = i % (sizeof seeds / sizeof *seeds);
      size_t len = seed == 4 ? 12 : strlen(seeds[seed]);
      memcpy(data[i], seeds[seed], len);
      mutate(data[i], &len, sizeof data[i], &x);
      m[i] = (member){"m", data[i], len};
    }
    pack("mutants.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, m, EACH);
    const char *path = "mutants.tar";
    rp_buf out;
    rp_buf_init(&out);
    rp_reader_options o = help_options(&path, 1, &out);
    o.keep_left_out = true;
    o.format = round % 5 == 4 ? RP_INPUT_HTML : RP_INPUT_AUTO;
    rp_reader *reader;
    const rp_article *a;
    assert_int_equal(rp_reader_open(&o, &reader, NULL), RP_OK);
    while (rp_reader_next(reader, &a, NULL) == RP_OK && a) {
      assert_true(a->id.len > 0 && a->text.len > 0);
      uint32_t before = 0;
      for (size_t i = 0; i < a->n_mark; i++) {
        assert_true(a->mark[i].start >= before && a->mark[i].start < a->mark[i].end && a->mark[i].end <= a->text.len);
        before = a->mark[i].end;
      }
    }
    rp_reader_counts n;
    rp_reader_counts_get(reader, &n);
    assert_int_equal(n.n_file, EACH);
    assert_true(n.n_article > EACH / 4);
    rp_reader_close(reader);
    rp_buf_release(&out);
  }
  test_free(m);
  test_free(data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_folder),    cmocka_unit_test(test_archives), cmocka_unit_test(test_nesting),
      cmocka_unit_test(test_bomb),      cmocka_unit_test(test_pipe),     cmocka_unit_test(test_long_lines),
      cmocka_unit_test(test_threads),   cmocka_unit_test(test_batches),  cmocka_unit_test(test_memory),
      cmocka_unit_test(test_mutations),
  };
  return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
