// The name of an identity: of what is stable over nights, seeds, compilers and builds.
#pragma once

#include <set>
#include <string>

#include "fuzz/cause/cases.h"
#include "fuzz/cause/merge.h"

namespace sluice::cause {

// `bad-address-instances.criteria.input-1a2b3c4d`: the kind, the field that is to blame, and a hash of both. Where
// nobody knows the field, `function` stands for it, and the step goes into the hash too.
[[nodiscard]] std::string name_of(const Place& place, const std::string& function);

// Names that are taken in one run.
class Names {
 public:
  void reserve(const std::string& name) { taken_.insert(name); }
  // `wanted`, or where another cause has that name, which then is one of other builds, with `build` behind it.
  [[nodiscard]] std::string take(const std::string& wanted, const std::string& build);

 private:
  std::set<std::string> taken_;
};

}  // namespace sluice::cause
