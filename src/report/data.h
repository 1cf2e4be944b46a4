/* data.h - the keys and values of every record that programs read.  Keys are
 * stable; all of them are always there. */
#ifndef RP_REPORT_DATA_H
#define RP_REPORT_DATA_H

#include "report/report.h"

void rp_data_match(rp_row *row, const rp_answer *answer, const rp_match *match);
void rp_data_comparison(rp_row *row, const rp_match *match, bool explain, bool has_index);
void rp_data_article(rp_row *row, const rp_report_article *article);
void rp_data_stat(rp_row *row, const char *dir, const rp_index_stat *stat);
void rp_data_pair(rp_row *row, const rp_match *match, bool with_passages);
/* Not all pairs of the group are there. */
void rp_data_truncated(rp_row *row, const rp_pair_record *record);
void rp_data_cluster(rp_row *row, const rp_cluster *cluster);
void rp_data_run(rp_row *row, const rp_run *run);
/* A group that changed in a run. */
void rp_data_run_group(rp_row *row, const rp_run_record *record);
/* One line of the S-curve: a similarity, and the chance that it is found. */
void rp_data_params(rp_row *row, const rp_index_params *params, double similarity);

#endif
