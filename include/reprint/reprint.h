/* reprint.h - find where a news story was reprinted: the engine.
 *
 * CONTRACT
 *
 * Errors.  What can fail returns rp_status and takes an optional, caller-owned
 * `rp_error *` last (NULL: not wanted).  On failure no out parameter is
 * written.  The library never prints and never exits.  Programming errors
 * (a NULL where none is allowed, an index used after its close) are asserted.
 *
 * Ownership.  What comes back through `T **out` is the caller's and goes back
 * to `T_free` or `T_close`; both accept NULL.  What comes back through
 * `const T **out` belongs to the rp_ctx that was passed and lives until the
 * next call with that rp_ctx.  Strings and arrays that go in are borrowed for
 * the call; rp_writer_add copies what it keeps.
 *
 * Threads.  An rp_index may be shared by threads.  An rp_ctx is one thread's.
 * There is one rp_writer an index at a time, on the whole machine.  Nothing
 * survives fork().
 *
 * ABI.  Types are opaque, or plain structs that begin with `size` (set it to
 * sizeof).  Enum numbers are appended, never renumbered.
 *
 * Determinism.  An answer is a function of the set of live articles alone: not
 * of thread count, batch size, or order of arrival.  Ties are broken by id.
 *
 * Text is UTF-8.  Offsets are byte offsets, half-open, into the article's text
 * as rp_index_show gives it.  Times are seconds since 1970-01-01 UTC. */
#ifndef REPRINT_REPRINT_H
#define REPRINT_REPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RP_API __attribute__((visibility("default")))
#define RP_CHECKED __attribute__((warn_unused_result))
#define RP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define RP_API
#define RP_CHECKED
#define RP_PRINTF(fmt, args)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors ----------------------------------------------------------- */

typedef enum rp_status {
  RP_OK = 0,
  RP_ERR_ARGUMENT = 1,  /* a value out of its range */
  RP_ERR_MEMORY = 2,    /* out of memory */
  RP_ERR_IO = 3,        /* the system refused a read or a write */
  RP_ERR_FULL = 4,      /* no space left on the disk */
  RP_ERR_NOT_FOUND = 5, /* no such index, article or file */
  RP_ERR_EXISTS = 6,    /* it is there already */
  RP_ERR_NOT_INDEX = 7, /* the folder holds no index of ours */
  RP_ERR_VERSION = 8,   /* index of another format or signature version */
  RP_ERR_DAMAGED = 9,   /* index is truncated or its checksums do not hold */
  RP_ERR_BUSY = 10,     /* another process is writing */
  RP_ERR_INPUT = 11,    /* a record that cannot be read as an article */
  RP_ERR_LIMIT = 12,    /* an input is larger than a limit allows */
} rp_status;

/* What went wrong, in words fit for a user: lower case, no full stop, names
 * its subject.  `message` is always NUL-terminated. */
typedef struct rp_error {
  rp_status status;
  char message[1024];
} rp_error;

/* The name of a status ("out of memory"); never NULL. */
RP_API const char *rp_status_name(rp_status status);

/* "1.0.0" */
RP_API const char *rp_version(void);

/* ---- articles --------------------------------------------------------- */

/* Bytes, not NUL-terminated.  {NULL, 0} is "unknown". */
typedef struct rp_str {
  const char *data;
  size_t len;
} rp_str;

/* An interval of time that a date stands for, both ends inclusive: a bare date
 * spans its day, a time with seconds one second.  Unknown: earliest > latest
 * (RP_DATE_UNKNOWN). */
typedef struct rp_date {
  int64_t earliest;
  int64_t latest;
} rp_date;

#define RP_DATE_UNKNOWN ((rp_date){1, 0})

/* Why a byte range of a text does not count as the article's own words. */
typedef enum rp_reason {
  RP_REASON_TITLE = 1,     /* the title, standing in the text */
  RP_REASON_FURNITURE = 2, /* what belongs to the page, not to the story */
  RP_REASON_QUOTE = 3,     /* quoted without quotation marks (blockquote, q) */
  RP_REASON_DATELINE = 4,  /* dateline */
  RP_REASON_CREDIT = 5,    /* byline, credit, sign-off */
} rp_reason;

/* A range of an article's text with a reason to treat it apart. */
typedef struct rp_mark {
  uint32_t start, end;
  rp_reason reason;
} rp_mark;

/* A link of the page to another host that says where the story came from. */
typedef enum rp_link_kind {
  RP_LINK_CANONICAL = 1, /* <link rel=canonical> to another host */
  RP_LINK_BASED_ON = 2,  /* isBasedOn */
  RP_LINK_SOURCE = 3,    /* infoSources, rss <source> */
} rp_link_kind;

