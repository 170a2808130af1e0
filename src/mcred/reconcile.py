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


class Saved(NamedTuple):
    """A list: what of it is compared, the headings that are passed over, and its entries."""

    compared: list[str]
    passed_over: list[str]
    entries: list[Line]


class Held(NamedTuple):
    """A record with what follows from its decisions, and the statuses that its framework knows."""

    record: Record
    derived: Mapping[str, Derived]
    statuses: Sequence[str] = ()


class Difference(NamedTuple):
    """A difference: which sort, of which number, what the catalogue has and what the list has.

    It stands at a pointer of a record, and in a line of the list; where one of them has nothing, that one is None.
    What the catalogue has is `uncertain` where it may be otherwise; `remark` tells what the list has that can be none.
    """

    about: str
    number: str
    here: str
    there: str
    record: Record | None = None
    pointer: Pointer = Pointer()
    line: int | None = None
    uncertain: bool = False
    remark: str = ""

    @property
    def message(self) -> str:
        """The difference as a person reads it."""
        if self.about == "only-here":
            return f"'{self.here}' (number {self.number}) is not in the list"
        if self.about == "only-there":
            return f"number {self.number}, '{self.there}', is not in the catalogue"
        if self.about == "twice":
            return f"number {self.number} stands in the list more than once; only the first is compared"
        if self.about == "shared":
            return f"number {self.number} is also that of '{self.here}', and only that one is compared"
        if self.about == "unnumbered":
            return f"'{self.there}' has no number in the list"
        here = f"'{self.here}'" if self.here else "not known" if self.uncertain else "nothing"
        here += " (not certain)" if self.here and self.uncertain else ""
        there = f"'{self.there}'" if self.there else "nothing"
        return f"{SAID[self.about]} {here} here, and {there} in the list{self.remark}"


SAID = {
    "title": "title is",
    "status": "status is",
    "version": "version is",
    "providers": "providers are",
    "next_review": "next review is",
}
"""How a difference in each begins."""


# --- reading the list ------------------------------------------------------------------------------------------------


def saved(text: str) -> Saved:
    """What a list in csv or json has.

    Raises:
        Refused: it is neither, or has no numbers.
    """
    headings, found = _of_json(text) if text.lstrip()[:1] in ("[", "{") else _of_table(text)
    named = [name for name in COLUMNS if name in headings]
    if "number" not in named:
        raise Refused(f"no column of register numbers; it is called one of {', '.join(COLUMNS['number'])}")
    return Saved(named, [each[1:].partition(" ")[2] for each in headings if each.startswith(_PASSED_OVER)], found)


_PASSED_OVER = "?"
"""Stands before the place and the words of a heading that nothing is compared with, so that no two are alike."""


def columns(headings: Sequence[str]) -> list[str]:
    """What each heading stands for: of several for one thing, that which says so best."""
    plain = [" ".join(re.findall(r"[^\W_]+", heading.casefold())) for heading in headings]
    found = [f"{_PASSED_OVER}{place} {heading}" if heading else "" for place, heading in enumerate(headings)]
    for name, words in COLUMNS.items():
        best = next((word for word in words if word in plain), None)
        found = [name if best is not None and own == best else other for own, other in zip(plain, found, strict=True)]
    return found


def _of_table(text: str) -> tuple[list[str], list[Line]]:
    headings, rows = table_rows(text, columns)
    return headings, [Line(number, {name: _cell(cell) for name, cell in cells.items()}) for number, cells in rows]


def _of_json(text: str) -> tuple[list[str], list[Line]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"it is not JSON: {error}") from error
    lists = [data, *(data.values() if isinstance(data, dict) else ())]
    entries = next((each for each in lists if _is_entries(each)), None)
    if entries is None:
        raise Refused("a list in JSON is a list of objects, one for each entry")
    keys = list(dict.fromkeys(key for each in entries for key in each))
    names = dict(zip(keys, columns(keys), strict=True))
    return [*names.values()], [
        Line(number, {names[key]: cell for key, value in each.items() if (cell := _cell(_text(value)))})
        for number, each in enumerate(entries, 1)
    ]


def _is_entries(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _text(value: Any) -> str:
    """A value in words: a text, a number, something with a title, or several of those."""
    return "; ".join(filter(None, map(_named, value))) if isinstance(value, list) else _named(value)


def _named(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in ("title", "name", "id") if value.get(key)), "")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


def _cell(text: str) -> str:
    """A cell without what keeps a spreadsheet from reckoning with it: `="0451"`, or an apostrophe before it."""
    found = _FORMULA.fullmatch(text.strip())
    plain = found[1].replace('""', '"') if found else text.strip().removeprefix("'")
    return " ".join(plain.split())


# --- comparing -------------------------------------------------------------------------------------------------------


def differences(listed: Saved, records: Iterable[Held], names: Callable[[str], Iterable[str]]) -> list[Difference]:
    """What differs between the list and the records that stand in the register.

    `names` gives the names that an organisation goes by, of its id.
    """
    found: list[Difference] = []
    by_number: dict[str, Held] = {}
    for held in filter(_listed, records):
        value = held.derived["number"]
        first = by_number.setdefault(str(value.value), held)
        if first is not held:
            found.append(Difference("shared", str(value.value), first.record.id, "", held.record, _pointer(value)))
    loose: dict[str, list[str]] = {}
    for number in by_number:
        loose.setdefault(number.lstrip("0"), []).append(number)
    seen: set[str] = set()
    for entry in listed.entries:
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
            found += _compared(listed.compared, by_number[number], entry, number, names)
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
        value = _value(held, name)
        if not _SAME.get(name, _same)(value.value, there, names):
            uncertain = value.uncertain or (value.value is None and held.record.observed)
            here, remark = _said(value.value), _remark(held, name, there)
            yield Difference(name, number, here, there, held.record, _pointer(value), entry.number, uncertain, remark)


def _value(held: Held, name: str) -> Derived:
    """What the catalogue has to compare with; a status that no framework knows, as the register showed it."""
    value, shown = held.derived.get(ABOUT[name], _NOTHING), held.record.get(_SHOWN)
    return Derived(shown, (Pointer(_SHOWN),)) if name == "status" and value.value is None and shown else value


_SHOWN = ("register_entry", "status")


def _remark(held: Held, name: str, there: str) -> str:
    """Why what the list has cannot be what it is to be."""
    if name == "next_review" and there and day_of(there) == EVER:
        return ", which is no date such as 2027-06-30 or 30 June 2027"
    if name == "status" and there and held.statuses and _folded(there) not in map(_folded, held.statuses):
        return f", which is none of the statuses {', '.join(held.statuses)}"
    return ""


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
