/* The manual page, in mdoc(7). */
#include <string.h>

#include "cli/help.h"

/* Text with what roff would take for its own escaped; a paragraph break for an
 * empty line. */
static void add_text(rp_buf *out, const char *text) {
  bool at_start = true;
  for (; *text; text++) {
    if (at_start && (*text == '.' || *text == '\'')) rp_buf_add_cstr(out, "\\&");
    at_start = *text == '\n';
    if (text[0] == '\n' && text[1] == '\n') {
      rp_buf_add_cstr(out, "\n.Pp\n");
      text++;
    } else if (text[0] == '.' && text[1] == ' ') {
      rp_buf_add_cstr(out, ".\n");
      text++;
      at_start = true;
    } else if (*text == '\\') {
      rp_buf_add_cstr(out, "\\e");
    } else if (*text == '-') {
      rp_buf_add_cstr(out, "\\-");
    } else {
      rp_buf_add_byte(out, *text);
    }
  }
}

static void add_option(rp_buf *out, const rp_opt *opt) {
  rp_buf range;
  rp_buf_init(&range);
  rp_opt_add_range(&range, opt);
  rp_buf_add_cstr(out, ".It");
  if (opt->letter) rp_buf_printf(out, " Fl %c ,", opt->letter);
  rp_buf_printf(out, " Fl \\-%s", opt->name);
  if (opt->value) rp_buf_printf(out, " Ar %s", opt->value);
  rp_buf_add_byte(out, '\n');
  add_text(out, opt->help);
  if (range.len) {
    rp_buf_add_cstr(out, " [");
    add_text(out, range.data);
    rp_buf_add_byte(out, ']');
  }
  rp_buf_add_cstr(out, ".\n");
  if (range.failed) out->failed = true;
  rp_buf_release(&range);
}

/* The options of `command`, or those that all commands have. */
static void add_options(rp_buf *out, uint32_t command) {
  rp_opts opts = rp_option_table();
  rp_buf_add_cstr(out, ".Bl -tag -width Ds\n");
  for (size_t i = 0; i < opts.n; i++) {
    bool is_common = opts.row[i].commands == RP_CMD_ALL;
    if (command == RP_CMD_ALL ? is_common : !is_common && (opts.row[i].commands & command))
      add_option(out, &opts.row[i]);
  }
  rp_buf_add_cstr(out, ".El\n");
}

static bool has_options(uint32_t command) {
  rp_opts opts = rp_option_table();
  for (size_t i = 0; i < opts.n; i++)
    if (opts.row[i].commands != RP_CMD_ALL && (opts.row[i].commands & command)) return true;
  return false;
}

/* "0  done\n3  ..." as a list */
static void add_exits(rp_buf *out, const char *exits) {
  rp_buf_add_cstr(out, ".Pp\nExit status:\n.Bl -tag -width Ds -compact\n");
  while (*exits) {
    size_t len = strcspn(exits, "\n");
    rp_buf_printf(out, ".It %c\n", exits[0]);
    rp_buf line;
    rp_buf_init(&line);
    rp_buf_add(&line, exits + 3, len - 3);
    if (line.failed)
      out->failed = true;
    else
      add_text(out, line.data);
    rp_buf_release(&line);
    rp_buf_add_byte(out, '\n');
    exits += len + (exits[len] == '\n');
  }
  rp_buf_add_cstr(out, ".El\n");
}

static void add_command(rp_buf *out, const rp_command *command) {
  rp_buf_printf(out, ".Ss reprint %s", command->name);
  if (*command->operands) rp_buf_printf(out, " %s", command->operands);
  rp_buf_add_byte(out, '\n');
  add_text(out, command->text);
  rp_buf_add_byte(out, '\n');
  if (has_options(command->bit)) {
    rp_buf_add_cstr(out, ".Pp\n");
    add_options(out, command->bit);
  }
  add_exits(out, command->exits);
}

static void add_examples(rp_buf *out) {
  rp_commands commands = rp_command_table();
  rp_buf_add_cstr(out, ".Sh EXAMPLES\n.Bd -literal\n");
  for (size_t i = 0; i < commands.n; i++) {
    add_text(out, commands.row[i].examples);
    rp_buf_add_byte(out, '\n');
  }
  rp_buf_add_cstr(out, ".Ed\n");
}

void rp_help_man(rp_buf *out) {
  rp_commands commands = rp_command_table();
  rp_buf_add_cstr(
      out,
      ".\\\" made by 'reprint help --man'\n"
      ".Dd November 24, 2026\n.Dt REPRINT 1\n.Os\n"
      ".Sh NAME\n.Nm reprint\n.Nd find where a news story was reprinted\n"
      ".Sh SYNOPSIS\n.Nm reprint\n.Ar command\n.Op Ar option ...\n.Op Ar operand ...\n"
      ".Sh DESCRIPTION\n.Nm\n"
      "keeps an index of articles on disk and tells for any one article which others carry the same copy,\n"
      "shows the shared passages and what was changed in them, and says who had it first and on what evidence.\n"
      ".Pp\n"
      "Options may stand anywhere on the line.\n"
      "Results go to standard output, messages to standard error.\n"
      "These options are common to all commands:\n");
  add_options(out, RP_CMD_ALL);
  rp_buf_add_cstr(out, ".Sh COMMANDS\n");
  for (size_t i = 0; i < commands.n; i++) add_command(out, &commands.row[i]);
  rp_buf_add_cstr(out,
                  ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
                  ".It Ev REPRINT_DB\nthe folder of the index, where\n.Fl \\-db\nis not given.\n"
                  ".It Ev REPRINT_LOG_FORMAT\nhow messages are written, where\n.Fl \\-log\\-format\nis not given.\n"
                  ".It Ev SOURCE_DATE_EPOCH\nwhat time it is, in seconds since 1970, where\n.Fl \\-now\nis not given.\n"
                  ".It Ev NO_COLOR\nno colours unless\n.Fl \\-color\nasks for them.\n"
                  ".It Ev COLUMNS\nthe width of text.\n.El\n");
  add_examples(out);
}
