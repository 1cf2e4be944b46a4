/* The engine against a store on disk: identity, versions, removal, answers. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "reprint/reprint.h"
#include "test.h"

/* ---- made articles ---------------------------------------------------------- */

/* A text of `n` words that only `seed` decides; sentences and paragraphs as in
 * a news story. */
static void add_story(rp_buf *out, uint64_t seed, size_t n) {
  static const char *const syllable[] = {"ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "tu", "ve", "zo"};
  for (size_t i = 0; i < n; i++) {
    size_t n_syllable = 2 + test_below(&seed, 3);
    for (size_t k = 0; k < n_syllable; k++) rp_buf_add_cstr(out, syllable[test_below(&seed, 12)]);
    rp_buf_add_cstr(out, i % 60 == 59 ? ".\n\n" : i % 17 == 16 ? ". " : " ");
  }
  rp_buf_add_cstr(out, "ends.");
}

struct made {
  rp_article article;
  rp_buf text;
};

static struct made make(const char *id, const char *publisher, int64_t published) {
  struct made m = {.article = {.size = sizeof m.article,
                               .id = TEST_STR(id),
                               .publisher = TEST_STR(publisher),
                               .publisher_key = TEST_STR(publisher),
                               .path = TEST_STR("made.jsonl"),
                               .line = 1}};
  m.article.published = published ? (rp_date){published, published} : RP_DATE_UNKNOWN;
  rp_buf_init(&m.text);
  return m;
}

static const rp_article *finish(struct made *m) {
  m->article.text = (rp_str){m->text.data, m->text.len};
  return &m->article;
}

/* ---- an index in a folder of its own ------------------------------------------ */

struct fixture {
  char dir[64];
  char db[80];
  rp_outcome told[4000];
  size_t n_told;
};

static void remember(void *user, const rp_record *record) {
  struct fixture *f = user;
  assert_true(f->n_told < 4000);
  f->told[f->n_told++] = record->outcome;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  if (!f) return -1;
  strcpy(f->dir, "/tmp/reprint-test-XXXXXX");
  if (!mkdtemp(f->dir)) return -1;
  snprintf(f->db, sizeof f->db, "%s/db", f->dir);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  free(f);
  return 0;
}

static rp_index *open_index(const struct fixture *f, rp_open_mode mode) {
  rp_open_options options = {.size = sizeof options, .mode = mode};
  rp_index *index = NULL;
  rp_error error = {0};
  if (rp_index_open(f->db, &options, &index, &error) != RP_OK) fail_msg("%s", error.message);
  return index;
}

static rp_writer *open_writer(struct fixture *f, rp_index *index, size_t batch_bytes, unsigned n_thread) {
  rp_writer_options options = {.size = sizeof options,
                               .n_thread = n_thread,
                               .batch_bytes = batch_bytes,
                               .now = 1600000000,
                               .on_record = remember,
                               .user = f};
  rp_writer *writer = NULL;
  rp_error error = {0};
  if (rp_writer_open(index, &options, &writer, &error) != RP_OK) fail_msg("%s", error.message);
  return writer;
}

static void add(rp_writer *writer, const rp_article *article) {
  rp_error error = {0};
  if (rp_writer_add(writer, article, &error) != RP_OK) fail_msg("%s", error.message);
}

static void commit(rp_writer *writer) {
  rp_error error = {0};
  if (rp_writer_commit(writer, &error) != RP_OK) fail_msg("%s", error.message);
}

static uint64_t n_articles(rp_index *index) {
  rp_index_stat stat;
  assert_int_equal(rp_index_stat_get(index, &stat, NULL), RP_OK);
  return stat.n_article;
}

static const rp_answer *ask(rp_ctx *ctx, const rp_article *article) {
  const rp_answer *answer = NULL;
  rp_error error = {0};
  if (rp_query(ctx, article, NULL, &answer, &error) != RP_OK) fail_msg("%s", error.message);
  return answer;
}

/* ---- tests ------------------------------------------------------------------------ */

static void identity_decides_what_an_id_means(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  /* in one batch and in a batch each, the outcomes are the same */
  for (int batches = 0; batches < 2; batches++) {
    rp_writer *w = open_writer(f, index, 0, 2);
    char id[32];
    snprintf(id, sizeof id, "story-%d", batches);
    f->n_told = 0;
    struct made first = make(id, "alpha.example", 1000000);
    add_story(&first.text, 1, 200);
    struct made renamed = first;
    renamed.article.title = TEST_STR("A title of its own");
    struct made redated = renamed;
    redated.article.published = (rp_date){2000000, 2000000};
    struct made updated = make(id, "alpha.example", 3000000);
    add_story(&updated.text, 1, 150);
    add_story(&updated.text, 2, 60);
    struct made foreign = make(id, "beta.example", 3000000);
    add_story(&foreign.text, 3, 200);
    struct made unlike = make(id, "alpha.example", 3000000);
    add_story(&unlike.text, 4, 200);
    struct made wordless = make("wordless", "alpha.example", 0);
    rp_buf_add_cstr(&wordless.text, "... !!! \n");
    const rp_article *sequence[] = {finish(&first),   finish(&first),   finish(&renamed), finish(&renamed),
                                    finish(&redated), finish(&updated), finish(&updated), finish(&foreign),
                                    finish(&unlike),  finish(&wordless)};
    renamed.article.text = redated.article.text = first.article.text;
    const rp_outcome expected[] = {RP_ADDED,   RP_UNCHANGED, RP_METADATA, RP_UNCHANGED, RP_UPDATED,
                                   RP_UPDATED, RP_UNCHANGED, RP_CONFLICT, RP_CONFLICT,  RP_EMPTY};
    for (size_t i = 0; i < 10; i++) {
      add(w, sequence[i]);
      if (batches) commit(w);
    }
    commit(w);
    assert_int_equal(f->n_told, 10);
    for (size_t i = 0; i < 10; i++) assert_int_equal(f->told[i], expected[i]);
    rp_writer_close(w);
    rp_ctx *ctx;
    assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
    const rp_article *shown;
    assert_int_equal(rp_index_show(ctx, TEST_STR(id), &shown, NULL), RP_OK);
    assert_int_equal(shown->text.len, updated.article.text.len);
    assert_memory_equal(shown->text.data, updated.article.text.data, shown->text.len);
    /* the earliest date of a version with another text survives */
    assert_int_equal(shown->published.earliest, 2000000);
    rp_ctx_free(ctx);
    rp_buf_release(&first.text);
    rp_buf_release(&updated.text);
    rp_buf_release(&foreign.text);
    rp_buf_release(&unlike.text);
    rp_buf_release(&wordless.text);
  }
  assert_int_equal(n_articles(index), 2);
  rp_index_close(index);
}

static void metadata_of_the_same_batch_is_replaced_in_order(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  struct made m = make("m", "alpha.example", 1000000);
  add_story(&m.text, 1, 100);
  finish(&m);
  rp_writer *w = open_writer(f, index, 0, 1);
  add(w, &m.article);
  commit(w);
  f->n_told = 0;
  m.article.title = TEST_STR("Second");
  add(w, &m.article);
  add(w, &m.article);
  m.article.title = TEST_STR("Third");
  add(w, &m.article);
  m.article.published = (rp_date){5, 5};
  add(w, &m.article);
  commit(w);
  const rp_outcome expected[] = {RP_METADATA, RP_UNCHANGED, RP_METADATA, RP_UPDATED};
  for (size_t i = 0; i < 4; i++) assert_int_equal(f->told[i], expected[i]);
  rp_writer_close(w);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  const rp_article *shown;
  assert_int_equal(rp_index_show(ctx, TEST_STR("m"), &shown, NULL), RP_OK);
  assert_int_equal(shown->title.len, 5);
  assert_memory_equal(shown->title.data, "Third", 5);
  assert_int_equal(shown->published.earliest, 5);
  assert_int_equal(n_articles(index), 1);
  rp_ctx_free(ctx);
  rp_index_close(index);
  rp_buf_release(&m.text);
}

static void repeated_content_is_said(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  struct made m = make("x:00000000000000000000000000000000", "", 0);
  m.article.id_is_hash = true;
  add_story(&m.text, 1, 100);
  rp_writer *w = open_writer(f, index, 0, 1);
  add(w, finish(&m));
  add(w, finish(&m));
  commit(w);
  assert_int_equal(f->told[0], RP_ADDED);
  assert_int_equal(f->told[1], RP_REPEATED);
  rp_writer_close(w);
  rp_index_close(index);
  rp_buf_release(&m.text);
}

static void a_rewritten_file_is_a_new_version(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  struct made a = make("dir/story.txt", "", 0), b = make("dir/story.txt", "", 0);
  a.article.id_is_path = b.article.id_is_path = true;
  add_story(&a.text, 1, 100);
  add_story(&b.text, 2, 100);
  rp_writer *w = open_writer(f, index, 0, 1);
  add(w, finish(&a));
  add(w, finish(&b));
  commit(w);
  assert_int_equal(f->told[1], RP_UPDATED);
  rp_writer_close(w);
  rp_index_close(index);
  rp_buf_release(&a.text);
  rp_buf_release(&b.text);
}

static void copies_are_found_and_the_article_itself_is_not(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  rp_writer *w = open_writer(f, index, 40000, 2);
  struct made source = make("source", "wire.example", 1000000), trimmed = make("trimmed", "gazette.example", 1003600);
  struct made padded = make("padded", "tribune.example", 0);
  add_story(&source.text, 1, 300);
  finish(&source);
  rp_buf_add(&trimmed.text, source.text.data, source.text.len / 3);
  add_story(&padded.text, 99, 300);
  rp_buf_add_cstr(&padded.text, "\n\n");
  rp_buf_add(&padded.text, source.text.data, source.text.len);
  add(w, &source.article);
  add(w, finish(&trimmed));
  add(w, finish(&padded));
  for (uint64_t i = 0; i < 60; i++) {
    char id[32];
    snprintf(id, sizeof id, "other-%d", (int)i);
    struct made other = make(id, "others.example", 1000000);
    add_story(&other.text, 1000 + i, 200);
    add(w, finish(&other));
    rp_buf_release(&other.text);
  }
  commit(w);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  const rp_answer *answer = ask(ctx, &source.article);
  assert_int_equal(answer->n_match, 2);
  for (size_t i = 0; i < 2; i++) {
    const rp_match *m = &answer->match[i];
    assert_true(rp_verdict_is_link(m->verdict));
    assert_true(m->coverage_a > .2 && m->coverage_a <= 1);
    assert_true(m->n_passage == 1);
    const rp_passage *p = &m->passage[0];
    assert_int_equal(p->a_end - p->a_start, p->b_end - p->b_start);
    assert_memory_equal(m->a->text.data + p->a_start, m->b->text.data + p->b_start, p->a_end - p->a_start);
  }
  assert_string_equal(rp_verdict_name(answer->match[0].verdict), "reprint");
  assert_memory_equal(answer->match[0].b->id.data, "padded", 6);
  assert_memory_equal(answer->match[1].b->id.data, "trimmed", 7);
  assert_int_equal(answer->match[1].direction, RP_A_TO_B);
  assert_true(answer->match[1].has_hours);
  assert_true(answer->match[1].hours_after > .99 && answer->match[1].hours_after < 1.01);
  /* the same words under another id are a match */
  source.article.id = TEST_STR("copy of the source");
  answer = ask(ctx, &source.article);
  assert_int_equal(answer->n_match, 3);
  assert_int_equal(answer->match[0].verdict, RP_OWN_UPDATE);
  /* after merging all segments the answer is the same */
  rp_error error = {0};
  if (rp_writer_merge(w, &error) != RP_OK) fail_msg("%s", error.message);
  assert_int_equal(ask(ctx, &source.article)->n_match, 3);
  rp_writer_close(w);
  rp_ctx_free(ctx);
  rp_index_close(index);
  rp_buf_release(&source.text);
  rp_buf_release(&trimmed.text);
  rp_buf_release(&padded.text);
}

static void what_is_removed_is_not_found(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  rp_writer *w = open_writer(f, index, 0, 1);
  struct made a = make("a", "a.example", 0), b = make("b", "b.example", 0);
  add_story(&a.text, 1, 200);
  add_story(&b.text, 1, 200);
  b.article.url = TEST_STR("https://b.example/story");
  add(w, finish(&a));
  add(w, finish(&b));
  commit(w);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  assert_int_equal(ask(ctx, &a.article)->n_match, 1);
  assert_int_equal(rp_writer_remove(w, TEST_STR("nobody"), NULL), RP_ERR_NOT_FOUND);
  assert_int_equal(rp_writer_remove(w, TEST_STR("https://b.example/story"), NULL), RP_OK);
  assert_int_equal(rp_writer_remove(w, TEST_STR("b"), NULL), RP_ERR_NOT_FOUND);
  assert_int_equal(ask(ctx, &a.article)->n_match, 1);
  commit(w);
  assert_int_equal(ask(ctx, &a.article)->n_match, 0);
  const rp_article *shown;
  assert_int_equal(rp_index_show(ctx, TEST_STR("b"), &shown, NULL), RP_ERR_NOT_FOUND);
  assert_int_equal(n_articles(index), 1);
  rp_error error = {0};
  if (rp_writer_compact(w, &error) != RP_OK) fail_msg("%s", error.message);
  assert_int_equal(n_articles(index), 1);
  rp_index_stat stat;
  assert_int_equal(rp_index_stat_get(index, &stat, NULL), RP_OK);
  assert_int_equal(stat.text_bytes, a.article.text.len);
  /* what was taken out can come back */
  add(w, &b.article);
  commit(w);
  assert_int_equal(ask(ctx, &a.article)->n_match, 1);
  rp_writer_close(w);
  rp_ctx_free(ctx);
  rp_index_close(index);
  rp_buf_release(&a.text);
  rp_buf_release(&b.text);
}

static void an_article_is_itself_by_its_url_too(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  rp_writer *w = open_writer(f, index, 0, 1);
  struct made a = make("a", "a.example", 1000000), b = make("b", "b.example", 2000000);
  a.article.url = TEST_STR("https://a.example/1");
  add_story(&a.text, 1, 120);
  add_story(&b.text, 1, 60);
  add_story(&b.text, 7, 40);
  add_story(&b.text, 3, 3);
  rp_buf_add_cstr(&b.text, "\n\n");
  rp_buf_add(&b.text, a.text.data + a.text.len * 3 / 4, a.text.len / 10);
  add(w, finish(&a));
  add(w, finish(&b));
  commit(w);
  rp_writer_close(w);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  struct made question = make("not in the index", "a.example", 1000000);
  question.article.text = a.article.text;
  assert_int_equal(ask(ctx, &question.article)->n_match, 2);
  question.article.url = a.article.url;
  const rp_answer *answer = ask(ctx, &question.article);
  assert_int_equal(answer->n_match, 1);
  assert_memory_equal(answer->match[0].b->id.data, "b", 1);
  /* passages under 25 words are counted, not listed, unless asked for */
  assert_int_equal(answer->match[0].n_passage, 1);
  assert_int_equal(answer->match[0].n_passage_hidden, 1);
  rp_query_options o = {.size = sizeof o, .min_passage = 5};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->match[0].n_passage, 2);
  assert_int_equal(answer->match[0].n_passage_hidden, 0);
  rp_ctx_free(ctx);
  rp_index_close(index);
  rp_buf_release(&a.text);
  rp_buf_release(&b.text);
}

