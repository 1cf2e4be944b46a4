/* finding.h - what a check found, as a record and as a line. */
#ifndef RP_REPORT_FINDING_H
#define RP_REPORT_FINDING_H

#include "report/row.h"

void rp_data_finding(rp_row *row, const rp_finding *finding);
void rp_text_finding(rp_buf *out, const rp_finding *finding);

#endif
