"""How a value of the data got into a record: one function for each `as`.

Each takes the source's value and the leaves that the line leads to, and says what does not fit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import words
from .plain import leaves, same, segments, text, words_of
from .register import Register


@dataclass(frozen=True)
class Place:
    """A place that a line leads to."""

    name: str  # as a person would name it: record#/pointer, or /pointer in the map's own record
    pointer: str
    value: Any


@dataclass(frozen=True)
class Case:
    """A line, with what is at both its ends."""

    value: Any
    places: list[Place]
    says: list[Any]
    register: Register
    titles: str = ""  # what `title-kind` has to be

    @property
    def said(self) -> str:
        return words_of(self.value)


def show(value: Any) -> str:
    shown = text(value)
    return f"'{shown if len(shown) <= 60 else shown[:57] + '…'}'"


def equal(case: Case) -> Iterator[str]:
    for place in case.places:
        if not same(case.value, place.value):
            yield f"{place.name} is {show(place.value)}, the data has {show(case.value)}"


def _picked(case: Case, what: str, found: Callable[[Any], bool]) -> Iterator[str]:
    """The record has the value that the map says, and the data's text says it too."""
    for place, says in zip(case.places, case.says, strict=True):
        if not same(place.value, says):
            yield f"{place.name} is {show(place.value)}, the map says {show(says)}"
        if not found(says):
            yield f"{place.name}: {show(says)} is no {what} in the data's text"


def name(case: Case) -> Iterator[str]:
    def found(says: Any) -> bool:
        return any(words.holds(case.said, each) for each in case.register.names(says))

    return _picked(case, "name", found)


def number(case: Case) -> Iterator[str]:
    found = words.numbers(case.said)
    return _picked(case, "number", lambda says: isinstance(says, int | float) and float(says) in found)


def level(case: Case) -> Iterator[str]:
    found = words.levels(case.said)
    return _picked(case, "level", lambda says: text(says) in found)


def date(case: Case) -> Iterator[str]:
    found = words.dates(case.said)
    return _picked(case, "date", lambda says: text(says) in found)


def names(case: Case) -> Iterator[str]:
    """The leaves are names in the source's text, and leave nothing of it but the words that join names."""
    rest = case.said
    options = [(place, case.register.names(place.value)) for place in case.places]
    # The longest name first, so that a name within another name does not take its place.
    for place, called in sorted(options, key=lambda option: -max(len(each) for each in option[1])):
        if found := next((each for each in called if words.holds(rest, each)), None):
            rest = words.take(rest, found)
        else:
            yield f"{place.name}: the data does not name {show(place.value)} there ({' or '.join(map(show, called))})"
    if over := words.left(rest):
        yield f"{' '.join(over)} is in the data's text and in none of {', '.join(place.name for place in case.places)}"


def duration(case: Case) -> Iterator[str]:
    expected = words.durations(case.said)
    if not expected:
        yield "the data's text says no duration"
    for place in case.places:
        listed = place.value if isinstance(place.value, list) else [place.value]
        found = [
            {key: item[key] for key in ("amount", "unit", "intensity") if key in item}
            for item in listed
            if isinstance(item, dict)
        ]
        if not same(expected, found):
            yield f"{place.name} is {show(found)}, the data's text says {show(expected)}"


def span(case: Case) -> Iterator[str]:
    for place in case.places:
        if not isinstance(case.value, list) or len(case.value) != 2:
            yield "the data has no list of two"
        elif not same({"min": case.value[0], "max": case.value[1]}, place.value):
            yield f"{place.name} is {show(place.value)}, the data has {show(case.value)}"


def joined(case: Case) -> Iterator[str]:
    """Two lists with the same text, though commas may part one of them where they belong to a name in the other."""
    for place in case.places:
        one, other = (
            ", ".join(map(text, value)) if isinstance(value, list) else None for value in (case.value, place.value)
        )
        if one is None or one != other:
            yield f"{place.name} is {show(place.value)}, the data has {show(case.value)}"


def site(case: Case) -> Iterator[str]:
    first = "/".join(case.said.split("/")[:3]) + "/"
    for place in case.places:
        if place.value != first:
            yield f"{place.name} is {show(place.value)}, the address begins with {show(first)}"


def title_kind(case: Case) -> Iterator[str]:
    for place in case.places:
        if place.value != case.titles:
            yield f"{place.name} is {show(place.value)}, the data says {show(case.titles)}"


def reading(case: Case, says: dict[str, Any]) -> Iterator[str]:
    for place in case.places:
        key = next(part for part in reversed(segments(place.pointer)) if not part.isdigit())
        if key not in says:
            yield f"{place.name}: the reading says nothing of '{key}'; it says {', '.join(says)}"
        elif not same(place.value, says[key]):
            yield f"{place.name} is {show(place.value)}, the reading says {show(says[key])}"


WAYS: dict[str, Callable[[Case], Iterator[str]]] = {
    "same": equal,
    "name": name,
    "names": names,
    "number": number,
    "level": level,
    "date": date,
    "duration": duration,
    "range": span,
    "joined": joined,
    "site": site,
    "title-kind": title_kind,
}


def covered(way: str, place: Place) -> Iterator[str]:
    """The pointers of the leaves that a line accounts for, once it holds."""
    for pointer, _ in leaves(place.value, place.pointer):
        if way != "duration" or segments(pointer)[-1] in {"amount", "unit", "intensity", "min", "max"}:
            yield pointer