typedef struct rp_link {
  rp_link_kind kind;
  rp_str url;
} rp_link;

/* One article as a reader hands it over.  Only `text` must be there; unknown
 * strings are {NULL, 0}. */
typedef struct rp_article {
  size_t size;          /* sizeof(rp_article) */
  rp_str id;            /* settled by the reader, product rules of identity */
  rp_str url;           /* the page's own URL */
  rp_str host;          /* host of `url`, lower case; empty where unknown */
  rp_str publisher;     /* as printed */
  rp_str publisher_key; /* registrable domain, else the folded name */
  rp_str title;
  rp_str text;    /* UTF-8 */
  rp_str lang;    /* as stated, "" where unknown */
  rp_str authors; /* as stated, joined by ", " */
  rp_str path;    /* file it was read from; "-" for stdin */
  uint64_t line;  /* 1-based line or record of `path`; 0: whole file */
  rp_date published;
  const rp_mark *mark; /* ascending, disjoint */
  size_t n_mark;
  const rp_link *link;
  size_t n_link;
  bool id_is_path;   /* the id is a path: a rewritten file is a new version */
  bool id_is_hash;   /* the id is a content hash */
  bool is_truncated; /* the text ends in "[+1234 chars]" or the like */
} rp_article;

/* ---- an index --------------------------------------------------------- */

typedef struct rp_index rp_index;
typedef struct rp_ctx rp_ctx;
typedef struct rp_writer rp_writer;

typedef enum rp_open_mode {
  RP_OPEN_READ = 0,   /* must exist; never waits for a writer */
  RP_OPEN_WRITE = 1,  /* must exist */
  RP_OPEN_CREATE = 2, /* is made where it does not exist */
} rp_open_mode;

/* What an index is made with; kept in its header.  Zero: the default. */
typedef struct rp_index_params {
  size_t size;
  uint32_t n_band; /* default 35; n_band * n_row <= 128 */
  uint32_t n_row;  /* default 3 */
} rp_index_params;

typedef struct rp_open_options {
  size_t size;
  rp_open_mode mode;
  bool wait;              /* a writer waits for another one to finish */
  bool force_remote;      /* also on NFS, SMB, AFS */
  rp_index_params params; /* only where it is created */
} rp_open_options;

/* Opens the index in folder `dir`.  NULL options: for reading.
 * RP_ERR_NOT_FOUND, RP_ERR_NOT_INDEX, RP_ERR_VERSION, RP_ERR_DAMAGED,
 * RP_ERR_IO, RP_ERR_MEMORY. */
RP_API RP_CHECKED rp_status rp_index_open(const char *dir, const rp_open_options *options, rp_index **out,
                                          rp_error *error);
RP_API void rp_index_close(rp_index *index);

/* Counts and sizes of an index at this moment. */
typedef struct rp_index_stat {
  size_t size;
  uint64_t n_article; /* live articles */
  uint64_t n_removed; /* dead ones that still take space */
  uint64_t n_number;  /* article numbers used, of 2^32 */
  uint64_t n_publisher;
  uint64_t n_word;    /* words of all live articles */
  uint64_t n_counted; /* counted words of them */
  uint64_t n_segment;
  uint64_t n_band_entry, n_fingerprint_entry, n_equal_entry;
  uint64_t longest_band, longest_fingerprint; /* entries of the longest list */
  uint64_t text_bytes;                        /* texts, uncompressed */
  uint64_t file_bytes;                        /* what the index takes on the disk */
  uint64_t band_bytes, fingerprint_bytes, equal_bytes, id_bytes, document_bytes;
  rp_date published; /* least and greatest publication date */
  uint64_t n_undated;
  uint32_t format_version, signature_version;
  rp_index_params params;
  /* what runs of rp_job have found out so far */
  uint64_t run; /* number of the last one; 0: none */
  int64_t run_started;
  uint64_t n_matched;                              /* live articles that were matched */
  uint64_t match_n_posting, match_n_candidate;     /* of all matchings of all runs: index entries read, articles */
  uint64_t match_n_verified, match_n_article;      /* proposed, pairs compared, articles that were matched */
  uint64_t match_n_cut;                            /* of them with a list that was too long to be read whole */
  uint64_t n_fact, fact_bytes, run_bytes, n_group; /* pairs kept; bytes of them, and of groups and reports */
} rp_index_stat;

RP_API RP_CHECKED rp_status rp_index_stat_get(rp_index *index, rp_index_stat *out, rp_error *error);

/* ---- a context: one thread's scratch memory and answers ---------------- */

