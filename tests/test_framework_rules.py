"""No condition of a rule that a framework names could be another one unnoticed.

Each operator, constant and branch of `mcred.frameworks.rules` is changed, one at a time, and run in place of the code as
it is; a case of `tests/frameworks/nzqcf/` has to fail.
"""

import ast
from collections.abc import Iterator
from datetime import date
from types import CodeType
from typing import Any, NamedTuple

from mcred.frameworks import Case, judge, rulebook
from mcred.frameworks.rules import RULES
from mcred.record import Record
from tests.cases import organisations
from tests.code_mutations import Change, changed, defined, original, source
from tests.mutations import check
from tests.test_frameworks import BASE, BOOK, CLAUSES, DATA, cases_of, differs

MODULE = "mcred.frameworks.rules"

BY_RULE = {name: [clause for clause in CLAUSES if CLAUSES[clause].get("rule") == name] for name in RULES}
"""The clauses that name each rule."""


SURVIVORS: dict[str, str] = {}
"""Changes that no case notices, and why that is right."""


class Elsewhere(NamedTuple):
    """What a clause comes to that names a rule as the framework of somebody else might."""

    clause: str
    keys: dict[str, Any]
    """The keys of the clause that are other ones there."""
    line: dict[str, Any]
    """The values that every edition has there."""
    record: dict[str, Any]
    """The keys of the record that are other ones than those of the base."""
    verdict: tuple[str, str, str]
    """Verdict, why, and what is asked for."""


FEE = {"amount": 500, "currency": "NZD", "per": "learner", "tax": "exclusive"}
DELIVERED = {"act": "delivery-approved", "date": "2025-02-17", "provider": "example-provider", "funding": ["dq3-7"]}
ASIDE: dict[str, Any] = {"unknown_without": [], "unless": []}
NONE: dict[str, Any] = {"decisions": []}


def charged(fee: dict[str, Any] | None, **others: Any) -> dict[str, Any]:
    """A record with the fee of one delivery."""
    return {"decisions": [{**DELIVERED, "fees": [fee]}], **others}


NET = {"tax": "exclusive"}
CAP = "at most 64 NZD for each credit"
IN_ALL = f"{CAP} (512 for 8)"
TEACHES = (
    "provider or university or te pukenga or wananga or private training establishment"
    " or government training establishment or school on 2025-02-17"
)
HELD = {"kinds": ["micro-credential"], "instrument": "listing-rules"}
HOLDS = {"edition": "lor-2022", "none_of": ["university"]}
LETTER = "workforce development council or industry skills board on 2024-02-20"
OPEN = ("unknown", "value-unknown")

ELSEWHERE = [
    Elsewhere("fee-cap", ASIDE, NET, charged(FEE), ("met", "", IN_ALL)),
    Elsewhere("fee-cap", ASIDE, NET, charged({**FEE, "amount": 513}), ("not-met", "", IN_ALL)),
    Elsewhere("fee-cap", ASIDE, NET, charged({**FEE, "amount": 513, "tax": "inclusive"}), (*OPEN, IN_ALL)),
    Elsewhere("fee-cap", ASIDE, NET, charged({**FEE, "amount": 64, "per": "credit"}), ("met", "", CAP)),
    Elsewhere("fee-cap", ASIDE, {}, charged(FEE, credits={"none": "It bears none."}), (*OPEN, CAP)),
    Elsewhere("fee-cap", ASIDE, {}, charged(None), (*OPEN, IN_ALL)),
    Elsewhere("fee-cap", ASIDE, {}, charged({"currency": "NZD"}), (*OPEN, IN_ALL)),
    Elsewhere("fee-cap", {**ASIDE, "when": [], "governs": "listing"}, {}, NONE, ("not-applicable", "no-value", "")),
    Elsewhere("deliverer", {"governs": "listing"}, {}, NONE, ("not-applicable", "no-value", "")),
    Elsewhere("deliverer", {}, {}, {"decisions": [DELIVERED]}, ("met", "", TEACHES)),
    Elsewhere("title-names", {}, {}, {}, ("met", "", "")),
    Elsewhere("title-names", {"answered_by": []}, {}, {"title": "Nets® ®"}, ("not-met", "", "without '®'")),
    Elsewhere("endorsing-body", {}, {}, {}, ("met", "", LETTER)),
    Elsewhere(
        "equivalency-holder", HELD, HOLDS, {"holder": "example-provider"}, ("met", "", "no university on 2024-03-04")
    ),
    Elsewhere(
        "equivalency-holder",
        HELD,
        HOLDS,
        {**NONE, "holder": "example-provider"},
        ("met", "", "no university on that day"),
    ),
]
"""Rules read the record alone, however a clause is written that names them."""


def changes() -> Iterator[Change]:
    """Every piece of every rule, and of what rules share, as another that might stand there."""
    tree = ast.parse(source(MODULE).read_text(encoding="utf-8"))
    for name, node in defined(tree):
        if isinstance(node, ast.FunctionDef) or name == "_OPPOSITE":
            yield from changed(MODULE, tree, name, node)


def rules(code: CodeType) -> dict[str, Any]:
    """The rules as some code has them."""
    space: dict[str, Any] = {"__name__": MODULE}
    exec(code, space)  # noqa: S102 - our own code, changed
    return dict(space["RULES"])


def found(case: Elsewhere) -> tuple[str, str, str]:
    """What a clause comes to elsewhere."""
    clause = {**CLAUSES[case.clause], **case.keys}
    clause["values"] = [{**line, **case.line} for line in clause["values"]]
    record = Record("micro-credential", "complete-record.yaml", {**BASE, **case.record})
    book = rulebook({**DATA, "clauses": [clause]})
    verdict = judge(book.clauses[0], Case(record, book, organisations(), date(2025, 6, 30))).verdict
    return verdict.verdict, verdict.because, verdict.expected


def told(own: str = "") -> bool:
    """Whether a case about a clause with a rule differs; those of one function's own rule are run first."""
    if any(found(case) != case.verdict for case in ELSEWHERE):
        return True
    names = sorted(RULES, key=lambda name: RULES[name].__name__ != own)
    for name in (clause for rule in names for clause in BY_RULE[rule]):
        only = BOOK._replace(clauses=tuple(clause for clause in BOOK.clauses if clause.name == name))
        if any(differs(only, list(cases_of(name)))):
            return True
    return False


def noticed(change: Change) -> bool:
    """Whether a case fails with a change, or cannot be run."""
    before = dict(RULES)
    try:
        RULES.update(rules(change.code))
        return told(change.name.split(":")[0])
    except Exception:  # whatever it is, it was noticed
        return True
    finally:
        RULES.update(before)


def test_a_rule_is_the_same_in_a_clause_of_somebody_else():
    assert [found(case) for case in ELSEWHERE] == [case.verdict for case in ELSEWHERE]


def test_every_rule_is_named_by_a_clause():
    assert all(BY_RULE.values()), BY_RULE


def test_the_code_as_it_is_passes_in_place_of_itself():
    assert not noticed(Change("", MODULE, original(MODULE)))


def test_no_piece_of_a_rule_could_be_another_unnoticed():
    check(changes(), noticed, SURVIVORS, least=100)
