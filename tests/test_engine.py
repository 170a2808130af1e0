"""The engine: one fault one finding, whatever the order of the files, the day, and what else is broken."""

import json
import random
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import strategies as st

from mcred.diagnostic import Severity
from mcred.reporters import FORMATS
from tests.support import (
    AS_OF,
    DRAFT,
    checked,
    cut,
    documents,
    holds,
    inside,
    lines_of,
    marked,
    place,
    real_records,
    register,
    written,
)

WORKED = "micro-credentials/worked-example.yaml"
TEXT = register()[WORKED].decode()
LINE_OF_DECISIONS = TEXT[: TEXT.index("\ndecisions:")].count("\n") + 1
DAY = date.fromisoformat(AS_OF)


def whole(**changed):
    """Check the worked example with what it refers to, some files of it changed; return errors and warnings."""
    report = checked({**register(), **changed}, others=documents(), as_of=DAY)
    return [found for found in report.diagnostics if found.severity is not Severity.NOTE]


def replaced(old, new):
    """Return the worked example with one text put for another, which stands there once, and the span of ⟦what is wrong⟧."""
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times in the worked example"
    return marked(TEXT.replace(old, new))


# --- one fault, one finding ------------------------------------------------------------------------------------------

# What stands in the worked example, what is put there (the text at fault between ⟦ ⟧), and the rule that tells it.
PLANTED = [
    ("id: worked-example\n", "id: ⟦another-example⟧\n", "id-path-mismatch"),
    ("id: worked-example\n", "id: ⟦Worked Example⟧\n", "bad-id"),
    ("id: worked-example\n", "⟦idd⟧: worked-example\n", "unknown-field"),
    ("aliases: [farm-water-sampling]", "aliases: [⟦Farm Water⟧]", "bad-id"),
    ("aliases: [farm-water-sampling]", "aliases: [farm-water-sampling, ⟦farm-water-sampling⟧]", "duplicate-item"),
    ("aliases: [farm-water-sampling]", "aliases: [⟦example-provider⟧]", "duplicate-id"),
    ("aliases: [farm-water-sampling]", "aliases: ⟦farm-water-sampling⟧", "wrong-type"),
    ("  mi: Te Kohi", "  ⟦Maori⟧: Te Kohi", "bad-format"),
    ("i te Pāmu", "i te P⟦a\u0304⟧mu", "not-nfc"),
    ("title_kind: official", "title_kind: ⟦offical⟧", "not-allowed-value"),
    ("title_justification: {none: ", "title_justification: {⟦nothing⟧: ", "bad-format"),
    ('"Neither a person, nor an organisation, nor a product is named in it."', "Neither a person, ⟦nor an organisation, nor a product is named in it.⟧", "comma-in-flow-text"),
    ("custody: own\n", "custody: ⟦mine⟧\n", "not-allowed-value"),
    ("custody: own\n", "⟦custody⟧:\n", "empty-value"),
    ('value: "0451-2"', "value: ⟦0451⟧", "ambiguous-scalar"),
    ('value: "0451-2"', "⟦val⟧: \"0451-2\"", "unknown-field"),
    ("framework: nzqcf", "framework: ⟦nzqfc⟧", "broken-reference"),
    ("framework: nzqcf", "framework: ⟦[nzqcf]⟧", "wrong-type"),
    ("level: 3\ncredits", "⟦levle⟧: 3\ncredits", "unknown-field"),
    ("level: 3\ncredits", "level: ⟦three⟧\ncredits", "not-allowed-value"),
    ("level: 3\ncredits", 'level: ⟦"3"⟧\ncredits', "wrong-type"),
    ("level: 3\ncredits", "level: &l ⟦3⟧\ncredits".replace("&l ⟦3⟧", "⟦&l⟧ 3"), "anchor-or-alias"),
    ("level: 3\ncredits", "level: 3\n⟦level⟧: 4\ncredits", "duplicate-key"),
    ("credits: 10\nother", "credits: ⟦ten⟧\nother", "wrong-type"),
    ("credits: 10\nother", "credits: ⟦!!int⟧ 10\nother", "explicit-tag"),
    ("credits: 10\nother", "⟦credits⟧: ~\nother", "empty-value"),
    ("outcome: recognised", "outcome: ⟦recognized⟧", "not-allowed-value"),
    ("    date: 2025-03\n", "    date: ⟦2025-13⟧\n", "impossible-date"),
    ("    date: 2025-03\n", "    date: ⟦March 2025⟧\n", "bad-format"),
    ('reference: "EIQF-77"', "reference: ⟦77⟧", "ambiguous-scalar"),
    ("document: documents/worked-example/eiqf-77.md", "document: ⟦documents/worked-example/eiqf-78.md⟧", "missing-document"),
    ("document: documents/worked-example/eiqf-77.md", "document: ⟦/documents/worked-example/eiqf-77.md⟧", "bad-format"),
    ("{directed: 24", "{directed: ⟦24h⟧", "wrong-type"),
    ("{directed: 24", "{⟦direct⟧: 24", "unknown-field"),
    ("workplace: 50", "workplace: ⟦-50⟧", "out-of-range"),
    ("hours: {directed: 24, self_directed: 16, workplace: 50, assessment: 10}", "hours: ⟦{}⟧", "empty-value"),
    ("unit: weeks, intensity: part-time}]\nsubjects", "unit: ⟦week⟧, intensity: part-time}]\nsubjects", "not-allowed-value"),
    ('code: "039901"', "code: ⟦039901⟧", "ambiguous-scalar"),
    ("path: [Environmental Engineering]", "path: ⟦Environmental Engineering⟧", "wrong-type"),
    ("path: [Environmental Engineering]", "path: ⟦[]⟧", "wrong-count"),
    ("developer: example-provider\n", "developer: ⟦exampel-provider⟧\n", "broken-reference"),
    ("developer: example-provider\n", "developer: ⟦example-standard-90001⟧\n", "reference-to-wrong-kind"),
    ("developer: example-provider\n", "developer: ⟦Example Provider⟧\n", "bad-format"),
    ("{organisation: example-industry-board, for:", "{⟦organization⟧: example-industry-board, for:", "unknown-field"),
    ("ownership: provider", "ownership: ⟦private⟧", "not-allowed-value"),
    ("use: [NZ]", "use: [⟦nz⟧]", "bad-format"),
    ("use: [NZ]", "use: [⟦NO⟧]", "ambiguous-scalar"),
    ("{for: whānau, why", "{for: ⟦whanau⟧, why", "not-allowed-value"),
    ("  - {target: example-certificate-in-farm-practice, why", "  - {target: ⟦example-certificate⟧, why", "broken-reference"),
    ("relation: credit-towards", "relation: ⟦credits-towards⟧", "not-allowed-value"),
    ("occupations: [farm assistant, field technician]", "occupations: ⟦farm assistant⟧", "wrong-type"),
    ("cultural: {none: Nobody", "cultural: {⟦None⟧: Nobody", "bad-format"),
    ("requires: []", "requires: [⟦worked-example⟧]", "reference-cycle"),
    ("requires: []", "requires: [{⟦name⟧: x}]", "unknown-field"),
    ("{years: 3, renewal", "{years: ⟦0⟧, renewal", "out-of-range"),
    ("  - id: plan-and-collect", "  - id: ⟦plan and collect⟧", "bad-id"),
    ("  - id: check-and-report", "  - id: ⟦plan-and-collect⟧", "duplicate-item"),
    ("    credits: 6\n", "    credits: ⟦six⟧\n", "wrong-type"),
    ("{kind: attribute, text", "{kind: ⟦atribute⟧, text", "not-allowed-value"),
    ('"What rain, season and grazing do to a sample."', "What rain, ⟦season and grazing do to a sample.⟧", "comma-in-flow-text"),
    ("{id: action, text", "{⟦ids⟧: action, text", "unknown-field"),
    ("    standards: [example-standard-90001]", "    standards: [⟦example-standard-9001⟧]", "broken-reference"),
    ("assessed_by: [field-round]", "assessed_by: [⟦field-rounds⟧]", "broken-reference"),
    ("    languages: [en, mi]\n    resubmission: One more round.", "    languages: [en, ⟦Māori⟧]\n    resubmission: One more round.", "bad-format"),
    ("  - id: field-round\n", "  - ⟦idd⟧: field-round\n", "unknown-field"),
    ('standards: [{id: example-standard-90001, version: "2", compulsory: true}]', 'standards: [{id: example-standard-90001, version: ⟦2⟧, compulsory: true}]', "ambiguous-scalar"),
    ("compulsory: true}", "compulsory: ⟦yes⟧}", "wrong-type"),
    ("  - from: industry\n", "  - from: ⟦industries⟧\n", "not-allowed-value"),
    ("    date: 2023-06\n", "    date: ⟦2023-06-31⟧\n", "impossible-date"),
    ("    document: {held_at: Example Provider's document store, confidential: true}", "    ⟦document⟧: {confidential: true}", "missing-field"),
    ("outcome: supported, date", "outcome: ⟦support⟧, date", "not-allowed-value"),
    ("lead_time: 90d", "lead_time: ⟦90 days⟧", "bad-format"),
    ("{holder: example-provider, cond", "{holder: ⟦nobody-at-all⟧, cond", "broken-reference"),
    ("act: not-approved,", "act: ⟦rejected⟧,", "not-allowed-value"),
    ("  - id: content-approved-2024-02-12\n    act: content-approved\n", "  - id: content-approved-2024-02-12\n    ⟦acts⟧: content-approved\n", "unknown-field"),
    ("    date: 2024-02-12\n", "    date: ⟦12.2.2024⟧\n", "bad-format"),
    ("    date: 2024-02-12\n", "    ⟦dated⟧: 2024-02-12\n", "unknown-field"),
    ("    review_years: 2\n    document", "    review_years: ⟦2.5⟧\n    document", "wrong-type"),
    ('version: "1", number: "9001"', 'version: "1", number: ⟦9001⟧', "ambiguous-scalar"),
    ("    sites: [Example Valley campus]\n", "    sites: [Example Valley campus]\n    ⟦number⟧: \"9002\"\n", "wrong-variant"),
    ("    provider: example-provider\n", "    ⟦provder⟧: example-provider\n", "unknown-field"),
    ("    until: 2028-01-31", "    until: ⟦2028-01-32⟧", "impossible-date"),
    ("currency: NZD", "currency: ⟦dollars⟧", "bad-format"),
    ("amount: 660", "amount: ⟦-660⟧", "out-of-range"),
    ("enrol_url: https://provider.example/water", "enrol_url: ⟦provider.example/water⟧", "bad-format"),
    ("due: 2026-02-28}", "due: ⟦2026-02-29⟧}", "impossible-date"),
    ("delivery: delivery-approved-2025-01-20", "delivery: ⟦delivery-approved-2025⟧", "broken-reference"),
    ("kind: minor, version", "kind: ⟦small⟧, version", "not-allowed-value"),
    ("date: 2025-11-03, by: example-provider, reviewer: developer}", "date: 2025-11-03, by: example-provider, ⟦reviwer⟧: developer}", "unknown-field"),
    ("    review: review-started-2025-11-03", "    review: ⟦review-started-2025⟧", "broken-reference"),
    ("{need: confirmed,", "{need: ⟦confirm⟧,", "not-allowed-value"),
    ("    report: documents/worked-example/review-2026.md", "    report: ⟦documents/worked-example/review.md⟧", "missing-document"),
    ("condition: moderation-report}", "condition: ⟦moderation⟧}", "broken-reference"),
    ("next_review: 2028-02,", "next_review: ⟦2028-00⟧,", "impossible-date"),
    ("decisions:\n", "⟦stage⟧: draft\ndecisions:\n", "stage-and-decisions"),
    ("decisions:\n", "⟦unknown⟧: [/codes/-]\ndecisions:\n", "unknown-not-allowed"),
    ("decisions:\n", "⟦decision⟧:\n", "unknown-field"),
    ("ownership: provider\n", "ownership: provider\nremarks: a⟦\u200e\u202e⟧b\n".replace("\u200e", ""), "control-character"),
    ("ownership: provider\n", "ownership: provider\nx-own: a⟦\u2028⟧b\n", "line-separator"),
    ("ownership: provider\n", "ownership: provider\n⟦12⟧: a\n", "key-not-text"),
    ("ownership: provider\n", "ownership: provider\n⟦<<⟧: {level: 4}\n", "anchor-or-alias"),
    ("ownership: provider\n", "ownership: provider\n⟦\t⟧level: 4\n", "yaml-syntax"),
    ("ownership: provider\n", "ownership⟦ ⟧provider\n".replace("ownership⟦ ⟧provider", "⟦ownership provider⟧"), "yaml-syntax"),
    ("ownership: provider\n", "ownership: provider⟦:⟧ x\n", "yaml-syntax"),
    ("ownership: provider\n", "⟦<<<<<<< ours⟧\nownership: provider\n", "conflict-marker"),
    ("ownership: provider\n", "⟦---⟧\nownership: provider\n", "several-documents"),
    ("use: [NZ]", "use: ⟦[⟧NZ", "yaml-syntax"),
]  # fmt: skip


