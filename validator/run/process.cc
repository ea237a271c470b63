#include "validator/run/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

namespace sluice::run {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How long a child whose input was closed may take to end.
constexpr milliseconds kGrace{500};
constexpr std::size_t kKeptComplaint = 4096;

void close_end(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

struct Pipe {
  int read = -1;
  int write = -1;
  [[nodiscard]] bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
  ~Pipe() {
    close_end(read);
    close_end(write);
  }
};

void let_not_block(int fd) { (void)::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

// A group of its own, so that what it forks ends with it; and the signals as a new program expects them.
int spawn(pid_t& pid, const std::vector<std::string>& words, const Pipe& in, const Pipe& out, const Pipe& error) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error.write, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const int failure = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

// Writes what can be written without waiting. False: nobody reads any more.
bool write_some(int fd, std::string_view& piece) {
  const ssize_t count = ::write(fd, piece.data(), piece.size());
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  piece.remove_prefix(static_cast<std::size_t>(count));
  return true;
}

}  // namespace

std::string folder_of_this_program() {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0 || static_cast<std::size_t>(size) == path.size()) return {};
  const std::string_view text(path.data(), static_cast<std::size_t>(size));
  return std::string(text.substr(0, text.rfind('/')));
}

std::string program_beside(const char* variable, std::string_view name) {
  const char* other = std::getenv(variable);
  return other != nullptr ? other : fmt::format("{}/{}", folder_of_this_program(), name);
}

void ignore_broken_pipes() { (void)std::signal(SIGPIPE, SIG_IGN); }

bool Process::start(const std::vector<std::string>& words, std::string& problem) {
  Pipe in;
  Pipe out;
  Pipe error;
  int failure = in.open() && out.open() && error.open() ? 0 : errno;
  if (failure == 0) failure = spawn(pid_, words, in, out, error);
  if (failure != 0) {
    pid_ = -1;
    problem = fmt::format("{}: {}", words[0], std::generic_category().message(failure));
    return false;
  }
  in_ = std::exchange(in.write, -1);
  out_ = std::exchange(out.read, -1);
  error_ = std::exchange(error.read, -1);
  for (const int fd : {in_, out_, error_}) let_not_block(fd);
  return true;
}

void Process::drain() {
  std::array<char, 4096> buffer;
  ssize_t count = 0;
  while ((count = ::read(error_, buffer.data(), buffer.size())) > 0) {
    complaint_.append(buffer.data(), static_cast<std::size_t>(count));
    if (complaint_.size() > 2 * kKeptComplaint) complaint_.erase(0, complaint_.size() - kKeptComplaint);
  }
  if (count == 0) close_end(error_);
}

Process::Talk Process::talk(std::span<const std::string_view> out, const std::function<Took(std::string_view)>& take,
                            milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  std::vector<std::string_view> pieces(out.begin(), out.end());
  std::size_t piece = 0;
  std::array<char, 1u << 16> buffer;
  while (true) {
    while (piece < pieces.size() && pieces[piece].empty()) ++piece;
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return Talk::late;
    // A descriptor below 0 is left out by poll.
    std::array<pollfd, 3> polled{
        {{out_, POLLIN, 0}, {error_, POLLIN, 0}, {piece < pieces.size() ? in_ : -1, POLLOUT, 0}}};
    const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
    if (ready < 0 && errno != EINTR) return Talk::ended;
    if (ready <= 0) continue;
    if (polled[1].revents != 0) drain();
    // Who does not read any more may still have answered.
    if (polled[2].revents != 0 && !write_some(in_, pieces[piece])) pieces.clear();
    if (polled[0].revents == 0) continue;
    const ssize_t count = ::read(out_, buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) {
      drain();
      return Talk::ended;
    }
    if (take({buffer.data(), static_cast<std::size_t>(count)}) == Took::enough) return Talk::enough;
  }
}

bool Process::has_ended(int& status, milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  for (milliseconds pause{1};; pause = std::min(2 * pause, milliseconds{20})) {
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) return true;
    if ((ended < 0 && errno != EINTR) || Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(pause);
  }
}

void Process::signal(int number) const {
  if (pid_ > 0) (void)::kill(pid_, number);
}

std::string Process::stop() {
  if (pid_ < 0) return {};
  close_end(in_);
  close_end(out_);
  int status = 0;
  const bool went = has_ended(status, kGrace);
  // What it forked is of its group, and may be left even where it went.
  (void)::kill(-pid_, SIGKILL);
  if (!went) {
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (error_ >= 0) drain();
  close_end(error_);
  pid_ = -1;
  if (!went) return "it had to be killed";
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace sluice::run
