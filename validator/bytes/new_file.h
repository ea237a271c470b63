// A file that is there in full or not at all.
#pragma once

#include <string>
#include <string_view>

namespace sluice::bytes {

class NewFile {
 public:
  NewFile() = default;
  ~NewFile();  // removes what was written if close() was not called, or failed
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // Begins a file beside `path`, which is to take its name. Of two that write one path the last to close wins. On
  // failure, here and below, returns false and reason() says why; what was at `path` is as it was.
  [[nodiscard]] bool open(const std::string& path);
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  // Once this has failed, close() fails too.
  bool write(std::string_view text);

  // Waits until all of it is on the disk; then the file gets its name.
  [[nodiscard]] bool close();

  // `cannot write PATH: No space left on device`; of what went wrong first.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  bool fail();

  int fd_ = -1;
  std::string path_;
  std::string temporary_;  // empty: there is nothing to remove
  std::string reason_;
};

// For a text that is there already.
[[nodiscard]] bool write_file(const std::string& path, std::string_view text, std::string& reason);

}  // namespace sluice::bytes
