/* Damages copies of an index and runs every command on each.
 *
 *   reprint-damage --db DIR --commands FILE --scratch DIR [--cases N] [--seed N] [--jobs N] [--only CASE]
 *                  [--aim notes|pages]
 *
 * A copy is damaged in one place: a bit, eight bytes, a sector of zeros, or cut
 * off.  Half of the places lie in the manifest and the notes of runs, each kind
 * as often, or with `--aim pages` in what LMDB finds its way by; the other half
 * anywhere in the file.  Commands run in a folder that holds the
 * copy as `db`; FILE has one a line, words with blanks between:
 *
 *   check reprint check -q -d db      whether damage is found
 *   read  NAME WORD...                asks
 *   write NAME WORD...                begins with a fresh copy
 *   after WORD...                     what the last `write` left, asked of it
 *
 * Wrong is: an answer that is not the sound index's, status 2 without a word, a
 * signal, a hang, a command that stops where the check finds nothing, and what a
 * command writes on a copy in which the check finds nothing and that then is
 * damaged.  The status is 1 where something was wrong. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "damage_place.h"
#include "damage_run.h"
#include "folder.h"

enum { SECONDS = 10, MOST_COMMANDS = 40, MOST_AFTER = 4, MOST_JOBS = 64, SECTOR = 512, TRIES = 1000 };

/* ---- commands -------------------------------------------------------------------- */

typedef struct command {
  const char *name;
  bool is_writer;
  char **word;
  char **after[MOST_AFTER];
  int n_after;
} command;

typedef struct campaign {
  const char *db, *commands, *scratch;
  int n_case, n_job, only;
  bool is_at_pages; /* what is aimed at */
  uint64_t seed;
  command command[MOST_COMMANDS]; /* the first is the check */
  int n_command;
  uint8_t *data, *place;
  size_t len;
  size_t *at[N_PLACE]; /* the bytes of each place */
  size_t n_at[N_PLACE];
  uint64_t good[MOST_COMMANDS];
} campaign;

static void quit(const char *what, const char *subject) {
  fprintf(stderr, "reprint-damage: %s '%s'%s%s\n", what, subject, errno ? ": " : "", errno ? strerror(errno) : "");
  exit(2);
}

static void *memory(size_t bytes) {
  void *p = calloc(bytes + 1, 1);
  if (!p) quit("no memory for", "what is to be damaged");
  return p;
}

/* The words of a line, in it; NULL at the end. */
static char **split(char *line) {
  size_t n = 0;
  for (const char *p = line; *p; p++) n += *p == ' ';
  char **word = memory((n + 2) * sizeof *word), *state = NULL;
  n = 0;
  for (char *w = strtok_r(line, " \n", &state); w; w = strtok_r(NULL, " \n", &state)) word[n++] = w;
  return word;
}

static void add_command(campaign *c, char **word) {
  command *last = &c->command[c->n_command ? c->n_command - 1 : 0];
  if (!word[0] || !word[1]) quit("not a command:", c->commands);
  if (strcmp(word[0], "after") == 0) {
    if (!last->is_writer || last->n_after == MOST_AFTER) quit("'after' what?", c->commands);
    last->after[last->n_after++] = word + 1;
    return;
  }
  bool is_check = strcmp(word[0], "check") == 0;
  if (is_check != (c->n_command == 0) || c->n_command == MOST_COMMANDS) quit("the check comes first:", c->commands);
  c->command[c->n_command++] = (command){.name = is_check ? "check" : word[1],
                                         .is_writer = strcmp(word[0], "write") == 0,
                                         .word = word + (is_check ? 1 : 2)};
}

static void read_commands(campaign *c) {
  FILE *f = fopen(c->commands, "r");
  if (!f) quit("cannot read", c->commands);
  char *line = NULL;
  for (size_t room = 0; getline(&line, &room, f) > 0; line = NULL, room = 0) add_command(c, split(line));
  free(line);
  fclose(f);
  errno = 0;
  if (!c->n_command) quit("no command in", c->commands);
}

/* ---- files ------------------------------------------------------------------------- */

static void write_file(const char *path, const void *data, size_t len) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (fd < 0) quit("cannot write", path);
  for (size_t done = 0; done < len;) {
    ssize_t n = write(fd, (const char *)data + done, len - done);
    if (n <= 0) quit("cannot write", path);
    done += (size_t)n;
  }
  close(fd);
}

