/* Damage from outside: bits flipped and files cut off in a small index that has
 * groups, after two nightly runs, then each command of the program as a process
 * of its own.  None crashes or hangs or gives another answer without saying so,
 * a copy is sound or is none, what a writer leaves is what it leaves of a sound
 * index, and whatever stops an answer is found by the check.  Half of the places
 * lie in what runs have found out and in the manifest. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/err.h"
#include "base/hash.h"
#include "engine/index.h"
#include "keep_help.h"
#include "store/db.h"

enum { EXCHANGED = 3 };
enum { NOW = 1600000000, DAY = 86400, CASES = 150, N_ARTICLE = 60, SECONDS = 20, REFUSED = 1, FAULT = 2, BROKEN = 3 };

/* ---- what a command finds out, as a hash ----------------------------------------------------- */

typedef struct outcome {
  int status;    /* 0, REFUSED: said that it cannot; FAULT: a signal that the program puts into words */
  uint64_t hash; /* of the answer, where status is 0 */
} outcome;

static void on_fault(int number) {
  (void)number;
  _exit(FAULT);
}

static void mix(uint64_t *hash, const void *data, size_t len) {
  *hash = *hash * UINT64_C(0x9e3779b97f4a7c15) + rp_hash64(len ? data : "", len);
}

static rp_status do_stat(rp_index *index, uint64_t *hash) {
  rp_index_stat stat = {.size = sizeof stat};
  RP_TRY(rp_index_stat_get(index, &stat, NULL));
  const uint64_t figures[] = {stat.n_article,
                              stat.n_removed,
                              stat.n_word,
                              stat.n_counted,
                              stat.n_segment,
                              stat.n_band_entry,
                              stat.n_fingerprint_entry,
                              stat.longest_band,
                              stat.longest_fingerprint,
                              stat.text_bytes,
                              stat.n_undated,
                              (uint64_t)stat.published.earliest,
                              (uint64_t)stat.published.latest};
  mix(hash, figures, sizeof figures);
  return RP_OK;
}

static rp_status do_query(rp_index *index, uint64_t *hash) {
  rp_ctx *ctx = NULL;
  RP_TRY(rp_ctx_new(index, &ctx, NULL));
  rp_status status = RP_OK;
  for (unsigned i = 0; i < N_ARTICLE && status == RP_OK; i += 3) {
    made *m = make(i, 1, NOW);
    const rp_answer *answer = NULL;
    status = rp_query(ctx, &m->article, NULL, &answer, NULL);
    for (size_t k = 0; status == RP_OK && k < answer->n_match; k++) {
      const rp_match *match = &answer->match[k];
      mix(hash, match->b->id.data, match->b->id.len);
      mix(hash, match->b->text.data, match->b->text.len);
      mix(hash, match->b->publisher.data, match->b->publisher.len);
      mix(hash, &match->coverage_a, sizeof match->coverage_a);
      mix(hash, &match->b->published, sizeof match->b->published);
    }
    made_free(m);
  }
  rp_ctx_free(ctx);
  return status;
}

static rp_status do_show(rp_index *index, uint64_t *hash) {
  rp_ctx *ctx = NULL;
  RP_TRY(rp_ctx_new(index, &ctx, NULL));
  rp_status status = RP_OK;
  for (unsigned i = 0; i < N_ARTICLE && status == RP_OK; i++) {
    made *m = make(i, 0, NOW);
    const rp_article *article = NULL;
    status = rp_index_show(ctx, i % 3 && i % 2 ? m->article.url : m->article.id, &article, NULL);
    if (status == RP_OK)
      mix(hash, article->text.data, article->text.len);
    else if (status == RP_ERR_NOT_FOUND)
      mix(hash, "none", 4);
    if (status == RP_ERR_NOT_FOUND) status = RP_OK;
    made_free(m);
  }
  rp_ctx_free(ctx);
  return status;
}

