#include "match/align.h"

#include <string.h>

#include "match/lexicon.h"

enum { EQUAL = 2, NEAR = 1 };

rp_status rp_aligner_make(const rp_words *a, const rp_words *b, rp_arena *arena, rp_aligner *out, rp_error *error) {
  rp_aligner x = {.a = a, .b = b};
  size_t n_pair = a->n < b->n ? a->n : b->n;
  x.match_a = RP_NEW(arena, int32_t, a->n);
  x.match_b = RP_NEW(arena, int32_t, b->n);
  x.pair = RP_NEW(arena, rp_word_pair, n_pair);
  x.cell = RP_NEW(arena, uint16_t, RP_ALIGN_CELLS + 2 * RP_ALIGN_GAP + 1);
  x.gain = RP_NEW(arena, uint8_t, RP_ALIGN_CELLS);
  x.shape_a = RP_NEW(arena, rp_word_shape, RP_ALIGN_GAP);
  x.shape_b = RP_NEW(arena, rp_word_shape, RP_ALIGN_GAP);
  if (!x.match_a || !x.match_b || !x.pair || !x.cell || !x.gain || !x.shape_a || !x.shape_b)
    return rp_fail_memory(error);
  memset(x.match_a, 0xff, a->n * sizeof *x.match_a);
  memset(x.match_b, 0xff, b->n * sizeof *x.match_b);
  *out = x;
  return RP_OK;
}

static bool is_continuation(char byte) { return ((unsigned char)byte & 0xc0) == 0x80; }

static size_t n_letters(rp_str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) n += !is_continuation(s.data[i]);
  return n;
}

static rp_str without_first_letter(rp_str s) {
  size_t n = 1;
  while (n < s.len && is_continuation(s.data[n])) n++;
  return (rp_str){s.data + n, s.len - n};
}

/* Drops the letters that both begin with and those that both end with: the
 * edit distance stays. */
static void strip_common(rp_str *x, rp_str *y) {
  size_t shorter = x->len < y->len ? x->len : y->len, head = 0, tail = 0;
  while (head < shorter && x->data[head] == y->data[head]) head++;
  while (head > 0 &&
         ((head < x->len && is_continuation(x->data[head])) || (head < y->len && is_continuation(y->data[head]))))
    head--;
  while (tail < shorter - head && x->data[x->len - 1 - tail] == y->data[y->len - 1 - tail]) tail++;
  while (tail > 0 && is_continuation(x->data[x->len - tail])) tail--;
  *x = (rp_str){x->data + head, x->len - head - tail};
  *y = (rp_str){y->data + head, y->len - head - tail};
}

/* Whether `limit` insertions, deletions and replacements turn x into y. */
static bool is_within(rp_str x, rp_str y, unsigned limit) {
  strip_common(&x, &y);
  size_t n_x = n_letters(x), n_y = n_letters(y), longer = n_x > n_y ? n_x : n_y;
  if (longer <= limit) return true;
  if (limit == 0 || (n_x > n_y ? n_x - n_y : n_y - n_x) > limit) return false;
  /* both begin with another letter and end with another: with one edit left
   * there is no way to mend both */
  if (limit == 1) return false;
  if (n_x == 0 || n_y == 0) return false;
  rp_str rest_x = without_first_letter(x), rest_y = without_first_letter(y);
  return is_within(rest_x, rest_y, limit - 1) || is_within(rest_x, y, limit - 1) || is_within(x, rest_y, limit - 1);
}

static unsigned edits_allowed(size_t n_x, size_t n_y) {
  if (n_x < RP_ALIGN_NEAR_LETTERS || n_y < RP_ALIGN_NEAR_LETTERS) return 0;
  return n_x >= RP_ALIGN_NEAR_TWO || n_y >= RP_ALIGN_NEAR_TWO ? 2 : 1;
}

bool rp_words_are_near(rp_str x, rp_str y) {
  unsigned edits = edits_allowed(n_letters(x), n_letters(y));
  return edits > 0 && is_within(x, y, edits);
}

static rp_str folded_word(const rp_words *words, uint32_t i) {
  uint32_t at = words->folded_at[i];
  return (rp_str){words->folded + at, words->folded_at[i + 1] - at - 1};
}

/* A number is another number when one digit differs: it has no shape. */
static rp_word_shape shape_of(const rp_words *words, uint32_t i) {
  rp_word_shape shape = {0, 0};
  if (words->flag[i] & (RP_WORD_NUMBER | RP_WORD_LIGHT)) return shape;
  rp_str word = folded_word(words, i);
  for (size_t k = 0; k < word.len; k++) {
    bool is_last = k + 1 == word.len || !is_continuation(word.data[k + 1]);
    shape.letters |= (uint64_t)is_last << (word.data[k] & 63);
    shape.n_letter += is_last;
  }
  return shape;
}

