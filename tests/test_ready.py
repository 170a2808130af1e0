"""`ready`, `why`, `frameworks` and `explain`: no clause is passed over, and every verdict says where it comes from."""

import json

import pytest

from mcred.diagnostic import Severity
from mcred.document import read
from mcred.frameworks import Case, judge
from mcred.ready import GROUPS
from mcred.record import Record
from mcred.workspace import SHIPPED
from tests.support import AS_OF, CATALOGUE, GOLDENS, checked, context, mcred, real_records, register

BOOK = context().books["nzqcf"]
CLAUSES = {clause.id: clause for clause in BOOK.clauses}
RECORDS = real_records()
ORGANISATIONS = {
    data["id"]: data
    for path, each in RECORDS.items()
    if path.startswith("organisations/") and (data := read(each).data)
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    to = tmp_path_factory.mktemp("ready") / "catalogue"
    wanted = {
        **register(),
        "micro-credentials/planting-beside-streams.yaml": RECORDS["micro-credentials/planting-beside-streams.yaml"],
    }
    for path, data in wanted.items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(data)
    return to


def run(root, *arguments, as_of=AS_OF):
    return mcred(*arguments, *(("--as-of", as_of) if as_of else ()), cwd=root)


# --- golden output ---------------------------------------------------------------------------------------------------

SHOWN = {
    "ready.draft": ("ready", "planting-beside-streams"),
    "ready.worked-example": ("ready", "worked-example"),
    "ready.worked-example-verbose": ("ready", "worked-example", "--verbose"),
    "why.met": ("why", "worked-example", "nzqcf.credits"),
    "why.not-met": ("why", "planting-beside-streams", "nzqcf.nzsced"),
    "why.excepted": ("why", "worked-example", "nzqcf.fee-cap"),
    "why.judgement": ("why", "worked-example", "nzqcf.evidence-of-need"),
    "why.not-seen": ("why", "worked-example", "nzqcf.amendment"),
    "why.not-applicable": ("why", "worked-example", "nzqcf.university-order"),
}


@pytest.mark.parametrize(("name", "arguments"), SHOWN.items(), ids=SHOWN)
def test_what_it_says(root, golden, name, arguments):
    done = run(root, *arguments)
    assert done.err == ""
    assert done.code == (1 if name == "ready.draft" else 0)
    golden(GOLDENS / f"{name}.txt", done.out)


@pytest.mark.parametrize("name", ["worked-example", "planting-beside-streams"])
def test_no_clause_is_passed_over(root, name):
    done = run(root, "ready", name, "--format", "json")
    assert done.json["schema"] == "mcred-ready/1"
    told = {each["clause"]: each for each in done.json["clauses"]}
    assert len(told) == len(done.json["clauses"])
    assert set(told) == {each.id for clause in BOOK.clauses for each in (clause, *clause.tightened_by)} >= set(CLAUSES)
    assert {each["verdict"] for each in told.values()} <= set(GROUPS)
    assert done.json["missing"] == sum(each["verdict"] == "not-met" for each in told.values())
    assert done.code == (1 if done.json["missing"] else 0)
    text = run(root, "ready", name, "--verbose").out
    assert [clause for clause in told if f"{clause}: " not in text] == []


def test_the_rules_of_another_day(root):
    old = run(root, "ready", "worked-example", "--rules-of", "2019-01-01", "--format", "json").json
    new = run(root, "ready", "worked-example", "--format", "json").json
    credits = [next(each for each in found["clauses"] if each["clause"] == "nzqcf.credits") for found in (old, new)]
    assert [each["editions"] for each in credits] == [["req-2018"], ["req-2023"]]
    assert [each["by"] for each in credits] == ["rules-of", "date"]
    why = run(root, "why", "worked-example", "nzqcf.credits", "--rules-of", "2019-01-01").out
    assert "5 to 40" in why
    assert "req-2018" in why


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ready", "worked-exmple"), 3, "did you mean 'worked-example'?"),
        (("ready", "worked-example", "--format", "jsn"), 2, "did you mean 'json'?"),
        (("ready", "worked-example", "--rules-of", "2026-02-30"), 2, "30 February 2026"),
        (("ready", "example-provider"), 3, "no framework"),
        (("why", "worked-example", "nzqcf.credit"), 3, "did you mean 'nzqcf.credits'?"),
        (("why", "worked-example", "credit"), 3, "did you mean 'nzqcf.credits'?"),
        (("why", "worked-example"), 2, "CLAUSE"),
    ],
)
def test_what_is_not_there(root, arguments, code, words):
    done = run(root, *arguments)
    assert done.code == code, done
    assert words in done.err