/* Texts too short for three fingerprints are found by bands, or because they
 * are equal. */
static void short_texts_are_found_too(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  rp_writer *w = open_writer(f, index, 0, 1);
  static const char *const text[] = {
      "The bridge over the lower Harrow was closed to lorries on Friday night after engineers found a crack in its "
      "deck.",
      "The bridge over the lower Harrow was closed to lorries on Friday night after inspectors found a crack in its "
      "deck.",
      "A bakery in Penwick won the first prize for rye bread at the county fair, the ninth time it has done so in a "
      "row.",
  };
  static const char *const id[] = {"short-0", "short-1", "short-2"};
  struct made m[3];
  for (size_t i = 0; i < 3; i++) {
    m[i] = make(id[i], i ? "b.example" : "a.example", 1000000);
    rp_buf_add_cstr(&m[i].text, text[i]);
    add(w, finish(&m[i]));
  }
  commit(w);
  rp_writer_close(w);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  const rp_answer *answer = ask(ctx, &m[0].article);
  assert_int_equal(answer->n_match, 1);
  assert_memory_equal(answer->match[0].b->id.data, "short-1", 7);
  assert_true(answer->match[0].is_short);
  assert_true(answer->match[0].why.n_band_shared > 0);
  m[2].article.id = TEST_STR("the same words elsewhere");
  answer = ask(ctx, &m[2].article);
  assert_int_equal(answer->n_match, 1);
  assert_memory_equal(answer->match[0].b->id.data, "short-2", 7);
  rp_ctx_free(ctx);
  rp_index_close(index);
  for (size_t i = 0; i < 3; i++) rp_buf_release(&m[i].text);
}

