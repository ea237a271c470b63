// The files that a verdict depends on besides the content, by digest: so that an attestation can name them, a cache can
// know results by them, and the gate can see whether one was replaced while it ran.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/finding/finding.h"

namespace sluice::gate {

// Of a file as it lies there; zeros: there is none.
struct Identity {
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  std::int64_t size = 0;
  std::int64_t written = 0;  // nanoseconds since 1970
  std::int64_t changed = 0;  // its name, rights and links too; nobody can set it
  friend bool operator==(const Identity&, const Identity&) = default;
};
[[nodiscard]] Identity identity_of(const std::string& path);
// As far as one can see who does not know whether somebody set the time.
[[nodiscard]] bool is_same_file(const Identity& one, Identity other);

struct Input {
  std::string role;  // `schema`, `rules`, `image`, ..
  std::string path;
  std::string sha256;  // lower-case hex
  Identity identity = {};
};

class Inputs {
 public:
  // Reads `path` once. One that is there already under the same role is not read again. False, with `reason`: it cannot
  // be read.
  [[nodiscard]] bool take(std::string_view role, const std::string& path, std::string& reason);

  [[nodiscard]] const std::vector<Input>& all() const { return inputs_; }
  // Empty: nobody took it.
  [[nodiscard]] std::string digest_of(std::string_view path) const;

  // Whether each is the file that was taken, untouched; without reading any. What is learnt while this holds was learnt
  // by these inputs.
  [[nodiscard]] bool are_as_taken() const;

  // Reads all of them again: SL0002 for each that is another by now.
  [[nodiscard]] std::vector<Finding> changed() const;

 private:
  std::vector<Input> inputs_;
};

// Of a file's bytes; nothing, with `reason`: it cannot be read, or it changed while it was.
[[nodiscard]] std::optional<std::string> digest_of_file(const std::string& path, std::string& reason);

}  // namespace sluice::gate
