#include "validator/cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace sluice::cli {

namespace {

constexpr std::chrono::milliseconds kPause{200};

}  // namespace

Progress::Progress(bool is_wanted)
    : is_shown_(is_wanted && ::isatty(STDERR_FILENO) == 1 && std::getenv("CI") == nullptr) {}

std::function<void(std::string_view, std::uint64_t, std::uint64_t)> Progress::teller() {
  if (!is_shown_) return {};
  return [this](std::string_view step, std::uint64_t done, std::uint64_t all) { tell(step, done, all); };
}

void Progress::tell(std::string_view step, std::uint64_t done, std::uint64_t all) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < kPause && done < all) return;
  told_ = now;
  has_line_ = true;
  fmt::print(stderr, "\r\x1b[K{}  {} of {}", step, done, all);
  std::fflush(stderr);
}

void Progress::clear() {
  const std::lock_guard lock(mutex_);
  if (!has_line_) return;
  has_line_ = false;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace sluice::cli
