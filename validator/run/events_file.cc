#include "validator/run/events_file.h"

#include <fmt/format.h>

#include <array>

#include "validator/document/read.h"

namespace sluice::run {

namespace {

using document::Node;

constexpr document::Limits kLimits = {.bytes = 4u << 20, .depth = 16, .nodes = 1u << 18};
constexpr std::size_t kMostEvents = 65'536;
constexpr std::size_t kMostInputs = 1024;
constexpr std::uint64_t kLargestU32 = 0xFFFFFFFF;

class Loader {
 public:
  Loader(const document::Document& document, std::vector<Finding>& problems)
      : document_(document), problems_(problems) {}

  std::optional<EventsFile> run() {
    constexpr std::array<std::string_view, 1> kKeys = {"events"};
    const Node& root = document_.root;
    if (!is_mapping(root, "", kKeys)) return std::nullopt;
    const Node* events = root.find("events");
    if (events == nullptr || !events->is_sequence() || events->items.empty()) {
      error(events == nullptr ? root.mark : events->mark, "/events", "expected a sequence of events");
    } else if (events->items.size() > kMostEvents) {
      error(events->mark, "/events", fmt::format("more than {} events", kMostEvents));
    } else {
      for (std::size_t i = 0; i < events->items.size(); ++i) {
        load_event(events->items[i], fmt::format("/events/{}", i), static_cast<std::uint32_t>(i));
      }
    }
    return problems_.empty() ? std::optional(std::move(file_)) : std::nullopt;
  }

 private:
  void error(document::Mark mark, const std::string& path, std::string message) {
    Finding finding = Finding::of(FindingId::bad_events).with("reason", std::move(message));
    finding.file = document_.name;
    finding.path = path;
    finding.text = TextPlace{mark.line, mark.column};
    finding.excerpt = document::excerpt(document_.text, mark);
    problems_.push_back(std::move(finding));
  }
  void error(const document::Problem& problem, const std::string& path) { error(problem.mark, path, problem.message); }

  bool is_mapping(const Node& node, const std::string& path, std::span<const std::string_view> keys) {
    std::vector<document::Problem> problems;
    (void)document::check_keys(node, keys, problems);
    for (const document::Problem& problem : problems) error(problem, path);
    return problems.empty() && node.is_mapping();
  }

  void load_event(const Node& node, const std::string& path, std::uint32_t number) {
    constexpr std::array<std::string_view, 2> kKeys = {"type", "inputs"};
    if (!is_mapping(node, path, kKeys)) return;
    Asked asked{.event = {}, .aim = {}, .number = number};
    if (const Node* type = node.find("type")) {
      asked.event.type = static_cast<std::uint32_t>(number_in(*type, path + "/type", kLargestU32).value_or(0));
    } else {
      error(node.mark, path, "`type` is missing: the number of a template type");
    }
    const Node* inputs = node.find("inputs");
    if (inputs == nullptr || !inputs->is_sequence()) {
      error(inputs == nullptr ? node.mark : inputs->mark, path + "/inputs", "expected a sequence of inputs");
    } else if (inputs->items.size() > kMostInputs) {
      error(inputs->mark, path + "/inputs", fmt::format("more than {} inputs", kMostInputs));
    } else {
      for (std::size_t i = 0; i < inputs->items.size(); ++i) {
        asked.event.inputs.push_back(input(inputs->items[i], fmt::format("{}/inputs/{}", path, i)));
      }
    }
    file_.events.push_back(std::move(asked));
  }

  std::optional<std::uint64_t> number_in(const Node& node, const std::string& path, std::uint64_t largest) {
    document::Problem problem;
    const auto number = document::as_unsigned(node, problem);
    if (!number) {
      error(problem, path);
    } else if (*number > largest) {
      error(node.mark, path, fmt::format("more than {}", largest));
    }
    return number && *number <= largest ? number : std::nullopt;
  }

  // In quotes it is text; without them a number; everything else says its kind.
  std::uint32_t input(const Node& node, const std::string& path) {
    if (node.is_null()) return kAbsent;
    if (node.is_scalar()) {
      if (node.quoted) return file_.values.add(utf16_value(node.text));
      return number(node, path, InputKind::u32);
    }
    constexpr std::array<std::string_view, 5> kKinds = {"utf16", "text", "hex", "u32", "u64"};
    if (!node.is_mapping() || node.entries.size() != 1) {
      error(node.mark, path,
            "expected text in quotes, a number, null, or one of {utf16: ..}, {text: ..}, {hex: ..}, {u32: ..}, {u64: "
            "..}");
      return kAbsent;
    }
    if (!is_mapping(node, path, kKinds)) return kAbsent;
    const document::Entry& entry = node.entries.front();
    const std::string here = fmt::format("{}/{}", path, entry.key);
    if (entry.key == "u32") return number(entry.value, here, InputKind::u32);
    if (entry.key == "u64") return number(entry.value, here, InputKind::u64);
    document::Problem problem;
    const auto text = document::as_string(entry.value, problem);
    if (!text) {
      error(problem, here);
      return kAbsent;
    }
    if (entry.key == "utf16") return file_.values.add(utf16_value(*text));
    if (entry.key == "text") return file_.values.add({InputKind::bytes, std::string(*text)});
    return hex(*text, entry.value.mark, here);
  }

  std::uint32_t number(const Node& node, const std::string& path, InputKind kind) {
    const auto value = number_in(node, path, kind == InputKind::u32 ? kLargestU32 : ~std::uint64_t{0});
    return value ? file_.values.add(number_value(kind, *value)) : kAbsent;
  }

  std::uint32_t hex(std::string_view text, document::Mark mark, const std::string& path) {
    const auto digit = [](char c) -> int {
      if ('0' <= c && c <= '9') return c - '0';
      if ('a' <= c && c <= 'f') return c - 'a' + 10;
      return 'A' <= c && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
      const int high = digit(text[i]);
      const int low = digit(text[i + 1]);
      if (high < 0 || low < 0) break;
      bytes += static_cast<char>(high * 16 + low);
    }
    if (2 * bytes.size() == text.size()) return file_.values.add({InputKind::bytes, std::move(bytes)});
    error(mark, path, "expected pairs of hexadecimal digits");
    return kAbsent;
  }

  const document::Document& document_;
  std::vector<Finding>& problems_;
  EventsFile file_;
};

void refuse(const std::string& name, std::string_view text, const document::Problem& problem,
            std::vector<Finding>& problems) {
  Finding finding = Finding::of(FindingId::bad_yaml).with("reason", problem.message);
  finding.file = name;
  finding.text = TextPlace{problem.mark.line, problem.mark.column};
  if (!text.empty()) finding.excerpt = document::excerpt(text, problem.mark);
  problems.push_back(std::move(finding));
}

}  // namespace

std::optional<EventsFile> load_events_text(const std::string& name, const std::string& text,
                                           std::vector<Finding>& problems) {
  document::Problem problem;
  const auto document = document::parse(name, text, problem, kLimits);
  if (document) return Loader(*document, problems).run();
  refuse(name, text, problem, problems);
  return std::nullopt;
}

std::optional<EventsFile> load_events(const std::string& path, std::vector<Finding>& problems) {
  document::Problem problem;
  const auto text = document::read_file(path, problem, kLimits);
  if (text) return load_events_text(path, *text, problems);
  refuse(path, "", problem, problems);
  return std::nullopt;
}

}  // namespace sluice::run
