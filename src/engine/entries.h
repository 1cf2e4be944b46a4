/* entries.h - what an article leaves in the tables of postings, made again from
 * its text. */
#ifndef RP_ENGINE_ENTRIES_H
#define RP_ENGINE_ENTRIES_H

#include "engine/index.h"

/* An entry without its document, as one number: the 40 bits of its hash that
 * are kept, the table, the position. */
static inline uint64_t rp_entry_key(rp_table table, uint64_t hash, uint16_t position) {
  return (hash & ~UINT64_C(0xffffff)) | (uint64_t)table << 16 | position;
}
static inline rp_table rp_entry_key_table(uint64_t key) { return (rp_table)(key >> 16 & 0xff); }

typedef struct rp_entries {
  uint32_t n_word;
  uint16_t signature[RP_SIGNATURE_SIZE];
  uint64_t *key; /* in the arena; all tables */
  size_t n;
  uint64_t equal; /* of the folded words, as runs know them (known.h) */
} rp_entries;

RP_CHECKED rp_status rp_entries_make(const rp_article *article, const rp_index_params *params, rp_arena *arena,
                                     rp_entries *out, rp_error *error);

#endif
