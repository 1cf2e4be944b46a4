#include "sketch/sketch.h"

#include <string.h>

#include "base/hash.h"
#include "sketch/kernel.h"
#include "sketch/mix.h"

/* Scratch for one text: the shingles of both sizes. */
typedef struct both {
  rp_shingles three, five;
} both;

/* The common case, all words of one weight, in one pass and without the ranges
 * that nobody here looks at. */
static rp_status make_even(const rp_words *words, const rp_kernel *kernel, rp_arena *arena, both *out,
                           rp_error *error) {
  size_t n_three = words->n - RP_SKETCH_SHINGLE + 1, n_five = words->n - RP_WINNOW_SHINGLE + 1;
  uint64_t *three = RP_NEW(arena, uint64_t, n_three), *five = RP_NEW(arena, uint64_t, n_five);
  if (!three || !five) return rp_fail_memory(error);
  kernel->shingles_3_and_5(words->hash, n_five, three, five);
  for (size_t i = n_five; i < n_three; i++) three[i] = rp_mix_words(words->hash + i, RP_SKETCH_SHINGLE);
  *out = (both){.three = {.n = n_three, .hash = three}, .five = {.n = n_five, .hash = five}};
  return RP_OK;
}

static rp_status make_both(const rp_words *words, const rp_kernel *kernel, rp_arena *arena, both *out,
                           rp_error *error) {
  if (words->n >= RP_WINNOW_SHINGLE && !(kernel->any_flag(words->flag, words->n) & RP_WORD_LIGHT))
    return make_even(words, kernel, arena, out, error);
  RP_TRY(rp_shingles_make(words, RP_SKETCH_SHINGLE, arena, &out->three, error));
  return rp_shingles_make(words, RP_WINNOW_SHINGLE, arena, &out->five, error);
}

rp_status rp_sketch_make(const rp_words *words, rp_arena *arena, rp_sketch *out, rp_error *error) {
  const rp_kernel *kernel = rp_kernel_best();
  rp_arena_mark begin = rp_arena_get(arena);
  rp_fingerprint *room = RP_NEW(arena, rp_fingerprint, words->n);
  if (!room) return rp_fail_memory(error);
  both shingles = {0};
  RP_TRY(make_both(words, kernel, arena, &shingles, error));
  size_t n_fingerprint = rp_winnow_with(kernel, &shingles.five, room);
  if (shingles.three.n > 0)
    rp_minhash_sign_with(kernel, shingles.three.hash, shingles.three.n, out->signature);
  else
    memset(out->signature, 0, sizeof out->signature);

  /* about a fifth of the room was needed: the rest goes back with the shingles.
   * The bytes of `room` outlive the rewinding until something is written over
   * them, and what is asked for now is no more than they were. */
  rp_arena_rewind(arena, begin);
  rp_fingerprint *kept = RP_NEW(arena, rp_fingerprint, n_fingerprint);
  if (!kept) return rp_fail_memory(error);
  memmove(kept, room, n_fingerprint * sizeof *kept);
  out->n_word = (uint32_t)words->n;
  out->equal = rp_hash64(words->folded, words->folded_at[words->n]);
  out->n_fingerprint = n_fingerprint;
  out->fingerprint = n_fingerprint ? kept : NULL;
  return RP_OK;
}
