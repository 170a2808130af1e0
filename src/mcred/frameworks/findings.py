"""Verdicts as findings: what is there, what the clause asks for, and under which clause of which edition of what."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from mcred.dates import MONTHS, Days
from mcred.diagnostic import Finding, Pointer, Severity
from mcred.frameworks.language import Clause, Edition, Rulebook
from mcred.frameworks.settled import worth_judging
from mcred.frameworks.verdicts import Case, Judged, Verdict, judge
from mcred.record.once import once_each
from mcred.text import did_you_mean, plural

EDITION_REASONS = ("edition-uncertain", "edition-undecided")


def judged(case: Case) -> Iterator[Finding]:
    """The findings of the clauses that data or code cover, on a record of one's own; observed ones are not judged."""
    if case.record.observed:
        return
    open_editions: dict[tuple[Pointer, str, Days | None], list[Clause]] = {}
    for clause in worth_judging(case):
        found = judge(clause, case)
        for each, verdict in ((clause, found.verdict), *found.tighter):
            if verdict.verdict == "unknown" and verdict.because in EDITION_REASONS:
                open_editions.setdefault((verdict.pointer, verdict.because, verdict.day), []).append(each)
        finding = _finding(found)
        # What is wrong with the text of a value was told already, and nobody knows what the value was to be.
        if finding is not None and not case.record.spoilt(finding.pointer):
            yield finding
    for (pointer, because, day), clauses in open_editions.items():
        yield _open(case, pointer, because, day, clauses)


def _finding(found: Judged) -> Finding | None:
    """One finding for a clause and those that tighten it: the same requirement of two layers is told once.

    The strictest speaks, so that what it asks mends the fault in all; it is as grave as in the gravest.
    """
    layers = [(found.clause, found.verdict), *found.tighter]
    failing = [(clause, verdict) for clause, verdict in layers if verdict.verdict == "not-met"]
    if not failing:
        unknown = [
            (clause, verdict)
            for clause, verdict in layers
            if verdict.verdict == "unknown" and verdict.because not in EDITION_REASONS
        ]
        return _unknown(found.clause, *unknown[0]) if unknown else None
    clause, verdict = failing[0] if len(failing) == 1 else max(failing, key=_strictness)
    template, arguments = _told(clause, verdict)
    return Finding(
        verdict.pointer,
        template,
        rule=found.clause.id,
        severity=min((_severity(its) for _, its in failing), key=lambda severity: severity.rank),
        label=clause.text("citation"),
        hint=_hint(found.clause, clause),
        clauses=tuple(cited(each, its) for each, its in failing),
        **arguments,
    )


def _severity(verdict: Verdict) -> Severity:
    return verdict.severity or Severity.NOTE


def _strictness(layer: tuple[Clause, Verdict]) -> tuple[float, int]:
    clause, verdict = layer
    return _short(clause, verdict), -_severity(verdict).rank


def _short(clause: Clause, verdict: Verdict) -> float:
    """How far a value is from what a clause asks: of several layers the strictest speaks, or one fault becomes two."""
    asked = next((line.asked for line in clause.lines if line.edition.id in verdict.editions), {})
    if "one_of" in asked:
        return -len(asked["one_of"])
    value = len(verdict.value) if isinstance(verdict.value, list) else verdict.value
    if not isinstance(value, int | float):
        return 0
    return float(max(value - asked.get("max", value), asked.get("min", value) - value))


def _told(clause: Clause, verdict: Verdict) -> tuple[str, dict[str, Any]]:
    """The sentence for a fault, by the test that failed."""
    name = next((part for part in reversed(verdict.pointer) if isinstance(part, str)), "") or _asked_at(clause)
    summary = _in_a_sentence(clause.text("summary"))
    test = str(clause.get("test") or clause.get("rule") or "")
    if verdict.value is None and isinstance(clause.get("before"), dict):
        return summary, {}  # of what an edition ended nothing is missing: it is there, and may not be
    if verdict.value is None or (test == "present" and not verdict.value):
        return f"missing '{{field}}': {summary}", {"field": name}
    value = verdict.value if not isinstance(verdict.value, dict | list) else name
    if test == "forbidden-words":
        return "'{field}' is to be {expected}", {"field": name, "expected": verdict.expected}
    if test == "count":
        number = len(verdict.value) if isinstance(verdict.value, list | dict) else 1
        return "'{field}' has {number}; {expected} asked for", {
            "field": name,
            "number": plural(number, "item"),
            "expected": f"{verdict.expected} {'is' if verdict.expected.endswith(' 1') else 'are'}",
        }
    if test in ("range", "one-of", "pattern"):
        return "'{field}' is {value}; {expected} is asked for", {
            "field": name,
            "value": value if not isinstance(value, str) else f"'{value}'",
            "expected": verdict.expected,
        }
    return f"{summary}; here is {{value}}, and {{expected}} is asked for", {
        "value": value,
        "expected": verdict.expected or "something else",
    }


def _asked_at(clause: Clause) -> str:
    """The field that a clause asks for, where the record has no place for it."""
    places = [clause.get("at") or "", *(clause.get("at_any_of") or ())]
    return str(next(filter(None, places), "")).rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=1024)
def _in_a_sentence(text: str) -> str:
    """A clause's own words as part of a template: unlike a record's text they are never cut."""
    text = text.rstrip(".").replace("{", "{{").replace("}", "}}")
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text


