/* reprint index: articles into the index. */
#include <inttypes.h>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/input.h"
#include "cli/msg.h"

typedef struct run {
  rp_cli *cli;
  rp_input input;
  rp_index *index;
  rp_writer *writer;
  uint64_t n[RP_EMPTY + 1]; /* of each outcome */
} run;

static void on_record(void *user, const rp_record *record) {
  run *r = user;
  if ((size_t)record->outcome < sizeof r->n / sizeof *r->n) r->n[record->outcome]++;
  if (record->outcome == RP_CONFLICT) {
    rp_level level = r->cli->settings.strict ? RP_LEVEL_ERROR : RP_LEVEL_WARNING;
    rp_msg_place_at(r->cli, level, record->path, record->line, record->reason);
    r->cli->n_skipped++;
    r->input.n_skipped++;
  } else if (record->outcome == RP_EMPTY) {
    rp_input_skip(&r->input, record->path, record->line, record->reason);
  } else if (record->outcome == RP_REPEATED && r->cli->settings.verbose) {
    rp_msg_place_at(r->cli, RP_LEVEL_INFO, record->path, record->line,
                    "repeated record: the same article is in the index");
  }
}

static rp_status open_writer(run *r, bool wait, rp_error *error) {
  const rp_settings *s = &r->cli->settings;
  rp_open_options open = {.size = sizeof open, .mode = RP_OPEN_CREATE, .wait = wait};
  open.params = (rp_index_params){sizeof open.params, (uint32_t)s->bands, (uint32_t)s->rows};
  rp_writer_options options = {
      .size = sizeof options,
      .n_thread = (unsigned)s->jobs,
      .batch_bytes = (size_t)s->memory,
      .now = s->now,
      .on_record = on_record,
      .user = r,
  };
  rp_guard_enter(s->db);
  rp_status status = rp_index_open(s->db, &open, &r->index, error);
  if (status == RP_OK) status = rp_writer_open(r->index, &options, &r->writer, error);
  rp_guard_leave();
  if (status == RP_OK) return RP_OK;
  rp_index_close(r->index);
  r->index = NULL;
  return status;
}

/* Waiting is done by the library without a word, so it is tried without first. */
static bool start(run *r) {
  rp_error error = {0};
  error.status = open_writer(r, false, &error);
  if (error.status == RP_ERR_BUSY && r->cli->settings.wait) {
    if (!r->cli->settings.quiet)
      rp_note(r->cli, "waiting for another process that writes to '%s' (--no-wait gives up instead)",
              r->cli->settings.db);
    error.status = open_writer(r, true, &error);
  }
  if (error.status == RP_OK) return true;
  rp_cli_fail(r->cli, &error);
  return false;
}

static bool add(run *r, const rp_article *article) {
  rp_error error = {0};
  rp_guard_enter(r->cli->settings.db);
  error.status = rp_writer_add(r->writer, article, &error);
  rp_guard_leave();
  if (error.status == RP_OK) return true;
  rp_cli_fail(r->cli, &error);
  return false;
}

static void commit(run *r) {
  rp_error error = {0};
  rp_guard_enter(r->cli->settings.db);
  error.status = rp_writer_commit(r->writer, &error);
  rp_guard_leave();
  if (error.status != RP_OK) rp_cli_fail(r->cli, &error);
}

/* The index is opened at the first article, so that a run without one makes
 * none. */
static void add_all(run *r) {
  uint64_t n = 0;
  const rp_article *article;
  while ((article = rp_input_next(&r->input))) {
    if (!r->writer && !start(r)) return;
    if (!add(r, article)) return;
    rp_progress_tick(&r->cli->progress, ++n, "articles");
  }
  if (!r->writer) return;
  commit(r);
  if (r->cli->settings.strict && r->cli->n_skipped) r->cli->has_trouble = true;
}

static void add_skipped(rp_buf *line, const rp_input *input, uint64_t n_skipped) {
  rp_buf_printf(line, ", skipped %" PRIu64, n_skipped);
  for (size_t i = 0; i < input->skipped.n_reason; i++)
    rp_buf_printf(line, "%s%s %" PRIu64, i ? ", " : " (", input->skipped.reason[i], input->skipped.n[i]);
  if (input->skipped.n_reason) rp_buf_add_byte(line, ')');
}

static void note_summary(run *r, const char *text) {
  const uint64_t *n = r->n;
  const rp_count count[] = {
      {"read", rp_input_n_record(&r->input)},
      {"added", n[RP_ADDED]},
      {"updated", n[RP_UPDATED] + n[RP_METADATA]},
      {"metadata", n[RP_METADATA]},
      {"unchanged", n[RP_UNCHANGED] + n[RP_REPEATED]},
      {"repeated", n[RP_REPEATED]},
      {"conflicts", n[RP_CONFLICT]},
      {"ignored", r->input.n_ignored},
      {"skipped", r->input.n_skipped - n[RP_CONFLICT]},
      {"failed", r->input.n_failed},
  };
  rp_note_counts(r->cli, text, count, sizeof count / sizeof *count);
}

static void summarise(run *r) {
  const uint64_t *n = r->n;
  rp_buf line;
  rp_buf_init(&line);
  rp_buf_printf(&line, "read %" PRIu64 ", added %" PRIu64 ", updated %" PRIu64, rp_input_n_record(&r->input),
                n[RP_ADDED], n[RP_UPDATED] + n[RP_METADATA]);
  if (n[RP_METADATA]) rp_buf_printf(&line, " (metadata alone %" PRIu64 ")", n[RP_METADATA]);
  rp_buf_printf(&line, ", unchanged %" PRIu64, n[RP_UNCHANGED] + n[RP_REPEATED]);
  if (n[RP_REPEATED]) rp_buf_printf(&line, " (repeated records %" PRIu64 ")", n[RP_REPEATED]);
  rp_buf_printf(&line, ", conflicts %" PRIu64 ", ignored files %" PRIu64, n[RP_CONFLICT], r->input.n_ignored);
  add_skipped(&line, &r->input, r->input.n_skipped - n[RP_CONFLICT]);
  if (r->input.n_failed) rp_buf_printf(&line, ", failed %" PRIu64, r->input.n_failed);
  if (!r->cli->has_trouble && !(n[RP_ADDED] + n[RP_UPDATED] + n[RP_METADATA])) rp_buf_add_cstr(&line, ": nothing new");
  note_summary(r, line.failed ? "out of memory" : line.data);
  rp_buf_release(&line);
  if (n[RP_CONFLICT])
    rp_note(r->cli,
            "conflicts are ids that another article has already; --id-prefix keeps feeds apart that count alike");
}

rp_exit rp_cmd_index(rp_cli *cli) {
  static const char *const standard_input[] = {"-"};
  run r = {.cli = cli};
  rp_input_options options = {.path = cli->operand, .n_path = cli->n_operand};
  if (!cli->n_operand) options = (rp_input_options){.path = standard_input, .n_path = 1};
  if (!rp_input_open(cli, &options, &r.input)) return RP_EXIT_TROUBLE;
  add_all(&r);
  rp_writer_close(r.writer);
  if (!cli->settings.quiet) summarise(&r);
  uint64_t n_record = rp_input_n_record(&r.input);
  rp_input_close(&r.input);
  rp_index_close(r.index);
  return rp_cli_status(cli, n_record);
}
