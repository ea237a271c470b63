// Any bytes are an image that keeps what image_file.h promises, or are refused with a reason. What follows in them as a
// PDB adds symbols that lie in the image, or nothing and a reason. Frames are unwound by whatever tables there are,
// over a stack that leads back into the image.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "fuzz/image/image_file.h"
#include "fuzz/image/unwind.h"
#include "tests/image/promises.h"

using namespace sluice::image;

namespace {

constexpr std::uint64_t kAddress = 0x20000000;
constexpr std::uint64_t kStack = 0x10000;
constexpr std::size_t kStackWords = 64;
std::uint32_t g_image_size;

void require(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

void require_promises(const ImageFile& image) {
  const std::string broken = check_promises(image);
  require(broken.empty(), broken);
}

// A copy, so that the sanitizer guards both ends.
struct Copy {
  explicit Copy(std::span<const std::uint8_t> bytes) : bytes(new std::uint8_t[bytes.size()]), size(bytes.size()) {
    std::ranges::copy(bytes, this->bytes.get());
  }
  [[nodiscard]] std::span<const std::uint8_t> span() const { return {bytes.get(), size}; }

  std::unique_ptr<std::uint8_t[]> bytes;
  std::size_t size;
};

bool read_stack(std::uintptr_t address, std::uint64_t& word) {
  if (address < kStack || address - kStack >= kStackWords * 8) return false;
  word = address % 16 == 0 ? kStack + (address * 7) % (kStackWords * 8) : kAddress + (address * 331) % g_image_size;
  return true;
}

void unwind_from(const ImageFile& image, std::uint32_t offset) {
  Registers registers;
  registers.general.fill(kStack + 64);
  registers.rip = kAddress + offset;
  std::uintptr_t pcs[16];
  const std::size_t num_pcs = unwind(image, kAddress, registers, pcs, read_stack);
  require(num_pcs >= 1 && num_pcs <= std::size(pcs) && pcs[0] == registers.rip, "unwinding begins elsewhere");
  for (std::size_t i = 0; i + 1 < num_pcs; ++i) {
    require(pcs[i] - kAddress < image.size, "unwinding goes on outside of the image");
  }
}

void look_up(const ImageFile& image) {
  std::string why;
  constexpr std::size_t kMost = 64;
  for (std::size_t i = 0; i < std::min(kMost, image.symbols.size()); ++i) {
    const Symbol& symbol = image.symbols[i];
    const auto found = find_symbol(image, symbol.name, why);
    require(found || !why.empty(), "a symbol is neither found nor is it said why");
    const Symbol* at = symbol_at(image, symbol.offset);
    require(at == nullptr || at->offset <= symbol.offset, "a symbol lies behind what it is to name");
    unwind_from(image, symbol.offset);
  }
  unwind_from(image, image.entry);
  unwind_from(image, image.size - 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kPdb = "Microsoft C/C++ MSF 7.00";
  const std::uint8_t* middle = std::search(data, data + size, kPdb.begin(), kPdb.end());
  const Copy bytes({data, middle});
  const Copy pdb({middle, data + size});
  auto image = parse_image(bytes.span(), "fuzzed");
  if (!image) {
    require(!image.error().empty(), "refused without a reason");
    return 0;
  }
  require_promises(*image);
  g_image_size = image->size;
  look_up(*image);
  if (pdb.size == 0) return 0;
  const std::size_t num_symbols = image->symbols.size();
  const auto added = add_pdb_symbols(*image, pdb.span());
  require(added || (!added.error().empty() && image->symbols.size() == num_symbols), "a PDB is half read");
  require_promises(*image);
  look_up(*image);
  return 0;
}
