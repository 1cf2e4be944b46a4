/* help.h - help, the manual page and the completion, made from the tables of
 * commands and options.  docs/reprint.1 and docs/reprint.bash are their output;
 * a test compares. */
#ifndef RP_CLI_HELP_H
#define RP_CLI_HELP_H

#include "cli/command.h"

void rp_help_program(rp_buf *out, size_t width);
void rp_help_command(rp_buf *out, const rp_command *command, size_t width);
/* mdoc(7) */
void rp_help_man(rp_buf *out);
void rp_help_completion(rp_buf *out);

#endif
