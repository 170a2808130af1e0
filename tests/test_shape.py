"""Shape: gate and explainer agree, every fault of shape is told once, in an author's words, on the text that is wrong."""

import json
import random
import subprocess
import sys

import pytest
from hypothesis import strategies as st

from mcred.diagnostic import RULES
from mcred.document import read
from mcred.shape import check
from mcred.shape.faults import KEYWORDS
from tests.support import (
    DRAFT,
    PROGRAM,
    context,
    copied,
    environment,
    holds,
    inside,
    kind_of,
    lines_of,
    marked,
    one,
    place,
    real_records,
    shape_faults,
)

# --- records with one thing after another changed --------------------------------------------------------------------

RECORDS = [(kind_of(path), read(data).data) for path, data in real_records().items()]

VALUES = [
    None, True, False, 0, 1, -1, 1.5, 3.0, 2026, 10**14, 1e30, "", " ", "a", "ten", "2026-02-30", "2026-13", "NZ", "A b", "x" * 90,
    "nzqf", "rest", "a\n", "\na", "ā", "https://a.example/", "/credits", "/outcomes/a/-", "listed", "submitted", "own", [], {}, [None],
    ["a", "a"], [1, 1.0], [{}], {"none": "why"}, {"none": ""}, {"none": None}, {"en": "x", "mi": "y"}, {"EN": 1}, {"min": 2, "max": 6}, {"min": 2},
    {"title": "x"}, {"title": "x", "reference": 1}, {"held_at": "x", "confidential": False}, {"x-own": None}, {"": 1}, [[["a"]]],
]  # fmt: skip
KEYS = [
    "id",
    "title",
    "levle",
    "act",
    "date",
    "x-own",
    "x-",
    "",
    "remarks",
    "source",
    "none",
    "en",
    "EN",
    "a\u00a0b",
    "decisions",
    "credit",
]


def _places(data):
    found, pending = [], [data]
    while pending:
        part = pending.pop()
        if isinstance(part, dict | list) and part:
            found.append(part)
            pending += part.values() if isinstance(part, dict) else part
    return found


def changed(seed, edits):
    """Return the kind and data of a real record, changed in some places."""
    chance = random.Random(seed)
    kind, data = chance.choice(RECORDS)
    data = json.loads(json.dumps(data))
    for _ in range(edits):
        part = chance.choice(_places(data))
        value = json.loads(json.dumps(chance.choice(VALUES)))
        if isinstance(part, dict):
            key = chance.choice(list(part))
            action = chance.randrange(4)
            if action == 0:
                part[key] = value
            elif action == 1 and (len(part) > 1 or part is not data):
                del part[key]
            elif action == 2:
                part[chance.choice(KEYS)] = value
            else:
                part[chance.choice(KEYS)] = part.pop(key)
        else:
            place = chance.randrange(len(part))
            action = chance.randrange(3)
            if action == 0:
                part[place] = value
            elif action == 1:
                part.append(part[place])
            else:
                del part[place]
        if not data:
            data["id"] = "a-draft"
    return kind, data


changes = st.builds(changed, st.integers(0, 2**64), st.integers(1, 4))


@holds(changes, quick=250, thorough=4000)
def test_gate_and_explainer_agree(change):
    kind, data = change
    shape = context().schemas.shape(kind)
    errors = list(shape.explainer.iter_errors(data))
    assert shape.valid(data) == (not errors), [error.message[:200] for error in errors]
    assert {error.validator for error in errors} <= set(KEYWORDS)


@holds(changes, quick=200, thorough=3000)
def test_what_fails_the_gate_is_told_and_nothing_else(change):
    kind, data = change
    text = json.dumps(data, ensure_ascii=False).encode()
    document = read(text)
    assert document.data == data
    shape = context().schemas.shape(kind)
    shaped = check(document, shape)
    by_schema = [finding for finding in shaped.findings if finding.rule not in ("impossible-date", "duplicate-item")]
    spoilt = bool(document.touched)
    assert shape.valid(data) or shaped.findings or spoilt
    assert not (shape.valid(data) and by_schema)
    for finding in shaped.findings:
        assert finding.rule in RULES
        assert inside(document.locate(finding.pointer, finding.anchor), lines_of(text))
        assert finding.message
        assert "Draft202012" not in finding.message
        assert "None" not in finding.message
        assert "{" not in finding.template.format_map(dict.fromkeys(finding.arguments, "")).replace("{none: why}", "")
    told = [(finding.rule, finding.pointer, finding.arguments.get("field")) for finding in shaped.findings]
    assert len(told) == len(set(told)), "one fault, one finding"