/* `index` may be NULL: then only rp_compare and rp_text_marks_get work. */
RP_API RP_CHECKED rp_status rp_ctx_new(rp_index *index, rp_ctx **out, rp_error *error);
RP_API void rp_ctx_free(rp_ctx *ctx);

/* The live article whose id or URL is `id` (else RP_ERR_NOT_FOUND).  The marks
 * are those its reader gave. */
RP_API RP_CHECKED rp_status rp_index_show(rp_ctx *ctx, rp_str id, const rp_article **out, rp_error *error);

/* The live article that was read from line (or record) `line` of file `path`,
 * the newest where there are several (else RP_ERR_NOT_FOUND).  No table knows
 * places: all articles are read. */
RP_API RP_CHECKED rp_status rp_index_show_place(rp_ctx *ctx, rp_str path, uint64_t line, const rp_article **out,
                                                rp_error *error);

typedef struct rp_select_options {
  size_t size;
  rp_str publisher; /* a publisher key; where none is called so, a printed name */
  rp_date between;  /* publication dates; {0,0}: any */
} rp_select_options;

/* The ids of all live articles of a publisher, by date, then by id.  Reads all
 * rows, and for a printed name all articles of those dates. */
RP_API RP_CHECKED rp_status rp_index_select(rp_ctx *ctx, const rp_select_options *options, const rp_str **id, size_t *n,
                                            rp_error *error);

/* ---- writing ----------------------------------------------------------- */

typedef enum rp_outcome {
  RP_ADDED = 0,
  RP_UPDATED = 1,  /* same id, other text, or another date */
  RP_METADATA = 2, /* same id and text; other metadata took their place */
  RP_UNCHANGED = 3,
  RP_REPEATED = 4, /* a content-hash id that is there already */
  RP_CONFLICT = 5, /* same id and other text from somebody else: not stored */
  RP_EMPTY = 6,    /* a text without a single word: not stored */
} rp_outcome;

/* Told for each article in the order of rp_writer_add, when its batch is
 * committed.  Strings live for the call. */
typedef struct rp_record {
  rp_outcome outcome;
  rp_str id, path;
  uint64_t line;
  const char *reason; /* why it was not stored; "" else */
} rp_record;

typedef void (*rp_record_fn)(void *user, const rp_record *record);

typedef struct rp_writer_options {
  size_t size;
  unsigned n_thread;  /* 0: the processors */
  size_t batch_bytes; /* texts a batch; 0: 64 MiB */
  int64_t now;        /* clock for first-seen; 0: the system's */
  rp_record_fn on_record;
  void *user;
} rp_writer_options;

/* Takes the writer's lock.  RP_ERR_BUSY where another holds it (unless the
 * index was opened with `wait`). */
RP_API RP_CHECKED rp_status rp_writer_open(rp_index *index, const rp_writer_options *options, rp_writer **out,
                                           rp_error *error);

/* Adds or updates an article.  Full batches are committed on the way; a
 * failure loses the batch at hand, never an earlier one. */
RP_API RP_CHECKED rp_status rp_writer_add(rp_writer *writer, const rp_article *article, rp_error *error);

/* Takes an article out (its batch is committed first).  RP_ERR_NOT_FOUND. */
RP_API RP_CHECKED rp_status rp_writer_remove(rp_writer *writer, rp_str id, rp_error *error);

/* Makes everything so far durable. */
RP_API RP_CHECKED rp_status rp_writer_commit(rp_writer *writer, rp_error *error);

/* Merges all segments into one and drops what is dead from them. */
RP_API RP_CHECKED rp_status rp_writer_merge(rp_writer *writer, rp_error *error);

/* Writes the index anew without its dead articles and frees the old files:
 * afterwards no removed text is in the folder. */
RP_API RP_CHECKED rp_status rp_writer_compact(rp_writer *writer, rp_error *error);

/* What is too old to be kept. */
typedef struct rp_expire_options {
  size_t size;
  int64_t before; /* goes what is dated before this, in whole minutes: where a
                     date is a span of time, all of it */
  bool by_seen;   /* by when an id was first indexed; else by the publication
                     date, and only where that is unknown by the former */
} rp_expire_options;

typedef struct rp_expiry {
  size_t size;
  uint64_t n_article; /* live before */
  uint64_t n_expired; /* of them taken out, or to be */
} rp_expiry;

/* Counts what rp_writer_expire would take out, and changes nothing. */
RP_API RP_CHECKED rp_status rp_index_expirable(rp_index *index, const rp_expire_options *options, rp_expiry *out,
                                               rp_error *error);

/* Takes out what is too old, in durable batches: where it fails, or is killed,
 * the batches so far are done and the next call does the rest. */
