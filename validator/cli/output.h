// Where data goes: standard output, or a file that is there in full or not at all.
#pragma once

#include <string>

#include "validator/bytes/new_file.h"

namespace sluice::cli {

class Output {
 public:
  // An empty path is standard output. On failure returns false and `problem()` says why.
  [[nodiscard]] bool open(const std::string& path);

  // Writes what is in `text` if that is worth a system call, and empties it then.
  void drain(std::string& text);

  // Writes the rest; a file gets its name. False if anything, now or earlier, could not be written.
  [[nodiscard]] bool close(std::string& text);

  [[nodiscard]] const std::string& problem() const { return problem_.empty() ? file_.reason() : problem_; }

 private:
  void write(const std::string& text);
  void fail();

  bytes::NewFile file_;  // not open: standard output
  std::string problem_;  // of standard output
};

// For a command with one text to print: prints it and returns `exit_code`, or 2 if it cannot be written.
[[nodiscard]] int print(const std::string& text, int exit_code = 0);

// A line on standard error: `sluice: ...`. Control bytes are made visible.
void complain(const std::string& text);

// Whether text for people is to be coloured: standard output is a terminal that knows colours and nobody said no.
// FORCE_COLOR overrides the terminal, `--no-color` and NO_COLOR override that.
[[nodiscard]] bool wants_colour(bool no_color_given);

}  // namespace sluice::cli
