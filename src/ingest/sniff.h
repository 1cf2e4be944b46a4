/* sniff.h - what a file holds, by its first bytes.  The name is only a hint:
 * where the bytes leave it open, and for which texts a folder's files count. */
#ifndef RP_INGEST_SNIFF_H
#define RP_INGEST_SNIFF_H

#include "reprint/ingest.h"

typedef enum rp_content {
  RP_CONTENT_MORE = 0, /* more bytes are needed to tell */
  RP_CONTENT_EMPTY,
  RP_CONTENT_JSONL,
  RP_CONTENT_JSON,
  RP_CONTENT_TEXT,
  RP_CONTENT_HTML,
  RP_CONTENT_XML,
  RP_CONTENT_BINARY,
} rp_content;

/* Bytes that are always enough. */
enum { RP_SNIFF_BYTES = 64 << 10 };

/* `is_all`: the file ends behind `bytes`. */
rp_content rp_sniff(rp_str bytes, rp_str path, bool is_all);

/* Whether a text of this name, met in a folder, is taken for an article: not
 * source code, settings, tables and the like. */
bool rp_sniff_is_text_name(rp_str path);

/* Whether the name begins with a dot. */
bool rp_sniff_is_hidden(rp_str path);

#endif