static void read_index(campaign *c) {
  char path[FOLDER_PATH], number[16] = "";
  snprintf(path, sizeof path, "%s/current", c->db);
  FILE *f = fopen(path, "r");
  if (!f || !fgets(number, sizeof number, f)) quit("cannot read", path);
  fclose(f);
  number[strcspn(number, "\n")] = '\0';
  snprintf(path, sizeof path, "%s/%s/data.mdb", c->db, number);
  struct stat st;
  f = fopen(path, "rb");
  if (!f || fstat(fileno(f), &st) != 0) quit("cannot read", path);
  c->len = (size_t)st.st_size;
  c->data = memory(c->len);
  c->place = memory(c->len);
  if (fread(c->data, 1, c->len, f) != c->len) quit("cannot read", path);
  fclose(f);
  errno = 0;
  if (!place_map(c->data, c->len, c->place)) quit("not LMDB's file:", path);
  for (size_t i = 0; i < c->len; i++) c->n_at[c->place[i]]++;
  for (int p = 0; p < N_PLACE; p++) c->at[p] = memory(c->n_at[p] * sizeof *c->at[p]);
  memset(c->n_at, 0, sizeof c->n_at);
  for (size_t i = 0; i < c->len; i++) c->at[c->place[i]][c->n_at[c->place[i]]++] = i;
}

/* `folder`/db, and nothing of what a command may have made there. */
static void lay(const char *folder, const uint8_t *data, size_t len) {
  char path[FOLDER_PATH];
  snprintf(path, sizeof path, "%s/copy", folder);
  folder_remove(path);
  snprintf(path, sizeof path, "%s/db", folder);
  folder_remove(path);
  if (mkdir(path, 0777) != 0) quit("cannot make", path);
  snprintf(path, sizeof path, "%s/db/1", folder);
  if (mkdir(path, 0777) != 0) quit("cannot make", path);
  snprintf(path, sizeof path, "%s/db/1/data.mdb", folder);
  write_file(path, data, len);
  snprintf(path, sizeof path, "%s/db/current", folder);
  write_file(path, "1\n", 2);
}

/* ---- damage ---------------------------------------------------------------------------- */

typedef enum kind { BIT, BYTES, ZEROS, CUT, N_KIND } kind;
static const char *const kind_name[N_KIND] = {"one bit", "eight bytes", "a zeroed sector", "cut off"};

static uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static size_t below(uint64_t *state, size_t n) { return (size_t)(next_random(state) % n); }

static size_t choose(const campaign *c, bool is_aimed, uint64_t *random) {
  static const place notes[] = {PLACE_MANIFEST, PLACE_STATES, PLACE_FACTS, PLACE_MEMBERS, PLACE_GROUPS, PLACE_REPORT};
  static const place pages[] = {PLACE_META, PLACE_FREE_LIST, PLACE_PAGE_HEADS, PLACE_BRANCH};
  const place *aim = c->is_at_pages ? pages : notes;
  size_t n = c->is_at_pages ? sizeof pages / sizeof *pages : sizeof notes / sizeof *notes;
  for (int i = 0; i < TRIES && is_aimed; i++) {
    place p = aim[below(random, n)];
    if (c->n_at[p]) return c->at[p][below(random, c->n_at[p])];
  }
  return below(random, c->len);
}

typedef struct harm {
  kind kind;
  size_t at, len; /* len: of the file, from then on */
  place worst;    /* of the bytes that are others now; of a cut, where it is */
} harm;

static bool try_harm(const campaign *c, uint8_t *data, uint64_t *random, bool is_aimed, harm *h) {
  h->at = choose(c, is_aimed, random);
  h->len = c->len;
  h->worst = (place)c->place[h->at];
  memcpy(data, c->data, c->len);
  size_t first = h->kind == ZEROS ? h->at / SECTOR * SECTOR : h->at;
  size_t n = h->kind == ZEROS ? SECTOR : h->kind == BYTES ? 8 : 1;
  if (n > c->len - first) n = c->len - first;
  switch (h->kind) {
    case BIT: data[h->at] ^= (uint8_t)(1 << below(random, 8)); break;
    case BYTES:
      for (size_t i = first; i < first + n; i++) data[i] = (uint8_t)next_random(random);
      break;
    case ZEROS: memset(data + first, 0, n); break;
    default: h->len = h->at; return true;
  }
  bool is_harmed = false;
  for (size_t i = first; i < first + n; i++) {
    if (data[i] == c->data[i]) continue;
    if (!is_harmed || c->place[i] > h->worst) h->worst = (place)c->place[i];
    is_harmed = true;
  }
  return is_harmed;
}

