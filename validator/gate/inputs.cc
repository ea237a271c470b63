#include "validator/gate/inputs.h"

#include <algorithm>

#include "validator/bytes/content_file.h"
#include "validator/bytes/sha256.h"

namespace sluice::gate {

std::optional<std::string> digest_of_file(const std::string& path, std::string& reason) {
  bytes::ContentFile file;
  if (!file.open(path)) {
    reason = file.reason();
    return std::nullopt;
  }
  std::string digest = bytes::hex(bytes::sha256(file.bytes()));
  if (file.changed()) {
    reason = file.reason();
    return std::nullopt;
  }
  return digest;
}

bool Inputs::take(std::string_view role, const std::string& path, std::string& reason) {
  const auto same = [&](const Input& input) { return input.role == role && input.path == path; };
  if (std::ranges::any_of(inputs_, same)) return true;
  std::optional<std::string> digest = digest_of(path);
  if (digest->empty()) digest = digest_of_file(path, reason);
  if (!digest) return false;
  inputs_.push_back({std::string(role), path, *digest});
  return true;
}

std::string Inputs::digest_of(std::string_view path) const {
  const auto found = std::ranges::find(inputs_, path, &Input::path);
  return found == inputs_.end() ? std::string() : found->sha256;
}

std::vector<Finding> Inputs::changed() const {
  std::vector<Finding> findings;
  for (const Input& input : inputs_) {
    std::string reason = "replaced while the gate ran";
    const auto digest = digest_of_file(input.path, reason);
    if (digest == input.sha256) continue;
    Finding finding = Finding::of(FindingId::input_changed).with("reason", reason);
    finding.file = input.path;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace sluice::gate
