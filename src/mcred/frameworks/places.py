"""The places of a record that a clause may look at: fields as the schemas have them, and derived values."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from mcred.record.derived import TABLE
from mcred.text import closest

Schema = dict[str, Any]


class Shaped(Protocol):
    """The shape of a kind of record, as far as places need it."""

    @property
    def schema(self) -> Schema: ...
    def resolved(self, schema: Schema) -> Schema: ...
    def variants(self, schema: Schema) -> tuple[str, dict[str, Schema]]: ...


class NoPlace(Exception):
    """No record has such a place; `near` ends a message with what was probably meant, `hint` says what to do."""

    def __init__(self, near: str = "", hint: str = "") -> None:
        super().__init__(near)
        self.near = near
        self.hint = hint


class Place(NamedTuple):
    """What may stand at a place: the schemas of its values, of which one is enough."""

    schemas: tuple[Schema, ...]

    def allowed(self, typed: Mapping[str, Any]) -> list[Any] | None:
        """The values that there may be, where the schemas count them; `typed` are those that the framework counts."""
        found: list[Any] = []
        for schema in self.schemas:
            values = _counted(schema, typed)
            if values is None:
                return None
            found += values
        return found or None

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds of record that its values name by id."""
        kinds = {kind for schema in self.schemas for kind in schema.get("x-references", ()) if len(kind) > 1}
        return tuple(sorted(kinds))


def _counted(schema: Schema, typed: Mapping[str, Any]) -> list[Any] | None:
    if "enum" in schema:
        return [each for each in schema["enum"] if each is not None]
    if "const" in schema:
        return [schema["const"]]
    if "x-typed-by" in schema:
        values = typed.get(schema["x-typed-by"])
        return list(values) if isinstance(values, list | tuple) else None
    types = schema.get("type", ())
    return [True, False] if set([types] if isinstance(types, str) else types) - {"null"} == {"boolean"} else None


INSIDE = {"fees": "/decisions/*/fees/*", "offerings": "/decisions/*"}
"""Derived values that are lists of items with fields, and where the same items stand in a record."""

NAMED = {"developer": ("organisation",), "may_deliver": ("organisation",)}
"""Derived values that name records."""


def place(at: str, kinds: Iterable[str], shape: Callable[[str], Shaped]) -> Place:
    """The place that a pointer of a clause means in records of some kinds.

    Raises:
        NoPlace: no record of these kinds has it.
    """
    parts = [part.replace("~1", "/").replace("~0", "~") for part in at.removeprefix("/").split("/")]
    found: list[Schema] = []
    failed = NoPlace()
    for kind in kinds:
        try:
            found += _derived(parts[1:], kind, shape(kind)) if parts[0] == "derived" else _walk(parts, shape(kind))
        except NoPlace as none:
            failed = none
    if not found:
        raise failed
    return Place(tuple(found))


def _derived(parts: list[str], kind: str, shape: Shaped) -> list[Schema]:
    known = {name: field for name, field in TABLE.items() if kind in field.kinds}
    name = parts[0] if parts else ""
    if name not in known:
        near = closest(name, known)
        raise NoPlace(
            f"; did you mean '/derived/{near}'?" if near else "", "`mcred schema derived` lists the derived values"
        )
    if len(parts) == 1:
        schema = known[name].schema
        return [{**schema.get("items", schema), "x-references": NAMED.get(name, ())}]
    if name not in INSIDE:
        raise NoPlace(hint=f"'/derived/{name}' has no fields of its own")
    return _walk([*INSIDE[name].removeprefix("/").split("/"), *parts[1:]], shape, f"/derived/{name}")


def _walk(parts: list[str], shape: Shaped, lead: str = "") -> list[Schema]:
    """The schemas at a path of keys, with `*` for the items of a list."""
    found = [shape.resolved(shape.schema)]
    for number, part in enumerate(parts):
        deeper = [shape.resolved(each) for schema in found for each in _step(part, schema, shape)]
        if not deeper:
            raise _missing(parts, number, found, shape, lead)
        found = deeper
    # Of a list, guards and tests look at the members.
    return [shape.resolved(schema["items"]) if "items" in schema else schema for schema in found]


def _step(part: str, schema: Schema, shape: Shaped) -> Iterator[Schema]:
    """The schemas of what a part of a path leads to."""
    if not schema or part == "*":
        yield from [{}] if not schema else [schema["items"]] if "items" in schema else []
        return
    fields = _fields(schema, shape)
    if part in fields:
        yield from fields[part]
    elif part.startswith("x-"):
        yield {}
    elif isinstance(rest := schema.get("additionalProperties"), dict) and re.search(
        schema.get("propertyNames", {}).get("pattern", ""), part
    ):
        yield rest


def _fields(schema: Schema, shape: Shaped) -> dict[str, list[Schema]]:
    """The fields of an object in any of its variants, each with the schemas that it may have."""
    found: dict[str, list[Schema]] = {}
    for name, field in schema.get("properties", {}).items():
        found.setdefault(name, []).extend([] if field is True else [field])
    for variant in shape.variants(schema)[1].values():
        for name, fields in _fields(variant, shape).items():
            found.setdefault(name, []).extend(fields)
    return {name: fields or [{}] for name, fields in found.items()}


def _missing(parts: list[str], number: int, found: list[Schema], shape: Shaped, lead: str) -> NoPlace:
    """Why a path ends at a part, and what was probably meant there."""
    part, before = parts[number], "".join(f"/{each}" for each in parts[:number])
    if part == "*":
        return NoPlace(hint=f"'{before}' is no list")
    lists = [shape.resolved(schema["items"]) for schema in found if "items" in schema]
    inside = closest(part, [name for schema in lists for name in _fields(schema, shape)])
    if inside:
        return NoPlace(f"; did you mean '{before}/*/{inside}'?", "`*` stands for the items of a list")
    near = closest(part, [name for schema in found for name in _fields(schema, shape)])
    return NoPlace(f"; did you mean '{lead or before}/{near}'?" if near else "")
