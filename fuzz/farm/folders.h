// Where everything of a farm lies. Workers on several machines share one folder: what each writes has a name of its
// own or comes by a rename, and nobody waits for anybody.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::farm {

struct Folders {
  std::string root;
  std::string worker;

  // Shared.
  [[nodiscard]] std::string corpus(const std::string& target) const { return root + "/corpus/" + target; }
  [[nodiscard]] std::string faults(const std::string& target) const { return root + "/faults/" + target; }
  [[nodiscard]] std::string crashes(const std::string& target) const { return root + "/crashes/" + target; }
  // Of triage, as seen from the root.
  [[nodiscard]] std::string page(const std::string& target, std::int64_t night, std::size_t number) const {
    return "triage/" + target + "/" + worker + "-" + std::to_string(night) + "-" + std::to_string(number) + ".html";
  }
  [[nodiscard]] std::string states() const { return root + "/state"; }

  // Of this worker.
  [[nodiscard]] std::string state() const { return states() + "/" + worker + ".sqlite"; }
  [[nodiscard]] std::string lock() const { return states() + "/" + worker + ".lock"; }
  [[nodiscard]] std::string turns() const { return states() + "/" + worker + ".turns"; }
  // For what a helper is given and answers; whatever is in it may go.
  [[nodiscard]] std::string scratch() const { return turns() + "/triage"; }
  [[nodiscard]] std::string summary(std::int64_t night, std::int64_t turn) const {
    return turns() + "/" + std::to_string(night) + "-" + std::to_string(turn) + ".json";
  }
};

}  // namespace sluice::farm
