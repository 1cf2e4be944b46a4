/* reprint: find where a news story was reprinted.  Splits the command line,
 * finds the command, runs it, and sees to it that the results arrived. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/help.h"
#include "cli/msg.h"

/* A file opened later must not take the number of a closed standard stream, or
 * results and messages would be written into it.  What is opened instead
 * refuses what is not its business: stdout for reading, stdin for writing. */
static void open_standard_streams(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) == -1 && errno == EBADF) (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Every option given must be one of the command's. */
static bool are_options_of(rp_cli *cli, const rp_command *command, const rp_words_given *given) {
  for (size_t i = 0; i < given->used.n; i++) {
    if (given->used.data[i]->commands & command->bit) continue;
    rp_msg(cli, "option '--%s' is not one of '%s'; see 'reprint help %s'", given->used.data[i]->name, command->name,
           command->name);
    return false;
  }
  return true;
}

static bool are_common(const rp_words_given *given) {
  for (size_t i = 0; i < given->used.n; i++)
    if (given->used.data[i]->commands != RP_CMD_ALL) return false;
  return true;
}

static bool is_operand_count_right(rp_cli *cli, const rp_command *command) {
  if (cli->n_operand >= command->least_operands && cli->n_operand <= command->most_operands) return true;
  if (!command->most_operands)
    rp_msg(cli, "'%s' takes no operand", command->name);
  else if (cli->n_operand < command->least_operands)
    rp_msg(cli, "'%s' needs %s", command->name, command->operands);
  else
    rp_msg(cli, "'%s' takes only %s", command->name, command->operands);
  return false;
}

static const char *name_of(const rp_words_given *given) { return given->operands.n ? given->operands.data[0] : NULL; }

static rp_exit run_command(rp_cli *cli, const rp_words_given *given) {
  enum { WIDTH = 80 };
  const char *name = name_of(given);
  const rp_command *command = rp_command_find(name ? name : cli->settings.version ? "version" : "help");
  if (!command) return rp_command_refuse(cli, name);
  if (name && cli->settings.help) {
    rp_help_command(&cli->out, command, WIDTH);
    return RP_EXIT_OK;
  }
  if (!name && !are_common(given)) {
    rp_msg(cli, "no command given; see 'reprint help'");
    return RP_EXIT_TROUBLE;
  }
  if (!are_options_of(cli, command, given)) return RP_EXIT_TROUBLE;
  if (name && cli->settings.version) command = rp_command_find("version");
  cli->operand = given->operands.data ? given->operands.data + 1 : NULL;
  cli->n_operand = given->operands.n ? given->operands.n - 1 : 0;
  if (!is_operand_count_right(cli, command)) return RP_EXIT_TROUBLE;
  bool is_json = cli->settings.log_format == RP_LOG_JSON;
  if (is_json) rp_guard_log_json(command->name, cli->settings.now);
  rp_progress_start(&cli->progress, cli->settings.quiet || is_json);
  rp_exit status = command->run(cli);
  rp_progress_clear(&cli->progress);
  return status;
}

/* For messages. */
static void name_command(rp_cli *cli, const rp_words_given *given) {
  const rp_command *command = name_of(given) ? rp_command_find(name_of(given)) : NULL;
  if (command) cli->command = command->name;
}

static rp_exit run(rp_cli *cli, int argc, char **argv) {
  rp_words_given given = {0};
  rp_error error = {0};
  rp_exit status = RP_EXIT_TROUBLE;
  error.status = rp_opt_parse(rp_option_table(), argc, argv, &cli->settings, &given, &error);
  if (error.status == RP_OK) name_command(cli, &given);
  if (error.status == RP_OK) error.status = rp_settings_settle(&cli->settings, &error);
  if (error.status == RP_OK)
    status = run_command(cli, &given);
  else
    rp_cli_fail(cli, &error);
  rp_opt_release(&given);
  return status;
}

/* Results that did not arrive are trouble, whatever the command made of them;
 * a reader that has gone away knows it himself. */
static rp_exit finish_output(rp_cli *cli, rp_exit status) {
  bool ok = rp_cli_flush(cli);
  if (ok && close(STDOUT_FILENO) != 0 && errno != EBADF) {
    cli->out_errno = errno;
    ok = false;
  }
  if (ok) return status;
  if (cli->out_errno != EPIPE) rp_msg(cli, "unable to write to standard output: %s", strerror(cli->out_errno));
  return RP_EXIT_TROUBLE;
}

int main(int argc, char **argv) {
  rp_cli cli = {0};
  open_standard_streams();
  signal(SIGPIPE, SIG_IGN);
  rp_guard_install();
  rp_settings_init(&cli.settings);
  rp_buf_init(&cli.out);
  rp_exit status = finish_output(&cli, run(&cli, argc, argv));
  rp_buf_release(&cli.out);
  rp_settings_release(&cli.settings);
  return (int)status;
}
