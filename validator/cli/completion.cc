// sluice completion: made from the table of commands, so that it cannot fall behind.
#include <fmt/format.h>

#include <map>
#include <set>

#include "validator/cli/command.h"
#include "validator/cli/output.h"
#include "validator/finding/finding.h"

namespace sluice::cli {

namespace {

// Under "" the first words, under `check` its options, under `schema` the words that may follow it.
std::map<std::string, std::set<std::string>> words_by_prefix() {
  std::map<std::string, std::set<std::string>> words;
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    const std::size_t space = name.find(' ');
    words[""].insert(name.substr(0, space));
    if (space != std::string::npos) words[name.substr(0, space)].insert(name.substr(space + 1));
    for (const std::string& option : Arguments::option_names(command)) words[name].insert(option);
  }
  for (const FindingKind& kind : all_finding_kinds()) words["explain"].insert(code_of(kind.id));
  return words;
}

constexpr std::string_view kHead = R"(# bash completion for sluice
_sluice() {
  local current=${COMP_WORDS[COMP_CWORD]} words
  case "$COMP_CWORD:${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
)";

constexpr std::string_view kTail = R"(  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -o filenames -F _sluice sluice
)";

// `1:*` while the first word is typed; then by the first word, or by two where the command has two.
std::string pattern_of(const std::string& prefix) {
  if (prefix.empty()) return "1:*";
  if (prefix.find(' ') != std::string::npos) return fmt::format("*:'{}'", prefix);
  return fmt::format("*:'{} '*", prefix);
}

std::string bash_script() {
  const auto words = words_by_prefix();
  std::string cases;
  std::string general;  // `schema` is tried after `schema check`
  for (const auto& [prefix, choices] : words) {
    const std::string line = fmt::format("    {}) words='{}' ;;\n", pattern_of(prefix), fmt::join(choices, " "));
    (prefix.empty() || prefix.find(' ') != std::string::npos ? cases : general) += line;
  }
  return std::string(kHead) + cases + general + std::string(kTail);
}

}  // namespace

int run_completion(Arguments& arguments) {
  std::vector<std::string> shells;
  arguments.positionals("SHELL", shells, "bash");
  if (!arguments.parse()) return arguments.exit_code();
  if (shells != std::vector<std::string>{"bash"}) return arguments.refuse("there is a script for bash only");
  return print(bash_script());
}

}  // namespace sluice::cli
