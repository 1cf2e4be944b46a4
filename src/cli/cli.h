/* cli.h - one run of the program: settings, operands, where output goes, and
 * what went wrong so far. */
#ifndef RP_CLI_CLI_H
#define RP_CLI_CLI_H

#include "cli/progress.h"
#include "cli/settings.h"
#include "report/report.h"

typedef enum rp_exit {
  RP_EXIT_OK = 0,
  RP_EXIT_NONE = 1, /* nothing found, not alike, some missing */
  RP_EXIT_TROUBLE = 2,
  RP_EXIT_SKIPPED = 3, /* done, but for some records */
} rp_exit;

typedef struct rp_cli {
  rp_settings settings;
  const char *const *operand; /* without the command */
  size_t n_operand;

  rp_buf out;    /* results not yet written to stdout */
  int out_errno; /* of the first write that failed; 0: none */
  rp_progress progress;

  bool has_trouble;   /* an operand failed; the others were done */
  uint64_t n_skipped; /* records that were passed over */

  const char *command; /* its name; NULL: not known yet */
} rp_cli;

/* Writes the results so far to stdout.  False once that failed: there is no
 * point in going on. */
bool rp_cli_flush(rp_cli *cli);

/* The same, and sees to it that they arrived: what a pipe has taken has, and a
 * regular file has them on its disk.  False where that failed. */
RP_CHECKED bool rp_cli_deliver(rp_cli *cli);

/* The report of a command: format, width and colours as asked for. */
void rp_cli_report(rp_cli *cli, rp_report_kind kind, rp_format format, rp_report *out);

/* Says what failed; the run ends with status 2. */
rp_exit rp_cli_fail(rp_cli *cli, const rp_error *error);

/* The status of a run that passed over records, of `n_record` in all. */
rp_exit rp_cli_status(const rp_cli *cli, uint64_t n_record);

/* Opens the index asked for; says so and returns false where it cannot. */
RP_CHECKED bool rp_cli_open(rp_cli *cli, rp_open_mode mode, rp_index **out);
/* A context on `index` (may be NULL). */
RP_CHECKED bool rp_cli_ctx(rp_cli *cli, rp_index *index, rp_ctx **out);

#endif
