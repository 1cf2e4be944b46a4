#include "store/check.h"

#include "base/bytes.h"
#include "store/note.h"
#include "store/page.h"
#include "store/record.h"

enum { ATTEMPTS = 100 };

/* ---- pages ------------------------------------------------------------------------------ */

rp_status rp_check_pages(rp_store *store, rp_findings *findings, bool *is_readable, rp_error *error) {
  rp_status status = RP_ERR_BUSY;
  for (int attempt = 0; attempt < ATTEMPTS && status == RP_ERR_BUSY; attempt++) {
    rp_txn txn;
    rp_place *place;
    RP_TRY(rp_store_begin(store, &place, &txn, error));
    status = rp_pages_check(&txn, RP_PAGES_ALL, findings, is_readable, error);
    rp_db_abort(&txn);
    rp_store_leave(store, place);
  }
  if (status == RP_ERR_BUSY)
    return rp_fail(error, RP_ERR_BUSY, "index '%s' changes faster than it can be read", store->dir);
  return status;
}

/* ---- snapshots of one state ------------------------------------------------------------ */

static bool is_same_state(const rp_snapshot *a, const rp_snapshot *b) {
  return a->place == b->place && mdb_txn_id(a->txn.txn) == mdb_txn_id(b->txn.txn);
}

static void end_all(rp_snapshot **snapshot, unsigned n) {
  for (unsigned i = 0; i < n; i++) rp_snapshot_end(snapshot[i]);
}

rp_status rp_check_begin(rp_store *store, unsigned n, rp_snapshot **out, unsigned *n_out, rp_error *error) {
  for (int attempt = 0;; attempt++) {
    unsigned wanted = attempt < ATTEMPTS ? n : 1, got = 0, same = 0;
    rp_status status = RP_OK;
    for (; got < wanted && status == RP_OK; got += status == RP_OK) status = rp_snapshot_begin(store, &out[got], error);
    while (same < got && is_same_state(out[0], out[same])) same++;
    if (status == RP_OK && same == wanted) {
      *n_out = wanted;
      return RP_OK;
    }
    end_all(out, got);
    RP_TRY(status);
  }
}

/* ---- arrays ----------------------------------------------------------------------------- */

struct array {
  uint8_t kind;
  const char *part;
  uint32_t per_chunk;
  size_t size;         /* bits of an element */
  bool may_be_nothing; /* an empty value stands for zeros */
};

static bool is_failure(rp_status status) { return status != RP_OK && status != RP_ERR_DAMAGED; }

static void say_range(const struct array *a, uint32_t first, uint32_t end, const char *what, rp_findings *findings) {
  const rp_finding_place place = RP_FINDING_OF(a->part);
  if (end - first == 1)
    rp_findings_add(findings, &place, "those of document %u are %s", (unsigned)first, what);
  else
    rp_findings_add(findings, &place, "those of documents %u to %u are %s", (unsigned)first, (unsigned)end - 1, what);
}

/* Block by block, so that what is named is what was hit. */
static void check_blocks(const struct array *a, const uint8_t *data, size_t len, uint32_t first, uint32_t end,
                         rp_findings *findings) {
  for (size_t block = 0; block * RP_BLOCK < len; block++) {
    if (rp_record_is_good(data, len, block)) continue;
    size_t from = block * RP_BLOCK * 8 / a->size, to = ((block + 1) * RP_BLOCK * 8 + a->size - 1) / a->size;
    say_range(a, first + (uint32_t)from, to < end - first ? first + (uint32_t)to : end, "damaged", findings);
  }
}

static rp_status check_array(rp_snapshot *s, const struct array *a, rp_findings *findings, rp_error *error) {
  uint32_t n = s->manifest.n_number;
  for (uint32_t i = 0; i < rp_manifest_chunks(n, a->per_chunk); i++) {
    uint32_t first = i * a->per_chunk, left = n - first, end = first + (left < a->per_chunk ? left : a->per_chunk);
    rp_bytes v;
    size_t len;
    rp_status status = rp_db_get(&s->txn, rp_key_chunk(a->kind, i), &v, error);
    if (is_failure(status)) return status;
    uint32_t held = a->may_be_nothing ? end - first : a->per_chunk;
    if (status != RP_OK)
      say_range(a, first, end, "missing", findings);
    else if (!rp_record_data_len(v.len, &len) || (len != held * a->size / 8 && (len || !a->may_be_nothing)))
      say_range(a, first, end, "damaged", findings);
    else
      check_blocks(a, v.data, len, first, end, findings);
  }
  return RP_OK;
}

static const struct array arrays[] = {
    {RP_KIND_TOMBSTONE, "tombstones", RP_TOMBSTONE_CHUNK, 1, false},
    {RP_KIND_ROW, "rows", RP_ROW_CHUNK, (size_t)RP_ROW_BYTES * 8, true},
    {RP_KIND_SIGNATURE, "signatures", RP_SIGNATURE_CHUNK, (size_t)RP_STORE_SIGNATURE * 8, true},
};

