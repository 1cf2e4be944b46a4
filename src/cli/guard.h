/* guard.h - a damaged index must not look like a crash.
 *
 * The index is read through a memory map, and LMDB trusts its pages: where the
 * file was cut or overwritten, a read can end in SIGBUS, SIGSEGV, or (an
 * assertion of LMDB's) SIGABRT.  Between enter and leave these end the program
 * with "index is damaged" and what to do and status 2.  Outside they do what they
 * always do, so that a fault elsewhere stays visible. */
#ifndef RP_CLI_GUARD_H
#define RP_CLI_GUARD_H

#include <stdint.h>

/* Once, at the start. */
void rp_guard_install(void);
/* From here on the message is a line of JSON (log.h).  `now` 0: its time is that
 * of the fault. */
void rp_guard_log_json(const char *command, int64_t now);

/* Around calls that read the index; `dir` is named in the message.  Not
 * nested. */
void rp_guard_enter(const char *dir);
void rp_guard_leave(void);

#endif
