/* file.h - a small text file in memory. */
#ifndef RP_CLI_FILE_H
#define RP_CLI_FILE_H

#include "base/buf.h"

/* Appends what is in `path` ("-": stdin) to `out`, at most 1 GiB (else
 * RP_ERR_LIMIT). */
RP_CHECKED rp_status rp_file_read(const char *path, rp_buf *out, rp_error *error);

#endif
