/* reprint check: is everything there, and as it was written? */
#include <inttypes.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/msg.h"

typedef struct run {
  rp_cli *cli;
  rp_report report;
} run;

/* What was found is printed at once: a page that leads LMDB astray may end the
 * run at any moment. */
static void on_finding(void *user, const rp_finding *finding) {
  run *r = user;
  rp_report_add_finding(&r->report, finding);
  (void)rp_cli_flush(r->cli);
}

static void summarise(rp_cli *cli, const rp_check_summary *s) {
  char found[64] = "no damage";
  if (s->n_finding) snprintf(found, sizeof found, "%" PRIu64 " finding%s", s->n_finding, s->n_finding == 1 ? "" : "s");
  rp_msg_at(cli, s->n_finding ? RP_LEVEL_ERROR : RP_LEVEL_INFO,
            "'%s': checked %" PRIu64 " article%s, %" PRIu64 " segment%s, %" PRIu64 " entries: %s", cli->settings.db,
            s->n_article, s->n_article == 1 ? "" : "s", s->n_segment, s->n_segment == 1 ? "" : "s", s->n_entry, found);
}

rp_exit rp_cmd_check(rp_cli *cli) {
  run r = {.cli = cli};
  rp_index *index;
  rp_check_options options = {sizeof options, (unsigned)cli->settings.jobs, on_finding, &r};
  rp_check_summary summary = {.size = sizeof summary};
  rp_error error = {0};
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return RP_EXIT_TROUBLE;
  rp_cli_report(cli, RP_REPORT_FINDING, RP_FORMAT_TEXT, &r.report);
  rp_guard_enter(cli->settings.db);
  error.status = rp_index_check(index, &options, &summary, &error);
  rp_guard_leave();
  rp_index_close(index);
  if (error.status != RP_OK) return rp_cli_fail(cli, &error);
  if (!cli->settings.quiet) summarise(cli, &summary);
  return summary.n_finding ? RP_EXIT_TROUBLE : RP_EXIT_OK;
}
