/* Streams of notes against a naive copy of what was appended, and the lock of a
 * job. */
#include "store_fixture.h"

#include <poll.h>
#include <signal.h>
#include <time.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "store/check.h"
#include "store/inside.h"
#include "store/record.h"

/* ---- what was appended, naively ---- */

enum { ROOM = 4000 };

typedef struct notes {
  uint32_t first[RP_N_STREAM], end[RP_N_STREAM];
  rp_str data[RP_N_STREAM][ROOM];
  uint64_t version;
} notes;

static rp_str random_note(uint64_t *random) {
  static const size_t edge[] = {0, 1, 4095, 4096, 4097, 8192, 70000};
  uint32_t kind = below(random, 40);
  size_t len = kind < 7 ? edge[kind] : below(random, 300);
  char *data = malloc(len + 1);
  assert_non_null(data);
  for (size_t i = 0; i < len; i++) data[i] = (char)next_random(random);
  return (rp_str){data, len};
}

static void forget_notes(notes *n) {
  for (int s = 0; s < RP_N_STREAM; s++)
    for (uint32_t i = 0; i < n->end[s]; i++) free((void *)(uintptr_t)n->data[s][i].data);
  free(n);
}

/* Some notes for the batch, and numbers below which they go; the copy has them. */
static void add_notes(notes *n, uint64_t *random, rp_store_batch *batch, rp_store_note *room, size_t count) {
  batch->note = room;
  batch->n_note = count;
  for (size_t i = 0; i < count; i++) {
    uint32_t s = below(random, RP_N_STREAM - 1);
    room[i] = (rp_store_note){s, random_note(random)};
    assert_true(n->end[s] < ROOM);
    n->data[s][n->end[s]++] = room[i].data;
  }
  for (int s = 0; s < RP_N_STREAM; s++) {
    if (below(random, 4)) continue;
    batch->note_first[s] = below(random, n->end[s] + 1);
    if (batch->note_first[s] > n->first[s]) n->first[s] = batch->note_first[s];
  }
  n->version++;
}

static void check_notes(const notes *n, rp_store *store) {
  rp_snapshot *s = NULL;
  rp_store_stat st;
  OK(rp_snapshot_begin(store, &s, &error));
  OK(rp_snapshot_stat(s, &st, &error));
  for (unsigned t = 0; t < RP_N_STREAM; t++) {
    uint32_t first, end;
    uint64_t bytes = 0;
    rp_str got;
    rp_snapshot_notes(s, t, &first, &end);
    assert_int_equal(first, n->first[t]);
    assert_int_equal(end, n->end[t]);
    for (uint32_t i = first; i < end; i++) {
      OK(rp_snapshot_note(s, t, i, &got, &error));
      assert_int_equal(got.len, n->data[t][i].len);
      if (got.len) assert_memory_equal(got.data, n->data[t][i].data, got.len);
      bytes += got.len;
    }
    assert_int_equal(st.n_note[t], end - first);
    assert_int_equal(st.note_bytes[t], bytes);
    assert_int_equal(rp_snapshot_note(s, t, end, &got, &error), RP_ERR_NOT_FOUND);
    if (first) assert_int_equal(rp_snapshot_note(s, t, first - 1, &got, &error), RP_ERR_NOT_FOUND);
  }
  rp_str got;
  assert_int_equal(rp_snapshot_note(s, RP_N_STREAM, 0, &got, &error), RP_ERR_ARGUMENT);
  rp_snapshot_end(s);
}

/* What `check` says of values, as lines. */
static char *findings_of(rp_store *store) {
  rp_snapshot *s;
  unsigned n;
  rp_findings findings;
  rp_buf lines;
  rp_buf_init(&lines);
  rp_findings_init(&findings);
  OK(rp_check_begin(store, 1, &s, &n, &error));
  OK(rp_check_values(s, &findings, &error));
  for (size_t i = 0; i < findings.list.n; i++)
    rp_buf_printf(&lines, "%s: %s\n", findings.list.data[i].part, findings.list.data[i].message);
  assert_false(findings.failed);
  char *text = strdup(lines.len ? lines.data : "");
  rp_buf_release(&lines);
  rp_findings_release(&findings);
  rp_snapshot_end(s);
  return text;
}

