/* reprint version */
#include "cli/command.h"

rp_exit rp_cmd_version(rp_cli *cli) {
  rp_buf_printf(&cli->out, "reprint %s\n", rp_version());
  return RP_EXIT_OK;
}
