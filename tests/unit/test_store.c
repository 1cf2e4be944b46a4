#include "store_fixture.h"

#include <time.h>

#include "store/db.h"

/* ---- against the model ---- */

static void test_random_batches(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    char *dir = new_folder();
    model *m = model_new(seed);
    rp_store *store = open_store(dir, true);
    check_all(m, store, 10);
    for (int step = 0; step < 24; step++) {
      uint32_t kind = below(&m->random, 10);
      if (kind < 6)
        commit_random(store, m, 1 + below(&m->random, step % 5 ? 30 : 900), below(&m->random, 20), 4);
      else if (kind == 6)
        commit_random(store, m, 0, 30, 5);
      else if (kind == 7)
        OK(rp_store_merge(store, 2, &error));
      else if (kind == 8)
        OK(rp_store_compact(store, 2, &error));
      else {
        rp_store_close(store);
        store = open_store(dir, step % 2);
      }
      if (step % 4 == 3) check_all(m, store, 25);
    }
    OK(rp_store_merge(store, 1, &error));
    check_all(m, store, 60);
    OK(rp_store_compact(store, 1, &error));
    check_all(m, store, 60);
    rp_store_close(store);
    store = open_store(dir, false);
    check_all(m, store, 60);
    rp_store_close(store);
    model_free(m);
    drop_folder(dir);
  }
}

/* The same batches give the same postings, blocks and values on any number of threads. */
static char *read_file(const char *path, size_t *len) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  fseek(f, 0, SEEK_END);
  *len = (size_t)ftell(f);
  rewind(f);
  char *data = malloc(*len + 1);
  assert_non_null(data);
  assert_int_equal(fread(data, 1, *len, f), *len);
  fclose(f);
  return data;
}

static void test_threads_do_not_matter(void **state) {
  (void)state;
  char *data[2];
  size_t len[2];
  for (unsigned i = 0; i < 2; i++) {
    char *dir = new_folder(), path[4200];
    model *m = model_new(11);
    m->n_thread = i ? 5 : 1;
    rp_store *store = open_store(dir, true);
    for (int step = 0; step < 12; step++) commit_random(store, m, step == 3 ? 2000 : 40, 10, 3);
    OK(rp_store_merge(store, m->n_thread, &error));
    OK(rp_store_compact(store, m->n_thread, &error));
    rp_store_close(store);
    snprintf(path, sizeof path, "%s/2/data.mdb", dir);
    data[i] = read_file(path, &len[i]);
    model_free(m);
    drop_folder(dir);
  }
  assert_int_equal(len[0], len[1]);
  assert_memory_equal(data[0], data[1], len[0]);
  free(data[0]);
  free(data[1]);
}

/* ---- what is a store ---- */

static rp_status try_open(const char *dir, bool create, bool write) {
  rp_store *store = NULL;
  rp_store_options options = {.create = create, .write = write, .settings = {"x", 1}};
  rp_status status = rp_store_open(dir, &options, &store, &error);
  if (status == RP_OK)
    rp_store_close(store);
  else
    assert_true(strlen(error.message) > 0);
  return status;
}

