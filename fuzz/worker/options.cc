#include "fuzz/worker/options.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <limits>
#include <string_view>

namespace sluice::worker {

namespace {

struct Option {
  std::string_view name;
  std::uint64_t least;
  std::uint64_t most;
  void (*set)(Options&, std::uint64_t);
};

constexpr std::uint64_t kGiB = 1u << 30;
constexpr std::array kOptions = {
    Option{"--stack", 4096, 16u << 20, [](Options& o, std::uint64_t n) { o.stack = n; }},
    Option{"--wall-ms", 1, 3'600'000, [](Options& o, std::uint64_t n) { o.wall_ms = static_cast<std::uint32_t>(n); }},
    Option{"--cpu-ms", 1, 3'600'000, [](Options& o, std::uint64_t n) { o.cpu_ms = static_cast<std::uint32_t>(n); }},
    Option{"--memory", 1u << 20, 64 * kGiB, [](Options& o, std::uint64_t n) { o.memory = n; }},
    Option{"--pool", 4096, 64 * kGiB, [](Options& o, std::uint64_t n) { o.pool = n; }},
};

const Option* find(std::string_view name) {
  for (const Option& option : kOptions) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

bool read(std::string_view text, const Option& option, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  return error == std::errc() && end == text.end() && number >= option.least && number <= option.most;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv, std::string& why) {
  Options options;
  std::string target;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--image") {
      if (++i == argc) {
        why = "--image wants a file";
        return std::nullopt;
      }
      options.image = argv[i];
      continue;
    }
    if (word == "--coverage") {
      options.coverage = true;
      continue;
    }
    if (!word.starts_with("--")) {
      if (!target.empty()) {
        why = "one target at a time";
        return std::nullopt;
      }
      target = word;
      continue;
    }
    const Option* option = find(word);
    if (option == nullptr) {
      why = "unknown option " + std::string(word);
      return std::nullopt;
    }
    std::uint64_t number = 0;
    ++i;
    if (i == argc || !read(argv[i], *option, number)) {
      why = std::string(word) + " wants a number from " + std::to_string(option->least) + " to " +
            std::to_string(option->most);
      return std::nullopt;
    }
    option->set(options, number);
  }
  if (target.empty()) {
    why =
        "no target; usage: sluice-run [--stack BYTES] [--wall-ms N] [--cpu-ms N] [--memory BYTES] [--pool BYTES] "
        "[--image FILE] [--coverage] TARGET.so";
    return std::nullopt;
  }
  // dlopen takes a name without a slash for one to be searched.
  std::error_code error;
  options.target = std::filesystem::absolute(target, error).string();
  return options;
}

}  // namespace sluice::worker
