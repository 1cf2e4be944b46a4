/* owners.h - the file that says which publishers belong together. */
#ifndef RP_CLI_OWNERS_H
#define RP_CLI_OWNERS_H

#include "cli/settings.h"

/* --owners FILE: fills settings->owners, sorted.  A line is a publisher's key, a
 * tab or spaces, and the owner's name; a key with spaces in it needs the tab.
 * Empty lines and those that begin with '#' say nothing.  RP_ERR_ARGUMENT names
 * FILE:LINE; or what reading fails with. */
RP_CHECKED rp_status rp_owners_read(rp_settings *settings, const char *path, rp_error *error);

#endif
