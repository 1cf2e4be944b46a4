/* Writers that die, disks that are full, memory and address space that run out. */
#include "store_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#endif

static int wait_for(pid_t child) {
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* ---- kill -9 ---- */

/* Step i of a life: the same for the one who is killed and the one who checks. */
static void step_of_model(model *m, int i, model_batch *b) {
  uint32_t n = i % 5 == 4 ? 300 : 1 + (uint32_t)i % 7;
  *b = model_add(m, n, i % 3 ? 3 : 0, i % 4 ? 2 : 0);
}

static void live(const char *dir, model *m, int from, int report) {
  rp_store_options options = {.write = true, .wait = true};
  rp_store *store;
  if (rp_store_open(dir, &options, &store, NULL) != RP_OK) _exit(1);
  for (int i = from;; i++) {
    model_batch b;
    step_of_model(m, i, &b);
    if (rp_store_commit(store, &b.batch, NULL, NULL) != RP_OK) _exit(2);
    batch_release(&b);
    if (write(report, &i, sizeof i) != sizeof i) _exit(3);
    if (i % 11 == 10 && rp_store_merge(store, 1, NULL) != RP_OK) _exit(4);
    if (i % 13 == 12 && rp_store_compact(store, 1, NULL) != RP_OK) _exit(5);
    if (m->n_doc > MAX_DOCS - 400) _exit(0);
  }
}

static uint32_t numbers_of(const char *dir) {
  rp_store *store = open_store(dir, false);
  rp_snapshot *s = NULL;
  OK(rp_snapshot_begin(store, &s, &error));
  uint32_t n = rp_snapshot_numbers(s);
  rp_snapshot_end(s);
  rp_store_close(store);
  return n;
}

static void test_killed_writers(void **state) {
  (void)state;
  enum { KILLS = 25 };
  char *dir = new_folder();
  uint64_t random = 99;
  rp_store_close(open_store(dir, true));
  model *m = model_new(77);
  int done = 0; /* steps that are in the model and, so it is claimed, in the store */
  /* on a slow machine most writers die before their first commit: the ones
   * after them live longer, until enough have committed something */
  for (int kill_number = 0; kill_number < 20 * KILLS && m->n_doc < MAX_DOCS / 2; kill_number++) {
    if (kill_number >= KILLS && done > KILLS / 4) break;
    int report[2], step, last = done - 1;
    assert_int_equal(pipe(report), 0);
    pid_t child = fork();
    if (child == 0) {
      close(report[0]);
      live(dir, m, done, report[1]);
    }
    close(report[1]);
    long ms = 1 + (long)below(&random, 30) * (1 + 2 * (kill_number / KILLS));
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000 + (long)below(&random, 1000000)}, NULL);
    kill(child, SIGKILL);
    assert_int_equal(wait_for(child), 1000 + SIGKILL);
    while (read(report[0], &step, sizeof step) == sizeof step) last = step;
    close(report[0]);
    uint32_t n = numbers_of(dir);
    while (done <= last || m->n_doc < n) {
      model_batch b;
      step_of_model(m, done++, &b);
      batch_release(&b);
    }
    assert_int_equal(m->n_doc, n);
    rp_store *store = open_store(dir, false);
    check_all(m, store, 10);
    rp_store_close(store);
  }
  print_message("%d kills, %d batches committed, %u documents\n", (int)KILLS, done, (unsigned)m->n_doc);
  assert_true(done > KILLS / 4);
  model_free(m);
  drop_folder(dir);
}

/* Creation is killed: afterwards there is a whole store or none. */
static void test_killed_creation(void **state) {
  (void)state;
  uint64_t random = 5;
  for (int i = 0; i < 30; i++) {
    char *dir = new_folder(), path[4200];
    rp_store *store = NULL;
    snprintf(path, sizeof path, "%s/new", dir);
    pid_t child = fork();
    if (child == 0) {
      rp_store_options options = {.create = true, .write = true};
      (void)!rp_store_open(path, &options, &store, NULL);
      _exit(0);
    }
    nanosleep(&(struct timespec){0, (long)below(&random, 2000000)}, NULL);
    kill(child, SIGKILL);
    (void)wait_for(child);
    rp_store_options options = {.write = true};
    rp_status status = rp_store_open(path, &options, &store, &error);
    assert_true(status == RP_OK || status == RP_ERR_NOT_FOUND || status == RP_ERR_NOT_INDEX);
    if (status == RP_OK) rp_store_close(store);
    store = open_store(path, true);
    rp_store_close(store);
    drop_folder(dir);
  }
}

/* ---- a full disk ---- */

