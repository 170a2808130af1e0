"""The shipped frameworks: their cases hold, nothing is left out, and no value of theirs could be another one unnoticed.

`tests/frameworks/nzqcf/*.yaml` says as data what records come to, so that whoever knows the rules can correct a
reading without Python; `complete-record.yaml` is what the cases are laid over. `docs/rules/nzqcf.md` has every row of
the rules, and `tests/frameworks/nzqcf-notes.yaml` says what each row was made from; `nzqcf-messages.yaml` beside it has what
a person reads.
"""

import copy
import hashlib
import json
import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mcred.conformance import case_of, judged, run_clauses
from mcred.dates import days
from mcred.frameworks import Case, judge, rulebook
from mcred.frameworks import judged as findings
from mcred.frameworks.rules import PARAMETERS, RULES
from mcred.record import Record
from tests.cases import load, organisations
from tests.mutations import check
from tests.support import AS_OF, CATALOGUE, ROOT, made, mcred

SUITE = ROOT / "tests/frameworks/nzqcf"
PAGE = ROOT / "docs/rules/nzqcf.md"
BLOCKS = ROOT / "tests/frameworks/nzqcf-notes.yaml"
MESSAGES = ROOT / "tests/frameworks/nzqcf-messages.yaml"

JUDGED = ("requirement", "rule")
"""What data or code decides, so that cases can hold it to its verdicts."""


DATA = load(ROOT / "schemas/frameworks/nzqcf.yaml")
BASE = load(SUITE / "complete-record.yaml")
FILES = [path for path in sorted(SUITE.glob("*.yaml")) if path.name != "complete-record.yaml"]
CASES = [(path.stem, case) for path in FILES for case in load(path)["cases"]]
CLAUSES = {clause["id"]: clause for clause in DATA["clauses"]}
BOOK = rulebook(DATA)


def differs(book: Any, cases: list[dict[str, Any]]) -> Iterator[Any]:
    """Where cases differ from what they expect, one after the other."""
    for case in cases:
        named = book._replace(clauses=tuple(clause for clause in book.clauses if clause.id in case["expect"]))
        for _, differences in run_clauses({"cases": [case]}, BASE, named, organisations()):
            yield from differences


# --- the cases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{file}/{case['id']}") for file, case in CASES])
def test_case(case):
    assert list(differs(BOOK, [case])) == []


def test_the_program_runs_the_same_cases():
    ran = mcred("conformance", *FILES, cwd=ROOT)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{len(CASES)} cases: {len(CASES)} agree, 0 differ\n"


def test_a_case_that_differs_is_told():
    case = next(case for _, case in CASES if case["id"] == "four-credits-approved-in-2021")
    wrong = {**case, "expect": {"nzqcf.credits": {"verdict": "met", "edition": "req-2023"}}}
    assert [(each.about, each.expected, each.found) for each in differs(BOOK, [wrong])] == [
        ("nzqcf.credits verdict", "met", "not-met"),
        ("nzqcf.credits editions", ["req-2023"], ["req-2018"]),
    ]


def test_the_base_is_a_record_without_a_fault(tmp_path):
    files = {"micro-credentials/complete-record.yaml": (SUITE / "complete-record.yaml").read_text(encoding="utf-8")}
    for place in ("organisations", "standards", "qualifications"):
        for path in sorted((CATALOGUE / place).glob("example-*.yaml")):
            files[f"{place}/{path.name}"] = path.read_text(encoding="utf-8")
    root = made(tmp_path, files)
    report = mcred(
        "validate", "catalogue/micro-credentials", "--as-of", AS_OF, "--format", "json", cwd=root.parent
    ).json
    assert [each for each in report["findings"] if each["path"].endswith("complete-record.yaml")] == []


def test_the_base_meets_every_clause_that_it_can():
    found = judged({"as_of": AS_OF}, BASE, BOOK, organisations())
    verdicts = {CLAUSES[each.clause.name]["covered_by"]: set() for each in found.values()}
    for each in found.values():
        verdicts[CLAUSES[each.clause.name]["covered_by"]].add(each.verdict.verdict)
    assert verdicts["requirement"] | verdicts["rule"] == {"met", "not-applicable"}


