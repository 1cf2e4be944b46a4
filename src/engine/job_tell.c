/* Telling the report of the stored run. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/all_filter.h"
#include "engine/job.h"
#include "engine/owner.h"

struct retelling {
  const rp_all_options *options;
  rp_run_fn fn;
  void *user;
  rp_run run;
  rp_run_report report;
  rp_arena arena;
  size_t n_told, n_left_out, limit;
  bool is_stopped;
};

static const rp_article *find_article(const rp_cluster *cluster, rp_str id) {
  for (size_t i = 0; i < cluster->n_member; i++)
    if (rp_str_equal(cluster->member[i].article->id, id)) return cluster->member[i].article;
  return NULL;
}

/* The lead, and the members that pass. */
static rp_status filter_members(struct retelling *t, rp_cluster *cluster, rp_error *error) {
  rp_member *kept = RP_NEW(&t->arena, rp_member, cluster->n_member);
  size_t n = 0;
  if (!kept) return rp_fail_memory(error);
  for (size_t i = 0; i < cluster->n_member; i++) {
    const rp_member *m = &cluster->member[i];
    bool is_lead = rp_str_equal(m->article->id, cluster->lead);
    const rp_article *of = find_article(cluster, m->of);
    if (is_lead || rp_all_tells(&t->options->filter, of ? of : m->article, m)) kept[n++] = *m;
  }
  cluster->member = kept;
  cluster->n_member = n;
  return RP_OK;
}

static int compare_strings(const void *x, const void *y) {
  return rp_str_compare(*(const rp_str *)x, *(const rp_str *)y);
}

static rp_status count_owners(struct retelling *t, rp_cluster *cluster, rp_error *error) {
  const rp_query_options *o = &t->options->filter;
  rp_str *owner = RP_NEW(&t->arena, rp_str, cluster->n_member);
  size_t n = 0;
  if (!owner) return rp_fail_memory(error);
  if (!o->n_owner) return RP_OK;
  for (size_t i = 0; i < cluster->n_member; i++) {
    rp_str publisher = cluster->member[i].article->publisher_key;
    if (publisher.len) owner[n++] = rp_owner_of(o, publisher);
  }
  if (n) qsort(owner, n, sizeof *owner, compare_strings);
  for (size_t i = 0; i < n; i++) cluster->n_owner += i == 0 || !rp_str_equal(owner[i], owner[i - 1]);
  cluster->has_owners = true;
  return RP_OK;
}

static bool is_filtered(const rp_all_options *o) {
  const rp_query_options *f = &o->filter;
  return o->min_publishers || f->verdicts || f->window || f->publisher.len || f->n_exclude_publisher || f->min_words ||
         f->min_coverage > 0 || f->lang.len || f->exclude_same_owner || f->between.earliest || f->between.latest;
}

/* A group that has ended has no members that could pass a filter. */
static rp_status passes(struct retelling *t, rp_run_record *record, bool *out, rp_error *error) {
  rp_cluster *cluster = RP_NEW(&t->arena, rp_cluster, 1);
  if (!cluster) return rp_fail_memory(error);
  *cluster = *record->group;
  *out = !is_filtered(t->options);
  record->group = cluster;
  if (record->what & RP_GROUP_ENDED) return RP_OK;
  RP_TRY(count_owners(t, cluster, error));
  RP_TRY(filter_members(t, cluster, error));
  *out = cluster->n_member >= 2 && cluster->n_publisher >= t->options->min_publishers;
  return RP_OK;
}

static rp_status tell_group(struct retelling *t, size_t i, rp_error *error) {
  rp_run_record record;
  bool is_told = true;
  rp_arena_clear(&t->arena, 1 << 20);
  RP_TRY(rp_run_report_get(&t->report, i, &t->arena, &record, error));
  record.run = &t->run;
  if (t->options) RP_TRY(passes(t, &record, &is_told, error));
  if (!is_told) return RP_OK;
  if (t->n_told >= t->limit) {
    t->n_left_out++;
    return RP_OK;
  }
  t->n_told++;
  t->is_stopped = !t->fn(t->user, &record);
  return RP_OK;
}

static int compare_first(const void *x, const void *y) {
  const rp_run_entry *p = x, *q = y;
  if (p->first != q->first) return p->first < q->first ? -1 : 1;
  return (p->at > q->at) - (p->at < q->at);
}

static rp_status tell_all(struct retelling *t, rp_error *error) {
  rp_run_record head = {.run = &t->run};
  t->is_stopped = !t->fn(t->user, &head);
  if (t->report.group.n && t->options && t->options->filter.sort != RP_SORT_SCORE)
    qsort(t->report.group.data, t->report.group.n, sizeof *t->report.group.data, compare_first);
  for (size_t i = 0; i < t->report.group.n && !t->is_stopped; i++) RP_TRY(tell_group(t, i, error));
  return RP_OK;
}

rp_status rp_job_tell(rp_job *job, const rp_all_options *options, rp_run_fn fn, void *user, size_t *n_left_out,
                      rp_error *error) {
  assert(job && fn);
  if (!job->last.run.number) return rp_fail(error, RP_ERR_NOT_FOUND, "there is no run to be told");
  struct retelling t = {.options = options, .fn = fn, .user = user, .run = job->last.run, .limit = SIZE_MAX};
  if (options && options->filter.limit) t.limit = options->filter.limit;
  t.run.is_again = job->last.is_finished;
  rp_snapshot *snapshot;
  RP_TRY(rp_snapshot_begin(job->index->store, &snapshot, error));
  rp_arena_init(&t.arena);
  rp_status status = rp_run_report_read(snapshot, &job->last, &t.report, error);
  if (status == RP_OK) status = tell_all(&t, error);
  rp_run_report_release(&t.report);
  rp_arena_release(&t.arena);
  rp_snapshot_end(snapshot);
  if (status == RP_OK && n_left_out) *n_left_out = t.n_left_out;
  return status;
}
