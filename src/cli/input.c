#include "cli/input.h"

#include <string.h>

#include "cli/msg.h"

static size_t stem_len(const char *reason) {
  size_t len = strcspn(reason, ":");
  const char *quote = strstr(reason, " '");
  if (quote && (size_t)(quote - reason) < len) len = (size_t)(quote - reason);
  return len < RP_TALLY_TEXT ? len : RP_TALLY_TEXT - 1;
}

void rp_tally_add(rp_tally *tally, const char *reason) {
  size_t len = stem_len(reason), at = 0;
  while (at < tally->n_reason && (strlen(tally->reason[at]) != len || memcmp(tally->reason[at], reason, len) != 0))
    at++;
  if (at == RP_TALLY_REASONS) {
    at--;
    memcpy(tally->reason[at], "other", sizeof "other");
  } else if (at == tally->n_reason) {
    memcpy(tally->reason[at], reason, len);
    tally->reason[at][len] = '\0';
    tally->n_reason++;
  }
  tally->n[at]++;
}

static rp_level level_of_skipped(const rp_input *input) {
  return input->weight == RP_INPUT_NEEDED || input->cli->settings.strict ? RP_LEVEL_ERROR : RP_LEVEL_WARNING;
}

static rp_level level_of_failed(const rp_input *input) {
  return input->weight == RP_INPUT_PART && !input->cli->settings.strict ? RP_LEVEL_WARNING : RP_LEVEL_ERROR;
}

void rp_input_skip(rp_input *input, rp_str path, uint64_t line, const char *reason) {
  rp_msg_place_at(input->cli, level_of_skipped(input), path, line, reason);
  rp_tally_add(&input->skipped, reason);
  input->n_skipped++;
  input->cli->n_skipped++;
}

static void on_problem(void *user, const rp_problem *problem) {
  rp_input *input = user;
  const rp_settings *s = &input->cli->settings;
  switch (problem->kind) {
    case RP_PROBLEM_SKIPPED: rp_input_skip(input, problem->path, problem->line, problem->reason); break;
    case RP_PROBLEM_FAILED:
      rp_msg_place_at(input->cli, level_of_failed(input), problem->path, problem->line, problem->reason);
      input->n_failed++;
      input->cli->has_trouble = true;
      break;
    case RP_PROBLEM_IGNORED:
      if (s->verbose) rp_msg_place_at(input->cli, RP_LEVEL_INFO, problem->path, problem->line, problem->reason);
      input->n_ignored++;
      break;
    case RP_PROBLEM_NOTED:
      if (!s->quiet) rp_msg_place_at(input->cli, RP_LEVEL_INFO, problem->path, problem->line, problem->reason);
      break;
  }
}

bool rp_input_open(rp_cli *cli, const rp_input_options *options, rp_input *input) {
  const rp_settings *s = &cli->settings;
  *input = (rp_input){.cli = cli, .weight = options->weight};
  rp_reader_options reader = {
      .size = sizeof reader,
      .path = options->path,
      .n_path = options->n_path,
      .format = (rp_input_format)s->input_format,
      .field = s->fields.data,
      .n_field = s->fields.n,
      .id_prefix = s->id_prefix,
      .timezone_minutes = s->timezone_minutes,
      .now = s->now,
      .n_thread = options->n_thread ? options->n_thread : (unsigned)s->jobs,
      .keep_left_out = options->keep_left_out,
      .on_problem = on_problem,
      .user = input,
  };
  reader.limits = (rp_limits){.article = (size_t)s->max_article,
                              .line = (size_t)s->max_line,
                              .depth = (unsigned)s->max_depth,
                              .expansion = (unsigned)s->max_expansion};
  rp_error error = {0};
  error.status = rp_reader_open(&reader, &input->reader, &error);
  if (error.status == RP_OK) return true;
  rp_cli_fail(cli, &error);
  return false;
}

const rp_article *rp_input_next(rp_input *input) {
  const rp_article *article = NULL;
  rp_error error = {0};
  if (input->is_stopped) return NULL;
  error.status = rp_reader_next(input->reader, &article, &error);
  if (error.status != RP_OK) {
    rp_cli_fail(input->cli, &error);
    return NULL;
  }
  if (input->cli->settings.strict && input->n_skipped + input->n_failed > 0) {
    rp_msg(input->cli, "stopped at the first bad record (--strict)");
    input->cli->has_trouble = true;
    input->is_stopped = true;
    return NULL;
  }
  return article;
}

uint64_t rp_input_n_record(const rp_input *input) {
  rp_reader_counts counts = {0};
  if (input->reader) rp_reader_counts_get(input->reader, &counts);
  uint64_t seen = counts.n_article + counts.n_skipped;
  return counts.n_record > seen ? counts.n_record : seen;
}

void rp_input_close(rp_input *input) {
  rp_reader_close(input->reader);
  input->reader = NULL;
}
