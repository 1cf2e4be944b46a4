/* reprint extract: what the program takes to be the article. */
#include "cli/command.h"
#include "cli/input.h"
#include "cli/left_out.h"

static rp_status extract(rp_report *report, rp_ctx *ctx, const rp_input *input, const rp_article *article,
                         rp_error *error) {
  const rp_text_marks *marks;
  rp_left_out_list list = {0};
  rp_status status = rp_text_marks_get(ctx, article, &marks, error);
  if (status == RP_OK) status = rp_left_out_add_marks(&list, article, marks->mark, marks->n_mark, error);
  if (status == RP_OK) status = rp_left_out_add_reader(&list, input->reader, error);
  if (status == RP_OK) {
    rp_report_article view = {.article = article,
                              .has_words = true,
                              .words = marks->words,
                              .counted = marks->counted,
                              .left_out = list.data,
                              .n_left_out = list.n};
    rp_report_add_article(report, &view);
  }
  rp_vec_release(&list);
  return status;
}

rp_exit rp_cmd_extract(rp_cli *cli) {
  static const char *const standard_input[] = {"-"};
  rp_input_options options = {.path = cli->operand, .n_path = cli->n_operand, .keep_left_out = true};
  if (!cli->n_operand) {
    options.path = standard_input;
    options.n_path = 1;
  }
  rp_input input;
  rp_ctx *ctx;
  rp_report report;
  if (!rp_cli_ctx(cli, NULL, &ctx)) return RP_EXIT_TROUBLE;
  if (!rp_input_open(cli, &options, &input)) {
    rp_ctx_free(ctx);
    return RP_EXIT_TROUBLE;
  }
  rp_cli_report(cli, RP_REPORT_ARTICLE, RP_FORMAT_JSONL, &report);
  const rp_article *article;
  uint64_t n = 0;
  while (rp_cli_flush(cli) && (article = rp_input_next(&input))) {
    rp_error error = {0};
    error.status = extract(&report, ctx, &input, article, &error);
    if (error.status != RP_OK) rp_cli_fail(cli, &error);
    rp_progress_tick(&cli->progress, ++n, "articles");
  }
  uint64_t n_record = rp_input_n_record(&input);
  rp_input_close(&input);
  rp_ctx_free(ctx);
  return rp_cli_status(cli, n_record);
}
