#include "report/finding.h"

#include <inttypes.h>

#include "report/plain.h"

static void add_number(rp_row *row, const char *key, int64_t number) {
  if (number < 0)
    rp_row_null(row, key);
  else
    rp_row_int(row, key, number);
}

void rp_data_finding(rp_row *row, const rp_finding *finding) {
  rp_row_begin(row, "finding");
  rp_row_cstr(row, "part", finding->part);
  add_number(row, "segment", finding->segment);
  rp_row_cstr(row, "table", finding->table);
  add_number(row, "document", finding->document);
  rp_row_str(row, "id", finding->id);
  rp_row_cstr(row, "message", finding->message);
  rp_row_end(row);
}

void rp_text_finding(rp_buf *out, const rp_finding *f) {
  rp_buf_add_cstr(out, f->part);
  if (f->document >= 0) rp_buf_printf(out, " %" PRId64, f->document);
  if (f->id.len) {
    rp_buf_add_cstr(out, " '");
    rp_plain_add_cut(out, f->id, 200);
    rp_buf_add_cstr(out, "'");
  }
  if (f->document < 0 && f->segment >= 0) rp_buf_printf(out, " %" PRId64, f->segment);
  if (f->table[0]) rp_buf_printf(out, ", %s", f->table);
  if (f->document >= 0 && f->segment >= 0) rp_buf_printf(out, " of segment %" PRId64, f->segment);
  rp_buf_printf(out, ": %s\n", f->message);
}
