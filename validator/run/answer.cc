#include "validator/run/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "validator/finding/finding.h"
#include "validator/run/block_list.h"

namespace sluice::run {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostFrames = 64;
constexpr std::size_t kMostLeaks = 1000;
constexpr std::size_t kMostTypes = 4096;
constexpr std::size_t kMostInputs = 1024;
constexpr std::size_t kMostDescribedInputs = 65'536;
constexpr std::uint32_t kLargest = 0xFFFFFFFF;

// One object of an answer. The first thing that is wrong is kept in `problem`, and all that follows is of no matter.
class Reader {
 public:
  Reader(const json& object, std::string& problem) : object_(object), problem_(problem) {
    if (!object.is_object()) fail("not an object");
  }

  void fail(std::string_view what) const {
    if (problem_.empty()) problem_ = fmt::format("its answer is not what the protocol allows: {}", what);
  }
  [[nodiscard]] bool good() const { return problem_.empty(); }

  // Null where the key is absent or null.
  [[nodiscard]] const json* find(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  [[nodiscard]] std::optional<std::uint64_t> number(const char* key, std::uint64_t largest) const {
    const json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() <= largest) return value->get<std::uint64_t>();
    fail(fmt::format("`{}` is no number in 0..{}", key, largest));
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::uint32_t> index(const char* key, std::uint64_t below) const {
    const auto value = number(key, below - (below > 0 ? 1 : 0));
    if (value && *value >= below) fail(fmt::format("`{}` is out of range", key));
    return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
  }
  [[nodiscard]] std::string text(const char* key, bool is_needed = false) const {
    const json* value = find(key);
    if (value != nullptr && value->is_string()) return value->get_ref<const std::string&>().substr(0, kLongestText);
    if (value != nullptr || is_needed) fail(fmt::format("`{}` is no text", key));
    return {};
  }
  [[nodiscard]] bool boolean(const char* key, bool otherwise) const {
    const json* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) fail(fmt::format("`{}` is no boolean", key));
    return value->is_boolean() ? value->get<bool>() : otherwise;
  }
  // The array under `key`; an empty one where it is absent.
  [[nodiscard]] const json& list(const char* key, std::size_t most) const {
    static const json kEmpty = json::array();
    const json* value = find(key);
    if (value == nullptr) return kEmpty;
    if (value->is_array() && value->size() <= most) return *value;
    fail(fmt::format("`{}` is no list of at most {}", key, most));
    return kEmpty;
  }
  [[nodiscard]] std::string& problem() const { return problem_; }

 private:
  const json& object_;
  std::string& problem_;
};

std::vector<StackFrame> frames_of(const Reader& reader, const char* key) {
  std::vector<StackFrame> frames;
  for (const json& item : reader.list(key, kMostFrames)) {
    const Reader frame(item, reader.problem());
    frames.push_back({.module = frame.text("module"),
                      .offset = frame.number("offset", ~std::uint64_t{0}).value_or(0),
                      .symbol = frame.text("symbol")});
  }
  return frames;
}

std::string instruction_of(const Reader& reader) {
  const json* value = reader.find("instruction");
  if (value == nullptr) return "";
  const Reader of(*value, reader.problem());
  std::string out = of.text("text", true);
  if (const std::string operand = of.text("operand"); !operand.empty()) out += fmt::format("  ({})", operand);
  if (const std::string other = of.text("disagreement"); !other.empty()) out += fmt::format("  [{}]", other);
  return out;
}

std::optional<Fault> fault_of(const Reader& reader, std::uint32_t events) {
  const json* value = reader.find("fault");
  if (value == nullptr) return std::nullopt;
  const Reader of(*value, reader.problem());
  Fault fault;
  fault.kind = of.text("kind", true);
  fault.access = of.text("access");
  fault.text = of.text("text", true);
  fault.phase = of.text("phase");
  fault.event = of.index("event", events);
  fault.instance = of.index("instance", std::uint64_t{1} << 32);
  fault.criterion = of.index("criterion", std::uint64_t{1} << 32);
  fault.instruction = instruction_of(of);
  fault.frames = frames_of(of, "frames");
  fault.allocated = frames_of(of, "allocated");
  fault.freed = frames_of(of, "freed");
  return fault;
}

std::optional<InputKind> kind_of_name(std::string_view name) {
  if (name == "absent") return InputKind::absent;
  if (name == "bytes") return InputKind::bytes;
  if (name == "utf16") return InputKind::utf16;
  if (name == "u32") return InputKind::u32;
  if (name == "u64") return InputKind::u64;
  return std::nullopt;
}

DescribedType type_of(const json& item, const Reader& reader, std::size_t& inputs) {
  const Reader of(item, reader.problem());
  DescribedType type{
      .type = of.index("type", std::uint64_t{1} << 32).value_or(0), .name = of.text("name"), .inputs = {}};
  for (const json& name : of.list("inputs", kMostInputs)) {
    const auto kind = name.is_string() ? kind_of_name(name.get_ref<const std::string&>()) : std::nullopt;
    if (!kind) of.fail("an input of no kind that there is");
    type.inputs.push_back(kind.value_or(InputKind::absent));
  }
  inputs += type.inputs.size();
  if (inputs > kMostDescribedInputs) of.fail("too many inputs");
  return type;
}

std::vector<Result> results_of(std::string_view blob) {
  std::vector<Result> results(blob.size() / 8);
  const auto u32_at = [blob](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(blob[at + i]);
    return value;
  };
  for (std::size_t i = 0; i < results.size(); ++i) results[i] = {u32_at(8 * i), u32_at(8 * i + 4)};
  return results;
}

std::vector<Reached> rows_of(const Reader& reader, const char* key, std::uint32_t events) {
  std::vector<Reached> rows;
  for (const json& row : reader.list(key, SIZE_MAX)) {
    const bool is_row = row.is_array() && row.size() == 3 &&
                        std::ranges::all_of(row, [](const json& n) { return n.is_number_unsigned(); });
    if (!is_row || row[0].get<std::uint64_t>() >= events || row[1].get<std::uint64_t>() > kLargest ||
        row[2].get<std::uint64_t>() > kLargest) {
      reader.fail(fmt::format("a row of `{}` is not event, instance and criterion", key));
      return {};
    }
    rows.push_back({row[0].get<std::uint32_t>(), row[1].get<std::uint32_t>(), row[2].get<std::uint32_t>()});
  }
  return rows;
}

std::vector<std::uint32_t> blocks_of(const Reader& reader) {
  constexpr std::size_t kMostBlocks = 1'000'000;
  std::vector<std::uint32_t> offsets;
  for (const json& offset : reader.list("blocks_hit", kMostBlocks)) {
    if (!offset.is_number_unsigned() || offset.get<std::uint64_t>() >= kLargestImage) {
      reader.fail("a block that was hit lies in no image");
      return {};
    }
    offsets.push_back(offset.get<std::uint32_t>());
  }
  return offsets;
}

void read_oracles(const Reader& reader, std::uint32_t events, RunAnswer& answer) {
  for (const json& item : reader.list("leaks", kMostLeaks)) {
    const Reader of(item, reader.problem());
    answer.leaks.push_back({.bytes = of.number("bytes", ~std::uint64_t{0}).value_or(0),
                            .tag = of.text("tag"),
                            .frames = frames_of(of, "frames")});
  }
  if (const json* value = reader.find("disagreement")) {
    const Reader of(*value, reader.problem());
    answer.disagreement = Disagreement{.event = of.index("event", events),
                                       .what = of.text("what"),
                                       .first = of.text("first"),
                                       .second = of.text("second")};
  }
}

json parsed(std::string_view text) { return json::parse(text, nullptr, /*allow_exceptions=*/false); }

// An answer to another request than ours would be believed of the wrong file.
bool begin(const Reader& reader, std::uint64_t id) {
  if (reader.number("id", ~std::uint64_t{0}) != id) reader.fail("it is not for this request");
  return reader.good();
}

}  // namespace

