"""The frameworks that come with mcred beside the first: their cases hold, nothing is left out, nothing could be otherwise.

`tests/frameworks/<framework>/` says as data what records come to, laid over `complete-elsewhere.yaml`;
`docs/rules/<framework>.md` has every row of what was found.
"""

import copy
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest

from mcred.cli.rulebooks import coverage
from mcred.conformance import judged, run_clauses
from mcred.dates import Days
from mcred.frameworks import rulebook
from mcred.frameworks.verdicts import CEILING
from mcred.record.ledger import EVER
from mcred.workspace import schemas
from tests.cases import load, organisations
from tests.mutations import check
from tests.support import AS_OF, ROOT, mcred
from tests.support import made as register
from tests.test_frameworks import (
    HOW_SURE,
    JUDGED,
    NEAR,
    NOTES,
    ORDER,
    Row,
    blocks,
    changed_body,
    changed_keys,
    changed_lines,
    changed_weight,
    digest,
    neighbours,
)

SUITES = ROOT / "tests/frameworks"
BASE = load(SUITES / "complete-elsewhere.yaml")
FRAMEWORKS = [path.stem for path in sorted((ROOT / "schemas/frameworks").glob("*.yaml")) if path.stem != "nzqcf"]


class Suite:
    """A framework with its cases and the rows of its page."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.data = load(ROOT / f"schemas/frameworks/{id}.yaml")
        self.clauses = {clause["id"]: clause for clause in self.data.get("clauses", ())}
        self.book = rulebook(self.data)
        self.files = sorted((SUITES / id).glob("*.yaml"))
        self.cases = [case for path in self.files for case in load(path)["cases"]]
        self.page = (ROOT / f"docs/rules/{id}.md").read_text(encoding="utf-8")
        found = [line for line in self.page.split("\n") if line.startswith(f"| {id}-")]
        self.rows = {row.id: row for row in (Row(*_cells(line)) for line in found)}
        assert len(self.rows) == len(found)

    def expected(self, name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """What the cases expect of a clause: the case, and what it expects."""
        full = f"{self.id}.{name}"
        return [(case, case["expect"][full]) for case in self.cases if full in case.get("expect", ())]

    def differs(self, book: Any, cases: list[dict[str, Any]]) -> Iterator[Any]:
        """Where cases differ from what they expect."""
        for case in cases:
            named = book._replace(clauses=tuple(each for each in book.clauses if each.id in case.get("expect", ())))
            whole = book if case.keys() & {"findings", "absent"} else named
            for _, differences in run_clauses({"cases": [case]}, BASE, whole, organisations()):
                yield from differences


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split(" | ")]


@cache
def suite(id: str) -> Suite:
    return Suite(id)


def each_clause(*covered_by: str) -> list[Any]:
    """Every clause of every framework that is covered in one of these ways; of all, where none is named."""
    return [
        pytest.param(id, name, id=f"{id}.{name}")
        for id in FRAMEWORKS
        for name, clause in suite(id).clauses.items()
        if not covered_by or clause["covered_by"] in covered_by
    ]


# --- the cases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", FRAMEWORKS)
def test_the_base_has_the_shape_of_a_record(id):
    assert schemas().shape("micro-credential").valid({**BASE, "framework": id})


@pytest.mark.parametrize("id", FRAMEWORKS)
def test_the_cases_agree(id):
    of = suite(id)
    assert [f"{each.case}: {each.about} {each.found}" for each in of.differs(of.book, of.cases)] == []


def test_the_program_runs_the_same_cases():
    files = [path for id in FRAMEWORKS for path in suite(id).files]
    number = sum(len(suite(id).cases) for id in FRAMEWORKS)
    ran = mcred("conformance", *files, cwd=ROOT)
    assert (ran.code, ran.out, ran.err) == (0, f"{number} cases: {number} agree, 0 differ\n", "")


@pytest.mark.parametrize("id", FRAMEWORKS)
def test_a_case_has_an_id_a_reason_and_a_row_of_the_page(id):
    of = suite(id)
    assert len({case["id"] for case in of.cases}) == len(of.cases)
    for case in of.cases:
        assert case["why"].endswith("."), case["id"]
        assert case["source"] in of.rows, case["id"]


@pytest.mark.parametrize(("id", "name"), each_clause())
def test_a_clause_has_its_cases(id, name):
    """Met, not met, and unknown or not applicable, for what data decides; at least one for the rest.

    Of a limit that was not found nobody can say more than that.
    """
    of = suite(id)
    verdicts = {what["verdict"] for _, what in of.expected(name)}
    assert verdicts
    if of.clauses[name]["covered_by"] in JUDGED:
        assert unpublished(of.clauses[name]) or {"met", "not-met"} <= verdicts
        assert {"unknown", "not-applicable"} & verdicts


@pytest.mark.parametrize(("id", "name"), each_clause(*JUDGED))
def test_a_clause_has_a_case_on_either_side_of_each_boundary_that_is_known(id, name):
    of = suite(id)
    clause = next(each for each in of.book.clauses if each.name == name)
    only = of.book._replace(clauses=(clause,))
    days = [judged(case, BASE, only, organisations())[clause.id].verdict.day for case, _ in of.expected(name)]
    known = [day for day in days if day is not None]
    for begins in boundaries(clause):
        # of what was there already when it was seen, the day on which it was seen is the boundary
        first = begins.last if begins.first == date.min else begins.first
        assert any(first - NEAR <= day.last < first for day in known), f"none before {begins}"
        assert any(begins.last <= day.first <= begins.last + NEAR for day in known), f"none from {begins} on"


def boundaries(clause: Any) -> list[Days]:
    """The days on which a clause begins to ask something else, as far as they are known."""
    found = [
        line.begins
        for place, line in enumerate(clause.lines)
        if line.values is not None or (place and clause.lines[place - 1].values is not None)
    ]
    assert found
    return [begins for begins in found if begins != EVER]


# --- the files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("id", "name"), each_clause())
def test_a_clause_cites_rows_that_bear_it_with_its_keys_in_order(id, name):
    of = suite(id)
    clause = of.clauses[name]
    assert list(clause) == [key for key in ORDER if key in clause]
    sure = {of.rows[row].sure for row in clause["rows"]}
    if clause["covered_by"] in JUDGED and clause["basis"] != "reported":
        assert "seen" in sure or sure == {"not found"}
    if clause["basis"] == "earlier-rule":
        assert sure == {"earlier rules only"}


@pytest.mark.parametrize("id", FRAMEWORKS)
def test_the_page_has_a_row_for_all_that_the_file_says(id):
    of = suite(id)
    sources = {source["id"] for source in of.data["sources"]}
    section = ""
    for line in of.page.split("\n"):
        section = line.split()[1] if line.startswith("## ") else section
        assert not line.startswith(f"| {id}-") or line.startswith(f"| {id}-{section}-"), line
    for row in of.rows.values():
        assert row.sure in HOW_SURE, row.id
        assert row.source == "none" or set(row.source.split(", ")) <= sources, row.id
        citing = [name for name, clause in of.clauses.items() if row.id in clause["rows"]]
        if row.clauses.startswith("none: "):
            assert (citing, row.clauses != "none: ") == ([], True), row.id
        else:
            assert sorted(row.clauses.split(", ")) == sorted(citing), row.id
    assert {source for row in of.rows.values() for source in row.source.split(", ")} >= sources


@pytest.mark.parametrize("id", FRAMEWORKS)
def test_whatever_the_file_cites_is_there(id):
    of = suite(id)
    sources = {source["id"] for source in of.data["sources"]}

    def walk(value: Any) -> Iterator[tuple[str, Any]]:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield str(key), each
            if isinstance(each, dict | list):
                yield from walk(each)

    for key, value in walk(of.data):
        assert not (key == "source" or key.endswith("_source")) or value in sources, value
        assert key != "rows" or set(value) <= set(of.rows), value


@pytest.mark.parametrize("id", FRAMEWORKS)
def test_coverage_tells_each_unknown(id):
    found = coverage(suite(id).book)["unknown"]
    text = (ROOT / f"schemas/frameworks/{id}.yaml").read_text(encoding="utf-8")
    written = re.findall(r": unknown(?=[,}]|$)", re.sub(r" +#.*", "", text), re.MULTILINE)
    assert (len(found), bool(found)) == (len(written), True)


def test_coverage_prints_the_unknown_below_its_table():
    out = mcred("frameworks", "coverage", "pqf", cwd=ROOT).out
    assert out.partition("\n\n")[2].split("\n") == [
        "Unknown: looked for and not found, which is never the same as no limit",
        "  /statuses",
        "  /first_status",
        "  /regimes",
        "  /review",
        (
            "  /instruments/guidelines/editions/units-2018/until_is"
            " Guidelines for the Development and Accreditation of Units of Learning"
        ),
        (
            "  /instruments/register/editions/pages-2018/until_is"
            " What EQAP's pages say of micro-qualifications and of the register"
        ),
        "  /clauses/size/values/units-2018/min             Its credits lie within the range for micro-qualifications.",
        "  /clauses/size/values/units-2018/max             Its credits lie within the range for micro-qualifications.",
        "",
    ]


def test_show_tells_what_a_framework_uses_and_what_was_said_of_a_class():
    """A statement on a class has its date and source, and is no decision on one award."""
    assert mcred("frameworks", "show", "nqf-ki", cwd=ROOT).out.split("\n")[2:4] == [
        "Other frameworks",
        "  -   uses pqf from 2014; source MOE",
    ]
    assert mcred("frameworks", "show", "fqf-fj", cwd=ROOT).out.split("\n")[2:4] == [
        "Said of whole classes of awards, which decides about none of them",
        (
            "  -   awards of less than 400 hours, micro-qualifications among them: They are not recognised under the"
            " framework, and lie outside the Higher Education Act. (Higher Education Commission Fiji, 2026-01-28, assumed;"
            " source FBC-2026)"
        ),
    ]


AWARD = "id: an-award\ntitle: An Award\nframework: {framework}\ncredits: 5\nhours: {{total: 125}}\n"


def told(folder: Any, framework: str, as_of: str) -> dict[str, str]:
    """What is said of a draft that has next to nothing: a message for each rule."""
    root = register(folder, {"micro-credentials/an-award.yaml": AWARD.format(framework=framework)})
    found = mcred("validate", "an-award", "-f", "json", "--as-of", as_of, cwd=root).json["findings"]
    return {each["rule"]: each["message"] for each in found}


def test_what_was_seen_on_a_day_is_judged_from_then_on_and_left_open_before(tmp_path):
    known = told(tmp_path / "seen", "nfq-ie", "2026-12-01")
    assert known["nfq-ie.level"] == "missing 'level': it has a level of the national framework"
    assert known["nfq-ie.size"] == (
        "not known whether this is met: its credits lie within the range for micro-credentials"
        " (no published limit was found)"
    )
    assert told(tmp_path / "before", "nfq-ie", "2026-10-31") == {
        "MC303": "what the rules asked on 31 October 2026 is not known for certain, which leaves open"
        " nfq-ie.assessment, nfq-ie.credits, nfq-ie.level, nfq-ie.outcomes, nfq-ie.size"
    }


@pytest.mark.parametrize(
    ("framework", "rule", "message"),
    [
        ("au-nmf", "au-nmf.delivery-mode", "missing 'modes': the mode of delivery is stated"),
        ("eu-2022", "eu-2022.participation", "missing 'modes': the form of participation is given"),
    ],
)
def test_what_stands_at_none_of_several_places_is_missing(tmp_path, framework, rule, message):
    assert told(tmp_path, framework, "2026-11-22")[rule] == message


def test_a_country_that_uses_another_framework_is_judged_by_it(tmp_path):
    """What its own file does not say is the other's; who may decide there it does say, and that is not known."""
    root = register(tmp_path, {"micro-credentials/an-award.yaml": AWARD.format(framework="nqf-ki") + "level: 11\n"})
    shown = mcred("show", "an-award", "--as-of", AS_OF, cwd=root).out
    assert "an-award, micro-qualification" in shown
    found = mcred("validate", "an-award", "-f", "json", "--as-of", AS_OF, cwd=root).json["findings"]
    messages = {each["rule"]: each["message"] for each in found}
    assert messages["MC108"] == "nqf-ki has no level '11'"
    assert messages["MC402"] == "the hours come to 125; 5 credits of 10 hours each would be 50"
    assert messages["nqf-ki.purpose"] == "missing 'purpose': it has a purpose statement"
    asked = mcred("frameworks", "coverage", "nqf-ki", "-f", "json", cwd=root).json
    assert [each["id"].partition(".")[2] for each in asked["clauses"]] == list(suite("pqf").clauses)
    assert "/bodies" in [each["at"] for each in asked["unknown"]]
    page = mcred("explain", "nqf-ki.title", cwd=root).out
    assert "UNITS           EQAP, Guidelines for the Development" in page


