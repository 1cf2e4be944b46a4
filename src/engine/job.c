/* The nightly run: matches what is new, derives the groups again from all that
 * is known, and stores what has changed since the run before as its report.
 *
 * What is compared is committed as it goes.  Groups, their ids and the report
 * are one commit: either the run is there, or the next one starts from the run
 * before.  A run is finished by another commit, once its report has arrived. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/all_filter.h"
#include "engine/group_tell.h"
#include "engine/job.h"
#include "engine/kept.h"

/* A group that has changed. */
struct changed {
  uint32_t now;  /* its number, or NONE: it has ended */
  uint32_t past; /* then: the one it was */
  uint32_t what, size;
  size_t n_before;
  uint64_t split_from;
  rp_str lead_before, kept_before;
  size_t first_alias, n_alias; /* in running.alias */
  size_t first_left, n_left;   /* in running.left */
};

struct left {
  rp_left left;
  uint64_t to;
};

struct running {
  rp_job *job;
  rp_all all;
  rp_naming naming;
  rp_group_teller teller;
  uint32_t *first; /* of each group of now: into `member` */
  uint32_t *member;
  uint32_t *heirs; /* groups of before by the group of now they go on in, then those that ended */
  uint32_t *heir_first;
  rp_arena arena;
  RP_VEC(struct changed) changed;
  RP_VEC(uint64_t) alias;
  RP_VEC(struct left) left;
  rp_run run;
  rp_buf report;
  size_t at; /* of `changed`: told next */
  rp_status status;
  rp_error *error;
};

/* ---- a job ---------------------------------------------------------------------------- */

static rp_status read_last(rp_job *job, rp_error *error) {
  rp_snapshot *snapshot;
  RP_TRY(rp_snapshot_begin(job->index->store, &snapshot, error));
  rp_status status = rp_run_read_head(snapshot, &job->last, error);
  rp_snapshot_end(snapshot);
  return status;
}

rp_status rp_job_open(rp_index *index, const rp_job_options *options, rp_job **out, rp_error *error) {
  assert(index && options && out);
  if (!index->is_writable) return rp_fail(error, RP_ERR_ARGUMENT, "index was opened for reading only");
  rp_job *job = rp_calloc(1, sizeof *job);
  if (!job) return rp_fail_memory(error);
  job->index = index;
  job->options = *options;
  rp_status status = rp_store_lock_job(index->store, options->wait, error);
  if (status == RP_OK) {
    status = read_last(job, error);
    if (status != RP_OK) rp_store_unlock_job(index->store);
  }
  if (status == RP_OK)
    *out = job;
  else
    rp_free(job);
  return status;
}

void rp_job_close(rp_job *job) {
  if (!job) return;
  rp_store_unlock_job(job->index->store);
  rp_free(job);
}

uint64_t rp_job_last(const rp_job *job, bool *is_finished) {
  assert(job && is_finished);
  *is_finished = job->last.is_finished;
  return job->last.run.number;
}

/* ---- groups of now, and which of before go on in them ------------------------------------ */

static rp_status list_members(struct running *r, rp_error *error) {
  const rp_all *all = &r->all;
  uint32_t n_group = r->naming.n_now;
  r->first = RP_NEW0(&r->arena, uint32_t, (size_t)n_group + 2);
  r->member = RP_NEW(&r->arena, uint32_t, all->n_node);
  if (!r->first || !r->member) return rp_fail_memory(error);
  uint32_t *end = r->first + 1;
  for (uint32_t i = 0; i < all->n_node; i++)
    if (r->naming.number[i] != RP_LINEAGE_NONE) end[r->naming.number[i] + 1]++;
  for (uint32_t g = 1; g <= n_group; g++) end[g] += end[g - 1];
  for (uint32_t i = 0; i < all->n_node; i++)
    if (r->naming.number[i] != RP_LINEAGE_NONE) r->member[end[r->naming.number[i]]++] = i;
  r->run.n_group = n_group;
  r->run.n_grouped = r->first[n_group];
  return RP_OK;
}

