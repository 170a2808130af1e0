"""The checklist of a record: every clause of its framework, with what it comes to; none is passed over."""

from typing import NamedTuple

from mcred.frameworks import Case, Clause, Judged, Verdict, judge

GROUPS = {
    "not-met": "Missing or not met",
    "needs-judgement": "Needs a person's judgement",
    "unknown": "Not known whether it is met",
    "not-seen": "Rules looked for, whose text was not seen",
    "excepted": "Excepted by a decision",
    "met": "Met",
    "not-applicable": "Does not apply",
    "outside": "Not about a record of this register",
}
"""The verdicts in the order of a checklist, and their headings."""


class Item(NamedTuple):
    """A clause of the checklist with its verdict; of several layers, the one that counts."""

    clause: Clause
    verdict: Verdict


def checklist(case: Case) -> dict[str, list[Item]]:
    """Every clause, by what it comes to."""
    found: dict[str, list[Item]] = {name: [] for name in GROUPS}
    for clause in case.book.clauses:
        for item in layers(judge(clause, case)):
            found[item.verdict.verdict].append(item)
    return found


def layers(judged: Judged) -> list[Item]:
    """A clause and those that tighten it."""
    return [Item(judged.clause, judged.verdict), *(Item(clause, verdict) for clause, verdict in judged.tighter)]
