/* url.h - hosts, registrable domains and file paths.  The only file with
 * libpsl.  Nothing here touches the network. */
#ifndef RP_INGEST_URL_H
#define RP_INGEST_URL_H

#include "base/arena.h"
#include "base/err.h"

/* Whether a string reads as a URL: "scheme://host", "//host" or "www.host". */
bool rp_url_is_url(rp_str text);

/* Host of a URL in lower case, without user, port and trailing dot; empty
 * where it has none.  {NULL, 0} in `*out` is no failure. */
RP_CHECKED rp_status rp_url_host(rp_str url, rp_arena *arena, rp_str *out, rp_error *error);

/* Registrable domain of a host in lower case ("bbc.co.uk" of
 * "news.bbc.co.uk"); the host itself where it has none (an address, a public
 * suffix). */
RP_CHECKED rp_status rp_url_domain(rp_str host, rp_arena *arena, rp_str *out, rp_error *error);

/* Whether a name without spaces is a host below a suffix that the public
 * suffix list knows: "www.bbc.co.uk", not "bbc". */
bool rp_url_is_host(rp_str name);

/* A host's name in lower case. */
RP_CHECKED rp_status rp_url_lower(rp_str host, rp_arena *arena, rp_str *out, rp_error *error);

/* Whether a host, or a domain above it, carries other publishers' stories
 * (data/aggregators.tsv). */
bool rp_url_is_aggregator(rp_str host);

/* A path without "./" and doubled slashes. */
RP_CHECKED rp_status rp_url_clean_path(rp_str path, rp_arena *arena, rp_str *out, rp_error *error);

#endif
