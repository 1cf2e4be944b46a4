#include "engine/analysis.h"

rp_status rp_analysis_make(const rp_article *article, rp_arena *arena, rp_analysis *out, rp_error *error) {
  rp_analysis analysis = {.article = article};
  RP_TRY(rp_words_split(article->text, arena, &analysis.words, error));
  RP_TRY(rp_words_mark(&analysis.words, article->mark, article->n_mark, article->title, arena, error));
  analysis.counted = rp_words_counted(&analysis.words);
  *out = analysis;
  return RP_OK;
}

static rp_reason reason_of(uint16_t flag) {
  if (flag & RP_WORD_TITLE) return RP_REASON_TITLE;
  if (flag & RP_WORD_FURNITURE) return RP_REASON_FURNITURE;
  if (flag & RP_WORD_DATELINE) return RP_REASON_DATELINE;
  if (flag & RP_WORD_CREDIT) return RP_REASON_CREDIT;
  return RP_REASON_QUOTE;
}

/* Runs of words with one reason become ranges of bytes. */
static rp_status collect_marks(const rp_words *words, rp_arena *arena, rp_text_marks *out, rp_error *error) {
  size_t n_marked = 0;
  for (size_t i = 0; i < words->n; i++) n_marked += (words->flag[i] & RP_WORD_UNCOUNTED) != 0;
  rp_mark *mark = RP_NEW(arena, rp_mark, n_marked);
  if (!mark) return rp_fail_memory(error);
  size_t n = 0;
  for (size_t i = 0; i < words->n; i++) {
    if (!(words->flag[i] & RP_WORD_UNCOUNTED)) continue;
    rp_reason reason = reason_of(words->flag[i]);
    if (i && n && (words->flag[i - 1] & RP_WORD_UNCOUNTED) && mark[n - 1].reason == reason)
      mark[n - 1].end = words->end[i];
    else
      mark[n++] = (rp_mark){words->start[i], words->end[i], reason};
  }
  out->mark = mark;
  out->n_mark = n;
  return RP_OK;
}

rp_status rp_text_marks_get(rp_ctx *ctx, const rp_article *article, const rp_text_marks **out, rp_error *error) {
  rp_ctx_begin(ctx);
  rp_analysis analysis;
  RP_TRY(rp_analysis_make(article, &ctx->arena, &analysis, error));
  rp_text_marks *marks = RP_NEW0(&ctx->arena, rp_text_marks, 1);
  if (!marks) return rp_fail_memory(error);
  RP_TRY(collect_marks(&analysis.words, &ctx->arena, marks, error));
  marks->words = (uint32_t)analysis.words.n;
  marks->counted = analysis.counted;
  *out = marks;
  return RP_OK;
}
