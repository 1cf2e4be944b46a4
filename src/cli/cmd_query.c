/* reprint query: who else carries this story?
 *
 * Articles are taken in batches; the articles of a batch are answered by
 * several threads, each answer into a byte string of its own, and printed in
 * the order of the input.  Batches double from one article on, so that the
 * first answers come at once. */
#include <string.h>
#include <unistd.h>

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
  size_t n_match, n_left_out;
} job;

typedef struct run {
  rp_cli *cli;
  rp_index *index;
  rp_ctx **ctx; /* of each worker, made when it is needed */
  unsigned n_worker;
  rp_ctx *show_ctx; /* of articles shown */
  rp_report report;
  rp_query_options options;
  bool is_list; /* of the stories of a publisher */
  size_t n_story, n_picked_up, n_match;
  job batch[MOST_BATCH];
  size_t n_batch, n_answered;
  bool has_match;
} run;

/* With neither an article nor an id, --publisher says whose stories are asked
 * about. */
static bool is_publisher_list(const rp_settings *s, size_t n_operand) {
  return s->publisher && !n_operand && !s->ids.n;
}

static rp_query_options options_of(const rp_settings *s, size_t n_operand, rp_format format) {
  uint32_t look_alikes = 0;
  for (int v = RP_NONE; v <= RP_BOILERPLATE_ONLY; v++)
    if (!rp_verdict_is_link((rp_verdict)v)) look_alikes |= UINT32_C(1) << v;
  bool is_list = is_publisher_list(s, n_operand);
  int64_t limit = s->limit >= 0 ? s->limit : format == RP_FORMAT_TEXT && !is_list ? LIMIT_OF_TEXT : 0;
  const char *publisher = is_list ? NULL : s->publisher;
  return (rp_query_options){
      .size = sizeof(rp_query_options),
      .min_passage = (uint32_t)s->min_passage,
      .limit = (size_t)limit,
      .sort = s->sort < 0 ? RP_SORT_SCORE : (rp_sort)s->sort,
      .look_alikes = s->look_alikes || (s->verdicts & look_alikes),
      .verdicts = s->verdicts,
      .between = is_list ? (rp_date){0, 0} : s->between,
      .window = s->window,
      .publisher = {publisher, publisher ? strlen(publisher) : 0},
      .exclude_publisher = s->excluded_publishers.data,
      .n_exclude_publisher = s->excluded_publishers.n,
      .min_words = (uint32_t)s->min_words,
      .min_coverage = s->min_coverage,
      .with_groups = s->format >= 0 && s->format != RP_FORMAT_TEXT,
      .lang = {s->lang, s->lang ? strlen(s->lang) : 0},
      .owner = s->owners.data,
      .n_owner = s->owners.n,
      .exclude_same_owner = s->exclude_same_owner,
  };
}

static bool is_filtered(const rp_query_options *o) {
  return o->verdicts || o->between.earliest || o->between.latest || o->window || o->publisher.len ||
         o->n_exclude_publisher || o->min_words || o->min_coverage > 0 || o->lang.len || o->exclude_same_owner;
}

/* A publisher's own articles are no pick-up: neither under the name that was
 * given nor under the key of the story at hand. */
static rp_status exclude_own(const run *r, job *j, rp_query_options *options) {
  const rp_settings *s = &r->cli->settings;
  size_t n = options->n_exclude_publisher;
  rp_str *excluded = RP_NEW(&j->arena, rp_str, n + 2);
  if (!excluded) return rp_fail_memory(&j->error);
  if (n) memcpy(excluded, options->exclude_publisher, n * sizeof *excluded);
  excluded[n++] = (rp_str){s->publisher, strlen(s->publisher)};
  if (j->article.publisher_key.len) excluded[n++] = j->article.publisher_key;
  options->exclude_publisher = excluded;
  options->n_exclude_publisher = n;
  return RP_OK;
}

static rp_status answer_job(run *r, unsigned worker, job *j) {
  const rp_answer *answer;
  rp_query_options options = r->options;
  if (r->is_list) RP_TRY(exclude_own(r, j, &options));
  if (!r->ctx[worker]) RP_TRY(rp_ctx_new(r->index, &r->ctx[worker], &j->error));
  RP_TRY(rp_query(r->ctx[worker], &j->article, &options, &answer, &j->error));
  rp_report part = rp_report_part(&r->report, &j->out);
  if (!r->is_list)
    rp_report_add_answer(&part, answer);
  else if (answer->n_match || r->cli->settings.full)
    rp_report_add_pickup(&part, answer);
  j->n_match = answer->n_match;
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
  rp_note(r->cli, "'%.*s': %zu more match%s left out (--limit)",
          (int)(j->article.id.len < 500 ? j->article.id.len : 500), j->article.id.data, j->n_left_out,
          j->n_left_out == 1 ? " was" : "es were");
}

