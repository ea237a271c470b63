#include "validator/cli/command.h"

namespace sluice::cli {

namespace {

constexpr Command kCommands[] = {
    {"check", run_check, "Judge content files by a schema, by rules, and for driver builds",
     "  sluice check C-00000291.bin --schema channel.ksy\n"
     "  sluice check content/ --schema channel.ksy --rules channel.rules.yaml --driver sensor.driver.yaml\n"
     "  sluice check --driver sensor.driver.yaml\n"
     "  sluice check content/ --schema channel.ksy --format sarif --output sluice.sarif\n"},
    {"inspect", run_inspect, "Show the fields of a content file with their bytes",
     "  sluice inspect C-00000291.bin --schema channel.ksy\n"
     "  sluice inspect C-00000291.bin --schema channel.ksy --format json --output tree.json\n"},
    {"eval", run_eval, "Compute expressions over a content file",
     "  sluice eval C-00000291.bin 'instances.size' 'instances[0].id' --schema channel.ksy\n"
     "  sluice eval --server\n"},
    {"diff", run_diff, "Show what changed between two content files, and what is used for the first time",
     "  sluice diff released/C-00000291.bin C-00000291.bin --schema channel.ksy\n"
     "  sluice diff released/ C-00000291.bin --schema channel.ksy --rules channel.rules.yaml --fail-on warning\n"},
    {"run", run_run, "Load content files into driver builds, evaluate events, and tell what goes wrong",
     "  sluice run C-00000291.bin\n"
     "  sluice run content/ --driver sensor.driver.yaml --build 7.11\n"
     "  sluice run C-00000291.bin --driver sensor.driver.yaml --events events.yaml\n"},
    {"fuzz", run_fuzz, "Look for content that makes driver builds fault, by the schema",
     "  sluice fuzz --driver sensor-images.driver.yaml --build 7.11 --seeds released/ --time 10m\n"
     "  sluice fuzz --driver sensor-images.driver.yaml --runs 100000 --seed 7 --summary night.json\n"},
    // What stands behind `triage` first: the rest is a folder.
    {"triage accept", run_triage_accept, "Somebody has looked at a new case: it is open",
     "  sluice triage accept bad-address-instances.criteria.input-1a2b3c4d --crashes crashes\n"},
    {"triage fixed", run_triage_fixed, "Try whether an open case is fixed; then it is a regression test",
     "  sluice triage fixed bad-address-instances.criteria.input-1a2b3c4d --crashes crashes --driver "
     "sensor-images.driver.yaml\n"},
    {"triage reopen", run_triage_reopen, "A regression is open again",
     "  sluice triage reopen bad-address-instances.criteria.input-1a2b3c4d --crashes crashes\n"},
    {"triage replay", run_triage_replay, "Run all open cases and regressions again: none may have returned",
     "  sluice triage replay --crashes crashes --driver sensor-images.driver.yaml\n"},
    {"triage", run_triage, "Tell which faults are one, what of a file they need, and what would have kept them out",
     "  sluice triage fuzz-faults --driver sensor-images.driver.yaml --good released/\n"
     "  sluice triage fuzz-faults --driver sensor-images.driver.yaml --crashes crashes --html triage.html\n"},
    {"farm status", run_farm_status, "Tell what a farm is at: its lanes, coverage and faults; live on a terminal",
     "  sluice farm status nightly.farm.yaml\n"
     "  sluice farm status nightly.farm.yaml --html farm.html\n"},
    {"farm", run_farm, "Fuzz driver builds through a night, and go on with it after any end",
     "  sluice farm nightly.farm.yaml --summary night.json --html night.html\n"
     "  sluice farm nightly.farm.yaml --worker machine-2 --metrics /var/lib/node_exporter/sluice.prom\n"},
    {"gate", run_gate, "Judge a release: its content on every driver build, by its policy; one verdict",
     "  sluice gate nightly.release.yaml\n"
     "  sluice gate nightly.release.yaml --report json=gate.json --report html=gate.html\n"
     "  sluice gate nightly.release.yaml --sign gate.key --record\n"},
    {"audit", run_audit, "Tell what a driver's image says of itself, without running it",
     "  sluice audit sensor.sys\n"
     "  sluice audit sensor.sys --entry SensorEvaluate --dictionary sensor.dict\n"
     "  sluice audit cfg80211.ko --format json\n"},
    {"generate", run_generate, "Make valid content files from a schema and rules, and a dictionary for fuzzers",
     "  sluice generate --schema channel.ksy --rules channel.rules.yaml --count 20 --seed 1 --out seeds\n"
     "  sluice generate --schema channel.ksy --rules channel.rules.yaml --driver sensor.driver.yaml --build 7.12 --out "
     "seeds\n"
     "  sluice generate --schema channel.ksy --dictionary channel.dict\n"},
    {"verify", run_verify, "Tell whether content passed, by what a gate signed",
     "  sluice verify C-00000291.sys.intoto.jsonl --key gate.pub --content C-00000291.sys\n"
     "  sluice verify C-00000291.sys.intoto.jsonl --key gate.pub --content C-00000291.sys --build 7.10 --build 7.12\n"},
    {"schema check", run_schema_check, "Lint schemas: every problem, warnings too",
     "  sluice schema check channel.ksy\n"
     "  sluice schema check schemas/ -I schemas --fail-on warning\n"},
    {"rules list", run_rules_list, "List every finding that there is, or the rules of a document",
     "  sluice rules list\n"
     "  sluice rules list --rules channel.rules.yaml\n"
     "  sluice rules list --format json\n"},
    {"explain", run_explain, "Say what a finding means and what to do about it",
     "  sluice explain SL0102\n"
     "  sluice explain channel/known-type --rules channel.rules.yaml\n"
     "  sluice explain trailing_bytes overlap\n"},
    {"completion", run_completion, "Print the completion script of a shell", "  source <(sluice completion bash)\n"},
    {"version", run_version, "Print the version", "  sluice version\n"},
};

}  // namespace

std::span<const Command> all_commands() { return kCommands; }

}  // namespace sluice::cli
