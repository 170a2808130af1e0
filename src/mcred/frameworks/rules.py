"""Requirements that no single test can say: named code, with its parameters in the framework's data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from mcred.dates import Days
from mcred.frameworks.requirements import Answer, Missing, Result, Value, seen, texts
from mcred.record.ledger import bounds, period
from mcred.record.once import once_each

if TYPE_CHECKING:
    from mcred.frameworks.verdicts import Case, Subject

Asked = Mapping[str, Any]
Organisations = Mapping[str, Mapping[str, Any]]


# --- fees ------------------------------------------------------------------------------------------------------------


def fee_per_credit(case: Case, subject: Subject, asked: Asked) -> Iterator[Result]:
    """The fee for each credit is not above the cap.

    A fee before tax that is above a cap with tax is above it all the more. Otherwise nobody can tell, where one of the
    two is with tax and the other without: the rate of the tax is not in the record.
    """
    for item in case.values("/decisions/*/fees/*", None, subject):
        fee = item.value if isinstance(item.value, dict) else {}
        amount, cap = fee.get("amount"), asked["per_credit"]
        credits = 1 if fee.get("per") == "credit" else case.record.data.get("credits")
        value = Value(item.pointer / "amount", amount)
        answer = Answer.UNKNOWN
        if amount is not None and isinstance(credits, int | float) and fee.get("currency") == asked["currency"]:
            above = amount > cap * credits
            if fee.get("tax") in (asked["tax"], "exempt") or (above and asked["tax"] == "inclusive"):
                answer = Answer.NOT_MET if above else Answer.MET
        yield _told(answer, value, f"at most {cap} {asked['currency']} for each credit{_in_all(cap, credits, fee)}")


def _in_all(cap: float, credits: object, fee: Mapping[str, Any]) -> str:
    """What a cap for each credit comes to where the fee is for a learner."""
    if fee.get("per") == "credit" or not isinstance(credits, int | float):
        return ""
    return f" ({cap * credits:g} for {credits:g})"


def _told(answer: Answer, value: Value, expected: str) -> Result:
    """What a rule says of a value; what is unknown is so because of a value."""
    return Result(answer, value, expected, "value-unknown" if answer is Answer.UNKNOWN else "")


# --- who delivers ----------------------------------------------------------------------------------------------------


def type_of_provider(case: Case, subject: Subject, asked: Asked) -> Iterator[Result]:
    """Whoever is approved to deliver is, on that day, of a type that may; or hosts a partner of such a type."""
    if subject.act is None:
        return
    provider = subject.act.get("provider")
    answer = was_one_of(case.organisations, provider, subject.days, asked["one_of"])
    for partner in subject.act.get("partners") or ():
        if was_one_of(case.organisations, partner, subject.days, asked.get("hosted") or ()) is Answer.MET:
            answer = Answer.MET
    expected = _types(asked["one_of"], subject.act.get("date"))
    yield _told(answer, Value(subject.act.pointer / "provider", provider), expected)


def _types(types: list[str], day: str | None) -> str:
    """Some types, and the day on which they count."""
    return f"{_in_words(tuple(types))} on {day or 'that day'}"


@lru_cache(maxsize=256)
def _in_words(types: tuple[str, ...]) -> str:
    return " or ".join(each.replace("-", " ") for each in types)


def was_one_of(organisations: Organisations, name: object, day: Days, types: list[str] | tuple[str, ...]) -> Answer:
    """Whether an organisation was of one of some types throughout some days; unknown where that is not recorded."""
    known = _types_held(organisations).get(name) if isinstance(name, str) else None
    if known is None:
        return Answer.UNKNOWN
    fitting = [each for each in known.held if each[0] in types]
    if any(when.first <= day.first and day.last <= when.last for _, when, _ in fitting):
        return Answer.MET
    possible = any(when.first <= day.last and day.first <= when.last for _, _, when in fitting)
    return Answer.UNKNOWN if possible or known.others else Answer.NOT_MET


class _Types(NamedTuple):
    """The types of an organisation, each with its sure and its possible days; and whether it had others."""

    held: list[tuple[object, Days, Days]]
    others: bool


@once_each
def _types_held(organisations: Organisations) -> dict[str, _Types]:
    """The types of all organisations that say what they were, by id."""
    found: dict[str, _Types] = {}
    for name, organisation in organisations.items():
        types, unknown = organisation.get("types"), organisation.get("unknown") or ()
        if isinstance(types, list) and all(isinstance(each, dict) for each in types):
            held = [(each.get("type"), _surely(each), period(each.get("from"), each.get("until"))) for each in types]
            found[name] = _Types(held, unknown == "rest" or "/types/-" in unknown)
    return found


def _surely(held: Mapping[str, Any]) -> Days:
    """The days on which a type was held for certain."""
    start, end = held.get("from"), held.get("until")
    return Days(bounds(start).last if start else date.min, bounds(end).first if end else date.max)


# --- names in titles -------------------------------------------------------------------------------------------------


def title_names(case: Case, subject: Subject, asked: Asked) -> Iterator[Result]:
    """The title has no organisation of the catalogue in it, and no sign of a trade mark.

    A name of one word counts only as it is written, because many are ordinary words too. A person or a product without
    a sign is not found: a person has to look.
    """
    for value in case.values("/title", None, subject):
        if value.value is Missing.UNKNOWN:
            yield _told(Answer.UNKNOWN, value, "")
        elif not value.absent:
            found = [each for text in texts(value.value) for each in _named(text, case.organisations, asked["signs"])]
            if not found:
                yield _told(Answer.MET, value, "")
                continue
            yield _told(Answer.NOT_MET, value, "without " + ", ".join(f"'{each}'" for each in dict.fromkeys(found)))


_WORD = re.compile(r"\w+")


def _named(text: str, organisations: Organisations, signs: list[str]) -> Iterator[str]:
    yield from (sign for sign in signs if sign in text)
    words = _WORD.findall(seen(text))
    names = _names(organisations)
    for place, word in enumerate(words):
        for own, name in names.get(word.casefold(), ()):
            there = words[place : place + len(own)]
            if there == own or (len(own) > 1 and [w.casefold() for w in there] == [w.casefold() for w in own]):
                yield name


@once_each
def _names(organisations: Organisations) -> dict[str, list[tuple[list[str], str]]]:
    """The names of all organisations, as words and as written, by their first word in small letters."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for organisation in organisations.values():
        others = organisation.get("other_titles")
        for title in (organisation.get("title"), *(others if isinstance(others, list) else ())):
            for name in title.values() if isinstance(title, dict) else [title]:
                words = _WORD.findall(seen(str(name or "")))
                if words:
                    found.setdefault(words[0].casefold(), []).append((words, str(name)))
    return found


