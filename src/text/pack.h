/* pack.h - the last pass of fast.h where words are taken out of the text by
 * whole blocks: all bytes that are kept, and one '\n' behind each word, move
 * together. */
#ifndef RP_TEXT_PACK_H
#define RP_TEXT_PACK_H

#include "text/stream.h"

/* Fills folded, folded_at and hash (room for `n_run` words and `text.len` +
 * n_run + RP_STREAM_PAD bytes); the number of words, at most `n_run`.  Needs
 * AVX2, and no word is a light one.  `number` is scratch
 * for n_run + 1. */
size_t rp_pack_words(const rp_stream *s, uint32_t *number, rp_words *out);

#endif
