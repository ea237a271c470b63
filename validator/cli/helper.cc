#include "validator/cli/helper.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "validator/cli/output.h"
#include "validator/finding/finding.h"
#include "validator/run/process.h"

namespace sluice::cli {

int become(const char* variable, const std::string& name, std::vector<std::string> words) {
  const std::string program = run::program_beside(variable, name);
  words.insert(words.begin(), program);
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(program.c_str(), pointers.data());
  complain(fmt::format("{}: {}", program, std::generic_category().message(errno)));
  return static_cast<int>(Verdict::no_verdict);
}

}  // namespace sluice::cli
