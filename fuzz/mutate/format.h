// What the fuzzer knows of a content format: its schema, and the rules and driver builds that content is judged by.
// Loaded once, shared by all that mutate or generate.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/program/builds.h"
#include "validator/program/program.h"
#include "validator/program/walk.h"
#include "validator/schema/load.h"
#include "validator/schema/schema.h"

namespace sluice::mutate {

class Ties;

// One member of one type, by a number of its own. What a node of a tree is.
using SiteId = std::uint32_t;
inline constexpr SiteId kNoSite = 0xFFFFFFFF;  // the root

struct Site {
  schema::TypeId owner = schema::kNoType;
  std::uint32_t index = 0;  // in the owner's members
  const schema::Member* member = nullptr;
};

struct FormatFiles {
  std::filesystem::path schema;
  std::filesystem::path rules = {};                 // empty: none
  std::filesystem::path driver = {};                // empty: what is about builds is not judged
  std::vector<std::string> builds = {};             // of the driver; none named: all
  std::vector<std::filesystem::path> include = {};  // for imports
  schema::Allowances allow = {};
};

class Format {
 public:
  // On failure returns null; `problems` then has one line for each mistake, with file and place.
  [[nodiscard]] static std::unique_ptr<Format> load(const FormatFiles& files, std::vector<std::string>& problems);
  // The same from memory. `rules` may be empty.
  [[nodiscard]] static std::unique_ptr<Format> load_text(const std::string& schema, const std::string& rules,
                                                         const std::vector<program::BuildFacts>& builds,
                                                         std::vector<std::string>& problems);
  ~Format();
  Format(const Format&) = delete;
  Format& operator=(const Format&) = delete;

  [[nodiscard]] const schema::Schema& schema() const { return schema_; }
  [[nodiscard]] const std::vector<program::BuildFacts>& builds() const { return builds_; }
  // Judges layout, rules and builds, as `check` does.
  [[nodiscard]] const program::Program& judging() const { return judging_; }
  // Reads whatever has the schema's shape, whether or not its values are valid. With everything kept.
  [[nodiscard]] const program::Program& reading() const { return reading_; }
  [[nodiscard]] const Ties& ties() const { return *ties_; }

  [[nodiscard]] SiteId site_of(schema::TypeId type, std::uint32_t member) const { return first_sites_[type] + member; }
  [[nodiscard]] const Site& site(SiteId id) const { return sites_[id]; }
  [[nodiscard]] std::size_t site_count() const { return sites_.size(); }

  // Whether `check` passes the content: no finding of severity error, no limit. Warnings pass.
  [[nodiscard]] bool accepts(std::span<const std::uint8_t> content) const;
  // The same by the schema alone, without rules and builds.
  [[nodiscard]] bool accepts_layout(std::span<const std::uint8_t> content) const;
  void judge(std::span<const std::uint8_t> content, Findings& findings) const;

 private:
  Format(schema::Schema schema, schema::Schema lenient, std::vector<program::BuildFacts> builds);

  schema::Schema schema_;
  std::vector<program::BuildFacts> builds_;
  program::Program judging_;
  program::Program layout_;
  program::Program reading_;
  std::vector<SiteId> first_sites_;  // by type
  std::vector<Site> sites_;
  std::unique_ptr<const Ties> ties_;
};

}  // namespace sluice::mutate
