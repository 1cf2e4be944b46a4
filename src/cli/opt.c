#include "cli/opt.h"

#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/near.h"

enum { LONG_BASE = 256 }; /* getopt_long's value of row i is LONG_BASE + i */

static void *field(rp_settings *settings, const rp_opt *opt) { return (char *)settings + opt->at; }

/* Digits and nothing else, no overflow. */
static bool parse_whole(const char *text, const char **end, int64_t *out) {
  int64_t n = 0;
  const char *p = text;
  for (; *p >= '0' && *p <= '9'; p++) {
    if (n > (INT64_MAX - 9) / 10) return false;
    n = n * 10 + (*p - '0');
  }
  *end = p;
  *out = n;
  return p > text;
}

static void add_size(rp_buf *out, int64_t n) {
  static const char units[] = {0, 'K', 'M', 'G', 'T'};
  size_t unit = 0;
  for (; unit + 1 < sizeof units && n >= 1024 && n % 1024 == 0; unit++) n /= 1024;
  rp_buf_printf(out, "%" PRId64, n);
  if (unit) rp_buf_add_byte(out, units[unit]);
}

void rp_opt_add_range(rp_buf *out, const rp_opt *opt) {
  switch (opt->kind) {
    case RP_OPT_COUNT: rp_buf_printf(out, "%" PRId64 " to %" PRId64, opt->min, opt->max); break;
    case RP_OPT_SIZE:
      add_size(out, opt->min);
      rp_buf_add_cstr(out, " to ");
      add_size(out, opt->max);
      break;
    case RP_OPT_SHARE: rp_buf_add_cstr(out, "0 to 1, or 0% to 100%"); break;
    case RP_OPT_SPAN: rp_buf_printf(out, "up to %" PRId64 "d; units m, h, d, w", opt->max / 86400); break;
    case RP_OPT_CHOICE:
      for (size_t i = 0; opt->choices[i]; i++) rp_buf_printf(out, "%s%s", i ? ", " : "", opt->choices[i]);
      break;
    case RP_OPT_FLAG:
    case RP_OPT_UNFLAG:
    case RP_OPT_TEXT:
    case RP_OPT_OWN: break;
  }
}

static rp_status refuse(const rp_opt *opt, const char *value, const char *what, rp_error *error) {
  rp_buf range;
  rp_buf_init(&range);
  rp_opt_add_range(&range, opt);
  rp_status status = rp_fail(error, RP_ERR_ARGUMENT, "option '--%s': '%.100s' is not %s (%s)", opt->name, value, what,
                             range.len ? range.data : "");
  rp_buf_release(&range);
  return status;
}

static rp_status parse_count(const rp_opt *opt, const char *value, int64_t *out, rp_error *error) {
  const char *end;
  int64_t n;
  if (!parse_whole(value, &end, &n) || *end || n < opt->min || n > opt->max)
    return refuse(opt, value, "a whole number in its range", error);
  *out = n;
  return RP_OK;
}

static rp_status parse_size(const rp_opt *opt, const char *value, int64_t *out, rp_error *error) {
  static const char units[] = "KMGT";
  const char *end;
  int64_t n;
  bool ok = parse_whole(value, &end, &n);
  if (ok && *end) {
    const char upper = (char)(*end >= 'a' ? *end - 'a' + 'A' : *end);
    const char *unit = strchr(units, upper);
    ok = unit != NULL && (!end[1] || strcmp(end + 1, "iB") == 0 || strcmp(end + 1, "B") == 0);
    for (const char *p = units; ok && p <= unit; p++) {
      ok = n <= INT64_MAX / 1024;
      if (ok) n *= 1024;
    }
  }
  if (!ok || n < opt->min || n > opt->max) return refuse(opt, value, "a size such as 64M in its range", error);
  *out = n;
  return RP_OK;
}

static rp_status parse_share(const rp_opt *opt, const char *value, double *out, rp_error *error) {
  char *end;
  size_t len = strspn(value, "0123456789.");
  double share = value[0] >= '0' && value[0] <= '9' ? strtod(value, &end) : NAN;
  bool ok = isfinite(share) && end == value + len;
  if (ok && *end == '%') {
    share /= 100;
    end++;
  }
  if (!ok || *end || share < 0 || share > 1) return refuse(opt, value, "a share", error);
  *out = share;
  return RP_OK;
}

static rp_status parse_span(const rp_opt *opt, const char *value, int64_t *out, rp_error *error) {
  static const char units[] = "mhdw";
  static const int64_t seconds[] = {60, 3600, 86400, 604800};
  const char *end, *unit = NULL;
  int64_t n;
  bool ok = parse_whole(value, &end, &n) && n > 0 && *end && !end[1] && (unit = strchr(units, *end)) != NULL;
  if (!ok || n > opt->max / seconds[unit - units]) return refuse(opt, value, "a span of time such as 14d", error);
  *out = n * seconds[unit - units];
  return RP_OK;
}

static rp_status parse_choice(const rp_opt *opt, const char *value, int *out, rp_error *error) {
  for (int i = 0; opt->choices[i]; i++)
    if (strcmp(opt->choices[i], value) == 0) {
      *out = i;
      return RP_OK;
    }
  return refuse(opt, value, "one of its choices", error);
}

