#include "validator/gate/inputs.h"

#include <sys/stat.h>

#include <algorithm>

#include "validator/bytes/content_file.h"
#include "validator/bytes/sha256.h"

namespace sluice::gate {

Identity identity_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {.device = status.st_dev,
          .number = status.st_ino,
          .size = status.st_size,
          .written = status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec,
          .changed = status.st_ctim.tv_sec * kSecond + status.st_ctim.tv_nsec};
}

bool is_same_file(const Identity& one, Identity other) {
  other.changed = one.changed;
  return one == other;
}

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
  const Identity identity = identity_of(path);
  std::optional<std::string> digest = digest_of(path);
  if (digest->empty()) digest = digest_of_file(path, reason);
  if (!digest) return false;
  inputs_.push_back({std::string(role), path, *digest, identity});
  return true;
}

std::string Inputs::digest_of(std::string_view path) const {
  const auto found = std::ranges::find(inputs_, path, &Input::path);
  return found == inputs_.end() ? std::string() : found->sha256;
}

bool Inputs::are_as_taken() const {
  return std::ranges::all_of(inputs_, [](const Input& input) { return identity_of(input.path) == input.identity; });
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
