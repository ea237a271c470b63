// A host for the driver that ships.
#pragma once

#include <optional>

#include "fuzz/engine/host.h"
#include "fuzz/image/reach.h"
#include "fuzz/image/session.h"
#include "fuzz/image/snapshot.h"

namespace sluice::engine {

class ImageHost : public Host {
 public:
  static image::Parsed<std::unique_ptr<ImageHost>> open(const HostFiles& files, Memory& memory);

  bool call(Function function, const void* argument, std::uint64_t& result, Fault& fault) override;
  image::Parsed<void> begin() override;
  void recover() override;
  image::Coverage* coverage() override { return session_->coverage(); }
  std::span<std::uint8_t> counters() override { return counters_; }
  std::size_t num_reachable() override;

  // What the adapter asks for.
  [[nodiscard]] image::Session& session() { return *session_; }

 private:
  ImageHost() = default;
  void tell(const image::Fault& from, Fault& fault) const;

  void* adapter_ = nullptr;
  std::vector<std::uint8_t> counters_;
  std::unique_ptr<image::Session> session_;
  std::unique_ptr<image::Snapshot> adapter_snapshot_;
  std::optional<image::Reach> reach_;
  std::size_t num_entered_ = 0;  // of Coverage::known()
};

}  // namespace sluice::engine