/* Counters are those of the live articles, whatever came before. */
static void counts_follow_every_change(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  struct made a = make("a", "a.example", 1000000), b = make("b", "b.example", 0);
  struct made longer = make("a", "a.example", 0);
  add_story(&a.text, 1, 100);
  add_story(&b.text, 2, 50);
  add_story(&longer.text, 1, 200);
  const uint64_t n_word[] = {152, 252, 252, 201}, n_undated[] = {1, 1, 1, 0};
  rp_writer *w = open_writer(f, index, 0, 1);
  for (int step = 0; step < 4; step++) {
    if (step == 0) add(w, finish(&a)), add(w, finish(&b));
    if (step == 1) add(w, finish(&longer));
    longer.article.title = TEST_STR("Another title");
    if (step == 2) add(w, &longer.article);
    if (step == 3) assert_int_equal(rp_writer_remove(w, TEST_STR("b"), NULL), RP_OK);
    commit(w);
    rp_index_stat stat;
    assert_int_equal(rp_index_stat_get(index, &stat, NULL), RP_OK);
    assert_int_equal(stat.n_word, n_word[step]);
    assert_int_equal(stat.n_undated, n_undated[step]);
  }
  rp_writer_close(w);
  rp_index_close(index);
  rp_buf_release(&a.text);
  rp_buf_release(&b.text);
  rp_buf_release(&longer.text);
}

