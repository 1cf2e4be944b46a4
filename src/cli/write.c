#include "cli/write.h"

#include "cli/guard.h"
#include "cli/msg.h"

static rp_status open_writer(const rp_settings *s, bool wait, rp_cli_writer *out, rp_error *error) {
  rp_open_options open = {.size = sizeof open, .mode = RP_OPEN_WRITE, .wait = wait};
  rp_writer_options options = {.size = sizeof options, .n_thread = (unsigned)s->jobs};
  *out = (rp_cli_writer){0};
  rp_guard_enter(s->db);
  rp_status status = rp_index_open(s->db, &open, &out->index, error);
  if (status == RP_OK) status = rp_writer_open(out->index, &options, &out->writer, error);
  rp_guard_leave();
  if (status != RP_OK) rp_cli_writer_close(out);
  return status;
}

bool rp_cli_writer_open(rp_cli *cli, rp_cli_writer *out) {
  rp_error error = {0};
  error.status = open_writer(&cli->settings, false, out, &error);
  if (error.status == RP_ERR_BUSY && cli->settings.wait) {
    if (!cli->settings.quiet)
      rp_note(cli, "waiting for another process that writes to '%s' (--no-wait gives up instead)", cli->settings.db);
    error.status = open_writer(&cli->settings, true, out, &error);
  }
  if (error.status == RP_OK) return true;
  rp_cli_fail(cli, &error);
  return false;
}

void rp_cli_writer_close(rp_cli_writer *writer) {
  rp_writer_close(writer->writer);
  rp_index_close(writer->index);
  *writer = (rp_cli_writer){0};
}
