// sluice-audit: see docs/audit.md. Exit codes: 0 audited, 2 everything else.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <expected>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "fuzz/image/audit.h"
#include "fuzz/image/bind.h"
#include "fuzz/image/provided.h"

namespace sluice::image {

namespace {

namespace fs = std::filesystem;

constexpr int kRefused = 2;
constexpr std::uintmax_t kLargestFile = 512u << 20;

constexpr std::string_view kHelp =
    "sluice-audit tells what an image's code says without being run\n"
    "\n"
    "Usage: sluice audit IMAGE [OPTIONS]\n"
    "\n"
    "  IMAGE              A .sys (PE) or .ko (ELF) for x86-64 or AArch64; its PDB is looked for beside it\n"
    "  --entry SYM        Where to begin, a symbol or +0x1234; may be repeated (default: exports and the entry)\n"
    "  --format FORMAT    text or json (default: text)\n"
    "  --dictionary FILE  Writes the numbers that code compares with, as libFuzzer reads them by -dict\n"
    "  -h, --help         Print this\n"
    "\n"
    "It finds candidates, and proves nothing: see docs/audit.md.\n"
    "Exit codes: 0 audited, 2 not\n";

struct Options {
  std::string image;
  std::vector<std::string> entries;
  std::string dictionary;
  bool is_json = false;
  bool wants_help = false;
};

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < ' ' || c == '\x7F' ? '?' : c;
  return out;
}

int complain(std::string_view what) {
  std::fprintf(stderr, "sluice-audit: %s\n", printable(what).c_str());
  return kRefused;
}

// What is wrong with the command line; empty: nothing.
std::string parse(const std::vector<std::string_view>& words, Options& options) {
  bool are_options_over = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (!are_options_over && word == "--") {
      are_options_over = true;
      continue;
    }
    if (are_options_over || !word.starts_with("-")) {
      if (!options.image.empty()) return "one image at a time";
      options.image = word;
      continue;
    }
    if (word == "-h" || word == "--help") {
      options.wants_help = true;
      return "";
    }
    std::optional<std::string_view> value;
    if (const auto equals = word.find('='); equals != std::string_view::npos) {
      value = word.substr(equals + 1);
      word = word.substr(0, equals);
    }
    if (word != "--entry" && word != "--format" && word != "--dictionary") {
      return "there is no option " + std::string(word);
    }
    if (!value && i + 1 == words.size()) return std::string(word) + " needs a value";
    if (!value) value = words[++i];
    if (word == "--entry") options.entries.emplace_back(*value);
    if (word == "--dictionary") options.dictionary = *value;
    if (word == "--format" && *value != "text" && *value != "json") return "--format is text or json";
    if (word == "--format") options.is_json = *value == "json";
  }
  return options.image.empty() ? "which image?" : "";
}

std::expected<std::vector<std::uint8_t>, std::string> read_file(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (error) return std::unexpected("cannot be read: " + error.message());
  if (!fs::is_regular_file(status)) return std::unexpected("is not a file");
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return std::unexpected("cannot be read: " + error.message());
  if (size > kLargestFile) return std::unexpected("is larger than 512 MiB");
  std::vector<std::uint8_t> bytes(size);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  const bool good =
      file && file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!good)
    return std::unexpected(std::string("cannot be read: ") + (errno != 0 ? std::strerror(errno) : "it shrank"));
  return bytes;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return static_cast<bool>(file);
}

// Adds the symbols of the image's PDB, if it lies beside it. A sentence on it.
std::string add_symbols(const Options& options, ImageFile& image) {
  if (image.symbol_file.empty()) return image.format == Format::pe ? "names no PDB" : "";
  const fs::path path = fs::path(options.image).parent_path() / image.symbol_file;
  std::error_code error;
  if (!fs::exists(path, error)) return image.symbol_file + " is not beside it: only exports have names";
  const auto bytes = read_file(path);
  if (!bytes) return image.symbol_file + " " + bytes.error();
  const auto added = add_pdb_symbols(image, *bytes);
  return image.symbol_file + (added ? " is beside it" : " " + added.error());
}

// Those that are named. What is wrong with one is returned.
std::expected<std::vector<Entry>, std::string> find_entries(const Options& options, const ImageFile& image) {
  std::vector<Entry> entries;
  for (const std::string& name : options.entries) {
    std::string why;
    const auto offset = find_symbol(image, name, why);
    if (!offset) return std::unexpected(name + " " + why);
    const Section* section = section_at(image, *offset);
    if (section == nullptr || !section->is_executable) return std::unexpected(name + " is no code");
    entries.push_back({name, *offset});
  }
  return entries;
}

int run(const std::vector<std::string_view>& words) {
  Options options;
  if (const std::string problem = parse(words, options); !problem.empty()) return complain(problem);
  if (options.wants_help) {
    std::fwrite(kHelp.data(), 1, kHelp.size(), stdout);
    return 0;
  }
  const auto bytes = read_file(options.image);
  if (!bytes) return complain(options.image + ": " + bytes.error());
  auto parsed = parse_image(*bytes, fs::path(options.image).filename().string());
  if (!parsed) return complain(options.image + ": " + parsed.error());
  ImageFile& image = *parsed;

  // Before the PDB adds what is not exported.
  std::vector<Entry> entries = default_entries(image);
  const std::string symbols = add_symbols(options, image);
  if (!options.entries.empty()) {
    auto named = find_entries(options, image);
    if (!named) return complain(options.image + ": " + named.error());
    entries = std::move(*named);
  }
  Audit found = audit(image, entries, [&](std::string_view name) {
    return is_provided(name) || (image.format == Format::elf && is_made_here(name));
  });
  found.symbols = symbols;
  const std::string report = options.is_json ? audit_as_json(found) : audit_as_text(found);
  if (!options.dictionary.empty() && !write_file(options.dictionary, audit_as_dictionary(found))) {
    return complain(options.dictionary + ": cannot be written");
  }
  const bool good = std::fwrite(report.data(), 1, report.size(), stdout) == report.size() && std::fflush(stdout) == 0;
  return good ? 0 : complain("the report cannot be written");
}

}  // namespace

}  // namespace sluice::image

int main(int argc, char** argv) {
  try {
    return sluice::image::run({argv + std::min(argc, 1), argv + argc});
  } catch (const std::exception& error) {
    return sluice::image::complain(std::string("internal error: ") + error.what());
  }
}
