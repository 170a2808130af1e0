"""The verdict of a clause on a record: which act counts, which edition was in force, what it asks, whether that is met.

Nothing is passed over: a clause that cannot be judged says why. The severity of a fault is the least of the clause's
own, the ceiling of what it rests on, and note before the stage from which it counts.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from mcred.dates import Days
from mcred.diagnostic import Pointer, Severity
from mcred.frameworks.language import Clause, Edition, Instrument, Line, Rulebook
from mcred.frameworks.requirements import ABSENT, TESTS, UNKNOWN, Answer, Missing, Result, Value, before, is_none
from mcred.frameworks.rules import PARAMETERS, RULES
from mcred.record import Record
from mcred.record.derived import TABLE, Derivation
from mcred.record.ledger import EVER, NO_HEAD, Act, bounds, ledger
from mcred.record.once import once_each
from mcred.record.view import Derived, View

CEILING = {
    "act": Severity.ERROR,
    "rule": Severity.ERROR,
    "published-requirement": Severity.ERROR,
    "policy": Severity.ERROR,
    "guidance": Severity.WARNING,
}
"""How grave a fault may be at most by what its clause rests on; anything else is a note."""

STAGES = {"draft": 0, "proposed": 0, "not-approved": 0, "withdrawn": 0, "unknown": 0, "submitted": 1, "approved": 2}


class Verdict(NamedTuple):
    """What a clause comes to: met, not-met, unknown, not-applicable, excepted, needs-judgement, not-seen or outside."""

    verdict: str
    because: str = ""
    editions: tuple[str, ...] = ()
    by: str = ""
    """Where the day came from: date, under, as-of or undated."""
    day: Days | None = None
    pointer: Pointer = Pointer()
    value: Any = None
    expected: str = ""
    severity: Severity | None = None
    last_known: bool = False
    act: str = ""
    guard: Mapping[str, Any] | None = None
    """The guard for which it does not apply, or for which nobody knows whether it does."""
    exception: Act | None = None
    """The decision that excepts from it."""


class Judged(NamedTuple):
    """A clause with its verdict, and with those of the policies that tighten it."""

    clause: Clause
    verdict: Verdict
    tighter: tuple[tuple[Clause, Verdict], ...] = ()


class Subject(NamedTuple):
    """What a clause is judged on: an act, or the record as a whole where none was taken yet."""

    days: Days
    by: str
    regime: Mapping[str, Any]
    """The regime, where the act is known by that alone."""
    act: Act | None
    fee: int | None = None
    """Of fees, which of the act's."""


