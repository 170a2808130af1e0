"""The language of frameworks: instruments with dated editions, and clauses with a line of values for each.

Flat data, as `schemas/framework.schema.json` describes it and `docs/frameworks.md` explains it. Here it becomes types;
what a clause says of a record is found in `verdicts`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from mcred.dates import Days
from mcred.record.ledger import bounds

BASES = ("act", "rule", "published-requirement", "guidance", "earlier-rule", "reported", "inferred", "policy")
"""What a clause rests on."""

COVERED_BY = ("requirement", "rule", "judgement", "not-seen", "outside")
"""How a clause is covered: by data, by named code, by a person, not at all yet, or not by this register."""


class Edition(NamedTuple):
    """One edition of an instrument: the days on which it may have begun and ended."""

    id: str
    instrument: str
    begins: Days
    ends: Days
    data: Mapping[str, Any]
    last_known: bool = False
    """Whether nobody knows of an end: it is the last edition, and has no last day."""

    @property
    def begins_text(self) -> str:
        """The first day as it is written; empty where none is."""
        return str(self.data.get("from", ""))

    @property
    def ends_text(self) -> str:
        """The last day as it is written; empty where none is."""
        return str(self.data.get("until", ""))


class Instrument(NamedTuple):
    """An act, rules, published requirements, guidance, a funder's conditions or a policy, and its editions."""

    id: str
    kind: str
    title: str
    editions: tuple[Edition, ...]
    data: Mapping[str, Any]


class Line(NamedTuple):
    """What a clause asks under one edition, or from a day inside it on; `values` is None where that has none."""

    edition: Edition
    begins: Days
    ends: Days
    begins_text: str
    ends_text: str
    values: Mapping[str, Any] | None
    last_known: bool
    asked: Mapping[str, Any] = MappingProxyType({})
    """The clause as it reads under this line."""
    unpublished: bool = False
    """Whether the rule exists, but its value was not published."""


class Clause(NamedTuple):
    """A clause of a framework or a policy. `id` is the full one, such as nzqcf.credits."""

    id: str
    framework: str
    name: str
    instrument: Instrument
    lines: tuple[Line, ...]
    data: Mapping[str, Any]
    tightened_by: tuple["Clause", ...] = ()
    """Clauses of policies that ask more of the same value."""

    def get(self, key: str, default: Any = None) -> Any:
        """A key of the clause as it is written."""
        return self.data.get(key, default)

    def text(self, key: str) -> str:
        """A text of the clause in its first language; empty where there is none."""
        return _text(self.data.get(key))

    @property
    def covered_by(self) -> str:
        """How it is covered: one of `COVERED_BY`."""
        return str(self.data.get("covered_by", "not-seen"))

    @property
    def basis(self) -> str:
        """What it rests on: one of `BASES`."""
        return str(self.data.get("basis", "inferred"))


class Rulebook(NamedTuple):
    """A framework with its clauses, those of its policies among them."""

    id: str
    data: Mapping[str, Any]
    instruments: Mapping[str, Instrument]
    clauses: tuple[Clause, ...]
    policies: tuple[Mapping[str, Any], ...] = ()
    """The data of the policies that lie on it."""

    def edition(self, name: str) -> Edition | None:
        """The edition of an id, of whatever instrument."""
        return next((e for i in self.instruments.values() for e in i.editions if e.id == name), None)


def instruments(data: Mapping[str, Any]) -> dict[str, Instrument]:
    """The instruments of a framework's or policy's data, by id."""
    found = {}
    for each in data.get("instruments") or ():
        editions = sorted(each.get("editions") or (), key=lambda edition: bounds(edition.get("from")).first)
        made = [
            Edition(
                edition["id"],
                each["id"],
                _beginning(edition),
                _end(edition, editions[place + 1] if place + 1 < len(editions) else None),
                edition,
                last_known=place + 1 == len(editions) and edition.get("until") is None,
            )
            for place, edition in enumerate(editions)
        ]
        found[each["id"]] = Instrument(each["id"], each.get("kind", ""), _text(each.get("title")), tuple(made), each)
    return found


def _beginning(edition: Mapping[str, Any]) -> Days:
    """The days that may be the first: as written, else any up to that on which somebody saw it in force."""
    if edition.get("from") is not None:
        return bounds(edition["from"])
    seen = bounds(edition.get("checked"))
    return Days(date.min, seen.last)


