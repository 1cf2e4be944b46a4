#include "damage_place.h"

#include <string.h>

#include "base/bytes.h"

enum {
  PAGE = 4096,
  PAGE_HEAD = 16,
  BRANCH = 1,
  LEAF = 2,
  BIG_VALUE = 1, /* flag of a leaf's node: the value has pages of its own */
  NODE_HEAD = 8,
  META_END = PAGE_HEAD + 136,
  DEPTH = 32,
};

const char *const place_name[N_PLACE] = {
    "free pages",
    "unused part of the first pages",
    "older first page",
    "unused parts of pages",
    "LMDB's free list",
    "heads of pages and values",
    "inner pages",
    "first page in use",
    "settings",
    "manifest",
    "publishers",
    "tombstones",
    "rows",
    "signatures",
    "texts",
    "notes: articles",
    "notes: pairs",
    "notes: articles in groups",
    "notes: groups",
    "notes: report",
    "notes of no stream",
    "segments",
};

struct mapping {
  const uint8_t *data;
  size_t n_page;
  uint8_t *out;
  bool is_free_list; /* of the two trees */
};

static void fill(struct mapping *m, size_t at, size_t len, place what) { memset(m->out + at, (int)what, len); }

static place place_of_key(const uint8_t *key, size_t len) {
  static const uint8_t other[] = {
      [1] = PLACE_SETTINGS, [2] = PLACE_MANIFEST,      [0x10] = PLACE_PUBLISHERS, [0x11] = PLACE_TOMBSTONES,
      [0x12] = PLACE_ROWS,  [0x13] = PLACE_SIGNATURES, [0x14] = PLACE_DOCUMENTS,  [0x15] = PLACE_STATES,
      [0x16] = PLACE_FACTS, [0x17] = PLACE_MEMBERS,    [0x18] = PLACE_GROUPS,     [0x19] = PLACE_REPORT,
      [0x1a] = PLACE_NOTES, [0x1b] = PLACE_NOTES,      [0x1c] = PLACE_NOTES,      [0x20] = PLACE_SEGMENTS};
  return len && key[0] < sizeof other && other[key[0]] ? (place)other[key[0]] : PLACE_PAGE_HEADS;
}

/* The pages of a large value, which begins 16 bytes into the first. */
static bool map_big(struct mapping *m, uint64_t page, size_t len, place what) {
  size_t n = (PAGE_HEAD + len + PAGE - 1) / PAGE;
  if (page >= m->n_page || n > m->n_page - page) return false;
  size_t at = (size_t)page * PAGE;
  fill(m, at, n * PAGE, PLACE_SLACK);
  fill(m, at, PAGE_HEAD, m->is_free_list ? PLACE_FREE_LIST : PLACE_PAGE_HEADS);
  fill(m, at + PAGE_HEAD, len, what);
  return true;
}

static bool map_node(struct mapping *m, size_t page_at, size_t offset) {
  if (offset + NODE_HEAD > PAGE) return false;
  size_t at = page_at + offset, key_len = rp_load16(m->data + at + 6), len = rp_load32(m->data + at);
  bool is_big = rp_load16(m->data + at + 4) & BIG_VALUE;
  size_t held = is_big ? 8 : len, head = NODE_HEAD + key_len;
  if (offset + head + held > PAGE) return false;
  place what = m->is_free_list ? PLACE_FREE_LIST : place_of_key(m->data + at + NODE_HEAD, key_len);
  fill(m, at, head + held, m->is_free_list ? PLACE_FREE_LIST : PLACE_PAGE_HEADS);
  if (is_big) return map_big(m, rp_load64(m->data + at + head), len, what);
  fill(m, at + head, held, what);
  return true;
}

static bool map_page(struct mapping *m, uint64_t page, int depth) {
  if (page >= m->n_page || depth > DEPTH) return false;
  size_t at = (size_t)page * PAGE;
  const uint8_t *head = m->data + at;
  bool is_branch = rp_load16(head + 10) & BRANCH;
  size_t lower = rp_load16(head + 12);
  if (lower < PAGE_HEAD || lower > PAGE) return false;
  place heads = m->is_free_list ? PLACE_FREE_LIST : is_branch ? PLACE_BRANCH : PLACE_PAGE_HEADS;
  fill(m, at, PAGE, PLACE_SLACK);
  fill(m, at, lower, heads);
  for (size_t i = PAGE_HEAD; i + 2 <= lower; i += 2) {
    size_t offset = rp_load16(head + i);
    if (!is_branch) {
      if (!map_node(m, at, offset)) return false;
      continue;
    }
    if (offset + NODE_HEAD > PAGE) return false;
    const uint8_t *node = head + offset;
    size_t len = NODE_HEAD + (size_t)rp_load16(node + 6);
    if (offset + len > PAGE) return false;
    fill(m, at + offset, len, heads);
    if (!map_page(m, rp_load32(node) | (uint64_t)rp_load16(node + 4) << 32, depth + 1)) return false;
  }
  return true;
}

bool place_map(const uint8_t *data, size_t len, uint8_t *out) {
  struct mapping m = {data, len / PAGE, out, true};
  if (m.n_page < 2) return false;
  memset(out, PLACE_FREE, len);
  int now = rp_load64(data + PAGE + PAGE_HEAD + 128) > rp_load64(data + PAGE_HEAD + 128);
  for (int i = 0; i < 2; i++) {
    fill(&m, (size_t)i * PAGE, PAGE, PLACE_META_REST);
    fill(&m, (size_t)i * PAGE, META_END, i == now ? PLACE_META : PLACE_META_OLD);
  }
  for (int tree = 0; tree < 2; tree++) {
    uint64_t root = rp_load64(data + now * PAGE + PAGE_HEAD + 24 + tree * 48 + 40);
    m.is_free_list = tree == 0;
    if (root != UINT64_MAX && !map_page(&m, root, 0)) return false;
  }
  return true;
}
