// What a number is about, by the names that Kaitai's style guide asks for: of what is about different things none
// bounds the other, even where all examples have it so.
#pragma once

#include <cstdint>

#include "fuzz/suggest/table.h"

namespace sluice::suggest {

enum class Unit : std::uint8_t {
  unknown,
  offset,  // `ofs_`: in bytes
  length,  // `len_`, and how long the file is
  count,   // `num_`, and how many elements there are
  first,   // `first_`: the index that a run begins with
  name,    // `id`, `_id`: one is another or is not, and none is more
  code,    // of an enum
};

[[nodiscard]] Unit unit_of(const Term& term);
// Whether it means something that one is not more than the other. Of what is unknown it may.
[[nodiscard]] bool can_bound(Unit one, Unit other);
[[nodiscard]] bool can_equal(Unit one, Unit other);
// Whether two are where something begins and how far it goes, and the third how much there is of it.
[[nodiscard]] bool is_range_in(Unit one, Unit other, Unit region);

}  // namespace sluice::suggest
