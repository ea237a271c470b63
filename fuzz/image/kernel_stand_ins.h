// The stand-ins of fuzz/kernel_api, for binding, and a few of the caller's own before them.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "fuzz/image/bind.h"
#include "fuzz/image/image_file.h"

namespace sluice::image {

// What fuzz/kernel_api has for an import of that name. What the C library has as well, and a Linux module means
// otherwise, is __kernel_NAME there.
[[nodiscard]] Provided kernel_stand_in(const std::string& name, Format format);

// What lies at an address of this process, or nothing for a null one: a function, or a variable whose size is known.
[[nodiscard]] Provided provided_at(void* address);

// Sizes of variables are known where the program exports its symbols (ENABLE_EXPORTS).
class KernelStandIns : public Provider {
 public:
  explicit KernelStandIns(Format format, std::map<std::string, Provided> own = {})
      : format_(format), own_(std::move(own)) {}

  [[nodiscard]] Provided find(const std::string& name) const override;

 private:
  Format format_;
  std::map<std::string, Provided> own_;
};

// What an adapter defines as sluice_import_NAME, else that of the kernel. `adapter` is a handle of dlopen, and stays.
class AdapterStandIns : public Provider {
 public:
  AdapterStandIns(void* adapter, Format format) : adapter_(adapter), format_(format) {}

  [[nodiscard]] Provided find(const std::string& name) const override;

 private:
  void* adapter_;
  Format format_;
};

}  // namespace sluice::image
