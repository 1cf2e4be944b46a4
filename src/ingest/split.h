/* split.h - where the records of a JSON file end: an array of objects, or
 * objects one after the other, with any white space between and within.
 *
 * The splitter only follows strings and brackets; whether a record is sound is
 * for json.h to say. */
#ifndef RP_INGEST_SPLIT_H
#define RP_INGEST_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: before the first byte of a file. */
typedef struct rp_split {
  size_t depth;
  bool in_string, is_escaped, in_array, in_record, is_scalar, saw_record, saw_array;
} rp_split;

typedef enum rp_split_event {
  RP_SPLIT_MORE = 0,  /* the bytes are used up */
  RP_SPLIT_START = 1, /* a record begins at *at */
  RP_SPLIT_END = 2,   /* a record ends before *at */
} rp_split_event;

/* Goes on at data[*at]; moves *at. */
rp_split_event rp_split_next(rp_split *split, const char *data, size_t len, size_t *at);

#endif