static void write_text(const char *dir, const char *name, const char *text) {
  char path[4300];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static bool is_there(const char *dir, const char *name) {
  char path[4300];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  return access(path, F_OK) == 0;
}

static void test_what_is_a_store(void **state) {
  (void)state;
  char *dir = new_folder(), inner[4200];
  snprintf(inner, sizeof inner, "%s/none", dir);
  assert_int_equal(try_open(inner, false, false), RP_ERR_NOT_FOUND);
  assert_int_equal(try_open(dir, false, false), RP_ERR_NOT_INDEX);
  write_text(dir, "note.txt", "not ours");
  assert_int_equal(try_open(dir, true, true), RP_ERR_NOT_INDEX);
  assert_false(is_there(dir, "writer"));
  snprintf(inner, sizeof inner, "%s/note.txt", dir);
  assert_int_not_equal(try_open(inner, true, true), RP_OK);
  /* numbered folders alone are somebody else's */
  snprintf(inner, sizeof inner, "%s/a", dir);
  assert_int_equal(mkdir(inner, 0777), 0);
  snprintf(inner, sizeof inner, "%s/a/1", dir);
  assert_int_equal(mkdir(inner, 0777), 0);
  snprintf(inner, sizeof inner, "%s/a", dir);
  assert_int_equal(try_open(inner, true, true), RP_ERR_NOT_INDEX);
  /* left by a creation that died: not a store, and may become one */
  write_text(inner, "writer", "");
  assert_int_equal(try_open(inner, false, true), RP_ERR_NOT_INDEX);
  assert_int_equal(try_open(inner, true, true), RP_OK);
  assert_int_equal(try_open(inner, false, false), RP_OK);
  write_text(inner, "current", "7\n");
  assert_int_equal(try_open(inner, true, true), RP_ERR_DAMAGED);
  write_text(inner, "current", "1x\n");
  assert_int_equal(try_open(inner, true, true), RP_ERR_DAMAGED);
  snprintf(inner, sizeof inner, "%s/no/such/parent", dir);
  assert_int_not_equal(try_open(inner, true, true), RP_OK);
  drop_folder(dir);
}

static void test_settings_and_modes(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  rp_store *store = open_store(dir, true);
  rp_store_close(store);
  rp_store_options options = {.create = true, .settings = {"others", 6}};
  OK(rp_store_open(dir, &options, &store, &error));
  rp_str settings = rp_store_settings(store);
  assert_int_equal(settings.len, 18);
  assert_memory_equal(settings.data, "settings of a test", 18);
  rp_store_batch batch = {0};
  assert_int_equal(rp_store_commit(store, &batch, NULL, &error), RP_ERR_ARGUMENT);
  rp_store_close(store);
  struct stat st;
  snprintf(path, sizeof path, "%s/1/data.mdb", dir);
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0007, 0);
  drop_folder(dir);
}

static void put_header(const char *dir, uint8_t version) {
  char path[4200];
  rp_db db = {0};
  rp_txn txn;
  rp_bytes v;
  snprintf(path, sizeof path, "%s/1", dir);
  OK(rp_db_open(&db, path, true, false, 0, &error));
  OK(rp_db_begin(&db, true, &txn, &error));
  OK(rp_db_get(&txn, rp_key_of(RP_KIND_HEADER), &v, &error));
  uint8_t copy[256];
  assert_true(v.len < sizeof copy);
  memcpy(copy, v.data, v.len);
  copy[8] = version;
  OK(rp_db_put(&txn, rp_key_of(RP_KIND_HEADER), copy, v.len, &error));
  OK(rp_db_commit(&txn, &error));
  rp_db_close(&db);
}

static void test_other_version(void **state) {
  (void)state;
  char *dir = new_folder();
  rp_store_close(open_store(dir, true));
  put_header(dir, RP_FORMAT_VERSION + 1);
  assert_int_equal(try_open(dir, false, false), RP_ERR_VERSION);
  assert_non_null(strstr(error.message, "index again"));
  put_header(dir, RP_FORMAT_VERSION);
  assert_int_equal(try_open(dir, false, false), RP_OK);
  drop_folder(dir);
}

static void test_file_too_short(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  model *m = model_new(5);
  rp_store *store = open_store(dir, true);
  commit_random(store, m, 500, 0, 0);
  rp_store_close(store);
  snprintf(path, sizeof path, "%s/1/data.mdb", dir);
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(truncate(path, st.st_size / 2), 0);
  assert_int_equal(try_open(dir, false, false), RP_ERR_DAMAGED);
  assert_int_equal(truncate(path, 100), 0);
  assert_int_equal(try_open(dir, false, false), RP_ERR_DAMAGED);
  assert_int_equal(truncate(path, 0), 0);
  assert_int_equal(try_open(dir, false, true), RP_ERR_DAMAGED);
  assert_int_equal(truncate(path, 100000), 0);
  assert_int_equal(try_open(dir, false, true), RP_ERR_NOT_INDEX);
  model_free(m);
  drop_folder(dir);
}

