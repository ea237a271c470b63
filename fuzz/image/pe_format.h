// The PE format as it lies in files: plain structs without padding, little-endian, and the numbers that they use.
#pragma once

#include <cstdint>

namespace sluice::image::pe {

inline constexpr std::uint32_t kNewHeaderOffset = 60;  // in the DOS header: where the signature lies
inline constexpr std::uint32_t kSignature = 0x4550;    // "PE\0\0"

inline constexpr std::uint16_t kMachineX64 = 0x8664;
inline constexpr std::uint16_t kMachineArm64 = 0xAA64;

struct FileHeader {
  std::uint16_t machine;
  std::uint16_t num_sections;
  std::uint32_t timestamp;
  std::uint32_t symbols;
  std::uint32_t num_symbols;
  std::uint16_t optional_size;
  std::uint16_t characteristics;
};
static_assert(sizeof(FileHeader) == 20);

inline constexpr std::uint16_t kRelocationsStripped = 0x0001;
inline constexpr std::uint16_t kExecutableImage = 0x0002;

inline constexpr std::uint16_t kMagic32 = 0x10B;
inline constexpr std::uint16_t kMagic64 = 0x20B;

struct OptionalHeader {
  std::uint16_t magic;
  std::uint16_t linker;
  std::uint32_t size_of_code;
  std::uint32_t size_of_initialized;
  std::uint32_t size_of_zeroed;
  std::uint32_t entry;
  std::uint32_t base_of_code;
  std::uint64_t image_base;
  std::uint32_t section_alignment;
  std::uint32_t file_alignment;
  std::uint16_t versions[6];
  std::uint32_t reserved;
  std::uint32_t size_of_image;
  std::uint32_t size_of_headers;
  std::uint32_t checksum;
  std::uint16_t subsystem;
  std::uint16_t dll_characteristics;
  std::uint64_t stack_and_heap[4];
  std::uint32_t loader_flags;
  std::uint32_t num_directories;  // may be more or fewer than there are
};
static_assert(sizeof(OptionalHeader) == 112);

inline constexpr std::uint16_t kDynamicBase = 0x0040;

struct Directory {
  std::uint32_t offset;
  std::uint32_t size;
};
static_assert(sizeof(Directory) == 8);

enum DirectoryIndex : std::uint8_t {
  kExports = 0,
  kImports = 1,
  kUnwind = 3,
  kRelocations = 5,
  kDebug = 6,
  kThreadLocal = 9,
  kLoadConfig = 10,
  kDelayImports = 13,
  kManaged = 14,
  kNumDirectories = 16,
};

struct SectionHeader {
  char name[8];
  std::uint32_t virtual_size;
  std::uint32_t offset;
  std::uint32_t size_of_data;
  std::uint32_t data;  // in the file
  std::uint32_t relocations;
  std::uint32_t line_numbers;
  std::uint16_t num_relocations;
  std::uint16_t num_line_numbers;
  std::uint32_t characteristics;
};
static_assert(sizeof(SectionHeader) == 40);

inline constexpr std::uint32_t kSectionExecutable = 0x20000000;
inline constexpr std::uint32_t kSectionWritable = 0x80000000;

// Followed by 16-bit entries: the type in the four high bits, then the offset in the page.
struct RelocationBlock {
  std::uint32_t page;
  std::uint32_t size;  // with this
};
static_assert(sizeof(RelocationBlock) == 8);

inline constexpr unsigned kRelocationPadding = 0;
inline constexpr unsigned kRelocation64 = 10;

struct ImportDescriptor {
  std::uint32_t lookup;  // 64-bit words, the last 0; where it is 0 the addresses tell
  std::uint32_t timestamp;
  std::uint32_t forwarder;
  std::uint32_t module;
  std::uint32_t addresses;  // as many words, that the loader writes
};
static_assert(sizeof(ImportDescriptor) == 20);

inline constexpr std::uint64_t kByOrdinal = 1ull << 63;

struct ExportDirectory {
  std::uint32_t flags;
  std::uint32_t timestamp;
  std::uint32_t version;
  std::uint32_t module;
  std::uint32_t ordinal_base;
  std::uint32_t num_functions;
  std::uint32_t num_names;
  std::uint32_t functions;
  std::uint32_t names;
  std::uint32_t indices;  // of functions, 16 bits each, one for each name
};
static_assert(sizeof(ExportDirectory) == 40);

struct DebugEntry {
  std::uint32_t characteristics;
  std::uint32_t timestamp;
  std::uint32_t version;
  std::uint32_t type;
  std::uint32_t size;
  std::uint32_t offset;  // 0: not mapped
  std::uint32_t data;    // in the file
};
static_assert(sizeof(DebugEntry) == 28);

inline constexpr std::uint32_t kDebugCodeView = 2;
inline constexpr std::uint32_t kCodeViewPdb = 0x53445352;  // "RSDS"

struct CodeViewPdb {
  std::uint32_t signature;
  std::uint8_t guid[16];
  std::uint32_t age;
  // then the path, which ends at a zero byte
};
static_assert(sizeof(CodeViewPdb) == 24);

// In the load config directory, which says its own size first.
inline constexpr std::uint32_t kCookieInLoadConfig = 88;
inline constexpr std::uint32_t kHybridInLoadConfig = 200;

}  // namespace sluice::image::pe
