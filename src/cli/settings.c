#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static int log_format_of(const char *name) {
  if (!name || !*name || strcmp(name, "text") == 0) return RP_LOG_TEXT;
  return strcmp(name, "json") == 0 ? RP_LOG_JSON : -1;
}

void rp_settings_init(rp_settings *settings) {
  *settings = (rp_settings){.format = -1, .limit = -1, .sort = -1, .wait = true};
  settings->log_format = log_format_of(getenv("REPRINT_LOG_FORMAT"));
  rp_arena_init(&settings->arena);
}

void rp_settings_release(rp_settings *settings) {
  rp_vec_release(&settings->fields);
  rp_vec_release(&settings->ids);
  rp_vec_release(&settings->excluded_publishers);
  rp_vec_release(&settings->keep_list);
  rp_vec_release(&settings->owners);
  rp_arena_release(&settings->arena);
}

static rp_status parse_date(const rp_settings *s, const char *name, const char *text, rp_date *out, rp_error *error) {
  *out = rp_date_parse((rp_str){text, strlen(text)}, s->timezone_minutes);
  if (out->earliest <= out->latest) return RP_OK;
  return rp_fail(error, RP_ERR_ARGUMENT, "%s: '%s' is not a date such as 2020-10-05 or 2020-10-05T14:03Z", name, text);
}

static rp_status settle_now(rp_settings *s, rp_error *error) {
  rp_date now;
  const char *epoch = getenv("SOURCE_DATE_EPOCH");
  if (s->now_text) {
    RP_TRY(parse_date(s, "option '--now'", s->now_text, &now, error));
    s->now = now.earliest;
  } else if (epoch && *epoch) {
    char *end;
    s->now = strtoll(epoch, &end, 10);
    if (*end || s->now < 0)
      return rp_fail(error, RP_ERR_ARGUMENT,
                     "environment variable 'SOURCE_DATE_EPOCH': '%s' is not a number of seconds", epoch);
  }
  return RP_OK;
}

static rp_status settle_between(rp_settings *s, rp_error *error) {
  rp_date since = {INT64_MIN, 0}, until = {0, INT64_MAX};
  if (!s->since_text && !s->until_text) return RP_OK;
  if (s->since_text) RP_TRY(parse_date(s, "option '--since'", s->since_text, &since, error));
  if (s->until_text) RP_TRY(parse_date(s, "option '--until'", s->until_text, &until, error));
  s->between = (rp_date){since.earliest, until.latest};
  if (s->between.earliest > s->between.latest)
    return rp_fail(error, RP_ERR_ARGUMENT, "option '--until': '%s' is before '%s' of '--since'", s->until_text,
                   s->since_text);
  return RP_OK;
}

rp_status rp_settings_settle(rp_settings *s, rp_error *error) {
  const char *db = getenv("REPRINT_DB");
  RP_TRY(settle_now(s, error));
  if (s->log_format < 0)
    return rp_fail(error, RP_ERR_ARGUMENT, "environment variable 'REPRINT_LOG_FORMAT': '%s' is neither text nor json",
                   getenv("REPRINT_LOG_FORMAT"));
  s->db_given = s->db != NULL;
  if (!s->db) s->db = db && *db ? db : "./reprint.db";
  if (s->bands || s->rows) {
    int64_t bands = s->bands ? s->bands : 35, rows = s->rows ? s->rows : 3;
    if (bands * rows > 128)
      return rp_fail(error, RP_ERR_ARGUMENT,
                     "options '--bands' and '--rows': %d bands of %d rows need more than 128 minima", (int)bands,
                     (int)rows);
  }
  if (s->before_text) {
    rp_date before;
    RP_TRY(parse_date(s, "option '--before'", s->before_text, &before, error));
    s->before = before.earliest;
  }
  return settle_between(s, error);
}