static rp_status do_expirable(rp_index *index, uint64_t *hash) {
  rp_expiry expiry = {.size = sizeof expiry};
  for (int by_seen = 0; by_seen < 2; by_seen++) {
    rp_expire_options options = {sizeof options, NOW - (int64_t)DAY * 20, by_seen};
    RP_TRY(rp_index_expirable(index, &options, &expiry, NULL));
    mix(hash, &expiry, sizeof expiry);
  }
  return RP_OK;
}

static rp_status do_check(rp_index *index, uint64_t *hash) {
  rp_check_summary summary = {.size = sizeof summary};
  rp_check_options options = {.size = sizeof options, .n_thread = 2};
  RP_TRY(rp_index_check(index, &options, &summary, NULL));
  *hash = summary.n_finding;
  return RP_OK;
}

static char copy_path[4200];

static rp_status do_backup(rp_index *index, uint64_t *hash) {
  uint64_t bytes;
  rp_index *copy = NULL;
  rp_status status = rp_index_backup(index, copy_path, &bytes, NULL);
  if (status != RP_OK) {
    if (access(copy_path, F_OK) == 0) _exit(BROKEN);
    return status;
  }
  /* what was copied is all there */
  uint64_t n_finding = 1;
  if (rp_index_open(copy_path, NULL, &copy, NULL) != RP_OK || do_check(copy, &n_finding) != RP_OK || n_finding ||
      do_show(copy, hash) != RP_OK || do_query(copy, hash) != RP_OK)
    _exit(BROKEN);
  rp_index_close(copy);
  return RP_OK;
}

/* ---- groups ------------------------------------------------------------------------------ */

static bool mix_pair(void *user, const rp_pair_record *r) {
  if (!r->match) return true;
  mix(user, r->match->a->id.data, r->match->a->id.len);
  mix(user, r->match->b->id.data, r->match->b->id.len);
  mix(user, &r->match->coverage_a, sizeof r->match->coverage_a);
  return true;
}

static rp_status do_pairs(rp_index *index, uint64_t *hash) {
  rp_all_options options = {.size = sizeof options, .n_thread = 1};
  return rp_pairs(index, &options, mix_pair, hash, NULL, NULL);
}

static bool mix_cluster(void *user, const rp_cluster *c) {
  mix(user, c->id.data, c->id.len);
  mix(user, c->lead.data, c->lead.len);
  for (size_t i = 0; i < c->n_member; i++) {
    const rp_member *m = &c->member[i];
    mix(user, m->article->id.data, m->article->id.len);
    mix(user, m->of.data, m->of.len);
    mix(user, &m->verdict, sizeof m->verdict);
    mix(user, &m->coverage, sizeof m->coverage);
    mix(user, &m->is_kept, sizeof m->is_kept);
  }
  return true;
}

static rp_status do_clusters(rp_index *index, uint64_t *hash) {
  rp_all_options options = {.size = sizeof options, .n_thread = 1};
  return rp_clusters(index, &options, mix_cluster, hash, NULL, NULL);
}

static bool mix_record(void *user, const rp_run_record *r) {
  mix(user, &r->run->number, sizeof r->run->number);
  mix(user, &r->run->n_changed, sizeof r->run->n_changed);
  if (!r->group) return true;
  mix(user, &r->what, sizeof r->what);
  for (size_t i = 0; i < r->n_left; i++) mix(user, r->left[i].id.data, r->left[i].id.len);
  return mix_cluster(user, r->group);
}

static rp_status open_job(rp_index *index, rp_job **out) {
  static const rp_job_options options = {.size = sizeof options, .n_thread = 1, .wait = true, .now = NOW};
  return rp_job_open(index, &options, out, NULL);
}

static rp_status do_again(rp_index *index, uint64_t *hash) {
  rp_job *job = NULL;
  RP_TRY(open_job(index, &job));
  rp_status status = rp_job_tell(job, NULL, mix_record, hash, NULL, NULL);
  rp_job_close(job);
  return status;
}

