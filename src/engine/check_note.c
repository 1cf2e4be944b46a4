/* What runs have found out: that all of it can be read, and is of documents and
 * groups that there are. */
#include "engine/check_inside.h"
#include "engine/known.h"
#include "engine/run.h"

struct looking {
  rp_check *check;
  rp_findings *findings;
  rp_arena arena; /* of the record at hand */
  rp_error found;
};

typedef rp_status (*look_fn)(struct looking *l, const rp_ledger_record *record);

static rp_finding_place place_of(uint64_t doc) {
  rp_finding_place place = RP_FINDING_OF("notes");
  if (doc < UINT32_MAX) place.document = (int64_t)doc;
  return place;
}

/* Damage is a finding, and the look goes on. */
static rp_status settle(struct looking *l, rp_status status, uint64_t doc, rp_error *error) {
  const rp_finding_place place = place_of(doc);
  if (status == RP_OK) return RP_OK;
  if (status == RP_ERR_DAMAGED) {
    rp_findings_add(l->findings, &place, "%s", l->found.message);
    return RP_OK;
  }
  if (error) *error = l->found;
  return status;
}

static void say(struct looking *l, uint64_t doc, const char *what) {
  const rp_finding_place place = place_of(doc);
  rp_findings_add(l->findings, &place, "%s", what);
}

static rp_status look_at_state(struct looking *l, const rp_ledger_record *r) {
  rp_state state;
  RP_TRY(rp_state_decode(r->data, &l->arena, &state, &l->found));
  if (r->key >= l->check->n_number) say(l, r->key, "what is known is of a document that there never was");
  for (uint32_t i = 0; i < state.n_ask; i++)
    if (state.ask[i] >= l->check->n_number || state.ask[i] == r->key) {
      say(l, r->key, "it asks for a document that there never was, or for itself");
      break;
    }
  return RP_OK;
}

static rp_status look_at_fact(struct looking *l, const rp_ledger_record *r) {
  rp_pair_fact fact;
  uint64_t a = r->key >> 32, b = r->key & UINT32_MAX;
  if (a > b || b >= l->check->n_number) say(l, a, "what is known is of a pair that cannot be");
  rp_status status = rp_fact_decode(r->data, false, &l->arena, &fact, &l->found);
  return status == RP_ERR_NOT_FOUND ? RP_OK : status; /* of another version: never looked at */
}

static rp_status look_at_records(struct looking *l, const rp_ledger *ledger, look_fn fn, rp_error *error) {
  for (size_t i = 0; i < ledger->record.n; i++) {
    const rp_ledger_record *r = &ledger->record.data[i];
    uint64_t doc = ledger->stream == RP_STREAM_FACT ? r->key >> 32 : r->key;
    rp_arena_clear(&l->arena, 1 << 20);
    if (r->data.data) RP_TRY(settle(l, fn(l, r), doc, error));
  }
  return RP_OK;
}

static rp_status look_at_ledger(struct looking *l, rp_ledger *ledger, look_fn fn, rp_error *error) {
  rp_status status = rp_ledger_load(ledger, l->check->snapshot, &l->found);
  /* notes that are not what was written were found as such */
  if (status == RP_ERR_DAMAGED && l->findings->list.n) return RP_OK;
  RP_TRY(settle(l, status, UINT64_MAX, error));
  return look_at_records(l, ledger, fn, error);
}

/* ---- groups ---------------------------------------------------------------------------- */

struct counts {
  uint32_t n, n_lead, n_kept;
};

/* Which group it is in, as an index into the ledger; UINT32_MAX: in none. */
static uint32_t group_of(const rp_ledger *group, uint64_t id) {
  const uint32_t *at = rp_map_get(&group->at, id);
  rp_past_group past;
  uint64_t alias;
  if (!at || !group->record.data[*at].data.data) return UINT32_MAX;
  rp_status status = rp_past_group_decode(id, group->record.data[*at].data, &past, &alias, NULL);
  return status == RP_OK && alias ? UINT32_MAX : *at;
}

static rp_status look_at_member(struct looking *l, const rp_ledger *group, const rp_ledger_record *r,
                                struct counts *count) {
  uint64_t id;
  rp_past_member m;
  RP_TRY(rp_past_member_decode(r->key, r->data, &id, &m, &l->found));
  uint32_t at = group_of(group, id);
  if (r->key >= l->check->n_number) say(l, r->key, "a group has a document that there never was");
  if (at == UINT32_MAX) {
    say(l, r->key, "it is in a group that there is not");
    return RP_OK;
  }
  count[at].n++;
  count[at].n_lead += m.is_lead;
  count[at].n_kept += m.is_kept;
  return RP_OK;
}

