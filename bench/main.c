/* Each case is run once to warm up and then several times, a memory copy of
 * the same bytes before each; the medians of both are printed, so that figures
 * of different machines and days can be compared. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "bench.h"

enum { RUNS_DEFAULT = 5, RUNS_MAX = 99, MB_DEFAULT = 64, COPIES = 6 };

static const bench_case *const all_cases[] = {
    &case_hash, &case_fold, &case_sketch, &case_sign, &case_overlap, &case_passages, &case_index, &case_query,
};
enum { N_CASE = sizeof all_cases / sizeof *all_cases };

typedef struct settings {
  const char *filter; /* a part of the name; NULL: all */
  double mb;
  int runs;
  generate_options generate;
} settings;

static const char usage[] =
    "usage: reprint-bench [--filter PART] [--mb N] [--runs N] [--seed N]\n"
    "       reprint-bench --list\n"
    "       reprint-bench generate --articles N [--copies SHARE] [--seed N]\n";

static double clock_seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *value, int n) {
  qsort(value, (size_t)n, sizeof *value, ascending);
  return value[n / 2];
}

/* The last of several copies: memory takes some milliseconds of copying until
 * it is at full speed, and full speed is what cases are held against. */
static double time_copy(const bench_corpus *corpus, char *room) {
  double begin = 0;
  for (int i = 0; i < COPIES; i++) {
    begin = clock_seconds(CLOCK_THREAD_CPUTIME_ID);
    memcpy(room, corpus->bytes.data, corpus->bytes.len);
    /* a copy nobody reads could be left out */
    __asm__ volatile("" : : "r"(room) : "memory");
  }
  return clock_seconds(CLOCK_THREAD_CPUTIME_ID) - begin;
}

typedef struct measured {
  double seconds, copy_seconds;
  uint64_t check;
} measured;

static rp_status measure(const bench_case *c, const bench_corpus *corpus, char *room, int runs, measured *out,
                         rp_error *error) {
  clockid_t clock = c->is_wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
  double seconds[RUNS_MAX], copy[RUNS_MAX];
  void *state = NULL;
  rp_status status = RP_OK;
  if (c->setup) RP_TRY(c->setup(corpus, &state, error));
  for (int run = -1; status == RP_OK && run < runs; run++) {
    uint64_t check = 0;
    double copied = time_copy(corpus, room), begin = clock_seconds(clock);
    status = c->run(corpus, state, &check, error);
    double took = clock_seconds(clock) - begin;
    if (status == RP_OK && run >= 0 && check != out->check)
      status = rp_fail(error, RP_ERR_INPUT, "case '%s' gave another result when it ran again", c->name);
    out->check = check;
    if (run < 0) continue;
    seconds[run] = took;
    copy[run] = copied;
  }
  if (c->teardown) c->teardown(state);
  if (status != RP_OK) return status;
  out->seconds = median(seconds, runs);
  out->copy_seconds = median(copy, runs);
  return RP_OK;
}

static void print_row(const char *name, const bench_corpus *corpus, double seconds, double copy_seconds,
                      uint64_t check) {
  double mb = (double)corpus->bytes.len / 1e6, n = (double)corpus->text.n;
  printf("| %-8s | %8zu | %7.1f | %8.4f | %8.1f | %10.0f | %9.4f | %016llx |\n", name, corpus->text.n, mb, seconds,
         mb / seconds, n / seconds, copy_seconds / seconds, (unsigned long long)check);
  fflush(stdout);
}

static rp_status run_cases(const settings *set, const bench_corpus *corpus, char *room, rp_error *error) {
  printf(
      "| case     | articles |      MB |  seconds |     MB/s | articles/s | of memcpy | check            |\n"
      "|----------|---------:|--------:|---------:|---------:|-----------:|----------:|------------------|\n");
  bool is_any = false;
  for (size_t i = 0; i < N_CASE; i++) {
    const bench_case *c = all_cases[i];
    if (set->filter && !strstr(c->name, set->filter)) continue;
    measured m = {0};
    RP_TRY(measure(c, corpus, room, set->runs, &m, error));
    print_row("memcpy", corpus, m.copy_seconds, m.copy_seconds, 0);
    print_row(c->name, corpus, m.seconds, m.copy_seconds, m.check);
    is_any = true;
  }
  return is_any ? RP_OK : rp_fail(error, RP_ERR_NOT_FOUND, "no case has '%s' in its name", set->filter);
}

static rp_status bench(const settings *set, rp_error *error) {
  bench_corpus corpus = {0};
  rp_status status = corpus_make(&corpus, (size_t)(set->mb * 1e6), set->generate.seed, error);
  char *room = NULL;
  if (status == RP_OK && !(room = rp_malloc(corpus.bytes.len))) status = rp_fail_memory(error);
  if (status == RP_OK) status = run_cases(set, &corpus, room, error);
  if (status == RP_OK && fflush(stdout) != 0) status = rp_fail(error, RP_ERR_IO, "cannot write the table");
  rp_free(room);
  corpus_release(&corpus);
  return status;
}

static void list_cases(void) {
  for (size_t i = 0; i < N_CASE; i++) printf("%-8s %s\n", all_cases[i]->name, all_cases[i]->what);
}

static bool read_number(const char *text, double least, double most, double *out) {
  char *end;
  double x = strtod(text, &end);
  if (end == text || *end || !(x >= least && x <= most)) return false;
  *out = x;
  return true;
}

static bool read_option(int option, const char *value, settings *set) {
  double x = 0;
  bool is_good = true;
  switch (option) {
    case 'f': set->filter = value; return true;
    case 'm': is_good = read_number(value, 1e-3, 1e5, &set->mb); break;
    case 'r':
      is_good = read_number(value, 1, RUNS_MAX, &x);
      set->runs = (int)x;
      break;
    case 's':
      is_good = read_number(value, 0, 1e15, &x);
      set->generate.seed = (uint64_t)x;
      break;
    case 'a':
      is_good = read_number(value, 0, 1e12, &x);
      set->generate.n_article = (size_t)x;
      break;
    case 'c': is_good = read_number(value, 0, 1, &set->generate.copy_share); break;
    default: return false;
  }
  if (!is_good) fprintf(stderr, "reprint-bench: '%s' is out of range\n", value);
  return is_good;
}

static int fail_usage(void) {
  fputs(usage, stderr);
  return 2;
}

int main(int argc, char **argv) {
  static const struct option options[] = {{"filter", required_argument, NULL, 'f'},
                                          {"mb", required_argument, NULL, 'm'},
                                          {"runs", required_argument, NULL, 'r'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"articles", required_argument, NULL, 'a'},
                                          {"copies", required_argument, NULL, 'c'},
                                          {"list", no_argument, NULL, 'l'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
  settings set = {.mb = MB_DEFAULT, .runs = RUNS_DEFAULT, .generate = {.seed = 1}};
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    if (option == 'l') {
      list_cases();
      return EXIT_SUCCESS;
    }
    if (option == 'h') {
      fputs(usage, stdout);
      return EXIT_SUCCESS;
    }
    if (!read_option(option, optarg, &set)) return fail_usage();
  }
  bool is_generate = optind < argc && strcmp(argv[optind], "generate") == 0;
  if (argc - optind > (is_generate ? 1 : 0)) return fail_usage();
  rp_error error = {0};
  rp_status status = is_generate ? generate_jsonl(&set.generate, stdout, &error) : bench(&set, &error);
  if (status != RP_OK) fprintf(stderr, "reprint-bench: %s\n", error.message);
  return status == RP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
