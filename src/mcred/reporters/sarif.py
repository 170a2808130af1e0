"""SARIF 2.1.0, as services that show findings in the code read it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import quote

from mcred import __version__
from mcred.diagnostic import Diagnostic, Ignored, PolicyChange, Report, RuleId, Severity, Span, rule_named
from mcred.reporters import Look, changes
from mcred.text import json_pieces

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_KNOWN = {"kind": "external", "justification": "a known fault, in the baseline of the catalogue"}
"""Why a known debt is suppressed."""

LONGEST = 1000
"""Characters of a description; some services take no more than 1,024."""


def report(report: Report, look: Look) -> Iterator[str]:
    """One run with its rules and a result for each finding, notes included.

    What is ignored and known debts are results too, as suppressed: a service that misses one takes it for repaired.
    """
    held_back = (held.diagnostic for held in report.ignored)
    rules = {each.rule: each for each in chain(report.diagnostics, held_back, report.baseline)}
    places = {rule: place for place, rule in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "mcred",
                "semanticVersion": __version__,
                "rules": [
                    *(_rule(rules[rule], look) for rule in places),
                    *([_CHANGE] if report.policy_changes else []),
                ],
            }
        },
        "automationDetails": {"id": "mcred/"},
        "columnKind": "unicodeCodePoints",
        "results": chain(
            (_result(each, places[each.rule]) for each in report.diagnostics),
            (_ignored(each, places[each.diagnostic.rule]) for each in report.ignored),
            ({**_result(each, places[each.rule]), "suppressions": [_KNOWN]} for each in report.baseline),
            (_changed(each, len(places)) for each in report.policy_changes),
        ),
    }
    yield from json_pieces({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})
    yield "\n"


def _rule(example: Diagnostic, look: Look) -> dict[str, Any]:
    """A rule, with its page; a clause of a framework by where it comes from."""
    rule = rule_named(example.name)
    page = look.page(rule.id) if look.page is not None and rule.id != rule.name else ""
    full = _described(rule, page, example.clauses)
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": full[:LONGEST]},
        "help": {"text": page or f"{full}\n\nmcred explain {rule.id}", **({"markdown": page} if page else {})},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [_GROUPS.get(rule.id[:3], "requirement")], "precision": "very-high"},
    }


_GROUPS = {
    "MC0": "file",
    "MC1": "shape",
    "MC2": "references",
    "MC3": "decisions",
    "MC4": "content",
    "MC5": "change",
    "MC6": "documents",
    "MC8": "suppressions",
    "MC9": "run",
}


def _described(rule: RuleId, page: str, clauses: Iterable[Mapping[str, Any]]) -> str:
    what = re.search(r"^## What\n\n(.*?)\n\n", page, re.MULTILINE | re.DOTALL)
    cited = "; ".join(", ".join(str(c[key]) for key in ("instrument", "citation") if c.get(key)) for c in clauses)
    return " ".join((what[1] if what else cited or rule.summary).split())


def _result(each: Diagnostic, place: int) -> dict[str, Any]:
    hint = f"\nHint: {each.hint}" if each.hint else ""
    links = "".join(f"\nSee [{_plain(other.message)}]({number})." for number, other in enumerate(each.related, 1))
    made: dict[str, Any] = {
        "ruleId": each.rule,
        "ruleIndex": place,
        "level": each.severity.value,
        "message": {"text": _plain(each.message + hint) + links},
        "locations": [{"physicalLocation": _location(each.path, each.span)}],
        "partialFingerprints": {"primaryLocationLineHash": each.fingerprint},
    }
    if each.related:
        made["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": _plain(other.message)},
                "physicalLocation": _location(other.path, other.span),
            }
            for number, other in enumerate(each.related, 1)
        ]
    return made


def _ignored(each: Ignored, place: int) -> dict[str, Any]:
    """The result of a finding that a comment holds back, which services then show as dismissed."""
    suppression = {
        "kind": "inSource",
        "status": "accepted",
        "justification": each.reason,
        "location": {"physicalLocation": _location(each.diagnostic.path, each.span)},
    }
    return {**_result(each.diagnostic, place), "suppressions": [suppression]}


_CHANGE = {
    "id": changes.RULE,
    "name": changes.RULE,
    "shortDescription": {"text": "A change alters by what it is judged."},
    "fullDescription": {
        "text": "A change alters by what it is judged: settings, policies, or what a record says of itself."
    },
    "help": {"text": "It was judged by what was in force before. Somebody who may change the rules looks at it."},
    "defaultConfiguration": {"level": Severity.WARNING.value},
    "properties": {"tags": ["policy"], "precision": "very-high"},
}


def _changed(each: PolicyChange, place: int) -> dict[str, Any]:
    return {
        "ruleId": changes.RULE,
        "ruleIndex": place,
        "level": Severity.WARNING.value,
        "message": {"text": _plain(changes.sentence(each))},
        "locations": [{"physicalLocation": _location(each.path, each.span)}],
        "partialFingerprints": {"primaryLocationLineHash": changes.fingerprint(each)},
        "properties": {"kind": each.kind},
    }


def _plain(text: str) -> str:
    """Text in which no brackets make a link."""
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def _location(path: str, span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"artifactLocation": {"uri": quote(path)}, "region": region}
