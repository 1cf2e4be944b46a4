#include "store/meta.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The layout of LMDB 0.9's meta pages; its words have the size of size_t. */
enum { FLAG_META = 0x08, DATA_VERSION = 1, MIN_PAGE = 512, MAX_PAGE = 65536, ATTEMPTS = 100 };
#define META_MAGIC UINT32_C(0xBEEFC0DE)

struct meta_db {
  uint32_t page_size; /* of the first of the two; the other's is not used */
  uint16_t flags, depth;
  size_t branch_pages, leaf_pages, overflow_pages, entries, root;
};

struct meta_page {
  size_t number;
  uint16_t pad, flags;
  uint32_t bounds;
  uint32_t magic, version;
  void *address;
  size_t map_size;
  struct meta_db db[2];
  size_t last_page, txn;
};

static bool is_root_good(const struct meta_page *m, int i) {
  return m->db[i].root == SIZE_MAX || (m->db[i].root >= 2 && m->db[i].root <= m->last_page);
}

static rp_status look(const char *file, const struct meta_page *m, uint64_t file_size, rp_error *error) {
  uint32_t magic = m->magic;
  if (magic != META_MAGIC) {
    uint32_t swapped = magic << 24 | (magic & 0xff00) << 8 | (magic >> 8 & 0xff00) | magic >> 24;
    if (swapped == META_MAGIC)
      return rp_fail(error, RP_ERR_VERSION, "'%s' was made on a machine of another byte order: index again", file);
    return rp_fail(error, RP_ERR_NOT_INDEX, "'%s' is not an index", file);
  }
  if ((m->version & 0xffff) != DATA_VERSION)
    return rp_fail(error, RP_ERR_VERSION, "'%s' is of another version of LMDB: index again", file);
  uint32_t page = m->db[0].page_size;
  if (!(m->flags & FLAG_META) || page < MIN_PAGE || page > MAX_PAGE || (page & (page - 1)))
    return rp_fail(error, RP_ERR_DAMAGED, "'%s' is damaged: its first pages make no sense", file);
  if (m->last_page < 1 || !is_root_good(m, 0) || !is_root_good(m, 1))
    return rp_fail(error, RP_ERR_DAMAGED, "'%s' is damaged: its first pages make no sense", file);
  if (m->last_page >= file_size / page)
    return rp_fail(error, RP_ERR_DAMAGED, "'%s' is damaged: it is shorter than it should be", file);
  return RP_OK;
}

static rp_status read_page(int fd, const char *file, off_t at, struct meta_page *out, rp_error *error) {
  ssize_t n = pread(fd, out, sizeof *out, at);
  if (n < 0) return rp_fail_errno(error, errno, "cannot read '%s'", file);
  if ((size_t)n < sizeof *out) return rp_fail(error, RP_ERR_DAMAGED, "'%s' is damaged: it is cut off", file);
  return RP_OK;
}

static rp_status read_both(int fd, const char *file, struct meta_page m[2], rp_error *error) {
  RP_TRY(read_page(fd, file, 0, &m[0], error));
  RP_TRY(look(file, &m[0], UINT64_MAX, error));
  RP_TRY(read_page(fd, file, (off_t)m[0].db[0].page_size, &m[1], error));
  return look(file, &m[1], UINT64_MAX, error);
}

/* Transactions write them in turn, the even ones the first. */
static bool are_neighbours(const struct meta_page m[2]) {
  return m[0].txn % 2 == 0 && (m[1].txn == m[0].txn + 1 || m[1].txn + 1 == m[0].txn);
}

/* Of the two pages LMDB reads the one of the later transaction; a writer that
 * died has only ever touched the other. */
static rp_status check(int fd, const char *file, size_t *used, rp_error *error) {
  struct stat st;
  struct meta_page m[2];
  memset(m, 0, sizeof m);
  /* writers may come between the two */
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    RP_TRY(read_both(fd, file, m, error));
    if (are_neighbours(m)) break;
  }
  uint32_t page = m[0].db[0].page_size;
  const struct meta_page *newer = m[1].txn > m[0].txn ? &m[1] : &m[0];
  if (fstat(fd, &st) != 0) return rp_fail_errno(error, errno, "cannot read '%s'", file);
  RP_TRY(look(file, newer, (uint64_t)st.st_size, error));
  if (!are_neighbours(m) || m[1].db[0].page_size != page)
    return rp_fail(error, RP_ERR_DAMAGED, "'%s' is damaged: its first pages make no sense", file);
  if (used) *used = (newer->last_page + 1) * page;
  return RP_OK;
}

rp_status rp_meta_check(const char *file, size_t *used, rp_error *error) {
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return rp_fail_errno(error, errno, "cannot open '%s'", file);
  struct stat st;
  rp_status status = RP_OK;
  if (fstat(fd, &st) != 0)
    status = rp_fail_errno(error, errno, "cannot read '%s'", file);
  else if (!S_ISREG(st.st_mode))
    status = rp_fail(error, RP_ERR_NOT_INDEX, "'%s' is not a file", file);
  if (status == RP_OK) status = check(fd, file, used, error);
  close(fd);
  return status;
}

rp_status rp_meta_head_read(int fd, const char *file, size_t txn, rp_meta_head *out, bool *is_there, rp_error *error) {
  struct meta_page m[2];
  RP_TRY(read_both(fd, file, m, error));
  const struct meta_page *of = m[0].txn == txn ? &m[0] : &m[1];
  *is_there = of->txn == txn;
  *out = (rp_meta_head){.page_size = m[0].db[0].page_size, .last_page = of->last_page, .txn = txn};
  for (int i = 0; i < 2; i++)
    out->db[i] = (rp_meta_tree){of->db[i].depth,          of->db[i].branch_pages, of->db[i].leaf_pages,
                                of->db[i].overflow_pages, of->db[i].entries,      of->db[i].root};
  return RP_OK;
}
