/* log.h - a message as a line of JSON, for log collectors:
 *
 *   {"time":"2026-11-24T02:00:03Z","level":"error","command":"index",...}
 *
 * docs/output.md tells what follows. */
#ifndef RP_CLI_LOG_H
#define RP_CLI_LOG_H

#include "base/json_write.h"

typedef enum rp_level {
  RP_LEVEL_ERROR = 0,   /* makes the status 2 */
  RP_LEVEL_WARNING = 1, /* something was passed over, or is not there */
  RP_LEVEL_INFO = 2,    /* summaries and notes */
} rp_level;

enum {
  RP_LOG_TIME = 20,   /* bytes of a time */
  RP_LOG_TIME_AT = 9, /* where it stands in the line */
};

/* Seconds since 1970 as "2026-11-24T02:00:03Z", not terminated; what lies
 * outside the years 0 to 9999 as their first or last second.  Safe in a signal
 * handler. */
void rp_log_time(int64_t at, char out[RP_LOG_TIME]);

/* Begins the object in `line` and writes what all lines have; `command` NULL:
 * not known; `now` 0: the system's clock. */
void rp_log_begin(rp_json *json, rp_buf *line, rp_level level, const char *command, int64_t now);
/* Ends it and the line. */
void rp_log_end(rp_json *json);

#endif
