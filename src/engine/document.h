/* document.h - an article as the bytes that the store keeps of it.
 * docs/format.md gives the bytes. */
#ifndef RP_ENGINE_DOCUMENT_H
#define RP_ENGINE_DOCUMENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* What is known of an article beside what its reader gave. */
typedef struct rp_document {
  rp_article article; /* published: see rp_document_date */
  int64_t first_seen; /* when this id was first indexed */
  rp_date stated;     /* the date this version states */
  rp_date before;     /* the earliest date that versions with other texts stated */
  uint32_t n_word, counted;
} rp_document;

/* An article's publication date: the earliest that any version stated. */
rp_date rp_document_date(rp_date stated, rp_date before);

/* Appends the bytes of a document; article.published is not looked at. */
RP_CHECKED rp_status rp_document_encode(const rp_document *document, rp_buf *out, rp_error *error);

/* Strings are borrowed from `bytes`, arrays live in `arena`; published is set
 * by rp_document_date.  RP_ERR_DAMAGED. */
RP_CHECKED rp_status rp_document_decode(rp_str bytes, rp_arena *arena, rp_document *out, rp_error *error);

/* Writes the fields that are settled late (first_seen, before, n_word,
 * counted) into bytes that rp_document_encode made. */
void rp_document_patch(char *bytes, const rp_document *document);

/* Whether two versions differ in nothing that is kept but what is settled late. */
bool rp_document_equal_metadata(const rp_article *a, const rp_article *b);

static inline bool rp_date_is_known(rp_date date) { return date.earliest <= date.latest; }

#endif
