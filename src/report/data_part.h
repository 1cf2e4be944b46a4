/* data_part.h - the parts that the records of data.h are made of. */
#ifndef RP_REPORT_DATA_PART_H
#define RP_REPORT_DATA_PART_H

#include "report/row.h"

enum { RP_DATA_DIGITS = 4 /* decimals of shares and hours */ };

/* "path": file and line it was read from. */
void rp_data_add_path(rp_row *row, const rp_article *article);
/* Null where it is unknown. */
void rp_data_add_date(rp_row *row, const char *key, rp_date date);
/* Seconds since 1970. */
void rp_data_add_moment(rp_row *row, const char *key, int64_t seconds);
/* NULL: unknown. */
void rp_data_add_name(rp_row *row, const char *key, const char *name);

#endif