RP_API RP_CHECKED rp_status rp_writer_expire(rp_writer *writer, const rp_expire_options *options, rp_expiry *out,
                                             rp_error *error);

/* Drops what was not committed and gives the lock back. */
RP_API void rp_writer_close(rp_writer *writer);

/* ---- keeping ------------------------------------------------------------- */

/* Copies the state of the moment to the folder `dest`, which must not exist or
 * be empty (RP_ERR_EXISTS), as an index of its own of `*bytes` bytes; a writer
 * goes on meanwhile.  Every checksum is looked at on the way: RP_ERR_DAMAGED.
 * The copy is durable when this returns; where it fails nothing is left, and
 * what a killed process left is overwritten by the next call. */
RP_API RP_CHECKED rp_status rp_index_backup(rp_index *index, const char *dest, uint64_t *bytes, rp_error *error);

/* Something that is not as it should be.  Strings live for the call. */
typedef struct rp_finding {
  size_t size;
  const char *part;    /* "pages", "counts", "tombstones", "rows", "signatures",
                          "texts", "segment", "article", "notes" */
  const char *table;   /* of a segment or article: "bands", "fingerprints",
                          "equal texts", "ids", "urls"; "" */
  int64_t segment;     /* its number; -1: none */
  int64_t document;    /* number of an article; -1: none */
  rp_str id;           /* of the article, where it can be read */
  const char *message; /* in words */
} rp_finding;

typedef void (*rp_finding_fn)(void *user, const rp_finding *finding);

typedef struct rp_check_options {
  size_t size;
  unsigned n_thread; /* 0: the processors */
  rp_finding_fn on_finding;
  void *user;
} rp_check_options;

typedef struct rp_check_summary {
  size_t size;
  uint64_t n_article, n_segment;
  uint64_t n_entry; /* of all tables, those of removed articles among them */
  uint64_t n_finding;
} rp_check_summary;

/* Reads everything there is in one state of the index and compares it: every
 * checksum; order and bounds of every segment; that every article can be read,
 * agrees with its row, signature and the counts, and that what is made of its
 * text again is found in the tables and nothing else is.  A writer may go on.
 * Findings are told in the same order whatever the number of threads; they are
 * no failure. */
RP_API RP_CHECKED rp_status rp_index_check(rp_index *index, const rp_check_options *options, rp_check_summary *out,
                                           rp_error *error);

/* ---- answers ------------------------------------------------------------ */

typedef enum rp_verdict {
  RP_NONE = 0,
  RP_IDENTICAL = 1,
  RP_REPRINT = 2,
  RP_PARTIAL = 3,
  RP_ROUND_UP = 4,
  RP_OWN_UPDATE = 5,
  RP_QUOTE_ONLY = 6,
  RP_COMMON_SOURCE = 7,
  RP_TEMPLATE = 8,
  RP_BOILERPLATE_ONLY = 9,
} rp_verdict;

/* "reprint", "own-update", ... ; never NULL. */
RP_API const char *rp_verdict_name(rp_verdict verdict);
/* Whether a verdict links two articles into a group. */
RP_API bool rp_verdict_is_link(rp_verdict verdict);

/* How the copy names the pair's source. */
typedef enum rp_credit {
  RP_CREDIT_NONE = 0, /* not asked: the pair does not link */
  RP_UNCREDITED = 1,
  RP_MENTION = 2,
  RP_PARTIAL_CREDIT = 3,
  RP_CREDITED = 4,
} rp_credit;
RP_API const char *rp_credit_name(rp_credit credit);

typedef enum rp_direction {
  RP_UNDECIDED = 0,
  RP_A_TO_B = 1,
  RP_B_TO_A = 2,
} rp_direction;

typedef enum rp_round_up_side { RP_NO_ROUND_UP = 0, RP_A_IS_ROUND_UP = 1, RP_B_IS_ROUND_UP = 2 } rp_round_up_side;

typedef enum rp_evidence_kind {
  RP_EVIDENCE_LINK = 1,     /* the page names the other as its source */
  RP_EVIDENCE_CREDIT = 2,   /* words of credit */
  RP_EVIDENCE_EARLIER = 3,  /* published earlier, beyond the dates' precision */
  RP_EVIDENCE_COVERAGE = 4, /* one holds all of the other, and more */
  RP_EVIDENCE_AGENCY = 5,   /* the source is a known agency, the copy is not */
} rp_evidence_kind;
RP_API const char *rp_evidence_name(rp_evidence_kind kind);

typedef struct rp_evidence {
  rp_evidence_kind kind;
  rp_direction speaks_for;
  rp_str text;  /* the words of the credit, the URL of the link; else "" */
  double hours; /* of RP_EVIDENCE_EARLIER, else 0 */
} rp_evidence;

