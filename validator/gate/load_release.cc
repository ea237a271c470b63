#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

#include "validator/document/loader.h"
#include "validator/gate/release.h"
#include "validator/judge/targets.h"
#include "validator/judge/threshold.h"
#include "validator/run/campaign.h"

namespace sluice::gate {

namespace {

using document::Loader;
using document::Node;

constexpr document::Limits kLimits = {.bytes = 1u << 20, .depth = 8, .nodes = 1u << 16};
constexpr std::size_t kMaxSignOffs = 1000;

class ReleaseLoader {
 public:
  ReleaseLoader(const document::Document& document, std::vector<Finding>& problems)
      : document_(document), loader_(document, FindingId::bad_release, problems) {}

  Release load() {
    Release release;
    const Node& root = document_.root;
    constexpr std::array<std::string_view, 11> kKeys = {"release", "content",     "schema",      "include",
                                                        "rules",   "driver",      "builds",      "events",
                                                        "policy",  "attestation", "suppressions"};
    if (!loader_.is_mapping(root, "", kKeys)) return release;
    release.file = document_.name;
    release.name = required(root, "", "release", "what this release is called");
    release.content = paths(root, "content");
    if (root.find("content") == nullptr) {
      loader_.error(root.mark, "", "`content` is missing: the files that are to be released");
    } else if (release.content.empty()) {
      loader_.error(root.find("content")->mark, "/content", "no content: there is nothing to judge");
    }
    release.driver = beside(required(root, "", "driver", "the builds that will read the content"));
    release.schema = beside(loader_.text(root, "", "schema"));
    release.rules = beside(loader_.text(root, "", "rules"));
    release.builds = beside(loader_.text(root, "", "builds"));
    release.events = beside(loader_.text(root, "", "events"));
    release.suppressions = beside(loader_.text(root, "", "suppressions"));
    release.include = paths(root, "include");
    if (const Node* attestation = root.find("attestation")) load_attestation(*attestation, release);
    if (const Node* policy = root.find("policy")) load_policy(*policy, release.policy);
    return release;
  }

 private:
  void load_attestation(const Node& node, Release& release) {
    constexpr std::array<std::string_view, 2> kKeys = {"verifier", "resource"};
    if (!loader_.is_mapping(node, "/attestation", kKeys)) return;
    release.verifier = loader_.text(node, "/attestation", "verifier");
    release.resource = loader_.text(node, "/attestation", "resource");
  }

  void load_policy(const Node& node, Policy& policy) {
    constexpr std::array<std::string_view, 6> kKeys = {"fail_on", "run", "require", "fuzz", "coverage", "first_use"};
    if (!loader_.is_mapping(node, "/policy", kKeys)) return;
    if (const auto word = chosen(node, "/policy", "fail_on", {"error", "warning", "note"})) {
      policy.fail_on = *judge::severity_by_name(*word);
    }
    if (const auto word = chosen(node, "/policy", "run", {"required", "none"})) policy.run = *word == "required";
    policy.require = loader_.texts(node, "/policy", "require");
    if (const Node* fuzz = node.find("fuzz")) load_fuzz(*fuzz, policy);
    if (const Node* coverage = node.find("coverage")) load_coverage(*coverage, policy);
    if (const Node* first = node.find("first_use")) load_first_use(*first, policy);
    if (!policy.run) policy.covers_content = false;
    if (policy.covers_schema && !policy.fuzz) {
      loader_.error(node.find("coverage")->mark, "/policy/coverage",
                    "`expressible: executed` needs `fuzz`: it is the campaign that executes what no file has");
    }
    if (!policy.run && policy.fuzz) {
      loader_.error(node.find("fuzz")->mark, "/policy/fuzz", "`fuzz` and `run: none`: one of them is not meant");
    }
  }

  void load_fuzz(const Node& node, Policy& policy) {
    constexpr std::array<std::string_view, 8> kKeys = {"runs",    "time",       "jobs",  "seed",
                                                       "max_len", "timeout_ms", "seeds", "property"};
    if (!loader_.is_mapping(node, "/policy/fuzz", kKeys)) return;
    FuzzPolicy& fuzz = policy.fuzz.emplace();
    number(node, "runs", 1, std::uint64_t{1} << 62, fuzz.runs);
    number(node, "jobs", 1, 256, fuzz.jobs);
    number(node, "seed", 0, std::numeric_limits<std::uint32_t>::max(), fuzz.seed);
    number(node, "max_len", 1, 1u << 20, fuzz.max_len);
    number(node, "timeout_ms", 1, 3'600'000, fuzz.timeout_ms);
    for (const std::string& path : loader_.texts(node, "/policy/fuzz", "seeds")) fuzz.seeds.push_back(beside(path));
    if (const auto word = chosen(node, "/policy/fuzz", "property", {"escape", "fault"})) fuzz.property = *word;
    if (const Node* time = node.find("time")) {
      const std::string text = loader_.text(node, "/policy/fuzz", "time");
      fuzz.seconds = run::seconds_of(text);
      if (fuzz.seconds == 0) loader_.error(time->mark, "/policy/fuzz/time", "expected a time as 90s, 10m or 8h");
    }
    if (fuzz.runs == 0 && fuzz.seconds == 0 && node.find("runs") == nullptr && node.find("time") == nullptr) {
      loader_.error(node.mark, "/policy/fuzz", "neither `runs` nor `time`: a gate has to come to an end");
    }
  }

