/* Evidence is gathered for both directions and told strongest first: links,
 * credits, dates, coverage, agencies.  The strongest kind that speaks for one
 * side alone decides, with three exceptions:
 *
 *  - a credit that names only the agency of the other's dateline says that both
 *    carry an agency's text, not that one took it from the other;
 *  - a credit in the text that was published earlier contradicts the dates.
 *    Within CONTRADICTION_DAYS, and always where the credited source is a known
 *    agency, the credit wins: pages carry the date of their last update, and a
 *    credit is written on purpose.  Beyond that the pair stays undecided;
 *  - coverage is told and never decides: a trimmed copy lies inside its source,
 *    a padded one around it. */
#include "judge/direction.h"

#include <string.h>

#include "base/str.h"
#include "judge/source_name.h"

enum { EVIDENCE_MAX = 16, LINKS_MAX = 4 };
static const double CONTRADICTION_DAYS = 3;
static const double HOLDS_ALL = .9;  /* coverage of the one that lies inside */
static const double HOLDS_MORE = .7; /* at most that of the one around it */

typedef struct party {
  const rp_article *article;
  bool is_agency;
  rp_credit_finding credit; /* how the other one names it */
} party;

typedef struct gathering {
  party a, b;
  const rp_measures *measures;
  rp_evidence evidence[EVIDENCE_MAX];
  size_t n;
} gathering;

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool is_equal(rp_str x, rp_str y) {
  if (x.len != y.len) return false;
  for (size_t i = 0; i < x.len; i++)
    if (lower(x.data[i]) != lower(y.data[i])) return false;
  return true;
}

static void add(gathering *g, rp_evidence evidence) {
  if (g->n < EVIDENCE_MAX) g->evidence[g->n++] = evidence;
}

/* ---- links --------------------------------------------------------------------- */

/* "https://user@www.example.org:80/x" -> "www.example.org". */
static rp_str host_of(rp_str url) {
  size_t start = 0, end = 0;
  for (size_t i = 0; i + 2 < url.len; i++)
    if (memcmp(url.data + i, "://", 3) == 0) {
      start = i + 3;
      break;
    }
  if (start == 0 && url.len > 1 && memcmp(url.data, "//", 2) == 0) start = 2;
  for (end = start; end < url.len && !strchr("/?#", url.data[end]); end++)
    if (url.data[end] == '@') start = end + 1;
  for (size_t i = start; i < end; i++)
    if (url.data[i] == ':') end = i;
  return start < end ? (rp_str){url.data + start, end - start} : (rp_str){NULL, 0};
}

/* Whether `host` is `domain` or lies below it. */
static bool is_below(rp_str host, rp_str domain) {
  if (domain.len == 0 || host.len < domain.len) return false;
  size_t before = host.len - domain.len;
  return is_equal((rp_str){host.data + before, domain.len}, domain) && (before == 0 || host.data[before - 1] == '.');
}

static bool is_host_of(rp_str host, const rp_article *article) {
  return is_below(host, article->publisher_key) || is_below(host, article->host);
}

/* Links of `from` that lead to `to` and not to itself. */
static void add_links(gathering *g, const party *from, const party *to, rp_direction direction) {
  size_t n = 0;
  for (size_t i = 0; i < from->article->n_link && n < LINKS_MAX; i++) {
    rp_str url = from->article->link[i].url, host = host_of(url);
    bool leads = is_host_of(host, to->article) || (url.len && is_equal(url, to->article->url));
    if (!leads || is_host_of(host, from->article)) continue;
    add(g, (rp_evidence){RP_EVIDENCE_LINK, direction, url, 0});
    n++;
  }
}

/* ---- the other kinds ------------------------------------------------------------ */

static bool is_own_credit(const rp_credit_finding *credit) {
  return credit->credit == RP_CREDITED && !credit->by_agency;
}

static bool is_partial(const rp_credit_finding *credit) {
  return credit->credit == RP_PARTIAL_CREDIT && !credit->by_agency;
}

static void add_credits(gathering *g) {
  if (is_own_credit(&g->a.credit) || is_partial(&g->a.credit))
    add(g, (rp_evidence){RP_EVIDENCE_CREDIT, RP_A_TO_B, g->a.credit.text, 0});
  if (is_own_credit(&g->b.credit) || is_partial(&g->b.credit))
    add(g, (rp_evidence){RP_EVIDENCE_CREDIT, RP_B_TO_A, g->b.credit.text, 0});
}

static void add_dates(gathering *g) {
  rp_date a = g->a.article->published, b = g->b.article->published;
  double days = rp_days_between(a, b);
  if (days <= 0) return;
  double hours = days * 24;
  add(g, (rp_evidence){RP_EVIDENCE_EARLIER, a.latest < b.earliest ? RP_A_TO_B : RP_B_TO_A, {NULL, 0}, hours});
}

