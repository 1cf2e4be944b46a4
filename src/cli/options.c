/* The table of options.  A row is all there is to an option: parsing, --help,
 * the man page and the completion are made from it. */
#include <string.h>

#include "base/err.h"
#include "cli/command.h"
#include "cli/owners.h"

enum {
  WHOLE = RP_CMD_PAIRS | RP_CMD_CLUSTERS | RP_CMD_DEDUP,
  FILTERS = RP_CMD_QUERY | WHOLE,
  READS = RP_CMD_INDEX | RP_CMD_QUERY | RP_CMD_COMPARE | RP_CMD_EXTRACT,
  PRINTS =
      RP_CMD_QUERY | RP_CMD_COMPARE | RP_CMD_SHOW | RP_CMD_STAT | RP_CMD_EXTRACT | RP_CMD_PARAMS | RP_CMD_CHECK | WHOLE,
  KEEPS = RP_CMD_EXPIRE | RP_CMD_COMPACT,
  HAS_DB = RP_CMD_INDEX | RP_CMD_QUERY | RP_CMD_COMPARE | RP_CMD_SHOW | RP_CMD_REMOVE | RP_CMD_STAT | RP_CMD_PARAMS |
           KEEPS | RP_CMD_BACKUP | RP_CMD_CHECK | WHOLE,
  WRITES = RP_CMD_INDEX | RP_CMD_REMOVE | RP_CMD_EXPIRE | RP_CMD_COMPACT | RP_CMD_DEDUP,
  CLOCK = READS | RP_CMD_EXPIRE | RP_CMD_DEDUP,
  YEAR = 366 * 86400,
};

static const char *const formats[] = {"text", "jsonl", "csv", "tsv", NULL};
static const char *const input_formats[] = {"auto", "jsonl", "json", "text", "html", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const log_formats[] = {"text", "json", NULL};
static const char *const dates[] = {"published", "seen", NULL};
static const char *const sorts[] = {"score", "date", NULL};
/* by rp_keep_field */
static const char *const keep_fields[] = {"source", "lang", "host", "authors", "path", NULL};
static const char *const field_names[] = {"id", "url", "text", "title", "publisher", "published", "lang", "authors"};

static rp_status parse_field(rp_settings *s, const char *value, rp_error *error) {
  const char *equals = strchr(value, '=');
  size_t len = equals ? (size_t)(equals - value) : 0;
  if (!len || !equals[1])
    return rp_fail(error, RP_ERR_ARGUMENT, "option '--field': '%s' is not NAME=PATH, such as text=story.body", value);
  for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++) {
    if (strlen(field_names[i]) != len || memcmp(field_names[i], value, len) != 0) continue;
    rp_field field = {field_names[i], equals + 1};
    return rp_vec_push(&s->fields, field) ? RP_OK : rp_fail_memory(error);
  }
  return rp_fail(error, RP_ERR_ARGUMENT,
                 "option '--field': '%.*s' is none of id, url, text, title, publisher, published, lang, authors",
                 (int)len, value);
}

static bool two_digits(const char *p, int *out) {
  if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9') return false;
  *out = (p[0] - '0') * 10 + (p[1] - '0');
  return true;
}

static rp_status parse_timezone(rp_settings *s, const char *value, rp_error *error) {
  int hours = 0, minutes = 0;
  bool is_utc = strcmp(value, "Z") == 0 || strcmp(value, "UTC") == 0;
  bool ok = is_utc || ((*value == '+' || *value == '-') && two_digits(value + 1, &hours));
  const char *rest = ok && !is_utc ? value + 3 : "";
  if (ok && *rest) {
    if (*rest == ':') rest++;
    ok = two_digits(rest, &minutes) && !rest[2];
  }
  if (!ok || hours > 15 || minutes > 59)
    return rp_fail(error, RP_ERR_ARGUMENT, "option '--timezone': '%s' is not UTC or an offset such as +02:00", value);
  s->timezone_minutes = (*value == '-' ? -1 : 1) * (hours * 60 + minutes);
  return RP_OK;
}

