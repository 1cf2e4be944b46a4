/* note_forge.h - notes that no run writes, with checksums that hold, put into an
 * index after two runs; and every command tried on it. */
#ifndef NOTE_FORGE_H
#define NOTE_FORGE_H

#include <fcntl.h>
#include <sys/resource.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/index.h"
#include "engine/known.h"
#include "engine/naming.h"
#include "engine/run.h"
#include "keep_help.h"
#include "store/db.h"
/* what a store and a report call a row has one name */
#define rp_row rp_report_row
#include "report/report.h"
#undef rp_row

enum { NOW = 1600000000, DAY = 86400, N_ARTICLE = 28, SECONDS = 120, MOST_KIB = 700 << 10 };

static char folder[4200], db[4300], copy[4300];
static uint8_t *sound; /* data.mdb of the index that is forged */
static size_t sound_len;

/* ---- an index after two runs -------------------------------------------------------- */

static inline bool ignore_record(void *user, const rp_run_record *record) {
  (void)user, (void)record;
  return true;
}

static inline rp_status run_job(rp_index *index, int64_t now, rp_run_fn fn, void *user) {
  rp_job_options options = {.size = sizeof options, .n_thread = 2, .wait = true, .now = now};
  rp_job *job = NULL;
  bool has_run = false;
  RP_TRY(rp_job_open(index, &options, &job, &error));
  rp_status status = rp_job_run(job, &has_run, NULL, &error);
  if (status == RP_OK && has_run) status = rp_job_tell(job, NULL, fn, user, NULL, &error);
  if (status == RP_OK) status = rp_job_finish(job, &error);
  rp_job_close(job);
  return status;
}

static inline void write_articles(rp_index *index, unsigned first, unsigned end, const char *removed) {
  rp_writer *w = open_writer(index, NOW);
  for (unsigned i = first; i < end; i++) add(w, i, 0, NOW - (int64_t)DAY * (i % 9));
  if (removed) OK(rp_writer_remove(w, TEST_STR(removed), &error));
  OK(rp_writer_commit(w, &error));
  rp_writer_close(w);
}

/* Three articles are new to the next run, and one is gone. */
static inline void make_sound(void) {
  rp_index *index = open_index(db, RP_OPEN_CREATE);
  write_articles(index, 0, 18, NULL);
  OK(run_job(index, NOW, ignore_record, NULL));
  write_articles(index, 18, 25, "story-2");
  OK(run_job(index, NOW + DAY, ignore_record, NULL));
  write_articles(index, 25, N_ARTICLE, "story-9");
  rp_index_close(index);
  char path[4400];
  struct stat st;
  snprintf(path, sizeof path, "%s/1/data.mdb", db);
  int fd = open(path, O_RDONLY);
  assert_true(fd >= 0 && fstat(fd, &st) == 0);
  sound_len = (size_t)st.st_size;
  sound = malloc(sound_len);
  assert_non_null(sound);
  assert_int_equal(read(fd, sound, sound_len), (ssize_t)sound_len);
  close(fd);
}

static inline rp_index *lay_sound(void) {
  char path[4400];
  remove_tree(db);
  remove_tree(copy);
  assert_int_equal(mkdir(db, 0777), 0);
  snprintf(path, sizeof path, "%s/1", db);
  assert_int_equal(mkdir(path, 0777), 0);
  snprintf(path, sizeof path, "%s/1/data.mdb", db);
  int fd = open(path, O_WRONLY | O_CREAT, 0666);
  assert_true(fd >= 0 && write(fd, sound, sound_len) == (ssize_t)sound_len);
  close(fd);
  snprintf(path, sizeof path, "%s/current", db);
  fd = open(path, O_WRONLY | O_CREAT, 0666);
  assert_true(fd >= 0 && write(fd, "1\n", 2) == 2);
  close(fd);
  return open_index(db, RP_OPEN_WRITE);
}

/* ---- what commands make of it ---------------------------------------------------------- */

/* Whatever a report is made of, its lines are fit for a terminal, and no number
 * is one that JSON does not have. */
struct reading {
  rp_buf text, data;
  rp_report as_text, as_data;
};

static inline bool read_record(void *user, const rp_run_record *record) {
  struct reading *r = user;
  rp_report_add_run(&r->as_text, record);
  rp_report_add_run(&r->as_data, record);
  return true;
}

