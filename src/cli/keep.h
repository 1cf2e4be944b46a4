/* keep.h - articles that outlive the reader or the context they came from. */
#ifndef RP_CLI_KEEP_H
#define RP_CLI_KEEP_H

#include "base/arena.h"
#include "reprint/reprint.h"

/* A deep copy of `article` in `arena`. */
RP_CHECKED rp_status rp_keep(const rp_article *article, rp_arena *arena, rp_article *out, rp_error *error);

#endif
