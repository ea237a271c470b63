#include "validator/suppression/glob.h"
#include "validator/suppression/suppression.h"

namespace sluice::suppression {

namespace {

// A pattern without a folder is about the last part of the name.
bool is_file(const Entry& entry, std::string_view name) {
  if (entry.file.empty()) return true;
  const bool has_folder = entry.file.find('/') != std::string::npos;
  if (!has_folder) name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  return matches(entry.file, name, "/");
}

bool is_path(const Entry& entry, const Finding& finding) {
  // `*` is one step of a field path, or one index.
  return matches(entry.path, finding.path, finding.text ? "/" : ".[]");
}

}  // namespace

Matcher::Matcher(const Suppressions& suppressions, Date today)
    : suppressions_(suppressions), today_(today), uses_(std::make_unique<Use[]>(suppressions.entries.size())) {
  suppressor_ = [this](const Finding& finding) { return find(finding); };
}

std::optional<std::size_t> Matcher::find(const Finding& finding) const {
  std::optional<std::size_t> found;
  const std::string code = code_of(finding.id);
  for (std::size_t i = 0; i < suppressions_.entries.size(); ++i) {
    const Entry& entry = suppressions_.entries[i];
    if (entry.rule != code && entry.rule != finding.rule) continue;
    if (!is_file(entry, finding.file) || !is_path(entry, finding)) continue;
    uses_[i].has_matched = true;
    if (!found && !is_expired(entry)) found = i;
  }
  return found;
}

void Matcher::saw_file(const std::string& name, bool has_verdict) {
  if (!has_verdict) is_complete_ = false;
  for (std::size_t i = 0; i < suppressions_.entries.size(); ++i) {
    if (is_file(suppressions_.entries[i], name)) uses_[i].had_a_file = true;
  }
}

std::vector<Finding> Matcher::review() const {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < suppressions_.entries.size(); ++i) {
    const Entry& entry = suppressions_.entries[i];
    const bool is_stale = is_complete_ && uses_[i].had_a_file && !uses_[i].has_matched;
    if (!is_stale && !is_expired(entry)) continue;
    Finding finding = Finding::of(is_stale ? FindingId::suppression_stale : FindingId::suppression_expired);
    finding.file = suppressions_.file;
    finding.path = "/suppressions/" + std::to_string(i);
    finding.text = TextPlace{entry.mark.line, entry.mark.column};
    finding.excerpt = document::excerpt(suppressions_.text, entry.mark);
    finding.with("rule", entry.rule).with("place", entry.path);
    finding.with("until", to_string(entry.until)).with("today", to_string(today_));
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace sluice::suppression
