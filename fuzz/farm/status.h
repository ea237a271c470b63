// `sluice farm status`: what all workers of a farm are at, as text, or one of them as a page.
#pragma once

#include <string>

#include "fuzz/farm/document.h"
#include "fuzz/farm/next.h"

namespace sluice::farm {

class Status {
 public:
  // `farm` is aliased.
  explicit Status(const Farm& farm);

  // False: there is nothing to tell of, and `text` says why.
  [[nodiscard]] bool tell(std::string& text) const;

  // Of `worker`, or if that is empty of `usual`, or of the only one. False with `problem` filled: it is not written.
  [[nodiscard]] bool write_page(const std::string& file, const std::string& worker, const std::string& usual,
                                std::string& problem) const;

 private:
  [[nodiscard]] std::string text_of(const std::string& worker) const;

  const Farm& farm_;
  TargetDocuments documents_;
};

}  // namespace sluice::farm
