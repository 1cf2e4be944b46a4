/* command.h - the table of commands.  CONTRIBUTING.md tells how to add one. */
#ifndef RP_CLI_COMMAND_H
#define RP_CLI_COMMAND_H

#include "cli/cli.h"
#include "cli/opt.h"

/* Bits of rp_opt.commands. */
enum {
  RP_CMD_INDEX = 1 << 0,
  RP_CMD_QUERY = 1 << 1,
  RP_CMD_COMPARE = 1 << 2,
  RP_CMD_SHOW = 1 << 3,
  RP_CMD_REMOVE = 1 << 4,
  RP_CMD_STAT = 1 << 5,
  RP_CMD_EXTRACT = 1 << 6,
  RP_CMD_PARAMS = 1 << 7,
  RP_CMD_HELP = 1 << 8,
  RP_CMD_VERSION = 1 << 9,
  RP_CMD_PAIRS = 1 << 10,
  RP_CMD_CLUSTERS = 1 << 11,
  RP_CMD_CHECK = 1 << 12,
  RP_CMD_BACKUP = 1 << 13,
  RP_CMD_COMPACT = 1 << 14,
  RP_CMD_EXPIRE = 1 << 15,
  RP_CMD_DEDUP = 1 << 16,
  RP_CMD_ALL = (1 << 17) - 1,
};

typedef struct rp_command {
  const char *name;
  uint32_t bit;
  const char *operands; /* of the synopsis */
  const char *summary;  /* one line */
  const char *text;     /* what it does, a paragraph or more with an empty line between */
  const char *exits;    /* "0  done\n1  ..." */
  const char *examples; /* command lines, one a line */
  size_t least_operands, most_operands;
  rp_exit (*run)(rp_cli *cli);
} rp_command;

typedef struct rp_commands {
  const rp_command *row;
  size_t n;
} rp_commands;

rp_commands rp_command_table(void);
/* NULL where there is none of this name. */
const rp_command *rp_command_find(const char *name);

/* Says that there is no command `name`, and which was meant. */
rp_exit rp_command_refuse(rp_cli *cli, const char *name);

/* The table of options (options.c). */
rp_opts rp_option_table(void);

rp_exit rp_cmd_index(rp_cli *cli);
rp_exit rp_cmd_query(rp_cli *cli);
rp_exit rp_cmd_compare(rp_cli *cli);
rp_exit rp_cmd_pairs(rp_cli *cli);
rp_exit rp_cmd_clusters(rp_cli *cli);
rp_exit rp_cmd_dedup(rp_cli *cli);
rp_exit rp_cmd_show(rp_cli *cli);
rp_exit rp_cmd_remove(rp_cli *cli);
rp_exit rp_cmd_stat(rp_cli *cli);
rp_exit rp_cmd_expire(rp_cli *cli);
rp_exit rp_cmd_check(rp_cli *cli);
rp_exit rp_cmd_backup(rp_cli *cli);
rp_exit rp_cmd_compact(rp_cli *cli);
rp_exit rp_cmd_extract(rp_cli *cli);
rp_exit rp_cmd_params(rp_cli *cli);
rp_exit rp_cmd_help(rp_cli *cli);
rp_exit rp_cmd_version(rp_cli *cli);

#endif
