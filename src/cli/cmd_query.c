/* reprint query: who else carries this story?
 *
 * Articles are taken in batches; the articles of a batch are answered by
 * several threads, each answer into a byte string of its own, and printed in
 * the order of the input.  Batches double from one article on, so that the
 * first answers come at once. */
#include <string.h>

#include "base/err.h"
#include "base/par.h"
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/input.h"
#include "cli/keep.h"
#include "cli/msg.h"

enum { LIMIT_OF_TEXT = 20, MOST_BATCH = 64, MOST_BATCH_BYTES = 1 << 24 };

/* One article and its answer. */
typedef struct job {
  rp_arena arena;
  rp_article article;
  rp_buf out;
  rp_error error; /* status RP_OK: answered */
  bool has_match;
  size_t n_left_out;
} job;

typedef struct run {
  rp_cli *cli;
  rp_index *index;
  rp_ctx **ctx; /* of each worker, made when it is needed */
  unsigned n_worker;
  rp_ctx *show_ctx; /* of articles shown */
  rp_report report;
  rp_query_options options;
  job batch[MOST_BATCH];
  size_t n_batch, n_answered;
  bool has_match;
} run;

static rp_query_options options_of(const rp_settings *s, rp_format format) {
  uint32_t look_alikes = 0;
  for (int v = RP_NONE; v <= RP_BOILERPLATE_ONLY; v++)
    if (!rp_verdict_is_link((rp_verdict)v)) look_alikes |= UINT32_C(1) << v;
  int64_t limit = s->limit >= 0 ? s->limit : format == RP_FORMAT_TEXT ? LIMIT_OF_TEXT : 0;
  return (rp_query_options){
      .size = sizeof(rp_query_options),
      .min_passage = (uint32_t)s->min_passage,
      .limit = (size_t)limit,
      .sort = s->sort < 0 ? RP_SORT_SCORE : (rp_sort)s->sort,
      .look_alikes = s->look_alikes || (s->verdicts & look_alikes),
      .verdicts = s->verdicts,
      .between = s->between,
      .window = s->window,
      .publisher = {s->publisher, s->publisher ? strlen(s->publisher) : 0},
      .exclude_publisher = s->excluded_publishers.data,
      .n_exclude_publisher = s->excluded_publishers.n,
      .min_words = (uint32_t)s->min_words,
      .min_coverage = s->min_coverage,
      .lang = {s->lang, s->lang ? strlen(s->lang) : 0},
  };
}

static bool is_filtered(const rp_query_options *o) {
  return o->verdicts || o->between.earliest || o->between.latest || o->window || o->publisher.len ||
         o->n_exclude_publisher || o->min_words || o->min_coverage > 0 || o->lang.len;
}

static rp_status answer_job(run *r, unsigned worker, job *j) {
  const rp_answer *answer;
  if (!r->ctx[worker]) RP_TRY(rp_ctx_new(r->index, &r->ctx[worker], &j->error));
  RP_TRY(rp_query(r->ctx[worker], &j->article, &r->options, &answer, &j->error));
  rp_report part = rp_report_part(&r->report, &j->out);
  rp_report_add_answer(&part, answer);
  j->n_left_out = answer->n_left_out;
  for (size_t i = 0; i < answer->n_match && !j->has_match; i++) {
    rp_verdict verdict = answer->match[i].verdict;
    j->has_match = rp_verdict_is_link(verdict) || (r->options.verdicts >> verdict & 1);
  }
  return j->out.failed ? rp_fail_memory(&j->error) : RP_OK;
}

static void work(void *user, unsigned worker, size_t i) {
  run *r = user;
  job *j = &r->batch[i];
  j->error.status = answer_job(r, worker, j);
}

/* Data has no place to say that a limit cut an answer, so it is a message. */
static void note_left_out(const run *r, const job *j) {
  if (r->cli->settings.quiet || r->report.options.format == RP_FORMAT_TEXT || !j->n_left_out) return;
  rp_msg(r->cli, "'%.*s': %zu more match%s left out (--limit)",
         (int)(j->article.id.len < 500 ? j->article.id.len : 500), j->article.id.data, j->n_left_out,
         j->n_left_out == 1 ? " was" : "es were");
}

static bool print_job(run *r, const job *j) {
  if (j->error.status != RP_OK) {
    rp_cli_fail(r->cli, &j->error);
    return j->error.status != RP_ERR_MEMORY && j->error.status != RP_ERR_DAMAGED;
  }
  if (r->report.options.format == RP_FORMAT_TEXT && r->n_answered) rp_buf_add_byte(&r->cli->out, '\n');
  r->n_answered++;
  rp_buf_add(&r->cli->out, j->out.data, j->out.len);
  r->has_match = r->has_match || j->has_match;
  note_left_out(r, j);
  return rp_cli_flush(r->cli);
}

