"""JSON Schemas as shipped, one a kind, made whole and compiled once a process."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cached_property
from typing import Any

from mcred.shape.marks import Plan, plan

Schema = dict[str, Any]

COMMON = "common.schema.json#/$defs/"
LOCAL = "#/$defs/"

_COMMON_ADDRESS = "json-schema:///common.schema.json"
"""How the gate calls the file that `COMMON` names."""

STRUCTURAL = frozenset(
    "$schema $id $defs $ref title description examples default properties patternProperties items allOf if then".split()
)
"""Keywords that arrange a schema and refuse nothing themselves; `x-…` are our own marks."""


class Schemas:
    """The schemas by kind, from their files' contents: `{"micro-credential": {…}, "common": {…}, …}`."""

    def __init__(self, files: Mapping[str, Schema]) -> None:
        self._files = files
        self._shapes: dict[str, Shape] = {}

    @property
    def kinds(self) -> list[str]:
        """The kinds that have a schema."""
        return sorted(set(self._files) - {"common"})

    def shape(self, kind: str) -> "Shape":
        """The shape of a kind, compiled when first asked for.

        Raises:
            KeyError: there is no such kind.
        """
        if kind not in self._shapes:
            self._shapes[kind] = Shape(kind, self._files[kind], self._files["common"], lambda: self.bundle(kind))
        return self._shapes[kind]

    def bundle(self, kind: str) -> Schema:
        """A kind's schema in one piece: what it takes from the common one stands in its own `$defs`."""
        schema = deepcopy(self._files[kind])
        defs: dict[str, Schema] = schema.pop("$defs", {})
        pending = [schema, *defs.values()]
        while pending:
            for part in _parts(pending.pop()):
                name = str(part.get("$ref", "")).removeprefix(COMMON)
                if part.get("$ref", "").startswith(COMMON):
                    part["$ref"] = LOCAL + name
                    if name not in defs:
                        defs[name] = deepcopy(self._files["common"]["$defs"][name])
                        _localise(defs[name])
                        pending.append(defs[name])
        if defs:
            schema["$defs"] = {name: defs[name] for name in sorted(defs)}
        return schema


def _localise(schema: Schema) -> None:
    """Let references inside the common schema read as if they came from outside, so that they are followed too."""
    for part in _parts(schema):
        if part.get("$ref", "").startswith(LOCAL):
            part["$ref"] = COMMON + part["$ref"].removeprefix(LOCAL)


def _parts(value: Any) -> Iterator[Schema]:
    """Every map inside a schema that may be a schema itself."""
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            yield part
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)


class Shape:
    """One kind's schema: a quick gate, a slower explainer, and navigation to the schema of any field."""

    def __init__(self, kind: str, schema: Schema, common: Schema, whole: Callable[[], Schema]) -> None:
        self.plans: dict[str, Plan] = {}
        self.kind = kind
        self.schema = schema
        self._common = common
        self._whole = whole
        # What a `$ref` names: the schema's own parts, and the common ones for those that come from there.
        self._defs: dict[str, Schema] = {**common["$defs"], **schema.get("$defs", {})}

    @cached_property
    def _gate(self) -> Any:
        try:
            from jsonschema_rs import Draft202012Validator, Registry
        except ImportError:
            return self.explainer
        return Draft202012Validator(self.schema, registry=Registry([(_COMMON_ADDRESS, self._common)]))

    def valid(self, data: object) -> bool:
        """Whether data has this shape."""
        valid: bool = self._gate.is_valid(data)
        return valid

    @cached_property
    def explainer(self) -> Any:
        """The `jsonschema` validator that says what failed; patterns mean the same to it as to the gate."""
        from mcred.shape.explainer import explainer

        return explainer(self._whole())

    @cached_property
    def plan(self) -> Plan:
        """Where in a record the marks of its schema stand."""
        return plan(self, self.schema)

    def resolved(self, schema: Schema) -> Schema:
        """A schema with its `$ref` followed; what stands beside the `$ref` wins."""
        while "$ref" in schema:
            target = self._defs[schema["$ref"].rpartition("/")[2]]
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        return schema

    def variants(self, schema: Schema) -> tuple[str, dict[str, Schema]]:
        """The key that chooses between variants of an object, and each variant by that key's value."""
        discriminator, found = "", {}
        for part in schema.get("allOf", ()):
            choice = part.get("if", {}).get("properties", {})
            for key, test in choice.items():
                for value in test.get("enum", [test["const"]] if "const" in test else []):
                    discriminator = key
                    found[value] = self.resolved(part["then"])
        return discriminator, found

    def chosen(self, schema: Schema, data: object) -> Iterator[Schema]:
        """The variant of an object that its data chooses, then the variant of that one, and so on."""
        while isinstance(data, dict):
            discriminator, variants = self.variants(schema)
            value = data.get(discriminator)
            if not isinstance(value, str) or value not in variants:
                return
            schema = variants[value]
            yield schema

    def fields(self, schema: Schema, data: object) -> dict[str, Schema]:
        """The fields that an object may have, its variant considered."""
        schema = self.resolved(schema)
        levels = [each.get("properties", {}) for each in (schema, *self.chosen(schema, data))]
        # A variant lists the fields that it shares as `true`: what they are is said once, further out. The innermost
        # lists all that there may be.
        return {
            name: next((level[name] for level in reversed(levels) if level.get(name, True) is not True), {})
            for name in {**levels[0], **levels[-1]}
        }

    def at(self, pointer: tuple[str | int, ...], data: object) -> Schema:
        """The schema of the field at a pointer of `data`, or an empty one."""
        schema = self.schema
        for part in pointer:
            schema = self.resolved(schema)
            if isinstance(part, int):
                schema = schema.get("items", {})
                data = data[part] if isinstance(data, list) and part < len(data) else None
            else:
                rest = schema.get("additionalProperties")
                schema = self.fields(schema, data).get(part, rest if isinstance(rest, dict) else {})
                data = data.get(part) if isinstance(data, dict) else None
        return self.resolved(schema)