@lru_cache(maxsize=1024)
def parts_of(at: str) -> tuple[str, ...]:
    """The parts of a clause's pointer."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in at.removeprefix("/").split("/"))


def of_the_act(parts: tuple[str, ...]) -> bool:
    """Whether a pointer is to a key of a decision as it is written; its date may have to be found."""
    return len(parts) == 3 and parts[:2] == ("decisions", "*") and parts[2] not in ("*", "date")


class Case:
    """A record with what it is judged by: the framework's clauses, the organisations, and a day for what is open."""

    def __init__(
        self,
        record: Record,
        book: Rulebook,
        organisations: Mapping[str, Mapping[str, Any]],
        as_of: date,
        rules_of: date | None = None,
        language: str = "",
        decided_by: date = date.max,
    ) -> None:
        self.record = record
        self.book = book
        self.organisations = organisations
        self.as_of = as_of
        self.rules_of = rules_of
        self.language = language
        """The first language of the catalogue, in which rules hold; where a text has none in it, its own first."""
        self.view = View(record, decided_by, book.data, organisations)
        """The record with all its decisions, whatever the day; or with those that were taken by one."""
        self.derived: Mapping[str, Derived] = Derivation(self.view)
        """The derived values with these decisions."""
        self._subjects: dict[str, list[Subject]] = {}
        self._on_days: dict[tuple[str, Days], Value] = {}
        self._derived: dict[tuple[str, ...], Value] = {}

    @cached_property
    def stage(self) -> str:
        """The stage, which says how grave a fault may be."""
        return str(self.derived["stage"].value) if "stage" in self.derived else "draft"

    # --- what a clause is judged on ---

    def subjects(self, governs: str) -> list[Subject]:
        """The acts of which a clause speaks; the record as it is asked about where the act was not taken yet."""
        if governs not in self._subjects:
            self._subjects[governs] = self._judged_on(governs)
        return self._subjects[governs]

    def _judged_on(self, governs: str) -> list[Subject]:
        if governs == "fees":
            return [fee for act in self.view.of("delivery-approved") for fee in self._fees(act)]
        if governs in _EACH:
            return [self.subject(act) for act in self.view.of(*_EACH[governs])]
        acts = self._governing(governs)
        return [self.subject(acts[-1]) if acts else self._without_act(governs)]

    def _without_act(self, governs: str) -> Subject:
        """What stands for an act that is not there: the day asked about, where it was not taken yet.

        What is approved was applied for, and a copy of what others publish knows of few acts: these were taken on some
        day that nobody recorded.
        """
        if self.rules_of is not None:
            return Subject(Days(self.rules_of, self.rules_of), "rules-of", {}, None)
        if self.stage == "approved" and governs == "application":
            return Subject(EVER, "undated", {}, None)
        if self.record.observed and self.stage in ("approved", "unknown"):
            return Subject(EVER, "undated", {}, None)
        return Subject(Days(self.as_of, self.as_of), "as-of", {}, None)

    def _governing(self, governs: str) -> list[Act]:
        """The acts of which the last is the one that a clause speaks of."""
        of = self.view.of
        if governs == "listing":
            return list(of("listed"))
        names = ("submitted", "applied") if governs == "application" else ("content-approved", "issued")
        found = [act for act in of(*names) if act.decision.get("for") != "delivery"]
        if governs == "application" and len(found) > 1:
            # A minor change has no application of its own: that of the approval before it counts.
            made = [act.get("version") for act in of("content-approved", "issued")]
            version = next((each for each in reversed(made) if each is not None), None)
            return [act for act in found if version is None or act.get("version") in (None, version)] or found
        return found

    def subject(self, act: Act) -> Subject:
        """An act as what a clause is judged on."""
        if self.rules_of is not None:
            return Subject(Days(self.rules_of, self.rules_of), "rules-of", {}, act)
        if act.get("date") is not None:
            return Subject(act.days, "date", {}, act)
        if act.get("under") is not None and act.days != EVER:
            return Subject(act.days, "under", self._regime(act), act)
        return Subject(EVER, "undated", {}, act)

    def _fees(self, act: Act) -> Iterator[Subject]:
        """The fees of an approval to deliver, each judged on the day from which it is charged."""
        for place, fee in enumerate(act.get("fees") or ()):
            own = self.subject(act)
            start = (fee.get("from") if isinstance(fee, dict) else None) or act.get("from")
            if start is not None and self.rules_of is None:
                own = own._replace(days=bounds(start), by="date", regime={})
            yield own._replace(fee=place)

    def _regime(self, act: Act) -> Mapping[str, Any]:
        found = self.book.data.get("regimes")
        return next((each for each in found or () if isinstance(each, dict) and each.get("id") == act.get("under")), {})

    # --- values ---

    def lacks(self, pointer: Pointer) -> bool:
        """Whether what is not at a pointer is missing: a draft or a copy may not know it, and a fault may hide it.

        Once something is decided about a record of one's own, what it says to be unknown is missing.
        """
        decided = bool(self.record.decisions) and not self.record.observed
        return self.record.known(pointer) or (decided and not self.record.spoilt(pointer))

    def values(self, at: str, where: Mapping[str, Any] | None, subject: Subject) -> list[Value]:
        """The values at a pointer of a clause: one, or one an item where it has `*`; none where there is no item."""
        parts = parts_of(at)
        if parts[0] == "derived":
            return [self.derived_value(parts[1:], subject)]
        if "*" not in parts:
            return [self._at(parts)]
        if subject.act is not None and where is None and of_the_act(parts):
            return [self._of_act(subject.act, parts[2])]
        found = [Value(Pointer(), self.record.data)]
        for place, part in enumerate(parts):
            if part != "*":
                found = [self._member(each, part) for each in found]
                continue
            chosen = None if "*" in parts[place + 1 :] else where
            found = [value for each in found for value in self._items(each, chosen, subject)]
        return [
            each._replace(value=self.in_first_language(each.value)) if isinstance(each.value, dict) else each
            for each in found
        ]

    def _at(self, parts: tuple[str, ...]) -> Value:
        """The value at a pointer that leads into no list."""
        value: Any = self.record.data
        for part in parts:
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            return Value(Pointer(parts), self.in_first_language(value))
        found = Value(Pointer(), self.record.data)
        for part in parts:
            found = self._member(found, part)
        # where the parent is absent too, the record may still say that it does not know the child
        return found._replace(value=UNKNOWN) if not self.lacks(Pointer(parts)) else found

    def in_first_language(self, value: Any) -> Any:
        """Of a text in several languages that in the first of the catalogue; anything else as it is."""
        return value[self.language] if isinstance(value, dict) and self.language in value else value

    def _items(self, at: Value, where: Mapping[str, Any] | None, subject: Subject) -> Iterator[Value]:
        if not isinstance(at.value, list):
            if at.value is UNKNOWN:
                yield at
            return
        decisions = at.pointer == ("decisions",)
        for place, item in self._decisions(subject) if decisions else enumerate(at.value):
            pointer = at.pointer / place
            if subject.fee is not None and at.pointer[2:] == ("fees",) and place != subject.fee:
                continue
            if item is None:
                yield Value(pointer, UNKNOWN)
            elif not where or all(isinstance(item, dict) and item.get(key) == value for key, value in where.items()):
                yield Value(pointer, item)

    def _decisions(self, subject: Subject) -> Iterator[tuple[int, Any]]:
        """The decisions that count, as later ones corrected them; of a clause judged on an act, that act alone.

        The day of one known by its regime is the regime's range of days.
        """
        for act in [subject.act] if subject.act is not None else self.view.acts:
            yield act.place, {**act.decision, "date": _day(act)}
        if subject.act is None:
            yield from ((place, None) for place, each in enumerate(self.record.decisions) if each is None)

    def _of_act(self, act: Act, key: str) -> Value:
        """The value of a key of the act that is judged."""
        value, pointer = act.decision.get(key), Pointer(("decisions", act.place, key))
        if value is not None:
            return Value(pointer, self.in_first_language(value))
        return Value(pointer, ABSENT if self.lacks(pointer) else UNKNOWN)

    def _member(self, at: Value, part: str) -> Value:
        pointer = at.pointer / part
        if isinstance(at.value, Missing):
            return Value(at.pointer, at.value)
        if isinstance(at.value, dict) and part in at.value and at.value[part] is not None:
            return Value(pointer, at.value[part])
        return Value(pointer, ABSENT if self.lacks(pointer) else UNKNOWN)

    def derived_value(self, parts: tuple[str, ...], subject: Subject) -> Value:
        """A derived value, and what lies below it in each of its items."""
        name = parts[0]
        if name in ("developer", "developer_types"):
            return self._on_the_day(name, subject.days)
        if name in ("funding", "fees") and subject.act is not None and subject.act.get("act") == "delivery-approved":
            return self._of_delivery(name, parts[1:], subject.act, subject.fee)
        if parts not in self._derived:
            self._derived[parts] = self._of_decisions(parts)
        found = self._derived[parts]
        undecided = name == "submitted_for" and subject.act is None and isinstance(found.value, Missing)
        if undecided and not self.record.observed:
            return Value(Pointer(), "change" if self.stage == "approved" else "new")
        return found

    def _of_decisions(self, parts: tuple[str, ...]) -> Value:
        """A derived value that all decisions together tell, whichever is judged."""
        if parts[0] not in self.derived:
            return Value(Pointer(), ABSENT)
        derived = self.derived[parts[0]]
        value, pointer = derived.value, derived.pointers[-1] if derived.pointers else Pointer()
        for part in parts[1:]:
            found = [each.get(part) for each in value or () if isinstance(each, dict)]
            value = None if any(each is None for each in found) else found
        if value is None:
            # an act of no known day was taken, so its day is not missing
            unknown = self.record.observed or bool(derived.pointers)
            return Value(pointer, UNKNOWN if unknown else ABSENT)
        return Value(pointer, value, derived.uncertain)

    def _of_delivery(self, name: str, parts: tuple[str, ...], act: Act, fee: int | None) -> Value:
        """The funds or the fees of one approval to deliver; of its fees the one that is judged."""
        value, pointer = act.get(name), act.pointer / name
        if value is None:
            return Value(act.pointer, UNKNOWN if self.record.observed else ABSENT)
        if name == "funding":
            funds = [each if isinstance(each, dict) else {"fund": each} for each in value]
            return Value(pointer, [each.get("fund") for each in funds if each.get("eligible") is not False])
        if fee is None or not parts:
            return Value(pointer, value)
        found, pointer = value[fee], pointer / fee
        for part in parts:
            found, pointer = found.get(part) if isinstance(found, dict) else None, pointer / part
        return Value(pointer, ABSENT if found is None else found)

    def _on_the_day(self, name: str, days: Days) -> Value:
        """The developer and its types on the day of the act; where the first and the last day differ, unknown."""
        if self._one_developer:
            return _of_developers(self.organisations)(name, self._one_developer, days)
        if (name, days) not in self._on_days:
            found = _throughout(name, days, self.record, self.book.data, self.organisations)
            if found.value is ABSENT and not self.lacks(Pointer(("developer",))):
                found = found._replace(value=UNKNOWN)
            self._on_days[name, days] = found
        return self._on_days[name, days]

    @cached_property
    def _one_developer(self) -> str:
        """The developer that the record has had on all its days; empty where it was handed over, or is not known."""
        own = self.record.data.get("developer")
        handed_over = "transferred" in ledger(self.record, self.view.head).by_name
        return own if isinstance(own, str) and not handed_over else ""


