// Where an image's imports lead: to functions of this process, by stubs that convert the calling convention; and what
// has no stand-in to an address that nobody may touch, so that using it is a fault which names it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/image/arena.h"
#include "fuzz/image/image_file.h"

namespace sluice::image {

struct Provided {
  void* address = nullptr;      // null: there is no stand-in
  std::size_t object_size = 0;  // of a variable; 0: a function
};

class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual Provided find(const std::string& name) const = 0;
};

class Bindings {
 public:
  // One address for each import, in their order. Stubs lie in `arena`. The file must outlive this.
  static Parsed<Bindings> make(const ImageFile& file, Arena& arena, const Provider& provider);

  [[nodiscard]] std::span<const std::uintptr_t> addresses() const { return addresses_; }
  // The image's own copies of variables: whole pages, which it may write to.
  [[nodiscard]] std::span<const std::span<std::uint8_t>> variables() const { return variables_; }
  // The import without a stand-in that this address stands for; null: none. Signal-safe.
  [[nodiscard]] const Import* trapped_at(std::uintptr_t address) const;

 private:
  const ImageFile* file_ = nullptr;
  std::vector<std::uintptr_t> addresses_;
  std::vector<std::span<std::uint8_t>> variables_;
  std::uintptr_t traps_ = 0;
};

// Whether x86-64 modules' imports of this name are code that is made here: __fentry__, thunks.
bool is_made_here(std::string_view name);

}  // namespace sluice::image
