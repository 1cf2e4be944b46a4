#include "cli/msg.h"

#include <stdarg.h>
#include <stdio.h>

#include "report/plain.h"

static bool is_json(const rp_cli *cli) { return cli->settings.log_format == RP_LOG_JSON; }

static void begin(rp_cli *cli, rp_json *json, rp_buf *line, rp_level level) {
  rp_log_begin(json, line, level, cli->command, cli->settings.now);
}

static void print(rp_cli *cli, rp_buf *line) {
  rp_progress_clear(&cli->progress);
  /* where stderr cannot be written there is nobody left to tell */
  if (!line->failed) (void)!fwrite(line->data, 1, line->len, stderr);
  rp_buf_release(line);
}

static void say(rp_cli *cli, rp_level level, const char *text, const rp_count *count, size_t n) {
  rp_buf line;
  rp_json json;
  rp_buf_init(&line);
  if (is_json(cli)) {
    begin(cli, &json, &line, level);
    rp_json_key(&json, "message");
    rp_json_cstr(&json, text);
    for (size_t i = 0; i < n; i++) {
      rp_json_key(&json, count[i].name);
      rp_json_int(&json, (int64_t)count[i].n);
    }
    rp_log_end(&json);
  } else {
    rp_buf_add_cstr(&line, "reprint: ");
    rp_plain_add(&line, rp_plain_cstr(text));
    rp_buf_add_byte(&line, '\n');
  }
  print(cli, &line);
}

RP_PRINTF(3, 0) static void say_args(rp_cli *cli, rp_level level, const char *format, va_list args) {
  char text[2048];
  vsnprintf(text, sizeof text, format, args);
  say(cli, level, text, NULL, 0);
}

void rp_msg_at(rp_cli *cli, rp_level level, const char *format, ...) {
  va_list args;
  va_start(args, format);
  say_args(cli, level, format, args);
  va_end(args);
}

void rp_msg(rp_cli *cli, const char *format, ...) {
  va_list args;
  va_start(args, format);
  say_args(cli, RP_LEVEL_ERROR, format, args);
  va_end(args);
}

void rp_warn(rp_cli *cli, const char *format, ...) {
  va_list args;
  va_start(args, format);
  say_args(cli, RP_LEVEL_WARNING, format, args);
  va_end(args);
}

void rp_note(rp_cli *cli, const char *format, ...) {
  va_list args;
  va_start(args, format);
  say_args(cli, RP_LEVEL_INFO, format, args);
  va_end(args);
}

void rp_note_counts(rp_cli *cli, const char *message, const rp_count *count, size_t n) {
  say(cli, RP_LEVEL_INFO, message, count, n);
}

void rp_msg_place_at(rp_cli *cli, rp_level level, rp_str path, uint64_t line, const char *reason) {
  rp_buf text;
  rp_json json;
  rp_buf_init(&text);
  if (is_json(cli)) {
    begin(cli, &json, &text, level);
    rp_json_key(&json, "message");
    rp_json_cstr(&json, reason);
    rp_json_key(&json, "path");
    rp_json_str(&json, path);
    rp_json_key(&json, "line");
    if (line)
      rp_json_int(&json, (int64_t)line);
    else
      rp_json_null(&json);
    rp_log_end(&json);
  } else {
    rp_plain_add(&text, path);
    rp_buf_add_byte(&text, ':');
    if (line) rp_buf_printf(&text, "%llu:", (unsigned long long)line);
    rp_buf_add_byte(&text, ' ');
    rp_plain_add(&text, rp_plain_cstr(reason));
    rp_buf_add_byte(&text, '\n');
  }
  print(cli, &text);
}

void rp_msg_place(rp_cli *cli, rp_str path, uint64_t line, const char *reason) {
  rp_msg_place_at(cli, RP_LEVEL_WARNING, path, line, reason);
}
