#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "report/plain.h"

enum { OPTION_COLUMN = 28 };

/* The next line of `text`, which moves on; false at the end. */
static bool next_line(const char **text, rp_str *line) {
  if (!**text) return false;
  size_t len = strcspn(*text, "\n");
  *line = (rp_str){*text, len};
  *text += len + ((*text)[len] == '\n');
  return true;
}

static void add_paragraphs(rp_buf *out, const char *lead, const char *text, size_t width) {
  rp_str line;
  while (next_line(&text, &line)) {
    if (line.len)
      rp_plain_wrap(out, lead, line, width);
    else
      rp_buf_add_byte(out, '\n');
  }
}

static void add_option(rp_buf *out, const rp_opt *opt, size_t width) {
  char lead[OPTION_COLUMN + 64];
  int n = opt->letter ? snprintf(lead, sizeof lead, "  -%c, --%s", opt->letter, opt->name)
                      : snprintf(lead, sizeof lead, "      --%s", opt->name);
  if (opt->value) n += snprintf(lead + n, sizeof lead - (size_t)n, " %s", opt->value);
  rp_buf help, range;
  rp_buf_init(&help);
  rp_buf_init(&range);
  rp_opt_add_range(&range, opt);
  rp_buf_add_cstr(&help, opt->help);
  if (range.len) rp_buf_printf(&help, " [%s]", range.data);
  if (help.failed || range.failed) out->failed = true;
  if (n + 2 > OPTION_COLUMN) {
    rp_buf_printf(out, "%s\n", lead);
    n = 0;
  }
  snprintf(lead + n, sizeof lead - (size_t)n, "%*s", OPTION_COLUMN - n, "");
  rp_plain_wrap(out, lead, (rp_str){help.data, help.len}, width);
  rp_buf_release(&help);
  rp_buf_release(&range);
}

static void add_options(rp_buf *out, uint32_t command, size_t width) {
  rp_opts opts = rp_option_table();
  rp_buf_add_cstr(out, "\nOptions (anywhere on the line; ranges in brackets):\n");
  for (size_t i = 0; i < opts.n; i++)
    if (opts.row[i].commands & command) add_option(out, &opts.row[i], width);
}

void rp_help_command(rp_buf *out, const rp_command *command, size_t width) {
  rp_buf_printf(out, "Usage: reprint %s [OPTION]...%s%s\n\n", command->name, *command->operands ? " " : "",
                command->operands);
  add_paragraphs(out, "", command->text, width);
  add_options(out, command->bit, width);
  rp_buf_add_cstr(out, "\nExit status:\n");
  add_paragraphs(out, "  ", command->exits, width);
  rp_buf_add_cstr(out, "\nExamples:\n");
  const char *text = command->examples;
  for (rp_str line; next_line(&text, &line);) rp_buf_printf(out, "  %.*s\n", (int)line.len, line.data);
}

void rp_help_program(rp_buf *out, size_t width) {
  rp_commands commands = rp_command_table();
  rp_plain_wrap(out, "",
                rp_plain_cstr("reprint finds where a news story was reprinted: which other articles carry the "
                              "same copy, how much of it, who had it first, and what was changed."),
                width);
  rp_buf_add_cstr(out,
                  "\nUsage: reprint COMMAND [OPTION]... [OPERAND]...\n"
                  "\nExamples:\n"
                  "  reprint index news.jsonl          put articles into ./reprint.db\n"
                  "  reprint query story.txt           who else carries this story?\n"
                  "  reprint compare wire.txt copy.txt what do the two share?\n"
                  "\nCommands:\n");
  for (size_t i = 0; i < commands.n; i++)
    rp_buf_printf(out, "  %-10s %s\n", commands.row[i].name, commands.row[i].summary);
  rp_buf_add_cstr(out, "\n'reprint help COMMAND' tells more of a command.\n");
}

static void add_completion_options(rp_buf *out, uint32_t command) {
  rp_opts opts = rp_option_table();
  bool is_first = true;
  for (size_t i = 0; i < opts.n; i++) {
    if (!(opts.row[i].commands & command)) continue;
    rp_buf_printf(out, "%s--%s", is_first ? "" : " ", opts.row[i].name);
    is_first = false;
  }
}

static void add_completion_choices(rp_buf *out) {
  rp_opts opts = rp_option_table();
  for (size_t i = 0; i < opts.n; i++) {
    const rp_opt *opt = &opts.row[i];
    if (opt->kind != RP_OPT_CHOICE) continue;
    rp_buf_printf(out, "    --%s) COMPREPLY=($(compgen -W \"", opt->name);
    for (size_t k = 0; opt->choices[k]; k++) rp_buf_printf(out, "%s%s", k ? " " : "", opt->choices[k]);
    rp_buf_add_cstr(out, "\" -- \"$cur\")); return ;;\n");
  }
  rp_buf_add_cstr(out, "    -d|--db) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n");
}

void rp_help_completion(rp_buf *out) {
  rp_commands commands = rp_command_table();
  rp_buf_add_cstr(out,
                  "# bash completion for reprint; made by 'reprint help --completion'\n"
                  "_reprint() {\n"
                  "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word command= options=\n"
                  "  COMPREPLY=()\n"
                  "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                  "    case $word in\n      ");
  for (size_t i = 0; i < commands.n; i++) rp_buf_printf(out, "%s%s", i ? "|" : "", commands.row[i].name);
  rp_buf_add_cstr(out, ") command=$word; break ;;\n    esac\n  done\n  case $prev in\n");
  add_completion_choices(out);
  rp_buf_add_cstr(out, "  esac\n  case $command in\n");
  for (size_t i = 0; i < commands.n; i++) {
    rp_buf_printf(out, "    %s) options=\"", commands.row[i].name);
    add_completion_options(out, commands.row[i].bit);
    rp_buf_add_cstr(out, "\" ;;\n");
  }
  rp_buf_add_cstr(out, "    *) options=\"");
  add_completion_options(out, RP_CMD_ALL);
  rp_buf_add_cstr(out,
                  "\" ;;\n  esac\n"
                  "  if [[ $cur == -* ]]; then\n"
                  "    COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
                  "  elif [[ -z $command || $command == help ]]; then\n"
                  "    COMPREPLY=($(compgen -W \"");
  for (size_t i = 0; i < commands.n; i++) rp_buf_printf(out, "%s%s", i ? " " : "", commands.row[i].name);
  rp_buf_add_cstr(out,
                  "\" -- \"$cur\"))\n"
                  "  else\n"
                  "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
                  "  fi\n"
                  "}\n"
                  "complete -o filenames -F _reprint reprint\n");
}
