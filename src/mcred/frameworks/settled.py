"""Which clauses of a record are worth judging: a quick look at each, before anything is made to be told of it.

Of a record nearly every clause is met or does not apply. To judge one is to find its act and its edition, where each
value stands, and the words for it; for all clauses of all records that is most of what a run would do. So the clauses
of a rulebook are made into looks once, which see plain values alone, and what was in force is found once for each day.

A look may not see that a clause is settled: then the clause is judged, as it would have been anyway. It never passes
over one of which the judgement has something to tell; a test holds the two together.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from mcred.frameworks.language import Clause, Line, Rulebook
from mcred.frameworks.requirements import ABSENT, MET, NOT_MET, TESTS, UNKNOWN, Answer, Value, absent
from mcred.frameworks.verdicts import (
    COUNTS_WHAT_IS_ABSENT,
    Case,
    Subject,
    candidates,
    not_yet_set,
    parts_of,
    results,
    unpublished,
    value_subject,
)
from mcred.record import Record
from mcred.record.once import once_each

Look = Callable[[Case, Subject], bool]
"""Whether a clause is surely settled, on an act."""

Guard = Callable[[Case, Subject], bool | None]
"""Whether a guard holds; None where that is not sure."""

Read = Callable[[Case, Subject], list[Any] | None]
"""The values at a pointer, with None for what is not there; no list at all where one of them is not sure."""

SETTLED = (MET, Answer.NOT_APPLICABLE)


def worth_judging(case: Case) -> list[Clause]:
    """The clauses that data or code cover, in their order, without those that are surely settled."""
    looks = _looks(case.book)
    if not _is_sure(case.record):
        return looks.covered
    if case.stage == "removed":
        return []
    found: set[int] = set()
    for governs in looks.governs:
        for subject in case.subjects(governs):
            for place, look in looks.plan(case.record.kind, governs, subject):
                if place not in found and not look(case, subject):
                    found.add(place)
    return [looks.covered[place] for place in sorted(found)]


def _is_sure(record: Record) -> bool:
    """Whether what is not in a record is missing, wherever a clause may look: nothing is at fault, nothing unknown."""
    decided = bool(record.decisions) and not record.observed
    return not record.touched and (decided or "unknown" not in record.data)


class Calendar:
    """The days on which something changes: all days between two of them are alike."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._days = sorted({day for line in lines for days in (line.begins, line.ends) for day in days})

    def moment(self, subject: Subject) -> tuple[Any, ...]:
        """What of an act's day decides which lines may have been in force."""
        days, regime = subject.days, subject.regime
        undated = subject.by == "undated"
        return undated, self._place(days.first), self._place(days.last), regime.get("from"), regime.get("until")

    def _place(self, day: date) -> int:
        """Before, on or after which of the days a day is: even between two, odd on one."""
        place = bisect_left(self._days, day)
        return 2 * place + (place < len(self._days) and self._days[place] == day)


class _Looks:
    """The clauses of a rulebook that data or code cover, as looks."""

    def __init__(self, book: Rulebook) -> None:
        self.covered = [clause for clause in book.clauses if clause.covered_by in ("requirement", "rule")]
        layers = [(place, each) for place, clause in enumerate(self.covered) for each in (clause, *clause.tightened_by)]
        self._calendar = Calendar(line for _, each in layers for line in each.lines)
        self._layers = [(place, _Layer(each, self._calendar)) for place, each in layers]
        self.governs = tuple(dict.fromkeys(layer.governs for _, layer in self._layers))
        self._plans: dict[tuple[Any, ...], list[tuple[int, Look]]] = {}

    def plan(self, kind: str, governs: str, subject: Subject) -> list[tuple[int, Look]]:
        """The looks at what may not be settled of an act, each with the place of its clause."""
        key = (kind, governs, self._calendar.moment(subject))
        if key not in self._plans:
            made = ((place, layer.look(subject)) for place, layer in self._layers if layer.speaks_of(kind, governs))
            self._plans[key] = [(place, look) for place, look in made if look is not _settled]
        return self._plans[key]


@once_each
def _looks(book: Rulebook) -> _Looks:
    return _Looks(book)


