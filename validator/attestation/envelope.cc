#include "validator/attestation/envelope.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "validator/attestation/base64.h"
#include "validator/attestation/strict_json.h"
#include "validator/finding/finding.h"

namespace sluice::attestation {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Each costs a pass over the payload.
constexpr std::size_t kMostSignatures = 16;

struct Signed {
  std::string key_id;  // what it says it is by
  std::string signature;
};

struct Envelope {
  std::string type;
  std::string payload;
  std::vector<Signed> signatures;
};

std::optional<std::string> bytes_at(const json& object, const char* name, std::string& why) {
  const auto text = text_at(object, name);
  if (!text) {
    why = fmt::format("it has no text `{}`", name);
    return std::nullopt;
  }
  auto bytes = from_base64(*text);
  if (!bytes) why = fmt::format("`{}` is not base64", name);
  return bytes;
}

bool read_signatures(const json& object, std::vector<Signed>& signatures, std::string& why) {
  const json* list = member(object, "signatures");
  if (list == nullptr || !list->is_array() || list->empty()) {
    why = "it has no signatures";
    return false;
  }
  if (list->size() > kMostSignatures) {
    why = fmt::format("it has {} signatures, more than {}", list->size(), kMostSignatures);
    return false;
  }
  for (const json& element : *list) {
    auto signature = bytes_at(element, "sig", why);
    if (!signature) return false;
    signatures.push_back({text_at(element, "keyid").value_or(""), std::move(*signature)});
  }
  return true;
}

std::optional<Envelope> decode(std::string_view line, std::string& why) {
  const auto object = parse_strictly(line, why);
  if (!object) return std::nullopt;
  auto type = text_at(*object, "payloadType");
  if (!type) {
    why = "it has no text `payloadType`";
    return std::nullopt;
  }
  auto payload = bytes_at(*object, "payload", why);
  if (!payload) return std::nullopt;
  Envelope envelope{std::move(*type), std::move(*payload), {}};
  if (!read_signatures(*object, envelope.signatures, why)) return std::nullopt;
  return envelope;
}

// The ids are not evidence: they choose between two sentences, never between yes and no.
std::string why_unsigned(const Envelope& envelope, const std::string& id) {
  std::set<std::string> others;
  for (const Signed& each : envelope.signatures) {
    others.insert(each.key_id.empty() ? "a key without a name" : printable(each.key_id));
  }
  if (others.contains(id))
    return fmt::format("it was changed after it was signed: its signature by {} does not fit", id);
  return fmt::format("it is not signed by this key, {}, but by {}", id, fmt::join(others, ", "));
}

}  // namespace

std::string pre_authentication_encoding(std::string_view type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, payload.size(), payload);
}

std::optional<std::string> seal(std::string_view payload, const SigningKey& key) {
  const auto signature = key.sign(view_of(pre_authentication_encoding(kStatementType, payload)));
  if (!signature) return std::nullopt;
  const ordered_json envelope = {
      {"payloadType", kStatementType},
      {"payload", to_base64(view_of(payload))},
      {"signatures", {{{"keyid", key.public_key().id()}, {"sig", to_base64(*signature)}}}},
  };
  return envelope.dump();
}

std::optional<std::string> unseal(std::string_view line, const PublicKey& key, std::string& why) {
  auto envelope = decode(line, why);
  if (!envelope) return std::nullopt;
  const std::string message = pre_authentication_encoding(envelope->type, envelope->payload);
  bool is_signed = false;
  for (const Signed& each : envelope->signatures) is_signed |= key.verifies(view_of(message), view_of(each.signature));
  if (!is_signed) {
    why = why_unsigned(*envelope, key.id());
    return std::nullopt;
  }
  if (envelope->type != kStatementType) {
    why = fmt::format("its payload is of a type that is not known here: {}", printable(envelope->type));
    return std::nullopt;
  }
  return std::move(envelope->payload);
}

}  // namespace sluice::attestation
