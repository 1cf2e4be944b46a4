/* whole.h - what the commands over the whole index share. */
#ifndef RP_CLI_WHOLE_H
#define RP_CLI_WHOLE_H

#include "cli/cli.h"

/* What the options ask for; `sort` where they say nothing of it. */
rp_all_options rp_whole_options(const rp_settings *settings, rp_sort sort);

/* Which copy of a group is kept; borrowed from the settings. */
rp_keep_options rp_whole_keep(const rp_settings *settings);

/* Takes the results to stdout once there are enough of them; false where there
 * is no point in going on. */
bool rp_whole_flush(rp_cli *cli);

/* After the run: what went wrong, what was left out, with --verbose what was done. */
rp_exit rp_whole_end(rp_cli *cli, const rp_error *error, const rp_all_stat *stat, const char *things);

/* What was done, for --verbose. */
void rp_whole_say(rp_cli *cli, const rp_all_stat *stat);

#endif