static void add_coverage(gathering *g) {
  double a = g->measures->coverage_a, b = g->measures->coverage_b;
  if (b >= HOLDS_ALL && a <= HOLDS_MORE) add(g, (rp_evidence){RP_EVIDENCE_COVERAGE, RP_A_TO_B, {NULL, 0}, 0});
  if (a >= HOLDS_ALL && b <= HOLDS_MORE) add(g, (rp_evidence){RP_EVIDENCE_COVERAGE, RP_B_TO_A, {NULL, 0}, 0});
}

static void add_agencies(gathering *g) {
  if (g->a.is_agency == g->b.is_agency) return;
  add(g, (rp_evidence){RP_EVIDENCE_AGENCY, g->a.is_agency ? RP_A_TO_B : RP_B_TO_A, {NULL, 0}, 0});
}

static bool is_agency(const rp_article *article) {
  return rp_agency_by_name(article->publisher) || rp_agency_by_name(article->publisher_key);
}

static bool is_same_publisher(const rp_article *a, const rp_article *b) {
  return a->publisher_key.len > 0 && rp_str_equal(a->publisher_key, b->publisher_key);
}

/* ---- the decision ---------------------------------------------------------------- */

/* The side that evidence of a kind speaks for, where it speaks for one alone. */
static rp_direction side_of(const gathering *g, rp_evidence_kind kind) {
  bool speaks[3] = {false, false, false};
  for (size_t i = 0; i < g->n; i++)
    if (g->evidence[i].kind == kind) speaks[g->evidence[i].speaks_for] = true;
  if (speaks[RP_A_TO_B] == speaks[RP_B_TO_A]) return RP_UNDECIDED;
  return speaks[RP_A_TO_B] ? RP_A_TO_B : RP_B_TO_A;
}

/* A full credit before one for a part. */
static rp_direction credit_side(const gathering *g) {
  bool a = is_own_credit(&g->a.credit), b = is_own_credit(&g->b.credit);
  if (a != b) return a ? RP_A_TO_B : RP_B_TO_A;
  return a ? RP_UNDECIDED : side_of(g, RP_EVIDENCE_CREDIT);
}

static rp_direction decide(const gathering *g) {
  rp_direction link = side_of(g, RP_EVIDENCE_LINK), credit = credit_side(g), date = side_of(g, RP_EVIDENCE_EARLIER);
  if (link) return link;
  if (credit && date && credit != date) {
    bool by_agency = credit == RP_A_TO_B ? g->a.is_agency && !g->b.is_agency : g->b.is_agency && !g->a.is_agency;
    double days = rp_days_between(g->a.article->published, g->b.article->published);
    return by_agency || days <= CONTRADICTION_DAYS ? credit : RP_UNDECIDED;
  }
  if (credit) return credit;
  return date ? date : side_of(g, RP_EVIDENCE_AGENCY);
}

static rp_credit_finding credit_of(const gathering *g, rp_direction direction) {
  if (direction == RP_A_TO_B) return g->a.credit;
  if (direction == RP_B_TO_A) return g->b.credit;
  return g->a.credit.credit >= g->b.credit.credit ? g->a.credit : g->b.credit;
}

rp_status rp_direction_judge(const rp_article *a, const rp_words *a_words, const rp_article *b, const rp_words *b_words,
                             const rp_measures *measures, rp_arena *arena, rp_origin *out, rp_error *error) {
  gathering g = {.a = {a, is_agency(a), {0}}, .b = {b, is_agency(b), {0}}, .measures = measures};
  /* a publisher does not credit itself: between its own versions dates decide */
  if (!is_same_publisher(a, b)) {
    RP_TRY(rp_credit_judge(a, a_words, b, b_words, arena, &g.a.credit, error));
    RP_TRY(rp_credit_judge(b, b_words, a, a_words, arena, &g.b.credit, error));
  }
  add_links(&g, &g.b, &g.a, RP_A_TO_B);
  add_links(&g, &g.a, &g.b, RP_B_TO_A);
  add_credits(&g);
  add_dates(&g);
  add_coverage(&g);
  add_agencies(&g);
  rp_evidence *evidence = RP_NEW(arena, rp_evidence, g.n);
  if (!evidence) return rp_fail_memory(error);
  if (g.n) memcpy(evidence, g.evidence, g.n * sizeof *evidence);
  rp_direction direction = decide(&g);
  *out = (rp_origin){direction, evidence, g.n, credit_of(&g, direction)};
  return RP_OK;
}
