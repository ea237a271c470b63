// What stands around a fault in the driver: instructions of its image, and lines of its source where these are here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/host.h"
#include "validator/finding/finding.h"
#include "validator/report/triage.h"

namespace sluice::explain {

class DriverCode {
 public:
  // `files` are aliased, their bytes read already; the image is looked at when it is first asked for. `driver`: its
  // document, beside and above which sources are looked for. An image that cannot be read has no instructions, and that
  // is said where they would be.
  DriverCode(const engine::HostFiles& files, const std::filesystem::path& driver);
  ~DriverCode();
  DriverCode(DriverCode&&) noexcept;

  // Disassembly, then source. `offset` is that of engine::Fault: of the instruction, or of where it goes on behind a
  // call; engine::kNoOffset: of a replica alone. `fault`, if there is one, tells the instruction and the stack.
  [[nodiscard]] std::vector<report::CodeExcerpt> around(std::uint32_t offset, const Finding* fault);

 private:
  struct Image;
  void open_image();
  [[nodiscard]] report::CodeExcerpt disassembly(std::uint32_t offset, const Finding* fault);

  const engine::HostFiles& files_;
  std::vector<std::filesystem::path> folders_;
  std::unique_ptr<Image> image_;
  bool is_opened_ = false;
  std::string problem_;  // why there is none
};

// A line of source as a frame of a stack names it: `match_criterion  fuzz/reference/match.c:91`. Line 0: it names none.
struct SourcePlace {
  std::string function;
  std::string file;
  std::uint64_t line = 0;
};
[[nodiscard]] SourcePlace source_place(std::string_view frame);

// Some lines of the file around the place. It is looked for by its name and by each shorter end of it, below each of
// `folders`; only what has the name of source and is a small text is shown. No lines, and a note, where it is not here.
[[nodiscard]] report::CodeExcerpt source_around(const SourcePlace& place,
                                                std::span<const std::filesystem::path> folders);

}  // namespace sluice::explain
