#include "engine/identity.h"

#include "base/map.h"

static rp_str without_www(rp_str host) {
  static const char www[] = "www.";
  if (host.len > sizeof www - 1 && __builtin_memcmp(host.data, www, sizeof www - 1) == 0)
    return (rp_str){host.data + sizeof www - 1, host.len - (sizeof www - 1)};
  return host;
}

static rp_status sketch_text(rp_str text, rp_arena *arena, rp_sketch *out, rp_error *error) {
  rp_words words;
  RP_TRY(rp_words_fold(text, arena, &words, error));
  return rp_sketch_make(&words, arena, out, error);
}

static rp_status share_fingerprint(rp_str x, rp_str y, rp_arena *arena, bool *out, rp_error *error) {
  rp_sketch a, b;
  RP_TRY(sketch_text(x, arena, &a, error));
  RP_TRY(sketch_text(y, arena, &b, error));
  rp_map known;
  rp_map_init(&known);
  rp_status status = RP_OK;
  for (size_t i = 0; i < a.n_fingerprint && status == RP_OK; i++)
    if (!rp_map_put(&known, a.fingerprint[i].hash, 0, NULL)) status = rp_fail_memory(error);
  bool found = false;
  for (size_t i = 0; i < b.n_fingerprint && !found; i++) found = rp_map_get(&known, b.fingerprint[i].hash) != NULL;
  rp_map_release(&known);
  if (status == RP_OK) *out = found;
  return status;
}

rp_status rp_identity_conflict(const rp_article *before, const rp_article *now, rp_arena *arena, const char **reason,
                               rp_error *error) {
  const char *why = NULL;
  if (now->id_is_path && before->id_is_path) {
    /* a file that was rewritten is a new version */
  } else if (before->host.len && now->host.len) {
    if (!rp_str_equal(without_www(before->host), without_www(now->host)))
      why = "the same id with another text from another host: use --id-prefix to keep feeds apart";
  } else if (before->publisher_key.len && now->publisher_key.len &&
             !rp_str_equal(before->publisher_key, now->publisher_key)) {
    why = "the same id with another text from another publisher: use --id-prefix to keep feeds apart";
  } else {
    bool shares = false;
    RP_TRY(share_fingerprint(before->text, now->text, arena, &shares, error));
    if (!shares)
      why =
          "the same id with a text that shares nothing with the one in the index: use --id-prefix to keep feeds apart";
  }
  *reason = why;
  return RP_OK;
}