static bool print_job(run *r, const job *j) {
  if (j->error.status != RP_OK) {
    rp_cli_fail(r->cli, &j->error);
    return j->error.status != RP_ERR_MEMORY && j->error.status != RP_ERR_DAMAGED;
  }
  r->n_story++;
  r->n_picked_up += j->n_match > 0;
  r->n_match += j->n_match;
  if (r->report.options.format == RP_FORMAT_TEXT && r->n_answered && j->out.len) rp_buf_add_byte(&r->cli->out, '\n');
  r->n_answered += j->out.len > 0 || !r->is_list;
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
  j->n_match = j->n_left_out = 0;
  j->error = (rp_error){0};
  j->error.status = rp_keep(article, &j->arena, &j->article, &j->error);
  if (j->error.status == RP_OK)
    r->n_batch++;
  else
    rp_cli_fail(r->cli, &j->error);
  return j->error.status == RP_OK;
}

/* "news.jsonl:12", as answers print where an article was read. */
static bool is_place(rp_str id, rp_str *path, uint64_t *line) {
  size_t at = id.len;
  uint64_t factor = 1;
  *line = 0;
  for (; at > 0 && id.data[at - 1] >= '0' && id.data[at - 1] <= '9' && id.len - at < 18; factor *= 10)
    *line += factor * (uint64_t)(id.data[--at] - '0');
  if (at == id.len || at < 2 || id.data[at - 1] != ':' || *line == 0) return false;
  *path = (rp_str){id.data, at - 1};
  return true;
}

/* By id or URL, else by the place it was read from; paths as they are cleaned
 * when articles are read. */
static rp_status show(run *r, const char *name, const rp_article **out, rp_error *error) {
  rp_str id = {name, strlen(name)}, path;
  uint64_t line;
  rp_guard_enter(r->cli->settings.db);
  rp_status status = rp_index_show(r->show_ctx, id, out, error);
  while (status == RP_ERR_NOT_FOUND && id.len > 2 && memcmp(id.data, "./", 2) == 0) {
    id = (rp_str){id.data + 2, id.len - 2};
    status = rp_index_show(r->show_ctx, id, out, NULL);
  }
  if (status == RP_ERR_NOT_FOUND && is_place(id, &path, &line)) {
    rp_error place = {0};
    status = rp_index_show_place(r->show_ctx, path, line, out, &place);
    if (status != RP_ERR_NOT_FOUND) *error = place;
  }
  rp_guard_leave();
  return status;
}

static bool ask_ids(run *r) {
  const rp_settings *s = &r->cli->settings;
  for (size_t i = 0; i < s->ids.n; i++) {
    const rp_article *article;
    rp_error error = {0};
    error.status = show(r, s->ids.data[i], &article, &error);
    if (error.status != RP_OK)
      rp_cli_fail(r->cli, &error);
    else if (!add_to_batch(r, article) || !answer_batch(r))
      return false;
  }
  return true;
}

/* What was taken out since the list was made is no longer asked about. */
static bool ask_story(run *r, rp_str id) {
  const rp_article *article;
  rp_error error = {0};
  rp_guard_enter(r->cli->settings.db);
  error.status = rp_index_show(r->show_ctx, id, &article, &error);
  rp_guard_leave();
  if (error.status == RP_ERR_NOT_FOUND) return true;
  if (error.status == RP_OK) return add_to_batch(r, article) && (r->n_batch < MOST_BATCH || answer_batch(r));
  rp_cli_fail(r->cli, &error);
  return false;
}

static void add_list_summary(run *r) {
  rp_buf_printf(&r->cli->out, "%s%zu stor%s, %zu picked up, %zu article%s by others\n", r->n_answered ? "\n" : "",
                r->n_story, r->n_story == 1 ? "y" : "ies", r->n_picked_up, r->n_match, r->n_match == 1 ? "" : "s");
}