def test_a_framework_with_instruments_of_its_own_has_no_clauses_of_the_one_it_uses(tmp_path):
    own = "format: 1\nid: our-own\ntitle: Our Own\nrelations: [{framework: pqf, relation: uses}]\n"
    own += "instruments: [{id: rules, kind: rules, title: Rules, editions: [{id: ours-2020, from: 2020-01-01}]}]\n"
    award = AWARD.format(framework="our-own") + "level: 11\n"
    root = register(tmp_path, {"policies/our-own.yaml": own, "micro-credentials/an-award.yaml": award})
    found = mcred("validate", "an-award", "-f", "json", "--as-of", AS_OF, cwd=root).json["findings"]
    assert [(each["rule"], each["message"]) for each in found] == [
        ("MC402", "the hours come to 125; 5 credits of 10 hours each would be 50"),
        ("MC108", "our-own has no level '11'"),
    ]
    ready = mcred("ready", "an-award", "--as-of", AS_OF, cwd=root)
    assert (ready.code, ready.err) == (0, "")


def test_a_checklist_ends_with_what_was_said_of_the_class_an_award_is_of(tmp_path):
    root = register(tmp_path, {"micro-credentials/an-award.yaml": AWARD.format(framework="fqf-fj")})
    lines = mcred("ready", "an-award", "--as-of", AS_OF, cwd=root).out.split("\n")
    start = lines.index("Said of whole classes of awards, which decides about none of them")
    assert lines[start + 1].startswith(
        "  -   awards of less than 400 hours, micro-qualifications among them: They are not "
    )
    assert lines[start + 3] == "0 clauses not met; 0 open for other reasons (as of 2026-11-22)"
    found = mcred("ready", "an-award", "--as-of", AS_OF, "-f", "json", cwd=root).json["class_statements"]
    assert [(each["id"], each["outcome"], each["date"]) for each in found] == [
        ("under-400-hours", "not-recognised", "2026-01-28")
    ]


