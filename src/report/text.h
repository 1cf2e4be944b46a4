/* text.h - answers for people who have never seen the program. */
#ifndef RP_REPORT_TEXT_H
#define RP_REPORT_TEXT_H

#include "report/report.h"

typedef struct rp_text {
  rp_buf *out;
  size_t width; /* columns */
  bool color;
  bool full;
  bool look_alikes; /* are listed */
  bool filtered;    /* only some matches were asked for */
} rp_text;

void rp_text_answer(rp_text *text, const rp_answer *answer);
void rp_text_pickup(rp_text *text, const rp_answer *answer);
void rp_text_comparison(rp_text *text, const rp_match *match, bool explain, bool has_index);
void rp_text_article(rp_text *text, const rp_report_article *article);
void rp_text_stat(rp_text *text, const char *dir, const rp_index_stat *stat);
void rp_text_pair_record(rp_text *text, const rp_pair_record *record);
void rp_text_cluster(rp_text *text, const rp_cluster *cluster);
/* A run, or a group that changed in it. */
void rp_text_run(rp_text *text, const rp_run_record *record);
void rp_text_params(rp_text *text, const rp_index_params *params, const char *source);

#endif
