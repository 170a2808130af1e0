"""Choosing records and what to show of them: filters and columns over fields and derived values."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.dates import Days, days
from mcred.diagnostic import Pointer
from mcred.record import TABLE, Derived, Record, View
from mcred.record.developer import developer
from mcred.record.ending import over
from mcred.record.ledger import bounds
from mcred.record.offerings import may_deliver, name_of
from mcred.text import did_you_mean, one_of

_FILTER = re.compile(r"(?P<name>/?[\w/~.-]+?)(?P<operator>!=|>=|<=|=|>|<|~)(?P<value>.*)", re.DOTALL)

OPERATORS = {
    "=": "is one of",
    "!=": "is none of",
    "~": "contains",
    ">=": "is at least",
    "<=": "is at most",
    ">": "is more than",
    "<": "is less than",
}
"""How a filter compares; several values of `=` and `!=` have commas between."""

_OF_SIZE = frozenset((">=", "<=", ">", "<"))


class Row(NamedTuple):
    """A record with its derived values."""

    record: Record
    derived: Mapping[str, Derived]

    def value(self, name: str) -> Any:
        """The derived value of a name, else the field; `/pathways/employment` reaches into a field."""
        name = bare(name)
        if name in self.derived:
            return self.derived[name].value
        if name.startswith("/"):
            return self.record.get(self.record.resolve(name))
        if name == "id":
            return self.record.id
        return self.record.get((name,))

    def uncertain(self, name: str) -> bool:
        """Whether a derived value may be otherwise."""
        derived = self.derived.get(bare(name))
        return derived is not None and derived.uncertain


_DERIVED = "/derived/"


def bare(name: str) -> str:
    """The name of a derived value, also where it is written as clauses do: `/derived/stage` is `stage`."""
    return name.removeprefix(_DERIVED)


class Filter(NamedTuple):
    """A condition on one field: its name, an operator of `OPERATORS`, and the values it is compared with."""

    name: str
    operator: str
    values: tuple[str, ...]

    def holds(self, row: Row) -> bool:
        """Whether a record meets it. A list meets it by one member, text in several languages by one of them."""
        value = row.value(self.name)
        if self.operator in _OF_SIZE and _is_none(value):
            return False
        found = [member for member in members(value) if member is not None]
        if self.operator == "!=":
            return not any(_same(member, wanted) for member in found for wanted in self.values)
        return any(_TESTS[self.operator](member, wanted) for member in found for wanted in self.values)


def parse(text: str, names: Iterable[str]) -> Filter:
    """The filter that a text such as `level=3,4` writes.

    Raises:
        ValueError: it is no filter, or no record has such a field; the message says so to the user.
    """
    match = _FILTER.fullmatch(text)
    if not match:
        raise ValueError(f"'{text}' is no filter such as level=3, status!=current or title~water")
    name = match["name"]
    check(name, names)
    operator = match["operator"]
    values = match["value"].split(",") if operator in ("=", "!=") else [match["value"]]
    return Filter(name, operator, tuple(value.strip() for value in values))


def check_values(condition: Filter, allowed: Collection[str]) -> None:
    """Refuse a value that its field never has, where there are but a few: nothing found would look like an answer.

    Raises:
        ValueError: with a message for the user.
    """
    for value in condition.values if condition.operator in ("=", "!=") else ():
        if allowed and value.casefold() not in allowed:
            raise ValueError(
                f"'{condition.name}' is never '{value}'; it is {one_of(allowed)}" + did_you_mean(value, allowed)
            )


def check(name: str, names: Iterable[str]) -> None:
    """Refuse the name of a field that no record has; keys that begin with `x-` are the catalogue's own.

    Raises:
        ValueError: with a message for the user.
    """
    known = [*names]
    if name in known:
        return
    inner = bare(name)
    first = Pointer.parse(inner)[0] if inner.startswith("/") and len(inner) > 1 else inner
    if (first not in known or inner != name) and not str(first).startswith("x-"):
        raise ValueError(f"no field '{name}'" + did_you_mean(str(first), known))


def names(fields: Mapping[str, Iterable[str]], kinds: Iterable[str]) -> list[str]:
    """The names of all fields and derived values of some kinds, from their schemas' fields.

    A derived value has two: `stage`, and `/derived/stage` as clauses write it.
    """
    found = dict.fromkeys(name for kind in kinds for name in fields[kind])
    derived = [name for name, field in TABLE.items() if set(field.kinds) & set(kinds)]
    return list(found | dict.fromkeys(derived) | dict.fromkeys(f"{_DERIVED}{name}" for name in derived))


def is_unknown(row: Row, pointer: str) -> bool:
    """Whether a record does not know a field: it says so of it, or of what it lies in, or of all that it lacks."""
    record = row.record
    at = record.resolve(pointer)
    said = any(at[: len(whole)] == whole for _, text in record.unknown if (whole := record.resolve(text)))
    open_list = any(text.endswith("/-") and record.resolve(text.removesuffix("/-")) == at for _, text in record.unknown)
    rest = record.data.get("unknown") == "rest" and record.get(at) is None
    return said or open_list or rest or (at == ("framework",) and record.get(at) == "unknown")


class Part(NamedTuple):
    """A record in which an organisation has a part, and whether it may have none on that day."""

    id: str
    uncertain: bool


def parts(organisation: str, views: Iterable[View]) -> dict[str, list[Part]]:
    """What an organisation develops, delivers and endorses, of the records that are not over on their day."""
    found: dict[str, list[Part]] = {"develops": [], "delivers": [], "endorses": []}
    for view in views:
        answers, delivered = developer(view), may_deliver(view)
        offered = [name_of(offer.get("organisation")) for _, offer in view.record.items("offered_by")]
        of_view = {
            "develops": (answers.value == organisation, answers.uncertain),
            "delivers": (organisation in (*(delivered.value or ()), *offered), delivered.uncertain),
            "endorses": _endorses(view, organisation),
        }
        for name, (holds, uncertain) in of_view.items():
            if holds and not over(view):
                found[name].append(Part(view.record.id, uncertain))
    return found


def _endorses(view: View, organisation: str) -> tuple[bool, bool]:
    """Whether an organisation supported what a record is about by the day, and whether that may have been later."""
    given = [
        bounds(each.get("date")) if "date" in each else None
        for _, each in view.record.items("endorsements")
        if each.get("by") == organisation and each.get("outcome") == "supported"
    ]
    by_then = [when for when in given if when is None or when.first <= view.day]
    return bool(by_then), not any(when is None or when.last <= view.day for when in by_then)


class Range(NamedTuple):
    """A number that a source gives as a range; it is each number from its least to its most."""

    least: Any
    most: Any

    def __str__(self) -> str:
        return f"{self.least}-{self.most}"


def members(value: Any) -> list[Any]:
    """The single values of a value: the items of a list, the languages of a text.

    What is `{none: why}` is `none`, as a cell shows it, besides its reason.
    """
    if isinstance(value, dict):
        if _is_range(value):
            return [Range(value["min"], value["max"])]
        none = ["none"] if "none" in value else []
        return none + [member for inner in value.values() for member in members(inner)]
    if isinstance(value, list):
        return [member for inner in value for member in members(inner)]
    return [value]


def _is_range(value: dict[str, Any]) -> bool:
    return value.keys() == {"min", "max"}


def _is_none(value: Any) -> bool:
    """Whether it is `{none: why}`: no number, date or text, so neither more nor less than any."""
    return isinstance(value, dict) and "none" in value


def shown(value: Any, language: str = "") -> str:
    """A value in a cell: one line of plain text."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, list):
        return ", ".join(shown(each, language) for each in value)
    return _of_map(value, language) if isinstance(value, dict) else " ".join(str(value).split())


