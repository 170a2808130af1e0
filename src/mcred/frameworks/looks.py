"""What a clause asks of a record, as looks: functions of plain values, made once, without pointers and without words.

A look may miss that a clause is met; it never takes for met what may be otherwise. So it may take the short way where
there is one, and leave the rest to the judgement.
"""

from collections.abc import Callable
from typing import Any

from mcred.frameworks.language import Clause, Line
from mcred.frameworks.requirements import ABSENT, MET, TESTS, UNKNOWN, Answer, Asked, absent
from mcred.frameworks.verdicts import COUNTS_WHAT_IS_ABSENT, Case, Subject, of_the_act, parts_of, results, unpublished

Look = Callable[[Case, Subject], bool]
"""Whether a clause is surely settled, on an act."""

Guard = Callable[[Case, Subject], bool | None]
"""Whether a guard holds; None where that is not sure."""

Read = Callable[[Case, Subject], list[Any] | None]
"""The values at a pointer, with None for what is not there; no list at all where one of them is not sure."""

Passes = Callable[[Any], bool]
"""Whether a value, or None for what is not there, passes a test."""

SETTLED = (MET, Answer.NOT_APPLICABLE)


def settled(case: Case, subject: Subject) -> bool:
    """The look at what asks nothing."""
    return True


def only_judged(case: Case, subject: Subject) -> bool:
    """The look at what only the judgement can tell."""
    return False


def look_of(clause: Clause, line: Line) -> Look:
    """Whether what a line asks is met, or asks nothing of the record."""
    if unpublished(clause, line):
        return only_judged
    asked = line.asked
    if clause.covered_by == "rule" or asked["test"] not in TESTS:
        return lambda case, subject: all(each.answer in SETTLED for each in results(clause, case, subject, asked))
    where = asked.get("where")
    if "at_any_of" in clause.data:
        return _any_of([_read(str(at), where) for at in clause.data["at_any_of"]], _passes(asked, (MET,)))
    return _each(_read(str(asked["at"]), where), _passes(asked, SETTLED))


# These are loops, as `all` and `any` take longer to begin than most tests take.


def _each(read: Read, passes: Passes) -> Look:
    def met(case: Case, subject: Subject) -> bool:
        values = read(case, subject)
        for value in values or ():
            if not passes(value):
                return False
        return bool(values)

    return met


def _any_of(places: list[Read], passes: Passes) -> Look:
    def met(case: Case, subject: Subject) -> bool:
        for read in places:
            for value in read(case, subject) or ():
                if passes(value):
                    return True
        return False

    return met


def _passes(asked: Asked, enough: tuple[Answer, ...]) -> Passes:
    name, answer = str(asked["test"]), TESTS[str(asked["test"])].answer
    nothing = name in COUNTS_WHAT_IS_ABSENT and answer([], asked) in enough

    def passes(value: Any) -> bool:
        return nothing if value is None else answer(value, asked) in enough

    if name != "present":
        return passes
    # Whatever is not empty is there; only a map may say that there is none.
    return lambda value: (bool(value) and not isinstance(value, dict)) or passes(value)


# --- guards -----------------------------------------------------------------------------------------------------------


def guard_of(asked: Asked) -> Guard:
    """Whether a guard holds."""
    read = _read(str(asked["at"]), asked.get("where"))
    return _present(read, bool(asked["present"])) if "present" in asked else _one_of(read, asked["one_of"])


def _present(read: Read, wanted: bool) -> Guard:
    def present(case: Case, subject: Subject) -> bool | None:
        values = read(case, subject)
        if values is None:
            return None
        for value in values:
            if value is not None and not absent(value):
                return wanted
        return not wanted

    return present


def _one_of(read: Read, allowed: list[Any]) -> Guard:
    def one_of(case: Case, subject: Subject) -> bool | None:
        values = read(case, subject)
        if values is None:
            return None
        for value in values:
            for each in value if isinstance(value, list) else (value,):
                if each in allowed:
                    return True
        return False

    return one_of


# --- values -----------------------------------------------------------------------------------------------------------


def _read(at: str, where: Asked | None) -> Read:
    """How the values at a pointer are read."""
    parts = parts_of(at)
    if parts[0] == "derived":
        return _derived(parts[1:])
    if parts[0] == "decisions":
        return _decided(at, parts, where)
    return _written(parts, where)


def _derived(parts: tuple[str, ...]) -> Read:
    def derived(case: Case, subject: Subject) -> list[Any] | None:
        _, value, uncertain = case.derived_value(parts, subject)
        if uncertain or value is UNKNOWN:
            return None
        return [None if value is ABSENT else value]

    return derived


def _decided(at: str, parts: tuple[str, ...], where: Asked | None) -> Read:
    """Values of the act itself; where there is none, or they lie deeper, as the judgement reads them."""
    key = parts[2] if where is None and of_the_act(parts) else ""

    def decided(case: Case, subject: Subject) -> list[Any] | None:
        if key and subject.act is not None:
            return [case.in_first_language(subject.act.decision.get(key))]
        found = []
        for _, value, uncertain in case.values(at, where, subject):
            if uncertain or value is UNKNOWN:
                return None
            found.append(None if value is ABSENT else value)
        return found

    return decided


def _written(parts: tuple[str, ...], where: Asked | None) -> Read:
    """Values as they stand in the record; an item that is at fault may be anything."""
    gather = _below(parts, where)

    def written(case: Case, subject: Subject) -> list[Any] | None:
        found: list[Any] = []
        return found if gather(case, case.record.data, found) else None

    return written


def _below(parts: tuple[str, ...], where: Asked | None) -> Callable[[Case, Any, list[Any]], bool]:
    """Adds the values below another to a list, and says whether all are sure.

    Of a list in a list, `where` chooses among the inner items.
    """
    path = parts[: parts.index("*")] if "*" in parts else parts

    def value(case: Case, holder: Any, found: list[Any]) -> bool:
        for part in path:
            holder = holder.get(part) if isinstance(holder, dict) else None
        found.append(case.in_first_language(holder) if isinstance(holder, dict) else holder)
        return True

    if path == parts:
        return value
    rest = parts[len(path) + 1 :]
    inner = _below(rest, where)
    chosen = where.items() if where and "*" not in rest else None

    def items(case: Case, holder: Any, found: list[Any]) -> bool:
        for part in path:
            holder = holder.get(part) if isinstance(holder, dict) else None
        for item in holder if isinstance(holder, list) else ():
            if item is None:
                return False
            fits = chosen is None or (isinstance(item, dict) and chosen <= item.items())
            if fits and not inner(case, item, found):
                return False
        return True

    return items