@holds(changes, quick=150, thorough=3000)
def test_what_is_left_for_the_rules_has_its_shape(change):
    """Without what is at fault, a record holds nothing that its schema refuses, but for what is missing from it."""
    kind, data = change
    shape = context().schemas.shape(kind)
    shaped = check(read(json.dumps(data).encode()), shape)

    def dropped(value):
        if isinstance(value, dict):
            return {key: dropped(inner) for key, inner in value.items()}
        return [dropped(item) for item in value if item is not None] if isinstance(value, list) else value

    left = dropped(shaped.data)
    wrong = [
        e for e in shape.explainer.iter_errors(left) if e.validator not in ("required", "minItems", "minProperties")
    ]
    assert not [error.message[:200] for error in wrong]


# --- what is told ----------------------------------------------------------------------------------------------------

# What is added to a draft, the text at fault between ⟦ ⟧; the rule; its message; and its hint.
FAULTS = [
    # type
    ("credits: ⟦ten⟧", "wrong-type", "'credits' is a number, such as 10, or {none: why}; here is the text 'ten'", ""),
    ('credits: ⟦"10"⟧', "wrong-type", "'credits' is a number, such as 10, or {none: why}; here is the text '10'", "write the number alone, without quotes or a unit"),
    ("hours: {total: ⟦10h⟧}", "wrong-type", "'total' is a number, such as 100; here is the text '10h'", "write the number alone, without quotes or a unit"),
    ("level: ⟦[3]⟧", "wrong-type", "'level' is a whole number, such as 3; here is a list of 1 item", "one value stands here without [ ] and without '- '"),
    ("aliases: ⟦farm-water⟧", "wrong-type", "'aliases' is a list; here is the text 'farm-water'", "put the value in [ ], or begin each item with '- ' on a line of its own"),
    ("outcomes: [⟦plan⟧]", "wrong-type", "item 1 of 'outcomes' is a set of fields; here is the text 'plan'", "its fields are 'id', 'was', 'text', 'credits', 'includes', 'criteria' or one of 5 more"),
    ("outcomes: ⟦{id: plan}⟧", "wrong-type", "'outcomes' is a list; here is a set of fields", "put the value in [ ], or begin each item with '- ' on a line of its own"),
    ("review: {years: ⟦2.5⟧}", "wrong-type", "'years' is a whole number, such as 2; here is the number 2.5", "write the number alone, without quotes or a unit"),
    ("decisions: [{act: ⟦{a: b}⟧, date: 2026}]", "wrong-type", "'act' is text, such as 'submitted'; here is a set of fields", ""),
    ("decisions: [{act: ⟦[listed]⟧, date: 2026}]", "wrong-type", "'act' is text, such as 'submitted'; here is a list of 1 item", "one value stands here without [ ] and without '- '"),
    ("standards: [{id: {⟦name⟧: A}}, {id: {title: B}}, {id: {title: C}}]", "unknown-field", "unknown field 'name'", "its fields are 'title' or 'reference'; a field of the catalogue's own begins with 'x-'"),
    ("remarks: ⟦[]⟧", "wrong-type", "'remarks' is text, such as 'The page was seen in part.'; here is an empty list", ""),
    ("standards: [{id: ab, compulsory: ⟦yes⟧}]", "wrong-type", "'compulsory' is true or false; here is the text 'yes'", "write true"),
    ("stage: ⟦[draft]⟧", "wrong-type", "'stage' is text, such as 'draft'; here is a list of 1 item", "one value stands here without [ ] and without '- '"),
    # empty
    ("⟦level⟧:", "empty-value", "'level' is there, but nothing stands in it", "write a value such as 3, or delete the line"),
    ("⟦remarks⟧: ~", "empty-value", "'remarks' is there, but nothing stands in it", "write a value such as 'The page was seen in part.', or delete the line"),
    ("remarks: ⟦''⟧", "empty-value", "nothing stands in 'remarks'", "write a value such as 'The page was seen in part.', or delete the line"),
    ("remarks: ⟦{}⟧", "empty-value", "nothing stands in 'remarks'", "write a value such as 'The page was seen in part.', or delete the line"),
    ("codes: [{value: ⟦'  '⟧}]", "empty-value", "nothing stands in 'value'", "write a value such as '0451-2', or delete the line"),
    ("title_justification: {⟦none⟧: }", "empty-value", "'none' is there, but nothing stands in it", "write a value such as 'Nothing of the kind is needed.', or delete the line"),
    ("⟦custody⟧:", "empty-value", "'custody' is there, but nothing stands in it", "write a value such as 'observed', or delete the line"),
    ("decisions: [{⟦act⟧: , date: 2026}]", "empty-value", "'act' is there, but nothing stands in it", "write a value such as 'submitted', or delete the line"),
    # without quotes
    ("codes: [{value: ⟦0123⟧}]", "ambiguous-scalar", "'0123' without quotes is read as the number 123; 'value' is text", 'put it in quotes: "0123"'),
    ("codes: [{value: ⟦1.50⟧}]", "ambiguous-scalar", "'1.50' without quotes is read as the number 1.5; 'value' is text", 'put it in quotes: "1.50"'),
    ("codes: [{value: ⟦true⟧}]", "ambiguous-scalar", "'true' without quotes is read as true; 'value' is text", 'put it in quotes: "true"'),
    ("purpose: {use: [⟦NO⟧]}", "ambiguous-scalar", "'NO' without quotes is read as true or false by many programs; item 1 of 'use' is text", 'put it in quotes: "NO"'),
    ("codes: [{value: ⟦12:30⟧}]", "ambiguous-scalar", "'12:30' without quotes is read as a number by many programs; 'value' is text", 'put it in quotes: "12:30"'),
    # fields
    ("⟦levle⟧: 3", "unknown-field", "unknown field 'levle'; did you mean 'level'?", ""),
    ("⟦Level⟧: 3", "unknown-field", "unknown field 'Level'; did you mean 'level'?", ""),
    ("⟦other frameworks⟧: []", "unknown-field", "unknown field 'other frameworks'; did you mean 'other_frameworks'?", ""),
    ("developer: {⟦name⟧: x}", "unknown-field", "unknown field 'name'", "its fields are 'title' or 'reference'; a field of the catalogue's own begins with 'x-'"),
    ("⟦level\u00a0⟧: 3", "unknown-field", "unknown field 'level\u00a0'; did you mean 'level'?", "a no-break space (U+00A0) stands in the name: type an ordinary space before it, or none"),
    ("outcomes: [{⟦text⟧: x}]", "missing-field", "missing 'id': a permanent short name: reword the text as you like, never the id", "add `id: plan-and-collect`"),
    ("duration: [{⟦amount⟧: {min: 2}, unit: weeks}]", "missing-field", "missing 'max': the most that the source gives", "add `max: 6`"),
    ("decisions: [{⟦date⟧: 2026}]", "missing-field", "missing 'act': what was done", "add `act: submitted`"),
    ("decisions: [{act: submitted, ⟦number⟧: '1', date: 2026, by: nzqa, to: nzqa}]", "wrong-variant", "'number' does not belong to the act 'submitted'; it belongs to 'listed'", "delete it, or choose the act that was meant"),
    ("other_titles: [{en: x, ⟦EN⟧: y}]", "bad-format", "'EN' is not a language tag such as 'en' or 'mi'", "for text in one language, write the text itself; else use tags such as en or mi"),
    # values
    ("review: {lead_time: ⟦soon⟧}", "bad-format", "'lead_time' is written like '90d' or '3m'; here is 'soon'", ""),
    ("developer: ⟦Some Body⟧", "bad-format", "'developer' is the id of a record; here is 'Some Body'; did you mean 'some-body'?", ""),
    ("developer: ⟦Pāua Body⟧", "bad-format", "'developer' is the id of a record; here is 'Pāua Body'; did you mean 'paua-body'?", ""),
    ("purpose: {use: [⟦New Zealand⟧]}", "bad-format", "item 1 of 'use' is two capital letters such as 'NZ'; here is 'New Zealand'", ""),
    ("unknown: [⟦credits⟧]", "bad-format", "item 1 of 'unknown' is a field with '/' before it, such as '/credits'; here is 'credits'", ""),
    ("unknown: ⟦all⟧", "bad-format", "'unknown' is a list of JSON Pointers such as '/credits', or the word 'rest'; here is 'all'", ""),
    ("evidence_of_need: [{from: industry, date: ⟦2026-1-1⟧}]", "bad-format", "'date' is a date such as 2026-11-22, 2026-11 or 2026; here is '2026-1-1'", ""),
    ("evidence_of_need: [{from: industry, date: ⟦22/11/2026⟧}]", "bad-format", "'date' is a date such as 2026-11-22, 2026-11 or 2026; here is '22/11/2026'", ""),
    ("evidence_of_need: [{from: industry, document: ⟦/etc/passwd⟧}]", "bad-format", "'document' is a path below the catalogue's root, with '/' between folders; here is '/etc/passwd'", ""),
    ("evidence_of_need: [{from: industry, document: ⟦../x.md⟧}]", "bad-format", "'document' is a path below the catalogue's root, with '/' between folders; here is '../x.md'", ""),
    ("evidence_of_need: [{from: industry, document: ⟦a/../../x.md⟧}]", "bad-format", "'document' is a path below the catalogue's root, with '/' between folders; here is 'a/../../x.md'", ""),
    ("sources: [{id: web, url: ⟦www.a.example⟧}]", "bad-format", "'url' is an address that begins with 'https://'; here is 'www.a.example'", ""),
    ("outcomes: [{id: ⟦A b⟧}]", "bad-id", "'A b' is not an id; did you mean 'a-b'?", "an id is made of lower-case letters, digits and single hyphens, 1 to 80 in all"),
    ("evidence_of_need: [{from: industry, date: ⟦2026-02-30⟧}]", "impossible-date", "30 February 2026 does not exist", "write the day that is meant, or only its month where the day is not known"),
    ("custody: ⟦owned⟧", "not-allowed-value", "'owned' is not a value of 'custody'; did you mean 'own'?", "'custody' is 'own' or 'observed'"),
    ("evidence_of_need: [{from: ⟦whanau⟧}]", "not-allowed-value", "'whanau' is not a value of 'from'; did you mean 'whānau'?", "'from' is 'employer', 'industry', 'profession', 'iwi', 'hapū', 'whānau', 'hapori-māori', 'community', 'learners' or 'regulator'"),
    ("level: ⟦11⟧", "not-allowed-value", "nzqcf has no level '11'", "a level of nzqcf is a whole number from 1 to 10"),
    ('level: ⟦"3"⟧', "wrong-type", "'level' is a whole number in nzqcf; here is the text '3'", "write 3 without quotes"),
    ("level: ⟦²⟧", "not-allowed-value", "nzqcf has no level '²'", "a level of nzqcf is a whole number from 1 to 10"),
    ("credits: ⟦0⟧", "out-of-range", "'credits' is 0; it must be more than 0", "a value such as 10 is meant"),
    ("credits: ⟦-1.5⟧", "out-of-range", "'credits' is -1.5; it must be more than 0", "a value such as 10 is meant"),
    ("review: {years: ⟦0⟧}", "out-of-range", "'years' is 0; it must be at least 1", "a value such as 2 is meant"),
    ("evidence_of_need: [{from: industry, date: ⟦20261122⟧}]", "bad-format", "'date' is a date such as 2026-11-22, 2026-11 or 2026; here is 20261122", ""),
    # lists
    ("subjects: [{path: ⟦[]⟧}]", "wrong-count", "'path' has no item; it must have at least 1", "delete the field if there is nothing to say"),
    ("aliases: [farm-water, ⟦farm-water⟧]", "duplicate-item", "'farm-water' stands twice in 'aliases'", "delete one of the two"),
    ("sources: [{id: web}, {id: ⟦web⟧}]", "duplicate-item", "the id 'web' stands twice in 'sources'", "give this item an id of its own, or delete it if it is there twice"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("added", "rule", "message", "hint"), FAULTS, ids=[f"{rule}: {marked(added)[0][:50]}" for added, rule, *_ in FAULTS]
)
def test_a_fault_of_shape_is_told_once_on_its_text(added, rule, message, hint):
    text, span = marked(f"{DRAFT}{added}\n")
    if added.startswith("level"):
        text = text.replace("framework: none", "framework: nzqcf")
    (found,) = shape_faults(text)
    assert (place(found), found.message, found.hint, found.severity) == ((rule, *span), message, hint, "error")


def test_the_faults_told_above_are_of_every_keyword_that_refuses():
    """A keyword that no example covers is one whose words nobody has read."""
    seen = set()
    for added, *_ in FAULTS:
        data = read(f"{DRAFT}{marked(added)[0]}\n".encode()).data
        seen |= {error.validator for error in context().schemas.shape("micro-credential").explainer.iter_errors(data)}
    used = {
        "type",
        "required",
        "additionalProperties",
        "pattern",
        "enum",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "minItems",
        "minProperties",
        "uniqueItems",
    }
    assert used <= seen


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        # A misspelt field is not missing too.
        ("id: a-draft\ntitel: A Draft\nframework: none\n", ["unknown-field"]),
        ("id: a-draft\nTitle: A Draft\nframework: none\n", ["unknown-field"]),
        # A field that is there twice is not unknown, nor judged a second time.
        (f"{DRAFT}level: 3\nlevel: eleven\n", ["duplicate-key"]),
        # What reading has told is not told by shape.
        (f"{DRAFT}level: !!str 3\n", ["explicit-tag"]),
        (f"{DRAFT}purpose: &a {{statement: x}}\n", ["anchor-or-alias"]),
        (f"{DRAFT}remarks: 'a\u0304'\n", ["not-nfc"]),
        (f"{DRAFT}developer: 'Some\u202eBody'\n", ["control-character"]),
        (f"{DRAFT}codes: [{{scheme: a, b, value: '1'}}]\n", ["comma-in-flow-text"]),
        (f"{DRAFT}1: a\n", ["key-not-text"]),
        # A wrong type hides what else its schema refuses.
        (f"{DRAFT}credits: []\n", ["wrong-type"]),
        (f"{DRAFT}decisions: [x]\n", ["wrong-type"]),
        # A variant that is no variant: nothing more is said of its fields.
        (f"{DRAFT}decisions: [{{act: listd, numbr: '1'}}]\n", ["not-allowed-value"]),
        # An id that is no id is not also another than its file's name.
        ("id: A Draft\ntitle: A Draft\nframework: none\n", ["bad-id"]),
        ("id: 7\ntitle: A Draft\nframework: none\n", ["ambiguous-scalar"]),
        ("id:\ntitle: A Draft\nframework: none\n", ["empty-value"]),
        ("title: A Draft\nframework: none\n", ["missing-field"]),
        # An alias that is told as repeated is not missed.
        ("id: a-draft\ntitle: &t A Draft\nframework: none\nremarks: *t\n", ["anchor-or-alias"]),
    ],
)
def test_one_fault_is_one_finding(text, rules):
    assert [found.name for found in one(text).diagnostics] == rules


