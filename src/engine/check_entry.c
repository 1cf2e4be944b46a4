/* The entries of articles whose sum is not 0, those that are in the tables and
 * those that should be, side by side. */
#include "base/map.h"
#include "base/sort.h"
#include "engine/check_inside.h"

/* Articles that are looked at one by one; of any more only the number is told. */
enum { MOST = 1 << 14, KEEP_BYTES = 16 << 20 };

typedef RP_VEC(rp_key32) found_entries; /* key of an entry, place of its article in the list */

struct listing {
  rp_check *check;
  RP_VEC(uint32_t) doc; /* ascending */
  rp_map place;         /* document -> place in `doc` */
  found_entries *found; /* of each worker */
  found_entries all;    /* by article, then by key */
  size_t *start;        /* of each article in `all` */
};

struct collecting {
  struct listing *listing;
  found_entries *found;
  bool failed;
};

static void collect_entries(void *user, rp_table table, const rp_entry *entry, size_t n) {
  struct collecting *c = user;
  for (size_t i = 0; i < n; i++) {
    const uint32_t *place = rp_map_get(&c->listing->place, entry[i].doc);
    rp_key32 found = {rp_entry_key(table, entry[i].hash, entry[i].position), place ? *place : 0};
    if (place && !rp_vec_push(c->found, found)) c->failed = true;
  }
}

static void collect_part(void *user, unsigned number, size_t i) {
  struct listing *l = user;
  rp_check *c = l->check;
  rp_check_worker *w = &c->worker[number];
  if (w->status != RP_OK) return;
  struct collecting collecting = {l, &l->found[number], false};
  rp_check_reader reader = {w->snapshot, w->room, collect_entries, &collecting, NULL};
  bool is_whole;
  w->status = rp_check_read(&reader, &c->parts.data[i], &is_whole, &w->error);
  if (collecting.failed) w->status = rp_fail_memory(&w->error);
}

/* ---- which articles --------------------------------------------------------------------------- */

static rp_status list_articles(struct listing *l, size_t *n_more, rp_error *error) {
  rp_check *c = l->check;
  uint64_t *sorted = NULL;
  size_t n = 0, at = 0;
  for (unsigned i = 0; i < c->n_worker; i++) n += c->worker[i].uneven.n;
  sorted = rp_malloc(n * 2 * sizeof *sorted);
  if (!sorted) return rp_fail_memory(error);
  for (unsigned i = 0; i < c->n_worker; i++)
    for (size_t k = 0; k < c->worker[i].uneven.n; k++) sorted[at++] = c->worker[i].uneven.data[k];
  rp_sort_u64(sorted, sorted + n, n);
  *n_more = n > MOST ? n - MOST : 0;
  rp_status status = RP_OK;
  for (size_t i = 0; i < n - *n_more && status == RP_OK; i++)
    if (!rp_map_put(&l->place, sorted[i], (uint32_t)i, NULL) || !rp_vec_push(&l->doc, (uint32_t)sorted[i]))
      status = rp_fail_memory(error);
  rp_free(sorted);
  return status;
}

/* ---- which entries ------------------------------------------------------------------------------ */

static rp_status gather(struct listing *l, rp_error *error) {
  found_entries sorted = {0};
  size_t n = 0;
  for (unsigned i = 0; i < l->check->n_worker; i++) n += l->found[i].n;
  l->start = rp_calloc(l->doc.n + 1, sizeof *l->start);
  if (!l->start || !rp_vec_reserve(&sorted, 2 * n + 1) || !rp_vec_reserve(&l->all, n + 1)) {
    rp_vec_release(&sorted);
    return rp_fail_memory(error);
  }
  for (unsigned i = 0; i < l->check->n_worker; i++)
    for (size_t k = 0; k < l->found[i].n; k++) sorted.data[sorted.n++] = l->found[i].data[k];
  rp_sort_key32(sorted.data, sorted.data + n, n);
  for (size_t i = 0; i < n; i++) l->start[sorted.data[i].value + 1]++;
  for (size_t i = 0; i < l->doc.n; i++) l->start[i + 1] += l->start[i];
  for (size_t i = 0; i < n; i++) l->all.data[l->start[sorted.data[i].value]++] = sorted.data[i];
  for (size_t i = l->doc.n; i > 0; i--) l->start[i] = l->start[i - 1];
  l->start[0] = 0;
  l->all.n = n;
  rp_vec_release(&sorted);
  return RP_OK;
}

