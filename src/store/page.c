/* Walks the two B+trees of an LMDB file of version 0.9, that of free pages and
 * that of values, as lmdb's mdb.c lays them out; its words have the size of
 * size_t.  Pages are read from the file, not from the map, so that nothing in
 * them can end in a signal.
 *
 * A page: its number (a word), 2 bytes, flags (2), then of a tree's page where
 * the offsets of its nodes end (2) and where its nodes begin (2), the offsets (2
 * each), room, the nodes; of the first page of a large value the count of its
 * pages (4).  A node: size of the value (4; of an inner page the page it leads
 * to, with the flags as upper bits), flags (2), size of the key (2), key, value
 * or the number of its first page. */
#include "store/page.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "store/meta.h"

enum {
  FLAG_BRANCH = 1,
  FLAG_LEAF = 2,
  FLAG_OVERFLOW = 4,
  NODE_BIG = 1, /* the value has pages of its own */
  NODE_HEAD = 8,
  PAGE_HEAD = sizeof(size_t) + 8,
  MOST_DEPTH = 32, /* LMDB's own limit */
  KEY_BYTES = 16,
};

typedef enum tree { FREE_TREE = 0, VALUE_TREE = 1 } tree;

/* A key in order; of the tree of free pages it is a word. */
typedef struct key {
  uint8_t byte[KEY_BYTES];
  size_t len;
} key;

typedef struct node {
  key key;
  size_t value_len;
  size_t page; /* of an inner page's node; of a value with pages of its own */
  const uint8_t *value;
  bool is_big;
} node;

typedef struct walk {
  const rp_txn *txn;
  int fd;
  rp_meta_head meta;
  tree tree;
  rp_page_depth depth;
  uint8_t *used; /* a bit a page */
  uint8_t *page; /* room for one page a level, and one more */
  size_t n_branch, n_leaf, n_overflow, n_entry;
  RP_VEC(uint64_t) list; /* of free pages, all records end to end */
  rp_findings *findings;
  bool is_readable;
} walk;

#define SAY(w, ...)                                                       \
  do {                                                                    \
    rp_findings_add((w)->findings, &RP_FINDING_OF("pages"), __VA_ARGS__); \
    if ((w)->tree == VALUE_TREE) (w)->is_readable = false;                \
  } while (0)

static const char *name_of(const walk *w) { return w->tree == FREE_TREE ? "the list of free pages" : "the values"; }

static uint16_t load16(const uint8_t *p) {
  uint16_t x;
  memcpy(&x, p, sizeof x);
  return x;
}

static uint32_t load32(const uint8_t *p) {
  uint32_t x;
  memcpy(&x, p, sizeof x);
  return x;
}

static size_t load_word(const uint8_t *p) {
  size_t x;
  memcpy(&x, p, sizeof x);
  return x;
}

/* ---- pages --------------------------------------------------------------------------- */

/* Every page is led to once. */
static bool take(walk *w, size_t page) {
  if (page < 2 || page > w->meta.last_page) {
    SAY(w, "%s lead to page %zu, and the last one is %zu", name_of(w), page, w->meta.last_page);
    return false;
  }
  if (w->used[page / 8] >> page % 8 & 1) {
    SAY(w, "%s lead to page %zu, which is in use already", name_of(w), page);
    return false;
  }
  w->used[page / 8] |= (uint8_t)(1 << page % 8);
  return true;
}

static rp_status read_bytes(const walk *w, size_t page, size_t len, uint8_t *out, bool *is_there, rp_error *error) {
  ssize_t n = pread(w->fd, out, len, (off_t)page * (off_t)w->meta.page_size);
  if (n < 0) return rp_fail_errno(error, errno, "cannot read '%s'", w->txn->path);
  *is_there = (size_t)n == len;
  return RP_OK;
}

/* The pages of a large value, from the one at `page` on. */
static rp_status look_at_big(walk *w, size_t page, size_t value_len, rp_error *error) {
  size_t n = (PAGE_HEAD + value_len - 1) / w->meta.page_size + 1;
  uint8_t head[PAGE_HEAD];
  bool is_there = false;
  for (size_t i = 0; i < n; i++)
    if (page > SIZE_MAX - i || !take(w, page + i)) return RP_OK;
  w->n_overflow += n;
  if (w->depth != RP_PAGES_ALL) return RP_OK;
  RP_TRY(read_bytes(w, page, sizeof head, head, &is_there, error));
  const uint8_t *flags = head + sizeof(size_t) + 2;
  if (!is_there || load_word(head) != page || load16(flags) != FLAG_OVERFLOW || load32(flags + 2) != n)
    SAY(w, "page %zu of %s is not what LMDB writes", page, name_of(w));
  return RP_OK;
}

/* ---- nodes ------------------------------------------------------------------------------- */

