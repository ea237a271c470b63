// THIS CODE IS FOR TESTS ONLY: elements that cut a region out: bytes, text, structures with a size.
#include <algorithm>

#include "tests/agree/twin_impl.h"

namespace sluice::agree {

using schema::DataKind;
using schema::ProcessKind;

static std::string terminator_of(const Member& m, const DataType& data) {
  if (m.sizing.terminator) return {m.sizing.terminator->begin(), m.sizing.terminator->end()};
  return data.zero_terminated ? std::string(unit_of(data.encoding), '\0') : std::string();
}

// Where `terminator` stands in `bytes` from `begin` on, at a multiple of its own length.
static std::size_t find_terminator(const std::string& bytes, std::size_t begin, const std::string& terminator) {
  for (std::size_t i = begin; i + terminator.size() <= bytes.size(); i += terminator.size()) {
    if (bytes.compare(i, terminator.size(), terminator) == 0) return i;
  }
  return std::string::npos;
}

bool Twin::take_terminated(const Member& m, const std::string& terminator, Stream& s, const Place& at,
                           std::string& bytes) {
  std::size_t end = find_terminator(s.bytes, s.pos, terminator);
  if (end == std::string::npos) {
    if (m.sizing.eos_error) return give_up(FindingId::terminator_missing, at, s.absolute(s.pos, s.size()));
    bytes = s.bytes.substr(s.pos);
    s.pos = s.size();
    return true;
  }
  bytes = s.bytes.substr(s.pos, end - s.pos + (m.sizing.include ? terminator.size() : 0));
  s.pos = end + (m.sizing.consume ? terminator.size() : 0);
  return true;
}

// Moves over the region and leaves in `bytes` what of it is content: padding and terminator cut off.
bool Twin::take_region(const Member& m, const DataType& data, Stream& s, const Place& at, std::string& bytes) {
  std::string terminator = terminator_of(m, data);
  std::uint64_t n = s.left();
  if (m.sizing.size) {
    Value size = evaluate_used(*m.sizing.size.expr, at);
    if (size.is(Value::Kind::lost)) return false;
    if (size.integer < 0) return give_up(FindingId::bad_size, at, at.bytes);
    if (size.integer > n) return give_up(FindingId::end_of_stream, at, s.absolute(s.pos, s.size()));
    n = static_cast<std::uint64_t>(size.integer);
  } else if (!m.sizing.size_eos) {
    return take_terminated(m, terminator, s, at, bytes);
  }
  bytes = s.bytes.substr(s.pos, n);
  s.pos += n;
  if (m.sizing.pad_right &&
      (terminator.empty() || static_cast<std::uint8_t>(terminator.back()) != *m.sizing.pad_right)) {
    while (!bytes.empty() && static_cast<std::uint8_t>(bytes.back()) == *m.sizing.pad_right) bytes.pop_back();
  }
  if (terminator.empty()) return true;
  std::size_t end = find_terminator(bytes, 0, terminator);
  if (end != std::string::npos) bytes.resize(end + (m.sizing.include ? terminator.size() : 0));
  return true;
}

// `begin` is where `bytes` lie in `s`.
bool Twin::undo_process(const Member& m, Stream& s, const Place& at, std::uint64_t begin, std::string& bytes) {
  const schema::Process& process = m.sizing.process;
  bool bad = false;
  if (process.kind == ProcessKind::zlib) {
    Inflated inflated = inflate(bytes, limits_.process_bytes - process_bytes_);
    process_bytes_ += inflated.out.size();
    if (process_bytes_ > limits_.process_bytes) return stop(FindingId::limit_process, at);
    bad = !inflated.good;
    if (!bad && inflated.consumed < bytes.size() && !m.allow.trailing_bytes) {
      Place rest = at;
      rest.bytes = s.absolute(begin + inflated.consumed, begin + bytes.size());
      judged(FindingId::trailing_bytes, rest);
    }
    if (!bad) bytes = inflated.out;
  } else if (process.kind == ProcessKind::custom) {
    return give_up(FindingId::unsupported, at, at.bytes);
  } else {
    Value v = evaluate_used(*process.arguments[0].expr, at);
    if (v.is(Value::Kind::lost)) return false;
    if (process.kind == ProcessKind::xor_key) {
      std::string key = v.is(Value::Kind::bytes) ? v.text : std::string(1, static_cast<char>(v.integer));
      bad = key.empty() || (v.is(Value::Kind::integer) && (v.integer < 0 || v.integer > 255));
      for (std::size_t i = 0; !bad && i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(bytes[i] ^ key[i % key.size()]);
    } else {
      auto bits = static_cast<unsigned>(v.integer & 7);
      bytes = rotate_left(bytes, process.kind == ProcessKind::rotate_left ? bits : (8 - bits) & 7);
    }
  }
  return !bad || give_up(FindingId::bad_process, at, at.bytes);
}

bool Twin::read_region(Struct& x, const Member& m, const DataType& data, Stream& s, const Place& at, Value& slot) {
  s.align();
  std::uint64_t begin = s.pos;
  std::string bytes;
  if (!take_region(m, data, s, at, bytes)) return false;
  s.cover(begin, s.pos);
  Place here = at;
  here.bytes = s.absolute(begin, s.pos);
  bool processed = m.sizing.process.kind != ProcessKind::none;
  if (processed && !undo_process(m, s, here, begin, bytes)) return false;
  if (data.kind == DataKind::structure) {
    std::optional<std::uint64_t> base;
    if (s.base && !processed) base = *s.base + begin;
    return read_substream(x, m, data, here, new_stream(std::move(bytes), base), slot);
  }
  slot = Value::of_bytes(bytes);
  if (data.kind != DataKind::string) return true;
  auto text = decode(bytes, data.encoding);
  slot = text ? Value::of_string(*text) : Value::lost();
  if (!text) judged(FindingId::bad_string, here);
  return true;
}

}  // namespace sluice::agree
