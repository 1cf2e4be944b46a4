/* The check of an index: silent on what writers make, and naming what they
 * never would. */
#include "engine/entries.h"
#include "keep_help.h"

enum { NOW = 1600000000 };

/* ---- silence ---------------------------------------------------------------------------- */

static void test_sound(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  expect_sound(index);
  for (unsigned round = 0; round < 12; round++) {
    rp_writer *w = open_writer(index, NOW + round);
    for (unsigned i = 0; i < 40; i++) add(w, round * 25 + i, round / 2, i % 5 ? NOW - 86400 * (int64_t)i : 0);
    OK(rp_writer_commit(w, &error));
    char id[32];
    snprintf(id, sizeof id, "story-%u", round * 25 + 3);
    OK(rp_writer_remove(w, TEST_STR(id), &error));
    OK(rp_writer_commit(w, &error));
    if (round == 5) OK(rp_writer_merge(w, &error));
    if (round == 8) OK(rp_writer_compact(w, &error));
    rp_writer_close(w);
    expect_sound(index);
  }
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

/* ---- what no writer makes ------------------------------------------------------------------ */

/* One document as the engine would store it, to be spoilt. */
typedef struct spoilt {
  made *made;
  rp_document document;
  rp_entries entries;
  rp_arena arena;
  rp_store_doc doc;
  rp_entry entry[RP_N_TABLE][512];
  rp_store_batch batch;
  rp_buf payload;
} spoilt;

static spoilt *spoil(const rp_index *index, unsigned number) {
  spoilt *s = calloc(1, sizeof *s);
  assert_non_null(s);
  rp_arena_init(&s->arena);
  rp_buf_init(&s->payload);
  s->made = make(number, 0, NOW);
  rp_article *a = &s->made->article;
  OK(rp_entries_make(a, &index->params, &s->arena, &s->entries, &error));
  s->document = (rp_document){.article = *a,
                              .first_seen = NOW,
                              .stated = a->published,
                              .before = RP_DATE_UNKNOWN,
                              .n_word = s->entries.n_word,
                              .counted = s->entries.n_word};
  s->doc = (rp_store_doc){.signature = (const uint8_t *)s->entries.signature,
                          .row = {.counted = s->entries.n_word},
                          .publisher_key = a->publisher_key};
  rp_index_row_date(a->published, &s->doc.row.earliest, &s->doc.row.latest);
  for (size_t i = 0; i < s->entries.n; i++) {
    rp_table t = rp_entry_key_table(s->entries.key[i]);
    if (t == RP_TABLE_ID) s->doc.row.id_hash = 0;
    s->entry[t][s->batch.n_entry[t]++] =
        (rp_entry){s->entries.key[i] & ~UINT64_C(0xffffff), 0, (uint16_t)(s->entries.key[i] & 0xffff)};
  }
  s->batch.counter[RP_COUNTER_WORD] = s->batch.counter[RP_COUNTER_COUNTED] = s->entries.n_word;
  s->batch.counter[RP_COUNTER_TEXT] = (int64_t)a->text.len;
  return s;
}

static void commit_spoilt(rp_index *index, spoilt *s) {
  if (!s->payload.len) OK(rp_document_encode(&s->document, &s->payload, &error));
  s->doc.payload = (rp_str){s->payload.data, s->payload.len};
  for (int t = 0; t < RP_N_TABLE; t++) s->batch.entry[t] = s->entry[t];
  s->batch.doc = &s->doc;
  s->batch.n_doc = 1;
  OK(rp_store_commit(index->store, &s->batch, NULL, &error));
  made_free(s->made);
  rp_buf_release(&s->payload);
  rp_arena_release(&s->arena);
  free(s);
}

/* The hash of an id, as the engine makes it, stands in the rows of the others. */
static uint64_t id_hash_of(rp_index *index, uint32_t doc) {
  rp_snapshot *snapshot;
  rp_row row;
  OK(rp_snapshot_begin(index->store, &snapshot, &error));
  OK(rp_snapshot_row(snapshot, doc, &row, &error));
  rp_snapshot_end(snapshot);
  return row.id_hash;
}

enum harm {
  NOTHING,
  ONE_BAND_MISSING,
  ALL_BANDS_MISSING,
  STRANGE_BAND,
  BAND_TWICE,
  FINGERPRINT_MOVED,
  EQUAL_WRONG,
  URL_MISSING,
  ID_MISSING,
  SIGNATURE_WRONG,
  DATE_WRONG,
  COUNTED_WRONG,
  ID_HASH_WRONG,
  PUBLISHER_WRONG,
  WORDS_WRONG,
  PAYLOAD_WRONG,
  WORD_COUNTER_WRONG,
  TEXT_COUNTER_WRONG,
  UNDATED_COUNTER_WRONG,
  N_HARM
};

/* A part of what the first finding says; the second one's, where there are two. */
static const struct {
  const char *first, *second;
} expected[N_HARM] = {
    [NOTHING] = {NULL, NULL},
    [ONE_BAND_MISSING] = {"article|bands|1|40|story-50|1 of its entries is missing", NULL},
    [ALL_BANDS_MISSING] = {"article|bands|1|40|story-50|35 of its entries are missing", NULL},
    [STRANGE_BAND] = {"article|bands|1|40|story-50|1 entry is there that is not its own", NULL},
    [BAND_TWICE] = {"article|bands|1|40|story-50|1 entry is there that is not its own", NULL},
    [FINGERPRINT_MOVED] = {"article|fingerprints|1|40|story-50|1 entry is there",
                           "article|fingerprints|1|40|story-50|1 of its entries is missing"},
    [EQUAL_WRONG] = {"article|equal texts|1|40|story-50|1 entry is there",
                     "article|equal texts|1|40|story-50|1 of its entries is missing"},
    [URL_MISSING] = {"article|urls|1|40|story-50|1 of its entries is missing", NULL},
    [ID_MISSING] = {"article|ids|1|40|story-50|1 of its entries is missing", NULL},
    [SIGNATURE_WRONG] = {"article||-1|40|story-50|its signature is not its text's", NULL},
    [DATE_WRONG] = {"article||-1|40|story-50|its row has another date", NULL},
    [COUNTED_WRONG] = {"article||-1|40|story-50|its row has another count of words", NULL},
    [ID_HASH_WRONG] = {"article||-1|40|story-50|its row has another id", NULL},
    [PUBLISHER_WRONG] = {"article||-1|40|story-50|its row has another publisher", NULL},
    [WORDS_WRONG] = {"article||-1|40|story-50|its text has another number of words", NULL},
    [PAYLOAD_WRONG] = {"article||-1|40||it cannot be read", NULL},
    [WORD_COUNTER_WRONG] = {"counts||-1|-1||the articles have ", NULL},
    [TEXT_COUNTER_WRONG] = {"bytes of text, not ", NULL},
    [UNDATED_COUNTER_WRONG] = {"undated articles, not ", NULL},
};

static void apply(spoilt *s, enum harm harm) {
  static uint16_t signature[RP_SIGNATURE_SIZE];
  size_t *n = s->batch.n_entry;
  switch (harm) {
    case NOTHING: break;
    case ONE_BAND_MISSING: n[RP_TABLE_BAND]--; break;
    case ALL_BANDS_MISSING: n[RP_TABLE_BAND] = 0; break;
    case STRANGE_BAND: s->entry[RP_TABLE_BAND][n[RP_TABLE_BAND]++].hash = UINT64_C(0x1234567890) << 24; break;
    case BAND_TWICE:
      s->entry[RP_TABLE_BAND][n[RP_TABLE_BAND]] = s->entry[RP_TABLE_BAND][3];
      n[RP_TABLE_BAND]++;
      break;
    case FINGERPRINT_MOVED: s->entry[RP_TABLE_FINGERPRINT][2].position += 1; break;
    case EQUAL_WRONG: s->entry[RP_TABLE_EQUAL][0].hash ^= UINT64_C(1) << 24; break;
    case URL_MISSING: n[RP_TABLE_URL] = 0; break;
    case ID_MISSING: n[RP_TABLE_ID] = 0; break;
    case SIGNATURE_WRONG:
      memcpy(signature, s->entries.signature, sizeof signature);
      signature[77] ^= 1;
      s->doc.signature = (const uint8_t *)signature;
      break;
    case DATE_WRONG: s->doc.row.latest++; break;
    case COUNTED_WRONG: s->doc.row.counted++; break;
    case ID_HASH_WRONG: s->doc.row.id_hash++; break;
    case PUBLISHER_WRONG: s->doc.publisher_key = TEST_STR("somebody.example"); break;
    case WORDS_WRONG: s->document.n_word++; break;
    case PAYLOAD_WRONG: rp_buf_add_cstr(&s->payload, "no article"); break;
    case WORD_COUNTER_WRONG: s->batch.counter[RP_COUNTER_WORD]++; break;
    case TEXT_COUNTER_WRONG: s->batch.counter[RP_COUNTER_TEXT] -= 2; break;
    case UNDATED_COUNTER_WRONG: s->batch.counter[RP_COUNTER_UNDATED]++; break;
    case N_HARM: break;
  }
  if (harm == WORDS_WRONG) s->batch.counter[RP_COUNTER_WORD]++;
}

static void test_harm(void **state) {
  (void)state;
  for (int harm = NOTHING; harm < N_HARM; harm++) {
    char *dir = new_folder(), db[4200];
    snprintf(db, sizeof db, "%s/db", dir);
    rp_index *index = open_index(db, RP_OPEN_CREATE);
    rp_writer *w = open_writer(index, NOW);
    for (unsigned i = 0; i < 39; i++) add(w, i, 0, NOW);
    add(w, 50, 0, NOW);
    OK(rp_writer_commit(w, &error));
    uint64_t id_hash = id_hash_of(index, 39);
    OK(rp_writer_remove(w, TEST_STR("story-50"), &error));
    OK(rp_writer_commit(w, &error));
    rp_writer_close(w);
    spoilt *s = spoil(index, 50);
    s->doc.row.id_hash = id_hash;
    apply(s, (enum harm)harm);
    commit_spoilt(index, s);
    size_t n, n_wanted = harm == NOTHING ? 0 : expected[harm].second ? 2 : 1, n_again;
    char *found = findings_of(index, 1, &n), *again = findings_of(index, 3, &n_again);
    assert_string_equal(found, again);
    if (n != n_wanted) fail_msg("harm %d has %zu findings:\n%s", harm, n, found);
    if (n && !strstr(found, expected[harm].first)) fail_msg("harm %d:\n%s", harm, found);
    if (n == 2 && !strstr(found, expected[harm].second)) fail_msg("harm %d:\n%s", harm, found);
    free(found);
    free(again);
    rp_index_close(index);
    remove_tree(dir);
    free(dir);
  }
}

/* Two articles of one id: each is sound, both together are not. */
static void test_same_id(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  rp_writer *w = open_writer(index, NOW);
  for (unsigned i = 0; i < 9; i++) add(w, i, 0, NOW);
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
  spoilt *s = spoil(index, 4);
  s->doc.row.id_hash = id_hash_of(index, 4);
  commit_spoilt(index, s);
  size_t n;
  char *found = findings_of(index, 2, &n);
  assert_string_equal(found, "article|ids|-1|4|story-4|another article has the same id\n");
  free(found);
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

/* Each of many is named. */
static void test_many(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  for (unsigned i = 0; i < 30; i++) {
    spoilt *s = spoil(index, 50 + i);
    s->batch.n_entry[RP_TABLE_BAND] = 0;
    s->doc.row.id_hash = 0;
    commit_spoilt(index, s);
  }
  size_t n;
  char *found = findings_of(index, 2, &n);
  assert_int_equal(n, 60);
  for (unsigned i = 0; i < 30; i++) {
    char line[100];
    snprintf(line, sizeof line, "|%u|story-%u|35 of its entries are missing", i, 50 + i);
    if (!strstr(found, line)) fail_msg("no %s in\n%s", line, found);
  }
  free(found);
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

/* Short of memory it says so, and finds nothing that is not there. */
static void test_memory(void **state) {
  (void)state;
  char *dir = new_folder(), db[4200];
  snprintf(db, sizeof db, "%s/db", dir);
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  spoilt *s = spoil(index, 50);
  s->batch.n_entry[RP_TABLE_BAND] -= 2;
  s->doc.row.id_hash = 1;
  commit_spoilt(index, s);
  rp_status status = RP_ERR_MEMORY;
  for (long n = 1; status != RP_OK; n++) {
    told t = {0};
    rp_buf_init(&t.lines);
    rp_check_options options = {sizeof options, 1, remember, &t};
    rp_check_summary summary = {.size = sizeof summary};
    rp_mem_fail_after(n);
    status = rp_index_check(index, &options, &summary, &error);
    rp_mem_fail_after(0);
    assert_true(status == RP_OK || status == RP_ERR_MEMORY);
    assert_true(t.n <= 2);
    if (status == RP_OK) assert_int_equal(summary.n_finding, 2);
    rp_buf_release(&t.lines);
    assert_true(n < 10000);
  }
  rp_index_close(index);
  remove_tree(dir);
  free(dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sound), cmocka_unit_test(test_harm),   cmocka_unit_test(test_same_id),
      cmocka_unit_test(test_many),  cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
