#include "cli/left_out.h"

#include "base/err.h"

rp_status rp_left_out_add_marks(rp_left_out_list *list, const rp_article *article, const rp_mark *mark, size_t n_mark,
                                rp_error *error) {
  for (size_t i = 0; i < n_mark; i++) {
    const rp_mark *m = &mark[i];
    if (m->end > article->text.len || m->start > m->end) continue;
    rp_report_left_out left = {
        rp_report_reason(m->reason), true, m->start, m->end, {article->text.data + m->start, m->end - m->start}};
    if (!rp_vec_push(list, left)) return rp_fail_memory(error);
  }
  return RP_OK;
}

rp_status rp_left_out_add_reader(rp_left_out_list *list, const rp_reader *reader, rp_error *error) {
  const rp_left_out *left;
  size_t n;
  rp_reader_left_out(reader, &left, &n);
  for (size_t i = 0; i < n; i++) {
    rp_report_left_out item = {left[i].reason, false, 0, 0, left[i].text};
    if (!rp_vec_push(list, item)) return rp_fail_memory(error);
  }
  return RP_OK;
}
