"""Frameworks as dated data: for now their heads, which type a record's level, statuses and regimes."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mcred.diagnostic import Anchor, Finding, Fix, Pointer
from mcred.record import Record
from mcred.text import did_you_mean, one_of


class Framework(NamedTuple):
    """The head of a framework; None where something is not known, and so not checked."""

    id: str
    title: str
    level_type: str | None = None
    levels: tuple[int | str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    regimes: tuple[str, ...] | None = None
    head: Mapping[str, Any] = {}
    """The file's data, for what derives from it."""

    @property
    def uses(self) -> str | None:
        """The framework that serves as this one: a country may have no other."""
        used = (each["framework"] for each in self.head.get("relations") or () if each.get("relation") == "uses")
        return next((name for name in used if isinstance(name, str)), None)

    def allowed(self, typed_by: str) -> tuple[int | str, ...] | None:
        """The values of `levels`, `statuses` or `regimes`; None where they are not known."""
        return {"levels": self.levels, "statuses": self.statuses, "regimes": self.regimes}[typed_by]


def framework(data: dict[str, Any]) -> Framework:
    """The framework that a file's data describes; what is at fault or unknown in it is not checked."""
    levels = data.get("levels")
    values = levels.get("values") if isinstance(levels, dict) else None
    regimes = data.get("regimes")
    statuses = data.get("statuses")
    title = data.get("title")
    return Framework(
        id=str(data.get("id", "")),
        title=str(next(iter(title.values()), "") if isinstance(title, dict) else title or data.get("id", "")),
        level_type=levels.get("type") if isinstance(levels, dict) else None,
        levels=tuple(values) if isinstance(values, list) else None,
        statuses=tuple(statuses) if isinstance(statuses, list) else None,
        regimes=tuple(r["id"] for r in regimes if isinstance(r, dict) and "id" in r)
        if isinstance(regimes, list)
        else None,
        head=data,
    )


_CALLED = {"levels": "level", "statuses": "status", "regimes": "regime"}


def typed(record: Record, frameworks: Mapping[str, Framework]) -> Iterator[Finding]:
    """Levels, statuses, regimes and questions of a review that the framework of a record does not have."""
    for path, value, mark in record.marked:
        if not mark.typed_by:
            continue
        pointer = Pointer(path)
        beside = record.get((*pointer[:-1], "framework"))
        of = frameworks.get(beside if isinstance(beside, str) else "" if beside is not None else record.framework or "")
        if of is not None and isinstance(value, int | str) and not isinstance(value, bool):
            yield from _typed(pointer, value, of, mark.typed_by)
    yield from _answers(record, frameworks)


def _answers(record: Record, frameworks: Mapping[str, Framework]) -> Iterator[Finding]:
    """What a completed review answers is asked by the framework: by whose questions it is known what was looked at."""
    of = frameworks.get(record.framework or "")
    asked = of.head.get("review_questions") if of is not None else None
    if of is None or not isinstance(asked, dict):
        return
    known = [name for questions in asked.values() if isinstance(questions, dict) for name in questions]
    for pointer, decision in record.items("decisions"):
        checked = decision.get("checked")
        for name in checked if isinstance(checked, dict) else ():
            if name not in known and not name.startswith("x-"):
                yield Finding(
                    pointer / "checked" / name,
                    "{framework} asks nothing named '{name}' in a review" + did_you_mean(name, known),
                    rule="unknown-field",
                    anchor=Anchor.KEY,
                    hint=f"its questions are {one_of(known, 20)}",
                    framework=of.id,
                    name=name,
                )


def _typed(pointer: Pointer, value: int | str, of: Framework, typed_by: str) -> Iterator[Finding]:
    allowed = of.allowed(typed_by)
    if allowed is None or value in allowed:
        return
    noun = _CALLED[typed_by]
    if not allowed:
        yield Finding(
            pointer,
            "{framework} has no {nouns}; here is '{value}'",
            rule="not-allowed-value",
            hint="leave it out",
            nouns=typed_by,
            framework=of.id,
            value=value,
        )
        return
    if isinstance(value, str) and len(value) < 6 and value.isdecimal() and int(value) in allowed:
        yield Finding(
            pointer,
            "'{name}' is a whole number in {framework}; here is the text '{value}'",
            rule="wrong-type",
            hint=f"write {int(value)} without quotes",
            fix=Fix("set", pointer, int(value)),
            name=pointer[-1],
            framework=of.id,
            value=value,
        )
        return
    yield Finding(
        pointer,
        "{framework} has no {noun} '{value}'"
        + (did_you_mean(value, map(str, allowed)) if isinstance(value, str) else ""),
        rule="not-allowed-value",
        hint=f"a {noun} of {of.id} is {_listed(allowed)}",
        noun=noun,
        framework=of.id,
        value=value,
    )


def _listed(allowed: tuple[int | str, ...]) -> str:
    numbers = [value for value in allowed if isinstance(value, int)]
    if len(numbers) == len(allowed) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"a whole number from {numbers[0]} to {numbers[-1]}"
    return one_of(allowed, 20)
