/* hash.h - XXH3 (xxHash, BSD-2), inlined: it is the hot path.  The only place
 * that includes xxhash.h.  Seed 0 everywhere, so that hashes are those of the
 * published algorithm; as integers, they are stored little-endian. */
#ifndef RP_BASE_HASH_H
#define RP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
#define XXH_INLINE_ALL
#include <xxhash.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

typedef struct rp_hash128 {
  uint64_t low, high;
} rp_hash128;

/* XXH3 64 bits of `len` bytes. */
static inline uint64_t rp_hash64(const void *data, size_t len) { return XXH3_64bits(data, len); }

/* XXH3 128 bits. */
static inline rp_hash128 rp_hash128_of(const void *data, size_t len) {
  XXH128_hash_t h = XXH3_128bits(data, len);
  return (rp_hash128){h.low64, h.high64};
}

#endif
