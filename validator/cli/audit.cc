// sluice audit: becomes sluice-audit, which lies beside this program. What an image says is not read here.
#include "validator/cli/command.h"
#include "validator/cli/helper.h"

namespace sluice::cli {

namespace {

struct Options {
  std::vector<std::string> images;
  std::vector<std::string> entries;
  std::string format = "text";
  std::string dictionary;
};

void declare(Arguments& arguments, Options& options) {
  arguments.positionals("IMAGE", options.images, "A .sys or .ko; its PDB is looked for beside it");
  arguments.texts("--entry", options.entries, "SYM",
                  "Where to begin, a symbol or +0x1234 (default: exports and the entry); may be repeated");
  arguments.choice("-f,--format", options.format, {"text", "json"}, "How it is told (default: text)");
  arguments.text("--dictionary", options.dictionary, "FILE",
                 "Writes the numbers that code compares with, as libFuzzer reads them by -dict");
}

// As sluice-audit takes them: a value that begins with a dash stays one.
std::vector<std::string> words_of(const Options& options) {
  std::vector<std::string> words = {"--format=" + options.format};
  for (const std::string& entry : options.entries) words.push_back("--entry=" + entry);
  if (!options.dictionary.empty()) words.push_back("--dictionary=" + options.dictionary);
  words.emplace_back("--");
  words.push_back(options.images.front());
  return words;
}

}  // namespace

int run_audit(Arguments& arguments) {
  Options options;
  declare(arguments, options);
  if (!arguments.parse()) return arguments.exit_code();
  if (options.images.size() != 1) return arguments.refuse("one image at a time");
  return become("SLUICE_AUDIT", "sluice-audit", words_of(options));
}

}  // namespace sluice::cli
