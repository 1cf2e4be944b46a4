/* generate.h - articles that look like news to a machine: the same bytes for
 * the same seed, on every machine.
 *
 * Words come from a made vocabulary of 50,000 by Zipf's law, lengths of
 * articles are log-normal around 400 words, about 4% of the bytes are not
 * ASCII, and there are datelines, quotations, paragraphs and numbers. */
#ifndef RP_BENCH_GENERATE_H
#define RP_BENCH_GENERATE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/vec.h"

enum { GENERATE_VOCABULARY = 50000 };

typedef struct generator generator;

/* NULL where memory is short. */
generator *generator_new(uint64_t seed);
void generator_free(generator *g);

/* Appends one article, and its headline to `title` (may be NULL). */
void generate_article(generator *g, rp_buf *text, rp_buf *title);

/* Appends a copy of `text` with edits: cut short, a new lead, words exchanged,
 * or nothing at all. */
void generate_copy(generator *g, rp_str text, rp_buf *copy);

typedef struct generate_options {
  size_t n_article;
  double copy_share; /* share of articles that stand in groups of 2 to 20 copies */
  uint64_t seed;
} generate_options;

/* Writes JSON Lines; RP_ERR_IO or RP_ERR_FULL where that fails. */
rp_status generate_jsonl(const generate_options *options, FILE *file, rp_error *error);

/* Many articles in one piece of memory. */
typedef struct bench_corpus {
  rp_buf bytes;
  RP_VEC(rp_str) text;
} bench_corpus;

/* Whatever they return, `corpus_release` takes back what was made. */
rp_status corpus_make(bench_corpus *corpus, size_t bytes, uint64_t seed, rp_error *error);
/* Of every article an edited copy, in the same order. */
rp_status corpus_copy(const bench_corpus *from, uint64_t seed, bench_corpus *copy, rp_error *error);
void corpus_release(bench_corpus *corpus);

#endif