static rp_status choose_kept(struct running *r, rp_error *error) {
  for (uint32_t g = 0; g < r->naming.n_now; g++)
    RP_TRY(
        rp_kept_choose(&r->all, &r->job->options.keep, r->member + r->first[g], r->first[g + 1] - r->first[g], error));
  return RP_OK;
}

static rp_status list_heirs(struct running *r, rp_error *error) {
  const rp_naming *n = &r->naming;
  r->heir_first = RP_NEW0(&r->arena, uint32_t, (size_t)n->n_now + 3);
  r->heirs = RP_NEW(&r->arena, uint32_t, n->n_past);
  if (!r->heir_first || !r->heirs) return rp_fail_memory(error);
  uint32_t *end = r->heir_first + 1;
  for (uint32_t i = 0; i < n->n_past; i++) {
    uint32_t heir = n->lineage.heir[i] == RP_LINEAGE_NONE ? n->n_now : n->lineage.heir[i];
    end[heir + 1]++;
  }
  for (uint32_t g = 1; g <= n->n_now + 1; g++) end[g] += end[g - 1];
  for (uint32_t i = 0; i < n->n_past; i++) {
    uint32_t heir = n->lineage.heir[i] == RP_LINEAGE_NONE ? n->n_now : n->lineage.heir[i];
    r->heirs[end[heir]++] = i;
  }
  return RP_OK;
}

/* ---- what has changed -------------------------------------------------------------------- */

/* What the last run knew of the article; NULL where it was in no group. */
static const rp_past_member *past_of(const rp_naming *n, rp_str id) {
  const uint32_t *at = rp_map_get(&n->past_at, rp_naming_key(id));
  return at ? &n->past_member[*at] : NULL;
}

static rp_verdict verdict_of(const struct running *r, uint32_t node) {
  const rp_all *all = &r->all;
  if (all->lead[all->group[node]] == node) return RP_NONE;
  const rp_link_pair *link = rp_all_source_link(all, node);
  return link ? (rp_verdict)link->verdict : RP_NONE;
}

/* The live article of this id; UINT32_MAX: there is none. */
static uint32_t find_node(const rp_all *all, rp_str id) {
  size_t low = 0, n = all->n_node;
  while (n) {
    size_t half = n / 2;
    if (rp_str_compare(all->node[low + half].id, id) < 0) {
      low += half + 1;
      n -= half + 1;
    } else {
      n = half;
    }
  }
  return low < all->n_node && rp_str_equal(all->node[low].id, id) ? (uint32_t)low : UINT32_MAX;
}

static rp_status note_left(struct running *r, const rp_past_member *m, uint32_t now, rp_error *error) {
  const rp_all *all = &r->all;
  uint32_t node = find_node(all, m->id), number = node == UINT32_MAX ? RP_LINEAGE_NONE : r->naming.number[node];
  if (number != RP_LINEAGE_NONE && number == now) return RP_OK;
  struct left left = {.left = {.id = m->id, .reason = RP_LEFT_REMOVED}};
  if (number != RP_LINEAGE_NONE) {
    left.left.reason = RP_LEFT_MOVED;
    left.to = r->naming.id[number];
  } else if (node != UINT32_MAX) {
    left.left.reason = all->node[node].doc == m->doc ? RP_LEFT_ALONE : RP_LEFT_UPDATED;
  }
  return rp_vec_push(&r->left, left) ? RP_OK : rp_fail_memory(error);
}

static rp_status note_all_left(struct running *r, uint32_t past, uint32_t now, rp_error *error) {
  const rp_past_group *g = &r->naming.past[past];
  for (uint32_t i = 0; i < g->n; i++) RP_TRY(note_left(r, &r->naming.past_member[g->first + i], now, error));
  return RP_OK;
}

