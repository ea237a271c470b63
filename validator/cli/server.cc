#include "validator/cli/server.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>

#include "validator/bytes/content_file.h"
#include "validator/cli/value_json.h"
#include "validator/members/members.h"
#include "validator/schema/compile.h"
#include "validator/schema/load.h"

namespace sluice::cli {

namespace {

using nlohmann::json;
using report::JsonWriter;
using Shape = JsonWriter::Shape;

constexpr std::size_t kMaxLine = 16u << 20;

// Nested requests would recurse in the library; ours are two levels deep.
std::optional<json> parse(const std::string& line) {
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= 4; };
  json request = json::parse(line, shallow, false);
  if (request.is_discarded() || !request.is_object()) return std::nullopt;
  return request;
}

class Answer {
 public:
  Answer(const json& request, const program::Limits& limits) : request_(request), limits_(limits) {}

  std::string write() {
    out_.begin_object(Shape::tight);
    out_.raw("id",
             request_.contains("id") ? request_["id"].dump(-1, ' ', true, json::error_handler_t::replace) : "null");
    const std::string op = members::text(request_, "op");
    if (op == "check" || op == "eval" || op == "dump") {
      run(op);
    } else {
      out_.string("error", "unknown op: eval, check and dump are known");
    }
    out_.end();
    return std::move(text_);
  }

 private:
  void run(const std::string& op) {
    schema::LoadOptions options;
    for (const std::string& dir : members::texts(request_, "includes")) options.include.emplace_back(dir);
    std::vector<schema::Problem> problems;
    const auto schema = schema::load_schema(members::text(request_, "schema"), options, problems);
    write_compile(schema.has_value(), problems);
    if (!schema || op == "check") return;

    bytes::ContentFile file;
    if (!file.open(members::text(request_, "data"))) {
      out_.string("error", file.reason());
      return;
    }
    program::Program program = schema::compile(*schema, {.keep_everything = true});
    std::vector<std::uint32_t> entries;
    std::vector<schema::Problem> unbound;
    for (const std::string& text : members::texts(request_, "exprs")) {
      schema::Problem problem;
      const schema::Expression bound = schema::bind_expression(*schema, schema->root, text, problem);
      entries.push_back(bound ? schema::compile_request(*schema, program, bound) : program::kNoEntry);
      if (!bound) unbound.push_back(problem);
    }
    program::Session session(program, file.bytes(), limits_);
    const bool good = session.read();
    out_.begin_object("parse", Shape::tight);
    out_.boolean("ok", good);
    if (!good) write_error(out_, "error", session.failure());
    out_.end();
    if (op == "dump") {
      if (good) write_value(out_, "tree", session, program::Value::of(session.root()), true);
      return;
    }
    write_results(session, entries, unbound);
  }

  void write_compile(bool good, const std::vector<schema::Problem>& problems) {
    out_.begin_object("compile", Shape::tight);
    out_.boolean("ok", good);
    out_.begin_array("problems", Shape::tight);
    for (const schema::Problem& problem : problems) {
      out_.begin_object(Shape::tight);
      out_.string("severity", problem.is_warning ? "warning" : "error");
      out_.string("path", problem.path);
      out_.string("message", problem.message);
      out_.string("file", problem.file);
      out_.number("line", problem.mark.line);
      out_.number("column", problem.mark.column);
      out_.end();
    }
    out_.end();
    out_.end();
  }

  void write_results(program::Session& session, const std::vector<std::uint32_t>& entries,
                     const std::vector<schema::Problem>& unbound) {
    std::size_t next_problem = 0;
    out_.begin_array("results", Shape::tight);
    for (const std::uint32_t entry : entries) {
      out_.begin_object(Shape::tight);
      if (entry == program::kNoEntry) {
        out_.boolean("ok", false);
        out_.begin_object("error", Shape::tight);
        out_.string("kind", "ExpressionError");
        out_.string("message", unbound[next_problem++].message);
        out_.end();
      } else if (const auto value = session.root() == nullptr ? std::nullopt : session.evaluate(entry)) {
        out_.boolean("ok", true);
        write_value(out_, "value", session, *value, false);
      } else {
        out_.boolean("ok", false);
        write_error(out_, "error", session.failure());
      }
      out_.end();
    }
    out_.end();
  }

  const json& request_;
  const program::Limits& limits_;
  std::string text_;
  JsonWriter out_{text_};
};

}  // namespace

std::string answer(const std::string& line, const program::Limits& limits) {
  const auto request = line.size() > kMaxLine ? std::nullopt : parse(line);
  if (!request)
    return R"({"id":null,"error":"not a JSON object, or larger than 16 MiB"})"
           "\n";
  return Answer(*request, limits).write();
}

int serve(const program::Limits& limits) {
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line.empty()) continue;
    const std::string reply = answer(line, limits);
    if (std::fwrite(reply.data(), 1, reply.size(), stdout) != reply.size() || std::fflush(stdout) != 0) return 2;
  }
  return 0;
}

}  // namespace sluice::cli
