"""What is wrong in the file of a framework or a policy beyond its shape.

Whoever writes such a file writes no code, so what could never hold, or would silently hold for nothing, is a finding:
a place that no record has, a value that no field can have, an edition of another instrument, editions that overlap, a
pattern that could run for ever, a policy that allows more than its framework.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from mcred.dates import Days
from mcred.diagnostic import Anchor, Finding, Fix, Pointer, Related
from mcred.frameworks.head import Framework
from mcred.frameworks.language import Instrument, Line, instruments, lines
from mcred.frameworks.patterns import refusal
from mcred.frameworks.places import NoPlace, Place, Shaped, place
from mcred.frameworks.rules import PARAMETERS, RULES
from mcred.record import Record
from mcred.record.facts import Reference
from mcred.record.ledger import bounds
from mcred.text import closest, did_you_mean, one_of

Item = tuple[Pointer, dict[str, Any]]
"""A map of the file, and where it stands."""


class Known(NamedTuple):
    """What a framework's file is held against."""

    shape: Callable[[str], Shaped]
    """The shape of a kind of record."""
    frameworks: Mapping[str, Framework]
    """The frameworks that there are, by id."""
    policies: Collection[str] = ()
    """The ids of the catalogue's policies."""


def framework_faults(record: Record, known: Known) -> Iterator[Finding]:
    """The findings of a framework's or a policy's file."""
    file = _File(record, known)
    yield from _layer(file)
    yield from _periods(file)
    yield from _editions(file)
    yield from _head(file)
    for at, clause in file.clauses:
        if "tightens" in clause:
            yield from _tightening(file, at, clause)
        else:
            yield from _clause(file, at, clause)


def framework_references(record: Record, known: Known) -> Iterator[Reference]:
    """The records that guards of a framework's file name: a developer that is misspelt would be no developer at all."""
    file = _File(record, known)
    for pointer, guard, kinds in _guards(file):
        found = _found(file, guard.get("at"), kinds)
        for number, value in enumerate(guard.get("one_of") or ()):
            if found is not None and found.names and isinstance(value, str):
                yield Reference((*pointer, "one_of", number), value, found.names, "")


class _File:
    """The data of a file with what it is held against; lists may have gaps where the shape is wrong."""

    def __init__(self, record: Record, known: Known) -> None:
        self.record = record
        self.data = record.data
        self.known = known
        extends = self.data.get("extends")
        self.extends = extends if isinstance(extends, str) else None
        base = known.frameworks.get(self.extends or "")
        self.base = base.head if base is not None else None
        """The data of the framework of a policy, where it is known."""
        self.instruments = _sound(self.data)
        self.clauses = list(_items(self.data, Pointer(), "clauses"))

    @property
    def typed(self) -> dict[str, Any]:
        """The levels, statuses and regimes of the framework; None where they are not known."""
        head = self.base if self.base is not None else self.data
        levels, regimes = head.get("levels"), head.get("regimes")
        return {
            "levels": levels.get("values") if isinstance(levels, dict) else None,
            "statuses": head.get("statuses"),
            "regimes": [each.get("id") for each in regimes if isinstance(each, dict)]
            if isinstance(regimes, list)
            else None,
        }


def _items(data: Mapping[str, Any], at: Pointer, name: str) -> Iterator[Item]:
    """The maps of a list of the data, each with its pointer."""
    found = data.get(name)
    for number, each in enumerate(found if isinstance(found, list) else ()):
        if isinstance(each, dict):
            yield at / name / number, each


def _sound(data: Mapping[str, Any]) -> dict[str, Instrument]:
    """The instruments of a file without what is at fault in them."""
    found = []
    for _, instrument in _items(data, Pointer(), "instruments"):
        editions = [edition for _, edition in _items(instrument, Pointer(), "editions") if "id" in edition]
        if "id" in instrument:
            found.append({**instrument, "editions": editions})
    return instruments({"instruments": found})


