/* input.h - articles from the operands of a command, with every problem named
 * on stderr as "FILE:LINE: reason" and counted. */
#ifndef RP_CLI_INPUT_H
#define RP_CLI_INPUT_H

#include "cli/cli.h"

enum { RP_TALLY_REASONS = 16, RP_TALLY_TEXT = 64 };

/* How often records were passed over, by reason. */
typedef struct rp_tally {
  char reason[RP_TALLY_REASONS][RP_TALLY_TEXT];
  uint64_t n[RP_TALLY_REASONS];
  size_t n_reason;
} rp_tally;

/* A reason's details, after ':' or " '", are left off; what does not fit is
 * counted as "other". */
void rp_tally_add(rp_tally *tally, const char *reason);

/* What a record or a file that cannot be read means for the run. */
typedef enum rp_input_weight {
  RP_INPUT_COUNTED = 0, /* a record is a warning, a file an error */
  RP_INPUT_NEEDED = 1,  /* each makes the status 2: errors */
  RP_INPUT_PART = 2,    /* whoever asked has more to compare: warnings */
} rp_input_weight;

typedef struct rp_input {
  rp_cli *cli;
  rp_reader *reader;
  rp_tally skipped;
  uint64_t n_skipped; /* of this input */
  uint64_t n_failed, n_ignored;
  bool is_stopped; /* --strict met a bad record */
  rp_input_weight weight;
} rp_input;

typedef struct rp_input_options {
  const char *const *path;
  size_t n_path;
  bool keep_left_out;
  unsigned n_thread; /* 0: as --jobs says */
  rp_input_weight weight;
} rp_input_options;

/* `input` is used by the reader until it is closed: it must not move. */
RP_CHECKED bool rp_input_open(rp_cli *cli, const rp_input_options *options, rp_input *input);

/* The next article; NULL at the end, after a failure (said), or after a bad
 * record where --strict was given. */
const rp_article *rp_input_next(rp_input *input);

/* A record that was read but cannot be taken. */
void rp_input_skip(rp_input *input, rp_str path, uint64_t line, const char *reason);

/* Records met so far, whether read or passed over. */
uint64_t rp_input_n_record(const rp_input *input);

void rp_input_close(rp_input *input);

#endif
