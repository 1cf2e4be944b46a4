/* reprint pairs: all pairs of the index that share a story. */
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/msg.h"
#include "cli/whole.h"

typedef struct run {
  rp_cli *cli;
  rp_report report;
} run;

/* Tables have no line for the note that a group is too large. */
static bool report_is_table(const run *r) {
  rp_format format = r->report.options.format;
  return !r->cli->settings.quiet && (format == RP_FORMAT_CSV || format == RP_FORMAT_TSV);
}

static bool tell(void *user, const rp_pair_record *record) {
  run *r = user;
  if (!record->match && report_is_table(r))
    rp_note(r->cli, "group %.*s has %zu articles: only %zu of its pairs are told (see --all)", (int)record->cluster.len,
            record->cluster.data, record->cluster_size, record->n_listed);
  rp_report_add_pair(&r->report, record);
  return rp_whole_flush(r->cli);
}

rp_exit rp_cmd_pairs(rp_cli *cli) {
  rp_index *index;
  if (!rp_cli_open(cli, RP_OPEN_READ, &index)) return RP_EXIT_TROUBLE;
  run r = {.cli = cli};
  rp_cli_report(cli, RP_REPORT_PAIR, RP_FORMAT_JSONL, &r.report);
  rp_all_options options = rp_whole_options(&cli->settings, RP_SORT_GROUP);
  rp_all_stat stat = {.size = sizeof stat};
  rp_error error = {0};
  rp_guard_enter(cli->settings.db);
  error.status = rp_pairs(index, &options, tell, &r, &stat, &error);
  rp_guard_leave();
  rp_index_close(index);
  return rp_whole_end(cli, &error, &stat, "pairs");
}
