"""Case files: what a record comes to under a framework, written down by whoever knows the rules, and run here.

A case lays its keys over a base record and says what each clause should come to; only what it names is compared.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mcred.dates import days
from mcred.frameworks import Case, Judged, Rulebook, bodies, exceptions, judge
from mcred.frameworks import judged as findings
from mcred.levels import ANSWERS, Tables
from mcred.record import Record, View
from mcred.record.ledger import EVER, bounds
from mcred.review import Item, items
from mcred.review.transition import SCOPES, Answer, successors, transitions
from mcred.text import did_you_mean


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


FILE_KEYS = ("format", "kind", "framework", "base", "remarks", "cases")
CASE_KEYS = (
    *("id", "why", "source", "remarks", "framework", "as_of", "record_kind", "record", "decisions", "others"),
    *("ask", "expect", "findings", "absent"),
)
EXPECT_KEYS = ("verdict", "edition", "editions", "because", "severity", "at", "by")
REVIEW_KEYS = ("due", "bucket", "because", "assumed", "state", "start_by")
ASK_KEYS = ("from", "level", "to")
LEVEL_KEYS = ("answer", "levels", "unconfirmed", "status", "warn")

TRANSITION_KEYS = ("scope", "because", "due", "assumed", "wordings", "state", "detail", "apply_by")


def misshapen(file: Mapping[str, Any]) -> str | None:
    """What is wrong in the shape of a case file; a key that nothing reads would let a case agree in silence."""
    told = _unknown("the file", file, FILE_KEYS)
    cases = file.get("cases")
    if told or not isinstance(cases, list):
        return told or "'cases' is a list of cases"
    expected = KINDS[str(file.get("kind"))].misshapen
    for place, case in enumerate(cases, 1):
        if not isinstance(case, dict) or not isinstance(case.get("id"), str):
            return f"case {place} has no 'id'"
        if told := _misshapen(case) or expected(case):
            return f"case '{case['id']}': {told}"
    return None


def _misshapen(case: Mapping[str, Any]) -> str | None:
    others = case["others"] if isinstance(case.get("others"), dict) else {}
    checks = (
        _unknown("a case", case, CASE_KEYS),
        *(
            f"'{key}' is a map"
            for key in ("record", "others", "ask", "expect")
            if not isinstance(case.get(key, {}), dict)
        ),
        *(
            f"'{key}' is a list"
            for key in ("decisions", "findings", "absent")
            if not isinstance(case.get(key, []), list)
        ),
        None
        if any(case.get(key) for key in ("expect", "findings", "absent"))
        else "it expects nothing: say so in 'expect', 'findings' or 'absent'",
        *(
            f"'others' holds a list of '{kind}', each with an 'id'"
            for kind in ("organisations", "micro-credentials")
            if not _records(others.get(kind, []))
        ),
        f"'{case['as_of']}' is no date that exists" if "as_of" in case and bounds(case["as_of"]) == EVER else None,
    )
    return next(filter(None, checks), None)


def _records(value: object) -> bool:
    """Whether these are records, each with its id."""
    return isinstance(value, list) and all(isinstance(each, dict) and "id" in each for each in value)


def _clause_expectations(case: Mapping[str, Any]) -> str | None:
    return next(filter(None, (_expectation(*each) for each in (case.get("expect") or {}).items())), None)


def _review_expectations(case: Mapping[str, Any]) -> str | None:
    expected = case.get("expect") or {}
    checks = (
        _unknown("what is expected", expected, REVIEW_KEYS),
        None if expected else "it expects nothing: say in 'expect' when the review is due",
        None if "as_of" in case else "it has no 'as_of': whether a review is overdue depends on the day",
        None if isinstance(expected.get("assumed", []), list) else "'assumed' is a list",
    )
    return next(filter(None, checks), None)


def _level_expectations(case: Mapping[str, Any]) -> str | None:
    asked, expected = case.get("ask") or {}, case.get("expect") or {}
    answer = expected.get("answer")
    checks = (
        _unknown("what is asked", asked, ASK_KEYS),
        *(f"'ask' has no '{key}'" for key in ASK_KEYS if key not in asked),
        _unknown("what is expected", expected, LEVEL_KEYS),
        *(f"'{key}' is a list" for key in ("levels", "unconfirmed") if not isinstance(expected.get(key, []), list)),
        f"there is no answer '{answer}'" + did_you_mean(str(answer), ANSWERS)
        if "answer" in expected and answer not in ANSWERS
        else None,
    )
    return next(filter(None, checks), None)


def _transition_expectations(case: Mapping[str, Any]) -> str | None:
    expected, scope = case.get("expect") or {}, (case.get("expect") or {}).get("scope")
    checks = (
        _unknown("what is expected", expected, TRANSITION_KEYS),
        None if expected else "it expects nothing: say in 'expect' whether it is in scope",
        f"there is no scope '{scope}'" + did_you_mean(str(scope), SCOPES)
        if "scope" in expected and scope not in SCOPES
        else None,
        None
        if "as_of" in case or "state" not in expected
        else "it has no 'as_of': how far it has come depends on the day",
        None if isinstance(expected.get("wordings", {}), dict) else "'wordings' is a map of wordings and scopes",
        None if isinstance(expected.get("assumed", []), list) else "'assumed' is a list",
    )
    return next(filter(None, checks), None)


def _expectation(clause: str, expected: object) -> str | None:
    if not isinstance(expected, dict) or not expected:
        return f"what is expected of '{clause}' is a map, such as {{verdict: met}}"
    if not isinstance(expected.get("editions", []), list):
        return f"the 'editions' of '{clause}' are a list"
    return _unknown(f"what is expected of '{clause}'", expected, EXPECT_KEYS)


def _unknown(what: str, data: Mapping[str, Any], known: Sequence[str]) -> str | None:
    name = next((key for key in data if key not in known and not key.startswith("x-")), None)
    return None if name is None else f"{what} has no key '{name}'" + did_you_mean(name, known)


def frameworks_of(file: Mapping[str, Any]) -> tuple[str, ...]:
    """The frameworks that the cases of a file are run under."""
    if not KINDS[str(file.get("kind"))].under_frameworks:
        return ()
    return tuple(dict.fromkeys((str(file.get("framework")), *(framework_of(file, case) for case in file["cases"]))))


def framework_of(file: Mapping[str, Any], case: Mapping[str, Any]) -> str:
    """The framework that a case is run under: the one it names, else the file's.

    The record of a case about reviews or a transition may name it too; clauses may be those of a policy on the record's
    framework.
    """
    record = case.get("record") or {} if file.get("kind") in ("reviews", "transition") else {}
    return str(case.get("framework") or record.get("framework") or file.get("framework"))


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
        made = case_of(case, base, book, organisations)
        wanted = case.get("expect") or {}
        found = {clause.id: judge(clause, made) for clause in book.clauses if clause.id in wanted}
        yield str(case.get("id", "")), [*_compared(case, found), *_findings(case, made)]


def run_reviews(
    file: Mapping[str, Any],
    base: Mapping[str, Any],
    book: Rulebook,
    organisations: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, list[Difference]]]:
    """Each case of a file of reviews, and where it differs: when the developer's next review is due."""
    for case in file.get("cases") or ():
        made = case_of(case, base, book, organisations)
        view = View(made.record, made.as_of, book.data, made.organisations)
        item = next((each for each in items(view) if each.kind in ("developer", "expiring")), None)
        yield str(case.get("id", "")), list(_review_compared(case, item, made.as_of))