static rp_str id_of(const rp_naming *n, uint32_t member) {
  return member == UINT32_MAX ? (rp_str){NULL, 0} : n->past_member[member].id;
}

static void compare_member(struct running *r, struct changed *c, uint32_t node) {
  const rp_naming *n = &r->naming;
  const rp_past_member *past = past_of(n, r->all.node[node].id);
  bool is_of_heir = past && n->lineage.heir[past->group] == c->now;
  if (!is_of_heir) c->what |= n->lineage.origin[c->now] == RP_LINEAGE_NONE ? 0 : RP_GROUP_GROWN;
  if (!is_of_heir) return;
  bool is_kept = r->all.kept[node] == RP_KEPT;
  if (past->is_kept != is_kept) c->what |= RP_GROUP_NEW_KEPT;
  if (past->is_kept && !is_kept && !c->kept_before.len) c->kept_before = past->id;
  if (past->doc != r->all.node[node].doc) {
    c->what |= RP_GROUP_UPDATED;
  } else if (past->verdict != verdict_of(r, node)) {
    c->what |= RP_GROUP_REJUDGED;
    r->run.n_rejudged++;
  }
}

/* Of those who left one that was kept. */
static rp_str kept_that_left(const struct running *r, const struct changed *c) {
  for (size_t i = c->first_left; i < r->left.n; i++) {
    const rp_past_member *past = past_of(&r->naming, r->left.data[i].left.id);
    if (past && past->is_kept) return past->id;
  }
  return (rp_str){NULL, 0};
}

static rp_status compare_group(struct running *r, uint32_t now, rp_error *error) {
  const rp_naming *n = &r->naming;
  struct changed c = {.now = now, .size = r->first[now + 1] - r->first[now], .first_alias = r->alias.n};
  uint32_t origin = n->lineage.origin[now], parent = n->lineage.parent[now];
  c.first_left = r->left.n;
  if (origin == RP_LINEAGE_NONE) {
    c.what |= RP_GROUP_NEW;
    if (parent != RP_LINEAGE_NONE) {
      c.what |= RP_GROUP_SPLIT;
      c.split_from = n->past[parent].id;
    }
  } else {
    c.n_before = n->past[origin].n;
    rp_str lead = id_of(n, n->past[origin].lead);
    if (!rp_str_equal(lead, r->all.node[r->all.lead[n->now[now]]].id)) {
      c.what |= RP_GROUP_NEW_LEAD;
      c.lead_before = lead;
    }
  }
  for (uint32_t i = r->first[now]; i < r->first[now + 1]; i++) compare_member(r, &c, r->member[i]);
  for (uint32_t i = r->heir_first[now]; i < r->heir_first[now + 1]; i++) {
    RP_TRY(note_all_left(r, r->heirs[i], now, error));
    if (r->heirs[i] == origin) continue;
    c.what |= RP_GROUP_MERGED;
    if (!rp_vec_push(&r->alias, n->past[r->heirs[i]].id)) return rp_fail_memory(error);
  }
  c.n_alias = r->alias.n - c.first_alias;
  c.n_left = r->left.n - c.first_left;
  if (c.n_left) c.what |= RP_GROUP_SHRUNK;
  if (c.what & RP_GROUP_NEW_KEPT && !c.kept_before.len) c.kept_before = kept_that_left(r, &c);
  if (!c.what) return RP_OK;
  return rp_vec_push(&r->changed, c) ? RP_OK : rp_fail_memory(error);
}

static rp_status compare_ended(struct running *r, uint32_t past, rp_error *error) {
  const rp_past_group *g = &r->naming.past[past];
  struct changed c = {
      .now = RP_LINEAGE_NONE, .past = past, .what = RP_GROUP_ENDED, .n_before = g->n, .first_left = r->left.n};
  c.lead_before = id_of(&r->naming, g->lead);
  RP_TRY(note_all_left(r, past, RP_LINEAGE_NONE, error));
  c.n_left = r->left.n - c.first_left;
  return rp_vec_push(&r->changed, c) ? RP_OK : rp_fail_memory(error);
}

