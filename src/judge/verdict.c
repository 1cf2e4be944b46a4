/* The rules of docs/method.md, in their order.  The measures decide; dates and
 * publishers only tell an article's own versions and old, thin pairs apart. */
#include "judge/verdict.h"

#include "base/str.h"

/* Words are matched counted words unless a comment says otherwise.  Sources:
 * [n] 21,374 pairs of other publishers on one topic within a day of each
 * other, which are no reprints; [p] planted reprints and look-alikes; [f] web
 * articles that were much copied; [w] German agency stories, read by eye. */
enum {
  LONG_WORDS = 40,    /* [n] 0 pairs have a passage of 40, 3 of 35, 6 of 30 */
  MOST_WORDS = 25,    /* [p] */
  WHOLE_WORDS = 40,   /* [f] matched words of any kind */
  WHOLE_COUNTED = 12, /* [f] */
  SHORT_TEXT = 40,    /* counted words */
  SHORT_WORDS = 12,   /* [p] */
  QUOTE_WORDS = 10,   /* quoted matched words */
  THIN_WORDS = 100,   /* [n] min. counted words a passage spans */
  SHARED_NONE = 8,    /* matched words of any kind, under which nothing is shared */
  SHARED_WORDS = 20,  /* matched words of any kind */
};
static const double MOST_COVERAGE = .60; /* [p] */
static const double WHOLE_SHARE = .5;    /* [f] .9 instead loses 8 of 100 copies */
static const double WHOLE_WIDEST = .25;  /* [w] a patchwork of quotations has no such passage */
static const double SHORT_COVERAGE = .9; /* [p] */
static const double SHORT_MATCHED = .88; /* [p] */
static const double SHORT_DAYS = 7;
static const double QUOTE_SHARE = .6;    /* [p] */
static const double THIN_COVERAGE = .25; /* [n] */
static const double THIN_DAYS = 30;      /* [n] */
static const double OWN_COVERAGE = .3;   /* [n] */
static const double OWN_DAYS = 2;        /* [n] */
static const double IDENTICAL_SHARE = .98;
static const double UPDATE_COVERAGE = .5; /* [p] */
static const double REPRINT_COVERAGE = .6;
static const double REPRINT_WHOLE = .75;  /* [f] */
static const double FURNITURE_SHARE = .5; /* of the matched words */
static const double SHARED_SHARE = .05;   /* of the counted words of the shorter text */

static const double SECONDS_A_DAY = 86400;

static double max_of(double x, double y) { return x > y ? x : y; }
static double min_of(double x, double y) { return x < y ? x : y; }

static bool is_known(rp_date date) { return date.earliest <= date.latest; }

double rp_days_between(rp_date a, rp_date b) {
  if (!is_known(a) || !is_known(b)) return -1;
  if (a.earliest > b.latest) return ((double)a.earliest - (double)b.latest) / SECONDS_A_DAY;
  if (b.earliest > a.latest) return ((double)b.earliest - (double)a.latest) / SECONDS_A_DAY;
  return 0;
}

static bool is_same_publisher(const rp_party *a, const rp_party *b) {
  return a->publisher_key.len > 0 && rp_str_equal(a->publisher_key, b->publisher_key);
}

/* What the rules ask for again and again. */
typedef struct facts {
  const rp_measures *m;
  double coverage, matched, whole; /* of the side with more of it */
  uint32_t shorter;                /* counted words */
  double days;                     /* between the two; negative: unknown */
  bool is_same_publisher;
  uint32_t gates;
} facts;

/* Statements and transcripts are printed whole, quoted words and all; the last
 * clause keeps out two texts that quote the same sentences one by one. */
static bool is_whole_on(const rp_measures *m, double whole, double widest) {
  return whole >= WHOLE_SHARE && (m->counted >= WHOLE_COUNTED || widest >= WHOLE_WIDEST);
}

static bool is_whole(const rp_measures *m) {
  return m->matched - m->furniture >= WHOLE_WORDS &&
         (is_whole_on(m, m->whole_a, m->widest_a) || is_whole_on(m, m->whole_b, m->widest_b));
}

static bool is_short(const facts *f) {
  return f->shorter < SHORT_TEXT && f->coverage >= SHORT_COVERAGE && f->matched >= SHORT_MATCHED &&
         f->m->counted >= SHORT_WORDS && f->days <= SHORT_DAYS;
}

