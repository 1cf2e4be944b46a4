/* ingest.h - reading articles: files, folders, archives and streams become
 * rp_article.  The contract is that of reprint.h. */
#ifndef REPRINT_INGEST_H
#define REPRINT_INGEST_H

#include "reprint/reprint.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rp_reader rp_reader;

typedef enum rp_input_format {
  RP_INPUT_AUTO = 0, /* by content */
  RP_INPUT_JSONL = 1,
  RP_INPUT_JSON = 2, /* one article, or an array of them */
  RP_INPUT_TEXT = 3, /* one article a file */
  RP_INPUT_HTML = 4,
} rp_input_format;

/* A field that is read from another place than the default names:
 * text=story.body, publisher=meta.outlet, authors=items[].name */
typedef struct rp_field {
  const char *name; /* id url text title publisher published lang authors */
  const char *path;
} rp_field;

/* Bounds on hostile input, in bytes unless said.  0: the default. */
typedef struct rp_limits {
  size_t article;      /* a text: 8 MiB */
  size_t line;         /* a line of JSON Lines: 64 MiB */
  unsigned depth;      /* JSON nesting: 64 */
  unsigned html_depth; /* 512 */
  unsigned expansion;  /* uncompressed / compressed: 200 */
  unsigned nesting;    /* archives within archives: 4 */
} rp_limits;

typedef enum rp_problem_kind {
  RP_PROBLEM_SKIPPED = 1, /* a record that is no article: counted, named */
  RP_PROBLEM_FAILED = 2,  /* an operand or file that could not be opened or read */
  RP_PROBLEM_IGNORED = 3, /* a file of no known type met in a folder */
  RP_PROBLEM_NOTED = 4,   /* read all the same: undecodable bytes, a date in the future */
} rp_problem_kind;

/* Strings live for the call. */
typedef struct rp_problem {
  rp_problem_kind kind;
  rp_str path;
  uint64_t line;      /* 0: the whole file */
  const char *reason; /* "no text", "broken JSON: ... at byte 17" */
} rp_problem;

typedef void (*rp_problem_fn)(void *user, const rp_problem *problem);

typedef struct rp_reader_options {
  size_t size;
  const char *const *path; /* files, folders (read recursively, in byte order of names), "-" */
  size_t n_path;
  rp_input_format format; /* other than AUTO: every file is read as this */
  const rp_field *field;
  size_t n_field;
  const char *id_prefix; /* put before ids that a record states */
  int timezone_minutes;  /* of times without a zone, east of UTC */
  int64_t now;           /* clock for dates in the future; 0: the system's */
  rp_limits limits;
  unsigned n_thread;  /* 0: the processors */
  bool keep_left_out; /* for rp_reader_left_out */
  rp_problem_fn on_problem;
  void *user;
} rp_reader_options;

RP_API RP_CHECKED rp_status rp_reader_open(const rp_reader_options *options, rp_reader **out, rp_error *error);

/* The next article in the order of the input; `*out` is NULL at the end.  It
 * lives until the next call.  Records that cannot be read are told to
 * on_problem and passed over; only what ends the whole run fails
 * (RP_ERR_MEMORY). */
RP_API RP_CHECKED rp_status rp_reader_next(rp_reader *reader, const rp_article **out, rp_error *error);

/* What the reader took for no part of the article at hand (HTML: its text is
 * not in the article's text), in document order. */
typedef struct rp_left_out {
  const char *reason; /* "navigation", "related stories", "comment", ... */
  rp_str text;
} rp_left_out;
RP_API void rp_reader_left_out(const rp_reader *reader, const rp_left_out **out, size_t *n_out);

typedef struct rp_reader_counts {
  uint64_t n_file, n_record, n_article, n_skipped, n_failed, n_ignored;
} rp_reader_counts;
RP_API void rp_reader_counts_get(const rp_reader *reader, rp_reader_counts *out);

RP_API void rp_reader_close(rp_reader *reader);

/* "2020-10-05", "2020-10-05T14:03:00+02:00", "Mon, 05 Oct 2020 14:03 GMT",
 * 1601906580: the interval it stands for; RP_DATE_UNKNOWN where it is no date. */
RP_API rp_date rp_date_parse(rp_str text, int timezone_minutes);

#ifdef __cplusplus
}
#endif
#endif
