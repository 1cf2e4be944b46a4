#include "index_fill.h"

#include <string.h>

#include "base/err.h"

rp_article index_article(const bench_corpus *corpus, size_t i, article_room *room) {
  snprintf(room->id, sizeof room->id, "a%zu", i);
  snprintf(room->publisher, sizeof room->publisher, "outlet%zu.example", i % INDEX_OUTLETS);
  int64_t published = INT64_C(1704067200) + (int64_t)i * 60;
  return (rp_article){.size = sizeof(rp_article),
                      .id = {room->id, strlen(room->id)},
                      .publisher = {room->publisher, strlen(room->publisher)},
                      .publisher_key = {room->publisher, strlen(room->publisher)},
                      .text = corpus->text.data[i],
                      .published = {published, published}};
}

static rp_status fill(rp_index *index, const bench_corpus *corpus, rp_error *error) {
  rp_writer *writer = NULL;
  RP_TRY(rp_writer_open(index, NULL, &writer, error));
  rp_status status = RP_OK;
  for (size_t i = 0; status == RP_OK && i < corpus->text.n; i++) {
    article_room room;
    rp_article article = index_article(corpus, i, &room);
    status = rp_writer_add(writer, &article, error);
  }
  if (status == RP_OK) status = rp_writer_commit(writer, error);
  rp_writer_close(writer);
  return status;
}

rp_status index_fill(const char *path, const bench_corpus *corpus, rp_index **out, rp_error *error) {
  rp_open_options options = {.size = sizeof options, .mode = RP_OPEN_CREATE};
  rp_index *index = NULL;
  RP_TRY(rp_index_open(path, &options, &index, error));
  rp_status status = fill(index, corpus, error);
  if (status == RP_OK)
    *out = index;
  else
    rp_index_close(index);
  return status;
}
