// The folder of what the gate keeps between runs, and of what it needs while it runs.
#pragma once

#include <string>

namespace sluice::gate {

class WorkFolder {
 public:
  // Makes `path` and a folder for this run in it, and removes those of runs that were killed. Where that cannot be done
  // `problem` says why.
  explicit WorkFolder(std::string path);
  ~WorkFolder();  // removes the folder of this run
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  [[nodiscard]] const std::string& problem() const { return problem_; }

  [[nodiscard]] std::string database() const { return path_ + "/gate.db"; }
  [[nodiscard]] std::string faults() const { return path_ + "/faults"; }
  [[nodiscard]] const std::string& scratch() const { return scratch_; }
  // Below scratch, made for the purpose.
  [[nodiscard]] std::string seeds() const { return scratch_ + "/seeds"; }

 private:
  void remove_abandoned() const;

  std::string path_;
  std::string scratch_;  // empty: there is none
  std::string problem_;
};

}  // namespace sluice::gate