static rp_status take(const rp_opt *opt, const char *value, rp_settings *s, rp_error *error) {
  switch (opt->kind) {
    case RP_OPT_FLAG: *(bool *)field(s, opt) = true; return RP_OK;
    case RP_OPT_UNFLAG: *(bool *)field(s, opt) = false; return RP_OK;
    case RP_OPT_COUNT: return parse_count(opt, value, field(s, opt), error);
    case RP_OPT_SIZE: return parse_size(opt, value, field(s, opt), error);
    case RP_OPT_SHARE: return parse_share(opt, value, field(s, opt), error);
    case RP_OPT_SPAN: return parse_span(opt, value, field(s, opt), error);
    case RP_OPT_CHOICE: return parse_choice(opt, value, field(s, opt), error);
    case RP_OPT_OWN: return opt->parse(s, value, error);
    case RP_OPT_TEXT: break;
  }
  if (!*value) return rp_fail(error, RP_ERR_ARGUMENT, "option '--%s' needs a value that is not empty", opt->name);
  *(const char **)field(s, opt) = value;
  return RP_OK;
}

static const rp_opt *row_of(rp_opts opts, int code) {
  if (code >= LONG_BASE && (size_t)(code - LONG_BASE) < opts.n) return &opts.row[code - LONG_BASE];
  for (size_t i = 0; i < opts.n; i++)
    if (opts.row[i].letter && opts.row[i].letter == code) return &opts.row[i];
  return NULL;
}

static rp_status refuse_unknown(rp_opts opts, const char *word, rp_error *error) {
  const rp_opt *known = row_of(opts, optopt);
  if (known) return rp_fail(error, RP_ERR_ARGUMENT, "option '--%s' takes no value", known->name);
  if (strncmp(word, "--", 2) != 0) return rp_fail(error, RP_ERR_ARGUMENT, "unknown option '-%c'", optopt);
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
  const char *best = NULL, *longer = NULL, *other = NULL;
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < opts.n; i++) {
    rp_near_try(name, opts.row[i].name, &best, &least);
    if (!*name || strncmp(opts.row[i].name, name, strlen(name)) != 0) continue;
    if (longer)
      other = opts.row[i].name;
    else
      longer = opts.row[i].name;
  }
  if (other) return rp_fail(error, RP_ERR_ARGUMENT, "option '--%s' may be '--%s' or '--%s'", name, longer, other);
  if (best) return rp_fail(error, RP_ERR_ARGUMENT, "unknown option '--%s'; did you mean '--%s'?", name, best);
  return rp_fail(error, RP_ERR_ARGUMENT, "unknown option '--%s'", name);
}

/* The rows as getopt_long wants them.  "-": operands are given in order, as
 * option 1, whatever POSIXLY_CORRECT says; ":": it prints nothing itself. */
static rp_status make_getopt(rp_opts opts, rp_arena *arena, struct option **longs, char **letters) {
  *longs = RP_NEW0(arena, struct option, opts.n + 1);
  *letters = RP_NEW0(arena, char, 2 * opts.n + 3);
  if (!*longs || !*letters) return RP_ERR_MEMORY;
  char *p = *letters;
  *p++ = '-';
  *p++ = ':';
  for (size_t i = 0; i < opts.n; i++) {
    const rp_opt *opt = &opts.row[i];
    int takes = opt->value ? required_argument : no_argument;
    (*longs)[i] = (struct option){opt->name, takes, NULL, LONG_BASE + (int)i};
    if (!opt->letter) continue;
    *p++ = opt->letter;
    if (opt->value) *p++ = ':';
  }
  return RP_OK;
}

static rp_status take_next(rp_opts opts, int code, const char *word, rp_settings *settings, rp_words_given *given,
                           rp_error *error) {
  if (code == 1) return rp_vec_push(&given->operands, optarg) ? RP_OK : rp_fail_memory(error);
  if (code == ':') {
    const rp_opt *needy = row_of(opts, optopt);
    return rp_fail(error, RP_ERR_ARGUMENT, "option '--%s' needs a value", needy ? needy->name : word);
  }
  const rp_opt *opt = code == '?' ? NULL : row_of(opts, code);
  if (!opt) return refuse_unknown(opts, word, error);
  RP_TRY(take(opt, optarg, settings, error));
  return rp_vec_push(&given->used, opt) ? RP_OK : rp_fail_memory(error);
}

rp_status rp_opt_parse(rp_opts opts, int argc, char **argv, rp_settings *settings, rp_words_given *given,
                       rp_error *error) {
  struct option *longs;
  char *letters;
  if (make_getopt(opts, &settings->arena, &longs, &letters) != RP_OK) return rp_fail_memory(error);
  opterr = 0;
  optind = 1;
  for (int code; (code = getopt_long(argc, argv, letters, longs, NULL)) != -1;)
    RP_TRY(take_next(opts, code, argv[optind - 1], settings, given, error));
  for (; optind < argc; optind++)
    if (!rp_vec_push(&given->operands, argv[optind])) return rp_fail_memory(error);
  return RP_OK;
}

void rp_opt_release(rp_words_given *given) {
  rp_vec_release(&given->operands);
  rp_vec_release(&given->used);
}