/* Everything a query says about its matches, as text. */
static void describe(rp_buf *out, const rp_answer *answer) {
  for (size_t i = 0; i < answer->n_match; i++) {
    const rp_match *m = &answer->match[i];
    rp_buf_add(out, m->b->id.data, m->b->id.len);
    rp_buf_printf(out, " %d %.17g %.17g %.17g %u %zu\n", m->verdict, m->jaccard, m->coverage_a, m->coverage_b,
                  m->n_word, m->n_passage);
  }
}

static void answers_depend_on_the_articles_alone(void **state) {
  struct fixture *f = *state;
  enum { N = 120 };
  static struct made made[N];
  static char id[N][8];
  for (size_t i = 0; i < N; i++) {
    snprintf(id[i], sizeof id[i], "d%03d", (int)i);
    made[i] = make(id[i], i % 3 ? "p.example" : "q.example", (int64_t)(1000000 + i % 7 * 86400));
    add_story(&made[i].text, i / 4, 80 + 40 * (i % 4));
    add_story(&made[i].text, 500 + i, 30);
    finish(&made[i]);
  }
  rp_buf answers[3];
  for (int way = 0; way < 3; way++) {
    snprintf(f->db, sizeof f->db, "%s/way%d", f->dir, way);
    rp_index *index = open_index(f, RP_OPEN_CREATE);
    f->n_told = 0;
    rp_writer *w = open_writer(f, index, way == 0 ? 0 : 3000, way == 2 ? 3 : 1);
    for (size_t i = 0; i < N; i++) add(w, &made[way == 1 ? N - 1 - i : i].article);
    commit(w);
    if (way == 2) assert_int_equal(rp_writer_merge(w, NULL), RP_OK);
    rp_writer_close(w);
    rp_ctx *ctx;
    assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
    rp_buf_init(&answers[way]);
    for (size_t i = 0; i < N; i++) describe(&answers[way], ask(ctx, &made[i].article));
    rp_ctx_free(ctx);
    rp_index_close(index);
  }
  assert_true(answers[0].len > 1000);
  assert_string_equal(answers[0].data, answers[1].data);
  assert_string_equal(answers[0].data, answers[2].data);
  for (int way = 0; way < 3; way++) rp_buf_release(&answers[way]);
  for (size_t i = 0; i < N; i++) rp_buf_release(&made[i].text);
}