# --- nothing of what was found is left out ---------------------------------------------------------------------------

SECTIONS = ("1", "2", "3", "4", "5", "6")
BLOCKS = SUITES / "other-notes.yaml"


@pytest.mark.skipif(not NOTES, reason="MCRED_REGULATION names no folder of regulation pages")
def test_the_pages_have_every_row_of_the_notes():
    """A row that is new or has changed there is looked at here, and its digest taken into the list."""
    with open(f"{NOTES}/regulation-intl.md", encoding="utf-8") as file:
        found = [(section, block) for section, block in blocks(file.read()) if section in SECTIONS]
    known = [(str(each["section"]), each["digest"]) for each in load(BLOCKS)["blocks"]]
    assert [block for section, block in found if (section, digest(block)) not in known] == []
    assert sorted(known) == sorted((section, digest(block)) for section, block in found)


def test_every_block_of_the_notes_gives_rows_or_files_or_says_why_it_gives_none():
    rows = {row for id in FRAMEWORKS for row in suite(id).rows}
    tables = {path.stem for path in (ROOT / "schemas/level-references").glob("*.yaml")}
    given: set[str] = set()
    for each in load(BLOCKS)["blocks"]:
        assert ("none" in each) != bool({"rows", "tables"} & each.keys()), each
        assert set(each.get("tables", ())) <= tables, each
        given |= set(each.get("rows", ()))
    assert given == rows


