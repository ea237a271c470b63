#include "fuzz/triage/options.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace sluice::triage {

namespace {

struct Verb {
  std::string_view word;
  Options::Do what;
};
constexpr std::array kVerbs = {Verb{"triage", Options::Do::triage}, Verb{"replay", Options::Do::replay},
                               Verb{"accept", Options::Do::accept}, Verb{"fixed", Options::Do::fix},
                               Verb{"reopen", Options::Do::reopen}};

struct Text {
  std::string_view name;
  std::string Options::* to;
};
constexpr std::array kTexts = {Text{"--identity", &Options::identity}, Text{"--format", &Options::format},
                               Text{"--output", &Options::output}, Text{"--html", &Options::html},
                               Text{"--today", &Options::today}};

bool set(Options& options, std::string_view word) {
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = word.substr(std::min(equals + 1, word.size()));
  if (name == "--do") {
    const auto verb = std::ranges::find(kVerbs, value, &Verb::word);
    if (verb != kVerbs.end()) options.what = verb->what;
    return verb != kVerbs.end();
  }
  if (name == "--colour") return options.has_colour = true;
  const auto text = std::ranges::find(kTexts, name, &Text::name);
  if (text == kTexts.end()) return false;
  options.*text->to = value;
  return true;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv, std::string& why) {
  Options options;
  std::vector<char*> rest;
  for (int i = 0; i < argc; ++i) {
    if (i == 0 || !set(options, argv[i])) rest.push_back(argv[i]);
  }
  // Nothing is run for these.
  constexpr std::string_view kFolder = "--corpus=";
  if (options.what == Options::Do::accept || options.what == Options::Do::reopen) {
    if (rest.size() == 2 && std::string_view(rest[1]).starts_with(kFolder)) {
      options.engine.corpus = std::string_view(rest[1]).substr(kFolder.size());
      return options;
    }
    why = "`sluice triage` starts this program";
    return std::nullopt;
  }
  auto engine = engine::parse_options(static_cast<int>(rest.size()), rest.data(), why);
  if (!engine) return std::nullopt;
  options.engine = std::move(*engine);
  return options;
}

}  // namespace sluice::triage
