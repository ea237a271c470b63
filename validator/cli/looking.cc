#include "validator/cli/looking.h"

#include "validator/cli/limit_options.h"
#include "validator/cli/output.h"

namespace sluice::cli {

void LookingOptions::declare(Arguments& arguments) {
  arguments.text("-s,--schema", schema, "FILE", "The .ksy that says what the bytes mean");
  arguments.texts("-I,--include", include, "DIR", "Where the schema's imports are looked for");
  declare_limits(arguments, limits);
}

bool Looking::open(const LookingOptions& options, const std::string& file) {
  limits_ = options.limits;
  schema::LoadOptions load;
  for (const std::string& dir : options.include) load.include.emplace_back(dir);
  std::vector<schema::Problem> problems;
  schema_ = schema::load_schema(options.schema, load, problems);
  if (!schema_) {
    for (const schema::Problem& p : problems) {
      if (!p.is_warning) complain(p.file + ":" + std::to_string(p.mark.line) + ": " + p.path + ": " + p.message);
    }
    return false;
  }
  if (!file_.open(file)) {
    complain(file + ": " + file_.reason());
    return false;
  }
  program_ = schema::compile(*schema_, {.keep_everything = true});
  return true;
}

bool Looking::read() {
  session_ = std::make_unique<program::Session>(program_, content(), limits_);
  return session_->read();
}

}  // namespace sluice::cli