# What hangs on a decision that is broken is judged as if the decision were not there.
KNOCK_ON = {
    "date-order",
    "exception-not-needed",
    "condition-overdue",
    "nzqcf.fee-cap",
}


@pytest.mark.parametrize(
    ("old", "new", "rule"), PLANTED, ids=[f"{rule}: {marked(new)[0].strip()[:40]!a}" for _, new, rule in PLANTED]
)
def test_a_planted_fault_is_told_once_and_on_its_text(old, new, rule):
    text, span = replaced(old, new)
    told = [place(found) for found in whole(**{WORKED: text})]
    in_decisions = span[0] > LINE_OF_DECISIONS
    assert [found for found in told if not (in_decisions and found[0] in KNOCK_ON)] == [(rule, *span)]


def test_the_worked_example_is_clean_and_every_field_of_it_was_damaged():
    assert whole() == []
    assert len(PLANTED) >= 60
    keys = set(re.findall(r"(?m)^([a-z_]+):", TEXT))
    damaged = {TEXT[: TEXT.index(old)].count("\n") for old, _, _ in PLANTED}
    starts = {key: TEXT[: re.search(rf"(?m)^{key}:", TEXT).start()].count("\n") for key in keys}
    ordered = [*sorted(starts.values()), TEXT.count("\n") + 1]
    untouched = {
        key
        for key, start in starts.items()
        if not any(start <= line < ordered[ordered.index(start) + 1] for line in damaged)
    }
    # Texts and lists of which nothing can be wrong but what is tried elsewhere.
    assert untouched <= {
        "entry",
        "recognition_of_prior_learning",
        "information_for_learners",
        "evaluations",
        "required_by",
        "part_of",
    }


