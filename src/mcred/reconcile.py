"""A saved list of the published register beside the catalogue: what differs, and what only one of them has.

The list comes from elsewhere: columns go by several names, a spreadsheet has made formulas of codes and dropped zeros.
Nothing of that is a difference; what is left is told with its place in the catalogue, or its line in the list.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcred.dates import MONTHS, Days
from mcred.decide import Refused
from mcred.decide import rows as table_rows
from mcred.diagnostic import Pointer
from mcred.record import Derived, Record
from mcred.record.ledger import EVER, bounds

COLUMNS = {
    "number": ("number", "register number", "registration number", "micro credential number", "mc number", "no", "id"),
    "title": ("title", "name", "micro credential title", "credential title", "micro credential"),
    "status": ("status", "listing status", "current status"),
    "version": ("version", "version number", "current version"),
    "providers": ("providers", "provider", "offered by", "delivered by", "accredited providers", "may deliver"),
    "next_review": ("next review", "next review date", "review date", "review due", "planned review", "review by"),
}
"""What is compared, and the headings under which a list may have it, in lower case and without signs."""

ABOUT = {
    "number": "number",
    "status": "status",
    "version": "version",
    "providers": "may_deliver",
    "next_review": "next_review",
}
"""The derived value that each is compared with; the title is the record's own."""


class Line(NamedTuple):
    """An entry of the list: the line it stands in (of a list in json, its place from 1), and what it says."""

    number: int
    cells: Mapping[str, str]


class Held(NamedTuple):
    """A record with what follows from its decisions."""

    record: Record
    derived: Mapping[str, Derived]


class Difference(NamedTuple):
    """A difference: which sort, of which number, what the catalogue has and what the list has.

    It stands at a pointer of a record, and in a line of the list; where one of them has nothing, that one is None.
    """

    about: str
    number: str
    here: str
    there: str
    record: Record | None = None
    pointer: Pointer = Pointer()
    line: int | None = None

    @property
    def message(self) -> str:
        """The difference as a person reads it."""
        if self.about == "only-here":
            return f"'{self.here}' (number {self.number}) is not in the list"
        if self.about == "only-there":
            return f"number {self.number}, '{self.there}', is not in the catalogue"
        if self.about == "twice":
            return f"number {self.number} stands in the list more than once; only the first is compared"
        if self.about == "unnumbered":
            return f"'{self.there}' has no number in the list"
        here, there = (f"'{text}'" if text else "nothing" for text in (self.here, self.there))
        return f"{self.about.replace('_', ' ')} is {here} here, and {there} in the list"


# --- reading the list ------------------------------------------------------------------------------------------------


def lines(text: str) -> tuple[list[str], list[Line]]:
    """The entries of a list in csv or json, and what of it is compared.

    Raises:
        Refused: it is neither, or has no numbers.
    """
    found = _of_json(text) if text.lstrip()[:1] in ("[", "{") else _of_table(text)
    named = [name for name in COLUMNS if any(name in line.cells for line in found)]
    if "number" not in named:
        raise Refused(f"no column of register numbers; it is called one of {', '.join(COLUMNS['number'])}")
    return named, found


def column(heading: str) -> str:
    """What a heading stands for; one that nothing is compared with keeps its words, behind a sign."""
    plain = " ".join(re.findall(r"[^\W_]+", heading.casefold()))
    return next((name for name, words in COLUMNS.items() if plain in words), f"?{heading}")


def _of_table(text: str) -> list[Line]:
    _, rows = table_rows(text, column)
    return [Line(number, {name: _cell(cell) for name, cell in cells.items()}) for number, cells in rows]


def _of_json(text: str) -> list[Line]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"it is not JSON: {error}") from error
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list)), None)
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise Refused("a list in JSON is a list of objects, one for each entry")
    return [
        Line(number, {column(key): _cell(_text(value)) for key, value in each.items() if value not in (None, "", [])})
        for number, each in enumerate(data, 1)
    ]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    if isinstance(value, dict):
        return _text(value.get("title") or value.get("name") or value.get("id") or "")
    return str(value)


_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


def _cell(text: str) -> str:
    """A cell without what keeps a spreadsheet from reckoning with it: `="0451"`, or an apostrophe before it."""
    found = _FORMULA.fullmatch(text.strip())
    plain = found[1].replace('""', '"') if found else text.strip().removeprefix("'")
    return " ".join(plain.split())


# --- comparing -------------------------------------------------------------------------------------------------------