static void assert_sound(rp_store *store) {
  char *text = findings_of(store);
  assert_string_equal(text, "");
  free(text);
}

static void check_copy(const notes *n, const model *m, rp_store *store, const char *dir) {
  char path[4200];
  uint64_t bytes = 0;
  snprintf(path, sizeof path, "%s/copy", dir);
  OK(rp_store_copy(store, path, false, &bytes, &error));
  rp_store *copy = open_store(path, false);
  check_notes(n, copy);
  check_all(m, copy, 5);
  assert_sound(copy);
  rp_store_close(copy);
  remove_tree(path);
}

static void test_random_notes(void **state) {
  (void)state;
  enum { STEPS = 80, MOST = 30 };
  for (uint64_t seed = 1; seed <= 3; seed++) {
    char *dir = new_folder(), db[4200];
    snprintf(db, sizeof db, "%s/db", dir);
    model *m = model_new(seed);
    notes *n = calloc(1, sizeof *n);
    assert_non_null(n);
    rp_store *store = open_store(db, true);
    rp_store_note room[MOST];
    for (int step = 0; step < STEPS; step++) {
      uint32_t kind = below(&m->random, 12);
      if (kind < 9) {
        bool has_docs = kind >= 5;
        model_batch b = model_add(m, has_docs ? below(&m->random, 20) : 0, has_docs ? 5 : 0, has_docs ? 2 : 0);
        add_notes(n, &m->random, &b.batch, room, below(&m->random, MOST));
        OK(rp_store_commit(store, &b.batch, NULL, &error));
        batch_release(&b);
      } else if (kind == 9) {
        OK(rp_store_merge(store, 1, &error));
      } else if (kind == 10) {
        OK(rp_store_compact(store, 1, &error));
      } else {
        rp_store_close(store);
        store = open_store(db, false);
      }
      check_notes(n, store);
      if (step % 10 == 9) assert_sound(store);
      if (step % 20 == 19) check_copy(n, m, store, dir);
    }
    check_all(m, store, 20);
    rp_store_close(store);
    forget_notes(n);
    model_free(m);
    drop_folder(dir);
  }
}

/* ---- examples ---- */

static rp_store_note note_of(unsigned stream, const char *text) {
  return (rp_store_note){stream, {text, strlen(text)}};
}

static void append_note(rp_store *store, unsigned stream, const char *text) {
  rp_store_note note = note_of(stream, text);
  OK(rp_store_commit(store, &(rp_store_batch){.note = &note, .n_note = 1}, NULL, &error));
}

/* "first end: texts" of a stream */
static void assert_stream(rp_store *store, unsigned stream, const char *want) {
  rp_snapshot *s = NULL;
  rp_buf line;
  uint32_t first, end;
  rp_buf_init(&line);
  OK(rp_snapshot_begin(store, &s, &error));
  rp_snapshot_notes(s, stream, &first, &end);
  rp_buf_printf(&line, "%u %u:", (unsigned)first, (unsigned)end);
  for (uint32_t i = first; i < end; i++) {
    rp_str got;
    OK(rp_snapshot_note(s, stream, i, &got, &error));
    rp_buf_printf(&line, " %.*s", (int)got.len, got.data);
  }
  assert_string_equal(line.data, want);
  rp_buf_release(&line);
  rp_snapshot_end(s);
}

static uint64_t version_of(rp_store *store) {
  rp_snapshot *s = NULL;
  OK(rp_snapshot_begin(store, &s, &error));
  uint64_t version = rp_snapshot_version(s);
  rp_snapshot_end(s);
  return version;
}

