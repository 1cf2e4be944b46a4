/* identity.h - is another text under a known id a new version, or somebody
 * else's article that happens to carry the same id? */
#ifndef RP_ENGINE_IDENTITY_H
#define RP_ENGINE_IDENTITY_H

#include "engine/index.h"

/* `*reason` is NULL where `now` is a new version of `before`, else says in
 * words why it is not. */
RP_CHECKED rp_status rp_identity_conflict(const rp_article *before, const rp_article *now, rp_arena *arena,
                                          const char **reason, rp_error *error);

#endif
