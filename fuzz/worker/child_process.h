// A child, seen from outside: started, given orders, watched, ended. Whatever it does, nothing here waits for ever.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "fuzz/worker/options.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  void close();

 private:
  int fd_ = -1;
};

// Moves a descriptor above those that a child gets.
Descriptor move_up(int fd);

class ChildProcess {
 public:
  enum class Outcome {
    done,
    ended,     // without an answer; exit_text() says how
    silent,    // it answers out of turn, or has closed its pipe
    too_slow,  // one call took longer than it may, by the clock
    too_busy,  // likewise, by the processor's time
    too_large,
    unwanted,  // nobody reads the answers any more
  };

  // `shared`, `options` and the descriptors must stay.
  ChildProcess(const Options& options, Shared& shared, int target, int null)
      : options_(options), shared_(shared), target_(target), null_(null) {}
  ~ChildProcess() { end(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] bool is_running() const { return pid_ > 0; }
  // The descriptor that answers go to: who reads them may end while a child is at work.
  void watch_reader(int fd) { reader_ = fd; }
  // False with errno set if the system has no process or descriptor for it.
  [[nodiscard]] bool start();
  // Has it do shared.job, and waits. `patience` multiplies the time that a call may take. Of every outcome but `done`,
  // end() is what is left to do.
  Outcome order(std::uint32_t patience);
  // Kills and reaps it.
  void end();

  // As waitpid() tells it, after end(): SIGKILL where it had to be killed.
  [[nodiscard]] int wait_status() const { return wait_status_; }

 private:
  // Nothing if nothing has happened within that time.
  std::optional<Outcome> look(std::uint64_t token, int wait_ms);
  Outcome wait(std::uint64_t token, std::uint32_t patience);
  Outcome take_answer(std::uint64_t token);
  [[nodiscard]] std::uint64_t processor_ms() const;
  [[nodiscard]] std::size_t resident() const;

  const Options& options_;
  Shared& shared_;
  int target_;
  int null_;
  int reader_ = -1;

  pid_t pid_ = 0;
  Descriptor process_;
  Descriptor orders_;
  Descriptor answers_;
  std::uint64_t last_token_ = 0;
  int wait_status_ = 0;
};

}  // namespace sluice::worker
