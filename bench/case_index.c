/* Articles to a durable index in a new folder, on all processors. */
#include <stdio.h>

#include "bench.h"
#include "folder.h"
#include "index_fill.h"

static rp_status run_index(const bench_corpus *corpus, void *state, uint64_t *check, rp_error *error) {
  (void)state;
  char path[FOLDER_PATH];
  RP_TRY(folder_make(path, error));
  rp_index *index = NULL;
  rp_index_stat stat = {.size = sizeof stat};
  rp_status status = index_fill(path, corpus, &index, error);
  if (status == RP_OK) status = rp_index_stat_get(index, &stat, error);
  rp_index_close(index);
  folder_remove(path);
  *check += stat.n_article;
  return status;
}

const bench_case case_index = {
    .name = "index", .what = "articles to a durable index", .is_wall = true, .run = run_index};