def test_a_clause_may_be_named_without_its_framework(root):
    assert run(root, "why", "worked-example", "credits").out == run(root, "why", "worked-example", "nzqcf.credits").out


# --- frameworks, explain ---------------------------------------------------------------------------------------------


def test_frameworks_list(root):
    assert "nzqcf" in run(root, "frameworks", as_of=None).out
    found = run(root, "frameworks", "list", "--format", "json", as_of=None).json
    assert set(found[0]) == {"id", "title", "clauses", "review_by"}
    assert {"nzqcf", "pqf"} <= {each["id"] for each in found}


def test_frameworks_show(root):
    done = run(root, "frameworks", "show", "nzqcf", as_of=None)
    for instrument in BOOK.instruments.values():
        assert instrument.title in done.out
        assert all(f" {edition.id} " in done.out for edition in instrument.editions)
    assert all(clause.name in done.out for clause in BOOK.clauses)


def test_a_clause_is_explained_with_both_ranges_their_dates_and_who_still_publishes_the_old_one(root):
    done = run(root, "explain", "nzqcf.credits", as_of=None)
    assert done.code == 0
    for words in (
        "5 to 40",
        "1 to 40",
        "22 August 2018",
        "January 2023",
        "still repeated",
        "Competenz",
        "req-2018",
        "https://",
    ):
        assert words in done.out, words
    assert run(root, "frameworks", "show", "nzqcf.credits", as_of=None).out == done.out


@pytest.mark.parametrize("name", CLAUSES)
def test_every_clause_can_be_explained(name):
    from mcred.cli.rulebooks import clause_page

    lines = clause_page(BOOK, CLAUSES[name])
    assert lines[0] == f"{name}: {CLAUSES[name].get('summary')}"
    for line in CLAUSES[name].lines:
        if CLAUSES[name].covered_by in ("requirement", "rule") and line.values is not None:
            assert any(line.edition.id in each for each in lines)


def test_coverage_is_the_whole_matrix(root):
    found = run(root, "frameworks", "coverage", "nzqcf", "--format", "json", as_of=None).json
    assert set(found) == {"framework", "clauses", "unknown"}
    assert found["framework"] == "nzqcf"
    assert [each["id"] for each in found["clauses"]] == list(CLAUSES)
    for each in found["clauses"]:
        assert {"id", "covered_by", "basis", "instrument", "citation"} <= set(each)
        assert each["covered_by"] in ("requirement", "rule", "judgement", "not-seen", "outside")
    table = run(root, "frameworks", "coverage", "nzqcf", "--format", "tsv", as_of=None).out.splitlines()
    assert len(table) == len(CLAUSES) + 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("coverge", "nzqcf"), 2, "did you mean 'coverage'?"),
        (("coverage",), 2, "nzqcf"),
        (("coverage", "nzqc"), 3, "did you mean 'nzqcf'?"),
        (("show", "nzqcf.credit"), 3, "did you mean 'nzqcf.credits'?"),
        (("diff", "a.yaml"), 2, "two"),
        (("diff", "a.yaml", "b.yaml"), 3, "a.yaml"),
    ],
)
def test_frameworks_that_are_not_there(root, arguments, code, words):
    done = run(root, "frameworks", *arguments, as_of=None)
    assert done.code == code, done
    assert words in done.err


def test_diff_names_the_records_whose_verdict_a_change_changes(root, tmp_path):
    text = (SHIPPED / "schemas/frameworks/nzqcf.yaml").read_text(encoding="utf-8")
    (tmp_path / "old.yaml").write_text(text, encoding="utf-8")
    assert "{edition: req-2023, min: 1, max: 40" in text
    (tmp_path / "new.yaml").write_text(
        text.replace("{edition: req-2023, min: 1, max: 40", "{edition: req-2023, min: 1, max: 9"), encoding="utf-8"
    )
    same = run(root, "frameworks", "diff", tmp_path / "old.yaml", tmp_path / "old.yaml", as_of=None)
    assert same.code == 0
    assert same.out.startswith("no verdict changes")
    done = run(root, "frameworks", "diff", tmp_path / "old.yaml", tmp_path / "new.yaml", "--format", "json", as_of=None)
    assert done.code == 0
    assert done.json == [
        {"record": "worked-example", "clause": "nzqcf.credits", "before": "met", "after": "not-met (error)"}
    ]


