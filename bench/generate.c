#include "generate.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

enum { WORD_BYTES = 32, ALIAS_BITS = 32, SENTENCE_MIN = 8, SENTENCE_SPAN = 24, PARAGRAPH_MIN = 2, PARAGRAPH_SPAN = 3 };

typedef struct vocabulary_word {
  uint8_t len;
  char text[WORD_BYTES - 1];
} vocabulary_word;

struct generator {
  uint64_t state;
  vocabulary_word word[GENERATE_VOCABULARY];
  /* Vose's alias method: a word in constant time */
  uint32_t keep[GENERATE_VOCABULARY], alias[GENERATE_VOCABULARY];
};

static uint64_t next(generator *g) {
  uint64_t x = g->state += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
  x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
  return x ^ x >> 32;
}

static uint32_t below(generator *g, uint32_t n) { return (uint32_t)((next(g) >> 32) * n >> 32); }

static bool chance(generator *g, uint32_t in_thousand) { return below(g, 1000) < in_thousand; }

/* Sum of twelve uniform numbers: near enough to a normal one, and the same on
 * every machine. */
static double normal(generator *g) {
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += (double)(next(g) >> 11) / 9007199254740992.0;
  return sum;
}

static const char *const consonant[] = {"b", "c",  "d",  "f",  "g",  "h",  "l",  "m",  "n", "p",
                                        "r", "s",  "t",  "v",  "w",  "st", "tr", "ch", "k", "th",
                                        "l", "nd", "nt", "ss", "pr", "r",  "n",  "s",  "t", "d"};
static const char *const vowel[] = {"a", "e", "i", "o", "u", "e", "a", "i", "o", "e", "ea", "io", "ou", "ai", "y", "e"};
static const char *const accented[] = {"é", "è", "ö", "ü", "ä", "ø", "å", "ñ", "ç", "ó"};

#define PICK(g, list) ((list)[below((g), sizeof(list) / sizeof *(list))])

static void append(vocabulary_word *w, const char *part) {
  size_t len = strlen(part);
  if (w->len + len > sizeof w->text) return;
  memcpy(w->text + w->len, part, len);
  w->len = (uint8_t)(w->len + len);
}

/* Frequent words are short: one syllable for the first hundred, then more. */
static void make_word(generator *g, size_t rank, vocabulary_word *w) {
  uint32_t syllables = rank < 150 ? 1 : rank < 3000 ? 1 + below(g, 2) : 2 + below(g, 3);
  w->len = 0;
  for (uint32_t i = 0; i < syllables; i++) {
    if (i > 0 || chance(g, 700)) append(w, PICK(g, consonant));
    append(w, chance(g, 52) ? PICK(g, accented) : PICK(g, vowel));
  }
  if (rank >= 150 || chance(g, 600)) append(w, PICK(g, consonant));
}

static bool make_alias(generator *g) {
  double *weight = rp_malloc(GENERATE_VOCABULARY * sizeof *weight);
  uint32_t *stack = rp_malloc(GENERATE_VOCABULARY * sizeof *stack);
  bool is_made = weight && stack;
  if (is_made) {
    double sum = 0;
    for (size_t i = 0; i < GENERATE_VOCABULARY; i++) sum += weight[i] = 1 / ((double)i + 2.7);
    size_t small = 0, large = GENERATE_VOCABULARY;
    for (uint32_t i = 0; i < GENERATE_VOCABULARY; i++) {
      weight[i] *= GENERATE_VOCABULARY / sum;
      stack[weight[i] < 1 ? small++ : --large] = i;
    }
    while (small > 0 && large < GENERATE_VOCABULARY) {
      uint32_t less = stack[--small], more = stack[large];
      g->keep[less] = (uint32_t)(weight[less] * UINT32_MAX);
      g->alias[less] = more;
      weight[more] -= 1 - weight[less];
      if (weight[more] >= 1) continue;
      large++;
      stack[small++] = more;
    }
    while (small > 0) g->keep[stack[--small]] = UINT32_MAX;
    while (large < GENERATE_VOCABULARY) g->keep[stack[large++]] = UINT32_MAX;
  }
  rp_free(weight);
  rp_free(stack);
  return is_made;
}

