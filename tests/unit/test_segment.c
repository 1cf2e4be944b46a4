/* The parts a store is made of: records, blocks of postings, their order,
 * segments of many chunks, groups of documents. */
#include "store_fixture.h"

#include "base/hash.h"
#include "store/document.h"
#include "store/order.h"
#include "store/posting.h"
#include "store/record.h"
#include "store/segment.h"

static void test_records(void **state) {
  (void)state;
  static uint8_t data[3 * (RP_BLOCK + 8) + 64];
  for (size_t len = 0; len<3 * RP_BLOCK; len += len> 4080 && len < 4110 ? 1 : 61) {
    size_t got, total = rp_record_len(len);
    for (size_t i = 0; i < len; i++) data[i] = (uint8_t)(i * 7);
    rp_record_seal_at(data, len);
    assert_true(rp_record_data_len(total, &got));
    assert_int_equal(got, len);
    assert_true(rp_record_is_all_good(data, len));
    if (len == 0) continue;
    data[len / 2] ^= 1;
    assert_false(rp_record_is_all_good(data, len));
    assert_false(rp_record_is_good(data, len, len / 2 / RP_BLOCK));
  }
  size_t got;
  /* no data has a record of these lengths */
  for (size_t len = 1; len <= 8; len++) assert_false(rp_record_data_len(len, &got));
  assert_false(rp_record_data_len(RP_BLOCK + 8 + 3, &got));
}

/* ---- blocks --------------------------------------------------------------------- */

enum { N = 5000 };

