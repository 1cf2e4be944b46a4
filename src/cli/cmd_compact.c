/* reprint compact: gives space back to the disk. */
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/msg.h"
#include "cli/write.h"

static rp_status compact(rp_cli_writer *w, rp_index_stat *before, rp_index_stat *after, rp_error *error) {
  rp_status status = rp_index_stat_get(w->index, before, error);
  if (status == RP_OK) status = rp_writer_compact(w->writer, error);
  if (status == RP_OK) status = rp_index_stat_get(w->index, after, error);
  return status;
}

rp_exit rp_cmd_compact(rp_cli *cli) {
  rp_cli_writer w;
  rp_index_stat before = {.size = sizeof before}, after = {.size = sizeof after};
  rp_error error = {0};
  if (!rp_cli_writer_open(cli, &w)) return RP_EXIT_TROUBLE;
  rp_guard_enter(cli->settings.db);
  error.status = compact(&w, &before, &after, &error);
  rp_guard_leave();
  rp_cli_writer_close(&w);
  if (error.status != RP_OK) return rp_cli_fail(cli, &error);
  if (!cli->settings.quiet)
    rp_note(cli, "'%s' was %.1f MB and is %.1f MB; %llu dead article%s left out", cli->settings.db,
            (double)before.file_bytes / 1e6, (double)after.file_bytes / 1e6, (unsigned long long)before.n_removed,
            before.n_removed == 1 ? " was" : "s were");
  return RP_EXIT_OK;
}
