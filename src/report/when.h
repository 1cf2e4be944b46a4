/* when.h - dates and spans of time in words. */
#ifndef RP_REPORT_WHEN_H
#define RP_REPORT_WHEN_H

#include "base/buf.h"

bool rp_when_is_known(rp_date date);

/* For people, as exact as the date is: "2020-10-05", "2020-10-05 14:03 UTC";
 * "date unknown". */
void rp_when_add(rp_buf *out, rp_date date);

/* For programs (ISO 8601): "2020-10-05", "2020-10-05T14:03Z",
 * "2020-10-05T14:03:00Z", or the two ends of the interval with a slash
 * between.  The date must be known. */
void rp_when_add_iso(rp_buf *out, rp_date date);

/* "3 hours 30 minutes", "2 days", "5 years", rounded down; hours may be negative, the sign
 * is left out. */
void rp_when_add_span(rp_buf *out, double hours);

/* How far `date` lies from that of `of`, by what both dates say for sure: "3
 * hours 30 minutes after the queried story", "at least 9 hours before ...", "the
 * same day as ..."; nothing where they do not tell. */
void rp_when_add_distance(rp_buf *out, rp_date date, rp_date other, const char *of);

#endif
