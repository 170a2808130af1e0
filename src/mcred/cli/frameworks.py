"""What `ready`, `why`, `frameworks` and `explain` say of clauses, and the loading they share."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mcred.cli.records import Register
from mcred.errors import McredError
from mcred.frameworks import Case, Clause, Counting, Rulebook, Verdict, counting
from mcred.frameworks.findings import BECAUSE, period, when
from mcred.query import shown
from mcred.record import Record, other_word
from mcred.record.ledger import Act
from mcred.text import did_you_mean, inert
from mcred.validation import JUDGED

VERDICTS = {
    "met": "met",
    "not-met": "not met",
    "unknown": "not known",
    "not-applicable": "does not apply",
    "excepted": "excepted",
    "needs-judgement": "needs a person's judgement",
    "not-seen": "the rule exists; its text was not seen",
    "outside": "not about a record of this register",
}
"""Each verdict in words."""

NOT_APPLICABLE = {
    "guard": "it is about other cases than this one",
    "no-such-act": "nothing was decided that it speaks of",
    "no-edition": "no edition of the rules had it on that day",
    "no-value": "there is nothing that it could be about",
    "other-kind": "it is about another kind of record",
    "removed": "the record was removed from the register",
}
"""Why a clause does not apply, in words."""


def case_of(register: Register, record: Record, rules_of: date | None = None) -> Case:
    """A record with the clauses of its framework.

    Raises:
        McredError: it has no framework with clauses.
    """
    name = record.framework
    if name is None:
        raise McredError(f"'{record.id}' has no framework, so nothing is required of it here")
    if name in register.context.broken:
        raise McredError(
            f"not checked: {register.context.broken[name]} has faults (`{register.workspace.validating()}`)"
        )
    book = register.context.books.get(name)
    if book is None:
        raise McredError(f"no framework '{name}'" + did_you_mean(name, register.context.books))
    return Case(record, book, register.context.organisations, register.day, rules_of, register.language)


def clause_of(books: Mapping[str, Rulebook], name: str) -> tuple[Rulebook, Clause]:
    """The clause of an id such as nzqcf.credits, those of policies among them.

    Raises:
        McredError: there is none.
    """
    known: dict[str, tuple[Rulebook, Clause]] = {}
    for book in books.values():
        for clause in book.clauses:
            for each in (clause, *clause.tightened_by):
                known[each.id] = (book, each)
    if name not in known:
        raise McredError(f"no clause '{name}'" + did_you_mean(name, known))
    return known[name]


def reason(verdict: Verdict) -> str:
    """Why a verdict is what it is, in words."""
    if verdict.verdict == "not-applicable":
        return NOT_APPLICABLE.get(verdict.because, verdict.because)
    return BECAUSE.get(
        verdict.because,
        {"no-evidence": "no evidence in the record", "answered": "answered"}.get(verdict.because, verdict.because),
    )


def counting_for(register: Register, record: Record) -> list[Counting]:
    """Which rules count for what was decided about a record by the day; none for a copy of what others publish."""
    book = register.context.books.get(record.framework or "")
    if book is None or record.kind not in JUDGED or record.observed:
        return []
    by = register.day
    return counting(Case(record, book, register.context.organisations, by, language=register.language, decided_by=by))


def day_of(verdict: Verdict | Counting, head: Mapping[str, Any], language: str) -> str:
    """Which day counted, and where it came from, in the framework's word for the act where it has another."""
    if verdict.day is None or verdict.by == "undated":
        return "no day is known"
    words = when(verdict.day)
    if verdict.by == "as-of":
        return f"{words}, the day asked about: nothing is decided yet"
    if verdict.by == "rules-of":
        return f"{words}, as asked with --rules-of"
    called = other_word(head, verdict.act, language)
    act = verdict.act.replace("-", " ") + (f" ({called})" if called else "")
    return f"{words}, {act}" + (" (known by its regime only)" if verdict.by == "under" else "")