/* New titles, then a new text for one, then newer titles, all in one batch:
 * each id ends as it was told last. */
static void metadata_and_texts_change_in_one_batch(void **state) {
  enum { N = 5 };
  static const char *const name[] = {"m0", "m1", "m2", "m3", "m4"};
  /* article, title, words of the text */
  static const struct step {
    int at;
    const char *title;
    size_t n_word;
  } step[] = {{0, "x", 200}, {1, "x", 200}, {2, "x", 200}, {3, "x", 200}, {4, "x", 200}, {1, "y", 230},
              {4, "y", 200}, {0, "y", 240}, {3, "y", 200}, {4, "z", 250}, {3, "z", 200}};
  static const char *const last[] = {"y", "y", "x", "z", "z"};
  static const size_t n_word[] = {240, 230, 200, 200, 250};
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  rp_writer *w = open_writer(f, index, 0, 1);
  struct made made[N + sizeof step / sizeof *step];
  size_t n = 0;
  for (size_t i = 0; i < N; i++) {
    made[n] = make(name[i], "a.example", 1000000);
    add_story(&made[n].text, i, 200);
    add(w, finish(&made[n++]));
  }
  commit(w);
  for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
    made[n] = make(name[step[i].at], "a.example", 1000000);
    made[n].article.title = TEST_STR(step[i].title);
    add_story(&made[n].text, (uint64_t)step[i].at, step[i].n_word);
    add(w, finish(&made[n++]));
  }
  commit(w);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  assert_int_equal(n_articles(index), N);
  for (size_t i = 0; i < N; i++) {
    const rp_article *shown;
    assert_int_equal(rp_index_show(ctx, TEST_STR(name[i]), &shown, NULL), RP_OK);
    assert_memory_equal(shown->title.data, last[i], 1);
    rp_buf text;
    rp_buf_init(&text);
    add_story(&text, i, n_word[i]);
    assert_int_equal(shown->text.len, text.len);
    rp_buf_release(&text);
  }
  rp_ctx_free(ctx);
  rp_writer_close(w);
  rp_index_close(index);
  for (size_t i = 0; i < n; i++) rp_buf_release(&made[i].text);
}

