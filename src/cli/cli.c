#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/guard.h"
#include "cli/msg.h"

/* Longer lines than MOST_WIDTH are hard to read. */
enum { WIDTH = 80, LEAST_WIDTH = 40, MOST_WIDTH = 130 };

bool rp_cli_flush(rp_cli *cli) {
  rp_buf *out = &cli->out;
  if (out->failed && !cli->out_errno) cli->out_errno = ENOMEM;
  if (out->len) rp_progress_clear(&cli->progress);
  for (size_t done = 0; done < out->len && !cli->out_errno;) {
    ssize_t n = write(STDOUT_FILENO, out->data + done, out->len - done);
    if (n > 0)
      done += (size_t)n;
    else if (n < 0 && errno != EINTR)
      cli->out_errno = errno;
  }
  rp_buf_clear(out);
  return cli->out_errno == 0;
}

bool rp_cli_deliver(rp_cli *cli) {
  struct stat file;
  int failed = 0;
  if (!rp_cli_flush(cli)) return false;
  if (fstat(STDOUT_FILENO, &file) != 0 || !S_ISREG(file.st_mode)) return true;
  do failed = fsync(STDOUT_FILENO) == 0 ? 0 : errno;
  while (failed == EINTR);
  /* EINVAL: a file system that cannot say */
  if (failed != EINVAL) cli->out_errno = failed;
  return cli->out_errno == 0;
}

static size_t terminal_width(void) {
  const char *columns = getenv("COLUMNS");
  unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;
  struct winsize size;
  if (!width && isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  return width < LEAST_WIDTH ? WIDTH : width > MOST_WIDTH ? MOST_WIDTH : width;
}

static bool wants_color(const rp_settings *settings) {
  if (settings->color != RP_COLOR_AUTO) return settings->color == RP_COLOR_ALWAYS;
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
  bool is_dumb = !term || !*term || (term[0] == 'd' && term[1] == 'u' && term[2] == 'm');
  return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !is_dumb;
}

void rp_cli_report(rp_cli *cli, rp_report_kind kind, rp_format format, rp_report *out) {
  const rp_settings *s = &cli->settings;
  rp_report_options options = {
      .format = s->format < 0 ? format : (rp_format)s->format,
      .width = terminal_width(),
      .color = wants_color(s),
      .full = s->full,
      .explain = s->explain,
      .look_alikes = s->look_alikes,
      .passages = s->passages,
  };
  rp_report_init(out, kind, &cli->out, &options);
}

/* What is damaged is the index, and there is a command that looks at all of it. */
static void tell_damage(rp_cli *cli, const char *what) {
  bool is_check = cli->command && strcmp(cli->command, "check") == 0;
  rp_msg(cli, "'%s': index is damaged: %s%s", cli->settings.db, what,
         is_check ? "" : "; 'reprint check' says where; restore a backup, or index the articles again");
}

rp_exit rp_cli_fail(rp_cli *cli, const rp_error *error) {
  const char *what = error->message[0] ? error->message : rp_status_name(error->status);
  if (error->status == RP_ERR_DAMAGED && cli->settings.db && !strstr(what, "damaged"))
    tell_damage(cli, what);
  else
    rp_msg(cli, "%s", what);
  cli->has_trouble = true;
  return RP_EXIT_TROUBLE;
}

rp_exit rp_cli_status(const rp_cli *cli, uint64_t n_record) {
  const rp_settings *s = &cli->settings;
  if (cli->has_trouble) return RP_EXIT_TROUBLE;
  if (cli->n_skipped <= (uint64_t)s->most_skipped) return RP_EXIT_OK;
  if ((double)cli->n_skipped <= s->most_skipped_part * (double)n_record) return RP_EXIT_OK;
  return RP_EXIT_SKIPPED;
}

bool rp_cli_open(rp_cli *cli, rp_open_mode mode, rp_index **out) {
  const rp_settings *s = &cli->settings;
  rp_open_options options = {.size = sizeof options, .mode = mode, .wait = s->wait};
  options.params = (rp_index_params){sizeof options.params, (uint32_t)s->bands, (uint32_t)s->rows};
  rp_error error = {0};
  rp_guard_enter(s->db);
  rp_status status = rp_index_open(s->db, &options, out, &error);
  rp_guard_leave();
  if (status == RP_OK) return true;
  error.status = status;
  rp_cli_fail(cli, &error);
  if (status == RP_ERR_NOT_FOUND) rp_note(cli, "'reprint index -d %s FILE...' makes an index", s->db);
  return false;
}

bool rp_cli_ctx(rp_cli *cli, rp_index *index, rp_ctx **out) {
  rp_error error = {0};
  rp_guard_enter(cli->settings.db);
  rp_status status = rp_ctx_new(index, out, &error);
  rp_guard_leave();
  if (status == RP_OK) return true;
  error.status = status;
  rp_cli_fail(cli, &error);
  return false;
}
