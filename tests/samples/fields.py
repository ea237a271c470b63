"""The fields of a file that have a rule in the schema, and whether changed bytes violate it.

Where the fields lie comes from `sluice inspect`; what they must be is read from the .ksy here, without sluice.
"""
import re

import yaml

INTEGER = re.compile(r"[us](?P<size>[1248])(?P<order>le|be)?")
LITERAL = re.compile(r"-?(0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*)")


class NotUnderstood(Exception):
    pass


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.BaseLoader)  # numbers stay as they are written


def types_of(node, name, outer=()):
    """(name, type, the types around it) of a type and all in it."""
    yield name, node, outer
    for inner, spec in node.get("types", {}).items():
        yield from types_of(spec, inner, (node, *outer))


class Schema:
    """The types of a .ksy and of what it imports, by their last name."""

    def __init__(self, path):
        self.types = {}
        pending, seen = [path], set()
        while pending:
            file = pending.pop()
            if file in seen:
                continue
            seen.add(file)
            top = load(file)
            for name, spec, outer in types_of(top, top["meta"]["id"]):
                self.types.setdefault(name, []).append((spec, outer))
            for name in top["meta"].get("imports", []):
                base = path.parents[1] if name.startswith("/") else file.parent
                pending.append(base / (name.lstrip("/") + ".ksy"))
        self.root = load(path)["meta"]["id"]

    def attribute(self, type_name, id):
        """The attribute, and the types in which its names are looked up."""
        for spec, outer in self.types.get(type_name, []):
            for attribute in spec.get("seq", []):
                if attribute.get("id") == id:
                    return attribute, (spec, *outer)
            if id in spec.get("instances", {}):
                return spec["instances"][id], (spec, *outer)
        return None, ()


def enum_numbers(name, scopes):
    """Number of each label of an enum."""
    for scope in scopes:
        node = scope
        *types, last = name.split("::")
        for inner in types:
            node = node.get("types", {}).get(inner, {})
        if last in node.get("enums", {}):
            members = node["enums"][last]
            return {(label["id"] if isinstance(label, dict) else label): int(key, 0) for key, label in members.items()}
    raise NotUnderstood(name)


def contents_of(value):
    items = value if isinstance(value, list) else [value]
    return b"".join(bytes([int(item, 0)]) if LITERAL.fullmatch(item) and isinstance(value, list) else item.encode()
                    for item in items)


class Field:
    def __init__(self, path, node, siblings, attribute, scopes, order):
        self.path, self.begin, self.end = path, node["begin"], node["end"]
        self.attribute, self.scopes, self.order = attribute, scopes, order
        self.siblings = {s["name"]: s["value"]["v"] for s in siblings if s.get("value", {}).get("t") in ("int", "enum")}
        self.is_violated = self.rule()

    def is_violated_in(self, data):
        return self.is_violated(self.value(data[self.begin:self.end]))

    def value(self, data):
        match = INTEGER.fullmatch(self.attribute.get("type", ""))
        if match:
            order = {"le": "little", "be": "big", None: self.order}[match["order"]]
            return int.from_bytes(data, order, signed=self.attribute["type"][0] == "s")
        return data

    def rule(self):
        attribute = self.attribute
        if "contents" in attribute:
            expected = contents_of(attribute["contents"])
            return lambda value: value != expected
        if "valid" not in attribute or attribute["valid"] == {"in-enum": "true"}:
            known = set(enum_numbers(attribute["enum"], self.scopes).values())
            return lambda value: value not in known
        return self.valid(attribute["valid"])

    def valid(self, valid):
        if not isinstance(valid, dict):
            valid = {"eq": valid}
        if "eq" in valid:
            expected = self.number(valid["eq"])
            return lambda value: value != expected
        if "any-of" in valid:
            allowed = set(map(self.number, valid["any-of"]))
            return lambda value: value not in allowed
        if "expr" in valid:
            return self.condition(valid["expr"])
        low = self.number(valid["min"]) if "min" in valid else float("-inf")
        high = self.number(valid["max"]) if "max" in valid else float("inf")
        return lambda value: not low <= value <= high

    def number(self, text):
        """A literal, a label, or a field beside this one."""
        if LITERAL.fullmatch(text):
            return int(text, 0)
        if text in self.siblings:
            return int(self.siblings[text])
        name, _, label = text.rpartition("::")
        if name:
            return enum_numbers(name, self.scopes)[label]
        raise NotUnderstood(text)

    def condition(self, text):
        """Kaitai conditions over the value alone are nearly Python."""
        text = re.sub(r"_\.substring\((\d+), (\d+)\)", r"_[\1:\2]", text).replace("_.length", "len(_)")
        is_text = self.attribute.get("type") in ("str", "strz")
        if not re.fullmatch(r'(_|len|and|or|not|0x[0-9a-f]+|\d+|"[^"]*"|[\s()\[\]:&<>=!%])*', text):
            raise NotUnderstood(text)
        code = compile("(" + text.strip() + ")", "valid", "eval")

        def is_violated(value):
            value = value.split(b"\0")[0].decode("latin-1") if is_text else value
            return not eval(code, {"__builtins__": {"len": len}}, {"_": value})

        return is_violated


def ruled_fields(tree, sample):
    """All fields in the file with `contents`, `valid` or `enum`, and the paths of those whose rule is not understood."""
    schema = Schema(sample.schema)
    found, unknown = [], []

    def visit(node, path, type_name, siblings):
        if "begin" in node and "value" in node:
            attribute, scopes = schema.attribute(type_name, re.sub(r"\[\d+\]$", "", path.rpartition(".")[2]))
            if attribute and {"contents", "valid", "enum"} & set(attribute) and not attribute.get("type", "").startswith("b"):
                try:
                    found.append(Field(path, node, siblings, attribute, scopes, sample.order))
                except NotUnderstood:
                    unknown.append(path)
        for child in node.get("fields", []):
            visit(child, f"{path}.{child['name']}".lstrip("."), node["type"], node["fields"])
        for child in node.get("items", []):
            visit(child, path + child["name"], type_name, [])

    visit({"type": schema.root, "fields": tree["fields"]}, "", schema.root, [])
    return found, unknown
