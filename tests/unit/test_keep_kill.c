/* Who adds, matches, expires, compacts and copies is killed at any moment.
 * Afterwards all that was done is there, what was being done is there or is
 * not, and the check finds nothing; a copy is whole or is none.  Of matching
 * also: pairs and groups are those of an index that nobody disturbed, and every
 * run's report arrives in full, the second time as the first. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "keep_help.h"

enum { DAY = 86400, START = 1600000000, NEW_FAMILIES = 10, PER_STEP = 3 * NEW_FAMILIES, KEPT_DAYS = 24 };
enum { KILLS = 105, LEAST_KILLS = 28, MOST_SECONDS = 45, MOST_KILLS = 100000, MOST_STEPS = 40000, MOST_GROUPS = 512 };
enum step_kind { ADD, MATCH, EXPIRE, COMPACT, COPY, N_KIND };
/* What may be aimed at: a step, the time from where its report is told, or any time. */
enum aim { TELLING = N_KIND, ANY_TIME, N_AIM };
/* What one who is to be killed says: N_SAID * step + one of these. */
enum said { BEGINS, TELLS, ENDS, N_SAID };

static const char *const doing[N_KIND] = {"adding", "matching", "expiring", "compacting", "copying"};

struct place {
  char dir[4200], db[4300], copy[4300], once[4300], report[4300];
  int to; /* who is told what goes on; -1: nobody */
};

static void say(const struct place *p, int step, enum said what) {
  int said = N_SAID * step + (int)what;
  if (p->to >= 0 && write(p->to, &said, sizeof said) != sizeof said) _exit(1);
}

/* ---- a life, step by step ----------------------------------------------------------------- */

static int64_t day(int step) { return START + (int64_t)DAY * step; }

/* Each time ten families begin with two members, and the ten of the time before
 * get a third, so that groups begin, grow, shrink and end. */
static unsigned number_of(int step, unsigned i) {
  unsigned round = (unsigned)(step / N_KIND), of = i / NEW_FAMILIES, family = round * NEW_FAMILIES + i % NEW_FAMILIES;
  if (of < 2) return family * 4 + of;
  return round ? (family - NEW_FAMILIES) * 4 + 2 : family * 4 + 3;
}

static void add_some(rp_index *index, int step) {
  rp_writer *w = open_writer(index, day(step));
  for (unsigned i = 0; i < PER_STEP; i++) add(w, number_of(step, i), 0, i % 5 ? day(step) : 0);
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
}

static void expire_some(rp_index *index, int step) {
  rp_writer *w = open_writer(index, day(step));
  rp_expire_options options = {sizeof options, day(step - KEPT_DAYS), false};
  rp_expiry expiry = {.size = sizeof expiry};
  OK(rp_writer_expire(w, &options, &expiry, &error));
  rp_writer_close(w);
}

static void compact(rp_index *index, int step) {
  rp_writer *w = open_writer(index, day(step));
  OK(rp_writer_compact(w, &error));
  rp_writer_close(w);
}

static void copy(rp_index *index, const char *to) {
  uint64_t bytes;
  remove_tree(to);
  OK(rp_index_backup(index, to, &bytes, &error));
}

/* ---- a run and its report ----------------------------------------------------------------- */

/* "id lead: members!" of a group, the kept ones marked, members sorted. */
static int compare_names(const void *x, const void *y) { return strcmp(*(char *const *)x, *(char *const *)y); }

static void add_group(rp_buf *out, const rp_cluster *c) {
  char *name[64];
  assert_true(c->n_member == c->n_article && c->n_member <= 64);
  for (size_t i = 0; i < c->n_member; i++) {
    rp_buf one;
    rp_buf_init(&one);
    rp_buf_printf(&one, "%.*s%s", (int)c->member[i].article->id.len, c->member[i].article->id.data,
                  c->member[i].is_kept ? "!" : "");
    name[i] = one.data;
  }
  qsort(name, c->n_member, sizeof *name, compare_names);
  rp_buf_printf(out, "%.*s %.*s:", (int)c->id.len, c->id.data, (int)c->lead.len, c->lead.data);
  for (size_t i = 0; i < c->n_member; i++) {
    rp_buf_printf(out, " %s", name[i]);
    free(name[i]);
  }
  rp_buf_add_byte(out, '\n');
}

