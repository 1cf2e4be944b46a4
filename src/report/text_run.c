/* A nightly run and the groups that changed in it, for people and fit for a
 * mail.  Of a long group those members are listed that somebody looks for: the
 * first, the one to keep, then those with news, then the rest while there is
 * room. */
#include <stdio.h>
#include <string.h>

#include "report/plain.h"
#include "report/text_part.h"
#include "report/when.h"

enum { MEMBERS = 10, LEFT = 10, ALIASES = 10, DAY = 86400 };

/* ---- the run ------------------------------------------------------------------- */

/* What happened to so many groups, and to one; by the bits of RP_GROUP_. */
static const struct {
  const char *of_run, *of_group;
} changes[] = {{"new", "new"},
               {"grown", "grown"},
               {"shrunk", "shrunk"},
               {"merged", "merged"},
               {"split off", "split off"},
               {"with another first copy", "another first copy"},
               {"with another copy to keep", "another copy to keep"},
               {"updated", "updated"},
               {"rejudged", "rejudged"},
               {"ended", "ended"}};
enum { N_CHANGE = sizeof changes / sizeof *changes };

static rp_date day_of(int64_t seconds) {
  if (seconds < 0 || seconds > INT64_MAX - DAY) return RP_DATE_UNKNOWN;
  int64_t day = seconds / DAY * DAY;
  return (rp_date){day, day + DAY - 1};
}

static void add_things(rp_buf *out, size_t n, const char *before, const char *thing) {
  rp_text_add_count(out, n);
  rp_buf_printf(out, " %s%s%s", before, thing, n == 1 ? "" : "s");
}

/* "31 new groups, 12 grown" or "12 groups grown, 1 merged" */
static void add_changes(rp_buf *out, const rp_run *run) {
  bool is_named = false;
  for (size_t i = 0; i < N_CHANGE; i++) {
    if (!run->n_of[i]) continue;
    rp_buf_add_cstr(out, ", ");
    if (i == 0) {
      add_things(out, run->n_of[i], "new ", "group");
    } else {
      if (is_named)
        rp_text_add_count(out, run->n_of[i]);
      else
        add_things(out, run->n_of[i], "", "group");
      rp_buf_printf(out, " %s", changes[i].of_run);
    }
    is_named = true;
  }
  if (!is_named) rp_buf_add_cstr(out, ", no group has changed");
}

void rp_report_add_run_summary(rp_buf *out, const rp_run *run) {
  rp_buf_printf(out, "run %llu, ", (unsigned long long)run->number);
  rp_when_add(out, day_of(run->started));
  if (run->is_again) rp_buf_add_cstr(out, ", told again");
  rp_buf_add_cstr(out, ": ");
  add_things(out, run->n_new, "new or updated ", "article");
  if (run->n_gone) {
    rp_buf_add_cstr(out, ", ");
    rp_text_add_count(out, run->n_gone);
    rp_buf_add_cstr(out, " gone");
  }
  add_changes(out, run);
  rp_buf_add_cstr(out, "; ");
  add_things(out, run->n_grouped, "", "article");
  rp_buf_add_cstr(out, " in ");
  add_things(out, run->n_group, "", "group");
}

/* ---- members ------------------------------------------------------------------- */

static bool is_rejudged(const rp_member *m) { return !m->is_new && m->verdict_before != m->verdict; }

static bool has_news(const rp_member *m) { return m->is_new || m->is_updated || is_rejudged(m); }

static bool is_sure(const rp_member *m) { return m->verdict == RP_NONE || m->is_kept; }

/* "updated, was partial"; `new` says nothing of a group that is all new */
static const char *note_of(const rp_member *m, bool are_all_new, char out[64]) {
  const char *was = m->verdict_before == RP_NONE ? "first" : rp_verdict_name(m->verdict_before);
  if (m->is_new)
    snprintf(out, 64, "%s", are_all_new ? "" : "new");
  else if (is_rejudged(m))
    snprintf(out, 64, "%swas %s", m->is_updated ? "updated, " : "", was);
  else
    snprintf(out, 64, "%s", m->is_updated ? "updated" : "");
  return out;
}

typedef struct room {
  size_t news, rest;
} room;

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static room room_for(const rp_text *text, const rp_cluster *cluster) {
  size_t n_sure = 0, n_news = 0;
  if (text->full) return (room){SIZE_MAX, SIZE_MAX};
  for (size_t i = 0; i < cluster->n_member; i++) {
    const rp_member *m = &cluster->member[i];
    if (is_sure(m))
      n_sure++;
    else if (has_news(m))
      n_news++;
  }
  size_t left = MEMBERS - least(n_sure, MEMBERS);
  return (room){least(n_news, left), left - least(n_news, left)};
}

/* Whether there is room for `m`, which is then taken. */
static bool take(room *left, const rp_member *m) {
  if (is_sure(m)) return true;
  size_t *of = has_news(m) ? &left->news : &left->rest;
  if (!*of) return false;
  --*of;
  return true;
}