def test_an_observed_record_is_counted_and_has_no_findings():
    data = {**BASE, "custody": "observed", "credits": 60}
    case = Case(Record("micro-credential", "complete-record.yaml", data), BOOK, organisations(), date(2026, 11, 22))
    assert list(findings(case)) == []
    data["custody"] = "own"
    case = Case(Record("micro-credential", "complete-record.yaml", data), BOOK, organisations(), date(2026, 11, 22))
    assert [found.rule for found in findings(case)] == ["nzqcf.credits"]


@pytest.mark.parametrize(("languages", "wanted"), [("en, mi", "'title' is to be without 'diploma'"), ("mi, en", None)])
def test_rules_hold_for_the_first_language_of_the_catalogue_wherever_it_stands(tmp_path, languages, wanted):
    data = {**BASE, "title": {"mi": "Te Whakatō", "en": "Planting Diploma"}}
    (tmp_path / "micro-credentials").mkdir()
    (tmp_path / "micro-credentials" / "complete-record.yaml").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "catalogue.yaml").write_text(f"format: 1\ntitle: A\nlanguages: [{languages}]\n", encoding="utf-8")
    said = mcred("validate", "-f", "json", "--as-of", AS_OF, cwd=tmp_path).json
    told = [each["message"] for each in said["findings"] if each["rule"] == "nzqcf.title-words"]
    assert told == ([wanted] if wanted else [])


def test_a_note_names_every_clause_that_a_day_leaves_open(tmp_path):
    approved = {"id": "a", "act": "content-approved", "date": "2023-01", "version": "1", "review_years": 2}
    approved["by"] = "example-qualifications-authority"
    data = {**BASE, "credits": 4, "decisions": [approved]}
    (tmp_path / "micro-credentials").mkdir()
    (tmp_path / "micro-credentials" / "complete-record.yaml").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "catalogue.yaml").write_text("format: 1\ntitle: A catalogue\n", encoding="utf-8")
    said = mcred("validate", "-v", "-f", "json", "--as-of", AS_OF, cwd=tmp_path).json
    names = "nzqcf.assessment, nzqcf.credits, nzqcf.outcomes-2018, nzqcf.purpose-2018, nzqcf.review-period"
    assert [each["message"] for each in said["findings"] if each["rule"] == "MC303"] == [
        f"the day is known only roughly, and editions of the rules differ on {names}"
    ]


def test_the_rules_of_another_day_are_asked_of_a_draft_too():
    draft = {"id": "a-draft", "title": "A Draft", "framework": "nzqcf", "credits": 4}
    record = Record("micro-credential", "a-draft.yaml", draft)
    only = rulebook({**DATA, "clauses": [CLAUSES["credits"]]})
    for day, edition, verdict in ((date(2021, 5, 3), "req-2018", "not-met"), (None, "req-2023", "met")):
        case = Case(record, only, {}, date(2026, 11, 22), rules_of=day)
        found = judged_alone(only, case)
        assert (found.editions, found.verdict) == ((edition,), verdict)


def judged_alone(book: Any, case: Any) -> Any:
    return judge(book.clauses[0], case).verdict


@pytest.mark.parametrize("name", RULES)
def test_a_rule_without_a_parameter_is_one_whose_value_is_not_known(name):
    """A framework of somebody else may name the same rule and forget what it has to be given."""
    clause = next(clause for clause in DATA["clauses"] if clause.get("rule") == name)
    assert PARAMETERS[name]
    for parameter in PARAMETERS[name]:
        lines = [{key: value for key, value in line.items() if key != parameter} for line in clause["values"]]
        book = rulebook({**DATA, "clauses": [{**clause, "values": lines}]})
        record = Record(clause.get("kinds", ["micro-credential"])[0], "complete-record.yaml", BASE)
        case = Case(record, book, organisations(), date(2026, 11, 22))
        found = judged_alone(book, case)
        assert (found.verdict, found.because) == ("unknown", "value-not-published")