# --- what would go unnoticed -----------------------------------------------------------------------------------------


class Change(NamedTuple):
    """A change of one value, date or guard: what it is called, the data with it, and the clauses that it may touch."""

    name: str
    data: dict[str, Any]
    clauses: list[str]


def changes(of: Suite) -> Iterator[Change]:
    """Every value, date and guard of a file, changed one at a time."""
    for name, clause in of.clauses.items():
        for what, made in changed_clause(clause):
            yield Change(f"{of.id}.{name}: {what}", {**of.data, "clauses": [made]}, [name])
    for number, instrument in enumerate(of.data.get("instruments", ())):
        own = [clause for clause in of.clauses.values() if clause["instrument"] == instrument["id"]]
        for place, edition in enumerate(instrument["editions"]):
            for key in ("from", "until"):
                for new in neighbours(edition[key]) if key in edition else ():
                    made = copy.deepcopy(of.data["instruments"])
                    made[number]["editions"][place][key] = new
                    data = {**of.data, "instruments": made, "clauses": own}
                    yield Change(f"{of.id} {edition['id']}: {key} > {new}", data, [each["id"] for each in own])
    bodies = of.data["bodies"] if isinstance(of.data["bodies"], list) else []
    for place, body in enumerate(bodies):
        for what, made_body in changed_body(body):
            made = [*bodies[:place], made_body, *bodies[place + 1 :]]
            yield Change(f"{of.id} bodies: {body['organisation']} {what}", {**of.data, "bodies": made}, [])


