#include "fuzz/harness/small_schemas.h"

#include <memory>
#include <vector>

#include "tests/agree/random_schema.h"
#include "tests/agree/vocabulary.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::harness {

std::uint32_t small_schema_number(std::uint8_t first, std::uint8_t second) {
  const std::size_t words = agree::vocabulary().size();
  if (first % 2 != 0) {
    first &= 0x1F;  // few enough to keep
  } else {
    first = static_cast<std::uint8_t>(first / 2 % words * 2);
    second = static_cast<std::uint8_t>(second % words);
  }
  return static_cast<std::uint32_t>(first << 8 | second);
}

std::string small_schema_text(std::uint32_t number) {
  const std::uint32_t first = number >> 8;
  const std::uint32_t second = number & 0xFF;
  if (first % 2 != 0) return agree::RandomSchema(first / 2 << 8 | second).draw();
  auto vocabulary = agree::vocabulary();
  const agree::Fragment* fields[] = {&vocabulary[first / 2u], &vocabulary[second]};
  auto both = agree::schema_text(fields);
  return both ? *both : agree::schema_text(std::span(fields).last(1)).value_or("");
}

static std::unique_ptr<program::Program> compile(const std::string& text) {
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema_text("small.ksy", text, problems);
  return schema ? std::make_unique<program::Program>(schema::compile(*schema)) : nullptr;
}

const program::Program* small_schema(std::uint8_t first, std::uint8_t second) {
  struct Slot {
    bool tried = false;
    std::unique_ptr<program::Program> program;
  };
  static std::vector<Slot> cache(kSmallSchemas);
  const std::uint32_t number = small_schema_number(first, second);
  Slot& slot = cache[number];
  if (!slot.tried) slot.program = compile(small_schema_text(number));
  slot.tried = true;
  return slot.program.get();
}

}  // namespace sluice::harness
