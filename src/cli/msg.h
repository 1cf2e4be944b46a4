/* msg.h - messages to stderr: "reprint: ..." or "FILE:LINE: ...", or lines of
 * JSON (log.h).  Control characters in them are replaced or escaped, and the
 * progress line makes room. */
#ifndef RP_CLI_MSG_H
#define RP_CLI_MSG_H

#include "cli/cli.h"
#include "cli/log.h"

/* An error, a warning, a note. */
RP_PRINTF(2, 3) void rp_msg(rp_cli *cli, const char *format, ...);
RP_PRINTF(2, 3) void rp_warn(rp_cli *cli, const char *format, ...);
RP_PRINTF(2, 3) void rp_note(rp_cli *cli, const char *format, ...);
RP_PRINTF(3, 4) void rp_msg_at(rp_cli *cli, rp_level level, const char *format, ...);

/* A record that was passed over; line 0: the whole file. */
void rp_msg_place(rp_cli *cli, rp_str path, uint64_t line, const char *reason);
/* Something else about a record. */
void rp_msg_place_at(rp_cli *cli, rp_level level, rp_str path, uint64_t line, const char *reason);

typedef struct rp_count {
  const char *name;
  uint64_t n;
} rp_count;

/* A note with what it counts: as numbers in JSON, in text `message` has them. */
void rp_note_counts(rp_cli *cli, const char *message, const rp_count *count, size_t n);

#endif