# --- from draft to submitted -----------------------------------------------------------------------------------------


def findings(text, path="micro-credentials/planting-beside-streams.yaml"):
    others = {name: data for name, data in RECORDS.items() if name.startswith("organisations/example-")}
    report = checked({**others, path: text})
    return {
        each.rule: each.severity for each in report.diagnostics if each.path == path and each.rule.startswith("nzqcf")
    }


SUBMITTED = """\
decisions:
  - {id: s, act: submitted, date: 2026-11-20, by: example-provider, to: example-qualifications-authority, for: new}
"""


def test_submitted_notes_become_errors():
    draft = RECORDS["micro-credentials/planting-beside-streams.yaml"].decode()
    before = findings(draft)
    after = findings(draft.replace("stage: draft\n", "") + SUBMITTED)
    assert set(before.values()) == {Severity.NOTE}
    assert Severity.ERROR in after.values()
    assert set(before) <= set(after)
    for name, severity in after.items():
        own = CLAUSES[name].get("severity")
        assert severity is not Severity.NOTE or own == "note", name


# --- nothing is softer because it is unknown -------------------------------------------------------------------------

SETTLED = ("met", "not-applicable", "excepted")


def verdicts(data):
    record = Record("micro-credential", "x.yaml", data)
    from datetime import date

    case = Case(record, BOOK, ORGANISATIONS, date.fromisoformat(AS_OF))
    return {name: judge(clause, case).verdict for name, clause in CLAUSES.items()}


def own(name):
    return read(RECORDS[f"micro-credentials/{name}.yaml"]).data


FIELDS = (
    "level",
    "credits",
    "subjects",
    "purpose",
    "pathways",
    "outcomes",
    "assessments",
    "standards",
    "developer",
    "review",
    "hours",
)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", ["worked-example", "hive-inspection", "hosting-manuhiri", "planting-for-bees"])
def test_a_value_made_unknown_settles_nothing(name, field):
    """What is not met without a value is not met or open where the value is said to be unknown, but never settled."""
    data = own(name)
    faulty = {key: value for key, value in data.items() if key != field}
    missing = verdicts(faulty)
    unknown = verdicts({**faulty, "unknown": [f"/{field}"]})
    for clause, verdict in unknown.items():
        if missing[clause].verdict == "not-met":
            assert verdict.verdict not in SETTLED, clause
            assert verdict.verdict in ("not-met", "unknown"), clause
        if missing[clause].verdict == "unknown":
            assert verdict.verdict not in SETTLED, clause


@pytest.mark.parametrize("field", FIELDS)
def test_an_own_record_that_says_unknown_after_its_draft_still_has_its_errors(field):
    text = RECORDS["micro-credentials/worked-example.yaml"].decode()
    data = own("worked-example")
    del data[field]
    lines, kept, skip = text.split("\n"), [], False
    for line in lines:
        if line and not line.startswith((" ", "#")):
            skip = line.startswith(f"{field}:")
        if not skip:
            kept.append(line)
    without = "\n".join(kept)
    path = "micro-credentials/worked-example.yaml"

    def errors(text):
        report = checked({**register(), path: text}, others=tuple(str(each) for each in CATALOGUE.rglob("*.md")))
        return {(each.rule) for each in report.diagnostics if each.path == path and each.severity is Severity.ERROR}

    there, said = errors(without), errors(without + f"unknown: [/{field}]\n")
    assert {rule for rule in there if rule.startswith("nzqcf")} <= said or "MC211" in said


def test_goldens_are_json_free_of_paths_of_this_machine(root):
    done = run(root, "ready", "worked-example", "--format", "json")
    assert str(root.parent) not in done.out
    assert json.dumps(done.json, ensure_ascii=False, indent=1) + "\n" == done.out
