#include "engine/naming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"

uint64_t rp_naming_key(rp_str id) { return rp_hash64(id.len ? id.data : "", id.len); }

void rp_naming_print(uint64_t id, char out[RP_CLUSTER_ID + 1]) {
  snprintf(out, RP_CLUSTER_ID + 1, "c:%016llx", (unsigned long long)id);
}

/* ---- bytes -------------------------------------------------------------------------- */

enum { LEAD = 1, KEPT = 2, GROUP = 0, ALIAS = 1 };

static rp_status damaged(const char *what, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "what is known of %s is not what was written", what);
}

rp_status rp_past_member_decode(uint64_t doc, rp_str bytes, uint64_t *group_id, rp_past_member *out, rp_error *error) {
  rp_reader_bytes r = {(const uint8_t *)bytes.data, (const uint8_t *)bytes.data + bytes.len, false};
  uint64_t id = rp_read64(&r);
  uint8_t verdict = rp_read8(&r), flags = rp_read8(&r);
  if (r.failed || doc >= UINT32_MAX || verdict > RP_BOILERPLATE_ONLY || flags > (LEAD | KEPT))
    return damaged("a group's article", error);
  *group_id = id;
  *out = (rp_past_member){.doc = (uint32_t)doc,
                          .group = RP_LINEAGE_NONE,
                          .verdict = (rp_verdict)verdict,
                          .is_lead = flags & LEAD,
                          .is_kept = flags & KEPT,
                          .id = {(const char *)r.at, (size_t)(r.end - r.at)}};
  out->key = rp_naming_key(out->id);
  return RP_OK;
}

rp_status rp_past_member_put(rp_naming *naming, uint64_t group_id, const rp_past_member *m, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add64(&buf, group_id);
  rp_buf_add_byte(&buf, (char)m->verdict);
  rp_buf_add_byte(&buf, (char)((m->is_lead ? LEAD : 0) | (m->is_kept ? KEPT : 0)));
  rp_buf_add(&buf, m->id.data, m->id.len);
  rp_str bytes = {buf.data, buf.len}, old;
  rp_status status = buf.failed ? rp_fail_memory(error) : RP_OK;
  bool is_same = status == RP_OK && rp_ledger_find(&naming->member, m->doc, &old) && rp_str_equal(old, bytes);
  if (status == RP_OK && !is_same) status = rp_ledger_put(&naming->member, m->doc, bytes, error);
  rp_buf_release(&buf);
  return status;
}

rp_status rp_past_group_decode(uint64_t id, rp_str bytes, rp_past_group *out, uint64_t *alias, rp_error *error) {
  rp_reader_bytes r = {(const uint8_t *)bytes.data, (const uint8_t *)bytes.data + bytes.len, false};
  uint8_t kind = rp_read8(&r);
  uint64_t value = kind == ALIAS ? rp_read64(&r) : rp_read_varint(&r);
  if (r.failed || r.at != r.end || kind > ALIAS || value == 0) return damaged("a group", error);
  *alias = kind == ALIAS ? value : 0;
  *out = (rp_past_group){.id = id, .born = kind == ALIAS ? 0 : value, .lead = UINT32_MAX};
  return RP_OK;
}

rp_status rp_past_group_put(rp_naming *naming, uint64_t id, uint64_t born, uint64_t alias, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add_byte(&buf, alias ? ALIAS : GROUP);
  if (alias)
    rp_buf_add64(&buf, alias);
  else
    rp_buf_add_varint(&buf, born);
  rp_str bytes = {buf.data, buf.len}, old;
  rp_status status = buf.failed ? rp_fail_memory(error) : RP_OK;
  bool is_same = status == RP_OK && rp_ledger_find(&naming->group, id, &old) && rp_str_equal(old, bytes);
  if (status == RP_OK && !is_same) status = rp_ledger_put(&naming->group, id, bytes, error);
  rp_buf_release(&buf);
  return status;
}

/* ---- what the last run left ------------------------------------------------------------ */

static int compare_past(const void *x, const void *y) {
  uint64_t p = ((const rp_past_group *)x)->id, q = ((const rp_past_group *)y)->id;
  return (p > q) - (p < q);
}

static int compare_members(const void *x, const void *y) {
  const rp_past_member *p = x, *q = y;
  if (p->group != q->group) return p->group < q->group ? -1 : 1;
  return (p->key > q->key) - (p->key < q->key);
}

static rp_status read_groups(rp_naming *n, rp_error *error) {
  n->past = RP_NEW(&n->arena, rp_past_group, n->group.record.n);
  if (!n->past) return rp_fail_memory(error);
  for (size_t i = 0; i < n->group.record.n; i++) {
    const rp_ledger_record *r = &n->group.record.data[i];
    uint64_t alias;
    rp_past_group group;
    if (!r->data.data) continue;
    RP_TRY(rp_past_group_decode(r->key, r->data, &group, &alias, error));
    if (!alias) n->past[n->n_past++] = group;
  }
  if (n->n_past) qsort(n->past, n->n_past, sizeof *n->past, compare_past);
  return RP_OK;
}

static uint32_t find_past(const rp_naming *n, uint64_t id) {
  rp_past_group key = {.id = id};
  const rp_past_group *found = n->n_past ? bsearch(&key, n->past, n->n_past, sizeof key, compare_past) : NULL;
  return found ? (uint32_t)(found - n->past) : RP_LINEAGE_NONE;
}

