// What rules know of a driver build: plain numbers, without the document that they were written in.
#pragma once

#include <map>
#include <string>

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

}  // namespace sluice::program
