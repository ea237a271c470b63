#include "fuzz/image/operation.h"

namespace sluice::image {

Condition opposite(Condition condition) {
  switch (condition) {
    case Condition::none: return Condition::none;
    case Condition::equal: return Condition::not_equal;
    case Condition::not_equal: return Condition::equal;
    case Condition::below: return Condition::not_below;
    case Condition::not_above: return Condition::above;
    case Condition::above: return Condition::not_above;
    case Condition::not_below: return Condition::below;
    case Condition::less: return Condition::not_less;
    case Condition::not_greater: return Condition::greater;
    case Condition::greater: return Condition::not_greater;
    case Condition::not_less: return Condition::less;
  }
  return Condition::none;
}

Condition swapped(Condition condition) {
  switch (condition) {
    case Condition::none:
    case Condition::equal:
    case Condition::not_equal: return condition;
    case Condition::below: return Condition::above;
    case Condition::not_above: return Condition::not_below;
    case Condition::above: return Condition::below;
    case Condition::not_below: return Condition::not_above;
    case Condition::less: return Condition::greater;
    case Condition::not_greater: return Condition::not_less;
    case Condition::greater: return Condition::less;
    case Condition::not_less: return Condition::not_greater;
  }
  return Condition::none;
}

std::unique_ptr<Processor> make_processor(const ImageFile& image) {
  return image.machine == Machine::x86_64 ? make_x86_processor(image.format) : make_aarch64_processor();
}

}  // namespace sluice::image