/* ---- batches that are refused change nothing ---- */

static void refuse(rp_store *store, const rp_store_batch *batch, rp_status want) {
  assert_int_equal(rp_store_commit(store, batch, NULL, &error), want);
}

static void test_refused_batches(void **state) {
  (void)state;
  char *dir = new_folder();
  model *m = model_new(6);
  rp_store *store = open_store(dir, true);
  commit_random(store, m, 50, 0, 0);
  uint32_t one = 3, two[] = {4, 4}, beyond[] = {1, 50};
  refuse(store, &(rp_store_batch){.dead = two, .n_dead = 2}, RP_ERR_ARGUMENT);
  refuse(store, &(rp_store_batch){.dead = beyond, .n_dead = 2}, RP_ERR_ARGUMENT);
  rp_entry entry = {1, 1, 0};
  rp_store_doc doc = {.payload = {"p", 1}};
  rp_store_batch batch = {.doc = &doc, .n_doc = 1};
  batch.entry[RP_TABLE_URL] = &entry;
  batch.n_entry[RP_TABLE_URL] = 1;
  refuse(store, &batch, RP_ERR_ARGUMENT);
  rp_store_replacement change[2] = {{9, store_doc(&m->doc[9])}, {9, store_doc(&m->doc[9])}};
  refuse(store, &(rp_store_batch){.replacement = change, .n_replacement = 2}, RP_ERR_ARGUMENT);
  change[0].doc.row.earliest++;
  refuse(store, &(rp_store_batch){.replacement = change, .n_replacement = 1}, RP_ERR_ARGUMENT);
  change[0].number = 50;
  refuse(store, &(rp_store_batch){.replacement = change, .n_replacement = 1}, RP_ERR_ARGUMENT);
  doc.payload.len = (size_t)300 << 20;
  refuse(store, &(rp_store_batch){.doc = &doc, .n_doc = 1}, RP_ERR_LIMIT);
  doc = (rp_store_doc){.payload = {"p", 1}, .publisher_key = {"p", 1 << 20}};
  refuse(store, &(rp_store_batch){.doc = &doc, .n_doc = 1}, RP_ERR_LIMIT);
  check_all(m, store, 20);
  m->doc[one].is_live = false;
  OK(rp_store_commit(store, &(rp_store_batch){.dead = &one, .n_dead = 1}, NULL, &error));
  refuse(store, &(rp_store_batch){.dead = &one, .n_dead = 1}, RP_ERR_ARGUMENT);
  check_all(m, store, 20);
  rp_store_close(store);
  model_free(m);
  drop_folder(dir);
}

/* What a failed batch named is forgotten with it. */
static void test_failed_batch_leaves_no_publisher(void **state) {
  (void)state;
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  uint32_t dead = 99;
  rp_store_doc doc = {.payload = {"p", 1}, .publisher_key = {"lost.example", 12}};
  OK(rp_store_lock(store, &error));
  refuse(store, &(rp_store_batch){.doc = &doc, .n_doc = 1, .dead = &dead, .n_dead = 1}, RP_ERR_ARGUMENT);
  doc.publisher_key = (rp_str){"kept.example", 12};
  OK(rp_store_commit(store, &(rp_store_batch){.doc = &doc, .n_doc = 1}, NULL, &error));
  rp_snapshot *s = NULL;
  rp_store_stat st;
  OK(rp_snapshot_begin(store, &s, &error));
  OK(rp_snapshot_stat(s, &st, &error));
  assert_int_equal(st.n_publisher, 1);
  assert_memory_equal(rp_snapshot_publisher(s, 1).data, "kept.example", 12);
  assert_int_equal(rp_snapshot_publisher(s, 2).len, 0);
  assert_int_equal(rp_snapshot_publisher(s, 0).len, 0);
  rp_snapshot_end(s);
  rp_store_close(store);
  drop_folder(dir);
}

