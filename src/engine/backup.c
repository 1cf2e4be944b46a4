#include <assert.h>

#include "engine/index.h"

rp_status rp_index_backup(rp_index *index, const char *dest, uint64_t *bytes, rp_error *error) {
  assert(index && dest && bytes);
  return rp_store_copy(index->store, dest, false, bytes, error);
}