generator *generator_new(uint64_t seed) {
  generator *g = rp_malloc(sizeof *g);
  if (!g) return NULL;
  g->state = 7; /* the vocabulary is the same for all seeds */
  for (size_t i = 0; i < GENERATE_VOCABULARY; i++) make_word(g, i, &g->word[i]);
  if (!make_alias(g)) {
    rp_free(g);
    return NULL;
  }
  g->state = seed * UINT64_C(0xa24baed4963ee407);
  return g;
}

void generator_free(generator *g) { rp_free(g); }

static const vocabulary_word *pick_word(generator *g) {
  uint32_t i = below(g, GENERATE_VOCABULARY);
  return &g->word[(uint32_t)next(g) < g->keep[i] ? i : g->alias[i]];
}

static void add_word(generator *g, rp_buf *text, bool is_capital) {
  const vocabulary_word *w = pick_word(g);
  size_t at = text->len;
  rp_buf_add(text, w->text, w->len);
  if (is_capital && !text->failed && text->data[at] >= 'a' && text->data[at] <= 'z')
    text->data[at] = (char)(text->data[at] - 'a' + 'A');
}

static void add_number(generator *g, rp_buf *text) {
  switch (below(g, 4)) {
    case 0: rp_buf_printf(text, "%u", (unsigned)below(g, 100)); break;
    case 1: {
      unsigned rest = (unsigned)below(g, 1000); /* arguments have no order of their own */
      rp_buf_printf(text, "%u,%03u", 1 + (unsigned)below(g, 99), rest);
      break;
    }
    case 2: {
      unsigned rest = (unsigned)below(g, 10);
      rp_buf_printf(text, "%u.%u", (unsigned)below(g, 30), rest);
      break;
    }
    default: rp_buf_printf(text, "%u", 1950 + (unsigned)below(g, 80)); break;
  }
}

/* Gives how many words were written. */
static size_t add_sentence(generator *g, rp_buf *text) {
  size_t n = SENTENCE_MIN + below(g, SENTENCE_SPAN), n_quoted = chance(g, 180) ? 4 + below(g, 12) : 0;
  bool is_straight = chance(g, 300);
  if (n_quoted > n) n_quoted = n;
  for (size_t i = 0; i < n; i++) {
    if (i > 0) rp_buf_add_byte(text, ' ');
    if (n_quoted && i == 0) rp_buf_add_cstr(text, is_straight ? "\"" : "“");
    if (chance(g, 20))
      add_number(g, text);
    else
      add_word(g, text, i == 0 || chance(g, 90));
    if (chance(g, 12)) rp_buf_add_cstr(text, is_straight ? "'s" : "’s");
    if (n_quoted && i + 1 == n_quoted) rp_buf_add_cstr(text, is_straight ? ",\"" : ",”");
    if (i + 1 < n && chance(g, 60)) rp_buf_add_cstr(text, chance(g, 120) ? " —" : ",");
  }
  rp_buf_add_byte(text, '.');
  return n;
}

static const char *const agency[] = {"Norden Wire", "Halvo", "PRA", "Castell News"};
static const char *const month[] = {"Jan.", "Feb.", "March", "April", "May",  "June",
                                    "July", "Aug.", "Sept.", "Oct.",  "Nov.", "Dec."};

static void add_dateline(generator *g, rp_buf *text) {
  size_t at = text->len;
  add_word(g, text, true);
  for (size_t i = at; !text->failed && i < text->len; i++)
    if (text->data[i] >= 'a' && text->data[i] <= 'z') text->data[i] = (char)(text->data[i] - 'a' + 'A');
  const char *who = PICK(g, agency);
  unsigned day = 1 + (unsigned)below(g, 28);
  rp_buf_printf(text, ", %s %u (%s) — ", PICK(g, month), day, who);
}

void generate_article(generator *g, rp_buf *text, rp_buf *title) {
  double length = exp(log(350) + .55 * normal(g));
  size_t n = length < 20 ? 20 : length > 8000 ? 8000 : (size_t)length;
  for (size_t i = 0; title && i < 8; i++) {
    if (i > 0) rp_buf_add_byte(title, ' ');
    add_word(g, title, i == 0);
  }
  if (chance(g, 500)) add_dateline(g, text);
  for (size_t written = 0; written < n;) {
    if (written > 0) rp_buf_add_cstr(text, "\n\n");
    size_t sentences = PARAGRAPH_MIN + below(g, PARAGRAPH_SPAN);
    for (size_t i = 0; i < sentences && written < n; i++) {
      if (i > 0) rp_buf_add_byte(text, ' ');
      written += add_sentence(g, text);
    }
  }
}

