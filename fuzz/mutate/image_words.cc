#include "fuzz/mutate/image_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "fuzz/image/audit.h"
#include "validator/contract/driver.h"

namespace sluice::mutate {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestImage = 512u << 20;

std::optional<std::vector<std::uint8_t>> read_image(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  if (error || size == 0 || size > kLargestImage) return std::nullopt;
  std::vector<std::uint8_t> bytes(size);
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) return std::nullopt;
  return bytes;
}

std::string add_image(const fs::path& path, std::set<std::vector<std::uint8_t>>& seen, std::vector<Word>& words) {
  const auto bytes = read_image(path);
  if (!bytes) return fmt::format("{}: cannot be read", path.string());
  const auto image = image::parse_image(*bytes, path.filename().string());
  if (!image) return fmt::format("{}: {}", path.string(), image.error());
  const auto entries = image::default_entries(*image);
  const image::Audit audit = image::audit(*image, entries, [](std::string_view) { return false; });
  for (const image::Constant& constant : audit.dictionary) {
    std::vector<std::uint8_t> word;
    for (unsigned i = 0; i < constant.size; ++i) word.push_back(static_cast<std::uint8_t>(constant.value >> (8 * i)));
    if (word.empty() || words.size() >= kMostWords || !seen.insert(word).second) continue;
    words.push_back({fmt::format("u{}_{:x}", constant.size * 8, constant.value), std::move(word)});
  }
  return "";
}

}  // namespace

std::string add_image_words(const FormatFiles& files, std::vector<Word>& words) {
  if (files.driver.empty()) return "";
  std::vector<Finding> findings;
  const auto driver = contract::load_driver(files.driver, findings);
  if (!driver) return fmt::format("{}: cannot be used", files.driver.string());
  std::string problem;
  std::set<std::vector<std::uint8_t>> seen;
  for (const Word& word : words) seen.insert(word.bytes);
  std::set<std::string> images;
  for (const std::size_t index : contract::select_builds(*driver, files.builds, problem)) {
    const std::string& name = driver->builds[index].image;
    if (name.empty() || !images.insert(name).second) continue;
    problem = add_image(files.driver.parent_path() / name, seen, words);
    if (!problem.empty()) return problem;
  }
  return problem;
}

}  // namespace sluice::mutate
