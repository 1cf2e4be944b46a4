/* The check of a store's values: parts written with good checksums and wrong
 * content, as no writer would. */
#include <fcntl.h>

#include "base/buf.h"
#include "base/hash.h"
#include "store/check.h"
#include "store/inside.h"
#include "store/record.h"
#include "store_fixture.h"

enum { N_DOC = 10, FIRST_DATE = 1000 };

/* Ten documents, dated 1000, 1001, ...; no entry in any table. */
static rp_store *make_store(const char *dir) {
  rp_store *store = open_store(dir, true);
  rp_store_doc doc[N_DOC];
  char text[N_DOC][40];
  uint8_t signature[RP_STORE_SIGNATURE];
  memset(signature, 7, sizeof signature);
  for (int i = 0; i < N_DOC; i++) {
    int len = snprintf(text[i], sizeof text[i], "the text of document number %d", i);
    doc[i] = (rp_store_doc){.payload = {text[i], (size_t)len},
                            .signature = signature,
                            .row = {FIRST_DATE + i, FIRST_DATE + i, 0, 5, (uint64_t)i}};
  }
  rp_store_batch batch = {.doc = doc, .n_doc = N_DOC, .n_thread = 1};
  OK(rp_store_commit(store, &batch, NULL, &error));
  return store;
}

/* A segment of the entries as they are given. */
static void add_segment(rp_txn *txn, rp_manifest *m, const rp_entry *entry, size_t n) {
  rp_segment_writer w;
  rp_segment_info info = {.number = m->next_segment++,
                          .doc_end = N_DOC,
                          .n_live = N_DOC,
                          .least = FIRST_DATE,
                          .greatest = FIRST_DATE + N_DOC - 1};
  size_t taken;
  rp_segment_writer_init(&w, info.number, 0, N_DOC);
  w.txn = txn;
  w.n_thread = 1;
  OK(rp_segment_add(&w, RP_TABLE_BAND, entry, n, true, &taken, &error));
  OK(rp_segment_finish(&w, &info, &error));
  rp_segment_writer_release(&w);
  assert_true(rp_vec_push(&m->segment, info));
}

static rp_entry entry_of(uint64_t hash, uint32_t doc) { return (rp_entry){.hash = hash << RP_HASH_SHIFT, .doc = doc}; }

enum harm {
  NOTHING,
  DATES_TURNED,
  FOREIGN_DOCUMENT,
  N_LIVE,
  LEAST,
  GREATEST,
  TABLE_BYTES,
  LONGEST,
  DOCUMENT_BYTES,
  DEAD_COUNT,
  TOMBSTONE_CHUNK,
  ROW_BLOCK,
  ROW_MISSING,
  SIGNATURE_LENGTH,
  GROUP_HEAD,
  GROUP_FRAME,
  GROUP_TWICE,
  CHUNK_MISSING,
  CHUNK_BLOCK,
  N_HARM
};

static const char *const expected[N_HARM] = {
    [NOTHING] = "",
    [DATES_TURNED] = "segment|bands|0|entries 0 to 3 are out of order\n",
    [FOREIGN_DOCUMENT] = "segment|bands|0|entries 0 to 3 are of documents that the segment does not have\n",
    [N_LIVE] = "segment||0|10 of its documents are there, not the 9 that were counted\n",
    [LEAST] = "segment||0|1 of its documents are dated outside its dates\n",
    [GREATEST] = "segment||0|2 of its documents are dated outside its dates\n",
    [TABLE_BYTES] = "segment|bands|0|it has ",
    [LONGEST] = "segment|bands|0|its longest list has 2 entries, not 3\n",
    [DOCUMENT_BYTES] = "texts||-1|there are ",
    [DEAD_COUNT] = NULL,
    [TOMBSTONE_CHUNK] = "tombstones||-1|those of documents 0 to 9 are damaged\n",
    [ROW_BLOCK] = "rows||-1|those of documents 0 to 9 are damaged\n",
    [ROW_MISSING] = "rows||-1|those of documents 0 to 9 are missing\n",
    [SIGNATURE_LENGTH] = "signatures||-1|those of documents 0 to 9 are damaged\n",
    [GROUP_HEAD] = "texts||-1|the list of those from document 0 on is damaged\n",
    [GROUP_FRAME] = "texts||-1|those of documents 0 to 9 are damaged, in part or all of them\n",
    [GROUP_TWICE] = "texts||-1|those of documents 3 to 12 are there twice or too many\n",
    [CHUNK_MISSING] = "segment|bands|0|entries 0 to 3 are damaged or missing\n",
    [CHUNK_BLOCK] = "segment|bands|0|entries 0 to 3 are damaged\n",
};