/* ---- documents ---------------------------------------------------------------------------- */

static rp_status check_groups(rp_snapshot *s, rp_findings *findings, rp_error *error) {
  const rp_finding_place place = RP_FINDING_OF("texts");
  uint64_t bytes = 0, end = 0;
  for (uint32_t next = 0, first; next < s->manifest.n_number; next = first + 1) {
    rp_bytes v;
    rp_group group;
    rp_status status = rp_db_get_at_least(&s->txn, RP_KIND_DOCUMENT, next, &first, &v, error);
    if (status == RP_ERR_NOT_FOUND || first >= s->manifest.n_number) break;
    if (status != RP_OK) return status;
    bytes += v.len;
    if (!rp_group_open(v.data, v.len, &group)) {
      rp_findings_add(findings, &place, "the list of those from document %u on is damaged", (unsigned)first);
      continue;
    }
    uint64_t group_end = (uint64_t)first + group.n_doc;
    if (first < end || group_end > s->manifest.n_number)
      rp_findings_add(findings, &place, "those of documents %u to %llu are there twice or too many", (unsigned)first,
                      (unsigned long long)group_end - 1);
    else if (!rp_group_is_sound(&group))
      rp_findings_add(findings, &place, "those of documents %u to %llu are damaged, in part or all of them",
                      (unsigned)first, (unsigned long long)group_end - 1);
    end = group_end > end ? group_end : end;
  }
  if (bytes != s->manifest.document_bytes)
    rp_findings_add(findings, &place, "there are %llu bytes of them, not the %llu that were counted",
                    (unsigned long long)bytes, (unsigned long long)s->manifest.document_bytes);
  return RP_OK;
}

/* ---- notes -------------------------------------------------------------------------------- */

static void say_missing(unsigned stream, uint32_t first, uint32_t end, rp_findings *findings) {
  const rp_finding_place place = RP_FINDING_OF("notes");
  if (end - first == 1)
    rp_findings_add(findings, &place, "number %u of stream %u is missing", (unsigned)first, stream);
  else
    rp_findings_add(findings, &place, "numbers %u to %u of stream %u are missing", (unsigned)first, (unsigned)end - 1,
                    stream);
}

struct stream {
  unsigned number;
  const rp_stream_info *info;
  uint32_t next; /* the least number that was not looked for */
  uint64_t n_good, n_outside, bytes;
};

static void check_note(struct stream *t, uint32_t number, rp_bytes v, rp_findings *findings) {
  const rp_finding_place place = RP_FINDING_OF("notes");
  rp_str data;
  if (number < t->info->first || number >= t->info->end) {
    t->n_outside++;
    return;
  }
  if (number > t->next) say_missing(t->number, t->next, number, findings);
  t->next = number + 1;
  if (rp_note_open(v, &data)) {
    t->n_good++;
    t->bytes += data.len;
  } else {
    rp_findings_add(findings, &place, "number %u of stream %u is damaged", (unsigned)number, t->number);
  }
}

/* Bytes are compared where nothing else is wrong. */
static void check_note_counts(const struct stream *t, rp_findings *findings) {
  const rp_finding_place place = RP_FINDING_OF("notes");
  if (t->next < t->info->end) say_missing(t->number, t->next, t->info->end, findings);
  if (t->n_outside)
    rp_findings_add(findings, &place, "%llu are outside of the numbers of stream %u", (unsigned long long)t->n_outside,
                    t->number);
  if (t->n_good == t->info->end - t->info->first && t->bytes != t->info->bytes)
    rp_findings_add(findings, &place, "those of stream %u have %llu bytes, not the %llu that were counted", t->number,
                    (unsigned long long)t->bytes, (unsigned long long)t->info->bytes);
}

/* From key to key, not from number to number: those that a manifest claims may
 * be four billion. */
static rp_status check_stream(rp_snapshot *s, unsigned number, rp_findings *findings, rp_error *error) {
  struct stream t = {.number = number, .info = &s->manifest.stream[number]};
  t.next = t.info->first;
  for (uint32_t from = 0, found;; from = found + 1) {
    rp_bytes v;
    rp_status status = rp_db_get_at_least(&s->txn, (uint8_t)(RP_KIND_NOTE + number), from, &found, &v, error);
    if (status == RP_ERR_NOT_FOUND) break;
    if (status != RP_OK) return status;
    check_note(&t, found, v, findings);
    if (found == UINT32_MAX) break;
  }
  check_note_counts(&t, findings);
  return RP_OK;
}

/* ---- the manifest --------------------------------------------------------------------------- */

