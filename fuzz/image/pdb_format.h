// What lies in the streams of a PDB: plain structs, little-endian.
#pragma once

#include <cstdint>

namespace sluice::image::pdb {

inline constexpr std::uint32_t kInfoStream = 1;
inline constexpr std::uint32_t kDebugStream = 3;
inline constexpr std::uint16_t kNoStream = 0xFFFF;

struct Info {
  std::uint32_t version;
  std::uint32_t signature;
  std::uint32_t age;
  std::uint8_t guid[16];
};
static_assert(sizeof(Info) == 28);

// The debug stream's header; then its parts, in the order of their sizes, but types and edit-and-continue last.
struct Debug {
  std::int32_t signature;  // -1
  std::uint32_t version;
  std::uint32_t age;  // as in the image
  std::uint16_t globals;
  std::uint16_t build;
  std::uint16_t publics;
  std::uint16_t dll;
  std::uint16_t records;  // the stream of global and public symbols
  std::uint16_t rebuild;
  std::uint32_t modules_size;
  std::uint32_t contributions_size;
  std::uint32_t section_map_size;
  std::uint32_t sources_size;
  std::uint32_t type_server_size;
  std::uint32_t type_server;
  std::uint32_t headers_size;  // 16-bit numbers of streams
  std::uint32_t edit_and_continue_size;
  std::uint16_t flags;
  std::uint16_t machine;
  std::uint32_t reserved;
};
static_assert(sizeof(Debug) == 64);

// Of the streams at the end of the debug stream.
inline constexpr std::uint32_t kMovedFrom = 4;  // what a tool moved after it was linked
inline constexpr std::uint32_t kSections = 5;   // section headers, as in the image

// Then its name and the object's, each of which ends at a zero byte; the next begins at a multiple of 4.
struct Module {
  std::uint32_t opened;
  std::uint32_t contribution[7];
  std::uint16_t flags;
  std::uint16_t stream;
  std::uint32_t symbols_size;  // with the four bytes before the first
  std::uint32_t lines[2];
  std::uint16_t num_files;
  std::uint16_t padding;
  std::uint32_t names[3];
};
static_assert(sizeof(Module) == 64);

struct Record {
  std::uint16_t size;  // without itself
  std::uint16_t kind;
};

enum Kind : std::uint16_t {
  kLocalData = 0x110C,
  kGlobalData = 0x110D,
  kPublic = 0x110E,
  kLocalFunction = 0x110F,
  kGlobalFunction = 0x1110,
  kLocalFunctionById = 0x1146,
  kGlobalFunctionById = 0x1147,
};

// Each is followed by a name that ends at a zero byte.
struct [[gnu::packed]] Public {
  std::uint32_t flags;
  std::uint32_t offset;
  std::uint16_t segment;
};
static_assert(sizeof(Public) == 10);
inline constexpr std::uint32_t kPublicIsFunction = 2;

struct [[gnu::packed]] Data {
  std::uint32_t type;
  std::uint32_t offset;
  std::uint16_t segment;
};
static_assert(sizeof(Data) == 10);

struct [[gnu::packed]] Function {
  std::uint32_t parent;
  std::uint32_t end;
  std::uint32_t next;
  std::uint32_t size;
  std::uint32_t debug_begin;
  std::uint32_t debug_end;
  std::uint32_t type;
  std::uint32_t offset;
  std::uint16_t segment;
  std::uint8_t flags;
};
static_assert(sizeof(Function) == 35);

}  // namespace sluice::image::pdb
