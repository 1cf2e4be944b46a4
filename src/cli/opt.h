/* opt.h - options as a table: one row gives parsing, ranges, help, the man
 * page and the completion.  getopt_long does the splitting. */
#ifndef RP_CLI_OPT_H
#define RP_CLI_OPT_H

#include "cli/settings.h"

typedef enum rp_opt_kind {
  RP_OPT_FLAG = 0,   /* bool, set to true */
  RP_OPT_UNFLAG = 1, /* bool, set to false */
  RP_OPT_COUNT = 2,  /* int64_t in [min, max] */
  RP_OPT_SIZE = 3,   /* int64_t bytes in [min, max]: 64M */
  RP_OPT_SHARE = 4,  /* double in [0, 1]: 0.6, 60% */
  RP_OPT_SPAN = 5,   /* int64_t seconds, at most max: 90m, 12h, 14d, 2w */
  RP_OPT_TEXT = 6,   /* const char *, not empty */
  RP_OPT_CHOICE = 7, /* int: the place in `choices` */
  RP_OPT_OWN = 8,    /* `parse` does it */
} rp_opt_kind;

typedef struct rp_opt {
  char letter; /* 0: none */
  const char *name;
  const char *value; /* what stands for the value in help; NULL: takes none */
  rp_opt_kind kind;
  size_t at; /* offset in rp_settings */
  int64_t min, max;
  const char *const *choices; /* NULL-terminated */
  rp_status (*parse)(rp_settings *settings, const char *value, rp_error *error);
  uint32_t commands; /* bits of those that take it */
  const char *help;  /* one sentence, no full stop */
} rp_opt;

typedef struct rp_opts {
  const rp_opt *row;
  size_t n;
} rp_opts;

/* What a command line was split into. */
typedef struct rp_words_given {
  RP_VEC(const char *) operands;
  RP_VEC(const rp_opt *) used;
} rp_words_given;

/* Fills `settings` and `given` (released by the caller).  Options may stand
 * anywhere before "--".  RP_ERR_ARGUMENT with what is wrong, and what may have
 * been meant. */
RP_CHECKED rp_status rp_opt_parse(rp_opts opts, int argc, char **argv, rp_settings *settings, rp_words_given *given,
                                  rp_error *error);
void rp_opt_release(rp_words_given *given);

/* The range of a row's values in words ("0 to 100"); "" where it has none. */
void rp_opt_add_range(rp_buf *out, const rp_opt *opt);

#endif