/* Case `number` of the seed, whatever else is run. */
static void do_harm(const campaign *c, int number, uint8_t *data, harm *h) {
  uint64_t random = c->seed * UINT64_C(1000003) + (uint64_t)number;
  h->kind = (kind)(number / 2 % N_KIND);
  for (int i = 0; i < TRIES; i++)
    if (try_harm(c, data, &random, number % 2 == 0, h)) return;
}

/* ---- one case ------------------------------------------------------------------------------ */

/* Of a command on one copy. */
typedef struct result {
  outcome outcome;
  bool is_spoiled; /* what it left cannot be read, or is another */
  char spoiled[OUTCOME_MESSAGE];
} result;

/* What a writer left, asked until something stops; its answers join the hash. */
static void look_after(const char *folder, const command *w, result *r) {
  for (int i = 0; i < w->n_after && r->outcome.ending == ENDED_ANSWERED && !r->is_spoiled; i++) {
    outcome o;
    outcome_of(folder, w->after[i], SECONDS, &o);
    if (o.ending == ENDED_ANSWERED) {
      uint64_t part[2] = {r->outcome.hash, o.hash};
      r->outcome.hash = rp_hash64(part, sizeof part);
    } else if (o.ending == ENDED_REFUSED) {
      r->is_spoiled = true;
      memcpy(r->spoiled, o.message, sizeof o.message);
    } else {
      r->outcome = o;
    }
  }
}

static void run_all(const campaign *c, const char *folder, const uint8_t *data, size_t len, result *out) {
  for (int k = 0; k < c->n_command; k++) {
    if (k == 0 || c->command[k].is_writer) lay(folder, data, len);
    out[k] = (result){.is_spoiled = false};
    outcome_of(folder, c->command[k].word, SECONDS, &out[k].outcome);
    look_after(folder, &c->command[k], &out[k]);
  }
}

static void learn(campaign *c, const char *folder) {
  result r[MOST_COMMANDS];
  run_all(c, folder, c->data, c->len, r);
  for (int k = 0; k < c->n_command; k++) {
    errno = 0;
    if (r[k].outcome.ending != ENDED_ANSWERED || r[k].is_spoiled) quit("fails on the sound index:", c->command[k].name);
    c->good[k] = r[k].outcome.hash;
  }
  run_all(c, folder, c->data, c->len, r);
  for (int k = 0; k < c->n_command; k++)
    if (r[k].outcome.hash != c->good[k]) quit("answers differ from run to run:", c->command[k].name);
}

/* ---- all cases, on several processors -------------------------------------------------------- */

typedef struct row {
  harm harm;
  result result[MOST_COMMANDS];
} row;

static void make_folder(const campaign *c, int job, char path[FOLDER_PATH]) {
  snprintf(path, FOLDER_PATH, "%s/job%d", c->scratch, job);
  if (mkdir(path, 0777) != 0 && errno != EEXIST) quit("cannot make", path);
}

static void work(const campaign *c, int job, int first, int end, int step) {
  char folder[FOLDER_PATH], path[FOLDER_PATH + 16];
  make_folder(c, job, folder);
  snprintf(path, sizeof path, "%s/rows", folder);
  FILE *f = fopen(path, "wb");
  uint8_t *data = memory(c->len);
  static row r;
  if (!f) quit("cannot write", path);
  for (int i = first; i < end; i += step) {
    do_harm(c, i, data, &r.harm);
    run_all(c, folder, data, r.harm.len, r.result);
    if (fwrite(&r, sizeof r, 1, f) != 1) quit("cannot write", path);
  }
  if (fclose(f) != 0) quit("cannot write", path);
  free(data);
}

static void share_out(const campaign *c) {
  pid_t child[MOST_JOBS];
  for (int j = 0; j < c->n_job; j++) {
    child[j] = fork();
    if (child[j] < 0) quit("cannot start", "a process");
    if (child[j] == 0) {
      work(c, j, j, c->n_case, c->n_job);
      _exit(0);
    }
  }
  for (int j = 0; j < c->n_job; j++) {
    int status;
    errno = 0;
    if (waitpid(child[j], &status, 0) != child[j] || status != 0) quit("a process failed in", c->scratch);
  }
}

