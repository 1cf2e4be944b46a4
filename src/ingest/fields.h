/* fields.h - which places of a record an article's fields are read from.
 *
 * A path is keys joined by dots; "[]" behind a key means each element of a
 * list: "story.body", "bodies[].value", "authors[]". */
#ifndef RP_INGEST_FIELDS_H
#define RP_INGEST_FIELDS_H

#include "base/arena.h"
#include "base/err.h"
#include "reprint/ingest.h"

typedef enum rp_field_kind {
  RP_FIELD_ID = 0,
  RP_FIELD_URL,
  RP_FIELD_TEXT,
  RP_FIELD_TITLE,
  RP_FIELD_PUBLISHER,
  RP_FIELD_PUBLISHED,
  RP_FIELD_LANG,
  RP_FIELD_AUTHORS,
  RP_FIELD_STATUS, /* pubStatus: "usable", "withheld", "canceled" */
  RP_FIELD_LINK,   /* infoSources */
  RP_FIELD_COUNT
} rp_field_kind;

enum { RP_PATH_STEPS = 8 };

typedef struct rp_path {
  struct {
    const char *key;
    bool each; /* then each element of the list that it names */
  } step[RP_PATH_STEPS];
  size_t n_step;
  bool not_url; /* a value that reads as a URL is passed over */
} rp_path;

/* For each kind the paths to try, in order. */
typedef struct rp_fields {
  const rp_path *path[RP_FIELD_COUNT];
  size_t n_path[RP_FIELD_COUNT];
} rp_fields;

/* The default names, each kind replaced that `field` names.  Everything lives
 * in the arena.  RP_ERR_ARGUMENT for an unknown name or a malformed path. */
RP_CHECKED rp_status rp_fields_init(const rp_field *field, size_t n_field, rp_arena *arena, rp_fields *out,
                                    rp_error *error);

/* The kind that a key of a text's head stands for ("Title", "Byline", "Date");
 * RP_FIELD_COUNT where it stands for none.  Case does not matter. */
rp_field_kind rp_fields_find_key(rp_str key);

/* The values of a record, as they stand there; {NULL, 0} where there is none.
 * They live in the arena of whoever filled them. */
typedef struct rp_values {
  rp_str value[RP_FIELD_COUNT];
} rp_values;

/* Without white space at both ends; empty for "None". */
rp_str rp_fields_trim(rp_str value);

#endif