/* Every edit changes at most two letters of the set. */
static bool shapes_are_near(const rp_word_shape *x, const rp_word_shape *y) {
  unsigned edits = edits_allowed(x->n_letter, y->n_letter);
  uint64_t differing = x->letters ^ y->letters;
  for (unsigned k = 0; k < 2 * edits; k++) differing &= differing - 1;
  uint32_t longer = x->n_letter > y->n_letter ? x->n_letter : y->n_letter;
  uint32_t shorter = x->n_letter + y->n_letter - longer;
  return edits > 0 && differing == 0 && longer - shorter <= edits;
}

static bool are_near(rp_aligner *x, uint32_t i, uint32_t j) {
  if (x->n_near >= RP_ALIGN_NEAR_MAX) return false;
  x->n_near++;
  rp_str a = folded_word(x->a, i), b = folded_word(x->b, j);
  return rp_words_are_near(a, b) && !(rp_lexicon_is_number(a) && rp_lexicon_is_number(b));
}

static void add_pair(rp_aligner *x, uint32_t i, uint32_t j) { x->pair[x->n_pair++] = (rp_word_pair){i, j}; }

typedef struct gap {
  uint32_t a, b, n_a, n_b;
} gap;

static void shapes_make(rp_aligner *x, gap g) {
  for (uint32_t i = 0; i < g.n_a; i++) x->shape_a[i] = shape_of(x->a, g.a + i);
  for (uint32_t j = 0; j < g.n_b; j++) x->shape_b[j] = shape_of(x->b, g.b + j);
}

/* What aligning word i of a gap with word j is worth. */
static uint8_t gain_of(rp_aligner *x, gap g, uint32_t i, uint32_t j) {
  if (x->match_a[g.a + i] >= 0 || x->match_b[g.b + j] >= 0) return 0;
  if (x->a->hash[g.a + i] == x->b->hash[g.b + j]) return EQUAL;
  return shapes_are_near(&x->shape_a[i], &x->shape_b[j]) && are_near(x, g.a + i, g.b + j) ? NEAR : 0;
}

/* The table of the longest common subsequence by weight (Wagner and Fischer),
 * filled from the end so that it is read forwards. */
static void cells_fill(rp_aligner *x, gap g) {
  size_t width = (size_t)g.n_b + 1;
  memset(x->cell + g.n_a * width, 0, width * sizeof *x->cell);
  for (uint32_t i = g.n_a; i-- > 0;) {
    uint16_t *row = x->cell + i * width, *below = row + width;
    row[g.n_b] = 0;
    for (uint32_t j = g.n_b; j-- > 0;) {
      uint8_t gain = gain_of(x, g, i, j);
      uint16_t best = below[j] > row[j + 1] ? below[j] : row[j + 1];
      if (gain && below[j + 1] + gain > best) best = (uint16_t)(below[j + 1] + gain);
      x->gain[i * g.n_b + j] = gain;
      row[j] = best;
    }
  }
}

static void align_gap(rp_aligner *x, gap g) {
  if (g.n_a == 0 || g.n_b == 0 || g.n_a > RP_ALIGN_GAP || g.n_b > RP_ALIGN_GAP) return;
  if (g.n_a * g.n_b > RP_ALIGN_CELLS) return;
  size_t width = (size_t)g.n_b + 1;
  shapes_make(x, g);
  cells_fill(x, g);
  for (uint32_t i = 0, j = 0; i < g.n_a && j < g.n_b;) {
    const uint16_t *row = x->cell + i * width, *below = row + width;
    uint8_t gain = x->gain[i * g.n_b + j];
    if (gain && row[j] == below[j + 1] + gain)
      add_pair(x, g.a + i++, g.b + j++);
    else if (below[j] >= row[j + 1])
      i++;
    else
      j++;
  }
}

static void align_run(rp_aligner *x, uint32_t a, uint32_t b, uint32_t n) {
  for (uint32_t k = 0; k < n; k++)
    if (x->match_a[a + k] < 0 && x->match_b[b + k] < 0) add_pair(x, a + k, b + k);
}

bool rp_align_chain(rp_aligner *x, const rp_run_list *chain) {
  x->n_pair = 0;
  uint32_t at_a = chain->seed[0].a, at_b = chain->seed[0].b;
  for (size_t k = 0; k < chain->n; k++) {
    rp_seed s = chain->seed[k];
    uint32_t over_a = at_a > s.a ? at_a - s.a : 0, over_b = at_b > s.b ? at_b - s.b : 0;
    uint32_t over = over_a > over_b ? over_a : over_b;
    s = (rp_seed){s.a + over, s.b + over, s.n - over};
    align_gap(x, (gap){at_a, at_b, s.a - at_a, s.b - at_b});
    align_run(x, s.a, s.b, s.n);
    at_a = s.a + s.n;
    at_b = s.b + s.n;
  }
  uint32_t weight = 0;
  for (size_t k = 0; k < x->n_pair; k++) weight += x->a->flag[x->pair[k].a] & RP_WORD_LIGHT ? 1 : 2;
  if (weight < RP_ALIGN_CHAIN) {
    x->n_pair = 0;
    return false;
  }
  for (size_t k = 0; k < x->n_pair; k++) {
    x->match_a[x->pair[k].a] = (int32_t)x->pair[k].b;
    x->match_b[x->pair[k].b] = (int32_t)x->pair[k].a;
  }
  return true;
}