static uint32_t gates_of(const facts *f) {
  uint32_t gates = 0;
  if (f->m->longest_counted >= LONG_WORDS) gates |= RP_GATE_LONG;
  if (f->coverage >= MOST_COVERAGE && f->m->counted >= MOST_WORDS) gates |= RP_GATE_MOST;
  if (is_whole(f->m)) gates |= RP_GATE_WHOLE;
  if (f->m->has_mixed) gates |= RP_GATE_MIXED;
  if (is_short(f)) gates |= RP_GATE_SHORT;
  return gates;
}

static facts facts_of(const rp_measures *m, const rp_party *a, const rp_party *b) {
  facts f = {
      .m = m,
      .coverage = max_of(m->coverage_a, m->coverage_b),
      .matched = max_of(m->matched_a, m->matched_b),
      .whole = max_of(m->whole_a, m->whole_b),
      .shorter = m->counted_a < m->counted_b ? m->counted_a : m->counted_b,
      .days = rp_days_between(a->published, b->published),
      .is_same_publisher = is_same_publisher(a, b),
  };
  f.gates = gates_of(&f);
  return f;
}

static bool has_gate(const facts *f, uint32_t gates) { return f->gates & gates; }

static bool is_mostly_quoted(const facts *f) {
  return f->m->quoted > 0 && f->m->quoted >= QUOTE_SHARE * (f->m->counted + f->m->quoted);
}

/* Misprints do not count as the same word here.  Where all of a text is
 * quoted, all of its words are asked. */
static bool is_identical(const facts *f) {
  const rp_measures *m = f->m;
  uint32_t longer = m->counted_a > m->counted_b ? m->counted_a : m->counted_b;
  if (!m->digits_agree) return false;
  if (longer == 0) return min_of(m->whole_a, m->whole_b) >= IDENTICAL_SHARE;
  return m->in_order >= m->near && m->in_order - m->near >= IDENTICAL_SHARE * longer;
}

/* A pair that no clause of the gate lets pass: why it looked alike. */
static rp_verdict refuse(const facts *f, const char **rule) {
  const rp_measures *m = f->m;
  *rule = "gate";
  if (m->matched < SHARED_NONE) return RP_NONE;
  if (m->furniture >= FURNITURE_SHARE * m->matched) return RP_BOILERPLATE_ONLY;
  if (m->quoted >= QUOTE_WORDS && is_mostly_quoted(f)) return RP_QUOTE_ONLY;
  if (m->matched >= SHARED_WORDS || (m->counted > 0 && m->counted >= SHARED_SHARE * f->shorter))
    return RP_COMMON_SOURCE;
  return RP_NONE;
}

/* Older copy that an outlet shows again, and background that an agency repeats
 * in later stories, are no news of a reprint. */
static bool is_thin(const facts *f) {
  return f->coverage < THIN_COVERAGE && f->days > THIN_DAYS && f->m->longest_cover < THIN_WORDS;
}

static bool is_own_thin(const facts *f) {
  return f->is_same_publisher && f->coverage < OWN_COVERAGE && !has_gate(f, RP_GATE_WHOLE) &&
         (f->days < 0 || f->days > OWN_DAYS);
}

static const char rule_thin[] = "thin";

static rp_verdict accept(const facts *f, const char **rule) {
  /* `template` stands first: what recurs from day to day is known only from
   * other articles, so the engine asks it with its counts of recurrence. */
  *rule = "quoted";
  if (is_mostly_quoted(f) && !has_gate(f, RP_GATE_LONG | RP_GATE_WHOLE | RP_GATE_MIXED)) return RP_QUOTE_ONLY;
  *rule = rule_thin;
  if (is_thin(f)) return RP_COMMON_SOURCE;
  *rule = "own-thin";
  if (is_own_thin(f)) return RP_COMMON_SOURCE;
  *rule = "same words";
  if (is_identical(f)) return f->is_same_publisher ? RP_OWN_UPDATE : RP_IDENTICAL;
  *rule = "same publisher";
  if (f->is_same_publisher && (f->coverage >= UPDATE_COVERAGE || has_gate(f, RP_GATE_WHOLE))) return RP_OWN_UPDATE;
  *rule = "coverage";
  if (f->coverage >= REPRINT_COVERAGE || f->whole >= REPRINT_WHOLE) return RP_REPRINT;
  *rule = "passage";
  return RP_PARTIAL;
}

rp_opinion rp_verdict_decide(const rp_measures *measures, const rp_party *a, const rp_party *b) {
  facts f = facts_of(measures, a, b);
  rp_opinion opinion = {.is_short = f.shorter < SHORT_TEXT, .gates = f.gates};
  opinion.verdict = f.gates ? accept(&f, &opinion.rule) : refuse(&f, &opinion.rule);
  opinion.is_thin = opinion.rule == rule_thin;
  return opinion;
}
