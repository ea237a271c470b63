#include "fuzz/engine/input.h"

#include <cstring>

namespace sluice::engine {

namespace {

class Writer {
 public:
  template <typename Number>
  void number(Number n) {
    bytes(&n, sizeof n);
  }
  void bytes(const void* from, std::size_t size) {
    const auto* at = static_cast<const std::uint8_t*>(from);
    out.insert(out.end(), at, at + size);
  }
  std::vector<std::uint8_t> out;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

  template <typename Number>
  bool number(Number& n) {
    if (rest_.size() < sizeof n) return false;
    std::memcpy(&n, rest_.data(), sizeof n);
    rest_ = rest_.subspan(sizeof n);
    return true;
  }
  bool text(std::size_t size, std::string& to) {
    if (rest_.size() < size) return false;
    to.assign(reinterpret_cast<const char*>(rest_.data()), size);
    rest_ = rest_.subspan(size);
    return true;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

// Something of that kind that nobody looks for.
Value plain_value(std::uint32_t kind) {
  switch (kind) {
    case SLUICE_BYTES: return {kind, std::string("sluice")};
    case SLUICE_UTF16: return {kind, std::string("s\0l\0u\0i\0c\0e\0", 12)};
    case SLUICE_U32: return {kind, std::string("\x2A\0\0\0", 4)};
    case SLUICE_U64: return {kind, std::string("\x2A\0\0\0\0\0\0\0", 8)};
    default: return {};
  }
}

// The same at the end of its range: what takes time by the length of a value takes it here.
Value long_value(std::uint32_t kind) {
  constexpr std::size_t kUnits = 96;
  switch (kind) {
    case SLUICE_BYTES: return {kind, std::string(kUnits, 'a')};
    case SLUICE_UTF16: {
      std::string text(2 * kUnits, '\0');
      for (std::size_t i = 0; i < text.size(); i += 2) text[i] = 'a';
      return {kind, std::move(text)};
    }
    case SLUICE_U32: return {kind, std::string(4, '\xFF')};
    case SLUICE_U64: return {kind, std::string(8, '\xFF')};
    default: return {};
  }
}

bool has_size_of_its_kind(const Value& value) {
  switch (value.kind) {
    case SLUICE_ABSENT: return value.bytes.empty();
    case SLUICE_BYTES: return true;
    case SLUICE_UTF16: return value.bytes.size() % 2 == 0;
    case SLUICE_U32: return value.bytes.size() == 4;
    case SLUICE_U64: return value.bytes.size() == 8;
    default: return false;
  }
}

bool read_event(Reader& reader, Event& event) {
  std::uint16_t count = 0;
  if (!reader.number(event.type) || !reader.number(count) || count > kMaxInputs) return false;
  event.inputs.resize(count);
  for (Value& value : event.inputs) {
    std::uint8_t kind = 0;
    std::uint16_t size = 0;
    if (!reader.number(kind) || !reader.number(size) || !reader.text(size, value.bytes)) return false;
    value.kind = kind;
    if (!has_size_of_its_kind(value)) return false;
  }
  return true;
}

}  // namespace

std::vector<Event> plain_events(const std::vector<DescribedType>& types) {
  std::vector<Event> events;
  for (const DescribedType& type : types) {
    Event full{.type = type.type, .inputs = {}};
    for (const std::uint32_t kind : type.kinds) full.inputs.push_back(plain_value(kind));
    Event long_one{.type = type.type, .inputs = {}};
    for (const std::uint32_t kind : type.kinds) long_one.inputs.push_back(long_value(kind));
    Event absent{.type = type.type, .inputs = std::vector<Value>(type.kinds.size())};
    events.push_back(std::move(full));
    if (type.kinds.empty()) continue;
    events.push_back(std::move(long_one));
    events.push_back(std::move(absent));
  }
  return events;
}

std::vector<std::uint8_t> encode(std::span<const Event> events) {
  Writer writer;
  std::uint32_t num_values = 0;
  for (const Event& event : events) {
    for (const Value& value : event.inputs) num_values += value.kind != SLUICE_ABSENT;
  }
  writer.bytes("SLEV", 4);
  writer.number(std::uint32_t{1});
  writer.number(num_values);
  writer.number(static_cast<std::uint32_t>(events.size()));
  for (const Event& event : events) {
    for (const Value& value : event.inputs) {
      if (value.kind == SLUICE_ABSENT) continue;
      writer.number(value.kind);
      writer.number(static_cast<std::uint32_t>(value.bytes.size()));
      writer.bytes(value.bytes.data(), value.bytes.size());
      writer.out.resize((writer.out.size() + 7) & ~std::size_t{7});
    }
  }
  std::uint32_t next = 0;
  for (const Event& event : events) {
    writer.number(event.type);
    writer.number(static_cast<std::uint32_t>(event.inputs.size()));
    for (const Value& value : event.inputs) {
      writer.number(value.kind == SLUICE_ABSENT ? 0xFFFFFFFFu : next++);
    }
  }
  return std::move(writer.out);
}

std::vector<Operation> read_operations(std::span<const std::uint8_t> bytes) {
  std::vector<Operation> operations;
  Reader reader(bytes);
  while (!reader.is_at_end()) {
    std::uint8_t act = 0;
    if (!reader.number(act) || act > static_cast<std::uint8_t>(Act::evaluate)) return {};
    Operation& operation = operations.emplace_back(Operation{.act = static_cast<Act>(act)});
    if (operation.act == Act::evaluate && !read_event(reader, operation.event)) return {};
    if (operations.size() > kMaxOperations) return {};
  }
  return operations;
}

std::vector<std::uint8_t> write_operations(std::span<const Operation> operations) {
  Writer writer;
  for (const Operation& operation : operations) {
    writer.number(static_cast<std::uint8_t>(operation.act));
    if (operation.act != Act::evaluate) continue;
    writer.number(operation.event.type);
    writer.number(static_cast<std::uint16_t>(operation.event.inputs.size()));
    for (const Value& value : operation.event.inputs) {
      writer.number(static_cast<std::uint8_t>(value.kind));
      writer.number(static_cast<std::uint16_t>(value.bytes.size()));
      writer.bytes(value.bytes.data(), value.bytes.size());
    }
  }
  return std::move(writer.out);
}

}  // namespace sluice::engine
