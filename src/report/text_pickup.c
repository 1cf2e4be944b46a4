/* A story and who picked it up, short enough for a mail: a line or two each. */
#include "report/plain.h"
#include "report/text_part.h"
#include "report/when.h"

static void add_address(rp_text *text, const rp_article *article) {
  rp_buf_add_cstr(text->out, "    ");
  rp_plain_add_cut(text->out, article->url.len ? article->url : article->id, 400);
  rp_buf_add_byte(text->out, '\n');
}

static void add_match(rp_text *text, const rp_article *story, const rp_match *m) {
  char of_story[16], of_copy[16];
  rp_buf line;
  rp_buf_init(&line);
  rp_text_add_publisher(&line, m->b);
  rp_buf_add_cstr(&line, ", ");
  rp_when_add(&line, m->b->published);
  rp_buf_printf(&line, ": %s, %s of the story, %s of theirs", rp_verdict_name(m->verdict),
                rp_text_percent(m->coverage_a, of_story), rp_text_percent(m->coverage_b, of_copy));
  if (m->is_short) rp_buf_add_cstr(&line, " (a short text)");
  if (m->credit != RP_CREDIT_NONE) rp_buf_printf(&line, "; %s", rp_credit_name(m->credit));
  size_t before = line.len;
  rp_buf_add_cstr(&line, "; ");
  rp_when_add_distance(&line, m->b->published, story->published, "the story");
  if (line.len == before + 2) line.len = before;
  if (m->direction == RP_B_TO_A) rp_buf_add_cstr(&line, "; they had it first");
  rp_text_end_line(text, "  - ", &line);
  add_address(text, m->b);
}

void rp_text_pickup(rp_text *text, const rp_answer *answer) {
  static const rp_str untitled = {"(no title)", sizeof "(no title)" - 1};
  const rp_article *story = answer->query;
  rp_text_heading(text, "", story->title.len ? story->title : untitled);
  rp_buf line;
  rp_buf_init(&line);
  rp_text_add_publisher(&line, story);
  rp_buf_add_cstr(&line, ", ");
  rp_when_add(&line, story->published);
  if (answer->n_match == 0) rp_buf_add_cstr(&line, ": not picked up");
  rp_text_end_line(text, "  ", &line);
  add_address(text, story);
  for (size_t i = 0; i < answer->n_match; i++) add_match(text, story, &answer->match[i]);
  if (answer->n_left_out)
    rp_text_line(text, "  ", "%zu more %s left out (--limit 0 lists all)", answer->n_left_out,
                 answer->n_left_out == 1 ? "was" : "were");
}
