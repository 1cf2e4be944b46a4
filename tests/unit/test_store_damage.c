/* A thousand damaged copies of one store, everything of each read: what comes
 * out must be what went in, or an error.  A signal is counted by itself: LMDB
 * trusts its pages, and a program turns its death into a message. */
#include "store_fixture.h"

#include <signal.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "store/db.h"

enum { COPIES = 1000, SAME = 0, REFUSED = 10, OTHER = 20, SECONDS = 20 };

/* ---- everything a store says, as one number ---- */

static rp_status add_doc(rp_snapshot *s, uint32_t doc, rp_arena *arena, rp_buf *out) {
  rp_row row;
  rp_str payload;
  const uint8_t *signature;
  rp_buf_add_byte(out, rp_snapshot_is_live(s, doc));
  if (!rp_snapshot_is_live(s, doc)) return RP_OK;
  rp_status status = rp_snapshot_row(s, doc, &row, &error);
  if (status == RP_OK) status = rp_snapshot_signature(s, doc, &signature, &error);
  if (status == RP_OK) status = rp_snapshot_payload(s, doc, arena, &payload, &error);
  if (status != RP_OK) return status;
  rp_str publisher = rp_snapshot_publisher(s, row.publisher);
  rp_buf_add32(out, (uint32_t)row.earliest);
  rp_buf_add32(out, row.counted);
  rp_buf_add64(out, row.id_hash);
  rp_buf_add(out, signature, RP_STORE_SIGNATURE);
  rp_buf_add_str(out, payload);
  rp_buf_add_str(out, publisher);
  return RP_OK;
}

static rp_status add_list(rp_snapshot *s, rp_table table, uint64_t hash, rp_arena *arena, rp_buf *out) {
  static rp_entry entry[MAX_DOCS * 12];
  rp_list list;
  size_t n = 0;
  rp_status status = rp_snapshot_find(s, table, hash, arena, &list, &error);
  if (status == RP_OK && list.n > MAX_DOCS * 12) return RP_ERR_LIMIT;
  if (status == RP_OK) status = rp_list_read(s, &list, entry, &n, &error);
  for (size_t i = 0; i < n && status == RP_OK; i++) {
    rp_buf_add32(out, entry[i].doc);
    rp_buf_add16(out, entry[i].position);
  }
  if (status == RP_OK) status = rp_list_nearest(s, &list, 57, 20, arena, entry, &n, &error);
  for (size_t i = 0; i < n && status == RP_OK; i++) rp_buf_add32(out, entry[i].doc);
  return status;
}

static rp_status digest(const char *dir, const model *m, uint64_t *out) {
  rp_store *store = NULL;
  rp_snapshot *s = NULL;
  rp_arena arena;
  rp_buf buf;
  rp_arena_init(&arena);
  rp_buf_init(&buf);
  rp_store_options options = {.write = false};
  rp_status status = rp_store_open(dir, &options, &store, &error);
  if (status == RP_OK) status = rp_snapshot_begin(store, &s, &error);
  if (status == RP_OK) {
    rp_buf_add_str(&buf, rp_store_settings(store));
    rp_buf_add32(&buf, rp_snapshot_numbers(s));
    for (uint32_t i = 0; i < rp_snapshot_numbers(s) && i < MAX_DOCS && status == RP_OK; i++)
      status = add_doc(s, i, &arena, &buf);
    for (int t = 0; t < RP_N_TABLE; t++) {
      for (uint64_t i = 0; i < MAX_HASHES && status == RP_OK; i++)
        status = add_list(s, (rp_table)t, model_hash(m, i), &arena, &buf);
      for (uint32_t i = 0; i < m->n_doc && status == RP_OK; i++)
        if (m->doc[i].n_entry[t]) status = add_list(s, (rp_table)t, m->doc[i].entry[t][0].hash, &arena, &buf);
    }
    rp_store_stat st;
    if (status == RP_OK) status = rp_snapshot_stat(s, &st, &error);
    if (status == RP_OK) rp_buf_add64(&buf, st.n_live);
  }
  if (status == RP_OK) *out = rp_hash64(buf.data, buf.len);
  rp_snapshot_end(s);
  if (store) rp_store_close(store);
  rp_buf_release(&buf);
  rp_arena_release(&arena);
  return status;
}

