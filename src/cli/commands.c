/* The table of commands: what each is called, says of itself, and runs. */
#include <string.h>

#include "cli/command.h"
#include "cli/msg.h"
#include "cli/near.h"

#define READING_EXITS "0  done\n3  done, but some records were passed over (see --max-skipped)\n2  trouble"

static const rp_command rows[] = {
    {"index", RP_CMD_INDEX, "[FILE|DIR|-]...", "add articles to the index, or update them",
     "Reads articles (JSON Lines, JSON, web pages, plain text, compressed or archived as they are) and keeps them in "
     "the "
     "index. Folders are read with all that is in them. Without an operand, standard input is read.\n\n"
     "An article that is there already under the same id is updated where it differs, else left alone, so that the "
     "same "
     "input may be given again. At the end one line says what was done. Every record that cannot be read is named as "
     "FILE:LINE: reason, and the run goes on.",
     READING_EXITS, "reprint index news.jsonl\nreprint index -d /srv/news.db --id-prefix rt: rt/*.html.gz", 0, SIZE_MAX,
     rp_cmd_index},
    {"query", RP_CMD_QUERY, "[FILE|-]...", "who else carries this story? with passages and evidence",
     "Tells for each article given which others in the index carry the same copy, how much of it, who had it first and "
     "why, and what was changed. The article itself (the one with the same id or URL) is never reported. Without an "
     "operand, standard input is read.\n\n"
     "With --publisher and --since and no article the question is about every story of that publisher: a list of them "
     "by date, each with the articles of other publishers that carry it (--full also lists those that nobody carries). "
     "--since and --until are then dates of the stories. With an article or --id, --publisher says whose matches "
     "count.",
     "0  some match\n1  no match\n2  an input could not be read (the others are answered), or other trouble",
     "reprint query story.txt\nreprint query --id https://example.org/story --since 2020-10-01\n"
     "reprint query --format jsonl --limit 0 tonight.jsonl\n"
     "reprint query --publisher example.org --since 2020-10-01",
     0, SIZE_MAX, rp_cmd_query},
    {"compare", RP_CMD_COMPARE, "A B", "compare two articles word by word",
     "Compares two files that hold one article each and tells what they share. With --pairs FILE, all pairs that FILE "
     "lists.\n\nNo index is needed. With --db the index is asked what recurs from story to story, and A and B may be "
     "ids "
     "or URLs of articles in it.",
     "0  the two are alike (with --pairs: done)\n1  they are not\n3  --pairs: done, but some pairs were passed over\n"
     "2  trouble",
     "reprint compare wire.txt paper.html\nreprint compare --explain wire.txt paper.html\n"
     "reprint compare --format jsonl --pairs pairs.tsv",
     0, 2, rp_cmd_compare},
    {"pairs", RP_CMD_PAIRS, "", "all pairs of the index that share a story",
     "Compares every article of the index with every other that it may share copy with, and prints each pair that does "
     "once. Of groups of more than 200 articles it prints each member's pair with its source and with the 20 nearest "
     "in "
     "date, and a note; --all prints all.",
     "0  done\n2  trouble",
     "reprint pairs > pairs.jsonl\nreprint pairs --since 2020-10-01 --publisher sputniknews.com --format csv", 0, 0,
     rp_cmd_pairs},
    {"clusters", RP_CMD_CLUSTERS, "", "the groups of articles that carry one story",
     "Groups all articles of the index by story and prints each group of two and more: who had it first, who carried "
     "it, how much of it, how much later and with which credit.",
     "0  done\n2  trouble",
     "reprint clusters > clusters.jsonl\nreprint clusters --format text --min-publishers 3 --limit 20", 0, 0,
     rp_cmd_clusters},
    {"dedup", RP_CMD_DEDUP, "", "the nightly run: which groups changed, which copy to keep",
     "Matches what is new in the index since the last run, and prints each group that is new or has changed: what "
     "happened to it, its members, the new ones among them, and which copy to keep. Groups keep their ids from run to "
     "run. Where nothing has changed, nothing is printed.\n\n"
     "A run counts as told once its report has been written. One that was not, because the disk was full or the reader "
     "had gone, is told first by the next run; --again tells the last run once more. What was compared stays known, so "
     "a run that is broken off has done a part of the work. One run goes on at a time; others may write to the index "
     "meanwhile.\n\n"
     "Options that select (--since, --publisher and the like) leave groups out of the report, not out of the run. "
     "Nothing is removed from the index.",
     "0  done, also where nothing has changed\n2  trouble: what was not told is told by the next run",
     "reprint dedup\nreprint dedup --format jsonl --keep source=@/srv/licensed >> /srv/groups.jsonl\n"
     "reprint dedup --again --full",
     0, 0, rp_cmd_dedup},
    {"show", RP_CMD_SHOW, "ID...", "print articles of the index",
     "Prints articles by id or URL, with what the index knows of them.",
     "0  done\n1  some are not in the index\n2  trouble",
     "reprint show https://example.org/story\nreprint show --text story-17", 1, SIZE_MAX, rp_cmd_show},
    {"remove", RP_CMD_REMOVE, "ID...", "take articles out of the index",
     "Takes articles out by id or URL. They are never reported again; their texts stay in the files until these are "
     "written anew, which --purge does at once.",
     "0  done\n1  some were not in the index\n2  trouble",
     "reprint remove story-17\nreprint remove --purge story-17 story-18", 1, SIZE_MAX, rp_cmd_remove},
    {"expire", RP_CMD_EXPIRE, "", "take out what is older than a date",
     "Takes out all articles that were published before --before, or longer ago than --older-than; those of unknown "
     "date by when they were first indexed. They are never reported again; their space is used again by what comes "
     "later, and given back to the disk by 'compact'.\n\n"
     "An article dated by a day alone goes once the whole day is before the date given. A run that is broken off has "
     "done a part of its work, and the next one does the rest.",
     "0  done, also where nothing was that old\n2  trouble",
     "reprint expire --older-than 90d\nreprint expire --dry-run --before 2020-01-01\n"
     "reprint expire --older-than 52w --by seen",
     0, 0, rp_cmd_expire},
    {"check", RP_CMD_CHECK, "", "is everything in the index as it was written?",
     "Reads all of the index and compares it with itself: every checksum, the order of every table, that every article "
     "can be read and is found where it is searched for, and all counts. What is wrong is printed, a line each, with "
     "the article or the part of the index that it touches; the look goes on where it can. Nothing is changed, and "
     "others may go on writing.\n\nA damaged index is replaced by a backup, or made again from the articles.",
     "0  nothing is wrong\n2  something is, or other trouble",
     "reprint check\nreprint check -q --format jsonl -d /srv/news.db", 0, 0, rp_cmd_check},
    {"backup", RP_CMD_BACKUP, "DEST", "copy an index that is in use",
     "Copies the index as it is at this moment to the folder DEST, which must not exist or be empty. Queries and "
     "writers go on meanwhile. The copy is an index like any other: to restore it, move it to the place of the lost "
     "one.\n\nEvery part is verified on the way, so that a damaged index is never copied. Where that fails, nothing "
     "is left of DEST.",
     "0  done\n2  trouble",
     "reprint backup /backup/news.db\nreprint backup -d /srv/news.db /backup/news-$(date +%F).db", 1, 1, rp_cmd_backup},
    {"compact", RP_CMD_COMPACT, "", "give space back to the disk",
     "Writes the index anew without what was removed, and deletes the old files. The folder needs room for both "
     "meanwhile. Queries go on; other writers wait.",
     "0  done\n2  trouble", "reprint compact\nreprint compact -d /srv/news.db --no-wait", 0, 0, rp_cmd_compact},
    {"stat", RP_CMD_STAT, "", "counts, sizes and the setting of the index",
     "Prints how many articles, words and entries the index holds, what they take on the disk, and the setting it was "
     "made with.",
     "0  done\n2  trouble", "reprint stat\nreprint stat -d /srv/news.db --format jsonl", 0, 0, rp_cmd_stat},
    {"extract", RP_CMD_EXTRACT, "[FILE|DIR|-]...", "what the program takes to be the article in a file",
     "Prints title, date, publisher and text of each article as the other commands would see it, and what does not "
     "count "
     "as its own words, with the reason. Needs no index.",
     READING_EXITS, "reprint extract page.html\nreprint extract --format text page.html", 0, SIZE_MAX, rp_cmd_extract},
    {"params", RP_CMD_PARAMS, "", "what a setting finds at each similarity, and what it costs",
     "Prints the curve of the index's setting (or of --bands and --rows): how likely two articles of a given "
     "similarity "
     "are to be compared, and why the setting is what it is.",
     "0  done\n2  trouble", "reprint params\nreprint params --bands 20 --rows 5", 0, 0, rp_cmd_params},
    {"help", RP_CMD_HELP, "[COMMAND]", "how to use a command", "Prints how to use the program, or one of its commands.",
     "0  done\n2  no such command", "reprint help query\nreprint help --man | man -l -", 0, 1, rp_cmd_help},
    {"version", RP_CMD_VERSION, "", "the version", "Prints the version of the program.", "0  done", "reprint version",
     0, 0, rp_cmd_version},
};

rp_commands rp_command_table(void) { return (rp_commands){rows, sizeof rows / sizeof *rows}; }

const rp_command *rp_command_find(const char *name) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(rows[i].name, name) == 0) return &rows[i];
  return NULL;
}

rp_exit rp_command_refuse(rp_cli *cli, const char *name) {
  const char *best = NULL;
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) rp_near_try(name, rows[i].name, &best, &least);
  if (best)
    rp_msg(cli, "'%s' is not a command of reprint; did you mean '%s'?", name, best);
  else
    rp_msg(cli, "'%s' is not a command of reprint; see 'reprint help'", name);
  return RP_EXIT_TROUBLE;
}
