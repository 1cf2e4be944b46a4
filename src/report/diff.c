#include "report/diff.h"

#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/vec.h"
#include "report/plain.h"

enum { REACH = 96, KEY_BYTES = 256 };

static size_t mark_len(const char *at, size_t left) {
  if (left >= 3 && memcmp(at, "\xE2\x80", 2) == 0) return 3;
  if (left >= 3 && (memcmp(at, "\xE2\x81\xA0", 3) == 0 || memcmp(at, "\xEF\xBB\xBF", 3) == 0)) return 3;
  return left >= 2 && memcmp(at, "\xC2\xAD", 2) == 0 ? 2 : 0;
}

/* Letters, digits and what is not ASCII, in lower case; the marks of U+2000 to
 * U+203F (dashes, quotation marks, characters of no width) count as
 * punctuation, so do the soft hyphen, the word joiner and the byte-order mark. */
static uint64_t key_of(const char *word, size_t len) {
  char folded[KEY_BYTES];
  size_t n = 0;
  for (size_t i = 0; i < len && n < sizeof folded; i++) {
    char c = word[i];
    if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    size_t taken = mark_len(word + i, len - i);
    if (taken)
      i += taken - 1;
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
      folded[n++] = c;
  }
  return rp_hash64(folded, n);
}

/* The piece that begins at `at`, which holds no white space. */
static rp_piece piece_at(rp_str text, uint32_t at, size_t width) {
  rp_piece piece = {.start = at};
  size_t used = 0, end = at;
  while (end < text.len) {
    rp_glyph g = rp_plain_glyph(text, end);
    bool is_wide = g.width == 2;
    if (g.is_space || (used > 0 && (is_wide || used + (size_t)g.width > width))) break;
    used += (size_t)g.width;
    end += g.taken;
    if (is_wide) break;
  }
  piece.end = (uint32_t)end;
  piece.width = (uint16_t)used;
  piece.key = key_of(text.data + at, end - at);
  return piece;
}

rp_status rp_diff_split(rp_str text, uint32_t start, uint32_t end, size_t width, rp_arena *arena, rp_pieces *out) {
  if (end > text.len) end = (uint32_t)text.len;
  rp_str part = {text.data, end};
  RP_VEC(rp_piece) pieces = {0};
  bool space_before = false;
  for (uint32_t at = start; at < end;) {
    rp_glyph g = rp_plain_glyph(part, at);
    if (g.is_space) {
      space_before = true;
      at += (uint32_t)g.taken;
      continue;
    }
    rp_piece piece = piece_at(part, at, width);
    piece.space_before = space_before;
    if (!rp_vec_push(&pieces, piece)) {
      rp_vec_release(&pieces);
      return RP_ERR_MEMORY;
    }
    space_before = false;
    at = piece.end;
  }
  rp_piece *copy = RP_NEW(arena, rp_piece, pieces.n);
  if (copy && pieces.n) memcpy(copy, pieces.data, pieces.n * sizeof *copy);
  *out = (rp_pieces){copy, copy ? pieces.n : 0};
  rp_vec_release(&pieces);
  return copy ? RP_OK : RP_ERR_MEMORY;
}

typedef struct cursor {
  rp_pieces a, b;
  size_t i, j;
} cursor;

static bool agree(const cursor *c, size_t i, size_t j) {
  return i < c->a.n && j < c->b.n && c->a.data[i].key == c->b.data[j].key;
}

/* Whether the two lists agree again after `da` and `db` further pieces. */
static bool is_meeting(const cursor *c, size_t da, size_t db) {
  size_t i = c->i + da, j = c->j + db;
  if (!agree(c, i, j)) return false;
  return da == db || agree(c, i + 1, j + 1) || (i + 1 == c->a.n && j + 1 == c->b.n);
}

/* Moves past a difference. */
static void pass_difference(cursor *c) {
  size_t left_a = c->a.n - c->i, left_b = c->b.n - c->j;
  for (size_t sum = 1; sum <= 2 * (size_t)REACH; sum++) {
    for (size_t k = 0; k <= sum; k++) {
      /* the most even share first */
      size_t half = sum / 2, da = k % 2 ? half + (k + 1) / 2 : half - k / 2;
      if (da > sum) continue;
      size_t db = sum - da;
      if (da > REACH || db > REACH || da >= left_a || db >= left_b) continue;
      if (!is_meeting(c, da, db)) continue;
      c->i += da;
      c->j += db;
      return;
    }
  }
  c->i += left_a < REACH ? left_a : REACH;
  c->j += left_b < REACH ? left_b : REACH;
}

static void pass_agreement(cursor *c) {
  while (agree(c, c->i, c->j)) {
    c->i++;
    c->j++;
  }
}

rp_status rp_diff_align(rp_pieces a, rp_pieces b, rp_arena *arena, const rp_diff_run **out, size_t *n_out) {
  cursor c = {.a = a, .b = b};
  RP_VEC(rp_diff_run) runs = {0};
  bool failed = false;
  while (!failed && (c.i < a.n || c.j < b.n)) {
    rp_diff_run run = {.a_start = c.i, .b_start = c.j, .is_equal = agree(&c, c.i, c.j)};
    if (run.is_equal) {
      pass_agreement(&c);
    } else {
      do pass_difference(&c);
      while ((c.i < a.n || c.j < b.n) && !agree(&c, c.i, c.j));
    }
    run.a_end = c.i;
    run.b_end = c.j;
    failed = !rp_vec_push(&runs, run);
  }
  rp_diff_run *copy = failed ? NULL : RP_NEW(arena, rp_diff_run, runs.n);
  if (copy && runs.n) memcpy(copy, runs.data, runs.n * sizeof *copy);
  if (copy) {
    *out = copy;
    *n_out = runs.n;
  }
  rp_vec_release(&runs);
  return copy ? RP_OK : RP_ERR_MEMORY;
}