def _throughout(
    name: str,
    days: Days,
    record: Record,
    head: Mapping[str, Any],
    organisations: Mapping[str, Mapping[str, Any]],
) -> Value:
    """The developer of a record or its types, if they are the same on all of some days; absent where it names none."""
    ends = days[:1] if days.first == days.last else days
    first, *others = (TABLE[name].derive(View(record, day, head, organisations)) for day in ends)
    pointer = first.pointers[-1] if first.pointers else Pointer(("developer",))
    if first.value is None or first.uncertain or any(each.value != first.value for each in others):
        named = first.value is not None or record.data.get("developer") is not None
        return Value(pointer, UNKNOWN if named else ABSENT)
    return Value(pointer, first.value)


@once_each
def _of_developers(organisations: Mapping[str, Mapping[str, Any]]) -> Callable[[str, str, Days], Value]:
    """The same of a developer whose records nobody took over: found once for all of them."""

    @lru_cache(maxsize=4096)
    def on_days(name: str, developer: str, days: Days) -> Value:
        record = Record("micro-credential", "", {"developer": developer})
        return _throughout(name, days, record, NO_HEAD, organisations)

    return on_days


def _day(act: Act) -> Any:
    """The day of an act as it is written; of one known by its regime the range; else unknown."""
    if act.get("date") is not None:
        return act.get("date")
    if act.days == EVER:
        return UNKNOWN
    return f"{act.days.first.isoformat()}/{act.days.last.isoformat()}"