# --- framework or policy ---------------------------------------------------------------------------------------------

OF_FRAMEWORKS = (
    *("countries", "relations", "bodies", "levels", "hours_per_credit", "statuses", "first_status", "review"),
    *("review_questions", "significant_changes", "class_statements", "transitions", "regimes"),
)
"""What a framework alone says; a policy would say it in vain."""


def _layer(file: _File) -> Iterator[Finding]:
    """A policy says what it is a layer on and adds clauses; a framework stands alone."""
    if file.extends is None:
        if "applies_to" in file.data and file.record.known(Pointer(("extends",))):
            yield Finding(
                Pointer(("applies_to",)),
                "'applies_to' belongs to a policy; this file is a framework, since it has no 'extends'",
                rule="wrong-variant",
                anchor=Anchor.KEY,
                hint="name the framework that the policy is a layer on: `extends: …`",
            )
        return
    if file.extends in file.known.policies or file.extends == file.record.id:
        yield Finding(
            Pointer(("extends",)),
            "'{target}' is a policy; a policy is a layer on a framework",
            rule="reference-to-wrong-kind",
            hint="name the framework itself; several policies may lie on one",
            target=file.extends,
        )
    for name in OF_FRAMEWORKS:
        if name in file.data:
            yield Finding(
                Pointer((name,)),
                "'{name}' belongs to a framework; this file is a policy, since it has 'extends'",
                rule="wrong-variant",
                anchor=Anchor.KEY,
                hint="a policy adds clauses and tightens those of its framework; the rest is the framework's",
                related=(Related("it is a policy by this", Pointer(("extends",)), anchor=Anchor.KEY),),
                name=name,
            )


# --- days ------------------------------------------------------------------------------------------------------------


def _periods(file: _File) -> Iterator[Finding]:
    """Whatever has a first and a last day ends after it begins."""
    pending: list[tuple[Pointer, Any]] = [(Pointer(), file.data)]
    while pending:
        at, value = pending.pop()
        if isinstance(value, list):
            pending += [(at / number, each) for number, each in enumerate(value)]
        elif isinstance(value, dict):
            pending += [(at / str(key), each) for key, each in value.items()]
            for start, end in (("from", "until"), ("approved_from", "approved_until")):
                if _dated(value, start) and _dated(value, end) and _day(value, end).last < _day(value, start).first:
                    yield Finding(
                        at / end,
                        "this ends before it begins",
                        rule="edition-order",
                        hint="one of the two days is mistyped",
                        related=(Related("it begins here", at / start),),
                    )


def _dated(value: Mapping[str, Any], key: str) -> bool:
    return isinstance(value.get(key), int | str)


def _day(value: Mapping[str, Any], key: str) -> Days:
    return bounds(value.get(key))


def _editions(file: _File) -> Iterator[Finding]:
    """The editions of an instrument follow each other; the ids of editions are unique in the file."""
    first: dict[str, Pointer] = {}
    of_base = {e.id: e for i in _sound(file.base or {}).values() for e in i.editions}
    for at, instrument in _items(file.data, Pointer(), "instruments"):
        if file.base is not None and instrument.get("id") in _sound(file.base):
            yield _taken(at / "id", str(instrument["id"]), "instrument", file)
        for pointer, edition in _items(instrument, at, "editions"):
            name = edition.get("id")
            if name in of_base:
                yield _taken(pointer / "id", str(name), "edition", file)
            elif isinstance(name, str) and first.setdefault(name, pointer / "id").parent.parent != pointer.parent:
                yield Finding(
                    pointer / "id",
                    "the edition '{name}' stands twice in this file",
                    rule="duplicate-item",
                    label="second",
                    hint="give this edition an id of its own, such as that of its instrument and a year",
                    related=(Related("first here", first[name]),),
                    name=name,
                )
        yield from _following(file, list(_items(instrument, at, "editions")))


