/* LMDB's own pages: nothing is found in what writers make, and whatever is
 * changed of a tree or of the list of free pages is found, before LMDB is led
 * astray by it. */
#include "store_fixture.h"

#include <signal.h>

#include "store/db.h"
#include "store/page.h"

enum { PAGE = 4096, HEAD = 16, N_NOTE = 400, SECONDS = 20 };

static char *folder;
static char path[4200], file[4300];
static uint8_t *sound;
static size_t sound_len;

/* ---- a store with a tree of several levels and free pages ------------------------------ */

static void add_notes(rp_store *store, uint32_t n, uint32_t first_kept, size_t len) {
  static char text[3000];
  rp_store_note *note = calloc(n + 1, sizeof *note);
  assert_true(note && len <= sizeof text);
  memset(text, 'n', sizeof text);
  for (uint32_t i = 0; i < n; i++) note[i] = (rp_store_note){1, {text, len}};
  rp_store_batch batch = {.note = note, .n_note = n, .note_first = {0, first_kept}};
  OK(rp_store_commit(store, &batch, NULL, &error));
  free(note);
}

static void read_sound(void) {
  FILE *f = fopen(file, "rb");
  struct stat st;
  assert_true(f && fstat(fileno(f), &st) == 0);
  sound_len = (size_t)st.st_size;
  sound = malloc(sound_len);
  assert_non_null(sound);
  assert_int_equal(fread(sound, 1, sound_len, f), sound_len);
  fclose(f);
}

static void write_file(const uint8_t *data) {
  FILE *f = fopen(file, "r+b");
  assert_non_null(f);
  assert_int_equal(fwrite(data, 1, sound_len, f), sound_len);
  fclose(f);
}

static int set_up(void **state) {
  (void)state;
  folder = new_folder();
  snprintf(path, sizeof path, "%s/1", folder);
  snprintf(file, sizeof file, "%s/data.mdb", path);
  rp_store *store = open_store(folder, true);
  add_notes(store, N_NOTE, 0, 300);
  add_notes(store, 3, 150, 3000);
  add_notes(store, 1, 0, 10);
  rp_store_close(store);
  read_sound();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  free(sound);
  drop_folder(folder);
  return 0;
}

/* ---- looking ------------------------------------------------------------------------------ */

static size_t count_findings(bool *is_readable, char first[256]) {
  rp_db db = {0};
  rp_txn txn;
  rp_findings findings;
  OK(rp_db_open(&db, path, false, false, 0, &error));
  OK(rp_db_begin(&db, false, &txn, &error));
  rp_findings_init(&findings);
  OK(rp_pages_check(&txn, RP_PAGES_ALL, &findings, is_readable, &error));
  size_t n = findings.list.n;
  snprintf(first, 256, "%s", n ? findings.list.data[0].message : "");
  rp_findings_release(&findings);
  rp_db_abort(&txn);
  rp_db_close(&db);
  return n;
}

/* The first finding of the file with one byte changed. */
static size_t with_byte(size_t at, uint8_t mask, bool *is_readable, char first[256]) {
  sound[at] ^= mask;
  write_file(sound);
  sound[at] ^= mask;
  size_t n = count_findings(is_readable, first);
  write_file(sound);
  return n;
}

/* ---- what is in the file, by a look of its own ------------------------------------------------ */

static uint64_t word(size_t at) {
  uint64_t x;
  memcpy(&x, sound + at, sizeof x);
  return x;
}
static uint16_t half(size_t at) {
  uint16_t x;
  memcpy(&x, sound + at, sizeof x);
  return x;
}

static size_t newer_meta(void) { return word(HEAD + 128) > word(PAGE + HEAD + 128) ? 0 : PAGE; }
static uint64_t root_of(int tree) { return word(newer_meta() + HEAD + 24 + (size_t)tree * 48 + 40); }

typedef void (*page_fn)(size_t at, bool is_leaf);

static void each_page(uint64_t number, page_fn fn) {
  size_t at = (size_t)number * PAGE;
  bool is_leaf = half(at + 10) & 2;
  fn(at, is_leaf);
  for (size_t i = HEAD; !is_leaf && i < half(at + 12); i += 2) {
    size_t node = at + half(at + i);
    each_page(half(node) | (uint64_t)half(node + 2) << 16 | (uint64_t)half(node + 4) << 32, fn);
  }
}

