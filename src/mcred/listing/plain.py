"""The values of a record in one form each, as templates and other programs read them.

In a file a text is a string or a map of languages, an organisation an id or a title, a list may be `{none: why}`. Here
every text is a map of languages, every reference has an id, a title and a number, and every field of the schema is
there, null where the record says nothing. What each form looks like follows from the schema of the kind, and so does
the JSON Schema of what comes out.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from mcred.shape.schemas import Schema, Shape


class Names(Protocol):
    """What is asked of the rest of the catalogue while values are made plain."""

    @property
    def language(self) -> str:
        """The language of plain text: the catalogue's first."""

    def title(self, id: str) -> dict[str, str] | None:
        """The title of a record of the catalogue; None where there is no such record."""


Make = Callable[[Any, Names], Any]


class Form(NamedTuple):
    """How a value is made plain, and the JSON Schema of what comes of it."""

    make: Make
    schema: Schema


TEXT: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
"""A text: what stands in each language."""

REFERENCE: Schema = {
    "type": "object",
    "required": ["id", "title", "reference"],
    "properties": {
        "id": {"type": ["string", "null"], "description": "The id of a record; null for what is not in the catalogue."},
        "title": {**TEXT, "type": ["object", "null"]},
        "reference": {"type": ["string", "null"], "description": "The number or code that others know it by."},
    },
}


def text(value: Any, names: Names) -> dict[str, str] | None:
    """A text as a map of languages."""
    if value is None:
        return None
    return value if isinstance(value, dict) else {names.language: str(value)}


def reference(value: Any, names: Names) -> dict[str, Any] | None:
    """An id, or a title and a number, as all three."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {"id": None, "title": text(value.get("title"), names), "reference": value.get("reference")}
    return {"id": str(value), "title": names.title(str(value)), "reference": None}


def document(value: Any, names: Names) -> dict[str, Any] | None:
    """A path below the catalogue, or where a document is held."""
    if value is None:
        return None
    held = value if isinstance(value, dict) else {}
    return {
        "path": value if isinstance(value, str) else None,
        "held_at": text(held.get("held_at"), names),
        "confidential": held.get("confidential", False),
    }


_DOCUMENT: Schema = {
    "type": "object",
    "required": ["path", "held_at", "confidential"],
    "properties": {
        "path": {"type": ["string", "null"]},
        "held_at": {**TEXT, "type": ["object", "null"]},
        "confidential": {"type": "boolean"},
    },
}

_BY_NAME: dict[str, Form] = {
    "text": Form(text, TEXT),
    "reference": Form(reference, REFERENCE),
    "document": Form(document, _DOCUMENT),
    "framework": Form(lambda value, names: value, {"type": "string"}),
}
"""The forms of parts that the common schema defines."""

_APART = {"fund": "fund"}
"""Of a part that is a word or a map, the key of the map that the word stands for."""


PART = "x-part"
"""In a schema made here: the name of the part that it is a use of, so that a part stands in a whole schema once."""


def form(shape: Shape, schema: Schema) -> Form:
    """How a value of a schema is made plain."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    whole = shape.resolved(schema)
    references = whole.get("x-references")
    if isinstance(references, list) and references != ["framework"]:
        name = "reference"
    made = _optional(_BY_NAME[name]) if name in _BY_NAME else _form(shape, whole, name)
    return Form(made.make, {**made.schema, PART: name}) if name else made


def _form(shape: Shape, whole: Schema, name: str) -> Form:
    types = whole.get("type", ())
    types = {types} if isinstance(types, str) else set(types)
    if "array" in types:
        return _listed(shape, whole, or_none="object" in types)
    if "object" in types and types & {"string", "number", "integer"}:
        return _either(shape, whole, name, types)
    if "object" in types:
        return _mapped(shape, whole)
    return Form(lambda value, names: value, _described(whole, {"type": [*sorted(types), "null"]} if types else {}))


def _optional(form: Form) -> Form:
    kind = form.schema["type"]
    return Form(form.make, {**form.schema, "type": [*([kind] if isinstance(kind, str) else kind), "null"]})


def _described(of: Schema, schema: Schema) -> Schema:
    """A schema with what the schema of the record says beside it."""
    beside: Schema = {key: of[key] for key in ("title", "description") if key in of}
    if "enum" in of:
        beside["enum"] = [*of["enum"], None]
    return {**beside, **schema}


