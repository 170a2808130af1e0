"""The catalogue's records, as the check sees them."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from .plain import Fault, find, leaves, load, segments, text

# Kinds of which each observed record is that of one entry.
PRINCIPAL = ("micro-credentials", "groups", "equivalencies", "training-schemes")
KINDS = (*PRINCIPAL, "organisations", "standards", "qualifications")


@dataclass(frozen=True)
class Record:
    id: str  # the file's stem
    kind: str  # the folder's name
    data: dict[str, Any]

    @property
    def observed(self) -> bool:
        return self.data.get("custody") == "observed"

    @cached_property
    def names(self) -> list[str]:
        """What a text may call it by, the longest first."""
        titles = [each for each in (self.data.get("title"), *(self.data.get("other_titles") or [])) if each]
        titles += [version["title"] for version in self.data.get("versions") or [] if version.get("title")]
        found = {text(title) for value in titles for _, title in leaves(value)}
        for title in tuple(found):
            found |= {re.split(" - | – | \\(", title)[0], *re.findall(r"\(([A-Z]{2,})\)", title)}
        if number := self.data.get("number"):
            found.add(text(number))
        return sorted(found or {self.id}, key=lambda name: (-len(name), name))


class Register:
    def __init__(self, records: dict[str, Record]) -> None:
        self.records = records

    @classmethod
    def read(cls, root: Path) -> "Register":
        found: dict[str, Record] = {}
        for kind in KINDS:
            for path in sorted((root / kind).rglob("*.yaml")):
                data = load(path.read_text(encoding="utf-8"), path.relative_to(root.parent).as_posix())
                if not isinstance(data, dict):
                    raise Fault(f"{path.relative_to(root.parent)} holds no record")
                if path.stem in found:
                    raise Fault(f"two records are named {path.stem}")
                found[path.stem] = Record(path.stem, kind, data)
        return cls(found)

    def changed(self, id: str, data: dict[str, Any]) -> "Register":
        """The same register with other data in one record."""
        return Register(self.records | {id: replace(self.records[id], data=data)})

    def observed(self) -> list[Record]:
        return [record for record in self.records.values() if record.observed]

    def names(self, value: Any) -> list[str]:
        """What a leaf may be called by: a reference by the names of its record, text by itself."""
        if isinstance(value, str) and value in self.records:
            return self.records[value].names
        return [text(value)]

    def says(self, id: str, pointer: str) -> str:
        """All the text under a pointer, with the names of the records referred to."""
        _, value = find(self.records[id].data, pointer)
        return " / ".join(name for _, leaf in leaves(value) for name in (text(leaf), *self.names(leaf)))


def is_structure(data: dict[str, Any], pointer: str) -> bool:
    """Whether a leaf only holds the record together, and states nothing about its subject."""
    parts = segments(pointer)
    if parts[0] in {"id", "custody", "unknown", "sources", "title_kind", "aliases"}:
        return True
    if parts[-1] in {"framework", "date_is"} and find(data, pointer)[1] == "unknown":
        return True
    if parts[-1] == "source" or parts[-1].endswith("_source"):
        return True
    # `standards/*/id` names a standard; every other id of an item is one that this catalogue gave.
    return parts[-1] == "id" and parts[0] != "standards"


def structure(data: dict[str, Any]) -> list[list[Any]]:
    """The leaves that hold the record together, for their digest."""
    return [[pointer, value] for pointer, value in leaves(data) if is_structure(data, pointer)]
