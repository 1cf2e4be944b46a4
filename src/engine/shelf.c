#include "engine/shelf.h"

/* Bytes of texts from which a shelf is full: with their words ten times as many. */
enum { FULL_BYTES = 1 << 20 };

void rp_shelf_release(rp_shelf *shelf) {
  rp_map_release(&shelf->at);
  rp_vec_release(&shelf->entry);
}

static rp_status read_entry(const rp_shelf *shelf, uint32_t number, rp_arena *arena, rp_shelf_entry **out,
                            rp_error *error) {
  rp_shelf_entry *entry = RP_NEW0(arena, rp_shelf_entry, 1);
  if (!entry) return rp_fail_memory(error);
  entry->arena = arena;
  RP_TRY(rp_index_read(shelf->snapshot, number, arena, &entry->document, error));
  *out = entry;
  return RP_OK;
}

rp_status rp_shelf_read(rp_shelf *shelf, uint32_t number, rp_arena *arena, rp_shelf_entry **out, rp_error *error) {
  const uint32_t *known = rp_map_get(&shelf->at, number);
  if (known) {
    *out = shelf->entry.data[*known];
    return RP_OK;
  }
  if (shelf->text_bytes >= FULL_BYTES) return read_entry(shelf, number, arena, out, error);
  RP_TRY(read_entry(shelf, number, shelf->arena, out, error));
  shelf->text_bytes += (*out)->document.article.text.len;
  if (!rp_vec_push(&shelf->entry, *out)) return rp_fail_memory(error);
  if (!rp_map_put(&shelf->at, number, (uint32_t)(shelf->entry.n - 1), NULL)) return rp_fail_memory(error);
  return RP_OK;
}

rp_status rp_shelf_analyse(rp_shelf_entry *entry, rp_error *error) {
  if (entry->is_analysed) return RP_OK;
  RP_TRY(rp_analysis_make(&entry->document.article, entry->arena, &entry->analysis, error));
  entry->is_analysed = true;
  return RP_OK;
}
