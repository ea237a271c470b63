#include "validator/cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>

#include "validator/cli/command.h"
#include "validator/finding/finding.h"
#include "validator/report/escape.h"

namespace sluice::cli {

namespace {

using Words = std::vector<std::string>;

constexpr int kUsageError = static_cast<int>(Verdict::no_verdict);

std::optional<std::uint64_t> number_in(const std::string& text, std::uint64_t minimum, std::uint64_t maximum) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < minimum || value > maximum) return std::nullopt;
  return value;
}

// CLI11 splits a positional `[a,b]` in two. Such a word is handed to it behind this byte, which no word of a command
// line can hold.
constexpr char kShield = '\0';

std::string shielded(const std::string& word) { return word.starts_with('[') ? kShield + word : word; }

std::string unshielded(std::string text) {
  std::erase(text, kShield);
  return text;
}

}  // namespace

struct Arguments::Parser {
  Parser(const Command& its_command, const Words& its_words)
      : command(its_command), words(its_words), app(std::string(its_command.summary)) {
    app.name("sluice " + std::string(command.name));
    app.footer("Examples:\n" + std::string(command.examples));
    app.set_help_flag("-h,--help", "Print this and exit");
    app.get_formatter()->column_width(36);
  }

  // CLI11's own conversions make nothing of `{}`; this takes words as they are.
  CLI::Option* add(const std::string& names, const std::string& help, std::function<void(const Words&)> store) {
    const auto callback = [store = std::move(store)](Words given) {
      for (std::string& word : given) word = unshielded(word);
      store(given);
      return true;
    };
    return app.add_option(names, callback, help)->allow_extra_args(false);
  }

  const Command& command;
  const Words& words;
  CLI::App app;
  int exit_code = 0;
};

namespace {

// The commands say what they take only when they run; whoever asks for that lets them run up to their parse().
std::vector<std::string>* g_asked_for_names = nullptr;

}  // namespace

Arguments::Arguments(const Command& command, const std::vector<std::string>& words)
    : parser_(std::make_unique<Parser>(command, words)) {}

Arguments::~Arguments() = default;

void Arguments::flag(const std::string& names, bool& target, const std::string& help) {
  parser_->app.add_flag(names, target, help);
}

void Arguments::text(const std::string& names, std::string& target, const std::string& value, const std::string& help) {
  parser_->add(names, help, [&target](const Words& words) { target = words.back(); })->type_name(value);
}

void Arguments::texts(const std::string& names, std::vector<std::string>& target, const std::string& value,
                      const std::string& help) {
  parser_->add(names, help, [&target](const Words& words) { target = words; })->type_name(value)->take_all();
}

void Arguments::choice(const std::string& names, std::string& target, const std::vector<std::string>& allowed,
                       const std::string& help) {
  const std::string list = fmt::format("{}", fmt::join(allowed, "|"));
  const auto check = [allowed, list](std::string& word) {
    const bool known = std::find(allowed.begin(), allowed.end(), word) != allowed.end();
    return known ? std::string() : fmt::format("'{}' is none of {}", printable(unshielded(word)), list);
  };
  parser_->add(names, help, [&target](const Words& words) { target = words.back(); })
      ->type_name(list)
      ->check(CLI::Validator(check, ""));
}

void Arguments::number(const std::string& names, std::uint64_t& target, std::uint64_t minimum, std::uint64_t maximum,
                       const std::string& help) {
  const auto check = [minimum, maximum](std::string& word) {
    if (number_in(word, minimum, maximum)) return std::string();
    return fmt::format("'{}' is not a decimal number in {}..{}", printable(unshielded(word)), minimum, maximum);
  };
  const auto store = [&target, minimum, maximum](const Words& words) {
    target = number_in(words.back(), minimum, maximum).value_or(target);
  };
  parser_->add(names, help, store)->type_name("N")->check(CLI::Validator(check, ""));
}

void Arguments::positionals(const std::string& name, std::vector<std::string>& target, const std::string& help,
                            bool required) {
  parser_->add(name, help, [&target](const Words& words) { target = words; })
      ->type_name("")
      ->required(required)
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args();
}

void Arguments::require(const std::string& name) { parser_->app.get_option(name)->required(); }

bool Arguments::parse() {
  if (g_asked_for_names != nullptr) {
    for (const CLI::Option* option : parser_->app.get_options()) {
      for (const std::string& name : option->get_lnames()) g_asked_for_names->push_back("--" + name);
      for (const std::string& name : option->get_snames()) g_asked_for_names->push_back("-" + name);
    }
    return false;
  }
  Words reversed;  // CLI11 wants the last one first
  std::transform(parser_->words.rbegin(), parser_->words.rend(), std::back_inserter(reversed), shielded);
  try {
    parser_->app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", parser_->app.help());
    return false;
  } catch (const CLI::ArgumentMismatch& error) {
    // CLI11 says `--schema: 1 required FILE missing`, or `At Most 1 required but received 2`.
    const std::string_view what = error.what();
    parser_->exit_code = refuse(fmt::format("{} takes one value", report::visible(what.substr(0, what.find(':')))));
    return false;
  } catch (const CLI::ParseError& error) {
    parser_->exit_code = refuse(report::visible(unshielded(error.what())));
    return false;
  }
  return true;
}

int Arguments::exit_code() const { return parser_->exit_code; }

bool Arguments::given(const std::string& name) const { return parser_->app.count(name) > 0; }

int Arguments::refuse(std::string_view problem) const {
  fmt::print(stderr, "sluice: {}\nRun 'sluice {} --help' for what it takes.\n", problem, parser_->command.name);
  return kUsageError;
}

std::vector<std::string> Arguments::option_names(const Command& command) {
  std::vector<std::string> names;
  const std::vector<std::string> no_words;
  Arguments arguments(command, no_words);
  g_asked_for_names = &names;
  (void)command.run(arguments);
  g_asked_for_names = nullptr;
  return names;
}

}  // namespace sluice::cli
