#include "fuzz/worker/block_account.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sluice::worker {

namespace {

constexpr std::size_t kBits = 64;

std::size_t num_blocks(const Shared& shared) {
  return shared.counts_blocks == 0 ? 0 : std::min<std::size_t>(shared.num_blocks, kMaxBlocks);
}

std::size_t num_listed(const Shared& shared) { return std::min<std::size_t>(shared.num_listed, kMaxBlocks); }

}  // namespace

void BlockAccount::clear(Shared& shared) { std::memset(shared.block_hits, 0, num_blocks(shared)); }

void BlockAccount::add(std::uint32_t offset) {
  if (hit_.empty()) hit_.resize(image::kMaxImage / kBits);
  if (offset < image::kMaxImage) hit_[offset / kBits] |= std::uint64_t{1} << offset % kBits;
}

Json BlockAccount::take(const Shared& shared) {
  if (shared.counts_blocks == 0) return {};
  std::vector<std::uint32_t> offsets;
  for (std::size_t i = 0; i < num_blocks(shared); ++i) {
    const std::uint32_t offset = shared.block_offsets[i];
    if (shared.block_hits[i] == 0 || offset >= image::kMaxImage) continue;
    offsets.push_back(offset);
    add(offset);
  }
  // A driver may have written there.
  std::ranges::sort(offsets);
  const auto twice = std::ranges::unique(offsets);
  offsets.erase(twice.begin(), twice.end());
  return offsets;
}

void BlockAccount::add(std::span<const std::uint8_t> offsets) {
  for (std::size_t at = 0; offsets.size() - at >= sizeof(std::uint32_t); at += sizeof(std::uint32_t)) {
    std::uint32_t offset = 0;
    std::memcpy(&offset, offsets.data() + at, sizeof offset);
    add(offset);
  }
}

std::size_t BlockAccount::write(std::uint8_t* to) const {
  static_assert(image::kMaxImage * sizeof(std::uint32_t) <= kMaxFrame);
  std::size_t size = 0;
  for (std::size_t i = 0; i < hit_.size(); ++i) {
    for (std::uint64_t left = hit_[i]; left != 0; left &= left - 1) {
      const auto offset = static_cast<std::uint32_t>(i * kBits) + static_cast<std::uint32_t>(std::countr_zero(left));
      std::memcpy(to + size, &offset, sizeof offset);
      size += sizeof offset;
    }
  }
  return size;
}

std::string blocks_answer(std::int64_t id, const Shared& shared, const Json& fault) {
  Json out = {{"id", id}, {"blocks", Json()}, {"hit", Json()}, {"reachable", Json()}, {"fault", fault}};
  if (fault.is_null() && shared.counts_blocks != 0) {
    const std::span<const ListedBlock> listed(shared.listed, num_listed(shared));
    const auto with = [listed](std::uint32_t flag) {
      return std::ranges::count_if(listed, [flag](const ListedBlock& block) { return (block.flags & flag) != 0; });
    };
    out["blocks"] = listed.size();
    out["hit"] = with(kBlockHit);
    out["reachable"] = with(kBlockReachable);
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string blocks_blob(const Shared& shared) {
  const std::size_t num_instructions = std::min<std::size_t>(shared.num_instructions, kMaxInstructions);
  std::string blob(reinterpret_cast<const char*>(shared.listed), num_listed(shared) * sizeof(ListedBlock));
  blob.append(reinterpret_cast<const char*>(shared.instructions), num_instructions);
  return blob;
}

}  // namespace sluice::worker