def differences(
    named: Iterable[str], entries: Sequence[Line], records: Iterable[Held], names: Callable[[str], Iterable[str]]
) -> list[Difference]:
    """What differs between the list and the records that stand in the register.

    `names` gives the names that an organisation goes by, of its id.
    """
    compared = [name for name in COLUMNS if name in named]
    by_number = {str(held.derived["number"].value): held for held in records if _listed(held)}
    loose: dict[str, list[str]] = {}
    for number in by_number:
        loose.setdefault(number.lstrip("0"), []).append(number)
    seen: set[str] = set()
    found: list[Difference] = []
    for entry in entries:
        written, title = entry.cells.get("number", ""), entry.cells.get("title", "")
        if not written:
            found.append(Difference("unnumbered", "", "", title, line=entry.number))
            continue
        near = loose.get(written.lstrip("0"), [])
        number = written if written in by_number else near[0] if len(near) == 1 else written
        if number in seen:
            found.append(Difference("twice", number, "", title, line=entry.number))
        elif number not in by_number:
            found.append(Difference("only-there", number, "", title, line=entry.number))
        else:
            found += _compared(compared, by_number[number], entry, number, names)
        seen.add(number)
    for number in sorted(by_number.keys() - seen):
        held = by_number[number]
        pointer = _pointer(held.derived["number"])
        found.append(Difference("only-here", number, _title(held.record), "", held.record, pointer))
    return found


def _listed(held: Held) -> bool:
    """Whether a record stands in the register, as far as the catalogue knows."""
    listing = held.derived.get("listing")
    return held.derived.get("number", _NOTHING).value is not None and (listing is None or listing.value != "unlisted")


_NOTHING = Derived(None)


def _compared(
    about: Iterable[str], held: Held, entry: Line, number: str, names: Callable[[str], Iterable[str]]
) -> Iterator[Difference]:
    for name in about:
        there = entry.cells.get(name, "")
        if name == "title":
            titles = _titles(held.record)
            if there and _folded(there) not in map(_folded, titles):
                yield Difference(name, number, titles[0], there, held.record, Pointer(("title",)), entry.number)
            continue
        value = held.derived.get(ABOUT[name], _NOTHING)
        here = _said(value.value)
        if not _SAME.get(name, _same)(value.value, there, names):
            yield Difference(name, number, here, there, held.record, _pointer(value), entry.number)


def _said(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _pointer(value: Derived) -> Pointer:
    return value.pointers[-1] if value.pointers else Pointer()


def _titles(record: Record) -> list[str]:
    title = record.data.get("title")
    return [*title.values()] if isinstance(title, dict) else [str(title or record.id)]


def _title(record: Record) -> str:
    return str(_titles(record)[0])


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _same(here: Any, there: str, names: Callable[[str], Iterable[str]]) -> bool:
    return _folded(_said(here)) == _folded(there)


def _same_number(here: Any, there: str, names: Callable[[str], Iterable[str]]) -> bool:
    # A spreadsheet drops zeros; by which number it was found is known already.
    return _said(here).lstrip("0") == there.lstrip("0")


def _same_providers(here: Any, there: str, names: Callable[[str], Iterable[str]]) -> bool:
    """Whether the list names exactly the providers of the record, by id or by one of their names."""
    sign = next((sign for sign in (";", "|") if sign in there), None)
    told = {_folded(each) for each in (there.split(sign) if sign else [there])} - {""}
    known = [{_folded(name) for name in (str(id), *names(str(id)))} for id in here or []]
    if not sign and len(known) > 1 and not any(told & each for each in known):
        told = {_folded(each) for each in there.split(",")} - {""}
    return len(told) == len(known) and all(told & each for each in known)


def _same_day(here: Any, there: str, names: Callable[[str], Iterable[str]]) -> bool:
    """Whether two dates can be one day, each known as precisely as it is written."""
    if here is None or not there:
        return here is None and not there
    one, other = bounds(here), day_of(there)
    return one.first <= other.last and other.first <= one.last and other != EVER


def day_of(text: str) -> Days:
    """The days of a date as lists write it: `2027-06-30`, `30/06/2027`, `30 June 2027`, `June 2027`; else any."""
    digits = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    if digits:
        return _bounds(digits[3], digits[2], digits[1])
    words = re.fullmatch(r"(?:(\d{1,2})(?:st|nd|rd|th)? )?([A-Za-z]{3,9}),? (\d{4})", text)
    month = next((n for n, name in enumerate(MONTHS, 1) if words and name.lower().startswith(words[2].lower())), None)
    return _bounds(words[3], str(month), words[1]) if words and month else bounds(text.partition("T")[0])


def _bounds(year: str, month: str, day: str | None) -> Days:
    return bounds("-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])]))


_SAME: Mapping[str, Callable[[Any, str, Callable[[str], Iterable[str]]], bool]] = {
    "number": _same_number,
    "providers": _same_providers,
    "next_review": _same_day,
}
"""How that is compared which is more than a text."""
