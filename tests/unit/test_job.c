/* The nightly run: whatever comes, changes and goes from night to night, pairs
 * and groups are those of indexing everything at once; its reports lead from
 * one night's groups to the next; and no run is lost. */
#include <sys/wait.h>

#include "base/sort.h"
#include "engine/index.h"
#include "engine/naming.h"
#include "keep_help.h"

/* Of the crowd more than 200 are candidates of each other from some night on,
 * and at times fewer again. */
enum { FAMILIES = 7, MEMBERS = 9, CROWD = 250, NIGHTS = 6, DAY = 86400 };

/* An article of the model, as it is now. */
struct version {
  char id[24], publisher[24];
  rp_buf text;
  int64_t published;
  bool is_live;
  unsigned n_version;
};

struct model {
  struct version *article;
  size_t n;
  uint64_t random;
};

/* Words `from` to `to` of a story; every `wrong`th another one. */
static void add_part(rp_buf *out, uint64_t story, size_t from, size_t to, size_t wrong, uint64_t salt) {
  static const char *const syllable[] = {"ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "tu", "ve", "zo"};
  for (size_t i = from; i < to; i++) {
    uint64_t state = story * 1000003 + i;
    if (wrong && i % wrong == wrong - 1) state += 77777 + salt;
    for (size_t k = 2 + test_below(&state, 3); k > 0; k--) rp_buf_add_cstr(out, syllable[test_below(&state, 12)]);
    rp_buf_add_cstr(out, i % 60 == 59 ? ".\n\n" : i % 17 == 16 ? ". " : " ");
  }
}

/* Another text: of its family, cut and edited at random; at times the words of
 * its neighbour, at times two families', at times none of any. */
static void write_text(struct model *m, size_t i) {
  struct version *v = &m->article[i];
  uint64_t family = i < CROWD ? 1000 : i % FAMILIES, salt = test_below(&m->random, 1000);
  rp_buf_clear(&v->text);
  switch (i < CROWD ? 1 + (test_below(&m->random, 30) == 0) * 2 : test_below(&m->random, 8)) {
    case 0: add_part(&v->text, family, 0, 150, 0, 0); break;
    case 1:
    case 2: add_part(&v->text, family, test_below(&m->random, 30), 150, 12 + test_below(&m->random, 20), salt); break;
    case 3: add_part(&v->text, family, 0, 70 + test_below(&m->random, 60), 0, 0); break;
    case 4:
      add_part(&v->text, family, 0, 75, 0, 0);
      add_part(&v->text, (family + 1) % FAMILIES, 20, 95, 0, 0);
      break;
    case 5: add_part(&v->text, 5000 + i * 10 + v->n_version, 0, 140, 0, 0); break;
    default:
      add_part(&v->text, family, 40, 150, 0, 0);
      add_part(&v->text, 9000 + i * 10 + v->n_version, 0, 20 + test_below(&m->random, 60), 0, 0);
  }
  /* one of the crowd that also has something of a small family */
  if (i < CROWD && i % 5 == 0) add_part(&v->text, i % FAMILIES, 60, 130, 0, 0);
  v->n_version++;
}

static void model_make(struct model *m, uint64_t seed) {
  m->random = seed;
  m->n = CROWD + (size_t)FAMILIES * MEMBERS;
  m->article = calloc(m->n, sizeof *m->article);
  assert_non_null(m->article);
  for (size_t i = 0; i < m->n; i++) {
    struct version *v = &m->article[i];
    /* so that arrival and the order of ids have nothing to do with each other */
    snprintf(v->id, sizeof v->id, "a%06u", (unsigned)(i * 7919 % 1000003));
    snprintf(v->publisher, sizeof v->publisher, "p%u.example", (unsigned)test_below(&m->random, 9));
    if (i < CROWD && test_below(&m->random, 4)) v->publisher[0] = '\0';
    if (test_below(&m->random, 10)) v->published = (int64_t)DAY * (1 + (int64_t)test_below(&m->random, 40));
    rp_buf_init(&v->text);
    write_text(m, i);
  }
}

static void model_free(struct model *m) {
  for (size_t i = 0; i < m->n; i++) rp_buf_release(&m->article[i].text);
  free(m->article);
}

static void put(rp_writer *w, const struct version *v) {
  rp_article a = {.size = sizeof a,
                  .id = TEST_STR(v->id),
                  .publisher = TEST_STR(v->publisher),
                  .publisher_key = TEST_STR(v->publisher),
                  .path = TEST_STR("made.jsonl"),
                  .id_is_path = true, /* any text is a version */
                  .text = {v->text.data, v->text.len},
                  .published = v->published ? (rp_date){v->published, v->published} : RP_DATE_UNKNOWN};
  OK(rp_writer_add(w, &a, &error));
}

/* Chances of a hundred for each article: it comes, changes, goes, changes hands. */
static const struct {
  size_t comes, changes, goes, moves;
} nights[NIGHTS] = {{60, 0, 0, 0}, {90, 4, 3, 3}, {50, 5, 5, 3}, {0, 0, 4, 0}, {0, 0, 0, 12}, {0, 0, 30, 0}};

static void model_step(struct model *m, rp_index *index, unsigned night) {
  rp_writer *w = open_writer(index, 1000 * (int64_t)night);
  size_t changes = nights[night].changes, goes = changes + nights[night].goes, moves = goes + nights[night].moves;
  for (size_t i = 0; i < m->n; i++) {
    struct version *v = &m->article[i];
    size_t chance = test_below(&m->random, 100);
    if (!v->is_live) {
      v->is_live = chance < nights[night].comes;
      if (v->is_live) put(w, v);
    } else if (chance < changes) {
      write_text(m, i);
      put(w, v);
    } else if (chance < goes) {
      v->is_live = false;
      OK(rp_writer_remove(w, TEST_STR(v->id), &error));
    } else if (chance < moves) {
      snprintf(v->publisher, sizeof v->publisher, "p%u.example", (unsigned)test_below(&m->random, 9));
      put(w, v);
    }
  }
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
}

/* ---- what an index holds ----------------------------------------------------------------- */

static bool tell_pair(void *user, const rp_pair_record *r) {
  rp_buf *out = user;
  if (!r->match) {
    rp_buf_printf(out, "truncated %zu %zu\n", r->cluster_size, r->n_listed);
    return true;
  }
  rp_buf_printf(out, "%.*s %.*s %s %d %.6f %.6f %u%s\n", (int)r->match->a->id.len, r->match->a->id.data,
                (int)r->match->b->id.len, r->match->b->id.data, rp_verdict_name(r->match->verdict),
                (int)r->match->direction, r->match->coverage_a, r->match->coverage_b, r->match->n_word,
                r->is_through_third ? " third" : "");
  return true;
}

static char *pairs_of(rp_index *index) {
  rp_buf out;
  rp_buf_init(&out);
  rp_all_options options = {.size = sizeof options, .n_thread = 2, .filter = {.look_alikes = true}};
  OK(rp_pairs(index, &options, tell_pair, &out, NULL, &error));
  assert_false(out.failed);
  return out.data ? out.data : strdup("");
}

/* All that is compared, links or not: what the index is asked and what completes
 * groups. */
static char *edges_of(rp_index *index) {
  rp_all_options options = {.size = sizeof options, .n_thread = 2};
  rp_all all;
  rp_buf out;
  rp_buf_init(&out);
  OK(rp_all_run(index, &options, &all, &error));
  uint64_t *key = malloc((all.edge.n + 1) * sizeof *key), *scratch = malloc((all.edge.n + 1) * sizeof *scratch);
  assert_true(key && scratch);
  for (size_t i = 0; i < all.edge.n; i++) key[i] = rp_all_key(all.edge.data[i].a, all.edge.data[i].b);
  rp_sort_u64(key, scratch, all.edge.n);
  for (size_t i = 0; i < all.edge.n; i++)
    rp_buf_printf(&out, "%.*s %.*s\n", (int)all.node[key[i] >> 32].id.len, all.node[key[i] >> 32].id.data,
                  (int)all.node[(uint32_t)key[i]].id.len, all.node[(uint32_t)key[i]].id.data);
  free(key);
  free(scratch);
  rp_all_release(&all);
  return out.data ? out.data : strdup("");
}

static int compare_lines(const void *x, const void *y) { return strcmp(*(char *const *)x, *(char *const *)y); }

/* Lines sorted, so that groups compare as sets; consumes `text`. */
static char *sorted(char *text) {
  char *line[4096], *state = NULL, *out = calloc(1, strlen(text) + 2);
  size_t n = 0;
  assert_non_null(out);
  for (char *p = strtok_r(text, "\n", &state); p && n < 4096; p = strtok_r(NULL, "\n", &state)) line[n++] = p;
  qsort(line, n, sizeof *line, compare_lines);
  for (size_t i = 0; i < n; i++) strcat(strcat(out, line[i]), "\n");
  free(text);
  return out;
}

/* "id lead kept: members" of a group, members sorted.  Without id and without
 * the kept copy, which may hang on who was seen first, where `is_bare`. */
static void add_group_line(rp_buf *out, const rp_cluster *c, bool is_bare) {
  char *id[CROWD + FAMILIES * MEMBERS];
  assert_int_equal(c->n_member, c->n_article);
  for (size_t i = 0; i < c->n_member; i++) {
    id[i] = strndup(c->member[i].article->id.data, c->member[i].article->id.len);
  }
  qsort(id, c->n_member, sizeof *id, compare_lines);
  if (!is_bare) rp_buf_printf(out, "%.*s ", (int)c->id.len, c->id.data);
  rp_buf_printf(out, "%.*s", (int)c->lead.len, c->lead.data);
  for (size_t i = 0; i < c->n_member && !is_bare; i++)
    if (c->member[i].is_kept)
      rp_buf_printf(out, " %.*s", (int)c->member[i].article->id.len, c->member[i].article->id.data);
  rp_buf_add_byte(out, ':');
  for (size_t i = 0; i < c->n_member; i++) {
    rp_buf_printf(out, " %s", id[i]);
    free(id[i]);
  }
  rp_buf_add_byte(out, '\n');
}

struct listing {
  rp_buf out;
  bool is_bare;
};

static bool tell_cluster(void *user, const rp_cluster *c) {
  struct listing *l = user;
  add_group_line(&l->out, c, l->is_bare);
  return true;
}

static char *groups_of(rp_index *index, bool is_bare) {
  struct listing l = {.is_bare = is_bare};
  rp_buf_init(&l.out);
  rp_all_options options = {.size = sizeof options, .n_thread = 2};
  OK(rp_clusters(index, &options, tell_cluster, &l, NULL, &error));
  return sorted(l.out.data ? l.out.data : strdup(""));
}

static rp_index *all_at_once(const struct model *m, const char *dir) {
  rp_index *index = open_index(dir, RP_OPEN_CREATE);
  rp_writer *w = open_writer(index, 5);
  for (size_t i = m->n; i-- > 0;)
    if (m->article[i].is_live) put(w, &m->article[i]);
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  return index;
}

/* ---- whoever reads the reports ------------------------------------------------------------- */

struct reader {
  char *line[1024]; /* of each group that there is; begins with its id */
  size_t n;
  rp_run run;
  size_t n_group;
};

static void drop_group(struct reader *r, const char *id, size_t len) {
  for (size_t i = 0; i < r->n; i++) {
    if (strncmp(r->line[i], id, len) != 0) continue;
    free(r->line[i]);
    r->line[i] = r->line[--r->n];
    return;
  }
}

static bool has_group(const struct reader *r, rp_str id) {
  for (size_t i = 0; i < r->n; i++)
    if (strncmp(r->line[i], id.data, id.len) == 0) return true;
  return false;
}

static void check_record(const struct reader *r, const rp_run_record *record) {
  bool was_there = has_group(r, record->group->id);
  size_t n_new = 0;
  assert_true(was_there == !(record->what & RP_GROUP_NEW));
  for (size_t i = 0; i < record->group->n_member; i++) n_new += record->group->member[i].is_new;
  if (record->what & RP_GROUP_NEW) assert_int_equal(n_new, record->group->n_member);
  if (!(record->what & (RP_GROUP_NEW | RP_GROUP_ENDED | RP_GROUP_MERGED | RP_GROUP_GROWN))) assert_int_equal(n_new, 0);
  assert_true(!(record->what & RP_GROUP_SHRUNK) == !record->n_left || (record->what & RP_GROUP_ENDED));
  if (!(record->what & RP_GROUP_MERGED))
    assert_int_equal(record->n_before + n_new, record->group->n_member + record->n_left);
  for (size_t i = 0; i < record->n_alias; i++) assert_true(has_group(r, record->alias[i]));
}

static bool read_record(void *user, const rp_run_record *record) {
  struct reader *r = user;
  r->run = *record->run;
  if (!record->group) return true;
  const rp_cluster *c = record->group;
  check_record(r, record);
  r->n_group++;
  drop_group(r, c->id.data, c->id.len);
  for (size_t i = 0; i < record->n_alias; i++) drop_group(r, record->alias[i].data, record->alias[i].len);
  if (record->what & RP_GROUP_ENDED) return true;
  rp_buf out;
  rp_buf_init(&out);
  add_group_line(&out, c, false);
  assert_true(r->n < 1024);
  r->line[r->n++] = out.data;
  return true;
}

static char *groups_read(const struct reader *r) {
  rp_buf out;
  rp_buf_init(&out);
  for (size_t i = 0; i < r->n; i++) rp_buf_add_cstr(&out, r->line[i]);
  return sorted(out.data ? out.data : strdup(""));
}

static rp_job *open_job(rp_index *index, int64_t now, rp_job_options *options) {
  *options = (rp_job_options){.size = sizeof *options, .n_thread = 2, .wait = true, .now = now};
  rp_job *job = NULL;
  OK(rp_job_open(index, options, &job, &error));
  return job;
}

static void tell_and_finish(rp_job *job, struct reader *reader) {
  reader->n_group = 0;
  OK(rp_job_tell(job, NULL, read_record, reader, NULL, &error));
  assert_int_equal(reader->run.n_changed, reader->n_group);
  OK(rp_job_finish(job, &error));
}

static void reader_free(struct reader *r) {
  for (size_t i = 0; i < r->n; i++) free(r->line[i]);
}

/* ---- nights ---------------------------------------------------------------------------------- */

static void expect_same(const char *what, char *x, char *y) {
  if (strcmp(x, y) != 0) {
    size_t at = 0;
    while (x[at] == y[at]) at++;
    while (at > 0 && x[at - 1] != '\n') at--;
    fail_msg("%s differ:\n%.300s\n-- and --\n%.300s", what, x + at, y + at);
  }
  free(x);
  free(y);
}

/* `fails`: every run is broken off by short memory, again and again, before it
 * is let through. */
static void run_nights(uint64_t seed, bool fails) {
  char *folder = new_folder(), path[4200];
  struct model m;
  struct reader reader = {.n = 0};
  snprintf(path, sizeof path, "%s/nightly", folder);
  model_make(&m, seed);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  size_t n_known = 0, n_broken = 0;
  uint64_t last = 0;
  for (unsigned night = 0; night < NIGHTS; night++) {
    model_step(&m, index, night);
    rp_job_options options;
    bool has_run = false;
    rp_all_stat stat = {.size = sizeof stat};
    for (long after = 200; fails && after < 400000; after = after * 5 / 2) {
      rp_job *job = open_job(index, 1 + night, &options);
      rp_mem_fail_after(after + (long)test_below(&m.random, 100));
      rp_status status = rp_job_run(job, &has_run, &stat, &error);
      rp_mem_fail_after(0);
      rp_job_close(job);
      n_broken += status != RP_OK;
      assert_true(status == RP_OK || status == RP_ERR_MEMORY);
      if (status == RP_OK) break;
      has_run = false;
    }
    rp_job *job = open_job(index, 1 + night, &options);
    bool is_finished;
    if (!has_run) OK(rp_job_run(job, &has_run, &stat, &error));
    assert_int_equal(rp_job_last(job, &is_finished), last + has_run);
    assert_true(has_run || night == 4); /* nobody came or went */
    assert_true(is_finished == !has_run);
    last += has_run;
    if (has_run) tell_and_finish(job, &reader);
    n_known += stat.n_known;
    OK(rp_job_run(job, &has_run, &stat, &error));
    assert_false(has_run);
    rp_job_close(job);
    snprintf(path, sizeof path, "%s/once-%u", folder, night);
    rp_index *once = all_at_once(&m, path);
    expect_same("edges", edges_of(index), edges_of(once));
    if (night % 2 && !fails) expect_same("pairs", pairs_of(index), pairs_of(once));
    if (night % 2) expect_same("groups", groups_of(index, true), groups_of(once, true));
    expect_same("reports and groups", groups_read(&reader), groups_of(index, false));
    rp_index_close(once);
    expect_sound(index);
  }
  assert_true(n_known > 1000);
  assert_true(!fails || n_broken > NIGHTS);
  rp_index_close(index);
  reader_free(&reader);
  model_free(&m);
  remove_tree(folder);
  free(folder);
}

static void nights_end_where_one_run_does(void **state) {
  (void)state;
  run_nights(3, false);
}

static void broken_runs_end_there_too(void **state) {
  (void)state;
  run_nights(5, true);
}

/* Each of a crowd of 202 has too many candidates to ask for all of them; once
 * one has gone, none has. */
static void a_crowd_that_gets_smaller_asks_for_all(void **state) {
  (void)state;
  enum { N = RP_ALL_GROUP + 2 };
  char *folder = new_folder(), path[4200];
  struct model m = {.random = 8, .n = N};
  m.article = calloc(N, sizeof *m.article);
  assert_non_null(m.article);
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  rp_writer *w = open_writer(index, 5);
  for (size_t i = 0; i < N; i++) {
    struct version *v = &m.article[i];
    snprintf(v->id, sizeof v->id, "a%03u", (unsigned)i);
    v->published = DAY * (int64_t)(100 + i);
    v->is_live = true;
    rp_buf_init(&v->text);
    add_part(&v->text, 1, 0, 100, 30 + i % 9, i);
    put(w, v);
  }
  OK(rp_writer_commit(w, &error));
  rp_job_options options;
  bool has_run;
  rp_all_stat stat = {.size = sizeof stat};
  rp_job *job = open_job(index, 1, &options);
  OK(rp_job_run(job, &has_run, &stat, &error));
  assert_true(stat.n_proposed < N * 60);
  /* in the middle, and asked for by few */
  m.article[N / 2].is_live = false;
  OK(rp_writer_remove(w, TEST_STR(m.article[N / 2].id), &error));
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  OK(rp_job_run(job, &has_run, &stat, &error));
  assert_int_equal(stat.n_proposed, (N - 1) * (N - 2) / 2);
  rp_job_close(job);
  snprintf(path, sizeof path, "%s/once", folder);
  rp_index *once = all_at_once(&m, path);
  expect_same("edges", edges_of(index), edges_of(once));
  rp_index_close(once);
  rp_index_close(index);
  model_free(&m);
  remove_tree(folder);
  free(folder);
}

static size_t add_small(struct version *v, size_t n, uint64_t hub, size_t n_part, int64_t published) {
  for (size_t i = 0; i < n_part; i++, n++) {
    snprintf(v[n].id, sizeof v[n].id, "s%u-%03u", (unsigned)hub, (unsigned)i);
    v[n].published = i < 4 ? DAY * (int64_t)(1 + i) : published + DAY * (int64_t)i; /* four are the earliest */
    rp_buf_init(&v[n].text);
    add_part(&v[n].text, 100 * hub, 40 * i, 40 * i + 40, 0, 0);
    add_part(&v[n].text, 90000 + 1000 * hub + i, 0, 15, 0, 0);
  }
  return n;
}

/* x and y, who both have too many candidates, do not ask for each other.  Once
 * another such has gone, x asks for all it has, y among them. */
static void one_who_had_many_concerns_whom_it_did_not_ask_for(void **state) {
  (void)state;
  enum { SMALL = RP_ALL_GROUP + 20, X_SMALL = RP_ALL_GROUP - 1, N = X_SMALL + 2 * SMALL + 3 };
  char *folder = new_folder(), path[4200];
  struct model m = {.random = 8, .n = N};
  m.article = calloc(N, sizeof *m.article);
  assert_non_null(m.article);
  struct version *hub = m.article + N - 3;
  static const char *const name[] = {"x", "r", "y"};
  for (int i = 0; i < 3; i++) {
    snprintf(hub[i].id, sizeof hub[i].id, "hub-%s", name[i]);
    hub[i].published = DAY * (int64_t)(1000 + 3000 * i);
    rp_buf_init(&hub[i].text);
    add_part(&hub[i].text, 100 * (uint64_t)(i + 1), 0, 40 * (i ? SMALL : X_SMALL), 0, 0);
  }
  for (int i = 1; i < 3; i++) { /* both share something with x */
    add_part(&hub[0].text, 77 + (uint64_t)i, 0, 31, 0, 0);
    add_part(&hub[i].text, 77 + (uint64_t)i, 0, 31, 0, 0);
  }
  size_t n = add_small(m.article, 0, 1, X_SMALL, DAY * (int64_t)900);
  n = add_small(m.article, n, 2, SMALL, DAY * (int64_t)3900);
  n = add_small(m.article, n, 3, SMALL, DAY * (int64_t)6900);
  assert_int_equal(n, N - 3);
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  rp_writer *w = open_writer(index, 5);
  for (size_t i = 0; i < N; i++) {
    m.article[i].is_live = true;
    put(w, &m.article[i]);
  }
  OK(rp_writer_commit(w, &error));
  rp_job_options options;
  bool has_run;
  rp_job *job = open_job(index, 1, &options);
  OK(rp_job_run(job, &has_run, NULL, &error));
  char *edges = edges_of(index);
  assert_null(strstr(edges, "hub-x hub-y"));
  assert_null(strstr(edges, "hub-r hub-x"));
  free(edges);
  hub[1].is_live = false;
  OK(rp_writer_remove(w, TEST_STR("hub-r"), &error));
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  OK(rp_job_run(job, &has_run, NULL, &error));
  rp_job_close(job);
  edges = edges_of(index);
  assert_non_null(strstr(edges, "hub-x hub-y"));
  snprintf(path, sizeof path, "%s/once", folder);
  rp_index *once = all_at_once(&m, path);
  expect_same("edges", edges, edges_of(once));
  rp_index_close(once);
  rp_index_close(index);
  model_free(&m);
  remove_tree(folder);
  free(folder);
}

/* What is known of a pair is believed only of the very words and marks it was
 * found in. */
static void a_fact_of_other_texts_is_not_believed(void **state) {
  (void)state;
  char *folder = new_folder(), path[4200];
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  rp_writer *w = open_writer(index, 1);
  for (unsigned i = 0; i < 2; i++) add(w, i, 0, (int64_t)DAY * (20 + i));
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  rp_job_options options;
  bool has_run;
  rp_job *job = open_job(index, 1, &options);
  OK(rp_job_run(job, &has_run, NULL, &error));
  rp_job_close(job);
  char *before = pairs_of(index);
  assert_true(strstr(before, "reprint") != NULL);
  for (int is_true = 0; is_true < 2; is_true++) {
    rp_snapshot *snapshot;
    rp_known known;
    rp_str old;
    rp_known_init(&known);
    OK(rp_snapshot_begin(index->store, &snapshot, &error));
    OK(rp_known_load(&known, snapshot, &error));
    assert_true(rp_ledger_find(&known.fact, rp_known_pair(0, 1), &old));
    char none[10]; /* no word is matched */
    memcpy(none, old.data, 9);
    none[9] = 0;
    none[3] ^= 1; /* another look, then the right one again */
    OK(rp_ledger_put(&known.fact, rp_known_pair(0, 1), (rp_str){none, sizeof none}, &error));
    rp_ledger *const ledger[] = {&known.fact};
    rp_ledger_batch batch = {.ledger = ledger, .n_ledger = 1};
    OK(rp_ledgers_commit(index->store, &batch, &error));
    rp_snapshot_end(snapshot);
    rp_known_release(&known);
    char *after = pairs_of(index);
    if (is_true)
      assert_string_equal(after, "");
    else
      assert_string_equal(after, before);
    free(after);
  }
  free(before);
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

/* ---- what is told, and when -------------------------------------------------------------------- */

static bool count_record(void *user, const rp_run_record *record) {
  size_t *n = user;
  n[0]++;
  if (!record->group) n[1] = record->run->is_again;
  return true;
}

static void a_run_is_told_until_it_has_arrived(void **state) {
  (void)state;
  char *folder = new_folder(), path[4200];
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  rp_job_options options;
  rp_job *job = open_job(index, 77, &options);
  bool is_finished, has_run;
  assert_int_equal(rp_job_last(job, &is_finished), 0);
  size_t n[2] = {0, 9};
  assert_int_equal(rp_job_tell(job, NULL, count_record, n, NULL, &error), RP_ERR_NOT_FOUND);
  OK(rp_job_finish(job, &error));
  OK(rp_job_run(job, &has_run, NULL, &error));
  assert_false(has_run); /* nothing is there */
  rp_writer *w = open_writer(index, 1);
  for (unsigned i = 0; i < 12; i++) add(w, i, 0, (int64_t)DAY * (10 + i));
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  OK(rp_job_run(job, &has_run, NULL, &error));
  assert_true(has_run);
  rp_job_close(job);

  job = open_job(index, 78, &options);
  assert_int_equal(rp_job_last(job, &is_finished), 1);
  assert_false(is_finished);
  OK(rp_job_tell(job, NULL, count_record, n, NULL, &error));
  assert_int_equal(n[0], 4); /* the run and three families */
  assert_int_equal(n[1], false);
  OK(rp_job_finish(job, &error));
  rp_job_close(job);

  job = open_job(index, 79, &options);
  assert_int_equal(rp_job_last(job, &is_finished), 1);
  assert_true(is_finished);
  n[0] = 0;
  OK(rp_job_tell(job, NULL, count_record, n, NULL, &error));
  assert_int_equal(n[0], 4);
  assert_int_equal(n[1], true);
  rp_index_stat s = stat_of(index);
  assert_int_equal(s.run, 1);
  assert_int_equal(s.run_started, 77);
  assert_int_equal(s.n_group, 3);
  assert_int_equal(s.match_n_article, 12);
  assert_true(s.n_fact >= 18 && s.match_n_verified == s.n_fact);
  rp_job_close(job);
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

static void the_rule_says_which_copy_is_kept(void **state) {
  (void)state;
  char *folder = new_folder(), path[4200];
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  rp_writer *w = open_writer(index, 1);
  for (unsigned i = 0; i < 4; i++) add(w, i, 0, (int64_t)DAY * (20 - i)); /* p3 had it first */
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  rp_str list[] = {TEST_STR("nobody.example"), TEST_STR("p1.example"), TEST_STR("p3.example")};
  struct {
    rp_keep_options keep;
    const char *id;
  } rule[] = {
      {{.rule = RP_KEEP_EARLIEST}, "story-3"},
      {{.rule = RP_KEEP_LISTED, .list = list, .n_list = 3}, "story-1"},
      {{.rule = RP_KEEP_LISTED, .list = list, .n_list = 1}, "story-3"},
  };
  for (size_t i = 0; i < sizeof rule / sizeof *rule; i++) {
    struct listing l = {.is_bare = false};
    rp_buf_init(&l.out);
    rp_all_options options = {.size = sizeof options, .keep = rule[i].keep};
    OK(rp_clusters(index, &options, tell_cluster, &l, NULL, &error));
    char expected[64];
    snprintf(expected, sizeof expected, " story-3 %s: story-0 story-1 story-2 story-3\n", rule[i].id);
    assert_string_equal(l.out.data + 18, expected); /* behind the id */
    rp_buf_release(&l.out);
  }
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

static void put_family(rp_index *index, const char *name, unsigned first, unsigned n, uint64_t story) {
  rp_writer *w = open_writer(index, 1);
  for (unsigned i = first; i < first + n; i++) {
    struct version v = {.published = DAY * (int64_t)(1 + i)};
    snprintf(v.id, sizeof v.id, "%s%u", name, i);
    rp_buf_init(&v.text);
    add_part(&v.text, story, 0, 100, 30, 1000 + i);
    put(w, &v);
    rp_buf_release(&v.text);
  }
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
}

struct last_told {
  uint32_t what;
  char id[32], alias[32], left_to[32];
  size_t n_alias, n_left;
  rp_run run;
};

static bool note_told(void *user, const rp_run_record *record) {
  struct last_told *t = user;
  t->run = *record->run;
  if (!record->group) return true;
  t->what |= record->what;
  snprintf(t->id, sizeof t->id, "%.*s", (int)record->group->id.len, record->group->id.data);
  t->n_alias = record->n_alias;
  t->n_left = record->n_left;
  if (record->n_alias) snprintf(t->alias, sizeof t->alias, "%.*s", (int)record->alias->len, record->alias->data);
  if (record->n_left) snprintf(t->left_to, sizeof t->left_to, "%.*s", (int)record->left->to.len, record->left->to.data);
  return true;
}

static struct last_told run_and_tell(rp_index *index, int64_t now) {
  rp_job_options options;
  struct last_told last = {0};
  bool has_run;
  rp_job *job = open_job(index, now, &options);
  OK(rp_job_run(job, &has_run, NULL, &error));
  assert_true(has_run);
  OK(rp_job_tell(job, NULL, note_told, &last, NULL, &error));
  OK(rp_job_finish(job, &error));
  rp_job_close(job);
  return last;
}

static uint64_t alias_of(rp_index *index, const char *id) {
  rp_snapshot *snapshot;
  rp_ledger ledger;
  rp_str bytes;
  rp_past_group group;
  uint64_t alias = 0;
  rp_ledger_init(&ledger, RP_STREAM_GROUP);
  OK(rp_snapshot_begin(index->store, &snapshot, &error));
  OK(rp_ledger_load(&ledger, snapshot, &error));
  if (rp_ledger_find(&ledger, strtoull(id + 2, NULL, 16), &bytes))
    OK(rp_past_group_decode(1, bytes, &group, &alias, &error));
  rp_snapshot_end(snapshot);
  rp_ledger_release(&ledger);
  return alias;
}

/* Groups that become one: the id of the older stays, the others lead there,
 * also those that led to another before. */
static void ids_of_merged_groups_lead_to_the_one_that_stays(void **state) {
  (void)state;
  char *folder = new_folder(), path[4200];
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  put_family(index, "c", 0, 9, 3);
  struct last_told c = run_and_tell(index, 1);
  put_family(index, "a", 0, 3, 1);
  struct last_told a = run_and_tell(index, 2);
  put_family(index, "b", 0, 3, 2);
  struct last_told b = run_and_tell(index, 3);
  assert_int_equal(b.what, RP_GROUP_NEW);
  put_family(index, "b", 0, 3, 1);
  struct last_told ab = run_and_tell(index, 4);
  assert_string_equal(ab.id, a.id);
  assert_string_equal(ab.alias, b.id);
  assert_int_equal(ab.what & (RP_GROUP_MERGED | RP_GROUP_NEW | RP_GROUP_ENDED), RP_GROUP_MERGED);
  assert_int_equal(alias_of(index, b.id), strtoull(a.id + 2, NULL, 16));
  assert_int_equal(ab.run.n_new, 3);
  assert_int_equal(ab.run.n_gone, 3); /* three texts that are others now */
  put_family(index, "c", 9, 1, 3); /* growing makes it no younger */
  assert_int_equal(run_and_tell(index, 5).what & RP_GROUP_GROWN, RP_GROUP_GROWN);
  put_family(index, "a", 0, 3, 3);
  put_family(index, "b", 0, 3, 3);
  struct last_told abc = run_and_tell(index, 5);
  assert_string_equal(abc.id, c.id);
  assert_string_equal(abc.alias, a.id);
  assert_int_equal(alias_of(index, a.id), strtoull(c.id + 2, NULL, 16));
  assert_int_equal(alias_of(index, b.id), strtoull(c.id + 2, NULL, 16));
  assert_int_equal(alias_of(index, c.id), 0);
  /* a part that leaves gets an id of its own, though its lead's was a group's before */
  put_family(index, "a", 0, 3, 7);
  struct last_told part = run_and_tell(index, 6);
  assert_int_equal(part.what & (RP_GROUP_NEW | RP_GROUP_SPLIT), RP_GROUP_NEW | RP_GROUP_SPLIT);
  assert_string_not_equal(part.id, a.id);
  expect_sound(index);
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

/* A member that has much of its own is no copy that could be deleted. */
static void what_shares_a_part_is_kept_beside(void **state) {
  (void)state;
  char *folder = new_folder(), path[4200];
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE);
  struct version v[5] = {
      {.id = "wire", .published = DAY}, {.id = "copy"}, {.id = "part"}, {.id = "long"}, {.id = "cut"}};
  for (int i = 0; i < 5; i++) rp_buf_init(&v[i].text);
  add_part(&v[0].text, 1, 0, 120, 0, 0);
  add_part(&v[1].text, 1, 0, 120, 40, 7);
  add_part(&v[2].text, 1, 0, 60, 0, 0);
  add_part(&v[2].text, 2, 0, 110, 0, 0);
  add_part(&v[3].text, 1, 0, 120, 0, 0);
  add_part(&v[3].text, 3, 0, 200, 0, 0);
  add_part(&v[4].text, 1, 0, 70, 0, 0);
  rp_writer *w = open_writer(index, 1);
  for (int i = 0; i < 5; i++) {
    v[i].published = DAY * (1 + i);
    snprintf(v[i].publisher, sizeof v[i].publisher, "p%d.example", i);
    put(w, &v[i]);
  }
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  struct {
    rp_keep_rule rule;
    const char *kept;
  } rule[] = {{RP_KEEP_EARLIEST, " wire wire part long: copy cut long part wire\n"},
              {RP_KEEP_LONGEST, " wire part long: copy cut long part wire\n"}};
  for (size_t i = 0; i < 2; i++) {
    struct listing l = {.is_bare = false};
    rp_buf_init(&l.out);
    rp_all_options options = {.size = sizeof options, .keep = {.rule = rule[i].rule}};
    OK(rp_clusters(index, &options, tell_cluster, &l, NULL, &error));
    assert_string_equal(l.out.data + 18, rule[i].kept);
    rp_buf_release(&l.out);
  }
  for (int i = 0; i < 5; i++) rp_buf_release(&v[i].text);
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

static void one_job_at_a_time(void **state) {
  (void)state;
  char *folder = new_folder(), path[4200];
  snprintf(path, sizeof path, "%s/db", folder);
  rp_index *index = open_index(path, RP_OPEN_CREATE), *other = NULL;
  rp_job_options options;
  rp_job *job = open_job(index, 1, &options), *second = NULL;
  pid_t pid = fork();
  if (pid == 0) {
    rp_open_options open = {.size = sizeof open, .mode = RP_OPEN_WRITE};
    options.wait = false;
    _exit(rp_index_open(path, &open, &other, &error) == RP_OK &&
                  rp_job_open(other, &options, &second, &error) == RP_ERR_BUSY
              ? 0
              : 1);
  }
  int status = -1;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  rp_job_close(job);
  OK(rp_job_open(index, &options, &job, &error));
  rp_job_close(job);
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_is_told_until_it_has_arrived),
      cmocka_unit_test(the_rule_says_which_copy_is_kept),
      cmocka_unit_test(what_shares_a_part_is_kept_beside),
      cmocka_unit_test(one_job_at_a_time),
      cmocka_unit_test(a_crowd_that_gets_smaller_asks_for_all),
      cmocka_unit_test(ids_of_merged_groups_lead_to_the_one_that_stays),
      cmocka_unit_test(one_who_had_many_concerns_whom_it_did_not_ask_for),
      cmocka_unit_test(a_fact_of_other_texts_is_not_believed),
      cmocka_unit_test(nights_end_where_one_run_does),
      cmocka_unit_test(broken_runs_end_there_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
