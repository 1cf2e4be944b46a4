#include "ingest/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "ingest/sniff.h"
#include "ingest/url.h"

enum { MAX_LAYERS = 17 };

/* A folder that is being walked. */
struct folder {
  char *path;
  dev_t device;
  ino_t inode;
  RP_VEC(char *) name; /* in byte order */
  size_t at;
};

/* Bytes of a file (no archive) or of an archive's member.  The head was read to
 * see whether it is an archive in its turn. */
struct layer {
  rp_source *source;
  rp_archive *archive;
  rp_str path;
  char head[RP_ARCHIVE_HEAD];
  size_t n_head, head_at;
};

struct rp_source {
  const char *const *path;
  size_t n_path, at;
  rp_limits limits;
  RP_VEC(struct folder) folders;
  rp_arena arena; /* paths of the file at hand */
  int fd;         /* -1: no file is open */
  bool is_named, is_stdin;
  struct layer *layer[MAX_LAYERS];
  size_t n_layer;
};

/* ---- layers ------------------------------------------------------------------ */

static rp_status read_fd(int fd, void *to, size_t cap, size_t *n, rp_error *error) {
  for (;;) {
    ssize_t got = read(fd, to, cap);
    if (got >= 0) {
      *n = (size_t)got;
      return RP_OK;
    }
    if (errno != EINTR) return rp_fail_errno(error, errno, "cannot be read");
  }
}

static rp_status layer_read(void *user, void *to, size_t cap, size_t *n, rp_error *error) {
  struct layer *l = user;
  if (l->head_at < l->n_head) {
    *n = l->n_head - l->head_at < cap ? l->n_head - l->head_at : cap;
    memcpy(to, l->head + l->head_at, *n);
    l->head_at += *n;
    return RP_OK;
  }
  return l->archive ? rp_archive_read(l->archive, to, cap, n, error) : read_fd(l->source->fd, to, cap, n, error);
}

static void pop_layer(rp_source *s) {
  struct layer *l = s->layer[--s->n_layer];
  rp_archive_close(l->archive);
  rp_free(l);
}

/* A member's layer gives its archive back before the next member is opened. */
static rp_archive *take_archive(rp_source *s) {
  struct layer *l = s->layer[s->n_layer - 1];
  rp_archive *archive = l->archive;
  l->archive = NULL;
  pop_layer(s);
  return archive;
}

static void close_file(rp_source *s) {
  while (s->n_layer) pop_layer(s);
  if (s->fd > STDIN_FILENO) close(s->fd);
  s->fd = -1;
}

/* Puts a layer on top and reads its head.  Owns `archive` from here on. */
static rp_status push_layer(rp_source *s, rp_archive *archive, rp_str path, rp_error *error) {
  struct layer *l = rp_calloc(1, sizeof *l);
  if (!l) {
    rp_archive_close(archive);
    return rp_fail_memory(error);
  }
  *l = (struct layer){.source = s, .archive = archive, .path = path};
  s->layer[s->n_layer++] = l;
  while (l->n_head < sizeof l->head) {
    size_t n = 0, cap = sizeof l->head - l->n_head;
    l->head_at = l->n_head;
    RP_TRY(layer_read(l, l->head + l->n_head, cap, &n, error));
    if (n == 0) break;
    l->n_head += n;
  }
  l->head_at = 0;
  return RP_OK;
}

static rp_status member_path(rp_source *s, rp_str parent, rp_str name, rp_str *out, rp_error *error) {
  *out = parent;
  if (name.len == 0) return RP_OK;
  rp_str clean;
  RP_TRY(rp_url_clean_path(name, &s->arena, &clean, error));
  char *path = rp_arena_alloc(&s->arena, parent.len + 1 + clean.len + 1, 1);
  if (!path) return rp_fail_memory(error);
  memcpy(path, parent.data, parent.len);
  path[parent.len] = '!';
  memcpy(path + parent.len + 1, clean.data, clean.len);
  path[parent.len + 1 + clean.len] = '\0';
  *out = (rp_str){path, parent.len + 1 + clean.len};
  return RP_OK;
}

/* Opens the member that `archive`, read through the topmost layer, holds next. */
static rp_status open_member(rp_source *s, rp_archive *archive, bool *is_end, rp_error *error) {
  rp_str name, path, parent = s->layer[s->n_layer - 1]->path;
  rp_status status = rp_archive_next(archive, &s->arena, &name, is_end, error);
  if (status == RP_OK && !*is_end) status = member_path(s, parent, name, &path, error);
  if (status != RP_OK || *is_end) {
    rp_archive_close(archive);
    return status;
  }
  if (name.len) s->is_named = false;
  return push_layer(s, archive, path, error);
}

/* Goes down from the topmost layer to bytes that are no archive. */
static rp_status descend(rp_source *s, bool *is_end, rp_error *error) {
  *is_end = false;
  for (;;) {
    struct layer *top = s->layer[s->n_layer - 1];
    if (!rp_archive_is_known((rp_str){top->head, top->n_head})) return RP_OK;
    if (s->n_layer > s->limits.nesting || s->n_layer == MAX_LAYERS)
      return rp_fail(error, RP_ERR_LIMIT, "archives nested deeper than %u", s->limits.nesting);
    rp_archive *archive;
    RP_TRY(rp_archive_open((rp_stream){layer_read, top}, s->limits.expansion, &archive, error));
    RP_TRY(open_member(s, archive, is_end, error));
    if (*is_end) return RP_OK;
  }
}