_EACH = {
    "delivery": ("delivery-approved",),
    "status": ("status-assigned",),
    "review": ("review-completed",),
}
"""What a clause governs that may have happened several times."""


def judge(clause: Clause, case: Case) -> Judged:
    """The verdict of a clause on a record."""
    verdict = _graded(_verdict(clause, case), clause, case)
    tighter = tuple((each, _graded(_verdict(each, case), each, case)) for each in clause.tightened_by)
    return Judged(clause, verdict, tighter)


def _verdict(clause: Clause, case: Case) -> Verdict:
    if not _about(clause, case):
        return Verdict("not-applicable", "other-kind" if case.stage != "removed" else "removed")
    found = [_of_subject(clause, case, subject) for subject in case.subjects(_governed(clause))]
    return _worst(found) if found else Verdict("not-applicable", "no-such-act")


def _about(clause: Clause, case: Case) -> bool:
    """Whether a clause is about records of this kind, and this one still stands in the register."""
    return case.record.kind in clause.get("kinds", ("micro-credential",)) and case.stage != "removed"


def _governed(clause: Clause) -> str:
    """What a clause speaks of: acts of one sort, or the record as a whole."""
    return str(clause.get("governs", "content"))


class Counting(NamedTuple):
    """An act, or the day asked about where none was taken, with the editions of rules that count for it."""

    act: str
    by: str
    day: Days
    rules: tuple[tuple[Instrument, Edition], ...]