/* The largest first, those that ended last; numbers are in the order of ids. */
static int compare_changed(const void *x, const void *y) {
  const struct changed *p = x, *q = y;
  bool p_ended = p->now == RP_LINEAGE_NONE, q_ended = q->now == RP_LINEAGE_NONE;
  if (p_ended != q_ended) return p_ended ? 1 : -1;
  if (p->size != q->size) return p->size > q->size ? -1 : 1;
  if (p->now != q->now) return p->now < q->now ? -1 : 1;
  return (p->past > q->past) - (p->past < q->past);
}

static rp_status compare_all(struct running *r, rp_error *error) {
  uint32_t n_now = r->naming.n_now;
  for (uint32_t g = 0; g < n_now; g++) RP_TRY(compare_group(r, g, error));
  for (uint32_t i = r->heir_first[n_now]; i < r->heir_first[n_now + 1]; i++)
    RP_TRY(compare_ended(r, r->heirs[i], error));
  if (r->changed.n) qsort(r->changed.data, r->changed.n, sizeof *r->changed.data, compare_changed);
  r->run.n_changed = r->changed.n;
  for (size_t i = 0; i < r->changed.n; i++)
    for (int bit = 0; bit < 10; bit++) r->run.n_of[bit] += r->changed.data[i].what >> bit & 1;
  return RP_OK;
}

/* ---- the report ------------------------------------------------------------------------------ */

static void complete_member(const struct running *r, const struct changed *c, rp_member *m) {
  const rp_naming *n = &r->naming;
  const rp_past_member *past = past_of(n, m->article->id);
  uint32_t origin = n->lineage.origin[c->now];
  m->is_new = !past || past->group != origin;
  if (m->is_new) return;
  m->is_updated = past->doc != r->all.node[find_node(&r->all, m->article->id)].doc;
  m->verdict_before = past->verdict;
}

static rp_status add_group(struct running *r, const struct changed *c, const rp_cluster *cluster) {
  rp_cluster told = *cluster;
  rp_member *member = rp_malloc((cluster->n_member + 1) * sizeof *member);
  rp_left *left = rp_malloc((c->n_left + 1) * sizeof *left);
  uint64_t *left_to = rp_malloc((c->n_left + 1) * sizeof *left_to);
  rp_status status = member && left && left_to ? RP_OK : rp_fail_memory(r->error);
  if (status == RP_OK) {
    for (size_t i = 0; i < cluster->n_member; i++) {
      member[i] = cluster->member[i];
      complete_member(r, c, &member[i]);
    }
    for (size_t i = 0; i < c->n_left; i++) {
      left[i] = r->left.data[c->first_left + i].left;
      left_to[i] = r->left.data[c->first_left + i].to;
    }
    told.member = member;
    rp_run_group group = {.cluster = &told,
                          .id = c->now == RP_LINEAGE_NONE ? r->naming.past[c->past].id : r->naming.id[c->now],
                          .split_from = c->split_from,
                          .what = c->what,
                          .alias = r->alias.data ? r->alias.data + c->first_alias : NULL,
                          .n_alias = c->n_alias,
                          .lead_before = c->lead_before,
                          .kept_before = c->kept_before,
                          .n_before = c->n_before,
                          .left = left,
                          .left_to = left_to,
                          .n_left = c->n_left};
    rp_run_encode_group(&group, &r->report);
    if (r->report.failed) status = rp_fail_memory(r->error);
  }
  rp_free(member);
  rp_free(left);
  rp_free(left_to);
  return status;
}

static bool tell(void *user, uint32_t group, const rp_cluster *cluster) {
  (void)group;
  struct running *r = user;
  r->status = add_group(r, &r->changed.data[r->at++], cluster);
  return r->status == RP_OK;
}

