#include "fuzz/platform/beside.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "validator/contract/driver.h"
#include "validator/finding/finding.h"

namespace sluice::platform {

namespace {

namespace fs = std::filesystem;

bool read_file(const fs::path& path, std::string& bytes) {
  std::ifstream file(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return file.is_open() && !file.bad();
}

std::vector<worker::Supply> supplies_of(const program::BuildFacts& facts) {
  std::vector<worker::Supply> supplies;
  for (const auto& [type, count] : facts.supplies) {
    if (type < 0 || type > UINT32_MAX || count < 0 || count > UINT32_MAX) continue;
    if (supplies.size() == worker::kMaxSupplies) break;
    supplies.push_back({.type = static_cast<std::uint32_t>(type), .count = static_cast<std::uint32_t>(count)});
  }
  return supplies;
}

bool load_image(const fs::path& folder, const contract::Driver& driver, const contract::Build& build,
                engine::HostFiles& files, std::string& why) {
  files.target = folder / (build.adapter.empty() ? driver.adapter : build.adapter);
  files.image = folder / build.image;
  if (!read_file(files.image, files.image_bytes)) {
    why = files.image + ": cannot be read";
    return false;
  }
  read_file(fs::path(files.image).replace_extension(".pdb"), files.symbol_bytes);
  return true;
}

// The build that supplies most: of what is valid there, much is more than other builds can take. What is right for one
// build and not for another is what goes wrong in the field.
const std::string& most_able(const contract::Driver& driver) {
  const auto supplied = [](const contract::Build& build) {
    Integer sum = 0;
    for (const auto& [type, count] : build.facts.supplies) sum += count;
    return sum;
  };
  return std::ranges::max_element(driver.builds, {}, supplied)->facts.name;
}

}  // namespace

std::optional<Beside> load_beside(const std::string& document, const std::string& build, std::string& why) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) {
    why = "/proc/self/exe: " + error.message();
    return std::nullopt;
  }
  const fs::path path = program.parent_path() / document;
  std::vector<Finding> findings;
  const auto driver = contract::load_driver(path, findings);
  if (!driver) {
    why = path.string() + ": " + (findings.empty() ? "cannot be read" : because(findings.front()));
    return std::nullopt;
  }
  const auto chosen =
      std::ranges::find_if(driver->builds, [&](const contract::Build& b) { return b.facts.name == build; });
  if (chosen == driver->builds.end()) {
    why = path.string() + ": there is no build " + build;
    return std::nullopt;
  }
  const fs::path folder = path.parent_path();
  Beside beside;
  std::vector<std::string> problems;
  const fs::path rules = driver->rules.empty() ? fs::path() : folder / driver->rules;
  beside.format = mutate::Format::load(
      {.schema = folder / driver->schema, .rules = rules, .driver = path, .builds = {most_able(*driver)}}, problems);
  if (beside.format == nullptr) {
    why = problems.empty() ? "the documents cannot be used" : problems.front();
    return std::nullopt;
  }
  beside.files.supplies = supplies_of(chosen->facts);
  if (!chosen->image.empty() && !load_image(folder, *driver, *chosen, beside.files, why)) return std::nullopt;
  return beside;
}

}  // namespace sluice::platform
