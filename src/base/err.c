#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const status_name[] = {
    [RP_OK] = "ok",
    [RP_ERR_ARGUMENT] = "argument out of range",
    [RP_ERR_MEMORY] = "out of memory",
    [RP_ERR_IO] = "input or output failed",
    [RP_ERR_FULL] = "no space left on the disk",
    [RP_ERR_NOT_FOUND] = "not found",
    [RP_ERR_EXISTS] = "already exists",
    [RP_ERR_NOT_INDEX] = "not an index",
    [RP_ERR_VERSION] = "index of another version",
    [RP_ERR_DAMAGED] = "index is damaged",
    [RP_ERR_BUSY] = "index is being written",
    [RP_ERR_INPUT] = "unreadable record",
    [RP_ERR_LIMIT] = "limit exceeded",
};

const char *rp_status_name(rp_status status) {
  size_t at = (size_t)status;
  return at < sizeof status_name / sizeof *status_name ? status_name[at] : "unknown status";
}

static void replace_controls(char *text) {
  for (; *text; text++)
    if ((unsigned char)*text < 0x20 || *text == 0x7f) *text = '?';
}

RP_PRINTF(3, 0)
static void set(rp_error *error, rp_status status, const char *format, va_list args) {
  error->status = status;
  vsnprintf(error->message, sizeof error->message, format, args);
  replace_controls(error->message);
}

rp_status rp_fail(rp_error *error, rp_status status, const char *format, ...) {
  if (error) {
    va_list args;
    va_start(args, format);
    set(error, status, format, args);
    va_end(args);
  }
  return status;
}

static rp_status status_of_errno(int errnum) {
  switch (errnum) {
    case ENOSPC:
#ifdef EDQUOT
    case EDQUOT:
#endif
      return RP_ERR_FULL;
    case ENOMEM: return RP_ERR_MEMORY;
    case ENOENT: return RP_ERR_NOT_FOUND;
    default: return RP_ERR_IO;
  }
}

rp_status rp_fail_errno(rp_error *error, int errnum, const char *format, ...) {
  rp_status status = status_of_errno(errnum);
  if (error) {
    va_list args;
    va_start(args, format);
    set(error, status, format, args);
    va_end(args);
    size_t used = strlen(error->message);
    char reason[128];
    /* the XSI strerror_r; its message is in the locale's language, which is
     * what a user wants to read */
    if (strerror_r(errnum, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, "error %d", errnum);
    snprintf(error->message + used, sizeof error->message - used, ": %s", reason);
  }
  return status;
}

rp_status rp_fail_memory(rp_error *error) { return rp_fail(error, RP_ERR_MEMORY, "out of memory"); }
