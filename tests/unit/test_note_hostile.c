/* Notes of articles, pairs and groups that no run writes, with checksums that
 * hold: by another version, or by somebody who means harm.  Every command
 * answers or says that the index is damaged; whatever stops one is found by the
 * check; and nothing crashes, hangs or takes memory without end. */
#include "note_forge.h"
#include "store/manifest.h"

/* ---- articles ------------------------------------------------------------------------------- */

static void state_put(struct forgery *f, uint64_t key, uint64_t equal, uint8_t flags, const uint64_t *step, size_t n) {
  rp_buf_add64(&f->buf, equal);
  rp_buf_add_varint(&f->buf, 1);
  rp_buf_add_byte(&f->buf, (char)flags);
  rp_buf_add_varint(&f->buf, n);
  for (size_t i = 0; i < n; i++) rp_buf_add_varint(&f->buf, step[i]);
  put_buf(f, RP_STREAM_STATE, key);
}

static void state_of_no_article(struct forgery *f) {
  const uint64_t step[] = {0, 1, 2};
  const uint64_t key[] = {N_ARTICLE, N_ARTICLE + 5, UINT32_MAX, (uint64_t)UINT32_MAX + 3, UINT64_MAX};
  for (size_t i = 0; i < 5; i++) state_put(f, key[i], 7, (uint8_t)(1 + i), step, 3);
}

static void state_asks_for_no_article(struct forgery *f) {
  const uint64_t step[] = {0, 2, N_ARTICLE, 1000, UINT32_MAX - 3000};
  for (uint64_t doc = 0; doc < 6; doc++) state_put(f, doc, doc, doc & 1 ? 3 : 1, step, 5);
}

static void state_asks_for_itself(struct forgery *f) {
  const uint64_t step[] = {4};
  state_put(f, 4, 4, 1, step, 1);
}

static void state_without_end(struct forgery *f) {
  rp_buf_add64(&f->buf, 1);
  rp_buf_add_varint(&f->buf, 1);
  rp_buf_add_byte(&f->buf, 1);
  rp_buf_add_varint(&f->buf, UINT64_MAX);
  put_buf(f, RP_STREAM_STATE, 3);
}

/* All have the same words, it says. */
static void states_all_equal(struct forgery *f) {
  for (uint64_t doc = 0; doc < 20; doc++) state_put(f, doc, 1, doc == 0, NULL, 0);
}

/* Numbers that are struck out: the most that a note can make of its bytes. */
static void states_struck_out(struct forgery *f) {
  for (uint64_t i = 0; i < RP_NOTE_MAX / 9; i++) {
    rp_buf_add64(&f->buf, i * UINT64_C(0x9e3779b97f4a7c15));
    rp_buf_add_varint(&f->buf, 0);
  }
  add_note(f, RP_STREAM_STATE, f->buf.data, f->buf.len);
}

/* ---- pairs ------------------------------------------------------------------------------------- */

struct run {
  uint64_t skip_a, skip_b, len;
};

/* Of a true pair's look. */
static void fact_put(struct forgery *f, uint64_t n_chain, const struct run *run, uint64_t n_run, size_t n_written) {
  const rp_ledger_record *r = fact_of(f);
  rp_buf_add(&f->buf, r->data.data, 9);
  rp_buf_add_varint(&f->buf, n_chain);
  for (uint64_t k = 0; k < n_chain && k < 3; k++) {
    rp_buf_add_varint(&f->buf, n_run);
    for (size_t i = 0; i < n_written; i++) {
      rp_buf_add_varint(&f->buf, run[i].skip_a);
      rp_buf_add_varint(&f->buf, run[i].skip_b);
      rp_buf_add_varint(&f->buf, run[i].len);
    }
  }
  put_buf(f, RP_STREAM_FACT, r->key);
}

