/* reprint backup: a copy of an index that is in use. */
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/msg.h"

rp_exit rp_cmd_backup(rp_cli *cli) {
  rp_index *index;
  rp_error error = {0};
  uint64_t bytes = 0;
  const char *dest = cli->operand[0];
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return RP_EXIT_TROUBLE;
  rp_guard_enter(cli->settings.db);
  error.status = rp_index_backup(index, dest, &bytes, &error);
  rp_guard_leave();
  rp_index_close(index);
  if (error.status != RP_OK) return rp_cli_fail(cli, &error);
  if (!cli->settings.quiet) rp_note(cli, "copied '%s' to '%s': %.1f MB", cli->settings.db, dest, (double)bytes / 1e6);
  return RP_EXIT_OK;
}