static rp_status parse_most_skipped(rp_settings *s, const char *value, rp_error *error) {
  int64_t n = 0;
  const char *p = value;
  for (; *p >= '0' && *p <= '9' && n < INT64_C(1000000000000); p++) n = n * 10 + (*p - '0');
  bool is_percent = strcmp(p, "%") == 0;
  if (p == value || (*p && !is_percent) || (is_percent && n > 100))
    return rp_fail(error, RP_ERR_ARGUMENT, "option '--max-skipped': '%s' is not a number of records or a percentage",
                   value);
  s->most_skipped = is_percent ? 0 : n;
  s->most_skipped_part = is_percent ? (double)n / 100 : 0;
  return RP_OK;
}

static rp_status parse_id(rp_settings *s, const char *value, rp_error *error) {
  if (!*value) return rp_fail(error, RP_ERR_ARGUMENT, "option '--id' needs a value that is not empty");
  return rp_vec_push(&s->ids, value) ? RP_OK : rp_fail_memory(error);
}

static rp_status verdict_of(const char *name, size_t len, uint32_t *bits, rp_error *error) {
  rp_buf known;
  rp_buf_init(&known);
  for (int v = RP_NONE + 1; v <= RP_BOILERPLATE_ONLY; v++) {
    const char *verdict = rp_verdict_name((rp_verdict)v);
    rp_buf_printf(&known, "%s%s", known.len ? ", " : "", verdict);
    if (strlen(verdict) != len || memcmp(verdict, name, len) != 0) continue;
    *bits |= UINT32_C(1) << v;
    rp_buf_release(&known);
    return RP_OK;
  }
  rp_status status = rp_fail(error, RP_ERR_ARGUMENT, "option '--verdict': '%.*s' is none of %s", (int)len, name,
                             known.len ? known.data : "");
  rp_buf_release(&known);
  return status;
}

static rp_status parse_verdicts(rp_settings *s, const char *value, rp_error *error) {
  for (const char *p = value;; p++) {
    size_t len = strcspn(p, ",");
    RP_TRY(verdict_of(p, len, &s->verdicts, error));
    p += len;
    if (!*p) return RP_OK;
  }
}

static rp_status parse_excluded(rp_settings *s, const char *value, rp_error *error) {
  return rp_list_parse(value, &s->arena, &s->excluded_publishers, error);
}

/* FIELD=LIST */
static rp_status parse_keep_list(rp_settings *s, const char *value, rp_error *error) {
  size_t len = strcspn(value, "=");
  for (int i = 0; keep_fields[i]; i++) {
    if (strlen(keep_fields[i]) != len || memcmp(keep_fields[i], value, len) != 0) continue;
    RP_TRY(rp_list_parse(value + len + 1, &s->arena, &s->keep_list, error));
    if (!s->keep_list.n)
      return rp_fail(error, RP_ERR_ARGUMENT, "option '--keep': '%s' names no %s", value, keep_fields[i]);
    s->keep = RP_KEEP_LISTED;
    s->keep_field = (rp_keep_field)i;
    return RP_OK;
  }
  return rp_fail(error, RP_ERR_ARGUMENT, "option '--keep': '%.*s' is none of source, lang, host, authors, path",
                 (int)len, value);
}

static rp_status parse_keep(rp_settings *s, const char *value, rp_error *error) {
  rp_vec_clear(&s->keep_list);
  if (strchr(value, '=')) return parse_keep_list(s, value, error);
  bool is_longest = strcmp(value, "longest") == 0;
  if (!is_longest && strcmp(value, "earliest") != 0)
    return rp_fail(error, RP_ERR_ARGUMENT,
                   "option '--keep': '%s' is not earliest, longest or FIELD=LIST, such as source=example.org", value);
  s->keep = is_longest ? RP_KEEP_LONGEST : RP_KEEP_EARLIEST;
  return RP_OK;
}

#define AT(field) offsetof(rp_settings, field)

