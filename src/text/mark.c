#include <string.h>

#include "text/credit.h"
#include "text/line.h"
#include "text/quote.h"

/* ---- the reader's marks -------------------------------------------------- */

static uint16_t flag_of(rp_reason reason) {
  switch (reason) {
    case RP_REASON_TITLE: return RP_WORD_TITLE;
    case RP_REASON_FURNITURE: return RP_WORD_FURNITURE;
    case RP_REASON_QUOTE: return RP_WORD_QUOTED;
    case RP_REASON_DATELINE: return RP_WORD_DATELINE;
    case RP_REASON_CREDIT: return RP_WORD_CREDIT;
  }
  return 0;
}

/* A word is marked where it begins inside the range. */
static void mark_given(rp_words *words, const rp_mark *mark, size_t n_mark) {
  size_t m = 0;
  for (size_t i = 0; i < words->n && m < n_mark; i++) {
    while (m < n_mark && mark[m].end <= words->start[i]) m++;
    if (m < n_mark && mark[m].start <= words->start[i]) words->flag[i] |= flag_of(mark[m].reason);
  }
}

/* ---- the title ------------------------------------------------------------ */

enum { TITLE_LINES = 3, TITLE_MAX = 25, STORY_LINES = 3 };

/* One of the first lines, where its words are those of the record's title. */
static rp_status mark_title(rp_words *words, const rp_lines *lines, rp_str title, rp_arena *arena, rp_error *error) {
  rp_words given;
  RP_TRY(rp_words_fold(title, arena, &given, error));
  for (size_t k = 0; k < lines->n && k < TITLE_LINES; k++) {
    const rp_line *line = &lines->line[k];
    size_t n = line->last - line->first;
    if (n != given.n || memcmp(given.hash, words->hash + line->first, n * sizeof *given.hash) != 0) continue;
    rp_phrase_flag(words, line->first, line->last, RP_WORD_TITLE);
    break;
  }
  return RP_OK;
}

/* No title is known: a first line that stands apart and is no sentence. */
static void guess_title(rp_words *words, const rp_lines *lines) {
  if (lines->n <= STORY_LINES || lines->line[0].is_sentence || !lines->line[1].is_alone) return;
  const rp_line *line = &lines->line[0];
  for (size_t i = 0; i < words->n; i++)
    if (words->flag[i] & RP_WORD_TITLE) return;
  if (line->last - line->first > TITLE_MAX || words->text.data[line->end - 1] == ':') return;
  rp_phrase_flag(words, line->first, line->last, RP_WORD_TITLE);
}

rp_status rp_words_mark(rp_words *words, const rp_mark *mark, size_t n_mark, rp_str title, rp_arena *arena,
                        rp_error *error) {
  mark_given(words, mark, n_mark);
  rp_quote_mark(words);
  rp_quote_mark_blocks(words);
  rp_arena_mark before = rp_arena_get(arena);
  rp_lines lines;
  rp_status status = rp_lines_make(words, arena, &lines, error);
  if (status == RP_OK && title.len > 0) status = mark_title(words, &lines, title, arena, error);
  if (status == RP_OK && title.len == 0) guess_title(words, &lines);
  if (status == RP_OK) status = rp_line_mark(words, &lines, arena, error);
  if (status == RP_OK) rp_credit_mark_lines(words, &lines);
  if (status == RP_OK) rp_credit_mark_datelines(words, &lines);
  rp_arena_rewind(arena, before);
  return status;
}
