// Unicorn, loaded when it is first wanted: it is large, and only images for another processor want it.
#pragma once

#include <unicorn/unicorn.h>

#include <string>

namespace sluice::image {

struct Unicorn {
  decltype(&::uc_version) version = nullptr;
  decltype(&::uc_open) open = nullptr;
  decltype(&::uc_strerror) error_text = nullptr;
  decltype(&::uc_mem_map_ptr) lend = nullptr;
  decltype(&::uc_mem_unmap) take_back = nullptr;
  decltype(&::uc_hook_add) add_hook = nullptr;
  decltype(&::uc_emu_start) start = nullptr;
  decltype(&::uc_emu_stop) stop = nullptr;
  decltype(&::uc_reg_read) read = nullptr;
  decltype(&::uc_reg_write) write = nullptr;

  // Null with `why` filled where there is none, or another one than this was compiled for.
  static const Unicorn* load(std::string& why);
};

}  // namespace sluice::image
