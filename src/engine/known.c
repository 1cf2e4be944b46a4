#include "engine/known.h"

#include "base/bytes.h"
#include "base/hash.h"

void rp_known_init(rp_known *known) {
  rp_ledger_init(&known->state, RP_STREAM_STATE);
  rp_ledger_init(&known->fact, RP_STREAM_FACT);
}

void rp_known_release(rp_known *known) {
  rp_ledger_release(&known->state);
  rp_ledger_release(&known->fact);
}

rp_status rp_known_load(rp_known *known, rp_snapshot *snapshot, rp_error *error) {
  RP_TRY(rp_ledger_load(&known->state, snapshot, error));
  return rp_ledger_load(&known->fact, snapshot, error);
}

/* ---- articles ----------------------------------------------------------------------- */

enum { PROPOSED = 1, MANY = 2, CUT = 4 };

static rp_status damaged(const char *what, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "what is known of %s is not what was written", what);
}

rp_status rp_state_decode(rp_str bytes, rp_arena *arena, rp_state *out, rp_error *error) {
  rp_reader_bytes r = {(const uint8_t *)bytes.data, (const uint8_t *)bytes.data + bytes.len, false};
  rp_state state = {.equal = rp_read64(&r)};
  state.publisher = (uint32_t)rp_read_varint(&r);
  uint8_t flags = rp_read8(&r);
  uint64_t n = rp_read_varint(&r), doc = 0;
  /* a number takes a byte at least */
  if (r.failed || n > (uint64_t)(r.end - r.at)) return damaged("an article", error);
  uint32_t *ask = RP_NEW(arena, uint32_t, (size_t)n);
  if (!ask) return rp_fail_memory(error);
  for (uint64_t i = 0; i < n; i++) {
    doc += rp_read_varint(&r) + (i > 0);
    if (r.failed || doc >= UINT32_MAX) return damaged("an article", error);
    ask[i] = (uint32_t)doc;
  }
  if (r.at != r.end || flags > (PROPOSED | MANY | CUT)) return damaged("an article", error);
  state.is_proposed = flags & PROPOSED;
  state.has_many = flags & MANY;
  state.is_cut = flags & CUT;
  state.ask = ask;
  state.n_ask = (uint32_t)n;
  *out = state;
  return RP_OK;
}

rp_status rp_known_state(const rp_known *known, uint32_t doc, rp_arena *arena, rp_state *out, rp_error *error) {
  rp_str bytes;
  if (!rp_ledger_find(&known->state, doc, &bytes)) return RP_ERR_NOT_FOUND;
  return rp_state_decode(bytes, arena, out, error);
}

rp_status rp_known_put_state(rp_known *known, uint32_t doc, const rp_state *state, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add64(&buf, state->equal);
  rp_buf_add_varint(&buf, state->publisher);
  rp_buf_add_byte(
      &buf, (char)((state->is_proposed ? PROPOSED : 0) | (state->has_many ? MANY : 0) | (state->is_cut ? CUT : 0)));
  rp_buf_add_varint(&buf, state->n_ask);
  for (uint32_t i = 0; i < state->n_ask; i++)
    rp_buf_add_varint(&buf, i ? state->ask[i] - state->ask[i - 1] - 1 : state->ask[i]);
  rp_status status =
      buf.failed ? rp_fail_memory(error) : rp_ledger_put(&known->state, doc, (rp_str){buf.data, buf.len}, error);
  rp_buf_release(&buf);
  return status;
}

/* ---- pairs --------------------------------------------------------------------------- */

uint64_t rp_known_look(const rp_words *words) {
  uint64_t part[2] = {rp_hash64(words->folded, words->folded_at[words->n]),
                      rp_hash64(words->flag, words->n * sizeof *words->flag)};
  return rp_hash64(part, sizeof part);
}

uint64_t rp_known_looks(uint64_t a, uint64_t b) {
  uint64_t part[2] = {a, b};
  return rp_hash64(part, sizeof part);
}

/* Runs as what lies between them and their length, on both sides. */
static void encode_chain(const rp_seed *run, uint32_t n_run, bool is_mirrored, rp_buf *out) {
  uint32_t at_a = 0, at_b = 0;
  rp_buf_add_varint(out, n_run);
  for (uint32_t i = 0; i < n_run; i++) {
    uint32_t a = is_mirrored ? run[i].b : run[i].a, b = is_mirrored ? run[i].a : run[i].b;
    rp_buf_add_varint(out, a - at_a);
    rp_buf_add_varint(out, b - at_b);
    rp_buf_add_varint(out, run[i].n);
    at_a = a + run[i].n;
    at_b = b + run[i].n;
  }
}

void rp_fact_encode(uint64_t look, const rp_measures *m, bool is_mirrored, rp_buf *out) {
  rp_buf_add_byte(out, RP_MATCH_VERSION);
  rp_buf_add64(out, look);
  rp_buf_add_varint(out, m->n_chain);
  for (size_t i = 0; i < m->n_chain; i++) encode_chain(m->run + m->chain[i].run, m->chain[i].n_run, is_mirrored, out);
}

static bool decode_chain(rp_reader_bytes *r, bool is_mirrored, rp_arena *arena, rp_run_list *out) {
  uint64_t n = rp_read_varint(r), a = 0, b = 0;
  if (r->failed || n > (uint64_t)(r->end - r->at) / 3) return false;
  rp_seed *run = RP_NEW(arena, rp_seed, (size_t)n);
  if (!run) return false;
  for (uint64_t i = 0; i < n; i++) {
    uint64_t skip_a = rp_read_varint(r), skip_b = rp_read_varint(r), len = rp_read_varint(r);
    if (r->failed || skip_a > UINT32_MAX || skip_b > UINT32_MAX || len > UINT32_MAX) return false;
    a += skip_a;
    b += skip_b;
    if (a + len > INT32_MAX || b + len > INT32_MAX) return false;
    run[i] = (rp_seed){(uint32_t)(is_mirrored ? b : a), (uint32_t)(is_mirrored ? a : b), (uint32_t)len};
    a += len;
    b += len;
  }
  *out = (rp_run_list){run, (size_t)n};
  return true;
}

rp_status rp_fact_decode(rp_str bytes, bool is_mirrored, rp_arena *arena, rp_pair_fact *out, rp_error *error) {
  rp_reader_bytes r = {(const uint8_t *)bytes.data, (const uint8_t *)bytes.data + bytes.len, false};
  /* what was matched by other rules is found again */
  if (rp_read8(&r) != RP_MATCH_VERSION) return RP_ERR_NOT_FOUND;
  rp_pair_fact fact = {.look = rp_read64(&r)};
  uint64_t n = rp_read_varint(&r);
  if (r.failed || n > (uint64_t)(r.end - r.at)) return damaged("a pair", error);
  rp_run_list *chain = RP_NEW(arena, rp_run_list, (size_t)n);
  if (!chain) return rp_fail_memory(error);
  for (uint64_t i = 0; i < n; i++)
    if (!decode_chain(&r, is_mirrored, arena, &chain[i])) return damaged("a pair", error);
  if (r.at != r.end) return damaged("a pair", error);
  fact.chain = chain;
  fact.n_chain = (size_t)n;
  *out = fact;
  return RP_OK;
}
