/* Groups and nightly runs as records. */
#include <string.h>

#include "report/data.h"
#include "report/data_part.h"

static const char *const changes[] = {"new",      "grown",    "shrunk",  "merged",   "split",
                                      "new-lead", "new-keep", "updated", "rejudged", "ended"};
enum { N_CHANGE = sizeof changes / sizeof *changes };

static const char *verdict_or_null(rp_verdict verdict) { return verdict == RP_NONE ? NULL : rp_verdict_name(verdict); }

/* Ids with spaces between, as a cell has them. */
static void add_id(rp_buf *flat, rp_str id) {
  if (flat->len) rp_buf_add_byte(flat, ' ');
  rp_buf_add(flat, id.data, id.len);
}

static void list_begin(rp_row *row, const char *key, rp_buf *flat) {
  if (flat->failed) row->out->failed = true;
  rp_row_list_begin(row, key, (rp_str){flat->data, flat->len});
  rp_buf_release(flat);
}

typedef enum member_form { OF_INDEX, OF_RUN } member_form;

static void add_member(rp_row *row, const rp_member *m, member_form form) {
  rp_row_item_begin(row);
  rp_row_text(row, "id", m->article->id);
  rp_data_add_path(row, m->article);
  rp_data_add_name(row, "verdict", verdict_or_null(m->verdict));
  rp_row_str(row, "of", m->of);
  if (m->verdict == RP_NONE)
    rp_row_null(row, "coverage");
  else
    rp_row_double(row, "coverage", m->coverage, RP_DATA_DIGITS);
  if (m->has_hours)
    rp_row_double(row, "hours_after", m->hours_after, RP_DATA_DIGITS);
  else
    rp_row_null(row, "hours_after");
  rp_data_add_name(row, "credit", m->credit == RP_CREDIT_NONE ? NULL : rp_credit_name(m->credit));
  rp_row_bool(row, "keep", m->is_kept);
  if (form == OF_RUN) {
    rp_row_bool(row, "new", m->is_new);
    rp_row_bool(row, "updated", m->is_updated);
    rp_data_add_name(row, "verdict_before", verdict_or_null(m->verdict_before));
  }
  rp_row_item_end(row);
}

static void add_members(rp_row *row, const rp_cluster *cluster, member_form form) {
  rp_buf flat;
  rp_buf_init(&flat);
  for (size_t i = 0; i < cluster->n_member; i++) add_id(&flat, cluster->member[i].article->id);
  list_begin(row, "members", &flat);
  for (size_t i = 0; i < cluster->n_member; i++) add_member(row, &cluster->member[i], form);
  rp_row_list_end(row);
}

/* A group that has ended has no lead and no times. */
static void add_cluster(rp_row *row, const rp_cluster *cluster, member_form form) {
  rp_row_begin(row, "cluster");
  rp_row_str(row, "id", cluster->id);
  rp_row_str(row, "lead", cluster->lead);
  rp_row_int(row, "size", (int64_t)cluster->n_article);
  rp_row_int(row, "publishers", (int64_t)cluster->n_publisher);
  if (cluster->has_owners)
    rp_row_int(row, "owners", (int64_t)cluster->n_owner);
  else
    rp_row_null(row, "owners");
  if (cluster->n_article) {
    rp_data_add_moment(row, "first_seen", cluster->first_seen);
    rp_data_add_moment(row, "last_seen", cluster->last_seen);
  } else {
    rp_row_null(row, "first_seen");
    rp_row_null(row, "last_seen");
  }
  add_members(row, cluster, form);
}

void rp_data_cluster(rp_row *row, const rp_cluster *cluster) {
  add_cluster(row, cluster, OF_INDEX);
  rp_row_end(row);
}

void rp_data_run(rp_row *row, const rp_run *run) {
  static const char *const keys[N_CHANGE] = {"new_groups", "grown",    "shrunk",  "merged",          "split",
                                             "new_lead",   "new_keep", "updated", "rejudged_groups", "ended"};
  rp_row_begin(row, "run");
  rp_row_int(row, "run", (int64_t)run->number);
  rp_data_add_moment(row, "started", run->started);
  rp_row_int(row, "articles", (int64_t)run->n_article);
  rp_row_int(row, "new", (int64_t)run->n_new);
  rp_row_int(row, "gone", (int64_t)run->n_gone);
  rp_row_int(row, "groups", (int64_t)run->n_group);
  rp_row_int(row, "grouped", (int64_t)run->n_grouped);
  rp_row_int(row, "changed", (int64_t)run->n_changed);
  for (size_t i = 0; i < N_CHANGE; i++) rp_row_int(row, keys[i], (int64_t)run->n_of[i]);
  rp_row_int(row, "rejudged", (int64_t)run->n_rejudged);
  rp_row_bool(row, "again", run->is_again);
  rp_row_end(row);
}

static void add_changes(rp_row *row, uint32_t what) {
  rp_buf flat;
  rp_buf_init(&flat);
  for (size_t i = 0; i < N_CHANGE; i++)
    if (what >> i & 1) add_id(&flat, (rp_str){changes[i], strlen(changes[i])});
  list_begin(row, "changes", &flat);
  for (size_t i = 0; i < N_CHANGE; i++)
    if (what >> i & 1) rp_row_item_text(row, (rp_str){changes[i], strlen(changes[i])});
  rp_row_list_end(row);
}

static void add_merged(rp_row *row, const rp_run_record *record) {
  rp_buf flat;
  rp_buf_init(&flat);
  for (size_t i = 0; i < record->n_alias; i++) add_id(&flat, record->alias[i]);
  list_begin(row, "merged", &flat);
  for (size_t i = 0; i < record->n_alias; i++) rp_row_item_text(row, record->alias[i]);
  rp_row_list_end(row);
}

static const char *reason_name(rp_left_reason reason) {
  switch (reason) {
    case RP_LEFT_REMOVED: return "removed";
    case RP_LEFT_UPDATED: return "updated";
    case RP_LEFT_MOVED: return "moved";
    case RP_LEFT_ALONE: return "alone";
  }
  return NULL;
}

static void add_left(rp_row *row, const rp_run_record *record) {
  rp_buf flat;
  rp_buf_init(&flat);
  for (size_t i = 0; i < record->n_left; i++) add_id(&flat, record->left[i].id);
  list_begin(row, "left", &flat);
  for (size_t i = 0; i < record->n_left; i++) {
    const rp_left *left = &record->left[i];
    rp_row_item_begin(row);
    rp_row_text(row, "id", left->id);
    rp_data_add_name(row, "reason", reason_name(left->reason));
    rp_row_str(row, "to", left->to);
    rp_row_item_end(row);
  }
  rp_row_list_end(row);
}

void rp_data_run_group(rp_row *row, const rp_run_record *record) {
  add_cluster(row, record->group, OF_RUN);
  rp_row_int(row, "run", (int64_t)record->run->number);
  add_changes(row, record->what);
  add_merged(row, record);
  rp_row_str(row, "split_from", record->split_from);
  rp_row_str(row, "lead_before", record->lead_before);
  rp_row_str(row, "kept_before", record->kept_before);
  rp_row_int(row, "size_before", (int64_t)record->n_before);
  add_left(row, record);
  rp_row_end(row);
}
