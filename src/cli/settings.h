/* settings.h - what the command line asks for.  options.c fills it; the fields'
 * order and groups are those of its table. */
#ifndef RP_CLI_SETTINGS_H
#define RP_CLI_SETTINGS_H

#include "base/arena.h"
#include "base/vec.h"
#include "cli/list.h"
#include "report/row.h"
#include "reprint/ingest.h"

typedef enum rp_color { RP_COLOR_AUTO = 0, RP_COLOR_ALWAYS = 1, RP_COLOR_NEVER = 2 } rp_color;

typedef enum rp_log_format { RP_LOG_TEXT = 0, RP_LOG_JSON = 1 } rp_log_format;

typedef struct rp_settings {
  /* common */
  bool help, version;
  bool quiet, verbose;
  int log_format; /* rp_log_format, or -1: the environment says something else */
  const char *db;
  bool db_given; /* by an option, not by the environment or by default */

  /* what is printed */
  int format; /* rp_format, or -1: the command's own */
  int color;
  bool full;

  /* what is read */
  int input_format;
  RP_VEC(rp_field) fields;
  const char *id_prefix;
  int timezone_minutes;
  const char *now_text;
  int64_t now; /* 0: the system's clock */
  bool strict;
  int64_t most_skipped;     /* records */
  double most_skipped_part; /* or share of them, 0 to 1 */
  int64_t max_article, max_line, max_depth, max_expansion;

  /* how it is done */
  int64_t jobs;
  int64_t memory;
  bool wait;
  int64_t bands, rows;

  /* which matches */
  RP_VEC(const char *) ids;
  int64_t limit; /* -1: the format's own */
  int sort;      /* rp_sort, or -1: the command's own */
  bool look_alikes;
  uint32_t verdicts; /* bits 1 << rp_verdict; 0: all */
  int64_t min_passage, min_words;
  double min_coverage;
  const char *since_text, *until_text;
  rp_date between; /* {0, 0}: any */
  int64_t window;
  const char *publisher;
  rp_list excluded_publishers;
  RP_VEC(rp_owner) owners; /* sorted */
  bool exclude_same_owner;
  const char *lang;
  int64_t min_publishers;

  /* which copy is kept */
  rp_keep_rule keep;
  rp_keep_field keep_field;
  rp_list keep_list;

  /* single commands */
  const char *pairs;
  bool explain;
  bool passages, all_pairs;
  bool again;
  bool text_only;
  bool purge, dry_run;
  const char *before_text;
  int64_t before;     /* of before_text, seconds */
  int64_t older_than; /* seconds; 0: not given */
  int by_seen;
  bool man, completion;

  rp_arena arena; /* strings that options brought along */
} rp_settings;

/* $REPRINT_LOG_FORMAT is looked at here, so that it holds for messages about
 * options, too. */
void rp_settings_init(rp_settings *settings);
void rp_settings_release(rp_settings *settings);

/* After parsing: dates (which need --timezone) and what the environment says
 * ($REPRINT_DB, $REPRINT_LOG_FORMAT, $SOURCE_DATE_EPOCH).  RP_ERR_ARGUMENT with the reason. */
RP_CHECKED rp_status rp_settings_settle(rp_settings *settings, rp_error *error);

#endif
