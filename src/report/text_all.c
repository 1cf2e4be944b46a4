/* Pairs and groups of the whole index, for people: a few lines each. */
#include <string.h>

#include "base/str.h"
#include "report/plain.h"
#include "report/text_part.h"
#include "report/when.h"

static void add_percent(rp_buf *out, double share) { rp_buf_printf(out, "%d%%", (int)(share * 100 + 0.5)); }

static void add_party(rp_text *text, const char *lead, const rp_article *article) {
  rp_buf_add_cstr(text->out, lead);
  rp_text_add_publisher(text->out, article);
  rp_buf_add_cstr(text->out, ", ");
  rp_when_add(text->out, article->published);
  rp_buf_add_cstr(text->out, ", ");
  rp_plain_add(text->out, article->id);
  rp_buf_add_byte(text->out, '\n');
}

static const char *way(rp_direction direction) {
  return direction == RP_A_TO_B ? ", from A to B" : direction == RP_B_TO_A ? ", from B to A" : "";
}

void rp_text_pair_record(rp_text *text, const rp_pair_record *record) {
  const rp_match *match = record->match;
  if (!match) {
    rp_text_line(text, "", "Of the %zu articles of group %.*s only these %zu pairs are told; --all tells the others.",
                 record->cluster_size, (int)record->cluster.len, record->cluster.data, record->n_listed);
    return;
  }
  rp_buf_printf(text->out, "%s: %u words shared, ", rp_verdict_name(match->verdict), match->n_word);
  add_percent(text->out, match->coverage_a);
  rp_buf_add_cstr(text->out, " of A, ");
  add_percent(text->out, match->coverage_b);
  rp_buf_printf(text->out, " of B%s", way(match->direction));
  if (match->credit != RP_CREDIT_NONE) rp_buf_printf(text->out, ", %s", rp_credit_name(match->credit));
  rp_buf_add_byte(text->out, '\n');
  add_party(text, "  A  ", match->a);
  add_party(text, "  B  ", match->b);
}

void rp_text_add_member(rp_text *text, const rp_cluster *cluster, const rp_member *m, const char *note) {
  bool is_lead = m->verdict == RP_NONE;
  rp_buf_printf(text->out, "  %s  %-11s ", m->is_kept ? "keep" : "copy",
                is_lead ? "first" : rp_verdict_name(m->verdict));
  rp_buf_add_cstr(text->out, note);
  if (is_lead) {
    add_party(text, *note ? ": " : "", m->article);
    return;
  }
  if (*note) rp_buf_add_cstr(text->out, ", ");
  add_percent(text->out, m->coverage);
  if (m->has_hours && m->hours_after != 0) {
    rp_buf_add_cstr(text->out, ", ");
    rp_when_add_span(text->out, m->hours_after);
    rp_buf_add_cstr(text->out, m->hours_after < 0 ? " before" : " after");
  }
  if (!rp_str_equal(m->of, cluster->lead)) {
    rp_buf_add_cstr(text->out, m->has_hours && m->hours_after != 0 ? " " : ", with ");
    rp_plain_add(text->out, m->of);
  }
  if (m->credit != RP_CREDIT_NONE) rp_buf_printf(text->out, ", %s", rp_credit_name(m->credit));
  add_party(text, ": ", m->article);
}

void rp_text_add_publishers(rp_buf *out, const rp_cluster *cluster) {
  rp_buf_printf(out, "%zu known publisher%s", cluster->n_publisher, cluster->n_publisher == 1 ? "" : "s");
  if (cluster->has_owners) rp_buf_printf(out, ", %zu owner%s", cluster->n_owner, cluster->n_owner == 1 ? "" : "s");
}

void rp_text_cluster(rp_text *text, const rp_cluster *cluster) {
  const rp_article *lead = cluster->member[0].article;
  rp_text_heading(text, "", lead->title.len ? lead->title : lead->id);
  rp_buf_printf(text->out, "  %zu articles, ", cluster->n_article);
  rp_text_add_publishers(text->out, cluster);
  rp_buf_add_cstr(text->out, ", group ");
  rp_plain_add(text->out, cluster->id);
  rp_buf_add_byte(text->out, '\n');
  for (size_t i = 0; i < cluster->n_member; i++) rp_text_add_member(text, cluster, &cluster->member[i], "");
}