struct telling {
  int fd;
  bool is_slow;
  uint64_t run;
  size_t n, n_changed;
};

static void put_line(int fd, rp_buf *line) {
  assert_int_equal(write(fd, line->data, line->len), line->len);
  rp_buf_release(line);
}

/* One line a record, and one write, as a program would that prints it. */
static bool put_record(void *user, const rp_run_record *r) {
  struct telling *t = user;
  rp_buf line;
  rp_buf_init(&line);
  if (!r->group) {
    t->run = r->run->number;
    t->n_changed = (size_t)r->run->n_changed;
    rp_buf_printf(&line, "run %llu\n", (unsigned long long)t->run);
  } else {
    t->n++;
    for (size_t i = 0; i < r->n_alias; i++) rp_buf_printf(&line, "gone %.*s\n", (int)r->alias[i].len, r->alias[i].data);
    if (r->what & RP_GROUP_ENDED)
      rp_buf_printf(&line, "gone %.*s\n", (int)r->group->id.len, r->group->id.data);
    else
      add_group(&line, r->group);
  }
  put_line(t->fd, &line);
  /* as if read by somebody slow: else hardly any is told in part */
  if (t->is_slow) nanosleep(&(struct timespec){0, 50000}, NULL);
  return true;
}

static void tell_and_finish(rp_job *job, const struct place *p, int step, int fd) {
  struct telling t = {.fd = fd, .is_slow = p->to >= 0};
  rp_buf line;
  say(p, step, TELLS);
  OK(rp_job_tell(job, NULL, put_record, &t, NULL, &error));
  assert_int_equal(t.n, t.n_changed);
  rp_buf_init(&line);
  rp_buf_printf(&line, "end %llu\n", (unsigned long long)t.run);
  put_line(fd, &line);
  OK(rp_job_finish(job, &error));
}

static void match_some(rp_index *index, const struct place *p, int step) {
  rp_job_options options = {.size = sizeof options, .n_thread = 2, .wait = true, .now = day(step)};
  rp_job *job = NULL;
  bool is_finished, has_run;
  int fd = open(p->report, O_WRONLY | O_CREAT | O_APPEND, 0600);
  assert_true(fd >= 0);
  OK(rp_job_open(index, &options, &job, &error));
  if (rp_job_last(job, &is_finished) && !is_finished) tell_and_finish(job, p, step, fd);
  OK(rp_job_run(job, &has_run, NULL, &error));
  if (has_run) tell_and_finish(job, p, step, fd);
  rp_job_close(job);
  close(fd);
}

static void do_step(rp_index *index, const struct place *p, int step) {
  switch (step % N_KIND) {
    case ADD: add_some(index, step); break;
    case MATCH: match_some(index, p, step); break;
    case EXPIRE: expire_some(index, step); break;
    case COMPACT: compact(index, step); break;
    default: copy(index, p->copy); break;
  }
}

/* ---- whoever reads the reports ------------------------------------------------------------ */

struct reader {
  char *group[MOST_GROUPS];
  size_t n;
  uint64_t run; /* applied last */
  char *last;   /* its lines */
  unsigned n_twice, n_part;
};

static void drop_group(struct reader *r, const char *id) {
  size_t len = strcspn(id, " \n");
  for (size_t i = 0; i < r->n; i++) {
    if (strncmp(r->group[i], id, len) != 0 || r->group[i][len] != ' ') continue;
    free(r->group[i]);
    r->group[i] = r->group[--r->n];
    return;
  }
}

static void apply(struct reader *r, const char *lines) {
  for (const char *at = lines; *at; at = strchr(at, '\n') + 1) {
    size_t len = (size_t)(strchr(at, '\n') - at) + 1;
    if (strncmp(at, "gone ", 5) == 0) {
      drop_group(r, at + 5);
      continue;
    }
    drop_group(r, at);
    assert_true(r->n < MOST_GROUPS);
    r->group[r->n++] = strndup(at, len);
  }
}

/* A run that was told in full: the next one, or the last one as it was told
 * before. */
static void take_run(struct reader *r, uint64_t run, char *lines) {
  if (run == r->run) {
    assert_string_equal(lines, r->last);
    r->n_twice++;
  } else {
    assert_int_equal(run, r->run + 1);
    apply(r, lines);
    r->run = run;
  }
  free(r->last);
  r->last = lines;
}

