// What rules know of a driver build: plain numbers, without the document that they were written in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "validator/expression/integer.h"

namespace sluice::program {

struct BuildFacts {
  std::string name;
  std::string support;                  // `fielded`, `canary`
  std::map<Integer, Integer> supplies;  // template type id -> inputs that the integration code supplies
  std::map<Integer, Integer> defines;   // template type id -> inputs that the build's definition has
  std::map<std::string, Integer> caps;  // free numbers for rules

  friend bool operator==(const BuildFacts&, const BuildFacts&) = default;
};

// What rules ask of all builds at each element, made ready. Aliases nothing.
class BuildIndex {
 public:
  BuildIndex() = default;
  // Every build has every cap.
  BuildIndex(const std::vector<BuildFacts>& builds, const std::vector<std::string>& caps);

  // How many inputs of a template type every build supplies; 0 if one does not know the type.
  [[nodiscard]] Integer fewest(Integer type) const {
    if (type >= 0 && type < static_cast<Integer>(dense_.size())) return dense_[static_cast<std::size_t>(type)];
    const auto at = sparse_.find(type);
    return at == sparse_.end() ? none_ : at->second;
  }
  [[nodiscard]] Integer cap(std::size_t build, std::size_t number) const { return caps_[build * count_ + number]; }
  // The least and the most of all builds, where there is one.
  [[nodiscard]] Integer least_cap(std::size_t number) const { return least_[number]; }
  [[nodiscard]] Integer most_cap(std::size_t number) const { return most_[number]; }

 private:
  Integer none_ = kIntegerMax;  // of a type that no build knows: any number, where there is no build
  std::vector<Integer> dense_;  // by type
  std::map<Integer, Integer> sparse_;
  std::size_t count_ = 0;
  std::vector<Integer> caps_;
  std::vector<Integer> least_, most_;
};

}  // namespace sluice::program