def counting(case: Case) -> list[Counting]:
    """Which editions of which rules count for a record, act by act, the earliest first.

    They are those by which any clause that applies is judged; where several may have been in force on the day, all.
    """
    found: dict[tuple[str, str, Days], dict[str, tuple[Instrument, Edition]]] = {}
    for clause in (each for base in case.book.clauses for each in (base, *base.tightened_by)):
        if not _about(clause, case):
            continue
        for verdict in (_of_subject(clause, case, subject) for subject in case.subjects(_governed(clause))):
            if verdict.verdict in ("not-applicable", "outside") or verdict.day is None:
                continue
            rules, of = found.setdefault((verdict.act, verdict.by, verdict.day), {}), clause.instrument
            rules |= {each.id: (of, each) for each in of.editions if each.id in verdict.editions}
    return [Counting(*key, tuple(rules.values())) for key, rules in sorted(found.items(), key=_by_day)]


def _by_day(item: tuple[tuple[str, str, Days], object]) -> tuple[Days, str]:
    (act, _, days), _ = item
    return days, act


_ORDER = ("not-met", "unknown", "needs-judgement", "not-seen", "excepted", "met", "outside", "not-applicable")


def _worst(verdicts: list[Verdict]) -> Verdict:
    return verdicts[0] if len(verdicts) == 1 else min(verdicts, key=lambda verdict: _ORDER.index(verdict.verdict))


def _of_subject(clause: Clause, case: Case, subject: Subject) -> Verdict:
    guard = _guarded(clause, case, subject)
    if guard is not None:
        return guard
    if not_yet_set(clause, case, subject):
        return Verdict("not-applicable", "no-such-act")
    subject = value_subject(clause, case, subject)
    lines = candidates(clause, subject)
    act = str(subject.act.get("act")) if subject.act else ""
    if not any(line is not None and line.values is not None for line in lines):
        return Verdict("not-applicable", "no-edition", by=subject.by, day=subject.days, act=act)
    found = [
        _under(clause, case, subject, line)._replace(
            editions=(line.edition.id,) if line else (),
            last_known=bool(line and line.last_known),
            by=subject.by,
            day=subject.days,
            act=act,
        )
        for line in lines
    ]
    return _agreed(found, subject)


def _agreed(found: list[Verdict], subject: Subject) -> Verdict:
    """One answer where all editions give the same; else unknown, with the editions that differ."""
    if len(found) == 1:
        return found[0]
    editions = tuple(dict.fromkeys(name for each in found for name in each.editions))
    # Whichever edition counts, a clause that none of them applies does not apply, whatever the reason under each.
    answers = {(each.verdict, each.because if each.verdict != "not-applicable" else "") for each in found}
    if len(answers) == 1:
        return found[0]._replace(editions=editions)
    because = "edition-undecided" if subject.by == "undated" else "edition-uncertain"
    pointer = subject.act.pointer if subject.act else Pointer()
    return found[0]._replace(
        verdict="unknown", because=because, editions=editions, pointer=pointer, value=None, expected=""
    )