/* Whatever was written since; what has no end was cut short. */
static void read_reports(struct reader *r, const char *path) {
  char *text = NULL;
  size_t room = 0;
  FILE *f = fopen(path, "r");
  if (!f) return;
  if (getdelim(&text, &room, 0, f) < 0 && text) text[0] = '\0';
  fclose(f);
  unlink(path);
  char *cut = text ? strrchr(text, '\n') : NULL;
  if (cut) cut[1] = '\0';
  for (char *at = text; at && *at;) {
    unsigned long long run, end = 0;
    char *lines = strchr(at, '\n'), *stop = at;
    assert_int_equal(sscanf(at, "run %llu", &run), 1);
    assert_non_null(lines);
    do {
      stop = strchr(stop, '\n') + 1;
    } while (*stop && strncmp(stop, "end ", 4) != 0 && strncmp(stop, "run ", 4) != 0);
    bool is_whole = sscanf(stop, "end %llu", &end) == 1 && end == run;
    if (is_whole)
      take_run(r, run, strndup(lines + 1, (size_t)(stop - lines - 1)));
    else
      r->n_part++;
    at = is_whole ? strchr(stop, '\n') + 1 : stop;
  }
  free(text);
}

/* ---- what is there afterwards ----------------------------------------------------------------- */

/* Is an article of the step `from` there when the first `done` steps are? */
static bool is_kept(int from, int done) {
  int last = done - 1;
  while (last >= 0 && last % N_KIND != EXPIRE) last--;
  return from < done && (last < 0 || from >= last - KEPT_DAYS);
}

static int first_kept(int done) {
  int step = 0;
  while (step < done && !is_kept(step, done)) step += N_KIND;
  return step;
}

static uint64_t count_kept(int done) {
  uint64_t n = 0;
  for (int step = first_kept(done); step < done; step += N_KIND) n += PER_STEP;
  return n;
}

static void expect_state(rp_index *index, int done) {
  rp_ctx *ctx = NULL;
  OK(rp_ctx_new(index, &ctx, &error));
  int first = first_kept(done) - 3 * N_KIND;
  for (int step = first > 0 ? first : 0; step < done; step += N_KIND) {
    for (unsigned i = 0; i < PER_STEP; i += 7) {
      char id[32];
      const rp_article *article;
      snprintf(id, sizeof id, "story-%u", number_of(step, i));
      rp_status status = rp_index_show(ctx, TEST_STR(id), &article, &error);
      assert_int_equal(status, is_kept(step, done) ? RP_OK : RP_ERR_NOT_FOUND);
    }
  }
  rp_ctx_free(ctx);
}

static bool add_pair_line(void *user, const rp_pair_record *r) {
  assert_non_null(r->match);
  rp_buf_printf(user, "%.*s %.*s %s %d %.6f %.6f %u\n", (int)r->match->a->id.len, r->match->a->id.data,
                (int)r->match->b->id.len, r->match->b->id.data, rp_verdict_name(r->match->verdict),
                (int)r->match->direction, r->match->coverage_a, r->match->coverage_b, r->match->n_word);
  return true;
}

static char *pairs_of(rp_index *index) {
  rp_buf out;
  rp_buf_init(&out);
  rp_all_options options = {.size = sizeof options, .n_thread = 2, .filter = {.look_alikes = true}};
  OK(rp_pairs(index, &options, add_pair_line, &out, NULL, &error));
  return out.data ? out.data : strdup("");
}

static bool add_group_line(void *user, const rp_cluster *c) {
  rp_buf line;
  rp_buf_init(&line);
  add_group(&line, c);
  rp_buf *out = user;
  rp_buf_add(out, line.data, line.len);
  rp_buf_release(&line);
  return true;
}

/* Lines from behind the first blank where `is_bare`, sorted. */
static char *sorted(char *const *from, size_t n, bool is_bare) {
  const char *line[MOST_GROUPS];
  rp_buf out;
  rp_buf_init(&out);
  for (size_t i = 0; i < n; i++) line[i] = is_bare ? strchr(from[i], ' ') + 1 : from[i];
  qsort(line, n, sizeof *line, compare_names);
  for (size_t i = 0; i < n; i++) rp_buf_add_cstr(&out, line[i]);
  return out.data ? out.data : strdup("");
}

