// Capstone with details: for the files of this room that read code, and for no public header.
#pragma once

#include <capstone/capstone.h>

#include <cstdint>
#include <span>

namespace sluice::image {

class Capstone {
 public:
  Capstone(cs_arch machine, cs_mode mode) {
    is_open_ = cs_open(machine, mode, &handle_) == CS_ERR_OK;
    if (!is_open_) return;
    cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
    instruction_ = cs_malloc(handle_);
  }
  ~Capstone() {
    if (instruction_ != nullptr) cs_free(instruction_, 1);
    if (is_open_) cs_close(&handle_);
  }
  Capstone(const Capstone&) = delete;
  Capstone& operator=(const Capstone&) = delete;

  // The first instruction of `bytes`, until the next is decoded. Null where there is none.
  const cs_insn* decode(std::span<const std::uint8_t> bytes, std::uint64_t address) {
    if (instruction_ == nullptr) return nullptr;
    const std::uint8_t* code = bytes.data();
    std::size_t size = bytes.size();
    return cs_disasm_iter(handle_, &code, &size, &address, instruction_) ? instruction_ : nullptr;
  }
  [[nodiscard]] csh handle() const { return handle_; }

 private:
  csh handle_ = 0;
  bool is_open_ = false;
  cs_insn* instruction_ = nullptr;
};

}  // namespace sluice::image