static void test_drop(void **state) {
  (void)state;
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  append_note(store, 2, "a");
  append_note(store, 2, "b");
  append_note(store, 1, "other");
  assert_stream(store, 2, "0 2: a b");
  rp_store_note two[] = {note_of(2, "c"), note_of(2, "d")};
  /* all that was there before gives way to what comes */
  uint64_t version = version_of(store);
  OK(rp_store_commit(store, &(rp_store_batch){.note = two, .n_note = 2, .note_first = {0, 0, 2}}, NULL, &error));
  assert_stream(store, 2, "2 4: c d");
  assert_int_equal(version_of(store), version + 1);
  OK(rp_store_commit(store, &(rp_store_batch){.note_first = {0, 0, 3}}, NULL, &error));
  assert_stream(store, 2, "3 4: d");
  OK(rp_store_commit(store, &(rp_store_batch){.note_first = {0, 0, 1}}, NULL, &error));
  assert_stream(store, 2, "3 4: d");
  /* of the batch itself */
  OK(rp_store_commit(store, &(rp_store_batch){.note = two, .n_note = 2, .note_first = {0, 0, 5}}, NULL, &error));
  assert_stream(store, 2, "5 6: d");
  OK(rp_store_commit(store, &(rp_store_batch){.note = two, .n_note = 2, .note_first = {0, 0, 8}}, NULL, &error));
  assert_stream(store, 2, "8 8:");
  rp_store_batch beyond = {.note = two, .n_note = 2, .note_first = {0, 0, 11}};
  assert_int_equal(rp_store_commit(store, &beyond, NULL, &error), RP_ERR_ARGUMENT);
  assert_stream(store, 2, "8 8:");
  assert_stream(store, 1, "0 1: other");
  assert_sound(store);
  /* numbers are not given again */
  OK(rp_store_compact(store, 1, &error));
  append_note(store, 2, "e");
  assert_stream(store, 2, "8 9: e");
  rp_store_close(store);
  drop_folder(dir);
}

/* Changes the manifest as no writer would. */
static void set_stream(rp_store *store, unsigned stream, rp_stream_info info) {
  rp_manifest manifest = {0};
  rp_txn txn;
  OK(rp_store_lock(store, &error));
  OK(rp_store_begin_write(store, &txn, &error));
  OK(rp_manifest_read(&txn, &manifest, &error));
  manifest.stream[stream] = info;
  OK(rp_manifest_write(&txn, &manifest, &error));
  OK(rp_db_commit(&txn, &error));
  rp_manifest_release(&manifest);
  rp_store_unlock(store);
}

static void test_limits(void **state) {
  (void)state;
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  char *data = calloc(1, RP_NOTE_MAX + 1);
  assert_non_null(data);
  rp_store_note note = {3, {data, RP_NOTE_MAX + 1}};
  rp_store_batch batch = {.note = &note, .n_note = 1};
  assert_int_equal(rp_store_commit(store, &batch, NULL, &error), RP_ERR_LIMIT);
  note.data.len--;
  OK(rp_store_commit(store, &batch, NULL, &error));
  note = note_of(RP_N_STREAM, "x");
  assert_int_equal(rp_store_commit(store, &batch, NULL, &error), RP_ERR_ARGUMENT);
  assert_int_equal(version_of(store), 1);
  rp_snapshot *s = NULL;
  rp_str got;
  OK(rp_snapshot_begin(store, &s, &error));
  OK(rp_snapshot_note(s, 3, 0, &got, &error));
  assert_int_equal(got.len, RP_NOTE_MAX);
  assert_memory_equal(got.data, data, RP_NOTE_MAX);
  rp_snapshot_end(s);
  /* two numbers are left */
  set_stream(store, 0, (rp_stream_info){UINT32_MAX - 2, UINT32_MAX - 2, 0});
  rp_store_note three[] = {note_of(0, "p"), note_of(0, "q"), note_of(0, "r")};
  batch = (rp_store_batch){.note = three, .n_note = 3};
  assert_int_equal(rp_store_commit(store, &batch, NULL, &error), RP_ERR_LIMIT);
  assert_non_null(strstr(error.message, "no numbers left"));
  batch.n_note = 2;
  OK(rp_store_commit(store, &batch, NULL, &error));
  assert_stream(store, 0, "4294967293 4294967295: p q");
  batch.n_note = 1;
  assert_int_equal(rp_store_commit(store, &batch, NULL, &error), RP_ERR_LIMIT);
  assert_sound(store);
  append_note(store, 1, "other streams go on");
  OK(rp_store_compact(store, 1, &error));
  assert_stream(store, 0, "4294967293 4294967295: p q");
  rp_store_close(store);
  free(data);
  drop_folder(dir);
}

