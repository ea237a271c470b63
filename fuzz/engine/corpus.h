// The corpus folder, and the folder beside it that children work in.
//
// A child never sees the user's folders: seeds are copied to one of its own, and what it finds is copied back, under
// the name of its content's hash and never half. Two fuzzers on one corpus folder therefore do not mind each other, and
// what is killed leaves nothing that is broken.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/engine/work_folder.h"

namespace sluice::engine {

using Say = std::function<void(const std::string&)>;

class Corpus {
 public:
  // Makes `folder` where it is not there, and sees that it can be written to. False with `problem` filled.
  bool open(const std::string& folder, std::string& problem);

  // Copies what can be used, of the corpus and of other folders; what cannot is said. `max_len` 0: what the longest of
  // them needs. False with `problem` filled: nothing can be done.
  bool take_seeds(const std::vector<std::string>& folders, std::uint64_t max_len, const Say& say, std::string& problem);
  // For content that somebody made: the same as a seed, and kept, for the next campaign will not make it.
  bool add_seed(std::span<const std::uint8_t> bytes, std::string& problem);

  // Makes the folder that a child writes to: all children of a campaign write to one.
  [[nodiscard]] const std::filesystem::path& work() const { return work_.path(); }
  [[nodiscard]] std::string seeds() const { return (work_.path() / "seeds").string(); }
  [[nodiscard]] std::string out() const { return (work_.path() / "out").string(); }
  [[nodiscard]] std::string seed_list() const {
    return num_seeds_ == 0 ? "" : (work_.path() / "seeds" / "list").string();
  }
  [[nodiscard]] std::size_t max_len() const { return max_len_; }
  [[nodiscard]] std::size_t num_seeds() const { return num_seeds_; }
  [[nodiscard]] std::size_t num_kept() const { return names_.size(); }
  [[nodiscard]] std::size_t num_new() const { return num_new_; }

  // Copies what children have found to the corpus. `is_last`: what is being written too, and what they have taken away
  // again, because a shorter input does the same, goes. False with `problem` filled.
  bool keep_found(bool is_last, std::string& problem);
  // What came since this was asked last, seeds too: files that may go again.
  [[nodiscard]] std::vector<std::filesystem::path> take_news() { return std::exchange(news_, {}); }
  // Takes an input away from what children begin with: it ends them.
  void forget(std::span<const std::uint8_t> bytes);

  // The files of the corpus that are ours to remove, by name.
  [[nodiscard]] std::vector<std::filesystem::path> ours() const;

 private:
  void drop_replaced();
  bool copy_seed(std::span<const std::uint8_t> bytes, std::string& problem);
  bool write_list(std::string& problem);

  std::filesystem::path folder_;
  WorkFolder work_;
  std::set<std::string> names_;                // hashes of what is in the corpus folder
  std::set<std::string> seed_names_;           // of what is in seeds()
  std::set<std::string> looked_at_;            // files that children wrote
  std::map<std::string, std::string> copied_;  // of these, the names in the corpus folder
  std::vector<std::filesystem::path> news_;
  std::size_t num_seeds_ = 0;
  std::size_t num_new_ = 0;
  std::size_t max_len_ = 0;
};

// Whether a file of a corpus has the name that campaigns give: the hash of its content.
[[nodiscard]] bool is_corpus_name(const std::string& name);
// Makes the folder where it is not there, and sees that it can be written to. False with `problem` filled.
bool make_folder(const std::string& folder, std::string& problem);
// Writes all or nothing, by another name in the same folder. False with `problem` filled.
bool write_whole(const std::filesystem::path& path, std::span<const std::uint8_t> bytes, std::string& problem);
// At most `most` bytes; false with `problem` filled.
bool read_whole(const std::filesystem::path& path, std::uint64_t most, std::vector<std::uint8_t>& bytes,
                std::string& problem);

}  // namespace sluice::engine