static void fact_leaves_a(struct forgery *f) { fact_put(f, 1, &(struct run){100, 0, 60}, 1, 1); }
static void fact_leaves_b(struct forgery *f) { fact_put(f, 1, &(struct run){0, 5000, 30}, 1, 1); }
static void fact_overlaps(struct forgery *f) { fact_put(f, 2, &(struct run){10, 10, 30}, 1, 1); }
static void fact_of_nothing(struct forgery *f) { fact_put(f, 1, &(struct run){3, 3, 0}, 1, 1); }
static void fact_of_no_run(struct forgery *f) { fact_put(f, 3, NULL, 0, 0); }
static void fact_of_no_chain(struct forgery *f) { fact_put(f, 0, NULL, 0, 0); }
static void fact_of_other_words(struct forgery *f) { fact_put(f, 1, &(struct run){40, 0, 60}, 1, 1); }
static void fact_of_too_many_runs(struct forgery *f) { fact_put(f, 1, &(struct run){1, 1, 1}, UINT64_MAX / 3, 1); }
static void fact_of_too_many_chains(struct forgery *f) { fact_put(f, UINT64_MAX, &(struct run){1, 1, 1}, 1, 1); }

static void fact_beyond_32_bits(struct forgery *f) {
  const struct run run[] = {{UINT32_MAX - 1, UINT32_MAX - 1, 8}, {INT32_MAX - 4, INT32_MAX - 4, 8}};
  fact_put(f, 1, run, 1, 1);
  fact_put(f, 1, run + 1, 1, 1);
}

static void facts_of_no_articles(struct forgery *f) {
  const rp_ledger_record *r = fact_of(f);
  const uint64_t key[] = {rp_known_pair(3, N_ARTICLE + 4), UINT64_MAX, (uint64_t)7 << 32 | 3};
  for (size_t i = 0; i < 3; i++) put(f, RP_STREAM_FACT, key[i], r->data.data, r->data.len);
}

static void fact_of_another_version(struct forgery *f) {
  put(f, RP_STREAM_FACT, fact_of(f)->key, "\x63 what another version knows", 29);
}

/* ---- groups --------------------------------------------------------------------------------------- */

static void member_put(struct forgery *f, uint64_t doc, uint64_t group, uint8_t verdict, uint8_t flags, rp_str id) {
  rp_buf_add64(&f->buf, group);
  rp_buf_add_byte(&f->buf, (char)verdict);
  rp_buf_add_byte(&f->buf, (char)flags);
  rp_buf_add(&f->buf, id.data, id.len);
  put_buf(f, RP_STREAM_MEMBER, doc);
}

/* The `n`th article in a group, with another group, flags or id. */
static void member_change(struct forgery *f, size_t n, uint64_t group, uint8_t flags, const char *id) {
  const rp_ledger_record *r = record_of(f, RP_STREAM_MEMBER, n);
  uint64_t was;
  rp_past_member m;
  OK(rp_past_member_decode(r->key, r->data, &was, &m, &error));
  rp_buf_add64(&f->buf, group ? group : was);
  rp_buf_add_byte(&f->buf, (char)m.verdict);
  rp_buf_add_byte(&f->buf, (char)flags);
  rp_buf_add_cstr(&f->buf, id ? id : "");
  if (!id) rp_buf_add(&f->buf, m.id.data, m.id.len);
  put_buf(f, RP_STREAM_MEMBER, r->key);
}

static void alias_put(struct forgery *f, uint64_t id, uint64_t to) {
  rp_buf_add_byte(&f->buf, 1);
  rp_buf_add64(&f->buf, to);
  put_buf(f, RP_STREAM_GROUP, id);
}

static void group_put(struct forgery *f, uint64_t id, uint64_t born) {
  rp_buf_add_byte(&f->buf, 0);
  rp_buf_add_varint(&f->buf, born);
  put_buf(f, RP_STREAM_GROUP, id);
}

