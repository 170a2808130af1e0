"""What a schema says of a field beyond its shape: references, dates, documents, and what a framework types.

These stand in the schemas as `x-references`, `x-format`, `x-unique`, `x-relation` and `x-typed-by`; validators and
editors pass over them. A plan is compiled once from a schema, and finds the marked values of a record in one walk.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mcred.shape.schemas import Schema, Shape

Path = tuple[str | int, ...]


class Mark(NamedTuple):
    """What is known of a field: the kinds, or the list of the same file, that it refers to, and the rest by name."""

    references: tuple[str, ...] = ()
    local: str = ""
    format: str = ""
    unique: str = ""
    relation: str = ""
    typed_by: str = ""


class Marked(NamedTuple):
    """A value of a record with its mark."""

    pointer: Path
    value: Any
    mark: Mark


class Plan:
    """The marked branches of a schema: fields, items, the variants of an object, and other fields of a free map."""

    __slots__ = ("discriminator", "fields", "items", "leaf", "mark", "rest", "variants")

    def __init__(self) -> None:
        self.mark: Mark | None = None
        self.fields: dict[str, Plan] = {}
        self.items: Plan | None = None
        self.rest: Plan | None = None
        self.discriminator = ""
        self.variants: dict[str, Plan] = {}
        self.leaf: Mark | None = None
        """The mark, where nothing below the field has one."""

    def __bool__(self) -> bool:
        return bool(self.mark or self.fields or self.items or self.rest or self.variants)

    def walk(self, data: Any) -> list[Marked]:
        """The marked values of a record, in the order of the schema."""
        found: list[Marked] = []
        self.collect(data, (), found)
        return found

    def collect(self, value: Any, path: Path, found: list[Marked]) -> None:
        """Add the marked values at and below `path`, whose value is `value`."""
        if value is None:
            return
        if self.mark is not None:
            found.append(Marked(path, value, self.mark))
        if type(value) is dict:
            self._fields(value, path, found)
        elif type(value) is list and self.items is not None:
            for place, item in enumerate(value):
                self.items.collect(item, (*path, place), found)

    def _fields(self, value: dict[str, Any], path: Path, found: list[Marked]) -> None:
        chosen = self
        while chosen.variants and (variant := chosen.variants.get(value.get(chosen.discriminator, ""))) is not None:
            chosen = variant
        fields = chosen.fields
        for key, plan in fields.items():
            inner = value.get(key)
            if inner is None:
                continue
            if plan.leaf is not None:
                found.append(Marked((*path, key), inner, plan.leaf))
            else:
                plan.collect(inner, (*path, key), found)
        if self.rest is not None:
            for key, inner in value.items():
                if key not in fields:
                    self.rest.collect(inner, (*path, key), found)


def plan(shape: Shape, schema: Schema) -> Plan:
    """The plan of a schema; what several fields refer to is planned once."""
    reference = schema.get("$ref")
    if reference is None or not schema.keys() <= _BESIDE:
        return _plan(shape, shape.resolved(schema), {})
    if reference not in shape.plans:
        shape.plans[reference] = _plan(shape, shape.resolved({"$ref": reference}), {})
    known = shape.plans[reference]
    if schema.keys().isdisjoint(_MARKS):
        return known
    made = copy(known)
    made.mark = _mark(shape.resolved(schema))
    made.leaf = _leaf(made)
    return made


def _plan(shape: Shape, schema: Schema, shared: dict[str, Plan]) -> Plan:
    """The plan of a schema with its `$ref` followed; `shared` are the fields that a variant has from further out."""
    made = Plan()
    made.mark = _mark(schema)
    made.fields = {**shared, **_fields(shape, schema.get("properties", {}))}
    if "items" in schema:
        made.items = plan(shape, schema["items"]) or None
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        made.rest = plan(shape, rest) or None
    made.discriminator, variants = shape.variants(schema)
    made.variants = {value: _plan(shape, shape.resolved(variant), made.fields) for value, variant in variants.items()}
    made.leaf = _leaf(made)
    return made


def _leaf(made: Plan) -> Mark | None:
    return None if made.fields or made.items or made.rest or made.variants else made.mark


def _fields(shape: Shape, properties: dict[str, Schema]) -> dict[str, Plan]:
    made = ((key, plan(shape, field)) for key, field in properties.items() if field not in (True, {}))
    return {key: inner for key, inner in made if inner}


_MARKS = frozenset(("x-references", "x-format", "x-unique", "x-relation", "x-typed-by"))
_BESIDE = _MARKS | {"$ref", "title", "description", "examples", "default"}
"""What stands beside a `$ref` and changes nothing of the fields below it."""


def _mark(schema: Schema) -> Mark | None:
    if schema.keys().isdisjoint(_MARKS):
        return None
    references = schema.get("x-references", ())
    mark = Mark(
        references=tuple(references) if isinstance(references, list) else (),
        local=references if isinstance(references, str) else "",
        format=schema.get("x-format", ""),
        unique=schema.get("x-unique", ""),
        relation=schema.get("x-relation", ""),
        typed_by=schema.get("x-typed-by", ""),
    )
    return mark if any(mark) else None
