#define _XOPEN_SOURCE 700 /* nftw */
#include "folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

rp_status folder_make(char path[FOLDER_PATH], rp_error *error) {
  const char *parent = getenv("TMPDIR");
  if (!parent || !*parent) parent = "/tmp";
  int len = snprintf(path, FOLDER_PATH, "%s/reprint-bench-XXXXXX", parent);
  if (len < 0 || len >= FOLDER_PATH) return rp_fail(error, RP_ERR_LIMIT, "path '%s' is too long", parent);
  if (!mkdtemp(path)) return rp_fail_errno(error, errno, "cannot make a folder in '%s'", parent);
  return RP_OK;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at) {
  (void)info;
  (void)kind;
  (void)at;
  return remove(path);
}

void folder_remove(const char *path) {
  enum { OPEN_FOLDERS = 16 };
  (void)nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