/* Documents and notes of a batch are there together or not at all; a snapshot
 * keeps what it had. */
static void test_one_transaction(void **state) {
  (void)state;
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  rp_store_doc doc = {.payload = {"text", 4}, .publisher_key = {"a.example", 9}};
  rp_store_note note = note_of(0, "of the text");
  uint32_t nobody = 7;
  rp_store_batch batch = {.doc = &doc, .n_doc = 1, .note = &note, .n_note = 1, .n_thread = 1};
  OK(rp_store_commit(store, &batch, NULL, &error));
  rp_snapshot *old = NULL;
  rp_str kept, got;
  OK(rp_snapshot_begin(store, &old, &error));
  OK(rp_snapshot_note(old, 0, 0, &kept, &error));
  batch.dead = &nobody;
  batch.n_dead = 1;
  assert_int_equal(rp_store_commit(store, &batch, NULL, &error), RP_ERR_ARGUMENT);
  batch.n_dead = 0;
  batch.note_first[0] = 9;
  assert_int_equal(rp_store_commit(store, &batch, NULL, &error), RP_ERR_ARGUMENT);
  assert_int_equal(version_of(store), 1);
  assert_stream(store, 0, "0 1: of the text");
  /* publishers that a batch of notes does not read are still there at the end */
  for (int i = 0; i < 20; i++) {
    note = note_of(0, "new");
    OK(rp_store_commit(store, &(rp_store_batch){.note = &note, .n_note = 1, .note_first = {(uint32_t)i + 1}}, NULL,
                       &error));
  }
  OK(rp_store_compact(store, 1, &error));
  rp_snapshot *s = NULL;
  OK(rp_snapshot_begin(store, &s, &error));
  assert_int_equal(rp_snapshot_numbers(s), 1);
  assert_int_equal(rp_snapshot_version(s), 22);
  assert_int_equal(rp_snapshot_publisher(s, 1).len, 9);
  rp_snapshot_end(s);
  assert_memory_equal(kept.data, "of the text", kept.len);
  OK(rp_snapshot_note(old, 0, 0, &got, &error));
  assert_true(got.data == kept.data && got.len == 11);
  assert_int_equal(rp_snapshot_note(old, 0, 1, &got, &error), RP_ERR_NOT_FOUND);
  rp_snapshot_end(old);
  assert_stream(store, 0, "20 21: new");
  rp_store_close(store);
  drop_folder(dir);
}

/* ---- what runs out ---- */

static rp_status use(const char *dir, uint32_t end, bool *is_committed) {
  rp_store_options options = {.write = true};
  rp_store *store = NULL;
  rp_snapshot *s = NULL;
  rp_str got;
  rp_store_note note[] = {note_of(1, "first"), note_of(1, "second")};
  rp_store_batch batch = {.note = note, .n_note = 2, .note_first = {0, end}};
  rp_status status = rp_store_open(dir, &options, &store, &error);
  if (status == RP_OK) status = rp_store_lock_job(store, false, &error);
  if (status == RP_OK) status = rp_store_commit(store, &batch, NULL, &error);
  *is_committed = status == RP_OK;
  if (status == RP_OK) status = rp_snapshot_begin(store, &s, &error);
  if (status == RP_OK) status = rp_snapshot_note(s, 1, end, &got, &error);
  rp_snapshot_end(s);
  if (status == RP_OK) status = rp_store_compact(store, 1, &error);
  rp_store_close(store);
  return status;
}

static void test_no_memory(void **state) {
  (void)state;
  char *dir = new_folder(), want[64];
  rp_store_close(open_store(dir, true));
  uint32_t end = 0;
  int n_failed = 0;
  for (bool is_done = false; !is_done; n_failed++) {
    bool is_committed;
    rp_mem_fail_after(n_failed + 1);
    rp_status status = use(dir, end, &is_committed);
    rp_mem_fail_after(0);
    is_done = status == RP_OK;
    if (!is_done && status != RP_ERR_MEMORY) fail_msg("%s: %s", rp_status_name(status), error.message);
    if (is_committed) end += 2;
    rp_store *store = open_store(dir, false);
    snprintf(want, sizeof want, end ? "%u %u: first second" : "%u %u:", (unsigned)(end ? end - 2 : 0), (unsigned)end);
    assert_stream(store, 1, want);
    assert_sound(store);
    rp_store_close(store);
  }
  assert_true(n_failed > 10 && end > 2);
  drop_folder(dir);
}

