#include "validator/report/grouping.h"

#include <fmt/format.h>

#include <map>

namespace sluice::report {

std::string sameness(const Finding& finding) {
  std::string key = shown_id(finding) + ' ';
  bool in_index = false;
  for (const char c : finding.path) {
    if (c == '[') in_index = true;
    if (!in_index) key += c;
    if (c == ']') {
      in_index = false;
      key += "[*]";
    }
  }
  return key;
}

std::vector<Group> grouped(const std::vector<Finding>& findings) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;  // of groups, by what they are about
  for (const Finding& finding : findings) {
    const ByteRange bytes = finding.bytes.value_or(ByteRange{});
    const auto place =
        fmt::format("{} {} {} {} {}", shown_id(finding), finding.rule, bytes.begin, bytes.end, finding.path);
    const auto group = finding.build.empty() ? known.end() : known.find(place);
    if (group != known.end()) {
      groups[group->second].others.push_back(&finding);
      continue;
    }
    if (!finding.build.empty()) known[place] = groups.size();
    groups.push_back({&finding, {}});
  }
  return groups;
}

}  // namespace sluice::report
