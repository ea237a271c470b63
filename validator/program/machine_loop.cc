// Repeats.
#include <algorithm>

#include "validator/program/machine.h"

namespace sluice::program {

bool Machine::step_loop(const Instruction& i, std::uint32_t& pc) {
  Activation& a = top();
  Loop& loop = a.loop;
  switch (i.op) {
    case Op::loop_count:
    case Op::loop_open: {
      std::uint64_t count = UINT64_MAX;
      if (i.op == Op::loop_count) {
        const Value v = pop();
        if (v.tag != Tag::integer) return fail(FindingId::null_access, {{"what", "the count"}});
        if (v.negative) {
          return fail(FindingId::bad_size, {{"what", "the count"}, {"value", to_string(v.as_integer())}});
        }
        count = v.bits;
      }
      Array* array = nullptr;
      if ((i.a & 1) != 0) {
        array = region_of(a.self).array<Array>(1);
        if (array == nullptr) return out_of_memory();
        new (array) Array{.stream = stream_};
        a.self->slots()[i.b] = Value::of(array);
      }
      loop = {.count = count,
              .array = array,
              .first = reader().cursor(),
              .serial = ++loops_,
              .active = true,
              .counted = i.op == Op::loop_count,
              .until_end = (i.a & 2) != 0};
      loop.element = loop.first;
      return true;
    }
    case Op::loop_test:
      if (loop.until_end ? reader().at_end() : loop.index >= loop.count) {
        drop_held(loop);
        loop.active = false;
        pc = static_cast<std::uint32_t>(i.c);
        return true;
      }
      loop.bits = reader().bit_position();
      loop.element = reader().begin() + ((i.a & 2) != 0 ? reader().bit_start() : reader().position());
      return true;
    case Op::scan: {
      scan_bounds_.resize(i.a);
      bool usable = reader().is_aligned();
      for (std::uint32_t k = i.a; k-- > 0;) {
        const Value v = pop();
        usable = usable && v.tag == Tag::integer && !v.negative;
        scan_bounds_[k] = v.bits;
      }
      if (!usable) return true;  // the machine will say what is wrong
      const ScanPlan& plan = code_.plans[i.b];
      const ScanResult r = scan(plan, reader().cursor(), reader().begin() + reader().size(), loop.count - loop.index,
                                scan_bounds_, limits_.elements - std::min(limits_.elements, elements_));
      elements_ += r.elements;
      loop.index += r.records;
      if (reader().take(static_cast<std::uint64_t>(r.cursor - reader().cursor())) == nullptr) std::abort();
      return true;
    }
    case Op::append: {
      const Value v = pop();
      Array& array = *loop.array;
      if (array.count == loop.index + 1) {  // placed early
        array.items[loop.index] = v;
      } else {
        if (array.count == array.capacity && !grow(array, a.self)) return false;
        array.items[array.count++] = v;
      }
      if (array.spans != nullptr) {
        array.spans[array.count - 1] = {static_cast<std::uint64_t>(loop.element - reader().begin()),
                                        reader().position()};
      }
      return true;
    }
    case Op::loop_next:
    case Op::loop_until: {
      bool ends = false;
      if (i.op == Op::loop_until) {
        const Value v = pop();
        if (v.tag != Tag::boolean) return fail(FindingId::null_access, {{"what", "the end condition"}});
        ends = v.bits != 0;
      }
      if (!charge(1)) return false;
      if (reader().bit_position() == loop.bits && !ends) {
        ++loop.empty;
        if (loop.until_end || loop.empty > limits_.empty_elements) {
          return budget(FindingId::no_progress,
                        {{"count", std::to_string(loop.empty)}, {"position", std::to_string(reader().position())}});
        }
      } else {
        loop.empty = 0;
      }
      ++loop.index;
      if (ends) {
        drop_held(loop);
        loop.active = false;
      } else {
        pc = static_cast<std::uint32_t>(i.c);
      }
      return true;
    }
    case Op::pack_array: {
      Array& array = *loop.array;
      array.packed = loop.first;
      array.count = loop.index;
      array.format = {.width = static_cast<std::uint8_t>(i.a & 15),
                      .kind = static_cast<ScalarKind>(i.a >> 4 & 3),
                      .big_endian = (i.a & 64) != 0};
      return true;
    }
    default: std::abort();
  }
}

}  // namespace sluice::program