/* The next member of the archives that are open; `*found` is false where none
 * is left.  A member that cannot be opened is told and passed over. */
static rp_status next_member(rp_source *s, rp_items *problems, bool *found, rp_error *error) {
  *found = false;
  while (s->n_layer > 1 && !*found) {
    rp_error why = {0};
    bool is_end = false;
    rp_str path = s->layer[s->n_layer - 1]->path;
    rp_status status = open_member(s, take_archive(s), &is_end, &why);
    if (status == RP_OK && !is_end) status = descend(s, &is_end, &why);
    if (status == RP_ERR_MEMORY) return rp_fail_memory(error);
    if (status != RP_OK) rp_items_problem(problems, RP_PROBLEM_FAILED, (rp_place){.path = path}, "%s", why.message);
    *found = status == RP_OK && !is_end;
  }
  return RP_OK;
}

/* After a file whose first member could not be opened (`status` with `why`) or
 * that has none: goes on with the members behind it. */
static rp_status pass_over(rp_source *s, rp_status status, const rp_error *why, rp_items *problems, bool *found,
                           rp_error *error) {
  if (status == RP_ERR_MEMORY) return rp_fail_memory(error);
  if (status != RP_OK)
    rp_items_problem(problems, RP_PROBLEM_FAILED, (rp_place){.path = s->layer[s->n_layer - 1]->path}, "%s",
                     why->message);
  return next_member(s, problems, found, error);
}

/* ---- folders ------------------------------------------------------------------- */

static void release_folder(struct folder *f) {
  for (size_t i = 0; i < f->name.n; i++) rp_free(f->name.data[i]);
  rp_vec_release(&f->name);
  rp_free(f->path);
}

static int by_bytes(const void *a, const void *b) {
  const char *const *x = a, *const *y = b;
  return strcmp(*x, *y);
}

static rp_status list_folder(DIR *dir, struct folder *f, rp_error *error) {
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char *name = rp_memdup(entry->d_name, strlen(entry->d_name));
    if (!name || !rp_vec_push(&f->name, name)) {
      rp_free(name);
      return rp_fail_memory(error);
    }
  }
  if (f->name.n) qsort(f->name.data, f->name.n, sizeof *f->name.data, by_bytes);
  return RP_OK;
}

static bool is_being_walked(const rp_source *s, const struct stat *st) {
  for (size_t i = 0; i < s->folders.n; i++)
    if (s->folders.data[i].device == st->st_dev && s->folders.data[i].inode == st->st_ino) return true;
  return false;
}

static char *join_path(rp_source *s, const char *folder, const char *name) {
  size_t n = strlen(folder), m = strlen(name);
  char *path = rp_arena_alloc(&s->arena, n + 1 + m + 1, 1);
  if (!path) return NULL;
  memcpy(path, folder, n);
  path[n] = '/';
  memcpy(path + n + 1, name, m + 1);
  return path;
}

static bool is_number(const char *name) { return *name && name[strspn(name, "0123456789")] == '\0'; }

/* Whether the folder is an index: "current" beside a numbered folder that holds
 * LMDB's file.  `reprint index .` must not read what it writes. */
static rp_status is_index(rp_source *s, const struct folder *f, bool *out, rp_error *error) {
  bool has_current = false, has_data = false;
  for (size_t i = 0; i < f->name.n; i++) {
    const char *name = f->name.data[i];
    has_current = has_current || strcmp(name, "current") == 0;
    if (has_data || !is_number(name)) continue;
    const char *folder = join_path(s, f->path, name), *data = folder ? join_path(s, folder, "data.mdb") : NULL;
    if (!data) return rp_fail_memory(error);
    has_data = access(data, F_OK) == 0;
  }
  *out = has_current && has_data;
  return RP_OK;
}

/* Only memory fails; a folder that cannot be listed is told. */
static rp_status enter_folder(rp_source *s, const char *path, const struct stat *st, rp_items *problems,
                              rp_error *error) {
  rp_place place = {.path = {path, strlen(path)}};
  if (is_being_walked(s, st)) {
    rp_items_problem(problems, RP_PROBLEM_IGNORED, place, "a link back to a folder above it");
    return RP_OK;
  }
  DIR *dir = opendir(path);
  if (!dir) {
    rp_error why;
    if (rp_fail_errno(&why, errno, "cannot be opened") != RP_OK)
      rp_items_problem(problems, RP_PROBLEM_FAILED, place, "%s", why.message);
    return RP_OK;
  }
  struct folder f = {.path = rp_memdup(path, strlen(path)), .device = st->st_dev, .inode = st->st_ino};
  rp_status status = f.path ? list_folder(dir, &f, error) : rp_fail_memory(error);
  closedir(dir);
  bool is_passed_over = false;
  if (status == RP_OK) status = is_index(s, &f, &is_passed_over, error);
  if (is_passed_over) rp_items_problem(problems, RP_PROBLEM_IGNORED, place, "an index of reprint");
  if (status == RP_OK && !is_passed_over && !rp_vec_push(&s->folders, f)) status = rp_fail_memory(error);
  if (status != RP_OK || is_passed_over) release_folder(&f);
  return status;
}