static void member_of_no_group(struct forgery *f) { member_change(f, 1, 77, 0, NULL); }
static void members_all_lead(struct forgery *f) {
  for (size_t i = 0; i < 6; i++) member_change(f, i, 0, 3, NULL);
}
static void members_none_leads(struct forgery *f) {
  for (size_t i = 0; i < 12; i++) member_change(f, i, 0, 0, NULL);
}
static void member_of_another_id(struct forgery *f) { member_change(f, 2, 0, 0, "nobody"); }
static void member_of_a_hostile_id(struct forgery *f) { member_change(f, 2, 0, 3, "\x1b[31m\xff\xfe\n\"\\"); }
static void members_of_one_id(struct forgery *f) {
  for (size_t i = 0; i < 6; i++) member_change(f, i, 0, 0, "story-5");
}
static void member_that_is_no_article(struct forgery *f) {
  uint64_t id = record_of(f, RP_STREAM_GROUP, 0)->key;
  member_put(f, N_ARTICLE + 3, id, 1, 0, TEST_STR("nobody"));
  member_put(f, UINT32_MAX - 1, id, 1, 0, TEST_STR("no one"));
}
static void member_beyond_32_bits(struct forgery *f) {
  member_put(f, UINT64_MAX, record_of(f, RP_STREAM_GROUP, 0)->key, 1, 0, TEST_STR("x"));
}
static void member_of_no_verdict(struct forgery *f) {
  member_put(f, 3, record_of(f, RP_STREAM_GROUP, 0)->key, 255, 0, TEST_STR("x"));
}
static void group_of_no_members(struct forgery *f) { group_put(f, 99, 1); }
static void group_of_run_0(struct forgery *f) { group_put(f, record_of(f, RP_STREAM_GROUP, 0)->key, 0); }
static void group_of_the_last_run(struct forgery *f) {
  group_put(f, record_of(f, RP_STREAM_GROUP, 0)->key, UINT64_MAX);
}
static void group_is_an_alias(struct forgery *f) { alias_put(f, record_of(f, RP_STREAM_GROUP, 0)->key, 5); }

static void aliases_in_a_ring(struct forgery *f) {
  for (uint64_t i = 0; i < 9; i++) alias_put(f, 100 + i, 100 + (i + 1) % 9);
  alias_put(f, 200, 200);
}

/* The id that the next group would be called by, and those it would take then. */
static void ids_are_taken(struct forgery *f) {
  for (unsigned i = 0; i < N_ARTICLE; i++) {
    char text[32];
    int len = snprintf(text, sizeof text, "story-%u", i);
    uint64_t part[2] = {rp_naming_key((rp_str){text, (size_t)len}), 0}, id = part[0];
    for (uint64_t k = 1; k < 40; k++) {
      rp_str taken;
      if (!rp_ledger_find(&f->ledger[RP_STREAM_GROUP], id, &taken)) alias_put(f, id, 5);
      part[1] = k;
      id = rp_hash64(part, sizeof part);
    }
  }
}

/* ---- all of it ---- */

static const struct forged forged[] = {
    CASE(state_of_no_article, FOUND),
    CASE(state_asks_for_no_article, FOUND),
    CASE(state_asks_for_itself, FOUND),
    CASE(state_without_end, FOUND),
    CASE(states_all_equal, FOUND),
    CASE(states_struck_out, SILENT),
    CASE(fact_leaves_a, FOUND),
    CASE(fact_leaves_b, FOUND),
    CASE(fact_overlaps, FOUND),
    CASE(fact_of_nothing, FOUND),
    CASE(fact_of_no_run, FOUND),
    CASE(fact_of_no_chain, SILENT),
    CASE(fact_of_other_words, SILENT),
    CASE(fact_of_too_many_runs, FOUND),
    CASE(fact_of_too_many_chains, FOUND),
    CASE(fact_beyond_32_bits, FOUND),
    CASE(facts_of_no_articles, FOUND),
    CASE(fact_of_another_version, SILENT),
    CASE(member_of_no_group, FOUND),
    CASE(members_all_lead, FOUND),
    CASE(members_none_leads, FOUND),
    CASE(member_of_another_id, FOUND),
    CASE(member_of_a_hostile_id, FOUND),
    CASE(members_of_one_id, FOUND),
    CASE(member_that_is_no_article, FOUND),
    CASE(member_beyond_32_bits, FOUND),
    CASE(member_of_no_verdict, FOUND),
    CASE(group_of_no_members, FOUND),
    CASE(group_of_run_0, FOUND),
    CASE(group_of_the_last_run, SILENT),
    CASE(group_is_an_alias, FOUND),
    CASE(aliases_in_a_ring, SILENT),
    CASE(ids_are_taken, SILENT),
};

