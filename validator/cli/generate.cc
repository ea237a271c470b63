// sluice generate: becomes sluice-generate, which lies beside this program.
#include "validator/cli/command.h"
#include "validator/cli/helper.h"

namespace sluice::cli {

namespace {

struct Options {
  std::string schema;
  std::vector<std::string> include;
  std::string rules;
  std::string driver;
  std::vector<std::string> builds;
  std::uint64_t count = 16;
  std::uint64_t seed = 1;
  std::uint64_t max_size = 65536;
  std::string out;
  std::string dictionary;
  std::string format = "text";
};

void declare(Arguments& arguments, Options& options) {
  arguments.text("-s,--schema", options.schema, "FILE", "The .ksy that says what the bytes mean");
  arguments.texts("-I,--include", options.include, "DIR", "Where the schema's imports are looked for");
  arguments.text("-r,--rules", options.rules, "FILE", "The .rules.yaml that the files are to keep");
  arguments.text("-d,--driver", options.driver, "FILE", "The .driver.yaml with the builds that are to take the files");
  arguments.texts("-b,--build", options.builds, "NAME", "Of the builds this one only; may be repeated");
  arguments.number("-n,--count", options.count, 1, 1'000'000, "How many files (default: 16)");
  arguments.number("--seed", options.seed, 0, UINT64_MAX, "The same seed, the same files (default: 1)");
  arguments.number("--max-size", options.max_size, 1, 64u << 20, "Bytes that a file may have (default: 65536)");
  arguments.text("-o,--out", options.out, "DIR", "Where the files go; it is made if it is not there");
  arguments.text("--dictionary", options.dictionary, "FILE",
                 "Writes the words of the format, as libFuzzer reads them by -dict and AFL++ by -x");
  arguments.choice("-f,--format", options.format, {"text", "json"}, "How it is told what was made (default: text)");
}

std::vector<std::string> words_of(const Options& options) {
  std::vector<std::string> words = {
      "--schema=" + options.schema, "--format=" + options.format, "--count=" + std::to_string(options.count),
      "--seed=" + std::to_string(options.seed), "--max-size=" + std::to_string(options.max_size)};
  for (const std::string& folder : options.include) words.push_back("--include=" + folder);
  for (const std::string& build : options.builds) words.push_back("--build=" + build);
  for (const auto& [name, value] :
       {std::pair("--rules=", &options.rules), std::pair("--driver=", &options.driver),
        std::pair("--out=", &options.out), std::pair("--dictionary=", &options.dictionary)}) {
    if (!value->empty()) words.push_back(name + *value);
  }
  return words;
}

}  // namespace

int run_generate(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();
  if (options.schema.empty()) return arguments.refuse("--schema is required");
  if (options.out.empty() && options.dictionary.empty()) return arguments.refuse("--out or --dictionary is required");
  if (!options.builds.empty() && options.driver.empty()) return arguments.refuse("--build needs --driver");
  if (!options.driver.empty() && options.rules.empty()) {
    return arguments.refuse("--driver needs --rules: a schema does not say what content needs of a build");
  }
  return become("SLUICE_GENERATE", "sluice-generate", words_of(options));
}

}  // namespace sluice::cli