static rp_status make_report(struct running *r, rp_error *error) {
  uint32_t *group = RP_NEW(&r->arena, uint32_t, r->changed.n);
  if (!group) return rp_fail_memory(error);
  size_t n = 0;
  for (; n < r->changed.n && r->changed.data[n].now != RP_LINEAGE_NONE; n++)
    group[n] = r->naming.now[r->changed.data[n].now];
  r->error = error;
  RP_TRY(rp_group_tell(&r->teller, group, n, tell, r, error));
  RP_TRY(r->status);
  static const rp_cluster ended = {0};
  for (; n < r->changed.n; n++) RP_TRY(add_group(r, &r->changed.data[n], &ended));
  return RP_OK;
}

/* ---- what the next run starts from -------------------------------------------------------------- */

static rp_status put_members(struct running *r, uint32_t now, rp_error *error) {
  for (uint32_t i = r->first[now]; i < r->first[now + 1]; i++) {
    uint32_t node = r->member[i];
    rp_past_member m = {.doc = r->all.node[node].doc,
                        .verdict = verdict_of(r, node),
                        .is_lead = r->all.lead[r->all.group[node]] == node,
                        .is_kept = r->all.kept[node] == RP_KEPT,
                        .id = r->all.node[node].id};
    RP_TRY(rp_past_member_put(&r->naming, r->naming.id[now], &m, error));
  }
  return RP_OK;
}

/* Aliases of what is an alias now lead on to the same group. */
static rp_status put_alias(struct running *r, uint64_t id, uint64_t to, rp_error *error) {
  rp_naming *n = &r->naming;
  for (size_t i = 0; i < n->group.record.n; i++) {
    const rp_ledger_record record = n->group.record.data[i];
    rp_past_group group;
    uint64_t alias;
    if (!record.data.data) continue;
    RP_TRY(rp_past_group_decode(record.key, record.data, &group, &alias, error));
    if (alias == id) RP_TRY(rp_past_group_put(n, record.key, 0, to, error));
  }
  return rp_past_group_put(n, id, 0, to, error);
}

static rp_status put_changed(struct running *r, const struct changed *c, rp_error *error) {
  rp_naming *n = &r->naming;
  if (c->now == RP_LINEAGE_NONE) return rp_ledger_strike(&n->group, n->past[c->past].id, error);
  uint64_t born = n->born[c->now] ? n->born[c->now] : r->run.number;
  RP_TRY(rp_past_group_put(n, n->id[c->now], born, 0, error));
  for (size_t i = 0; i < c->n_alias; i++) RP_TRY(put_alias(r, r->alias.data[c->first_alias + i], n->id[c->now], error));
  return put_members(r, c->now, error);
}

/* Documents that are in no group, or not there, any more. */
static rp_status strike_members(struct running *r, rp_error *error) {
  const rp_all *all = &r->all;
  uint32_t n_doc = rp_snapshot_numbers(all->worker[0].snapshot);
  for (size_t i = 0; i < r->naming.n_past_member; i++) {
    uint32_t doc = r->naming.past_member[i].doc, node = doc < n_doc ? all->node_of_doc[doc] : UINT32_MAX;
    if (node == UINT32_MAX || r->naming.number[node] == RP_LINEAGE_NONE)
      RP_TRY(rp_ledger_strike(&r->naming.member, doc, error));
  }
  return RP_OK;
}

static void encode_head(const struct running *r, rp_buf *out) {
  const rp_run_head *last = &r->job->last;
  const rp_all_stat *s = &r->all.stat;
  rp_run_head head = {.run = r->run, .n_number = rp_snapshot_numbers(r->all.worker[0].snapshot)};
  head.n_matched = last->n_matched + s->n_matched;
  head.n_posting = last->n_posting + s->n_posting;
  head.n_candidate = last->n_candidate + s->n_candidate;
  head.n_verified = last->n_verified + s->n_verified - s->n_known;
  head.n_cut = last->n_cut + s->n_cut;
  rp_run_encode_head(&head, out);
}

