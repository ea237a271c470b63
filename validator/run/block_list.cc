#include "validator/run/block_list.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "validator/finding/finding.h"

namespace sluice::run {

namespace {

using nlohmann::json;

constexpr std::size_t kRow = 24;
constexpr std::uint64_t kNoAddress = UINT64_MAX;
constexpr std::uint32_t kHit = 1;
constexpr std::uint32_t kReachable = 2;

std::uint64_t number_at(std::string_view blob, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(blob[at + i]);
  return value;
}

// Takes the lengths of one block's instructions from the begin of `left`. False: they do not add up to its size.
bool take_lengths(std::uint32_t size, std::string_view& left, std::vector<std::uint8_t>& lengths) {
  std::uint32_t taken = 0;
  while (taken < size) {
    const std::uint8_t length = left.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(left.front());
    if (length == 0 || length > size - taken) return false;
    lengths.push_back(length);
    taken += length;
    left.remove_prefix(1);
  }
  return true;
}

std::optional<BlockList> list_of(std::string_view blob, std::uint64_t count, std::string& wrong) {
  if (count > blob.size() / kRow) {
    wrong = "there are fewer blocks than it says";
    return std::nullopt;
  }
  BlockList list;
  list.blocks.reserve(count);
  std::string_view left = blob.substr(count * kRow);
  std::uint32_t end = 0;
  for (std::size_t at = 0; at < count * kRow; at += kRow) {
    const std::uint64_t address = number_at(blob, at + 8, 8);
    const std::uint64_t flags = number_at(blob, at + 16, 4);
    const CodeBlock block{.offset = static_cast<std::uint32_t>(number_at(blob, at, 4)),
                          .size = static_cast<std::uint32_t>(number_at(blob, at + 4, 4)),
                          .address = address == kNoAddress ? std::nullopt : std::optional(address),
                          .is_hit = (flags & kHit) != 0,
                          .is_reachable = (flags & kReachable) != 0,
                          .first = list.lengths.size()};
    if (block.offset < end || block.offset >= kLargestImage || block.size == 0 ||
        block.size > kLargestImage - block.offset || (block.address && address > kNoAddress - block.size)) {
      wrong = "a block lies where none can";
      return std::nullopt;
    }
    if (!take_lengths(block.size, left, list.lengths)) {
      wrong = "a block's instructions are not as long as it is";
      return std::nullopt;
    }
    end = block.offset + block.size;
    list.blocks.push_back(block);
  }
  if (!left.empty()) wrong = "bytes are left over";
  return left.empty() ? std::optional(std::move(list)) : std::nullopt;
}

}  // namespace

std::vector<std::uint64_t> BlockList::instructions(const CodeBlock& block) const {
  std::vector<std::uint64_t> addresses;
  std::size_t index = block.first;
  if (!block.address) return addresses;
  for (std::uint32_t at = 0; at < block.size; at += lengths[index++]) addresses.push_back(*block.address + at);
  return addresses;
}

std::optional<BlocksAnswer> read_blocks_answer(std::string_view text, std::string_view blob, std::uint64_t id,
                                               std::string& problem) {
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto fail = [&problem](std::string_view what) {
    problem = fmt::format("its answer is not what the protocol allows: {}", what);
    return std::nullopt;
  };
  if (!object.is_object()) return fail("not an object");
  const auto member = [&object](const char* key) {
    const auto found = object.find(key);
    return found == object.end() ? json() : *found;
  };
  if (member("id") != id) return fail("it is not for this request");
  if (const json fault = member("fault"); fault.is_object()) {
    const auto what = fault.find("text");
    problem = what != fault.end() && what->is_string()
                  ? printable(what->get_ref<const std::string&>(), 300, Quotes::keep)
                  : "it could not list the blocks";
    return std::nullopt;
  }
  const json count = member("blocks");
  if (count.is_null()) return BlocksAnswer{};
  if (!count.is_number_unsigned()) return fail("`blocks` is no number");
  std::string wrong;
  auto list = list_of(blob, count.get<std::uint64_t>(), wrong);
  if (!list) return fail(wrong);
  return BlocksAnswer{std::move(list)};
}

}  // namespace sluice::run
