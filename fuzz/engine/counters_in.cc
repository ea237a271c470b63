#include <elf.h>

#include <cstring>
#include <string_view>

#include "fuzz/engine/corpus.h"
#include "fuzz/engine/host.h"

namespace sluice::engine {

namespace {

constexpr std::uint64_t kMostFile = 64u << 20;

template <typename T>
bool read_at(const std::vector<std::uint8_t>& file, std::uint64_t at, T& to) {
  if (at > file.size() || sizeof to > file.size() - at) return false;
  std::memcpy(&to, file.data() + at, sizeof to);
  return true;
}

bool has_name(const std::vector<std::uint8_t>& file, const Elf64_Shdr& names, std::uint32_t name,
              std::string_view wanted) {
  if (name >= names.sh_size || names.sh_offset > file.size() || names.sh_size > file.size() - names.sh_offset) {
    return false;
  }
  const std::string_view rest(reinterpret_cast<const char*>(file.data() + names.sh_offset + name),
                              names.sh_size - name);
  return rest.substr(0, rest.find('\0')) == wanted;
}

}  // namespace

std::span<std::uint8_t> counters_in(const std::string& path, std::uintptr_t address) {
  std::vector<std::uint8_t> file;
  std::string problem;
  Elf64_Ehdr header{};
  if (!read_whole(path, kMostFile, file, problem) || !read_at(file, 0, header)) return {};
  Elf64_Shdr names{};
  if (!read_at(file, header.e_shoff + std::uint64_t{header.e_shstrndx} * sizeof names, names)) return {};
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr section{};
    if (!read_at(file, header.e_shoff + i * sizeof section, section)) return {};
    if (!has_name(file, names, section.sh_name, "__sancov_cntrs")) continue;
    return {reinterpret_cast<std::uint8_t*>(address + section.sh_addr), section.sh_size};
  }
  return {};
}

}  // namespace sluice::engine
