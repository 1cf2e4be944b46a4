#include "engine/entries.h"

#include "base/hash.h"

rp_status rp_entries_make(const rp_article *article, const rp_index_params *params, rp_arena *arena, rp_entries *out,
                          rp_error *error) {
  rp_words words;
  rp_sketch sketch;
  *out = (rp_entries){0};
  RP_TRY(rp_words_fold(article->text, arena, &words, error));
  out->equal = rp_hash64(words.folded, words.folded_at[words.n]);
  RP_TRY(rp_sketch_make(&words, arena, &sketch, error));
  out->n_word = sketch.n_word;
  if (sketch.n_word == 0) return RP_OK;
  rp_minhash_pack(sketch.signature, out->signature);
  uint64_t *band = RP_NEW(arena, uint64_t, params->n_band);
  uint64_t *key = RP_NEW(arena, uint64_t, params->n_band + sketch.n_fingerprint + 3);
  if (!band || !key) return rp_fail_memory(error);
  rp_lsh_bands(sketch.signature, params->n_band, params->n_row, band);
  size_t n = 0;
  for (uint32_t i = 0; i < params->n_band; i++) key[n++] = rp_entry_key(RP_TABLE_BAND, band[i], 0);
  for (size_t i = 0; i < sketch.n_fingerprint; i++)
    key[n++] = rp_entry_key(RP_TABLE_FINGERPRINT, sketch.fingerprint[i].hash, (uint16_t)sketch.fingerprint[i].word);
  key[n++] = rp_entry_key(RP_TABLE_EQUAL, sketch.equal, 0);
  key[n++] = rp_entry_key(RP_TABLE_ID, rp_hash64(article->id.data, article->id.len), 0);
  if (article->url.len) key[n++] = rp_entry_key(RP_TABLE_URL, rp_hash64(article->url.data, article->url.len), 0);
  out->key = key;
  out->n = n;
  return RP_OK;
}
