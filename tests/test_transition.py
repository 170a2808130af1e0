"""The review of earlier awards: the cases in `tests/frameworks/transition/` hold, and the program tells what they hold.

The cases are data, so that whoever knows the rules can correct a reading without Python. Nothing in them was taken from
the program's answers.
"""

import csv
import io

import pytest

from mcred.conformance import misshapen, run_transition
from mcred.document import read
from mcred.frameworks import rulebook
from mcred.review.transition import BECAUSE, STATES
from tests.cases import load, organisations
from tests.support import AS_OF, ROOT, made, mcred
from tests.test_list_show import terminal

FRAMEWORKS = ROOT / "tests/frameworks"
FILES = sorted((FRAMEWORKS / "transition").glob("*.yaml"))
BASE = load(FRAMEWORKS / "transition/approved-in-2015.yaml")
CASES = [case for path in FILES for case in load(path).get("cases", ())]
POINTS = [point["id"] for point in load(FRAMEWORKS / "transition-points.yaml")["points"]]
NZQCF = load(ROOT / "schemas/frameworks/nzqcf.yaml")


def differs(case, framework=NZQCF):
    ((_, found),) = run_transition({"cases": [case]}, BASE, rulebook(framework), organisations())
    return [(each.about, each.expected, each.found) for each in found]


# --- the cases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case):
    assert differs(case) == []


def test_the_program_runs_the_same_cases():
    ran = mcred("conformance", *FILES, cwd=ROOT)
    assert (ran.code, ran.out, ran.err) == (0, f"{len(CASES)} cases: {len(CASES)} agree, 0 differ\n", "")


def test_a_case_that_differs_is_told():
    wrong = {
        "scope": "out",
        "because": "basic-first-aid",
        "due": "2025-09-15",
        "assumed": ["day-clamped"],
        "wordings": {"newsletter": "in"},
        "state": "retired",
        "detail": "fencing",
        "apply_by": "2025-09-15",
    }
    assert differs({"id": "wrong", "as_of": "2025-02-01", "expect": wrong}) == [
        ("transition scope", "out", "in"),
        ("transition because", "basic-first-aid", "domestic"),
        ("transition due", "2025-09-15", "2025-09-14"),
        ("transition assumed", ["day-clamped"], []),
        ("transition wordings", {"newsletter": "in"}, {"newsletter": "in", "report-page": "in"}),
        ("transition state", "retired", "not-yet-requested"),
        ("transition detail", "fencing", "none"),
        ("transition apply_by", "2025-09-15", "2025-12-14"),
    ]


def test_a_case_has_an_id_a_reason_and_a_point_and_a_point_its_cases():
    names = [case["id"] for case in CASES]
    assert len(names) == len(set(names)) >= 20
    assert all(case["why"].endswith(".") for case in CASES)
    assert len(POINTS) == len(set(POINTS))
    assert {case["source"] for case in CASES} == {*POINTS}


def test_a_point_that_is_a_row_is_one_of_the_page_of_rules():
    page = (ROOT / "docs/rules/nzqcf.md").read_text(encoding="utf-8")
    assert [point for point in POINTS if point.startswith("nzqcf-") and f"| {point} |" not in page] == []


def test_every_word_of_an_answer_is_expected_by_a_case():
    expected = [case["expect"] for case in CASES]
    of_framework = {
        case["because"]
        for wording in NZQCF["transitions"][0]["wordings"]
        for case in wording["cases"]
        # the first wording that says anything gives the reason, and the second never goes beyond these two alone
        if case["because"] not in ("left-for-later", "not-left-out")
    }
    assert of_framework | BECAUSE.keys() - {"no-wording"} <= {each.get("because") for each in expected}
    assert STATES.keys() <= {each.get("state") for each in expected}


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("expect: {}", "it expects nothing: say so in 'expect', 'findings' or 'absent'"),
        ("expect: {scope: inside}", "there is no scope 'inside'"),
        ("expect: {scoop: in}", "what is expected has no key 'scoop'; did you mean 'scope'?"),
        ("expect: {state: retired}", "it has no 'as_of': how far it has come depends on the day"),
        ("expect: {wordings: [in]}", "'wordings' is a map of wordings and scopes"),
        ("expect: {assumed: day-clamped}", "'assumed' is a list"),
        ("others: {micro-credentials: x}, expect: {scope: in}", "'others' holds a list of 'micro-credentials'"),
    ],
)
def test_a_case_that_nobody_can_run_is_refused(case, told):
    text = f"format: 1\nkind: transition\nframework: nzqcf\ncases:\n  - {{id: a, {case}}}\n"
    assert (misshapen(read(text.encode()).data) or "").startswith(f"case 'a': {told}")


