"""`conformance`: anybody's case files are run, and what differs is told with its reason."""

import json

import pytest

from tests.support import ROOT, made, mcred

SUITE = ROOT / "tests/frameworks/nzqcf"
BASE = (SUITE / "complete-record.yaml").read_text(encoding="utf-8")
HEAD = "format: 1\nkind: clauses\nframework: nzqcf\nbase: base.yaml\ncases:\n"
APPROVED = "decisions: [{id: a, act: content-approved, date: 2021-05-03, version: '1', review_years: 1}]"
FAULT = "{verdict: not-met, edition: req-2018, severity: error, at: /credits, by: date}"


def case(expect, record="{credits: 4}", more="", name="four"):
    return f"  - id: {name}\n    why: A reason.\n    record: {record}\n    {APPROVED}\n    expect: {expect}\n{more}"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def run(folder, text, *arguments, name="cases.yaml"):
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return mcred("conformance", name, *arguments, cwd=folder)


def test_a_case_that_agrees(folder):
    done = run(folder, HEAD + case(f"{{nzqcf.credits: {FAULT}}}"))
    assert (done.code, done.out, done.err) == (0, "1 case: 1 agree, 0 differ\n", "")


DIFFERENT = {
    "verdict": ("verdict: met", "verdict", "met", "not-met"),
    "edition": ("edition: req-2023", "editions", ["req-2023"], ["req-2018"]),
    "editions": ("editions: [req-2018, req-2023]", "editions", ["req-2018", "req-2023"], ["req-2018"]),
    "severity": ("severity: note", "severity", "note", "error"),
    "at": ("at: /level", "at", "/level", "/credits"),
    "by": ("by: as-of", "by", "as-of", "date"),
    "because": ("because: value-unknown", "because", "value-unknown", None),
}


@pytest.mark.parametrize(("expected", "about", "wanted", "found"), DIFFERENT.values(), ids=DIFFERENT)
def test_each_thing_that_may_differ_is_told(folder, expected, about, wanted, found):
    text = HEAD + case(f"{{nzqcf.credits: {{{expected}}}}}")
    done = run(folder, text, "--format", "json")
    assert done.code == 1
    report = json.loads(done.out)
    assert {key: report[key] for key in ("cases", "agreed")} == {"cases": 1, "agreed": 0}
    (told,) = report["differ"]
    assert set(told) == {"case", "about", "expected", "found", "because"}
    assert told["case"] == "four"
    assert (told["about"], told["expected"], told["found"]) == (f"nzqcf.credits {about}", wanted, found)
    assert "5 to 40" in told["because"]


def test_in_words(folder):
    text = HEAD + case("{nzqcf.credits: {verdict: met}}") + case("{nzqcf.level: {verdict: met}}", name="other")
    done = run(folder, text)
    assert done.code == 1
    assert done.out.splitlines()[0] == "four: nzqcf.credits verdict: expected met, found not-met"
    assert done.out.splitlines()[-1] == "2 cases: 1 agree, 1 differ"


def test_a_clause_that_there_is_not_differs(folder):
    done = run(folder, HEAD + case("{nzqcf.credit: {verdict: met}}"), "--format", "json")
    assert done.code == 1
    assert done.json["differ"][0]["because"] == "the framework has no such clause"


def test_findings_and_their_absence(folder):
    text = HEAD + "".join(
        f"  - {{id: c{number}, record: {{credits: 4}}, {APPROVED}, {key}: [nzqcf.{clause}]}}\n"
        for number, (key, clause) in enumerate(
            [("findings", "credits"), ("absent", "level"), ("findings", "level"), ("absent", "credits")]
        )
    )
    done = run(folder, text, "--format", "json")
    assert done.code == 1
    assert [each["case"] for each in done.json["differ"]] == ["c2", "c3"]


def test_only_what_is_named_is_compared(folder):
    done = run(folder, HEAD + case("{nzqcf.level: {verdict: met}}"))
    assert done.code == 0


def test_a_key_set_to_nothing_is_taken_out_and_lists_are_replaced(folder):
    text = HEAD + (
        "  - {id: a, record: {credits: }, expect: {nzqcf.credits: {verdict: not-met}}}\n"
        "  - {id: b, record: {purpose: {use: []}},\n"
        "     expect: {nzqcf.use: {verdict: not-met}, nzqcf.purpose: {verdict: met}}}\n"
        "  - {id: c, record: {purpose: }, expect: {nzqcf.purpose: {verdict: not-met}}}\n"
    )
    assert run(folder, text).out == "3 cases: 3 agree, 0 differ\n"


def test_a_case_may_be_under_another_framework(folder):
    reviews = (
        "kind: reviews\nframework: nzqcf\ncases:\n"
        "  - {id: a, DECIDED, expect: {because: period-unknown}}\n"
        "  - {id: b, framework: pqf, DECIDED, expect: {because: no-rule-known}}\n"
        "  - {id: c, record: {framework: pqf}, DECIDED, expect: {because: no-rule-known}}\n"
    ).replace("DECIDED", "as_of: 2026-11-22, decisions: [{act: content-approved, date: 2024-05-06}]")
    assert run(folder, reviews).out == "3 cases: 3 agree, 0 differ\n"
    clauses = HEAD + (
        "  - {id: a, framework: pqf, record: {level: 3}, expect: {nzqcf.level: {verdict: met}}}\n"
        "  - {id: b, record: {framework: pqf}, expect: {nzqcf.level: {verdict: met}}}\n"
    )
    done = run(folder, clauses, "--format", "json")
    assert [(each["case"], each["because"]) for each in done.json["differ"]] == [
        ("a", "the framework has no such clause")
    ]


