/* One chunk of postings, block by block. */
#include "base/bytes.h"
#include "store/check.h"
#include "store/inside.h"
#include "store/order.h"

struct reading {
  const rp_check_reader *reader;
  rp_segment *segment;
  rp_table table;
  rp_finding_place place;
  rp_entry last; /* of the block before */
  bool has_last;
  bool is_whole;
  rp_error *error;
};

static void say(struct reading *r, const char *what, uint64_t first, uint64_t end) {
  r->is_whole = false;
  rp_findings_add(r->reader->findings, &r->place, "entries %llu to %llu are %s", (unsigned long long)first,
                  (unsigned long long)end - 1, what);
}

/* Hash, date, hash of id, number, position.  Where a row cannot be read, which
 * is found elsewhere, the order is left open. */
static rp_status is_in_order(const struct reading *r, const rp_entry *a, const rp_entry *b, bool *out) {
  *out = true;
  if (a->hash != b->hash) {
    *out = a->hash < b->hash;
    return RP_OK;
  }
  if (a->doc == b->doc) {
    *out = a->position <= b->position;
    return RP_OK;
  }
  rp_row x, y;
  rp_status status = rp_snapshot_row(r->reader->snapshot, a->doc, &x, r->error);
  if (status == RP_OK) status = rp_snapshot_row(r->reader->snapshot, b->doc, &y, r->error);
  if (status == RP_ERR_DAMAGED) return RP_OK;
  RP_TRY(status);
  *out = rp_order_compare_rows(&x, a->doc, &y, b->doc) < 0;
  return RP_OK;
}

static rp_status check_entries(struct reading *r, uint64_t first, const rp_posting *posting) {
  rp_entry *entry = r->reader->room;
  const rp_segment_info *info = r->segment->info;
  if (!rp_posting_read(posting, entry)) {
    say(r, "damaged", first, first + posting->n);
    return RP_OK;
  }
  for (size_t i = 0; i < posting->n; i++)
    if (entry[i].doc < info->doc_first || entry[i].doc >= info->doc_end) {
      say(r, "of documents that the segment does not have", first, first + posting->n);
      return RP_OK;
    }
  bool is_sorted = true;
  for (size_t i = 0; i < posting->n && is_sorted; i++) {
    if (r->has_last) RP_TRY(is_in_order(r, &r->last, &entry[i], &is_sorted));
    r->last = entry[i];
    r->has_last = true;
  }
  if (!is_sorted) say(r, "out of order", first, first + posting->n);
  if (r->reader->visit) r->reader->visit(r->reader->user, r->table, entry, posting->n);
  return RP_OK;
}

static rp_status read_block(struct reading *r, uint64_t first, uint64_t end, uint64_t hash) {
  rp_segment_cursor cursor = {0};
  rp_status status = rp_segment_seek(r->segment, r->table, first, &cursor, r->error);
  if (status == RP_ERR_DAMAGED) {
    say(r, "damaged", first, end);
    r->has_last = false;
    return RP_OK;
  }
  RP_TRY(status);
  if (cursor.first != first || cursor.end != end || cursor.posting.first != hash) {
    say(r, "not where they are searched for", first, end);
    return RP_OK;
  }
  return check_entries(r, first, &cursor.posting);
}

/* The entry before the chunk, for the order. */
static rp_status read_last(struct reading *r, uint64_t first) {
  rp_segment_cursor cursor = {0};
  if (first == 0) return RP_OK;
  rp_status status = rp_segment_seek(r->segment, r->table, first - 1, &cursor, r->error);
  if (status == RP_ERR_DAMAGED) return RP_OK;
  RP_TRY(status);
  if (!rp_posting_read(&cursor.posting, r->reader->room)) return RP_OK;
  r->last = r->reader->room[cursor.posting.n - 1];
  r->has_last = true;
  return RP_OK;
}

static rp_status read_chunk(struct reading *r, uint32_t number) {
  const rp_segment_table *t = &r->segment->table[r->table];
  uint64_t first = t->first[number], end = t->first[number + 1];
  rp_segment_cursor cursor = {0};
  RP_TRY(read_last(r, first));
  /* seeking opens the chunk; its first block may be damaged and the others not */
  rp_status status = rp_segment_seek(r->segment, r->table, first, &cursor, r->error);
  if (status != RP_OK && status != RP_ERR_DAMAGED) return status;
  const rp_segment_chunk *c = t->chunk[number];
  if (!c) {
    say(r, "damaged or missing", first, end);
    return RP_OK;
  }
  for (uint32_t b = 0; b < c->n_block; b++) {
    uint64_t from = first + rp_load32(c->first + 4 * (size_t)b);
    uint64_t to = b + 1 < c->n_block ? first + rp_load32(c->first + 4 * (size_t)(b + 1)) : end;
    RP_TRY(read_block(r, from, to, rp_load64(c->hash + 8 * (size_t)b)));
  }
  return RP_OK;
}

rp_status rp_check_read(const rp_check_reader *reader, const rp_check_part *part, bool *is_whole, rp_error *error) {
  struct reading r = {.reader = reader, .table = part->table, .is_whole = true, .error = error};
  rp_status status = rp_snapshot_segment(reader->snapshot, part->segment, &r.segment, error);
  if (status == RP_OK) {
    r.place = (rp_finding_place){"segment", (int)part->table, r.segment->info->number, -1, {0}};
    status = read_chunk(&r, part->chunk);
  }
  *is_whole = r.is_whole;
  return status;
}
