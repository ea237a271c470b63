// A campaign's folder for itself, under the folder of temporary files.
#pragma once

#include <filesystem>
#include <string>

namespace sluice::engine {

// It is removed with this; what a process that was killed has left is removed by the next that opens one.
class WorkFolder {
 public:
  WorkFolder() = default;
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  // False with `problem` filled.
  bool open(std::string& problem);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace sluice::engine