static void check_counts(const rp_snapshot *s, rp_findings *findings) {
  const rp_finding_place place = RP_FINDING_OF("counts");
  uint32_t n_dead = 0;
  for (uint32_t doc = 0; doc < s->manifest.n_number; doc++) n_dead += !rp_snapshot_is_live(s, doc);
  if (n_dead != s->manifest.n_dead)
    rp_findings_add(findings, &place, "%u documents are removed, not the %u that were counted", (unsigned)n_dead,
                    (unsigned)s->manifest.n_dead);
}

/* Rows that cannot be read were found before. */
static rp_status check_dates(rp_snapshot *s, const rp_segment_info *info, rp_findings *findings, rp_error *error) {
  rp_finding_place place = RP_FINDING_OF("segment");
  place.segment = info->number;
  uint32_t n_live = 0, n_outside = 0;
  for (uint32_t doc = info->doc_first; doc < info->doc_end; doc++) {
    rp_row row;
    if (!rp_snapshot_is_live(s, doc)) continue;
    n_live++;
    rp_status status = rp_snapshot_row(s, doc, &row, error);
    if (is_failure(status)) return status;
    if (status == RP_OK) n_outside += row.earliest < info->least || row.earliest > info->greatest;
  }
  if (n_live != info->n_live)
    rp_findings_add(findings, &place, "%u of its documents are there, not the %u that were counted", (unsigned)n_live,
                    (unsigned)info->n_live);
  if (n_outside)
    rp_findings_add(findings, &place, "%u of its documents are dated outside its dates", (unsigned)n_outside);
  return RP_OK;
}

rp_status rp_check_values(rp_snapshot *s, rp_findings *findings, rp_error *error) {
  check_counts(s, findings);
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) RP_TRY(check_array(s, &arrays[i], findings, error));
  RP_TRY(check_groups(s, findings, error));
  for (unsigned i = 0; i < RP_N_STREAM; i++) RP_TRY(check_stream(s, i, findings, error));
  for (size_t i = 0; i < s->manifest.segment.n; i++)
    RP_TRY(check_dates(s, &s->manifest.segment.data[i], findings, error));
  return RP_OK;
}

void rp_check_counters(const rp_snapshot *s, rp_store_counters *out) {
  out->n_live = s->manifest.n_number - s->manifest.n_dead;
  for (int i = 0; i < RP_N_COUNTER; i++) out->counter[i] = s->manifest.counter[i];
}

/* ---- segments --------------------------------------------------------------------------------- */

bool rp_check_segment_of(const rp_snapshot *s, uint32_t doc, uint32_t *index, uint32_t *number) {
  for (size_t i = 0; i < s->manifest.segment.n; i++) {
    const rp_segment_info *info = &s->manifest.segment.data[i];
    if (doc < info->doc_first || doc >= info->doc_end) continue;
    *index = (uint32_t)i;
    *number = info->number;
    return true;
  }
  return false;
}

uint32_t rp_check_n_segment(const rp_snapshot *s) { return (uint32_t)s->manifest.segment.n; }

/* The longest list that a segment names must be so long. */
static rp_status check_longest(rp_segment *segment, rp_table table, rp_findings *findings, rp_error *error) {
  const rp_segment_table *t = &segment->table[table];
  const rp_finding_place place = {"segment", (int)table, segment->info->number, -1, {0}};
  uint64_t bytes = 0, first, n;
  for (uint32_t i = 0; i < t->n_chunk; i++) bytes += t->bytes[i];
  if (bytes != segment->info->n_byte[table])
    rp_findings_add(findings, &place, "it has %llu bytes, not the %llu that were counted", (unsigned long long)bytes,
                    (unsigned long long)segment->info->n_byte[table]);
  rp_status status = rp_segment_find(segment, table, t->longest_hash, &first, &n, error);
  if (is_failure(status)) return status;
  if (status == RP_OK && n != t->longest)
    rp_findings_add(findings, &place, "its longest list has %llu entries, not %llu", (unsigned long long)n,
                    (unsigned long long)t->longest);
  return RP_OK;
}

rp_status rp_check_list(rp_snapshot *s, rp_check_parts *out, rp_findings *findings, rp_error *error) {
  for (uint32_t i = 0; i < s->manifest.segment.n; i++) {
    rp_segment *segment;
    rp_status status = rp_snapshot_segment(s, i, &segment, error);
    if (is_failure(status)) return status;
    if (status != RP_OK) {
      rp_finding_place place = RP_FINDING_OF("segment");
      place.segment = s->manifest.segment.data[i].number;
      rp_findings_add(findings, &place, "its description is damaged or missing");
      continue;
    }
    for (int t = 0; t < RP_N_TABLE; t++) {
      RP_TRY(check_longest(segment, (rp_table)t, findings, error));
      for (uint32_t k = 0; k < segment->table[t].n_chunk; k++)
        if (!rp_vec_push(out, (rp_check_part){i, (rp_table)t, k})) return rp_fail_memory(error);
    }
  }
  return RP_OK;
}
