/* err.h - how a failure is reported: a status, and words for the user. */
#ifndef RP_BASE_ERR_H
#define RP_BASE_ERR_H

#include <stdarg.h>

#include "reprint/reprint.h"

/* Fills `error` (may be NULL) and returns `status`, so that a failing function
 * can end with `return rp_fail(...)`.  The message is lower case, names its
 * subject in single quotes and has no full stop.  Control characters in it are
 * replaced by '?', so that a file name cannot play with a terminal. */
RP_PRINTF(3, 4) rp_status rp_fail(rp_error *error, rp_status status, const char *format, ...);

/* The same, with strerror(errnum) at the end; ENOSPC and EDQUOT become
 * RP_ERR_FULL, ENOMEM RP_ERR_MEMORY, ENOENT RP_ERR_NOT_FOUND, else RP_ERR_IO. */
RP_PRINTF(3, 4) rp_status rp_fail_errno(rp_error *error, int errnum, const char *format, ...);

/* "out of memory", without allocating. */
rp_status rp_fail_memory(rp_error *error);

/* Leaves the function where `expr` fails.  Only where nothing is to be released. */
#define RP_TRY(expr)                                    \
  do {                                                  \
    rp_status rp_try_status_ = (expr);                  \
    if (rp_try_status_ != RP_OK) return rp_try_status_; \
  } while (0)

/* Goes to `out:` with `status` set where `expr` fails. */
#define RP_TRY_OUT(expr)           \
  do {                             \
    status = (expr);               \
    if (status != RP_OK) goto out; \
  } while (0)

#endif