@pytest.mark.parametrize("told", load(MESSAGES)["says"], ids=lambda told: told["case"])
def test_what_a_person_reads(told):
    case = next(case for file, case in CASES if f"{file}/{case['id']}" == told["case"])
    found = [
        {"severity": each.severity, "message": each.template.format(**each.arguments)}
        for each in findings(case_of(case, BASE, BOOK, organisations()))
        if each.rule == told["rule"]
    ]
    assert found == [{"severity": told["severity"], "message": told["message"]}]


# --- nothing is left out ---------------------------------------------------------------------------------------------

NEVER = {
    "training-scheme-ended": ({"met"}, "it is about what no day allows any more; before, there is no such clause"),
    "equivalency-closed": ({"met"}, "it is about what no day allows any more; before, there is no such clause"),
}
"""Verdicts that a clause cannot come to, and why."""


def expected() -> dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """What the cases expect of each clause, by its name: the case, and what it expects."""
    found: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {name: [] for name in CLAUSES}
    for _, case in CASES:
        for clause, what in case["expect"].items():
            found[clause.removeprefix("nzqcf.")].append((case, what))
    return found


def test_a_case_has_an_id_a_reason_and_a_row_of_the_page():
    rows = {row.id for row in page_rows()}
    for path in FILES:
        names = [case["id"] for case in load(path)["cases"]]
        assert len(names) == len(set(names)), path.name
    for file, case in CASES:
        assert case["why"].endswith("."), (file, case["id"])
        assert case["source"] in rows, (file, case["id"])


@pytest.mark.parametrize("name", CLAUSES)
def test_a_clause_has_its_cases(name):
    """Met, not met, and unknown or not applicable, for what data or code decides; at least one for the rest."""
    verdicts = {what["verdict"] for _, what in expected()[name]}
    assert verdicts
    if CLAUSES[name]["covered_by"] in JUDGED:
        never, _ = NEVER.get(name, (set(), ""))
        assert {"met", "not-met"} - never <= verdicts
        assert not never & verdicts
        assert {"unknown", "not-applicable"} & verdicts


NEAR = timedelta(31)


@pytest.mark.parametrize("name", [name for name, clause in CLAUSES.items() if clause["covered_by"] in JUDGED])
def test_a_clause_has_a_case_on_either_side_of_each_boundary_of_its_editions(name):
    clause = next(clause for clause in BOOK.clauses if clause.name == name)
    only = BOOK._replace(clauses=(clause,))
    judged_on = [judged(case, BASE, only, organisations())[clause.id].verdict.day for case, _ in expected()[name]]
    known = [day for day in judged_on if day is not None]
    boundaries = [
        line.begins
        for place, line in enumerate(clause.lines)
        if line.values is not None or (place and clause.lines[place - 1].values is not None)
    ]
    assert boundaries
    for begins in boundaries:
        assert any(begins.first - NEAR <= day.last < begins.first for day in known), f"none before {begins}"
        assert any(begins.last <= day.first <= begins.last + NEAR for day in known), f"none from {begins} on"


# --- the file itself -------------------------------------------------------------------------------------------------

ORDER = """
id summary instrument citation basis rows kinds governs judged_on from_stage severity when unless covered_by test rule
question because at at_any_of where none_counts before same_day values unknown_without answered_by
remarks
""".split()
"""What, where from, when, how: the order in which a clause is read."""


@pytest.mark.parametrize("name", CLAUSES)
def test_a_clause_has_its_keys_in_order(name):
    keys = list(CLAUSES[name])
    assert keys == [key for key in ORDER if key in keys]


def test_what_is_named_is_there():
    sources = {source["id"] for source in DATA["sources"]}
    editions = {edition["id"] for instrument in DATA["instruments"] for edition in instrument["editions"]}

    def walk(value: Any) -> Iterator[tuple[str, Any]]:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield str(key), each
            if isinstance(each, dict | list):
                yield from walk(each)

    for key, value in walk(DATA):
        if key == "source" or key.endswith("_source"):
            assert value in sources, value
        if key in ("edition", "edition_start"):
            assert value in editions, value
        if key == "rule":
            assert value in RULES, value


