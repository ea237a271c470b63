// A content file that can be looked at: read once, asked many times, lazily, as the language's own runtimes do.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "validator/finding/finding.h"
#include "validator/program/program.h"
#include "validator/program/walk.h"

namespace sluice::program {

class Machine;

class Session {
 public:
  // Past a value that is not what it must be reading goes on where the judgement would go on too, or it ends there, as
  // it does in the language's own runtimes.
  enum class Reading : std::uint8_t { to_first_failure, past_failures };

  // `program` was compiled with everything kept; it and `content` are aliased and must outlive the session, and so must
  // the values that it hands out not outlive it.
  Session(const Program& program, std::span<const std::uint8_t> content, const Limits& limits,
          Reading reading = Reading::to_first_failure);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Reads the root's `seq`. False if that failed, `failure()` says how; what was read before can still be asked for.
  [[nodiscard]] bool read();

  // Runs the code of compile_request in the context of the root. Empty: `failure()` says how.
  [[nodiscard]] std::optional<Value> evaluate(std::uint32_t entry);
  // The same in the context of `self`, where `_` is `element` and `_index` is `index`.
  [[nodiscard]] std::optional<Value> evaluate(std::uint32_t entry, Object* self, const Value& element,
                                              std::uint64_t index);
  // The value of one member of an object; an instance is evaluated on the way. Empty: `failure()` says how.
  [[nodiscard]] std::optional<Value> member(Object* object, std::uint32_t member);

  [[nodiscard]] const Finding& failure() const;
  [[nodiscard]] Object* root() const;
  [[nodiscard]] const Program& program() const;

  // Where a member, or one element of its array, lies in the content file. Empty: nowhere (a value instance), or in
  // decoded data.
  [[nodiscard]] std::optional<ByteRange> bytes_of(const Object* object, std::uint32_t member) const;
  [[nodiscard]] std::optional<ByteRange> bytes_of(const Object* object, std::uint32_t member,
                                                  std::uint64_t element) const;

 private:
  const Reading reading_;
  bool is_exhausted_ = false;  // a limit was reached: nothing more is evaluated
  std::string name_;
  Findings findings_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace sluice::program
