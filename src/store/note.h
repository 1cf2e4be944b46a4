/* note.h - streams of notes: records that are appended under rising numbers and
 * dropped from the low end.  The manifest tells where a stream begins and ends. */
#ifndef RP_STORE_NOTE_H
#define RP_STORE_NOTE_H

#include "store/merge.h"

/* False where the value is no note or one of its blocks is not what was written. */
bool rp_note_open(rp_bytes value, rp_str *out);

/* Drops and appends what the batch says, and counts it; streams and lengths were
 * looked at.  RP_ERR_LIMIT where numbers run out. */
RP_CHECKED rp_status rp_notes_write(rp_txn *txn, rp_manifest *manifest, const rp_store_batch *batch, rp_error *error);

/* All notes, each verified, under their numbers. */
RP_CHECKED rp_status rp_notes_copy(rp_snapshot *from, rp_sink *sink, rp_error *error);

#endif
