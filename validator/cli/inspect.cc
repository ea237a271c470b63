// sluice inspect: the field tree with its absolute byte ranges.
#include <fmt/format.h>

#include <algorithm>

#include "validator/cli/command.h"
#include "validator/cli/looking.h"
#include "validator/cli/output.h"
#include "validator/cli/value_json.h"
#include "validator/program/tree_walk.h"
#include "validator/program/value_text.h"

namespace sluice::cli {

namespace {

using program::MemberInfo;
using program::Object;
using program::TreeWalk;
using program::Value;
using report::JsonWriter;
using Shape = JsonWriter::Shape;

// 0x0010..0x0014  53 4c 43 48              magic = [53 4c 43 48]
class TextSink : public program::TreeSink {
 public:
  TextSink(Looking& looking, std::string& out, Output& output) : looking_(looking), out_(out), output_(output) {}

  void begin(const std::string& name, const MemberInfo&, const Value& value, std::optional<ByteRange> range) {
    line(range, false, name + ": " + value.object->type->name);
    ++depth_;
  }
  void end() { --depth_; }
  void begin_items(const std::string& name, const MemberInfo& info, const Value& value,
                   std::optional<ByteRange> range) {
    line(range, false, fmt::format("{}: {} of {}", name, value.array->count, info.kind));
    ++depth_;
  }
  void end_items() { --depth_; }
  void leaf(const std::string& name, const MemberInfo&, const Value& value, std::optional<ByteRange> range) {
    line(range, true, name + " = " + value_text(looking_.session(), value));
  }
  void failed(const MemberInfo& info, const Finding& finding) {
    line(std::nullopt, false, info.id + ": " + code_of(finding.id) + " " + because(finding));
  }

 private:
  static constexpr std::uint64_t kShown = 8;

  void line(std::optional<ByteRange> range, bool with_bytes, const std::string& text) {
    std::string place = range ? fmt::format("{:#06x}..{:#06x}", range->begin, range->end) : "";
    std::string hex;
    if (range && with_bytes) {
      const std::uint64_t size = range->end - range->begin;
      for (std::uint64_t k = 0; k < std::min(size, kShown); ++k)
        hex += fmt::format("{:02x} ", looking_.content()[range->begin + k]);
      if (size > kShown) hex += "..";
    }
    out_ += fmt::format("{:<16}  {:<26}  {:{}}{}\n", place, hex, "", depth_ * 2, text);
    output_.drain(out_);
  }

  Looking& looking_;
  std::string& out_;
  Output& output_;
  std::size_t depth_ = 0;
};

class JsonSink : public program::TreeSink {
 public:
  JsonSink(Looking& looking, std::string& out, Output& output)
      : looking_(looking), json_(out), out_(out), output_(output) {
    json_.begin_object();
    json_.string("format_version", "1.0");
    json_.string("schema", looking.schema().id);
    json_.begin_array("fields");
  }
  void finish() {
    json_.end();
    json_.end();
  }

  void begin(const std::string& name, const MemberInfo&, const Value& value, std::optional<ByteRange> range) {
    json_.begin_object();
    place(name, range);
    json_.string("type", value.object->type->name);
    json_.begin_array("fields");
  }
  void end() {
    json_.end();
    json_.end();
    output_.drain(out_);
  }
  void begin_items(const std::string& name, const MemberInfo& info, const Value&, std::optional<ByteRange> range) {
    json_.begin_object();
    place(name, range);
    json_.string("type", info.kind);
    json_.begin_array("items");
  }
  void end_items() { end(); }
  void leaf(const std::string& name, const MemberInfo&, const Value& value, std::optional<ByteRange> range) {
    json_.begin_object(Shape::tight);
    place(name, range);
    write_value(json_, "value", looking_.session(), value, false);
    json_.end();
    output_.drain(out_);
  }
  void failed(const MemberInfo& info, const Finding& finding) {
    json_.begin_object(Shape::tight);
    place(info.id, std::nullopt);
    write_error(json_, "error", finding);
    json_.end();
  }

 private:
  void place(const std::string& name, std::optional<ByteRange> range) {
    json_.string("name", name);
    if (!range) return;
    json_.number("begin", range->begin);
    json_.number("end", range->end);
  }

  Looking& looking_;
  JsonWriter json_;
  std::string& out_;
  Output& output_;
};

}  // namespace

int run_inspect(Arguments& arguments) {
  std::vector<std::string> files;
  LookingOptions options;
  std::string format = "text";
  std::string path;
  arguments.positionals("FILE", files, "A content file");
  options.declare(arguments);
  arguments.require("--schema");
  arguments.choice("-f,--format", format, {"text", "json"}, "How the tree is written");
  arguments.text("-o,--output", path, "FILE", "Where to write (default: standard output)");
  if (!arguments.parse()) return arguments.exit_code();
  if (files.size() != 1) return arguments.refuse("exactly one content file is needed");

  Looking looking;
  Output output;
  if (!looking.open(options, files[0])) return static_cast<int>(Verdict::no_verdict);
  if (!output.open(path)) {
    complain(output.problem());
    return static_cast<int>(Verdict::no_verdict);
  }
  const bool whole = looking.read();
  const std::optional<Finding> cut = whole ? std::nullopt : std::optional(looking.session().failure());
  std::string out;
  if (Object* root = looking.session().root(); root != nullptr && format == "json") {
    JsonSink sink(looking, out, output);
    TreeWalk(looking.session(), sink).structure(root);
    sink.finish();
  } else if (root != nullptr) {
    TextSink sink(looking, out, output);
    TreeWalk(looking.session(), sink).structure(root);
  }
  if (!output.close(out)) {
    complain(output.problem());
    return static_cast<int>(Verdict::no_verdict);
  }
  if (whole) return static_cast<int>(Verdict::pass);
  complain(files[0] + ": the tree is cut short at " + (cut->path.empty() ? "the start" : cut->path) + ": " +
           because(*cut));
  return static_cast<int>(Verdict::fail);
}

}  // namespace sluice::cli