def _taken(pointer: Pointer, name: str, noun: str, file: _File) -> Finding:
    return Finding(
        pointer,
        "'{name}' is an {noun} of {framework}",
        rule="duplicate-item",
        hint="give the policy's own an id of its own",
        name=name,
        noun=noun,
        framework=file.extends,
    )


def _following(file: _File, editions: list[Item]) -> Iterator[Finding]:
    """One edition follows the other; only of the first nobody needs to know when it began."""
    dated = [item for number, item in enumerate(editions) if number == 0 or _dated(item[1], "from")]
    for at, edition in editions[1:]:
        if not _dated(edition, "from") and _untouched(file, at, "from"):
            yield Finding(
                at / "id",
                "'{name}' does not say when it begins",
                rule="edition-order",
                hint="add `from`; only the first of the editions may leave it open",
                name=edition.get("id"),
            )
    for (at, earlier), (pointer, later) in pairwise(sorted(dated, key=lambda item: _day(item[1], "from").first)):
        if str(later.get("from")) == str(earlier.get("from")):
            yield Finding(
                pointer / "from",
                "'{later}' begins when '{earlier}' does",
                rule="edition-order",
                hint="editions follow each other; what holds beside another is an instrument of its own",
                related=(Related("the other edition", at / "id"),),
                later=later.get("id"),
                earlier=earlier.get("id"),
            )
        elif _dated(earlier, "until") and _day(earlier, "until").first >= _day(later, "from").last:
            yield Finding(
                pointer / "from",
                "'{later}' begins before '{earlier}' has ended",
                rule="edition-order",
                hint="an edition ends the day before the next begins; a month not known closer stands in both places",
                related=(Related("it ends here", at / "until"),),
                later=later.get("id"),
                earlier=earlier.get("id"),
            )


# --- the head --------------------------------------------------------------------------------------------------------


def _head(file: _File) -> Iterator[Finding]:
    """The first status is one of the statuses; what the head says of places and conditions can be so."""
    statuses, first = file.data.get("statuses"), file.data.get("first_status")
    if isinstance(statuses, list) and isinstance(first, str) and first not in (*statuses, "unknown"):
        yield Finding(
            Pointer(("first_status",)),
            "'{value}' is none of the statuses" + did_you_mean(first, map(str, statuses)),
            rule="not-allowed-value",
            hint=f"'statuses' has {one_of(statuses)}",
            value=first,
        )
    for pointer, guard, kinds in _guards(file):
        yield from _guard(file, pointer, guard, kinds)
    for at, change in _items(file.data, Pointer(), "significant_changes"):
        yield from _place(file, at / "at", change.get("at"), _kinds(change))
    for at, transition in _items(file.data, Pointer(), "transitions"):
        for pointer, due in _items(transition, at, "due"):
            yield from _place(file, pointer / "at", due.get("at"), _kinds({**transition, **due}))


def _kinds(value: Mapping[str, Any]) -> tuple[str, ...]:
    found = value.get("kinds")
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ("micro-credential",)


EVERY_KIND = ("micro-credential", "training-scheme", "equivalency")


def _guards(file: _File) -> Iterator[tuple[Pointer, dict[str, Any], tuple[str, ...]]]:
    """Every guard of the file, with the kinds of record that it looks at."""
    applies = file.data.get("applies_to")
    if isinstance(applies, dict):
        yield Pointer(("applies_to",)), applies, EVERY_KIND
    holders = [(at, clause, _kinds(clause)) for at, clause in file.clauses]
    holders += [(at, each, EVERY_KIND) for at, each in _items(file.data, Pointer(), "class_statements")]
    for at, transition in _items(file.data, Pointer(), "transitions"):
        for pointer, wording in _items(transition, at, "wordings"):
            holders += [(case, each, _kinds(transition)) for case, each in _items(wording, pointer, "cases")]
    for at, holder, kinds in holders:
        for name in ("when", "unless"):
            for pointer, guard in _items(holder, at, name):
                yield pointer, guard, kinds