def changed_clause(clause: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A clause with one thing changed; of what never comes to more than a note it is not asked how grave it is."""
    yield from changed_keys(clause)
    if unpublished(clause):
        lines = [{key: value for key, value in line.items() if value != "unknown"} for line in clause["values"]]
        yield "no limit", {**clause, "values": lines}
    else:
        yield from changed_lines(clause)
    graver = clause["basis"] in CEILING and not unpublished(clause)
    for what, made in changed_weight(clause):
        if graver or what.startswith("governs"):
            yield what, made
    if clause["covered_by"] in JUDGED and clause["basis"] not in CEILING and not unpublished(clause):
        yield "basis > rule", {**clause, "basis": "rule"}


def unpublished(clause: dict[str, Any]) -> bool:
    """Whether nobody published what a clause asks for: then it is unknown, and a note, whatever else it says."""
    lines = clause.get("values") or []
    return bool(lines) and all("unknown" in line.values() for line in lines)


def noticed(change: Change) -> bool:
    """Whether a case fails with a change."""
    of = suite(change.name.split(":")[0].split()[0].split(".")[0])
    book = rulebook(change.data)
    if not change.clauses:
        return any(of.differs(book, [case for case in of.cases if case.keys() & {"findings", "absent"}]))
    return any(
        differences
        for name in change.clauses
        for case, what in of.expected(name)
        for differences in of.differs(book, [{**_bare(case), "expect": {f"{of.id}.{name}": what}}])
    )


def _bare(case: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in case.items() if key not in ("findings", "absent")}


GUIDANCE = "guidance never gives more than a warning"

SURVIVORS = {"au-nmf.hours: severity warning > error": GUIDANCE}
"""Changes that no case notices, and why that is right."""


def test_no_value_date_or_guard_could_be_another_unnoticed():
    every = (change for id in FRAMEWORKS for change in changes(suite(id)))
    check(every, noticed, SURVIVORS, least=200)