/* A passage both articles share: byte ranges in a's and in b's text. */
typedef struct rp_passage {
  uint32_t a_start, a_end, b_start, b_end;
  uint32_t n_word;   /* matched words */
  uint32_t n_quoted; /* of them inside quotation */
  bool is_exact;     /* word for word */
} rp_passage;

typedef enum rp_change_kind {
  RP_CHANGE_NUMBER = 1,
  RP_CHANGE_NEGATION = 2,
  RP_CHANGE_NAME = 3,
  RP_CHANGE_ATTRIBUTION = 4,
  RP_CHANGE_CREDIT = 5,
} rp_change_kind;
RP_API const char *rp_change_name(rp_change_kind kind);

/* What was altered inside a passage; an empty range where words were dropped
 * or added. */
typedef struct rp_change {
  rp_change_kind kind;
  uint32_t a_start, a_end, b_start, b_end;
} rp_change;

/* Where a pair that does not link was lost, or what let it pass. */
typedef enum rp_stage {
  RP_STAGE_NONE = 0,
  RP_STAGE_CANDIDATE = 1, /* neither bands nor fingerprints propose the pair */
  RP_STAGE_GATE = 2,      /* proposed, compared, and refused by the gate */
  RP_STAGE_VERDICT = 3,   /* passed the gate, refused by a later rule */
  RP_STAGE_LINKED = 4,
} rp_stage;

/* Gate clauses that held; detection.md section 6, docs/method.md. */
enum {
  RP_GATE_LONG = 1,
  RP_GATE_MOST = 2,
  RP_GATE_WHOLE = 4,
  RP_GATE_MIXED = 8,
  RP_GATE_SHORT = 16,
};

/* Every figure a verdict was made from, for --explain. */
typedef struct rp_explanation {
  rp_stage stage;
  uint32_t gates;         /* RP_GATE_ bits */
  uint32_t n_band_shared; /* bands both share */
  double estimate;        /* the signature's estimate of the 3-word Jaccard */
  uint32_t n_fingerprint_shared;
  uint32_t n_diagonal; /* fingerprints shared within window and drift */
  uint32_t n_chain;
  uint32_t longest_matched; /* matched counted words of the longest chain */
  uint32_t matched, counted_matched, quoted_matched, furniture_matched;
  uint32_t counted_a, counted_b, words_a, words_b;
  double matched_a, matched_b; /* matched counted words / counted words */
  double whole_a, whole_b;     /* matched words / all words but furniture */
  const char *rule;            /* the rule that gave the verdict */
} rp_explanation;

/* One pair: everything that is known about it.  `a` is the article asked
 * about, `b` the other. */
typedef struct rp_match {
  const rp_article *a, *b;
  rp_verdict verdict;
  bool is_short;  /* a side has under 40 counted words */
  double jaccard; /* exact, 5-word shingles of all words */
  double coverage_a, coverage_b;
  uint32_t n_word; /* matched words */
  uint32_t n_quoted;
  uint32_t longest_unquoted; /* longest passage in matched counted words */
  const rp_passage *passage; /* in the order of a's text */
  size_t n_passage;
  size_t n_passage_hidden; /* shorter than min_passage: not listed */
  const rp_change *change;
  size_t n_change;
  rp_direction direction;
  const rp_evidence *evidence; /* strongest first */
  size_t n_evidence;
  rp_credit credit;
  rp_str credit_text; /* the words found; "" where uncredited */
  bool has_hours;
  double hours_after; /* of the copy after its source, else b after a */
  rp_explanation why;
  rp_round_up_side round_up; /* of RP_ROUND_UP: which of the two it is */
  rp_str cluster;            /* of rp_query with_groups: id of b's group in the last run of rp_job; "": none */
} rp_match;

typedef enum rp_sort { RP_SORT_SCORE = 0, RP_SORT_DATE = 1, RP_SORT_GROUP = 2 /* rp_pairs: group by group */ } rp_sort;

/* Whom a publisher belongs to. */
typedef struct rp_owner {
  rp_str publisher; /* a publisher key */
  rp_str owner;     /* any name; equal bytes are one owner */
} rp_owner;

