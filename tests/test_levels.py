"""How levels of frameworks compare: the tables that come with mcred, and what is said where none leads.

`tests/frameworks/levels/` says as data what each level comes to, so that whoever knows a table can correct it.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from mcred.conformance import run_levels
from mcred.frameworks import Framework
from mcred.levels import ANSWERS, Tables
from mcred.record import Record
from mcred.workspace import context, level_tables
from tests.cases import load
from tests.mutations import check
from tests.support import AS_OF, CATALOGUE, ROOT, mcred

SUITE = ROOT / "tests/frameworks/levels"
FILES = sorted(SUITE.glob("*.yaml"))
CASES = [case for path in FILES for case in load(path)["cases"]]
REFERENCES = {path.stem: load(path) for path in sorted((ROOT / "schemas/level-references").glob("*.yaml"))}
KNOWN = context()


def differs(tables: Tables, cases: list[dict[str, Any]]) -> Iterator[Any]:
    for _, differences in run_levels({"cases": cases}, tables):
        yield from differences


# --- the cases -------------------------------------------------------------------------------------------------------


def test_the_cases_agree():
    assert list(differs(level_tables(KNOWN), CASES)) == []


def test_the_program_runs_the_same_cases():
    ran = mcred("conformance", *FILES, cwd=ROOT)
    assert (ran.code, ran.out, ran.err) == (0, f"{len(CASES)} cases: {len(CASES)} agree, 0 differ\n", "")


def test_every_answer_has_a_case_with_a_reason():
    assert {case["expect"]["answer"] for case in CASES} == set(ANSWERS)
    assert all(case["why"].endswith(".") for case in CASES)
    assert len({case["id"] for case in CASES}) == len(CASES)


CASE = {"id": "a", "why": "A reason.", "ask": {"from": "nzqcf", "level": 6, "to": "eqf"}}


@pytest.mark.parametrize(
    ("ask", "expect", "about", "found"),
    [
        ({}, {"answer": "no-table"}, "levels answer", "counterpart"),
        ({}, {"levels": []}, "levels levels", [5]),
        ({}, {"unconfirmed": []}, "levels unconfirmed", [5]),
        ({}, {"status": "referenced"}, "levels status", "compared"),
        ({}, {"warn": True}, "levels warn", ""),
        ({"to": "aqf"}, {"warn": False}, "levels warn", "Broadly comparable; recognition is not automatic"),
        ({"to": "uae-qf"}, {"warn": "For recognition."}, "levels warn", "not for recognition. Neither side has endorsed it"),
        ({"level": 11}, {"answer": "no-table"}, "levels", None),
        ({"to": "eqff"}, {"answer": "no-table"}, "levels", None),
        ({"from": "nzqf"}, {"answer": "no-table"}, "levels", None),
    ],
)  # fmt: skip
def test_what_differs_is_told(ask, expect, about, found):
    case = {**CASE, "ask": {**CASE["ask"], **ask}, "expect": expect}
    assert [(each.about, each.found) for each in differs(level_tables(KNOWN), [case])] == [(about, found)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("{ask: {from: nzqcf, level: 6}, expect: {answer: refused}}", "'ask' has no 'to'"),
        ("{ask: {from: nzqcf, level: 6, two: eqf, to: eqf}, expect: {answer: refused}}", "no key 'two'"),
        ("{ask: {from: nzqcf, level: 6, to: eqf}, expect: {anser: refused}}", "did you mean 'answer'?"),
        ("{ask: {from: nzqcf, level: 6, to: eqf}, expect: {answer: refusd}}", "did you mean 'refused'?"),
        ("{ask: {from: nzqcf, level: 6, to: eqf}, expect: {levels: 5}}", "'levels' is a list"),
        ("{ask: {from: nzqcf, level: 6, to: eqf}}", "expects nothing"),
        ("{expect: {answer: refused}}", "'ask' has no 'from'"),
    ],
)
def test_a_case_that_cannot_be_run_is_told(tmp_path, change, words):
    (tmp_path / "c.yaml").write_text(f"kind: levels\ncases:\n  - {{id: a, {change[1:]}\n", encoding="utf-8")
    done = mcred("conformance", "c.yaml", cwd=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert words in done.err


# --- nothing in a table could be otherwise unnoticed -----------------------------------------------------------------


class Change(NamedTuple):
    """A change of one value of a table, and all tables with it."""

    name: str
    references: list[dict[str, Any]]


def changes() -> Iterator[Change]:
    """Every pair taken out, moved, confirmed or made unconfirmed; every status and warning changed."""
    for name, data in REFERENCES.items():
        for place, pair in enumerate(data["pairs"]):
            for what, new in changed_pairs(pair):
                pairs = copy.deepcopy(data["pairs"])
                pairs[place : place + 1] = new
                yield changed(f"{name}: {pair['from']}-{pair['to']} {what}", {**data, "pairs": pairs})
        statuses = ("referenced", "compared", "initial", "in-progress")
        for status in (each for each in statuses if each != data["status"]):
            yield changed(f"{name}: {status}", {**data, "status": status})
        if "warn" in data:
            yield changed(f"{name}: -warn", {key: value for key, value in data.items() if key != "warn"})
        yield Change(f"-{name}", [each for each in REFERENCES.values() if each is not data])


def changed_pairs(pair: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "taken out", []
    for key in ("from", "to"):
        if pair[key] is not None:
            yield f"{key} +1", [{**pair, key: pair[key] + 1}]
            yield f"{key} none", [{**pair, key: None}]
    if "unconfirmed" in pair:
        yield "confirmed", [{**pair, "unconfirmed": None}]
    elif None not in (pair["from"], pair["to"]):
        yield "unconfirmed", [{**pair, "unconfirmed": True}]
    if "agreed" in pair or pair["to"] is None:
        yield "agreed", [{**pair, "agreed": None if "agreed" in pair else False}]
    if "warn" in pair:
        yield "-warn", [{key: value for key, value in pair.items() if key != "warn"}]


def changed(name: str, data: dict[str, Any]) -> Change:
    return Change(name, [data if each["id"] == data["id"] else each for each in REFERENCES.values()])


def test_nothing_in_a_table_could_be_another_unnoticed():
    assert not any(differs(Tables(list(REFERENCES.values()), KNOWN.frameworks), CASES))
    check(changes(), lambda change: any(differs(Tables(change.references, KNOWN.frameworks), CASES)), {}, least=250)


# --- what no chain gives ---------------------------------------------------------------------------------------------


def table(one: str, other: str, *pairs: tuple[Any, Any], **more: Any) -> dict[str, Any]:
    made = [{"from": here, "to": there} for here, there in pairs]
    return {"id": f"{one}-{other}", "from": one, "to": other, "status": "compared", "pairs": made, **more}


def answers(tables: Tables, *asked: str) -> list[tuple[str, str]]:
    return [(found.answer, found.through) for found in (tables.compare(asked[0], 1, to) for to in asked[1:])]


def test_two_tables_are_never_put_together_however_long_the_way():
    tables = Tables([table("a", "b", (1, 1)), table("c", "b", (1, 1)), table("c", "d", (1, 1)), table("e", "f")], {})
    assert answers(tables, "a", "b", "c", "d", "e", "f") == [
        ("counterpart", ""),
        ("refused", "b"),
        ("refused", "b"),
        ("no-table", ""),
        ("no-table", ""),
    ]
    assert answers(tables, "d", "a") == [("refused", "c")]


def test_what_is_in_progress_is_no_part_of_a_way():
    tables = Tables([table("a", "b", status="in-progress"), table("b", "c", (1, 1))], {})
    assert answers(tables, "a", "c", "b") == [("no-table", ""), ("in-progress", "")]


def record(framework: Any, level: Any) -> Record:
    return Record("micro-credential", "a.yaml", {"id": "a", "framework": framework, "level": level})


FILES_OF = {"none-has": Framework("none-has", "None", levels=()), "unknown": Framework("unknown", "Unknown")}


def test_levels_in_words_and_frameworks_without_levels():
    tables = Tables([table("farm", "b", ("Novice", 1), (2, "A"), (10, "B"), (3, None))], FILES_OF)
    assert tables.levels("farm") == (2, 3, 10, "Novice")
    assert tables.levels("b") == (1, "A", "B")
    assert tables.levels("unknown") is None
    assert tables.level("farm", "10") == 10
    assert tables.level("none-has", "10") == 10
    with pytest.raises(ValueError, match="farm has no level '4'; there is '2', '3', '10' or 'Novice'"):
        tables.level("farm", "4")
    assert tables.compare("farm", "Novice", "b").levels == (1,)
    assert answers(tables, "none-has", "b", "none-has") == [("no-levels", ""), ("same-framework", "")]
    assert answers(tables, "farm", "none-has", "unknown", "b") == [
        ("no-levels", ""),
        ("no-table", ""),
        ("no-table", ""),
    ]
    assert tables.compare("farm", 1, "b").says() == "the table says nothing of this level"
    assert [each.answer for each in tables.published(record("farm", 3))] == ["no-counterpart"]
    for framework, level in (("farm", {"min": 1, "max": 3}), ("none", 3), (None, 3), ("farm", None), ("gone", 3)):
        assert tables.published(record(framework, level)) == []


def test_a_first_mapping_is_not_published():
    assert [each.to for each in level_tables(KNOWN).published(record("nzqcf", 8))] == ["aqf", "eqf", "hkqf", "nfq-ie"]


# --- the command -----------------------------------------------------------------------------------------------------


def test_a_level_in_one_framework():
    done = mcred("compare-levels", "nzqcf", "6", "eqf", cwd=CATALOGUE)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[1] == (
        "eqf\tEuropean Qualifications Framework\t5 (unconfirmed)\tcounterpart\tcompared\tlevel 5 (unconfirmed)\t"
        "Joint technical report, 2016"
    )


def test_a_level_in_each_framework_as_data(tmp_path):
    done = mcred("compare-levels", "nzqcf", "8", "-f", "json", cwd=tmp_path)
    found = json.loads(done.out)
    assert (found["schema"], found["framework"], found["level"]) == ("mcred-levels/1", "nzqcf", 8)
    assert {each["to"]: (each["answer"], each["levels"]) for each in found["comparisons"]} == {
        "aqf": ("counterpart", [8]),
        "eqf": ("no-counterpart", []),
        "hkqf": ("not-agreed", []),
        "mqf-my": ("no-table", []),
        "nfq-ie": ("no-counterpart", []),
        "pqf": ("in-progress", []),
        "uae-qf": ("counterpart", [8]),
    }
    assert {each["to"]: each["date"] for each in found["comparisons"]}["eqf"] == "2016"
    emirates = found["comparisons"][-1]
    assert emirates["warn"] == ["not for recognition", "Neither side has endorsed it"]
    assert emirates["says"] == "level 8, not for recognition. Neither side has endorsed it"
    assert emirates["sources"][0]["url"].startswith("https://")


def test_a_chain_is_refused_with_its_reason():
    done = mcred("compare-levels", "aqf", "8", "eqf", "-f", "md", cwd=CATALOGUE)
    assert done.code == 0
    assert done.out.splitlines() == [
        "# Australian Qualifications Framework, level 8",
        "",
        "| framework | title | level | answer | status | what it says | where it stands |",
        "|---|---|---|---|---|---|---|",
        (
            "| eqf | European Qualifications Framework |  | refused | compared | no table of levels was seen; two lead there by way"
            " of nzqcf, and two are not put together to make a third | Joint technical report, 2016 |"
        ),
        "",
        "Compared by tables that bodies published; it is no statement of an authority on any award.",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nzqf", "4"), "no framework 'nzqf'; did you mean 'nzqcf'?"),
        (("nzqcf", "4", "eqff"), "no framework 'eqff'; did you mean 'eqf'?"),
        (("nzqcf", "0"), "nzqcf has no level '0'; there is '1', '2', '3', '4', '5', '6', '7', '8', '9' or '10'"),
        (("nzqcf", "4", "-f", "jsn"), "no format 'jsn'; there is 'table', 'tsv', 'csv', 'json' or 'md'; did you mean"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(words, says):
    done = mcred("compare-levels", *words, cwd=CATALOGUE)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert says in done.err


# --- a record's level elsewhere --------------------------------------------------------------------------------------


def test_a_card_shows_levels_where_a_table_was_published():
    lines = mcred("show", "reading-a-changing-coast", "--as-of", AS_OF, cwd=CATALOGUE).out.split("\n")
    start = lines.index("Its level under other frameworks, where a table was published")
    assert lines[start + 1 : start + 6] == [
        (
            "  aqf                      level 7. Broadly comparable; recognition is not automatic"
            " (referenced; Enhancing mobility: referencing of the Australian and New Zealand frameworks)"
        ),
        "  eqf                      level 6 (compared; Joint technical report, 2016)",
        "  hkqf                     level 5 (compared; Recognition arrangements with Hong Kong)",
        "  nfq-ie                   level 7 and 8 (unconfirmed) (compared; Recognition arrangements with Ireland)",
        "",
    ]


def test_a_card_says_nothing_of_levels_where_none_was():
    shown = mcred("show", "community-catch-records", "--as-of", AS_OF, "-f", "json", cwd=CATALOGUE).json
    assert (shown["record"]["level"], shown["levels"]) == (4, [])
    assert "under other frameworks" not in mcred("show", "community-catch-records", cwd=CATALOGUE).out
