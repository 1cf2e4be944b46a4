/* Segments are merged in tiers of eight, neighbours only, so that their number
 * grows with the logarithm of what was added and a segment stays a stretch of
 * time.  Beyond 4 million documents a segment is left alone: merging it would
 * take longer than its queries gain. */
#include "store/inside.h"

enum { FAN = 8, MAX_DOCS = 1 << 22, MAX_TIER = 7 /* 8^7 documents: half of MAX_DOCS */ };

static unsigned tier_of(const rp_segment_info *info) {
  unsigned tier = 0;
  for (uint32_t n = info->n_live; n >= FAN; n /= FAN) tier++;
  return tier;
}

/* The first FAN segments of just this tier, with none of a higher one and
 * whatever there is of lower ones between them. */
static bool find_run(const rp_manifest *m, unsigned tier, size_t *first, size_t *end) {
  uint64_t n_doc = 0;
  unsigned n = 0;
  for (size_t i = 0; i < m->segment.n; i++) {
    const rp_segment_info *info = &m->segment.data[i];
    if (tier_of(info) > tier || n_doc + info->n_live > MAX_DOCS) n = 0;
    if (tier_of(info) == tier && n++ == 0) {
      *first = i;
      n_doc = 0;
    }
    n_doc += info->n_live;
    if (n == FAN) {
      *end = i + 1;
      return true;
    }
  }
  return false;
}

static rp_status find(rp_store *store, size_t *first, size_t *end, bool *is_found, rp_error *error) {
  rp_place *place;
  rp_txn txn;
  rp_manifest m = {0};
  *is_found = false;
  RP_TRY(rp_store_begin(store, &place, &txn, error));
  rp_status status = rp_manifest_read(&txn, &m, error);
  for (unsigned tier = 0; status == RP_OK && !*is_found && tier <= MAX_TIER; tier++)
    *is_found = find_run(&m, tier, first, end);
  rp_manifest_release(&m);
  rp_db_abort(&txn);
  rp_store_leave(store, place);
  return status;
}

rp_status rp_store_tidy(rp_store *store, unsigned n_thread, rp_error *error) {
  for (;;) {
    size_t first = 0, end = 0;
    bool is_found;
    RP_TRY(find(store, &first, &end, &is_found, error));
    if (!is_found) return RP_OK;
    RP_TRY(rp_store_join(store, first, end, n_thread, error));
  }
}