def _guard(file: _File, at: Pointer, guard: dict[str, Any], kinds: tuple[str, ...]) -> Iterator[Finding]:
    """A guard looks at a place that there is, for values that may stand there."""
    if "one_of" in guard and "present" in guard:
        yield Finding(
            at / "present",
            "a guard says 'one_of' or 'present', not both",
            rule="wrong-variant",
            anchor=Anchor.KEY,
            hint="`present: true` holds for any value",
        )
    elif not {"one_of", "present"} & guard.keys() and _untouched(file, at, "one_of", "present"):
        yield _absent(at, "one_of", "the values for which this guard holds, or `present: true` for any", "guard")
    yield from _where(file, at, guard, kinds)
    yield from _place(file, at / "at", guard.get("at"), kinds)
    found = _found(file, guard.get("at"), kinds)
    if found is not None:
        yield from _values(file, at / "one_of", guard.get("one_of"), found)


def _untouched(file: _File, at: Pointer, *names: str) -> bool:
    """Whether keys that are not there were not there from the first, and not taken out because they are at fault."""
    return all(file.record.known(at / name) for name in names)


def _absent(at: Pointer, field: str, why: str, whole: str) -> Finding:
    return Finding(
        at,
        "missing '{field}': {why}",
        rule="missing-field",
        anchor=Anchor.MISSING,
        label=f"this {whole} has no '{field}'",
        field=field,
        why=why,
    )


# --- places ----------------------------------------------------------------------------------------------------------


def _found(file: _File, at: Any, kinds: tuple[str, ...]) -> Place | None:
    try:
        return place(at, kinds, file.known.shape) if isinstance(at, str) else None
    except NoPlace:
        return None


def _place(file: _File, pointer: Pointer, at: Any, kinds: tuple[str, ...]) -> Iterator[Finding]:
    """A place that a clause looks at is one that records have."""
    if not isinstance(at, str):
        return
    try:
        place(at, kinds, file.known.shape)
    except NoPlace as none:
        near = none.near.replace("{", "{{").replace("}", "}}")
        yield Finding(
            pointer,
            "no {kinds} has a place '{at}'" + near,
            rule="unknown-field",
            hint=none.hint or "a place begins at the record's root, with '/' between fields",
            kinds=" or ".join(kinds),
            at=at,
        )


def _values(file: _File, pointer: Pointer, values: Any, found: Place) -> Iterator[Finding]:
    """Values that are asked for may stand there, or nothing would ever have them."""
    for number, value in enumerate(values if isinstance(values, list) else ()):
        yield from _value(file, pointer / number, value, found)


def _value(file: _File, pointer: Pointer, value: Any, found: Place) -> Iterator[Finding]:
    allowed = found.allowed(file.typed)
    if allowed is None or any(type(each) is type(value) and each == value for each in allowed):
        return
    words = [str(each).lower() if isinstance(each, bool) else str(each) for each in allowed]
    quoted = isinstance(value, str) and value in words
    yield Finding(
        pointer,
        "'{value}' can never stand there" + ("" if quoted else did_you_mean(str(value), words)),
        rule="not-allowed-value",
        hint="write it without quotes" if quoted else f"what may stand there is {one_of(words, 30)}",
        value=value,
    )


def _where(file: _File, at: Pointer, holder: Mapping[str, Any], kinds: tuple[str, ...]) -> Iterator[Finding]:
    """`where` chooses among the items that `*` stands for, by fields that they have."""
    where = holder.get("where")
    if not isinstance(where, dict):
        return
    places = [each for each in (holder.get("at"), *(holder.get("at_any_of") or ())) if isinstance(each, str)]
    lists = [each[: each.rindex("*") + 1] for each in places if "*" in each.split("/")]
    if places and not lists:
        yield Finding(
            at / "where",
            "'where' chooses among the items of a list, and no '*' stands for any here",
            rule="wrong-variant",
            anchor=Anchor.KEY,
            hint="write `*` in the place, such as /subjects/*/code, or use `when`",
        )
    for key, value in where.items():
        for each in lists:
            field = f"{each}/{key}"
            yield from _place(file, at / "where" / key, field, kinds)
            found = _found(file, field, kinds)
            if found is not None:
                yield from _value(file, at / "where" / key, value, found)