def _guarded(clause: Clause, case: Case, subject: Subject) -> Verdict | None:
    """Why a clause does not apply, or cannot be said to; None where it does."""
    if "when" not in clause.data and "unless" not in clause.data:
        return None
    open_guard = None
    for wanted, key in ((True, "when"), (False, "unless")):
        for guard in clause.get(key) or ():
            held = holds(guard, case, subject)
            if held is None:
                open_guard = open_guard or guard
            elif held is not wanted:
                return Verdict("not-applicable", "guard", guard=guard)
    return Verdict("unknown", "guard-unknown", guard=open_guard) if open_guard else None


def holds(guard: Mapping[str, Any], case: Case, subject: Subject) -> bool | None:
    """Whether a guard holds; None where nobody knows. Of a list one member is enough."""
    values = case.values(str(guard["at"]), guard.get("where"), subject)
    if "present" in guard:
        if any(not value.absent and not isinstance(value.value, Missing) for value in values):
            return bool(guard["present"])
        return None if any(value.value is UNKNOWN for value in values) else not guard["present"]
    found = [each for value in values if not isinstance(value.value, Missing) for each in _members(value.value)]
    if any(each in guard["one_of"] for each in found):
        return None if any(value.uncertain for value in values) else True
    return None if any(value.value is UNKNOWN or value.uncertain for value in values) else False


