#include "cli/msg.h"

#include <stdarg.h>
#include <stdio.h>

#include "report/plain.h"

static void print(rp_cli *cli, rp_buf *line) {
  rp_progress_clear(&cli->progress);
  rp_buf_add_byte(line, '\n');
  /* where stderr cannot be written there is nobody left to tell */
  if (!line->failed) (void)!fwrite(line->data, 1, line->len, stderr);
  rp_buf_release(line);
}

void rp_msg(rp_cli *cli, const char *format, ...) {
  char text[2048];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  rp_buf line;
  rp_buf_init(&line);
  rp_buf_add_cstr(&line, "reprint: ");
  rp_plain_add(&line, rp_plain_cstr(text));
  print(cli, &line);
}

void rp_msg_place(rp_cli *cli, rp_str path, uint64_t line, const char *reason) {
  rp_buf text;
  rp_buf_init(&text);
  rp_plain_add(&text, path);
  rp_buf_add_byte(&text, ':');
  if (line) rp_buf_printf(&text, "%llu:", (unsigned long long)line);
  rp_buf_add_byte(&text, ' ');
  rp_plain_add(&text, rp_plain_cstr(reason));
  print(cli, &text);
}