/* Changes a byte of a value, or its length. */
static void spoil(rp_txn *txn, rp_key key, size_t at, size_t shorter) {
  rp_bytes v;
  uint8_t copy[65536];
  OK(rp_db_get(txn, key, &v, &error));
  assert_true(v.len < sizeof copy && at < v.len);
  memcpy(copy, v.data, v.len);
  if (!shorter) copy[at] ^= 0x10;
  OK(rp_db_put(txn, key, copy, v.len - shorter, &error));
}

static void raise_longest(rp_txn *txn, rp_manifest *m) {
  rp_bytes v;
  uint8_t copy[4096];
  size_t len = 0;
  rp_key key = rp_key_segment(0, RP_DESCRIPTION, 0);
  OK(rp_db_get(txn, key, &v, &error));
  assert_true(v.len < sizeof copy && rp_record_data_len(v.len, &len));
  memcpy(copy, v.data, v.len);
  copy[18]++;
  rp_record_seal_at(copy, len);
  m->segment.data[0].description_sum = rp_hash64(copy, v.len);
  OK(rp_db_put(txn, key, copy, v.len, &error));
}

static void copy_group(rp_txn *txn, rp_manifest *m) {
  rp_bytes v;
  uint8_t copy[4096];
  OK(rp_db_get(txn, rp_key_chunk(RP_KIND_DOCUMENT, 0), &v, &error));
  assert_true(v.len < sizeof copy);
  memcpy(copy, v.data, v.len);
  m->document_bytes += v.len;
  OK(rp_db_put(txn, rp_key_chunk(RP_KIND_DOCUMENT, 3), copy, v.len, &error));
}

static void apply(rp_txn *txn, rp_manifest *m, enum harm harm) {
  rp_entry entry[4] = {entry_of(5, 1), entry_of(5, 2), entry_of(9, 0), entry_of(11, 4)};
  if (harm == DATES_TURNED) entry[0].doc = 6;
  if (harm == FOREIGN_DOCUMENT) entry[3].doc = N_DOC;
  add_segment(txn, m, entry, 4);
  rp_segment_info *info = &m->segment.data[0];
  switch (harm) {
    case NOTHING:
    case DATES_TURNED:
    case FOREIGN_DOCUMENT:
    case N_HARM: break;
    case N_LIVE: info->n_live--; break;
    case LEAST: info->least++; break;
    case GREATEST: info->greatest -= 2; break;
    case TABLE_BYTES: info->n_byte[RP_TABLE_BAND]++; break;
    case LONGEST: raise_longest(txn, m); break;
    case DOCUMENT_BYTES: m->document_bytes++; break;
    case DEAD_COUNT: m->n_dead++; break;
    case TOMBSTONE_CHUNK: spoil(txn, rp_key_chunk(RP_KIND_TOMBSTONE, 0), 1, 0); break;
    case ROW_BLOCK: spoil(txn, rp_key_chunk(RP_KIND_ROW, 0), 30, 0); break;
    case ROW_MISSING: OK(rp_db_delete_all(txn, rp_key_chunk(RP_KIND_ROW, 0), &error)); break;
    case SIGNATURE_LENGTH: spoil(txn, rp_key_chunk(RP_KIND_SIGNATURE, 0), 0, 256); break;
    case GROUP_HEAD: spoil(txn, rp_key_chunk(RP_KIND_DOCUMENT, 0), 13, 0); break;
    case GROUP_FRAME: {
      rp_bytes v;
      OK(rp_db_get(txn, rp_key_chunk(RP_KIND_DOCUMENT, 0), &v, &error));
      spoil(txn, rp_key_chunk(RP_KIND_DOCUMENT, 0), v.len - 2, 0);
      break;
    }
    case GROUP_TWICE: copy_group(txn, m); break;
    case CHUNK_BLOCK: spoil(txn, rp_key_segment(0, RP_TABLE_BAND, 0), 40, 0); break;
    case CHUNK_MISSING: OK(rp_db_delete_all(txn, rp_key_segment(0, RP_TABLE_BAND, 0), &error)); break;
  }
}

