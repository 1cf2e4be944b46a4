/* article.h - from the values of a record to an article: its id, publisher,
 * date, whatever the format they were read from. */
#ifndef RP_INGEST_ARTICLE_H
#define RP_INGEST_ARTICLE_H

#include "ingest/fields.h"
#include "ingest/item.h"

/* What all readers of one run share. */
typedef struct rp_settings {
  rp_fields fields;
  rp_limits limits;      /* every bound is set */
  const char *id_prefix; /* "" where there is none */
  int timezone_minutes;
  int64_t now;
  bool keep_left_out;
} rp_settings;

/* Where and how a record stood. */
typedef struct rp_origin {
  rp_place place;
  bool is_file;  /* the file is this one article: its path may be its id */
  bool is_stdin; /* its path is never an id */
} rp_origin;

/* What a reader hands over besides the values. */
typedef struct rp_extra {
  const rp_mark *mark;
  size_t n_mark;
  const rp_link *link;
  size_t n_link;
  const rp_left_out *left_out;
  size_t n_left_out;
} rp_extra;

/* Appends the article to `items`, after the notes it gives rise to, or the
 * reason why it is none.  The values must live in the arena of `items` or
 * longer. */
void rp_article_finish(const rp_settings *settings, const rp_origin *origin, const rp_values *values,
                       const rp_extra *extra, rp_items *items);

/* The form in which names are compared: their folded words, a space between; a
 * name without a word stays as it is. */
RP_CHECKED rp_status rp_article_fold_name(rp_str name, rp_arena *arena, rp_str *out, rp_error *error);

#endif