static int compare_keys(const walk *w, const key *x, const key *y) {
  if (w->tree == FREE_TREE) {
    size_t p = load_word(x->byte), q = load_word(y->byte);
    return (p > q) - (p < q);
  }
  int order = memcmp(x->byte, y->byte, x->len < y->len ? x->len : y->len);
  return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Node `i` of a page; false where it leaves its page or is none of ours.  The
 * first key of an inner page is not looked at by anybody. */
static bool read_node(const walk *w, const uint8_t *page, size_t i, bool is_leaf, node *out, size_t *size) {
  size_t offset = load16(page + PAGE_HEAD + 2 * i), begin = load16(page + PAGE_HEAD - 2);
  if (offset < begin || offset % 2 || offset + NODE_HEAD > w->meta.page_size) return false;
  const uint8_t *at = page + offset;
  uint16_t flags = load16(at + 4);
  size_t key_len = load16(at + 6), held = 0;
  bool has_key = is_leaf || i > 0;
  if (has_key && (key_len == 0 || key_len > KEY_BYTES || (w->tree == FREE_TREE && key_len != sizeof(size_t))))
    return false;
  *out = (node){.value_len = load32(at)};
  if (is_leaf) {
    if (flags & ~NODE_BIG) return false;
    out->is_big = flags & NODE_BIG;
    held = out->is_big ? sizeof(size_t) : out->value_len;
  } else {
    out->page = out->value_len;
    if (sizeof(size_t) > 4) out->page |= (size_t)flags << 16 << 16;
  }
  *size = NODE_HEAD + key_len + held;
  if (*size < held || *size > w->meta.page_size - offset) return false;
  out->value = at + NODE_HEAD + key_len;
  if (out->is_big) out->page = load_word(out->value);
  out->key.len = has_key ? key_len : 0;
  memcpy(out->key.byte, at + NODE_HEAD, out->key.len);
  *size += *size & 1;
  return true;
}

/* ---- free pages ----------------------------------------------------------------------------- */

/* A record: how many, then their numbers, descending; behind them may be room. */
static bool keep_list(walk *w, const uint8_t *value, size_t len) {
  size_t word = sizeof(size_t), n = len >= word ? load_word(value) : SIZE_MAX, last = SIZE_MAX;
  if (len % word || n > len / word - 1) return false;
  if (!rp_vec_reserve(&w->list, n)) {
    w->findings->failed = true;
    return true;
  }
  for (size_t i = 1; i <= n; i++) {
    size_t page = load_word(value + i * word);
    if (page >= last) return false;
    w->list.data[w->list.n++] = last = page;
  }
  return true;
}

static rp_status look_at_list(walk *w, const node *n, rp_error *error) {
  bool is_there = true;
  uint8_t *whole = NULL;
  rp_status status = RP_OK;
  if (load_word(n->key.byte) > w->meta.txn) {
    SAY(w, "pages are free since a state that there has not been");
    return RP_OK;
  }
  if (n->is_big) {
    size_t bytes = PAGE_HEAD + n->value_len;
    if (n->page > w->meta.last_page || n->value_len > (w->meta.last_page + 1 - n->page) * w->meta.page_size)
      return RP_OK; /* found by then */
    whole = rp_malloc(bytes);
    if (!whole) return rp_fail_memory(error);
    status = read_bytes(w, n->page, bytes, whole, &is_there, error);
  }
  if (status == RP_OK && (!is_there || !keep_list(w, whole ? whole + PAGE_HEAD : n->value, n->value_len)))
    SAY(w, "a list of free pages is not what LMDB writes");
  rp_free(whole);
  return status;
}

static void look_at_free(walk *w) {
  size_t n_wrong = 0;
  for (size_t i = 0; i < w->list.n; i++) {
    size_t page = w->list.data[i];
    bool is_there = page >= 2 && page <= w->meta.last_page;
    if (!is_there || (w->used[page / 8] >> page % 8 & 1))
      n_wrong++;
    else
      w->used[page / 8] |= (uint8_t)(1 << page % 8);
  }
  if (n_wrong)
    SAY(w, "%zu of the pages that are said to be free are in use, there twice, or outside of the file", n_wrong);
}

/* ---- trees -------------------------------------------------------------------------------------- */

typedef struct keys {
  const key *low, *high; /* NULL: open; keys are >= low, < high */
} keys;

static rp_status look_at_page(walk *w, size_t page, unsigned level, keys in, rp_error *error);

static rp_status follow(walk *w, const node *n, bool is_leaf, unsigned level, keys in, rp_error *error) {
  if (!is_leaf) return look_at_page(w, n->page, level + 1, in, error);
  w->n_entry++;
  if (n->is_big) RP_TRY(look_at_big(w, n->page, n->value_len, error));
  return w->tree == FREE_TREE ? look_at_list(w, n, error) : RP_OK;
}

/* The nodes of a page whose head is sound; false: the page is not. */
static bool are_nodes_sound(const walk *w, const uint8_t *page, size_t n, bool is_leaf, keys in) {
  size_t bytes = 0, size;
  node x;
  key before = {.len = 0};
  for (size_t i = 0; i < n; i++) {
    if (!read_node(w, page, i, is_leaf, &x, &size)) return false;
    bytes += size;
    if (!is_leaf && i == 0) continue;
    if (before.len && compare_keys(w, &before, &x.key) >= 0) return false;
    if (in.low && compare_keys(w, &x.key, in.low) < 0) return false;
    if (in.high && compare_keys(w, &x.key, in.high) >= 0) return false;
    before = x.key;
  }
  return bytes == w->meta.page_size - load16(page + PAGE_HEAD - 2);
}

static bool is_head_sound(const walk *w, const uint8_t *page, size_t number, bool is_leaf) {
  size_t end = load16(page + PAGE_HEAD - 4), begin = load16(page + PAGE_HEAD - 2);
  return load_word(page) == number && load16(page + sizeof(size_t) + 2) == (is_leaf ? FLAG_LEAF : FLAG_BRANCH) &&
         end > PAGE_HEAD && end % 2 == 0 && begin >= end && begin <= w->meta.page_size;
}

static rp_status look_at_page(walk *w, size_t number, unsigned level, keys in, rp_error *error) {
  uint8_t *page = w->page + level * w->meta.page_size;
  bool is_leaf = level + 1 == w->meta.db[w->tree].depth, is_there = false;
  if (!take(w, number)) return RP_OK;
  RP_TRY(read_bytes(w, number, w->meta.page_size, page, &is_there, error));
  size_t n = 0;
  bool is_sound = is_there && is_head_sound(w, page, number, is_leaf);
  if (is_sound) n = ((size_t)load16(page + PAGE_HEAD - 4) - PAGE_HEAD) / 2;
  if (!is_sound || !are_nodes_sound(w, page, n, is_leaf, in)) {
    SAY(w, "page %zu of %s is not what LMDB writes", number, name_of(w));
    return RP_OK;
  }
  *(is_leaf ? &w->n_leaf : &w->n_branch) += 1;
  node x, next;
  size_t size;
  for (size_t i = 0; i < n; i++) {
    bool has_next = i + 1 < n && read_node(w, page, i + 1, is_leaf, &next, &size);
    if (!read_node(w, page, i, is_leaf, &x, &size)) break;
    keys inner = {i ? &x.key : in.low, has_next ? &next.key : in.high};
    RP_TRY(follow(w, &x, is_leaf, level, inner, error));
  }
  return RP_OK;
}

static rp_status look_at_tree(walk *w, tree which, rp_error *error) {
  const rp_meta_tree *t = &w->meta.db[which];
  size_t n_before = w->findings->list.n;
  w->tree = which;
  w->n_branch = w->n_leaf = w->n_overflow = w->n_entry = 0;
  if (t->depth > MOST_DEPTH || (t->depth == 0) != (t->root == SIZE_MAX))
    SAY(w, "the first page says that %s have a depth of %u", name_of(w), (unsigned)t->depth);
  else if (t->depth)
    RP_TRY(look_at_page(w, t->root, 0, (struct keys){NULL, NULL}, error));
  if (w->findings->list.n != n_before) return RP_OK;
  if (w->n_branch != t->branch_pages || w->n_leaf != t->leaf_pages || w->n_overflow != t->overflow_pages ||
      w->n_entry != t->entries)
    SAY(w, "%s have %zu entries on %zu pages, and the first page counts %zu on %zu", name_of(w), w->n_entry,
        w->n_branch + w->n_leaf + w->n_overflow, t->entries, t->branch_pages + t->leaf_pages + t->overflow_pages);
  return RP_OK;
}

/* Values first, so that what is in use twice is the list's fault. */
static rp_status look(walk *w, rp_error *error) {
  w->used = rp_calloc(w->meta.last_page / 8 + 1, 1);
  w->page = rp_malloc((MOST_DEPTH + 1) * w->meta.page_size);
  if (!w->used || !w->page) return rp_fail_memory(error);
  RP_TRY(look_at_tree(w, VALUE_TREE, error));
  RP_TRY(look_at_tree(w, FREE_TREE, error));
  if (w->is_readable) look_at_free(w);
  return w->findings->failed ? rp_fail_memory(error) : RP_OK;
}

rp_status rp_pages_check(const rp_txn *txn, rp_page_depth depth, rp_findings *findings, bool *is_readable,
                         rp_error *error) {
  walk w = {.txn = txn, .depth = depth, .findings = findings, .is_readable = true};
  bool is_there = false;
  if (mdb_env_get_fd(mdb_txn_env(txn->txn), &w.fd) != 0)
    return rp_fail(error, RP_ERR_IO, "cannot read '%s'", txn->path);
  RP_TRY(rp_meta_head_read(w.fd, txn->path, mdb_txn_id(txn->txn), &w.meta, &is_there, error));
  if (!is_there) return RP_ERR_BUSY;
  rp_status status = look(&w, error);
  rp_free(w.used);
  rp_free(w.page);
  rp_vec_release(&w.list);
  if (status == RP_OK) *is_readable = w.is_readable;
  return status;
}
