// One line on a terminal that says how far a long command is; nothing anywhere else.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

namespace sluice::cli {

class Progress {
 public:
  explicit Progress(bool is_wanted);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Says `judge  12 of 1000`, a few times a second. For many threads; empty where there is no terminal. Aliases this.
  [[nodiscard]] std::function<void(std::string_view step, std::uint64_t done, std::uint64_t all)> teller();

  // Takes the line away: what comes is not to stand behind it.
  void clear();

 private:
  void tell(std::string_view step, std::uint64_t done, std::uint64_t all);

  const bool is_shown_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point told_{};
  bool has_line_ = false;
};

}  // namespace sluice::cli