/* The rights desk's list. */
static void ask_publisher(run *r) {
  rp_cli *cli = r->cli;
  rp_select_options options = {.size = sizeof options, .between = cli->settings.between};
  options.publisher = (rp_str){cli->settings.publisher, strlen(cli->settings.publisher)};
  rp_ctx *ctx;
  const rp_str *id = NULL;
  size_t n = 0;
  rp_error error = {0};
  if (!rp_cli_ctx(cli, r->index, &ctx)) {
    cli->has_trouble = true;
    return;
  }
  rp_guard_enter(cli->settings.db);
  error.status = rp_index_select(ctx, &options, &id, &n, &error);
  rp_guard_leave();
  bool ok = error.status == RP_OK;
  if (!ok) rp_cli_fail(cli, &error);
  for (size_t i = 0; ok && i < n; i++) {
    ok = ask_story(r, id[i]);
    rp_progress_tick(&cli->progress, i + 1, "stories");
  }
  if (ok) ok = answer_batch(r);
  if (ok && r->report.options.format == RP_FORMAT_TEXT) add_list_summary(r);
  if (ok && n == 0) rp_warn(cli, "no article of publisher '%s' in the index in that time", cli->settings.publisher);
  rp_ctx_free(ctx);
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

static void ask_files(run *r, const char *const *path, size_t n) {
  rp_input_options options = {.path = path, .n_path = n, .weight = RP_INPUT_NEEDED};
  rp_input input;
  if (!rp_input_open(r->cli, &options, &input)) return;
  ask_all(r, &input);
  if (rp_input_n_record(&input) == 0 && !input.n_failed && !input.is_stopped) {
    rp_msg(r->cli, "no article in the input");
    r->cli->has_trouble = true;
  }
  rp_input_close(&input);
}

/* An operand that is no file may be the path or the place of an article of the
 * index; false: it is neither, and reading it will say so. */
static bool ask_known(run *r, const char *name, bool *is_known) {
  const rp_article *article;
  rp_error error = {0};
  *is_known = show(r, name, &article, &error) == RP_OK;
  return !*is_known || (add_to_batch(r, article) && answer_batch(r));
}

static void ask_operands(run *r) {
  static const char *const standard_input[] = {"-"};
  const rp_cli *cli = r->cli;
  size_t n_asked = 0;
  if (!cli->n_operand) ask_files(r, standard_input, 1);
  for (size_t i = 0; i < cli->n_operand; i++) {
    bool is_known = false;
    size_t n_file = i - n_asked;
    if (access(cli->operand[i], F_OK) == 0 || strcmp(cli->operand[i], "-") == 0) continue;
    if (n_file) ask_files(r, cli->operand + n_asked, n_file);
    n_asked = i;
    if (!ask_known(r, cli->operand[i], &is_known)) return;
    if (is_known) n_asked = i + 1;
  }
  if (n_asked < cli->n_operand) ask_files(r, cli->operand + n_asked, cli->n_operand - n_asked);
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

static bool is_one_question(rp_cli *cli) {
  const rp_settings *s = &cli->settings;
  if (cli->n_operand && s->ids.n) {
    rp_msg(cli, "'query' takes articles or '--id', not both");
    return false;
  }
  if (is_publisher_list(s, cli->n_operand) && !s->since_text) {
    rp_msg(cli,
           "'--publisher' alone asks about all stories of a publisher and needs '--since'; '-' reads standard input");
    return false;
  }
  return true;
}

static void ask(run *r) {
  if (r->is_list)
    ask_publisher(r);
  else if (r->cli->settings.ids.n)
    (void)ask_ids(r);
  else
    ask_operands(r);
}

rp_exit rp_cmd_query(rp_cli *cli) {
  if (!is_one_question(cli)) return RP_EXIT_TROUBLE;
  run *r = rp_calloc(1, sizeof *r);
  if (!r) {
    rp_msg(cli, "out of memory");
    return RP_EXIT_TROUBLE;
  }
  r->cli = cli;
  bool ok = start(r);
  if (ok) {
    rp_cli_report(cli, RP_REPORT_MATCH, RP_FORMAT_TEXT, &r->report);
    r->options = options_of(&cli->settings, cli->n_operand, r->report.options.format);
    r->report.options.look_alikes = r->options.look_alikes;
    r->report.options.filtered = is_filtered(&r->options);
    r->is_list = is_publisher_list(&cli->settings, cli->n_operand);
    ask(r);
  }
  bool has_match = r->has_match;
  release(r);
  if (!ok || cli->has_trouble || cli->n_skipped) return RP_EXIT_TROUBLE;
  return has_match ? RP_EXIT_OK : RP_EXIT_NONE;
}
