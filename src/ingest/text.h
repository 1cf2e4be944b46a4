/* text.h - a plain text as one article.  Its text is the file, byte for byte
 * where that is UTF-8; title line and head are marked ranges inside it. */
#ifndef RP_INGEST_TEXT_H
#define RP_INGEST_TEXT_H

#include "ingest/article.h"

void rp_text_read(rp_str bytes, const rp_settings *settings, const rp_origin *origin, rp_items *items);

#endif
