#include "engine/settings.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "sketch/sketch.h"

enum { DEFAULT_BANDS = 35, DEFAULT_ROWS = 3 };

static const char magic[4] = {'R', 'P', 'S', 'T'};

/* Touches every rule that decides a word: marks, accents, entities, numbers,
 * apostrophes, several scripts, a broken byte, and more words than a window. */
static const char probe[] =
    "HARBOUR TOWN (Probe) - The mayor\xE2\x80\x99s \xE2\x80\x9Cplan\xE2\x80\x9D for 12,500 homes, 3.5 per cent more "
    "than in 2019, "
    "won\x27t pass &amp; the caf\xC3\xA9 owners don?t mind.\n\nSeven of twelve na\xC3\xAFve councillors \xE2\x80\x94 "
    "all "
    "re-elected \xE2\x80\x94 said \xC2\xABnon\xC2\xBB. \xD0\x9C\xD0\xBE\xD1\x81\xD1\x82 "
    "\xD0\xBE\xD1\x82\xD0\xBA\xD1\x80\xD1\x8B"
    "\xD1\x82. \xE6\x96\xB0\xE8\x81\x9E\xE7\xA4\xBE\xE6\x9D\xB1\xE4\xBA\xAC \xEA\xB5\xAD\xEA\xB0\x80 "
    "\xCE\x91\xCE\xB8\xCE\xAE\xCE\xBD"
    "\xCE\xB1 \xFFStra\xC3\x9F"
    "e \xEF\xAC\x81ne soft\xC2\xADhyphen.\n";

static rp_status probe_hash(const rp_index_params *params, uint64_t *out, rp_error *error) {
  rp_arena arena;
  rp_arena_init(&arena);
  rp_buf bytes;
  rp_buf_init(&bytes);
  rp_words words;
  rp_sketch sketch;
  uint64_t band[RP_SIGNATURE_SIZE];
  rp_status status;
  RP_TRY_OUT(rp_words_fold((rp_str){probe, sizeof probe - 1}, &arena, &words, error));
  RP_TRY_OUT(rp_sketch_make(&words, &arena, &sketch, error));
  rp_lsh_bands(sketch.signature, params->n_band, params->n_row, band);
  rp_buf_add64(&bytes, sketch.equal);
  for (size_t i = 0; i < RP_SIGNATURE_SIZE; i++) rp_buf_add32(&bytes, sketch.signature[i]);
  for (size_t i = 0; i < params->n_band; i++) rp_buf_add64(&bytes, band[i]);
  for (size_t i = 0; i < sketch.n_fingerprint; i++) {
    rp_buf_add64(&bytes, sketch.fingerprint[i].hash);
    rp_buf_add32(&bytes, sketch.fingerprint[i].word);
  }
  if (bytes.failed)
    status = rp_fail_memory(error);
  else
    *out = rp_hash64(bytes.data, bytes.len);
out:
  rp_buf_release(&bytes);
  rp_arena_release(&arena);
  return status;
}

rp_status rp_settings_complete(rp_index_params *params, rp_error *error) {
  params->size = sizeof *params;
  if (params->n_band == 0) params->n_band = DEFAULT_BANDS;
  if (params->n_row == 0) params->n_row = DEFAULT_ROWS;
  if (params->n_band > RP_SIGNATURE_SIZE || params->n_row > RP_SIGNATURE_SIZE ||
      params->n_band * params->n_row > RP_SIGNATURE_SIZE)
    return rp_fail(error, RP_ERR_ARGUMENT, "bands x rows must be at most %d, not %u x %u", RP_SIGNATURE_SIZE,
                   params->n_band, params->n_row);
  return RP_OK;
}

rp_status rp_settings_encode(const rp_index_params *params, rp_buf *out, rp_error *error) {
  uint64_t hash = 0;
  RP_TRY(probe_hash(params, &hash, error));
  rp_buf_add(out, magic, sizeof magic);
  rp_buf_add32(out, RP_SIGNATURE_VERSION);
  rp_buf_add32(out, params->n_band);
  rp_buf_add32(out, params->n_row);
  rp_buf_add32(out, RP_SIGNATURE_SIZE);
  rp_buf_add32(out, RP_SKETCH_SHINGLE);
  rp_buf_add32(out, RP_WINNOW_SHINGLE);
  rp_buf_add32(out, RP_WINNOW_WINDOW);
  rp_buf_add64(out, hash);
  return out->failed ? rp_fail_memory(error) : RP_OK;
}

rp_status rp_settings_decode(rp_str bytes, rp_index_params *out, rp_error *error) {
  rp_reader_bytes r = {.at = (const uint8_t *)bytes.data, .end = (const uint8_t *)bytes.data + bytes.len};
  if (bytes.len < sizeof magic || memcmp(bytes.data, magic, sizeof magic) != 0)
    return rp_fail(error, RP_ERR_DAMAGED, "index header is damaged");
  r.at += sizeof magic;
  uint32_t version = rp_read32(&r);
  rp_index_params params = {.size = sizeof params};
  params.n_band = rp_read32(&r);
  params.n_row = rp_read32(&r);
  uint32_t signature_size = rp_read32(&r), shingle = rp_read32(&r);
  uint32_t winnow_shingle = rp_read32(&r), window = rp_read32(&r);
  uint64_t stored = rp_read64(&r), computed = 0;
  if (r.failed || params.n_band == 0 || params.n_row == 0 || rp_settings_complete(&params, NULL) != RP_OK)
    return rp_fail(error, RP_ERR_DAMAGED, "index header is damaged");
  if (version != RP_SIGNATURE_VERSION)
    return rp_fail(error, RP_ERR_VERSION,
                   "index has signatures of version %u, this program makes version %d: index the articles again",
                   version, RP_SIGNATURE_VERSION);
  if (signature_size != RP_SIGNATURE_SIZE || shingle != RP_SKETCH_SHINGLE || winnow_shingle != RP_WINNOW_SHINGLE ||
      window != RP_WINNOW_WINDOW)
    return rp_fail(error, RP_ERR_VERSION, "index was made with other parameters: index the articles again");
  RP_TRY(probe_hash(&params, &computed, error));
  if (computed != stored)
    return rp_fail(error, RP_ERR_VERSION,
                   "index was made by a program that reads words differently (the probe text gives another "
                   "signature): index the articles again");
  *out = params;
  return RP_OK;
}