# --- another framework -----------------------------------------------------------------------------------------------

ELSEWHERE = {
    "format": 1,
    "id": "elsewhere",
    "title": "Elsewhere",
    "transitions": [
        {
            "id": "moving",
            "kinds": ["training-scheme"],
            "wordings": [
                {"id": "act", "cases": [{"scope": "in", "because": "long", "weeks_above": 4}]},
                {"id": "guide", "cases": []},
            ],
            "due": [{"kinds": ["training-scheme"], "at": "/derived/first_approved_on", "anniversary_in": 2030}],
        }
    ],
}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # a wording that says nothing does not stand against one that does
        (
            {},
            {"scope": "in", "because": "long", "wordings": {"act": "in", "guide": "says-nothing"}, "due": "2030-09-14"},
        ),
        ({"record": {"duration": [{"amount": 4, "unit": "weeks"}]}}, {"scope": "cannot-tell", "because": "no-wording"}),
        # without a notice and a time to apply in, neither is made up
        ({"as_of": "2029-01-01"}, {"state": "cannot-tell", "apply_by": "none"}),
    ],
    ids=["in-scope", "no-wording", "no-notice"],
)
def test_another_framework_is_another_file(case, expected):
    assert differs({"id": "a", **case, "expect": expected}, ELSEWHERE) == []


def test_a_framework_without_a_transition_says_so():
    found = differs({"id": "a", "expect": {"scope": "in"}}, {"format": 1, "id": "silent", "title": "Silent"})
    assert found == [("transition", {"scope": "in"}, None)]


# --- the program -----------------------------------------------------------------------------------------------------

SCHEME = (
    "id: {id}\ntitle: {id}\nframework: nzqcf\nprovider: school\nlearners: [{learners}]\nsubject_flags: [{flags}]\n"
    "duration: [{{amount: {weeks}, unit: weeks}}]\ndecisions:\n"
    '  - {{id: approved, act: content-approved, date: {date}, by: authority, version: "1"}}\n'
)


def scheme(id, date="2015-09-14", learners="domestic", flags="", weeks=6):
    return SCHEME.format(id=id, date=date, learners=learners, flags=flags, weeks=weeks)


