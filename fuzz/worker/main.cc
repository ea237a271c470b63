// sluice-run: executes targets in a sandboxed child process (docs/worker-protocol.md).
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "fuzz/worker/image.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/options.h"
#include "fuzz/worker/supervisor.h"

namespace sluice::worker {

namespace {

int fail(const std::string& why) {
  std::fprintf(stderr, "sluice-run: %s\n", why.c_str());
  return 2;
}

bool read_file(const std::filesystem::path& path, std::string& bytes) {
  std::ifstream file(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return file.good() || file.eof();
}

// The image, and the PDB beside it if there is one. False with `why` filled.
bool read_image(const std::filesystem::path& path, ImageInput& input, std::string& why) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || !read_file(path, input.bytes)) {
    why = path.string() + ": " + (error ? error.message() : "is no file that can be read");
    return false;
  }
  input.name = path.filename().string();
  const std::filesystem::path symbols = std::filesystem::path(path).replace_extension(".pdb");
  if (std::filesystem::is_regular_file(symbols, error)) read_file(symbols, input.symbols);
  return true;
}

// Whether the file was built with AddressSanitizer: then it names what only that worker offers.
bool wants_sanitizers(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return bytes.find("__asan_init") != std::string::npos;
}

// Becomes sluice-run-asan, in an environment without options of the user's for the sanitizers: ours must hold.
int become_sanitized(char** argv) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string path = (self.parent_path() / "sluice-run-asan").string();
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) ::unsetenv(name);
  argv[0] = const_cast<char*>(path.c_str());
  ::execv(path.c_str(), argv);
  return fail("the target was built with AddressSanitizer, and " + path + " cannot be run: " + std::strerror(errno));
}

bool has_options_for_sanitizers() {
  return std::getenv("ASAN_OPTIONS") != nullptr || std::getenv("UBSAN_OPTIONS") != nullptr;
}

// So that descriptor numbers below the supervisor's are free, and none of them is the protocol's by accident.
bool fill_standard_descriptors() {
  int fd = 0;
  do {
    fd = ::open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= 2);
  if (fd > 2) ::close(fd);
  return fd >= 0;
}

int run(int argc, char** argv) {
  std::string why;
  const auto options = parse_options(argc, argv, why);
  if (!options) return fail(why);
  if (kSanitized ? has_options_for_sanitizers() : wants_sanitizers(options->target)) return become_sanitized(argv);

  static ImageInput input;
  if (!options->image.empty()) {
    if (kSanitized) return fail("the adapter of an image is built without sanitizers: sluice-cc --image");
    if (!read_image(options->image, input, why)) return fail(why);
    if (!Image::reserve()) return fail(std::string("there is no room for images: ") + std::strerror(errno));
    if (const auto done = Image::prepare(input); !done) return fail(input.name + ": " + done.error());
    image_under_test.expect(input, options->coverage);
  }

  ::signal(SIGPIPE, SIG_IGN);
  if (!fill_standard_descriptors()) return fail(std::string("/dev/null: ") + std::strerror(errno));
  const int file = ::open(options->target.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(options->target + ": " + std::strerror(errno));
  const Descriptor target = move_up(file);
  const Descriptor null = move_up(::open("/dev/null", O_RDWR | O_CLOEXEC));
  Shared* shared = map_shared();
  if (!target.is_open() || !null.is_open() || shared == nullptr || !memory.map(options->stack)) {
    return fail(std::string("cannot be set up: ") + std::strerror(errno));
  }
  return Supervisor(*options, *shared, target.get(), null.get()).serve(STDIN_FILENO, STDOUT_FILENO);
}

}  // namespace

}  // namespace sluice::worker

int main(int argc, char** argv) { return sluice::worker::run(argc, argv); }
