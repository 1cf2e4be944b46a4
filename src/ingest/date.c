/* Dates as feeds, pages and databases print them.
 *
 * One scanner for all forms: it goes through the text token by token (numbers,
 * words, signs) and fills what it can name: year, month, day, time, zone.  A
 * token that it cannot name makes the text no date.  A date of the form
 * 05/06/2020, whose order nobody can tell, is unknown: a wrong day would make
 * a copy look earlier than its source. */
#include <string.h>

#include "reprint/ingest.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, MAX_TEXT = 80, NONE = -1 };

struct parts {
  int year, month, day, hour, minute, second;
  int zone_from, zone_to; /* minutes east of UTC, ascending; equal but for "ET" and its like */
  bool has_zone, is_pm, is_am;
};

struct scan {
  const char *at, *end;
  struct parts p;
};

static const char *const month_name[12] = {
    " january jan januar enero janvier gennaio janeiro januari ",
    " february feb februar febrero février fevrier febbraio fevereiro februari ",
    " march mar märz mrz maerz marzo mars março marco maart ",
    " april apr abril avril aprile ",
    " may mai mayo maggio maio mei ",
    " june jun juni junio juin giugno junho ",
    " july jul juli julio juillet luglio julho ",
    " august aug agosto août aout augustus ",
    " september sep sept septiembre septembre settembre setembro ",
    " october oct oktober okt octubre octobre ottobre outubro ",
    " november nov noviembre novembre novembro ",
    " december dec dezember dez diciembre décembre decembre dicembre dezembro ",
};

static const char filler[] =
    " mon tue wed thu fri sat sun tues wednes thur thurs monday tuesday wednesday thursday friday saturday sunday"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche"
    " t at of on the de del um uhr st nd rd th and published updated posted ";