def test_a_removal_has_no_other_reason():
    """Rule 10 is covered by the record format alone."""
    schema = (ROOT / "schemas/common.schema.json").read_text(encoding="utf-8")
    assert re.findall(r'"because": \{\s*"enum": (\[[^\]]*\])', schema) == ['["listed-by-mistake"]']


# --- the page of rows ------------------------------------------------------------------------------------------------

HOW_SURE = ("seen", "earlier rules only", "reported", "inferred", "not found")


class Row(NamedTuple):
    """A row of docs/rules/nzqcf.md."""

    id: str
    holds: str
    source: str
    sure: str
    clauses: str


@cache
def page_rows() -> tuple[Row, ...]:
    text = PAGE.read_text(encoding="utf-8")
    found = [line for line in text.split("\n") if line.startswith("| nzqcf-")]
    return tuple(Row(*(cell.strip() for cell in line.strip("|").split(" | "))) for line in found)


def test_the_rows_of_the_page_are_well_formed():
    sources = {source["id"] for source in DATA["sources"]}
    assert len({row.id for row in page_rows()}) == len(page_rows())
    section = ""
    for line in PAGE.read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            section = line.split()[1]
        if line.startswith("| nzqcf-"):
            assert line.startswith(f"| nzqcf-{section}-"), line
    for row in page_rows():
        assert row.sure in HOW_SURE, row.id
        assert row.source == "none" or set(row.source.split(", ")) <= sources, row.id


@pytest.mark.parametrize("row", page_rows(), ids=lambda row: row.id)
def test_a_row_gives_clauses_or_says_why_it_gives_none(row):
    citing = [name for name, clause in CLAUSES.items() if row.id in clause["rows"]]
    if row.clauses.startswith("none: "):
        assert not citing
        assert len(row.clauses) > len("none: ")
    else:
        assert sorted(row.clauses.split(", ")) == sorted(citing)


@pytest.mark.parametrize("name", CLAUSES)
def test_a_clause_cites_rows_that_bear_it(name):
    clause = CLAUSES[name]
    rows = {row.id: row for row in page_rows()}
    assert clause["rows"]
    sure = {rows[id].sure for id in clause["rows"]}
    if clause["basis"] == "reported":
        assert "reported" in sure
    elif clause["basis"] == "earlier-rule":
        assert sure == {"earlier rules only"}
        assert clause["covered_by"] == "not-seen"
    elif clause["covered_by"] in JUDGED:
        assert "seen" in sure


def test_each_of_the_thirteen_disagreements_is_settled_and_explained():
    from mcred.cli.rulebooks import clause_page

    rows = {row.id: row for row in page_rows() if row.id.startswith("nzqcf-12-")}
    differing = DATA["disagreements"]
    assert [each["rows"] for each in differing] == [[id] for id in rows]
    assert len(differing) == 13
    for each in differing:
        (id,) = each["rows"]
        assert sorted(each["clauses"]) == sorted(rows[id].clauses.split(", "))
        assert each["settled"].endswith(".")
        assert len(each["positions"]) > 1
        for name in each["clauses"]:
            page = clause_page(BOOK, next(clause for clause in BOOK.clauses if clause.name == name))
            about = page.index(f"Sources disagree: {each['about']}")
            told = "\n".join(page[about:]).split("\n\n")[0]
            assert f"  Settled         {each['settled']}" in told
            assert all(position["says"] in told for position in each["positions"])


def test_a_clause_that_nobody_disagrees_about_says_nothing_of_it():
    from mcred.cli.rulebooks import clause_page

    about = {name for each in DATA["disagreements"] for name in each["clauses"]}
    for clause in BOOK.clauses:
        assert any(line.startswith("Sources disagree") for line in clause_page(BOOK, clause)) == (clause.name in about)