/* ---- files ----------------------------------------------------------------------- */

/* Opens `path`; `*opened` is false where it was a folder or could not be
 * opened, which was told then. */
static rp_status open_path(rp_source *s, const char *path, rp_items *problems, bool *opened, rp_error *error) {
  *opened = false;
  struct stat st;
  rp_str clean = {path, strlen(path)};
  rp_error why = {0};
  bool is_end = false;
  s->is_stdin = s->is_named && strcmp(path, "-") == 0;
  if (!s->is_stdin) RP_TRY(rp_url_clean_path(clean, &s->arena, &clean, error));
  if (s->is_stdin) {
    s->fd = STDIN_FILENO;
  } else if (stat(path, &st) != 0) {
    rp_status reason = rp_fail_errno(&why, errno, "cannot be opened");
    (void)reason;
  } else if (!s->is_named && rp_sniff_is_hidden(clean)) {
    rp_items_problem(problems, RP_PROBLEM_IGNORED, (rp_place){.path = clean}, "its name begins with a dot");
    return RP_OK;
  } else if (S_ISDIR(st.st_mode)) {
    return enter_folder(s, clean.data, &st, problems, error);
  } else if (!s->is_named && !S_ISREG(st.st_mode)) {
    rp_items_problem(problems, RP_PROBLEM_IGNORED, (rp_place){.path = clean}, "no regular file");
    return RP_OK;
  } else {
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0) {
      rp_status reason = rp_fail_errno(&why, errno, "cannot be opened");
      (void)reason;
    }
  }
  if (s->fd < 0) {
    rp_items_problem(problems, RP_PROBLEM_FAILED, (rp_place){.path = clean}, "%s", why.message);
    return RP_OK;
  }
  rp_status status = push_layer(s, NULL, clean, &why);
  if (status == RP_OK) status = descend(s, &is_end, &why);
  *opened = status == RP_OK && !is_end;
  if (!*opened) RP_TRY(pass_over(s, status, &why, problems, opened, error));
  if (!*opened) close_file(s);
  return RP_OK;
}

/* The next path of the folders and operands; NULL after the last. */
static rp_status next_path(rp_source *s, const char **out, rp_error *error) {
  while (s->folders.n) {
    struct folder *f = &s->folders.data[s->folders.n - 1];
    if (f->at == f->name.n) {
      release_folder(f);
      s->folders.n--;
      continue;
    }
    s->is_named = false;
    const char *name = f->name.data[f->at++];
    *out = join_path(s, f->path, name);
    return *out ? RP_OK : rp_fail_memory(error);
  }
  s->is_named = true;
  *out = s->at < s->n_path ? s->path[s->at++] : NULL;
  return RP_OK;
}

rp_status rp_source_new(const char *const *path, size_t n_path, const rp_limits *limits, rp_source **out,
                        rp_error *error) {
  rp_source *s = rp_calloc(1, sizeof *s);
  if (!s) return rp_fail_memory(error);
  s->path = path;
  s->n_path = n_path;
  s->limits = *limits;
  s->fd = -1;
  rp_arena_init(&s->arena);
  *out = s;
  return RP_OK;
}

void rp_source_free(rp_source *s) {
  if (!s) return;
  close_file(s);
  while (s->folders.n) release_folder(&s->folders.data[--s->folders.n]);
  rp_vec_release(&s->folders);
  rp_arena_release(&s->arena);
  rp_free(s);
}

rp_status rp_source_next(rp_source *s, rp_items *problems, rp_file *out, bool *is_end, rp_error *error) {
  *is_end = false;
  bool found = false;
  RP_TRY(next_member(s, problems, &found, error));
  if (!found) {
    close_file(s);
    /* what was told of the file before lives in `problems` */
    rp_arena_clear(&s->arena, 1 << 20);
  }
  while (!found) {
    const char *path;
    RP_TRY(next_path(s, &path, error));
    if (!path) {
      *is_end = true;
      return RP_OK;
    }
    RP_TRY(open_path(s, path, problems, &found, error));
  }
  *out = (rp_file){.path = s->layer[s->n_layer - 1]->path, .is_named = s->is_named, .is_stdin = s->is_stdin};
  return RP_OK;
}

rp_status rp_source_read(rp_source *s, void *to, size_t cap, size_t *n, rp_error *error) {
  return layer_read(s->layer[s->n_layer - 1], to, cap, n, error);
}

bool rp_source_is_waiting(const rp_source *s) {
  if (s->n_layer != 1 || s->layer[0]->head_at < s->layer[0]->n_head) return false;
  struct pollfd p = {.fd = s->fd, .events = POLLIN};
  return poll(&p, 1, 0) == 0;
}
