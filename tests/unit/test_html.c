/* Pages of HTML: what is the story, what the page says of itself, and pages
 * made to break a reader. */
#include "ingest_help.h"

#include "ingest/dom.h"
#include "ingest/hint.h"

static const char page[] =
    "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Rain | The Paper</title>"
    "<meta property='og:site_name' content='The Paper'><meta property='og:url' "
    "content='https://www.paper.example/rain'>"
    "<link rel=canonical href='https://wire.example/77'>"
    "<meta property='article:published_time' content='2020-10-05T14:03:00Z'>"
    "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"WebSite\"},{\"@type\":[\"NewsArticle\"],"
    "\"author\":[{\"name\":\"A. B.\"},{\"name\":\"C. D.\"}],\"isBasedOn\":\"https://first.example/1\"}]}</script>"
    "<script>var x = '<p>never text</p>';</script><style>p{}</style></head><body>"
    "<header><a href=/>The Paper</a> the page's own head</header><nav><ul><li><a href=/a>World</a><li><a "
    "href=/b>Town</a></ul></nav>"
    "<main><article><h1>Rain falls on the old town</h1><div class=byline>By A. B. and others</div>"
    "<p>It rained all day on the old town, and nobody who was out in it came home with dry shoes, the mayor said.</p>"
    "<figure><img src=x><figcaption>A street in the rain</figcaption></figure>"
    "<p>The river rose by a metre &amp; the bridge was closed; &ldquo;we wait&rdquo;, said a man who sells umbrellas "
    "there."
    "<h2>What comes next</h2>"
    "<p>More rain is on its way, the office for weather told the paper, <q>and it will be cold</q>, though not for "
    "long.</p>"
    "<blockquote><p>This is a letter from a reader that has been set apart from the story as a "
    "quotation.</p></blockquote>"
    "<ul><li>Bring an umbrella when you go out in the town</li><li>Close the windows before you leave the "
    "house</li></ul>"
    "<div class='related-posts'><h3>Related</h3><a href=/c>Snow falls on the new town as well, and it lasts for "
    "days</a></div>"
    "<p style='display:none'>Hidden words that nobody sees on the page at all, whatever they may say to a reader.</p>"
    "</article></main><aside>Buy this paper today</aside>"
    "<div id=comments><p>I was there and it was not that bad, said a reader who wrote a long comment under "
    "it.</p></div>"
    "<footer>Copyright The Paper, all rights reserved, do not copy this text from the page</footer></body></html>";

static const char story[] =
    "Rain falls on the old town\n\n"
    "It rained all day on the old town, and nobody who was out in it came home with dry shoes, the mayor said.\n\n"
    "The river rose by a metre & the bridge was closed; \xe2\x80\x9cwe wait\xe2\x80\x9d, said a man who sells "
    "umbrellas "
    "there.\n\n"
    "What comes next\n\n"
    "More rain is on its way, the office for weather told the paper, and it will be cold, though not for long.\n\n"
    "This is a letter from a reader that has been set apart from the story as a quotation.\n\n"
    "Bring an umbrella when you go out in the town\nClose the windows before you leave the house";

static rp_reader *open_one(const char *const *path, rp_buf *out, const rp_article **a) {
  rp_reader_options o = help_options(path, 1, out);
  o.keep_left_out = true;
  rp_reader *reader;
  assert_int_equal(rp_reader_open(&o, &reader, NULL), RP_OK);
  assert_int_equal(rp_reader_next(reader, a, NULL), RP_OK);
  return reader;
}

static void same(rp_str got, const char *want) {
  if (got.len != strlen(want) || (got.len && memcmp(got.data, want, got.len) != 0))
    fail_msg("'%.*s', wanted '%s'", (int)got.len, got.data ? got.data : "", want);
}

static void test_story(void **state) {
  (void)state;
  help_write_text("a.html", page);
  const char *path = "a.html";
  const rp_article *a;
  rp_buf out;
  rp_buf_init(&out);
  rp_reader *reader = open_one(&path, &out, &a);
  assert_non_null(a);
  same(a->text, story);
  same(a->id, "https://www.paper.example/rain");
  same(a->publisher, "The Paper");
  same(a->publisher_key, "paper.example");
  same(a->host, "www.paper.example");
  same(a->title, "Rain falls on the old town");
  same(a->authors, "A. B., C. D.");
  same(a->lang, "en");
  assert_int_equal(a->published.earliest, 1601906580);
  assert_int_equal(a->n_link, 2);
  assert_int_equal(a->link[0].kind, RP_LINK_CANONICAL);
  same(a->link[0].url, "https://wire.example/77");
  assert_int_equal(a->link[1].kind, RP_LINK_BASED_ON);
  same(a->link[1].url, "https://first.example/1");
  assert_int_equal(a->n_mark, 2);
  for (size_t i = 0; i < 2; i++) assert_int_equal(a->mark[i].reason, RP_REASON_QUOTE);
  same((rp_str){a->text.data + a->mark[0].start, a->mark[0].end - a->mark[0].start}, "and it will be cold");
  same((rp_str){a->text.data + a->mark[1].start, a->mark[1].end - a->mark[1].start},
       "This is a letter from a reader that has been set apart from the story as a quotation.");
  const rp_left_out *left;
  size_t n_left;
  rp_reader_left_out(reader, &left, &n_left);
  static const char *const reasons[][2] = {
      {"page head", "The Paper the page's own head"},
      {"navigation", "World"},
      {"navigation", "Town"},
      {"byline or tags", "By A. B. and others"},
      {"caption", "A street in the rain"},
      {"related stories", "Related"},
      {"related stories", "Snow falls on the new town as well, and it lasts for days"},
      {"hidden", NULL},
      {"aside", "Buy this paper today"},
      {"comment", NULL},
      {"footer", NULL}};
  assert_int_equal(n_left, sizeof reasons / sizeof *reasons);
  for (size_t i = 0; i < n_left; i++) {
    assert_string_equal(left[i].reason, reasons[i][0]);
    if (reasons[i][1]) same(left[i].text, reasons[i][1]);
  }
  rp_reader_close(reader);
  rp_buf_release(&out);
}