NOTES = os.environ.get("MCRED_REGULATION")
SECTIONS = tuple(str(number) for number in range(1, 13))


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """The rows of tables, items of lists and paragraphs of the sections with rules, each with its section."""
    section, paragraph = "", []

    def done() -> Iterator[tuple[str, str]]:
        if paragraph and section in SECTIONS:
            yield section, " ".join(paragraph)
        paragraph.clear()

    for line in [*text.split("\n"), ""]:
        plain = line.strip()
        begins = plain.startswith(("|", "#", "* ", "- ")) or re.match(r"[0-9]+\. ", plain)
        if not plain or begins or set(plain) <= {"-"}:
            yield from done()
        if plain.startswith("## "):
            section = plain.split()[1].rstrip(".")
        elif plain and not plain.startswith("#") and not set(plain) <= set("-| "):
            paragraph.append(plain)
            if plain.startswith("|"):
                yield from done()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.mark.skipif(not NOTES, reason="MCRED_REGULATION names no folder of regulation pages")
def test_the_page_has_every_row_of_the_notes():
    """A row that is new or has changed there is looked at here, and its digest taken into the list."""
    text = (Path(str(NOTES)) / "regulation-nz.md").read_text(encoding="utf-8")
    there = [(section, digest(block)) for section, block in blocks(text)]
    known = [(str(each["section"]), each["digest"]) for each in load(BLOCKS)["blocks"]]
    new = [block for section, block in blocks(text) if (section, digest(block)) not in known]
    assert new == []
    assert sorted(known) == sorted(there)


@pytest.mark.skipif(not NOTES, reason="MCRED_REGULATION names no folder of regulation pages")
def test_the_notes_own_cases_agree():
    path = Path(str(NOTES)) / "examples/conformance-case.yaml"
    assert list(differs(BOOK, load(path)["cases"])) == []


def test_every_block_of_the_notes_gives_rows_or_says_why_it_gives_none():
    rows = {row.id for row in page_rows()}
    given = set()
    for each in load(BLOCKS)["blocks"]:
        assert ("rows" in each) != ("none" in each), each
        given |= set(each.get("rows", ()))
    assert given <= rows
    sections = tuple(f"nzqcf-{section}-" for section in SECTIONS)
    assert {id for id in rows if id.startswith(sections)} == given


# --- what would go unnoticed -----------------------------------------------------------------------------------------

STAGES = ("draft", "submitted", "approved")
SEVERITIES = ("error", "warning")
GOVERNS = ("content", "listing", "delivery", "status", "application")
SHOWN = ("checked", "source", "edition", "remarks", "expected")
"""Keys of a line that no verdict depends on, and the edition that it belongs to."""

CEILING = "guidance never gives more than a warning"
NOTED = "what is inferred is never more than a note, whatever its stage"
DECIDED = "the guard, or the decision it is about, is there only once something is approved or listed"
NARROWER = "a shorter regime lies within the same editions, so that every verdict is the same"
SHOWN_ONLY = "it is shown, and no clause asks anything under it"
EITHER = "a transfer is recorded by whoever took it: the authority, or the developers among themselves"

SURVIVORS = {
    "bodies: nzqa may -transfer": EITHER,
    "endorsement: severity warning > error": CEILING,
    "endorsing-body: severity warning > error": CEILING,
    "reporting-code: severity warning > error": CEILING,
    **{
        f"{name}: {change}": NOTED
        for name in ("subject-area", "entry-requirements", "english-interpretation")
        for change in (
            "basis inferred > reported",
            *("from_stage submitted > draft", "from_stage submitted > approved"),
            *("severity note > warning", "severity note > error"),
        )
    },
    "reporting-code: from_stage approved > draft": DECIDED,
    "reporting-code: from_stage approved > submitted": DECIDED,
    "register-number: from_stage approved > draft": DECIDED,
    "register-number: from_stage approved > submitted": DECIDED,
    "university-order: from_stage approved > draft": DECIDED,
    "university-order: from_stage approved > submitted": DECIDED,
    "review-period: from_stage submitted > draft": DECIDED,
    "review-period: from_stage submitted > approved": DECIDED,
    "act-2022: adopted 2022-07-29 > 2022-07-28": SHOWN_ONLY,
    "act-2022: adopted 2022-07-29 > 2022-07-30": SHOWN_ONLY,
    "nz-2012: from 2012 > 2013": NARROWER,
    "nz-2012: until 2022-07-31 > 2022-07-30": NARROWER,
    "nz-2018: from 2018-08-22 > 2018-08-23": NARROWER,
    "nz-2018: until 2023-01 > 2022-12": NARROWER,
    "nz-2023: from 2023-01 > 2023-02": NARROWER,
    "nz-2023: until 2026-01-18 > 2026-01-17": NARROWER,
    "nz-2026: from 2026-01-19 > 2026-01-20": NARROWER,
}
"""Changes that no case notices, and why that is right."""