def test_a_field_of_ones_own_may_hold_anything():
    assert one(f"{DRAFT}x-own: {{a: [1, ~, {{b: }}], NO: no}}\nsources: [{{id: web, x-a: 1}}]\n").diagnostics == ()


def test_did_you_mean_is_asked_for_the_first_fields_only():
    report = one(DRAFT + "".join(f"level{number}: 1\n" for number in range(60)))
    suggested = [found.message.endswith("did you mean 'level'?") for found in report.diagnostics]
    assert (suggested.count(True), len(suggested)) == (20, 60)


def test_items_named_by_what_is_not_in_the_catalogue_share_no_id():
    text = f"{DRAFT}standards: [{{id: {{title: A}}}}, {{id: {{title: A}}}}, {{id: {{title: B, reference: '1'}}}}]\n"
    assert {found.name for found in one(text).diagnostics} <= {"duplicate-item"}


def test_every_item_of_a_list_that_is_wrong_is_told():
    report = one(f"{DRAFT}outcomes:\n" + "- x\n" * 5)
    assert [(found.name, found.span.line) for found in report.diagnostics] == [("wrong-type", 5 + n) for n in range(5)]


# --- without the quick validator -------------------------------------------------------------------------------------

_WITHOUT = """
import sys
sys.modules["jsonschema_rs"] = None
sys.argv[0] = "mcred"
from mcred.cli import main
main()
"""


@pytest.mark.parametrize("format", ["text", "concise", "json"])
def test_without_the_quick_validator_the_report_has_the_same_bytes(format, tmp_path):
    root = copied(tmp_path)
    worked = root / "micro-credentials" / "worked-example.yaml"
    worked.write_text(
        worked.read_text().replace("level: 3", "levle: 3").replace("credits: 6", "credits: six").replace("[NZ]", "[NO]")
    )
    arguments = ["validate", "--as-of", "2026-11-22", "--format", format]
    told = [
        subprocess.run(
            [*program, *arguments], cwd=tmp_path, env=environment(tmp_path), capture_output=True, check=False
        )
        for program in ([PROGRAM], [sys.executable, "-c", _WITHOUT])
    ]
    assert told[0].returncode == told[1].returncode == 1
    assert told[0].stdout == told[1].stdout
    assert told[0].stderr == told[1].stderr == b""
    assert told[0].stdout.count(b"levle") >= 1
