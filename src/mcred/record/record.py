"""Read-only access to one record, by pointers."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

from mcred.diagnostic import Pointer
from mcred.record.kinds import stem

_PLACE = re.compile("[0-9]{1,6}")
_CUSTODY = Pointer(("custody",))


class Mark(Protocol):
    """What a schema says of a field beyond its shape (see `mcred.shape.marks`)."""

    @property
    def references(self) -> tuple[str, ...]: ...
    @property
    def local(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def typed_by(self) -> str: ...


Marked = tuple[tuple[str | int, ...], Any, Mark]
"""A value of a record with its mark: where it stands, the value, what the schema says of it."""


class Shaped(Protocol):
    """The shape of a kind, as far as a rule asks for it."""

    def at(self, pointer: tuple[str | int, ...], data: object) -> dict[str, Any]: ...
    def fields(self, schema: dict[str, Any], data: object) -> dict[str, dict[str, Any]]: ...


class Record:
    """One record without what is at fault in it: whatever is here has its right shape, but anything may be absent.

    `stem` is the name of its file; `touched` are pointers of which nothing more is to be said.
    """

    def __init__(
        self,
        kind: str,
        path: str,
        data: dict[str, Any],
        marked: Sequence[Marked] = (),
        touched: frozenset[Pointer] = frozenset(),
        shape: Shaped | None = None,
    ) -> None:
        self.kind = kind
        self.path = path
        self.data = data
        self.marked = marked
        self.touched = touched
        self.shape = shape
        self.stem = stem(path)
        self._items: dict[tuple[str, ...], list[tuple[Pointer, Any]]] = {}
        self.kept: dict[object, Any] = {}
        """What was worked out of the record once and is asked for again; the record itself never changes."""

    @property
    def id(self) -> str:
        """The record's id; where it has none, its file's name stands for it."""
        own = self.data.get("id")
        return own if isinstance(own, str) else self.stem

    @property
    def observed(self) -> bool:
        """Whether it copies what others publish; it may where `custody` is at fault, and is not held to more then."""
        return self.data.get("custody") == "observed" or _CUSTODY in self.touched

    @property
    def framework(self) -> str | None:
        """The id of its framework; None where it has none, or one outside the catalogue, or it is unknown."""
        framework = self.data.get("framework")
        return framework if isinstance(framework, str) and framework not in ("none", "unknown") else None

    @property
    def decisions(self) -> list[dict[str, Any] | None]:
        """Its decisions as they stand in the file; None for one that is at fault."""
        decisions = self.data.get("decisions")
        return decisions if isinstance(decisions, list) else []

    def get(self, pointer: Sequence[str | int], default: Any = None) -> Any:
        """The value at a pointer."""
        value: Any = self.data
        for part in pointer:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return default
        return value

    def items(self, *path: str) -> Iterator[tuple[Pointer, Any]]:
        """The items of the list at a path of keys, each with its pointer."""
        # Nearly every rule goes through the decisions: their pointers are made once.
        if path not in self._items:
            found = self.get(path)
            items = enumerate(found) if isinstance(found, list) else ()
            self._items[path] = [(Pointer((*path, place)), item) for place, item in items if item is not None]
        return iter(self._items[path])

    def spoilt(self, pointer: Pointer) -> bool:
        """Whether what stands at a pointer is at fault, or lies in something that is."""
        touched = self.touched
        return bool(touched) and any(pointer[:length] in touched for length in range(1, len(pointer) + 1))

    def known(self, pointer: Pointer) -> bool:
        """Whether what is missing at a pointer may be called missing: not where it is unknown or at fault."""
        if self.spoilt(pointer):
            return False
        return "unknown" not in self.data or (self.data["unknown"] != "rest" and pointer not in self._unknown)

    @cached_property
    def _unknown(self) -> frozenset[Pointer]:
        return frozenset(self.resolve(text) for _, text in self.unknown)

    @property
    def unknown(self) -> list[tuple[Pointer, str]]:
        """What the record says to be unknown: the pointer of each saying, and what it says."""
        if "unknown" not in self.data:
            return []
        return [(pointer, text) for pointer, text in self.items("unknown") if isinstance(text, str)]

    def resolve(self, text: str) -> Pointer:
        """The pointer that a text writes, with items named by id or by place turned into places."""
        try:
            parts = Pointer.parse(text)
        except ValueError:
            return Pointer()
        value: Any = self.data
        made: list[str | int] = []
        for part in parts:
            place: str | int = part
            if isinstance(value, list):
                place = self._places(tuple(made), value).get(str(part), part)
                place = int(place) if isinstance(place, str) and _PLACE.fullmatch(place) else place
            made.append(place)
            try:
                value = value[place]
            except (KeyError, IndexError, TypeError):
                value = None
        return Pointer(made)

    def _places(self, pointer: tuple[str | int, ...], items: list[Any]) -> dict[str, int]:
        """The place of each item of a list by its id; kept, since many pointers may lead into one list."""
        kept = self.kept
        if pointer not in kept:
            found: dict[str, int] = {}
            for place, item in enumerate(items):
                if isinstance(item, dict) and isinstance(item.get("id"), str):
                    found.setdefault(item["id"], place)
            kept[pointer] = found
        places: dict[str, int] = kept[pointer]
        return places
