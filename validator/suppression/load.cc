#include <fmt/core.h>

#include <array>

#include "validator/document/loader.h"
#include "validator/suppression/suppression.h"

namespace sluice::suppression {

namespace {

using document::Node;

constexpr document::Limits kLimits = {.bytes = 1u << 20, .depth = 8, .nodes = 1u << 16};
// Each finding is compared with each entry.
constexpr std::size_t kMaxEntries = 1000;
constexpr std::size_t kMaxPattern = 500;

class Loader : private document::Loader {
 public:
  Loader(const document::Document& document, std::vector<Finding>& problems)
      : document::Loader(document, FindingId::bad_suppressions, problems) {}

  std::vector<Entry> entries(const Node& root) {
    constexpr std::array<std::string_view, 1> kKeys = {"suppressions"};
    std::vector<Entry> out;
    if (!is_mapping(root, "", kKeys)) return out;
    const Node* list = root.find("suppressions");
    if (list == nullptr) {
      error(root.mark, "", "`suppressions` is missing: the list of entries");
    } else if (!list->is_sequence()) {
      error(list->mark, "/suppressions", "expected a sequence of entries, found " + describe(*list));
    } else if (list->items.size() > kMaxEntries) {
      error(list->mark, "/suppressions", fmt::format("more than {} entries", kMaxEntries));
    } else {
      for (std::size_t i = 0; i < list->items.size(); ++i) {
        out.push_back(entry(list->items[i], fmt::format("/suppressions/{}", i)));
      }
    }
    return out;
  }

 private:
  Entry entry(const Node& node, const std::string& path) {
    constexpr std::array<std::string_view, 5> kKeys = {"rule", "path", "file", "reason", "until"};
    Entry entry;
    entry.mark = node.mark;
    if (!is_mapping(node, path, kKeys)) return entry;
    entry.rule = rule(node, path);
    entry.path = text(node, path, "path", "the field, or a pattern over fields");
    if (node.find("file") != nullptr) entry.file = text(node, path, "file", "");
    entry.reason = text(node, path, "reason", "why this finding is accepted");
    const std::string until = text(node, path, "until", "the day by which somebody looks at it again");
    if (until.empty()) return entry;
    if (const auto date = parse_date(until)) {
      entry.until = *date;
    } else {
      error(node.find("until")->mark, path + "/until",
            fmt::format("expected a day as 2026-12-31, found \"{}\"", until));
    }
    return entry;
  }

  std::string rule(const Node& node, const std::string& path) {
    const std::string name = text(node, path, "rule", "the id of the finding, SL0203 or channel/known-type");
    if (name.empty() || name.find('/') != std::string::npos) return name;
    const document::Mark mark = node.find("rule")->mark;
    const auto id = finding_by_code(name);
    if (!id) {
      error(mark, path + "/rule", fmt::format("no finding is called \"{}\"; `sluice rules list` has them", name));
    } else if (is_no_verdict(*id)) {
      error(mark, path + "/rule",
            code_of(*id) + " leaves a file without a verdict: suppressed, nothing would be judged");
    } else if (*id == FindingId::suppression_stale || *id == FindingId::suppression_expired) {
      error(mark, path + "/rule", code_of(*id) + " is about this document: correct or delete the entry");
    } else {
      return code_of(*id);
    }
    return {};
  }

  // The text under `key`; that it is missing is an error, which says what it is for.
  std::string text(const Node& node, const std::string& path, std::string_view key, std::string_view meaning) {
    const Node* value = node.find(key);
    if (value == nullptr) {
      error(node.mark, path, fmt::format("`{}` is missing: {}", key, meaning));
      return {};
    }
    const std::string here = fmt::format("{}/{}", path, key);
    document::Problem problem;
    const auto read = document::as_string(*value, problem);
    if (!read) {
      error(problem.mark, here, problem.message);
    } else if (read->empty() || read->size() > kMaxPattern) {
      error(value->mark, here, fmt::format("expected text of 1 to {} bytes", kMaxPattern));
    } else {
      return std::string(*read);
    }
    return {};
  }
};

std::optional<Suppressions> load(std::optional<document::Document> document, std::vector<Finding>& problems) {
  if (!document) return std::nullopt;
  const std::size_t before = problems.size();
  Suppressions suppressions;
  suppressions.entries = Loader(*document, problems).entries(document->root);
  if (problems.size() > before) return std::nullopt;
  suppressions.file = std::move(document->name);
  suppressions.text = std::move(document->text);
  return suppressions;
}

}  // namespace

std::optional<Suppressions> load_suppressions_text(std::string name, std::string text, std::vector<Finding>& problems) {
  return load(document::parse_or_tell(std::move(name), std::move(text), kLimits, problems), problems);
}

std::optional<Suppressions> load_suppressions(const std::string& path, std::vector<Finding>& problems) {
  return load(document::load_or_tell(path, kLimits, problems), problems);
}

}  // namespace sluice::suppression
