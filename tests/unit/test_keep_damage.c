/* Damage from outside: bits flipped and files cut off in a small index, then
 * each command of the program as a process of its own.  None crashes or hangs
 * or gives another answer without saying so, a copy is sound or is none, and
 * whatever stops an answer is found by the check. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/err.h"
#include "base/hash.h"
#include "keep_help.h"

enum { EXCHANGED = 3 };
enum { NOW = 1600000000, CASES = 500, N_ARTICLE = 60, SECONDS = 20, REFUSED = 1, FAULT = 2, BROKEN = 3 };

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
    rp_expire_options options = {sizeof options, NOW - 86400 * 20, by_seen};
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

typedef rp_status (*command)(rp_index *index, uint64_t *hash);
static const command commands[] = {do_stat, do_query, do_show, do_expirable, do_backup, do_check};
enum { N_COMMAND = sizeof commands / sizeof *commands, CHECK = N_COMMAND - 1 };

static outcome run(const char *db, command what) {
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
    if (rp_index_open(db, NULL, &index, NULL) != RP_OK || what(index, &hash) != RP_OK) _exit(REFUSED);
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

static void write_whole(const file *f, const uint8_t *data, size_t len) {
  int fd = open(f->path, O_WRONLY | O_TRUNC);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, data, len), (ssize_t)len);
  close(fd);
}

/* One bit, eight bytes, a sector of zeros, two pages exchanged, cut off.  An
 * exchange may bring a page of an earlier batch back, and with it an index
 * that was whole then: nothing in it can tell. */
static size_t harm(uint64_t *random, uint8_t *data, size_t len, int kind) {
  size_t at = test_below(random, len);
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

static void make_index(const char *db) {
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  rp_writer *w = open_writer(index, NOW);
  for (unsigned i = 0; i < N_ARTICLE; i++) {
    add(w, i, 0, i % 9 ? NOW - 86400 * (int64_t)i : 0);
    /* a segment whose tables are values of their own, and one in a single value */
    if (i == 39) OK(rp_writer_commit(w, &error));
  }
  OK(rp_writer_remove(w, TEST_STR("story-7"), &error));
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  rp_index_close(index);
}

static void test_damage(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  snprintf(copy_path, sizeof copy_path, "%s/copy", dir);
  make_index(db);
  file f = {.data = NULL};
  snprintf(f.path, sizeof f.path, "%s/1/data.mdb", db);
  read_whole(&f);
  outcome good[N_COMMAND];
  for (int k = 0; k < N_COMMAND; k++) {
    good[k] = run(db, commands[k]);
    assert_int_equal(good[k].status, 0);
  }
  assert_int_equal(good[CHECK].hash, 0);
  uint8_t *data = malloc(f.len);
  assert_non_null(data);
  uint64_t random = 20;
  int n_refused = 0, n_found = 0, n_fault = 0;
  for (int i = 0; i < CASES; i++) {
    memcpy(data, f.data, f.len);
    write_whole(&f, data, harm(&random, data, f.len, i % 5));
    outcome check = run(db, commands[CHECK]);
    bool is_found = check.status != 0 || check.hash > 0, is_stopped = false;
    for (int k = 0; k < CHECK; k++) {
      outcome o = run(db, commands[k]);
      if (o.status == BROKEN) fail_msg("case %d: a copy that is not sound", i);
      if (o.status == 0 && o.hash != good[k].hash && i % 5 != EXCHANGED)
        fail_msg("case %d: another answer of command %d", i, k);
      if (o.status != 0 && !is_found) fail_msg("case %d: command %d is stopped, and the check finds nothing", i, k);
      is_stopped |= o.status != 0;
      n_fault += o.status == FAULT;
    }
    n_fault += check.status == FAULT;
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
