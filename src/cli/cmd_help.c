/* reprint help */
#include "cli/command.h"
#include "cli/help.h"
#include "cli/msg.h"

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
    if (!command) {
      rp_msg(cli, "'%s' is not a command of reprint; see 'reprint help'", cli->operand[0]);
      return RP_EXIT_TROUBLE;
    }
    rp_help_command(&cli->out, command, WIDTH);
  }
  return RP_EXIT_OK;
}