/* ---- what came of it ---------------------------------------------------------------------------- */

typedef struct tally {
  int same, refused, other, silent, signal, hang, missed, spoiled;
  double longest;
  long max_rss;
} tally;

typedef struct place_tally {
  int cases, stopped, found, unnoticed;
} place_tally;

typedef struct summary {
  tally tally[MOST_COMMANDS];
  place_tally place[N_PLACE];
  place_tally kind[N_KIND];
  int n_wrong;
} summary;

static void say_wrong(const campaign *c, int number, const harm *h, int k, const char *what, const char *message) {
  printf("wrong: case %d, %s at %zu (%s): %s: %s: %s\n", number, kind_name[h->kind], h->at, place_name[h->worst],
         c->command[k].name, what, message);
}

static const char *count_result(const campaign *c, const row *r, int k, bool is_found, tally *t) {
  const outcome *o = &r->result[k].outcome;
  if (o->seconds > t->longest) t->longest = o->seconds;
  if (o->max_rss > t->max_rss) t->max_rss = o->max_rss;
  switch (o->ending) {
    case ENDED_SILENT: t->silent++; return "stops without a word";
    case ENDED_SIGNAL: t->signal++; return "a signal";
    case ENDED_HANG: t->hang++; return "hangs";
    case ENDED_REFUSED:
      t->refused++;
      t->missed += !is_found;
      return is_found ? NULL : "stops, and the check finds nothing";
    default: break;
  }
  if (r->result[k].is_spoiled) {
    t->same += is_found;
    t->spoiled += !is_found;
    return is_found ? NULL : "leaves damage, and the check had found nothing";
  }
  t->same += o->hash == c->good[k];
  t->other += o->hash != c->good[k];
  return o->hash == c->good[k] ? NULL : "another answer";
}

static void count_place(place_tally *t, bool is_stopped, bool is_found) {
  t->cases++;
  t->stopped += is_stopped;
  t->found += is_found;
  t->unnoticed += !is_stopped && !is_found;
}

static void count_row(const campaign *c, int number, const row *r, summary *s) {
  bool is_found = r->result[0].outcome.ending != ENDED_ANSWERED, is_stopped = false;
  for (int k = 0; k < c->n_command; k++) {
    const result *x = &r->result[k];
    const char *wrong = count_result(c, r, k, is_found, &s->tally[k]);
    if (k) is_stopped |= x->outcome.ending != ENDED_ANSWERED || x->is_spoiled;
    if (!wrong) continue;
    s->n_wrong++;
    say_wrong(c, number, &r->harm, k, wrong, x->is_spoiled ? x->spoiled : x->outcome.message);
  }
  count_place(&s->place[r->harm.worst], is_stopped, is_found);
  count_place(&s->kind[r->harm.kind], is_stopped, is_found);
}

static void count_all(const campaign *c, summary *s) {
  FILE *f[MOST_JOBS];
  static row r;
  char path[FOLDER_PATH];
  for (int j = 0; j < c->n_job; j++) {
    snprintf(path, sizeof path, "%s/job%d/rows", c->scratch, j);
    if (!(f[j] = fopen(path, "rb"))) quit("cannot read", path);
  }
  for (int i = 0; i < c->n_case; i++) {
    if (fread(&r, sizeof r, 1, f[i % c->n_job]) != 1) quit("cannot read", path);
    count_row(c, i, &r, s);
  }
  for (int j = 0; j < c->n_job; j++) fclose(f[j]);
}

static void print_places(const char *head, const char *const *name, const place_tally *t, int n, const size_t *bytes) {
  printf("\n| %s |%s cases | stopped a command | found by check | nobody noticed |\n", head, bytes ? " bytes |" : "");
  printf("|---|%s---:|---:|---:|---:|\n", bytes ? "---:|" : "");
  for (int i = 0; i < n; i++) {
    if (!t[i].cases && !(bytes && bytes[i])) continue;
    printf("| %s |", name[i]);
    if (bytes) printf(" %zu |", bytes[i]);
    printf(" %d | %d | %d | %d |\n", t[i].cases, t[i].stopped, t[i].found, t[i].unnoticed);
  }
}