static rp_status store(struct running *r, rp_error *error) {
  rp_buf head;
  rp_ledger *const ledger[] = {&r->naming.member, &r->naming.group};
  rp_ledger_batch batch = {.ledger = ledger, .n_ledger = sizeof ledger / sizeof *ledger};
  batch.first[RP_STREAM_RUN] = r->job->last.end;
  rp_buf_init(&head);
  encode_head(r, &head);
  rp_status status = head.failed ? rp_fail_memory(error) : RP_OK;
  if (status == RP_OK)
    status = rp_run_notes((rp_str){head.data, head.len}, (rp_str){r->report.data, r->report.len}, &r->arena,
                          &batch.note, &batch.n_note, error);
  if (status == RP_OK) status = rp_ledgers_commit(r->job->index->store, &batch, error);
  rp_buf_release(&head);
  return status;
}

/* ---- a run ------------------------------------------------------------------------------------- */

static void count_articles(struct running *r) {
  const rp_run_head *last = &r->job->last;
  const rp_all *all = &r->all;
  r->run.n_article = all->n_node;
  for (size_t i = 0; i < all->n_node; i++) r->run.n_new += all->node[i].doc >= last->n_number;
  size_t n = last->run.n_article + r->run.n_new;
  r->run.n_gone = n > all->n_node ? n - all->n_node : 0;
}

static rp_status derive(struct running *r, const rp_all_options *options, rp_error *error) {
  RP_TRY(rp_all_run_job(r->job->index, options, &r->all, error));
  RP_TRY(rp_naming_make(&r->all, &r->naming, error));
  RP_TRY(list_members(r, error));
  RP_TRY(choose_kept(r, error));
  RP_TRY(list_heirs(r, error));
  RP_TRY(compare_all(r, error));
  count_articles(r);
  return RP_OK;
}

static rp_status keep(struct running *r, rp_error *error) {
  RP_TRY(rp_group_teller_make(&r->all, &r->naming, &r->teller, error));
  RP_TRY(make_report(r, error));
  RP_TRY(strike_members(r, error));
  for (size_t i = 0; i < r->changed.n; i++) RP_TRY(put_changed(r, &r->changed.data[i], error));
  return store(r, error);
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

rp_status rp_job_run(rp_job *job, bool *has_run, rp_all_stat *stat, rp_error *error) {
  assert(job && has_run);
  double start = seconds();
  rp_all_options options = {.size = sizeof options, .n_thread = job->options.n_thread, .keep = job->options.keep};
  struct running r = {.job = job};
  rp_arena_init(&r.arena);
  rp_buf_init(&r.report);
  r.run.number = job->last.run.number + 1;
  r.run.started = job->options.now ? job->options.now : (int64_t)time(NULL);
  rp_status status = derive(&r, &options, error);
  bool has_news = status == RP_OK && (r.run.n_new || r.changed.n);
  if (has_news) status = keep(&r, error);
  r.all.stat.seconds = seconds() - start;
  if (stat && status == RP_OK) *stat = r.all.stat;
  rp_group_teller_release(&r.teller);
  rp_naming_release(&r.naming);
  rp_all_release(&r.all);
  rp_vec_release(&r.changed);
  rp_vec_release(&r.alias);
  rp_vec_release(&r.left);
  rp_buf_release(&r.report);
  rp_arena_release(&r.arena);
  if (status == RP_OK && has_news) status = read_last(job, error);
  if (status == RP_OK) *has_run = has_news;
  return status;
}

rp_status rp_job_finish(rp_job *job, rp_error *error) {
  assert(job);
  if (!job->last.run.number || job->last.is_finished) return RP_OK;
  rp_store_note note = rp_run_finished_note();
  rp_ledger_batch batch = {.note = &note, .n_note = 1};
  RP_TRY(rp_ledgers_commit(job->index->store, &batch, error));
  job->last.is_finished = true;
  job->last.end++;
  return RP_OK;
}
