/* posting.h - one block of postings: sorted entries in at most 4,096 bytes.
 *
 * Hashes are coded after Elias ("Efficient storage and retrieval by content
 * and address of static files", 1974) and Fano: low bytes as they are, the high
 * part in unary, at about 1 + range / 256^w / n bits an entry.  A search counts
 * zeros, touches one block and needs no decoding. */
#ifndef RP_STORE_POSTING_H
#define RP_STORE_POSTING_H

#include <stdbool.h>

#include "store/format.h"
#include "store/store.h"

/* How the entries of a table of a segment are written. */
typedef struct rp_posting_form {
  uint32_t doc_first;
  uint8_t doc_width;      /* 1..4 */
  uint8_t position_width; /* 0 or 2 */
} rp_posting_form;

/* Bytes of a position in a table. */
static inline uint8_t rp_posting_position_width(rp_table table) { return table == RP_TABLE_FINGERPRINT ? 2 : 0; }

/* How many of the `n` sorted entries the next block takes (n > 0: at least 1),
 * and with how many low bytes. */
size_t rp_posting_fit(const rp_entry *entry, size_t n, const rp_posting_form *form, uint8_t *low_width);
/* Writes them to `out`, which has room for RP_BLOCK bytes; the length. */
size_t rp_posting_write(const rp_entry *entry, size_t n, const rp_posting_form *form, uint8_t low_width, uint8_t *out);

typedef struct rp_posting {
  size_t n;
  uint64_t first; /* 40 bits */
  const uint8_t *low, *doc, *position, *unary;
  size_t n_word; /* 64-bit words of `unary` */
  uint8_t low_width, doc_width, position_width;
  uint32_t doc_first;
} rp_posting;

/* False where the bytes are no block of that form. */
bool rp_posting_open(const uint8_t *data, size_t len, const rp_posting_form *form, rp_posting *out);
/* Entries [start, end) have the 40-bit hash; those before have lower ones,
 * those from `end` on higher ones. */
void rp_posting_find(const rp_posting *posting, uint64_t hash, size_t *start, size_t *end);
/* Document and position of entry i < n; the hash is left alone. */
void rp_posting_get(const rp_posting *posting, size_t i, rp_entry *out);
/* All n entries with their hashes (low 24 bits 0); false where the unary part
 * does not hold n entries. */
bool rp_posting_read(const rp_posting *posting, rp_entry *out);

#endif
