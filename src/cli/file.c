#include "cli/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum { CHUNK = 1 << 16, MOST = 1 << 30 };

static rp_status read_all(FILE *file, const char *path, rp_buf *out, rp_error *error) {
  for (;;) {
    if (!rp_buf_reserve(out, CHUNK)) return rp_fail_memory(error);
    errno = 0;
    size_t n = fread(out->data + out->len, 1, CHUNK, file);
    out->len += n;
    out->data[out->len] = '\0';
    if (n == 0 && ferror(file)) return rp_fail_errno(error, errno, "unable to read '%s'", path);
    if (n == 0) return RP_OK;
    if (out->len > MOST) return rp_fail(error, RP_ERR_LIMIT, "'%s' is larger than 1 GiB", path);
  }
}

rp_status rp_file_read(const char *path, rp_buf *out, rp_error *error) {
  if (strcmp(path, "-") == 0) return read_all(stdin, "standard input", out, error);
  FILE *file = fopen(path, "rb");
  if (!file) return rp_fail_errno(error, errno, "unable to open '%s'", path);
  rp_status status = read_all(file, path, out, error);
  fclose(file);
  return status;
}
