// Formats that tests generate content of.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/mutate/format.h"

namespace sluice::mutate {

inline std::unique_ptr<Format> load_format(const std::string& schema, const std::string& rules = "",
                                           const std::string& driver = "",
                                           const std::vector<std::string>& builds = {}) {
  const std::string root = std::string(SLUICE_SOURCE) + "/";
  FormatFiles files;
  files.schema = root + schema;
  if (!rules.empty()) files.rules = root + rules;
  if (!driver.empty()) files.driver = root + driver;
  files.builds = builds;
  std::vector<std::string> problems;
  auto format = Format::load(files, problems);
  for (const std::string& problem : problems) UNSCOPED_INFO(problem);
  REQUIRE(format != nullptr);
  return format;
}

inline std::unique_ptr<Format> make_format(const std::string& schema, const std::string& rules = "",
                                           const std::vector<program::BuildFacts>& builds = {}) {
  std::vector<std::string> problems;
  auto format = Format::load_text(schema, rules, builds, problems);
  for (const std::string& problem : problems) UNSCOPED_INFO(problem);
  REQUIRE(format != nullptr);
  return format;
}

inline std::unique_ptr<Format> channel_for(const std::string& build) {
  return load_format("schemas/channel.ksy", "schemas/channel.rules.yaml", "schemas/sensor.driver.yaml", {build});
}

}  // namespace sluice::mutate