/* While a snapshot is open the map stays where it is. */
static void test_small_map(void **state) {
  (void)state;
  enum { SMALL = 256 << 10, BYTES = 100 << 10 };
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  rp_db *db = &store->place->db;
  assert_int_equal(mdb_env_set_mapsize(db->env, SMALL), 0);
  db->map_size = SMALL;
  char *data = calloc(1, BYTES);
  assert_non_null(data);
  rp_store_note note = {0, {data, BYTES}};
  rp_store_batch batch = {.note = &note, .n_note = 1};
  rp_snapshot *s = NULL;
  rp_status status = RP_OK;
  uint32_t n = 0, first, end;
  OK(rp_snapshot_begin(store, &s, &error));
  for (; n < 10 && (status = rp_store_commit(store, &batch, NULL, &error)) == RP_OK; n++) continue;
  assert_int_equal(status, RP_ERR_BUSY);
  assert_in_range(n, 1, 2);
  assert_int_equal(db->map_size, SMALL);
  assert_int_equal(version_of(store), n);
  rp_snapshot_notes(s, 0, &first, &end);
  assert_int_equal(end, 0);
  rp_snapshot_end(s);
  for (; n < 10; n++) OK(rp_store_commit(store, &batch, NULL, &error));
  assert_true(db->map_size >= 10 * BYTES);
  OK(rp_snapshot_begin(store, &s, &error));
  rp_snapshot_notes(s, 0, &first, &end);
  assert_int_equal(end, 10);
  rp_snapshot_end(s);
  assert_sound(store);
  rp_store_close(store);
  free(data);
  drop_folder(dir);
}

/* ---- damage ---- */

enum { N_NOTE = 6, LENGTH = 9000 };

static rp_store *store_to_be_harmed(const char *dir) {
  static char data[LENGTH];
  for (size_t i = 0; i < LENGTH; i++) data[i] = (char)i;
  rp_store *store = open_store(dir, true);
  rp_store_note note[N_NOTE];
  for (size_t i = 0; i < N_NOTE; i++) note[i] = (rp_store_note){1, {data, LENGTH}};
  OK(rp_store_commit(store, &(rp_store_batch){.note = note, .n_note = N_NOTE}, NULL, &error));
  append_note(store, 2, "sound");
  return store;
}

/* Writes, cuts or deletes (`len` SIZE_MAX) the value of a note; `flip` < `len` is changed. */
static void harm_note(rp_store *store, uint32_t number, size_t len, size_t flip) {
  rp_txn txn;
  rp_bytes v;
  static uint8_t copy[2 * LENGTH];
  OK(rp_store_lock(store, &error));
  OK(rp_store_begin_write(store, &txn, &error));
  OK(rp_db_get(&txn, rp_key_note(1, 0), &v, &error));
  memcpy(copy, v.data, v.len);
  if (flip < v.len) copy[flip] ^= 1;
  if (len == SIZE_MAX)
    OK(rp_db_delete_all(&txn, rp_key_note(1, number), &error));
  else
    OK(rp_db_put(&txn, rp_key_note(1, number), copy, len < v.len ? len : v.len, &error));
  OK(rp_db_commit(&txn, &error));
  rp_store_unlock(store);
}

static rp_status read_one(rp_store *store, uint32_t number) {
  rp_snapshot *s = NULL;
  rp_str got;
  OK(rp_snapshot_begin(store, &s, &error));
  rp_status status = rp_snapshot_note(s, 1, number, &got, &error);
  rp_snapshot_end(s);
  return status;
}

