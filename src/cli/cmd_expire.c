/* reprint expire: what is too old leaves the index. */
#include <inttypes.h>
#include <time.h>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/msg.h"
#include "cli/write.h"

static bool settle(rp_cli *cli, rp_expire_options *out) {
  const rp_settings *s = &cli->settings;
  if (!s->before_text == !s->older_than) {
    rp_msg(cli, "'expire' needs one of '--before' and '--older-than'");
    return false;
  }
  int64_t now = s->now ? s->now : (int64_t)time(NULL);
  *out = (rp_expire_options){.size = sizeof *out, .by_seen = s->by_seen};
  out->before = s->before_text ? s->before : now - s->older_than;
  return true;
}

static bool expire(rp_cli *cli, const rp_expire_options *options, rp_expiry *out) {
  rp_cli_writer w;
  rp_error error = {0};
  if (!rp_cli_writer_open(cli, &w)) return false;
  rp_guard_enter(cli->settings.db);
  error.status = rp_writer_expire(w.writer, options, out, &error);
  rp_guard_leave();
  rp_cli_writer_close(&w);
  if (error.status != RP_OK) rp_cli_fail(cli, &error);
  return error.status == RP_OK;
}

static bool count(rp_cli *cli, const rp_expire_options *options, rp_expiry *out) {
  rp_index *index;
  rp_error error = {0};
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return false;
  rp_guard_enter(cli->settings.db);
  error.status = rp_index_expirable(index, options, out, &error);
  rp_guard_leave();
  rp_index_close(index);
  if (error.status != RP_OK) rp_cli_fail(cli, &error);
  return error.status == RP_OK;
}

rp_exit rp_cmd_expire(rp_cli *cli) {
  rp_expire_options options;
  rp_expiry expiry = {.size = sizeof expiry};
  bool is_dry = cli->settings.dry_run;
  if (!settle(cli, &options)) return RP_EXIT_TROUBLE;
  if (!(is_dry ? count : expire)(cli, &options, &expiry)) return RP_EXIT_TROUBLE;
  if (!cli->settings.quiet)
    rp_note(cli, "%s %" PRIu64 " article%s of %" PRIu64, is_dry ? "would expire" : "expired", expiry.n_expired,
            expiry.n_expired == 1 ? "" : "s", expiry.n_article);
  return RP_EXIT_OK;
}