/* A round-up of two stories, of which many copies of the one and a single copy of
 * the other are indexed: which of them are looked at must not hang on who came
 * first.  Returns the verdict on the single copy. */
static rp_verdict verdict_of_round_up(struct fixture *f, uint64_t seed, bool is_last) {
  enum { N = 30 };
  struct made made[N + 1], both = make("both", "sum.example", 3000000);
  static char id[N + 1][16];
  snprintf(f->db, sizeof f->db, "%s/r%u%s", f->dir, (unsigned)seed % 100, is_last ? "l" : "f");
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  f->n_told = 0;
  rp_writer *w = open_writer(f, index, 0, 1);
  for (size_t i = 0; i <= N; i++) {
    size_t at = is_last ? i : N - i;
    snprintf(id[at], sizeof id[at], "r%d", (int)at);
    made[at] = make(id[at], id[at], 1000000);
    add_story(&made[at].text, at == N ? 1000 + seed : 7, 150);
    add(w, finish(&made[at]));
  }
  commit(w);
  rp_writer_close(w);
  add_story(&both.text, 7, 150);
  rp_buf_add_cstr(&both.text, "\n\n");
  add_story(&both.text, 1000 + seed, 150);
  rp_buf_add_cstr(&both.text, "\n\n");
  add_story(&both.text, 9, 60);
  finish(&both);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  const rp_answer *answer = ask(ctx, &both.article);
  rp_verdict verdict = RP_NONE;
  for (size_t i = 0; i < answer->n_match; i++)
    if (answer->match[i].b->id.len == 3 && memcmp(answer->match[i].b->id.data, "r30", 3) == 0)
      verdict = answer->match[i].verdict;
  rp_ctx_free(ctx);
  rp_index_close(index);
  for (size_t i = 0; i <= N; i++) rp_buf_release(&made[i].text);
  rp_buf_release(&both.text);
  return verdict;
}