def _end(edition: Mapping[str, Any], following: Mapping[str, Any] | None) -> Days:
    """The days that may be the last: as written, else the day before the next edition, else never."""
    if edition.get("until") is not None:
        return bounds(edition["until"])
    if following is not None:
        return before(bounds(following.get("from")))
    return Days(date.max, date.max)


def before(begins: Days) -> Days:
    """The days before those on which something may begin."""
    return Days(_earlier(begins.first), _earlier(begins.last))


def _earlier(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1) if day != date.min else day


def _text(value: Any) -> str:
    return str(next(iter(value.values()), "")) if isinstance(value, dict) else str(value or "")


def lines(instrument: Instrument, values: Iterable[Mapping[str, Any]] | None) -> tuple[Line, ...]:
    """What holds when, over all editions of an instrument. Without `values` a clause holds in every edition."""
    made = []
    for edition in instrument.editions:
        own = [line for line in values if line.get("edition") == edition.id] if values is not None else [{}]
        own.sort(key=lambda line: bounds(line["from"]).first if line.get("from") else date.min)
        steps: list[Mapping[str, Any] | None] = [*own] or [None]
        if own and own[0].get("from"):
            steps = [None, *own]
        for place, line in enumerate(steps):
            start = line.get("from") if line else None
            following = steps[place + 1] if place + 1 < len(steps) else None
            next_start = following.get("from") if following else None
            made.append(
                Line(
                    edition,
                    bounds(start) if start else edition.begins,
                    before(bounds(next_start)) if next_start else edition.ends,
                    str(start) if start else edition.begins_text,
                    "" if next_start else edition.ends_text,
                    line,
                    edition.last_known and not next_start,
                )
            )
    return tuple(made)


def rulebook(data: Mapping[str, Any], policies: Iterable[Mapping[str, Any]] = ()) -> Rulebook:
    """The framework of a file's data, with the clauses that policies add to it or tighten."""
    own = instruments(data)
    policies = tuple(policies)
    made = [clause(str(data["id"]), own, each) for each in data.get("clauses") or ()]
    everything = dict(own)
    for policy in policies:
        theirs = instruments(policy)
        everything.update(theirs)
        for each in policy.get("clauses") or ():
            if "tightens" in each:
                made = [
                    _tightened(base, policy, theirs, each) if base.id == each["tightens"] else base for base in made
                ]
            else:
                made.append(_guarded(clause(str(policy["id"]), theirs, each), policy))
    return Rulebook(str(data["id"]), data, everything, tuple(made), policies)


def clause(framework: str, known: Mapping[str, Instrument], data: Mapping[str, Any]) -> Clause:
    """A clause of a file's data."""
    instrument = known[data["instrument"]]
    made = tuple(_asked(line, data) for line in lines(instrument, data.get("values")))
    return Clause(f"{framework}.{data['id']}", framework, data["id"], instrument, made, data)


def _asked(line: Line, data: Mapping[str, Any]) -> Line:
    asked = {**data, **(line.values or {})}
    return line._replace(asked=asked, unpublished=any(asked.get(key) == "unknown" for key in _ARGUMENTS))


_ARGUMENTS = ("one_of", "min", "max", "pattern", "words", "per_credit", "years", "currency")
"""What a line may give as `unknown`: a rule that exists, whose value was not published."""


def _guarded(made: Clause, policy: Mapping[str, Any]) -> Clause:
    """A policy's clause asks nothing of records that the policy does not apply to."""
    applies = policy.get("applies_to")
    if not applies:
        return made
    return made._replace(data={**made.data, "when": [applies, *(made.data.get("when") or ())]})


_OF_BASE = (
    *("kinds", "governs", "judged_on", "from_stage", "when", "unless", "covered_by", "test", "rule", "at", "at_any_of"),
    *("where", "none_counts", "same_day", "unknown_without", "answered_by"),
)
"""What a tightening clause takes from its base."""


def _tightened(
    base: Clause, policy: Mapping[str, Any], known: Mapping[str, Instrument], data: Mapping[str, Any]
) -> Clause:
    taken = {key: base.data[key] for key in _OF_BASE if key in base.data}
    own = clause(str(policy["id"]), known, {"basis": "policy", **taken, **data})
    return base._replace(tightened_by=(*base.tightened_by, _guarded(own, policy)))