/* Answers the batch and empties it; false where there is no point in going on. */
static bool answer_batch(run *r) {
  rp_guard_enter(r->cli->settings.db);
  rp_par_for(r->n_worker, r->n_batch, work, r);
  rp_guard_leave();
  bool ok = true;
  for (size_t i = 0; ok && i < r->n_batch; i++) ok = print_job(r, &r->batch[i]);
  r->n_batch = 0;
  return ok;
}

static bool add_to_batch(run *r, const rp_article *article) {
  job *j = &r->batch[r->n_batch];
  rp_arena_clear(&j->arena, 1 << 20);
  rp_buf_clear(&j->out);
  j->has_match = false;
  j->n_left_out = 0;
  j->error = (rp_error){0};
  j->error.status = rp_keep(article, &j->arena, &j->article, &j->error);
  if (j->error.status == RP_OK)
    r->n_batch++;
  else
    rp_cli_fail(r->cli, &j->error);
  return j->error.status == RP_OK;
}

static bool ask_ids(run *r) {
  const rp_settings *s = &r->cli->settings;
  for (size_t i = 0; i < s->ids.n; i++) {
    const rp_article *article;
    rp_error error = {0};
    rp_guard_enter(s->db);
    error.status = rp_index_show(r->show_ctx, (rp_str){s->ids.data[i], strlen(s->ids.data[i])}, &article, &error);
    rp_guard_leave();
    if (error.status != RP_OK)
      rp_cli_fail(r->cli, &error);
    else if (!add_to_batch(r, article) || !answer_batch(r))
      return false;
  }
  return true;
}

static void ask_all(run *r, rp_input *input) {
  size_t most = 1, bytes = 0;
  uint64_t n = 0;
  for (const rp_article *article; (article = rp_input_next(input));) {
    bytes += article->text.len;
    if (!add_to_batch(r, article)) return;
    if (r->n_batch < most && bytes < MOST_BATCH_BYTES) continue;
    n += r->n_batch;
    if (!answer_batch(r)) return;
    rp_progress_tick(&r->cli->progress, n, "articles");
    most = most < MOST_BATCH ? most * 2 : most;
    bytes = 0;
  }
  (void)answer_batch(r);
}

static void ask_files(run *r) {
  static const char *const standard_input[] = {"-"};
  rp_input_options options = {.path = r->cli->operand, .n_path = r->cli->n_operand};
  if (!r->cli->n_operand) options = (rp_input_options){.path = standard_input, .n_path = 1};
  rp_input input;
  if (!rp_input_open(r->cli, &options, &input)) return;
  ask_all(r, &input);
  if (rp_input_n_record(&input) == 0 && !input.n_failed && !input.is_stopped) {
    rp_msg(r->cli, "no article in the input");
    r->cli->has_trouble = true;
  }
  rp_input_close(&input);
}

static void release(run *r) {
  for (size_t i = 0; i < MOST_BATCH; i++) {
    rp_arena_release(&r->batch[i].arena);
    rp_buf_release(&r->batch[i].out);
  }
  for (unsigned i = 0; r->ctx && i < r->n_worker; i++) rp_ctx_free(r->ctx[i]);
  rp_free(r->ctx);
  rp_ctx_free(r->show_ctx);
  rp_index_close(r->index);
  rp_free(r);
}

static bool start(run *r) {
  r->n_worker = rp_par_workers((unsigned)r->cli->settings.jobs);
  r->ctx = rp_calloc(r->n_worker, sizeof(rp_ctx *));
  for (size_t i = 0; i < MOST_BATCH; i++) {
    rp_arena_init(&r->batch[i].arena);
    rp_buf_init(&r->batch[i].out);
  }
  if (!r->ctx) {
    rp_msg(r->cli, "out of memory");
    return false;
  }
  return rp_cli_open(r->cli, RP_OPEN_READ, &r->index) && rp_cli_ctx(r->cli, r->index, &r->show_ctx);
}

rp_exit rp_cmd_query(rp_cli *cli) {
  run *r = rp_calloc(1, sizeof *r);
  if (!r) {
    rp_msg(cli, "out of memory");
    return RP_EXIT_TROUBLE;
  }
  r->cli = cli;
  bool ok = start(r);
  if (ok) {
    rp_cli_report(cli, RP_REPORT_MATCH, RP_FORMAT_TEXT, &r->report);
    r->options = options_of(&cli->settings, r->report.options.format);
    r->report.options.look_alikes = r->options.look_alikes;
    r->report.options.filtered = is_filtered(&r->options);
    if (ask_ids(r) && (cli->n_operand || !cli->settings.ids.n)) ask_files(r);
  }
  bool has_match = r->has_match;
  release(r);
  if (!ok || cli->has_trouble || cli->n_skipped) return RP_EXIT_TROUBLE;
  return has_match ? RP_EXIT_OK : RP_EXIT_NONE;
}
