// sluice: finds the sub-command in the table and runs it. Exit codes: 0 PASS, 1 FAIL, 2 NO VERDICT and everything else.
#include <fmt/core.h>

#include <algorithm>
#include <exception>

#include "validator/cli/command.h"
#include "validator/cli/nearest.h"
#include "validator/cli/output.h"
#include "validator/finding/finding.h"

namespace sluice::cli {

namespace {

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

std::string help() {
  std::string out =
      "sluice judges binary content before it reaches the drivers that interpret it\n\n"
      "Usage: sluice COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands:\n";
  for (const Command& command : all_commands()) out += fmt::format("  {:<14} {}\n", command.name, command.summary);
  return out +
         "\n'sluice COMMAND --help' says what a command takes.\n"
         "Exit codes: 0 PASS, 1 FAIL, 2 NO VERDICT (usage, bad schema, unreadable input, limit hit)\n\n"
         "Example:\n  sluice check content/ --schema channel.ksy\n";
}

// The words of `name` that `words` begins with; zero if they do not.
std::size_t matched_words(std::string_view name, const std::vector<std::string>& words) {
  const std::size_t space = name.find(' ');
  if (words.empty() || words[0] != name.substr(0, space)) return 0;
  if (space == std::string_view::npos) return 1;
  return words.size() > 1 && words[1] == name.substr(space + 1) ? 2 : 0;
}

// No command has this name; perhaps it is the first word of some.
int refuse(const std::vector<std::string>& words) {
  std::vector<std::string> names;
  std::string members;
  for (const Command& command : all_commands()) {
    names.emplace_back(command.name);
    const std::string_view first = command.name.substr(0, command.name.find(' '));
    if (first == words[0]) members += fmt::format("  sluice {:<14} {}\n", command.name, command.summary);
  }
  if (members.empty()) {
    complain(fmt::format("there is no command '{}'{}", words[0], suggestion(words[0], names)));
    fmt::print(stderr, "Run 'sluice --help' for all commands.\n");
    return kNoVerdict;
  }
  const bool asks_for_help = words.size() > 1 && (words[1] == "--help" || words[1] == "-h");
  if (asks_for_help) return print(members);
  fmt::print(stderr, "sluice: '{}' is one of these:\n{}", words[0], members);
  return kNoVerdict;
}

int run(std::vector<std::string> words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", help());
    return kNoVerdict;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") return print(help());
  if (words[0] == "--version") words[0] = "version";
  for (const Command& command : all_commands()) {
    const std::size_t matched = matched_words(command.name, words);
    if (matched == 0) continue;
    const std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(matched), words.end());
    Arguments arguments(command, rest);
    return command.run(arguments);
  }
  return refuse(words);
}

}  // namespace

}  // namespace sluice::cli

int main(int argc, char** argv) {
  try {
    return sluice::cli::run({argv + std::min(argc, 1), argv + argc});
  } catch (const std::exception& error) {
    // Memory that ran out, at most: it must not look like a verdict.
    sluice::cli::complain(fmt::format("internal error: {}", error.what()));
    return sluice::cli::kNoVerdict;
  }
}
