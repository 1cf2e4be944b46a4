/* reprint help */
#include "cli/command.h"
#include "cli/help.h"

enum { WIDTH = 80 };

rp_exit rp_cmd_help(rp_cli *cli) {
  if (cli->settings.man) {
    rp_help_man(&cli->out);
  } else if (cli->settings.completion) {
    rp_help_completion(&cli->out);
  } else if (!cli->n_operand) {
    rp_help_program(&cli->out, WIDTH);
  } else {
    const rp_command *command = rp_command_find(cli->operand[0]);
    if (!command) return rp_command_refuse(cli, cli->operand[0]);
    rp_help_command(&cli->out, command, WIDTH);
  }
  return RP_EXIT_OK;
}
