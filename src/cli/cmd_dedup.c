/* reprint dedup: the nightly run.
 *
 * A run is finished only after its report has arrived: written, and on the disk
 * where stdout is a file.  Whatever goes wrong before that (a full disk, a
 * closed pipe, a kill) leaves it unfinished, and the next job tells it first.
 * So a report may come twice, and is never lost. */
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/msg.h"
#include "cli/whole.h"

typedef struct night {
  rp_cli *cli;
  rp_index *index;
  rp_job *job;
  rp_report report;
  bool has_report;   /* tables have one head line, and none where nothing is told */
  rp_run run;        /* that was told last */
  size_t n_left_out; /* groups of it, by --limit */
} night;

/* ---- opening ------------------------------------------------------------------------ */

static rp_status open_job(night *n, bool wait, rp_error *error) {
  const rp_settings *s = &n->cli->settings;
  rp_job_options options = {
      .size = sizeof options, .n_thread = (unsigned)s->jobs, .wait = wait, .now = s->now, .keep = rp_whole_keep(s)};
  rp_guard_enter(s->db);
  rp_status status = rp_job_open(n->index, &options, &n->job, error);
  rp_guard_leave();
  return status;
}

static bool open_night(night *n) {
  const rp_settings *s = &n->cli->settings;
  rp_error error = {0};
  if (!rp_cli_open(n->cli, RP_OPEN_WRITE, &n->index)) return false;
  error.status = open_job(n, false, &error);
  if (error.status == RP_ERR_BUSY && s->wait) {
    if (!s->quiet) rp_note(n->cli, "waiting for another 'dedup' of '%s' (--no-wait gives up instead)", s->db);
    error.status = open_job(n, true, &error);
  }
  if (error.status == RP_OK) return true;
  rp_cli_fail(n->cli, &error);
  return false;
}

static void close_night(night *n) {
  rp_guard_enter(n->cli->settings.db);
  rp_job_close(n->job);
  rp_index_close(n->index);
  rp_guard_leave();
}

/* ---- telling ------------------------------------------------------------------------ */

static bool tell_record(void *user, const rp_run_record *record) {
  night *n = user;
  n->run = *record->run;
  rp_report_add_run(&n->report, record);
  return rp_whole_flush(n->cli);
}

/* The stored run, to where it is read; false where it has not arrived. */
static bool tell(night *n) {
  rp_cli *cli = n->cli;
  rp_all_options options = rp_whole_options(&cli->settings, RP_SORT_SCORE);
  rp_error error = {0};
  if (!n->has_report) rp_cli_report(cli, RP_REPORT_RUN, RP_FORMAT_TEXT, &n->report);
  n->has_report = true;
  rp_guard_enter(cli->settings.db);
  error.status = rp_job_tell(n->job, &options, tell_record, n, &n->n_left_out, &error);
  rp_guard_leave();
  if (cli->out_errno) return false;
  if (error.status == RP_OK) return rp_cli_deliver(cli);
  rp_cli_fail(cli, &error);
  return false;
}

/* Text begins with the summary. */
static void summarize(night *n) {
  rp_cli *cli = n->cli;
  if (cli->settings.quiet) return;
  if (n->n_left_out) rp_note(cli, "%zu more groups left out (--limit)", n->n_left_out);
  if (n->report.options.format == RP_FORMAT_TEXT) return;
  rp_buf line;
  rp_buf_init(&line);
  rp_report_add_run_summary(&line, &n->run);
  const rp_count count[] = {
      {"run", n->run.number},         {"articles", n->run.n_article}, {"new", n->run.n_new},
      {"gone", n->run.n_gone},        {"groups", n->run.n_group},     {"changed", n->run.n_changed},
      {"new_groups", n->run.n_of[0]}, {"grown", n->run.n_of[1]},      {"ended", n->run.n_of[9]}};
  if (!line.failed) rp_note_counts(cli, line.data, count, sizeof count / sizeof *count);
  rp_buf_release(&line);
}

static bool finish(night *n) {
  rp_error error = {0};
  rp_guard_enter(n->cli->settings.db);
  error.status = rp_job_finish(n->job, &error);
  rp_guard_leave();
  if (error.status == RP_OK) return true;
  rp_cli_fail(n->cli, &error);
  return false;
}

static bool tell_and_finish(night *n) {
  if (!tell(n) || !finish(n)) return false;
  summarize(n);
  return true;
}

/* ---- what is asked for ---------------------------------------------------------------- */

static bool tell_again(night *n, uint64_t last, bool is_finished) {
  if (!last) {
    rp_msg(n->cli, "no run is stored in '%s' that could be told again; 'reprint dedup' makes one", n->cli->settings.db);
    return false;
  }
  if (!is_finished) return tell_and_finish(n);
  if (!tell(n)) return false;
  summarize(n);
  return true;
}

static bool run_tonight(night *n) {
  rp_cli *cli = n->cli;
  rp_all_stat stat = {.size = sizeof stat};
  rp_error error = {0};
  bool has_run = false;
  rp_guard_enter(cli->settings.db);
  error.status = rp_job_run(n->job, &has_run, &stat, &error);
  rp_guard_leave();
  if (error.status != RP_OK) {
    rp_cli_fail(cli, &error);
    return false;
  }
  if (has_run && !tell_and_finish(n)) return false;
  if (cli->settings.verbose) {
    if (has_run)
      rp_whole_say(cli, &stat);
    else
      rp_note(cli, "nothing is new");
  }
  return true;
}

rp_exit rp_cmd_dedup(rp_cli *cli) {
  night n = {.cli = cli};
  bool ok = open_night(&n);
  if (ok) {
    bool is_finished = true;
    uint64_t last = rp_job_last(n.job, &is_finished);
    if (cli->settings.again)
      ok = tell_again(&n, last, is_finished);
    else
      ok = (!last || is_finished || tell_and_finish(&n)) && run_tonight(&n);
  }
  close_night(&n);
  return ok ? RP_EXIT_OK : RP_EXIT_TROUBLE;
}
