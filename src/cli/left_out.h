/* left_out.h - what does not count of an article, as a report lists it. */
#ifndef RP_CLI_LEFT_OUT_H
#define RP_CLI_LEFT_OUT_H

#include "base/vec.h"
#include "report/report.h"
#include "reprint/ingest.h"

/* Released with rp_vec_release; refers to the article's and the reader's
 * strings. */
typedef RP_VEC(rp_report_left_out) rp_left_out_list;

RP_CHECKED rp_status rp_left_out_add_marks(rp_left_out_list *list, const rp_article *article, const rp_mark *mark,
                                           size_t n_mark, rp_error *error);
/* What the reader took for no part of the article. */
RP_CHECKED rp_status rp_left_out_add_reader(rp_left_out_list *list, const rp_reader *reader, rp_error *error);

#endif
