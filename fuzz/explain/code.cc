#include "fuzz/explain/code.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "fuzz/image/disassembly.h"

namespace sluice::explain {

namespace {

constexpr std::size_t kBefore = 6;
constexpr std::size_t kBehind = 5;

std::span<const std::uint8_t> as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string place_of(std::uint32_t offset) { return fmt::format("+0x{:x}", offset); }

// The text of the instruction that a finding tells, without the values behind it.
std::string_view instruction_of(const Finding* fault) {
  if (fault == nullptr) return {};
  const std::string_view whole = fault->instruction;
  return whole.substr(0, whole.find("  ("));
}

// The first frame that is in the driver's source.
SourcePlace top_of(const Finding* fault) {
  if (fault == nullptr) return {};
  for (const std::string& frame : fault->stack) {
    if (SourcePlace place = source_place(frame); place.line != 0) return place;
  }
  return {};
}

}  // namespace

struct DriverCode::Image {
  explicit Image(image::ImageFile parsed) : file(std::move(parsed)), disassembly(file) {}
  image::ImageFile file;
  image::Disassembly disassembly;
};

DriverCode::DriverCode(const engine::HostFiles& files, const std::filesystem::path& driver) : files_(files) {
  std::error_code none;
  for (const std::filesystem::path& from : {driver, std::filesystem::path(files.image)}) {
    if (!from.empty()) folders_.push_back(std::filesystem::absolute(from, none).lexically_normal().parent_path());
  }
}

void DriverCode::open_image() {
  if (std::exchange(is_opened_, true)) return;
  auto parsed =
      image::parse_image(as_bytes(files_.image_bytes), std::filesystem::path(files_.image).filename().string());
  if (!parsed) {
    problem_ = parsed.error();
    return;
  }
  // Without symbols there are offsets.
  if (!files_.symbol_bytes.empty()) (void)image::add_pdb_symbols(*parsed, as_bytes(files_.symbol_bytes));
  image_ = std::make_unique<Image>(std::move(*parsed));
}

DriverCode::~DriverCode() = default;
DriverCode::DriverCode(DriverCode&&) noexcept = default;

report::CodeExcerpt DriverCode::disassembly(std::uint32_t offset, const Finding* fault) {
  const std::string name = std::filesystem::path(files_.image).filename().string();
  report::CodeExcerpt out{.title = name, .lines = {}, .note = {}};
  open_image();
  if (image_ == nullptr) {
    out.note = fmt::format("it {}", problem_);
    return out;
  }
  const image::CodeAround code = image_->disassembly.around(offset, kBefore, kBehind);
  if (code.lines.empty()) {
    out.note = fmt::format("{} begins no instruction that is known", place_of(offset));
    return out;
  }
  // What is told is the instruction, or where a call goes on whose callee faulted.
  const auto here = std::ranges::find(code.lines, offset, &image::CodeAround::Line::offset);
  auto faulting = here;
  if (here != code.lines.begin() && here->text != instruction_of(fault)) {
    const auto before = std::prev(here);
    if (before->is_call && before->offset + before->length == offset) faulting = before;
  }
  for (const image::CodeAround::Line& line : code.lines) {
    out.lines.push_back({place_of(line.offset), line.text, &line == &*faulting});
  }
  const SourcePlace top = top_of(fault);
  const std::string& function = code.function.empty() ? top.function : code.function;
  if (!function.empty()) out.title = fmt::format("{} in {}", function, name);
  if (function.empty()) out.note = "its functions have no names here; offsets count from the image's begin";
  if (faulting != here) out.note += fmt::format("{}the fault is in what is called", out.note.empty() ? "" : "; ");
  return out;
}

std::vector<report::CodeExcerpt> DriverCode::around(std::uint32_t offset, const Finding* fault) {
  std::vector<report::CodeExcerpt> out;
  if (!files_.image.empty() && offset != engine::kNoOffset) out.push_back(disassembly(offset, fault));
  if (const SourcePlace place = top_of(fault); place.line != 0) out.push_back(source_around(place, folders_));
  return out;
}

SourcePlace source_place(std::string_view frame) {
  SourcePlace place;
  const std::size_t gap = frame.find("  ");
  const std::size_t colon = frame.rfind(':');
  if (gap == frame.npos || colon == frame.npos || colon < gap) return place;
  const std::string_view number = frame.substr(colon + 1);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), place.line);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return {};
  place.function = frame.substr(0, gap);
  place.file = frame.substr(gap + 2, colon - gap - 2);
  return place;
}

}  // namespace sluice::explain