typedef struct rp_query_options {
  size_t size;
  uint32_t min_passage; /* matched words a listed passage has; 0: 25 */
  size_t limit;         /* matches listed; 0: all */
  rp_sort sort;
  bool look_alikes;  /* also list what was refused */
  uint32_t verdicts; /* bits 1 << verdict that are listed; 0: all */
  rp_date between;   /* publication dates of matches; {0,0}: any */
  int64_t window;    /* longest time between the two, seconds; 0: any */
  rp_str publisher;  /* only of this publisher key or printed name */
  const rp_str *exclude_publisher;
  size_t n_exclude_publisher;
  uint32_t min_words; /* counted words of a match */
  double min_coverage;
  rp_str lang;
  const rp_owner *owner; /* sorted by the bytes of the publisher key, each once, by whoever fills it */
  size_t n_owner;
  bool exclude_same_owner; /* no pairs of two publishers of one owner; who is not in `owner` is his own, who is unknown
                              has none */
  bool with_groups;        /* rp_query: say which groups matches are in */
} rp_query_options;

typedef struct rp_answer {
  const rp_article *query;
  const rp_match *match;         /* best first, or by date; n_match + n_left_out of them */
  size_t n_match;                /* to be listed */
  size_t n_left_out;             /* by `limit`: they stand behind those */
  size_t n_refused;              /* compared and refused (listed with look_alikes) */
  bool is_cut;                   /* a list was too long to be read whole, and an
                                    unread entry could have completed a candidate */
  size_t n_posting, n_candidate; /* read; compared */
  uint32_t words, counted;       /* of the query */
  rp_str missing_source;         /* the agency that datelines name and that none of the
                                    articles is of; "" where none is missing */
} rp_answer;

/* Who else carries `article`?  Never reports the article with the same id or
 * URL.  Answers of a text without a word have no match. */
RP_API RP_CHECKED rp_status rp_query(rp_ctx *ctx, const rp_article *article, const rp_query_options *options,
                                     const rp_answer **out, rp_error *error);

/* One pair, compared whether an index would propose it or not.  `options` may
 * be NULL; only min_passage is looked at. */
RP_API RP_CHECKED rp_status rp_compare(rp_ctx *ctx, const rp_article *a, const rp_article *b,
                                       const rp_query_options *options, const rp_match **out, rp_error *error);

/* ---- what the engine makes of a text ------------------------------------ */

typedef struct rp_text_marks {
  const rp_mark *mark; /* ascending, disjoint: reader's marks and our own */
  size_t n_mark;
  uint32_t words, counted;
} rp_text_marks;

/* Title, furniture, quotations, datelines and credits of an article. */
RP_API RP_CHECKED rp_status rp_text_marks_get(rp_ctx *ctx, const rp_article *article, const rp_text_marks **out,
                                              rp_error *error);

/* ---- parameters ----------------------------------------------------------- */

/* Chance that two articles of Jaccard similarity j (3-word shingles) share a
 * band: 1 - (1 - j^rows)^bands. */
RP_API double rp_params_probability(const rp_index_params *params, double j);

/* ---- the whole index ------------------------------------------------------ */

/* Which copies of a group are kept.  Members are asked in this order: the
 * earliest first (by its date, an unknown one last, then by when it was
 * indexed), then the longest (by counted words), then the one of the lowest id.
 * With RP_KEEP_LONGEST length comes before date; with RP_KEEP_LISTED those come
 * first that are of the first item of the list, and so on.  A member need not
 * be kept where another is of which it is a copy: `identical`, or `reprint` or
 * `own-update` with 60% of its counted words, or 75% of all its words, in that
 * other.  What only shares a part with the others is kept beside them. */
typedef enum rp_keep_rule { RP_KEEP_EARLIEST = 0, RP_KEEP_LONGEST = 1, RP_KEEP_LISTED = 2 } rp_keep_rule;

/* What a list names. */
typedef enum rp_keep_field {
  RP_KEEP_SOURCE = 0, /* a publisher key or a printed name */
  RP_KEEP_LANG = 1,
  RP_KEEP_HOST = 2,
  RP_KEEP_AUTHORS = 3,
  RP_KEEP_PATH = 4, /* the file it was read from, or a folder above it */
} rp_keep_field;

typedef struct rp_keep_options {
  rp_keep_rule rule;
  rp_keep_field field; /* of RP_KEEP_LISTED */
  const rp_str *list;
  size_t n_list;
} rp_keep_options;

/* Which pairs or groups of the whole index are told. */
typedef struct rp_all_options {
  size_t size;
  unsigned n_thread;       /* 0: the processors */
  rp_keep_options keep;    /* rp_clusters: which copy is_kept */
  bool is_all;             /* rp_pairs: compare and tell every pair of groups of more than 200 articles, too */
  uint32_t min_publishers; /* only groups of at least so many known publishers, and pairs in them */
  /* rp_pairs: a pair is told where one of its articles is of `publisher` and one of the dates lies `between`, none of
   * the publishers is excluded, they are not of one owner where that is excluded, and both articles have `min_words`
   * and are in `lang`.
   * rp_clusters: the lead is always told, another member where it passes on its own; a group without such a member
   * is not.  `sort`: rp_pairs by group, by coverage or by the later date; rp_clusters by size or by first date.
   * `limit`: pairs, groups. */
  rp_query_options filter;
} rp_all_options;

