# cmake -DSYMBOLS=file;file -DOUTPUT=file.cc -P list_provided.cmake: C++ source of the table behind provided.h.
cmake_policy(SET CMP0007 NEW)
set(names)
foreach(file ${SYMBOLS})
  file(STRINGS ${file} lines)
  list(APPEND names ${lines})
endforeach()
list(FILTER names EXCLUDE REGEX "^(#|sluice_|$)")
list(REMOVE_DUPLICATES names)
list(SORT names COMPARE STRING CASE SENSITIVE)
list(JOIN names "\",\n    \"" rows)
file(WRITE ${OUTPUT} "#include \"fuzz/image/provided.h\"

#include <algorithm>

namespace sluice::image {

namespace {

constexpr std::string_view kProvided[] = {
    \"${rows}\"};

}  // namespace

bool is_provided(std::string_view name) {
  static_assert(std::ranges::is_sorted(kProvided));
  return std::ranges::binary_search(kProvided, name);
}

}  // namespace sluice::image
")
