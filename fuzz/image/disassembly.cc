#include "fuzz/image/disassembly.h"

#include <algorithm>

#include "fuzz/image/audit.h"
#include "fuzz/image/formats.h"
#include "fuzz/image/layout.h"
#include "fuzz/image/unwind_frame.h"

namespace sluice::image {

namespace {

constexpr std::uint32_t kLongest = 15;  // bytes of an instruction
constexpr std::uint32_t kAarch64 = 4;
constexpr std::uint32_t kMostSwept = 1u << 20;  // bytes

}  // namespace

Disassembly::Disassembly(const ImageFile& image)
    : image_(image), bytes_(lay_out(image)), processor_(make_processor(image)) {
  if (image.machine != Machine::x86_64) return;
  walk_ = std::make_unique<CodeWalk>(image_, bytes_);
  walk_->enter_functions();
}

Disassembly::~Disassembly() = default;
Disassembly::Disassembly(Disassembly&&) noexcept = default;

// By .pdata, which is exact, or by a symbol that tells its size.
Disassembly::Extent Disassembly::function_at(std::uint32_t offset) const {
  for (const UnwindEntry& entry : read_unwind_entries(image_, bytes_)) {
    if (entry.begin <= offset && offset < entry.end) return {entry.begin, entry.end, !is_chained(bytes_, entry)};
  }
  const Symbol* symbol = symbol_at(image_, offset);
  if (symbol == nullptr) return {0, offset, false};
  const bool is_inside = is_within(symbol->offset, symbol->size, image_.size) && offset - symbol->offset < symbol->size;
  return {symbol->offset, is_inside ? symbol->offset + symbol->size : offset, is_inside};
}

std::uint32_t Disassembly::begin_of(std::uint32_t offset, const Extent& function, std::size_t before) const {
  if (const auto swept = sweep(offset, function, before)) return *swept;
  for (; before > 0; --before) {
    std::uint32_t back = kAarch64;
    if (walk_) {
      back = 1;
      while (back <= kLongest && back <= offset && walk_->length_at(offset - back) != back) ++back;
      if (back > kLongest) break;
    }
    if (back > offset || offset - back < function.begin) break;
    offset -= back;
  }
  return offset;
}

// One instruction after the other from the function's begin, which finds those too that only a table leads to. Nothing
// where that misses `offset`, since there is data between.
std::optional<std::uint32_t> Disassembly::sweep(std::uint32_t offset, const Extent& function,
                                                std::size_t before) const {
  if (!function.is_known || offset - function.begin > kMostSwept) return std::nullopt;
  std::vector<std::uint32_t> begins;
  std::uint32_t at = function.begin;
  while (at < offset) {
    Operation operation;
    if (!processor_->read(std::span(bytes_).subspan(at), at, operation) || operation.length == 0) return std::nullopt;
    begins.push_back(at);
    at += operation.length;
  }
  if (at != offset) return std::nullopt;
  return begins.empty() || before == 0 ? offset : begins[begins.size() - std::min(begins.size(), before)];
}

std::string Disassembly::name_of(const Operation& operation) const {
  if (operation.flow == Flow::next || operation.flow == Flow::stop) return {};
  const Term& to = operation.comparison.left;
  if (operation.is_indirect) {
    if (to.kind != Term::Kind::place || to.place.base != kNoRegister || to.place.index != kNoRegister) return {};
    const auto bound = std::ranges::find_if(image_.fixups, [&](const Fixup& fixup) {
      return fixup.import != kNoImport && static_cast<std::int64_t>(fixup.offset) == to.place.displacement;
    });
    return bound == image_.fixups.end() ? "" : image_.imports[bound->import].name;
  }
  if (const auto import = import_at(image_, operation.target)) return image_.imports[*import].name;
  if (operation.target >= image_.size) return {};
  const Symbol* symbol = best_symbol(image_, static_cast<std::uint32_t>(operation.target));
  return symbol == nullptr ? "" : symbol->name;
}

CodeAround Disassembly::around(std::uint32_t offset, std::size_t before, std::size_t behind) {
  CodeAround out;
  const Section* section = section_at(image_, offset);
  if (section == nullptr || !section->is_executable) return out;
  if (walk_) walk_->enter(offset);
  const Extent function = function_at(offset);
  if (const Symbol* symbol = function.is_known ? best_symbol(image_, function.begin) : nullptr) {
    out.function = symbol->name;
  }
  const std::uint64_t end = std::min<std::uint64_t>(bytes_.size(), std::uint64_t{section->offset} + section->size);
  std::size_t left = behind + 1;
  for (std::uint64_t at = begin_of(offset, function, before); at < end && left > 0;) {
    const auto here = static_cast<std::uint32_t>(at);
    const std::span rest(bytes_.data() + at, end - at);
    Operation operation;
    if (!processor_->read(rest, here, operation) || operation.length == 0) break;
    std::string text = processor_->text(rest, here);
    if (const std::string name = name_of(operation); !name.empty()) text += "  ; " + name;
    out.lines.push_back({here, operation.length, std::move(text), operation.flow == Flow::call});
    at += operation.length;
    if (here >= offset) --left;
    if (function.is_known && at >= function.end && here >= offset) break;
  }
  if (std::ranges::find(out.lines, offset, &CodeAround::Line::offset) == out.lines.end()) out.lines.clear();
  return out;
}

}  // namespace sluice::image