/* Copies words one by one; of a thousand, `edits` become another one. */
static void add_edited(generator *g, rp_str text, uint32_t edits, rp_buf *copy) {
  for (size_t at = 0; at < text.len;) {
    const char *space = memchr(text.data + at, ' ', text.len - at);
    size_t end = space ? (size_t)(space - text.data) : text.len;
    if (chance(g, edits))
      add_word(g, copy, false);
    else
      rp_buf_add(copy, text.data + at, end - at);
    if (space) rp_buf_add_byte(copy, ' ');
    at = end + 1;
  }
}

static rp_str cut_at_paragraph(rp_str text, size_t len) {
  while (len > 1 && len < text.len && !(text.data[len] == '\n' && text.data[len - 1] != '\n')) len++;
  return (rp_str){text.data, len < text.len ? len : text.len};
}

void generate_copy(generator *g, rp_str text, rp_buf *copy) {
  switch (below(g, 5)) {
    case 0: rp_buf_add(copy, text.data, text.len); break;
    case 1: add_edited(g, text, 10 + below(g, 90), copy); break;
    case 2: add_edited(g, cut_at_paragraph(text, text.len * (30 + below(g, 60)) / 100), 5, copy); break;
    case 3:
      add_sentence(g, copy);
      rp_buf_add_cstr(copy, "\n\n");
      add_edited(g, text, 10, copy);
      break;
    default:
      rp_buf_add(copy, text.data, text.len);
      rp_buf_add_cstr(copy, "\n\n");
      add_sentence(g, copy);
      break;
  }
}

/* Articles are written one behind the other; only when the last one stands do
 * the bytes move no more. */
typedef struct corpus_writer {
  bench_corpus *corpus;
  RP_VEC(size_t) end;
} corpus_writer;

static bool corpus_end_article(corpus_writer *w) {
  return !w->corpus->bytes.failed && rp_vec_push(&w->end, w->corpus->bytes.len);
}

static bool corpus_finish(corpus_writer *w) {
  bench_corpus *c = w->corpus;
  if (!rp_vec_reserve(&c->text, w->end.n)) return false;
  for (size_t i = 0; i < w->end.n; i++) {
    size_t start = i ? w->end.data[i - 1] : 0;
    c->text.data[c->text.n++] = (rp_str){c->bytes.data + start, w->end.data[i] - start};
  }
  return true;
}

rp_status corpus_make(bench_corpus *corpus, size_t bytes, uint64_t seed, rp_error *error) {
  corpus_writer w = {.corpus = corpus};
  memset(corpus, 0, sizeof *corpus);
  generator *g = generator_new(seed);
  bool is_made = g != NULL;
  while (is_made && (w.end.n == 0 || corpus->bytes.len < bytes)) {
    generate_article(g, &corpus->bytes, NULL);
    is_made = corpus_end_article(&w);
  }
  is_made = is_made && corpus_finish(&w);
  rp_vec_release(&w.end);
  generator_free(g);
  return is_made ? RP_OK : rp_fail_memory(error);
}

rp_status corpus_copy(const bench_corpus *from, uint64_t seed, bench_corpus *copy, rp_error *error) {
  corpus_writer w = {.corpus = copy};
  memset(copy, 0, sizeof *copy);
  generator *g = generator_new(seed);
  bool is_made = g != NULL;
  for (size_t i = 0; is_made && i < from->text.n; i++) {
    generate_copy(g, from->text.data[i], &copy->bytes);
    is_made = corpus_end_article(&w);
  }
  is_made = is_made && corpus_finish(&w);
  rp_vec_release(&w.end);
  generator_free(g);
  return is_made ? RP_OK : rp_fail_memory(error);
}

void corpus_release(bench_corpus *corpus) {
  rp_buf_release(&corpus->bytes);
  rp_vec_release(&corpus->text);
}
