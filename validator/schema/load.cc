#include "validator/schema/load.h"

#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "validator/finding/finding.h"
#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

namespace fs = std::filesystem;

// A schema of twice the size of the largest in the wild; a node of the document costs some two hundred bytes.
constexpr document::Limits kDocumentLimits = {.bytes = 1u << 20, .depth = 64, .nodes = 1u << 17};

// A document that is no YAML has no paths; its place is its line and column.
void report(Loader& loader, std::uint32_t file, const document::Problem& problem) {
  loader.problems.error(
      {.file = file, .path = fmt::format("{}:{}", problem.mark.line, problem.mark.column), .mark = problem.mark},
      problem.message);
}

// Two ways to one file give the same.
fs::path identity_of(const fs::path& path) {
  std::error_code error;
  fs::path out = fs::canonical(path, error);
  return error ? path.lexically_normal() : out;
}

// The name of the top type: `meta/id`, or what the file is called.
std::string top_name(const KsyNode& root, std::string_view file) {
  if (root->is_mapping()) {
    if (const auto meta = root.find("meta"); meta && (*meta)->is_mapping()) {
      const auto id = meta->find("id");
      if (id && (*id)->is_scalar() && is_identifier((*id)->text)) return (*id)->text;
    }
  }
  return printable(fs::path(file).stem().string());
}

// Makes the types of a parsed file. `schema.files` already has it as the last one.
void load_source(Loader& loader, document::Document document, const fs::path& path) {
  const auto file = static_cast<std::uint32_t>(loader.sources.size());
  loader.sources.push_back(std::make_unique<Source>());
  Source& source = *loader.sources.back();
  source.document = std::move(document);
  if (!path.empty()) source.path = identity_of(path);
  source.folder = path.parent_path();
  loader.problems.add_file(source.document.name, source.document.text);
  const KsyNode root(source.document.root, file);
  source.top = load_type(loader, root, top_name(root, source.document.name), kNoType, file);
  if (source.top != kNoType) loader.schema.top_types.try_emplace(loader.schema.type(source.top).name, source.top);
}

// Adds an empty document in place of one that could not be read, so that problems have a file to stand in.
void load_failed(Loader& loader, std::string name, std::string text, const document::Problem& problem) {
  const auto file = static_cast<std::uint32_t>(loader.sources.size());
  loader.sources.push_back(std::make_unique<Source>());
  Source& source = *loader.sources.back();
  source.document.name = std::move(name);
  source.document.text = std::move(text);
  loader.problems.add_file(source.document.name, source.document.text);
  report(loader, file, problem);
}

bool is_loaded(const Loader& loader, const fs::path& path) {
  for (const auto& source : loader.sources) {
    if (source->path == path) return true;
  }
  return false;
}

// What is wrong with the file or in it is told.
void load_text(Loader& loader, std::string name, std::string text, const fs::path& path) {
  document::Problem problem;
  std::optional<document::Document> document = document::parse(name, text, problem, kDocumentLimits);
  if (document) {
    load_source(loader, *std::move(document), path);
  } else {
    load_failed(loader, std::move(name), std::move(text), problem);
  }
}

void load_file(Loader& loader, const fs::path& path) {
  document::Problem problem;
  loader.schema.files.push_back(path.string());
  if (std::optional<std::string> text = document::read_file(path, problem, kDocumentLimits)) {
    load_text(loader, path.string(), *std::move(text), path);
  } else {
    load_failed(loader, path.string(), {}, problem);
  }
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// The file that an import names: `a/b` beside the file that has it, `/a/b` in the first include folder with it.
std::optional<fs::path> find_import(const Loader& loader, const Source& source, std::string_view name) {
  if (name.find('\0') != name.npos) return std::nullopt;
  const bool is_absolute = name.starts_with('/');
  while (name.starts_with('/')) name.remove_prefix(1);
  const std::string relative = std::string(name) + ".ksy";
  if (!is_absolute) {
    fs::path path = source.folder / relative;
    return is_file(path) ? std::optional(std::move(path)) : std::nullopt;
  }
  for (const fs::path& folder : loader.options.include) {
    fs::path path = folder / relative;
    if (is_file(path)) return path;
  }
  return std::nullopt;
}

std::string missing_import(const Loader& loader, std::string_view name) {
  if (!name.starts_with('/')) return fmt::format("unable to find '{}.ksy' beside this file", printable(name));
  std::string folders;
  for (const fs::path& folder : loader.options.include) {
    if (!folders.empty()) folders += ", ";
    folders += folder.string();
  }
  return fmt::format("unable to find '{}.ksy' in import search paths, using: ({})", printable(name.substr(1)), folders);
}

void load_import(Loader& loader, const Source& source, const Source::Import& import) {
  if (source.path.empty()) return loader.problems.error(import.place, "imports are not available here");
  const std::optional<fs::path> path = find_import(loader, source, import.name);
  if (!path) return loader.problems.error(import.place, missing_import(loader, import.name));
  if (is_loaded(loader, identity_of(*path))) return;
  if (loader.sources.size() >= loader.options.max_files) {
    return loader.problems.error(import.place, fmt::format("more than {} files", loader.options.max_files));
  }
  load_file(loader, *path);
}

// Breadth first from file `index` on; a file that is already there is not read again, so cycles end.
void load_imports(Loader& loader, std::size_t index) {
  for (; index < loader.sources.size(); ++index) {
    const Source& source = *loader.sources[index];
    for (const Source::Import& import : source.imports) load_import(loader, source, import);
  }
}

// Everything after the root's own file. Returns whether the schema may be used.
bool finish(Loader& loader) {
  if (loader.schema.types.empty()) return false;
  loader.schema.id = loader.schema.type(loader.schema.root).name;
  load_imports(loader, 0);
  resolve_names(loader);
  find_fixed_sizes(loader.schema);
  check_bit_orders(loader);
  infer_types(loader);
  check_expressions(loader);
  if (!loader.problems.has_errors()) advise(loader);
  loader.problems.sort();
  return !loader.problems.has_errors();
}

}  // namespace

void load_beside(Loader& loader, const Source& source, const std::string& name) {
  if (source.path.empty() || loader.sources.size() >= loader.options.max_files) return;
  const fs::path path = source.folder / (name + ".ksy");
  if (!is_file(path) || is_loaded(loader, identity_of(path))) return;
  const std::size_t index = loader.sources.size();
  load_file(loader, path);
  load_imports(loader, index);
}

std::optional<Schema> load_schema(const fs::path& path, const LoadOptions& options, std::vector<Problem>& problems) {
  Schema schema;
  schema.file = path.string();
  Loader loader(schema, options, problems);
  load_file(loader, path);
  if (!finish(loader)) return std::nullopt;
  return schema;
}

std::optional<Schema> load_schema_document(document::Document document, std::vector<Problem>& problems) {
  const LoadOptions options;
  Schema schema;
  schema.file = document.name;
  schema.files.push_back(document.name);
  Loader loader(schema, options, problems);
  load_source(loader, std::move(document), {});
  if (!finish(loader)) return std::nullopt;
  return schema;
}

std::optional<Schema> load_schema_text(std::string name, std::string text, std::vector<Problem>& problems) {
  const LoadOptions options;
  Schema schema;
  schema.file = name;
  schema.files.push_back(name);
  Loader loader(schema, options, problems);
  load_text(loader, std::move(name), std::move(text), {});
  if (!finish(loader)) return std::nullopt;
  return schema;
}

}  // namespace sluice::schema