/* What a writer that died has left is gone when the next one begins. */
static void test_orphans_are_swept(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  rp_db db = {0};
  rp_txn txn;
  rp_bytes v;
  rp_store_close(open_store(dir, true));
  snprintf(path, sizeof path, "%s/1", dir);
  OK(rp_db_open(&db, path, true, false, 0, &error));
  OK(rp_db_begin(&db, true, &txn, &error));
  for (uint32_t i = 0; i < 5; i++) OK(rp_db_put(&txn, rp_key_segment(7, 1, i), "orphan", 6, &error));
  OK(rp_db_put(&txn, rp_key_segment(UINT32_MAX, 1, 0), "orphan", 6, &error));
  OK(rp_db_commit(&txn, &error));
  rp_db_close(&db);
  snprintf(path, sizeof path, "%s/9", dir);
  assert_int_equal(mkdir(path, 0777), 0);
  rp_store *store = open_store(dir, false);
  OK(rp_store_lock(store, &error));
  rp_store_close(store);
  assert_false(is_there(dir, "9"));
  snprintf(path, sizeof path, "%s/1", dir);
  OK(rp_db_open(&db, path, false, false, 0, &error));
  OK(rp_db_begin(&db, false, &txn, &error));
  for (uint32_t i = 0; i < 5; i++)
    assert_int_equal(rp_db_get(&txn, rp_key_segment(7, 1, i), &v, &error), RP_ERR_DAMAGED);
  assert_int_equal(rp_db_get(&txn, rp_key_segment(UINT32_MAX, 1, 0), &v, &error), RP_ERR_DAMAGED);
  rp_db_abort(&txn);
  rp_db_close(&db);
  drop_folder(dir);
}

/* After a compaction nothing of a dead document is in any file. */
static bool contains(const char *data, size_t len, const uint8_t *what, size_t n) {
  for (size_t i = 0; i + n <= len; i++)
    if (memcmp(data + i, what, n) == 0) return true;
  return false;
}

static void test_purge(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  uint8_t text[64], signature[RP_STORE_SIGNATURE], row[8];
  uint64_t random = 1, id_hash;
  for (size_t i = 0; i < sizeof text; i++) text[i] = (uint8_t)next_random(&random);
  for (size_t i = 0; i < sizeof signature; i++) signature[i] = (uint8_t)next_random(&random);
  id_hash = next_random(&random);
  for (int i = 0; i < 8; i++) row[i] = (uint8_t)(id_hash >> 8 * i);
  rp_store *store = open_store(dir, true);
  rp_store_doc doc[3] = {
      {.payload = {"first", 5}}, {.payload = {(const char *)text, sizeof text}}, {.payload = {"last", 4}}};
  doc[1].signature = signature;
  doc[1].row.id_hash = id_hash;
  uint32_t dead = 1;
  size_t len;
  OK(rp_store_commit(store, &(rp_store_batch){.doc = doc, .n_doc = 3}, NULL, &error));
  OK(rp_store_commit(store, &(rp_store_batch){.dead = &dead, .n_dead = 1}, NULL, &error));
  for (int n = 1; n <= 2; n++) {
    snprintf(path, sizeof path, "%s/%d/data.mdb", dir, n);
    char *data = read_file(path, &len);
    assert_int_equal(contains(data, len, text, sizeof text), n == 1);
    assert_int_equal(contains(data, len, signature, sizeof signature), n == 1);
    assert_int_equal(contains(data, len, row, sizeof row), n == 1);
    free(data);
    if (n == 1) OK(rp_store_compact(store, 1, &error));
  }
  rp_store_close(store);
  drop_folder(dir);
}

/* ---- snapshots ---- */

