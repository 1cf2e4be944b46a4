#include "cli/log.h"

#include <time.h>

enum { DAY = 86400, ERA_DAYS = 146097 /* 400 years */, TO_1970 = 719468 /* days from 0000-03-01 */ };

static const int64_t least = INT64_C(-62167219200), most = INT64_C(253402300799);

static void put(char *out, int64_t value, int n_digit) {
  for (int i = n_digit; i-- > 0; value /= 10) out[i] = (char)('0' + value % 10);
}

/* Years are counted from March, so that the leap day is the last of one; then
 * months are runs of 153 days in five.  gmtime_r may not be called by a signal
 * handler. */
void rp_log_time(int64_t at, char out[RP_LOG_TIME]) {
  at = at < least ? least : at > most ? most : at;
  int64_t days = at / DAY - (at % DAY < 0), second = at - days * DAY;
  days += TO_1970;
  int64_t era = days / ERA_DAYS - (days % ERA_DAYS < 0), day = days - era * ERA_DAYS;
  int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  day -= 365 * year + year / 4 - year / 100;
  int64_t month = (5 * day + 2) / 153;
  day -= (153 * month + 2) / 5;
  month = month < 10 ? month + 3 : month - 9;
  static const char form[] = "0000-00-00T00:00:00Z";
  for (size_t i = 0; i < RP_LOG_TIME; i++) out[i] = form[i];
  put(out, era * 400 + year + (month < 3), 4);
  put(out + 5, month, 2);
  put(out + 8, day + 1, 2);
  put(out + 11, second / 3600, 2);
  put(out + 14, second / 60 % 60, 2);
  put(out + 17, second % 60, 2);
}

void rp_log_begin(rp_json *json, rp_buf *line, rp_level level, const char *command, int64_t now) {
  static const char *const levels[] = {"error", "warning", "info"};
  char time_text[RP_LOG_TIME];
  rp_log_time(now ? now : (int64_t)time(NULL), time_text);
  rp_json_init(json, line);
  rp_json_begin_object(json);
  rp_json_key(json, "time");
  rp_json_str(json, (rp_str){time_text, sizeof time_text});
  rp_json_key(json, "level");
  rp_json_cstr(json, levels[level]);
  rp_json_key(json, "command");
  if (command)
    rp_json_cstr(json, command);
  else
    rp_json_null(json);
}

void rp_log_end(rp_json *json) {
  rp_json_end_object(json);
  rp_buf_add_byte(json->buf, '\n');
}
