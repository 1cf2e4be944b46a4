/* msg.h - messages to stderr: "reprint: ..." or "FILE:LINE: ...".  Control
 * characters in them are replaced, and the progress line makes room. */
#ifndef RP_CLI_MSG_H
#define RP_CLI_MSG_H

#include "cli/cli.h"

RP_PRINTF(2, 3) void rp_msg(rp_cli *cli, const char *format, ...);

/* About one record; line 0: the whole file. */
void rp_msg_place(rp_cli *cli, rp_str path, uint64_t line, const char *reason);

#endif