static void print_summary(const campaign *c, const summary *s) {
  printf("%s%zu bytes, %d copies, seed %llu.\n\n", s->n_wrong ? "\n" : "", c->len, c->n_case,
         (unsigned long long)c->seed);
  printf(
      "| command | same | refused | other | silent | signal | hang | not found by check | spoiled | longest s | "
      "most MiB |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  for (int k = 0; k < c->n_command; k++) {
    const tally *t = &s->tally[k];
    printf("| %s | %d | %d | %d | %d | %d | %d | %d | %d | %.2f | %ld |\n", c->command[k].name, t->same, t->refused,
           t->other, t->silent, t->signal, t->hang, t->missed, t->spoiled, t->longest, t->max_rss / 1024);
  }
  print_places("damage", kind_name, s->kind, N_KIND, NULL);
  print_places("place", place_name, s->place, N_PLACE, c->n_at);
  printf("\n%d wrong.\n", s->n_wrong);
}

/* One case, and the damaged copy left in the scratch folder. */
static void run_only(const campaign *c) {
  static row r;
  char folder[FOLDER_PATH];
  uint8_t *data = memory(c->len);
  make_folder(c, 0, folder);
  do_harm(c, c->only, data, &r.harm);
  run_all(c, folder, data, r.harm.len, r.result);
  lay(folder, data, r.harm.len);
  printf("case %d: %s at %zu (%s), left in '%s/db'\n", c->only, kind_name[r.harm.kind], r.harm.at,
         place_name[r.harm.worst], folder);
  for (int k = 0; k < c->n_command; k++) {
    const outcome *o = &r.result[k].outcome;
    printf("%-10s status %d, %.2f s%s%s: %s\n", c->command[k].name, o->status, o->seconds,
           o->ending == ENDED_ANSWERED && !r.result[k].is_spoiled && o->hash != c->good[k] ? ", another answer" : "",
           r.result[k].is_spoiled ? ", spoiled" : "", r.result[k].is_spoiled ? r.result[k].spoiled : o->message);
  }
  free(data);
}

static long number_of(const char *text, long least, long most) {
  char *end;
  long n = strtol(text, &end, 10);
  errno = 0;
  if (end == text || *end || n < least || n > most) quit("not a number, or too large:", text);
  return n;
}

static void read_options(int argc, char **argv, campaign *c) {
  static const struct option table[] = {{"db", 1, NULL, 'd'},    {"commands", 1, NULL, 'f'}, {"scratch", 1, NULL, 't'},
                                        {"cases", 1, NULL, 'n'}, {"seed", 1, NULL, 's'},     {"jobs", 1, NULL, 'j'},
                                        {"only", 1, NULL, 'o'},  {"aim", 1, NULL, 'a'},      {NULL, 0, NULL, 0}};
  for (int o; (o = getopt_long(argc, argv, "", table, NULL)) != -1;) {
    switch (o) {
      case 'd': c->db = optarg; break;
      case 'f': c->commands = optarg; break;
      case 't': c->scratch = optarg; break;
      case 'n': c->n_case = (int)number_of(optarg, 1, 1000000); break;
      case 's': c->seed = (uint64_t)number_of(optarg, 0, INT32_MAX); break;
      case 'j': c->n_job = (int)number_of(optarg, 1, MOST_JOBS); break;
      case 'a': c->is_at_pages = strcmp(optarg, "pages") == 0; break;
      case 'o': c->only = (int)number_of(optarg, 0, INT32_MAX); break;
      default: exit(2);
    }
  }
  errno = 0;
  if (!c->db || !c->commands || !c->scratch || optind != argc) quit("usage: see the head of", "bench/damage.c");
}

int main(int argc, char **argv) {
  static campaign c = {.n_case = 2000, .n_job = 2, .only = -1, .seed = 1};
  static summary s;
  char folder[FOLDER_PATH];
  read_options(argc, argv, &c);
  read_commands(&c);
  read_index(&c);
  make_folder(&c, 0, folder);
  learn(&c, folder);
  if (c.only >= 0) {
    run_only(&c);
    return 0;
  }
  share_out(&c);
  count_all(&c, &s);
  print_summary(&c, &s);
  return s.n_wrong ? 1 : 0;
}
