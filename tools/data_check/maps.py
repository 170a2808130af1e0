"""The map: one file for each observed record, its shape, and how it is written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .plain import Fault, expanded, load, text

COMPARED = frozenset({"reworded", "said"})  # ways that stand on somebody having compared two texts
DIGEST = re.compile("[0-9a-f]{12}")
# For each way: the keys that a line of it has besides `as`, and those that it may have.
BASE: dict[str, tuple[set[str], set[str]]] = {
    "same": ({"to"}, set()),
    "name": ({"to", "says"}, set()),
    "names": ({"to"}, set()),
    "number": ({"to", "says"}, set()),
    "level": ({"to", "says"}, set()),
    "date": ({"to", "says"}, set()),
    "duration": ({"to"}, set()),
    "range": ({"to"}, set()),
    "joined": ({"to"}, set()),
    "site": ({"to"}, set()),
    "kind": (set(), {"to"}),
    "entry": (set(), set()),
    "title-kind": ({"to"}, set()),
    "reworded": ({"to", "digests"}, {"without", "written", "adds"}),
    "said": ({"to", "digests"}, {"without", "written", "adds"}),
    "unknown": ({"unknown"}, set()),
    "left_out": ({"left_out"}, set()),
    "todo": ({"todo"}, set()),
}
OF = ("same", "name", "names", "number", "level", "date", "site")
LEAVES: dict[str, tuple[set[str], set[str]]] = {
    "page": ({"page", "line", "value"}, set()),
    "page-text": ({"page", "line", "value"}, {"adds"}),
    "ours": ({"why", "value"}, {"adds"}),
    "todo": ({"todo"}, set()),
    **{way: ({"of"} | (BASE[way][0] - {"to"}), set()) for way in OF},
}
HEAD = "# Made by `python -m tools.data_check`; tests/data/README.md describes it.\n"


@dataclass(frozen=True)
class Line:
    """A line of a map: from a key of an entry, or for a leaf of the record."""

    at: str  # the pointer that the line stands at
    way: str
    raw: dict[str, Any]
    to: tuple[tuple[str, str], ...]  # record and pointer, for each place it leads to


@dataclass
class Map:
    record: str
    entry: str | None = None
    keys: dict[str, list[Line]] = field(default_factory=dict)
    leaves: dict[str, Line] = field(default_factory=dict)
    structure: str | None = None

    def lines(self) -> Iterator[Line]:
        for lines in self.keys.values():
            yield from lines
        yield from self.leaves.values()


class Readings:
    """What keys and words of the data are read as: tests/data/readings.yaml."""

    def __init__(self, listed: list[dict[str, Any]]) -> None:
        self.by_id: dict[str, dict[str, Any]] = {}
        for index, reading in enumerate(listed):
            place = f"readings.yaml, {reading.get('id', f'number {index + 1}')}"
            if set(reading) - {"value"} != {"id", "key", "says", "why"}:
                raise Fault(f"{place}: a reading has id, key, says and why, and may have value")
            if reading["id"] in self.by_id or reading["id"] in BASE or reading["id"] in LEAVES:
                raise Fault(f"{place}: the name stands for something else already")
            if not isinstance(reading["says"], dict) or not reading["says"]:
                raise Fault(f"{place}: `says` gives a value for each of one or more keys of a record")
            self.by_id[reading["id"]] = reading

    @classmethod
    def read(cls, folder: Path) -> "Readings":
        return cls(load((folder / "readings.yaml").read_text(encoding="utf-8"), "tests/data/readings.yaml"))


def target(pointer: Any, own: str) -> tuple[str, str]:
    """`other#/a` and `/a` as record and pointer."""
    if not isinstance(pointer, str) or not re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*#)?(?:/[^/]+)+", pointer):
        raise Fault(f"'{pointer}' is not a pointer such as /title or other-record#/title")
    record, _, rest = pointer.rpartition("#") if "#" in pointer.split("/")[0] else ("", "", pointer)
    return record or own, rest


def _places(raw: dict[str, Any], own: str) -> tuple[tuple[str, str], ...]:
    given = raw.get("to", raw.get("unknown", raw.get("of", [])))
    listed = given if isinstance(given, list) else [given]
    return tuple(place for each in listed for one in expanded(str(each)) for place in [target(one, own)])


def _way(raw: dict[str, Any], ways: set[str]) -> str:
    for word in ("unknown", "left_out", "todo"):
        if word in raw:
            return word
    way = raw.get("as", "same")
    if way not in ways:
        raise Fault(f"as: {way} is not one of {', '.join(sorted(ways))}")
    return str(way)


def _line(raw: Any, at: str, own: str, table: dict[str, tuple[set[str], set[str]]], readings: Readings) -> Line:
    if not isinstance(raw, dict):
        raise Fault("a line is a mapping, such as {to: /title}")
    way = _way(raw, {*table, *readings.by_id} - {"unknown", "left_out", "todo"})
    needs, may = table.get(way, ({"of"} if table is LEAVES else {"to"}, set()))
    given = set(raw) - {"as"}
    # A digest comes with the comparing of the texts; until then the check says so.
    if lacking := needs - given - {"digests", "value"}:
        raise Fault(f"a line `as: {way}` has no {' and no '.join(sorted(lacking))}")
    if strange := given - needs - may:
        raise Fault(f"a line `as: {way}` takes no {' and no '.join(sorted(strange))}")
    _values(raw)
    places = ((own, at),) if table is LEAVES else _places(raw, own)
    if "says" in raw and len(_listed(raw["says"])) != len(places):
        raise Fault("says gives one value for each place that the line leads to")
    return Line(at, way, raw, places)


def _values(raw: dict[str, Any]) -> None:
    for key in ("left_out", "why", "todo"):
        if key in raw and not (isinstance(raw[key], str) and raw[key].strip()):
            raise Fault(f"{key} says in words why")
    for key in ("without", "written", "adds"):
        if key in raw and not (isinstance(raw[key], dict) and all(isinstance(each, str) for each in raw[key].values())):
            raise Fault(f"{key} gives a text for each word")
    for each in [digest for key in ("digests", "line", "value") if key in raw for digest in _listed(raw[key])]:
        if not isinstance(each, str) or not DIGEST.fullmatch(each):
            raise Fault(f"'{each}' is no digest of twelve characters")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def parse(data: Any, stem: str, readings: Readings) -> Map:
    """A map from its data. Faults say what is wrong with its shape."""
    name = f"tests/data/map/{stem}.yaml"
    if not isinstance(data, dict) or data.get("record") != stem:
        raise Fault(f"{name}: `record:` has to be the file's stem, {stem}")
    if strange := set(data) - {"record", "entry", "keys", "leaves", "structure"}:
        raise Fault(f"{name}: a map has no {' and no '.join(sorted(strange))}")
    if ("entry" in data) != ("keys" in data):
        raise Fault(f"{name}: entry and keys go together")
    if not isinstance(data.get("keys", {}), dict) or not isinstance(data.get("leaves", {}), dict):
        raise Fault(f"{name}: keys and leaves are mappings from pointers to lines")
    if "structure" in data and not DIGEST.fullmatch(str(data["structure"])):
        raise Fault(f"{name}: structure is a digest of twelve characters")
    found = Map(stem, data.get("entry"), structure=data.get("structure"))
    for at, raw in data.get("keys", {}).items():
        with _at(f"{name}: {at}"):
            target(at.rstrip("#"), stem)
            found.keys[at] = [_line(each, at, stem, BASE, readings) for each in _listed(raw)]
            if not found.keys[at]:
                raise Fault("there is no line")
    for at, raw in data.get("leaves", {}).items():
        with _at(f"{name}: {at}"):
            target(at, stem)
            found.leaves[at] = _line(raw, at, stem, LEAVES, readings)
    return found


@contextmanager
def _at(place: str) -> Iterator[None]:
    try:
        yield
    except Fault as fault:
        raise Fault(f"{place}: {fault}") from None


def read(folder: Path, readings: Readings) -> dict[str, Map]:
    """All maps by the record's id."""
    return {
        path.stem: parse(load(path.read_text(encoding="utf-8"), f"tests/data/map/{path.name}"), path.stem, readings)
        for path in sorted(folder.glob("*.yaml"))
    }