  void load_coverage(const Node& node, Policy& policy) {
    constexpr std::array<std::string_view, 2> kKeys = {"content", "expressible"};
    if (!loader_.is_mapping(node, "/policy/coverage", kKeys)) return;
    if (const auto word = chosen(node, "/policy/coverage", "content", {"executed", "any"})) {
      policy.covers_content = *word == "executed";
    }
    if (const auto word = chosen(node, "/policy/coverage", "expressible", {"executed", "any"})) {
      policy.covers_schema = *word == "executed";
    }
  }

  void load_first_use(const Node& node, Policy& policy) {
    constexpr std::array<std::string_view, 2> kKeys = {"demand", "sign_offs"};
    if (!loader_.is_mapping(node, "/policy/first_use", kKeys)) return;
    if (const auto word = chosen(node, "/policy/first_use", "demand", {"sign_off", "nothing"})) {
      policy.demands_sign_off = *word == "sign_off";
    }
    const Node* list = node.find("sign_offs");
    if (list == nullptr) return;
    if (!list->is_sequence() || list->items.size() > kMaxSignOffs) {
      loader_.error(list->mark, "/policy/first_use/sign_offs", "expected a sequence of at most 1000 sign-offs");
      return;
    }
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      policy.sign_offs.push_back(sign_off(list->items[i], fmt::format("/policy/first_use/sign_offs/{}", i)));
    }
  }

  SignOff sign_off(const Node& node, const std::string& path) {
    constexpr std::array<std::string_view, 3> kKeys = {"use", "by", "reason"};
    SignOff out;
    out.mark = node.mark;
    if (!loader_.is_mapping(node, path, kKeys)) return out;
    out.use = required(node, path, "use", "the first use, as the gate names it");
    out.by = required(node, path, "by", "who has looked at it");
    out.reason = required(node, path, "reason", "why it may go out");
    return out;
  }

  std::string required(const Node& node, const std::string& path, std::string_view key, std::string_view meaning) {
    if (node.find(key) == nullptr) loader_.error(node.mark, path, fmt::format("`{}` is missing: {}", key, meaning));
    return loader_.text(node, path, key);
  }

  std::optional<std::string> chosen(const Node& node, const std::string& path, std::string_view key,
                                    std::initializer_list<std::string_view> words) {
    const Node* value = node.find(key);
    if (value == nullptr) return std::nullopt;
    const std::string word = loader_.text(node, path, key);
    if (word.empty()) return std::nullopt;
    if (std::ranges::find(words, word) != words.end()) return word;
    loader_.error(value->mark, fmt::format("{}/{}", path, key),
                  fmt::format("expected {}, found \"{}\"", fmt::join(words, " or "), word));
    return std::nullopt;
  }

  void number(const Node& node, std::string_view key, std::uint64_t least, std::uint64_t most, std::uint64_t& target) {
    const Node* value = node.find(key);
    if (value == nullptr) return;
    const std::string path = fmt::format("/policy/fuzz/{}", key);
    document::Problem problem;
    const auto read = document::as_unsigned(*value, problem);
    if (!read) {
      loader_.error(problem, path);
    } else if (*read < least || *read > most) {
      loader_.error(value->mark, path, fmt::format("expected a number from {} to {}", least, most));
    } else {
      target = *read;
    }
  }

  [[nodiscard]] std::string beside(const std::string& path) const { return judge::beside(document_.name, path); }

  std::vector<std::string> paths(const Node& node, std::string_view key) {
    std::vector<std::string> out = loader_.texts(node, "", key);
    for (std::string& path : out) path = beside(path);
    return out;
  }

  const document::Document& document_;
  Loader loader_;
};

}  // namespace

std::optional<Release> load_release(const std::string& path, std::vector<Finding>& problems) {
  auto document = document::load_or_tell(path, kLimits, problems);
  if (!document) return std::nullopt;
  const std::size_t before = problems.size();
  Release release = ReleaseLoader(*document, problems).load();
  if (problems.size() > before) return std::nullopt;
  release.text = std::move(document->text);
  return release;
}

}  // namespace sluice::gate