def _of_map(value: dict[str, Any], language: str) -> str:
    """A map in a cell: text in the language asked for, a range, or what names it best."""
    if _is_range(value):
        return str(Range(value["min"], value["max"]))
    if "none" in value:
        return "none"
    named = next((key for key in (language, *_NAMING) if key in value), None)
    return shown(value[named], language) if named else ", ".join(shown(each, language) for each in value.values())


_NAMING = ("title", "text", "id", "type", "organisation", "sector", "reference")
"""Of a map that is no text in several languages, the keys that name it, the best first."""


def _same(member: Any, value: str) -> bool:
    if isinstance(member, Range):
        number, ends = _number(value), [end for end in member if isinstance(end, int | float)]
        within = number is not None and len(ends) == 2 and ends[0] <= number <= ends[1]
        return within or any(_same(end, value) for end in member)
    if isinstance(member, bool):
        return value.casefold() in (("true", "yes") if member else ("false", "no"))
    if isinstance(member, int | float):
        return _number(value) == member
    return str(member).casefold() == value.casefold()


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _dates(text: str) -> Days | None:
    """The days of a date as it is written, also of a range FROM/UNTIL of a derived value."""
    first, slash, last = text.partition("/")
    try:
        start = days(first).first if first != ".." else date.min
        end = days(last or first).last if (last or first) != ".." else date.max
    except ValueError:
        return None
    return Days(start, end) if first != ".." or slash else None


def _compared(test: Callable[[Any, Any], bool], of_dates: Callable[[Days, Days], bool]) -> Callable[[Any, str], bool]:
    """Compare numbers by size, dates by what holds of all their days, and text by its letters."""

    def compare(member: Any, value: str) -> bool:
        if isinstance(member, Range):
            return any(compare(end, value) for end in member)
        if isinstance(member, int | float) and not isinstance(member, bool):
            number = _number(value)
            return number is not None and test(member, number)
        if not isinstance(member, str):
            return False
        mine, other = _dates(member), _dates(value)
        if mine is not None and other is not None:
            return of_dates(mine, other)
        return test(member.casefold(), value.casefold())

    return compare


_TESTS: dict[str, Callable[[Any, str], bool]] = {
    "=": _same,
    "~": lambda member, value: value.casefold() in str(member).casefold(),
    ">=": _compared(lambda a, b: a >= b, lambda a, b: a.first >= b.first),
    "<=": _compared(lambda a, b: a <= b, lambda a, b: a.last <= b.last),
    ">": _compared(lambda a, b: a > b, lambda a, b: a.first > b.last),
    "<": _compared(lambda a, b: a < b, lambda a, b: a.last < b.first),
}
