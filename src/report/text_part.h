/* text_part.h - the parts that the texts of text.h are made of. */
#ifndef RP_REPORT_TEXT_PART_H
#define RP_REPORT_TEXT_PART_H

#include "report/text.h"

/* What the two articles of a pair are called in sentences, and over columns. */
typedef struct rp_text_names {
  const char *a, *b;
  const char *a_column, *b_column;
} rp_text_names;

/* `format` wrapped to the width, the first line after `lead`. */
RP_PRINTF(3, 4) void rp_text_line(rp_text *text, const char *lead, const char *format, ...);

/* The same of a line that was put together; releases it. */
void rp_text_end_line(rp_text *text, const char *lead, rp_buf *line);

/* A heading, bold where colours are wanted; cut to the width. */
void rp_text_heading(rp_text *text, const char *lead, rp_str heading);

/* "sputniknews.com", "publisher unknown" */
void rp_text_add_publisher(rp_buf *out, const rp_article *article);
/* "84%", "under 1%"; 100% only for all of it; returns `out`. */
const char *rp_text_percent(double share, char out[16]);
/* "news.jsonl:12" */
void rp_text_add_place(rp_buf *out, const rp_article *article);

/* "18,665" */
void rp_text_add_count(rp_buf *out, uint64_t n);
/* "3 known publishers, 2 owners" */
void rp_text_add_publishers(rp_buf *out, const rp_cluster *cluster);
/* A member of a group on a line: whether it is the copy to keep, what it is, `note` ("" for none), who has it. */
void rp_text_add_member(rp_text *text, const rp_cluster *cluster, const rp_member *member, const char *note);

/* What is known of a pair: verdict, credit, who was first and why, changes,
 * passages; each line begins with `lead`. */
void rp_text_pair(rp_text *text, const rp_match *match, const rp_text_names *names);

/* The reasons of a pair that speak for its direction, as a sentence part
 * ("it was published 3 hours earlier; ..."); nothing where there are none. */
void rp_text_add_reasons(rp_buf *out, const rp_match *match, const rp_text_names *names, rp_direction direction);

/* The passages side by side. */
void rp_text_passages(rp_text *text, const rp_match *match, const rp_text_names *names);

#endif
