#include "store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

enum { FILE_MODE = 0660, FOLDER_MODE = 0770, PATH_BYTES = 4096 };

static rp_status join(char *out, const char *dir, const char *name, rp_error *error) {
  if ((size_t)snprintf(out, PATH_BYTES, "%s/%s", dir, name) < PATH_BYTES) return RP_OK;
  return rp_fail_errno(error, ENAMETOOLONG, "cannot open '%s'", dir);
}

bool rp_folder_path(char *out, size_t size, const char *dir, uint32_t number) {
  return (size_t)snprintf(out, size, "%s/%u", dir, (unsigned)number) < size;
}

/* A name that is a number from 1 on without leading zeros; 0: it is none. */
static uint32_t number_of(const char *name) {
  if (name[0] < '1' || name[0] > '9') return 0;
  uint64_t n = 0;
  for (; *name >= '0' && *name <= '9' && n <= UINT32_MAX; name++) n = n * 10 + (uint64_t)(*name - '0');
  return *name || n > UINT32_MAX ? 0 : (uint32_t)n;
}

/* ---- current ---------------------------------------------------------------------- */

rp_status rp_folder_current(const char *dir, rp_current *out, rp_error *error) {
  char path[PATH_BYTES], text[16];
  struct stat st;
  RP_TRY(join(path, dir, "current", error));
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && errno == ENOTDIR) return rp_fail(error, RP_ERR_NOT_INDEX, "'%s' is not an index", dir);
  if (fd < 0) return rp_fail_errno(error, errno, "cannot open '%s'", path);
  ssize_t n = read(fd, text, sizeof text - 1);
  int failed = n < 0 || fstat(fd, &st) != 0 ? errno : 0;
  close(fd);
  if (failed) return rp_fail_errno(error, failed, "cannot read '%s'", path);
  text[n] = '\0';
  char *newline = strchr(text, '\n');
  if (newline && newline[1] == '\0')
    *newline = '\0';
  else
    text[0] = '\0';
  out->number = number_of(text);
  out->inode = st.st_ino;
  out->time = st.st_mtim;
  if (out->number) return RP_OK;
  return rp_fail(error, RP_ERR_DAMAGED, "'%s' does not name the current folder of an index", path);
}

bool rp_folder_is_current(const char *dir, const rp_current *current) {
  char path[PATH_BYTES];
  struct stat st;
  return join(path, dir, "current", NULL) == RP_OK && stat(path, &st) == 0 && st.st_ino == current->inode &&
         st.st_mtim.tv_sec == current->time.tv_sec && st.st_mtim.tv_nsec == current->time.tv_nsec;
}

static int sync_folder(const char *dir) {
  int fd = open(dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0) return errno;
  /* some file systems cannot sync a folder, and say so */
  int failed = fsync(fd) != 0 && errno != EINVAL ? errno : 0;
  close(fd);
  return failed;
}

rp_status rp_folder_sync(const char *dir, rp_error *error) {
  int failed = sync_folder(dir);
  return failed ? rp_fail_errno(error, failed, "cannot write '%s'", dir) : RP_OK;
}

static int write_number(const char *path, uint32_t number) {
  char text[16];
  int len = snprintf(text, sizeof text, "%u\n", (unsigned)number);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
  if (fd < 0) return errno;
  errno = ENOSPC; /* where less than all is written */
  int failed = write(fd, text, (size_t)len) != len || fsync(fd) != 0 ? errno : 0;
  if (close(fd) != 0 && !failed) failed = errno;
  return failed == EFBIG ? ENOSPC : failed;
}

rp_status rp_folder_switch(const char *dir, uint32_t number, rp_error *error) {
  char folder[PATH_BYTES], path[PATH_BYTES], fresh[PATH_BYTES];
  RP_TRY(join(path, dir, "current", error));
  RP_TRY(join(fresh, dir, "current.new", error));
  int failed = rp_folder_path(folder, sizeof folder, dir, number) ? sync_folder(folder) : ENAMETOOLONG;
  if (!failed) failed = write_number(fresh, number);
  if (!failed && rename(fresh, path) != 0) failed = errno;
  if (!failed) failed = sync_folder(dir);
  if (!failed) return RP_OK;
  unlink(fresh);
  return rp_fail_errno(error, failed, "cannot write '%s'", path);
}

/* ---- the folder itself ----------------------------------------------------------------- */

rp_status rp_folder_make(const char *dir, bool *is_made, rp_error *error) {
  *is_made = mkdir(dir, FOLDER_MODE) == 0;
  if (*is_made) return RP_OK;
  struct stat st;
  int failed = errno;
  if (failed != EEXIST) return rp_fail_errno(error, failed, "cannot make '%s'", dir);
  if (stat(dir, &st) != 0) return rp_fail_errno(error, errno, "cannot open '%s'", dir);
  return S_ISDIR(st.st_mode) ? RP_OK : rp_fail(error, RP_ERR_NOT_INDEX, "'%s' is not an index but a file", dir);
}