static inline bool read_next(void *user, const rp_run_record *record) {
  assert_true(record->run->n_gone <= N_ARTICLE && record->run->n_new <= N_ARTICLE);
  return read_record(user, record);
}

static inline void expect_readable(const struct reading *r) {
  assert_false(r->text.failed || r->data.failed);
  for (size_t i = 0; i < r->text.len; i++)
    assert_true((unsigned char)r->text.data[i] >= ' ' || r->text.data[i] == '\n');
  for (size_t i = 0; i < r->data.len; i++)
    assert_true((unsigned char)r->data.data[i] >= ' ' || r->data.data[i] == '\n');
  assert_true(r->data.len == 0 || !strstr(r->data.data, ":nan") || !strstr(r->data.data, ":inf"));
}

static inline rp_status with_report(rp_index *index, rp_status (*tell)(rp_index *index, struct reading *r)) {
  struct reading r;
  rp_buf_init(&r.text);
  rp_buf_init(&r.data);
  rp_report_options options = {.format = RP_FORMAT_TEXT, .width = 80, .full = true};
  rp_report_init(&r.as_text, RP_REPORT_RUN, &r.text, &options);
  options.format = RP_FORMAT_JSONL;
  rp_report_init(&r.as_data, RP_REPORT_RUN, &r.data, &options);
  rp_status status = tell(index, &r);
  expect_readable(&r);
  rp_buf_release(&r.text);
  rp_buf_release(&r.data);
  return status;
}

static inline rp_status tell_again(rp_index *index, struct reading *r) {
  rp_job_options options = {.size = sizeof options, .n_thread = 2, .wait = true, .now = NOW};
  rp_all_options filter = {.size = sizeof filter, .filter = {.min_coverage = 0.1, .window = DAY}};
  rp_job *job = NULL;
  bool is_finished;
  RP_TRY(rp_job_open(index, &options, &job, &error));
  rp_status status = RP_OK;
  if (rp_job_last(job, &is_finished)) status = rp_job_tell(job, NULL, read_record, r, NULL, &error);
  if (status == RP_OK && rp_job_last(job, &is_finished))
    status = rp_job_tell(job, &filter, ignore_record, NULL, NULL, &error);
  rp_job_close(job);
  return status;
}

static inline rp_status tell_next(rp_index *index, struct reading *r) {
  return run_job(index, NOW + 2 * (int64_t)DAY, read_next, r);
}

static inline rp_status do_again(rp_index *index) { return with_report(index, tell_again); }
static inline rp_status do_dedup(rp_index *index) { return with_report(index, tell_next); }

static inline rp_status do_stat(rp_index *index) {
  rp_index_stat stat = {.size = sizeof stat};
  rp_buf out;
  rp_report report;
  RP_TRY(rp_index_stat_get(index, &stat, &error));
  static const rp_format formats[] = {RP_FORMAT_TEXT, RP_FORMAT_JSONL};
  for (int i = 0; i < 2; i++) {
    rp_report_options options = {.format = formats[i], .width = 80};
    rp_buf_init(&out);
    rp_report_init(&report, RP_REPORT_STAT, &out, &options);
    rp_report_add_stat(&report, "db", &stat);
    assert_true(out.len > 0 && !out.failed);
    rp_buf_release(&out);
  }
  return RP_OK;
}

static inline bool ignore_pair(void *user, const rp_pair_record *record) {
  (void)user, (void)record;
  return true;
}

static inline rp_status do_pairs(rp_index *index) {
  rp_all_options options = {.size = sizeof options, .n_thread = 2, .filter = {.look_alikes = true}};
  return rp_pairs(index, &options, ignore_pair, NULL, NULL, &error);
}

static inline bool ignore_cluster(void *user, const rp_cluster *cluster) {
  (void)user;
  return cluster->id.len > 0;
}

static inline rp_status do_clusters(rp_index *index) {
  rp_all_options options = {.size = sizeof options, .n_thread = 2};
  return rp_clusters(index, &options, ignore_cluster, NULL, NULL, &error);
}

static inline rp_status do_query(rp_index *index) {
  rp_ctx *ctx = NULL;
  const rp_answer *answer;
  const rp_article *shown;
  made *m = make(5, 1, NOW);
  RP_TRY(rp_ctx_new(index, &ctx, &error));
  rp_status status = rp_query(ctx, &m->article, NULL, &answer, &error);
  if (status == RP_OK) status = rp_index_show(ctx, TEST_STR("story-4"), &shown, &error);
  made_free(m);
  rp_ctx_free(ctx);
  return status;
}

