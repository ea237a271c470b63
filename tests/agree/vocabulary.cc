#include "tests/agree/vocabulary.h"

namespace sluice::agree {

// Types and enums that fragments share; a schema holds those that it names.
static constexpr Fragment kShared[] = {
    {"pair", "", "", "{seq: [{id: a, type: u1}, {id: b, type: u1, valid: {max: 127}}]}"},
    {"bitty", "", "", "{seq: [{id: p, type: b3}, {id: q, type: b6}]}"},
    {"self_check", "", "", "{seq: [{id: a, type: u1}], instances: {v: {value: 100 / a, -sluice-valid: _ > 0}}}"},
    {"pointer", "", "", "{seq: [{id: a, type: u1}], instances: {v: {pos: a, type: u1, valid: {min: 1}}}}"},
    {"magic", "", "", "{seq: [{contents: [0x7f]}, {id: a, type: u1}]}"},
};

static constexpr std::string_view kEnum = "enums: {e: {0: zero, 1: one, 255: last}}\n";

static constexpr Fragment kVocabulary[] = {
    // numbers
    {"u1", "{id: $, type: u1}", "", "", true},
    {"s1", "{id: $, type: s1}", "", "", true},
    {"u2le", "{id: $, type: u2le}", "", "", true},
    {"u2be", "{id: $, type: u2be}", "", "", true},
    {"s4be", "{id: $, type: s4be}", "", "", true},
    // bits
    {"b1", "{id: $, type: b1}"},
    {"b3", "{id: $, type: b3}", "", "", true},
    {"b7", "{id: $, type: b7}", "", "", true},
    {"b12", "{id: $, type: b12}", "", "", true},
    {"b3le", "{id: $, type: b3le}", "", "", true},
    {"b7le", "{id: $, type: b7le}", "", "", true},
    {"b12le", "{id: $, type: b12le}", "", "", true},
    // bytes
    {"bytes-1", "{id: $, size: 1}"},
    {"bytes-2-valid", "{id: $, size: 2, valid: {eq: '[0, 1]'}}"},
    {"bytes-before", "{id: $, size: @}"},
    {"bytes-before-less", "{id: $, size: @ - 1}"},
    {"bytes-divided", "{id: $, size: 2 / @}"},
    {"bytes-eos", "{id: $, size-eos: true}"},
    {"bytes-padded", "{id: $, size: 3, pad-right: 0, valid: {min: '[1]'}}"},
    {"bytes-cut", "{id: $, size: 3, terminator: 0x7f, valid: {max: '[127]'}}"},
    {"bytes-cut-include", "{id: $, size: 3, terminator: 0, include: true, valid: {expr: '_.length != 2'}}"},
    {"bytes-terminated", "{id: $, terminator: 0x7f}"},
    {"bytes-terminated-include", "{id: $, terminator: 0x7f, include: true, valid: {expr: '_.length > 1'}}"},
    {"bytes-terminated-left", "{id: $, terminator: 1, consume: false}"},
    {"bytes-terminated-or-eos", "{id: $, terminator: 0xff, eos-error: false}"},
    // text
    {"strz", "{id: $, type: strz, encoding: ASCII}"},
    {"strz-or-eos", "{id: $, type: strz, encoding: UTF-8, eos-error: false, valid: {expr: '_.length < 2'}}"},
    {"strz-16", "{id: $, type: strz, encoding: UTF-16LE}"},
    {"str-2", "{id: $, type: str, size: 2, encoding: UTF-8}"},
    {"str-eos", "{id: $, type: str, size-eos: true, encoding: UTF-16BE}"},
    // contents, if
    {"contents", "{id: $, contents: [0x7f]}"},
    {"contents-2", "{id: $, contents: [0x00, 0x01]}"},
    {"if", "{id: $, type: u1, if: @ > 1}"},
    {"if-used", "{id: $, type: u1, if: @ == 0, valid: {max: 1}}", "$v: {value: $ + 1}"},
    {"if-overflow", "{id: $, type: u1, if: '(@ << 63) > 1'}"},
    // repeat
    {"repeat-2", "{id: $, type: u1, repeat: expr, repeat-expr: 2, valid: {max: 127}}"},
    {"repeat-before", "{id: $, type: u1, repeat: expr, repeat-expr: @}"},
    {"repeat-before-less", "{id: $, size: 1, repeat: expr, repeat-expr: @ - 2}"},
    {"repeat-empty", "{id: $, size: 0, repeat: expr, repeat-expr: @}"},
    {"repeat-bits", "{id: $, type: b3, repeat: expr, repeat-expr: 3}"},
    {"repeat-eos", "{id: $, type: u1, repeat: eos, valid: {any-of: [0, 1, 127]}}"},
    {"repeat-eos-2", "{id: $, type: u2le, repeat: eos}"},
    {"repeat-eos-bits", "{id: $, type: b3le, repeat: eos}"},
    {"repeat-eos-empty", "{id: $, size: 0, repeat: eos}"},
    {"repeat-eos-index", "{id: $, size: _index, repeat: eos}"},
    {"repeat-until", "{id: $, type: u1, repeat: until, repeat-until: _ == 0x7f}"},
    {"repeat-until-index", "{id: $, type: s1, repeat: until, repeat-until: _index == 1 or _io.eof}"},
    {"repeat-until-division", "{id: $, type: u1, repeat: until, repeat-until: 100 / _ == 100}"},
    // structures
    {"pair", "{id: $, type: pair}"},
    {"pair-2", "{id: $, type: pair, size: 2}"},
    {"pair-3", "{id: $, type: pair, size: 3}"},
    {"pair-3-allowed", "{id: $, type: pair, size: 3, -sluice-allow: [trailing-bytes]}"},
    {"pair-before", "{id: $, type: pair, size: @}"},
    {"pair-eos", "{id: $, type: pair, size-eos: true}"},
    {"pair-terminated", "{id: $, type: pair, terminator: 0}"},
    {"pair-repeated", "{id: $, type: pair, repeat: eos}"},
    {"pair-repeated-2", "{id: $, type: pair, size: 1, repeat: expr, repeat-expr: 2}", "$v: {value: '$[1].a'}"},
    {"bitty", "{id: $, type: bitty}"},
    {"bitty-repeated", "{id: $, type: bitty, repeat: expr, repeat-expr: 2}"},
    {"magic", "{id: $, type: magic, size: 2}", "$v: {value: '$.a'}"},
    {"magic-inline", "{id: $, type: magic}"},
    {"xor", "{id: $, type: pair, size: 2, process: xor(0x80)}"},
    {"xor-before", "{id: $, size: 2, process: xor(@), valid: {eq: '[0, 0]'}}"},
    {"rol", "{id: $, type: pair, size: 3, process: rol(1)}"},
    {"parameter", "{id: $, type: $t(@)}", "", "$t: {params: [{id: n, type: s4}], seq: [{id: a, size: n}]}"},
    // switch
    {"switch", "{id: $, type: {switch-on: @, cases: {0: u1, 1: pair}}}"},
    {"switch-allowed", "{id: $, type: {switch-on: @, cases: {127: u2be}}, -sluice-allow: [unmatched-switch]}"},
    {"switch-default", "{id: $, type: {switch-on: @, cases: {0: u1, _: pair}}}"},
    {"switch-sized", "{id: $, size: 2, type: {switch-on: @, cases: {0: pair, 1: self_check}}}"},
    // valid
    {"valid-eq", "{id: $, type: u1, valid: 1}", "", "", true},
    {"valid-range", "{id: $, type: s1, valid: {min: 0, max: 1}}", "", "", true},
    {"valid-any-of", "{id: $, type: u2be, valid: {any-of: [0, 0x7fff]}}", "", "", true},
    {"valid-expr", "{id: $, type: u1, valid: {expr: 'not (_ == 0x80)'}}", "", "", true},
    {"valid-division", "{id: $, type: u1, valid: {expr: 255 % _ == 0}}", "", "", true},
    {"valid-before", "{id: $, type: u1, valid: {min: @}}", "", "", true},
    {"valid-in-enum", "{id: $, type: u1, enum: e, valid: {in-enum: true}}"},
    {"enum", "{id: $, type: u1, enum: e}"},
    {"enum-bits", "{id: $, type: b2, enum: e}"},
    {"enum-allowed", "{id: $, type: u1, enum: e, -sluice-allow: [unknown-enum]}"},
    // instances
    {"self-check", "{id: $, type: self_check}"},
    {"pos-0", "{id: $, type: u1}", "$p: {pos: 0, type: u1, valid: {max: 127}}", "", true},
    {"pos-self", "{id: $, type: u1}", "$p: {pos: $, type: u1}", "", true},
    {"pos-signed", "{id: $, type: s1}", "$p: {pos: $, type: pair}", "", true},
    {"pos-sized", "{id: $, type: u1}", "$p: {pos: 2, size: $, type: pair}", "", true},
    {"pos-chain", "{id: $, type: u1}", "$p: {pos: $q, type: u1}\n$q: {pos: $, type: u1}", "", true},
    {"pos-cycle", "{id: $, type: u1}", "$p: {pos: $q, type: u1, if: $ != 0}\n$q: {pos: $p, type: u1}", "", true},
    {"pos-size", "{id: $, size: $p}", "$p: {pos: 0, type: u1}"},
    {"follow", "{id: $, type: $t}\n{id: $z, type: u1}", "",
     "$t: {seq: [{id: a, type: u1}], instances: {b: {type: u1, valid: 0}}}"},
    {"follow-late", "{id: $, type: $t}\n{id: $z, type: u1}", "",
     "$t: {seq: [{id: a, type: u1}], instances: {b: {size: 1}, v: {value: _root.$z}}}"},
    {"pointer", "{id: $, type: pointer}"},
    {"pointer-sized", "{id: $, type: pointer, size: 3}"},
    {"value-early", "{id: $, type: u1}\n{id: $r, size: $v}", "$v: {value: $ - 1}"},
    {"value-late", "{id: $, type: $t}\n{id: $z, type: u1}", "",
     "$t: {seq: [{id: a, type: u1}], instances: {v: {value: a / _root.$z, -sluice-valid: _ < 5}}}"},
    {"value-never", "{id: $, type: u1, if: $z == 0}\n{id: $z, type: u1}"},
    {"value-shifted", "{id: $, type: s1}", "$v: {value: 1 << $, -sluice-valid: '_ != 2'}", "", true},
    {"value-condition", "{id: $, type: u1}", "$v: {value: 7 % $, if: $ > 1}", "", true},
    {"parent", "{id: $, type: $t, size: 2}", "$v: {value: $.a}",
     "$t: {seq: [{id: a, type: s1}, {id: b, size: a}], instances: {v: {value: _parent.$.a}}}"},
    {"asserted", "{id: $, type: $t}", "", "$t: {seq: [{id: a, type: u1}], -sluice-asserts: ['10 / a > 1', a < 9]}"},
    {"checksum", "{id: $s, size: 1}\n{id: $, type: u1, -sluice-checksum: {sum8: $s}}", "", "", true},
};

bool Fragment::uses_previous() const { return seq.find('@') != seq.npos; }

std::span<const Fragment> vocabulary() { return kVocabulary; }

static std::string fill(std::string_view text, const std::string& id, const std::string& previous) {
  std::string out;
  for (char c : text) {
    if (c == '$')
      out += id;
    else if (c == '@')
      out += previous;
    else
      out += c;
  }
  return out;
}

// Appends the lines of `text`, each behind `prefix`.
static void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    out.append(prefix).append(text.substr(0, end)).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

static bool names_type(std::string_view text, std::string_view type) {
  std::string wanted = "type: " + std::string(type);
  for (std::size_t at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1)) {
    char after = at + wanted.size() < text.size() ? text[at + wanted.size()] : '}';
    if (after == '}' || after == ',') return true;
  }
  std::string as_case = ": " + std::string(type);
  return text.find(as_case + "}") != text.npos || text.find(as_case + ",") != text.npos;
}

std::optional<std::string> schema_text(std::span<const Fragment* const> fields) {
  std::string seq, instances, types;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Fragment& f = *fields[i];
    if (f.uses_previous() && (i == 0 || !fields[i - 1]->is_integer)) return std::nullopt;
    std::string id(1, static_cast<char>('f' + i));
    std::string previous(1, static_cast<char>('f' + i - 1));
    append_lines(seq, "  - ", fill(f.seq, id, previous));
    append_lines(instances, "  ", fill(f.instances, id, previous));
    append_lines(types, "  ", fill(f.types, id, previous));
  }
  bool uses_enum = seq.find("enum: e") != seq.npos;
  for (const Fragment& shared : kShared) {
    if (names_type(seq, shared.name) || names_type(instances, shared.name)) {
      append_lines(types, "  ", std::string(shared.name) + ": " + std::string(shared.types));
    }
  }
  std::string out = "meta: {id: small}\nseq:\n" + seq;
  if (!instances.empty()) out += "instances:\n" + instances;
  if (!types.empty()) out += "types:\n" + types;
  if (uses_enum) out += kEnum;
  return out;
}

}  // namespace sluice::agree
