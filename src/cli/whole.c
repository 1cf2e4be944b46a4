#include "cli/whole.h"

#include <string.h>

#include "cli/msg.h"

enum { FLUSH_BYTES = 1 << 16 };

rp_keep_options rp_whole_keep(const rp_settings *s) {
  return (rp_keep_options){s->keep, s->keep_field, s->keep_list.data, s->keep_list.n};
}

rp_all_options rp_whole_options(const rp_settings *s, rp_sort sort) {
  return (rp_all_options){
      .size = sizeof(rp_all_options),
      .n_thread = (unsigned)s->jobs,
      .keep = rp_whole_keep(s),
      .is_all = s->all_pairs,
      .min_publishers = (uint32_t)s->min_publishers,
      .filter =
          {
              .size = sizeof(rp_query_options),
              .min_passage = (uint32_t)s->min_passage,
              .limit = s->limit > 0 ? (size_t)s->limit : 0,
              .sort = s->sort < 0 ? sort : (rp_sort)s->sort,
              .look_alikes = s->look_alikes,
              .verdicts = s->verdicts,
              .between = s->between,
              .window = s->window,
              .publisher = {s->publisher, s->publisher ? strlen(s->publisher) : 0},
              .exclude_publisher = s->excluded_publishers.data,
              .n_exclude_publisher = s->excluded_publishers.n,
              .min_words = (uint32_t)s->min_words,
              .min_coverage = s->min_coverage,
              .lang = {s->lang, s->lang ? strlen(s->lang) : 0},
              .owner = s->owners.data,
              .n_owner = s->owners.n,
              .exclude_same_owner = s->exclude_same_owner,
          },
  };
}

bool rp_whole_flush(rp_cli *cli) { return cli->out.len < FLUSH_BYTES || rp_cli_flush(cli); }

static double per(double n, size_t n_article) { return n_article ? n / (double)n_article : 0; }

void rp_whole_say(rp_cli *cli, const rp_all_stat *s) {
  size_t n = s->n_article - s->n_equal;
  rp_note(cli, "%zu articles, %zu of them with the words of another", s->n_article, s->n_equal);
  rp_note(cli, "%llu postings read, %.1f an article; %zu articles with a list that was cut",
          (unsigned long long)s->n_posting, per((double)s->n_posting, n), s->n_cut);
  rp_note(cli, "%llu pairs compared, %.2f an article, %llu of them inside groups; %llu were known already",
          (unsigned long long)s->n_verified, per((double)s->n_verified, n), (unsigned long long)s->n_completed,
          (unsigned long long)s->n_known);
  rp_note(cli, "%zu pairs linked, %zu groups; %.2f s", s->n_link, s->n_group, s->seconds);
}

rp_exit rp_whole_end(rp_cli *cli, const rp_error *error, const rp_all_stat *stat, const char *things) {
  if (error->status != RP_OK) return rp_cli_fail(cli, error);
  if (!cli->settings.quiet && stat->n_left_out)
    rp_note(cli, "%zu more %s left out (--limit)", stat->n_left_out, things);
  if (cli->settings.verbose) rp_whole_say(cli, stat);
  return RP_EXIT_OK;
}