/* What is found, as lines; NULL: no snapshot can be had. */
static char *check(rp_store *store) {
  rp_snapshot *s;
  unsigned n;
  rp_findings findings;
  rp_check_parts parts = {0};
  static rp_entry room[65535];
  if (rp_check_begin(store, 1, &s, &n, &error) != RP_OK) return NULL;
  rp_findings_init(&findings);
  OK(rp_check_values(s, &findings, &error));
  OK(rp_check_list(s, &parts, &findings, &error));
  for (size_t i = 0; i < parts.n; i++) {
    rp_check_reader reader = {s, room, NULL, NULL, &findings};
    bool is_whole;
    size_t before = findings.list.n;
    OK(rp_check_read(&reader, &parts.data[i], &is_whole, &error));
    assert_int_equal(is_whole, findings.list.n == before);
  }
  rp_buf lines;
  rp_buf_init(&lines);
  for (size_t i = 0; i < findings.list.n; i++) {
    const rp_finding *f = &findings.list.data[i];
    rp_buf_printf(&lines, "%s|%s|%lld|%s\n", f->part, f->table, (long long)f->segment, f->message);
  }
  assert_false(findings.failed);
  char *text = strdup(lines.len ? lines.data : "");
  rp_buf_release(&lines);
  rp_findings_release(&findings);
  rp_vec_release(&parts);
  rp_snapshot_end(s);
  return text;
}

/* A copy is made of what has good checksums. */
static bool is_copied(rp_store *store, const char *dir) {
  char path[4200];
  uint64_t bytes;
  snprintf(path, sizeof path, "%s/copy", dir);
  rp_status status = rp_store_copy(store, path, false, &bytes, &error);
  assert_true(status == RP_OK || status == RP_ERR_DAMAGED);
  if (status != RP_OK) assert_int_not_equal(access(path, F_OK), 0);
  return status == RP_OK;
}

static void test_values(void **state) {
  (void)state;
  for (int harm = NOTHING; harm < N_HARM; harm++) {
    char *dir = new_folder(), db[4200];
    snprintf(db, sizeof db, "%s/db", dir);
    rp_store *store = make_store(db);
    rp_manifest manifest = {0};
    rp_txn txn;
    OK(rp_store_lock(store, &error));
    OK(rp_store_begin_write(store, &txn, &error));
    OK(rp_manifest_read(&txn, &manifest, &error));
    apply(&txn, &manifest, (enum harm)harm);
    OK(rp_manifest_write(&txn, &manifest, &error));
    OK(rp_db_commit(&txn, &error));
    rp_store_unlock(store);
    rp_manifest_release(&manifest);
    char *found = check(store);
    if (!expected[harm] != !found) fail_msg("harm %d", harm);
    bool is_exact = found && strchr(expected[harm], '\n');
    if (found && strncmp(found, expected[harm], strlen(expected[harm])) != 0) fail_msg("harm %d:\n%s", harm, found);
    if (is_exact && harm != ROW_MISSING && harm != ROW_BLOCK) assert_string_equal(found, expected[harm]);
    bool is_sealed = harm <= LONGEST || harm == GROUP_TWICE;
    if (is_copied(store, dir) != is_sealed) fail_msg("harm %d: copied or not", harm);
    free(found);
    rp_store_close(store);
    drop_folder(dir);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_values)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
