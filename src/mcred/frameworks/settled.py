"""Which clauses of a record are worth judging: a quick look at each, before anything is made to be told of it.

Of a record nearly every clause is met or does not apply. To judge one is to find its act and its edition, where each
value stands, and the words for it; for all clauses of all records that is most of what a run would do. So what does not
hang on the record is found once, in three steps, and every record goes through what was found:

- What was in force is found once for each *moment*: the days on which nothing changes are alike (`Calendar`).
- Under what was in force, the clauses about one act make a tree of their guards (`_Step`). Each guard is asked once of
  a record, and only while a clause hangs on it; where the tree ends stand the clauses that apply.
- What is left to ask of these is a *look* at plain values (`looks`).

A look may not see that a clause is settled: then the clause is judged, as it would have been anyway. It never passes
over one of which the judgement has something to tell; a test holds the two together.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from mcred.frameworks.language import Clause, Line, Rulebook
from mcred.frameworks.looks import Guard, Look, guard_of, look_of, only_judged, settled
from mcred.frameworks.verdicts import Case, Subject, candidates, not_yet_set, value_subject
from mcred.record import Record
from mcred.record.once import once_each


def worth_judging(case: Case) -> list[Clause]:
    """The clauses that data or code cover, in their order, without those that are surely settled."""
    looks = _looks(case.book)
    if not _is_sure(case.record):
        return looks.covered
    if case.stage == "removed":
        return []
    kind = case.record.kind
    found: set[int] = set()
    for governs in looks.governs(kind):
        for subject in case.subjects(governs):
            step = looks.first(kind, governs, subject)
            while step.guard is not None:
                step = _after(step, step.guard(case, subject))
            for place, look in step.looks:
                if place not in found and not look(case, subject):
                    found.add(place)
    return [looks.covered[place] for place in sorted(found)]


def _is_sure(record: Record) -> bool:
    """Whether what is not in a record is missing, wherever a clause may look: nothing is at fault, nothing unknown."""
    decided = bool(record.decisions) and not record.observed
    return not record.touched and (decided or "unknown" not in record.data)


Moment = Hashable
"""A time of which every day is like the others."""


class Calendar:
    """The days on which something changes: all days between two of them are alike."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._place = _placing(sorted({day for line in lines for days in (line.begins, line.ends) for day in days}))

    def moment(self, subject: Subject) -> Moment:
        """What of an act's day decides which lines may have been in force."""
        if subject.by == "undated":
            return None
        (first, last), regime = subject.days, subject.regime
        if first == last and not regime:  # as of nearly every act
            return self._place(first)
        return self._place(first), self._place(last), regime.get("from"), regime.get("until")


def _placing(turns: list[date]) -> Callable[[date], int]:
    @lru_cache(maxsize=4096)
    def place(day: date) -> int:
        """Before, on or after which of the days a day is: even between two, odd on one."""
        found = bisect_left(turns, day)
        return 2 * found + (found < len(turns) and turns[found] == day)

    return place


class _Looks:
    """The clauses of a rulebook that data or code cover, as looks."""

    def __init__(self, book: Rulebook) -> None:
        self.covered = [clause for clause in book.clauses if clause.covered_by in ("requirement", "rule")]
        layers = [(place, each) for place, clause in enumerate(self.covered) for each in (clause, *clause.tightened_by)]
        self._calendar = Calendar(line for _, each in layers for line in each.lines)
        guards: dict[str, Guard] = {}
        self._layers = [(place, _Layer(each, guards, self._calendar)) for place, each in layers]
        self._governs: dict[str, tuple[str, ...]] = {}
        self._first: dict[tuple[str, str, Moment], _Step] = {}

    def governs(self, kind: str) -> tuple[str, ...]:
        """What clauses about a kind of record govern."""
        if kind not in self._governs:
            about = [layer.governs for _, layer in self._layers if kind in layer.kinds]
            self._governs[kind] = tuple(dict.fromkeys(about))
        return self._governs[kind]

    def first(self, kind: str, governs: str, subject: Subject) -> "_Step":
        """Where to begin with an act."""
        key = (kind, governs, self._calendar.moment(subject))
        if key not in self._first:
            layers = [(place, each) for place, each in self._layers if each.governs == governs and kind in each.kinds]
            self._first[key] = _Step([_Asked(place, layer.guards, layer.look(subject)) for place, layer in layers])
        return self._first[key]


@once_each
def _looks(book: Rulebook) -> _Looks:
    return _Looks(book)


class _Layer:
    """A clause, or one that tightens it: what it is about, its guards, and the look under each line."""

    def __init__(self, clause: Clause, guards: dict[str, Guard], calendar: Calendar) -> None:
        self.governs = str(clause.get("governs", "content"))
        self.kinds = clause.get("kinds", ("micro-credential",))
        # Clauses share their guards: what reads alike is asked once.
        self.guards = tuple(
            (guards.setdefault(repr(asked), guard_of(asked)), wanted)
            for wanted, key in ((True, "when"), (False, "unless"))
            for asked in clause.get(key) or ()
        )
        self._clause = clause
        self._calendar = calendar
        self._lines: dict[Moment, Look] = {}

    def look(self, subject: Subject) -> Look:
        """The look at an act."""
        by_value = self._clause.get("judged_on") == "value"
        return self._by_the_day_of_the_value if by_value else self._under(subject)

    def _by_the_day_of_the_value(self, case: Case, subject: Subject) -> bool:
        if not_yet_set(self._clause, case, subject):
            return True
        own = value_subject(self._clause, case, subject)
        return self._under(own)(case, own)

    def _under(self, subject: Subject) -> Look:
        """The look under the line that was in force; where several may have been, only judging tells."""
        moment = self._calendar.moment(subject)
        if moment not in self._lines:
            lines = candidates(self._clause, subject)
            asking = [line for line in lines if line is not None and line.values is not None]
            alone = len(lines) == 1
            self._lines[moment] = settled if not asking else look_of(self._clause, asking[0]) if alone else only_judged
        return self._lines[moment]


class _Asked(NamedTuple):
    """A clause in the tree: its place, how each guard that is still to be asked has to be answered, and its look."""

    place: int
    guards: tuple[tuple[Guard, bool], ...]
    look: Look

    def given(self, guard: Guard | None, answer: bool | None) -> "_Asked | None":
        """The same once a guard is answered; None where the clause does not apply then."""
        wanted = {wanted for own, wanted in self.guards if own is guard}
        if not wanted:
            return self
        rest = tuple(each for each in self.guards if each[0] is not guard)
        if answer is None:  # another guard may still say that it does not apply
            return _Asked(self.place, rest, only_judged)
        return _Asked(self.place, rest, self.look) if wanted == {answer} else None


class _Step:
    """Where some answers have led: the guard to ask next, or the looks that are left where there is none."""

    def __init__(self, asked: Sequence[_Asked]) -> None:
        self.asked = asked
        self.guard = next((guard for each in asked for guard, _ in each.guards), None)
        self.looks = [(each.place, each.look) for each in asked if each.look is not settled]


@lru_cache(maxsize=4096)
def _after(step: _Step, answer: bool | None) -> _Step:
    """Where an answer leads: the tree grows as records ask for it, as most sets of answers are never given."""
    given = [each.given(step.guard, answer) for each in step.asked]
    return _Step([each for each in given if each is not None])