/* With the seed 10 the single copy has as many fingerprints in common as the others. */
static void round_ups_do_not_hang_on_arrival(void **state) {
  for (uint64_t seed = 9; seed < 12; seed++)
    assert_int_equal(verdict_of_round_up(*state, seed, false), verdict_of_round_up(*state, seed, true));
}

static void filters_and_limits_hold(void **state) {
  struct fixture *f = *state;
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  rp_writer *w = open_writer(f, index, 0, 1);
  struct made copy[5];
  static const char *const name[] = {"c0", "c1", "c2", "c3", "c4"};
  for (size_t i = 0; i < 5; i++) {
    copy[i] = make(name[i], i == 4 ? "alpha.example" : "beta.example", i == 3 ? 0 : (int64_t)(1000000 + i * 86400));
    add_story(&copy[i].text, 1, 100 + 20 * i);
    add(w, finish(&copy[i]));
  }
  commit(w);
  rp_writer_close(w);
  struct made question = make("question", "gamma.example", 1000000);
  add_story(&question.text, 1, 100);
  finish(&question);
  rp_ctx *ctx;
  assert_int_equal(rp_ctx_new(index, &ctx, NULL), RP_OK);
  const rp_answer *answer;
  rp_query_options o = {.size = sizeof o, .limit = 2};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 2);
  assert_int_equal(answer->n_left_out, 3);
  o = (rp_query_options){.size = sizeof o, .sort = RP_SORT_DATE};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 5);
  assert_memory_equal(answer->match[4].b->id.data, "c3", 2);
  for (size_t i = 1; i < 4; i++)
    assert_true(answer->match[i - 1].b->published.earliest <= answer->match[i].b->published.earliest);
  o = (rp_query_options){.size = sizeof o, .between = {1086400, 1086400}};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 1);
  o = (rp_query_options){.size = sizeof o, .window = 86400};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 3); /* c0, c1 and the undated c3 */
  rp_str excluded = TEST_STR("beta.example");
  o = (rp_query_options){.size = sizeof o, .exclude_publisher = &excluded, .n_exclude_publisher = 1};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 1);
  o = (rp_query_options){.size = sizeof o, .publisher = TEST_STR("beta.example")};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 4);
  o = (rp_query_options){.size = sizeof o, .min_words = 150};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 2);
  o = (rp_query_options){.size = sizeof o, .verdicts = 1u << RP_PARTIAL};
  assert_int_equal(rp_query(ctx, &question.article, &o, &answer, NULL), RP_OK);
  assert_int_equal(answer->n_match, 0);
  rp_ctx_free(ctx);
  rp_index_close(index);
  rp_buf_release(&question.text);
  for (size_t i = 0; i < 5; i++) rp_buf_release(&copy[i].text);
}