def _listed(shape: Shape, schema: Schema, *, or_none: bool) -> Form:
    """A list; one that may be `{none: why}` is a map of `stated` and `none`."""
    item = form(shape, schema.get("items", {}))

    def items(value: Any, names: Names) -> Any:
        return [item.make(each, names) for each in value if each is not None] if isinstance(value, list) else None

    listed: Schema = {"type": ["array", "null"], "items": item.schema}
    if not or_none:
        return Form(items, _described(schema, listed))

    def either(value: Any, names: Names) -> dict[str, Any]:
        why = value.get("none") if isinstance(value, dict) else None
        return {"stated": items(value, names), "none": text(why, names)}

    both = {"stated": listed, "none": {**TEXT, "type": ["object", "null"]}}
    return Form(either, _described(schema, {"type": "object", "required": [*both], "properties": both}))


def _either(shape: Shape, schema: Schema, name: str, types: set[str]) -> Form:
    """What is a word, a number or a text, or else a map."""
    if not types & {"string"} or "min" in schema.get("properties", {}):
        allowed = [*sorted(types), "null"]
        return Form(_amount, _described(schema, {"type": allowed}))
    fields = {key: form(shape, each) for key, each in schema.get("properties", {}).items()}
    key = _APART.get(name, "text")
    spoken = key == "text"

    def made(value: Any, names: Names) -> dict[str, Any] | None:
        if value is None:
            return None
        given = value if isinstance(value, dict) else {}
        found = {field: each.make(given.get(field), names) for field, each in fields.items()}
        if not isinstance(value, dict):
            return {**found, key: text(value, names) if spoken else value}
        if not spoken:
            return found
        own = {tag: each for tag, each in value.items() if tag not in fields and not tag.startswith("x-")}
        return {**found, key: own or None}

    said = {key: {**TEXT, "type": ["object", "null"]}} if spoken else {}
    properties = {**{field: each.schema for field, each in fields.items()}, **said}
    return Form(made, _described(schema, {"type": ["object", "null"], "properties": properties}))


def _amount(value: Any, names: Names) -> Any:
    """A number or a level as it is; a range as it is; `{none: why}` with its reason as a text."""
    return {"none": text(value["none"], names)} if isinstance(value, dict) and "none" in value else value


def _mapped(shape: Shape, schema: Schema) -> Form:
    """A map with every field that its schema has; of a map without fields of its own, what is in it."""
    plain = schema.get("properties", {})
    discriminator, variants = shape.variants(schema)
    if not plain and not variants:
        return Form(lambda value, names: value, _described(schema, {"type": ["object", "null"]}))
    shared = {key: form(shape, each) for key, each in plain.items()}
    chosen = {
        value: {
            key: shared[key] if each is True else form(shape, each)
            for key, each in variant.get("properties", {}).items()
        }
        for value, variant in variants.items()
    }

    def made(value: Any, names: Names) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            return None
        fields = chosen.get(value.get(discriminator, ""), shared)
        return {key: each.make(value.get(key), names) for key, each in fields.items()}

    mapped: Schema = {"type": ["object", "null"], "properties": _schemas(shared)}
    if chosen:
        mapped["allOf"] = [
            {"if": {"properties": {discriminator: {"const": value}}}, "then": {"properties": _schemas(fields)}}
            for value, fields in chosen.items()
        ]
    return Form(made, _described(schema, mapped))


def _schemas(fields: Mapping[str, Form]) -> dict[str, Schema]:
    return {key: each.schema for key, each in fields.items()}


def shared(schema: Schema) -> Schema:
    """A schema in which each part stands once, in `$defs`, and is referred to wherever it is used."""
    defs: dict[str, Schema] = {}

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [moved(each) for each in value]
        if not isinstance(value, dict):
            return value
        name = value.get(PART)
        if name is None:
            return {key: moved(each) for key, each in value.items()}
        if name not in defs:
            defs[name] = {}
            defs[name] = {key: moved(each) for key, each in value.items() if key not in (PART, *_OF_A_USE)}
        return {**{key: value[key] for key in _OF_A_USE if key in value}, "$ref": f"#/$defs/{name}"}

    return {**moved(schema), "$defs": dict(sorted(defs.items()))}


_OF_A_USE = ("title", "description")


def of(kind: Mapping[str, Form], data: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The fields of a record, each made plain."""
    return {key: each.make(data.get(key), names) for key, each in kind.items()}


APART = ("id", "title", "custody", "decisions", "unknown", "sources")
"""The fields of a record that stand outside its specification in a view."""


def fields(shape: Shape) -> dict[str, Form]:
    """How each field of a kind's specification is made plain."""
    return {key: form(shape, each) for key, each in shape.schema["properties"].items() if key not in APART}