static void assert_found(rp_store *store, const char *dir, const char *want) {
  char path[4200], *text = findings_of(store);
  uint64_t bytes;
  assert_string_equal(text, want);
  free(text);
  /* what copies notes verifies them, but does not look for what it does not copy */
  rp_status expected = strstr(want, "outside") ? RP_OK : RP_ERR_DAMAGED;
  snprintf(path, sizeof path, "%s/copy", dir);
  assert_int_equal(rp_store_copy(store, path, false, &bytes, &error), expected);
  remove_tree(path);
  if (expected != RP_OK) assert_int_equal(rp_store_compact(store, 1, &error), expected);
}

static void drop_all_and_see(rp_store *store) {
  rp_store_note note = note_of(1, "fresh");
  rp_store_batch batch = {.note = &note, .n_note = 1, .note_first = {0, N_NOTE}};
  OK(rp_store_commit(store, &batch, NULL, &error));
  assert_stream(store, 1, "6 7: fresh");
  assert_sound(store);
}

static void test_damaged_bytes(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_store *store = store_to_be_harmed(db);
  size_t all = rp_record_len(LENGTH);
  for (size_t at = 0; at < all; at += at < all - 24 ? 617 : 1) {
    harm_note(store, 3, SIZE_MAX - 1, at);
    assert_int_equal(read_one(store, 3), RP_ERR_DAMAGED);
    assert_int_equal(read_one(store, 4), RP_OK);
    char *text = findings_of(store);
    assert_string_equal(text, "notes: number 3 of stream 1 is damaged\n");
    free(text);
  }
  assert_found(store, dir, "notes: number 3 of stream 1 is damaged\n");
  for (size_t len = 1; len < all; len += 411) {
    harm_note(store, 3, len, SIZE_MAX);
    assert_int_equal(read_one(store, 3), RP_ERR_DAMAGED);
  }
  harm_note(store, 3, 0, SIZE_MAX);
  assert_found(store, dir, "notes: those of stream 1 have 45000 bytes, not the 54000 that were counted\n");
  drop_all_and_see(store);
  rp_store_close(store);
  drop_folder(dir);
}

static void test_missing_and_left_over(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_store *store = store_to_be_harmed(db);
  harm_note(store, 9, SIZE_MAX - 1, SIZE_MAX);
  harm_note(store, UINT32_MAX, SIZE_MAX - 1, SIZE_MAX);
  assert_found(store, dir, "notes: 2 are outside of the numbers of stream 1\n");
  harm_note(store, 9, SIZE_MAX, SIZE_MAX);
  harm_note(store, UINT32_MAX, SIZE_MAX, SIZE_MAX);
  assert_sound(store);
  harm_note(store, 1, SIZE_MAX, SIZE_MAX);
  assert_int_equal(read_one(store, 1), RP_ERR_DAMAGED);
  assert_found(store, dir, "notes: number 1 of stream 1 is missing\n");
  assert_int_equal(rp_store_commit(store, &(rp_store_batch){.note_first = {0, 3}}, NULL, &error), RP_ERR_DAMAGED);
  harm_note(store, 4, SIZE_MAX, SIZE_MAX);
  harm_note(store, 5, SIZE_MAX, SIZE_MAX);
  assert_found(store, dir,
               "notes: number 1 of stream 1 is missing\n"
               "notes: numbers 4 to 5 of stream 1 are missing\n");
  drop_all_and_see(store);
  /* a manifest that claims four billion is looked through at once */
  set_stream(store, 1, (rp_stream_info){6, UINT32_MAX, 5});
  assert_found(store, dir, "notes: numbers 7 to 4294967294 of stream 1 are missing\n");
  set_stream(store, 1, (rp_stream_info){6, 7, 6});
  assert_found(store, dir, "notes: those of stream 1 have 5 bytes, not the 6 that were counted\n");
  rp_snapshot *s;
  set_stream(store, 1, (rp_stream_info){8, 7, 0});
  assert_int_equal(rp_snapshot_begin(store, &s, &error), RP_ERR_DAMAGED);
  rp_store_close(store);
  drop_folder(dir);
}

/* ---- bytes of the format ---- */

