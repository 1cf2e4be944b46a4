#include "engine/group_of.h"

#include "engine/naming.h"

void rp_group_of_release(rp_group_of *groups) {
  rp_map_release(&groups->at);
  rp_vec_release(&groups->id);
  *groups = (rp_group_of){0};
}

/* Of one document the last record counts. */
static rp_status note_member(void *user, const rp_ledger_record *record, rp_error *error) {
  rp_group_of *groups = user;
  uint64_t id = 0;
  rp_past_member member;
  if (record->data.data) RP_TRY(rp_past_member_decode(record->key, record->data, &id, &member, error));
  bool is_new;
  const uint32_t *at = rp_map_put(&groups->at, record->key, (uint32_t)groups->id.n, &is_new);
  if (!at || (is_new && !rp_vec_push(&groups->id, 0))) return rp_fail_memory(error);
  groups->id.data[*at] = id;
  return RP_OK;
}

rp_status rp_group_of_read(rp_group_of *groups, rp_snapshot *snapshot, rp_error *error) {
  uint32_t first, end;
  if (groups->is_there && groups->version == rp_snapshot_version(snapshot)) return RP_OK;
  rp_group_of_release(groups);
  rp_map_init(&groups->at);
  rp_snapshot_notes(snapshot, RP_STREAM_MEMBER, &first, &end);
  for (uint32_t i = first; i < end; i++) {
    rp_str note;
    RP_TRY(rp_snapshot_note(snapshot, RP_STREAM_MEMBER, i, &note, error));
    RP_TRY(rp_ledger_parse(note, note_member, groups, error));
  }
  groups->version = rp_snapshot_version(snapshot);
  groups->is_there = true;
  return RP_OK;
}

uint64_t rp_group_of_find(const rp_group_of *groups, uint32_t doc) {
  const uint32_t *at = rp_map_get(&groups->at, doc);
  return at ? groups->id.data[*at] : 0;
}
