#include "text/quote.h"
#include "text/token.h"

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

/* The first line of the text, where its words are those of the title. */
static rp_status mark_title(rp_words *words, rp_str title, rp_arena *arena, rp_error *error) {
  if (title.len == 0 || words->n == 0) return RP_OK;
  rp_arena_mark before = rp_arena_get(arena);
  rp_words given;
  RP_TRY(rp_words_fold(title, arena, &given, error));
  size_t n = 0;
  while (n < given.n && n < words->n && given.hash[n] == words->hash[n] &&
         (n == 0 || (words->flag[n] & RP_WORD_PARAGRAPH) == 0)) {
    n++;
  }
  if (n == given.n && (n == words->n || (words->flag[n] & RP_WORD_PARAGRAPH) != 0)) {
    for (size_t i = 0; i < n; i++) words->flag[i] |= RP_WORD_TITLE;
  }
  rp_arena_rewind(arena, before);
  return RP_OK;
}

rp_status rp_words_mark(rp_words *words, const rp_mark *mark, size_t n_mark, rp_str title, rp_arena *arena,
                        rp_error *error) {
  mark_given(words, mark, n_mark);
  RP_TRY(mark_title(words, title, arena, error));
  rp_quote_mark(words);
  rp_quote_mark_blocks(words);
  return RP_OK;
}