struct difference {
  size_t n_missing[RP_N_TABLE], n_strange[RP_N_TABLE];
};

static struct difference compare(const uint64_t *wanted, size_t n_wanted, const rp_key32 *found, size_t n_found) {
  struct difference d = {{0}, {0}};
  for (size_t i = 0, k = 0; i < n_wanted || k < n_found;) {
    if (k == n_found || (i < n_wanted && wanted[i] < found[k].key)) {
      d.n_missing[rp_entry_key_table(wanted[i++])]++;
    } else if (i == n_wanted || found[k].key < wanted[i]) {
      d.n_strange[rp_entry_key_table(found[k++].key)]++;
    } else {
      i++;
      k++;
    }
  }
  return d;
}

/* What a part of a table that cannot be read may hold is not missing. */
static void say(struct listing *l, rp_check_worker *w, uint32_t doc, rp_str id, const struct difference *d) {
  uint32_t index = 0, number;
  bool has_segment = rp_check_segment_of(w->snapshot, doc, &index, &number);
  for (int t = 0; t < RP_N_TABLE; t++) {
    const rp_finding_place place = {"article", t, has_segment ? (int64_t)number : -1, doc, id};
    bool is_broken = has_segment && atomic_load(&l->check->is_broken[index * RP_N_TABLE + (uint32_t)t]);
    if (d->n_missing[t] && !is_broken)
      rp_findings_add(&w->findings, &place, "%zu of its entries %s missing", d->n_missing[t],
                      d->n_missing[t] == 1 ? "is" : "are");
    if (d->n_strange[t])
      rp_findings_add(&w->findings, &place, "%zu entr%s there that %s not its own", d->n_strange[t],
                      d->n_strange[t] == 1 ? "y is" : "ies are", d->n_strange[t] == 1 ? "is" : "are");
  }
}

static rp_status compare_article(struct listing *l, rp_check_worker *w, size_t i) {
  uint32_t doc = l->doc.data[i];
  rp_document document;
  rp_entries entries;
  RP_TRY(rp_index_read(w->snapshot, doc, &w->arena, &document, &w->error));
  RP_TRY(rp_entries_make(&document.article, &l->check->index->params, &w->arena, &entries, &w->error));
  uint64_t *scratch = RP_NEW(&w->arena, uint64_t, entries.n);
  if (!scratch) return rp_fail_memory(&w->error);
  rp_sort_u64(entries.key, scratch, entries.n);
  struct difference d = compare(entries.key, entries.n, l->all.data + l->start[i], l->start[i + 1] - l->start[i]);
  say(l, w, doc, document.article.id, &d);
  return RP_OK;
}

static void compare_one(void *user, unsigned number, size_t i) {
  struct listing *l = user;
  rp_check_worker *w = &l->check->worker[number];
  if (w->status != RP_OK) return;
  w->status = compare_article(l, w, i);
  rp_arena_clear(&w->arena, KEEP_BYTES);
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static rp_status check_entries(struct listing *l, rp_error *error) {
  rp_check *c = l->check;
  size_t n_more = 0;
  RP_TRY(list_articles(l, &n_more, error));
  if (l->doc.n == 0) return RP_OK;
  RP_TRY(rp_check_run(c, c->parts.n, collect_part, l, error));
  RP_TRY(gather(l, error));
  RP_TRY(rp_check_run(c, l->doc.n, compare_one, l, error));
  const rp_finding_place place = RP_FINDING_OF("article");
  if (n_more)
    rp_findings_add(&c->worker[0].findings, &place, "the entries of %zu more articles are not those of their texts",
                    n_more);
  return rp_check_tell(c, error);
}

rp_status rp_check_entries(rp_check *c, rp_error *error) {
  struct listing l = {.check = c, .found = rp_calloc(c->n_worker, sizeof *l.found)};
  rp_map_init(&l.place);
  rp_status status = l.found ? check_entries(&l, error) : rp_fail_memory(error);
  for (unsigned i = 0; l.found && i < c->n_worker; i++) rp_vec_release(&l.found[i]);
  rp_free(l.found);
  rp_vec_release(&l.doc);
  rp_map_release(&l.place);
  rp_vec_release(&l.all);
  rp_free(l.start);
  return status;
}