_PLAIN = re.compile(r"[A-Za-zÀ-ɏ/(][^\t\n:#,\[\]{}\"]*[^\s:#,\[\]{}\"]|[A-Za-z]")


def scalar(value: Any) -> str:
    if not isinstance(value, str):
        return text(value)
    if DIGEST.fullmatch(value):
        # Digits and an e are a number to some readers.
        return f'"{value}"' if re.fullmatch("[0-9]+(?:e[0-9]+)?", value) else value
    if "{" in value or not _PLAIN.fullmatch(value) or value in {"true", "false", "null"}:
        if re.fullmatch(r"[a-z0-9-]*#?/[^\s,\[\]{}\"]*", value):
            return value
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value


def flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def written(found: Map) -> str:
    """The text of a map."""
    out = [HEAD, f"record: {found.record}\n"]
    if found.entry:
        out += [f"entry: {found.entry}\n", "keys:\n" if found.keys else "keys: {}\n"]
        for at, lines in found.keys.items():
            if len(lines) == 1:
                out.append(f"  {scalar(at)}: {flow(lines[0].raw)}\n")
            else:
                out += [f"  {scalar(at)}:\n", *(f"    - {flow(line.raw)}\n" for line in lines)]
    if found.leaves:
        out += ["leaves:\n", *(f"  {scalar(at)}: {flow(line.raw)}\n" for at, line in found.leaves.items())]
    if found.structure:
        out.append(f"structure: {scalar(found.structure)}\n")
    return "".join(out)