def _review_compared(case: Mapping[str, Any], item: Item | None, today: date) -> Iterator[Difference]:
    name, expected = str(case.get("id", "")), case.get("expect") or {}
    seen: dict[str, Any] = {"due": "none", "bucket": "absent", "because": None, "assumed": [], "state": None}
    because = "it is not in the report: it is not approved, or it is at the end of its life"
    if item is not None:
        seen = {
            "due": item.due.day.isoformat() if item.due.day is not None else "none",
            "bucket": item.bucket(today),
            "because": item.due.because,
            "assumed": sorted(item.due.assumed),
            "state": item.state,
            "start_by": item.start_by.isoformat() if item.start_by is not None else "none",
        }
        because = "; ".join(step.says for step in item.due.steps)
    for key, value in expected.items():
        wanted = sorted(value) if key == "assumed" else str(value) if value is not None else None
        if wanted != seen.get(key):
            yield Difference(name, f"review {key}", value, seen.get(key), because)


def run_transition(
    file: Mapping[str, Any],
    base: Mapping[str, Any],
    book: Rulebook,
    organisations: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, list[Difference]]]:
    """Each case of a file about a transition, and where it differs: whether a record is in scope, and until when."""
    for case in file.get("cases") or ():
        made = case_of({"record_kind": "training-scheme", **case}, base, book, organisations)
        listed = (case.get("others") or {}).get("micro-credentials") or ()
        others = [Record("micro-credential", f"{each.get('id')}.yaml", each) for each in listed]
        found = successors(View(other, made.as_of, book.data, made.organisations) for other in others)
        answer = next(transitions(made, found.get(made.record.id)), None)
        yield str(case.get("id", "")), list(_transition_compared(case, answer))


def _transition_compared(case: Mapping[str, Any], answer: Answer | None) -> Iterator[Difference]:
    name = str(case.get("id", ""))
    if answer is None:
        yield Difference(name, "transition", case.get("expect"), None, "its framework has no transition for its kind")
        return
    due = answer.due
    seen: dict[str, Any] = {
        "scope": answer.scope,
        "because": answer.because,
        "due": due.day.isoformat() if due is not None and due.day is not None else "none",
        "assumed": sorted(due.assumed) if due is not None else [],
        "wordings": {each.wording: each.scope or "says-nothing" for each in answer.said},
        "state": answer.state or "none",
        "detail": answer.detail or "none",
        "apply_by": answer.apply_by or "none",
    }
    because = "; ".join(step.says for step in due.steps) if due is not None else answer.because
    for key, value in (case.get("expect") or {}).items():
        wanted = sorted(value) if key == "assumed" else value if key == "wordings" else str(value)
        if wanted != seen.get(key):
            yield Difference(name, f"transition {key}", value, seen.get(key), because)


