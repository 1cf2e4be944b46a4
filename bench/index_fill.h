/* index_fill.h - a corpus into an index. */
#ifndef RP_BENCH_INDEX_FILL_H
#define RP_BENCH_INDEX_FILL_H

#include "generate.h"

enum { INDEX_OUTLETS = 400 };

/* What article `i` of a corpus is called, and where and when it appeared;
 * strings are written to `room`. */
typedef struct article_room {
  char id[32], publisher[32];
} article_room;
rp_article index_article(const bench_corpus *corpus, size_t i, article_room *room);

/* Makes an index in `path` with all articles, durable; the caller closes it. */
rp_status index_fill(const char *path, const bench_corpus *corpus, rp_index **out, rp_error *error);

#endif
