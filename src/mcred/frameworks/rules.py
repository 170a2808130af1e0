"""Requirements that no single test can say: named code, with its parameters in the framework's data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from mcred.dates import Days
from mcred.frameworks.requirements import Answer, Missing, Result, Value, numbers, seen, texts
from mcred.record.ledger import bounds, period

if TYPE_CHECKING:
    from mcred.frameworks.verdicts import Case, Subject

Asked = Mapping[str, Any]
Organisations = Mapping[str, Mapping[str, Any]]


# --- fees ------------------------------------------------------------------------------------------------------------


def fee_per_credit(case: Case, subject: Subject, asked: Asked) -> Iterator[Result]:
    """The fee for each credit is not above the cap.

    Where the cap includes tax and the fee does not, the fee is above the cap if it is so before tax. Otherwise nobody
    can tell: the rate of the tax is not in the record.
    """
    fee = (subject.act.get("fees") or ())[subject.fee] if subject.act and subject.fee is not None else None
    if subject.act is None or not isinstance(fee, dict) or "amount" not in fee:
        return
    value = Value(subject.act.pointer / "fees" / (subject.fee or 0) / "amount", fee["amount"])
    cap = f"at most {asked['per_credit']} {asked['currency']} for each credit"
    credits, _ = (1, 1) if fee.get("per") == "credit" else numbers(case.record.data.get("credits"))
    if credits is None or fee.get("currency") != asked["currency"]:
        yield Result(Answer.UNKNOWN, value, cap, "value-unknown")
        return
    above = fee["amount"] > asked["per_credit"] * credits
    if fee.get("tax") in (asked["tax"], "exempt") or (above and fee.get("tax") == "exclusive"):
        yield Result(Answer.NOT_MET if above else Answer.MET, value, cap)
    else:
        yield Result(Answer.UNKNOWN, value, cap, "value-unknown")


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
    yield Result(
        answer,
        Value(subject.act.pointer / "provider", provider),
        " or ".join(each.replace("-", " ") for each in asked["one_of"]),
        "value-unknown" if answer is Answer.UNKNOWN else "",
    )


def was_one_of(organisations: Organisations, name: object, day: Days, types: list[str] | tuple[str, ...]) -> Answer:
    """Whether an organisation was of one of some types throughout some days; unknown where that is not recorded."""
    organisation = organisations.get(name) if isinstance(name, str) else None
    held = organisation.get("types") if organisation else None
    if organisation is None or not isinstance(held, list) or not all(isinstance(each, dict) for each in held):
        return Answer.UNKNOWN
    fitting = [each for each in held if each.get("type") in types]
    if any(when.first <= day.first and day.last <= when.last for when in map(_surely, fitting)):
        return Answer.MET
    times = [period(each.get("from"), each.get("until")) for each in fitting]
    possible = any(when.first <= day.last and day.first <= when.last for when in times)
    unknown = organisation.get("unknown") or ()
    return Answer.UNKNOWN if possible or unknown == "rest" or "/types/-" in unknown else Answer.NOT_MET


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
            yield Result(Answer.UNKNOWN, value, "", "value-unknown")
        elif not value.absent:
            found = [each for text in texts(value.value) for each in _named(text, case.organisations, asked["signs"])]
            expected = "without " + ", ".join(f"'{each}'" for each in dict.fromkeys(found))
            yield Result(Answer.NOT_MET if found else Answer.MET, value, expected if found else "")


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


_last_names: tuple[Organisations, dict[str, list[tuple[list[str], str]]]] | None = None
"""The names of the organisations asked about last: a run asks about the same ones for every record."""


def _names(organisations: Organisations) -> dict[str, list[tuple[list[str], str]]]:
    """The names of all organisations, as words and as written, by their first word in small letters."""
    global _last_names  # noqa: PLW0603 - a function of the organisations alone, kept because they are many
    if _last_names is None or _last_names[0] is not organisations:
        found: dict[str, list[tuple[list[str], str]]] = {}
        for organisation in organisations.values():
            others = organisation.get("other_titles")
            for title in (organisation.get("title"), *(others if isinstance(others, list) else ())):
                for name in title.values() if isinstance(title, dict) else [title]:
                    words = _WORD.findall(seen(str(name or "")))
                    if words:
                        found.setdefault(words[0].casefold(), []).append((words, str(name)))
        _last_names = (organisations, found)
    return _last_names[1]


RULES: dict[str, Callable[[Case, Subject, Asked], Iterator[Result]]] = {
    "fee-per-credit": fee_per_credit,
    "title-names": title_names,
    "type-of-provider": type_of_provider,
}
"""The rules that a clause may name."""

PARAMETERS: dict[str, tuple[str, ...]] = {
    "fee-per-credit": ("per_credit", "currency", "tax"),
    "title-names": ("signs",),
    "type-of-provider": ("one_of",),
}
"""What a line has to give each rule; where it does not, the rule exists and its value is not known."""
