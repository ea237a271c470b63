#include "validator/judge/collect.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace sluice::judge {

namespace fs = std::filesystem;

namespace {

class Walk {
 public:
  Walk(std::string_view suffix, std::vector<std::string>& skipped) : suffix_(suffix), skipped_(skipped) {}

  std::vector<Item> under(const std::string& root) {
    pending_ = {fs::path(root)};
    while (!pending_.empty()) {
      const fs::path folder = std::move(pending_.back());
      pending_.pop_back();
      list(folder);
    }
    if (found_.empty()) found_.push_back({root, "no file in this directory", false});
    std::sort(found_.begin(), found_.end(), [](const Item& a, const Item& b) { return a.name < b.name; });
    return std::move(found_);
  }

 private:
  void list(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) look_at(*entries);
    if (error) found_.push_back({folder.native(), error.message(), true});
  }

  void look_at(const fs::directory_entry& entry) {
    std::error_code error;
    const bool is_link = entry.is_symlink(error);
    if (entry.is_directory(error)) {
      if (is_link) {
        skipped_.push_back(entry.path().native());
      } else {
        pending_.push_back(entry.path());
      }
    } else if (entry.path().native().ends_with(suffix_)) {
      found_.push_back({entry.path().native(), {}, false});
    }
  }

  std::string_view suffix_;
  std::vector<std::string>& skipped_;
  std::vector<fs::path> pending_;
  std::vector<Item> found_;
};

}  // namespace

std::vector<Item> collect(const std::vector<std::string>& paths, std::string_view suffix,
                          std::vector<std::string>& skipped) {
  std::vector<Item> items;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      items.push_back({path, {}, false});
      continue;
    }
    std::vector<Item> found = Walk(suffix, skipped).under(path);
    std::move(found.begin(), found.end(), std::back_inserter(items));
  }
  return items;
}

}  // namespace sluice::judge
