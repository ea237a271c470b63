#include "fuzz/engine/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace sluice::engine {

namespace {

struct Text {
  std::string_view name;
  void (*set)(Options&, std::string);
};
struct Number {
  std::string_view name;
  std::uint64_t least;
  std::uint64_t most;
  std::uint64_t Options::* to;
};

constexpr std::array kTexts = {
    Text{"--sluice", [](Options& o, std::string t) { o.sluice = std::move(t); }},
    Text{"--schema", [](Options& o, std::string t) { o.schema = std::move(t); }},
    Text{"--rules", [](Options& o, std::string t) { o.rules = std::move(t); }},
    Text{"--driver", [](Options& o, std::string t) { o.driver = std::move(t); }},
    Text{"--builds", [](Options& o, std::string t) { o.builds_folder = std::move(t); }},
    Text{"--include", [](Options& o, std::string t) { o.include.push_back(std::move(t)); }},
    Text{"--corpus", [](Options& o, std::string t) { o.corpus = std::move(t); }},
    Text{"--seeds", [](Options& o, std::string t) { o.seeds.push_back(std::move(t)); }},
    Text{"--faults", [](Options& o, std::string t) { o.faults = std::move(t); }},
    Text{"--summary", [](Options& o, std::string t) { o.summary = std::move(t); }},
    // What follows is about this build.
    Text{"--build",
         [](Options& o, std::string t) { o.builds.push_back({.name = std::move(t), .files = {}, .format = nullptr}); }},
};
// Of the last --build.
constexpr std::array kOfBuild = {
    Text{"--target", [](Options& o, std::string t) { o.builds.back().files.target = std::move(t); }},
    Text{"--image", [](Options& o, std::string t) { o.builds.back().files.image = std::move(t); }},
};
constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
constexpr std::array kNumbers = {
    Number{"--time", 1, 100'000'000, &Options::seconds},
    Number{"--runs", 1, kMost, &Options::runs},
    Number{"--jobs", 1, 256, &Options::jobs},
    Number{"--max-faults", 1, 256, &Options::max_faults},
    Number{"--inputs-per-fault", 1, kMaxInputsPerFault, &Options::inputs_per_fault},
    Number{"--seed", 0, UINT32_MAX, &Options::seed},
    Number{"--max-len", 1, kMaxInput, &Options::max_len},
    Number{"--timeout-ms", 1, 3'600'000, &Options::timeout_ms},
    Number{"--skip-deterministic", 1, 1, &Options::skips_stage},
    Number{"--merge", 1, 1, &Options::merges},
    Number{"--tell-every", 1, 3600, &Options::tell_every},
    Number{"--parent", 1, INT32_MAX, &Options::parent},
};

bool read(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  return error == std::errc() && end == text.end();
}

// "3:20,1:12"
bool read_supplies(std::string_view text, std::vector<worker::Supply>& supplies) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const std::size_t colon = pair.find(':');
    std::uint64_t type = 0;
    std::uint64_t count = 0;
    if (colon == std::string_view::npos || !read(pair.substr(0, colon), type) || !read(pair.substr(colon + 1), count)) {
      return false;
    }
    if (type > UINT32_MAX || count > UINT32_MAX || supplies.size() == worker::kMaxSupplies) return false;
    supplies.push_back({.type = static_cast<std::uint32_t>(type), .count = static_cast<std::uint32_t>(count)});
  }
  return true;
}

bool set_number(Options& options, std::string_view name, std::string_view value, std::string& why) {
  for (const Number& number : kNumbers) {
    if (number.name != name) continue;
    std::uint64_t& to = options.*number.to;
    if (read(value, to) && to >= number.least && to <= number.most) return true;
    why = std::string(name) + " wants a number from " + std::to_string(number.least) + " to " +
          std::to_string(number.most);
    return false;
  }
  why = "unknown option " + std::string(name);
  return false;
}

bool set(Options& options, std::string_view name, std::string value, std::string& why) {
  for (const Text& text : kTexts) {
    if (text.name == name) return text.set(options, std::move(value)), true;
  }
  if (name == "--property") {
    options.property = value == "escape" ? Property::escape : value == "drift" ? Property::drift : Property::fault;
    return true;
  }
  const auto of_build = std::ranges::find(kOfBuild, name, &Text::name);
  if (of_build == kOfBuild.end() && name != "--supplies") return set_number(options, name, value, why);
  if (options.builds.empty()) {
    why = std::string(name) + " comes after --build";
    return false;
  }
  if (of_build != kOfBuild.end()) return of_build->set(options, std::move(value)), true;
  if (read_supplies(value, options.builds.back().files.supplies)) return true;
  why = "--supplies wants TYPE:COUNT,...";
  return false;
}

bool read_file(const std::filesystem::path& path, std::string& bytes) {
  std::ifstream file(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return file.good() || file.eof();
}

}  // namespace

bool load_image(HostFiles& files, std::string& why) {
  if (files.image.empty()) return true;
  if (!read_file(files.image, files.image_bytes)) {
    why = files.image + ": cannot be read";
    return false;
  }
  std::error_code error;
  const auto symbols = std::filesystem::path(files.image).replace_extension(".pdb");
  if (std::filesystem::is_regular_file(symbols, error)) read_file(symbols, files.symbol_bytes);
  return true;
}

std::unique_ptr<mutate::Format> load_format(const Options& options, const std::string& build, std::string& why) {
  mutate::FormatFiles files{.schema = options.schema, .rules = options.rules, .driver = options.driver};
  if (!build.empty()) files.builds = {build};
  files.include.assign(options.include.begin(), options.include.end());
  std::vector<std::string> problems;
  auto format = mutate::Format::load(files, problems);
  if (format == nullptr) why = problems.empty() ? "the documents cannot be used" : problems.front();
  return format;
}

std::optional<Options> parse_options(int argc, char** argv, std::string& why) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) {
      why = "wants --NAME=VALUE, not " + std::string(word) + ": `sluice fuzz` starts this program";
      return std::nullopt;
    }
    if (!set(options, word.substr(0, equals), std::string(word.substr(equals + 1)), why)) return std::nullopt;
  }
  const bool has_targets = std::ranges::none_of(options.builds, [](const auto& b) { return b.files.target.empty(); });
  if (options.builds.empty() || !has_targets || options.corpus.empty() || options.faults.empty()) {
    why = "`sluice fuzz` starts this program";
    return std::nullopt;
  }
  return options;
}

}  // namespace sluice::engine