static size_t n_tried, n_page, n_branch;

/* Every byte of a page's head, of its offsets and of its nodes' heads and keys,
 * but for two that nobody reads. */
static void change_each(size_t at, bool is_leaf) {
  bool is_readable;
  char first[256];
  n_page++;
  n_branch += !is_leaf;
  size_t step = n_page % 4 == 0 || !is_leaf ? 1 : 7;
  for (size_t i = n_page % step; i < half(at + 12); i += step) {
    if (i == 8 || i == 9) continue;
    n_tried++;
    if (!with_byte(at + i, (uint8_t)(1 << i % 8), &is_readable, first)) fail_msg("byte %zu of page %zu", i, at / PAGE);
  }
  /* the first key of an inner page is read by nobody */
  for (size_t k = HEAD; k < half(at + 12); k += 2 * step) {
    size_t node = half(at + k), len = 8 + (size_t)half(at + node + 6);
    for (size_t i = 0; i < len; i++) {
      uint8_t mask = (uint8_t)(1 << (i + k) % 8);
      /* a length that takes as much room as before: the value's checksum tells */
      bool is_big = is_leaf && half(at + node + 4) & 1;
      if (is_leaf && i < 4 && (is_big || (i == 0 && mask == 1))) continue;
      n_tried++;
      if (!with_byte(at + node + i, mask, &is_readable, first) && !(k == HEAD && i > 7))
        fail_msg("byte %zu of node %zu of page %zu", i, (k - HEAD) / 2, at / PAGE);
    }
  }
}

static void nothing_is_found_in_what_writers_make(void **state) {
  (void)state;
  bool is_readable = false;
  char first[256];
  if (count_findings(&is_readable, first)) fail_msg("%s", first);
  assert_true(is_readable);
}

static void changed_trees_are_found(void **state) {
  (void)state;
  n_tried = n_page = n_branch = 0;
  each_page(root_of(1), change_each);
  assert_true(n_branch >= 1 && n_page > 10 && n_tried > 1000);
}

/* The list is a value of the other tree: of each page free, its number. */
static void change_list(size_t at, bool is_leaf) {
  if (!is_leaf) return;
  for (size_t k = HEAD; k < half(at + 12); k += 2) {
    size_t node = at + half(at + k), value = node + 8 + half(node + 6);
    bool is_big = half(node + 4) & 1, is_readable = false;
    char first[256];
    if (is_big) value = (size_t)word(value) * PAGE + HEAD;
    uint64_t n = word(value);
    for (uint64_t i = 1; i <= n; i++)
      for (int bit = 0; bit < 20; bit += 1 + (int)(i % 3)) {
        n_tried++;
        if (!with_byte(value + i * 8 + (size_t)bit / 8, (uint8_t)(1 << bit % 8), &is_readable, first))
          fail_msg("bit %d of free page %llu", bit, (unsigned long long)i);
        assert_true(is_readable);
      }
  }
}

static void a_changed_list_of_free_pages_is_found(void **state) {
  (void)state;
  n_tried = 0;
  each_page(root_of(0), change_list);
  assert_true(n_tried > 100);
}

/* The later of the two first pages counts; a number that is another makes an
 * earlier state of the later one, or seems to be of a state to come. */
static void changed_numbers_of_states_are_refused(void **state) {
  (void)state;
  for (size_t page = 0; page < 2; page++)
    for (int bit = 0; bit < 64; bit++) {
      size_t at = page * PAGE + HEAD + 128 + (size_t)bit / 8;
      rp_store *store = NULL;
      rp_store_options options = {.write = true};
      sound[at] ^= (uint8_t)(1 << bit % 8);
      write_file(sound);
      sound[at] ^= (uint8_t)(1 << bit % 8);
      if (rp_store_open(folder, &options, &store, &error) != RP_ERR_DAMAGED)
        fail_msg("bit %d of the state of page %zu", bit, page);
    }
  write_file(sound);
}

