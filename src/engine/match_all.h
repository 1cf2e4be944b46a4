/* match_all.h - every pair of an index.
 *
 * Four steps, each with its own file: what is worth comparing (propose.c), what
 * the two share (measure.c), what that means with all others known (derive.c),
 * and telling it (pairs.c, clusters.c).  No text is held longer than its pair
 * is looked at; what stays in memory are nodes, edges, facts and links.
 *
 * Articles are nodes, numbered in the order of their ids, so that nothing
 * depends on the order of arrival.  Articles with the same folded words are
 * twins: the one of the lowest number stands for all in edges, links are those
 * of each.  docs/pairs.md tells the rules. */
#ifndef RP_ENGINE_MATCH_ALL_H
#define RP_ENGINE_MATCH_ALL_H

#include "base/map.h"
#include "base/vec.h"
#include "engine/fact.h"
#include "engine/known.h"
#include "judge/group.h"

enum {
  RP_ALL_GROUP = 200,  /* groups up to this size are compared and told in full */
  RP_ALL_NEAREST = 20, /* beyond: so many neighbours by date */
};

typedef struct rp_node {
  rp_str id;
  rp_date published;
  int64_t first_seen;
  uint64_t equal;
  uint32_t doc;
  uint32_t publisher; /* number of the store; 0: unknown */
  uint32_t n_word, counted;
  uint32_t same;         /* the twin of the lowest number, itself where it has none lower */
  uint32_t twin, n_twin; /* where it stands for others: its part of rp_all.twin, itself among them */
} rp_node;

/* Two nodes that stand for themselves and for their twins; a == b: twins among
 * each other.  a <= b. */
typedef struct rp_edge {
  uint32_t a, b;
  const rp_fact *fact; /* NULL: compared, and nothing shared */
  bool is_third;       /* not compared: both share copy with a third */
  rp_verdict third;    /* then: RP_PARTIAL or RP_ROUND_UP */
} rp_edge;

/* What the index proposes for a node that stands for its twins. */
typedef struct rp_proposed {
  uint32_t node;
  bool is_own, is_taken; /* of the same publisher; it is asked for */
} rp_proposed;

typedef struct rp_proposal {
  uint32_t own, n;
  rp_proposed *candidate; /* in the worker's cache */
  bool has_many;          /* too many to ask for all, of the own publisher or of others */
  bool is_cut;
} rp_proposal;

/* Whom a node that stands for its twins asks to be compared with. */
typedef struct rp_ask {
  uint32_t *node; /* ascending */
  uint32_t n;
  uint32_t n_own, n_other; /* candidates, where it asks for all */
  bool is_valid;           /* else it is to be proposed */
  bool is_fresh;           /* proposed in this run */
  bool is_changed;         /* to be kept */
  bool has_many, is_cut;
} rp_ask;

/* A pair of articles with its verdict.  a < b. */
typedef struct rp_link_pair {
  uint32_t a, b;
  uint32_t edge;
  uint8_t verdict, direction, round_up;
  bool is_thin, is_third;
} rp_link_pair;

typedef struct rp_all_worker {
  rp_snapshot *snapshot;
  rp_arena arena; /* rewound after each piece of work */
  rp_arena keep;  /* lives as long as the run */
  rp_arena cache; /* analysed articles, see measure.c */
  rp_map cached;
  RP_VEC(rp_analysis *) analysis;
  RP_VEC(uint64_t) found; /* pairs of nodes: the lower number in the upper half */
  rp_buf fact;            /* of a job: pairs that were not known, to be kept */
  uint64_t n_posting, n_known, n_candidate, n_asked;
  size_t n_cut, n_proposed;
  rp_status status; /* the first failure: the rest of the work is not done */
  rp_error error;
  size_t cache_bytes; /* that `cache` may take */
} rp_all_worker;

typedef RP_VEC(rp_link_pair) rp_link_pairs;

