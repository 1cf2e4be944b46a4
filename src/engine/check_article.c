/* Every live article: that it can be read, and is what row, signature and the
 * table of ids say it is. */
#include <string.h>

#include "base/hash.h"
#include "engine/check_inside.h"

enum { PART = 256, KEEP_BYTES = 16 << 20 };

/* One article being looked at. */
struct look {
  rp_check *check;
  rp_check_worker *worker;
  uint32_t doc;
  const rp_document *document;
};

static void say(const struct look *l, int table, const char *what) {
  rp_finding_place place = {"article", table, -1, l->doc, {0}};
  if (l->document) place.id = l->document->article.id;
  rp_findings_add(&l->worker->findings, &place, "%s", what);
}

static bool is_failure(rp_status status) { return status != RP_OK && status != RP_ERR_DAMAGED; }

/* Rows and signatures that cannot be read were found as such. */
static rp_status check_row(const struct look *l) {
  const rp_document *d = l->document;
  const rp_article *a = &d->article;
  rp_row row;
  int32_t earliest, latest;
  rp_status status = rp_snapshot_row(l->worker->snapshot, l->doc, &row, &l->worker->error);
  if (status != RP_OK) return is_failure(status) ? status : RP_OK;
  rp_index_row_date(a->published, &earliest, &latest);
  if (row.earliest != earliest || row.latest != latest) say(l, -1, "its row has another date");
  if (row.counted != d->counted) say(l, -1, "its row has another count of words");
  if (row.id_hash != rp_hash64(a->id.data, a->id.len)) say(l, -1, "its row has another id");
  if (!rp_str_equal(rp_snapshot_publisher(l->worker->snapshot, row.publisher), a->publisher_key))
    say(l, -1, "its row has another publisher");
  return RP_OK;
}

static rp_status check_signature(const struct look *l, const rp_entries *entries) {
  const uint8_t *signature;
  rp_status status = rp_snapshot_signature(l->worker->snapshot, l->doc, &signature, &l->worker->error);
  if (status != RP_OK) return is_failure(status) ? status : RP_OK;
  if (memcmp(signature, entries->signature, RP_STORE_SIGNATURE) != 0) say(l, -1, "its signature is not its text's");
  return RP_OK;
}

/* No other live article has its id.  Each pair is found once. */
static rp_status check_id(const struct look *l) {
  rp_check_worker *w = l->worker;
  rp_str id = l->document->article.id;
  rp_list list;
  rp_status status =
      rp_snapshot_find(w->snapshot, RP_TABLE_ID, rp_hash64(id.data, id.len), &w->arena, &list, &w->error);
  if (status != RP_OK) return is_failure(status) ? status : RP_OK;
  rp_entry *entry = RP_NEW(&w->arena, rp_entry, (size_t)list.n);
  size_t n = 0;
  if (!entry) return rp_fail_memory(&w->error);
  status = rp_list_read(w->snapshot, &list, entry, &n, &w->error);
  if (status != RP_OK) return is_failure(status) ? status : RP_OK;
  for (size_t i = 0; i < n; i++) {
    rp_document other;
    if (entry[i].doc <= l->doc) continue;
    status = rp_index_read(w->snapshot, entry[i].doc, &w->arena, &other, &w->error);
    if (is_failure(status)) return status;
    if (status == RP_OK && rp_str_equal(other.article.id, id)) say(l, RP_TABLE_ID, "another article has the same id");
  }
  return RP_OK;
}

/* What runs know of it: its words, and its id where it is in a group. */
static rp_status check_known(const struct look *l, const rp_entries *entries) {
  rp_check_worker *w = l->worker;
  rp_state state;
  rp_past_member member;
  rp_str bytes;
  uint64_t group;
  /* what cannot be read was found before */
  rp_status status = rp_known_state(&l->check->known, l->doc, &w->arena, &state, &w->error);
  if (is_failure(status) && status != RP_ERR_NOT_FOUND) return status;
  if (status == RP_OK && state.equal != entries->equal) say(l, -1, "what is known is of other words than its text's");
  if (!rp_ledger_find(&l->check->member, l->doc, &bytes)) return RP_OK;
  status = rp_past_member_decode(l->doc, bytes, &group, &member, &w->error);
  if (status == RP_OK && !rp_str_equal(member.id, l->document->article.id))
    say(l, -1, "it is in a group by another id");
  return is_failure(status) ? status : RP_OK;
}

static void count(rp_check_worker *w, const rp_document *d) {
  w->counter[RP_COUNTER_WORD] += (int64_t)d->n_word;
  w->counter[RP_COUNTER_COUNTED] += (int64_t)d->counted;
  w->counter[RP_COUNTER_TEXT] += (int64_t)d->article.text.len;
  w->counter[RP_COUNTER_UNDATED] += !rp_date_is_known(d->article.published);
}

static rp_status check_article(struct look *l) {
  rp_check *c = l->check;
  rp_check_worker *w = l->worker;
  rp_document document;
  rp_status status = rp_index_read(w->snapshot, l->doc, &w->arena, &document, &w->error);
  if (is_failure(status)) return status;
  if (status != RP_OK) {
    w->n_unread++;
    say(l, -1, "it cannot be read");
    return RP_OK;
  }
  l->document = &document;
  count(w, &document);
  RP_TRY(check_row(l));
  rp_entries entries;
  RP_TRY(rp_entries_make(&document.article, &c->index->params, &w->arena, &entries, &w->error));
  if (entries.n_word != document.n_word) say(l, -1, "its text has another number of words than was counted");
  RP_TRY(check_signature(l, &entries));
  RP_TRY(check_id(l));
  RP_TRY(check_known(l, &entries));
  c->n_word[l->doc] = entries.n_word;
  uint64_t sum = atomic_load_explicit(&c->sum[l->doc], memory_order_relaxed);
  for (size_t i = 0; i < entries.n; i++) sum -= rp_check_mix(entries.key[i]);
  return sum == 0 || rp_vec_push(&w->uneven, l->doc) ? RP_OK : rp_fail_memory(&w->error);
}

static void check_part(void *user, unsigned number, size_t part) {
  rp_check *c = user;
  rp_check_worker *w = &c->worker[number];
  size_t end = (part + 1) * PART < c->n_number ? (part + 1) * PART : c->n_number;
  for (size_t doc = part * PART; doc < end && w->status == RP_OK; doc++) {
    struct look look = {.check = c, .worker = w, .doc = (uint32_t)doc};
    if (rp_snapshot_is_live(w->snapshot, look.doc)) w->status = check_article(&look);
    rp_arena_clear(&w->arena, KEEP_BYTES);
  }
}

rp_status rp_check_articles(rp_check *c, rp_error *error) {
  RP_TRY(rp_check_run(c, ((size_t)c->n_number + PART - 1) / PART, check_part, c, error));
  return rp_check_tell(c, error);
}
