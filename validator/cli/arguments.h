// The arguments of one sub-command. The only file that includes CLI11 is arguments.cc.
//
// A command says what it takes, then asks for it:
//
//   std::vector<std::string> files;
//   arguments.positionals("FILE", files, "content files");
//   if (!arguments.parse()) return arguments.exit_code();
//
// Nothing is converted behind the command's back: `010` is the number ten, and a file may be named `[a,b]`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::cli {

struct Command;

class Arguments {
 public:
  // `words` are what stood after the command's name. Both are aliased.
  Arguments(const Command& command, const std::vector<std::string>& words);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // Names are as in `-j,--jobs`. The targets are written by `parse` and must outlive it; what was not given is left
  // as it was.
  void flag(const std::string& names, bool& target, const std::string& help);
  void text(const std::string& names, std::string& target, const std::string& value, const std::string& help);
  void texts(const std::string& names, std::vector<std::string>& target, const std::string& value,
             const std::string& help);  // one value each time it is given
  void choice(const std::string& names, std::string& target, const std::vector<std::string>& allowed,
              const std::string& help);
  void number(const std::string& names, std::uint64_t& target, std::uint64_t minimum, std::uint64_t maximum,
              const std::string& help);
  void positionals(const std::string& name, std::vector<std::string>& target, const std::string& help,
                   bool required = true);
  void require(const std::string& name);

  // False: the command is to return `exit_code()`. Help (0) or an error (2) was printed already.
  [[nodiscard]] bool parse();
  [[nodiscard]] int exit_code() const;
  [[nodiscard]] bool given(const std::string& name) const;

  // Prints what is wrong with the arguments as `parse` does, and returns the exit code.
  [[nodiscard]] int refuse(std::string_view problem) const;

  // The names of all options, for shell completion. While it is being asked for, `parse` is false.
  [[nodiscard]] static std::vector<std::string> option_names(const Command& command);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace sluice::cli
