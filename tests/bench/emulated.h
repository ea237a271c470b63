// The peer of native images: Unicorn, with the same image at the same addresses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "fuzz/image/mapped.h"

namespace sluice::bench {

// A function of an image, called for each event: sensor_evaluate(sensor, event, verdict).
struct EmulatedCall {
  const void* function;
  const void* sensor;
  const void* events;  // `count` of them, `event_size` apart
  std::size_t event_size;
  std::size_t count;
  void* verdicts;  // 16 bytes each
};

class Emulated {
 public:
  // `world` is whole pages: all that the image is given, and room for code and a stack at its end. Both must outlive
  // this; they are used as they are, at the addresses that they have.
  Emulated(const image::Mapped& mapped, std::span<std::uint8_t> world);
  ~Emulated();
  Emulated(const Emulated&) = delete;
  Emulated& operator=(const Emulated&) = delete;

  // One start for each event.
  void run_each(const EmulatedCall& call);
  // One start for all: the loop is emulated, too.
  void run_all(const EmulatedCall& call);

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace sluice::bench