/* The example of docs/format.md, as far as notes go. */
static void test_format(void **state) {
  (void)state;
  static const uint8_t note_bytes[] = {'b', 'o', 't',  'h',  ' ',  'c',  'o',  'm',  'p',  'a', 'r',
                                       'e', 'd', 0xb1, 0x9c, 0xc0, 0xe6, 0xdd, 0xac, 0x76, 0xf9};
  static const uint8_t key[] = {0x16, 0, 0, 0, 0};
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  append_note(store, 1, "both compared");
  append_note(store, 3, "");
  rp_snapshot *s = NULL;
  rp_bytes v;
  OK(rp_snapshot_begin(store, &s, &error));
  rp_key got = rp_key_note(1, 0);
  assert_int_equal(got.len, sizeof key);
  assert_memory_equal(got.byte, key, sizeof key);
  OK(rp_db_get(&s->txn, got, &v, &error));
  assert_int_equal(v.len, sizeof note_bytes);
  assert_memory_equal(v.data, note_bytes, sizeof note_bytes);
  OK(rp_db_get(&s->txn, (rp_key){{0x18, 0, 0, 0, 0}, 5}, &v, &error));
  assert_int_equal(v.len, 0);
  OK(rp_db_get(&s->txn, rp_key_of(RP_KIND_MANIFEST), &v, &error));
  assert_int_equal(v.len, 228 + 4 + 8);
  uint8_t want[128] = {0};
  want[16 + 4] = 1;
  want[16 + 8] = 13;
  want[48 + 4] = 1;
  assert_memory_equal(v.data + 100, want, sizeof want);
  rp_snapshot_end(s);
  rp_store_close(store);
  drop_folder(dir);
}

static void put_record(rp_txn *txn, uint8_t kind, const uint8_t *data, size_t len) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add(&buf, data, len);
  rp_record_seal(&buf);
  OK(rp_db_put(txn, rp_key_of(kind), buf.data, buf.len, &error));
  rp_buf_release(&buf);
}

/* An index as version 1 wrote it, checksums and all. */
static void test_version_1(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  rp_store_close(open_store(dir, true));
  rp_db db = {0};
  rp_txn txn;
  rp_bytes v;
  uint8_t head[256], manifest[104] = {0};
  size_t len = 0;
  snprintf(path, sizeof path, "%s/1", dir);
  OK(rp_db_open(&db, path, true, false, 0, &error));
  OK(rp_db_begin(&db, true, &txn, &error));
  OK(rp_db_get(&txn, rp_key_of(RP_KIND_HEADER), &v, &error));
  assert_true(rp_record_data_len(v.len, &len) && len < sizeof head);
  memcpy(head, v.data, len);
  assert_int_equal(rp_load32(head + 8), 2);
  rp_store32(head + 8, 1);
  put_record(&txn, RP_KIND_HEADER, head, len);
  put_record(&txn, RP_KIND_MANIFEST, manifest, sizeof manifest);
  OK(rp_db_commit(&txn, &error));
  rp_db_close(&db);
  for (int i = 0; i < 3; i++) {
    rp_store_options options = {.create = i == 2, .write = i > 0};
    rp_store *store;
    assert_int_equal(rp_store_open(dir, &options, &store, &error), RP_ERR_VERSION);
    assert_non_null(strstr(error.message, "has format 1, this program reads 2: index again"));
  }
  drop_folder(dir);
}

/* ---- the lock of a job ---- */

enum deed { LOCK_JOB, LOCK_WRITER, COMMIT };

static rp_status act(const char *dir, enum deed deed, bool wait) {
  rp_store_options options = {.write = true};
  rp_store *store = NULL;
  rp_store_note note = note_of(0, "by another");
  rp_status status = rp_store_open(dir, &options, &store, &error);
  if (status != RP_OK) return status;
  if (deed == LOCK_JOB) status = rp_store_lock_job(store, wait, &error);
  if (deed == LOCK_WRITER) status = rp_store_lock(store, &error);
  if (deed == COMMIT) status = rp_store_commit(store, &(rp_store_batch){.note = &note, .n_note = 1}, NULL, &error);
  if (status == RP_ERR_BUSY && (!strstr(error.message, "another process") || !strstr(error.message, dir)))
    status = RP_ERR_ARGUMENT;
  rp_store_close(store);
  return status;
}

