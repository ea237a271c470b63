#include <algorithm>
#include <cstring>

#include "validator/program/scan_plan.h"
#include "validator/program/text.h"

namespace sluice::program {

namespace {

template <typename T, bool kBig>
std::uint64_t load_at(const std::uint8_t* from) {
  // Sign-extended numbers become the bit pattern of their 64-bit selves, so that one subtraction judges a range.
  if constexpr (kBig) return static_cast<std::uint64_t>(static_cast<std::int64_t>(bytes::load_big<T>(from)));
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(bytes::load_little<T>(from)));
}

std::uint64_t load(const std::uint8_t* from, ScalarFormat format) {
  const bool is_signed = format.kind == ScalarKind::signed_integer;
  switch (format.width * 2 + (format.big_endian ? 1 : 0)) {
    case 2:
    case 3: return is_signed ? load_at<std::int8_t, false>(from) : *from;
    case 4: return is_signed ? load_at<std::int16_t, false>(from) : bytes::load_little<std::uint16_t>(from);
    case 5: return is_signed ? load_at<std::int16_t, true>(from) : bytes::load_big<std::uint16_t>(from);
    case 8: return is_signed ? load_at<std::int32_t, false>(from) : bytes::load_little<std::uint32_t>(from);
    case 9: return is_signed ? load_at<std::int32_t, true>(from) : bytes::load_big<std::uint32_t>(from);
    case 16: return bytes::load_little<std::uint64_t>(from);
    default: return bytes::load_big<std::uint64_t>(from);
  }
}

bool is_text(ScanTail::Encoding encoding, const std::uint8_t* from, std::uint64_t size) {
  if (encoding == ScanTail::Encoding::ascii) return !first_invalid_ascii({from, size});
  return encoding == ScanTail::Encoding::any || !first_invalid_utf8({from, size});
}

bool holds(const ScanCheck& check, const std::uint8_t* record, const std::uint64_t* values) {
  const std::uint8_t* at = record + check.at;
  if (check.kind == ScanCheck::Kind::ascii) return is_text(ScanTail::Encoding::ascii, at, check.set);
  if (check.kind == ScanCheck::Kind::utf8) return is_text(ScanTail::Encoding::utf8, at, check.set);
  const std::uint64_t v = load(at, check.format);
  switch (check.kind) {
    case ScanCheck::Kind::range:
      return v - static_cast<std::uint64_t>(check.low) <=
             static_cast<std::uint64_t>(check.high) - static_cast<std::uint64_t>(check.low);
    case ScanCheck::Kind::set: {
      const std::uint64_t bit = v - static_cast<std::uint64_t>(check.low);
      return bit < 64 && (check.set >> bit & 1) != 0;
    }
    case ScanCheck::Kind::below_value: return v < values[check.value];
    case ScanCheck::Kind::up_to_value: return v <= values[check.value];
    case ScanCheck::Kind::any_of: return std::binary_search(check.members.begin(), check.members.end(), v);
    case ScanCheck::Kind::ascii:
    case ScanCheck::Kind::utf8: break;
  }
  return false;
}

class Scanner {
 public:
  Scanner(const std::uint8_t* end, const std::uint64_t* values) : end_(end), values_(values) {}

  std::uint64_t elements = 0;

  // After one right record at `p`, or null.
  const std::uint8_t* record(const ScanPlan& plan, const std::uint8_t* p) {
    if (static_cast<std::uint64_t>(end_ - p) < plan.fixed) return nullptr;
    for (const ScanCheck& check : plan.checks) {
      if (!holds(check, p, values_)) return nullptr;
    }
    const std::uint8_t* fixed = p;
    p += plan.fixed;
    elements += plan.elements;
    for (const ScanTail& t : plan.tails) {
      p = tail(plan, t, fixed, p);
      if (p == nullptr) return nullptr;
    }
    return p;
  }

 private:
  const std::uint8_t* tail(const ScanPlan& plan, const ScanTail& t, const std::uint8_t* fixed, const std::uint8_t* p) {
    const auto left = static_cast<std::uint64_t>(end_ - p);
    switch (t.kind) {
      case ScanTail::Kind::skip:
      case ScanTail::Kind::text: {
        const std::uint64_t size = load(fixed + t.at, t.format);
        if (size > left) return nullptr;
        if (!is_text(t.encoding, p, size)) return nullptr;
        return p + size;
      }
      case ScanTail::Kind::terminated: {
        const auto* zero = left == 0 ? nullptr : static_cast<const std::uint8_t*>(std::memchr(p, 0, left));
        if (zero == nullptr) return nullptr;
        if (!is_text(t.encoding, p, static_cast<std::uint64_t>(zero - p))) return nullptr;
        return zero + 1;
      }
      case ScanTail::Kind::fixed: return record(plan.inner[t.plan], p);
      case ScanTail::Kind::records: return records(plan.inner[t.plan], p, load(fixed + t.at, t.format));
    }
    return nullptr;
  }

  // After `count` right records, or null. Each takes at least a byte, so the count needs no bound of its own.
  const std::uint8_t* records(const ScanPlan& plan, const std::uint8_t* p, std::uint64_t count) {
    if (count > static_cast<std::uint64_t>(end_ - p)) return nullptr;
    if (plan.tails.size() == 1 && plan.tails[0].kind == ScanTail::Kind::skip) return prefixed(plan, p, count);
    for (; count > 0; --count) {
      p = record(plan, p);
      if (p == nullptr) return nullptr;
    }
    return p;
  }