static rp_status do_dedup(rp_index *index, uint64_t *hash) {
  rp_job *job = NULL;
  bool has_run = false;
  RP_TRY(open_job(index, &job));
  rp_status status = rp_job_run(job, &has_run, NULL, NULL);
  if (status == RP_OK && has_run) status = rp_job_tell(job, NULL, mix_record, hash, NULL, NULL);
  if (status == RP_OK) status = rp_job_finish(job, NULL);
  rp_job_close(job);
  return status == RP_OK ? do_clusters(index, hash) : status;
}

static rp_status open_keeper(rp_index *index, rp_writer **out) {
  static const rp_writer_options options = {.size = sizeof options, .n_thread = 1, .now = NOW};
  return rp_writer_open(index, &options, out, NULL);
}

static rp_status do_compact(rp_index *index, uint64_t *hash) {
  rp_writer *w = NULL;
  RP_TRY(open_keeper(index, &w));
  rp_status status = rp_writer_compact(w, NULL);
  rp_writer_close(w);
  if (status != RP_OK) return status;
  /* what was written anew is all there */
  uint64_t n_finding = 1;
  if (do_check(index, &n_finding) != RP_OK || n_finding) _exit(BROKEN);
  RP_TRY(do_clusters(index, hash));
  return do_again(index, hash);
}

static rp_status do_expire(rp_index *index, uint64_t *hash) {
  rp_writer *w = NULL;
  rp_expire_options options = {sizeof options, NOW - (int64_t)DAY * 20, false};
  rp_expiry expiry = {.size = sizeof expiry};
  RP_TRY(open_keeper(index, &w));
  rp_status status = rp_writer_expire(w, &options, &expiry, NULL);
  rp_writer_close(w);
  mix(hash, &expiry, sizeof expiry);
  return status;
}

typedef struct command {
  rp_status (*run)(rp_index *index, uint64_t *hash);
  const char *name;
  bool is_writer;
} command;
/* the check is the last of those that write nothing */
static const command commands[] = {
    {do_stat, "stat", false},           {do_query, "query", false},    {do_show, "show", false},
    {do_expirable, "expirable", false}, {do_backup, "backup", false},  {do_pairs, "pairs", false},
    {do_clusters, "clusters", false},   {do_again, "again", true},     {do_check, "check", false},
    {do_dedup, "dedup", true},          {do_compact, "compact", true}, {do_expire, "expire", true}};
enum { N_COMMAND = sizeof commands / sizeof *commands, CHECK = 8, FIRST_WRITER = 9 };

static outcome run(const char *db, const command *what) {
  int result[2];
  outcome o = {.status = -1};
  assert_int_equal(pipe(result), 0);
  pid_t child = fork();
  if (child == 0) {
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGABRT};
    struct sigaction action = {.sa_handler = on_fault};
    for (size_t i = 0; i < 3; i++) sigaction(numbers[i], &action, NULL);
    /* LMDB says what it asserts */
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    alarm(SECONDS);
    rp_index *index = NULL;
    uint64_t hash = 0;
    rp_open_options options = {.size = sizeof options, .wait = true};
    options.mode = what->is_writer ? RP_OPEN_WRITE : RP_OPEN_READ;
    if (rp_index_open(db, &options, &index, NULL) != RP_OK || what->run(index, &hash) != RP_OK) _exit(REFUSED);
    if (write(result[1], &hash, sizeof hash) != sizeof hash) _exit(BROKEN);
    _exit(0);
  }
  close(result[1]);
  int status = 0;
  if (read(result[0], &o.hash, sizeof o.hash) != sizeof o.hash) o.hash = 0;
  close(result[0]);
  assert_int_equal(waitpid(child, &status, 0), child);
  if (!WIFEXITED(status)) fail_msg("a signal %d: a crash, or a hang of %d seconds", WTERMSIG(status), (int)SECONDS);
  o.status = WEXITSTATUS(status);
  remove_tree(copy_path);
  return o;
}

/* ---- damage ------------------------------------------------------------------------------------ */

typedef struct file {
  char path[4300];
  uint8_t *data;
  size_t len;
} file;

