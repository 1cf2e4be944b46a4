/* Compares each edge once, on all processors.  Edges come in an order in which
 * neighbours share articles, so each worker keeps the words of what it read
 * last, up to a bound.  Of a pair that is known only the counting is done. */
#include "base/bytes.h"
#include "engine/match_all.h"
#include "judge/direction.h"

enum {
  PIECE = 64,      /* edges: enough to use an article's words again, few enough to share out */
  SAVED = 1 << 15, /* edges after which what was found out is committed */
};

static bool can_matter(const rp_pair *pair) { return pair->opinion.verdict != RP_NONE || pair->opinion.is_thin; }

static rp_status direct(const rp_pair *pair, rp_all_worker *w, rp_direction *out) {
  rp_origin origin;
  *out = RP_UNDECIDED;
  if (!rp_verdict_is_link(pair->opinion.verdict) && !pair->opinion.is_thin) return RP_OK;
  RP_TRY(rp_direction_judge(pair->a->article, &pair->a->words, pair->b->article, &pair->b->words, &pair->measures,
                            &w->arena, &origin, &w->error));
  *out = origin.direction;
  return RP_OK;
}

/* Each as: key, length, bytes. */
static rp_status note_fact(rp_all_worker *w, uint64_t key, uint64_t look, const rp_measures *m, bool is_mirrored) {
  rp_buf bytes;
  rp_buf_init(&bytes);
  rp_fact_encode(look, m, is_mirrored, &bytes);
  rp_buf_add64(&w->fact, key);
  rp_buf_add_varint(&w->fact, bytes.len);
  rp_buf_add(&w->fact, bytes.data, bytes.len);
  rp_status status = bytes.failed || w->fact.failed ? rp_fail_memory(&w->error) : RP_OK;
  rp_buf_release(&bytes);
  return status;
}

/* What is known of the pair, if it is of these very words and marks. */
static rp_status recall(const rp_all *all, rp_all_worker *w, uint64_t key, uint64_t look, bool is_mirrored,
                        rp_pair_fact *out) {
  rp_str bytes;
  if (!rp_ledger_find(&all->known.fact, key, &bytes)) return RP_ERR_NOT_FOUND;
  rp_status status = rp_fact_decode(bytes, is_mirrored, &w->arena, out, &w->error);
  return status == RP_OK && out->look != look ? RP_ERR_NOT_FOUND : status;
}

static rp_status disown(const rp_all *all, rp_all_worker *w, const rp_edge *edge) {
  rp_str a = all->node[edge->a].id, b = all->node[edge->b].id;
  return rp_fail(&w->error, RP_ERR_DAMAGED, "what is known of '%.*s' and '%.*s' does not belong to their texts",
                 (int)(a.len < 150 ? a.len : 150), a.data, (int)(b.len < 150 ? b.len : 150), b.data);
}

static rp_status compare(rp_all *all, rp_all_worker *w, const rp_edge *edge, const rp_analysis *a, const rp_analysis *b,
                         rp_pair *out) {
  uint32_t doc_a = all->node[edge->a].doc, doc_b = all->node[edge->b].doc;
  bool is_mirrored = doc_a > doc_b;
  uint64_t key = rp_known_pair(doc_a, doc_b), x = rp_known_look(&a->words), y = rp_known_look(&b->words);
  uint64_t look = is_mirrored ? rp_known_looks(y, x) : rp_known_looks(x, y);
  rp_pair_fact fact;
  rp_status status = recall(all, w, key, look, is_mirrored, &fact);
  if (status == RP_OK) {
    w->n_known++;
    status = rp_pair_recount(a, b, fact.chain, fact.n_chain, &w->arena, out, &w->error);
    return status == RP_ERR_DAMAGED ? disown(all, w, edge) : status;
  }
  if (status != RP_ERR_NOT_FOUND) return status;
  RP_TRY(rp_pair_judge(a, b, &w->arena, out, &w->error));
  return all->is_job ? note_fact(w, key, look, &out->measures, is_mirrored) : RP_OK;
}

static rp_status measure(rp_all *all, rp_all_worker *w, rp_edge *edge) {
  const rp_analysis *a, *b;
  rp_pair pair;
  rp_direction direction;
  RP_TRY(rp_all_analyse(all, w, edge->a, &a));
  RP_TRY(rp_all_analyse(all, w, edge->b, &b));
  RP_TRY(compare(all, w, edge, a, b, &pair));
  /* twins' dates and publishers may make a link of what is none here */
  if (!can_matter(&pair) && pair.opinion.gates == 0 && edge->a != edge->b) return RP_OK;
  RP_TRY(direct(&pair, w, &direction));
  edge->fact = rp_fact_make(&pair.measures, edge->a == edge->b ? RP_UNDECIDED : direction, &w->keep);
  return edge->fact ? RP_OK : rp_fail_memory(&w->error);
}

struct piece {
  size_t first, end;
};

static rp_status measure_piece(rp_all *all, rp_all_worker *w, size_t piece, void *user) {
  const struct piece *p = user;
  size_t begin = p->first + piece * PIECE, end = begin + PIECE < p->end ? begin + PIECE : p->end;
  for (size_t i = begin; i < end; i++) {
    rp_all_cache_trim(w);
    rp_arena_mark mark = rp_arena_get(&w->arena);
    rp_status status = measure(all, w, &all->edge.data[i]);
    rp_arena_rewind(&w->arena, mark);
    if (status != RP_OK) return status;
  }
  return RP_OK;
}

static rp_status keep_facts(rp_all *all, rp_error *error) {
  for (unsigned i = 0; i < all->n_worker; i++) {
    rp_buf *buf = &all->worker[i].fact;
    rp_reader_bytes r = {(const uint8_t *)buf->data, (const uint8_t *)buf->data + buf->len, false};
    while (r.at < r.end) {
      uint64_t key = rp_read64(&r);
      RP_TRY(rp_ledger_put(&all->known.fact, key, rp_read_str(&r), error));
    }
    rp_buf_clear(buf);
  }
  return rp_all_save(all, error);
}

rp_status rp_all_measure(rp_all *all, size_t first, rp_error *error) {
  all->stat.n_verified += all->edge.n - first;
  for (size_t at = first; at < all->edge.n; at += SAVED) {
    struct piece p = {at, all->edge.n - at < SAVED ? all->edge.n : at + SAVED};
    RP_TRY(rp_all_each(all, (p.end - at + PIECE - 1) / PIECE, measure_piece, &p, error));
    if (all->is_job) RP_TRY(keep_facts(all, error));
  }
  all->stat.n_known = 0;
  for (unsigned i = 0; i < all->n_worker; i++) {
    rp_all_cache_drop(&all->worker[i]);
    all->stat.n_known += all->worker[i].n_known;
  }
  return RP_OK;
}