static int fill_disk(const char *dir) {
  model *m = model_new(31);
  rp_store *store = open_store(dir, true);
  commit_random(store, m, 300, 0, 0);
  struct rlimit old, limit;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &old);
  limit = old;
  limit.rlim_cur = (rlim_t)6 << 20;
  setrlimit(RLIMIT_FSIZE, &limit);
  rp_status status = RP_OK;
  for (int i = 0; i < 60 && status == RP_OK; i++) {
    uint32_t before = m->n_doc;
    model_batch b = model_add(m, 300, 0, 0);
    memset(m->counter, 0, sizeof m->counter);
    memset(b.batch.counter, 0, sizeof b.batch.counter);
    status = rp_store_commit(store, &b.batch, NULL, &error);
    batch_release(&b);
    if (status != RP_OK) model_forget(m, before);
  }
  if (status != RP_ERR_FULL) fail_msg("%s: %s", rp_status_name(status), error.message);
  rp_snapshot *s = NULL;
  rp_store_stat st;
  OK(rp_snapshot_begin(store, &s, &error));
  OK(rp_snapshot_stat(s, &st, &error));
  for (int i = 0; i < RP_N_COUNTER; i++) m->counter[i] = (int64_t)st.counter[i];
  rp_snapshot_end(s);
  check_all(m, store, 30);
  assert_int_equal(rp_store_compact(store, 1, &error) == RP_OK || error.status == RP_ERR_FULL, 1);
  check_all(m, store, 30);
  setrlimit(RLIMIT_FSIZE, &old);
  commit_random(store, m, 300, 9, 9);
  OK(rp_store_merge(store, 1, &error));
  check_all(m, store, 30);
  OK(rp_store_compact(store, 1, &error));
  check_all(m, store, 30);
  rp_store_close(store);
  return 0;
}

static void test_full_disk(void **state) {
  (void)state;
  char *dir = new_folder();
  pid_t child = fork();
  if (child == 0) _exit(fill_disk(dir));
  assert_int_equal(wait_for(child), 0);
  drop_folder(dir);
}

/* Creation on a full disk leaves nothing. */
static void test_full_disk_at_creation(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  snprintf(path, sizeof path, "%s/new", dir);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
    rp_store_options options = {.create = true, .write = true};
    rp_store *store;
    _exit(rp_store_open(path, &options, &store, NULL) == RP_ERR_FULL ? access(path, F_OK) == 0 : 2);
  }
  assert_int_equal(wait_for(child), 0);
  drop_folder(dir);
}

/* ---- little address space ---- */

#ifndef HAS_SANITIZER
static void limit_address_space(rlim_t more) {
  unsigned long pages = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (!f || fscanf(f, "%lu", &pages) != 1) _exit(1);
  fclose(f);
  rlim_t bytes = (rlim_t)pages * 4096 + more;
  setrlimit(RLIMIT_AS, &(struct rlimit){bytes, bytes});
}

static int outgrow_map(const char *dir) {
  enum { N = 40, BYTES = 1 << 20 };
  limit_address_space((rlim_t)700 << 20);
  rp_store *store = open_store(dir, true);
  char *data = malloc((size_t)N * BYTES);
  if (!data) return 2;
  uint64_t random = 3;
  for (size_t i = 0; i < (size_t)N * BYTES; i += 8) memcpy(data + i, &(uint64_t){next_random(&random)}, 8);
  rp_store_doc doc[N];
  for (size_t i = 0; i < N; i++) doc[i] = (rp_store_doc){.payload = {data + i * BYTES, BYTES}};
  rp_store_batch batch = {.doc = doc, .n_doc = N, .n_thread = 1};
  rp_status status = RP_OK;
  uint32_t n = 0;
  while (n < 15 * N && (status = rp_store_commit(store, &batch, NULL, &error)) == RP_OK) n += N;
  if (status != RP_ERR_FULL && status != RP_ERR_MEMORY) fail_msg("%s: %s", rp_status_name(status), error.message);
  assert_true(n >= 4 * N);
  print_message("%u MB in less than 700 MB of address space, then: %s\n", (unsigned)n, error.message);
  rp_snapshot *s = NULL;
  rp_arena arena;
  rp_arena_init(&arena);
  OK(rp_snapshot_begin(store, &s, &error));
  assert_int_equal(rp_snapshot_numbers(s), n);
  for (uint32_t i = 0; i < n; i++) {
    rp_str payload;
    OK(rp_snapshot_payload(s, i, &arena, &payload, &error));
    assert_int_equal(payload.len, BYTES);
    assert_memory_equal(payload.data, data + (size_t)(i % N) * BYTES, BYTES);
    rp_arena_clear(&arena, BYTES * 2);
  }
  /* while a snapshot is open the map must stay where it is */
  status = rp_store_commit(store, &batch, NULL, &error);
  assert_true(status == RP_ERR_BUSY || status == RP_ERR_MEMORY || status == RP_ERR_FULL);
  assert_int_equal(rp_snapshot_numbers(s), n);
  rp_snapshot_end(s);
  rp_store_close(store);
  return 0;
}

