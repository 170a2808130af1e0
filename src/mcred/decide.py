"""A new decision for a record: its keys from words of a command line or a table, its id, the changes it makes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mcred.diagnostic import Pointer
from mcred.document import read
from mcred.edits import Append, Change, Remove, Set
from mcred.record import Record
from mcred.shape import Shape
from mcred.text import did_you_mean, one_of


class Refused(Exception):
    """The decision cannot be made of what was given; the message says why."""


def decision(shape: Shape, record: Record, act: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The decision of an act with the keys given as text, typed as the schema says; it has an id of its own.

    `set.date=2024-02-13` reaches into a map.

    Raises:
        Refused: the kind has no such act, the act no such key, or a value cannot be read.
    """
    schema = shape.resolved(shape.at(("decisions",), record.data).get("items", {}))
    _, variants = shape.variants(schema)
    if act not in variants:
        raise Refused(f"no act '{act}'; there is {one_of(sorted(variants), 30)}" + did_you_mean(act, variants))
    fields = shape.fields(schema, {"act": act})
    made: dict[str, Any] = {"id": "", "act": act}
    for key, text in given.items():
        _put(made, key.split("."), text, shape, fields, act)
    made["id"] = made["id"] or _id(record, act, made)
    order = [key for key in fields if key in made]
    return {key: made[key] for key in (*order, *(key for key in made if key not in order))}


def _put(made: dict[str, Any], path: list[str], text: str, shape: Shape, fields: Mapping[str, Any], act: str) -> None:
    key, *rest = path
    if key not in fields and not key.startswith("x-"):
        raise Refused(
            f"'{act}' has no key '{key}'; its keys are {one_of([k for k in fields if k not in ('id', 'act')], 30)}"
            + did_you_mean(key, fields)
        )
    if rest:
        inner = made.setdefault(key, {})
        if not isinstance(inner, dict):
            raise Refused(f"'{key}' has a value already")
        inner[".".join(rest)] = value(text, {})
    else:
        made[key] = value(text, shape.resolved(fields.get(key, {})))


def value(text: str, schema: Mapping[str, Any]) -> Any:
    """A value as its field wants it: text stays as it is, a number becomes one, `[a, b]` and `{a: b}` are read as YAML.

    Raises:
        Refused: it cannot be read.
    """
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if text[:1] in "[{" and (not types or {"array", "object"} & set(types)):
        return _yaml(text)
    if types == ["array"]:
        return [part.strip() for part in text.split(",") if part.strip()]
    if "string" in types and schema.get("x-format") != "date":
        return text
    if types in (["boolean"], []) and text in ("true", "false"):
        return text == "true"
    found = _yaml(text)
    return text if isinstance(found, str) else found


def _yaml(text: str) -> Any:
    document = read(f"value: {text}\n".encode())
    if document.data is None or "value" not in document.data or document.faults:
        why = document.faults[0].message if document.faults else "it is no value"
        raise Refused(f"'{text}' cannot be read: {why}")
    return document.data["value"]


def _id(record: Record, act: str, made: Mapping[str, Any]) -> str:
    """An id from act and date that no decision of the record has."""
    date = str(made.get("date", "")).strip()
    base = f"{act}-{date}" if re.fullmatch(r"[0-9-]+", date) else act
    taken = {each.get("id") for each in record.decisions if isinstance(each, dict)}
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def changes(record: Record, made: Mapping[str, Any]) -> list[Change]:
    """What a decision changes in its record: itself at the end; `stage` goes, and a transfer changes the developer."""
    found: list[Change] = []
    if "stage" in record.data:
        found.append(Remove(Pointer(("stage",))))
    if made["act"] == "transferred" and made.get("developer_to") is not None:
        found.append(Set(Pointer(("developer",)), made["developer_to"]))
    return [*found, Append(Pointer(("decisions",)), dict(made))]


def table(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str, dict[str, str]]]:
    """The decisions of a table: id of the record, act, and the other columns that are not empty.

    Raises:
        Refused: a row has no id or no act.
    """
    found = []
    for number, row in enumerate(rows, 2):
        cells = {str(key).strip(): str(text or "").strip() for key, text in row.items()}
        record, act = cells.pop("record", ""), cells.pop("act", "")
        if not record or not act:
            raise Refused(f"line {number}: the columns 'record' and 'act' say what is decided about what")
        found.append((record, act, {key: text for key, text in cells.items() if text}))
    return found
