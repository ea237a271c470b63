// Debug information is as hostile as what it came with: what it names is shown only if it is a small file that is
// called as source is.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "fuzz/explain/code.h"

namespace sluice::explain {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLinesBefore = 4;
constexpr std::uint64_t kLinesBehind = 3;
constexpr std::uintmax_t kLargestSource = 8u << 20;
constexpr std::size_t kLongestLine = 200;
constexpr std::size_t kMostFolders = 12;  // above the one that was given
constexpr std::string_view kNames[] = {".c",   ".cc",  ".cpp", ".cxx", ".h",   ".hh", ".hpp",
                                       ".hxx", ".inl", ".ipp", ".rs",  ".asm", ".s",  ".S"};

bool is_source(const fs::path& path) {
  std::error_code failed;
  const fs::path real = fs::canonical(path, failed);
  if (failed || std::ranges::find(kNames, real.extension().string()) == std::end(kNames)) return false;
  if (!fs::is_regular_file(real, failed)) return false;
  const std::uintmax_t size = fs::file_size(real, failed);
  return !failed && size <= kLargestSource;
}

// As it is called below one of the folders or a folder above it; as a shorter end of it in the folders alone, where
// other files have the same name less often.
fs::path found(const fs::path& name, std::span<const fs::path> folders) {
  if (name.is_absolute() && is_source(name)) return name;
  const fs::path relative = name.relative_path();
  for (fs::path folder : folders) {
    for (std::size_t k = 0; k < kMostFolders; ++k) {
      if (is_source(folder / relative)) return folder / relative;
      if (folder == folder.parent_path()) break;
      folder = folder.parent_path();
    }
  }
  for (const fs::path& folder : folders) {
    for (auto part = relative.begin(); part != relative.end(); ++part) {
      fs::path end;
      for (auto rest = part; rest != relative.end(); ++rest) end /= *rest;
      if (is_source(folder / end)) return folder / end;
    }
  }
  return {};
}

std::string shown(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  for (std::size_t tab = line.find('\t'); tab != line.npos; tab = line.find('\t', tab)) {
    line.replace(tab, 1, 4 - tab % 4, ' ');
  }
  if (line.size() > kLongestLine) line = line.substr(0, kLongestLine) + " ..";
  return line;
}

}  // namespace

report::CodeExcerpt source_around(const SourcePlace& place, std::span<const fs::path> folders) {
  report::CodeExcerpt out{.title = place.file, .lines = {}, .note = {}};
  const fs::path path = found(place.file, folders);
  if (path.empty()) {
    out.note = fmt::format("line {}; the file is not here", place.line);
    return out;
  }
  std::ifstream file(path, std::ios::binary);
  std::string line;
  for (std::uint64_t number = 1; std::getline(file, line); ++number) {
    if (number > place.line && number - place.line > kLinesBehind) break;
    if (number < place.line && place.line - number > kLinesBefore) continue;
    out.lines.push_back({fmt::format("{}", number), shown(line), number == place.line});
  }
  if (std::ranges::none_of(out.lines, &report::CodeLine::is_fault)) {
    out.lines.clear();
    out.note = fmt::format("the file that is here has no line {}: it is another version", place.line);
  }
  return out;
}

}  // namespace sluice::explain