static void read_whole(file *f) {
  int fd = open(f->path, O_RDONLY);
  struct stat st;
  assert_true(fd >= 0 && fstat(fd, &st) == 0);
  f->len = (size_t)st.st_size;
  f->data = malloc(f->len + 1);
  assert_non_null(f->data);
  assert_int_equal(read(fd, f->data, f->len), (ssize_t)f->len);
  close(fd);
}

static void write_whole(const char *path, const uint8_t *data, size_t len) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, data, len), (ssize_t)len);
  close(fd);
}

/* One bit, eight bytes, a sector of zeros, two pages exchanged, cut off.  An
 * exchange may bring a page of an earlier batch back, and with it an index
 * that was whole then: nothing in it can tell. */
static size_t harm(uint64_t *random, uint8_t *data, size_t len, int kind, size_t at) {
  if (kind == 0) {
    data[at] ^= (uint8_t)(1 << test_below(random, 8));
  } else if (kind == 1) {
    for (size_t i = at; i < len && i < at + 8; i++) data[i] = (uint8_t)test_random(random);
  } else if (kind == 2) {
    at -= at % 512;
    memset(data + at, 0, len - at < 512 ? len - at : 512);
  } else if (kind == EXCHANGED) {
    size_t other = test_below(random, len / 4096) * 4096;
    at -= at % 4096;
    for (size_t i = 0; i < 4096; i++) {
      uint8_t byte = data[at + i];
      data[at + i] = data[other + i];
      data[other + i] = byte;
    }
  } else {
    return at;
  }
  return len;
}

/* ---- where what runs have found out lies ---------------------------------------------------- */

typedef struct part {
  size_t at, len;
} part;
typedef struct parts {
  part part[64];
  size_t n;
} parts;

static void add_part(parts *p, const file *f, const void *value, size_t len) {
  for (size_t at = 0; len && at + len <= f->len; at++) {
    if (memcmp(f->data + at, value, len) != 0) continue;
    assert_true(p->n < sizeof p->part / sizeof *p->part);
    p->part[p->n++] = (part){at, len};
    return;
  }
}

static void find_parts(const char *db, const file *f, parts *p) {
  rp_index *index = open_index(db, RP_OPEN_READ);
  rp_snapshot *snapshot;
  OK(rp_snapshot_begin(index->store, &snapshot, &error));
  for (unsigned s = 0; s < RP_N_STREAM; s++) {
    uint32_t first, end;
    rp_snapshot_notes(snapshot, s, &first, &end);
    for (uint32_t i = first; i < end; i++) {
      rp_str note;
      OK(rp_snapshot_note(snapshot, s, i, &note, &error));
      add_part(p, f, note.data, note.len);
    }
  }
  rp_snapshot_end(snapshot);
  rp_index_close(index);
  char path[4300];
  rp_db store = {0};
  rp_txn txn;
  rp_bytes manifest;
  snprintf(path, sizeof path, "%s/1", db);
  OK(rp_db_open(&store, path, false, false, 0, &error));
  OK(rp_db_begin(&store, false, &txn, &error));
  OK(rp_db_get(&txn, rp_key_of(RP_KIND_MANIFEST), &manifest, &error));
  add_part(p, f, manifest.data, manifest.len);
  rp_db_abort(&txn);
  rp_db_close(&store);
  assert_true(p->n > 5);
}

static size_t choose(const parts *p, const file *f, uint64_t *random, bool is_aimed) {
  if (!is_aimed) return test_below(random, f->len);
  const part *x = &p->part[test_below(random, p->n)];
  return x->at + test_below(random, x->len);
}

/* ---- all of it --------------------------------------------------------------------------------- */

static bool ignore_record(void *user, const rp_run_record *record) {
  (void)user, (void)record;
  return true;
}