# --- clauses ---------------------------------------------------------------------------------------------------------


def _clause(file: _File, at: Pointer, clause: dict[str, Any]) -> Iterator[Finding]:
    """A clause of the file's own."""
    if "covered_by" not in clause:
        yield from _uncovered(file, at, clause)
        return
    kinds = _kinds(clause)
    yield from _where(file, at, clause, kinds)
    if clause["covered_by"] == "requirement":
        yield from _requirement(file, at, clause)
    elif clause["covered_by"] == "rule":
        yield from _rule(file, at, clause)
    for name in ("at_any_of", "answered_by", "unknown_without"):
        for number, each in enumerate(clause.get(name) or ()):
            yield from _place(file, at / name / number, each, kinds)
    yield from _place(file, at / "at", clause.get("at"), kinds)
    yield from _lines(file, at, clause)
    for pointer, line in _items(clause, at, "values"):
        yield from _arguments(file, pointer, line, str(clause.get("test", "")))
        for each in (clause.get("at"), *(clause.get("at_any_of") or ())):
            found = _found(file, each, kinds)
            if found is not None and clause.get("test") == "one-of":
                yield from _values(file, pointer / "one_of", line.get("one_of"), found)


OF_CLAUSES = (
    *("id", "summary", "tightens", "instrument", "citation", "basis", "source", "rows", "kinds", "governs"),
    *("judged_on", "from_stage", "severity", "when", "unless", "covered_by", "test", "rule", "question", "because"),
    *("at", "at_any_of", "where", "before", "same_day", "none_counts", "values", "answered_by"),
    *("unknown_without", "remarks"),
)
"""The keys that some clause may have."""


def _uncovered(file: _File, at: Pointer, clause: dict[str, Any]) -> Iterator[Finding]:
    """A clause says how it is covered; without that nothing of it can be judged."""
    absent = [name for name in OF_CLAUSES if name not in clause]
    meant = False
    for name in clause:
        if name in OF_CLAUSES or name.startswith("x-"):
            continue
        near = closest(name, absent)
        meant = meant or near in ("covered_by", "tightens")
        yield Finding(
            at / name,
            "unknown field '{name}'" + ("; did you mean '{near}'?" if near else ""),
            rule="unknown-field",
            anchor=Anchor.KEY,
            label="not a field of a clause",
            fix=Fix("rename", at / name, near) if near else None,
            name=name,
            near=near,
        )
    if not meant and file.record.known(at / "covered_by"):
        yield _absent(
            at, "covered_by", "how it is dealt with: requirement, rule, judgement, not-seen or outside", "clause"
        )


def _requirement(file: _File, at: Pointer, clause: dict[str, Any]) -> Iterator[Finding]:
    """A requirement looks at one place, or at any of several; a day comes before another."""
    if "at" in clause and "at_any_of" in clause:
        yield Finding(
            at / "at_any_of",
            "a requirement looks 'at' one place or 'at_any_of' several, not both",
            rule="wrong-variant",
            anchor=Anchor.KEY,
            hint="delete one of the two",
        )
    elif not {"at", "at_any_of"} & clause.keys() and _untouched(file, at, "at", "at_any_of"):
        yield _absent(at, "at", "the place that is tested", "requirement")
    before = clause.get("before")
    yield from _place(file, at / "before", before, _kinds(clause))
    if isinstance(before, dict) and isinstance(before.get("edition_start"), str):
        name = before["edition_start"]
        ids = [e.id for i in (*file.instruments.values(), *_sound(file.base or {}).values()) for e in i.editions]
        if name not in ids and not _incomplete(file, "instruments"):
            yield Finding(
                at / "before" / "edition_start",
                "no edition '{name}' in this file" + did_you_mean(name, ids),
                rule="broken-reference",
                hint="the ids of editions are meant here",
                name=name,
            )


