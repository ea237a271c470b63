// sluice-generate: see docs/generate.md. Exit codes: 0 all files made, 1 some, 2 none.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "fuzz/mutate/dictionary.h"
#include "fuzz/mutate/format.h"
#include "fuzz/mutate/generate.h"
#include "fuzz/mutate/image_words.h"
#include "fuzz/mutate/output.h"
#include "validator/finding/finding.h"

namespace sluice::mutate {

namespace {

namespace fs = std::filesystem;

constexpr int kMade = 0, kSomeMade = 1, kRefused = 2;
constexpr std::uint64_t kMostFiles = 1'000'000;
constexpr std::uint64_t kLargest = 64u << 20;
constexpr std::size_t kGoalsTold = 40;

constexpr std::string_view kHelp =
    "sluice-generate makes valid content files from a schema and rules\n"
    "\n"
    "Usage: sluice generate --schema FILE [OPTIONS]\n"
    "\n"
    "  --schema FILE      The .ksy that says what the bytes mean\n"
    "  --include DIR      Where the schema's imports are looked for; may be repeated\n"
    "  --rules FILE       The .rules.yaml that the files are to keep\n"
    "  --driver FILE      The .driver.yaml with the builds that are to take the files\n"
    "  --build NAME       Of the builds this one only; may be repeated\n"
    "  --count N          How many files (default: 16)\n"
    "  --seed N           The same seed, the same files (default: 1)\n"
    "  --max-size N       Bytes that a file may have (default: 65536)\n"
    "  --out DIR          Where the files go; it is made if it is not there\n"
    "  --dictionary FILE  Writes the words of the format, as libFuzzer reads them by -dict and AFL++ by -x\n"
    "  --format FORMAT    How it is told what was made: text or json (default: text)\n"
    "  -h, --help         Print this\n"
    "\n"
    "Exit codes: 0 all files made, 1 fewer, 2 none\n";

struct Options {
  FormatFiles files;
  std::uint64_t count = 16;
  std::uint64_t seed = 1;
  std::uint64_t max_size = 65'536;
  std::string out;
  std::string dictionary;
  bool is_json = false;
  bool wants_help = false;
};

int complain(std::string_view what) {
  std::fprintf(stderr, "sluice-generate: %s\n", printable(what, 2000, Quotes::keep).c_str());
  return kRefused;
}

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

// What is wrong with a value; empty: nothing.
std::string take(std::string_view name, std::string_view value, Options& options) {
  const auto count = [&](std::uint64_t& target, std::uint64_t least, std::uint64_t most) -> std::string {
    const auto read = number(value, least, most);
    if (!read) return fmt::format("{} takes a number from {} to {}", name, least, most);
    target = *read;
    return "";
  };
  if (name == "--schema")
    options.files.schema = value;
  else if (name == "--include")
    options.files.include.emplace_back(value);
  else if (name == "--rules")
    options.files.rules = value;
  else if (name == "--driver")
    options.files.driver = value;
  else if (name == "--build")
    options.files.builds.emplace_back(value);
  else if (name == "--out")
    options.out = value;
  else if (name == "--dictionary")
    options.dictionary = value;
  else if (name == "--count")
    return count(options.count, 1, kMostFiles);
  else if (name == "--seed")
    return count(options.seed, 0, UINT64_MAX);
  else if (name == "--max-size")
    return count(options.max_size, 1, kLargest);
  else if (name != "--format")
    return fmt::format("there is no option {}", name);
  else if (value != "text" && value != "json")
    return "--format is text or json";
  else
    options.is_json = value == "json";
  return "";
}

std::string parse(const std::vector<std::string_view>& words, Options& options) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "-h" || word == "--help") {
      options.wants_help = true;
      return "";
    }
    if (!word.starts_with("--")) return fmt::format("{} is no option", word);
    std::optional<std::string_view> value;
    if (const auto equals = word.find('='); equals != std::string_view::npos) {
      value = word.substr(equals + 1);
      word = word.substr(0, equals);
    }
    if (!value && i + 1 == words.size()) return fmt::format("{} needs a value", word);
    if (!value) value = words[++i];
    if (std::string problem = take(word, *value, options); !problem.empty()) return problem;
  }
  if (options.files.schema.empty()) return "--schema is required";
  if (options.out.empty() && options.dictionary.empty()) return "--out or --dictionary is required";
  if (!options.files.builds.empty() && options.files.driver.empty()) return "--build needs --driver";
  if (!options.files.driver.empty() && options.files.rules.empty()) return "--driver needs --rules";
  return "";
}

