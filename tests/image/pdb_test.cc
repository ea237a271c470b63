// A PDB names what its image has; one of another image, or one that lies, changes nothing.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "fuzz/image/formats.h"
#include "fuzz/image/pdb_format.h"
#include "tests/image/pe_file.h"
#include "tests/image/promises.h"

using namespace sluice::image;

namespace {

ImageFile parsed(const Bytes& bytes) {
  auto image = parse_image(bytes, "small.sys");
  if (!image) FAIL(image.error());
  return std::move(*image);
}

const Symbol* symbol_named(const ImageFile& image, std::string_view name) {
  const auto at = std::ranges::find(image.symbols, name, &Symbol::name);
  return at == image.symbols.end() ? nullptr : &*at;
}

const Bytes& small_pdb() {
  static const Bytes bytes = read_driver("x86_64/small.pdb");
  return bytes;
}

std::string refusal_of(const Bytes& pdb) {
  ImageFile image = parsed(small_sys());
  const auto num_symbols = image.symbols.size();
  const auto added = add_pdb_symbols(image, pdb);
  if (added) return "is one";
  CHECK(image.symbols.size() == num_symbols);
  return added.error();
}

// Where the parts of a PDB lie in the file.
struct Places {
  explicit Places(const Bytes& pdb) {
    const auto number = [&](std::size_t at) {
      std::uint32_t value = 0;
      REQUIRE(read_plain(pdb, at, value));
      return value;
    };
    block_size = number(32);
    map = std::size_t{number(52)} * block_size;
    directory = std::size_t{number(map)} * block_size;
    std::size_t blocks = directory + 4 + std::size_t{number(directory)} * 4;
    for (std::uint32_t i = 0; i < number(directory); ++i) {
      const std::uint32_t size = number(directory + 4 + i * 4u);
      sizes.push_back(directory + 4 + i * 4u);
      streams.push_back(blocks);
      first_blocks.push_back(size == 0 ? 0 : std::size_t{number(blocks)} * block_size);
      blocks += (size + block_size - 1) / block_size * 4;
    }
  }
  std::size_t block_size;
  std::size_t map;
  std::size_t directory;
  std::vector<std::size_t> sizes;         // of streams, in the directory
  std::vector<std::size_t> streams;       // their blocks, in the directory
  std::vector<std::size_t> first_blocks;  // in the file
};

template <typename T>
void set(Bytes& bytes, std::size_t at, T value) {
  REQUIRE(at + sizeof value <= bytes.size());
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

}  // namespace

TEST_CASE("a PDB names functions, with their sizes, and data") {
  const std::string machine = GENERATE("x86_64", "aarch64");
  const Bytes sys = read_driver(machine + "/small.sys");
  const Bytes pdb = read_driver(machine + "/small.pdb");
  ImageFile image = parsed(sys);
  const std::uint32_t exported = symbol_named(image, "SmallOperate")->offset;
  const auto added = add_pdb_symbols(image, pdb);
  if (!added) FAIL(added.error());
  CHECK(check_promises(image) == "");
  for (const char* name :
       {"frame_of_pushes", "frame_with_register", "frame_of_pages", "SmallCallBack", "DriverEntry"}) {
    INFO(name);
    const Symbol* symbol = symbol_named(image, name);
    REQUIRE(symbol != nullptr);
    CHECK(symbol->is_function);
    CHECK(symbol->size > 0);
    CHECK(section_at(image, symbol->offset)->is_executable);
  }
  CHECK(symbol_named(image, "DriverEntry")->offset == image.entry);
  CHECK(symbol_named(image, "SmallOperate")->offset == exported);
  CHECK(std::ranges::count(image.symbols, "SmallOperate", &Symbol::name) == 1);
  CHECK(symbol_named(image, "SmallOperate")->size > 0);
  REQUIRE(symbol_named(image, "zeroed") != nullptr);
  CHECK(section_at(image, symbol_named(image, "zeroed")->offset)->name == ".data");
  CHECK(symbol_named(image, "__security_cookie")->offset == *image.cookie);
}

TEST_CASE("sizes that a PDB tells agree with the image's own unwind table") {
  ImageFile image = parsed(small_sys());
  REQUIRE(add_pdb_symbols(image, small_pdb()));
  const Section* section = section_at(image, image.unwind.offset);
  std::size_t num_checked = 0;
  for (std::uint32_t at = 0; at < image.unwind.size; at += 12) {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    REQUIRE(read_plain(section->bytes, image.unwind.offset - section->offset + at, begin));
    REQUIRE(read_plain(section->bytes, image.unwind.offset - section->offset + at + 4, end));
    const Symbol* symbol = symbol_at(image, begin);
    if (symbol == nullptr || symbol->offset != begin || symbol->size == 0) continue;  // written in assembler
    CHECK(symbol->size == end - begin);
    ++num_checked;
  }
  CHECK(num_checked >= 5);
}

TEST_CASE("a PDB of another image is refused") {
  ImageFile image = parsed(small_sys());
  const auto added = add_pdb_symbols(image, read_driver("aarch64/small.pdb"));
  REQUIRE(!added);
  const std::string begin = "is not the PDB of small.sys, which belongs to " + image.symbol_id + ": it is ";
  CHECK(added.error().substr(0, begin.size()) == begin);

  image.symbol_id.clear();
  const auto without = add_pdb_symbols(image, small_pdb());
  REQUIRE(!without);
  CHECK(without.error().starts_with("is not the PDB of small.sys, which names no PDB: it is "));
}

TEST_CASE("a PDB that was written anew for the same image has another age and is refused") {
  Bytes pdb = small_pdb();
  set(pdb, Places(pdb).first_blocks[pdb::kDebugStream] + 8, std::uint32_t{2});
  CHECK(refusal_of(pdb).starts_with("is not the PDB of small.sys, which belongs to "));
}

TEST_CASE("a PDB that is none, or lies, is refused with the reason") {
  struct Case {
    const char* name;
    std::function<void(Bytes&, const Places&)> change;
    std::string refusal;
  };
  const auto debug = [](std::size_t at, auto value) {
    return [=](Bytes& pdb, const Places& places) { set(pdb, places.first_blocks[pdb::kDebugStream] + at, value); };
  };
  const auto number = [](std::size_t Places::* at, std::uint32_t value) {
    return [=](Bytes& pdb, const Places& places) { set(pdb, places.*at, value); };
  };
  const std::vector<Case> cases{
      {"magic", [](Bytes& pdb, const Places&) { pdb[3] ^= 1; }, "is no PDB: it begins otherwise"},
      {"block size", [](Bytes& pdb, const Places&) { set(pdb, 32, std::uint32_t{0}); }, "has blocks of 0 bytes"},
      {"odd block size", [](Bytes& pdb, const Places&) { set(pdb, 32, std::uint32_t{5000}); },
       "has blocks of 5000 bytes"},
      {"map", [](Bytes& pdb, const Places&) { set(pdb, 52, std::uint32_t{0xFFFFFFFF}); },
       "is truncated: its directory's map lies at 0xffffffff000, 0x4 bytes"},
      {"large directory", [](Bytes& pdb, const Places&) { set(pdb, 44, std::uint32_t{0xFFFFFFFF}); },
       "is truncated: its directory's map lies at ..."},
      {"directory's block", number(&Places::map, 0xFFFFFFFF), "is truncated: block 0xffffffff lies behind its end"},
      {"many streams", number(&Places::directory, 0xFFFFFFFF), "has a directory of ..."},
      {"large stream", [](Bytes& pdb, const Places& places) { set(pdb, places.sizes[1], std::uint32_t{0xFFFFFFF0}); },
       "has stream 1 of 0xfffffff0 bytes, whose blocks are not in the directory"},
      {"block nowhere", [](Bytes& pdb, const Places& places) { set(pdb, places.streams[1], std::uint32_t{0x10000}); },
       "is truncated: block 0x10000 lies behind its end"},
      {"no information", [](Bytes& pdb, const Places& places) { set(pdb, places.sizes[1], std::uint32_t{8}); },
       "has no information about an image"},
      {"signature", debug(0, std::uint32_t{0}), "has no information about an image"},
      {"parts", debug(28, std::uint32_t{0xFFFFFFFF}), "has a debug stream whose parts are larger than itself"},
      {"modules",
       [](Bytes& pdb, const Places& places) {
         const std::size_t at = places.first_blocks[pdb::kDebugStream];
         pdb::Debug header;
         std::memcpy(&header, &pdb[at], sizeof header);
         header.modules_size -= 8;
         header.contributions_size += 8;
         set(pdb, at, header);
       },
       "has a list of modules that is truncated"},
      {"streams of the same block",
       [](Bytes& pdb, const Places& places) {
         // A directory of two streams, of which the second has the first block again and again.
         const auto end = static_cast<std::uint32_t>(pdb.size() / places.block_size);
         pdb.resize(pdb.size() + 2 * places.block_size);
         const std::uint32_t num_blocks = end + 3;
         set(pdb, 44, 12 + 4 * num_blocks);
         set(pdb, 52, end);
         set(pdb, end * places.block_size, end + 1);
         const std::size_t directory = (end + 1) * places.block_size;
         set(pdb, directory, std::uint32_t{2});
         set(pdb, directory + 8, static_cast<std::uint32_t>(num_blocks * places.block_size));
       },
       "has streams that share blocks: they are larger than the file"},
      {"records", debug(20, std::uint16_t{999}), "has no stream 999, only ..."},
      {"records of numbers", debug(20, std::uint16_t{pdb::kInfoStream}), "has a symbol at 0x0 of stream 1 ..."},
      {"records of the debug stream", debug(20, std::uint16_t{pdb::kDebugStream}),
       "has a symbol at 0x0 of stream 3 ..."},
      {"a module's stream", debug(64 + 34, std::uint16_t{999}), "has no stream 999, only ..."},
      {"a module's symbols", debug(64 + 36, std::uint32_t{0xFFFFFFF0}),
       "has a module with 0xfffffff0 bytes of symbols, in stream ..."},
  };
  for (const Case& one : cases) {
    INFO(one.name);
    Bytes pdb = small_pdb();
    one.change(pdb, Places(pdb));
    std::string got = refusal_of(pdb);
    if (one.refusal.ends_with("...")) got = got.substr(0, one.refusal.size() - 3) + "...";
    CHECK(got == one.refusal);
  }
}

TEST_CASE("every prefix of a PDB is refused, or names the same") {
  const Bytes& whole = small_pdb();
  ImageFile full = parsed(small_sys());
  REQUIRE(add_pdb_symbols(full, whole));
  for (std::size_t size = 0; size < whole.size(); size += size < 8192 ? 7 : 509) {
    const Bytes prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    ImageFile image = parsed(small_sys());
    const auto added = add_pdb_symbols(image, prefix);
    INFO(size);
    if (added) {
      REQUIRE(image.symbols.size() == full.symbols.size());
    } else {
      REQUIRE(!added.error().empty());
    }
  }
}

TEST_CASE("a PDB with bits flipped is refused, or what it names lies in the image") {
  const Bytes& whole = small_pdb();
  const Places places(whole);
  const unsigned seed = std::random_device()();
  std::mt19937 random(seed);
  INFO("seed " << seed);
  const ImageFile clean = parsed(small_sys());
  std::size_t num_refused = 0;
  for (std::size_t run = 0; run < 3000; ++run) {
    Bytes pdb = whole;
    const std::size_t where[] = {0, places.directory, places.first_blocks[pdb::kDebugStream], random() % pdb.size()};
    for (std::size_t flips = 1 + random() % 4; flips != 0; --flips) {
      const std::size_t at = (where[random() % 4] + random() % 256) % pdb.size();
      pdb[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
    }
    ImageFile image = clean;
    const auto added = add_pdb_symbols(image, pdb);
    num_refused += !added;
    const std::string broken = check_promises(image);
    if (!broken.empty() || (!added && added.error().empty())) {
      INFO("run " << run << ": " << broken);
      REQUIRE(false);
    }
  }
  CHECK(num_refused > 300);
  CHECK(num_refused < 3000);
}
