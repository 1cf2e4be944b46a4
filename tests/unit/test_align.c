#include "match/align.h"

#include "match/lexicon.h"
#include "match_help.h"

/* ---- near-equal words --------------------------------------------------------- */

enum { LETTERS_MAX = 14 };

typedef struct letters {
  int letter[LETTERS_MAX];
  int n;
} letters;

static int least(int x, int y, int z) {
  if (y < x) x = y;
  return z < x ? z : x;
}

static int edit_distance(const letters *x, const letters *y) {
  int d[LETTERS_MAX + 1][LETTERS_MAX + 1];
  for (int i = 0; i <= x->n; i++)
    for (int j = 0; j <= y->n; j++) {
      if (i == 0 || j == 0)
        d[i][j] = i + j;
      else
        d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (x->letter[i - 1] != y->letter[j - 1]));
    }
  return d[x->n][y->n];
}

/* Letters 0.. of an alphabet of one, two or three bytes a letter; different
 * letters may end in the same byte. */
static rp_str spell(const letters *x, int alphabet, char *to) {
  static const char *const sign[3][4] = {{"a", "b", "c", "d"}, {"б", "в", "с", "Ё"}, {"अ", "आ", "ਅ", "ਆ"}};
  to[0] = '\0';
  for (int i = 0; i < x->n; i++) strcat(to, sign[alphabet][x->letter[i]]);
  return STR(to);
}

static letters random_letters(uint64_t *random) {
  letters x = {.n = (int)below(random, 11)};
  for (int i = 0; i < x.n; i++) x.letter[i] = (int)below(random, 4);
  return x;
}

/* A few edits away. */
static letters edited(const letters *x, uint64_t *random) {
  letters y = *x;
  for (size_t k = below(random, 4); k > 0 && y.n > 0 && y.n < LETTERS_MAX; k--) {
    size_t at = below(random, (size_t)y.n), rest = (size_t)y.n - at - 1;
    switch (below(random, 3)) {
      case 0: y.letter[at] = (int)below(random, 4); break;
      case 1:
        memmove(y.letter + at, y.letter + at + 1, rest * sizeof *y.letter);
        y.n--;
        break;
      default: memmove(y.letter + at + 1, y.letter + at, (rest + 1) * sizeof *y.letter); y.n++;
    }
  }
  return y;
}

static void nearness_is_a_small_edit_distance(void **state) {
  (void)state;
  uint64_t random = 5;
  int n_near = 0;
  for (int round = 0; round < 60000; round++) {
    letters x = random_letters(&random), y = edited(&x, &random);
    char text_x[64], text_y[64];
    int alphabet = (int)below(&random, 3);
    bool expected = x.n >= 4 && y.n >= 4 && edit_distance(&x, &y) <= (x.n >= 8 || y.n >= 8 ? 2 : 1);
    rp_str a = spell(&x, alphabet, text_x), b = spell(&y, alphabet, text_y);
    assert_int_equal(rp_words_are_near(a, b), expected);
    assert_int_equal(rp_words_are_near(b, a), expected);
    n_near += expected;
  }
  assert_true(n_near > 10000);
}

/* ---- gaps ----------------------------------------------------------------------- */

typedef struct aligned {
  rp_words a, b;
  rp_aligner aligner;
  bool kept;
} aligned;

/* Both texts begin and end with the same five words; what lies between is a
 * gap of a chain. */
static aligned align(rp_arena *arena, const char *x, const char *y) {
  static const char head[] = "alpha bravo charlie delta echo ", tail[] = " foxtrot golf hotel india juliet";
  aligned r = {.a = words_of(arena, joined(arena, head, x, tail)), .b = words_of(arena, joined(arena, head, y, tail))};
  rp_seed run[2] = {{0, 0, 5}, {(uint32_t)r.a.n - 5, (uint32_t)r.b.n - 5, 5}};
  assert_int_equal(rp_aligner_make(&r.a, &r.b, arena, &r.aligner, NULL), RP_OK);
  r.kept = rp_align_chain(&r.aligner, &(rp_run_list){run, 2});
  return r;
}

static rp_str word_at(const rp_words *words, size_t i) {
  return (rp_str){words->folded + words->folded_at[i], words->folded_at[i + 1] - words->folded_at[i] - 1};
}

static int value(const aligned *r, size_t i, size_t j) {
  if (r->a.hash[i] == r->b.hash[j]) return 2;
  return rp_words_are_near(word_at(&r->a, i), word_at(&r->b, j)) ? 1 : 0;
}

/* Weight of the heaviest common subsequence of all words, by the whole table. */
static int heaviest(const aligned *r) {
  static int best[64][64];
  for (size_t i = 0; i <= r->a.n; i++)
    for (size_t j = 0; j <= r->b.n; j++) {
      best[i][j] = 0;
      if (i == 0 || j == 0) continue;
      int v = value(r, i - 1, j - 1);
      best[i][j] = best[i - 1][j] > best[i][j - 1] ? best[i - 1][j] : best[i][j - 1];
      if (v && best[i - 1][j - 1] + v > best[i][j]) best[i][j] = best[i - 1][j - 1] + v;
    }
  return best[r->a.n][r->b.n];
}