// What was made, and what was not.
struct Made {
  std::vector<std::string> names;
  std::uint64_t smallest = UINT64_MAX, largest = 0;
  std::string why;  // there are no more; empty: there are as many as asked for
};

std::string as_text(const Options& options, const Generator& generator, const Made& made) {
  std::size_t reached = 0;
  for (const Generator::Goal& g : generator.goals()) reached += g.is_reached ? 1 : 0;
  std::string out = fmt::format("{} files in {}", made.names.size(), options.out);
  if (!made.names.empty()) out += fmt::format(", {} to {} bytes", made.smallest, made.largest);
  out += fmt::format("\n{} of {} goals reached\n", reached, generator.goals().size());
  std::size_t told = 0;
  for (const Generator::Goal& g : generator.goals()) {
    if (g.is_reached) continue;
    if (++told > kGoalsTold) continue;
    out += fmt::format("not reached: {}\n", generator.features().name(g.feature));
    if (!g.why.empty()) out += fmt::format("  {}\n", g.why);
  }
  if (told > kGoalsTold) out += fmt::format("and {} more\n", told - kGoalsTold);
  return out;
}

std::string as_json(const Options& options, const Generator& generator, const Made& made) {
  nlohmann::ordered_json out;
  out["version"] = 1;
  out["seed"] = options.seed;
  out["files"] = made.names;
  nlohmann::ordered_json goals = nlohmann::ordered_json::array();
  std::size_t reached = 0;
  for (const Generator::Goal& g : generator.goals()) {
    if (g.is_reached) {
      ++reached;
      continue;
    }
    goals.push_back({{"goal", generator.features().name(g.feature)}, {"why", g.why}});
  }
  out["goals"] = {{"reached", reached}, {"all", generator.goals().size()}, {"missing", std::move(goals)}};
  if (!made.why.empty()) out["why"] = made.why;
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int generate(const Options& options, const Format& format) {
  Output folder;
  if (!folder.open(options.out)) return complain(options.out + ": " + folder.problem());
  Generator generator(
      format, {.seed = options.seed, .count = options.count, .max_size = static_cast<std::uint32_t>(options.max_size)});
  Made made;
  while (made.names.size() < options.count) {
    const auto bytes = generator.next();
    if (!bytes) {
      made.why = generator.why();
      break;
    }
    const std::string name = name_by_content(*bytes) + ".bin";
    if (!folder.write(name, *bytes)) return complain(options.out + "/" + name + ": " + folder.problem());
    made.names.push_back(name);
    made.smallest = std::min<std::uint64_t>(made.smallest, bytes->size());
    made.largest = std::max<std::uint64_t>(made.largest, bytes->size());
  }
  const std::string report = options.is_json ? as_json(options, generator, made) : as_text(options, generator, made);
  const bool good = std::fwrite(report.data(), 1, report.size(), stdout) == report.size() && std::fflush(stdout) == 0;
  if (!good) return complain("the report cannot be written");
  if (made.why.empty()) return kMade;
  (void)complain(made.why);
  return made.names.empty() ? kRefused : kSomeMade;
}

int run(const std::vector<std::string_view>& words) {
  Options options;
  if (const std::string problem = parse(words, options); !problem.empty()) return complain(problem);
  if (options.wants_help) {
    std::fwrite(kHelp.data(), 1, kHelp.size(), stdout);
    return 0;
  }
  std::vector<std::string> problems;
  const auto format = Format::load(options.files, problems);
  for (const std::string& problem : problems) (void)complain(problem);
  if (!format) return kRefused;
  if (!options.dictionary.empty()) {
    std::vector<Word> dictionary = words_of(format->schema());
    std::string problem = add_image_words(options.files, dictionary);
    if (!problem.empty()) return complain(problem);
    problem = write_file(options.dictionary, as_dictionary(dictionary));
    if (!problem.empty()) return complain(options.dictionary + ": " + problem);
    if (options.out.empty()) return kMade;
  }
  return generate(options, *format);
}

}  // namespace

}  // namespace sluice::mutate

int main(int argc, char** argv) {
  try {
    return sluice::mutate::run({argv + std::min(argc, 1), argv + argc});
  } catch (const std::exception& error) {
    return sluice::mutate::complain(std::string("internal error: ") + error.what());
  }
}