static void test_snapshot_stands_still(void **state) {
  (void)state;
  char *dir = new_folder();
  model *m = model_new(8);
  rp_store *store = open_store(dir, true);
  rp_arena arena;
  rp_arena_init(&arena);
  commit_random(store, m, 400, 0, 0);
  commit_random(store, m, 400, 50, 9);
  rp_snapshot *old = NULL, *other = NULL;
  OK(rp_snapshot_begin(store, &old, &error));
  OK(rp_snapshot_begin(store, &other, &error));
  enum { N = 40 };
  uint64_t hash[N], count[N];
  rp_str payload[20];
  for (int i = 0; i < N; i++) {
    rp_list list;
    hash[i] = model_hash(m, (uint64_t)i);
    OK(rp_snapshot_find(other, RP_TABLE_FINGERPRINT, hash[i], &arena, &list, &error));
    count[i] = list.n;
  }
  for (uint32_t i = 0; i < 20; i++)
    if (rp_snapshot_is_live(other, i)) OK(rp_snapshot_payload(other, i, &arena, &payload[i], &error));
  rp_snapshot_end(other);
  for (int i = 0; i < 12; i++) commit_random(store, m, 60, 40, 200);
  OK(rp_store_merge(store, 2, &error));
  OK(rp_store_compact(store, 2, &error));
  commit_random(store, m, 60, 200, 100);
  OK(rp_store_compact(store, 2, &error));
  assert_int_equal(rp_snapshot_numbers(old), 800);
  for (int i = 0; i < N; i++) {
    rp_list list;
    OK(rp_snapshot_find(old, RP_TABLE_FINGERPRINT, hash[i], &arena, &list, &error));
    assert_int_equal(list.n, count[i]);
  }
  for (uint32_t i = 0; i < 20; i++) {
    rp_str again;
    if (!rp_snapshot_is_live(old, i)) continue;
    OK(rp_snapshot_payload(old, i, &arena, &again, &error));
    assert_int_equal(again.len, payload[i].len);
    assert_memory_equal(again.data, payload[i].data, again.len);
  }
  rp_snapshot_end(old);
  check_all(m, store, 30);
  assert_true(is_there(dir, "3/data.mdb"));
  assert_false(is_there(dir, "1"));
  assert_false(is_there(dir, "2"));
  rp_arena_release(&arena);
  rp_store_close(store);
  model_free(m);
  drop_folder(dir);
}

static void test_dead_segments_are_dropped(void **state) {
  (void)state;
  char *dir = new_folder();
  model *m = model_new(9);
  rp_store *store = open_store(dir, true);
  uint32_t dead[100];
  commit_random(store, m, 100, 0, 0);
  commit_random(store, m, 900, 0, 0);
  for (uint32_t i = 0; i < 100; i++) m->doc[dead[i] = i].is_live = false;
  OK(rp_store_commit(store, &(rp_store_batch){.dead = dead, .n_dead = 100}, NULL, &error));
  rp_snapshot *s = NULL;
  rp_store_stat st;
  OK(rp_snapshot_begin(store, &s, &error));
  OK(rp_snapshot_stat(s, &st, &error));
  assert_int_equal(st.n_segment, 1);
  rp_snapshot_end(s);
  check_all(m, store, 50);
  rp_store_close(store);
  model_free(m);
  drop_folder(dir);
}

static void test_segments_stay_few(void **state) {
  (void)state;
  char *dir = new_folder();
  model *m = model_new(10);
  rp_store *store = open_store(dir, true);
  OK(rp_store_lock(store, &error));
  commit_random(store, m, 1000, 0, 0);
  for (int i = 0; i < 300; i++) commit_random(store, m, 1, i % 3 == 0, 0);
  rp_snapshot *s = NULL;
  rp_store_stat st;
  OK(rp_snapshot_begin(store, &s, &error));
  OK(rp_snapshot_stat(s, &st, &error));
  assert_in_range(st.n_segment, 2, 1 + 3 * 7);
  rp_snapshot_end(s);
  check_all(m, store, 50);
  rp_store_close(store);
  model_free(m);
  drop_folder(dir);
}

/* ---- two processes ---- */

