/* A store in a folder of its own, and batches of random documents with a naive
 * copy of all that was committed. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "store/format.h"
#include "store/store.h"

#define OK(expr)                                                                                  \
  do {                                                                                            \
    rp_status status_ = (expr);                                                                   \
    if (status_ != RP_OK) fail_msg("%s: %s (%s)", #expr, rp_status_name(status_), error.message); \
  } while (0)

static rp_error error;

static inline uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static inline uint32_t below(uint64_t *state, uint32_t n) { return (uint32_t)(next_random(state) >> 32) % n; }

/* ---- folders ---- */

static inline void remove_tree(const char *path) {
  DIR *d = opendir(path);
  if (d) {
    for (struct dirent *e; (e = readdir(d));) {
      if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
      char inner[4096 + 260];
      if ((size_t)snprintf(inner, sizeof inner, "%s/%s", path, e->d_name) >= sizeof inner) abort();
      remove_tree(inner);
    }
    closedir(d);
    rmdir(path);
  } else {
    unlink(path);
  }
}

static inline char *new_folder(void) {
  const char *base = getenv("TMPDIR");
  char *path = malloc(4096);
  assert_non_null(path);
  snprintf(path, 4096, "%s/reprint-test-XXXXXX", base ? base : "/tmp");
  assert_non_null(mkdtemp(path));
  return path;
}

static inline void drop_folder(char *path) {
  remove_tree(path);
  free(path);
}

static inline rp_store *open_store(const char *dir, bool create) {
  rp_store *store = NULL;
  rp_store_options options = {.create = create, .write = true, .settings = {"settings of a test", 18}};
  OK(rp_store_open(dir, &options, &store, &error));
  return store;
}

/* ---- what was committed, naively ---- */

enum { MAX_DOCS = 20000, MAX_HASHES = 64 };

typedef struct model_doc {
  bool is_live, has_signature;
  char *payload;
  size_t payload_len;
  uint8_t signature[RP_STORE_SIGNATURE];
  rp_row row; /* publisher unused */
  char publisher[32];
  size_t n_entry[RP_N_TABLE];
  rp_entry *entry[RP_N_TABLE];
} model_doc;

typedef struct model {
  uint64_t random;
  uint32_t n_doc;
  model_doc *doc;
  int64_t counter[RP_N_COUNTER];
  uint32_t n_hash; /* how many different hashes postings have; few: long lists */
  unsigned n_thread;
} model;

static inline model *model_new(uint64_t seed) {
  model *m = calloc(1, sizeof *m);
  assert_non_null(m);
  m->doc = calloc(MAX_DOCS, sizeof *m->doc);
  assert_non_null(m->doc);
  m->random = seed;
  m->n_hash = MAX_HASHES;
  m->n_thread = 2;
  return m;
}

/* Only the first `n` documents were ever added. */
static inline void model_forget(model *m, uint32_t n) {
  for (uint32_t i = n; i < m->n_doc; i++) {
    free(m->doc[i].payload);
    for (int t = 0; t < RP_N_TABLE; t++) free(m->doc[i].entry[t]);
  }
  m->n_doc = n;
}

static inline void model_free(model *m) {
  model_forget(m, 0);
  free(m->doc);
  free(m);
}

/* Some hashes are in long lists, at both ends of the range too. */
static inline uint64_t model_hash(const model *m, uint64_t pick) {
  uint64_t i = pick % m->n_hash, x = i * 77 + 1;
  if (i == 0) return 0;
  if (i == 1) return UINT64_MAX;
  return next_random(&x);
}

static inline void fill_payload(model *m, model_doc *d) {
  uint32_t kind = below(&m->random, 40);
  d->payload_len = kind == 0 ? 0 : kind == 1 ? 20000 + below(&m->random, 40000) : below(&m->random, 3000);
  free(d->payload);
  d->payload = malloc(d->payload_len + 1);
  assert_non_null(d->payload);
  for (size_t i = 0; i < d->payload_len; i++) d->payload[i] = (char)('a' + below(&m->random, kind == 2 ? 26 : 4));
}

