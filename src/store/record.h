/* record.h - a value that can be checked: data, then a checksum for each 4,096
 * bytes of it (format.h). */
#ifndef RP_STORE_RECORD_H
#define RP_STORE_RECORD_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/format.h"

/* The length of the record of `len` bytes of data. */
static inline size_t rp_record_len(size_t len) { return len + (len + RP_BLOCK - 1) / RP_BLOCK * 8; }

/* The length of the data of a record of `len` bytes; false: there is none. */
bool rp_record_data_len(size_t len, size_t *out);

/* Appends the checksums of all of `buf`, which becomes a record. */
void rp_record_seal(rp_buf *buf);
/* The same for `len` bytes of data with room for the checksums behind them. */
void rp_record_seal_at(uint8_t *data, size_t len);

/* Is block `block` of a record as it was written?  `len` is that of the data. */
bool rp_record_is_good(const uint8_t *record, size_t len, size_t block);
/* All blocks. */
bool rp_record_is_all_good(const uint8_t *record, size_t len);

#endif
