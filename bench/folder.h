/* folder.h - a folder for the time of a case. */
#ifndef RP_BENCH_FOLDER_H
#define RP_BENCH_FOLDER_H

#include "base/err.h"

enum { FOLDER_PATH = 512 };

/* Makes a new folder below $TMPDIR, else /tmp. */
rp_status folder_make(char path[FOLDER_PATH], rp_error *error);

/* Removes it with all that is in it; what cannot be removed stays. */
void folder_remove(const char *path);

#endif
