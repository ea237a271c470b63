// Any text is a schema that compiles, or is refused with at least one error. What compiles also binds expressions and
// walks a few bytes within its limits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "validator/program/walk.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

using namespace sluice;

static constexpr std::uint8_t kContent[] = {0x01, 0x00, 0x02, 0xFF, 0x7F, 0x80, 0x04, 0x00, 0x41, 0x42, 0x00, 0x10};

static void require(bool condition) {
  if (!condition) std::abort();
}

static void bind_in_root(const schema::Schema& schema, const std::string& text) {
  schema::Problem problem;
  schema::Expression bound = schema::bind_expression(schema, schema.root, text, problem);
  require(bound || !problem.message.empty());
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema_text("fuzz.ksy", std::string(data, data + size), problems);
  if (!schema) {
    bool explained = false;
    for (const auto& problem : problems) explained = explained || (!problem.is_warning && !problem.message.empty());
    require(explained);
    return 0;
  }
  for (const auto& member : schema->type(schema->root).members) bind_in_root(*schema, member.id + " + 1");
  bind_in_root(*schema, "_root._io.size - 1");
  program::Program program = schema::compile(*schema);
  program::Limits limits{.depth = 32,
                         .elements = 500,
                         .steps = 5000,
                         .empty_elements = 16,
                         .process_bytes = 4096,
                         .memory = 1u << 20,
                         .findings = 16};
  Findings findings;
  program::check(program, kContent, limits, "", findings);
  return 0;
}
