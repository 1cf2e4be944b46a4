/* write.h - an index opened by a command that changes it. */
#ifndef RP_CLI_WRITE_H
#define RP_CLI_WRITE_H

#include "cli/cli.h"

typedef struct rp_cli_writer {
  rp_index *index;
  rp_writer *writer;
} rp_cli_writer;

/* Opens the index asked for, which must exist, and takes the writer's lock;
 * waits for another writer, and says so, unless --no-wait.  Says why it cannot
 * and returns false. */
RP_CHECKED bool rp_cli_writer_open(rp_cli *cli, rp_cli_writer *out);
void rp_cli_writer_close(rp_cli_writer *writer);

#endif