static rp_status read_members(rp_naming *n, rp_error *error) {
  n->past_member = RP_NEW(&n->arena, rp_past_member, n->member.record.n);
  if (!n->past_member) return rp_fail_memory(error);
  for (size_t i = 0; i < n->member.record.n; i++) {
    const rp_ledger_record *r = &n->member.record.data[i];
    uint64_t id;
    rp_past_member *m = &n->past_member[n->n_past_member];
    if (!r->data.data) continue;
    RP_TRY(rp_past_member_decode(r->key, r->data, &id, m, error));
    m->group = find_past(n, id);
    if (m->group == RP_LINEAGE_NONE) return damaged("a group", error);
    n->n_past_member++;
  }
  if (n->n_past_member) qsort(n->past_member, n->n_past_member, sizeof *n->past_member, compare_members);
  for (size_t i = 0; i < n->n_past_member; i++) {
    const rp_past_member *m = &n->past_member[i];
    rp_past_group *g = &n->past[m->group];
    if (g->n++ == 0) g->first = (uint32_t)i;
    if (m->is_lead) g->lead = (uint32_t)i;
    if (!rp_map_put(&n->past_at, m->key, (uint32_t)i, NULL)) return rp_fail_memory(error);
  }
  return RP_OK;
}

/* ---- groups of now ------------------------------------------------------------------------ */

static rp_status number_groups(const rp_all *all, rp_naming *n, rp_error *error) {
  n->number = RP_NEW(&n->arena, uint32_t, all->n_node);
  n->now = RP_NEW(&n->arena, uint32_t, all->stat.n_group);
  n->id = RP_NEW0(&n->arena, uint64_t, all->stat.n_group);
  n->born = RP_NEW0(&n->arena, uint64_t, all->stat.n_group);
  if (!n->number || !n->now || !n->id || !n->born) return rp_fail_memory(error);
  for (uint32_t i = 0; i < all->n_node; i++) {
    bool is_lowest = all->group[i] == i;
    n->number[i] = RP_LINEAGE_NONE;
    if (all->size[all->group[i]] < 2) continue;
    if (is_lowest) n->now[n->n_now] = i;
    n->number[i] = is_lowest ? n->n_now++ : n->number[all->group[i]];
  }
  return RP_OK;
}

static rp_status trace(const rp_all *all, rp_naming *n, rp_error *error) {
  size_t n_member = 0;
  rp_lineage_member *was = RP_NEW(&n->arena, rp_lineage_member, n->n_past_member);
  rp_lineage_member *is = RP_NEW(&n->arena, rp_lineage_member, all->n_node);
  rp_lineage_group *before = RP_NEW(&n->arena, rp_lineage_group, n->n_past);
  rp_lineage_group *now = RP_NEW(&n->arena, rp_lineage_group, n->n_now);
  if (!was || !is || !before || !now) return rp_fail_memory(error);
  for (size_t i = 0; i < n->n_past_member; i++)
    was[i] = (rp_lineage_member){n->past_member[i].key, n->past_member[i].group};
  for (uint32_t i = 0; i < n->n_past; i++) {
    const rp_past_group *g = &n->past[i];
    before[i] = (rp_lineage_group){g->id, g->born, g->lead == UINT32_MAX ? 0 : n->past_member[g->lead].key};
  }
  for (uint32_t i = 0; i < all->n_node; i++)
    if (n->number[i] != RP_LINEAGE_NONE)
      is[n_member++] = (rp_lineage_member){rp_naming_key(all->node[i].id), n->number[i]};
  for (uint32_t i = 0; i < n->n_now; i++)
    now[i] = (rp_lineage_group){0, 0, rp_naming_key(all->node[all->lead[n->now[i]]].id)};
  rp_lineage_side x = {was, n->n_past_member, before, n->n_past}, y = {is, n_member, now, n->n_now};
  return rp_lineage_trace(&x, &y, &n->arena, &n->lineage, error);
}

/* Its lead's, unless that is another group's by now, or was. */
static uint64_t new_id(const rp_naming *n, rp_str lead) {
  uint64_t part[2] = {rp_naming_key(lead), 0}, id = part[0];
  rp_str taken;
  while (id == 0 || rp_ledger_find(&n->group, id, &taken)) {
    part[1]++;
    id = rp_hash64(part, sizeof part);
  }
  return id;
}

static void call(const rp_all *all, rp_naming *n) {
  for (uint32_t i = 0; i < n->n_now; i++) {
    uint32_t origin = n->lineage.origin[i];
    n->id[i] = origin == RP_LINEAGE_NONE ? new_id(n, all->node[all->lead[n->now[i]]].id) : n->past[origin].id;
    n->born[i] = origin == RP_LINEAGE_NONE ? 0 : n->past[origin].born;
  }
}

rp_status rp_naming_make(const rp_all *all, rp_naming *out, rp_error *error) {
  rp_snapshot *snapshot = all->worker[0].snapshot;
  *out = (rp_naming){0};
  rp_arena_init(&out->arena);
  rp_map_init(&out->past_at);
  rp_ledger_init(&out->member, RP_STREAM_MEMBER);
  rp_ledger_init(&out->group, RP_STREAM_GROUP);
  RP_TRY(rp_ledger_load(&out->member, snapshot, error));
  RP_TRY(rp_ledger_load(&out->group, snapshot, error));
  RP_TRY(read_groups(out, error));
  RP_TRY(read_members(out, error));
  RP_TRY(number_groups(all, out, error));
  RP_TRY(trace(all, out, error));
  call(all, out);
  return RP_OK;
}

void rp_naming_release(rp_naming *naming) {
  rp_ledger_release(&naming->member);
  rp_ledger_release(&naming->group);
  rp_map_release(&naming->past_at);
  rp_arena_release(&naming->arena);
}