class Change(NamedTuple):
    """A change of one value, date or guard: what it is called, the data with it, and the clauses that it may touch.

    What touches none is about who may decide.
    """

    name: str
    data: dict[str, Any]
    clauses: list[str]


def neighbours(value: Any) -> list[Any]:
    """The values next to one."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
    text = str(value)
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return [moved(text, -1), moved(text, 1)]
    return ["another"]


def moved(text: str, by: int) -> str:
    """A date moved by one of its own units."""
    when = days(text)
    day = when.last + timedelta(1) if by > 0 else when.first - timedelta(1)
    return day.isoformat()[: len(text)]


def patterns(text: str) -> list[str]:
    """Patterns that are somewhat wider or narrower."""
    wide = re.sub(r"\[0-9\]", ".", text)
    return [wide] + [
        re.sub(r"\{([0-9]+)\}", lambda found, form=form: form.format(*(int(found[1]) + n for n in (-1, 0, 1))), text)
        for form in ("{{{0}}}", "{{{2}}}", "{{{0},{1}}}", "{{{1},{2}}}")
    ]


def changed_values(key: str, value: Any, others: list[Any]) -> Iterator[Any]:
    """What else a value of a clause or of one of its lines might be."""
    if key == "pattern":
        yield from patterns(value)
    elif isinstance(value, list):
        for place in range(len(value)):
            yield value[:place] + value[place + 1 :]
        more = [each for other in others for each in other]
        if value and all(isinstance(each, int) for each in value):
            more.append(max(value) + 1)
        for each in dict.fromkeys(more):
            if each not in value:
                yield [*value, each]
    elif value == "unknown":
        yield "known"
    else:
        yield from neighbours(value)


def changed_guards(guards: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Guards with one taken out, turned about, or with one value less."""
    for place, guard in enumerate(guards):
        before, after = guards[:place], guards[place + 1 :]
        yield before + after
        if "present" in guard:
            yield [*before, {**guard, "present": not guard["present"]}, *after]
        if "where" in guard:
            yield [*before, {key: value for key, value in guard.items() if key != "where"}, *after]
        for number in range(len(guard.get("one_of", ()))):
            fewer = guard["one_of"][:number] + guard["one_of"][number + 1 :]
            yield [*before, {**guard, "one_of": fewer}, *after]


def say(what: str, old: Any, new: Any) -> str:
    """What a change is called."""
    if not isinstance(old, list):
        return f"{what} {old} > {new}"
    less = [f"-{each}" for each in old if each not in new]
    return " ".join([what, *less, *(f"+{each}" for each in new if each not in old)])


