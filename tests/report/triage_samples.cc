#include "tests/report/triage_samples.h"

#include <fmt/format.h>

#include "tests/report/gate_samples.h"

namespace sluice::report {

namespace {

void add_code_of_the_sensor(TriageCase& one) {
  one.code.push_back({.title = "match_criterion in 7.11.sys",
                      .lines = {{"+0x1933", "push rbp"},
                                {"+0x1934", "push rbx"},
                                {"+0x1935", "sub rsp, 0x20"},
                                {"+0x193a", "mov rax, qword ptr [rcx+0x10]"},
                                {"+0x193e", "movzx r9d, word ptr [rdx]"},
                                {"+0x1942", "mov rax, qword ptr [rax+r9*8]", true},
                                {"+0x1946", "mov byte ptr [r8], 0x0"},
                                {"+0x194a", "test rax, rax"},
                                {"+0x194d", "jz 0x1c54"},
                                {"+0x1953", "movzx r9d, word ptr [rax]"},
                                {"+0x1957", "movzx r10d, byte ptr [rdx+0x3]"}},
                      .note = {}});
  one.code.push_back(
      {.title = "fuzz/reference/sensor_interpret.c",
       .lines = {{"88", "#if SENSOR_CHECKS_INDEX"},
                 {"89", "  if (criterion->input >= evaluation->num_inputs) return SENSOR_INPUT_NOT_SUPPLIED;"},
                 {"90", "#endif"},
                 {"91", "  const struct sensor_value* value = evaluation->inputs[criterion->input];", true},
                 {"92", "  *matches = false;"},
                 {"93", "  if (value == NULL || value->kind != criterion->kind) return SENSOR_OK;"}},
       .note = {}});
}

// Two criteria, and what follows them.
Excerpt criteria(std::uint64_t begin) {
  Excerpt excerpt{.begin = begin, .bytes = {}, .fields = {}};
  const auto add = [&](std::string path, std::string value, std::initializer_list<std::uint8_t> bytes) {
    const std::uint64_t at = begin + excerpt.bytes.size();
    excerpt.bytes.insert(excerpt.bytes.end(), bytes);
    excerpt.fields.push_back({{at, at + bytes.size()}, std::move(path), std::move(value)});
  };
  add("instances[0].id", "4711", {0x67, 0x12, 0, 0});
  add("instances[0].type_id", "3", {3, 0});
  add("instances[0].state", "state::enabled (1)", {1});
  add("instances[0].severity", "0", {0});
  add("instances[0].num_criteria", "1", {1, 0, 0, 0});
  add("instances[0].ofs_criteria", "192", {0xc0, 0, 0, 0});
  add("instances[0].ofs_name", "0", {0, 0, 0, 0});
  add("instances[0].len_name", "0", {0, 0});
  add("instances[0].reserved", "0", {0, 0});
  add("instances[0].criteria[0].input", "20", {0x14, 0});
  add("instances[0].criteria[0].op", "op::equal (1)", {1});
  add("instances[0].criteria[0].kind", "kind::text (1)", {1});
  add("instances[0].criteria[0].ofs_operand", "0", {0, 0, 0, 0});
  add("instances[0].criteria[0].len_operand", "6", {6, 0, 0, 0});
  add("data.text[0]", "\"\\\\pipe\\\\\"", {0x5c, 0x70, 0x69, 0x70, 0x65, 0x5c});
  return excerpt;
}

TriageCase of_2024_07_19() {
  TriageCase one;
  one.identity = "read-match_criterion-inputs-8ac15e90";
  one.state = CaseState::fresh;
  one.fault = Finding::of(FindingId::read_outside)
                  .with("text", "read of 8 bytes, 0 bytes past the end of a 160-byte array of 20 inputs");
  one.fault->build = "7.11";
  one.fault->path = "instances[0].criteria[0].input";
  one.fault->bytes = ByteRange{0xd8, 0xda};
  one.fault->trail = {"instances[0] (id 4711)"};
  one.fault->event = "type 3 \"ipc\", input 20 = \"\\\\pipe\\\\\"";
  one.fault->instruction = "mov rax, qword ptr [rax+r9*8]  (rax+r9*8, rax = 0x3000231a0f60, r9 = 0x14)";
  one.fault->stack = {
      "match_criterion  fuzz/reference/sensor_interpret.c:91", "match_instance  fuzz/reference/sensor_interpret.c:113",
      "sensor_interpret  fuzz/reference/sensor_interpret.c:162", "SensorEvaluate  fuzz/reference/sensor_driver.c:55"};
  one.sentence =
      "instances[0].criteria[0].input is 20: build 7.11 supplies 20 inputs of type 3 \"ipc\", the last of them 19, and "
      "reads 8 bytes past them";
  one.inequality = "20 >= 20 supplied";
  one.count = 14;
  one.files = {"found/7.11-read-match_criterion-8ac15e90.bin", "found/7.11-read-match_criterion-8ac15e91.bin"};
  one.builds = {"7.11"};
  one.targets = {{"7.10", "image", false, "loads it; no event comes to the instance"},
                 {"7.11", "image", true, "read of 8 bytes, 0 bytes past the end of a 160-byte array of 20 inputs"},
                 {"7.11", "replica", true, "read of 8 bytes, 0 bytes past the end of a 160-byte array of 20 inputs"},
                 {"7.11.1", "image", false, "evaluates it and returns SENSOR_INPUT_NOT_SUPPLIED"},
                 {"7.12", "image", false, "no fault"}};
  one.reproduced = 10;
  one.runs = 10;
  one.size_before = 1'272;
  one.smallest.name = "corpus/crashes/new/read-match_criterion-inputs-8ac15e90/content.bin";
  one.smallest.size = 238;
  one.smallest.sha256 = std::string(64, 'a');
  one.smallest.verdict = Verdict::fail;
  one.smallest.findings = {*one.fault};
  one.smallest.excerpts = {criteria(0xc0)};
  one.events = {"{type: 3, inputs: {20: \"\\\\pipe\\\\\"}}"};
  one.fields = {{.path = "instances[0].criteria[0].input",
                 .bytes = {0xd8, 0xda},
                 .value = "20",
                 .clean = "19",
                 .does = "each step moves the read 8 bytes further",
                 .is_guilty = true},
                {.path = "instances[0].type_id", .bytes = {0xc4, 0xc6}, .value = "3", .clean = "2", .does = {}},
                {.path = "instances[0].criteria[0].op",
                 .bytes = {0xda, 0xdb},
                 .value = "op::equal (1)",
                 .clean = "op::any (0)",
                 .does = {}}};
  add_code_of_the_sensor(one);
  one.recipe = "set node=41 value=20 seed=7\nrepair mode=sums seed=7\n";
  one.suggestion.kind = "contract";
  one.suggestion.text =
      "- id: inputs-within-supply\n  each: instances.criteria\n  where: _.op != op::any\n"
      "  require: _.input < build.supplies[_._parent.type_id]";
  one.suggestion.patch =
      "--- channel.rules.yaml\n+++ channel.rules.yaml\n@@ -20,2 +20,6 @@\n \n rules:\n+  - id: inputs-within-supply\n"
      "+    each: instances.criteria\n+    where: _.op != op::any\n"
      "+    require: _.input < build.supplies[_._parent.type_id]\n";
  one.suggestion.evidence = {"refuses all 14 files of this fault", "accepts all 31 good files",
                             "19, one less, has no fault"};
  one.commands = {
      "sluice run corpus/crashes/new/read-match_criterion-inputs-8ac15e90/content.bin --driver "
      "sensor.driver.yaml --build 7.11",
      "sluice inspect corpus/crashes/new/read-match_criterion-inputs-8ac15e90/content.bin --schema channel.ksy"};
  return one;
}

TriageCase returned() {
  TriageCase one;
  one.identity = "read-number_at-Snsr-11b0c2aa";
  one.state = CaseState::returned;
  one.since = "2026-11-25";
  one.fault = Finding::of(FindingId::read_outside)
                  .with("text", "read of 4 bytes, 0 bytes past the end of a 572-byte allocation tagged 'Snsr'");
  one.fault->build = "7.12";
  one.fault->path = "instances[0].criteria[0].ofs_operand";
  one.fault->bytes = ByteRange{0xdc, 0xe0};
  one.fault->instruction = "mov r10d, dword ptr [r10+rsi*4]  (r10+rsi*4, r10 = 0x310000009ff8, rsi = 0x2)";
  one.fault->stack = {"number_at  sensor.sys+0x1b41", "SensorEvaluate  sensor.sys+0x1020"};
  one.sentence =
      "instances[0].criteria[0].ofs_operand is 568, and the operand is 8 bytes long: it ends 4 bytes past the data";
  one.inequality = "568 + 8 > 572";
  one.count = 1;
  one.files = {"regression/read-number_at-Snsr-11b0c2aa/content.bin"};
  one.builds = {"7.11.1", "7.12"};
  one.places = {"number_at  fuzz/reference/sensor_interpret.c:68",
                "compare_number  fuzz/reference/sensor_interpret.c:77"};
  one.targets = {{"7.11.1", "image", true, "read of 4 bytes, 0 bytes past the end of a 572-byte allocation"},
                 {"7.12", "image", true, "read of 4 bytes, 0 bytes past the end of a 572-byte allocation"}};
  one.reproduced = 10;
  one.runs = 10;
  one.size_before = 4'096;
  one.smallest.name = "regression/read-number_at-Snsr-11b0c2aa/content.bin";
  one.smallest.size = 512;
  Excerpt excerpt = criteria(0xc0);
  for (FieldSpan& field : excerpt.fields) {
    if (field.path.ends_with(".ofs_operand")) field.value = "568";
    if (field.path.ends_with(".len_operand")) field.value = "8";
  }
  excerpt.bytes[0x1c] = 0x38;
  excerpt.bytes[0x1d] = 0x02;
  excerpt.bytes[0x20] = 8;
  one.smallest.excerpts = {std::move(excerpt)};
  one.is_shrunk_fully = false;
  one.fields = {
      {.path = "instances[0].criteria[0].ofs_operand",
       .bytes = {0xdc, 0xe0},
       .value = "568",
       .clean = "564",
       .does = "each step moves the read 1 byte further",
       .is_guilty = true},
      {.path = "instances[0].criteria[0].len_operand", .bytes = {0xe0, 0xe4}, .value = "8", .clean = {}, .does = {}}};
  one.code.push_back({.title = "number_at in sensor.sys", .lines = {}, .note = "+0x1b41 is no instruction"});
  one.suggestion.kind = "rule";
  one.suggestion.text =
      "- id: operand-inside\n  each: instances.criteria\n  require: _.ofs_operand + _.len_operand <= header.len_data";
  one.suggestion.patch =
      "--- channel.rules.yaml\n+++ channel.rules.yaml\n@@ -80,2 +80,5 @@\n rules:\n+  - id: "
      "operand-inside\n+    each: instances.criteria\n+    require: _.ofs_operand + _.len_operand <= "
      "header.len_data\n";
  one.suggestion.evidence = {"refuses the file", "accepts all 31 good files"};
  one.commands = {"sluice run regression/read-number_at-Snsr-11b0c2aa/content.bin --driver sensor.driver.yaml"};
  return one;
}

TriageCase seldom() {
  TriageCase one;
  one.identity = "timeout-follow_chain-0c4be971";
  one.state = CaseState::open;
  one.since = "2026-10-01";
  one.sentence = "build 7.10 does not return within 1,000 ms";
  one.count = 3;
  one.files = {"found/7.10-timeout-0c4be971.bin"};
  one.builds = {"7.10"};
  one.reproduced = 1;
  one.runs = 10;
  one.size_before = 900;
  one.suggestion.kind = "none";
  one.suggestion.text = "it faults in 1 of 10 runs, so that nothing can be tried on it";
  return one;
}

TriageCase kept_out() {
  TriageCase one;
  one.identity = "write-copy_name-stack-77aa0102";
  one.state = CaseState::regression;
  one.sentence = "instances[0].name is 64 bytes long: the driver has room for 63 and a zero";
  one.count = 2;
  one.builds = {};
  one.targets = {{"7.12", "image", false, "no fault"}};
  one.runs = 10;
  one.size_before = 300;
  one.smallest.name = "regression/write-copy_name-stack-77aa0102/content.bin";
  one.smallest.size = 200;
  one.fields = {{.path = "instances[0].name", .bytes = {0xc0, 0x100}, .value = "\"aaaa\"", .clean = {}, .does = {}}};
  one.suggestion.kind = "refused already";
  one.suggestion.text = "SL0203 at instances[0].len_name";
  return one;
}

// Calls `put` with every text of it.
template <typename Put>
void rewrite(TriageCase& one, const Put& put) {
  for (std::string* text : {&one.identity, &one.since, &one.sentence, &one.inequality, &one.recipe, &one.smallest.name,
                            &one.suggestion.text, &one.suggestion.patch}) {
    put(*text);
  }
  for (auto* texts : {&one.files, &one.builds, &one.places, &one.events, &one.commands, &one.suggestion.evidence}) {
    for (std::string& text : *texts) put(text);
  }
  if (one.smallest.sha256) put(*one.smallest.sha256);
  for (TriageTarget& target : one.targets) put(target.build), put(target.target), put(target.outcome);
  for (TriageField& field : one.fields) put(field.path), put(field.value), put(field.clean), put(field.does);
  for (CodeExcerpt& code : one.code) {
    put(code.title), put(code.note);
    for (CodeLine& line : code.lines) put(line.place), put(line.text);
  }
  for (Excerpt& excerpt : one.smallest.excerpts) {
    for (FieldSpan& field : excerpt.fields) put(field.path), put(field.value);
  }
  if (!one.fault) return;
  put(one.fault->path), put(one.fault->event), put(one.fault->instruction), put(one.fault->build);
  for (Parameter& parameter : one.fault->parameters) put(parameter.value);
  for (std::string& frame : one.fault->stack) put(frame);
}

template <typename Put>
Triage rewritten(const Put& put) {
  Triage triage = triage_sample();
  put(triage.driver), put(triage.schema), put(triage.rules);
  for (TriageCase& one : triage.cases) rewrite(one, put);
  for (NotTriaged& one : triage.not_triaged) put(one.file), put(one.reason);
  return triage;
}

}  // namespace

Triage triage_sample() {
  Triage triage{.driver = "sensor.driver.yaml",
                .schema = "channel.ksy",
                .rules = "channel.rules.yaml",
                .files = 22,
                .cases = {returned(), of_2024_07_19(), seldom(), kept_out()},
                .not_triaged = {{"found/7.10-read-old.bin", "no longer faults on 7.10"},
                                {"found/notes.bin", "cannot be read: permission denied"}}};
  return triage;
}

Triage triage_of_hidparse() {
  TriageCase one;
  one.identity = "read-parse_descriptor-content-4ac05e90";
  one.fault =
      Finding::of(FindingId::read_outside).with("text", "read of 2 bytes, 0 bytes past the end of the 2-byte content");
  one.fault->build = "8.0~repack-4";
  one.fault->path = "items[0].size_code";
  one.fault->bytes = ByteRange{0, 1};
  one.fault->instruction = "movzx edx, word ptr [rbx+0x1]  (rbx+0x1, rbx = 0x300010010ffe)";
  one.fault->stack = {"hidparse.sys+0x45c0", "HidP_GetCollectionDescription  hidparse.sys+0x12f0"};
  one.sentence =
      "items[0].size_code is 2, and 1 byte is left for it: the driver reads 2 bytes where the descriptor has 1";
  one.inequality = "1 + 2 > 2";
  one.count = 3;
  one.files = {"faults/8.0~repack-4-read-HidP_GetLinkCollectionNodes-4ac05e90.bin"};
  one.builds = {"8.0~repack-4"};
  one.places = {"hidparse.sys+0x45ac", "hidparse.sys+0x45c0", "hidparse.sys+0x457f"};
  one.targets = {{"8.0~repack-4", "image", true, "read of 2 bytes, 0 bytes past the end of the 2-byte content"}};
  one.reproduced = 10;
  one.runs = 10;
  one.size_before = 4;
  one.smallest.name = "new/read-parse_descriptor-content-4ac05e90/content.bin";
  one.smallest.size = 2;
  one.smallest.excerpts = {{.begin = 0, .bytes = {0x26, 0x07}, .fields = {{{1, 2}, "items[0].data", "[07]"}}}};
  one.fields = {
      {.path = "items[0].size_code", .bytes = {0, 1}, .value = "2", .clean = "1", .does = {}, .is_guilty = true}};
  one.code.push_back({.title = "hidparse.sys",
                      .lines = {{"+0x45b5", "lea eax, [rcx-0x1]"},
                                {"+0x45b8", "cmp eax, 0x1"},
                                {"+0x45bb", "jz 0x4a10"},
                                {"+0x45c0", "movzx edx, word ptr [rbx+0x1]", true},
                                {"+0x45c4", "jmp 0x4590"}},
                      .note = "no symbols are known here: offsets are those of the image"});
  one.suggestion.kind = "valid";
  one.suggestion.text = "valid: {max: _io.size - _io.pos}";
  one.commands = {"sluice run new/read-parse_descriptor-content-4ac05e90/content.bin --driver hidparse.driver.yaml"};
  return {.driver = "hidparse.driver.yaml",
          .schema = "hid_report_descriptor.ksy",
          .rules = {},
          .files = 3,
          .cases = {std::move(one)},
          .not_triaged = {}};
}

Triage triage_of_nothing() {
  return {.driver = "sensor.driver.yaml",
          .schema = "channel.ksy",
          .rules = {},
          .files = 2,
          .cases = {},
          .not_triaged = {{"a.bin", "no longer faults on 7.11"}, {"b.bin", "no longer faults on 7.11"}}};
}

Triage large_triage() {
  Triage triage = triage_sample();
  triage.files = 40'000;
  triage.cases.clear();
  for (std::size_t k = 0; k < 200; ++k) {
    TriageCase one = of_2024_07_19();
    one.identity = fmt::format("read-match_criterion-inputs-{:08x}", k);
    one.count = 200;
    for (std::size_t n = 0; n < 40; ++n) one.files.push_back(fmt::format("{}/{}.bin", std::string(180, 'd'), n));
    for (std::size_t n = 0; n < 30; ++n) one.builds.push_back(fmt::format("7.{}", n));
    one.fields.front().path = fmt::format("instances[{}]{}.input", k, [] {
      std::string path;
      for (std::size_t n = 0; n < 30; ++n) path += ".groups[3].members";
      return path;
    }());
    triage.cases.push_back(std::move(one));
  }
  for (std::size_t k = 0; k < 300; ++k)
    triage.not_triaged.push_back({fmt::format("old-{}.bin", k), "no longer faults"});
  return triage;
}

Triage breaking_out_triage() {
  const std::vector<std::string> names = breaking_out_names();
  std::size_t next = 0;
  return rewritten([&](std::string& text) { text = names[next++ % names.size()]; });
}

Triage hostile_triage(std::uint64_t seed) {
  std::vector<std::string> pieces;
  for (const FileResult& file : hostile_run(seed)) {
    pieces.push_back(file.name);
    for (const Finding& finding : file.findings) {
      pieces.insert(pieces.end(), {finding.path, finding.event, finding.suggest, finding.rule, because(finding)});
    }
  }
  std::size_t next = seed;
  Triage triage = rewritten([&](std::string& text) { text = pieces[next++ % pieces.size()]; });
  for (TriageCase& one : triage.cases) {
    one.suggestion.kind = pieces[next++ % pieces.size()];
    one.count = UINT64_MAX - next;
    for (TriageField& field : one.fields) field.bytes = {UINT64_MAX - 1, next % 2 == 0 ? UINT64_MAX : 0};
    for (Excerpt& excerpt : one.smallest.excerpts) excerpt.begin = next % 3 == 0 ? UINT64_MAX - 20 : next;
  }
  return triage;
}

}  // namespace sluice::report
