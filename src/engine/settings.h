/* settings.h - the engine's header in a store: everything that the meaning of
 * its postings depends on.  docs/format.md gives the bytes. */
#ifndef RP_ENGINE_SETTINGS_H
#define RP_ENGINE_SETTINGS_H

#include "base/buf.h"
#include "base/err.h"

/* Fills in defaults; RP_ERR_ARGUMENT where n_band * n_row is out of range. */
RP_CHECKED rp_status rp_settings_complete(rp_index_params *params, rp_error *error);

/* The header of a new index; the probe text is sketched for it. */
RP_CHECKED rp_status rp_settings_encode(const rp_index_params *params, rp_buf *out, rp_error *error);

/* Reads a header and sketches the probe text again.  RP_ERR_DAMAGED;
 * RP_ERR_VERSION where this program would sketch texts differently. */
RP_CHECKED rp_status rp_settings_decode(rp_str bytes, rp_index_params *out, rp_error *error);

#endif