def changed_lines(clause: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A clause with one of its lines taken out, or with one value of a line changed."""
    lines = clause.get("values", [])
    for place, line in enumerate(lines):
        name = f"{line['edition']}{'@' + str(line['from']) if 'from' in line else ''}"
        before, after = lines[:place], lines[place + 1 :]
        yield f"-{name}", {**clause, "values": before + after}
        for key in [key for key in line if key not in SHOWN]:
            others = [each[key] for each in lines if each is not line and isinstance(each.get(key), list)]
            for new in changed_values(key, line[key], others):
                made_line = {**line, key: new}
                if line[key] == "unknown":  # as if the value before held on
                    made_line = {**lines[place - 1], "from": line["from"]}
                yield say(f"{name} {key}", line[key], new), {**clause, "values": [*before, made_line, *after]}


def changed_keys(clause: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A clause with a guard or another of its keys changed."""
    for key in ("when", "unless"):
        for new in changed_guards(clause.get(key, [])):
            yield say(key, clause[key], new), {**clause, key: new}
    for key in ("none_counts", "same_day", "where", "judged_on"):
        if key in clause:
            yield f"-{key}", {name: value for name, value in clause.items() if name != key}
    for key in ("at_any_of", "unknown_without", "answered_by", "kinds"):
        for new in changed_values(key, clause.get(key, []), []):
            yield say(key, clause[key], new), {**clause, key: new}


def changed_weight(clause: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A clause that data or code decides, with what it governs or how grave it is changed."""
    if clause["covered_by"] not in JUDGED:
        return
    for key, values in (
        ("from_stage", STAGES),
        ("severity", SEVERITIES),
        ("governs", GOVERNS),
        ("basis", ("reported",)),
    ):
        for new in values:
            if new != clause[key] and (key != "governs" or clause[key] in GOVERNS):
                yield say(key, clause[key], new), {**clause, key: new}


def changed_body(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A body that may do one thing less, or acts for everybody."""
    for name in body["may"]:
        yield f"may -{name}", {**body, "may": [each for each in body["may"] if each != name]}
    if "for" in body:
        yield "-for", {key: value for key, value in body.items() if key != "for"}


def changes() -> Iterator[Change]:
    """Every value, date and guard of the file, changed one at a time."""
    for clause in DATA["clauses"]:
        for what, made_clause in (*changed_lines(clause), *changed_keys(clause), *changed_weight(clause)):
            yield Change(f"{clause['id']}: {what}", {**DATA, "clauses": [made_clause]}, [clause["id"]])
    yield from changed_instruments()
    for place, body in enumerate(DATA["bodies"]):
        for what, made_body in changed_body(body):
            bodies = [*DATA["bodies"][:place], made_body, *DATA["bodies"][place + 1 :]]
            yield Change(f"bodies: {body['organisation']} {what}", {**DATA, "bodies": bodies}, [])
    for place, regime in enumerate(DATA["regimes"]):
        for key in ("from", "until"):
            for new in neighbours(regime[key]) if key in regime else ():
                regimes = copy.deepcopy(DATA["regimes"])
                regimes[place][key] = new
                yield Change(
                    f"{regime['id']}: {key} {regime[key]} > {new}", {**DATA, "regimes": regimes}, list(CLAUSES)
                )


def changed_instruments() -> Iterator[Change]:
    """Every date of every edition, changed."""
    for number, instrument in enumerate(DATA["instruments"]):
        own = [clause for clause in DATA["clauses"] if clause["instrument"] == instrument["id"]]
        for place, edition in enumerate(instrument["editions"]):
            for key in ("adopted", "from", "until"):
                for new in neighbours(edition[key]) if key in edition else ():
                    instruments = copy.deepcopy(DATA["instruments"])
                    instruments[number]["editions"][place][key] = new
                    data = {**DATA, "instruments": instruments, "clauses": own}
                    yield Change(f"{edition['id']}: {key} {edition[key]} > {new}", data, [each["id"] for each in own])


@cache
def cases_of(clause: str, regime: str = "") -> tuple[dict[str, Any], ...]:
    """The cases that expect something of a clause, and of that only."""
    return tuple(
        {**case, "expect": {f"nzqcf.{clause}": what}}
        for case, what in expected()[clause]
        if not regime or regime in str(case.get("decisions"))
    )


def noticed(change: Change) -> bool:
    """Whether a case fails with a change."""
    book = rulebook(change.data)
    if not change.clauses:
        return any(differs(book, [case for file, case in CASES if file == "bodies"]))
    regime = change.name.split(":")[0] if change.name.startswith("nz-") else ""
    for name in change.clauses:
        clause = next(each for each in book.clauses if each.name == name)
        if any(differs(book._replace(clauses=(clause,)), list(cases_of(name, regime)))):
            return True
    return False


def test_no_value_date_or_guard_could_be_another_unnoticed():
    check(changes(), noticed, SURVIVORS, least=500)
