#include "fuzz/farm/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "validator/document/loader.h"
#include "validator/judge/targets.h"
#include "validator/run/campaign.h"

namespace sluice::farm {

namespace {

using document::Loader;
using document::Node;

constexpr document::Limits kLimits = {.bytes = 1u << 20, .depth = 8, .nodes = 1u << 16};
constexpr std::size_t kMostTargets = 1000;
constexpr std::uint64_t kMostRuns = std::uint64_t{1} << 62;
constexpr std::size_t kLongestName = 64;

class FarmLoader {
 public:
  FarmLoader(const document::Document& document, std::vector<Finding>& problems)
      : document_(document), loader_(document, FindingId::bad_farm, problems) {}

  Farm load() {
    Farm farm;
    const Node& root = document_.root;
    constexpr std::array<std::string_view, 9> kKeys = {"farm", "folder", "time",  "jobs",   "seed",
                                                       "runs", "slice",  "turns", "targets"};
    if (!loader_.is_mapping(root, "", kKeys)) return farm;
    farm.file = document_.name;
    farm.name = named(root, "", "farm", "what this farm is called");
    const std::string folder = loader_.text(root, "", "folder");
    farm.folder = beside(folder.empty() ? farm.name : folder);
    number(root, "", "jobs", 1, 256, farm.jobs);
    number(root, "", "seed", 0, std::numeric_limits<std::uint32_t>::max(), farm.seed);
    load_times(root, farm);
    load_targets(root, farm);
    return farm;
  }

 private:
  void load_times(const Node& root, Farm& farm) {
    time(root, "time", farm.seconds);
    time(root, "slice", farm.slice);
    number(root, "", "runs", 1, kMostRuns, farm.runs);
    number(root, "", "turns", 1, 1'000'000, farm.turns);
    if (root.find("runs") != nullptr && root.find("slice") != nullptr) {
      loader_.error(root.find("slice")->mark, "/slice", "`runs` and `slice`: a turn ends by one of them");
    }
    if (root.find("time") == nullptr && root.find("turns") == nullptr) {
      loader_.error(root.mark, "", "neither `time` nor `turns`: a night has to come to an end");
    }
  }

  void load_targets(const Node& root, Farm& farm) {
    const Node* list = root.find("targets");
    if (list == nullptr) {
      loader_.error(root.mark, "", "`targets` is missing: the drivers that are fuzzed");
      return;
    }
    if (!list->is_sequence() || list->items.empty() || list->items.size() > kMostTargets) {
      loader_.error(list->mark, "/targets", "expected a sequence of 1 to 1000 targets");
      return;
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const std::string path = fmt::format("/targets/{}", i);
      Target target = load_target(list->items[i], path);
      if (!target.name.empty() && !names.insert(target.name).second) {
        loader_.error(list->items[i].find("name")->mark, path + "/name",
                      fmt::format("'{}' is there twice", target.name));
      }
      // Turns are compared by what they cost: all by executions, or all by seconds.
      if (target.runs != 0 && farm.runs == 0) {
        loader_.error(list->items[i].find("runs")->mark, path + "/runs",
                      "`runs` of a target needs `runs` of the farm, which the others have");
      }
      farm.targets.push_back(std::move(target));
    }
  }

  Target load_target(const Node& node, const std::string& path) {
    constexpr std::array<std::string_view, 14> kKeys = {"name",    "driver",   "release",       "schema",    "rules",
                                                        "include", "builds",   "builds_folder", "seeds",     "share",
                                                        "runs",    "property", "max_len",       "timeout_ms"};
    Target target;
    target.mark = node.mark;
    if (!loader_.is_mapping(node, path, kKeys)) return target;
    target.name = named(node, path, "name", "what this target is called");
    target.driver = beside(loader_.text(node, path, "driver"));
    target.release = beside(loader_.text(node, path, "release"));
    if ((node.find("driver") == nullptr) == (node.find("release") == nullptr)) {
      loader_.error(node.mark, path, "one of `driver` and `release` says whose builds are fuzzed");
    }
    target.schema = beside(loader_.text(node, path, "schema"));
    target.rules = beside(loader_.text(node, path, "rules"));
    target.builds_folder = beside(loader_.text(node, path, "builds_folder"));
    target.include = paths(node, path, "include");
    target.builds = loader_.texts(node, path, "builds");
    target.seeds = paths(node, path, "seeds");
    number(node, path, "share", 1, 1000, target.share);
    number(node, path, "runs", 1, kMostRuns, target.runs);
    number(node, path, "max_len", 1, 1u << 20, target.max_len);
    number(node, path, "timeout_ms", 1, 3'600'000, target.timeout_ms);
    if (const Node* property = node.find("property")) {
      const std::string word = loader_.text(node, path, "property");
      constexpr std::array<std::string_view, 3> kWords = {"fault", "escape", "drift"};
      if (std::ranges::find(kWords, word) != kWords.end()) {
        target.property = word;
      } else if (!word.empty()) {
        loader_.error(property->mark, path + "/property", "expected fault, escape or drift");
      }
    }
    return target;
  }

  // A name that folders have, too.
  std::string named(const Node& node, const std::string& path, std::string_view key, std::string_view meaning) {
    const Node* value = node.find(key);
    if (value == nullptr) loader_.error(node.mark, path, fmt::format("`{}` is missing: {}", key, meaning));
    std::string text = loader_.text(node, path, key);
    if (text.empty() || is_safe_name(text)) return text;
    loader_.error(value->mark, fmt::format("{}/{}", path, key),
                  "it names folders: at most 64 letters, digits, `.`, `_` and `-`, the first no `.`");
    return {};
  }

  void number(const Node& node, const std::string& path, std::string_view key, std::uint64_t least, std::uint64_t most,
              std::uint64_t& to) {
    const Node* value = node.find(key);
    if (value == nullptr) return;
    const std::string place = fmt::format("{}/{}", path, key);
    document::Problem problem;
    const auto given = document::as_unsigned(*value, problem);
    if (!given) return loader_.error(problem, place);
    if (*given < least || *given > most) {
      return loader_.error(value->mark, place, fmt::format("{} is not between {} and {}", *given, least, most));
    }
    to = *given;
  }

  void time(const Node& node, std::string_view key, std::uint64_t& seconds) {
    const Node* value = node.find(key);
    if (value == nullptr) return;
    const std::uint64_t given = run::seconds_of(loader_.text(node, "", key));
    if (given == 0) return loader_.error(value->mark, fmt::format("/{}", key), "expected a time as 90s, 10m or 8h");
    seconds = given;
  }

  [[nodiscard]] std::string beside(const std::string& path) const { return judge::beside(document_.name, path); }

  std::vector<std::string> paths(const Node& node, const std::string& path, std::string_view key) {
    std::vector<std::string> out = loader_.texts(node, path, key);
    for (std::string& text : out) text = beside(text);
    return out;
  }

  const document::Document& document_;
  Loader loader_;
};

}  // namespace

bool is_safe_name(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= kLongestName && text.front() != '.' && text.front() != '-' &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::optional<Farm> load_farm(const std::string& path, std::vector<Finding>& problems) {
  const auto document = document::load_or_tell(path, kLimits, problems);
  if (!document) return std::nullopt;
  const std::size_t before = problems.size();
  Farm farm = FarmLoader(*document, problems).load();
  if (problems.size() > before) return std::nullopt;
  return farm;
}

}  // namespace sluice::farm