/* What a run over the whole index did. */
typedef struct rp_all_stat {
  size_t size;
  size_t n_article;
  size_t n_equal;                               /* articles for which another one with the same words was compared */
  uint64_t n_posting;                           /* entries of the index read */
  uint64_t n_proposed, n_verified, n_completed; /* pairs: proposed, compared, of these to complete groups */
  size_t n_cut;                                 /* articles of which a list was too long to be read whole */
  size_t n_link;                                /* pairs that link */
  size_t n_group;                               /* of two articles or more */
  size_t n_told, n_left_out;                    /* pairs or groups given to the callback; kept back by `limit` */
  uint64_t n_matched, n_candidate;              /* articles that the index was asked about; what it proposed for them */
  uint64_t n_known;                             /* of `n_verified`: pairs that a run of rp_job had compared already */
  double seconds;
} rp_all_stat;

/* A pair, or (match NULL) the note that a group was too large for all of its
 * pairs. */
typedef struct rp_pair_record {
  const rp_match *match; /* a has the lower id */
  rp_str cluster;        /* id of the group that both are in; "" where there is none */
  rp_str lead;           /* id of that group's lead */
  size_t cluster_size;
  size_t n_listed; /* of the note: pairs of the group that were told */
  bool is_through_third;
} rp_pair_record;

/* Records and what they point to live for the call; false ends the run. */
typedef bool (*rp_pair_fn)(void *user, const rp_pair_record *record);

/* Every pair of the index that links (with filter.look_alikes: or was refused),
 * each once, in an order that the articles alone decide.  `stat` may be NULL.
 * RP_ERR_BUSY where the index changes faster than it can be opened. */
RP_API RP_CHECKED rp_status rp_pairs(rp_index *index, const rp_all_options *options, rp_pair_fn fn, void *user,
                                     rp_all_stat *stat, rp_error *error);

typedef struct rp_member {
  const rp_article *article;
  rp_verdict verdict; /* of the pair with `of`; RP_NONE: the lead */
  rp_str of;          /* id of the member it is a copy of; "" of the lead */
  double coverage;    /* share of this member's counted words that lies in `of` */
  bool has_hours;
  double hours_after; /* this member after `of` */
  rp_credit credit;   /* how this member names `of` */
  uint32_t counted;   /* counted words of this member */
  bool is_kept;       /* to be kept: no copy of another that is; rp_keep_options */
  /* of a run of rp_job alone: */
  bool is_new;               /* was not in this group at the end of the run before */
  bool is_updated;           /* was, with another text */
  rp_verdict verdict_before; /* was, with this verdict; RP_NONE: the lead, or not in it */
} rp_member;

/* Articles that carry one story.  The id is that of the last run of rp_job
 * where the group goes on from one of that run's; else it is made from the
 * lead's id. */
typedef struct rp_cluster {
  rp_str id;   /* "c:" and 16 hexadecimal digits */
  rp_str lead; /* id of the member that had it first, as far as can be told */
  size_t n_article;
  size_t n_publisher;            /* known ones */
  size_t n_owner;                /* the same, publishers of one owner counted once; 0 unless has_owners */
  int64_t first_seen, last_seen; /* when the first and the last of them were indexed */
  const rp_member *member;       /* the lead first, the others by date, unknown last */
  size_t n_member;               /* those that pass the filter */
  bool has_owners;               /* owners were given */
} rp_cluster;

typedef bool (*rp_cluster_fn)(void *user, const rp_cluster *cluster);

/* The groups of the index. */
RP_API RP_CHECKED rp_status rp_clusters(rp_index *index, const rp_all_options *options, rp_cluster_fn fn, void *user,
                                        rp_all_stat *stat, rp_error *error);

/* ---- the nightly run -------------------------------------------------------- */

/* A run matches what is new in the index since the run before, derives the
 * groups again from all that is known, and stores what has changed as its
 * report.  It is finished when whoever prints the report says that it arrived;
 * until then the next job tells it again.  docs/runs.md */
typedef struct rp_job rp_job;

