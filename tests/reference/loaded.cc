#include "tests/reference/loaded.h"

#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <iterator>

namespace sluice {

Loaded::Loaded(std::span<const std::uint8_t> bytes) : content_(new std::uint8_t[bytes.size()]) {
  std::ranges::copy(bytes, content_.get());
  std::size_t needed = 0;
  status_ = sensor_measure(content_.get(), bytes.size(), &needed);
  if (status_ != SENSOR_OK) return;
  REQUIRE(needed % sizeof(std::uint64_t) == 0);
  memory_.reset(new std::uint64_t[needed / sizeof(std::uint64_t)]);
  REQUIRE(sensor_load(content_.get(), bytes.size(), memory_.get(), needed - 1, &sensor_) == SENSOR_NO_ROOM);
  status_ = sensor_load(content_.get(), bytes.size(), memory_.get(), needed, &sensor_);
  REQUIRE((status_ == SENSOR_OK) == (sensor_ != nullptr));
}

sensor_event Loaded::event_for(const sensor_instance& instance) const {
  sensor_event event{instance.definition->type, instance.definition->num_inputs, {}};
  for (std::uint32_t i = 0; i < instance.num_criteria; i++) {
    const sensor_criterion& criterion = sensor_->criteria[instance.first_criterion + i];
    if (criterion.op == SENSOR_ANY) continue;
    sensor_value& value = event.inputs[criterion.input];
    value = {criterion.kind, 1, criterion.size, {criterion.operand}};
    if (criterion.kind != SENSOR_NUMBER) continue;
    value.number = 0;
    std::memcpy(&value.number, criterion.operand, 4);
  }
  return event;
}

std::vector<std::uint8_t> corpus_file(const std::string& name) {
  std::ifstream file(SLUICE_CORPUS "/" + name + ".bin", std::ios::binary);
  INFO(name);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

void repair(std::vector<std::uint8_t>& content) {
  constexpr std::size_t kBody = sizeof(sensor_file_header);
  if (content.size() < kBody) return;
  const auto crc =
      static_cast<std::uint32_t>(crc32(0, content.data() + kBody, static_cast<unsigned>(content.size() - kBody)));
  std::memcpy(content.data() + offsetof(sensor_file_header, body_crc), &crc, sizeof crc);
}

}  // namespace sluice