static void run_night(rp_index *index) {
  rp_job *job = NULL;
  bool has_run = false;
  OK(open_job(index, &job));
  OK(rp_job_run(job, &has_run, NULL, &error));
  assert_true(has_run);
  OK(rp_job_tell(job, NULL, ignore_record, NULL, NULL, &error));
  OK(rp_job_finish(job, &error));
  rp_job_close(job);
}

static void add_some(rp_index *index, unsigned first, unsigned end, const char *removed) {
  rp_writer *w = open_writer(index, NOW);
  for (unsigned i = first; i < end; i++) add(w, i, 0, i % 9 ? NOW - (int64_t)DAY * i : 0);
  OK(rp_writer_commit(w, &error));
  if (removed) OK(rp_writer_remove(w, TEST_STR(removed), &error));
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
}

/* A segment whose tables are values of their own, and some in a single value. */
static void make_index(const char *db) {
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  add_some(index, 0, 40, NULL);
  run_night(index);
  add_some(index, 40, 54, "story-7");
  run_night(index);
  add_some(index, 54, N_ARTICLE, "story-21");
  rp_index_close(index);
}

/* The index as it was, but for `data`. */
static void lay(const char *db, const uint8_t *data, size_t len) {
  char path[4400];
  remove_tree(db);
  assert_int_equal(mkdir(db, 0777), 0);
  snprintf(path, sizeof path, "%s/1", db);
  assert_int_equal(mkdir(path, 0777), 0);
  snprintf(path, sizeof path, "%s/1/data.mdb", db);
  write_whole(path, data, len);
  snprintf(path, sizeof path, "%s/current", db);
  write_whole(path, (const uint8_t *)"1\n", 2);
}

static void run_all(const char *db, const uint8_t *data, size_t len, outcome *out) {
  for (int k = 0; k < N_COMMAND; k++) {
    if (k == 0 || k > FIRST_WRITER) lay(db, data, len);
    out[k] = run(db, &commands[k]);
  }
}

static void test_damage(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  snprintf(copy_path, sizeof copy_path, "%s/copy", dir);
  make_index(db);
  file f = {.data = NULL};
  parts aim = {.n = 0};
  snprintf(f.path, sizeof f.path, "%s/1/data.mdb", db);
  read_whole(&f);
  find_parts(db, &f, &aim);
  outcome good[N_COMMAND], o[N_COMMAND];
  run_all(db, f.data, f.len, good);
  for (int k = 0; k < N_COMMAND; k++)
    if (good[k].status != 0) fail_msg("%s fails on the sound index", commands[k].name);
  assert_int_equal(good[CHECK].hash, 0);
  uint8_t *data = malloc(f.len);
  assert_non_null(data);
  uint64_t random = 20;
  int n_refused = 0, n_found = 0, n_fault = 0;
  for (int i = 0; i < CASES; i++) {
    int kind = i % 5;
    memcpy(data, f.data, f.len);
    run_all(db, data, harm(&random, data, f.len, kind, choose(&aim, &f, &random, i / 5 % 2)), o);
    bool is_found = o[CHECK].status != 0 || o[CHECK].hash > 0, is_stopped = false;
    for (int k = 0; k < N_COMMAND; k++) {
      n_fault += o[k].status == FAULT;
      if (k == CHECK) continue;
      if (o[k].status == BROKEN) fail_msg("case %d: %s leaves what is not sound", i, commands[k].name);
      if (o[k].status == 0 && o[k].hash != good[k].hash && kind != EXCHANGED)
        fail_msg("case %d: another answer of %s", i, commands[k].name);
      if (o[k].status != 0 && !is_found)
        fail_msg("case %d: %s stops, and the check finds nothing", i, commands[k].name);
      is_stopped |= o[k].status != 0;
    }
    n_refused += is_stopped;
    n_found += is_found;
  }
  print_message("%d cases: %d stopped an answer, %d were found; %d signals of %d runs\n", (int)CASES, n_refused,
                n_found, n_fault, CASES * (int)N_COMMAND);
  assert_true(n_found >= n_refused && n_refused > CASES / 4);
  free(data);
  free(f.data);
  remove_tree(dir);
  free(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_damage)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