/* LMDB merges such lists, and trusts their order. */
static void a_list_out_of_order_is_found(void **state) {
  (void)state;
  size_t at = (size_t)root_of(0) * PAGE, node = at + half(at + HEAD), value = node + 8 + half(node + 6);
  bool is_readable;
  char first[256];
  uint8_t kept[16];
  if (half(node + 4) & 1) value = (size_t)word(value) * PAGE + HEAD;
  assert_true(word(value) > 1);
  memcpy(kept, sound + value + 8, 16);
  memcpy(sound + value + 8, kept + 8, 8);
  memcpy(sound + value + 16, kept, 8);
  write_file(sound);
  memcpy(sound + value + 8, kept, 16);
  assert_int_equal(count_findings(&is_readable, first), 1);
  write_file(sound);
}

static void writers_refuse_a_changed_list(void **state) {
  (void)state;
  size_t at = (size_t)root_of(0) * PAGE, node = at + half(at + HEAD), value = node + 8 + half(node + 6);
  if (half(node + 4) & 1) value = (size_t)word(value) * PAGE + HEAD;
  assert_true(word(value) > 0);
  sound[value + 8] ^= 1;
  write_file(sound);
  sound[value + 8] ^= 1;
  rp_store *store = open_store(folder, false);
  assert_int_equal(rp_store_lock(store, &error), RP_ERR_DAMAGED);
  assert_non_null(strstr(error.message, "free"));
  rp_snapshot *snapshot;
  OK(rp_snapshot_begin(store, &snapshot, &error));
  rp_snapshot_end(snapshot);
  rp_store_close(store);
  write_file(sound);
  store = open_store(folder, false);
  OK(rp_store_lock(store, &error));
  rp_store_close(store);
}

/* ---- LMDB led astray ------------------------------------------------------------------------- */

/* All notes from key to key, as the check and the writers go. */
static void walk_keys(void) {
  rp_db db = {0};
  rp_txn txn;
  alarm(SECONDS);
  if (!freopen("/dev/null", "w", stderr)) _exit(2);
  if (rp_db_open(&db, path, false, false, 0, &error) != RP_OK) _exit(1);
  if (rp_db_begin(&db, false, &txn, &error) != RP_OK) _exit(1);
  for (uint32_t from = 0, found;; from = found + 1) {
    rp_bytes v;
    rp_status status = rp_db_get_at_least(&txn, RP_KIND_NOTE + 1, from, &found, &v, &error);
    if (status != RP_OK) _exit(status == RP_ERR_NOT_FOUND ? 0 : 1);
    if (found < from) _exit(3);
  }
}

static void damage_keys(size_t at, bool is_leaf) {
  for (size_t k = HEAD + 2; !is_leaf && k < half(at + 12); k += 2) {
    size_t node = at + half(at + k), len = 8 + (size_t)half(node + 6);
    for (size_t i = 8; i < len; i++) {
      sound[node + i] ^= (uint8_t)(1 << (i + k) % 8);
      write_file(sound);
      sound[node + i] ^= (uint8_t)(1 << (i + k) % 8);
      pid_t child = fork();
      int status;
      if (child == 0) {
        static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT};
        for (size_t d = 0; d < 3; d++) signal(deadly[d], SIG_DFL);
        walk_keys();
      }
      assert_int_equal(waitpid(child, &status, 0), child);
      if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) fail_msg("no end with byte %zu changed", node + i);
      if (WIFEXITED(status)) assert_in_range(WEXITSTATUS(status), 0, 1);
      n_tried++;
    }
  }
}

static void keys_out_of_order_come_to_an_end(void **state) {
  (void)state;
  n_tried = 0;
  each_page(root_of(1), damage_keys);
  write_file(sound);
  assert_true(n_tried > 40);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_found_in_what_writers_make), cmocka_unit_test(changed_trees_are_found),
      cmocka_unit_test(a_changed_list_of_free_pages_is_found), cmocka_unit_test(a_list_out_of_order_is_found),
      cmocka_unit_test(changed_numbers_of_states_are_refused), cmocka_unit_test(writers_refuse_a_changed_list),
      cmocka_unit_test(keys_out_of_order_come_to_an_end),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