/* What happened to a group; bits. */
enum {
  RP_GROUP_NEW = 1,
  RP_GROUP_GROWN = 2,      /* it has new members */
  RP_GROUP_SHRUNK = 4,     /* members have left it */
  RP_GROUP_MERGED = 8,     /* another group has become part of it: `alias` */
  RP_GROUP_SPLIT = 16,     /* it was part of another one: `split_from` */
  RP_GROUP_NEW_LEAD = 32,  /* another member turned out to have had the story first */
  RP_GROUP_NEW_KEPT = 64,  /* a member that was to be kept is not, or one that was not is */
  RP_GROUP_UPDATED = 128,  /* a member's text is another */
  RP_GROUP_REJUDGED = 256, /* a member's verdict is another */
  RP_GROUP_ENDED = 512,    /* fewer than two members are left: nothing but `id`, `lead_before`, `left` is known */
};

/* Where a member went. */
typedef enum rp_left_reason {
  RP_LEFT_REMOVED = 1, /* it is not in the index any more */
  RP_LEFT_UPDATED = 2, /* its text is another, and carries the story no more */
  RP_LEFT_MOVED = 3,   /* it is in another group */
  RP_LEFT_ALONE = 4,   /* it is in no group */
} rp_left_reason;

typedef struct rp_left {
  rp_str id;
  rp_left_reason reason;
  rp_str to; /* of RP_LEFT_MOVED: the other group's id */
} rp_left;

/* A run as a whole; the first of its records. */
typedef struct rp_run {
  uint64_t number;   /* 1 for the first run of an index */
  int64_t started;   /* seconds since 1970 */
  size_t n_article;  /* in the index */
  size_t n_new;      /* of them new, or with a new text, since the run before */
  size_t n_gone;     /* removed, expired, or replaced by another text, since the run before */
  size_t n_group;    /* in the index */
  size_t n_grouped;  /* articles in groups */
  size_t n_changed;  /* groups that follow */
  size_t n_of[10];   /* of them with bit i of the RP_GROUP_ bits */
  size_t n_rejudged; /* members of them with another verdict than in the run before */
  bool is_again;     /* this run was told before */
} rp_run;

/* A run (group NULL), then each group that changed, the largest first, those
 * that ended last. */
typedef struct rp_run_record {
  const rp_run *run;
  const rp_cluster *group;
  uint32_t what;       /* RP_GROUP_ bits */
  const rp_str *alias; /* ids of groups that this one has taken over in this run */
  size_t n_alias;
  rp_str split_from;  /* "" where it is no part of another */
  rp_str lead_before; /* id; "" where there was none, or it is the same */
  rp_str kept_before; /* of RP_GROUP_NEW_KEPT: one that was to be kept and is not; "" where there is none */
  size_t n_before;    /* members at the end of the run before */
  const rp_left *left;
  size_t n_left;
} rp_run_record;

/* Records and what they point to live for the call; false ends the telling. */
typedef bool (*rp_run_fn)(void *user, const rp_run_record *record);

typedef struct rp_job_options {
  size_t size;
  unsigned n_thread; /* 0: the processors */
  bool wait;         /* for another job to end; else RP_ERR_BUSY */
  int64_t now;       /* 0: the system's clock */
  rp_keep_options keep;
} rp_job_options;

/* `index` must be open for writing and outlive the job.  One job an index at a
 * time on the whole machine (flock on DIR/job); other writers may come between
 * the job's batches.  The options are borrowed until rp_job_close. */
RP_API RP_CHECKED rp_status rp_job_open(rp_index *index, const rp_job_options *options, rp_job **out, rp_error *error);
RP_API void rp_job_close(rp_job *job);

/* Which run is stored, and whether it is still to be told; 0: none. */
RP_API uint64_t rp_job_last(const rp_job *job, bool *is_finished);

/* Matches and stores a run, unless no article is new and no group has changed:
 * then `*has_run` is false.  What was compared is kept even where it fails or is killed.  A stored
 * run that was not finished is lost: tell it first.  `stat` may be NULL. */
RP_API RP_CHECKED rp_status rp_job_run(rp_job *job, bool *has_run, rp_all_stat *stat, rp_error *error);

/* Tells the stored run, by size where options->filter.sort is RP_SORT_SCORE, by
 * first date else.  Of the filter, `between`, `publisher`, `exclude_publisher`,
 * `verdicts`, `min_words`, `min_coverage`, `window`, `lang` are asked of each member but the lead, as
 * rp_clusters does; a changed group without such a member is not told;
 * `min_publishers` of the group.  `options` may be NULL.  `*n_left_out` (may be NULL): groups kept back
 * by `limit`.  RP_ERR_NOT_FOUND where there is no run. */
RP_API RP_CHECKED rp_status rp_job_tell(rp_job *job, const rp_all_options *options, rp_run_fn fn, void *user,
                                        size_t *n_left_out, rp_error *error);

/* The report of the stored run has arrived. */
RP_API RP_CHECKED rp_status rp_job_finish(rp_job *job, rp_error *error);

#ifdef __cplusplus
}
#endif
#endif
