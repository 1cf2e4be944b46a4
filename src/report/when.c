#include "report/when.h"

#include <math.h>
#include <time.h>

enum { DAY = 86400, HOUR = 3600, MINUTE = 60 };

bool rp_when_is_known(rp_date date) { return date.earliest <= date.latest; }

static bool fields(int64_t at, struct tm *out) {
  time_t t = (time_t)at;
  return gmtime_r(&t, out) != NULL;
}

static bool is_multiple(int64_t at, int64_t of) { return at % of == 0; }

static bool is_day(rp_date date) { return date.latest - date.earliest == DAY - 1 && is_multiple(date.earliest, DAY); }

static void add_day(rp_buf *out, const struct tm *t) {
  rp_buf_printf(out, "%04d-%02d-%02d", t->tm_year + 1900, t->tm_mon + 1, t->tm_mday);
}

static bool is_printable(rp_date date) {
  const int64_t most = (int64_t)DAY * 366 * 10000;
  return date.earliest >= -most && date.latest <= most;
}

void rp_when_add(rp_buf *out, rp_date date) {
  struct tm t, end;
  if (!rp_when_is_known(date) || !is_printable(date) || !fields(date.earliest, &t) || !fields(date.latest, &end)) {
    rp_buf_add_cstr(out, "date unknown");
    return;
  }
  add_day(out, &t);
  if (is_day(date)) return;
  int64_t span = date.latest - date.earliest;
  if (span >= DAY - 1) {
    rp_buf_add_cstr(out, " to ");
    add_day(out, &end);
    return;
  }
  rp_buf_printf(out, " %02d:%02d", t.tm_hour, t.tm_min);
  if (span >= MINUTE) rp_buf_printf(out, "-%02d:%02d", end.tm_hour, end.tm_min);
  rp_buf_add_cstr(out, " UTC");
}

static void add_time(rp_buf *out, int64_t at) {
  struct tm t;
  if (!fields(at, &t)) return;
  add_day(out, &t);
  rp_buf_printf(out, "T%02d:%02d:%02dZ", t.tm_hour, t.tm_min, t.tm_sec);
}

void rp_when_add_iso(rp_buf *out, rp_date date) {
  struct tm t;
  if (is_day(date) && fields(date.earliest, &t)) {
    add_day(out, &t);
    return;
  }
  if (date.latest - date.earliest == MINUTE - 1 && is_multiple(date.earliest, MINUTE) && fields(date.earliest, &t)) {
    add_day(out, &t);
    rp_buf_printf(out, "T%02d:%02dZ", t.tm_hour, t.tm_min);
    return;
  }
  add_time(out, date.earliest);
  if (date.latest == date.earliest) return;
  rp_buf_add_byte(out, '/');
  add_time(out, date.latest);
}

static void add_count(rp_buf *out, double n, const char *unit) {
  rp_buf_printf(out, "%.0f %s%s", n, unit, n == 1 ? "" : "s");
}

void rp_when_add_span(rp_buf *out, double hours) {
  double minutes = fabs(hours) * 60;
  if (minutes < 1) {
    rp_buf_add_cstr(out, "less than a minute");
  } else if (minutes < 60) {
    add_count(out, floor(minutes), "minute");
  } else if (minutes < 48 * 60) {
    double whole = floor(minutes / 60), rest = floor(minutes - whole * 60);
    add_count(out, whole, "hour");
    if (rest >= 1 && whole < 10) {
      rp_buf_add_byte(out, ' ');
      add_count(out, rest, "minute");
    }
  } else if (minutes < 2 * 365.25 * 24 * 60) {
    add_count(out, floor(minutes / (24 * 60)), "day");
  } else {
    add_count(out, floor(minutes / (365.25 * 24 * 60)), "year");
  }
}

static bool is_moment(rp_date date) { return date.latest - date.earliest < MINUTE; }

void rp_when_add_distance(rp_buf *out, rp_date date, rp_date other, const char *of) {
  if (!rp_when_is_known(date) || !rp_when_is_known(other)) return;
  bool is_exact = (is_moment(date) && is_moment(other)) || (is_day(date) && is_day(other));
  bool is_before = date.earliest < other.earliest;
  int64_t seconds = is_before ? other.earliest - date.earliest : date.earliest - other.earliest;
  if (!is_exact) seconds = is_before ? other.earliest - date.latest : date.earliest - other.latest;
  if (seconds > 0) {
    if (!is_exact) rp_buf_add_cstr(out, "at least ");
    rp_when_add_span(out, (double)seconds / HOUR);
    rp_buf_printf(out, " %s %s", is_before ? "before" : "after", of);
  } else if (is_exact && is_moment(date)) {
    rp_buf_printf(out, "at the same time as %s", of);
  } else if ((is_day(date) && other.earliest / DAY == other.latest / DAY) ||
             (is_day(other) && date.earliest / DAY == date.latest / DAY)) {
    rp_buf_printf(out, "the same day as %s", of);
  }
}