def _hint(base: Clause, clause: Clause) -> str:
    """How the fault can be answered where it cannot be put right."""
    answers = [str(at) for at in base.get("answered_by") or ()]
    if answers:
        return f"put it right, or say why it is so in {' or '.join(answers)}"
    return ""


def _unknown(base: Clause, clause: Clause, verdict: Verdict) -> Finding:
    summary = _in_a_sentence(clause.text("summary"))
    return Finding(
        verdict.pointer,
        f"not known whether this is met: {summary} ({{because}})",
        rule=base.id,
        severity=Severity.NOTE,
        clauses=(cited(clause, verdict),),
        because=BECAUSE.get(verdict.because, verdict.because),
        unknown=True,
    )


BECAUSE = {
    "value-unknown": "a value is unknown, or known only roughly",
    "guard-unknown": "it is not known whether the clause applies here",
    "value-not-published": "no published limit was found",
    "edition-uncertain": "what the rules asked on that day is not known for certain",
    "edition-undecided": "the day is not known",
}
"""Why nobody can say whether a clause is met."""


def _open(case: Case, pointer: Pointer, because: str, day: Days | None, clauses: list[Clause]) -> Finding:
    """One note for a decision whose day leaves editions open, naming the clauses on which they differ."""
    field = next((key for key in ("date", "under") if case.record.get((*pointer, key)) is not None), None)
    # Ids of clauses are part of the sentence: unlike a record's text they are never cut.
    names = ", ".join(sorted({clause.id for clause in clauses}))
    hint = "find the day, and correct the decision"
    if because == "edition-undecided":
        message = f"no day is known, and editions of the rules differ on {names}"
    elif day is not None and day.first == day.last:
        # The day of the decision is known: it is the days of the editions that are not.
        message = f"what the rules asked on {when(day)} is not known for certain, which leaves open {names}"
        hint = "the sources of the framework leave it open, not the record"
    else:
        message = f"the day is known only roughly, and editions of the rules differ on {names}"
    return Finding(
        pointer / field if field else pointer,
        message,
        rule=because,
        severity=Severity.NOTE,
        hint=hint,
        unknown=True,
        names=names,
    )


def cited(clause: Clause, verdict: Verdict) -> Mapping[str, Any]:
    """A clause as a report cites it."""
    return {
        "framework": clause.framework,
        "clause": clause.id,
        "instrument": clause.instrument.title,
        "edition": " or ".join(verdict.editions) or None,
        "in_force": _in_force(clause, verdict),
        "citation": clause.get("citation"),
        "basis": clause.basis,
    }


def _in_force(clause: Clause, verdict: Verdict) -> str | None:
    """From when to when the edition holds, in words."""
    editions = [edition for edition in clause.instrument.editions if edition.id in verdict.editions]
    if not editions:
        return None
    words = " or ".join(period(edition) for edition in editions)
    return words + (" (the last known edition)" if verdict.last_known else "")


def period(edition: Edition) -> str:
    """The days of an edition in words: `from 22 August 2018 to some day in January 2023`."""
    words = f"from {when(edition.begins)}" if edition.begins_text else "from a day not known"
    if edition.ends_text:
        words += f" to {when(edition.ends)}"
    return words


@lru_cache(maxsize=1024)
def when(days: Days) -> str:
    """A range of days in words."""
    first, last = days.first, days.last
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"some day in {MONTHS[first.month - 1]} {first.year}"
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return f"some day in {first.year}"
    return f"some day from {when(Days(first, first))} to {when(Days(last, last))}"


def exceptions(case: Case) -> Iterator[Finding]:
    """Exceptions from clauses that are met or do not apply, and from clauses that there are none of.

    Where what a clause may read is at fault, nobody knows whether it is met.
    """
    if case.record.observed:
        return
    excepted = list(case.view.of("excepted"))
    if not excepted:
        return
    names, layers = _names(case.book), _layers(case.book)
    for act in excepted:
        name = str(act.get("clause"))
        clause = names.get(name)
        if clause is None and name.partition(".")[0] in layers:
            yield Finding(
                act.at("clause"),
                "no clause '{clause}'" + did_you_mean(name, names),
                rule="broken-reference",
                hint="`mcred frameworks coverage` lists the clauses of a framework",
                clause=name,
            )
            continue
        if case.record.touched:
            continue
        verdict = _of_clause(clause, name, case) if clause is not None else "not-applicable"
        if verdict in ("met", "not-applicable"):
            yield Finding(
                act.at("clause"),
                "'{clause}' {state}, so that it needs no exception",
                rule="exception-not-needed",
                hint="`mcred why` tells how the clause is judged; make an exception that was a mistake void",
                clause=name,
                state="is met" if verdict == "met" else "does not apply here",
            )


@once_each
def _names(book: Rulebook) -> dict[str, Clause]:
    """The clauses by what they are excepted by.

    A policy's clause that tightens another is excepted by its own name, and judged with the one it tightens.
    """
    return {each.id: clause for clause in book.clauses for each in (clause, *clause.tightened_by)}


@once_each
def _layers(book: Rulebook) -> frozenset[str]:
    """The ids of a framework and of the policies on it."""
    return frozenset((book.id, *(name.partition(".")[0] for name in _names(book))))


def _of_clause(clause: Clause, name: str, case: Case) -> str:
    """The verdict of a clause, or of the one of that name that tightens it."""
    found = judge(clause, case)
    return next((verdict.verdict for each, verdict in found.tighter if each.id == name), found.verdict.verdict)
