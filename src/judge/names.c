#include "reprint/reprint.h"

static const char *name_at(const char *const *name, size_t n, size_t at) { return at < n ? name[at] : "unknown"; }

#define NAME_OF(table, at) name_at((table), sizeof(table) / sizeof *(table), (size_t)(at))

const char *rp_verdict_name(rp_verdict verdict) {
  static const char *const name[] = {
      [RP_NONE] = "none",
      [RP_IDENTICAL] = "identical",
      [RP_REPRINT] = "reprint",
      [RP_PARTIAL] = "partial",
      [RP_ROUND_UP] = "round-up",
      [RP_OWN_UPDATE] = "own-update",
      [RP_QUOTE_ONLY] = "quote-only",
      [RP_COMMON_SOURCE] = "common-source",
      [RP_TEMPLATE] = "template",
      [RP_BOILERPLATE_ONLY] = "boilerplate-only",
  };
  return NAME_OF(name, verdict);
}

bool rp_verdict_is_link(rp_verdict verdict) { return verdict >= RP_IDENTICAL && verdict <= RP_OWN_UPDATE; }

const char *rp_credit_name(rp_credit credit) {
  static const char *const name[] = {
      [RP_CREDIT_NONE] = "none",  [RP_UNCREDITED] = "uncredited",
      [RP_MENTION] = "mention",   [RP_PARTIAL_CREDIT] = "partial-credit",
      [RP_CREDITED] = "credited",
  };
  return NAME_OF(name, credit);
}

const char *rp_evidence_name(rp_evidence_kind kind) {
  static const char *const name[] = {
      "unknown",
      [RP_EVIDENCE_LINK] = "link",
      [RP_EVIDENCE_CREDIT] = "credit",
      [RP_EVIDENCE_EARLIER] = "earlier",
      [RP_EVIDENCE_COVERAGE] = "coverage",
      [RP_EVIDENCE_AGENCY] = "agency",
  };
  return NAME_OF(name, kind);
}

const char *rp_change_name(rp_change_kind kind) {
  static const char *const name[] = {
      "unknown",
      [RP_CHANGE_NUMBER] = "number",
      [RP_CHANGE_NEGATION] = "negation",
      [RP_CHANGE_NAME] = "name",
      [RP_CHANGE_ATTRIBUTION] = "attribution",
      [RP_CHANGE_CREDIT] = "credit",
  };
  return NAME_OF(name, kind);
}