/* What a page says, one thing at a time: "id|key|title|authors|date". */
static void head(const char *head, const char *want) {
  char text[2048];
  snprintf(text, sizeof text, "<html><head>%s</head><body><p>Some words of a story that is long enough to be one.</p>",
           head);
  help_write_text("h.html", text);
  char *got = help_read("h.html");
  char *end = strstr(got, "|h.html:0|");
  assert_non_null(end);
  *end = '\0';
  char copy[512];
  snprintf(copy, sizeof copy, "%s", got);
  rp_free(got);
  assert_string_equal(copy, want);
}

static void test_head(void **state) {
  (void)state;
  head("<title> Rain\n falls </title>", "h.html||Rain falls||");
  head("<title>T</title><meta property=og:title content=O>", "h.html||O||");
  head("<link rel=canonical href=https://a.example/1>", "https://a.example/1|a.example|||");
  head("<link rel=canonical href=/1>", "h.html||||");
  head("<meta property=og:url content=https://m.a.example/1><link rel=canonical href=https://a.example/1>",
       "https://m.a.example/1|a.example|||");
  head("<meta property=og:site_name content='The Paper'>", "h.html|the paper|||");
  head("<meta name=author content=A><meta name=date content='5 Oct 2020'>", "h.html|||A|1601856000+86399");
  head("<meta name=date content=soon>", "h.html||||");
  head(
      "<script type=application/ld+json>{\"@type\":\"BlogPosting\",\"headline\":\"H\",\"datePublished\":\"2020-10-05\","
      "\"publisher\":{\"name\":\"P\"},\"author\":\"A\",\"url\":\"https://a.example/2\"}</script>",
      "https://a.example/2|a.example|H|A|1601856000+86399");
  head("<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":</script><title>T</title>", "h.html||T||");
}

/* The story is data only: the page's own text is poor. */
static void test_data_body(void **state) {
  (void)state;
  help_write_text(
      "j.html",
      "<html><body><div>Loading</div><script type='application/ld+json'>{\"@type\":\"Article\",\"articleBody\":"
      "\"It rained all day on the old town, and nobody came home with dry shoes.\"}</script></body></html>");
  help_expect("j.html",
              "j.html|||||j.html:0|It rained all day on the old town, and nobody came home with dry shoes.\n");
}

static void test_charset(void **state) {
  (void)state;
  help_write_text("c.html",
                  "<html><head><meta charset='windows-1251'></head><body><p>\xcf\xf0\xe8\xe2\xe5\xf2 "
                  "\xec\xe8\xf0</p></body></html>");
  help_expect("c.html",
              "c.html|||||c.html:0|\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 \xd0\xbc\xd0\xb8\xd1\x80\n");
  help_write_text("d.html",
                  "<html><head><meta http-equiv=Content-Type content='text/html; charset=ISO-8859-1'></head>"
                  "<body><p>\x93 Caf\xe9\x94</p></body></html>");
  help_expect("d.html", "d.html|||||d.html:0|\xe2\x80\x9c Caf\xc3\xa9\xe2\x80\x9d\n");
  /* UTF-8 in spite of what it says */
  help_write_text("e.html", "<html><head><meta charset=latin1></head><body><p>caf\xc3\xa9</p></body></html>");
  help_expect("e.html", "e.html|||||e.html:0|caf\xc3\xa9\n");
}

static void test_blocks(void **state) {
  (void)state;
  help_write_text("b.html",
                  "<body><article><div>One line of a story<br>another line of it<br><br>a new paragraph of the story\n"
                  " with a line end</div><pre>first line\n  second line</pre>"
                  "<table><tr><td>left cell of it<td>right cell of it</table></article></body>");
  help_expect("b.html",
              "b.html|||||b.html:0|One line of a story\nanother line of it\n\n"
              "a new paragraph of the story with a line end\n\nfirst line\nsecond line\n\n"
              "left cell of it\nright cell of it\n");
}

static void test_names(void **state) {
  (void)state;
  static const struct {
    const char *names;
    rp_hint hint;
  } cases[] = {{"td-post-sharing", RP_HINT_SHARE},
               {"relatedPosts", RP_HINT_RELATED},
               {"col-8 comments", RP_HINT_COMMENT},
               {"shaded", RP_HINT_NONE},
               {"heading", RP_HINT_NONE},
               {"", RP_HINT_NONE},
               {"cookie_banner", RP_HINT_NOTICE},
               {"adventure", RP_HINT_NONE},
               {"--", RP_HINT_NONE},
               {"uncommented", RP_HINT_NONE},
               {"AD", RP_HINT_PROMO}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(rp_hint_of((rp_str){cases[i].names, strlen(cases[i].names)}), cases[i].hint);
  assert_true(rp_hint_is_body((rp_str){"x article__body", 15}));
  assert_true(rp_hint_is_body((rp_str){"entry-content", 13}));
  assert_false(rp_hint_is_body((rp_str){"article body", 12}));
  assert_int_equal(rp_hint_of_line((rp_str){"12 Comments", 11}), RP_HINT_COMMENT);
  assert_int_equal(rp_hint_of_line((rp_str){"Rain falls", 10}), RP_HINT_NONE);
}

/* ---- bounds ------------------------------------------------------------------ */

static rp_dom dom;

/* Parses `prefix` and then `piece` over and over, `len` bytes in all. */
static void parse_many(const char *prefix, const char *piece, size_t len) {
  rp_buf text;
  rp_buf_init(&text);
  rp_buf_add_cstr(&text, prefix);
  while (text.len < len) rp_buf_add_cstr(&text, piece);
  assert_false(text.failed);
  assert_int_equal(rp_dom_parse(&dom, (rp_str){text.data, text.len}, 512, NULL), RP_OK);
  for (size_t i = 0; i < dom.node.n; i++) {
    const rp_node *n = &dom.node.data[i];
    assert_true(n->end > i && n->end <= dom.node.n);
    assert_true(n->parent == RP_DOM_NONE || (n->parent < i && dom.node.data[n->parent].end >= n->end));
  }
  rp_buf_release(&text);
}

static size_t depth_of_dom(void) {
  size_t deepest = 0;
  for (size_t i = 0; i < dom.node.n; i++) {
    size_t depth = 0;
    for (uint32_t up = dom.node.data[i].parent; up != RP_DOM_NONE; up = dom.node.data[up].parent) depth++;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

static void test_bounds(void **state) {
  (void)state;
  const size_t mib = 1 << 20;
  parse_many("", "<div>x", 20000);
  assert_int_equal(depth_of_dom(), 512);
  parse_many("", "<p>", 8 * mib);
  assert_true(dom.is_cut);
  assert_int_equal(dom.node.n, RP_DOM_NODES);
  static const char *const pieces[][2] = {
      {"", "<b>"},
      {"", "<"},
      {"", "<a "},
      {"", "<!--"},
      {"", "&"},
      {"<a ", "q=1 w=\"2\" e "},
      {"", "<a b=\""},
      {"", "<a b='\""},
      {"", "<![CDATA["},
      {"", "<script>"},
      {"", "<table><tr><td>"},
      {"", "</p>"},
      {"", "&#x"},
      {"", "<?"},
      {"", "<!"},
      {"", "<ul><li>"},
      {"", "</"},
      {"<title>", "x "},
      {"", "<form>"},
      {"", "\xf0\x9f"},
  };
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) parse_many(pieces[i][0], pieces[i][1], mib);
  /* many open elements, many end tags that close none of them */
  rp_buf text;
  rp_buf_init(&text);
  for (int i = 0; i < 100000; i++) rp_buf_add_cstr(&text, "<b>");
  parse_many(text.data, "</i>", 2 * mib);
  rp_buf_release(&text);
  /* a tag of a million attributes takes no hour and keeps its first ones */
  rp_buf_init(&text);
  rp_buf_add_cstr(&text, "<p class=x");
  for (int i = 0; i < 1000000; i++) rp_buf_printf(&text, " a%d=1", i);
  rp_buf_add_cstr(&text, ">word</p>");
  assert_int_equal(rp_dom_parse(&dom, (rp_str){text.data, text.len}, 512, NULL), RP_OK);
  rp_buf_release(&text);
  same(rp_dom_text(&dom, dom.node.n - 1), "word");
  same(rp_dom_attr(&dom, dom.node.n - 2, RP_ATTR_CLASS), "x");
  rp_dom_release(&dom);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_story),   cmocka_unit_test(test_head),   cmocka_unit_test(test_data_body),
      cmocka_unit_test(test_charset), cmocka_unit_test(test_blocks), cmocka_unit_test(test_names),
      cmocka_unit_test(test_bounds),
  };
  return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