static int by_hash(const void *a, const void *b) {
  const rp_entry *x = a, *y = b;
  return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Sorted hashes of several kinds: even, sparse, few, one, at the ends. */
static void fill(rp_entry *e, int kind, const rp_posting_form *form, uint64_t *random) {
  uint32_t range = form->doc_width == 4 ? UINT32_MAX - form->doc_first : (UINT32_C(1) << 8 * form->doc_width) - 1;
  for (size_t i = 0; i < N; i++) {
    uint64_t r = next_random(random);
    switch (kind) {
      case 0: e[i].hash = r; break;
      case 1: e[i].hash = r >> 40 << 24; break; /* dense */
      case 2: e[i].hash = r % 9 * (UINT64_MAX / 9); break;
      case 3: e[i].hash = UINT64_C(0x123456789a) << 24; break;
      case 4: e[i].hash = i % 50 ? r >> 44 << 24 : r; break;
      default: e[i].hash = r & 1 ? 0 : UINT64_MAX; break;
    }
    e[i].hash = e[i].hash >> RP_HASH_SHIFT << RP_HASH_SHIFT;
    e[i].doc = form->doc_first + (uint32_t)(next_random(random) % ((uint64_t)range + 1));
    e[i].position = form->position_width ? (uint16_t)(r >> 9) : 0;
  }
  qsort(e, N, sizeof *e, by_hash);
}

static void check_block(const rp_entry *e, size_t n, const rp_posting *p) {
  static rp_entry read[UINT16_MAX];
  assert_int_equal(p->n, n);
  assert_true(rp_posting_read(p, read));
  for (size_t i = 0; i < n; i++) {
    rp_entry one = {e[i].hash, 0, 0};
    rp_posting_get(p, i, &one);
    assert_true(is_same_entry(&one, &e[i]) && is_same_entry(&read[i], &e[i]));
  }
  for (size_t i = 0; i < n; i += 1 + n / 97) {
    uint64_t hash = e[i].hash >> RP_HASH_SHIFT;
    for (uint64_t h = hash ? hash - 1 : 0; h <= hash + 1; h++) {
      size_t want = 0, start, end;
      while (want < n && e[want].hash >> RP_HASH_SHIFT < h) want++;
      rp_posting_find(p, h, &start, &end);
      assert_int_equal(start, want);
      while (want < n && e[want].hash >> RP_HASH_SHIFT == h) want++;
      assert_int_equal(end, want);
    }
  }
  size_t start, end;
  rp_posting_find(p, UINT64_C(1) << 40, &start, &end);
  assert_true(start == n && end == n);
}

static void test_blocks(void **state) {
  (void)state;
  static rp_entry e[N];
  uint64_t random = 1;
  for (int kind = 0; kind < 6; kind++) {
    for (uint8_t width = 1; width <= 4; width++) {
      rp_posting_form form = {kind == 1 ? 1000 : 0, width, kind % 2 ? 2 : 0};
      fill(e, kind, &form, &random);
      for (size_t at = 0, n; at < N; at += n) {
        uint8_t block[RP_BLOCK], low = 9;
        rp_posting p;
        n = rp_posting_fit(e + at, N - at, &form, &low);
        assert_in_range(n, 1, N - at);
        size_t len = rp_posting_write(e + at, n, &form, low, block);
        assert_in_range(len, 1, RP_BLOCK);
        assert_true(rp_posting_open(block, len, &form, &p));
        check_block(e + at, n, &p);
        assert_false(rp_posting_open(block, len - 1, &form, &p));
      }
    }
  }
}

/* Bytes that are no block, or nearly one, are refused or read within bounds. */
static void test_hostile_blocks(void **state) {
  (void)state;
  static rp_entry e[N], out[UINT16_MAX];
  uint64_t random = 2;
  rp_posting_form form = {0, 2, 2};
  fill(e, 0, &form, &random);
  uint8_t low;
  size_t n = rp_posting_fit(e, N, &form, &low);
  for (int i = 0; i < 5000; i++) {
    uint8_t *block = malloc(RP_BLOCK);
    rp_posting p;
    assert_non_null(block);
    size_t len = rp_posting_write(e, n, &form, low, block);
    for (int j = 0; j < 3; j++) block[below(&random, j ? (uint32_t)len : 16)] = (uint8_t)next_random(&random);
    if (i % 3 == 0) len = below(&random, (uint32_t)len);
    uint8_t *exact = malloc(len + 1);
    assert_non_null(exact);
    memcpy(exact, block, len);
    if (rp_posting_open(exact, len, &form, &p)) {
      size_t start, end;
      rp_posting_find(&p, next_random(&random) >> 24, &start, &end);
      assert_true(start <= end && end <= p.n);
      (void)rp_posting_read(&p, out);
    }
    free(exact);
    free(block);
  }
}

/* ---- order ------------------------------------------------------------------------- */

static const rp_row *sort_rows;

static int by_order(const void *a, const void *b) {
  const rp_entry *x = a, *y = b;
  if (x->hash >> 24 != y->hash >> 24) return x->hash >> 24 < y->hash >> 24 ? -1 : 1;
  int c = rp_order_compare_rows(&sort_rows[x->doc], x->doc, &sort_rows[y->doc], y->doc);
  return c ? c : (x->position > y->position) - (x->position < y->position);
}

static void test_order(void **state) {
  (void)state;
  enum { DOCS = 700, ENTRIES = 40000 };
  static rp_row row[DOCS];
  static uint32_t order[DOCS], rank[DOCS];
  static rp_entry in[ENTRIES], out[ENTRIES];
  uint64_t random = 3;
  for (int round = 0; round < 8; round++) {
    for (int i = 0; i < DOCS; i++) {
      row[i].earliest = round % 2 ? (int32_t)next_random(&random) : (int32_t)below(&random, 5) - 2;
      if (below(&random, 9) == 0) row[i].earliest = RP_ROW_UNDATED;
      row[i].id_hash = below(&random, 3) ? next_random(&random) : 1;
    }
    OK(rp_order_rows(row, DOCS, order, rank, &error));
    for (uint32_t i = 1; i < DOCS; i++)
      assert_true(rp_order_compare_rows(&row[order[i - 1]], order[i - 1], &row[order[i]], order[i]) < 0);
    size_t n = round == 7 ? 20 : ENTRIES;
    for (size_t i = 0; i < n; i++) {
      uint64_t r = next_random(&random);
      uint64_t hash = round < 2 ? r : round < 4 ? r % 4 << 60 : round < 6 ? r >> 30 : 0;
      in[i] = (rp_entry){hash, 100 + below(&random, DOCS), (uint16_t)below(&random, 4)};
    }
    rp_order_job job = {.in = in, .n = n, .doc_base = 100, .rank = rank, .order = order, .out = out};
    job.n_thread = (unsigned)round % 3 + 1;
    OK(rp_order_entries(&job, &error));
    for (size_t i = 0; i < n; i++) {
      in[i].doc -= 100;
      in[i].hash = in[i].hash >> 24 << 24;
    }
    sort_rows = row;
    qsort(in, n, sizeof *in, by_order);
    for (size_t i = 0; i < n; i++) assert_true(is_same_entry(&in[i], &out[i]));
  }
}

/* ---- segments of many chunks --------------------------------------------------------- */

/* One list that runs through several chunks, among many short ones. */
static void test_long_lists(void **state) {
  (void)state;
  enum { DOCS = 1000, LONG = 300000, SHORT = 200000 };
  char *dir = new_folder();
  rp_store *store = open_store(dir, true);
  uint64_t random = 4, middle = UINT64_C(1) << 63;
  static rp_store_doc doc[DOCS];
  rp_entry *entry = calloc(LONG + SHORT, sizeof *entry), *got = calloc(2 * LONG, sizeof *got);
  assert_true(entry && got);
  for (uint32_t i = 0; i < DOCS; i++) doc[i].row = (rp_row){.earliest = (int32_t)(i % 100), .id_hash = i * 7919 % DOCS};
  for (uint32_t i = 0; i < LONG; i++) entry[i] = (rp_entry){middle, i % DOCS, (uint16_t)(i / DOCS)};
  for (uint32_t i = 0; i < SHORT; i++) entry[LONG + i] = (rp_entry){next_random(&random), i % DOCS, (uint16_t)i};
  rp_store_batch batch = {.doc = doc, .n_doc = DOCS, .n_thread = 2};
  batch.entry[RP_TABLE_FINGERPRINT] = entry;
  batch.n_entry[RP_TABLE_FINGERPRINT] = LONG + SHORT;
  OK(rp_store_commit(store, &batch, NULL, &error));
  for (int round = 0; round < 2; round++) {
    rp_snapshot *s = NULL;
    rp_arena arena;
    rp_list list;
    rp_store_stat st;
    size_t n;
    rp_arena_init(&arena);
    OK(rp_snapshot_begin(store, &s, &error));
    OK(rp_snapshot_stat(s, &st, &error));
    assert_int_equal(st.longest[RP_TABLE_FINGERPRINT], (uint64_t)LONG * (round ? 2 : 1));
    OK(rp_snapshot_find(s, RP_TABLE_FINGERPRINT, middle, &arena, &list, &error));
    assert_int_equal(list.n, (uint64_t)LONG * (round ? 2 : 1));
    OK(rp_list_read(s, &list, got, &n, &error));
    assert_int_equal(n, list.n);
    for (size_t i = 1; i < n && !round; i++) {
      rp_row a = doc[got[i - 1].doc].row, b = doc[got[i].doc].row;
      int c = rp_order_compare_rows(&a, got[i - 1].doc, &b, got[i].doc);
      assert_true(c < 0 || (c == 0 && got[i - 1].position < got[i].position));
    }
    /* the 1,500 nearest to 50 are of 5 documents: 10 of each date, 300 postings each */
    OK(rp_list_nearest(s, &list, 50, 1500, &arena, got, &n, &error));
    assert_int_equal(n, 1500);
    for (size_t i = 0; i < n; i++) assert_int_equal(doc[got[i].doc % DOCS].row.earliest, 50);
    for (size_t i = LONG; i < LONG + SHORT; i += 701) {
      OK(rp_snapshot_find(s, RP_TABLE_FINGERPRINT, entry[i].hash, &arena, &list, &error));
      assert_in_range(list.n, round ? 2 : 1, round ? 4 : 2);
    }
    rp_snapshot_end(s);
    rp_arena_release(&arena);
    if (round == 0) {
      OK(rp_store_commit(store, &batch, NULL, &error));
      OK(rp_store_merge(store, 2, &error));
    }
  }
  free(entry);
  free(got);
  rp_store_close(store);
  drop_folder(dir);
}

/* The example of docs/format.md: the format does not change unnoticed. */
static void test_known_bytes(void **state) {
  (void)state;
  char *dir = new_folder(), path[4200];
  rp_store *store = open_store(dir, true);
  rp_store_doc doc[2] = {{.payload = {"Ferry strike ends", 17}, .publisher_key = {"a.example", 9}},
                         {.payload = {"Ferry strike ends", 17}, .publisher_key = {"b.example", 9}}};
  doc[0].row = (rp_row){29000000, 29000000, 0, 3, 0x1111};
  doc[1].row = (rp_row){RP_ROW_UNDATED, RP_ROW_UNDATED, 0, 3, 0x2222};
  rp_entry entry[3] = {
      {UINT64_C(0xaabbccddee000000), 1, 0}, {UINT64_C(0xaabbccddee000000), 0, 0}, {UINT64_C(0x1122334455000000), 0, 0}};
  rp_store_batch batch = {.doc = doc, .n_doc = 2};
  batch.entry[RP_TABLE_BAND] = entry;
  batch.n_entry[RP_TABLE_BAND] = 3;
  OK(rp_store_commit(store, &batch, NULL, &error));
  rp_store_close(store);
  rp_db db = {0};
  rp_txn txn;
  rp_manifest m = {0};
  rp_bytes v;
  snprintf(path, sizeof path, "%s/1", dir);
  OK(rp_db_open(&db, path, false, false, 0, &error));
  OK(rp_db_begin(&db, false, &txn, &error));
  OK(rp_manifest_read(&txn, &m, &error));
  assert_int_equal(m.segment.n, 1);
  assert_int_equal(m.segment.data[0].description_len, 265);
  assert_true(m.segment.data[0].description_sum == UINT64_C(0x5595627ac7cc0ce2));
  static const uint8_t row_sum[] = {0x7d, 0x35, 0xc4, 0x2a, 0xec, 0x18, 0xa3, 0xa4};
  static const uint8_t publisher_sum[] = {0x99, 0x0d, 0x1f, 0x95, 0x0f, 0xf7, 0xe0, 0x39};
  OK(rp_db_get(&txn, rp_key_chunk(RP_KIND_ROW, 0), &v, &error));
  assert_int_equal(v.len, 56);
  assert_memory_equal(v.data + 48, row_sum, 8);
  OK(rp_db_get(&txn, rp_key_chunk(RP_KIND_PUBLISHER, 0), &v, &error));
  assert_int_equal(v.len, 34);
  assert_memory_equal(v.data + 26, publisher_sum, 8);
  rp_manifest_release(&m);
  rp_db_abort(&txn);
  rp_db_close(&db);
  drop_folder(dir);
}

/* ---- groups of documents ---------------------------------------------------------------- */

static void test_groups(void **state) {
  (void)state;
  enum { DOCS = 300 };
  rp_str payload[DOCS], back[DOCS];
  uint64_t random = 5;
  static char text[200000];
  for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('a' + below(&random, 6));
  rp_packer *packer = rp_packer_new();
  rp_unpacker *unpacker = rp_unpacker_new();
  assert_true(packer && unpacker);
  rp_buf value = {0}, storage = {0}, frame = {0};
  for (int i = 0; i < DOCS; i++) {
    uint32_t kind = below(&random, 30);
    payload[i].len = kind == 0 ? 0 : kind == 1 ? 50000 : below(&random, 4000);
    payload[i].data = text + below(&random, (uint32_t)(sizeof text - payload[i].len));
  }
  for (size_t at = 0, n; at < DOCS; at += n) {
    rp_group group;
    n = rp_group_fit(payload + at, DOCS - at);
    assert_in_range(n, 1, DOCS - at);
    rp_buf_clear(&value);
    OK(rp_group_pack(packer, payload + at, n, &value, &error));
    assert_true(rp_group_open((const uint8_t *)value.data, value.len, &group));
    assert_int_equal(group.n_doc, n);
    OK(rp_group_unpack(unpacker, &group, &storage, back));
    for (uint32_t i = 0; i < n; i++) {
      rp_frame_place place;
      assert_int_equal(back[i].len, payload[at + i].len);
      if (back[i].len) assert_memory_equal(back[i].data, payload[at + i].data, back[i].len);
      assert_true(rp_group_place(&group, i, &place));
      OK(rp_group_decode(unpacker, &group, &place, &frame));
      assert_int_equal(place.len, payload[at + i].len);
      if (place.len) assert_memory_equal(frame.data + place.offset, payload[at + i].data, place.len);
    }
  }
  /* the head is sound and lies, the frames are damaged, the value is cut off */
  for (int i = 0; i < 3000; i++) {
    rp_group group;
    rp_frame_place place;
    size_t len = i % 2 ? value.len : below(&random, (uint32_t)value.len);
    uint8_t *copy = malloc(len + 1);
    assert_non_null(copy);
    memcpy(copy, value.data, len);
    for (int j = 0; j < 2 && len; j++) copy[below(&random, (uint32_t)len)] ^= (uint8_t)next_random(&random);
    if (len > 40 && i % 3) {
      copy[12 + below(&random, 28)] = (uint8_t)next_random(&random);
      size_t head = copy[8] | (size_t)copy[9] << 8;
      if (head >= 20 && head <= len) {
        uint64_t sum = rp_hash64(copy + 8, head - 8);
        for (int j = 0; j < 8; j++) copy[j] = (uint8_t)(sum >> 8 * j);
      }
    }
    if (rp_group_open(copy, len, &group) && group.n_doc && rp_group_place(&group, group.n_doc - 1, &place))
      (void)!rp_group_decode(unpacker, &group, &place, &frame);
    free(copy);
  }
  rp_buf_release(&value);
  rp_buf_release(&storage);
  rp_buf_release(&frame);
  rp_packer_free(packer);
  rp_unpacker_free(unpacker);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_records),     cmocka_unit_test(test_blocks),     cmocka_unit_test(test_hostile_blocks),
      cmocka_unit_test(test_order),       cmocka_unit_test(test_long_lists), cmocka_unit_test(test_groups),
      cmocka_unit_test(test_known_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
