#include "sketch/sketch.h"

#include <string.h>

#include "base/hash.h"

static rp_status sign(const rp_words *words, rp_arena *arena, rp_sketch *out, rp_error *error) {
  rp_shingles shingles;
  RP_TRY(rp_shingles_make(words, RP_SKETCH_SHINGLE, arena, &shingles, error));
  if (shingles.n > 0)
    rp_minhash_sign(shingles.hash, shingles.n, out->signature);
  else
    memset(out->signature, 0, sizeof out->signature);
  return RP_OK;
}

static rp_status fingerprint(const rp_words *words, rp_arena *arena, rp_fingerprint *room, size_t *n, rp_error *error) {
  rp_shingles shingles;
  RP_TRY(rp_shingles_make(words, RP_WINNOW_SHINGLE, arena, &shingles, error));
  *n = rp_winnow(&shingles, room);
  return RP_OK;
}

rp_status rp_sketch_make(const rp_words *words, rp_arena *arena, rp_sketch *out, rp_error *error) {
  rp_arena_mark begin = rp_arena_get(arena);
  rp_fingerprint *room = RP_NEW(arena, rp_fingerprint, words->n);
  if (!room) return rp_fail_memory(error);
  rp_sketch made;
  made.n_word = (uint32_t)words->n;
  made.equal = rp_hash64(words->folded, words->folded_at[words->n]);
  rp_arena_mark scratch = rp_arena_get(arena);
  RP_TRY(sign(words, arena, &made, error));
  rp_arena_rewind(arena, scratch);
  RP_TRY(fingerprint(words, arena, room, &made.n_fingerprint, error));

  /* about a fifth of the room was needed: the rest goes back with the scratch.
   * The bytes of `room` outlive the rewinding until something is written over
   * them, and the new place never lies behind them. */
  rp_arena_rewind(arena, begin);
  rp_fingerprint *kept = RP_NEW(arena, rp_fingerprint, made.n_fingerprint);
  if (!kept) return rp_fail_memory(error);
  memmove(kept, room, made.n_fingerprint * sizeof *kept);
  made.fingerprint = made.n_fingerprint ? kept : NULL;
  *out = made;
  return RP_OK;
}
