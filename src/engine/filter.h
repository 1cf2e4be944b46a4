/* filter.h - which pairs are asked for.
 *
 * A filter asks one pair of articles, a and b.  Where b is a match of a, it is
 * asked of b; where the two are equals, what is wanted may be true of either,
 * what is not wanted must be true of neither. */
#ifndef RP_ENGINE_FILTER_H
#define RP_ENGINE_FILTER_H

#include "engine/document.h"

typedef enum rp_filter_side { RP_FILTER_MATCH = 0, RP_FILTER_EITHER = 1 } rp_filter_side;

/* `between` (wanted), and `window`, where both dates are known. */
bool rp_filter_dates(const rp_query_options *o, rp_filter_side side, rp_date a, rp_date b);

/* `min_words`, of counted words: less is not wanted. */
bool rp_filter_words(const rp_query_options *o, rp_filter_side side, uint32_t a, uint32_t b);

/* `min_coverage` (wanted). */
bool rp_filter_coverage(const rp_query_options *o, rp_filter_side side, double a, double b);

/* `publisher` (wanted), `exclude_publisher`, another language than `lang` (not
 * wanted), `exclude_same_owner` (of the pair). */
bool rp_filter_articles(const rp_query_options *o, rp_filter_side side, const rp_article *a, const rp_article *b);

/* `verdicts`. */
bool rp_filter_verdict(const rp_query_options *o, rp_verdict verdict);

#endif