static int wait_for(pid_t child) {
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void test_lock(void **state) {
  (void)state;
  char *dir = new_folder();
  rp_store_close(open_store(dir, true));
  int gate[2];
  char byte;
  assert_int_equal(pipe(gate), 0);
  pid_t child = fork();
  if (child == 0) {
    rp_store_options options = {.write = true};
    rp_store *store;
    close(gate[1]);
    if (read(gate[0], &byte, 1) != 1 || rp_store_open(dir, &options, &store, NULL) != RP_OK) _exit(1);
    if (rp_store_lock(store, NULL) != RP_ERR_BUSY) _exit(2);
    rp_store_close(store);
    options.wait = true;
    if (rp_store_open(dir, &options, &store, NULL) != RP_OK) _exit(3);
    if (rp_store_lock(store, NULL) != RP_OK) _exit(4);
    rp_store_close(store);
    _exit(0);
  }
  rp_store *store = open_store(dir, false);
  OK(rp_store_lock(store, &error));
  OK(rp_store_lock(store, &error));
  assert_int_equal(write(gate[1], "x", 1), 1);
  nanosleep(&(struct timespec){0, 200000000}, NULL);
  rp_store_unlock(store);
  assert_int_equal(wait_for(child), 0);
  rp_store_close(store);
  close(gate[0]);
  close(gate[1]);
  drop_folder(dir);
}

static int write_many(const char *dir, int n) {
  rp_store_options options = {.write = true, .wait = true};
  rp_store *store;
  if (rp_store_open(dir, &options, &store, NULL) != RP_OK) return 1;
  for (int i = 0; i < n; i++) {
    char text[32];
    rp_entry entry = {UINT64_C(5) << RP_HASH_SHIFT, 0, 0};
    rp_store_doc doc = {.payload = {text, (size_t)snprintf(text, sizeof text, "%d %d", (int)getpid(), i)}};
    doc.publisher_key = doc.payload;
    rp_store_batch batch = {.doc = &doc, .n_doc = 1, .n_thread = 1, .counter = {1}};
    batch.entry[RP_TABLE_ID] = &entry;
    batch.n_entry[RP_TABLE_ID] = 1;
    if (rp_store_commit(store, &batch, NULL, NULL) != RP_OK) return 2;
    if (i % 16 == 15 && rp_store_compact(store, 1, NULL) != RP_OK) return 3;
  }
  rp_store_close(store);
  return 0;
}

static int read_many(const char *dir, uint32_t until) {
  rp_store_options options = {.write = false};
  rp_store *store;
  rp_arena arena;
  rp_arena_init(&arena);
  if (rp_store_open(dir, &options, &store, NULL) != RP_OK) return 1;
  for (uint32_t n = 0; n < until;) {
    rp_snapshot *s;
    rp_list list;
    if (rp_snapshot_begin(store, &s, NULL) != RP_OK) return 2;
    if (rp_snapshot_numbers(s) < n) return 3;
    n = rp_snapshot_numbers(s);
    if (rp_snapshot_find(s, RP_TABLE_ID, UINT64_C(5) << RP_HASH_SHIFT, &arena, &list, NULL) != RP_OK) return 4;
    if (list.n != n) return 5;
    for (uint32_t i = 0; i < n; i++) {
      rp_row row;
      rp_str payload;
      if (rp_snapshot_payload(s, i, &arena, &payload, NULL) != RP_OK) return 6;
      if (rp_snapshot_row(s, i, &row, NULL) != RP_OK) return 7;
      rp_str publisher = rp_snapshot_publisher(s, row.publisher);
      if (publisher.len != payload.len || memcmp(publisher.data, payload.data, payload.len) != 0) return 8;
    }
    rp_snapshot_end(s);
    rp_arena_clear(&arena, 1 << 20);
  }
  rp_store_close(store);
  return 0;
}

/* Two write and compact, two read all the while. */
static void test_two_writers(void **state) {
  (void)state;
  enum { EACH = 60 };
  char *dir = new_folder();
  rp_store_close(open_store(dir, true));
  pid_t child[4];
  for (int i = 0; i < 4; i++) {
    child[i] = fork();
    if (child[i] == 0) _exit(i < 2 ? write_many(dir, EACH) : read_many(dir, 2 * EACH));
  }
  for (int i = 0; i < 4; i++) assert_int_equal(wait_for(child[i]), 0);
  drop_folder(dir);
}

/* A reader without any right to write. */
static void test_read_only_folder(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  model *m = model_new(12);
  rp_store *store = open_store(dir, true);
  commit_random(store, m, 100, 0, 0);
  rp_store_close(store);
  snprintf(path, sizeof path, "%s/1/lock.mdb", dir);
  unlink(path);
  snprintf(path, sizeof path, "%s/1/data.mdb", dir);
  chmod(path, 0444);
  snprintf(path, sizeof path, "%s/1", dir);
  chmod(path, 0555);
  chmod(dir, 0755);
  pid_t child = fork();
  if (child == 0) {
    if (getuid() == 0 && setuid(65534) != 0) _exit(1);
    rp_store_options options = {.write = false};
    rp_store *s;
    rp_snapshot *snapshot;
    if (rp_store_open(dir, &options, &s, NULL) != RP_OK) _exit(2);
    if (rp_snapshot_begin(s, &snapshot, NULL) != RP_OK) _exit(3);
    if (rp_snapshot_numbers(snapshot) != 100) _exit(4);
    rp_snapshot_end(snapshot);
    rp_store_close(s);
    options.write = true;
    _exit(rp_store_open(dir, &options, &s, NULL) == RP_OK ? 5 : 0);
  }
  assert_int_equal(wait_for(child), 0);
  chmod(path, 0755);
  model_free(m);
  drop_folder(dir);
}

/* Dead documents are counted as long as their bytes are on the disk. */
static void test_compaction_is_told(void **state) {
  (void)state;
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  rp_store_doc doc[4];
  for (int i = 0; i < 4; i++) doc[i] = (rp_store_doc){.payload = {"wire", 4}, .row = {.id_hash = (uint64_t)i}};
  uint32_t dead[] = {0, 2};
  const uint64_t expected[] = {2, 0, 1};
  OK(rp_store_commit(store, &(rp_store_batch){.doc = doc, .n_doc = 4}, NULL, &error));
  OK(rp_store_commit(store, &(rp_store_batch){.dead = dead, .n_dead = 2}, NULL, &error));
  for (int i = 0; i < 3; i++) {
    rp_snapshot *s;
    rp_store_stat stat_;
    OK(rp_snapshot_begin(store, &s, &error));
    OK(rp_snapshot_stat(s, &stat_, &error));
    rp_snapshot_end(s);
    assert_int_equal(stat_.n_dead, expected[i]);
    assert_int_equal(stat_.n_live, i == 2 ? 1 : 2);
    uint32_t one = 1;
    if (i == 0) OK(rp_store_compact(store, 1, &error));
    if (i == 1) OK(rp_store_commit(store, &(rp_store_batch){.dead = &one, .n_dead = 1}, NULL, &error));
  }
  rp_store_close(store);
  drop_folder(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_batches),
      cmocka_unit_test(test_threads_do_not_matter),
      cmocka_unit_test(test_what_is_a_store),
      cmocka_unit_test(test_settings_and_modes),
      cmocka_unit_test(test_other_version),
      cmocka_unit_test(test_file_too_short),
      cmocka_unit_test(test_refused_batches),
      cmocka_unit_test(test_snapshot_stands_still),
      cmocka_unit_test(test_dead_segments_are_dropped),
      cmocka_unit_test(test_segments_stay_few),
      cmocka_unit_test(test_lock),
      cmocka_unit_test(test_compaction_is_told),
      cmocka_unit_test(test_two_writers),
      cmocka_unit_test(test_read_only_folder),
      cmocka_unit_test(test_failed_batch_leaves_no_publisher),
      cmocka_unit_test(test_orphans_are_swept),
      cmocka_unit_test(test_purge),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
