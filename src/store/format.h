/* format.h - every byte of a store.
 *
 * DIR/current       decimal number N and a newline: the store is DIR/N/
 * DIR/writer        empty; its flock is the writer's lock
 * DIR/job           empty; its flock is that of a long job
 * DIR/N/data.mdb    LMDB, one unnamed database
 * DIR/N/lock.mdb    LMDB's table of readers
 *
 * Integers in keys are big-endian, so that keys sort as numbers; integers in
 * values are little-endian and not aligned.
 *
 * KEYS
 *   byte 0   then                            value
 *   01       -                               header
 *   02       -                               manifest
 *   10       chunk u32                       256 publisher keys
 *   11       chunk u32                       32,000 tombstone bits
 *   12       chunk u32                       1,360 rows
 *   13       chunk u32                       127 signatures
 *   14       first document u32              a group of documents
 *   15..1C   number u32                      a note of stream 0..7
 *   20       segment u32, FF, 0 u32          what a segment consists of
 *   20       segment u32, table u8, chunk    postings
 *
 * RECORD: header, manifest, publishers, tombstones, rows, signatures, notes and
 * the description of a segment.  `data`, then 8 bytes for each 4,096 bytes of data
 * or part of it: XXH3-64 of that block.  Its length gives the number of blocks:
 * ceil(length / 4104).
 *
 * HEADER
 *   0   8  "reprint\n"
 *   8   4  format version
 *   12  4  01020304: read as another number, the file is of another byte order
 *   16  v  settings, a string that belongs to the caller
 *
 * MANIFEST
 *   0   8  version of the content: 1 more with each batch
 *   8   4  numbers given      12  4  of them dead
 *   16  4  publishers         20  4  number of the next segment
 *   24  8  bytes of document groups
 *   32 64  eight counters
 *   96  4  of the dead, those that a compaction left out
 *   100 8 x (4 first note, 4 end of notes, 8 bytes of all its notes), for each stream
 *   228 4  segments, then for each, in the order of their documents:
 *       0   4  number
 *       4   4  first document    8   4  end of documents    12  4  live ones
 *       16  4  least date        20  4  greatest date (minutes; 7FFFFFFF: one is undated)
 *       24  4  length of its description   28  8  XXH3-64 of that value
 *       36  5 x (8 entries, 8 bytes)
 *
 * PUBLISHERS: end u32 of each key in the bytes behind, count from the
 * manifest; number 1 is the first key of chunk 0.
 *
 * ROW, 24 bytes
 *   0   4  earliest  4  4  latest  8  4  publisher  12  4  counted  16  8  hash of id
 *
 * SIGNATURE: 256 bytes.  An empty record stands for a chunk of nothing but
 * zeros; of rows too.
 *
 * DOCUMENT GROUP
 *   0   8  XXH3-64 of bytes 8 to the end of the head
 *   8   4  length of the head   12  4  documents   16  4  frames
 *   20     for each frame: XXH3-64 of its bytes (8), their count (4), count when
 *          decoded (4), documents in it (4)
 *          then the length of each document, a varint
 *          then the frames, each a zstd frame of documents end to end
 *
 * DESCRIPTION OF A SEGMENT
 *   0   4  number   4  4  first document   8  1  bytes of a document number (1..4)
 *   9   1  1: chunks follow inside this record
 *   10     for each table: entries u64, length of the longest list u64, its hash u64,
 *          chunks u32, then for each chunk: hash of its first entry u64, entries u32, bytes u32
 *          then, where byte 9 says so, the chunks themselves in that order
 *
 * CHUNK: at most 131,072 entries and 190 blocks
 *   0   8  XXH3-64 of bytes 8 to the first block
 *   8   4  blocks n   12  4  entries   16 8n  hash of each block's first entry
 *   +  8n  XXH3-64 of each block   +  4n  number of its first entry in the chunk
 *   The one block of a chunk follows its head at once; several start at byte
 *   4,080 (LMDB puts 16 bytes before a value, so they lie on pages) and are
 *   4,096 bytes each, but for the last.
 *
 * BLOCK: entries ascending by hash, date, hash of id, number, position.  Of a
 * hash its 40 high bits are kept: `w` bytes as they are, what is above them as
 * unary differences (Elias and Fano), so that nothing is lost when segments
 * are merged.
 *   0   2  entries n   2  1  w (0..5)   3  1  d, bytes of a document number
 *   4   1  p, bytes of a position (0 or 2)   5  1  0   6  2  u, bytes of the unary part
 *   8   8  hash of the first entry
 *   16  nw low bytes of (hash - first hash)
 *       nd document - first document of the segment
 *       np position
 *       u  bit (high part of entry i) + i is set for each i */
#ifndef RP_STORE_FORMAT_H
#define RP_STORE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

enum {
  RP_KIND_HEADER = 0x01,
  RP_KIND_MANIFEST = 0x02,
  RP_KIND_PUBLISHER = 0x10,
  RP_KIND_TOMBSTONE = 0x11,
  RP_KIND_ROW = 0x12,
  RP_KIND_SIGNATURE = 0x13,
  RP_KIND_DOCUMENT = 0x14,
  RP_KIND_NOTE = 0x15, /* of stream 0; the others follow */
  RP_KIND_SEGMENT = 0x20,
};

enum {
  RP_BLOCK = 4096,       /* what one checksum covers */
  RP_VALUE_HEAD = 4080,  /* a page less LMDB's 16 bytes */
  RP_CHUNK_BLOCKS = 190, /* 24 + 20 x 190 <= 4080; with the head 191 pages: 764 KB */
  RP_CHUNK_ENTRIES = 131072,
  RP_CHUNK_FIXED = 16, /* bytes of a chunk's head before its arrays */
  RP_CHUNK_PER_BLOCK = 20,

  /* elements a chunk, so that a chunk with its checksums and LMDB's 16 bytes fills pages */
  RP_PUBLISHER_CHUNK = 256,
  RP_TOMBSTONE_CHUNK = 32000,
  RP_ROW_CHUNK = 1360,
  RP_SIGNATURE_CHUNK = 127,
  RP_ROW_BYTES = 24,

  RP_HASH_SHIFT = 24, /* of a hash the 40 high bits are kept */
  RP_DESCRIPTION = 0xff,
};
#define RP_BYTE_ORDER_MARK UINT32_C(0x01020304)
#define RP_MAGIC "reprint\n"

typedef struct rp_key {
  uint8_t byte[10];
  size_t len;
} rp_key;

static inline void rp_key_put32(rp_key *key, uint32_t v) {
  for (int shift = 24; shift >= 0; shift -= 8) key->byte[key->len++] = (uint8_t)(v >> shift);
}

static inline rp_key rp_key_of(uint8_t kind) { return (rp_key){.byte = {kind}, .len = 1}; }

static inline rp_key rp_key_chunk(uint8_t kind, uint32_t number) {
  rp_key key = rp_key_of(kind);
  rp_key_put32(&key, number);
  return key;
}

static inline rp_key rp_key_segment(uint32_t segment, uint8_t table, uint32_t chunk) {
  rp_key key = rp_key_chunk(RP_KIND_SEGMENT, segment);
  key.byte[key.len++] = table;
  rp_key_put32(&key, chunk);
  return key;
}

static inline rp_key rp_key_note(unsigned stream, uint32_t number) {
  return rp_key_chunk((uint8_t)(RP_KIND_NOTE + stream), number);
}

/* The u32 that stands at `at` of a key read from disk; the caller checked the length. */
static inline uint32_t rp_key_get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

#endif