/* Zones with one offset, and those whose offset depends on the season. */
static const struct zone {
  const char *name;
  int from, to;
} zones[] = {
    {"z", 0, 0},         {"utc", 0, 0},       {"gmt", 0, 0},       {"ut", 0, 0},        {"wet", 0, 0},
    {"bst", 60, 60},     {"cet", 60, 60},     {"mez", 60, 60},     {"cest", 120, 120},  {"mesz", 120, 120},
    {"eet", 120, 120},   {"eest", 180, 180},  {"msk", 180, 180},   {"jst", 540, 540},   {"kst", 540, 540},
    {"aest", 600, 600},  {"aedt", 660, 660},  {"est", -300, -300}, {"edt", -240, -240}, {"cdt", -300, -300},
    {"mst", -420, -420}, {"mdt", -360, -360}, {"pst", -480, -480}, {"pdt", -420, -420}, {"et", -300, -240},
    {"ct", -360, -300},  {"mt", -420, -360},  {"pt", -480, -420},  {"cst", -360, -360},
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool is_in(const char *list, const char *word, size_t len) {
  char key[34];
  if (len > sizeof key - 3) return false;
  key[0] = ' ';
  memcpy(key + 1, word, len);
  key[len + 1] = ' ';
  key[len + 2] = '\0';
  return strstr(list, key) != NULL;
}

static int value_of(const char *digit, size_t n) {
  int v = 0;
  for (size_t i = 0; i < n; i++) v = v * 10 + (digit[i] - '0');
  return v;
}

static size_t digits_at(const struct scan *s, const char *at) {
  size_t n = 0;
  while (at + n < s->end && is_digit(at[n])) n++;
  return n;
}

static char char_at(const struct scan *s, const char *at) { return at < s->end ? *at : '\0'; }

/* Days from 1970-01-01 of the proleptic Gregorian calendar: years are counted
 * from March, so that the leap day is the last of its year. */
static int64_t day_number(int year, int month, int day) {
  int64_t y = month > 2 ? year : year - 1;
  int64_t from_march = (month + 9) % 12;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

static int days_in(int year, int month) {
  static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool set_date(struct parts *p, int year, int month, int day) {
  if (p->year != NONE || p->month != NONE || p->day != NONE) return false;
  p->year = year;
  p->month = month;
  p->day = day;
  return true;
}

/* HH:MM[:SS[.fraction]] or HHMM[SS], `n` digits at the scan's place. */
static bool scan_time(struct scan *s, size_t n) {
  struct parts *p = &s->p;
  if (p->hour != NONE) return false;
  if (n == 4 || n == 6) {
    p->hour = value_of(s->at, 2);
    p->minute = value_of(s->at + 2, 2);
    if (n == 6) p->second = value_of(s->at + 4, 2);
    s->at += n;
  } else {
    p->hour = value_of(s->at, n);
    s->at += n + 1;
    if ((n = digits_at(s, s->at)) != 2) return false;
    p->minute = value_of(s->at, 2);
    s->at += 2;
    if (char_at(s, s->at) == ':') {
      if (digits_at(s, s->at + 1) != 2) return false;
      p->second = value_of(s->at + 1, 2);
      s->at += 3;
    }
  }
  if (p->second != NONE && (char_at(s, s->at) == '.' || char_at(s, s->at) == ',') && digits_at(s, s->at + 1) > 0)
    s->at += 1 + digits_at(s, s->at + 1);
  return true;
}

/* 2020-10[-05], 2020/10/05, 2020.10.05 */
static bool scan_year_first(struct scan *s) {
  int year = value_of(s->at, 4);
  char sign = s->at[4];
  size_t n = digits_at(s, s->at + 5);
  if (n < 1 || n > 2) return false;
  int month = value_of(s->at + 5, n), day = NONE;
  s->at += 5 + n;
  if (char_at(s, s->at) == sign) {
    n = digits_at(s, s->at + 1);
    if (n < 1 || n > 2) return false;
    day = value_of(s->at + 1, n);
    s->at += 1 + n;
  }
  return set_date(&s->p, year, month, day);
}

/* 05.10.2020 (always the day first), 25/10/2020, 10/25/2020 */
static bool scan_year_last(struct scan *s, size_t n) {
  char sign = s->at[n];
  int first = value_of(s->at, n);
  size_t n_second = digits_at(s, s->at + n + 1);
  const char *year_at = s->at + n + 1 + n_second + 1;
  if (n_second < 1 || n_second > 2 || char_at(s, year_at - 1) != sign || digits_at(s, year_at) != 4) return false;
  int second = value_of(s->at + n + 1, n_second), year = value_of(year_at, 4);
  s->at = year_at + 4;
  if (sign == '.' || first > 12 || first == second) return set_date(&s->p, year, second, first);
  return second > 12 && set_date(&s->p, year, first, second);
}

static bool scan_number(struct scan *s) {
  struct parts *p = &s->p;
  size_t n = digits_at(s, s->at);
  char next = char_at(s, s->at + n);
  bool is_dated = p->year != NONE && p->day != NONE;
  if (next == ':' && n <= 2) return scan_time(s, n);
  if (n == 8 && p->year == NONE) {
    bool ok = set_date(p, value_of(s->at, 4), value_of(s->at + 4, 2), value_of(s->at + 6, 2));
    s->at += 8;
    return ok;
  }
  if ((n == 4 || n == 6) && is_dated && p->hour == NONE && lower(s->at[-1]) == 't') return scan_time(s, n);
  if (n == 4 && p->year == NONE) {
    if ((next == '-' || next == '/' || next == '.') && is_digit(char_at(s, s->at + 5))) return scan_year_first(s);
    p->year = value_of(s->at, 4);
    s->at += 4;
    return true;
  }
  if (n == 0 || n > 2) return false;
  if ((next == '-' || next == '/' || next == '.') && is_digit(char_at(s, s->at + n + 1)) && p->day == NONE)
    return scan_year_last(s, n);
  int v = value_of(s->at, n);
  s->at += n;
  if (p->day == NONE) {
    p->day = v;
  } else if (p->year == NONE && p->month != NONE && n == 2) {
    p->year = v < 70 ? 2000 + v : 1900 + v; /* RFC 822 */
  } else if (p->hour == NONE) {
    p->hour = v; /* "2 p.m."; checked at the end */
  } else {
    return false;
  }
  return true;
}

static bool scan_zone(struct scan *s) {
  int sign = *s->at == '-' ? -1 : 1;
  size_t n = digits_at(s, s->at + 1);
  const char *digit = s->at + 1;
  int hours, minutes = 0;
  if (n == 4) {
    hours = value_of(digit, 2);
    minutes = value_of(digit + 2, 2);
  } else if (n == 1 || n == 2) {
    hours = value_of(digit, n);
    if (char_at(s, digit + n) == ':') {
      if (digits_at(s, digit + n + 1) != 2) return false;
      minutes = value_of(digit + n + 1, 2);
      n += 3;
    }
  } else {
    return false;
  }
  if (hours > 14 || minutes > 59) return false;
  s->at = digit + n;
  s->p.zone_from = s->p.zone_to = sign * (hours * 60 + minutes);
  s->p.has_zone = true;
  return true;
}

static bool scan_word(struct scan *s) {
  char word[32];
  size_t n = 0;
  struct parts *p = &s->p;
  /* "T14:03" and "14:03Z": the letter stands alone between digits */
  while (s->at < s->end && (is_letter(*s->at) || (*s->at == '.' && n == 1 && lower(char_at(s, s->at + 1)) == 'm'))) {
    if (n == sizeof word) return false;
    if (*s->at != '.') word[n++] = lower(*s->at);
    s->at++;
  }
  for (int m = 0; m < 12; m++)
    if (is_in(month_name[m], word, n)) {
      if (p->month != NONE) return false;
      p->month = m + 1;
      return true;
    }
  if (n == 2 && word[1] == 'm' && (word[0] == 'a' || word[0] == 'p')) {
    p->is_pm = word[0] == 'p';
    p->is_am = !p->is_pm;
    return true;
  }
  for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
    if (strlen(zones[i].name) == n && memcmp(zones[i].name, word, n) == 0) {
      if (p->has_zone && (p->zone_from != zones[i].from)) return true; /* "-0500 (EST)": the number stands */
      p->zone_from = zones[i].from;
      p->zone_to = zones[i].to;
      return p->has_zone = true;
    }
  return is_in(filler, word, n);
}

static bool scan_all(struct scan *s) {
  while (s->at < s->end) {
    char c = *s->at;
    bool is_sign = (c == '+' || c == '-') && is_digit(char_at(s, s->at + 1));
    const char *close = c == '(' ? memchr(s->at, ')', (size_t)(s->end - s->at)) : NULL;
    if (close && s->p.has_zone) {
      s->at = close + 1; /* "+0100 (Central European Standard Time)" */
    } else if (is_digit(c)) {
      if (!scan_number(s)) return false;
    } else if (is_letter(c)) {
      if (!scan_word(s)) return false;
    } else if (is_sign && s->p.year != NONE && s->p.month != NONE && (s->p.hour != NONE || c == '+')) {
      if (!scan_zone(s)) return false;
    } else if (is_sign && s->p.hour != NONE) {
      if (!scan_zone(s)) return false; /* "Mon Oct 05 14:03:00 +0000 2020" */
    } else if (strchr(" \t,.()|-/", c)) {
      s->at++;
    } else {
      return false;
    }
  }
  return true;
}

static bool is_valid(struct parts *p) {
  if (p->year < 1000 || p->year > 9999) return false;
  if (p->day != NONE && p->month == NONE) return false;
  if (p->month != NONE && (p->month < 1 || p->month > 12)) return false;
  if (p->day != NONE && (p->day < 1 || p->day > days_in(p->year, p->month))) return false;
  if (p->hour == NONE) return !p->is_am && !p->is_pm;
  if (p->day == NONE) return false;
  if (p->is_am || p->is_pm) {
    if (p->hour < 1 || p->hour > 12) return false;
    p->hour = p->hour % 12 + (p->is_pm ? 12 : 0);
  } else if (p->minute == NONE) {
    return false; /* a number that is no time */
  }
  if (p->hour > 24 || p->minute > 59 || p->second > 60) return false;
  return p->hour < 24 || (p->minute <= 0 && p->second <= 0);
}

static rp_date interval_of(const struct parts *p) {
  int month = p->month == NONE ? 1 : p->month, day = p->day == NONE ? 1 : p->day;
  int64_t start = day_number(p->year, month, day) * DAY, length = DAY;
  if (p->month == NONE) length = (day_number(p->year + 1, 1, 1) - day_number(p->year, 1, 1)) * DAY;
  if (p->month != NONE && p->day == NONE) length = (int64_t)days_in(p->year, month) * DAY;
  if (p->hour != NONE) {
    start += p->hour * HOUR + (p->minute == NONE ? 0 : p->minute * MINUTE) + (p->second == NONE ? 0 : p->second);
    length = p->second != NONE ? 1 : p->minute != NONE ? MINUTE : HOUR;
  }
  return (rp_date){start - p->zone_to * MINUTE, start + length - 1 - p->zone_from * MINUTE};
}

/* Seconds, or milli-, micro-, nanoseconds by the number of digits. */
static rp_date epoch_of(rp_str text) {
  int64_t v = 0;
  for (size_t i = 0; i < text.len; i++) v = v * 10 + (text.data[i] - '0');
  for (size_t n = text.len; n > 10; n -= 3) v /= 1000;
  return (rp_date){v, v};
}

static bool is_epoch(rp_str text, size_t *n_digit) {
  size_t n = 0;
  while (n < text.len && is_digit(text.data[n])) n++;
  *n_digit = n;
  if (n != 9 && n != 10 && n != 13 && n != 16 && n != 19) return false;
  if (n == 19 && text.data[0] > '8') return false;
  size_t rest = n;
  if (rest < text.len && text.data[rest] == '.') rest++;
  while (rest < text.len && is_digit(text.data[rest])) rest++;
  return rest == text.len;
}

rp_date rp_date_parse(rp_str text, int timezone_minutes) {
  while (text.len && strchr(" \t\r\n", text.data[0])) text.data++, text.len--;
  while (text.len && strchr(" \t\r\n", text.data[text.len - 1])) text.len--;
  if (text.len == 0 || text.len > MAX_TEXT || memchr(text.data, '\0', text.len)) return RP_DATE_UNKNOWN;
  size_t n_digit;
  if (is_epoch(text, &n_digit)) return epoch_of((rp_str){text.data, n_digit});
  struct scan s = {.at = text.data, .end = text.data + text.len};
  s.p = (struct parts){.year = NONE, .month = NONE, .day = NONE, .hour = NONE, .minute = NONE, .second = NONE};
  bool ok;
  if (n_digit == text.len && (n_digit == 12 || n_digit == 14)) {
    ok = set_date(&s.p, value_of(s.at, 4), value_of(s.at + 4, 2), value_of(s.at + 6, 2));
    s.at += 8;
    ok = ok && scan_time(&s, n_digit - 8);
  } else {
    ok = scan_all(&s);
  }
  if (!ok || !is_valid(&s.p)) return RP_DATE_UNKNOWN;
  if (!s.p.has_zone) s.p.zone_from = s.p.zone_to = timezone_minutes;
  return interval_of(&s.p);
}
