// sluice eval: the value of expressions over a parsed file.
#include <fmt/format.h>

#include "validator/bytes/content_file.h"
#include "validator/cli/command.h"
#include "validator/cli/looking.h"
#include "validator/cli/output.h"
#include "validator/cli/server.h"
#include "validator/cli/value_json.h"
#include "validator/program/value_text.h"

namespace sluice::cli {

namespace {

struct Asked {
  std::string text;
  std::uint32_t entry;
};

int evaluate_all(Looking& looking, const std::vector<Asked>& asked, bool as_json) {
  program::Session& session = looking.session();
  std::string out;
  report::JsonWriter json(out);
  bool good = true;
  if (as_json) json.begin_array();
  for (const Asked& a : asked) {
    const auto value = session.evaluate(a.entry);
    good = good && value.has_value();
    if (as_json) {
      json.begin_object(report::JsonWriter::Shape::tight);
      json.string("expression", a.text);
      if (value) {
        write_value(json, "value", session, *value, false);
      } else {
        write_error(json, "error", session.failure());
      }
      json.end();
    } else if (value) {
      out += value_text(session, *value) + "\n";
    } else {
      complain(a.text + ": " + because(session.failure()));
    }
  }
  if (as_json) json.end();
  return print(out, static_cast<int>(good ? Verdict::pass : Verdict::no_verdict));
}

}  // namespace

int run_eval(Arguments& arguments) {
  std::vector<std::string> words;
  LookingOptions options;
  std::string format = "text";
  bool server = false;
  arguments.positionals("FILE EXPR", words, "A content file, then expressions in the schema's language", false);
  options.declare(arguments);
  arguments.choice("-f,--format", format, {"text", "json"}, "How values are written");
  arguments.flag("--server", server, "Answer JSON requests, one a line, from standard input");
  if (!arguments.parse()) return arguments.exit_code();
  if (server) return serve(options.limits);
  if (words.size() < 2) return arguments.refuse("a content file and at least one expression are needed");
  if (options.schema.empty()) return arguments.refuse("--schema is required");

  Looking looking;
  if (!looking.open(options, words[0])) return static_cast<int>(Verdict::no_verdict);
  std::vector<Asked> asked;
  for (std::size_t k = 1; k < words.size(); ++k) {
    schema::Problem problem;
    const schema::Expression bound =
        schema::bind_expression(looking.schema(), looking.schema().root, words[k], problem);
    if (!bound) {
      complain("`" + words[k] + "`: " + problem.message);
      return static_cast<int>(Verdict::no_verdict);
    }
    asked.push_back({words[k], schema::compile_request(looking.schema(), looking.program(), bound)});
  }
  if (!looking.read())
    complain(words[0] + ": cut short at " + looking.session().failure().path + ": " +
             because(looking.session().failure()));
  return evaluate_all(looking, asked, format == "json");
}

}  // namespace sluice::cli
