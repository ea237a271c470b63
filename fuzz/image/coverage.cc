#include "fuzz/image/coverage.h"

#include <algorithm>

namespace sluice::image {

namespace {

constexpr std::uint8_t kTrap = 0xCC;

}  // namespace

Coverage::Coverage(const Mapped& mapped, std::vector<Block> blocks, std::span<volatile std::uint8_t> counters)
    : mapped_(&mapped), blocks_(std::move(blocks)), counters_(counters) {
  std::erase_if(blocks_, [&](const Block& block) {
    const Section* section = section_at(mapped.file(), block.offset);
    return section == nullptr || !section->is_executable;
  });
  std::ranges::sort(blocks_, {}, &Block::offset);
  const auto twice = std::ranges::unique(blocks_, {}, &Block::offset);
  blocks_.erase(twice.begin(), twice.end());
  replaced_.resize(blocks_.size());
  is_armed_.resize(blocks_.size());
  hits_.resize(blocks_.size());
  hit_blocks_.resize(blocks_.size());
  is_known_.resize(blocks_.size());
  known_.resize(blocks_.size());
}

void Coverage::set_trap(std::size_t index) {
  if (is_armed_[index] != 0) return;
  std::uint8_t* at = mapped_->begin() + blocks_[index].offset;
  replaced_[index] = *at;
  is_armed_[index] = 1;
  *at = kTrap;
}

// Each section is unprotected once and not for each block.
template <typename Change>
void Coverage::change_code(Change change) {
  for (const Section& section : mapped_->file().sections) {
    if (section.is_executable) mapped_->unprotect(section);
  }
  change();
  for (const Section& section : mapped_->file().sections) {
    if (section.is_executable) mapped_->protect(section);
  }
}

void Coverage::arm() {
  change_code([&] {
    for (std::size_t i = 0; i < blocks_.size(); ++i) set_trap(i);
  });
}

void Coverage::disarm() {
  change_code([&] {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (is_armed_[i] != 0) mapped_->begin()[blocks_[i].offset] = replaced_[i];
      is_armed_[i] = 0;
    }
  });
}

bool Coverage::on_trap(std::uintptr_t address) {
  if (!mapped_->is_inside(address)) return false;
  const std::uint32_t offset = mapped_->offset_of(address);
  const auto block = std::ranges::lower_bound(blocks_, offset, {}, &Block::offset);
  if (block == blocks_.end() || block->offset != offset) return false;
  const auto index = static_cast<std::size_t>(block - blocks_.begin());
  if (is_armed_[index] == 0) return false;
  is_armed_[index] = 0;
  mapped_->patch(offset, {&replaced_[index], 1});
  if (!counters_.empty()) counters_[index % counters_.size()] = 1;
  if (hits_[index] == 0) hit_blocks_[num_hit_++] = static_cast<std::uint32_t>(index);
  hits_[index] = 1;
  if (is_known_[index] == 0) known_[num_known_++] = static_cast<std::uint32_t>(index);
  is_known_[index] = 1;
  return true;
}

void Coverage::rearm_hit() {
  change_code([&] {
    for (std::size_t i = 0; i < num_hit_; ++i) set_trap(hit_blocks_[i]);
  });
  forget_hits();
}

void Coverage::begin_trace() {
  forget_hits();
  arm();
}

void Coverage::end_trace() {
  change_code([&] {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (is_armed_[i] == 0 || is_known_[i] == 0) continue;
      mapped_->begin()[blocks_[i].offset] = replaced_[i];
      is_armed_[i] = 0;
    }
  });
}

void Coverage::forget_known(std::size_t num_known) {
  if (num_known >= num_known_) return;
  change_code([&] {
    for (std::size_t i = num_known; i < num_known_; ++i) {
      is_known_[known_[i]] = 0;
      set_trap(known_[i]);
    }
  });
  num_known_ = num_known;
}

void Coverage::forget_hits() {
  for (std::size_t i = 0; i < num_hit_; ++i) hits_[hit_blocks_[i]] = 0;
  num_hit_ = 0;
}

}  // namespace sluice::image