static inline void fill_doc(model *m, model_doc *d) {
  memset(d, 0, sizeof *d);
  d->is_live = true;
  fill_payload(m, d);
  d->has_signature = below(&m->random, 8) != 0;
  if (d->has_signature)
    for (int i = 0; i < RP_STORE_SIGNATURE; i++) d->signature[i] = (uint8_t)next_random(&m->random);
  d->row.earliest = below(&m->random, 6) == 0 ? RP_ROW_UNDATED : (int32_t)below(&m->random, 300) - 100;
  d->row.latest = d->row.earliest;
  d->row.counted = below(&m->random, 1000);
  d->row.id_hash = below(&m->random, 5) == 0 ? 7 : next_random(&m->random);
  uint32_t publisher = below(&m->random, 700);
  if (publisher) snprintf(d->publisher, sizeof d->publisher, "outlet%u.example", (unsigned)publisher);
  for (int t = 0; t < RP_N_TABLE; t++) {
    size_t n = d->n_entry[t] = t == RP_TABLE_BAND || t == RP_TABLE_FINGERPRINT ? below(&m->random, 12) : 1;
    d->entry[t] = calloc(n + 1, sizeof(rp_entry));
    assert_non_null(d->entry[t]);
    for (size_t i = 0; i < n; i++) {
      uint64_t r = next_random(&m->random);
      d->entry[t][i].hash = r & 1 ? model_hash(m, r >> 8) : next_random(&m->random);
      if (t == RP_TABLE_FINGERPRINT) d->entry[t][i].position = (uint16_t)(r >> 40);
    }
  }
}

static inline rp_store_doc store_doc(const model_doc *d) {
  rp_store_doc out = {.payload = {d->payload, d->payload_len}, .row = d->row};
  out.signature = d->has_signature ? d->signature : NULL;
  out.publisher_key = (rp_str){d->publisher, strlen(d->publisher)};
  return out;
}

typedef struct model_batch {
  rp_store_batch batch;
  rp_store_doc *doc;
  rp_entry *entry[RP_N_TABLE];
  uint32_t *dead;
  rp_store_replacement *replacement;
} model_batch;

/* n documents, some removals and replacements; the model has them from now on. */
static inline model_batch model_add(model *m, uint32_t n, uint32_t n_dead, uint32_t n_replacement) {
  model_batch b = {0};
  uint32_t old = m->n_doc;
  assert_true(old + n <= MAX_DOCS);
  b.doc = calloc(n + 1, sizeof *b.doc);
  b.dead = calloc(n_dead + 1, sizeof *b.dead);
  b.replacement = calloc(n_replacement + 1, sizeof *b.replacement);
  assert_true(b.doc && b.dead && b.replacement);
  for (uint32_t i = 0; i < n; i++) fill_doc(m, &m->doc[old + i]);
  m->n_doc += n;
  for (int t = 0; t < RP_N_TABLE; t++) {
    size_t total = 0;
    for (uint32_t i = 0; i < n; i++) total += m->doc[old + i].n_entry[t];
    b.entry[t] = calloc(total + 1, sizeof(rp_entry));
    assert_non_null(b.entry[t]);
    for (uint32_t i = 0; i < n; i++) {
      const model_doc *d = &m->doc[old + i];
      for (size_t j = 0; j < d->n_entry[t]; j++) {
        rp_entry e = d->entry[t][j];
        e.doc = i;
        b.entry[t][b.batch.n_entry[t]++] = e;
      }
    }
    b.batch.entry[t] = b.entry[t];
  }
  for (uint32_t i = 0; i < n; i++) b.doc[i] = store_doc(&m->doc[old + i]);
  for (uint32_t i = 0; i < n_replacement && old; i++) {
    uint32_t number = below(&m->random, old);
    bool is_twice = false;
    for (size_t j = 0; j < b.batch.n_replacement; j++) is_twice |= b.replacement[j].number == number;
    model_doc *d = &m->doc[number];
    if (is_twice || !d->is_live) continue;
    fill_payload(m, d);
    d->row.latest ^= 5;
    d->row.counted++;
    snprintf(d->publisher, sizeof d->publisher, "replaced%u.example", (unsigned)below(&m->random, 900));
    b.replacement[b.batch.n_replacement++] = (rp_store_replacement){number, store_doc(d)};
  }
  for (uint32_t i = 0; i < n_dead && old; i++) {
    uint32_t number = below(&m->random, old);
    bool is_replaced = false;
    for (size_t j = 0; j < b.batch.n_replacement; j++) is_replaced |= b.replacement[j].number == number;
    if (is_replaced || !m->doc[number].is_live) continue;
    m->doc[number].is_live = false;
    b.dead[b.batch.n_dead++] = number;
  }
  b.batch.doc = b.doc;
  b.batch.n_doc = n;
  b.batch.dead = b.dead;
  b.batch.replacement = b.replacement;
  b.batch.n_thread = m->n_thread;
  for (int i = 0; i < RP_N_COUNTER; i++) m->counter[i] += b.batch.counter[i] = (int64_t)below(&m->random, 100) - 30;
  return b;
}