static int weight_of_pairs(const aligned *r) {
  int weight = 0;
  for (size_t k = 0; k < r->aligner.n_pair; k++) {
    rp_word_pair p = r->aligner.pair[k];
    int v = value(r, p.a, p.b);
    assert_true(v > 0);
    if (k > 0) assert_true(r->aligner.pair[k - 1].a < p.a && r->aligner.pair[k - 1].b < p.b);
    assert_int_equal(r->aligner.match_a[p.a], p.b);
    assert_int_equal(r->aligner.match_b[p.b], p.a);
    weight += v;
  }
  return weight;
}

static void gaps_get_the_heaviest_common_subsequence(void **state) {
  (void)state;
  uint64_t random = 6;
  rp_arena arena;
  rp_arena_init(&arena);
  for (int round = 0; round < 1500; round++) {
    rp_arena_clear(&arena, 1 << 20);
    /* numbers of four base-20 digits: many are near each other */
    size_t vocabulary = below(&random, 2) ? 6 : 12000;
    aligned r = align(&arena, random_text(&arena, &random, below(&random, 25), vocabulary),
                      random_text(&arena, &random, below(&random, 25), vocabulary));
    assert_true(r.kept);
    assert_int_equal(weight_of_pairs(&r), heaviest(&r));
  }
  rp_arena_release(&arena);
}

static int32_t partner(rp_arena *arena, const char *x, const char *y) {
  aligned r = align(arena, x, y);
  return r.aligner.match_a[5];
}

static void what_is_near(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  assert_int_equal(partner(&arena, "governrnent", "government"), 5);
  assert_int_equal(partner(&arena, "Kovalenko", "Kovalenka"), 5);
  assert_int_equal(partner(&arena, "one", "ten"), -1);
  assert_int_equal(partner(&arena, "2014", "2015"), -1);       /* a number is another number */
  assert_int_equal(partner(&arena, "million", "billion"), -1); /* in words as well */
  assert_int_equal(partner(&arena, "миллионов", "миллиона"), -1);
  rp_arena_release(&arena);
}

static void wide_gaps_stay_open(void **state) {
  (void)state;
  uint64_t random = 7;
  rp_arena arena;
  rp_arena_init(&arena);
  const char *narrow = random_text(&arena, &random, 77, 8000), *wide = random_text(&arena, &random, 78, 8000);
  assert_int_equal(align(&arena, narrow, narrow).aligner.n_pair, 77 + 10);
  assert_int_equal(align(&arena, wide, wide).aligner.n_pair, 10);
  rp_arena_release(&arena);
}

static void better_chains_keep_their_words(void **state) {
  (void)state;
  rp_arena arena;
  rp_arena_init(&arena);
  rp_words a = words_of(&arena, "p q r s t u v w"), b = words_of(&arena, "p q r s t u v w");
  rp_aligner x;
  assert_int_equal(rp_aligner_make(&a, &b, &arena, &x, NULL), RP_OK);
  rp_seed all = {0, 0, 8}, part = {1, 1, 6};
  assert_true(rp_align_chain(&x, &(rp_run_list){&all, 1}));
  assert_int_equal(x.n_pair, 8);
  assert_false(rp_align_chain(&x, &(rp_run_list){&part, 1}));
  for (int i = 0; i < 8; i++) assert_int_equal(x.match_a[i], i);
  rp_arena_release(&arena);
}

static void lexicon_words_are_found(void **state) {
  (void)state;
  static const char *const negation[] = {"never", "nicht", "pas", "jamas", "не", "without", "no", "cannot"};
  static const char *const attribution[] = {"said", "according", "laut", "selon", "dijo", "сообщил", "told", "zufolge"};
  static const char *const number[] = {"million", "zwolf", "mille", "millones", "тысяч", "billion", "thirteen"};
  static const char *const none[] = {"", "n", "nots", "sai", "the", "zzz", "яяя", "millionth"};
  for (size_t i = 0; i < 8; i++) {
    assert_int_equal(rp_lexicon_classes(STR(negation[i])), RP_LEXICON_NEGATION);
    assert_int_equal(rp_lexicon_classes(STR(attribution[i])), RP_LEXICON_ATTRIBUTION);
    if (i < 7) assert_int_equal(rp_lexicon_classes(STR(number[i])), RP_LEXICON_NUMBER);
    assert_int_equal(rp_lexicon_classes(STR(none[i])), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nearness_is_a_small_edit_distance),
      cmocka_unit_test(gaps_get_the_heaviest_common_subsequence),
      cmocka_unit_test(what_is_near),
      cmocka_unit_test(wide_gaps_stay_open),
      cmocka_unit_test(better_chains_keep_their_words),
      cmocka_unit_test(lexicon_words_are_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
