/* Between two neighbouring pairs of aligned words lie words of either side
 * that have no counterpart.  Numbers, negations and names among them are put
 * against each other in their order; what one side has more was dropped or
 * added.  An attribution is reported where one side has one and the other has
 * none, with all the words it stands among.  Credits and datelines stand at
 * the ends of texts, outside every chain, and are compared as whole runs. */
#include "match/change.h"

#include "base/hash.h"
#include "base/sort.h"
#include "match/lexicon.h"

enum {
  CREDITED_WORDS = 25,    /* matched words from which credits are compared */
  CREDIT_RUNS = 32,       /* runs of credit words looked at in a text */
  CUT_WORDS = 12,         /* of a gap with more words on one side */
  CUT_RATIO = 3,          /* and over three times those of the other nothing is told */
  ATTRIBUTION_WORDS = 12, /* longest stretch reported as one attribution */
  GERMAN_PERCENT = 3,     /* "der", "die", "das", "und" among all words, from which a text is German */
};
enum { NO_PROSE = RP_WORD_TITLE | RP_WORD_FURNITURE | RP_WORD_DATELINE | RP_WORD_CREDIT };

typedef struct side {
  const rp_words *words;
  const int32_t *match;
  bool has_names;
} side;

/* Words without a counterpart, in both texts; the words before them are
 * aligned with each other. */
typedef struct gap {
  uint32_t start[2], end[2];
} gap;

typedef struct collector {
  side side[2];
  rp_change *change;
  size_t n, cap;
} collector;

static rp_str word_text(const rp_words *words, uint32_t i) {
  return (rp_str){words->folded + words->folded_at[i], words->folded_at[i + 1] - words->folded_at[i] - 1};
}

/* The "t" of "don't": words are split at apostrophes. */
static bool is_negating_t(const rp_words *words, uint32_t i) {
  rp_str word = word_text(words, i);
  if (word.len != 1 || word.data[0] != 't' || i == 0) return false;
  rp_str before = word_text(words, i - 1);
  return before.len > 1 && before.data[before.len - 1] == 'n';
}

static bool is_of_kind(const side *s, uint32_t i, rp_change_kind kind) {
  uint32_t flag = s->words->flag[i];
  if (s->match[i] >= 0 || flag & NO_PROSE) return false;
  switch (kind) {
    case RP_CHANGE_NUMBER: return flag & RP_WORD_NUMBER || rp_lexicon_is_number(word_text(s->words, i));
    case RP_CHANGE_NEGATION:
      return rp_lexicon_classes(word_text(s->words, i)) & RP_LEXICON_NEGATION || is_negating_t(s->words, i);
    case RP_CHANGE_NAME: return s->has_names && flag & RP_WORD_CAPITAL && !(flag & (RP_WORD_SENTENCE | RP_WORD_NUMBER));
    case RP_CHANGE_ATTRIBUTION: return rp_lexicon_classes(word_text(s->words, i)) & RP_LEXICON_ATTRIBUTION;
    case RP_CHANGE_CREDIT: break;
  }
  return false;
}

typedef struct word_range {
  uint32_t start, end; /* empty: none */
} word_range;

/* The next run of words of a kind from *at on; moves *at behind it. */
static word_range next_of_kind(const side *s, rp_change_kind kind, uint32_t *at, uint32_t end) {
  while (*at < end && !is_of_kind(s, *at, kind)) ++*at;
  word_range r = {*at, *at};
  while (*at < end && is_of_kind(s, *at, kind)) ++*at;
  r.end = *at;
  return r;
}

static bool is_equal(const rp_words *a, word_range x, const rp_words *b, word_range y) {
  if (x.end - x.start != y.end - y.start) return false;
  for (uint32_t i = 0; i < x.end - x.start; i++)
    if (a->hash[x.start + i] != b->hash[y.start + i]) return false;
  return true;
}

/* Bytes of a range of words; of an empty one the place behind the word before
 * `at`. */
static void bytes_of(const rp_words *words, word_range r, uint32_t at, uint32_t *start, uint32_t *end) {
  if (r.start < r.end) {
    *start = words->start[r.start];
    *end = words->end[r.end - 1];
  } else {
    *start = *end = at > 0 ? words->end[at - 1] : 0;
  }
}

static void emit(collector *c, rp_change_kind kind, word_range x, uint32_t at_a, word_range y, uint32_t at_b) {
  if (c->n == c->cap) return;
  rp_change *change = &c->change[c->n++];
  change->kind = kind;
  bytes_of(c->side[0].words, x, at_a, &change->a_start, &change->a_end);
  bytes_of(c->side[1].words, y, at_b, &change->b_start, &change->b_end);
}

