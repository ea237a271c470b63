// Formats and files that the tests of this room share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/mutate/format.h"

namespace sluice::mutate {

using Bytes = std::vector<std::uint8_t>;

// schemas/channel.ksy with its rules and the sensor's builds; loaded once.
[[nodiscard]] const Format& channel();
// A file of corpus/channel.
[[nodiscard]] Bytes channel_file(const std::string& name);
// Every file of corpus/channel, by name.
[[nodiscard]] std::vector<std::string> channel_names();

[[nodiscard]] std::unique_ptr<Format> format_of(const std::string& schema, const std::string& rules = "");
[[nodiscard]] Bytes from_hex(const std::string& text);
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] Bytes read_file(const std::string& path);

}  // namespace sluice::mutate
