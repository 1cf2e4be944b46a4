/* folder.h - the folder of a store: which of its numbered folders is the
 * current one, who writes, and whether it is a store at all.
 *
 * A store comes into being, and is exchanged for a compacted one, by the
 * rename of `current`, and in no other way. */
#ifndef RP_STORE_FOLDER_H
#define RP_STORE_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"

/* What `current` said, and how to see that it was exchanged. */
typedef struct rp_current {
  uint32_t number;
  ino_t inode;
  struct timespec time;
} rp_current;

/* RP_ERR_NOT_FOUND where there is no `current`. */
RP_CHECKED rp_status rp_folder_current(const char *dir, rp_current *out, rp_error *error);
/* Is `current` still the file that was read? */
bool rp_folder_is_current(const char *dir, const rp_current *current);
/* Durable when it returns. */
RP_CHECKED rp_status rp_folder_switch(const char *dir, uint32_t number, rp_error *error);

/* Makes the names in a folder durable. */
RP_CHECKED rp_status rp_folder_sync(const char *dir, rp_error *error);

/* Makes the folder where there is none; `*is_made` says so. */
RP_CHECKED rp_status rp_folder_make(const char *dir, bool *is_made, rp_error *error);
/* RP_OK: nothing in it, or what is left of a store that never came into being. */
RP_CHECKED rp_status rp_folder_check_empty(const char *dir, rp_error *error);
/* RP_ERR_ARGUMENT on NFS, SMB and AFS. */
RP_CHECKED rp_status rp_folder_check_local(const char *dir, rp_error *error);

/* DIR/number with its terminating NUL; false where it is too long. */
bool rp_folder_path(char *out, size_t size, const char *dir, uint32_t number);
/* Makes DIR/number. */
RP_CHECKED rp_status rp_folder_add(const char *dir, uint32_t number, rp_error *error);
/* Deletes all numbered folders but `keep` (0: none is kept) as far as it can:
 * who has one of them open goes on reading it. */
void rp_folder_sweep(const char *dir, uint32_t keep);

/* Takes away what rp_folder_make, rp_folder_lock and rp_folder_add made of a
 * store that did not come into being; the folder itself, too, where `is_made`. */
void rp_folder_undo(const char *dir, bool is_made);

/* The writer's lock; *fd is to be closed.  RP_ERR_BUSY unless `wait`. */
RP_CHECKED rp_status rp_folder_lock(const char *dir, bool wait, int *fd, rp_error *error);
/* The lock of a long job; the same. */
RP_CHECKED rp_status rp_folder_lock_job(const char *dir, bool wait, int *fd, rp_error *error);

#endif
