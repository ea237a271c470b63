#include "fuzz/image/code_walk.h"

#include <algorithm>

#include "fuzz/image/formats.h"
#include "fuzz/image/unwind_format.h"
#include "fuzz/image/warnings.h"
#include "fuzz/image/zydis.h"

namespace sluice::image {

namespace {

constexpr std::size_t kMaxBlocks = 1'000'000;

// Nothing runs behind it: what returns, jumps, or stops for good. A call is none: whether its target returns is not
// known. Nor is hlt, which a kernel goes on behind.
bool ends_flow(const Instruction& instruction) {
  switch (instruction.info.meta.category) {
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_UNCOND_BR:
    case ZYDIS_CATEGORY_SYSRET: return true;
    default: return instruction.is_stop();
  }
}

}  // namespace

CodeWalk::CodeWalk(const ImageFile& image, std::span<const std::uint8_t> mapped_bytes)
    : image_(&image),
      bytes_(mapped_bytes.first(std::min<std::size_t>(mapped_bytes.size(), image.size))),
      lengths_(bytes_.size()),
      is_code_(bytes_.size()),
      is_leader_(bytes_.size()),
      is_end_(bytes_.size()),
      is_resumed_(places_behind_warnings(image, bytes_)) {
  for (const Section& section : image.sections) {
    if (!section.is_executable || section.offset >= bytes_.size()) continue;
    const auto begin = is_code_.begin() + section.offset;
    std::fill_n(begin, std::min<std::size_t>(section.size, bytes_.size() - section.offset), true);
  }
}

bool CodeWalk::is_code(std::uint64_t offset) const { return offset < bytes_.size() && is_code_[offset]; }

void CodeWalk::add(std::uint64_t offset) {
  if (!is_code(offset) || is_leader_[offset] || lengths_[offset] == kInside || num_leaders_ == kMaxBlocks) return;
  is_leader_[offset] = true;
  ++num_leaders_;
  if (lengths_[offset] == 0) pending_.push_back(static_cast<std::uint32_t>(offset));
}

std::uint32_t CodeWalk::claim(std::uint32_t offset, Instruction& instruction) {
  const std::size_t room = std::min<std::size_t>(ZYDIS_MAX_INSTRUCTION_LENGTH, bytes_.size() - offset);
  if (!decode_instruction(bytes_.subspan(offset, room), instruction)) return 0;
  const std::uint32_t length = instruction.info.length;
  for (std::uint32_t i = 0; i < length; ++i) {
    if (!is_code_[offset + i] || lengths_[offset + i] != 0) return 0;
  }
  std::fill_n(lengths_.begin() + offset, length, kInside);
  lengths_[offset] = static_cast<std::uint8_t>(length);
  return length;
}

void CodeWalk::follow(std::uint32_t offset) {
  while (is_code(offset) && lengths_[offset] == 0) {
    Instruction instruction;
    const std::uint32_t length = claim(offset, instruction);
    if (length == 0) return;
    const std::uint32_t next = offset + length;
    if (instruction.is_relative_branch()) {
      add(instruction.target(offset));
      if (instruction.is_conditional_branch()) add(next);
    }
    if (ends_flow(instruction)) {
      if (next < bytes_.size() && is_resumed_[next]) add(next);
      return;
    }
    if (next < bytes_.size() && is_end_[next]) return;
    offset = next;
  }
}

void CodeWalk::follow_all() {
  while (!pending_.empty()) {
    const std::uint32_t offset = pending_.back();
    pending_.pop_back();
    follow(offset);
  }
}

void CodeWalk::enter(std::uint32_t offset) {
  add(offset);
  follow_all();
}

std::vector<std::uint32_t> CodeWalk::unwound_functions() {
  std::vector<std::uint32_t> begins;
  UnwindEntry entry{};
  for (std::uint64_t at = 0; at + sizeof entry <= image_->unwind.size; at += sizeof entry) {
    if (!read_plain(bytes_, image_->unwind.offset + at, entry) || entry.begin >= entry.end) continue;
    begins.push_back(entry.begin);
    if (entry.end < bytes_.size()) is_end_[entry.end] = true;
  }
  return begins;
}

void CodeWalk::enter_functions() {
  if (image_->entry != 0) add(image_->entry);
  for (const std::uint32_t begin : unwound_functions()) add(begin);
  for (const Symbol& symbol : image_->symbols) {
    if (symbol.is_function) add(symbol.offset);
  }
  // The last one first: keeps the order of the image.
  std::ranges::sort(pending_, std::ranges::greater());
  follow_all();
}

void CodeWalk::end_at_functions() {
  (void)unwound_functions();
  for (const Symbol& symbol : image_->symbols) {
    if (symbol.is_function && symbol.offset < bytes_.size()) is_end_[symbol.offset] = true;
  }
}

std::uint8_t CodeWalk::length_at(std::uint32_t offset) const {
  return offset < lengths_.size() && lengths_[offset] != kInside ? lengths_[offset] : std::uint8_t{0};
}

bool CodeWalk::is_leader(std::uint32_t offset) const { return length_at(offset) != 0 && is_leader_[offset]; }

std::vector<Block> CodeWalk::blocks() const {
  std::vector<Block> blocks;
  for (std::size_t begin = 0; begin < lengths_.size(); ++begin) {
    if (!is_leader(static_cast<std::uint32_t>(begin))) continue;
    std::size_t end = begin;
    do {
      end += lengths_[end];
    } while (is_instruction(static_cast<std::uint32_t>(end)) && !is_leader_[end]);
    blocks.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)});
  }
  return blocks;
}

}  // namespace sluice::image