def _incomplete(file: _File, name: str) -> bool:
    """Whether something in a list is at fault, so that what is not found there may be in what was taken out."""
    return any(pointer[:1] == (name,) for pointer in file.record.touched)


def _rule(file: _File, at: Pointer, clause: dict[str, Any]) -> Iterator[Finding]:
    """A named rule is one that the program has, and is given what it needs, spelt as it knows it."""
    name = clause.get("rule")
    if not isinstance(name, str):
        return
    if name not in RULES:
        yield Finding(
            at / "rule",
            "no rule '{name}'" + did_you_mean(name, RULES),
            rule="not-allowed-value",
            hint=f"the rules are {one_of(sorted(RULES), 30)}",
            name=name,
        )
    needed = PARAMETERS.get(name, ())
    for pointer, line in _items(clause, at, "values"):
        meant = set()
        for key in line:
            others = [each for each in (*OF_LINES, *needed) if each not in line]
            near = closest(key, others) if key not in (*OF_LINES, *needed) else None
            if near:
                meant.add(near)
                yield Finding(
                    pointer / key,
                    "unknown field '{name}'; did you mean '{near}'?",
                    rule="unknown-field",
                    anchor=Anchor.KEY,
                    fix=Fix("rename", pointer / key, near),
                    name=key,
                    near=near,
                )
        if not any(line.get(each) == "unknown" for each in needed):
            for each in needed:
                if each not in line and each not in meant and _untouched(file, pointer, each):
                    yield _absent(pointer, each, f"the rule '{name}' needs it; `unknown` where it is not known", "line")


# --- values, edition by edition --------------------------------------------------------------------------------------

OF_LINES = ("edition", "from", "from_is", "from_source", "checked", "source", "rows", "remarks")
"""The keys that every line of values may have; the others are arguments of the test or parameters of the rule."""

ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "present": (),
    "one-of": ("one_of",),
    "range": ("min", "max"),
    "pattern": ("pattern", "expected"),
    "count": ("min", "max"),
    "forbidden-words": ("words",),
    "before": (),
}
"""What a line may give each test."""


def _lines(file: _File, at: Pointer, clause: dict[str, Any]) -> Iterator[Finding]:
    """Each line is about an edition of the clause's own instrument, once, from a day on which that is in force."""
    instrument = file.instruments.get(str(clause.get("instrument")))
    seen: dict[tuple[str, str], Pointer] = {}
    for pointer, line in _items(clause, at, "values"):
        name, start = str(line.get("edition")), str(line.get("from", ""))
        first = seen.setdefault((name, start), pointer)
        if first != pointer:
            yield Finding(
                pointer / "edition",
                "'{name}' has two lines that begin on the same day",
                rule="duplicate-item",
                label="second",
                hint="a later line of one edition says `from` which day it holds",
                related=(Related("first here", first / "edition"),),
                name=name,
            )
        edition = next((each for each in instrument.editions if each.id == name), None) if instrument else None
        other = next((i.id for i in file.instruments.values() for e in i.editions if e.id == name), None)
        if instrument is not None and edition is None and other is not None:
            yield Finding(
                pointer / "edition",
                "'{name}' is an edition of '{other}'; this clause is one of '{instrument}'",
                rule="broken-reference",
                hint=f"its editions are {one_of(e.id for e in instrument.editions)}",
                related=(Related("the instrument of the clause", at / "instrument"),),
                name=name,
                other=other,
                instrument=instrument.id,
            )
        if edition is not None and start:
            day = bounds(line["from"])
            if day.last < edition.begins.first or day.first > edition.ends.last:
                yield Finding(
                    pointer / "from",
                    "this day lies outside the edition '{name}'",
                    rule="edition-order",
                    hint="a line holds from a day inside its edition; what came later is an edition of its own",
                    name=name,
                )