def _members(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def not_yet_set(clause: Clause, case: Case, subject: Subject) -> bool:
    """With `judged_on: value`, whether no decision has set the value, and none had to as yet."""
    if clause.get("judged_on") != "value" or case.stage == "approved":
        return False
    return all(value.absent for value in case.values(str(clause.get("at", "")), clause.get("where"), subject))


def value_subject(clause: Clause, case: Case, subject: Subject) -> Subject:
    """With `judged_on: value` the day is that of the decision that set the value."""
    if clause.get("judged_on") != "value" or case.rules_of is not None:
        return subject
    values = case.values(str(clause.get("at", "")), clause.get("where"), subject)
    for value in values:
        if value.pointer[:1] == ("decisions",) and len(value.pointer) > 1:
            act = next((act for act in case.view.acts if act.place == value.pointer[1]), None)
            if act is not None:
                return case.subject(act)
    return subject


def candidates(clause: Clause, subject: Subject) -> list[Line | None]:
    """The lines that may have been in force on the day of an act; None stands for a time before or after all of them.

    A month that is written as a regime's first or last day and as an edition's is the same unknown day of it: what ends
    then does not reach into what begins then.
    """
    lines = clause.lines
    if subject.by == "undated" or not lines:
        return list(lines)
    first, last = (_unknown_day(subject.regime.get(key)) for key in ("from", "until"))
    found: list[Line | None] = []
    for place, line in enumerate(lines):
        following = lines[place + 1].begins_text if place + 1 < len(lines) else ""
        ended = bool(first) and first in (line.ends_text, following)
        not_begun = bool(last) and last == line.begins_text
        if (
            subject.days.first <= line.ends.last
            and line.begins.first <= subject.days.last
            and not ended
            and not not_begun
        ):
            found.append(line)
    if subject.days.first < lines[0].begins.last and not (first and first == lines[0].begins_text):
        found.insert(0, None)
    if subject.days.last > lines[-1].ends.first and not (last and last == lines[-1].ends_text):
        found.append(None)
    return found


def _unknown_day(written: Any) -> str:
    """A date of which the day is not known, as it is written; empty for a full date."""
    when = bounds(written)
    return str(written) if written and when.first != when.last else ""


# --- how a clause is covered -----------------------------------------------------------------------------------------


def _under(clause: Clause, case: Case, subject: Subject, line: Line | None) -> Verdict:
    """What a clause comes to under one line, or under none."""
    if line is None or line.values is None:
        return Verdict("not-applicable", "no-edition")
    covered_by = clause.covered_by
    if covered_by == "judgement":
        return _judgement(clause, case, subject)
    if covered_by in ("not-seen", "outside"):
        return Verdict(covered_by)
    if unpublished(clause, line):
        return Verdict("unknown", "value-not-published")
    return _told(results(clause, case, subject, line.asked), clause, case, subject)


def unpublished(clause: Clause, line: Line) -> bool:
    """Whether what is asked for exists, but its value was not published."""
    if line.unpublished or clause.covered_by != "rule":
        return line.unpublished
    return any(line.asked.get(parameter) in (None, "unknown") for parameter in PARAMETERS[str(clause.get("rule"))])


def results(clause: Clause, case: Case, subject: Subject, asked: Mapping[str, Any]) -> list[Result]:
    """What the test or the rule of a clause says of each value."""
    if clause.covered_by != "rule":
        return _requirement(clause, case, subject, asked)
    lacking = _without(clause, case, subject)
    return [lacking] if lacking else list(RULES[str(clause.get("rule"))](case, subject, asked))


def _judgement(clause: Clause, case: Case, subject: Subject) -> Verdict:
    """A question for a person, and where the evidence lies."""
    at = clause.get("at")
    found = case.values(str(at), clause.get("where"), subject) if at else []
    there = [value for value in found if not isinstance(value.value, Missing) and not value.absent]
    pointer = there[0].pointer if there else Pointer()
    return Verdict("needs-judgement", "" if there else "no-evidence", pointer=pointer)


def _without(clause: Clause, case: Case, subject: Subject) -> Result | None:
    """What a rule cannot be judged without, where the record does not have it."""
    for at in clause.get("unknown_without") or ():
        for value in case.values(str(at), None, subject):
            if isinstance(value.value, Missing):
                return Result(Answer.UNKNOWN, value, "", "value-unknown")
    return None


def _requirement(clause: Clause, case: Case, subject: Subject, asked: Mapping[str, Any]) -> list[Result]:
    if "at_any_of" in clause.data:
        return [_any_of(clause, case, subject, asked)]
    values = case.values(str(asked["at"]), asked.get("where"), subject)
    if not values:
        container = Pointer(str(asked["at"]).split("/*")[0].removeprefix("/").split("/"))
        known = case.lacks(container)
        value = Value(container, ABSENT if known else UNKNOWN)
        return [
            Result(Answer.NOT_MET if known else Answer.UNKNOWN, value, _asks(asked), "" if known else "value-unknown")
        ]
    return [_tested(value, case, subject, asked) for value in values]


def _any_of(clause: Clause, case: Case, subject: Subject, asked: Mapping[str, Any]) -> Result:
    """One of several places is enough."""
    found = [
        _tested(value, case, subject, asked)
        for at in clause.data["at_any_of"]
        for value in case.values(str(at), asked.get("where"), subject)
    ]
    for answer in (Answer.MET, Answer.UNKNOWN, Answer.NOT_MET):
        for result in found:
            if result.answer is answer:
                return result
    return Result(Answer.NOT_MET, Value(Pointer(), ABSENT), _asks(asked))


COUNTS_WHAT_IS_ABSENT = ("forbidden-words", "count")
"""Tests that what is not there may pass too: it has no forbidden word, and counts as none."""


def _tested(value: Value, case: Case, subject: Subject, asked: Mapping[str, Any]) -> Result:
    if value.value is UNKNOWN or value.uncertain:
        return Result(Answer.UNKNOWN, value, _asks(asked), "value-unknown")
    test = str(asked["test"])
    if value.value is ABSENT and test not in (*COUNTS_WHAT_IS_ABSENT, "before"):
        return Result(Answer.NOT_MET, value, _asks(asked))
    if test != "before":
        none = value._replace(value=[]) if value.value is ABSENT else value
        return TESTS[test].result(none, asked)
    other = _other(case, subject, asked["before"])
    if other.value is UNKNOWN or other.uncertain:
        return Result(Answer.UNKNOWN, value, "", "value-unknown")
    return before(value, other, asked)


def _other(case: Case, subject: Subject, other: Any) -> Value:
    """What a day is compared with: another value, or the first day of an edition."""
    if isinstance(other, dict):
        edition = case.book.edition(str(other.get("edition_start")))
        return Value(Pointer(), edition.begins_text if edition else ABSENT)
    found = case.values(str(other), None, subject)
    return found[0] if found else Value(Pointer(), ABSENT)


def _asks(asked: Mapping[str, Any]) -> str:
    """What a test asks for, in words, where there is no value to test."""
    test = str(asked.get("test", ""))
    if test in TESTS and test not in ("present", "count"):
        return TESTS[test].in_words("", asked)
    return ""


def _told(found: list[Result], clause: Clause, case: Case, subject: Subject) -> Verdict:
    """The results of a clause's values as one verdict: a fault before what is unknown, that before what is met."""
    for answer in (Answer.NOT_MET, Answer.UNKNOWN, Answer.MET):
        for result in found:
            if result.answer is answer:
                value = None if isinstance(result.value.value, Missing) else result.value.value
                made = Verdict(
                    answer.value, result.because, pointer=result.value.pointer, value=value, expected=result.expected
                )
                return _answered(made, clause, case, subject) if answer is Answer.NOT_MET else made
    return Verdict("not-applicable", "no-value")


def _answered(verdict: Verdict, clause: Clause, case: Case, subject: Subject) -> Verdict:
    """A fault that an exception or a justification answers."""
    if exception := _exception(clause, case, subject):
        return verdict._replace(verdict="excepted", exception=exception)
    for at in clause.get("answered_by") or ():
        answers = [v for v in case.values(str(at), None, subject) if not v.absent and not isinstance(v.value, Missing)]
        if answers and not is_none(answers[0].value):
            return verdict._replace(verdict="needs-judgement", because="answered", pointer=answers[0].pointer)
    return verdict


def _exception(clause: Clause, case: Case, subject: Subject) -> Act | None:
    """The exception that answers a clause: for what was decided before the next significant change.

    The content approval that bears that change's version belongs to the change, and so needs an exception of its own.
    """
    excepted = [act for act in case.view.of("excepted") if act.get("clause") == clause.id]
    if not excepted:
        return None
    significant = {act.get("version") for act in case.view.of("changed") if act.get("kind") == "significant"}
    renewed = [act for act in case.view.of("content-approved") if act.get("version") in significant]
    for act in excepted:
        if act.get("delivery") is not None and (subject.act is None or act.get("delivery") != subject.act.get("id")):
            continue
        ends = next((later for later in renewed if later.days.first > act.days.last), None)
        if ends is None or (subject.act is not None and subject.act.days.last < ends.days.first):
            return act
    return None


# --- how grave it is -------------------------------------------------------------------------------------------------


def _rank(severity: Severity) -> int:
    return severity.rank


def _graded(verdict: Verdict, clause: Clause, case: Case) -> Verdict:
    """The verdict with its severity; only a fault and what is unknown have one."""
    if verdict.verdict == "unknown":
        return verdict._replace(severity=Severity.NOTE)
    if verdict.verdict != "not-met":
        return verdict
    early = STAGES.get(case.stage, 0) < STAGES[str(clause.get("from_stage", "submitted"))]
    if early or (verdict.by == "as-of" and any(True for _ in case.view.of("content-approved"))):
        return verdict._replace(severity=Severity.NOTE)
    grades = Severity(str(clause.get("severity", "error"))), CEILING.get(clause.basis, Severity.NOTE)
    return verdict._replace(severity=max(grades, key=_rank))