/* "don't" for its "t" alone. */
static word_range with_verb(const rp_words *words, word_range r) {
  if (r.start < r.end && is_negating_t(words, r.start)) r.start--;
  return r;
}

static void gap_compare_kind(collector *c, const gap *g, rp_change_kind kind) {
  uint32_t at_a = g->start[0], at_b = g->start[1];
  for (;;) {
    word_range x = next_of_kind(&c->side[0], kind, &at_a, g->end[0]);
    word_range y = next_of_kind(&c->side[1], kind, &at_b, g->end[1]);
    bool has_x = x.start < x.end, has_y = y.start < y.end;
    if (!has_x && !has_y) return;
    if (kind == RP_CHANGE_NEGATION) {
      x = with_verb(c->side[0].words, x);
      y = with_verb(c->side[1].words, y);
    }
    /* one negation for another negates all the same */
    if (has_x && has_y && (kind == RP_CHANGE_NEGATION || is_equal(c->side[0].words, x, c->side[1].words, y))) continue;
    emit(c, kind, x, has_x ? 0 : g->start[0], y, has_y ? 0 : g->start[1]);
  }
}

/* Whether an attribution stands on one side alone; then it is reported. */
static bool gap_compare_attribution(collector *c, const gap *g) {
  word_range found[2];
  bool has[2];
  for (int s = 0; s < 2; s++) {
    uint32_t at = g->start[s];
    found[s] = next_of_kind(&c->side[s], RP_CHANGE_ATTRIBUTION, &at, g->end[s]);
    has[s] = found[s].start < found[s].end;
    if (has[s] && g->end[s] - g->start[s] <= ATTRIBUTION_WORDS) found[s] = (word_range){g->start[s], g->end[s]};
  }
  if (has[0] == has[1]) return false;
  emit(c, RP_CHANGE_ATTRIBUTION, found[0], g->start[0], found[1], g->start[1]);
  return true;
}

/* Whether text was left out or added rather than altered. */
static bool is_cut(const gap *g) {
  uint32_t x = g->end[0] - g->start[0], y = g->end[1] - g->start[1];
  uint32_t longer = x > y ? x : y, shorter = x + y - longer;
  return longer > CUT_WORDS && shorter * CUT_RATIO < longer;
}

static void gap_compare(collector *c, const gap *g) {
  if ((g->start[0] == g->end[0] && g->start[1] == g->end[1]) || is_cut(g)) return;
  gap_compare_kind(c, g, RP_CHANGE_NUMBER);
  gap_compare_kind(c, g, RP_CHANGE_NEGATION);
  /* names inside an attribution belong to it */
  if (!gap_compare_attribution(c, g)) gap_compare_kind(c, g, RP_CHANGE_NAME);
}

static void chain_compare(collector *c, const rp_chain *chain) {
  uint32_t last_a = chain->a_start, last_b = chain->b_start;
  for (uint32_t i = chain->a_start; i < chain->a_end; i++) {
    int32_t j = c->side[0].match[i];
    /* a better chain may hold words inside this one's range */
    if (j < 0 || (uint32_t)j < last_b || (uint32_t)j >= chain->b_end) continue;
    gap_compare(c, &(gap){{last_a, last_b}, {i, (uint32_t)j}});
    last_a = i + 1;
    last_b = (uint32_t)j + 1;
  }
}

static size_t credit_runs(const rp_words *words, word_range run[CREDIT_RUNS]) {
  size_t n = 0;
  for (uint32_t i = 0; i < words->n && n < CREDIT_RUNS;) {
    uint32_t kind = words->flag[i] & (RP_WORD_DATELINE | RP_WORD_CREDIT), end = i + 1;
    while (end < words->n && words->flag[end] & kind && !(words->flag[end] & RP_WORD_PARAGRAPH)) end++;
    if (kind) run[n++] = (word_range){i, end};
    i = end;
  }
  return n;
}

/* Where in the other text a run would stand: at the counterpart of the next
 * word that has one. */
static uint32_t place_of(const side *from, const side *to, uint32_t i) {
  for (; i < from->words->n; i++)
    if (from->match[i] >= 0) return (uint32_t)from->match[i];
  return (uint32_t)to->words->n;
}

static bool is_among(const rp_words *words, word_range x, const rp_words *other, const word_range *run, size_t n) {
  for (size_t k = 0; k < n; k++)
    if (is_equal(words, x, other, run[k])) return true;
  return false;
}

