/* reprint compare: one pair, or a list of them. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/command.h"
#include "cli/file.h"
#include "cli/guard.h"
#include "cli/input.h"
#include "cli/keep.h"
#include "cli/msg.h"

typedef struct run {
  rp_cli *cli;
  rp_index *index; /* NULL: without one */
  rp_ctx *ctx, *show_ctx;
  rp_arena arena; /* the two articles */
  rp_report report;
  bool are_alike;
} run;

/* Of what is wrong with one article; a pair of a list is passed over, and no more. */
static rp_level level_of(const run *r) { return r->cli->settings.pairs ? RP_LEVEL_WARNING : RP_LEVEL_ERROR; }

/* The one article of a file. */
static bool read_file(run *r, const char *path, rp_article *out) {
  rp_input_options options = {.path = &path, .n_path = 1, .n_thread = 1};
  options.weight = r->cli->settings.pairs ? RP_INPUT_PART : RP_INPUT_NEEDED;
  rp_input input;
  rp_error error = {0};
  if (!rp_input_open(r->cli, &options, &input)) return false;
  const rp_article *article = rp_input_next(&input);
  bool ok = article != NULL;
  if (ok) {
    error.status = rp_keep(article, &r->arena, out, &error);
    ok = error.status == RP_OK;
    if (!ok)
      rp_cli_fail(r->cli, &error);
    else if (rp_input_next(&input)) {
      rp_msg_at(r->cli, level_of(r), "'%s' holds more than one article", path);
      ok = false;
    }
  } else if (!input.n_failed && !input.n_skipped && !input.is_stopped) {
    rp_msg_at(r->cli, level_of(r), "no article in '%s'", path);
  }
  rp_input_close(&input);
  return ok && !input.n_failed && !input.n_skipped;
}

/* A file, or with --db also an article of the index. */
static bool find(run *r, const char *name, rp_article *out) {
  if (!r->index || strcmp(name, "-") == 0 || access(name, F_OK) == 0) return read_file(r, name, out);
  const rp_article *article;
  rp_error error = {0};
  rp_guard_enter(r->cli->settings.db);
  error.status = rp_index_show(r->show_ctx, (rp_str){name, strlen(name)}, &article, &error);
  rp_guard_leave();
  if (error.status == RP_OK) error.status = rp_keep(article, &r->arena, out, &error);
  if (error.status == RP_ERR_NOT_FOUND)
    rp_msg_at(r->cli, level_of(r), "'%s' is neither a file nor an article of the index", name);
  else if (error.status != RP_OK)
    rp_cli_fail(r->cli, &error);
  return error.status == RP_OK;
}

typedef enum outcome { COMPARED, UNREADABLE, FAILED } outcome;

static outcome compare(run *r, const char *name_a, const char *name_b) {
  rp_article a, b;
  const rp_match *match;
  rp_query_options options = {.size = sizeof options, .min_passage = (uint32_t)r->cli->settings.min_passage};
  rp_error error = {0};
  rp_arena_clear(&r->arena, 1 << 24);
  if (!find(r, name_a, &a) || !find(r, name_b, &b)) return UNREADABLE;
  if (r->index) rp_guard_enter(r->cli->settings.db);
  error.status = rp_compare(r->ctx, &a, &b, &options, &match, &error);
  rp_guard_leave();
  if (error.status != RP_OK) {
    rp_cli_fail(r->cli, &error);
    return FAILED;
  }
  r->are_alike = rp_verdict_is_link(match->verdict);
  rp_report_add_comparison(&r->report, match, r->index != NULL);
  return COMPARED;
}

static rp_exit compare_one(run *r) {
  if (compare(r, r->cli->operand[0], r->cli->operand[1]) != COMPARED) return RP_EXIT_TROUBLE;
  (void)rp_cli_flush(r->cli);
  return r->are_alike ? RP_EXIT_OK : RP_EXIT_NONE;
}

static void skip_line(run *r, uint64_t line, const char *reason) {
  rp_msg_place(r->cli, (rp_str){r->cli->settings.pairs, strlen(r->cli->settings.pairs)}, line, reason);
  r->cli->n_skipped++;
}

/* A pair that cannot be compared, for whatever is wrong with its files, is one
 * record passed over; its own problems were named already. */
static void compare_line(run *r, char *text, uint64_t line) {
  char *tab = strchr(text, '\t');
  if (!tab || tab == text || !tab[1] || strchr(tab + 1, '\t')) {
    skip_line(r, line, "not two paths with a tab between");
    return;
  }
  *tab = '\0';
  uint64_t before = r->cli->n_skipped;
  bool had_trouble = r->cli->has_trouble;
  if (compare(r, text, tab + 1) != UNREADABLE) return;
  r->cli->n_skipped = before;
  r->cli->has_trouble = had_trouble;
  skip_line(r, line, "pair not compared");
}

static rp_exit compare_pairs(run *r) {
  rp_buf content;
  rp_error error = {0};
  rp_buf_init(&content);
  error.status = rp_file_read(r->cli->settings.pairs, &content, &error);
  if (error.status != RP_OK) rp_cli_fail(r->cli, &error);
  uint64_t line = 0;
  char *end = content.data ? content.data + content.len : NULL;
  for (char *at = content.data; error.status == RP_OK && at && at < end;) {
    char *stop = memchr(at, '\n', (size_t)(end - at)), *next = stop ? stop + 1 : end;
    if (!stop) stop = end;
    *stop = '\0';
    if (stop > at && stop[-1] == '\r') stop[-1] = '\0';
    line++;
    if (*at) compare_line(r, at, line);
    if (!rp_cli_flush(r->cli)) break;
    if (r->cli->settings.strict && r->cli->n_skipped) {
      rp_msg(r->cli, "stopped at the first bad pair (--strict)");
      r->cli->has_trouble = true;
      break;
    }
    rp_progress_tick(&r->cli->progress, line, "pairs");
    at = next;
  }
  rp_buf_release(&content);
  return rp_cli_status(r->cli, line);
}

rp_exit rp_cmd_compare(rp_cli *cli) {
  const char *pairs = cli->settings.pairs;
  if (pairs ? cli->n_operand != 0 : cli->n_operand != 2) {
    rp_msg(cli, pairs ? "'compare --pairs FILE' takes no further operand"
                      : "'compare' takes two articles, or --pairs FILE; see 'reprint help compare'");
    return RP_EXIT_TROUBLE;
  }
  run r = {.cli = cli};
  rp_arena_init(&r.arena);
  if (cli->settings.db_given && !rp_cli_open(cli, RP_OPEN_READ, &r.index)) return RP_EXIT_TROUBLE;
  rp_exit status = RP_EXIT_TROUBLE;
  if (rp_cli_ctx(cli, r.index, &r.ctx) && (!r.index || rp_cli_ctx(cli, r.index, &r.show_ctx))) {
    rp_cli_report(cli, RP_REPORT_COMPARISON, RP_FORMAT_TEXT, &r.report);
    status = pairs ? compare_pairs(&r) : compare_one(&r);
  }
  rp_ctx_free(r.show_ctx);
  rp_ctx_free(r.ctx);
  rp_index_close(r.index);
  rp_arena_release(&r.arena);
  return status;
}