/* ---- damage ---- */

static uint8_t *load(const char *path, size_t *len) {
  static uint8_t data[8 << 20];
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  *len = fread(data, 1, sizeof data, f);
  fclose(f);
  return data;
}

static void save(const char *path, const uint8_t *data, size_t len) {
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(data, 1, len, f), len);
  fclose(f);
}

enum kind { BIT, BYTES, ZEROS, PAGES, CUT, N_KIND };
static const char *const kind_name[N_KIND] = {"one bit", "eight bytes", "a zeroed sector", "two pages exchanged",
                                              "cut off"};

static size_t damage(enum kind kind, uint8_t *data, size_t len, uint64_t *random) {
  size_t n_page = len / 4096, at = below(random, (uint32_t)len);
  switch (kind) {
    case BIT: data[at] ^= (uint8_t)(1 << below(random, 8)); break;
    case BYTES:
      for (size_t i = at; i < at + 8 && i < len; i++) data[i] = (uint8_t)next_random(random);
      break;
    case ZEROS: memset(data + at / 512 * 512, 0, 512); break;
    case PAGES: {
      uint8_t page[4096], *a = data + 4096 * below(random, (uint32_t)n_page),
                          *b = data + 4096 * below(random, (uint32_t)n_page);
      memcpy(page, a, 4096);
      memmove(a, b, 4096);
      memcpy(b, page, 4096);
      break;
    }
    default: return at;
  }
  return len;
}

static int read_damaged(const char *dir, const model *m, uint64_t want) {
  static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) signal(deadly[i], SIG_DFL);
  alarm(SECONDS);
  uint64_t got;
  rp_status status = digest(dir, m, &got);
  return status != RP_OK ? REFUSED : got == want ? SAME : OTHER;
}

struct tally {
  int same, refused, deaths;
};

static void try_copy(const char *dir, const char *file, const uint8_t *sound, size_t len, const model *m, uint64_t want,
                     int number, struct tally *tally) {
  static uint8_t copy[8 << 20];
  enum kind kind = (enum kind)(number % N_KIND);
  uint64_t random = (uint64_t)number + 1;
  memcpy(copy, sound, len);
  save(file, copy, damage(kind, copy, len, &random));
  pid_t child = fork();
  if (child == 0) {
    /* LMDB's assertions speak on stderr */
    if (!freopen("/dev/null", "w", stderr)) _exit(OTHER);
    _exit(read_damaged(dir, m, want));
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == SAME)
    tally[kind].same++;
  else if (WIFEXITED(status) && WEXITSTATUS(status) == REFUSED)
    tally[kind].refused++;
  else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGALRM)
    tally[kind].deaths++;
  else
    fail_msg("copy %d (%s): %s", number, kind_name[kind], WIFSIGNALED(status) ? "hangs" : "says something else");
}

static void test_damaged_copies(void **state) {
  (void)state;
  char *dir = new_folder(), file[4200];
  model *m = model_new(3);
  rp_store *store = open_store(dir, true);
  m->n_hash = 20;
  for (int i = 0; i < 4; i++) commit_random(store, m, 90, 20, 2);
  /* as few pages as possible that hold nothing: damage there is not felt */
  OK(rp_store_compact(store, 1, &error));
  commit_random(store, m, 10, 3, 0);
  rp_store_close(store);
  snprintf(file, sizeof file, "%s/2/data.mdb", dir);
  size_t len;
  uint8_t *sound = load(file, &len);
  uint64_t want = 0;
  OK(digest(dir, m, &want));
  struct tally tally[N_KIND] = {{0, 0, 0}};
  for (int i = 0; i < COPIES; i++) try_copy(dir, file, sound, len, m, want, i, tally);
  int deaths = 0, refused = 0;
  print_message("%zu bytes\n", len);
  for (int k = 0; k < N_KIND; k++) {
    print_message("%-20s %3d refused, %3d not felt, %3d deaths\n", kind_name[k], tally[k].refused, tally[k].same,
                  tally[k].deaths);
    deaths += tally[k].deaths;
    refused += tally[k].refused;
  }
  assert_true(refused > COPIES * 2 / 3);
  assert_true(deaths <= COPIES / 20);
  assert_true(tally[CUT].deaths == 0 && tally[CUT].refused > 0);
  save(file, sound, len);
  uint64_t got = 0;
  OK(digest(dir, m, &got));
  assert_true(got == want);
  model_free(m);
  drop_folder(dir);
}

