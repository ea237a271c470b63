// The content files under the paths that a user gave.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::judge {

// A file to check, or a place where there is none to check and why.
struct Item {
  std::string name;
  std::string problem;         // empty: a file
  bool is_unreadable = false;  // with a problem: it exists and could not be read, or does not exist
};

// A path that is no directory is an item as it stands. A directory is walked to its end and gives every file in it
// whose name ends with `suffix`, hidden ones included, sorted by name; symbolic links to files are followed, those to
// directories are not (they may lead in circles) and are listed in `skipped`. A directory that holds no file, and one
// that cannot be listed, are items with a problem: what was not looked at is not a pass.
[[nodiscard]] std::vector<Item> collect(const std::vector<std::string>& paths, std::string_view suffix,
                                        std::vector<std::string>& skipped);

}  // namespace sluice::judge