/* Runs of `own` that the other text has in the same words are left out. */
static size_t runs_of_own(const rp_words *words, word_range *own, size_t n, const rp_words *other,
                          const word_range *theirs, size_t n_theirs) {
  size_t kept = 0;
  for (size_t k = 0; k < n; k++)
    if (!is_among(words, own[k], other, theirs, n_theirs)) own[kept++] = own[k];
  return kept;
}

static uint32_t kind_of_run(const rp_words *words, word_range r) { return words->flag[r.start] & RP_WORD_DATELINE; }

static void credits_compare(collector *c) {
  const rp_words *a = c->side[0].words, *b = c->side[1].words;
  word_range run_a[CREDIT_RUNS], run_b[CREDIT_RUNS], all_a[CREDIT_RUNS];
  size_t n_all = credit_runs(a, run_a), n_b = credit_runs(b, run_b);
  for (size_t k = 0; k < n_all; k++) all_a[k] = run_a[k];
  size_t n_a = runs_of_own(a, run_a, n_all, b, run_b, n_b);
  n_b = runs_of_own(b, run_b, n_b, a, all_a, n_all);
  word_range none = {0, 0};
  size_t j = 0;
  for (size_t i = 0; i < n_a; i++) {
    bool is_changed = j < n_b && kind_of_run(a, run_a[i]) == kind_of_run(b, run_b[j]);
    uint32_t place = place_of(&c->side[0], &c->side[1], run_a[i].end);
    emit(c, RP_CHANGE_CREDIT, run_a[i], 0, is_changed ? run_b[j] : none, place);
    j += is_changed;
  }
  for (; j < n_b; j++) emit(c, RP_CHANGE_CREDIT, none, place_of(&c->side[1], &c->side[0], run_b[j].end), run_b[j], 0);
}

/* German writes every noun with a capital; there one tells no name. */
static bool has_names(const rp_words *words) {
  static const char german[][4] = {"der", "die", "das", "und"};
  uint64_t hash[4];
  size_t n = 0;
  for (size_t k = 0; k < 4; k++) hash[k] = rp_hash64(german[k], 3);
  for (size_t i = 0; i < words->n; i++)
    for (size_t k = 0; k < 4; k++) n += words->hash[i] == hash[k];
  return n * 100 < words->n * GERMAN_PERCENT;
}

/* Most changes that gaps can give: every word is of one kind, and may belong
 * to an attribution beside. */
static size_t most_changes(const collector *c, const rp_measures *m) {
  size_t n = 2 * CREDIT_RUNS;
  for (size_t k = 0; k < m->n_chain; k++) {
    for (uint32_t i = m->chain[k].a_start; i < m->chain[k].a_end; i++) n += c->side[0].match[i] < 0 ? 2 : 0;
    for (uint32_t i = m->chain[k].b_start; i < m->chain[k].b_end; i++) n += c->side[1].match[i] < 0 ? 2 : 0;
  }
  return n;
}

static rp_status changes_sort(collector *c, rp_arena *arena, rp_error *error) {
  rp_key32 *key = RP_NEW(arena, rp_key32, c->n), *scratch = RP_NEW(arena, rp_key32, c->n);
  rp_change *sorted = RP_NEW(arena, rp_change, c->n);
  if (!key || !scratch || !sorted) return rp_fail_memory(error);
  for (size_t k = 0; k < c->n; k++)
    key[k] = (rp_key32){(uint64_t)c->change[k].a_start << 32 | c->change[k].b_start, (uint32_t)k};
  rp_sort_key32(key, scratch, c->n);
  for (size_t k = 0; k < c->n; k++) sorted[k] = c->change[key[k].value];
  c->change = sorted;
  return RP_OK;
}

rp_status rp_changes_find(const rp_words *a, const rp_words *b, const rp_measures *measures, rp_arena *arena,
                          const rp_change **out, size_t *n_out, rp_error *error) {
  bool names = has_names(a) && has_names(b);
  collector c = {.side = {{a, measures->match_a, names}, {b, measures->match_b, names}}};
  c.cap = most_changes(&c, measures);
  c.change = RP_NEW(arena, rp_change, c.cap);
  if (!c.change) return rp_fail_memory(error);
  for (size_t k = 0; k < measures->n_chain; k++) chain_compare(&c, &measures->chain[k]);
  if (measures->matched >= CREDITED_WORDS) credits_compare(&c);
  RP_TRY(changes_sort(&c, arena, error));
  *out = c.change;
  *n_out = c.n;
  return RP_OK;
}