/* ---- damage to one value, inside a sound LMDB file ---- */

typedef struct value {
  MDB_val key;
  uint8_t bytes[16];
  uint8_t *data;
  size_t len;
} value;

static size_t read_values(const rp_txn *txn, value *out, size_t room) {
  MDB_cursor *cursor;
  MDB_val k, v;
  size_t n = 0;
  assert_int_equal(mdb_cursor_open(txn->txn, txn->dbi, &cursor), 0);
  while (n < room && mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
    memcpy(out[n].bytes, k.mv_data, k.mv_size);
    out[n].key = (MDB_val){k.mv_size, NULL};
    out[n].data = malloc(v.mv_size + 1);
    assert_non_null(out[n].data);
    memcpy(out[n].data, v.mv_data, v.mv_size);
    out[n++].len = v.mv_size;
  }
  mdb_cursor_close(cursor);
  return n;
}

/* `len` bytes as the value of a key; SIZE_MAX: the key is deleted. */
static void write_value(const char *folder, value *v, const uint8_t *data, size_t len) {
  rp_db db = {0};
  rp_txn txn;
  v->key.mv_data = v->bytes;
  OK(rp_db_open(&db, folder, true, false, 0, &error));
  OK(rp_db_begin(&db, true, &txn, &error));
  MDB_val x = {len, NULL};
  if (len == SIZE_MAX) {
    assert_int_equal(mdb_del(txn.txn, txn.dbi, &v->key, NULL), 0);
  } else {
    assert_int_equal(mdb_put(txn.txn, txn.dbi, &v->key, &x, MDB_RESERVE), 0);
    memcpy(x.mv_data, data, len);
  }
  OK(rp_db_commit(&txn, &error));
  rp_db_close(&db);
}

static void test_damaged_values(void **state) {
  (void)state;
  enum { ROOM = 64, TRIES = 5 };
  char *dir = new_folder(), folder[4200];
  static value v[ROOM];
  model *m = model_new(3);
  rp_store *store = open_store(dir, true);
  m->n_hash = 20;
  for (int i = 0; i < 3; i++) commit_random(store, m, i ? 10 : 150, 20, 2);
  rp_store_close(store);
  snprintf(folder, sizeof folder, "%s/1", dir);
  rp_db db = {0};
  rp_txn txn;
  OK(rp_db_open(&db, folder, true, false, 0, &error));
  OK(rp_db_begin(&db, false, &txn, &error));
  size_t n = read_values(&txn, v, ROOM);
  rp_db_abort(&txn);
  rp_db_close(&db);
  assert_in_range(n, 10, ROOM - 1);
  uint64_t random = 1, want = 0, got;
  OK(digest(dir, m, &want));
  for (size_t i = 0; i < n; i++) {
    write_value(folder, &v[i], NULL, SIZE_MAX);
    rp_status status = digest(dir, m, &got);
    assert_true(status != RP_OK);
    for (int j = 0; j < TRIES && v[i].len; j++) {
      size_t at = below(&random, (uint32_t)v[i].len), len = j == 0 ? at : v[i].len;
      v[i].data[at] ^= 4;
      write_value(folder, &v[i], v[i].data, len);
      v[i].data[at] ^= 4;
      if (digest(dir, m, &got) == RP_OK)
        fail_msg("kind %02x %02x%02x%02x%02x %02x: %s at byte %zu of %zu", v[i].bytes[0], v[i].bytes[1], v[i].bytes[2],
                 v[i].bytes[3], v[i].bytes[4], v[i].bytes[5], got == want ? "not felt" : "says something else", at,
                 v[i].len);
    }
    write_value(folder, &v[i], v[i].data, v[i].len);
  }
  OK(digest(dir, m, &got));
  assert_true(got == want);
  for (size_t i = 0; i < n; i++) free(v[i].data);
  model_free(m);
  drop_folder(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_damaged_copies),
      cmocka_unit_test(test_damaged_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
