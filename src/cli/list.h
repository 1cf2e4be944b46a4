/* list.h - lists of names on the command line: "a,b,c", or one a line in a
 * file. */
#ifndef RP_CLI_LIST_H
#define RP_CLI_LIST_H

#include "base/arena.h"
#include "base/vec.h"
#include "reprint/reprint.h"

typedef RP_VEC(rp_str) rp_list;

/* Appends the names of `value`, which is LIST or @FILE ("@-": stdin), without
 * white space at their ends; empty ones are left out.  The names live in
 * `arena`. */
RP_CHECKED rp_status rp_list_parse(const char *value, rp_arena *arena, rp_list *out, rp_error *error);

#endif