# --- who endorses, and who holds --------------------------------------------------------------------------------------


def type_of_endorser(case: Case, subject: Subject, asked: Asked) -> Iterator[Result]:
    """Whoever endorses in a role is, on the day of the endorsement, of a type that has this role."""
    for value in case.values("/endorsements/*", {"role": asked["role"]}, subject):
        if not isinstance(value.value, dict):
            yield _told(Answer.UNKNOWN, value, "")
            continue
        by, day = value.value.get("by"), value.value.get("date")
        answer = was_one_of(case.organisations, by, bounds(day), asked["one_of"])
        yield _told(answer, Value(value.pointer / "by", by), _types(asked["one_of"], day))


def type_of_holder(case: Case, subject: Subject, asked: Asked) -> Iterator[Result]:
    """Whoever holds the statement is, on the day of the act, of none of some types."""
    for value in case.values("/holder", None, subject):
        if not value.absent:
            held = was_one_of(case.organisations, value.value, subject.days, asked["none_of"])
            day = subject.act.get("date") if subject.act else None
            yield _told(_OPPOSITE[held], value, f"no {_types(asked['none_of'], day)}")


_OPPOSITE = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET, Answer.UNKNOWN: Answer.UNKNOWN}


RULES: dict[str, Callable[[Case, Subject, Asked], Iterator[Result]]] = {
    "fee-per-credit": fee_per_credit,
    "title-names": title_names,
    "type-of-endorser": type_of_endorser,
    "type-of-holder": type_of_holder,
    "type-of-provider": type_of_provider,
}
"""The rules that a clause may name."""

PARAMETERS: dict[str, tuple[str, ...]] = {
    "fee-per-credit": ("per_credit", "currency", "tax"),
    "title-names": ("signs",),
    "type-of-endorser": ("role", "one_of"),
    "type-of-holder": ("none_of",),
    "type-of-provider": ("one_of",),
}
"""What a line has to give each rule; where it does not, the rule exists and its value is not known."""