static const rp_opt rows[] = {
    {'d', "db", "DIR", RP_OPT_TEXT, AT(db), 0, 0, NULL, NULL, HAS_DB,
     "the folder of the index (default: $REPRINT_DB, else ./reprint.db)"},
    {0, "format", "FORMAT", RP_OPT_CHOICE, AT(format), 0, 0, formats, NULL, PRINTS,
     "how results are written (default: text; extract, pairs, clusters: jsonl)"},
    {0, "color", "WHEN", RP_OPT_CHOICE, AT(color), 0, 0, colors, NULL, PRINTS,
     "colours in text (default: auto, on a terminal unless $NO_COLOR is set)"},
    {0, "full", NULL, RP_OPT_FLAG, AT(full), 0, 0, NULL, NULL,
     RP_CMD_QUERY | RP_CMD_COMPARE | RP_CMD_EXTRACT | RP_CMD_SHOW | RP_CMD_DEDUP, "text: abridge nothing"},

    {0, "id", "ID|URL", RP_OPT_OWN, 0, 0, 0, NULL, parse_id, RP_CMD_QUERY,
     "ask about an article of the index, by its id or URL, or by where it was read (FILE:LINE); may be repeated"},
    {0, "limit", "N", RP_OPT_COUNT, AT(limit), 0, 1000000000, NULL, NULL, FILTERS,
     "most matches an answer lists, or pairs, or groups; 0: all (default: query: 20 in text, else all)"},
    {0, "sort", "ORDER", RP_OPT_CHOICE, AT(sort), 0, 0, sorts, NULL, FILTERS,
     "order of what is listed: best (of groups: largest) or earliest first (default: score; pairs: group by group)"},
    {0, "look-alikes", NULL, RP_OPT_FLAG, AT(look_alikes), 0, 0, NULL, NULL, RP_CMD_QUERY | RP_CMD_PAIRS,
     "also list what was compared and refused, and why"},
    {0, "verdict", "LIST", RP_OPT_OWN, 0, 0, 0, NULL, parse_verdicts, FILTERS,
     "only matches of these verdicts, with commas between: identical, reprint, partial, round-up, own-update; "
     "look-alikes: quote-only, common-source, template, boilerplate-only"},
    {0, "min-passage", "N", RP_OPT_COUNT, AT(min_passage), 1, 1000000, NULL, NULL,
     RP_CMD_QUERY | RP_CMD_COMPARE | RP_CMD_PAIRS, "least shared words of a passage that is listed (default: 25)"},
    {0, "min-words", "N", RP_OPT_COUNT, AT(min_words), 0, 1000000000, NULL, NULL, FILTERS,
     "only matches with at least so many words that count"},
    {0, "min-coverage", "SHARE", RP_OPT_SHARE, AT(min_coverage), 0, 0, NULL, NULL, FILTERS,
     "only matches that share at least this part of either article"},
    {0, "since", "DATE", RP_OPT_TEXT, AT(since_text), 0, 0, NULL, NULL, FILTERS,
     "only matches published on this date or later"},
    {0, "until", "DATE", RP_OPT_TEXT, AT(until_text), 0, 0, NULL, NULL, FILTERS,
     "only matches published on this date or earlier"},
    {0, "window", "SPAN", RP_OPT_SPAN, AT(window), 0, INT64_C(100) * YEAR, NULL, NULL, FILTERS,
     "only matches published at most so long before or after"},
    {0, "publisher", "NAME", RP_OPT_TEXT, AT(publisher), 0, 0, NULL, NULL, FILTERS,
     "only matches of this publisher (its domain, or its name as printed); without an article: all stories of this "
     "publisher"},
    {0, "exclude-publisher", "LIST|@FILE", RP_OPT_OWN, 0, 0, 0, NULL, parse_excluded, FILTERS,
     "no matches of these publishers, with commas between, or one a line in FILE"},
    {0, "owners", "FILE", RP_OPT_OWN, 0, 0, 0, NULL, rp_owners_read, FILTERS,
     "which publishers belong together: lines of a publisher's key, a tab or spaces, and its owner's name"},
    {0, "exclude-same-owner", NULL, RP_OPT_FLAG, AT(exclude_same_owner), 0, 0, NULL, NULL, FILTERS,
     "no pairs of one publisher, nor of two that belong to one owner (see --owners)"},
    {0, "min-publishers", "N", RP_OPT_COUNT, AT(min_publishers), 0, 1000000000, NULL, NULL, WHOLE,
     "only groups of at least so many known publishers, and pairs in them"},
    {0, "keep", "RULE", RP_OPT_OWN, 0, 0, 0, NULL, parse_keep, RP_CMD_CLUSTERS | RP_CMD_DEDUP,
     "which copy of a group to keep: earliest, longest, or FIELD=LIST: the first of LIST that the group "
     "has; "
     "FIELD is source (domain or printed name), lang, host, authors or path; LIST has commas between, or is @FILE, one "
     "a line (default: earliest)"},
    {0, "again", NULL, RP_OPT_FLAG, AT(again), 0, 0, NULL, NULL, RP_CMD_DEDUP,
     "tell the last run once more, and do nothing else"},
    {0, "lang", "CODE", RP_OPT_TEXT, AT(lang), 0, 0, NULL, NULL, FILTERS,
     "only matches in this language, as the articles state it"},

    {0, "pairs", "FILE", RP_OPT_TEXT, AT(pairs), 0, 0, NULL, NULL, RP_CMD_COMPARE,
     "compare the pairs of FILE: two paths a line, a tab between, no head line"},
    {0, "passages", NULL, RP_OPT_FLAG, AT(passages), 0, 0, NULL, NULL, RP_CMD_PAIRS,
     "also print the passages that each pair shares"},
    {0, "all", NULL, RP_OPT_FLAG, AT(all_pairs), 0, 0, NULL, NULL, RP_CMD_PAIRS,
     "compare and print every pair of groups of more than 200 articles, too"},
    {0, "explain", NULL, RP_OPT_FLAG, AT(explain), 0, 0, NULL, NULL, RP_CMD_COMPARE,
     "also print every figure that the verdict was made from"},

    {0, "text", NULL, RP_OPT_FLAG, AT(text_only), 0, 0, NULL, NULL, RP_CMD_SHOW,
     "print the text alone, byte for byte, as offsets refer to it"},
    {0, "purge", NULL, RP_OPT_FLAG, AT(purge), 0, 0, NULL, NULL, RP_CMD_REMOVE,
     "also rewrite the index, so that no removed text is left in its files"},
    {'n', "dry-run", NULL, RP_OPT_FLAG, AT(dry_run), 0, 0, NULL, NULL, RP_CMD_REMOVE | RP_CMD_EXPIRE,
     "change nothing, say what would be removed"},
    {0, "before", "DATE", RP_OPT_TEXT, AT(before_text), 0, 0, NULL, NULL, RP_CMD_EXPIRE,
     "articles dated before this go"},
    {0, "older-than", "TIME", RP_OPT_SPAN, AT(older_than), 0, 1000 * (int64_t)YEAR, NULL, NULL, RP_CMD_EXPIRE,
     "articles go that are dated longer ago than this: 90d, 52w"},
    {0, "by", "DATE", RP_OPT_CHOICE, AT(by_seen), 0, 0, dates, NULL, RP_CMD_EXPIRE,
     "which date: of publication (first indexed where it is unknown), or first indexed (default: published)"},

    {0, "input-format", "FORMAT", RP_OPT_CHOICE, AT(input_format), 0, 0, input_formats, NULL, READS,
     "read every file as this (default: auto, by content)"},
    {0, "field", "NAME=PATH", RP_OPT_OWN, 0, 0, 0, NULL, parse_field, READS,
     "read a field of JSON from elsewhere: text=story.body; NAME is id, url, text, title, publisher, published, lang "
     "or authors; may be repeated"},
    {0, "id-prefix", "PREFIX", RP_OPT_TEXT, AT(id_prefix), 0, 0, NULL, NULL, READS,
     "put before the ids that records state, so that feeds with ids 1, 2, 3 stay apart"},
    {0, "timezone", "OFFSET", RP_OPT_OWN, 0, 0, 0, NULL, parse_timezone, CLOCK,
     "zone of times that state none: +02:00 (default: UTC)"},
    {0, "now", "DATE", RP_OPT_TEXT, AT(now_text), 0, 0, NULL, NULL, CLOCK,
     "what time it is (default: $SOURCE_DATE_EPOCH, else the system's clock)"},
    {0, "strict", NULL, RP_OPT_FLAG, AT(strict), 0, 0, NULL, NULL, READS,
     "stop at the first record that cannot be read"},
    {0, "max-skipped", "N|P%", RP_OPT_OWN, 0, 0, 0, NULL, parse_most_skipped,
     RP_CMD_INDEX | RP_CMD_COMPARE | RP_CMD_EXTRACT,
     "so many records that cannot be read are no reason for status 3 (default: 0)"},
    {0, "max-article", "SIZE", RP_OPT_SIZE, AT(max_article), 1, INT64_C(1) << 30, NULL, NULL, READS,
     "longest text of an article (default: 8M)"},
    {0, "max-line", "SIZE", RP_OPT_SIZE, AT(max_line), 1, INT64_C(1) << 31, NULL, NULL, READS,
     "longest line of JSON Lines (default: 64M)"},
    {0, "max-depth", "N", RP_OPT_COUNT, AT(max_depth), 1, 1000, NULL, NULL, READS,
     "deepest nesting of JSON (default: 64)"},
    {0, "max-expansion", "N", RP_OPT_COUNT, AT(max_expansion), 1, 1000000, NULL, NULL, READS,
     "how many times larger than itself a compressed file may become (default: 200)"},

    {'j', "jobs", "N", RP_OPT_COUNT, AT(jobs), 1, 1024, NULL, NULL,
     RP_CMD_INDEX | RP_CMD_QUERY | RP_CMD_EXTRACT | RP_CMD_CHECK | KEEPS | WHOLE, "threads (default: the processors)"},
    {0, "memory", "SIZE", RP_OPT_SIZE, AT(memory), 65536, INT64_C(1) << 36, NULL, NULL, RP_CMD_INDEX,
     "text that is held before it is written (default: 64M)"},
    {0, "wait", NULL, RP_OPT_FLAG, AT(wait), 0, 0, NULL, NULL, WRITES,
     "wait while another process writes to the index (this is the default)"},
    {0, "no-wait", NULL, RP_OPT_UNFLAG, AT(wait), 0, 0, NULL, NULL, WRITES,
     "give up with status 2 where another process writes to the index"},
    {0, "bands", "N", RP_OPT_COUNT, AT(bands), 1, 128, NULL, NULL, RP_CMD_INDEX | RP_CMD_PARAMS,
     "bands of an index that is made (default: 35; bands times rows at most 128)"},
    {0, "rows", "N", RP_OPT_COUNT, AT(rows), 1, 128, NULL, NULL, RP_CMD_INDEX | RP_CMD_PARAMS,
     "rows of a band of an index that is made (default: 3)"},

    {0, "man", NULL, RP_OPT_FLAG, AT(man), 0, 0, NULL, NULL, RP_CMD_HELP, "print the manual page (mdoc)"},
    {0, "completion", NULL, RP_OPT_FLAG, AT(completion), 0, 0, NULL, NULL, RP_CMD_HELP,
     "print the completion for bash"},

    {'q', "quiet", NULL, RP_OPT_FLAG, AT(quiet), 0, 0, NULL, NULL, RP_CMD_ALL,
     "no summary, no notes, no progress; only what went wrong"},
    {'v', "verbose", NULL, RP_OPT_FLAG, AT(verbose), 0, 0, NULL, NULL, RP_CMD_ALL,
     "also name ignored files and repeated records; pairs, clusters, dedup: say what was done"},
    {0, "log-format", "FORMAT", RP_OPT_CHOICE, AT(log_format), 0, 0, log_formats, NULL, RP_CMD_ALL,
     "how messages are written: for people, or as lines of JSON (default: $REPRINT_LOG_FORMAT, else text)"},
    {'h', "help", NULL, RP_OPT_FLAG, AT(help), 0, 0, NULL, NULL, RP_CMD_ALL, "how to use the command"},
    {'V', "version", NULL, RP_OPT_FLAG, AT(version), 0, 0, NULL, NULL, RP_CMD_ALL, "the version"},
};

rp_opts rp_option_table(void) { return (rp_opts){rows, sizeof rows / sizeof *rows}; }