static inline void batch_release(model_batch *b) {
  free(b->doc);
  for (int t = 0; t < RP_N_TABLE; t++) free(b->entry[t]);
  free(b->dead);
  free(b->replacement);
}

static inline void commit_random(rp_store *store, model *m, uint32_t n, uint32_t n_dead, uint32_t n_replacement) {
  uint32_t old = m->n_doc, first = 0;
  model_batch b = model_add(m, n, n_dead, n_replacement);
  OK(rp_store_commit(store, &b.batch, &first, &error));
  if (n) assert_int_equal(first, old);
  batch_release(&b);
}

/* ---- is the store what the model is? ---- */

static inline int compare_by(const model *m, const rp_entry *a, const rp_entry *b) {
  const rp_row *x = &m->doc[a->doc].row, *y = &m->doc[b->doc].row;
  if (x->earliest != y->earliest) return x->earliest < y->earliest ? -1 : 1;
  if (x->id_hash != y->id_hash) return x->id_hash < y->id_hash ? -1 : 1;
  if (a->doc != b->doc) return a->doc < b->doc ? -1 : 1;
  return (a->position > b->position) - (a->position < b->position);
}

/* Live postings whose 40 high bits are those of `hash`, by number and order given. */
static inline size_t model_find(const model *m, int table, uint64_t hash, rp_entry *out) {
  size_t n = 0;
  for (uint32_t i = 0; i < m->n_doc; i++) {
    const model_doc *d = &m->doc[i];
    for (size_t j = 0; j < d->n_entry[table] && d->is_live; j++) {
      if (d->entry[table][j].hash >> RP_HASH_SHIFT != hash >> RP_HASH_SHIFT) continue;
      out[n] = d->entry[table][j];
      out[n].hash = hash;
      out[n++].doc = i;
    }
  }
  return n;
}

static inline void insertion_sort(const model *m, rp_entry *e, size_t n) {
  for (size_t i = 1; i < n; i++) {
    rp_entry x = e[i];
    size_t j = i;
    for (; j > 0 && compare_by(m, &x, &e[j - 1]) < 0; j--) e[j] = e[j - 1];
    e[j] = x;
  }
}

static inline bool is_same_entry(const rp_entry *a, const rp_entry *b) {
  return a->hash == b->hash && a->doc == b->doc && a->position == b->position;
}

static inline uint64_t distance_of(const model *m, const rp_entry *e, int32_t minutes) {
  int32_t date = m->doc[e->doc].row.earliest;
  if (minutes == RP_ROW_UNDATED) return 0;
  if (date == RP_ROW_UNDATED) return UINT64_MAX;
  return (uint64_t)llabs((long long)date - minutes);
}

static inline bool is_nearer_than(const model *m, const rp_entry *a, const rp_entry *b, int32_t minutes) {
  uint64_t x = distance_of(m, a, minutes), y = distance_of(m, b, minutes);
  if (x != y) return x < y;
  uint64_t p = m->doc[a->doc].row.id_hash, q = m->doc[b->doc].row.id_hash;
  if (p != q) return p < q;
  if (a->doc != b->doc) return a->doc < b->doc;
  return a->position < b->position;
}