def _arguments(file: _File, pointer: Pointer, line: dict[str, Any], test: str) -> Iterator[Finding]:
    """What a line gives its test can be met."""
    least, most = line.get("min"), line.get("max")
    if test in ("range", "count"):
        if not {"min", "max"} & line.keys():
            if _untouched(file, pointer, "min", "max"):
                yield _absent(pointer, "min", "the least or, in 'max', the most that is allowed; or `unknown`", "line")
        elif isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield Finding(
                pointer / "max",
                "'max' is {most}, and 'min' is {least}: nothing lies between",
                rule="out-of-range",
                hint="the two are probably the wrong way round",
                related=(Related("'min' is here", pointer / "min"),),
                least=least,
                most=most,
            )
    pattern = line.get("pattern")
    if test == "pattern" and isinstance(pattern, str) and pattern != "unknown":
        refused = refusal(pattern)
        if refused is not None:
            yield Finding(
                pointer / "pattern",
                "the pattern {why}",
                rule="pattern-not-allowed",
                hint=refused.advice,
                why=refused.why,
            )


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# --- clauses that tighten --------------------------------------------------------------------------------------------

OF_TIGHTENING = (
    "id",
    "tightens",
    "summary",
    "instrument",
    "citation",
    "severity",
    "values",
    "source",
    "rows",
    "remarks",
)


def _tightening(file: _File, at: Pointer, clause: dict[str, Any]) -> Iterator[Finding]:
    """A clause that tightens another has values of its own, and nothing else of what it judges by."""
    name = clause["tightens"]
    if file.extends is None:
        if not file.record.known(Pointer(("extends",))):
            return
        yield Finding(
            at / "tightens",
            "only a clause of a policy tightens another; this file has no 'extends'",
            rule="wrong-variant",
            anchor=Anchor.KEY,
            hint="in a framework, change the clause itself",
        )
        return
    for key in clause:
        if key in OF_TIGHTENING or key.startswith("x-"):
            continue
        near = closest(key, [each for each in OF_TIGHTENING if each not in clause]) if key not in OF_CLAUSES else None
        yield Finding(
            at / key,
            ("unknown field '{name}'" + ("; did you mean '{near}'?" if near else ""))
            if key not in OF_CLAUSES
            else "'{name}' is that of '{base}', which this clause tightens",
            rule="unknown-field" if key not in OF_CLAUSES else "wrong-variant",
            anchor=Anchor.KEY,
            hint="" if near else "place, test, guard and stage are those of that clause; delete it here",
            fix=Fix("rename", at / key, near) if near else None,
            name=key,
            near=near,
            base=name,
        )
    yield from _lines(file, at, clause)
    if file.base is None:
        return
    clauses = {f"{file.extends}.{each.get('id')}": each for _, each in _items(file.base, Pointer(), "clauses")}
    base = clauses.get(name)
    if base is None:
        yield Finding(
            at / "tightens",
            "no clause '{name}'" + did_you_mean(name, clauses),
            rule="broken-reference",
            hint=f"a clause of {file.extends} is meant; `mcred frameworks show {file.extends}` lists them",
            name=name,
        )
    elif base.get("covered_by") not in ("requirement", "rule"):
        yield Finding(
            at / "tightens",
            "'{name}' has no values to tighten: it is covered by {how}",
            rule="wrong-variant",
            hint="write a clause of the policy's own",
            name=name,
            how=base.get("covered_by"),
        )
    else:
        if "values" not in clause and file.record.known(at / "values"):
            yield _absent(at, "values", "what it asks instead, a line for each edition", "clause")
        for pointer, line in _items(clause, at, "values"):
            yield from _of_test(file, pointer, line, base)
            yield from _arguments(file, pointer, line, str(base.get("test", "")))
        yield from _wider(file, at, clause, name, base)