static void forged_notes_stop_or_are_harmless(void **state) {
  (void)state;
  try_forged(forged, sizeof forged / sizeof *forged);
}

/* ---- streams ---------------------------------------------------------------------------------------------- */

/* The manifest says that a stream has notes up to `end`. */
static void stretch(unsigned stream, uint32_t end, uint64_t bytes) {
  char path[4400];
  rp_db open_db = {0};
  rp_txn txn;
  rp_manifest m = {0};
  snprintf(path, sizeof path, "%s/1", db);
  OK(rp_db_open(&open_db, path, true, false, 0, &error));
  OK(rp_db_begin(&open_db, true, &txn, &error));
  OK(rp_manifest_read(&txn, &m, &error));
  m.stream[stream].end = end;
  if (bytes) m.stream[stream].bytes = bytes;
  OK(rp_manifest_write(&txn, &m, &error));
  OK(rp_db_commit(&txn, &error));
  rp_manifest_release(&m);
  rp_db_close(&open_db);
}

static void a_stream_that_has_no_end_is_found(void **state) {
  (void)state;
  for (unsigned s = 0; s < RP_N_STREAM; s++) {
    for (int i = 0; i < 3; i++) {
      char name[64];
      bool is_stopped;
      snprintf(name, sizeof name, "stream %u, end %d", s, i);
      alarm(SECONDS);
      rp_index_close(lay_sound());
      stretch(s, i == 0 ? UINT32_MAX : i == 1 ? UINT32_MAX - 1 : 30, i == 0 ? UINT64_C(1) << 50 : 0);
      rp_index *index = open_index(db, RP_OPEN_WRITE);
      assert_true(try_all(name, index, &is_stopped));
      assert_true(is_stopped);
      rp_index_close(index);
    }
  }
}

/* Bytes of true notes that are others now, sealed again. */
static void notes_of_any_bytes_stop_or_are_harmless(void **state) {
  (void)state;
  enum { ROUNDS = 40 };
  uint64_t random = 4;
  int n_found = 0, n_stopped = 0;
  for (int i = 0; i < ROUNDS; i++) {
    rp_index *index = lay_sound();
    struct forgery f;
    char name[64];
    bool is_stopped;
    unsigned stream = (unsigned)i % (RP_STREAM_RUN + 1);
    uint32_t first, end;
    snprintf(name, sizeof name, "any bytes %d of stream %u", i, stream);
    alarm(SECONDS);
    forgery_begin(&f, index);
    rp_snapshot_notes(f.snapshot, stream, &first, &end);
    f.is_cut[stream] = true;
    uint32_t hit = first + (uint32_t)test_below(&random, end - first);
    for (uint32_t n = first; n < end; n++) {
      rp_str note;
      OK(rp_snapshot_note(f.snapshot, stream, n, &note, &error));
      rp_buf_clear(&f.buf);
      rp_buf_add(&f.buf, note.data, note.len);
      for (size_t k = 1 + test_below(&random, 4); k > 0 && n == hit && note.len; k--)
        f.buf.data[test_below(&random, note.len)] ^= (char)(1 << test_below(&random, 8));
      add_note(&f, stream, f.buf.data, f.buf.len);
    }
    forgery_end(&f);
    n_found += try_all(name, index, &is_stopped);
    n_stopped += is_stopped;
    rp_index_close(index);
  }
  print_message("%d of %d were found, %d stopped a command\n", n_found, (int)ROUNDS, n_stopped);
  assert_true(n_found >= n_stopped && n_stopped > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forged_notes_stop_or_are_harmless),
      cmocka_unit_test(a_stream_that_has_no_end_is_found),
      cmocka_unit_test(notes_of_any_bytes_stop_or_are_harmless),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
