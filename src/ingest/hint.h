/* hint.h - what the name of an element (class, id, role) says of its part in
 * the page.  General words of page building, in a few languages; no site's own. */
#ifndef RP_INGEST_HINT_H
#define RP_INGEST_HINT_H

#include "reprint/reprint.h"

typedef enum rp_hint {
  RP_HINT_NONE = 0,
  RP_HINT_BODY, /* the story's text */
  RP_HINT_COMMENT,
  RP_HINT_RELATED,
  RP_HINT_SHARE,
  RP_HINT_PROMO,
  RP_HINT_NOTICE, /* cookies, consent */
  RP_HINT_NAVIGATION,
  RP_HINT_META, /* byline, date, tags */
  RP_HINT_FOOTER,
  RP_HINT_CAPTION,
  RP_HINT_HIDDEN,
  RP_HINT_COUNT
} rp_hint;

/* "comment", "related stories"; NULL for NONE and BODY. */
const char *rp_hint_reason(rp_hint hint);

/* Of a class or id list; the first word that says something. */
rp_hint rp_hint_of(rp_str names);

/* Whether the names are those of the element around a story's text
 * ("entry-content", "article__body"). */
bool rp_hint_is_body(rp_str names);

/* What a short line of its own announces: RP_HINT_RELATED ("See also"),
 * RP_HINT_COMMENT ("Leave a reply"), RP_HINT_PROMO, RP_HINT_FOOTER, or nothing. */
rp_hint rp_hint_of_line(rp_str line);

#endif