/* A job commits while it holds a snapshot: the room for that is made before. */
static int write_under_snapshots(const char *dir) {
  enum { N = 12, BYTES = 1 << 20, BATCHES = 8 };
  limit_address_space((rlim_t)200 << 20);
  char *data = calloc(1, BYTES);
  rp_store *store = open_store(dir, true);
  if (!data) return 2;
  assert_true(rp_store_is_bounded(store));
  rp_store_doc doc[N];
  for (size_t i = 0; i < N; i++) doc[i] = (rp_store_doc){.payload = {data, BYTES}};
  uint64_t random = 3;
  rp_store_batch batch = {.doc = doc, .n_doc = N, .n_thread = 1};
  for (int i = 0; i < BATCHES; i++) {
    for (size_t k = 0; k < BYTES; k += 8) memcpy(data + k, &(uint64_t){next_random(&random)}, 8);
    rp_snapshot *s = NULL;
    OK(rp_store_reserve(store, &error));
    OK(rp_snapshot_begin(store, &s, &error));
    OK(rp_store_reserve(store, &error)); /* nothing can be done now, and nothing is */
    OK(rp_store_commit(store, &batch, NULL, &error));
    rp_snapshot_end(s);
  }
  rp_store_close(store);
  free(data);
  return 0;
}

static void test_room_for_a_job(void **state) {
  (void)state;
  char *dir = new_folder();
  pid_t child = fork();
  if (child == 0) _exit(write_under_snapshots(dir));
  assert_int_equal(wait_for(child), 0);
  drop_folder(dir);
}

static void test_little_address_space(void **state) {
  (void)state;
  char *dir = new_folder();
  pid_t child = fork();
  if (child == 0) _exit(outgrow_map(dir));
  assert_int_equal(wait_for(child), 0);
  drop_folder(dir);
}
#endif

/* ---- no memory ---- */

static rp_status use(const char *dir, const model_batch *b, const model *m, bool *is_committed) {
  rp_store_options options = {.write = true};
  rp_store *store = NULL;
  rp_snapshot *s = NULL;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_status status = rp_store_open(dir, &options, &store, &error);
  if (status == RP_OK) status = rp_store_commit(store, &b->batch, NULL, &error);
  *is_committed = status == RP_OK;
  if (status == RP_OK) status = rp_snapshot_begin(store, &s, &error);
  for (uint64_t i = 0; i < 10 && status == RP_OK; i++) {
    rp_list list;
    rp_entry near[5];
    size_t n;
    status = rp_snapshot_find(s, RP_TABLE_FINGERPRINT, model_hash(m, i), &arena, &list, &error);
    if (status == RP_OK) status = rp_list_nearest(s, &list, i % 2 ? 5 : RP_ROW_UNDATED, 5, &arena, near, &n, &error);
  }
  rp_str payload;
  if (status == RP_OK) status = rp_snapshot_payload(s, rp_snapshot_numbers(s) - 1, &arena, &payload, &error);
  rp_snapshot_end(s);
  if (status == RP_OK) status = rp_store_merge(store, 2, &error);
  if (status == RP_OK) status = rp_store_compact(store, 2, &error);
  rp_store_close(store);
  rp_arena_release(&arena);
  return status;
}

static void test_no_memory(void **state) {
  (void)state;
  char *dir = new_folder();
  model *m = model_new(41);
  rp_store *store = open_store(dir, true);
  for (int i = 0; i < 5; i++) commit_random(store, m, 20, 2, 2);
  rp_store_close(store);
  long n = 0;
  int n_failed = 0;
  for (bool is_done = false; !is_done; n += n < 120 ? 1 : 7) {
    /* removals and replacements of the model would have to be taken back */
    model_batch b = model_add(m, 10, 0, 0);
    bool is_committed = false;
    memset(b.batch.counter, 0, sizeof b.batch.counter);
    rp_mem_fail_after(n + 1);
    rp_status status = use(dir, &b, m, &is_committed);
    rp_mem_fail_after(0);
    is_done = status == RP_OK;
    if (!is_done && status != RP_ERR_MEMORY) fail_msg("%s: %s", rp_status_name(status), error.message);
    n_failed += !is_done;
    if (!is_committed) model_forget(m, m->n_doc - 10);
    batch_release(&b);
    store = open_store(dir, false);
    rp_snapshot *s = NULL;
    rp_store_stat st;
    OK(rp_snapshot_begin(store, &s, &error));
    assert_int_equal(rp_snapshot_numbers(s), m->n_doc);
    OK(rp_snapshot_stat(s, &st, &error));
    for (int i = 0; i < RP_N_COUNTER; i++) m->counter[i] = (int64_t)st.counter[i];
    rp_snapshot_end(s);
    if (n % 50 == 0 || is_done) check_all(m, store, 10);
    rp_store_close(store);
  }
  print_message("%d failed allocations\n", n_failed);
  assert_true(n_failed > 50);
  model_free(m);
  drop_folder(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_killed_writers),
      cmocka_unit_test(test_killed_creation),
      cmocka_unit_test(test_full_disk),
      cmocka_unit_test(test_full_disk_at_creation),
#ifndef HAS_SANITIZER
      cmocka_unit_test(test_little_address_space),
      cmocka_unit_test(test_room_for_a_job),
#endif
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
