#include "fuzz/image/unwind_aarch64.h"

#include <array>
#include <cstring>
#include <optional>

#include "fuzz/image/formats.h"
#include "fuzz/image/unwind_aarch64_codes.h"

namespace sluice::image {

namespace {

constexpr std::uint32_t kInstruction = 4;

// --- Tables
// ------------------------------------------------------------------------------------------------------------

// False where it does not lie in the bytes of one section.
bool read_image(const ImageFile& image, std::uint64_t offset, std::span<std::uint8_t> into) {
  if (offset >= image.size) return false;
  const Section* section = section_at(image, static_cast<std::uint32_t>(offset));
  if (section == nullptr || !is_within(offset - section->offset, into.size(), section->bytes.size())) return false;
  std::memcpy(into.data(), section->bytes.data() + (offset - section->offset), into.size());
  return true;
}

std::optional<std::uint32_t> word_at(const ImageFile& image, std::uint64_t offset) {
  std::array<std::uint8_t, sizeof(std::uint32_t)> bytes{};
  if (!read_image(image, offset, bytes)) return std::nullopt;
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}

struct Record {
  std::uint32_t begin;  // of the function
  std::uint32_t data;   // packed, or where the codes are
};

// The last record that begins at or before `offset`.
std::optional<Record> record_of(const ImageFile& image, std::uint32_t offset) {
  constexpr std::uint32_t kRecord = 8;
  std::uint32_t low = 0;
  std::uint32_t high = image.unwind.size / kRecord;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const auto begin = word_at(image, std::uint64_t{image.unwind.offset} + middle * kRecord);
    if (!begin) return std::nullopt;
    if (*begin <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return std::nullopt;
  const std::uint64_t at = std::uint64_t{image.unwind.offset} + (low - 1) * kRecord;
  const auto begin = word_at(image, at);
  const auto data = word_at(image, at + 4);
  return begin && data ? std::optional(Record{*begin, *data}) : std::nullopt;
}

// --- Functions
// ---------------------------------------------------------------------------------------------------------

// Of a function whose begin is `offset` bytes back. False where the tables cannot be followed.
bool undo_described(const ImageFile& image, std::uint32_t data, std::uint32_t offset, bool is_return,
                    Aarch64Frame& frame) {
  const auto header = word_at(image, data);
  if (!header || bits_of(*header, 18, 2) != 0) return false;
  const bool has_one_epilog = bits_of(*header, 21, 1) != 0;
  std::uint32_t num_epilogs = bits_of(*header, 22, 5);
  std::uint32_t num_words = bits_of(*header, 27, 5);
  std::uint64_t at = std::uint64_t{data} + 4;
  if (num_epilogs == 0 && num_words == 0) {
    const auto more = word_at(image, at);
    if (!more) return false;
    num_epilogs = bits_of(*more, 0, 16);
    num_words = bits_of(*more, 16, 8);
    at += 4;
  }
  const std::uint64_t scopes = at;
  if (!has_one_epilog) at += std::uint64_t{num_epilogs} * 4;
  Aarch64Codes codes;
  codes.size = std::size_t{num_words} * 4;
  if (!read_image(image, at, std::span(codes.bytes).first(codes.size))) return false;
  const std::uint32_t done = offset / kInstruction;
  const std::uint32_t in_prolog = codes.num_instructions(0);
  // A prolog calls __chkstk.
  if (done < in_prolog) return codes.undo(0, in_prolog - done, frame);
  if (is_return) return codes.undo(0, 0, frame);
  const auto in_epilog = [&](std::uint32_t begin, std::uint32_t index) {
    return index < codes.size && done >= begin && done - begin <= codes.num_instructions(index);
  };
  if (has_one_epilog) {
    const std::uint32_t length = codes.num_instructions(num_epilogs) + 1;
    const std::uint32_t all = bits_of(*header, 0, 18);
    const std::uint32_t begin = all >= length ? all - length : all;
    if (in_epilog(begin, num_epilogs)) return codes.undo(num_epilogs, done - begin, frame);
    return codes.undo(0, 0, frame);
  }
  for (std::uint32_t i = 0; i < num_epilogs; ++i) {
    const auto scope = word_at(image, scopes + std::uint64_t{i} * 4);
    if (!scope) return false;
    const std::uint32_t begin = bits_of(*scope, 0, 18);
    const std::uint32_t index = bits_of(*scope, 22, 10);
    if (in_epilog(begin, index)) return codes.undo(index, done - begin, frame);
  }
  return codes.undo(0, 0, frame);
}

// Of a function that .pdata describes in a word: with a prolog, unless it is a part of another, and one epilog.
bool undo_packed(std::uint32_t data, std::uint32_t offset, std::uint32_t length, bool is_return, Aarch64Frame& frame) {
  constexpr std::uint32_t kWhole = 1;
  const std::uint32_t done = offset / kInstruction;
  Aarch64Codes prolog = Aarch64Codes::prolog_of(data);
  const std::uint32_t in_prolog = prolog.num_instructions(0);
  if (bits_of(data, 0, 2) == kWhole && done < in_prolog) return prolog.undo(0, in_prolog - done, frame);
  Aarch64Codes epilog = Aarch64Codes::epilog_of(data);
  const std::uint32_t in_epilog = epilog.num_instructions(0) + 1;
  const std::uint32_t all = length / kInstruction;
  if (!is_return && all >= in_epilog && done >= all - in_epilog) return epilog.undo(0, done - (all - in_epilog), frame);
  return prolog.undo(0, 0, frame);
}

bool leave(const ImageFile& image, std::uint32_t offset, bool is_return, Aarch64Frame& frame) {
  const auto record = record_of(image, is_return ? offset - 1 : offset);
  if (!record) return !is_return;  // a leaf
  const std::uint32_t inside = offset - record->begin;
  if (bits_of(record->data, 0, 2) == 0) {
    const auto header = word_at(image, record->data);
    const std::uint32_t length = header ? bits_of(*header, 0, 18) * kInstruction : 0;
    if (inside > length || (inside == length && !is_return)) return !is_return;
    return undo_described(image, record->data, inside, is_return, frame);
  }
  const std::uint32_t length = bits_of(record->data, 2, 11) * kInstruction;
  if (inside > length || (inside == length && !is_return)) return !is_return;
  return undo_packed(record->data, inside, length, is_return, frame);
}

}  // namespace

std::size_t unwind_aarch64(const ImageFile& image, std::uintptr_t image_address, const Aarch64Registers& registers,
                           std::span<std::uintptr_t> pcs, ReadWord read) {
  if (pcs.empty()) return 0;
  Aarch64Frame frame(registers, read);
  std::size_t count = 0;
  std::uintptr_t pc = registers.pc;
  pcs[count++] = pc;
  while (count < pcs.size()) {
    const std::uintptr_t offset = pc - image_address;
    const bool is_first = count == 1;
    if (offset >= image.size) {
      if (!is_first) break;
    } else if (!leave(image, static_cast<std::uint32_t>(offset), !is_first, frame)) {
      break;
    }
    pc = frame.get(Aarch64Frame::kLink);
    pcs[count++] = pc;
  }
  return count;
}

}  // namespace sluice::image