static inline rp_status do_backup(rp_index *index) {
  uint64_t bytes;
  rp_status status = rp_index_backup(index, copy, &bytes, &error);
  if (status != RP_OK) assert_int_equal(access(copy, F_OK), -1);
  return status;
}

static inline rp_status do_compact(rp_index *index) {
  rp_writer *w = open_writer(index, NOW);
  rp_status status = rp_writer_compact(w, &error);
  rp_writer_close(w);
  return status;
}

static inline rp_status do_expire(rp_index *index) {
  rp_writer *w = open_writer(index, NOW);
  rp_expire_options options = {sizeof options, NOW - 7 * (int64_t)DAY, false};
  rp_expiry expiry = {.size = sizeof expiry};
  rp_status status = rp_writer_expire(w, &options, &expiry, &error);
  rp_writer_close(w);
  return status;
}

static inline rp_status do_index(rp_index *index) {
  rp_writer *w = open_writer(index, NOW);
  made *m = make(70, 0, NOW);
  rp_status status = rp_writer_add(w, &m->article, &error);
  if (status == RP_OK) status = rp_writer_commit(w, &error);
  made_free(m);
  rp_writer_close(w);
  return status;
}

/* The second run starts from what the first one made of it. */
static const struct {
  const char *name;
  rp_status (*run)(rp_index *index);
} commands[] = {{"stat", do_stat},         {"query", do_query},   {"pairs", do_pairs},
                {"clusters", do_clusters}, {"again", do_again},   {"backup", do_backup},
                {"dedup", do_dedup},       {"index", do_index},   {"dedup once more", do_dedup},
                {"compact", do_compact},   {"expire", do_expire}, {"dedup after that", do_dedup}};

static inline void keep_first(void *user, const rp_finding *f) {
  char *first = user;
  if (!*first) snprintf(first, 256, "%s: %s", f->part, f->message);
}

/* Whether the check finds something, or is stopped; the first of it. */
static inline bool count_findings(rp_index *index, char first[256]) {
  rp_check_options options = {sizeof options, 2, keep_first, first};
  rp_check_summary summary = {.size = sizeof summary};
  *first = '\0';
  rp_status status = rp_index_check(index, &options, &summary, &error);
  if (status == RP_OK) return summary.n_finding > 0;
  assert_int_equal(status, RP_ERR_DAMAGED);
  return true;
}

/* Everything, of an index that was forged; whether the check found something. */
static inline bool try_all(const char *name, rp_index *index, bool *is_stopped) {
  char first[256];
  rp_error none = {0};
  bool is_found = count_findings(index, first);
  *is_stopped = false;
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++) {
    error = none;
    rp_status status = commands[k].run(index);
    if (status == RP_OK) continue;
    *is_stopped = true;
    if (status != RP_ERR_DAMAGED)
      fail_msg("%s: %s: %s (%s)", name, commands[k].name, rp_status_name(status), error.message);
    if (!error.message[0]) fail_msg("%s: %s: stops without a word", name, commands[k].name);
    if (!is_found) fail_msg("%s: %s: '%s', and the check finds nothing", name, commands[k].name, error.message);
    if (getenv("VERBOSE")) print_message("%s: %s: %s\n", name, commands[k].name, error.message);
  }
  if (getenv("VERBOSE")) print_message("%s: check: %s\n", name, first);
  if (!is_found && count_findings(index, first)) fail_msg("%s: leaves damage: %s", name, first);
  return is_found;
}

/* ---- forging ------------------------------------------------------------------------------ */

/* Notes to be appended; of a stream that is cut, all that was there goes. */
struct forgery {
  rp_index *index;
  rp_snapshot *snapshot;
  rp_arena arena;
  RP_VEC(rp_store_note) note;
  bool is_cut[RP_N_STREAM];
  rp_ledger ledger[RP_STREAM_GROUP + 1];
  rp_buf buf;
};

static inline void forgery_begin(struct forgery *f, rp_index *index) {
  *f = (struct forgery){.index = index};
  rp_arena_init(&f->arena);
  rp_buf_init(&f->buf);
  OK(rp_snapshot_begin(index->store, &f->snapshot, &error));
  for (unsigned s = 0; s <= RP_STREAM_GROUP; s++) {
    rp_ledger_init(&f->ledger[s], s);
    OK(rp_ledger_load(&f->ledger[s], f->snapshot, &error));
  }
}