static char *groups_of(rp_index *index, bool is_bare) {
  rp_buf out;
  char *line[MOST_GROUPS] = {NULL};
  size_t n = 0;
  rp_buf_init(&out);
  rp_all_options options = {.size = sizeof options, .n_thread = 2};
  OK(rp_clusters(index, &options, add_group_line, &out, NULL, &error));
  for (const char *at = out.data; at && *at && n < MOST_GROUPS; at = strchr(at, '\n') + 1)
    line[n++] = strndup(at, (size_t)(strchr(at, '\n') - at) + 1);
  char *text = sorted(line, n, is_bare);
  for (size_t i = 0; i < n; i++) free(line[i]);
  rp_buf_release(&out);
  return text;
}

static void expect_same(const char *what, char *x, char *y) {
  if (strcmp(x, y) != 0) fail_msg("%s differ:\n%s-- and --\n%s", what, x, y);
  free(x);
  free(y);
}

/* Pairs and groups are those of the same articles that were added at once. */
static void expect_content(rp_index *index, const struct place *p, int done) {
  static const char *const what[] = {"pairs", "groups"};
  rp_index *once = open_index(p->once, RP_OPEN_CREATE);
  for (int step = first_kept(done); step < done; step += N_KIND) add_some(once, step);
  expect_same(what[0], pairs_of(index), pairs_of(once));
  expect_same(what[1], groups_of(index, true), groups_of(once, true));
  rp_index_close(once);
  remove_tree(p->once);
}

/* How many steps are done: `least`, or one more. */
static int find_state(rp_index *index, int least) {
  uint64_t n = stat_of(index).n_article;
  if (n == count_kept(least)) return least;
  assert_int_equal(n, count_kept(least + 1));
  return least + 1;
}

static void look_at_copy(const char *dir, int least) {
  char path[4400];
  snprintf(path, sizeof path, "%s/current", dir);
  if (access(path, F_OK) != 0) return;
  rp_index *index = open_index(dir, RP_OPEN_READ);
  uint64_t n = stat_of(index).n_article;
  bool is_known = false;
  for (int step = least > 9 ? least - 9 : 0; step <= least + 1; step++) is_known |= n == count_kept(step);
  assert_true(is_known);
  expect_sound(index);
  rp_index_close(index);
}

/* ---- kills ------------------------------------------------------------------------------------- */

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void live(const struct place *p, int done) {
  rp_index *index = open_index(p->db, RP_OPEN_WRITE);
  for (int step = done; step < MOST_STEPS; step++) {
    say(p, step, BEGINS);
    do_step(index, p, step);
    say(p, step, ENDS);
  }
  _exit(0);
}

struct watch {
  int from;
  int step;      /* that began last; -1: none */
  bool is_going; /* it has not ended */
  double since;
  double *usual; /* seconds of a step, by kind; of TELLING: from there to its end */
};

static void hear(struct watch *w, int said) {
  w->step = said / N_SAID;
  w->is_going = said % N_SAID != ENDS;
}

/* Hears what it says until `end`, or until what is aimed at begins. */
static void wait_for(struct watch *w, unsigned aim, double end) {
  int said;
  bool is_telling = false;
  for (double left; (left = end - seconds()) > 0;) {
    struct pollfd fd = {w->from, POLLIN, 0};
    if (poll(&fd, 1, (int)(left * 1e3)) <= 0) continue;
    if (read(w->from, &said, sizeof said) != sizeof said) return;
    unsigned kind = (unsigned)(said / N_SAID % N_KIND);
    hear(w, said);
    if (said % N_SAID == ENDS) {
      double *usual = &w->usual[is_telling ? TELLING : kind];
      *usual = *usual * .7 + (seconds() - w->since) * .3;
    } else {
      is_telling = said % N_SAID == TELLS;
      w->since = seconds();
    }
    if (w->is_going && aim == (is_telling ? TELLING : kind)) return;
  }
}

/* Lets it live until what is aimed at is at a random point, or for a random
 * time; gives the steps that it has ended. */
