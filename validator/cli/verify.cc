// sluice verify: whether a gate that is trusted said of these very bytes that they pass. Exit codes: 0 it did, 1 it did
// not, 2 nobody knows: a file cannot be read, a key is none, an argument makes no sense.
#include <fmt/format.h>

#include "validator/attestation/verify.h"
#include "validator/bytes/content_file.h"
#include "validator/bytes/sha256.h"
#include "validator/cli/command.h"
#include "validator/cli/output.h"
#include "validator/report/escape.h"
#include "validator/report/json_writer.h"

namespace sluice::cli {

namespace {

using attestation::Digested;
using attestation::Expected;
using attestation::PublicKey;
using attestation::Statement;
using report::JsonWriter;

constexpr std::string_view kFormatVersion = "1.0";

class Verify {
 public:
  explicit Verify(Arguments& arguments) : arguments_(arguments) {
    arguments.positionals("ATTESTATION", attestations_, "What the gate signed: <content>.intoto.jsonl");
    arguments.text("-k,--key", key_path_, "FILE", "The gate's public key: Ed25519, in PEM");
    arguments.text("-c,--content", content_path_, "FILE", "The content that is to be loaded");
    arguments.texts("-b,--build", expected_.builds, "BUILD", "A driver build that must have passed; may be repeated");
    arguments.text("--policy", policy_, "SHA256", "The digest of the policy that it must have been judged by");
    arguments.text("--verifier", verifier_, "URI", "Who must have judged it");
    arguments.text("--resource", resource_, "URI", "What it must have been judged as");
    arguments.texts("--level", expected_.levels, "LEVEL", "A level that it must have reached; may be repeated");
    arguments.choice("-f,--format", format_, {"text", "json"}, "How it is told (default: text)");
    arguments.require("--key");
    arguments.require("--content");
  }

  int run() {
    if (!arguments_.parse()) return arguments_.exit_code();
    if (attestations_.size() != 1) return arguments_.refuse("one attestation at a time");
    if (arguments_.given("--policy")) expected_.policy_sha256 = policy_;
    if (arguments_.given("--verifier")) expected_.verifier_id = verifier_;
    if (arguments_.given("--resource")) expected_.resource_uri = resource_;
    if (expected_.policy_sha256 && !is_sha256(policy_)) {
      return arguments_.refuse("--policy takes a SHA-256: 64 hexadecimal digits, in lower case");
    }
    std::string why;
    const auto key = PublicKey::load(key_path_, why);
    if (!key) return complain_of(key_path_, why);
    bytes::ContentFile bundle;
    if (!bundle.open(attestations_.front())) return complain_of(attestations_.front(), bundle.reason());
    if (bundle.bytes().size() > attestation::kLargestBundle) {
      return complain_of(attestations_.front(),
                         fmt::format("is larger than {} MiB", attestation::kLargestBundle >> 20));
    }
    const std::string text(bundle.bytes().begin(), bundle.bytes().end());
    bytes::ContentFile content;
    if (!content.open(content_path_)) return complain_of(content_path_, content.reason());
    expected_.content_sha256 = bytes::hex(bytes::sha256(content.bytes()));
    if (content.changed()) return complain_of(content_path_, content.reason());

    std::vector<std::string> reasons;
    const auto statement = attestation::verify(text, *key, expected_, reasons);
    const int exit_code = static_cast<int>(statement ? Verdict::pass : Verdict::fail);
    return print(format_ == "json" ? as_json(statement, *key, reasons) : as_text(statement, reasons), exit_code);
  }

 private:
  static bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  }

  static int complain_of(const std::string& path, const std::string& why) {
    complain(fmt::format("{}: {}", path, why));
    return static_cast<int>(Verdict::no_verdict);
  }

  std::string as_text(const std::optional<Statement>& statement, const std::vector<std::string>& reasons) const {
    const std::string file = report::visible(content_path_);
    if (statement) {
      const std::string passed = report::visible(fmt::format("{}", fmt::join(statement->passed, ", ")));
      const std::string failed = report::visible(fmt::format("{}", fmt::join(statement->failed, ", ")));
      return fmt::format("VERIFIED  {}  passed for {}{}{}\n", file, passed, failed.empty() ? "" : "; failed for ",
                         failed);
    }
    std::string out = fmt::format("NOT VERIFIED  {}\n", file);
    for (const std::string& reason : reasons) out += fmt::format("  because  {}\n", reason);
    return out;
  }

  std::string as_json(const std::optional<Statement>& statement, const PublicKey& key,
                      const std::vector<std::string>& reasons) const {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.string("format_version", kFormatVersion);
    json.boolean("verified", statement.has_value());
    json.begin_object("content", JsonWriter::Shape::tight);
    json.string("file", content_path_);
    json.string("sha256", expected_.content_sha256);
    json.end();
    json.string("key", key.id());
    if (statement) write(json, *statement);
    write(json, "reasons", reasons, JsonWriter::Shape::spread);
    json.end();
    return out;
  }

  static void write(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts,
                    JsonWriter::Shape shape = JsonWriter::Shape::tight) {
    json.begin_array(name, shape);
    for (const std::string& text : texts) json.string(text);
    json.end();
  }

  static void write(JsonWriter& json, const Statement& statement) {
    write(json, "passed", statement.passed);
    write(json, "failed", statement.failed);
    write(json, "levels", statement.levels);
    json.begin_object("policy", JsonWriter::Shape::tight);
    json.string("uri", statement.policy_uri);
    json.string("sha256", statement.policy_sha256);
    json.end();
    json.begin_object("verifier", JsonWriter::Shape::tight);
    json.string("id", statement.verifier_id);
    json.string("version", statement.verifier_version);
    json.end();
    json.string("resource", statement.resource_uri);
    json.string("time", statement.time);
    json.begin_array("configuration");
    for (const Digested& file : statement.configuration) {
      json.begin_object(JsonWriter::Shape::tight);
      json.string("name", file.name);
      json.string("sha256", file.sha256);
      json.end();
    }
    json.end();
  }

  Arguments& arguments_;
  std::vector<std::string> attestations_;
  std::string key_path_;
  std::string content_path_;
  std::string policy_;
  std::string verifier_;
  std::string resource_;
  std::string format_ = "text";
  Expected expected_;
};

}  // namespace

int run_verify(Arguments& arguments) { return Verify(arguments).run(); }

}  // namespace sluice::cli
