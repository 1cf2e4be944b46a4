/* reprint stat: counts, sizes and the setting of an index. */
#include "cli/command.h"
#include "cli/guard.h"

rp_exit rp_cmd_stat(rp_cli *cli) {
  rp_index *index;
  rp_index_stat stat = {.size = sizeof stat};
  rp_error error = {0};
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return RP_EXIT_TROUBLE;
  rp_guard_enter(cli->settings.db);
  error.status = rp_index_stat_get(index, &stat, &error);
  rp_guard_leave();
  if (error.status == RP_OK) {
    rp_report report;
    rp_cli_report(cli, RP_REPORT_STAT, RP_FORMAT_TEXT, &report);
    rp_report_add_stat(&report, cli->settings.db, &stat);
  } else {
    rp_cli_fail(cli, &error);
  }
  rp_index_close(index);
  return error.status == RP_OK ? RP_EXIT_OK : RP_EXIT_TROUBLE;
}