def told(clause: Clause, verdict: Verdict, head: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """A verdict in full: act, day, edition, instrument, requirement, value."""
    yield "Clause", f"{clause.id}: {clause.text('summary')}"
    yield "Verdict", VERDICTS[verdict.verdict] + (f": {reason(verdict)}" if verdict.because else "")
    if verdict.severity is not None:
        yield "Severity", verdict.severity.value
    if verdict.value is not None:
        yield "Value", shown(verdict.value, language)
    if verdict.expected:
        yield "Asked for", verdict.expected
    if str(verdict.pointer):
        yield "Where", str(verdict.pointer)
    if verdict.guard is not None:
        except_where = verdict.guard in (clause.get("unless") or ())
        yield "Not where" if except_where else "Only where", guarded(verdict.guard)
    if verdict.exception is not None:
        yield "Excepted by", excepted(verdict.exception, verdict.exception.pointer, language)
    if clause.get("question"):
        yield "Question", clause.text("question")
    if verdict.by:
        yield "Judged by", day_of(verdict, head, language)
    for edition in (each for each in clause.instrument.editions if each.id in verdict.editions):
        yield (
            "Edition",
            f"{edition.id}, {period(edition)}" + (" (the last known edition)" if verdict.last_known else ""),
        )
    yield "Instrument", f"{clause.instrument.title}, {clause.text('citation')}"
    yield "Rests on", clause.basis.replace("-", " ")


def guarded(guard: Mapping[str, Any]) -> str:
    """What a guard asks, in words."""
    place = f"'{str(guard['at']).removeprefix('/derived').removeprefix('/')}'"
    if "present" in guard:
        return place + (" is there" if guard["present"] else " is not there")
    where = "".join(f" with {key} {value}" for key, value in (guard.get("where") or {}).items())
    return f"{place}{where} is {' or '.join(str(each) for each in guard['one_of'])}"


def excepted(act: Act, place: object, language: str) -> str:
    """Who excepted it, when, where that stands, and why."""
    by, day, why = act.get("by"), act.get("date") or act.get("under"), act.get("why")
    who = " on ".join(str(each) for each in (shown(by, language) if by else None, day) if each) or "a decision"
    return f"{who}, {place}" + (f": {shown(why, language)}" if why else "")


def said_of_classes(data: Mapping[str, Any]) -> Iterator[str]:
    """What somebody said of whole classes of awards under a framework, which is no decision about one of them."""
    statements = data.get("class_statements") or ()
    if statements:
        yield from ("", "Said of whole classes of awards, which decides about none of them")
    for each in statements:
        who, day = shown(each.get("by", "somebody")), each.get("date", "a day not known")
        sure = f", {each['date_is']}" if "date_is" in each else ""
        said = f"{shown(each.get('about', each['id']))}: {shown(each['says'])}"
        yield from pairs([("-", f"{said} ({who}, {day}{sure}; source {each.get('source', 'none')})")], wide=4)


def editions_of(clause: Clause) -> Iterator[tuple[str, str]]:
    """What a clause asks under each edition, with dates, how sure they are, and sources."""
    for line in clause.lines:
        edition = line.edition
        asked = "has no such clause" if line.values is None else arguments(clause, line.values)
        sure = "".join(
            f"; its {word} is {edition.data[key]}"
            for key, word in (("from_is", "first day"), ("until_is", "last day"))
            if edition.data.get(key)
        )
        start = f", from {when(line.begins)}" if line.values and line.values.get("from") else ""
        cited = (line.values or {}).get("source") or edition.data.get("source")
        source = f"; source {cited}" if cited else ""
        checked = f"; last checked {line.values['checked']}" if line.values and line.values.get("checked") else ""
        yield f"{edition.id}{start}", f"{asked} ({period(edition)}{sure}{source}{checked})"


_NOT_ARGUMENTS = ("edition", "from", "checked", "source", "remarks")


def arguments(clause: Clause, values: Mapping[str, Any]) -> str:
    """What a line asks for, in words."""
    own = {key: value for key, value in values.items() if key not in _NOT_ARGUMENTS}
    if not own:
        return str(clause.get("summary", "holds")).rstrip(".")
    if {"min", "max"} >= set(own):
        low, high = own.get("min"), own.get("max")
        return (
            f"{low} to {high}"
            if low is not None and high is not None
            else f"at least {low}"
            if high is None
            else f"at most {high}"
        )
    return ", ".join(f"{key.replace('_', ' ')} {shown(value)}" for key, value in own.items())


def pairs(found: Iterator[tuple[str, str]] | list[tuple[str, str]], indent: int = 2, wide: int = 14) -> Iterator[str]:
    """Names and values as lines, in two columns; a value is never cut, and never wrapped where it is piped."""
    import shutil
    import sys
    from textwrap import wrap

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for name, value in found:
        room = max(width - indent - wide, 30) if width else 0
        lines = wrap(value, room, break_long_words=False, break_on_hyphens=False) if room and value else [value]
        gap = " " if len(name) >= wide else ""
        yield inert(f"{' ' * indent}{name:<{wide}}{gap}{lines[0] if lines else ''}".rstrip())
        yield from (inert(" " * (indent + wide) + line) for line in lines[1:])
