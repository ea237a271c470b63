// The stand-ins of fuzz/kernel_api, for binding, and a few of the caller's own before them.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "fuzz/image/bind.h"
#include "fuzz/image/image_file.h"

namespace sluice::image {

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

}  // namespace sluice::image
