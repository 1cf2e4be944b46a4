/* reprint show: articles of the index. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/left_out.h"
#include "cli/msg.h"
#include "report/plain.h"

/* Byte for byte, since offsets refer to it; but a terminal gets nothing that
 * could play with it. */
static void add_text(rp_cli *cli, rp_str text) {
  if (isatty(STDOUT_FILENO))
    rp_plain_add_lines(&cli->out, text);
  else
    rp_buf_add(&cli->out, text.data, text.len);
}

static rp_status show(rp_cli *cli, rp_ctx *ctx, rp_report *report, const char *id, rp_error *error) {
  const rp_article *article;
  rp_guard_enter(cli->settings.db);
  rp_status status = rp_index_show(ctx, (rp_str){id, strlen(id)}, &article, error);
  rp_guard_leave();
  if (status != RP_OK) return status;
  if (cli->settings.text_only) {
    add_text(cli, article->text);
    return RP_OK;
  }
  rp_left_out_list list = {0};
  status = rp_left_out_add_marks(&list, article, article->mark, article->n_mark, error);
  rp_report_article view = {.article = article, .left_out = list.data, .n_left_out = list.n};
  if (status == RP_OK) rp_report_add_article(report, &view);
  rp_vec_release(&list);
  return status;
}

rp_exit rp_cmd_show(rp_cli *cli) {
  rp_index *index;
  rp_ctx *ctx = NULL;
  rp_report report;
  bool is_missing = false;
  if (cli->settings.text_only && cli->n_operand > 1) {
    rp_msg(cli, "'show --text' takes one id");
    return RP_EXIT_TROUBLE;
  }
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return RP_EXIT_TROUBLE;
  bool ok = rp_cli_ctx(cli, index, &ctx);
  if (ok && !cli->settings.text_only) rp_cli_report(cli, RP_REPORT_ARTICLE, RP_FORMAT_TEXT, &report);
  for (size_t i = 0; ok && i < cli->n_operand && rp_cli_flush(cli); i++) {
    rp_error error = {0};
    error.status = show(cli, ctx, &report, cli->operand[i], &error);
    if (error.status == RP_ERR_NOT_FOUND) {
      is_missing = true;
      rp_warn(cli, "no article '%s' in the index", cli->operand[i]);
    } else if (error.status != RP_OK) {
      rp_cli_fail(cli, &error);
    }
  }
  rp_ctx_free(ctx);
  rp_index_close(index);
  return cli->has_trouble ? RP_EXIT_TROUBLE : is_missing ? RP_EXIT_NONE : RP_EXIT_OK;
}
