// An input of the fuzzer (docs/fuzz-input.md): content, perhaps with a second content and operations behind it, and
// then a trailer that says how long each is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sluice::bytes {

struct FuzzInput {
  std::span<const std::uint8_t> content;
  std::span<const std::uint8_t> second;
  std::span<const std::uint8_t> operations;
};

// Parts of `file`, which must outlive them. Empty: it is no container, but content all of it: the magic is missing, the
// version is another, or the sizes do not add up to the file's to the byte.
[[nodiscard]] std::optional<FuzzInput> read_fuzz_input(std::span<const std::uint8_t> file);

// The content of a container, or all of what is none.
[[nodiscard]] std::span<const std::uint8_t> content_part(std::span<const std::uint8_t> file);

// Whatever the parts hold, reading it gives them back. Each at most 4 GiB - 1.
[[nodiscard]] std::vector<std::uint8_t> write_fuzz_input(const FuzzInput& input);

// `file` with other content: a container keeps all else.
[[nodiscard]] std::vector<std::uint8_t> with_content(std::span<const std::uint8_t> file,
                                                     std::span<const std::uint8_t> content);

}  // namespace sluice::bytes
