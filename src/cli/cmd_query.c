/* reprint query: who else carries this story? */
#include <string.h>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/input.h"
#include "cli/msg.h"

enum { LIMIT_OF_TEXT = 20 };

typedef struct run {
  rp_cli *cli;
  rp_ctx *ctx;      /* of the answers */
  rp_ctx *show_ctx; /* of articles shown: both must live at a time */
  rp_report report;
  rp_query_options options;
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
      .sort = (rp_sort)s->sort,
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

/* Data has no place to say that a limit cut an answer, so it is a message. */
static void note_left_out(run *r, const rp_answer *answer) {
  if (r->cli->settings.quiet || r->report.options.format == RP_FORMAT_TEXT || !answer->n_left_out) return;
  rp_msg(r->cli, "'%.*s': %zu more matches were left out (--limit)",
         (int)(answer->query->id.len < 500 ? answer->query->id.len : 500), answer->query->id.data, answer->n_left_out);
}

/* False where there is no point in going on. */
static bool ask(run *r, const rp_article *article) {
  const rp_answer *answer;
  rp_error error = {0};
  rp_guard_enter(r->cli->settings.db);
  error.status = rp_query(r->ctx, article, &r->options, &answer, &error);
  rp_guard_leave();
  if (error.status != RP_OK) {
    rp_cli_fail(r->cli, &error);
    return error.status != RP_ERR_MEMORY && error.status != RP_ERR_DAMAGED;
  }
  for (size_t i = 0; i < answer->n_match && !r->has_match; i++) {
    rp_verdict verdict = answer->match[i].verdict;
    r->has_match = rp_verdict_is_link(verdict) || (r->options.verdicts >> verdict & 1);
  }
  rp_report_add_answer(&r->report, answer);
  note_left_out(r, answer);
  return rp_cli_flush(r->cli);
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
    else if (!ask(r, article))
      return false;
  }
  return true;
}

static void ask_files(run *r) {
  static const char *const standard_input[] = {"-"};
  rp_input_options options = {.path = r->cli->operand, .n_path = r->cli->n_operand};
  if (!r->cli->n_operand) options = (rp_input_options){.path = standard_input, .n_path = 1};
  rp_input input;
  if (!rp_input_open(r->cli, &options, &input)) return;
  const rp_article *article;
  uint64_t n = 0;
  while ((article = rp_input_next(&input)) && ask(r, article)) rp_progress_tick(&r->cli->progress, ++n, "articles");
  if (rp_input_n_record(&input) == 0 && !input.n_failed && !input.is_stopped) {
    rp_msg(r->cli, "no article in the input");
    r->cli->has_trouble = true;
  }
  rp_input_close(&input);
}

rp_exit rp_cmd_query(rp_cli *cli) {
  run r = {.cli = cli};
  rp_index *index;
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return RP_EXIT_TROUBLE;
  if (rp_cli_ctx(cli, index, &r.ctx) && rp_cli_ctx(cli, index, &r.show_ctx)) {
    rp_cli_report(cli, RP_REPORT_MATCH, RP_FORMAT_TEXT, &r.report);
    r.options = options_of(&cli->settings, r.report.options.format);
    r.report.options.look_alikes = r.options.look_alikes;
    if (ask_ids(&r) && (cli->n_operand || !cli->settings.ids.n)) ask_files(&r);
  }
  rp_ctx_free(r.show_ctx);
  rp_ctx_free(r.ctx);
  rp_index_close(index);
  if (cli->has_trouble || cli->n_skipped) return RP_EXIT_TROUBLE;
  return r.has_match ? RP_EXIT_OK : RP_EXIT_NONE;
}