def test_a_file_that_another_names_as_its_base_is_no_case_file(folder):
    """So that `conformance FOLDER/*.yaml` works."""
    (folder / "cases.yaml").write_text(HEAD + case("{nzqcf.level: {verdict: met}}"), encoding="utf-8")
    for order in (("base.yaml", "cases.yaml"), ("cases.yaml", "base.yaml"), ("./base.yaml", "cases.yaml")):
        done = mcred("conformance", *order, cwd=folder)
        assert (done.code, done.out) == (0, "1 case: 1 agree, 0 differ\n"), done


def test_the_base_alone_is_no_case_file(folder):
    done = mcred("conformance", "base.yaml", cwd=folder)
    assert done.code == 3
    assert "kind" in done.err


def test_several_files_are_summed(folder):
    (folder / "a.yaml").write_text(HEAD + case("{nzqcf.level: {verdict: met}}"), encoding="utf-8")
    (folder / "b.yaml").write_text(HEAD + case("{nzqcf.credits: {verdict: met}}"), encoding="utf-8")
    done = mcred("conformance", "a.yaml", "b.yaml", "--format", "json", cwd=folder)
    assert done.code == 1
    assert (done.json["cases"], done.json["agreed"]) == (2, 1)


def test_a_framework_of_the_catalogues_own(tmp_path):
    root = made(
        tmp_path,
        {
            "policies/farm-framework.yaml": (
                "id: farm-framework\ntitle: Farm Framework\nformat: 1\n"
                "instruments:\n  - {id: rules, kind: rules, title: Rules, editions: [{id: r-2018, from: 2018}]}\n"
                "clauses:\n  - {id: title, summary: A title., instrument: rules, citation: rule 1, basis: rule,"
                " governs: listing, covered_by: requirement, test: present, at: /title}\n"
            )
        },
    )
    (root / "c.yaml").write_text(
        "kind: clauses\nframework: farm-framework\ncases:\n"
        "  - {id: a, record: {title: A}, expect: {farm-framework.title: {verdict: met}}}\n"
        "  - {id: b, record: {id: b}, expect: {farm-framework.title: {verdict: not-met}}}\n"
    )
    done = mcred("conformance", "c.yaml", cwd=root)
    assert done.out == "2 cases: 2 agree, 0 differ\n", done


WRONG = {
    "kind": ("kind: riews\nframework: nzqcf\ncases: []\n", "'riews'"),
    "framework": ("kind: clauses\nframework: nzqc\ncases: []\n", "did you mean 'nzqcf'?"),
    "the-framework-of-a-case": (HEAD + "  - {id: a, framework: nzqc, expect: {a: {verdict: met}}}\n", "mean 'nzqcf'?"),
    "no-framework": ("kind: clauses\ncases: []\n", "framework"),
    "base": (HEAD.replace("base.yaml", "bse.yaml") + case("{nzqcf.level: {verdict: met}}"), "bse.yaml"),
    "syntax": (HEAD + "  - [\n", "cases.yaml:"),
    "empty": ("", "cases.yaml"),
    "no-cases": ("kind: clauses\nframework: nzqcf\n", "'cases'"),
    "a-case-that-is-text": (HEAD + "  - four\n", "case 1"),
    "a-case-without-an-id": (HEAD + "  - {expect: {nzqcf.level: {verdict: met}}}\n", "case 1"),
    "a-misspelt-key": (HEAD + "  - {id: a, expct: {}}\n", "did you mean 'expect'?"),
    "a-misspelt-expectation": (HEAD + case("{nzqcf.level: {verdct: met}}"), "did you mean 'verdict'?"),
    "expects-nothing": (HEAD + "  - {id: a}\n", "expects nothing"),
    "an-expectation-that-is-text": (HEAD + case("{nzqcf.level: met}"), "nzqcf.level"),
    "record": (HEAD + case("{nzqcf.level: {verdict: met}}", record="[a]"), "'record' is a map"),
    "as-of": (HEAD + case("{nzqcf.level: {verdict: met}}", more="    as_of: 2026-02-30\n"), "2026-02-30"),
    "others": (
        HEAD + case("{nzqcf.level: {verdict: met}}", more="    others: {organisations: [{title: A}]}\n"),
        "'organisations'",
    ),
    "decisions": (
        HEAD + "  - {id: a, decisions: {}, expect: {nzqcf.level: {verdict: met}}}\n",
        "'decisions' is a list",
    ),
    "not-utf-8": (b"kind: \xff\n", "UTF-8"),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_a_file_that_cannot_be_run_is_told_in_one_line(folder, text, words):
    done = run(folder, text)
    assert done.code in (2, 3), done
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert words in done.err


def test_a_file_that_is_not_there(folder):
    assert mcred("conformance", "nope.yaml", cwd=folder).code == 3
    assert mcred("conformance", cwd=folder).code == 2
    assert mcred("conformance", "base.yaml", "--format", "xml", cwd=folder).code == 2


def test_the_same_run_gives_the_same_bytes(folder):
    text = HEAD + case("{nzqcf.credits: {verdict: met}, nzqcf.level: {verdict: not-met}}")
    assert run(folder, text, "-f", "json").out == run(folder, text, "-f", "json").out
