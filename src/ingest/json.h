/* json.h - one record of JSON becomes the values of an article.  The only file
 * with json-c.
 *
 * Lenient where a writer's slip harms nothing: NaN counts as absent, of two
 * equal keys the last holds, lone surrogates become U+FFFD. */
#ifndef RP_INGEST_JSON_H
#define RP_INGEST_JSON_H

#include "ingest/article.h"

/* A parser: one thread's. */
typedef struct rp_json_parser rp_json_parser;

RP_CHECKED rp_status rp_json_parser_new(unsigned depth, rp_json_parser **out, rp_error *error);
void rp_json_parser_free(rp_json_parser *parser);

/* Reads one record and appends what it is to `items`: an article, or the
 * reason why it is none.  Nothing of `record` is kept. */
void rp_json_read(rp_json_parser *parser, rp_str record, const rp_settings *settings, const rp_origin *origin,
                  rp_items *items);

/* What a page says of itself in JSON-LD (schema.org): the first article among
 * the objects of a script.  Unknown strings are {NULL, 0}. */
typedef struct rp_json_ld {
  bool is_found;
  rp_str headline, published, publisher, authors, url, body, based_on;
} rp_json_ld;

/* Broken JSON-LD is passed over; only memory fails. */
RP_CHECKED rp_status rp_json_ld_read(rp_json_parser *parser, rp_str script, rp_arena *arena, rp_json_ld *out,
                                     rp_error *error);

#endif