@pytest.mark.parametrize("part", range(4))
def test_many_faults_are_told_in_one_run(part):
    """Each is told as if it stood alone, but for those that hang on what another one spoilt."""
    hanging = {"broken-reference", "id-path-mismatch", "reference-cycle", "stage-and-decisions", "missing-document"}
    chosen, text = [], TEXT
    for old, new, rule in PLANTED[part::4]:
        stops = rule in ("yaml-syntax", "conflict-marker", "several-documents")
        if not stops and rule not in hanging and old != "decisions:\n" and text.count(old) == 1:
            text = text.replace(old, new.replace("⟦", "").replace("⟧", ""))
            chosen.append(rule)
    assert len(chosen) > 12
    found = Counter(each.name for each in whole(**{WORKED: text}))
    assert Counter(chosen) - found == Counter()


# --- a broken file beside others -------------------------------------------------------------------------------------

BREAKS = [
    b"[",
    b"a: b: c\n",
    b"",
    b"\xff",
    b"- a\n",
    b"<<<<<<< x\n",
    b"a: 1\n---\nb: 2\n",
    b"a: 1\rb: 2\r",
    b"a: *x\n",
    b"[" * 100,
]


def _broken(data, chance):
    """Return a file that cannot be read any more, whatever it held."""
    if chance.random() < 0.5:
        return chance.choice(BREAKS)
    return chance.choice(
        [
            b"\xff" + data,
            data + b"\n<<<<<<< x\n",
            data + b"\nx: [\n",
            b"---\n" + data + b"\n---\n",
            data.replace(b"\n", b"\r"),
        ]
    )


