#include <fmt/core.h>

#include "validator/bytes/content_file.h"
#include "validator/document/document.h"

namespace sluice::document {

std::optional<std::string> read_file(const std::filesystem::path& path, Problem& problem, const Limits& limits) {
  bytes::ContentFile file;
  if (!file.open(path)) {
    problem = {Mark{}, "cannot be read: " + file.reason()};
    return std::nullopt;
  }
  if (file.bytes().size() > limits.bytes) {
    problem = {Mark{}, fmt::format("cannot be read: larger than {} bytes", limits.bytes)};
    return std::nullopt;
  }
  std::string text(file.bytes().begin(), file.bytes().end());
  if (file.changed()) {
    problem = {Mark{}, "changed while it was read: " + file.reason()};
    return std::nullopt;
  }
  return text;
}

std::optional<Document> load(const std::filesystem::path& path, Problem& problem, const Limits& limits) {
  std::optional<std::string> text = read_file(path, problem, limits);
  if (!text) return std::nullopt;
  return parse(path.string(), *std::move(text), problem, limits);
}

}  // namespace sluice::document