/* What another process meets: one file must not be opened twice in one. */
static rp_status in_another(const char *dir, enum deed deed) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) _exit((int)act(dir, deed, false));
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  return (rp_status)WEXITSTATUS(status);
}

static void test_job_lock(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200], byte;
  rp_store_close(open_store(dir, true));
  int gate[2], done[2], status = 0;
  assert_true(pipe(gate) == 0 && pipe(done) == 0);
  pid_t child = fork();
  if (child == 0) {
    if (read(gate[0], &byte, 1) != 1 || act(dir, LOCK_JOB, true) != RP_OK) _exit(1);
    _exit(write(done[1], "x", 1) != 1);
  }
  close(done[1]);
  rp_store *store = NULL;
  OK(rp_store_open(dir, &(rp_store_options){.write = false}, &store, &error));
  snprintf(path, sizeof path, "%s/job", dir);
  assert_int_equal(rp_store_lock_job(store, false, &error), RP_ERR_ARGUMENT);
  assert_int_not_equal(access(path, F_OK), 0);
  rp_store_close(store);
  store = open_store(dir, false);
  OK(rp_store_lock_job(store, false, &error));
  OK(rp_store_lock_job(store, false, &error));
  assert_int_equal(access(path, F_OK), 0);
  assert_int_equal(in_another(dir, LOCK_JOB), RP_ERR_BUSY);
  /* neither lock needs the other */
  assert_int_equal(in_another(dir, COMMIT), RP_OK);
  append_note(store, 0, "by the job");
  assert_stream(store, 0, "0 2: by another by the job");
  OK(rp_store_compact(store, 1, &error));
  assert_int_equal(in_another(dir, LOCK_JOB), RP_ERR_BUSY);
  OK(rp_store_lock(store, &error));
  assert_int_equal(in_another(dir, LOCK_WRITER), RP_ERR_BUSY);
  rp_store_unlock_job(store);
  rp_store_unlock_job(store);
  assert_int_equal(in_another(dir, LOCK_JOB), RP_OK);
  assert_int_equal(in_another(dir, LOCK_WRITER), RP_ERR_BUSY);
  rp_store_unlock(store);
  /* one that waits gets it when the store is closed */
  OK(rp_store_lock_job(store, false, &error));
  assert_int_equal(write(gate[1], "x", 1), 1);
  nanosleep(&(struct timespec){0, 200000000}, NULL);
  struct pollfd is_done = {.fd = done[0], .events = POLLIN};
  assert_int_equal(poll(&is_done, 1, 0), 0);
  rp_store_close(store);
  if (poll(&is_done, 1, 20000) != 1) kill(child, SIGKILL);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  close(gate[0]);
  close(gate[1]);
  close(done[0]);
  drop_folder(dir);
}

/* `job` is no foreign file where an index may come into being. */
static void test_job_is_no_stranger(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  uint64_t bytes;
  snprintf(path, sizeof path, "%s/1", dir);
  assert_int_equal(mkdir(path, 0777), 0);
  snprintf(path, sizeof path, "%s/job", dir);
  fclose(fopen(path, "w"));
  rp_store *store = open_store(dir, true);
  snprintf(path, sizeof path, "%s/copy", dir);
  assert_int_equal(mkdir(path, 0777), 0);
  snprintf(path, sizeof path, "%s/copy/job", dir);
  fclose(fopen(path, "w"));
  snprintf(path, sizeof path, "%s/copy", dir);
  OK(rp_store_copy(store, path, false, &bytes, &error));
  rp_store_close(store);
  drop_folder(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_notes),  cmocka_unit_test(test_drop),
      cmocka_unit_test(test_limits),        cmocka_unit_test(test_one_transaction),
      cmocka_unit_test(test_no_memory),     cmocka_unit_test(test_small_map),
      cmocka_unit_test(test_damaged_bytes), cmocka_unit_test(test_missing_and_left_over),
      cmocka_unit_test(test_format),        cmocka_unit_test(test_version_1),
      cmocka_unit_test(test_job_lock),      cmocka_unit_test(test_job_is_no_stranger),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