@pytest.mark.parametrize("seed", range(12))
def test_half_of_the_files_broken_are_all_told_and_no_reference_to_them_is(seed):
    chance = random.Random(seed)
    files = register()
    broken = chance.sample(sorted(path for path in files if path != "catalogue.yaml"), len(files) // 2)
    damaged = {path: _broken(data, chance) if path in broken else data for path, data in files.items()}
    report = checked(damaged, others=documents(), as_of=DAY)
    told = {found.path for found in report.diagnostics if found.severity is Severity.ERROR}
    assert told == set(broken)
    assert {each.path for each in report.not_checked} >= set(broken)
    assert not [found for found in report.diagnostics if found.name == "broken-reference"]
    assert report.checked.files == len(files)
    for path in broken:
        assert len([found for found in report.diagnostics if found.path == path]) <= 2
    for found in report.diagnostics:
        assert inside(found.span, lines_of(damaged[found.path]))


def test_an_alias_of_a_broken_file_is_not_called_broken():
    draft = DRAFT + "requires: [farm-water-sampling]\n"
    files = {**register(), "micro-credentials/a-draft.yaml": draft}
    assert not [f for f in checked(files, others=documents()).diagnostics if f.path.endswith("a-draft.yaml")]
    broken = {**files, WORKED: TEXT.replace("level: 3\n", "level: [3\n", 1)}
    names = [
        found.name for found in checked(broken, others=documents()).diagnostics if found.severity is Severity.ERROR
    ]
    assert names == ["yaml-syntax"]
    gone = {**files, WORKED: TEXT.replace("aliases: [farm-water-sampling]", "aliases: []")}
    names = [found.name for found in checked(gone, others=documents()).diagnostics if found.severity is Severity.ERROR]
    assert names == ["broken-reference"], "the reference is broken once the file can be read and lacks the alias"


# --- sameness --------------------------------------------------------------------------------------------------------


def _faulty():
    """Return files with faults of every sort, also between them."""
    return {
        **register(),
        WORKED: TEXT.replace("level: 3\n", "levle: 3\n", 1)
        .replace("[NZ]", "[NO]")
        .replace("example-standard-90001", "nowhere"),
        "micro-credentials/b-draft.yaml": DRAFT + "aliases: [farm-water-sampling]\nrequires: [c-draft]\n",
        "micro-credentials/c-draft.yaml": "id: c-draft\ntitle: Ā Draft\nframework: none\nrequires: [d-draft]\nlevel:\n",
        "micro-credentials/d-draft.yaml": "id: d-draft\ntitle: A draft\nframework: none\nrequires: [c-draft]\n",
        "micro-credentials/e-draft.yaml": b"id: e-draft\ntitle: [\n",
        "micro-credentials/E-Draft.yaml": b"id: e-draft\ntitle: x\nframework: none\n",
        "organisations/f.yaml": b"id: c-draft\ntitle: F\ndevelopr: x\n",
        "standards/g.yaml": b"\xff",
    }


@holds(st.randoms(use_true_random=False), quick=6, thorough=50)
def test_the_order_of_files_changes_no_byte(chance):
    files = list(_faulty().items())
    before = checked(dict(files), others=documents(), as_of=DAY)
    chance.shuffle(files)
    after = checked(dict(files), others=tuple(reversed(documents())), as_of=DAY)
    for format in FORMATS:
        for look in ({}, {"verbose": True, "width": 80}, {"colour": True}):
            assert written(after, format, **look) == written(before, format, **look)


def test_the_same_files_give_the_same_bytes_twice():
    first, second = (checked(_faulty(), others=documents(), as_of=DAY) for _ in range(2))
    assert first.diagnostics == second.diagnostics
    assert len(first.diagnostics) > 12
    assert list(first.diagnostics) == sorted(first.diagnostics, key=lambda each: each.order)


DAYS = [
    date(1990, 1, 1),
    date(2018, 6, 1),
    date(2022, 8, 29),
    date(2024, 2, 29),
    date(2026, 11, 22),
    date(2031, 1, 1),
    date(2999, 12, 31),
]


def _errors(files, day):
    report = checked(files, others=documents(), as_of=day)
    return [
        (found.fingerprint, found.message, found.where)
        for found in report.diagnostics
        if found.severity is Severity.ERROR
    ]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_errors_of_a_calm_morning_are_those_of_the_day_before(day):
    """For the same bytes the errors do not depend on the day; drafts excepted, which new rules may reach."""
    files = _faulty()
    assert _errors(files, day) == _errors(files, DAY)
    assert _errors(files, day)


def _damage(seed):
    chance = random.Random(seed)
    files = dict(chance.sample(sorted(real_records().items()), 12))
    for path in chance.sample(sorted(files), 6):
        lines = files[path].decode().split("\n")
        for _ in range(2):
            at = chance.randrange(len(lines))
            lines[at] = chance.choice(
                ["", lines[at].replace(":", "", 1), lines[at].replace("2", "3"), lines[at] + "x", "  " + lines[at]]
            )
        files[path] = "\n".join(lines).encode()
    return files


@holds(st.integers(0, 2**64), st.dates(date(1990, 1, 1), date(2100, 1, 1)), quick=10, thorough=200)
def test_on_any_day_the_errors_are_the_same(seed, day):
    files = _damage(seed)
    assert _errors(files, day) == _errors(files, DAY)


# --- how many --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [99, 100, 101, 137, 1100])
def test_a_hundred_findings_of_a_file_and_the_number_of_the_rest(number):
    files = {
        "micro-credentials/a-draft.yaml": DRAFT + "".join(f"f{n}: 1\n" for n in range(number)),
        "micro-credentials/b-draft.yaml": "id: b-draft\ntitle: Other\nframework: none\nf: 1\n",
    }
    report = checked(files)
    own = [found for found in report.diagnostics if "a-draft" in found.path]
    assert [found.span.line for found in own[:100]] == [4 + n for n in range(min(number, 100))]
    if number <= 100:
        assert len(own) == number
    else:
        assert len(own) == 101
        left = f"{number - 100:,}"
        assert own[-1].message == f"{left} more findings in this file are not shown"
        assert (own[-1].rule, own[-1].name, own[-1].arguments["number"]) == ("MC901", "findings-left-out", number - 100)
        assert inside(own[-1].span, lines_of(files["micro-credentials/a-draft.yaml"].encode()))
    assert [found.name for found in report.diagnostics if "b-draft" in found.path] == ["unknown-field"]
    assert len({found.fingerprint for found in report.diagnostics}) == len(report.diagnostics)


def test_what_is_left_out_still_fails():
    text = DRAFT + "".join(f"f{n}: 1\n" for n in range(150))
    (left,) = [
        found for found in checked({"micro-credentials/a-draft.yaml": text}).diagnostics if found.rule == "MC901"
    ]
    assert left.severity is Severity.ERROR


def test_one_file_may_be_asked_for_and_the_rest_is_read_all_the_same():
    files = {
        "micro-credentials/a-draft.yaml": DRAFT + "developer: somebody\nf: 1\n",
        "organisations/somebody.yaml": "id: somebody\ntitle: Somebody\nf: 1\n",
    }
    report = checked(files, reported=lambda path: "a-draft" in path)
    assert [found.name for found in report.diagnostics] == ["unknown-field"]
    assert (report.checked.files, report.checked.records) == (1, 1)
    chosen = checked(files, select=frozenset({"broken-reference"}))
    assert chosen.diagnostics == ()
    assert chosen.checked.files == 2


# --- fingerprints ----------------------------------------------------------------------------------------------------

FAULTY = """\
id: a-draft
title: A Draft
framework: none
levle: 3
credits: ten
sources:
  - {id: one, url: nowhere}
  - {id: two, seen: 2026-02-30}
outcomes:
  - id: plan
    credits: six
  - id: act
    credits: six
requires: [nothing-at-all]
"""

EDITS = {
    "lines above": lambda text: "# a remark\n\n" + text.replace("framework", "# another\nframework"),
    "other fields": lambda text: text.replace("title: A Draft\n", "remarks: new\ntitle: A Draft\n"),
    "lists in another order": lambda text: text.replace(
        "  - {id: one, url: nowhere}\n  - {id: two, seen: 2026-02-30}\n",
        "  - {id: two, seen: 2026-02-30}\n  - {id: one, url: nowhere}\n",
    ).replace(
        "  - id: plan\n    credits: six\n  - id: act\n    credits: six\n",
        "  - id: act\n    credits: six\n  - id: plan\n    credits: six\n",
    ),
    "a new item first": lambda text: text.replace("outcomes:\n", "outcomes:\n  - id: new\n").replace(
        "sources:\n", "sources:\n  - {id: new}\n"
    ),
    "block style": lambda text: text.replace(
        "  - {id: one, url: nowhere}\n", "  - id: one\n    url: nowhere\n"
    ).replace("requires: [nothing-at-all]", "requires:\n  - nothing-at-all"),
    "flow style": lambda text: text.replace("  - id: plan\n    credits: six\n", "  - {id: plan, credits: six}\n"),
    "quotes": lambda text: text.replace("nowhere", '"nowhere"').replace("ten", "'ten'").replace("levle", '"levle"'),
    "fields in another order": lambda text: "".join(
        sorted(re.findall(r"(?m)^\w+:.*\n(?:[ -].*\n)*", text), key=lambda block: block.partition(":")[0])
    ),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "another day": lambda text: text,
}


def _prints(text, day=DAY):
    report = checked({"micro-credentials/a-draft.yaml": text}, as_of=day)
    return {found.fingerprint: (found.name, str(found.arguments)) for found in report.diagnostics}


@pytest.mark.parametrize("edit", EDITS)
def test_a_fingerprint_survives_what_does_not_touch_its_fault(edit):
    before = _prints(FAULTY)
    assert len(before) == 7
    day = date(2030, 1, 1) if edit == "another day" else DAY
    assert _prints(EDITS[edit](FAULTY), day).keys() == before.keys()


@pytest.mark.parametrize(
    ("old", "new", "stay"),
    [
        ("credits: ten", "credits: eleven", 6),
        ("levle: 3", "lvl: 3", 6),
        ("id: plan", "id: other-plan", 6),
        ("nothing-at-all", "something-else", 6),
        ("levle: 3\n", "", 6),
        ("framework: none\n", "framework: none\nanother: 1\n", 7),
    ],
)
def test_a_fingerprint_is_that_of_its_fault(old, new, stay):
    assert len(_prints(FAULTY).keys() & _prints(FAULTY.replace(old, new)).keys()) == stay


def test_two_faults_that_are_alike_have_two_fingerprints():
    text = DRAFT + "aliases: [A b, A b, A b]\n"
    report = checked({"micro-credentials/a-draft.yaml": text})
    prints = [found.fingerprint for found in report.diagnostics]
    assert len(prints) == len(set(prints)) >= 3
    assert all(re.fullmatch(r"1:[0-9a-f]{24}(-[0-9]+)?", each) for each in prints)


def test_files_have_fingerprints_of_their_own():
    files = {
        f"micro-credentials/{name}.yaml": f"id: {name}\ntitle: {name}\nframework: none\nf: 1\n" for name in ("aa", "bb")
    }
    first, second = checked(files).diagnostics
    assert first.fingerprint != second.fingerprint


# --- across records --------------------------------------------------------------------------------------------------


def test_a_fault_between_two_records_stands_on_the_later_id():
    files = {
        "micro-credentials/aa.yaml": "id: aa\ntitle: One\nframework: none\naliases: [old]\n",
        "micro-credentials/bb.yaml": "id: bb\ntitle: Two\nframework: none\naliases: [old]\n",
    }
    for order in (files, dict(reversed(files.items()))):
        (found,) = checked(order).diagnostics
        assert (found.name, found.path) == ("duplicate-id", "micro-credentials/bb.yaml")
        assert cut(files[found.path], found.span) == "old"
        (related,) = found.related
        assert (related.path, cut(files[related.path], related.span)) == ("micro-credentials/aa.yaml", "old")


@pytest.mark.parametrize("length", [1, 2, 3, 40])
def test_a_circle_is_told_once(length):
    names = [f"r{number:02}" for number in range(length)]
    files = {
        f"micro-credentials/{name}.yaml": f"id: {name}\ntitle: T {name}\nframework: none\nrequires: [{names[(n + 1) % length]}]\n"
        for n, name in enumerate(names)
    }
    (found,) = checked(files).diagnostics
    assert found.name == "reference-cycle"
    assert len(found.related) == length - 1


def test_a_long_chain_is_no_circle_and_breaks_nothing():
    files = {
        f"micro-credentials/r{n:04}.yaml": f"id: r{n:04}\ntitle: T{n}\nframework: none\n"
        + (f"requires: [r{n + 1:04}]\n" if n < 1999 else "")
        for n in range(2000)
    }
    assert checked(files).diagnostics == ()


def test_the_report_says_what_it_looked_at():
    report = checked({**register(), "micro-credentials/broken.yaml": b"["}, others=documents(), as_of=DAY)
    data = json.loads(written(report, "json"))
    assert data["checked"] == {"files": len(register()) + 1, "records": len(register())}
    assert data["not_checked"] == [
        {"path": "micro-credentials/broken.yaml", "record": "broken", "because": "yaml-syntax"}
    ]
    assert data["as_of"] == AS_OF
    assert data["summary"]["error"] == 1