static bool are_new(const rp_cluster *cluster) {
  for (size_t i = 0; i < cluster->n_member; i++)
    if (!cluster->member[i].is_new) return false;
  return true;
}

static void add_members(rp_text *text, const rp_cluster *cluster) {
  bool are_all_new = are_new(cluster);
  room left = room_for(text, cluster);
  size_t n_hidden = 0, n_new = 0;
  for (size_t i = 0; i < cluster->n_member; i++) {
    const rp_member *m = &cluster->member[i];
    char note[64];
    if (take(&left, m)) {
      rp_text_add_member(text, cluster, m, note_of(m, are_all_new, note));
    } else {
      n_hidden++;
      n_new += m->is_new;
    }
  }
  if (n_hidden) rp_buf_printf(text->out, "  copy  and %zu more", n_hidden);
  if (n_hidden && n_new && !are_all_new) rp_buf_printf(text->out, ", %zu of them new", n_new);
  if (n_hidden) rp_buf_add_cstr(text->out, " (--full lists all)\n");
  if (cluster->n_article > cluster->n_member)
    rp_buf_printf(text->out, "        %zu more that the filters leave out\n", cluster->n_article - cluster->n_member);
}

/* ---- what is no more ------------------------------------------------------------- */

static void add_before(rp_text *text, const char *what, rp_str id) {
  if (!id.len) return;
  rp_buf_printf(text->out, "  was   %-11s ", what);
  rp_plain_add(text->out, id);
  rp_buf_add_byte(text->out, '\n');
}

static void add_left_one(rp_text *text, const rp_left *left) {
  static const char *const reasons[] = {"", "removed", "other text", "moved", "in no group"};
  size_t reason = (size_t)left->reason < sizeof reasons / sizeof *reasons ? (size_t)left->reason : 0;
  rp_buf_printf(text->out, "  left  %-11s ", reasons[reason]);
  if (left->to.len) {
    rp_buf_add_cstr(text->out, "to ");
    rp_plain_add(text->out, left->to);
    rp_buf_add_cstr(text->out, ": ");
  }
  rp_plain_add(text->out, left->id);
  rp_buf_add_byte(text->out, '\n');
}

static void add_left(rp_text *text, const rp_run_record *record) {
  size_t n = text->full ? record->n_left : least(record->n_left, LEFT);
  for (size_t i = 0; i < n; i++) add_left_one(text, &record->left[i]);
  if (n < record->n_left) rp_buf_printf(text->out, "  left  and %zu more (--full lists all)\n", record->n_left - n);
}

static void add_aliases(rp_text *text, const rp_run_record *record) {
  size_t n = text->full ? record->n_alias : least(record->n_alias, ALIASES);
  if (!n) return;
  rp_buf line;
  rp_buf_init(&line);
  rp_buf_add_cstr(&line, "took in ");
  for (size_t i = 0; i < n; i++) {
    if (i) rp_buf_add_cstr(&line, ", ");
    rp_buf_add(&line, record->alias[i].data, record->alias[i].len);
  }
  if (n < record->n_alias) rp_buf_printf(&line, " and %zu more", record->n_alias - n);
  rp_text_end_line(text, "  ", &line);
}

/* ---- a group --------------------------------------------------------------------- */

static void add_what(rp_text *text, const rp_run_record *record) {
  const rp_cluster *cluster = record->group;
  rp_buf line;
  rp_buf_init(&line);
  for (size_t i = 0; i < N_CHANGE; i++)
    if (record->what >> i & 1) rp_buf_printf(&line, "%s%s", line.len ? ", " : "", changes[i].of_group);
  if (line.len) rp_buf_add_cstr(&line, ": ");
  add_things(&line, cluster->n_article, "", "article");
  if (record->n_before && record->n_before != cluster->n_article)
    rp_buf_printf(&line, " (%zu before)", record->n_before);
  if (cluster->n_article) {
    rp_buf_add_cstr(&line, ", ");
    rp_text_add_publishers(&line, cluster);
  }
  rp_text_end_line(text, "  ", &line);
}

static void add_group(rp_text *text, const rp_run_record *record) {
  rp_text_heading(text, "group ", record->group->id);
  add_what(text, record);
  add_aliases(text, record);
  if (record->split_from.len) {
    rp_buf_add_cstr(text->out, "  was part of ");
    rp_plain_add(text->out, record->split_from);
    rp_buf_add_byte(text->out, '\n');
  }
  add_before(text, "first", record->lead_before);
  add_before(text, "kept", record->kept_before);
  add_members(text, record->group);
  add_left(text, record);
}

void rp_text_run(rp_text *text, const rp_run_record *record) {
  if (record->group) {
    add_group(text, record);
    return;
  }
  rp_report_add_run_summary(text->out, record->run);
  rp_buf_add_byte(text->out, '\n');
}
