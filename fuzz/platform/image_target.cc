#include "fuzz/engine/image_host.h"
#include "fuzz/platform/end.h"
#include "fuzz/platform/fatal_host.h"

namespace sluice::platform {

namespace {

class FatalImageHost final : public engine::Host {
 public:
  explicit FatalImageHost(std::unique_ptr<engine::ImageHost> host) : host_(std::move(host)) {
    target_ = &host_->target();
  }

  bool call(Function function, const void* argument, std::uint64_t& result, engine::Fault& fault) override {
    if (!host_->call(function, argument, result, fault)) end_with_report(fault, frames());
    return true;
  }
  image::Parsed<void> begin() override { return host_->begin(); }
  void recover() override { host_->recover(); }
  image::Coverage* coverage() override { return host_->coverage(); }
  std::span<std::uint8_t> counters() override { return host_->counters(); }

 private:
  [[nodiscard]] std::vector<Frame> frames() const {
    const image::Session& session = host_->session();
    std::vector<Frame> frames;
    for (const std::uint32_t at : session.frames()) {
      // Where a function returns to may be the first instruction of another.
      const std::uint32_t offset = frames.empty() || at == 0 ? at : at - 1;
      const image::Symbol* symbol = image::symbol_at(session.file(), offset);
      frames.push_back({.address = session.mapped().address() + offset,
                        .function = symbol != nullptr ? engine::printable(symbol->name) : "??",
                        .module = engine::printable(session.file().name),
                        .offset = offset});
    }
    return frames;
  }

  std::unique_ptr<engine::ImageHost> host_;
};

}  // namespace

image::Parsed<std::unique_ptr<engine::Host>> open_host(const engine::HostFiles& files, engine::Memory& memory) {
  if (!image::Session::reserve()) return std::unexpected(std::string("there is no address space for an image"));
  auto host = engine::ImageHost::open(files, memory);
  if (!host) return std::unexpected(host.error());
  return std::make_unique<FatalImageHost>(std::move(*host));
}

}  // namespace sluice::platform
