"""A new decision for a record: its keys from words of a command line or a table, its id, the changes it makes."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from mcred.diagnostic import Pointer
from mcred.diagnostic.finding import ROOT
from mcred.document import read
from mcred.edits import Append, Change, Insert, Remove, Set
from mcred.record import Record
from mcred.record.ledger import bounds
from mcred.shape import Shape
from mcred.text import did_you_mean, one_of


class Refused(Exception):
    """The decision cannot be made of what was given; the message says why."""


class Contradicted(Refused):
    """The decision contradicts what the record says."""


def decision(shape: Shape, record: Record, act: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The decision of an act with the keys given; it has an id of its own.

    What is given as text is typed as the schema says; lists and maps stay as they are. `set.date` reaches into a map.

    Raises:
        Refused: the kind has no such act, the act no such key, or a value cannot be read.
    """
    schema = known(shape, record, act)
    fields = shape.fields(schema, {"act": act})
    made: dict[str, Any] = {"id": "", "act": act}
    inner = _inner(shape, record, schema, act, given)
    for key, text in given.items():
        _put(made, key.split("."), text, shape, fields, act, inner)
    made["id"] = made["id"] or _id(record, act, made)
    order = [key for key in fields if key in made]
    return {key: made[key] for key in (*order, *(key for key in made if key not in order))}


def known(shape: Shape, record: Record, act: str) -> dict[str, Any]:
    """The schema of a decision about a record, which has the act.

    Raises:
        Refused: the kind of record has no decisions, or not this act.
    """
    schema = shape.resolved(shape.at(("decisions",), record.data).get("items", {}))
    _, variants = shape.variants(schema)
    if not variants:
        raise Refused(f"nothing is decided about a record of the kind '{record.kind}'")
    if act not in variants:
        raise Refused(f"no act '{act}'; there is {one_of(sorted(variants), 30)}" + did_you_mean(act, variants))
    return schema


def _inner(
    shape: Shape, record: Record, schema: dict[str, Any], act: str, given: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any]]:
    """The act of the decision that is corrected, and its fields, by which the values that are set are typed."""
    if act == "corrected":
        for each in record.decisions:
            if isinstance(each, dict) and each.get("id") == given.get("decision"):
                return str(each.get("act")), shape.fields(schema, each)
    return "", {}


def _put(
    made: dict[str, Any],
    path: list[str],
    text: Any,
    shape: Shape,
    fields: Mapping[str, Any],
    act: str,
    corrected: tuple[str, Mapping[str, Any]],
) -> None:
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
        name, (other, known) = ".".join(rest), corrected
        if key == "set" and known and name not in known and not name.startswith("x-"):
            raise Refused(f"'{other}' has no key '{name}' that could be set" + did_you_mean(name, known))
        inner[name] = value(text, shape.resolved(known.get(name, {})) if key == "set" else {})
    else:
        made[key] = value(text, shape.resolved(fields.get(key, {}))) if isinstance(text, str) else text


def value(text: str, schema: Mapping[str, Any]) -> Any:
    """A value as its field wants it: text stays as it is, a number becomes one, `[a, b]` and `{a: b}` are read as YAML.

    Raises:
        Refused: it cannot be read.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused("a value is not text in the encoding of this terminal")
    text = unicodedata.normalize("NFC", text)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    opens = {"[": "array", "{": "object"}.get(text[:1])
    if opens and (not types or opens in types):
        try:
            return _yaml(text)
        except Refused:
            if "string" not in types:
                raise
            return text
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
    if made["act"] == "transferred" and made.get("developer_to") is not None and _last(record, made):
        found.append(_developer(record, made))
    return [*found, Append(Pointer(("decisions",)), dict(made))]


def _last(record: Record, made: Mapping[str, Any]) -> bool:
    """Whether no later transfer is recorded; one may be recorded late."""
    day = bounds(made.get("date"))
    others = [each for each in record.decisions if isinstance(each, dict) and each.get("act") == "transferred"]
    return not any(bounds(each.get("date")).first > day.last for each in others)


def _developer(record: Record, made: Mapping[str, Any]) -> Change:
    now, given = record.data.get("developer"), made.get("developer_from")
    if now is None:
        after = next((key for key in ("framework", "title", "id") if key in record.data), None)
        return Insert(ROOT, "developer", made["developer_to"], after)
    if given is not None and given != now:
        raise Contradicted(f"it passes from '{given}', but its developer is '{now}'")
    return Set(Pointer(("developer",)), made["developer_to"])


def table(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """The decisions of a table: id of the record, act, and the other cells that are not empty.

    Raises:
        Refused: it is no such table, or a row has no id, no act or a cell too many.
    """
    names, lines = rows(text)
    if not {"record", "act"} <= set(names):
        raise Refused("line 1: the columns 'record' and 'act' say what is decided about what")
    found = []
    for line, cells in lines:
        record, act = cells.pop("record", ""), cells.pop("act", "")
        if not (record and act):
            raise Refused(f"line {line}: the columns 'record' and 'act' say what is decided about what")
        found.append((record, act, cells))
    if not found:
        raise Refused("there is no decision in it")
    return found


def rows(
    text: str, called: Callable[[list[str]], list[str]] = list
) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The columns of a table in csv, and of each row that is not empty the line it ends in and its cells by column.

    Cells are separated by commas, semicolons or tabs, whichever the first line has most of: a spreadsheet writes what
    is usual in its country. `called` gives the names that the headings stand for. Empty cells are left out.

    Raises:
        Refused: a quote stays open, two columns have one name, or a cell stands in no column.
    """
    first = next(iter(text.splitlines()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    found = []
    try:
        names = called([name.strip() for name in next(reader, [])])
        twice = next((name for name in names if name and names.count(name) > 1), None)
        if twice is not None:
            raise Refused(f"line 1: two columns are named '{twice}'")
        for row in reader:
            if any(cell.strip() for cell in row[len(names) :]):
                raise Refused(
                    f"line {reader.line_num}: more cells than columns; a text that holds a comma needs quotes"
                )
            cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()}
            if "" in cells:
                raise Refused(f"line {reader.line_num}: '{cells['']}' stands in a column without a name")
            if cells:
                found.append((reader.line_num, cells))
    except csv.Error as error:
        raise Refused(f"line {reader.line_num}: {error}") from error
    return names, found