static rp_status look_at_groups(struct looking *l, const rp_ledger *group, struct counts *count, rp_error *error) {
  const rp_ledger *member = &l->check->member;
  for (size_t i = 0; i < member->record.n; i++) {
    const rp_ledger_record *r = &member->record.data[i];
    if (r->data.data) RP_TRY(settle(l, look_at_member(l, group, r, count), r->key, error));
  }
  for (size_t i = 0; i < group->record.n; i++) {
    const rp_ledger_record *r = &group->record.data[i];
    rp_past_group past;
    uint64_t alias;
    if (!r->data.data) continue;
    rp_status status = rp_past_group_decode(r->key, r->data, &past, &alias, &l->found);
    RP_TRY(settle(l, status, UINT64_MAX, error));
    if (status != RP_OK || alias) continue;
    if (count[i].n < 2) say(l, UINT64_MAX, "a group has fewer than two articles");
    if (count[i].n_lead != 1) say(l, UINT64_MAX, "a group has not one lead");
    if (count[i].n_kept == 0) say(l, UINT64_MAX, "a group has no article to be kept");
  }
  return RP_OK;
}

static rp_status check_groups(struct looking *l, rp_error *error) {
  rp_ledger group;
  rp_ledger_init(&group, RP_STREAM_GROUP);
  rp_status status = rp_ledger_load(&l->check->member, l->check->snapshot, &l->found);
  if (status == RP_OK) status = rp_ledger_load(&group, l->check->snapshot, &l->found);
  bool is_whole = status == RP_OK;
  if (status != RP_ERR_DAMAGED || !l->findings->list.n) status = settle(l, status, UINT64_MAX, error);
  if (status == RP_ERR_DAMAGED) status = RP_OK;
  struct counts *count = rp_calloc(group.record.n + 1, sizeof *count);
  if (!count) status = rp_fail_memory(error);
  if (status == RP_OK && is_whole) status = look_at_groups(l, &group, count, error);
  rp_free(count);
  rp_ledger_release(&group);
  return status;
}

/* ---- the report ------------------------------------------------------------------------- */

static rp_status look_at_report(struct looking *l) {
  rp_run_head head;
  rp_run_report report = {.bytes = {0}};
  RP_TRY(rp_run_read_head(l->check->snapshot, &head, &l->found));
  if (!head.run.number) return RP_OK;
  rp_status status = rp_run_report_read(l->check->snapshot, &head, &report, &l->found);
  if (status == RP_OK && report.group.n != head.run.n_changed)
    say(l, UINT64_MAX, "the report of the last run has not as many groups as it says");
  rp_run_report_release(&report);
  return status;
}

rp_status rp_check_notes(rp_check *c, rp_error *error) {
  struct looking l = {.check = c, .findings = &c->worker[0].findings};
  rp_arena_init(&l.arena);
  rp_status status = look_at_ledger(&l, &c->known.state, look_at_state, error);
  if (status == RP_OK) status = look_at_ledger(&l, &c->known.fact, look_at_fact, error);
  if (status == RP_OK) status = check_groups(&l, error);
  if (status == RP_OK) status = settle(&l, look_at_report(&l), UINT64_MAX, error);
  rp_arena_release(&l.arena);
  return status == RP_OK ? rp_check_tell(c, error) : status;
}

/* ---- pairs and their texts ---------------------------------------------------------------- */

/* Runs that leave the texts, or use a word twice, stop whoever compares the two.
 * Whether the words are alike would be to compare all pairs again. */
static rp_status look_at_runs(struct looking *l, const rp_ledger_record *r) {
  rp_pair_fact fact;
  uint64_t a = r->key >> 32, b = r->key & UINT32_MAX;
  const rp_check *c = l->check;
  if (a >= c->n_number || b >= c->n_number || c->n_word[a] == UINT32_MAX || c->n_word[b] == UINT32_MAX) return RP_OK;
  /* what cannot be read was found before */
  if (rp_fact_decode(r->data, false, &l->arena, &fact, NULL) != RP_OK) return RP_OK;
  uint8_t *used = RP_NEW0(&l->arena, uint8_t, (size_t)c->n_word[a] + c->n_word[b]);
  if (!used) return rp_fail_memory(&l->found);
  if (!rp_runs_fit(fact.chain, fact.n_chain, c->n_word[a], c->n_word[b], used))
    say(l, a, "what is known of it and another article leaves their texts, or is there twice");
  return RP_OK;
}

rp_status rp_check_facts(rp_check *c, rp_error *error) {
  struct looking l = {.check = c, .findings = &c->worker[0].findings};
  rp_arena_init(&l.arena);
  rp_status status = look_at_records(&l, &c->known.fact, look_at_runs, error);
  rp_arena_release(&l.arena);
  return status == RP_OK ? rp_check_tell(c, error) : status;
}
