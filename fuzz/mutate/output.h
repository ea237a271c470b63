// A folder of content files; each is there in full or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace sluice::mutate {

class Output {
 public:
  // Makes the folder if it is not there. False: `problem()` says why it cannot be written to.
  [[nodiscard]] bool open(const std::filesystem::path& folder);
  // Writes to a temporary name and renames. What had the name before is replaced.
  [[nodiscard]] bool write(const std::string& name, std::span<const std::uint8_t> bytes);
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::filesystem::path folder_;
  std::string problem_;
};

// Writes one file in the same way. What went wrong; empty: nothing.
[[nodiscard]] std::string write_file(const std::filesystem::path& path, std::string_view text);

// A name that says what is in the file: the begin of its SHA-256.
[[nodiscard]] std::string name_by_content(std::span<const std::uint8_t> bytes);

}  // namespace sluice::mutate
