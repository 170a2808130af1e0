"""The language of frameworks: what its schema takes, what is wrong in a file beyond its shape, which patterns may run.

Whoever writes a framework or a policy writes no code, so nothing that could never hold may pass in silence; and by a
file with errors nothing is judged.
"""

import itertools
import json
import random
import re
import time
import warnings
from functools import cache

import pytest
from hypothesis import strategies as st

from mcred.diagnostic import Severity, Source
from mcred.document import read
from mcred.frameworks import checking
from mcred.frameworks.language import BASES, COVERED_BY
from mcred.frameworks.patterns import LONGEST, refusal
from mcred.frameworks.requirements import LONGEST_MATCHED, TESTS
from mcred.frameworks.rules import RULES
from mcred.validation import Entry, Request, check_record, validate
from mcred.workspace import SHIPPED, context, schemas
from tests.register import build, example
from tests.support import ROOT, holds
from tests.test_schemas import parts

SCHEMA = json.loads((SHIPPED / "schemas/framework.schema.json").read_text(encoding="utf-8"))
CLAUSE = SCHEMA["properties"]["clauses"]["items"]
VARIANTS = {part["if"]["properties"]["covered_by"]["const"]: part["then"] for part in CLAUSE["allOf"]}
BY_TEST = {part["if"]["properties"]["test"]["const"]: part["then"] for part in VARIANTS["requirement"]["allOf"]}
PAGE = (ROOT / "docs/frameworks.md").read_text(encoding="utf-8")

FRAMEWORK = """\
format: 1
id: farm-framework
title: Farm Framework
levels: {type: integer, values: [1, 2, 3]}
statuses: [current, discontinued]
first_status: current
regimes: [{id: first, from: 2018, until: 2023-01}]
sources: [{id: RULES, title: Rules}]
instruments:
  - id: rules
    kind: rules
    title: Rules
    editions: [{id: r-2018, from: 2018, until: 2023-01}, {id: r-2023, from: 2023-01}]
  - {id: advice, kind: guidance, title: Advice, editions: [{id: a-2020, from: 2020}]}
clauses:
  - {id: title, summary: A title., instrument: rules, citation: rule 1, basis: rule, governs: listing,
     covered_by: requirement, test: present, at: /title}
  - {id: credits, summary: Credits., instrument: rules, citation: rule 2, basis: rule, governs: content,
     covered_by: requirement, test: range, at: /credits,
     values: [{edition: r-2018, min: 5, max: 40}, {edition: r-2023, min: 1, max: 40}]}
  - {id: years, summary: Years., instrument: rules, citation: rule 3, basis: rule, governs: content, judged_on: value,
     when: [{at: /derived/kind, one_of: [micro-credential]}], unless: [{at: /review/years, present: true}],
     covered_by: requirement, test: one-of, at: /derived/review_years, values: [{edition: r-2023, one_of: [1, 2, 3]}]}
  - {id: code, summary: A code., instrument: rules, citation: rule 4, basis: rule, governs: content,
     covered_by: requirement, test: pattern, at: /subjects/*/code, where: {scheme: nzsced},
     values: [{edition: r-2023, pattern: "[0-9]{6}"}]}
  - {id: outcomes, summary: Outcomes., instrument: rules, citation: rule 5, basis: rule, governs: content,
     covered_by: requirement, test: count, at: /outcomes, values: [{edition: r-2023, min: 1}]}
  - {id: words, summary: Words., instrument: rules, citation: rule 6, basis: rule, governs: content,
     covered_by: requirement, test: forbidden-words, at: /title, values: [{edition: r-2023, words: [degree]}],
     answered_by: [/title_justification]}
  - {id: order, summary: Order., instrument: rules, citation: rule 7, basis: rule, governs: content,
     covered_by: requirement, test: before, at: /derived/listed_on, before: /derived/content_approved_on,
     same_day: allowed}
  - {id: fee, summary: A fee., instrument: rules, citation: rule 8, basis: rule, governs: fees, covered_by: rule,
     rule: fee-per-credit, at: /decisions/*/fees/*/amount, unknown_without: [/derived/fees/tax],
     values: [{edition: r-2023, per_credit: 60, currency: NZD, tax: inclusive}]}
  - {id: need, summary: Need., instrument: advice, citation: page 1, basis: guidance, governs: application,
     covered_by: judgement, question: Is it needed?, at: /evidence_of_need}
  - {id: change, summary: Changes., instrument: rules, citation: rule 9, basis: rule, governs: content,
     covered_by: not-seen, because: It was not found.}
  - {id: results, summary: Results., instrument: rules, citation: rule 10, basis: rule, governs: award,
     covered_by: outside, because: It concerns learners.}
"""

POLICY = """\
format: 1
id: farm-policy
title: Farm Policy
extends: farm-framework
applies_to: {at: /developer, one_of: [example-provider]}
instruments:
  - id: farm-rules
    kind: policy
    title: Farm Rules
    editions: [{id: f-2024, from: 2024, until: 2025}, {id: f-2026, from: 2026}]
clauses:
  - {id: credits, tightens: farm-framework.credits, summary: Small ones., instrument: farm-rules, citation: section 1,
     severity: error, values: [{edition: f-2024, max: 20}, {edition: f-2026, min: 5, max: 30}]}
  - {id: years, tightens: farm-framework.years, summary: Soon., instrument: farm-rules, citation: section 2,
     values: [{edition: f-2026, one_of: [1, 2]}]}
  - {id: criteria, summary: Criteria., instrument: farm-rules, citation: section 3, basis: policy, governs: content,
     covered_by: requirement, test: count, at: /outcomes/*/criteria, values: [{edition: f-2026, min: 1}]}
"""


@cache
def known():
    return context([Source("policies/farm-framework.yaml", FRAMEWORK.encode())])


