/* reprint params: what a setting finds, and what it costs. */
#include <unistd.h>

#include "cli/command.h"
#include "cli/guard.h"

enum { BANDS = 35, ROWS = 3 };

/* The setting of the index asked for; false where it cannot be read. */
static bool read_index(rp_cli *cli, rp_index_params *out) {
  rp_index *index;
  rp_index_stat stat = {.size = sizeof stat};
  rp_error error = {0};
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return false;
  rp_guard_enter(cli->settings.db);
  error.status = rp_index_stat_get(index, &stat, &error);
  rp_guard_leave();
  if (error.status == RP_OK)
    *out = stat.params;
  else
    rp_cli_fail(cli, &error);
  rp_index_close(index);
  return error.status == RP_OK;
}

rp_exit rp_cmd_params(rp_cli *cli) {
  const rp_settings *s = &cli->settings;
  rp_index_params params = {sizeof params, s->bands ? (uint32_t)s->bands : BANDS, s->rows ? (uint32_t)s->rows : ROWS};
  const char *source = s->bands || s->rows ? "as asked for" : "the default";
  if (!s->bands && !s->rows && (s->db_given || access(s->db, F_OK) == 0)) {
    if (!read_index(cli, &params)) return RP_EXIT_TROUBLE;
    source = "of this index";
  }
  rp_report report;
  rp_cli_report(cli, RP_REPORT_PARAMS, RP_FORMAT_TEXT, &report);
  rp_report_add_params(&report, &params, source);
  return RP_EXIT_OK;
}