class _Layer:
    """A clause, or one that tightens it: its guards, and its test under each line."""

    def __init__(self, clause: Clause, calendar: Calendar) -> None:
        self.governs = str(clause.get("governs", "content"))
        self._clause = clause
        self._calendar = calendar
        self._guards = [
            (wanted, _guard(guard))
            for wanted, key in ((True, "when"), (False, "unless"))
            for guard in clause.get(key) or ()
        ]
        self._tests: dict[tuple[Any, ...], Look] = {}

    def speaks_of(self, kind: str, governs: str) -> bool:
        """Whether a kind of record, and an act, is what the clause is about."""
        return self.governs == governs and kind in self._clause.get("kinds", ("micro-credential",))

    def look(self, subject: Subject) -> Look:
        """The look at an act."""
        by_value = self._clause.get("judged_on") == "value"
        test = self._by_the_day_of_the_value if by_value else self._under(subject)
        if not self._guards:
            return test
        guards = self._guards

        def guarded(case: Case, subject: Subject) -> bool:
            sure = True
            for wanted, guard in guards:
                held = guard(case, subject)
                if held is None:
                    sure = False
                elif held is not wanted:
                    return True
            return sure and test(case, subject)

        return guarded

    def _by_the_day_of_the_value(self, case: Case, subject: Subject) -> bool:
        if not_yet_set(self._clause, case, subject):
            return True
        own = value_subject(self._clause, case, subject)
        return self._under(own)(case, own)

    def _under(self, subject: Subject) -> Look:
        """The test under the line that was in force; where several may have been, only judging tells."""
        moment = self._calendar.moment(subject)
        if moment not in self._tests:
            lines = candidates(self._clause, subject)
            asking = [line for line in lines if line is not None and line.values is not None]
            test = _test(self._clause, asking[0]) if asking and len(lines) == 1 else _open if asking else _settled
            self._tests[moment] = test
        return self._tests[moment]


def _settled(case: Case, subject: Subject) -> bool:
    return True


def _open(case: Case, subject: Subject) -> bool:
    return False


# --- tests and guards -------------------------------------------------------------------------------------------------


def _test(clause: Clause, line: Line) -> Look:
    """Whether what a line asks is met, or asks nothing of the record."""
    if unpublished(clause, line):
        return _open
    asked = line.asked
    if clause.covered_by == "rule" or asked["test"] not in TESTS:
        return lambda case, subject: all(each.answer in SETTLED for each in results(clause, case, subject, asked))
    name, answer = str(asked["test"]), TESTS[str(asked["test"])].answer
    counts = name in COUNTS_WHAT_IS_ABSENT

    def answers(value: Any) -> Answer:
        if value is None:
            return answer([], asked) if counts else NOT_MET
        return answer(value, asked)

    if "at_any_of" in clause.data:
        places = [_read(str(at), asked.get("where")) for at in clause.data["at_any_of"]]
        return lambda case, subject: any(
            answers(value) is MET for read in places for value in read(case, subject) or ()
        )
    read = _read(str(asked["at"]), asked.get("where"))

    def met(case: Case, subject: Subject) -> bool:
        values = read(case, subject)
        return bool(values) and all(answers(value) in SETTLED for value in values or ())

    return met


def _guard(guard: dict[str, Any]) -> Guard:
    read = _read(str(guard["at"]), guard.get("where"))
    if "present" in guard:
        wanted = bool(guard["present"])

        def present(case: Case, subject: Subject) -> bool | None:
            values = read(case, subject)
            if values is None:
                return None
            return wanted is any(value is not None and not absent(value) for value in values)

        return present
    allowed = guard["one_of"]

    def one_of(case: Case, subject: Subject) -> bool | None:
        values = read(case, subject)
        if values is None:
            return None
        members = (each for value in values for each in (value if isinstance(value, list) else [value]))
        return any(each in allowed for each in members)

    return one_of


# --- values -----------------------------------------------------------------------------------------------------------


def _read(at: str, where: dict[str, Any] | None) -> Read:
    """How the values at a pointer are read."""
    parts = parts_of(at)
    if parts[0] == "derived":
        return lambda case, subject: _sure([case.derived_value(parts[1:], subject)])
    if parts[0] == "decisions":
        key = parts[2] if len(parts) == 3 and parts[1] == "*" and parts[2] != "date" and not where else ""
        return lambda case, subject: (
            [case.in_first_language(subject.act.get(key))]
            if key and subject.act is not None
            else _sure(case.values(at, where, subject))
        )
    if "*" in parts:
        return lambda case, subject: _of_items(case, parts, where)

    def plain(case: Case, subject: Subject) -> list[Any]:
        value: Any = case.record.data
        for part in parts:
            value = value.get(part) if isinstance(value, dict) else None
        return [case.in_first_language(value)]

    return plain


def _sure(values: list[Value]) -> list[Any] | None:
    """Values that depend on the act, or follow from decisions, as the judgement reads them."""
    found = []
    for _, value, uncertain in values:
        if uncertain or value is UNKNOWN:
            return None
        found.append(None if value is ABSENT else value)
    return found


def _of_items(case: Case, parts: tuple[str, ...], where: dict[str, Any] | None) -> list[Any] | None:
    """Values below the items of a list; of a list in a list, `where` chooses among the inner ones."""
    found: list[Any] = [case.record.data]
    for place, part in enumerate(parts):
        if part != "*":
            found = [each.get(part) if isinstance(each, dict) else None for each in found]
            continue
        found = [item for each in found if isinstance(each, list) for item in each]
        if any(item is None for item in found):
            return None
        if where and "*" not in parts[place + 1 :]:
            found = [item for item in found if _fits(item, where)]
    return [case.in_first_language(value) for value in found]


def _fits(item: Any, where: dict[str, Any]) -> bool:
    return isinstance(item, dict) and all(item.get(key) == value for key, value in where.items())