def case_of(
    case: Mapping[str, Any],
    base: Mapping[str, Any],
    book: Rulebook,
    organisations: Mapping[str, Mapping[str, Any]],
) -> Case:
    """The record of a case with what it is judged by; without `as_of` the day is the last there is."""
    others = (case.get("others") or {}).get("organisations") or ()
    known = {**organisations, **{each["id"]: each for each in others}}
    data = laid_over(base, case)
    kind = str(case.get("record_kind", "micro-credential"))
    record = Record(kind, f"{data.get('id', 'case')}.yaml", data)
    return Case(record, book, known, days(case["as_of"]).last if case.get("as_of") else date.max)


def judged(
    case: Mapping[str, Any],
    base: Mapping[str, Any],
    book: Rulebook,
    organisations: Mapping[str, Mapping[str, Any]],
) -> dict[str, Judged]:
    """What every clause comes to for a case, by the clause's id."""
    made = case_of(case, base, book, organisations)
    return {clause.id: judge(clause, made) for clause in book.clauses}


def _findings(case: Mapping[str, Any], made: Case) -> Iterator[Difference]:
    """The rules whose findings a case names: those that are to be there, and those that are not."""
    if "findings" not in case and "absent" not in case:
        return
    told = {finding.rule for finding in (*findings(made), *bodies(made), *exceptions(made))}
    name = str(case.get("id", ""))
    for rule in case.get("findings") or ():
        if rule not in told:
            yield Difference(name, rule, "a finding", "none", "the record has no such finding")
    for rule in case.get("absent") or ():
        if rule in told:
            yield Difference(name, rule, "no finding", "one", "the record has such a finding")


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


def run_levels(file: Mapping[str, Any], tables: Tables) -> Iterator[tuple[str, list[Difference]]]:
    """Each case of a file of levels, and where it differs: how a level compares with those of another framework."""
    for case in file.get("cases") or ():
        yield str(case.get("id", "")), list(_level_compared(case, tables))


def _level_compared(case: Mapping[str, Any], tables: Tables) -> Iterator[Difference]:
    name, asked = str(case.get("id", "")), case["ask"]
    try:
        found = tables.compare(asked["from"], tables.level(asked["from"], str(asked["level"])), asked["to"])
    except ValueError as error:
        yield Difference(name, "levels", case.get("expect"), None, str(error))
        return
    seen: dict[str, Any] = {
        "answer": found.answer,
        "levels": list(found.levels),
        "unconfirmed": list(found.unconfirmed),
        "status": found.status,
        "warn": ". ".join(found.warn),
    }
    for key, value in (case.get("expect") or {}).items():
        wanted, there = value, seen[key]
        if isinstance(value, list):
            wanted, there = sorted(map(str, value)), sorted(map(str, there))
        elif key == "warn" and isinstance(value, bool):
            there = bool(there)
        elif key == "warn":
            wanted, there = True, str(value).rstrip(".") in there
        if wanted != there:
            yield Difference(name, f"levels {key}", value, seen[key], found.says())


class Known(NamedTuple):
    """What cases are run by: the clauses of frameworks, the organisations, and how levels compare."""

    books: Mapping[str, Rulebook]
    organisations: Mapping[str, Mapping[str, Any]]
    tables: Tables


class Kind(NamedTuple):
    """A kind of case file: what is wrong in what a case expects, and how a file of cases is run over a base."""

    misshapen: Callable[[Mapping[str, Any]], str | None]
    run: Callable[[Mapping[str, Any], Mapping[str, Any], Known], Iterator[tuple[str, list[Difference]]]]
    under_frameworks: bool = True
    """Whether each case is judged under a framework that it or its file names."""


def _each_under_its_framework(run: Callable[..., Iterator[tuple[str, list[Difference]]]]) -> Callable[..., Any]:
    """Run each case of a file under its own framework."""

    def ran(file: Mapping[str, Any], base: Mapping[str, Any], known: Known) -> Iterator[tuple[str, list[Difference]]]:
        for case in file["cases"]:
            yield from run({**file, "cases": [case]}, base, known.books[framework_of(file, case)], known.organisations)

    return ran


KINDS = {
    "clauses": Kind(_clause_expectations, _each_under_its_framework(run_clauses)),
    "reviews": Kind(_review_expectations, _each_under_its_framework(run_reviews)),
    "levels": Kind(_level_expectations, lambda file, _, known: run_levels(file, known.tables), under_frameworks=False),
    "transition": Kind(_transition_expectations, _each_under_its_framework(run_transition)),
}


def summed(results: Iterable[tuple[str, list[Difference]]]) -> Outcome:
    """All cases together."""
    found = list(results)
    differ = tuple(difference for _, differences in found for difference in differences)
    return Outcome(len(found), sum(not differences for _, differences in found), differ)