  // The commonest record there is: a few checked numbers, one of which is the length of what follows.
  const std::uint8_t* prefixed(const ScanPlan& plan, const std::uint8_t* p, std::uint64_t count) {
    const ScanTail& t = plan.tails[0];
    elements += count * plan.elements;
    const ScanCheck* const first = plan.checks.data();
    const ScanCheck* const last = first + plan.checks.size();
    for (; count > 0; --count) {
      if (static_cast<std::uint64_t>(end_ - p) < plan.fixed) return nullptr;
      for (const ScanCheck* c = first; c != last; ++c) {
        if (!holds(*c, p, values_)) return nullptr;
      }
      const std::uint64_t size = load(p + t.at, t.format);
      p += plan.fixed;
      if (size > static_cast<std::uint64_t>(end_ - p)) return nullptr;
      p += size;
    }
    return p;
  }

  const std::uint8_t* end_;
  const std::uint64_t* values_;
};

// Whether the numbers at `from`, `stride` apart, all lie in a range: no branch on the data, so that it runs at the
// speed of the loads.
template <typename T, bool kBig>
bool column_in_range(const std::uint8_t* from, std::uint64_t stride, std::uint64_t count, std::uint64_t low,
                     std::uint64_t width) {
  using U = std::make_unsigned_t<T>;
  const U base = static_cast<U>(low);
  const U span = static_cast<U>(width);
  U bad = 0;
  for (std::uint64_t k = 0; k < count; ++k) {
    const U v = static_cast<U>(kBig ? bytes::load_big<T>(from + k * stride) : bytes::load_little<T>(from + k * stride));
    bad |= static_cast<U>(static_cast<U>(v - base) > span);
  }
  return bad == 0;
}

bool column_holds(const ScanCheck& c, const std::uint8_t* from, std::uint64_t stride, std::uint64_t count,
                  const std::uint64_t* values) {
  if (c.kind != ScanCheck::Kind::range && c.kind != ScanCheck::Kind::below_value &&
      c.kind != ScanCheck::Kind::up_to_value) {
    for (std::uint64_t k = 0; k < count; ++k) {
      if (!holds(c, from + k * stride, values)) return false;
    }
    return true;
  }
  std::uint64_t low = static_cast<std::uint64_t>(c.low);
  std::uint64_t span = static_cast<std::uint64_t>(c.high) - low;
  if (c.kind != ScanCheck::Kind::range) {
    if (c.kind == ScanCheck::Kind::below_value && values[c.value] == 0) return false;
    low = 0;
    span = values[c.value] - (c.kind == ScanCheck::Kind::below_value ? 1 : 0);
    if (c.format.width < 8) span = std::min(span, (std::uint64_t{1} << (8 * c.format.width)) - 1);
  }
  const std::uint8_t* at = from + c.at;
  switch (c.format.width * 2 + (c.format.big_endian ? 1 : 0)) {
    case 2:
    case 3: return column_in_range<std::uint8_t, false>(at, stride, count, low, span);
    case 4: return column_in_range<std::uint16_t, false>(at, stride, count, low, span);
    case 5: return column_in_range<std::uint16_t, true>(at, stride, count, low, span);
    case 8: return column_in_range<std::uint32_t, false>(at, stride, count, low, span);
    case 9: return column_in_range<std::uint32_t, true>(at, stride, count, low, span);
    case 16: return column_in_range<std::uint64_t, false>(at, stride, count, low, span);
    default: return column_in_range<std::uint64_t, true>(at, stride, count, low, span);
  }
}

// Tiles that fit the first-level cache, so that each column after the first finds its bytes there.
ScanResult scan_columns(const ScanPlan& plan, const std::uint8_t* cursor, const std::uint8_t* end, std::uint64_t count,
                        const std::uint64_t* values, std::uint64_t budget) {
  constexpr std::uint64_t kTileBytes = 16384;
  const std::uint64_t tile = std::max<std::uint64_t>(1, kTileBytes / plan.fixed);
  count = std::min(count, static_cast<std::uint64_t>(end - cursor) / plan.fixed);
  count = std::min(count, budget / std::max(1u, plan.elements));
  ScanResult result{.cursor = cursor};
  if (plan.checks.empty()) {
    result.records = count;
  } else {
    while (result.records < count) {
      const std::uint64_t now = std::min(tile, count - result.records);
      const std::uint8_t* from = cursor + result.records * plan.fixed;
      bool good = true;
      for (const ScanCheck& c : plan.checks) good = good && column_holds(c, from, plan.fixed, now, values);
      if (!good) {
        Scanner scanner(end, values);
        for (std::uint64_t k = 0; k < now && scanner.record(plan, from + k * plan.fixed) != nullptr; ++k)
          ++result.records;
        break;
      }
      result.records += now;
    }
  }
  result.cursor = cursor + result.records * plan.fixed;
  result.elements = result.records * plan.elements;
  return result;
}

}  // namespace

ScanResult scan(const ScanPlan& plan, const std::uint8_t* cursor, const std::uint8_t* end, std::uint64_t count,
                const std::uint64_t* values, std::uint64_t budget) {
  if (plan.is_column()) return scan_columns(plan, cursor, end, count, values, budget);
  ScanResult result{.cursor = cursor};
  Scanner scanner(end, values);
  while (result.records < count && scanner.elements < budget) {
    const std::uint64_t before = scanner.elements;
    const std::uint8_t* next = scanner.record(plan, result.cursor);
    if (next == nullptr || scanner.elements > budget) {
      scanner.elements = before;
      break;
    }
    result.cursor = next;
    ++result.records;
  }
  result.elements = scanner.elements;
  return result;
}

}  // namespace sluice::program