static inline void add_note(struct forgery *f, unsigned stream, const void *data, size_t len) {
  char *held = rp_arena_memdup(&f->arena, len ? data : "", len);
  assert_non_null(held);
  assert_true(rp_vec_push(&f->note, (rp_store_note){stream, {held, len}}));
}

/* A record, which counts from now on. */
static inline void put(struct forgery *f, unsigned stream, uint64_t key, const void *data, size_t len) {
  rp_buf note;
  rp_buf_init(&note);
  rp_buf_add64(&note, key);
  rp_buf_add_varint(&note, len + 1);
  rp_buf_add(&note, data, len);
  assert_false(note.failed);
  add_note(f, stream, note.data, note.len);
  rp_buf_release(&note);
}

static inline void put_buf(struct forgery *f, unsigned stream, uint64_t key) {
  assert_false(f->buf.failed);
  put(f, stream, key, f->buf.data, f->buf.len);
  rp_buf_clear(&f->buf);
}

static inline void forgery_end(struct forgery *f) {
  rp_store_batch batch = {.note = f->note.data, .n_note = f->note.n};
  for (unsigned s = 0; s < RP_N_STREAM; s++) {
    uint32_t first, end;
    rp_snapshot_notes(f->snapshot, s, &first, &end);
    if (f->is_cut[s]) batch.note_first[s] = end;
  }
  OK(rp_store_commit(f->index->store, &batch, NULL, &error));
  rp_snapshot_end(f->snapshot);
  for (unsigned s = 0; s <= RP_STREAM_GROUP; s++) rp_ledger_release(&f->ledger[s]);
  rp_vec_release(&f->note);
  rp_buf_release(&f->buf);
  rp_arena_release(&f->arena);
}

/* A record of the ledger whose pair, member or group counts; the `n`th of its kind. */
static inline const rp_ledger_record *record_of(const struct forgery *f, unsigned stream, size_t n) {
  for (size_t i = 0; i < f->ledger[stream].record.n; i++) {
    const rp_ledger_record *r = &f->ledger[stream].record.data[i];
    if (r->data.data && n-- == 0) return r;
  }
  print_message("stream %u has no such record\n", stream);
  abort();
}

/* A fact that is of two live articles and has passages. */
static inline const rp_ledger_record *fact_of(struct forgery *f) {
  for (size_t n = 0;; n++) {
    const rp_ledger_record *r = record_of(f, RP_STREAM_FACT, n);
    rp_pair_fact fact;
    OK(rp_fact_decode(r->data, false, &f->arena, &fact, &error));
    if (fact.n_chain && r->key >> 32 != (r->key & UINT32_MAX) && rp_snapshot_is_live(f->snapshot, (uint32_t)r->key) &&
        rp_snapshot_is_live(f->snapshot, (uint32_t)(r->key >> 32)))
      return r;
  }
}

/* ---- one after the other -------------------------------------------------------------------- */

enum expectation { SILENT, FOUND };

struct forged {
  const char *name;
  void (*make)(struct forgery *f);
  enum expectation check;
};
#define CASE(make, check) \
  { #make, make, check }

static inline void try_forged(const struct forged *forged, size_t n) {
  int n_wrong = 0;
  for (size_t i = 0; i < n; i++) {
    rp_index *index = lay_sound();
    struct forgery f;
    bool is_stopped;
    alarm(SECONDS);
    forgery_begin(&f, index);
    forged[i].make(&f);
    forgery_end(&f);
    bool is_found = try_all(forged[i].name, index, &is_stopped);
    if (is_found != (forged[i].check == FOUND)) {
      print_message("%s: the check finds %s\n", forged[i].name, is_found ? "something" : "nothing");
      n_wrong++;
    }
    rp_index_close(index);
  }
  assert_int_equal(n_wrong, 0);
}

static inline int set_up(void **state) {
  (void)state;
  char *path = new_folder();
  snprintf(folder, sizeof folder, "%s", path);
  free(path);
  snprintf(db, sizeof db, "%s/db", folder);
  snprintf(copy, sizeof copy, "%s/copy", folder);
  make_sound();
  return 0;
}

static inline int tear_down(void **state) {
  (void)state;
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  free(sound);
  remove_tree(folder);
  return used.ru_maxrss < MOST_KIB ? 0 : -1;
}

#endif