static void bad_calls_are_refused(void **state) {
  struct fixture *f = *state;
  rp_index *index = NULL;
  rp_error error;
  assert_int_equal(rp_index_open(f->db, NULL, &index, &error), RP_ERR_NOT_FOUND);
  assert_null(index);
  assert_non_null(strstr(error.message, f->db));
  rp_open_options options = {.size = sizeof options, .mode = RP_OPEN_CREATE, .params = {.n_band = 64, .n_row = 3}};
  assert_int_equal(rp_index_open(f->db, &options, &index, &error), RP_ERR_ARGUMENT);
  options.params = (rp_index_params){.n_band = 32, .n_row = 4};
  assert_int_equal(rp_index_open(f->db, &options, &index, &error), RP_OK);
  rp_index_close(index);
  index = NULL;
  options.params = (rp_index_params){.n_band = 35, .n_row = 3};
  assert_int_equal(rp_index_open(f->db, &options, &index, &error), RP_ERR_ARGUMENT);
  assert_int_equal(rp_index_open(f->db, NULL, &index, &error), RP_OK);
  rp_index_stat stat;
  assert_int_equal(rp_index_stat_get(index, &stat, NULL), RP_OK);
  assert_int_equal(stat.params.n_band, 32);
  rp_writer *w = NULL;
  assert_int_equal(rp_writer_open(index, NULL, &w, &error), RP_ERR_ARGUMENT);
  rp_index_close(index);
}

/* Every allocation of a run fails once; the run must end with an error or be
 * whole, and never crash or leak. */
static void short_memory_loses_nothing_committed(void **state) {
  struct fixture *f = *state;
  struct made a = make("a", "a.example", 5), b = make("b", "b.example", 6);
  add_story(&a.text, 1, 120);
  add_story(&b.text, 1, 120);
  finish(&a);
  finish(&b);
  rp_index *index = open_index(f, RP_OPEN_CREATE);
  bool is_whole = false;
  long n = 1;
  for (; !is_whole && n < 20000; n++) {
    rp_writer_options options = {.size = sizeof options, .n_thread = 1, .now = 7};
    rp_writer *w = NULL;
    rp_ctx *ctx = NULL;
    const rp_answer *answer;
    rp_mem_fail_after(n);
    rp_status status = rp_writer_open(index, &options, &w, NULL);
    if (status == RP_OK) status = rp_writer_add(w, &a.article, NULL);
    if (status == RP_OK) status = rp_writer_add(w, &b.article, NULL);
    if (status == RP_OK) status = rp_writer_commit(w, NULL);
    if (status == RP_OK) status = rp_ctx_new(index, &ctx, NULL);
    if (status == RP_OK) status = rp_query(ctx, &a.article, NULL, &answer, NULL);
    rp_mem_fail_after(0);
    is_whole = status == RP_OK;
    if (is_whole)
      assert_int_equal(answer->n_match, 1);
    else
      assert_int_equal(status, RP_ERR_MEMORY);
    rp_ctx_free(ctx);
    rp_writer_close(w);
  }
  assert_true(is_whole);
  assert_true(n > 10);
  assert_int_equal(n_articles(index), 2);
  rp_index_close(index);
  rp_buf_release(&a.text);
  rp_buf_release(&b.text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(identity_decides_what_an_id_means),
      TEST(metadata_of_the_same_batch_is_replaced_in_order),
      TEST(repeated_content_is_said),
      TEST(a_rewritten_file_is_a_new_version),
      TEST(copies_are_found_and_the_article_itself_is_not),
      TEST(what_is_removed_is_not_found),
      TEST(an_article_is_itself_by_its_url_too),
      TEST(short_texts_are_found_too),
      TEST(counts_follow_every_change),
      TEST(metadata_and_texts_change_in_one_batch),
      TEST(round_ups_do_not_hang_on_arrival),
      TEST(answers_depend_on_the_articles_alone),
      TEST(filters_and_limits_hold),
      TEST(bad_calls_are_refused),
      TEST(short_memory_loses_nothing_committed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
