#include "validator/judge/targets.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace sluice::judge {

namespace {

namespace fs = std::filesystem;

class Search {
 public:
  Search(const std::string& driver_path, const std::string& folder) : driver_path_(driver_path), folder_(folder) {}

  // Empty where the document does not name it, or with `reason` filled.
  [[nodiscard]] std::string find(const std::string& written, std::string_view what, std::string& reason) const {
    if (written.empty()) return "";
    std::error_code error;
    const fs::path path = folder_.empty() ? fs::path(beside(driver_path_, written)) : fs::path(folder_) / written;
    if (!fs::is_regular_file(path, error)) reason = fmt::format("there is no {} '{}'", what, printable(written));
    return fs::absolute(path, error).string();
  }

 private:
  const std::string& driver_path_;
  const std::string& folder_;
};

}  // namespace

std::string beside(const std::string& document, const std::string& path) {
  return path.empty() ? path : (fs::path(document).parent_path() / path).lexically_normal().string();
}

std::vector<std::string> source_folders(const std::string& driver_path) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  return {here.string(), fs::absolute(fs::path(driver_path).parent_path(), error).lexically_normal().string()};
}

Targets find_targets(const contract::Driver& driver, const std::string& driver_path,
                     const std::vector<std::size_t>& builds, const std::string& folder) {
  const Search search(driver_path, folder);
  Targets targets;
  std::vector<run::TargetFiles> replicas;
  for (const std::size_t index : builds) {
    const contract::Build& build = driver.builds[index];
    std::string reason;
    const std::string replica = search.find(build.replica, "replica", reason);
    const std::string image = search.find(build.image, "image", reason);
    const std::string& written = build.adapter.empty() ? driver.adapter : build.adapter;
    const std::string adapter = image.empty() ? "" : search.find(written, "adapter", reason);
    if (replica.empty() && image.empty()) reason = "the driver document names no replica and no image";
    if (!image.empty() && adapter.empty()) reason = "the driver document names an image and no adapter";
    targets.files.push_back(image.empty() ? run::TargetFiles{replica, ""} : run::TargetFiles{adapter, image});
    const bool has_both = !image.empty() && !replica.empty();
    targets.replicas.push_back(has_both ? builds.size() + replicas.size() : 0);
    if (has_both) replicas.push_back({replica, ""});
    targets.no_target.push_back(std::move(reason));
  }
  targets.files.insert(targets.files.end(), replicas.begin(), replicas.end());
  return targets;
}

}  // namespace sluice::judge