rp_status rp_folder_check_empty(const char *dir, rp_error *error) {
  DIR *d = opendir(dir);
  if (!d) return rp_fail_errno(error, errno, "cannot read '%s'", dir);
  bool has_lock = false, has_rest = false, has_foreign = false;
  for (struct dirent *e; (e = readdir(d));) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    if (strcmp(e->d_name, "writer") == 0 || strcmp(e->d_name, "job") == 0)
      has_lock = true;
    else if (number_of(e->d_name) || strcmp(e->d_name, "current.new") == 0)
      has_rest = true;
    else
      has_foreign = true;
  }
  closedir(d);
  if (!has_foreign && (has_lock || !has_rest)) return RP_OK;
  return rp_fail(error, RP_ERR_NOT_INDEX, "'%s' is not an index and not empty", dir);
}

rp_status rp_folder_check_local(const char *dir, rp_error *error) {
#ifdef __linux__
  static const struct {
    uint32_t magic;
    const char *name;
  } remote[] = {{0x6969, "NFS"},     {0x517B, "SMB"},     {0xFF534D42, "SMB"},
                {0xFE534D42, "SMB"}, {0x5346414F, "AFS"}, {0x6B414653, "AFS"}};
  struct statfs fs;
  if (statfs(dir, &fs) != 0) return rp_fail_errno(error, errno, "cannot open '%s'", dir);
  for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
    if ((uint32_t)fs.f_type == remote[i].magic)
      return rp_fail(error, RP_ERR_ARGUMENT, "'%s' is on %s, where an index is not safe: put it on a local disk", dir,
                     remote[i].name);
#else
  (void)dir, (void)error;
#endif
  return RP_OK;
}

rp_status rp_folder_add(const char *dir, uint32_t number, rp_error *error) {
  char path[PATH_BYTES];
  if (!rp_folder_path(path, sizeof path, dir, number))
    return rp_fail_errno(error, ENAMETOOLONG, "cannot make '%s'", dir);
  if (mkdir(path, FOLDER_MODE) != 0) return rp_fail_errno(error, errno, "cannot make '%s'", path);
  return RP_OK;
}

static void delete_folder(const char *dir, uint32_t number) {
  char path[PATH_BYTES], file[PATH_BYTES];
  if (!rp_folder_path(path, sizeof path, dir, number)) return;
  if (join(file, path, "data.mdb", NULL) == RP_OK) unlink(file);
  if (join(file, path, "lock.mdb", NULL) == RP_OK) unlink(file);
  rmdir(path);
}

void rp_folder_sweep(const char *dir, uint32_t keep) {
  DIR *d = opendir(dir);
  if (!d) return;
  for (struct dirent *e; (e = readdir(d));) {
    uint32_t number = number_of(e->d_name);
    if (number && number != keep) delete_folder(dir, number);
  }
  closedir(d);
}

void rp_folder_undo(const char *dir, bool is_made) {
  char path[PATH_BYTES];
  rp_folder_sweep(dir, 0);
  if (join(path, dir, "current.new", NULL) == RP_OK) unlink(path);
  if (join(path, dir, "writer", NULL) == RP_OK) unlink(path);
  if (is_made) rmdir(dir);
}

static rp_status lock(const char *dir, const char *name, bool wait, int *fd, bool *is_busy, rp_error *error) {
  char path[PATH_BYTES];
  *is_busy = false;
  RP_TRY(join(path, dir, name, error));
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
  if (file < 0) return rp_fail_errno(error, errno, "cannot open '%s'", path);
  int rc;
  do rc = flock(file, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
  while (rc != 0 && errno == EINTR);
  if (rc == 0) {
    *fd = file;
    return RP_OK;
  }
  int failed = errno;
  close(file);
  *is_busy = failed == EWOULDBLOCK;
  return rp_fail_errno(error, failed, "cannot lock '%s'", path);
}

rp_status rp_folder_lock(const char *dir, bool wait, int *fd, rp_error *error) {
  bool is_busy;
  rp_status status = lock(dir, "writer", wait, fd, &is_busy, error);
  return is_busy ? rp_fail(error, RP_ERR_BUSY, "index '%s' is being written by another process", dir) : status;
}

rp_status rp_folder_lock_job(const char *dir, bool wait, int *fd, rp_error *error) {
  bool is_busy;
  rp_status status = lock(dir, "job", wait, fd, &is_busy, error);
  if (!is_busy) return status;
  return rp_fail(error, RP_ERR_BUSY, "a job of another process is at work on index '%s': try again when it has ended",
                 dir);
}