std::optional<Hello> read_hello(std::string_view text, std::string& problem) {
  const json object = parsed(text);
  const Reader reader(object, problem);
  if (reader.good() && reader.number("hello", kLargest) != 1) reader.fail("it is no hello of version 1");
  Hello hello;
  hello.target = reader.text("target");
  std::size_t inputs = 0;
  for (const json& item : reader.list("types", kMostTypes)) hello.types.push_back(type_of(item, reader, inputs));
  hello.fault = fault_of(reader, 0);
  return reader.good() ? std::optional(std::move(hello)) : std::nullopt;
}

std::optional<RunAnswer> read_run_answer(std::string_view text, std::string_view blob, std::uint64_t id,
                                         std::uint32_t events, std::string& problem) {
  const json object = parsed(text);
  const Reader reader(object, problem);
  if (!reader.good() || !begin(reader, id)) return std::nullopt;
  RunAnswer answer;
  if (const json* load = reader.find("load")) {
    const Reader of(*load, problem);
    answer.load = Result{of.index("status", std::uint64_t{1} << 32).value_or(kLargest),
                         of.index("code", std::uint64_t{1} << 32).value_or(0)};
  }
  answer.results = results_of(blob);
  if (blob.size() % 8 != 0 || answer.results.size() > events ||
      reader.number("evaluated", events) != answer.results.size())
    reader.fail("`evaluated` does not fit the results");
  answer.reached = rows_of(reader, "reached", events);
  answer.refused = rows_of(reader, "refused", events);
  answer.blocks_hit = blocks_of(reader);
  answer.is_reached_complete = reader.boolean("reached_complete", true);
  read_oracles(reader, events, answer);
  answer.fault = fault_of(reader, events);
  if (!answer.load && !answer.fault) reader.fail("neither `load` nor `fault`");
  const bool is_cut = answer.load && answer.load->status == 0 && answer.results.size() < events;
  if (is_cut && !answer.fault) reader.fail("events are missing, and there is no fault");
  return reader.good() ? std::optional(std::move(answer)) : std::nullopt;
}

std::optional<MeasureAnswer> read_measure_answer(std::string_view text, std::uint64_t id, std::string& problem) {
  const json object = parsed(text);
  const Reader reader(object, problem);
  if (!reader.good() || !begin(reader, id)) return std::nullopt;
  MeasureAnswer answer;
  answer.count = reader.number("count", kLargest);
  answer.how = reader.text("how");
  answer.certain = reader.boolean("certain", false);
  answer.fault = fault_of(reader, 1);
  return reader.good() ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace sluice::run
