/* Who adds, expires, compacts and copies is killed at any moment.  Afterwards
 * all that was done is there, what was being done is there or is not, and the
 * check finds nothing; a copy is whole or is none. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "keep_help.h"

enum { DAY = 86400, START = 1600000000, PER_STEP = 30, KEPT_DAYS = 24, KILLS = 120, MOST_STEPS = 4000 };

/* ---- a life, step by step ----------------------------------------------------------------- */

static int64_t day(int step) { return START + (int64_t)DAY * step; }

static void add_step(rp_index *index, int step) {
  rp_writer *w = open_writer(index, day(step));
  for (unsigned i = 0; i < PER_STEP; i++) {
    unsigned number = (unsigned)step * PER_STEP + i;
    add(w, number, 0, i % 5 ? day(step) : 0);
  }
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
}

static void expire_step(rp_index *index, int step) {
  rp_writer *w = open_writer(index, day(step));
  rp_expire_options options = {sizeof options, day(step - KEPT_DAYS), false};
  rp_expiry expiry = {.size = sizeof expiry};
  OK(rp_writer_expire(w, &options, &expiry, &error));
  rp_writer_close(w);
}

static void compact_step(rp_index *index, int step) {
  rp_writer *w = open_writer(index, day(step));
  OK(rp_writer_compact(w, &error));
  rp_writer_close(w);
}

static void copy_step(rp_index *index, const char *copy) {
  uint64_t bytes;
  remove_tree(copy);
  OK(rp_index_backup(index, copy, &bytes, &error));
}

static void do_step(rp_index *index, const char *copy, int step) {
  switch (step % 4) {
    case 0: add_step(index, step); break;
    case 1: expire_step(index, step); break;
    case 2: compact_step(index, step); break;
    default: copy_step(index, copy); break;
  }
}

/* Is an article of the step `from` there when the first `done` steps are? */
static bool is_kept(int from, int done) {
  int last = done - 1;
  while (last >= 0 && last % 4 != 1) last--;
  return from < done && (last < 0 || from >= last - KEPT_DAYS);
}

static uint64_t count_kept(int done) {
  uint64_t n = 0;
  for (int step = 0; step < done; step += 4) n += is_kept(step, done) ? PER_STEP : 0;
  return n;
}

/* ---- what is there afterwards ----------------------------------------------------------------- */

static void expect_state(rp_index *index, int done) {
  rp_ctx *ctx = NULL;
  OK(rp_ctx_new(index, &ctx, &error));
  for (int step = 0; step < done; step += 4) {
    for (unsigned i = 0; i < PER_STEP; i += 7) {
      char id[32];
      const rp_article *article;
      snprintf(id, sizeof id, "story-%u", (unsigned)step * PER_STEP + i);
      rp_status status = rp_index_show(ctx, TEST_STR(id), &article, &error);
      assert_int_equal(status, is_kept(step, done) ? RP_OK : RP_ERR_NOT_FOUND);
    }
  }
  rp_ctx_free(ctx);
}

/* How many steps are done: `least`, or one more. */
static int find_state(rp_index *index, int least) {
  uint64_t n = stat_of(index).n_article;
  if (n == count_kept(least)) return least;
  assert_int_equal(n, count_kept(least + 1));
  return least + 1;
}

static void look_at_copy(const char *copy, int least) {
  char path[4300];
  snprintf(path, sizeof path, "%s/current", copy);
  if (access(path, F_OK) != 0) return;
  rp_index *index = open_index(copy, RP_OPEN_READ);
  uint64_t n = stat_of(index).n_article;
  bool is_known = false;
  for (int step = least > 8 ? least - 8 : 0; step <= least + 1; step++) is_known |= n == count_kept(step);
  assert_true(is_known);
  expect_sound(index);
  rp_index_close(index);
}

static void test_kills(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200], copy[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  snprintf(copy, sizeof copy, "%s/copy", dir);
  rp_index_close(open_index(db, RP_OPEN_CREATE));
  uint64_t random = 4;
  int done = 0, n_in[4] = {0};
  for (int i = 0; i < KILLS && done < MOST_STEPS; i++) {
    int report[2], step, last = done - 1;
    assert_int_equal(pipe(report), 0);
    pid_t child = fork();
    if (child == 0) {
      close(report[0]);
      rp_index *index = open_index(db, RP_OPEN_WRITE);
      for (step = done; step < MOST_STEPS; step++) {
        do_step(index, copy, step);
        if (write(report[1], &step, sizeof step) != sizeof step) _exit(1);
      }
      _exit(0);
    }
    close(report[1]);
    nanosleep(&(struct timespec){0, (long)test_below(&random, 90) * 1000000 + 1000000}, NULL);
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    /* it did not end by itself: a step that failed would have */
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(report[0], &step, sizeof step) == sizeof step) last = step;
    close(report[0]);
    n_in[(last + 1) % 4]++;
    rp_index *index = open_index(db, RP_OPEN_READ);
    done = find_state(index, last + 1);
    expect_state(index, done);
    expect_sound(index);
    rp_index_close(index);
    look_at_copy(copy, done);
  }
  print_message("%d kills: %d while adding, %d expiring, %d compacting, %d copying; %d steps\n", (int)KILLS, n_in[0],
                n_in[1], n_in[2], n_in[3], done);
  /* life goes on */
  rp_index *index = open_index(db, RP_OPEN_WRITE);
  for (int step = done; step < done + 8; step++) do_step(index, copy, step);
  expect_state(index, done + 8);
  expect_sound(index);
  rp_index_close(index);
  index = open_index(copy, RP_OPEN_READ);
  expect_sound(index);
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_kills)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
