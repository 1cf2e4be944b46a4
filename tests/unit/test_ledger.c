/* Records in a store: of one key the last counts, and what does not count does
 * not stay for ever. */
#include "engine/ledger.h"

#include "engine/index.h"
#include "keep_help.h"

enum { KEYS = 900, ROUNDS = 12, MOST = 2000 };

struct model {
  bool is_there[KEYS];
  size_t len[KEYS];
  char fill[KEYS];
};

static rp_index *new_index(const char *folder) {
  char path[4200];
  snprintf(path, sizeof path, "%s/db", folder);
  return open_index(path, RP_OPEN_CREATE);
}

static void load(rp_index *index, rp_ledger *ledger, rp_snapshot **snapshot) {
  rp_ledger_init(ledger, RP_STREAM_FACT);
  OK(rp_snapshot_begin(index->store, snapshot, &error));
  OK(rp_ledger_load(ledger, *snapshot, &error));
}

static void expect_model(const rp_ledger *ledger, const struct model *m) {
  for (uint64_t key = 0; key < KEYS; key++) {
    rp_str data = {NULL, 0};
    bool is_there = rp_ledger_find(ledger, key * 7919, &data);
    assert_int_equal(is_there, m->is_there[key]);
    if (!is_there) continue;
    assert_int_equal(data.len, m->len[key]);
    for (size_t i = 0; i < data.len; i++) assert_int_equal(data.data[i], m->fill[key]);
  }
}

static void change(rp_ledger *ledger, struct model *m, uint64_t *random) {
  static char data[MOST];
  for (size_t i = 0; i < KEYS; i++) {
    uint64_t key = test_below(random, KEYS);
    if (test_below(random, 6) == 0) {
      OK(rp_ledger_strike(ledger, key * 7919, &error));
      m->is_there[key] = false;
      continue;
    }
    m->is_there[key] = true;
    m->len[key] = test_below(random, MOST);
    m->fill[key] = (char)('a' + test_below(random, 26));
    memset(data, m->fill[key], m->len[key]);
    OK(rp_ledger_put(ledger, key * 7919, (rp_str){data, m->len[key]}, &error));
  }
}

static void commit(rp_index *index, rp_ledger *ledger) {
  rp_ledger *const all[] = {ledger};
  rp_ledger_batch batch = {.ledger = all, .n_ledger = 1};
  OK(rp_ledgers_commit(index->store, &batch, &error));
}

static void the_last_record_counts_and_others_do_not_stay(void **state) {
  (void)state;
  char *folder = new_folder();
  rp_index *index = new_index(folder);
  struct model m = {.len = {0}};
  uint64_t random = 7, dropped = 0;
  for (int round = 0; round < ROUNDS; round++) {
    rp_ledger ledger;
    rp_snapshot *snapshot;
    load(index, &ledger, &snapshot);
    expect_model(&ledger, &m);
    for (int part = 0; part < 2; part++) { /* several commits of one process */
      change(&ledger, &m, &random);
      expect_model(&ledger, &m);
      commit(index, &ledger);
    }
    rp_snapshot_end(snapshot);
    rp_ledger_release(&ledger);
    OK(rp_snapshot_begin(index->store, &snapshot, &error));
    uint32_t first, end;
    size_t bytes = 0, live = 0;
    rp_snapshot_notes(snapshot, RP_STREAM_FACT, &first, &end);
    for (uint32_t i = first; i < end; i++) {
      rp_str note;
      OK(rp_snapshot_note(snapshot, RP_STREAM_FACT, i, &note, &error));
      bytes += note.len;
    }
    rp_snapshot_end(snapshot);
    for (size_t i = 0; i < KEYS; i++) live += m.is_there[i] ? m.len[i] + 10 : 0;
    assert_true(bytes <= 2 * live + (2 << 20));
    dropped = first;
  }
  assert_true(dropped > 0);
  rp_ledger ledger;
  rp_snapshot *snapshot;
  load(index, &ledger, &snapshot);
  expect_model(&ledger, &m);
  rp_snapshot_end(snapshot);
  rp_ledger_release(&ledger);
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

static void nothing_to_write_writes_nothing(void **state) {
  (void)state;
  char *folder = new_folder();
  rp_index *index = new_index(folder);
  rp_snapshot *before, *after;
  rp_ledger ledger;
  load(index, &ledger, &before);
  OK(rp_ledger_strike(&ledger, 5, &error)); /* there is none */
  commit(index, &ledger);
  OK(rp_snapshot_begin(index->store, &after, &error));
  assert_int_equal(rp_snapshot_version(before), rp_snapshot_version(after));
  rp_snapshot_end(before);
  rp_snapshot_end(after);
  rp_ledger_release(&ledger);
  rp_index_close(index);
  remove_tree(folder);
  free(folder);
}

/* 5: "ab"; 300 struck out; 5: "" */
static rp_status see(void *user, const rp_ledger_record *r, rp_error *e) {
  rp_buf *out = user;
  (void)e;
  rp_buf_printf(out, "%llu:%s%.*s;", (unsigned long long)r->key, r->data.data ? "" : "-", (int)r->data.len,
                r->data.len ? r->data.data : "");
  return RP_OK;
}

static void the_bytes_are_those_of_the_page(void **state) {
  (void)state;
  static const char note[] =
      "\5\0\0\0\0\0\0\0\3ab"
      "\x2c\1\0\0\0\0\0\0\0"
      "\5\0\0\0\0\0\0\0\1";
  rp_buf out;
  rp_buf_init(&out);
  OK(rp_ledger_parse((rp_str){note, sizeof note - 1}, see, &out, &error));
  assert_string_equal(out.data, "5:ab;300:-;5:;");
  for (size_t len = 1; len < sizeof note - 1; len++) {
    bool is_whole = len == 11 || len == 20;
    rp_status status = rp_ledger_parse((rp_str){note, len}, NULL, NULL, &error);
    assert_int_equal(status, is_whole ? RP_OK : RP_ERR_DAMAGED);
  }
  rp_buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_last_record_counts_and_others_do_not_stay),
      cmocka_unit_test(nothing_to_write_writes_nothing),
      cmocka_unit_test(the_bytes_are_those_of_the_page),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