typedef struct rp_all {
  rp_index *index;
  const rp_all_options *options;
  bool is_job; /* what is found out is stored */
  rp_known known;
  unsigned n_worker;
  rp_all_worker *worker;
  rp_node *node;
  size_t n_node;
  uint32_t *twin;        /* nodes by (same, date, number) */
  uint32_t *node_of_doc; /* UINT32_MAX: dead */
  rp_ask *ask;           /* by node */
  RP_VEC(rp_edge) edge;
  rp_map edge_at;     /* pair of nodes -> edge */
  rp_link_pairs link; /* ascending by a, b */
  size_t *link_of;    /* node i: at[link_of[i]] .. at[link_of[i + 1] - 1] */
  uint32_t *at;       /* indexes into `link` */
  bool *is_round_up;
  uint32_t *group; /* the lowest member */
  uint32_t *lead;  /* of each group, at its lowest member */
  uint32_t *size;  /* the same: members */
  uint8_t *kept;   /* rp_kept of each node, where it was asked (kept.h) */
  rp_all_stat stat;
} rp_all;

/* Everything up to the links and groups.  `out` is released by the caller
 * whatever comes back. */
RP_CHECKED rp_status rp_all_run(rp_index *index, const rp_all_options *options, rp_all *out, rp_error *error);
/* The same, and commits what is found out as it goes. */
RP_CHECKED rp_status rp_all_run_job(rp_index *index, const rp_all_options *options, rp_all *out, rp_error *error);
/* Commits what is known by now and is not stored. */
RP_CHECKED rp_status rp_all_save(rp_all *all, rp_error *error);
void rp_all_release(rp_all *all);

/* The steps. */
RP_CHECKED rp_status rp_all_make_nodes(rp_all *all, rp_error *error);
/* Whom everybody asks for; of whom that is known, it is not looked up. */
RP_CHECKED rp_status rp_all_ask(rp_all *all, rp_error *error);
RP_CHECKED rp_status rp_all_propose_of(rp_all *all, rp_all_worker *worker, uint32_t own, rp_proposal *out);
RP_CHECKED rp_status rp_all_measure(rp_all *all, size_t first_edge, rp_error *error);
/* Links of all edges, round-ups and groups. */
RP_CHECKED rp_status rp_all_derive(rp_all *all, rp_error *error);
/* Adds and measures edges between members of groups that were not proposed. */
RP_CHECKED rp_status rp_all_complete(rp_all *all, rp_error *error);
/* Adds links between articles that share copy with a third. */
RP_CHECKED rp_status rp_all_through_third(rp_all *all, rp_error *error);

/* Links of edges that stand for shared thirds, from `first` on. */
RP_CHECKED rp_status rp_all_add_thirds(rp_all *all, size_t first, rp_error *error);

/* Runs fn for i in [0, n) on all workers; the first failure of any. */
typedef rp_status (*rp_all_fn)(rp_all *all, rp_all_worker *worker, size_t i, void *user);
RP_CHECKED rp_status rp_all_each(rp_all *all, size_t n, rp_all_fn fn, void *user, rp_error *error);

/* The article with its words, from the worker's cache, where it lives until the
 * worker trims or drops it. */
RP_CHECKED rp_status rp_all_analyse(rp_all *all, rp_all_worker *worker, uint32_t node, const rp_analysis **out);
/* Empties the cache where it takes more memory than it may. */
void rp_all_cache_trim(rp_all_worker *worker);
void rp_all_cache_drop(rp_all_worker *worker);

/* Adds the edges found by the workers that are not there yet, in an order that
 * keeps what hangs together together; `first` is the first new one. */
RP_CHECKED rp_status rp_all_add_edges(rp_all *all, size_t *first, rp_error *error);

static inline uint64_t rp_all_key(uint32_t a, uint32_t b) {
  return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}
static inline bool rp_all_same_publisher(const rp_node *a, const rp_node *b) {
  return a->publisher != 0 && a->publisher == b->publisher;
}
/* The link's other end. */
static inline uint32_t rp_link_other(const rp_link_pair *link, uint32_t node) {
  return link->a == node ? link->b : link->a;
}
/* Counted words of `node` that lie in the pair's passages / its counted words. */
double rp_all_coverage(const rp_all *all, const rp_link_pair *link, uint32_t node);
/* Words that both count and share. */
uint32_t rp_all_words(const rp_all *all, const rp_link_pair *link);
/* By date, unknown ones last, then by number. */
int rp_all_compare_dates(rp_date p, uint32_t p_node, rp_date q, uint32_t q_node);
/* Seconds between two dates; INT64_MAX where one is unknown. */
int64_t rp_all_gap(rp_date a, rp_date b);

#endif
