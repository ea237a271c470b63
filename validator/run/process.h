// A child process that is talked to over pipes. Its words are waited for with a deadline, its standard error is drained
// so that it never blocks on us, and it is ended and collected with this object: no zombie, no process left.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::run {

// Where the program that runs now lies: its helpers are beside it. Empty if that cannot be found out.
[[nodiscard]] std::string folder_of_this_program();
// The program `name` there, or the one that the environment's `variable` names.
[[nodiscard]] std::string program_beside(const char* variable, std::string_view name);

// A broken pipe is then an error of `write` and not the end of this process.
void ignore_broken_pipes();

class Process {
 public:
  Process() = default;
  ~Process() { stop(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Starts `words[0]`, looked up in PATH if it has no slash, without a shell. On failure returns false and fills
  // `problem`; that the program is not there may also show as its end.
  [[nodiscard]] bool start(const std::vector<std::string>& words, std::string& problem);

  enum class Took : std::uint8_t { more, enough };
  enum class Talk : std::uint8_t {
    enough,  // `take` said so
    ended,   // the child closed its output
    late,
  };
  // Writes all of `out` while reading; hands what comes to `take` until it has enough.
  [[nodiscard]] Talk talk(std::span<const std::string_view> out, const std::function<Took(std::string_view)>& take,
                          std::chrono::milliseconds patience);

  // Sends a signal to it, and not to what it started; nothing where there is none.
  void signal(int number) const;

  // Ends it, now if it does not go by itself, and says how it ended: `exit code 2`, `signal 9`. Once.
  std::string stop();

  // The last that it wrote to standard error.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  void drain();
  [[nodiscard]] bool has_ended(int& status, std::chrono::milliseconds patience);

  pid_t pid_ = -1;
  int in_ = -1;  // we write
  int out_ = -1;
  int error_ = -1;
  std::string complaint_;
};

}  // namespace sluice::run