static int live_and_die(const struct place *p, int done, unsigned aim, uint64_t *random, struct watch *w) {
  int report[2], said, status;
  assert_int_equal(pipe(report), 0);
  pid_t child = fork();
  if (child == 0) {
    struct place own = *p;
    close(report[0]);
    own.to = report[1];
    live(&own, done);
  }
  close(report[1]);
  *w = (struct watch){.from = report[0], .step = -1, .usual = w->usual};
  double part = (double)test_below(random, 1000) / 1000;
  if (aim != ANY_TIME) wait_for(w, aim, seconds() + 5);
  struct timespec rest = {0, (long)(part * (aim != ANY_TIME ? w->usual[aim] * 1.2 : .09) * 1e9)};
  if (rest.tv_nsec > 0 && rest.tv_nsec < 1000000000) nanosleep(&rest, NULL);
  kill(child, SIGKILL);
  assert_int_equal(waitpid(child, &status, 0), child);
  /* it did not end by itself: a step that failed would have */
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  while (read(report[0], &said, sizeof said) == sizeof said) hear(w, said);
  close(report[0]);
  return w->step < 0 ? done : w->is_going ? w->step : w->step + 1;
}

/* So many as are asked for, else for as long as a test may take. */
static bool is_enough(unsigned n_kill, double since) {
  const char *text = getenv("RP_TEST_KILLS");
  if (!text) return n_kill >= KILLS || (n_kill >= LEAST_KILLS && seconds() - since > MOST_SECONDS);
  return n_kill >= MOST_KILLS || n_kill >= strtoul(text, NULL, 10);
}

static void look_at_all(const struct place *p, struct reader *reader, int done) {
  rp_index *index = open_index(p->db, RP_OPEN_READ);
  expect_state(index, done);
  expect_sound(index);
  read_reports(reader, p->report);
  if (done % N_KIND != ADD) expect_content(index, p, done);
  /* the last that was done is a run */
  if (done % N_KIND == MATCH + 1)
    expect_same("reports and groups", sorted(reader->group, reader->n, false), groups_of(index, false));
  rp_index_close(index);
  look_at_copy(p->copy, done);
}

static void test_kills(void **state) {
  (void)state;
  char *dir = new_folder();
  struct place p = {.to = -1};
  snprintf(p.dir, sizeof p.dir, "%s", dir);
  snprintf(p.db, sizeof p.db, "%s/db", dir);
  snprintf(p.copy, sizeof p.copy, "%s/copy", dir);
  snprintf(p.once, sizeof p.once, "%s/once", dir);
  snprintf(p.report, sizeof p.report, "%s/report", dir);
  rp_index_close(open_index(p.db, RP_OPEN_CREATE));
  uint64_t random = 4;
  struct reader reader = {.n = 0};
  double usual[N_AIM] = {.01, .03, .01, .02, .02, .01};
  unsigned n_in[N_KIND] = {0}, n_opening = 0, n_between = 0, i = 0;
  int done = 0;
  for (double since = seconds(); !is_enough(i, since) && done < MOST_STEPS / 2; i++) {
    struct watch w = {.usual = usual};
    int least = live_and_die(&p, done, i % N_AIM, &random, &w);
    n_opening += w.step < 0;
    n_between += w.step >= 0 && !w.is_going;
    if (w.is_going) n_in[w.step % N_KIND]++;
    rp_index *index = open_index(p.db, RP_OPEN_READ);
    done = find_state(index, least);
    rp_index_close(index);
    read_reports(&reader, p.report);
    /* the same run again, by somebody who lives; else by the next one */
    if (done % N_KIND == MATCH && i % 2) {
      index = open_index(p.db, RP_OPEN_WRITE);
      do_step(index, &p, done++);
      rp_index_close(index);
    }
    look_at_all(&p, &reader, done);
  }
  print_message("%u kills:", i);
  for (int kind = 0; kind < N_KIND; kind++) print_message(" %u while %s,", n_in[kind], doing[kind]);
  print_message(" %u while opening, %u in between; %d steps, %llu runs, %u told twice, %u told in part\n", n_opening,
                n_between, done, (unsigned long long)reader.run, reader.n_twice, reader.n_part);
  assert_true(n_in[MATCH] > 0 && reader.run > 0);
  /* life goes on */
  rp_index *index = open_index(p.db, RP_OPEN_WRITE);
  int end = done + 2 * N_KIND - done % N_KIND + MATCH + 1;
  while (done < end) do_step(index, &p, done++);
  rp_index_close(index);
  look_at_all(&p, &reader, done);
  for (size_t g = 0; g < reader.n; g++) free(reader.group[g]);
  free(reader.last);
  remove_tree(dir);
  free(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_kills)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
