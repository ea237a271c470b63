// The one arena of a test program.
#pragma once

#include <catch2/catch.hpp>

#include "fuzz/image/arena.h"

inline sluice::image::Arena& test_arena() {
  static sluice::image::Arena arena;
  static const bool is_reserved = sluice::image::Arena::reserve();
  REQUIRE(is_reserved);
  return arena;
}
