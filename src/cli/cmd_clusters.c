/* reprint clusters: the groups of articles that carry one story. */
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/whole.h"

typedef struct run {
  rp_cli *cli;
  rp_report report;
} run;

static bool tell(void *user, const rp_cluster *record) {
  run *r = user;
  rp_report_add_cluster(&r->report, record);
  return rp_whole_flush(r->cli);
}

rp_exit rp_cmd_clusters(rp_cli *cli) {
  rp_index *index;
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return RP_EXIT_TROUBLE;
  run r = {.cli = cli};
  rp_cli_report(cli, RP_REPORT_CLUSTER, RP_FORMAT_JSONL, &r.report);
  rp_all_options options = rp_whole_options(&cli->settings, RP_SORT_SCORE);
  rp_all_stat stat = {.size = sizeof stat};
  rp_error error = {0};
  rp_guard_enter(cli->settings.db);
  error.status = rp_clusters(index, &options, tell, &r, &stat, &error);
  rp_guard_leave();
  rp_index_close(index);
  return rp_whole_end(cli, &error, &stat, "groups");
}
