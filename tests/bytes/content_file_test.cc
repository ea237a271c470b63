#include "validator/bytes/content_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "tests/scratch_folder.h"

namespace sluice::bytes {
namespace {

namespace fs = std::filesystem;
using test::ScratchFolder;

constexpr std::size_t kLarge = 2u << 20;  // mapped

std::string text_of(const ContentFile& file) { return {file.bytes().begin(), file.bytes().end()}; }

std::size_t count_of(std::span<const std::uint8_t> bytes, std::uint8_t value) {
  return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), value));
}

// Whether each byte is one of the two, in a single pass: they may change under a second one.
bool holds_only(std::span<const std::uint8_t> bytes, std::uint8_t a, std::uint8_t b) {
  return std::all_of(bytes.begin(), bytes.end(), [=](std::uint8_t byte) { return byte == a || byte == b; });
}

TEST_CASE("files of every size come whole") {
  const ScratchFolder folder;
  ContentFile file;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, ContentFile::kMapAbove,
                                 ContentFile::kMapAbove + 1, kLarge, std::size_t{3}}) {
    CAPTURE(size);
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 257);
    REQUIRE(file.open(folder.write("content", text)));
    CHECK((text_of(file) == text));
    CHECK(!file.changed());
    CHECK(file.reason().empty());
  }
  file.close();
  CHECK(file.bytes().empty());
}

TEST_CASE("only regular files are opened, and nothing is waited for") {
  const ScratchFolder folder;
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  fs::create_symlink("loop", folder / "loop");

  struct Row {
    fs::path path;
    const char* reason;
  };
  const Row rows[] = {
      {folder / "absent", "No such file or directory"},       {folder / ".", "is a directory"},
      {folder / "fifo", "is a FIFO, not a regular file"},     {folder / "socket", "No such device or address"},
      {folder / "loop", "Too many levels of symbolic links"}, {"/dev/null", "is a device, not a regular file"},
      {"/dev/zero", "is a device, not a regular file"},       {"", "No such file or directory"},
  };
  ContentFile file;
  for (const Row& row : rows) {
    CAPTURE(row.path.string());
    REQUIRE(file.open(folder.write("good", "abc")));  // what was open before must not shine through
    CHECK(!file.open(row.path));
    CHECK(file.reason() == row.reason);
    CHECK(file.bytes().empty());
    CHECK(!file.changed());
  }
  ::close(socket);
}

TEST_CASE("a mapped file that is truncated reads as zeros and is known to have changed") {
  const ScratchFolder folder;
  const fs::path path = folder.write("content", std::string(kLarge, 'x'));
  ContentFile file;
  REQUIRE(file.open(path));
  REQUIRE(::truncate(path.c_str(), 10000) == 0);
  // The rest of the last page is zero too: the kernel clears it.
  CHECK(count_of(file.bytes(), 'x') == 10000);
  CHECK(count_of(file.bytes(), 0) == kLarge - 10000);
  CHECK(file.changed());
  CHECK(file.reason() == "its size changed from 2097152 to 10000 bytes");

  // Truncated and grown again: the size tells nothing, the missing pages do.
  fs::resize_file(path, kLarge);
  CHECK(file.changed());
  CHECK(file.reason() == "it was written to");

  // Other files are as good as before.
  REQUIRE(file.open(folder.write("other", std::string(kLarge, 'y'))));
  CHECK(count_of(file.bytes(), 'y') == kLarge);
  CHECK(!file.changed());
}

TEST_CASE("truncation while two threads read, over and over") {
  const ScratchFolder folder;
  std::atomic<int> rounds{0};
  std::atomic<int> wrong{0};
  const auto reader = [&](const std::string& name) {
    const fs::path path = folder / name;
    ContentFile file;
    for (int i = 0; i < 20; ++i) {
      folder.write(name, std::string(kLarge, 'x'));
      if (!file.open(path)) ++wrong;
      std::thread cutter([&] { fs::resize_file(path, static_cast<std::uintmax_t>(i) * 100'000); });
      if (!holds_only(file.bytes(), 'x', 0)) ++wrong;
      cutter.join();
      if (count_of(file.bytes(), 'x') != static_cast<std::size_t>(i) * 100'000) ++wrong;
      if (!file.changed()) ++wrong;
      ++rounds;
    }
  };
  std::thread other(reader, "a");
  reader("b");
  other.join();
  CHECK(rounds == 40);
  CHECK(wrong == 0);
}

TEST_CASE("changes that leave the size alone") {
  const ScratchFolder folder;
  ContentFile file;
  const fs::path path = folder.write("content", "abc");
  REQUIRE(file.open(path));
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1));
  CHECK(file.changed());
  CHECK(file.reason() == "it was written to");

  REQUIRE(file.open(path));
  fs::rename(folder.write("new", "xyz"), path);
  CHECK(text_of(file) == "abc");
  CHECK(file.changed());
  CHECK(file.reason() == "it was removed or replaced");

  REQUIRE(file.open(path));
  fs::remove(path);
  CHECK(file.changed());
}

TEST_CASE("more files at once than there are slots is a reason, not a crash") {
  const ScratchFolder folder;
  const fs::path path = folder.write("content", std::string(kLarge, 'x'));
  std::vector<std::unique_ptr<ContentFile>> files;
  std::size_t opened = 0;
  for (int i = 0; i < 300; ++i) opened += files.emplace_back(std::make_unique<ContentFile>())->open(path);
  CHECK(opened == 256);
  CHECK(files.back()->reason() == "Cannot allocate memory");
  files.clear();
  ContentFile again;
  CHECK(again.open(path));
}

// What the child of a SIGBUS outside of our mappings comes to; 0 would mean that it went on.
int status_of_foreign_bus_error(const fs::path& ours, const fs::path& foreign) {
  const pid_t child = ::fork();
  if (child == 0) {
    ContentFile file;
    if (!file.open(ours)) ::_exit(0);
    const int fd = ::open(foreign.c_str(), O_RDONLY);
    const void* at = ::mmap(nullptr, kLarge, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED || ::truncate(foreign.c_str(), 0) != 0) ::_exit(0);
    ::close(STDERR_FILENO);  // a sanitizer has much to say about it
    const volatile std::uint8_t* byte = static_cast<const std::uint8_t*>(at);
    ::_exit(byte[4096] == 0 ? 0 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST_CASE("a SIGBUS that is not ours still ends the process") {
  const ScratchFolder folder;
  const int status = status_of_foreign_bus_error(folder.write("ours", std::string(kLarge, 'x')),
                                                 folder.write("foreign", std::string(kLarge, 'x')));
  // Catch or a sanitizer may have been the previous handler; the default one ends by the signal.
  CHECK(status != 0);
}

}  // namespace
}  // namespace sluice::bytes
