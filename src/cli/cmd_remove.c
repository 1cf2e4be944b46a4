/* reprint remove: articles out of the index. */
#include <string.h>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/msg.h"
#include "cli/write.h"

typedef struct run {
  rp_cli *cli;
  rp_cli_writer writer;
  rp_index *index; /* of a dry run */
  rp_ctx *ctx;
  size_t n_removed, n_missing;
} run;

static bool start(run *r) {
  rp_cli *cli = r->cli;
  if (cli->settings.dry_run) return rp_cli_open(cli, RP_OPEN_READ, &r->index) && rp_cli_ctx(cli, r->index, &r->ctx);
  return rp_cli_writer_open(cli, &r->writer);
}

/* False where there is no point in going on. */
static bool take_out(run *r, const char *id) {
  rp_error error = {0};
  rp_str name = {id, strlen(id)};
  const rp_article *article;
  rp_guard_enter(r->cli->settings.db);
  if (r->ctx)
    error.status = rp_index_show(r->ctx, name, &article, &error);
  else
    error.status = rp_writer_remove(r->writer.writer, name, &error);
  rp_guard_leave();
  if (error.status == RP_OK) {
    r->n_removed++;
  } else if (error.status == RP_ERR_NOT_FOUND) {
    r->n_missing++;
    rp_warn(r->cli, "no article '%s' in the index", id);
  } else {
    rp_cli_fail(r->cli, &error);
    return false;
  }
  return true;
}

static void finish(run *r) {
  rp_error error = {0};
  rp_guard_enter(r->cli->settings.db);
  error.status = rp_writer_commit(r->writer.writer, &error);
  if (error.status == RP_OK && r->cli->settings.purge) error.status = rp_writer_compact(r->writer.writer, &error);
  rp_guard_leave();
  if (error.status != RP_OK) rp_cli_fail(r->cli, &error);
}

rp_exit rp_cmd_remove(rp_cli *cli) {
  run r = {.cli = cli};
  bool ok = start(&r);
  for (size_t i = 0; ok && i < cli->n_operand; i++) ok = take_out(&r, cli->operand[i]);
  if (ok && r.writer.writer) finish(&r);
  if (ok && !cli->has_trouble && !cli->settings.quiet)
    rp_note(cli, "%s %zu article%s%s, %zu missing", r.ctx ? "would remove" : "removed", r.n_removed,
            r.n_removed == 1 ? "" : "s", cli->settings.purge && !r.ctx ? " and purged their texts" : "", r.n_missing);
  rp_cli_writer_close(&r.writer);
  rp_ctx_free(r.ctx);
  rp_index_close(r.index);
  if (!ok || cli->has_trouble) return RP_EXIT_TROUBLE;
  return r.n_missing ? RP_EXIT_NONE : RP_EXIT_OK;
}