_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "min": (_number, "a number"),
    "max": (_number, "a number"),
    "one_of": (lambda value: isinstance(value, list), "a list"),
    "words": (lambda value: isinstance(value, list), "a list"),
    "pattern": (lambda value: isinstance(value, str), "text"),
    "expected": (lambda value: isinstance(value, str), "text"),
}


def _of_test(file: _File, pointer: Pointer, line: dict[str, Any], base: Mapping[str, Any]) -> Iterator[Finding]:
    """A line of a clause that tightens gives what the test of the other clause takes."""
    test = base.get("test")
    allowed = ARGUMENTS.get(str(test))
    if allowed is None:
        allowed = tuple(key for _, each in _items(base, Pointer(), "values") for key in each if key not in OF_LINES)
    for key, value in line.items():
        if key in OF_LINES or key.startswith("x-"):
            continue
        if key not in allowed:
            near = closest(key, [each for each in (*allowed, *OF_LINES) if each not in line])
            yield Finding(
                pointer / key,
                "unknown field '{name}'" + ("; did you mean '{near}'?" if near else ""),
                rule="unknown-field",
                anchor=Anchor.KEY,
                hint=f"the clause that is tightened takes {one_of(allowed)}" if allowed else "it takes no values",
                fix=Fix("rename", pointer / key, near) if near else None,
                name=key,
                near=near,
            )
        elif test in ARGUMENTS and value is not None and value != "unknown" and not _TYPES[key][0](value):
            yield Finding(
                pointer / key,
                "'{name}' is {expected}",
                rule="wrong-type",
                name=key,
                expected=_TYPES[key][1],
            )
    for key in {"one-of": ("one_of",), "pattern": ("pattern",), "forbidden-words": ("words",)}.get(str(test), ()):
        if key not in line and _untouched(file, pointer, key):
            yield _absent(pointer, key, f"what '{test}' is to hold the value against", "line")


def _wider(file: _File, at: Pointer, clause: dict[str, Any], name: str, base: Mapping[str, Any]) -> Iterator[Finding]:
    """A policy never allows what its framework did not allow on the same day."""
    own = file.instruments.get(str(clause.get("instrument")))
    theirs = _sound(file.base or {}).get(str(base.get("instrument")))
    if own is None or theirs is None:
        return
    written = [line for _, line in _items(clause, at, "values")]
    places = {id(line): pointer for pointer, line in _items(clause, at, "values")}
    asked = list(lines(theirs, [line for _, line in _items(base, Pointer(), "values")]))
    for line in lines(own, written):
        if line.values is None:
            continue
        for other in asked:
            more = allows_more(line.values, other.values or {}) if _together(line, other) else ""
            if more:
                key, _, words = more.partition(" ")
                yield Finding(
                    places[id(line.values)] / key,
                    "this allows more than '{name}', which {words} under '{edition}'",
                    rule="policy-widens",
                    hint="a policy may only ask more; give it the same values or narrower ones",
                    name=name,
                    words=words,
                    edition=other.edition.id,
                )
                break


def _together(one: Line, other: Line) -> bool:
    """Whether two lines are both in force on some day for certain."""
    return one.begins.last <= other.ends.first and other.begins.last <= one.ends.first


def allows_more(own: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    """Which key of a line allows more than another line, and what that one asks for; empty where none does."""
    if _number(own.get("min")) and _number(base.get("min")) and own["min"] < base["min"]:
        return f"min asks for at least {base['min']}"
    if _number(own.get("max")) and _number(base.get("max")) and own["max"] > base["max"]:
        return f"max asks for at most {base['max']}"
    allowed, wanted = base.get("one_of"), own.get("one_of")
    if isinstance(allowed, list) and isinstance(wanted, list) and any(each not in allowed for each in wanted):
        return f"one_of allows {one_of(allowed)}"
    return ""