OLD = """\
id: {id}
title: {id}
framework: nzqcf
level: 3
developer: school
{more}decisions:
  - {{id: approved, act: content-approved, date: {date}, by: authority, version: "1", review_years: 1}}
"""
LISTED = '  - {id: listed, act: listed, date: 2025-03-03, by: authority, version: "1", number: "9001"}\n'
RECORDS = {
    "catalogue.yaml": "format: 1\ntitle: A register\ntimezone: Pacific/Auckland\nlanguages: [en]\n",
    "organisations/authority.yaml": "{id: authority, title: Authority}\n",
    "organisations/school.yaml": "{id: school, title: School}\n",
    "training-schemes/fencing.yaml": scheme("fencing"),
    "training-schemes/leaping.yaml": scheme("leaping", "2016-02-29"),
    "training-schemes/first-aid.yaml": scheme("first-aid", flags="basic-first-aid"),
    "training-schemes/twelve.yaml": scheme("twelve", "2014-11-03", "international", weeks=12),
    "training-schemes/shearing.yaml": scheme("shearing"),
    "micro-credentials/old.yaml": OLD.format(
        id="old", date="2021-05-03", more="register_entry: {number: '4001', next_review: 2025-08}\n"
    ),
    "micro-credentials/new-shearing.yaml": OLD.format(
        id="new-shearing", date="2025-02-03", more="replaces: [shearing]\n"
    )
    + LISTED,
    "micro-credentials/a-draft.yaml": "id: a-draft\ntitle: A Draft\nframework: nzqcf\n",
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return made(tmp_path_factory.mktemp("transition"), RECORDS)


def test_what_is_in_scope_comes_first_and_what_is_none_is_not_there(catalogue):
    ran = mcred("transition", "--as-of", AS_OF, "--format", "json", cwd=catalogue)
    assert (ran.code, ran.err) == (0, "")
    told = [
        (each["record"], each["scope"], each["because"], each["due"], each["state"]) for each in ran.json["records"]
    ]
    assert told == [
        ("leaping", "in", "domestic", "2025-02-28", "cannot-tell"),
        ("old", "in", "not-listed-under-current-rules", "2025-08-31", "cannot-tell"),
        ("fencing", "in", "domestic", "2025-09-14", "cannot-tell"),
        ("shearing", "in", "domestic", "2025-09-14", "listed-as"),
        ("twelve", "cannot-tell", "wordings-disagree", "2025-11-03", "cannot-tell"),
        ("first-aid", "out", "basic-first-aid", None, None),
    ]
    assert ran.json["counts"] == {"in": 4, "out": 1, "cannot-tell": 1}
    leaping, *_ = ran.json["records"]
    assert leaping["due_explanation"] == (
        "it was first approved on 2016-02-29, and the anniversary of 2025 counts (assumed: 29 February becomes 28 February)"
    )
    assert [(each["id"], each["source"], each["scope"]) for each in leaping["wordings"]] == [
        ("newsletter", "EQ-2409", "in"),
        ("report-page", "REVIEW", "in"),
    ]


def test_csv_and_md_say_the_same(catalogue, tmp_path):
    table, page = tmp_path / "t.csv", tmp_path / "t.md"
    arguments = ("--scope", "cannot-tell", "--as-of", AS_OF, "--output", f"csv={table}", "--output", f"md={page}")
    ran = mcred("transition", *arguments, cwd=catalogue)
    row = {
        "id": "twelve",
        "title": "twelve",
        "kind": "training-scheme",
        "scope": "nobody can tell",
        "because": "the published wordings do not agree",
        "wordings": "newsletter: out of scope; report-page: in scope",
        "due": "2025-11-03",
        "state": "nobody recorded whether it was requested",
        "apply_by": "2026-02-03",
        "how": "it was first approved on 2014-11-03, and the anniversary of 2025 counts",
        "path": "catalogue/training-schemes/twelve.yaml",
    }
    assert list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")))) == [row]
    assert ran.out == "\t".join(row) + "\n" + "\t".join(row.values()) + "\n"
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# A register: earlier awards under review as of {AS_OF} (Pacific/Auckland)"
    assert lines[2] == "In scope 4, out of scope 1, nobody can tell 1."
    assert lines[6] == f"| {' | '.join(row.values())} |"
    assert [line[:24] for line in lines[-2:]] == ["- newsletter (EQ-2409): ", "- report-page (REVIEW): "]


def test_a_record_that_is_named_is_told_whatever_it_is(catalogue):
    ran = mcred("transition", "a-draft", "new-shearing", "--format", "json", cwd=catalogue)
    assert [(each["record"], each["scope"], each["because"]) for each in ran.json["records"]] == [
        ("a-draft", "out", "draft"),
        ("new-shearing", "out", "listed-under-current-rules"),
    ]


def test_the_days_are_in_the_report_of_what_is_due(catalogue):
    ran = mcred("due-reviews", "--kind", "transition", "--as-of", AS_OF, "--format", "json", cwd=catalogue)
    told = [(each["record"], each["due"], each["because"], each["id"]) for each in ran.json["reviews"]]
    assert told == [
        ("leaping", "2025-02-28", "anniversary", "review-of-earlier-awards"),
        ("old", "2025-08-31", "registered-date", "review-of-earlier-awards"),
        ("fencing", "2025-09-14", "anniversary", "review-of-earlier-awards"),
        ("twelve", "2025-11-03", "anniversary", "review-of-earlier-awards"),
    ]
    assert ran.json["reviews"][-1]["explanation"].endswith(
        "counts; perhaps; whether it is in scope nobody can tell: the published wordings do not agree"
    )


def test_what_is_replaced_later_was_due_on_an_earlier_day(catalogue):
    arguments = ("due-reviews", "--kind", "transition", "--as-of", "2025-03-02", "--within", "1y", "--format", "json")
    before = mcred(*arguments, cwd=catalogue).json["reviews"]
    since = mcred(*arguments[:4], "2025-03-03", *arguments[5:], "--since", "2025-03-02", cwd=catalogue).json["reviews"]
    assert "shearing" in [each["record"] for each in before]
    assert since == []


def test_why_tells_each_wording_and_fact(catalogue):
    ran = mcred("why", "leaping", "transition", "--as-of", "2025-01-15", cwd=catalogue)
    lines = [line.strip() for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [line for line in lines if line.startswith("so it is")] == [
        "so it is in scope, domestic",
        "so it is in scope, not left out",
    ]
    assert lines[-7:] == [
        "so it is in scope, not left out",
        "Due           2025-02-28",
        "Facts         it was first approved on 2016-02-29, and the anniversary of 2025 counts",
        "Assumed       29 February becomes 28 February",
        "State         nobody recorded whether it was requested",
        "Apply by      2025-05-28",
        "As of         2025-01-15",
    ]


def test_where_nobody_can_tell_that_is_said_as_a_sentence(tmp_path):
    either = (
        "duration: [{amount: 6, unit: weeks, intensity: full-time}, {amount: 12, unit: weeks, intensity: part-time}]\n"
    )
    text = scheme("either", learners="international").replace("duration: [{amount: 6, unit: weeks}]\n", either)
    assert either in text
    undated = OLD.format(id="undated", date="2021-05-03", more="")
    root = made(tmp_path, RECORDS | {"training-schemes/either.yaml": text, "micro-credentials/undated.yaml": undated})
    lines = [line.strip() for line in mcred("why", "either", "transition", cwd=root).out.splitlines()]
    assert [line for line in lines if line.startswith("so ")] == [
        "so nobody can tell: the weeks that it may take lie on both sides of the limit",
        "so it is in scope, not left out",
    ]
    due = mcred("due-reviews", "--kind", "transition", "--within", "1y", "--format", "json", cwd=root).json["reviews"]
    assert [each["explanation"] for each in due if each["record"] == "undated"] == [
        "the day that it is due by is not recorded"
    ]


def test_the_wordings_fit_the_terminal(catalogue):
    shown = terminal("transition", "--as-of", AS_OF, cwd=catalogue, columns=60)
    lines = shown[shown.index("newsletter (EQ-2409)") :].splitlines()
    assert lines[0] == "newsletter (EQ-2409): In scope are former training schemes"
    assert max(map(len, lines)) <= 60


def test_why_of_a_record_that_no_transition_is_about(catalogue):
    ran = mcred("why", "school", "transition", cwd=catalogue)
    assert (ran.code, ran.err) == (
        3,
        "mcred: no review of earlier awards is known that 'school' could be in\n",
    )


@pytest.mark.parametrize(
    ("option", "what", "given"), [("--format", "format", "csv,json"), ("--custody", "custody", "own,all")]
)
def test_of_what_can_be_only_one_several_are_refused(option, what, given, catalogue):
    ran = mcred("transition", option, given, cwd=catalogue)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"mcred: {option}: no {what} '{given}'; there is ")
