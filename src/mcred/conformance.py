"""Case files: what a record comes to under a framework, written down by whoever knows the rules, and run here.

A case lays its keys over a base record and says what each clause should come to; only what it names is compared.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.dates import days
from mcred.frameworks import Case, Judged, Rulebook, judge
from mcred.record import Record


class Difference(NamedTuple):
    """What differs from what a case expects: the case, what it is about, what was expected and found, and why."""

    case: str
    about: str
    expected: Any
    found: Any
    because: str


class Outcome(NamedTuple):
    """What came of running cases."""

    cases: int
    agreed: int
    differ: tuple[Difference, ...]


def laid_over(base: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    """The base record with a case's keys over it: maps key by key, lists replaced; a key of nothing is taken out."""
    made = dict(base)
    for key, value in (case.get("record") or {}).items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, dict) and isinstance(made.get(key), dict):
            made[key] = laid_over(made[key], {"record": value})
        else:
            made[key] = value
    if "decisions" in case:
        made["decisions"] = case["decisions"]
    return made


def run_clauses(
    file: Mapping[str, Any],
    base: Mapping[str, Any],
    book: Rulebook,
    organisations: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, list[Difference]]]:
    """Each case of a file of clauses, and where it differs."""
    for case in file.get("cases") or ():
        yield str(case.get("id", "")), list(_compared(case, judged(case, base, book, organisations)))


def judged(
    case: Mapping[str, Any],
    base: Mapping[str, Any],
    book: Rulebook,
    organisations: Mapping[str, Mapping[str, Any]],
) -> dict[str, Judged]:
    """What every clause comes to for a case, by the clause's id."""
    others = (case.get("others") or {}).get("organisations") or ()
    known = {**organisations, **{each["id"]: each for each in others}}
    data = laid_over(base, case)
    kind = str(case.get("record_kind", "micro-credential"))
    record = Record(kind, f"{data.get('id', 'case')}.yaml", data)
    found = Case(record, book, known, days(case["as_of"]).last if case.get("as_of") else date.max)
    return {clause.id: judge(clause, found) for clause in book.clauses}


_COMPARED = ("verdict", "because", "severity", "at", "by")


def _compared(case: Mapping[str, Any], found: Mapping[str, Judged]) -> Iterator[Difference]:
    name = str(case.get("id", ""))
    for clause, expected in (case.get("expect") or {}).items():
        if clause not in found:
            yield Difference(name, clause, dict(expected), None, "the framework has no such clause")
            continue
        verdict = found[clause].verdict
        seen = {
            "verdict": verdict.verdict,
            "because": verdict.because or None,
            "severity": verdict.severity.value if verdict.severity else None,
            "at": str(verdict.pointer),
            "by": verdict.by,
        }
        for key in _COMPARED:
            if key in expected and expected[key] != seen[key]:
                yield Difference(name, f"{clause} {key}", expected[key], seen[key], why(verdict))
        wanted = expected.get("editions", [expected["edition"]] if "edition" in expected else None)
        if wanted is not None and sorted(wanted) != sorted(verdict.editions):
            yield Difference(name, f"{clause} editions", wanted, list(verdict.editions), why(verdict))


def why(verdict: Any) -> str:
    """A verdict in a few words."""
    parts = [
        verdict.because,
        f"by {verdict.by}" if verdict.by else "",
        f"under {', '.join(verdict.editions)}" if verdict.editions else "",
        f"value {verdict.value}" if verdict.value is not None else "",
        f"expected {verdict.expected}" if verdict.expected else "",
    ]
    return "; ".join(filter(None, parts))


def summed(results: Iterable[tuple[str, list[Difference]]]) -> Outcome:
    """All cases together."""
    found = list(results)
    differ = tuple(difference for _, differences in found for difference in differences)
    return Outcome(len(found), sum(not differences for _, differences in found), differ)