def told(text, against=None):
    """Rule, pointer and message of what is found in a framework's or a policy's file."""
    name = re.search("^id: (.*)$", text, re.MULTILINE)[1]
    source = Source(f"policies/{name}.yaml", text.encode())
    found = check_record(Entry(source, "framework"), against or known())
    return [(each.name, str(each.pointer), each.message) for each in found.diagnostics]


def changed(text, *changes):
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


# --- what the schema takes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [FRAMEWORK, POLICY], ids=["framework", "policy"])
def test_each_way_to_write_a_clause_is_taken(text):
    assert told(text) == []


def test_the_example_has_every_test_and_every_way_to_cover():
    clauses = read(FRAMEWORK.encode()).data["clauses"]
    assert {each["covered_by"] for each in clauses} == set(VARIANTS)
    assert {each["test"] for each in clauses if "test" in each} == set(BY_TEST)


@pytest.mark.parametrize("path", sorted((SHIPPED / "schemas/frameworks").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_framework_that_comes_with_mcred_has_no_faults(path):
    source = Source(f"policies/{path.name}", path.read_bytes())
    found = check_record(Entry(source, "framework"), context())
    assert [f"{each.where}: {each.message}" for each in found.diagnostics] == []


ORDER = [
    *(
        "id",
        "summary",
        "tightens",
        "instrument",
        "citation",
        "basis",
        "source",
        "rows",
        "kinds",
        "governs",
        "judged_on",
    ),
    *(
        "from_stage",
        "severity",
        "when",
        "unless",
        "covered_by",
        "test",
        "rule",
        "question",
        "because",
        "at",
        "at_any_of",
    ),
    *("where", "none_counts", "before", "same_day", "values", "answered_by", "unknown_without", "remarks"),
]


@pytest.mark.parametrize("path", sorted((SHIPPED / "schemas/frameworks").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_keys_of_a_clause_have_their_order(path):
    for clause in read(path.read_bytes()).data.get("clauses", ()):
        assert list(clause) == sorted(clause, key=ORDER.index), clause["id"]


def test_the_examples_of_the_schema_make_a_framework_together():
    """`mcred new framework` offers the first example of each field; with `# ` taken away they fit each other."""
    fields = {name: field["examples"][0] for name, field in SCHEMA["properties"].items()}
    of_policies = {name: fields.pop(name) for name in ("extends", "applies_to")}
    assert told(written({**fields, "id": "some-framework"})) == []
    policy = {name: value for name, value in fields.items() if name not in checking.OF_FRAMEWORKS}
    assert told(written({**policy, **of_policies, "id": "some-policy"})) == []


def written(data):
    return f"id: {data['id']}\n" + "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in data.items() if key != "id"
    )


def all_keys(schema):
    yield from schema.get("properties", {})
    for part in schema.get("allOf", ()):
        yield from all_keys(part["then"])


def test_what_the_code_knows_of_the_language_is_what_the_schema_says():
    assert set(checking.OF_CLAUSES) == set(all_keys(CLAUSE)) == set(ORDER)
    assert tuple(VARIANTS) == COVERED_BY
    assert CLAUSE["properties"]["governs"]["enum"]
    assert set(BY_TEST) == {*TESTS, "before"} == set(checking.ARGUMENTS)
    assert set(checking.OF_FRAMEWORKS) < set(SCHEMA["properties"])
    line = set(SCHEMA["$defs"]["edition-line"]["properties"])
    assert line == set(checking.OF_LINES)
    for test, variant in BY_TEST.items():
        items = variant["properties"]["values"]["items"]
        own = set(items["properties"]) - line if "properties" in items else set()
        assert own == set(checking.ARGUMENTS[test]), test
    assert set(checking.OF_TIGHTENING) <= set(CLAUSE["properties"])
    assert LONGEST == LONGEST_MATCHED


def test_the_page_explains_every_key():
    named = {word for code in re.findall(r"`([^`\n]+)`", PAGE) for word in re.findall("[a-z][a-z_-]+", code)}
    common = {"format", "id", "title", "remarks"}
    assert set(SCHEMA["properties"]) - common - named == set()
    assert set(ORDER) - common - named == set()
    assert set(BY_TEST) | set(VARIANTS) | set(BASES) <= named
    assert set(CLAUSE["properties"]["governs"]["enum"]) <= named
    assert {key for keys in checking.ARGUMENTS.values() for key in keys} <= named


@pytest.mark.parametrize("test", BY_TEST)
def test_a_line_takes_the_arguments_of_its_own_test_and_no_other(test):
    clause = next(each for each in read(FRAMEWORK.encode()).data["clauses"] if each.get("test") == test)
    shape = schemas().shape("framework")
    arguments = {"one_of": [1], "min": 1, "pattern": "a", "words": ["a"], "per_credit": 1}
    for key, value in arguments.items():
        line = {**(clause.get("values") or [{"edition": "r-2023"}])[0], key: value}
        data = {"format": 1, "id": "x-y", "title": "X", "clauses": [{**clause, "values": [line]}]}
        assert shape.valid(data) == (key in checking.ARGUMENTS[test]), key


@pytest.mark.parametrize(("key", "value"), [("min", "unknown"), ("max", "unknown")])
@pytest.mark.parametrize("name", ["credits", "outcomes"])
def test_a_limit_may_be_unknown_and_nothing_like_it(name, key, value):
    clause = next(each for each in read(FRAMEWORK.encode()).data["clauses"] if each["id"] == name)
    shape = schemas().shape("framework")
    for given, valid in ((value, True), ("none", False), ("5", False), (None, False)):
        data = {
            "format": 1,
            "id": "x-y",
            "title": "X",
            "clauses": [{**clause, "values": [{"edition": "e", key: given}]}],
        }
        assert shape.valid(data) == valid, given


SHAPE = {
    "a key of another test": (
        ("test: range, at: /credits", "test: range, before: /x, at: /credits"),
        ("wrong-variant", "/clauses/1/before", "'before' does not belong to the test 'range'; it belongs to 'before'"),
    ),
    "a key of another way to cover": (
        ("at: /evidence_of_need", "because: It is so"),
        (
            "wrong-variant",
            "/clauses/8/because",
            "'because' does not belong to the covered_by 'judgement'; it belongs to 'not-seen' or 'outside'",
        ),
    ),
    "an argument of another test": (
        ("min: 1}]}\n  - {id: words", "min: 1, pattern: a}]}\n  - {id: words"),
        ("unknown-field", "/clauses/4/values/0/pattern", "unknown field 'pattern'"),
    ),
    "a key that is misspelt": (
        ("judged_on: value", "judgd_on: value"),
        ("unknown-field", "/clauses/2/judgd_on", "unknown field 'judgd_on'; did you mean 'judged_on'?"),
    ),
    "no values": (
        (", values: [{edition: r-2023, min: 1}]", ""),
        (
            "missing-field",
            "/clauses/4",
            "missing 'values': one line for each edition that has the clause: what it asks there",
        ),
    ),
    "no question": (
        ("question: Is it needed?, ", ""),
        ("missing-field", "/clauses/8", "missing 'question': what a person has to decide, as a question"),
    ),
    "a test that there is not": (
        ("test: count", "test: counts"),
        ("not-allowed-value", "/clauses/4/test", "'counts' is not a value of 'test'; did you mean 'count'?"),
    ),
    "an edition that stands twice in its list": (
        ("{id: r-2023, from: 2023-01}", "{id: r-2018, from: 2023-01}"),
        ("duplicate-item", "/instruments/0/editions/1/id", "the id 'r-2018' stands twice in 'editions'"),
    ),
    "an instrument that there is not": (
        ("instrument: advice", "instrument: advise"),
        ("broken-reference", "/clauses/8/instrument", "no instrument 'advise' in this record; did you mean 'advice'?"),
    ),
    "an edition that there is not": (
        ("edition: r-2023, one_of", "edition: r-2024, one_of"),
        (
            "broken-reference",
            "/clauses/2/values/0/edition",
            "no edition 'r-2024' in this record; did you mean 'r-2023'?",
        ),
    ),
}


@pytest.mark.parametrize("case", SHAPE)
def test_a_fault_of_shape_is_told_on_its_line(case):
    change, expected = SHAPE[case]
    found = told(changed(FRAMEWORK, change))
    assert expected in found
    assert [each for each in found if each[0] not in (expected[0], "broken-reference")] == []


# --- what is wrong beyond the shape ----------------------------------------------------------------------------------

FAULTS = {
    "a field that is misspelt": (
        ("at: /credits", "at: /credit"),
        ("unknown-field", "/clauses/1/at", "no micro-credential has a place '/credit'; did you mean '/credits'?"),
    ),
    "a field inside that is misspelt": (
        ("at: /subjects/*/code", "at: /subjects/*/cod"),
        (
            "unknown-field",
            "/clauses/3/at",
            "no micro-credential has a place '/subjects/*/cod'; did you mean '/subjects/*/code'?",
        ),
    ),
    "no star for the items of a list": (
        ("at: /decisions/*/fees/*/amount", "at: /decisions/*/fees/amount"),
        (
            "unknown-field",
            "/clauses/7/at",
            "no micro-credential has a place '/decisions/*/fees/amount'; did you mean '/decisions/*/fees/*/amount'?",
        ),
    ),
    "a star where there is no list": (
        ("at: /outcomes,", "at: /level/*,"),
        ("unknown-field", "/clauses/4/at", "no micro-credential has a place '/level/*'"),
    ),
    "a derived value that is misspelt": (
        ("at: /derived/listed_on", "at: /derived/list_on"),
        (
            "unknown-field",
            "/clauses/6/at",
            "no micro-credential has a place '/derived/list_on'; did you mean '/derived/listed_on'?",
        ),
    ),
    "a field of a derived value": (
        ("[/derived/fees/tax]", "[/derived/fees/taxes]"),
        (
            "unknown-field",
            "/clauses/7/unknown_without/0",
            "no micro-credential has a place '/derived/fees/taxes'; did you mean '/derived/fees/tax'?",
        ),
    ),
    "a field that only another kind has": (
        ("at: /evidence_of_need", "at: /learners"),
        ("unknown-field", "/clauses/8/at", "no micro-credential has a place '/learners'"),
    ),
    "an answer where nobody can give one": (
        ("[/title_justification]", "[/title_justified]"),
        (
            "unknown-field",
            "/clauses/5/answered_by/0",
            "no micro-credential has a place '/title_justified'; did you mean '/title_justification'?",
        ),
    ),
    "the other day": (
        ("before: /derived/content_approved_on", "before: /derived/approved_on"),
        (
            "unknown-field",
            "/clauses/6/before",
            "no micro-credential has a place '/derived/approved_on'; did you mean '/derived/first_approved_on'?",
        ),
    ),
    "an edition to come before": (
        ("before: /derived/content_approved_on", "before: {edition_start: r-2032}"),
        (
            "broken-reference",
            "/clauses/6/before/edition_start",
            "no edition 'r-2032' in this file; did you mean 'r-2023'?",
        ),
    ),
    "a guard that nothing meets": (
        ("[{at: /derived/kind, one_of: [micro-credential]}]", "[{at: /derived/stage, one_of: [aproved]}]"),
        (
            "not-allowed-value",
            "/clauses/2/when/0/one_of/0",
            "'aproved' can never stand there; did you mean 'approved'?",
        ),
    ),
    "a guard on a place that there is not": (
        ("at: /review/years", "at: /review/year"),
        (
            "unknown-field",
            "/clauses/2/unless/0/at",
            "no micro-credential has a place '/review/year'; did you mean '/review/years'?",
        ),
    ),
    "a guard that says nothing": (
        ("{at: /review/years, present: true}", "{at: /review/years}"),
        (
            "missing-field",
            "/clauses/2/unless/0",
            "missing 'one_of': the values for which this guard holds, or `present: true` for any",
        ),
    ),
    "a guard that says two things": (
        ("{at: /review/years, present: true}", "{at: /review/years, one_of: [1], present: true}"),
        ("wrong-variant", "/clauses/2/unless/0/present", "a guard says 'one_of' or 'present', not both"),
    ),
    "a value that the schema does not have": (
        ("[{at: /derived/kind, one_of: [micro-credential]}]", "[{at: /ownership, one_of: [regionall]}]"),
        (
            "not-allowed-value",
            "/clauses/2/when/0/one_of/0",
            "'regionall' can never stand there; did you mean 'regional'?",
        ),
    ),
    "a level that the framework does not have": (
        ("[{at: /derived/kind, one_of: [micro-credential]}]", "[{at: /level, one_of: [3, 4]}]"),
        ("not-allowed-value", "/clauses/2/when/0/one_of/1", "'4' can never stand there"),
    ),
    "a truth as text": (
        (
            "[{at: /derived/kind, one_of: [micro-credential]}]",
            '[{at: /derived/review_period_assigned, one_of: ["true"]}]',
        ),
        ("not-allowed-value", "/clauses/2/when/0/one_of/0", "'true' can never stand there"),
    ),
    "where without a star": (
        ("at: /subjects/*/code, where", "at: /title, where"),
        (
            "wrong-variant",
            "/clauses/3/where",
            "'where' chooses among the items of a list, and no '*' stands for any here",
        ),
    ),
    "where by a field that the items do not have": (
        ("where: {scheme: nzsced}", "where: {schema: nzsced}"),
        (
            "unknown-field",
            "/clauses/3/where/schema",
            "no micro-credential has a place '/subjects/*/schema'; did you mean '/subjects/*/scheme'?",
        ),
    ),
    "where by a value that no item has": (
        ("at: /evidence_of_need", "at: /evidence_of_need/*/summary, where: {from: comunity}"),
        ("not-allowed-value", "/clauses/8/where/from", "'comunity' can never stand there; did you mean 'community'?"),
    ),
    "no place at all": (
        ("test: count, at: /outcomes", "test: count"),
        ("missing-field", "/clauses/4", "missing 'at': the place that is tested"),
    ),
    "two places": (
        ("test: count, at: /outcomes", "test: count, at: /outcomes, at_any_of: [/standards]"),
        (
            "wrong-variant",
            "/clauses/4/at_any_of",
            "a requirement looks 'at' one place or 'at_any_of' several, not both",
        ),
    ),
    "a rule that there is not": (
        ("rule: fee-per-credit", "rule: fee-per-credits"),
        ("not-allowed-value", "/clauses/7/rule", "no rule 'fee-per-credits'; did you mean 'fee-per-credit'?"),
    ),
    "a key of a line that would be a parameter": (
        ("per_credit: 60, currency", "per_credit: 60, cheked: 2026, currency"),
        ("unknown-field", "/clauses/7/values/0/cheked", "unknown field 'cheked'; did you mean 'checked'?"),
    ),
    "a parameter that is misspelt": (
        ("per_credit: 60, currency", "per_crdit: 60, currency"),
        ("unknown-field", "/clauses/7/values/0/per_crdit", "unknown field 'per_crdit'; did you mean 'per_credit'?"),
    ),
    "a parameter that is missing": (
        ("per_credit: 60, currency: NZD, ", "per_credit: 60, "),
        (
            "missing-field",
            "/clauses/7/values/0",
            "missing 'currency': the rule 'fee-per-credit' needs it; `unknown` where it is not known",
        ),
    ),
    "an edition of another instrument": (
        ("edition: r-2023, one_of", "edition: a-2020, one_of"),
        (
            "broken-reference",
            "/clauses/2/values/0/edition",
            "'a-2020' is an edition of 'advice'; this clause is one of 'rules'",
        ),
    ),
    "two lines of one edition": (
        ("{edition: r-2018, min: 5, max: 40}, ", "{edition: r-2023, min: 5, max: 40}, "),
        ("duplicate-item", "/clauses/1/values/1/edition", "'r-2023' has two lines that begin on the same day"),
    ),
    "a line from a day outside its edition": (
        (
            "{edition: r-2018, min: 5, max: 40}",
            "{edition: r-2018, min: 5, max: 40}, {edition: r-2018, from: 2024, max: 9}",
        ),
        ("edition-order", "/clauses/1/values/1/from", "this day lies outside the edition 'r-2018'"),
    ),
    "limits the wrong way round": (
        ("min: 5, max: 40", "min: 40, max: 5"),
        ("out-of-range", "/clauses/1/values/0/max", "'max' is 5, and 'min' is 40: nothing lies between"),
    ),
    "no limit": (
        ("{edition: r-2018, min: 5, max: 40}", "{edition: r-2018}"),
        (
            "missing-field",
            "/clauses/1/values/0",
            "missing 'min': the least or, in 'max', the most that is allowed; or `unknown`",
        ),
    ),
    "a pattern that may run for ever": (
        ('pattern: "[0-9]{6}"', 'pattern: "([0-9]+)+"'),
        ("pattern-not-allowed", "/clauses/3/values/0/pattern", "the pattern has a repeat inside a repeat"),
    ),
    "no way to cover it": (
        ("covered_by: not-seen, because", "because"),
        (
            "missing-field",
            "/clauses/9",
            "missing 'covered_by': how it is dealt with: requirement, rule, judgement, not-seen or outside",
        ),
    ),
    "a misspelt way to cover it": (
        ("covered_by: not-seen", "coverd_by: not-seen"),
        ("unknown-field", "/clauses/9/coverd_by", "unknown field 'coverd_by'; did you mean 'covered_by'?"),
    ),
    "an edition of one id in two instruments": (
        ("{id: a-2020, from: 2020}", "{id: r-2018, from: 2020}"),
        ("duplicate-item", "/instruments/1/editions/0/id", "the edition 'r-2018' stands twice in this file"),
    ),
    "editions that overlap": (
        ("until: 2023-01}, {id: r-2023", "until: 2023-02-01}, {id: r-2023"),
        ("edition-order", "/instruments/0/editions/1/from", "'r-2023' begins before 'r-2018' has ended"),
    ),
    "a regime that ends before it begins": (
        ("from: 2018, until: 2023-01}]\nsources", "from: 2023-02, until: 2023-01}]\nsources"),
        ("edition-order", "/regimes/0/until", "this ends before it begins"),
    ),
    "a first status that is none": (
        ("first_status: current", "first_status: curent"),
        ("not-allowed-value", "/first_status", "'curent' is none of the statuses; did you mean 'current'?"),
    ),
    "a policy's key": (
        ("statuses: [", "applies_to: {at: /developer, present: true}\nstatuses: ["),
        (
            "wrong-variant",
            "/applies_to",
            "'applies_to' belongs to a policy; this file is a framework, since it has no 'extends'",
        ),
    ),
    "a clause that tightens": (
        ("covered_by: not-seen, because: It was not found.", "tightens: farm-framework.title"),
        (
            "wrong-variant",
            "/clauses/9/tightens",
            "only a clause of a policy tightens another; this file has no 'extends'",
        ),
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_could_never_hold_is_told_once_on_its_line(case):
    change, expected = FAULTS[case]
    assert told(changed(FRAMEWORK, change)) == [expected]


OF_POLICIES = {
    "a clause that there is not": (
        ("tightens: farm-framework.credits", "tightens: farm-framework.credit"),
        (
            "broken-reference",
            "/clauses/0/tightens",
            "no clause 'farm-framework.credit'; did you mean 'farm-framework.credits'?",
        ),
    ),
    "a clause without values": (
        ("tightens: farm-framework.credits", "tightens: farm-framework.need"),
        (
            "wrong-variant",
            "/clauses/0/tightens",
            "'farm-framework.need' has no values to tighten: it is covered by judgement",
        ),
    ),
    "a place of its own": (
        ("citation: section 2,", "citation: section 2, at: /review/years,"),
        ("wrong-variant", "/clauses/1/at", "'at' is that of 'farm-framework.years', which this clause tightens"),
    ),
    "a guard of its own": (
        ("citation: section 2,", "citation: section 2, unless: [{at: /level, one_of: [3]}],"),
        (
            "wrong-variant",
            "/clauses/1/unless",
            "'unless' is that of 'farm-framework.years', which this clause tightens",
        ),
    ),
    "a misspelt key": (
        ("severity: error", "severty: error"),
        ("unknown-field", "/clauses/0/severty", "unknown field 'severty'; did you mean 'severity'?"),
    ),
    "no values": (
        (",\n     values: [{edition: f-2026, one_of: [1, 2]}]", ""),
        ("missing-field", "/clauses/1", "missing 'values': what it asks instead, a line for each edition"),
    ),
    "an argument of another type": (
        ("one_of: [1, 2]", "one_of: 2"),
        ("wrong-type", "/clauses/1/values/0/one_of", "'one_of' is a list"),
    ),
    "more than the framework allows": (
        ("min: 5, max: 30", "min: 5, max: 41"),
        (
            "policy-widens",
            "/clauses/0/values/1/max",
            "this allows more than 'farm-framework.credits', which asks for at most 40 under 'r-2023'",
        ),
    ),
    "less than the framework allows": (
        ("min: 5, max: 30", "min: 0, max: 30"),
        (
            "policy-widens",
            "/clauses/0/values/1/min",
            "this allows more than 'farm-framework.credits', which asks for at least 1 under 'r-2023'",
        ),
    ),
    "a value that the framework does not allow": (
        ("one_of: [1, 2]", "one_of: [1, 5]"),
        (
            "policy-widens",
            "/clauses/1/values/0/one_of",
            "this allows more than 'farm-framework.years', which allows '1', '2' or '3' under 'r-2023'",
        ),
    ),
    "what a framework alone says": (
        ("instruments:\n", "statuses: [current]\ninstruments:\n"),
        (
            "wrong-variant",
            "/statuses",
            "'statuses' belongs to a framework; this file is a policy, since it has 'extends'",
        ),
    ),
    "a place that only some records have": (
        ("at: /developer, one_of", "at: /learners, one_of"),
        ("not-allowed-value", "/applies_to/one_of/0", "'example-provider' can never stand there"),
    ),
}


@pytest.mark.parametrize("case", OF_POLICIES)
def test_a_policy_adds_and_tightens_and_does_nothing_else(case):
    change, expected = OF_POLICIES[case]
    assert told(changed(POLICY, change)) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            [("{edition: f-2024, max: 20}", "{edition: f-2024, one_of: [5]}")],
            [
                ("unknown-field", "/clauses/0/values/0/one_of", "unknown field 'one_of'"),
                (
                    "missing-field",
                    "/clauses/0/values/0",
                    "missing 'min': the least or, in 'max', the most that is allowed; or `unknown`",
                ),
            ],
        ),
        (
            [
                ("id: f-2024, from: 2024", "id: r-2018, from: 2024"),
                ("{edition: f-2024, max: 20}", "{edition: r-2018, max: 20}"),
            ],
            [("duplicate-item", "/instruments/0/editions/0/id", "'r-2018' is an edition of farm-framework")],
        ),
    ],
    ids=["an argument of another test", "an edition of the framework's name"],
)
def test_faults_that_come_together(changes, expected):
    assert sorted(told(changed(POLICY, *changes))) == sorted(expected)


def test_an_earlier_edition_of_the_framework_does_not_bind_a_later_policy():
    assert told(changed(POLICY, ("{edition: f-2024, max: 20}", "{edition: f-2024, min: 1}"))) == []
    early = changed(
        POLICY,
        ("id: f-2024, from: 2024", "id: f-2024, from: 2020"),
        ("{edition: f-2024, max: 20}", "{edition: f-2024, min: 1}"),
    )
    assert [name for name, _, _ in told(early)] == ["policy-widens"]


def test_a_policy_on_a_policy_is_none():
    other = Source("policies/other-policy.yaml", changed(POLICY, ("id: farm-policy", "id: other-policy")).encode())
    base = Source("policies/farm-framework.yaml", FRAMEWORK.encode())
    text = "format: 1\nid: third-policy\ntitle: Third\nextends: other-policy\n"
    found = told(text, context([base, other]))
    assert found == [
        ("reference-to-wrong-kind", "/extends", "'other-policy' is a policy; a policy is a layer on a framework")
    ]


def test_what_is_at_fault_already_is_not_told_again():
    text = changed(FRAMEWORK, ("at: /credits,", "at: credits,"))
    assert [name for name, _, _ in told(text)] == ["bad-format"]
    text = changed(FRAMEWORK, ("min: 5, max: 40", "min: five"))
    assert [name for name, _, _ in told(text)] == ["bad-format"]
    text = changed(POLICY, ("extends: farm-framework", "extends: Farm Framework"))
    assert {name for name, _, _ in told(text)} == {"bad-format"}


def test_a_map_where_only_one_value_is_allowed_is_told_once():
    text = changed(FRAMEWORK, ("{at: /review/years, present: true}", "{at: /review/years, present: {at: /x}}"))
    assert [(name, pointer) for name, pointer, _ in told(text)] == [("wrong-type", "/clauses/2/unless/0/present")]


@holds(st.integers(0, 10**6), quick=60, thorough=600)
def test_a_file_with_any_part_taken_out_or_twisted_is_told_of_and_never_ends_the_run(seed):
    chance = random.Random(seed)
    data = read((FRAMEWORK if seed % 2 else POLICY).encode()).data
    for _ in range(chance.randint(1, 3)):
        places, pending = [], [data]
        while pending:
            part = pending.pop()
            if isinstance(part, dict | list) and part:
                places.append(part)
                pending += part.values() if isinstance(part, dict) else part
        part = chance.choice(places)
        key = chance.choice(list(part) if isinstance(part, dict) else range(len(part)))
        if chance.random() < 0.4:
            del part[key]
        else:
            part[key] = chance.choice(
                [None, 1, True, "x", "{x}", "/a/{b}", "2020", [], {}, ["a"], {"at": "/x"}, "unknown"]
            )
    if isinstance(data.get("id"), str):
        text = json.dumps(data)
        source = Source("policies/some-file.yaml", text.encode())
        check_record(Entry(source, "framework"), known())
        made = context([source, Source("policies/farm-framework.yaml", FRAMEWORK.encode())], [data["id"], "some-file"])
        if "farm-framework" in made.books:
            assert made.books["farm-framework"].clauses


# --- by a file with errors nothing is judged -------------------------------------------------------------------------

RECORD = "id: farm-water\ntitle: Farm Water\nframework: farm-framework\nlevel: 2\ndeveloper: example-provider\n"
OTHER = "id: farm-soil\ntitle: Farm Soil\nframework: example-framework\nlevel: 2\ndeveloper: example-provider\n"
SETTINGS = "format: 1\ntitle: Register\ntimezone: Pacific/Auckland\nlanguages: [en]\n"


def register(folder, *texts, policies=""):
    files = [example(text, "") for text in (RECORD, OTHER)]
    files += [example(text, f"file=policies/{re.search('^id: (.*)$', text, re.MULTILINE)[1]}.yaml") for text in texts]
    return build(folder, [*files, example(SETTINGS + policies, "file=catalogue.yaml")])


def report(workspace, only=None):
    walk = workspace.walk()
    request = Request(
        entries=workspace.entries(walk),
        again=workspace.read,
        files=walk.files,
        reported=(lambda path: path.endswith(only)) if only else None,
    )
    return validate(request, workspace.context(walk))


def not_checked(found):
    return [(each.record, each.because) for each in found.not_checked]


SEMANTIC = ("at: /credits", "at: /credit")
SHAPELESS = ("test: count", "test: counts")
SYNTAX = ("format: 1\n", "format: 1\n  - x\n")
CAUSE = "catalogue/policies/farm-framework.yaml has faults"


@pytest.mark.parametrize("change", [SEMANTIC, SHAPELESS, SYNTAX], ids=["beyond the shape", "shape", "syntax"])
def test_records_under_a_broken_framework_are_not_checked(change, tmp_path):
    workspace = register(tmp_path, changed(FRAMEWORK, change))
    found = report(workspace)

    assert ("farm-water", CAUSE) in not_checked(found)
    assert "farm-soil" not in {each.record for each in found.not_checked}
    assert {each.path for each in found.diagnostics if each.severity is Severity.ERROR} == {
        "catalogue/policies/farm-framework.yaml"
    }
    assert found.fails(Severity.ERROR)


def test_a_record_asked_for_alone_does_not_pass_because_its_framework_is_broken(tmp_path):
    found = report(register(tmp_path, changed(FRAMEWORK, SEMANTIC)), only="farm-water.yaml")

    assert not_checked(found) == [("farm-water", CAUSE)]
    assert [each.path for each in found.diagnostics] == ["catalogue/policies/farm-framework.yaml"]
    assert found.fails(Severity.ERROR)


def test_a_record_under_another_framework_is_checked_as_ever(tmp_path):
    found = report(register(tmp_path, changed(FRAMEWORK, SEMANTIC)), only="farm-soil.yaml")

    assert not_checked(found) == []
    assert {each.path for each in found.diagnostics} == {"catalogue/micro-credentials/farm-soil.yaml"}


def test_records_under_a_broken_policy_are_not_checked_and_others_are(tmp_path):
    text = changed(POLICY, ("min: 5, max: 30", "min: 5, max: 90"))
    found = report(register(tmp_path, FRAMEWORK, text, policies="policies: [farm-policy]\n"))

    assert not_checked(found) == [("farm-water", "catalogue/policies/farm-policy.yaml has faults")]


def test_a_broken_policy_that_is_not_in_force_is_told_and_keeps_nothing_from_being_checked(tmp_path):
    text = changed(POLICY, ("min: 5, max: 30", "min: 5, max: 90"))
    found = report(register(tmp_path, FRAMEWORK, text))

    assert not_checked(found) == []
    assert found.fails(Severity.ERROR)


def test_a_policy_for_a_provider_that_there_is_not_is_broken(tmp_path):
    text = changed(POLICY, ("one_of: [example-provider]", "one_of: [exampel-provider]"))
    found = report(register(tmp_path, FRAMEWORK, text, policies="policies: [farm-policy]\n"))

    assert not_checked(found) == [("farm-water", "catalogue/policies/farm-policy.yaml has faults")]
    assert [each.message for each in found.diagnostics if each.name == "broken-reference"] == [
        "no organisation 'exampel-provider'; did you mean 'example-provider'?"
    ]


def test_a_policy_whose_provider_has_faults_is_not_broken_by_them(tmp_path):
    workspace = register(tmp_path, FRAMEWORK, POLICY, policies="policies: [farm-policy]\n")
    (workspace.root / "organisations/example-provider.yaml").write_text("id: [\n", encoding="utf-8")
    found = report(workspace)

    assert [each.record for each in found.not_checked] == ["example-provider"]


def test_where_a_policy_in_force_is_not_there_nothing_is_checked(tmp_path):
    found = report(register(tmp_path, FRAMEWORK, policies="policies: [farm-polcy]\n"), only="farm-water.yaml")

    assert not_checked(found) == [("farm-water", "catalogue/catalogue.yaml has faults")]
    assert [each.path for each in found.diagnostics] == ["catalogue/catalogue.yaml"]


def test_a_policy_in_force_is_judged_by(tmp_path):
    workspace = register(tmp_path, FRAMEWORK, POLICY, policies="policies: [farm-policy]\n")
    book = workspace.context(workspace.walk()).books["farm-framework"]

    assert [each.id for clause in book.clauses for each in clause.tightened_by] == [
        "farm-policy.credits",
        "farm-policy.years",
    ]
    assert book.clauses[-1].id == "farm-policy.criteria"
    assert not_checked(report(workspace)) == []


def test_a_framework_of_a_shipped_name_is_refused_and_never_judged_by(tmp_path):
    found = report(register(tmp_path, changed(FRAMEWORK, ("id: farm-framework", "id: nzqcf"))))
    names = {each.name for each in found.diagnostics if each.path.endswith("nzqcf.yaml")}

    assert "duplicate-id" in names
    assert "nzqcf" in context().frameworks


# --- patterns --------------------------------------------------------------------------------------------------------

ALLOWED = [
    *("", "a", "[0-9]{6}", "[A-Z]{2,8} [0-9]{4}[A-Z]{0,3}", r".* \(Micro-[Cc]redential\)", "(Level|Kaupae) [0-9]"),
    *(
        "[^,]+,[^,]+",
        "(?:ab){2,}c",
        "[a-z-]+",
        "[A-Za-zāēīōū ]*",
        "a|ab|abc",
        "x?y?z?",
        r"[\]\[^-]",
        ".{1,80}",
        "(-[0-9]{2}){1,3}",
    ),
]

REFUSED = {
    "(a+)+": "has a repeat inside a repeat",
    "(a*b)*": "has a repeat inside a repeat",
    "([a-z]+-?)*": "has a repeat inside a repeat",
    "(a?b){60}": "has a repeat inside a repeat",
    "(a?){60}": "repeats what may be nothing",
    "(a|a)*": "has alternatives inside a repeat",
    "(a|aa)+b": "has alternatives inside a repeat",
    "((a|b)c){9}": "has alternatives inside a repeat",
    "(|a)*": "repeats what may be nothing",
    "a*a*": "has two repeats without an end side by side",
    "[a-z]+[0-9]+": "has two repeats without an end side by side",
    ".*,.*,.*": "can fit a text in too many ways",
    "a?" * 30 + "a" * 30: "can fit a text in too many ways",
    "[a-z]{0,900}x[a-z]{0,900}y": "can fit a text in too many ways",
    r"(a)\1": r"has '\1'",
    r"\d{6}": r"has '\d', which programs read differently",
    r"\bword\b": r"has '\b', which programs read differently",
    "(?=a)b": "has a group that begins with '(?'",
    "(?!a)b": "has a group that begins with '(?'",
    "(?<=a)b": "has a group that begins with '(?'",
    "(?P<name>a)": "has a group that begins with '(?'",
    "(?i)a": "has a group that begins with '(?'",
    "a*?": "has '?' right behind another repeat",
    "a++": "has '+' right behind another repeat",
    "a**": "has '*' right behind another repeat",
    "*a": "has '*' with nothing before it to repeat",
    "a|*": "has '*' with nothing before it to repeat",
    "^a": "has '^'",
    "a$": "has '$'",
    "[a": "has a '[' that nothing closes",
    "[]": "has ']' inside [ ]",
    "[[:alpha:]]": "has '[' inside [ ]",
    "[a&&b]": "has '&' inside [ ]",
    "[z-a]": "has a range from 'z' to 'a', which runs backwards",
    "(a": "has a '(' that nothing closes",
    "a)": "has a ')' that closes nothing",
    "a]": "has ']' without its partner",
    "a{": "has a '{' that is no count such as {2}, {2,} or {2,4}",
    "a{,3}": "has a '{' that is no count such as {2}, {2,} or {2,4}",
    "a{3,1}": "has a count that runs backwards or is above 1,000",
    "a{99999}": "has a count that runs backwards or is above 1,000",
    "a{٣}": "has a '{' that is no count such as {2}, {2,} or {2,4}",
    "(" * 400 + "a" + ")" * 400: "has brackets inside brackets beyond measure",
    "a\\": "has '\\', which programs read differently",
}


@pytest.mark.parametrize("pattern", ALLOWED)
def test_a_pattern_that_is_allowed(pattern):
    assert refusal(pattern) is None
    re.compile(pattern)


@pytest.mark.parametrize("pattern", REFUSED, ids=range(len(REFUSED)))
def test_a_pattern_that_is_refused(pattern):
    assert refusal(pattern).why == REFUSED[pattern]
    assert refusal(pattern).advice


atoms = st.sampled_from(["a", "b", "[ab]", "[a-z0-9]", "[^a]", ".", r"\.", "-"])
repeats = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{0,40}", "{2,}"])
pieces = st.builds("{}{}".format, atoms, repeats)
groups = st.builds(
    lambda inside, repeat: f"({'|'.join(inside)}){repeat}", st.lists(pieces, min_size=1, max_size=3), repeats
)
made = st.lists(st.one_of(pieces, groups), max_size=6).map("".join)
anything = st.text("ab0.*+?|(){}[]\\^$,-2&~:=<!", max_size=12)


@holds(st.one_of(made, anything), quick=400, thorough=8000)
def test_what_is_allowed_is_read_alike_and_ends_soon(pattern):
    if refusal(pattern) is not None:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiled = re.compile(pattern)
    for text in ("a" * LONGEST, "ab" * (LONGEST // 2), "a" * (LONGEST - 1) + "!", "a-" * (LONGEST // 2), "." * LONGEST):
        began = time.process_time()
        compiled.fullmatch(text)
        assert time.process_time() - began < 1, pattern


def test_the_worst_that_is_allowed_ends_soon():
    worst = [
        f"{first}{second}{third}"
        for first, second, third in itertools.product(["[a-z]*", ".*"], ["x?", "a{0,2}"], ["[a-z]*!", "-"])
    ]
    for pattern in (each for each in worst if refusal(each) is None):
        began = time.process_time()
        re.fullmatch(pattern, "a" * LONGEST)
        assert time.process_time() - began < 1, pattern


# --- how levels of frameworks compare --------------------------------------------------------------------------------

REFERENCE = json.loads((SHIPPED / "schemas/level-reference.schema.json").read_text(encoding="utf-8"))

COMPARED = """\
format: 1
id: farm-sea
from: farm-framework
to: sea-framework
to_title: Sea Framework
status: compared
pairs:
  - {from: 1, to: 1}
  - {from: 2, to: 1, unconfirmed: true, remarks: Read from a merged cell.}
  - {from: 3, to: null}
  - {from: 4, to: null, agreed: false}
  - {from: null, to: A, warn: Only on paper.}
date: 2016
citation: Joint report
by: [{title: Both authorities}]
warn: Not for recognition.
checked: 2026-11
sources: [{id: REPORT, title: Joint report, seen: 2026-11}]
source: REPORT
"""


def level_reference(text):
    data = read(text.encode()).data
    return schemas().shape("level-reference").valid(data)


def test_a_level_reference_has_many_to_many_and_none():
    assert level_reference(COMPARED)
    assert level_reference("format: 1\nid: a-b\nfrom: a-x\nto: b-x\nstatus: in-progress\npairs: []\nexpected: 2028\n")
    assert level_reference("format: 1\nid: a-b\nfrom: a\nto: b\nstatus: compared\ncompares: award-types\npairs: []\n")


@pytest.mark.parametrize(
    "change",
    [
        ("status: compared", "status: agreed"),
        ("{from: 1, to: 1}", "{from: 1}"),
        ("agreed: false", "agreed: true"),
        ("unconfirmed: true", "unconfirmed: maybe"),
        ("from: farm-framework\n", ""),
        ("to: A, warn", "to: A, levle"),
    ],
)
def test_a_level_reference_takes_nothing_else(change):
    assert not level_reference(changed(COMPARED, change))


@pytest.mark.parametrize(
    "path", sorted((SHIPPED / "schemas").glob("level-references/*.yaml")), ids=lambda path: path.stem
)
def test_a_level_reference_that_comes_with_mcred_has_its_shape(path):
    data = read(path.read_bytes()).data
    assert schemas().shape("level-reference").valid(data), path.name
    assert data["id"] == path.stem


def test_the_schema_of_level_references_teaches_its_author():
    shape = schemas().shape("level-reference")
    for where, part in parts(REFERENCE):
        for key, field in part.get("properties", {}).items():
            assert {"title", "description", "examples"} <= field.keys(), f"{where}/{key}"
            assert field["description"].endswith((".", "`", ")")), f"{where}/{key}"
        if "properties" in part:
            assert part["additionalProperties"] is False, where
            assert list(part["patternProperties"]) == ["^x-"], where
    whole = read(COMPARED.encode()).data
    for key, field in REFERENCE["properties"].items():
        for value in field["examples"]:
            assert shape.valid({**whole, key: value}), (key, value)


def test_every_rule_that_a_clause_may_name_has_words():
    assert all(function.__doc__ for function in RULES.values())
