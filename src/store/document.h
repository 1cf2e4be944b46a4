/* document.h - payloads: documents end to end in frames of about 16 KB, each
 * compressed by itself (zstd, no dictionary), frames in groups that are one
 * value each. */
#ifndef RP_STORE_DOCUMENT_H
#define RP_STORE_DOCUMENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

enum {
  RP_FRAME_BYTES = 16 << 10, /* a frame is closed when it has so much */
  RP_GROUP_BYTES = 128 << 10,
  RP_PAYLOAD_MAX = 256 << 20,
};

/* A compressor; one thread's. */
typedef struct rp_packer rp_packer;
rp_packer *rp_packer_new(void); /* NULL: memory */
void rp_packer_free(rp_packer *packer);

/* How many of the n > 0 payloads the next group takes. */
size_t rp_group_fit(const rp_str *payload, size_t n);
/* Appends the value of a group of these documents to `out`. */
RP_CHECKED rp_status rp_group_pack(rp_packer *packer, const rp_str *payload, size_t n, rp_buf *out, rp_error *error);

typedef struct rp_group {
  uint32_t n_doc, n_frame;
  const uint8_t *frames;  /* their table */
  const uint8_t *lengths; /* varints, up to body */
  const uint8_t *body, *end;
} rp_group;

typedef struct rp_frame_place {
  uint32_t frame;     /* which one */
  size_t start;       /* of its bytes in the body */
  size_t offset, len; /* of the document in the decoded frame */
} rp_frame_place;

/* False where the bytes are no group. */
bool rp_group_open(const uint8_t *data, size_t len, rp_group *out);
/* Where document `index` < n_doc is; false: damaged. */
bool rp_group_place(const rp_group *group, uint32_t index, rp_frame_place *out);
/* A decompressor, kept because making one takes longer than a frame does; one
 * thread's. */
typedef struct rp_unpacker rp_unpacker;
rp_unpacker *rp_unpacker_new(void); /* NULL: memory */
void rp_unpacker_free(rp_unpacker *unpacker);

/* Are all its frames as they were written, and its lengths those of its frames? */
bool rp_group_is_sound(const rp_group *group);

/* Decodes the frame of a place into `out`, which is cleared first.  RP_ERR_DAMAGED without a message. */
RP_CHECKED rp_status rp_group_decode(rp_unpacker *unpacker, const rp_group *group, const rp_frame_place *place,
                                     rp_buf *out);
/* Decodes all documents: `payload` has room for n_doc, which point into `storage`. */
RP_CHECKED rp_status rp_group_unpack(rp_unpacker *unpacker, const rp_group *group, rp_buf *storage, rp_str *payload);

#endif
