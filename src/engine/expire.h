/* expire.h - takes out what is too old. */
#ifndef RP_ENGINE_EXPIRE_H
#define RP_ENGINE_EXPIRE_H

#include "engine/index.h"

/* The writer's lock is held and nothing is waiting to be committed.  One commit
 * for every so many documents. */
RP_CHECKED rp_status rp_expire_all(rp_index *index, const rp_expire_options *options, unsigned n_thread, rp_expiry *out,
                                   rp_error *error);

#endif