static inline void check_list(const model *m, rp_snapshot *s, rp_table table, uint64_t hash, rp_arena *arena) {
  rp_list list;
  size_t n = 0, n_want;
  OK(rp_snapshot_find(s, table, hash, arena, &list, &error));
  rp_entry *got = calloc(list.n + 1, sizeof *got), *want = calloc(MAX_DOCS * 12, sizeof *want);
  assert_true(got && want);
  OK(rp_list_read(s, &list, got, &n, &error));
  n_want = model_find(m, (int)table, hash, want);
  assert_int_equal(n, n_want);
  assert_true(n <= list.n);
  uint64_t spans = 0;
  for (size_t i = 0; i < list.n_span; i++) spans += list.span[i].n;
  assert_int_equal(spans, list.n);
  /* within each span in order; together what was committed */
  size_t breaks = 0;
  for (size_t i = 1; i < n; i++) breaks += compare_by(m, &got[i - 1], &got[i]) > 0;
  assert_true(n == 0 || breaks < list.n_span);
  insertion_sort(m, got, n);
  insertion_sort(m, want, n);
  for (size_t i = 0; i < n; i++) assert_true(is_same_entry(&got[i], &want[i]));
  static const int32_t dates[] = {-101, 0, 57, 120, 250, RP_ROW_UNDATED, INT32_MIN};
  for (size_t q = 0; q < sizeof dates / sizeof *dates; q++) {
    for (size_t k = 0; k <= 40; k += k < 3 ? 1 : 37) {
      size_t n_near = 0, n_expected = k < n ? k : n;
      OK(rp_list_nearest(s, &list, dates[q], k, arena, got, &n_near, &error));
      assert_int_equal(n_near, n_expected);
      for (size_t i = 0; i < n_expected; i++) {
        size_t best = i;
        for (size_t j = i + 1; j < n; j++)
          if (is_nearer_than(m, &want[j], &want[best], dates[q])) best = j;
        rp_entry swap = want[i];
        want[i] = want[best];
        want[best] = swap;
        assert_true(is_same_entry(&got[i], &want[i]));
      }
    }
  }
  free(got);
  free(want);
}

static inline void check_doc(const model *m, rp_snapshot *s, uint32_t doc, rp_arena *arena) {
  const model_doc *d = &m->doc[doc];
  rp_row row = {0};
  rp_str payload = {0};
  const uint8_t *signature = NULL;
  assert_int_equal(rp_snapshot_is_live(s, doc), d->is_live);
  if (!d->is_live) {
    assert_int_equal(rp_snapshot_payload(s, doc, arena, &payload, &error), RP_ERR_NOT_FOUND);
    return;
  }
  OK(rp_snapshot_row(s, doc, &row, &error));
  assert_int_equal(row.earliest, d->row.earliest);
  assert_int_equal(row.latest, d->row.latest);
  assert_int_equal(row.counted, d->row.counted);
  assert_true(row.id_hash == d->row.id_hash);
  rp_str publisher = rp_snapshot_publisher(s, row.publisher);
  assert_int_equal(publisher.len, strlen(d->publisher));
  if (publisher.len) assert_memory_equal(publisher.data, d->publisher, publisher.len);
  OK(rp_snapshot_signature(s, doc, &signature, &error));
  assert_memory_equal(signature, d->signature, RP_STORE_SIGNATURE);
  OK(rp_snapshot_payload(s, doc, arena, &payload, &error));
  assert_int_equal(payload.len, d->payload_len);
  if (payload.len) assert_memory_equal(payload.data, d->payload, payload.len);
}

static inline rp_status count_live(void *user, uint32_t doc, rp_error *e) {
  (void)doc, (void)e;
  ++*(uint64_t *)user;
  return RP_OK;
}

/* Everything of the store against everything of the model; `n_list` random lists. */
static inline void check_all(const model *m, rp_store *store, int n_list) {
  rp_snapshot *s = NULL;
  rp_arena arena;
  rp_store_stat stat_;
  rp_arena_init(&arena);
  OK(rp_snapshot_begin(store, &s, &error));
  assert_int_equal(rp_snapshot_numbers(s), m->n_doc);
  uint64_t n_live = 0, n_each = 0;
  for (uint32_t i = 0; i < m->n_doc; i++) {
    check_doc(m, s, i, &arena);
    n_live += m->doc[i].is_live;
    rp_arena_clear(&arena, 1 << 20);
  }
  OK(rp_snapshot_each(s, count_live, &n_each, &error));
  assert_int_equal(n_each, n_live);
  uint64_t random = m->n_doc;
  for (int i = 0; i < n_list; i++) {
    rp_table table = (rp_table)(i % RP_N_TABLE);
    uint64_t hash = i < 10 ? model_hash(m, (uint64_t)i / 5) : model_hash(m, next_random(&random));
    if (i % 7 == 6 && m->n_doc) {
      const model_doc *d = &m->doc[below(&random, m->n_doc)];
      if (d->n_entry[table]) hash = d->entry[table][0].hash;
    }
    check_list(m, s, table, hash, &arena);
  }
  OK(rp_snapshot_stat(s, &stat_, &error));
  assert_int_equal(stat_.n_live, n_live);
  assert_in_range(stat_.n_dead, 0, m->n_doc - n_live);
  for (int i = 0; i < RP_N_COUNTER; i++) assert_true((int64_t)stat_.counter[i] == m->counter[i]);
  rp_snapshot_end(s);
  rp_arena_release(&arena);
}

#endif
