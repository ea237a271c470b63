// A channel file as the sensor has it: content and tables each in an allocation of exactly their size, so that a build
// with AddressSanitizer sees a byte too many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/reference/sensor.h"

namespace sluice {

class Loaded {
 public:
  explicit Loaded(std::span<const std::uint8_t> bytes);

  sensor_status status() const { return status_; }
  const struct sensor& sensor() const { return *sensor_; }  // if the status is SENSOR_OK

  // An event of the type of an instance that this build knows, with what its criteria compare with as inputs: it
  // reaches many of them, and where they do not contradict each other, all.
  sensor_event event_for(const sensor_instance& instance) const;

 private:
  std::unique_ptr<std::uint8_t[]> content_;
  std::unique_ptr<std::uint64_t[]> memory_;
  struct sensor* sensor_ = nullptr;
  sensor_status status_;
};

// A file of corpus/channel. Fails the test if it is not there.
std::vector<std::uint8_t> corpus_file(const std::string& name);

// With its checksum put right.
void repair(std::vector<std::uint8_t>& content);

}  // namespace sluice
