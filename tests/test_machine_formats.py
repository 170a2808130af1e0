"""Formats for services: each is what its standard or its service asks. What all have in common: test_formats_agree.py."""

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from mcred.diagnostic import Severity
from mcred.reporters.json import finding
from mcred.workspace import rule_page
from tests.support import AS_OF, checked, made, mcred, written
from tests.test_reporters import FILES, report_of

NASTY = {**FILES, "micro-credentials/d-draft.yaml": "id: d-draft\ntitle: D\nframework: none\n"}


@pytest.fixture(scope="module")
def nasty():
    return checked(NASTY)


def places(report):
    return [(d.rule, d.path, d.span.line, d.span.column) for d in report.diagnostics]


# --- the same findings in each ---------------------------------------------------------------------------------------


def test_jsonl_holds_what_json_holds(nasty):
    lines = written(nasty, "jsonl").splitlines()

    assert [json.loads(line) for line in lines] == [finding(each) for each in nasty.diagnostics]


def test_csv_has_a_row_for_each_finding_and_no_formula(nasty):
    rows = list(csv.DictReader(io.StringIO(written(nasty, "csv"))))

    assert [(row["rule"], row["path"], int(row["line"]), int(row["column"])) for row in rows] == places(nasty)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+@\t\r")]


def test_sarif_has_every_finding_with_its_rule(nasty):
    run = json.loads(written(nasty, "sarif", page=rule_page))["runs"][0]
    found = []
    for result in run["results"]:
        where = result["locations"][0]["physicalLocation"]
        region = where["region"]
        found.append((result["ruleId"], where["artifactLocation"]["uri"], region["startLine"], region["startColumn"]))
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert min(region.values()) >= 1
    assert found == places(nasty)
    assert [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]] == [
        d.fingerprint for d in nasty.diagnostics
    ]


def test_sarif_explains_each_rule(nasty):
    rules = json.loads(written(nasty, "sarif", page=rule_page))["runs"][0]["tool"]["driver"]["rules"]

    for rule in rules:
        assert rule["help"]["markdown"] == rule_page(rule["id"])
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["shortDescription"]["text"]


def test_sarif_links_what_belongs_together_and_nothing_else(nasty):
    results = json.loads(written(nasty, "sarif"))["runs"][0]["results"]

    for result, diagnostic in zip(results, nasty.diagnostics, strict=True):
        links = re.findall(r"(?<!\\)\]\((\d+)\)", result["message"]["text"])
        assert links == [str(number) for number in range(1, len(diagnostic.related) + 1)]
        assert [each["id"] for each in result.get("relatedLocations", [])] == [int(link) for link in links]
    assert any(each.related for each in nasty.diagnostics)


@pytest.mark.skipif("MCRED_STANDARDS" not in os.environ, reason="MCRED_STANDARDS is not set; it names the standards")
def test_sarif_is_of_its_official_schema(nasty):
    path = Path(os.environ["MCRED_STANDARDS"]) / "sarif-2.1.0" / "sarif-schema-2.1.0.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    document = json.loads(written(nasty, "sarif", page=rule_page))

    assert list(jsonschema.validators.validator_for(schema)(schema).iter_errors(document)) == []
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert list(jsonschema.validators.validator_for(schema)(schema).iter_errors(document))


def test_gitlab_has_fingerprints_of_their_own(nasty):
    entries = json.loads(written(nasty, "gitlab"))

    assert [(e["check_name"].split()[0], e["location"]["path"], e["location"]["lines"]["begin"]) for e in entries] == [
        place[:3] for place in places(nasty)
    ]
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    assert {entry["severity"] for entry in entries} <= {"major", "minor", "info"}


def test_gitlab_tells_two_findings_of_one_fingerprint_apart():
    twice = report_of()._replace(diagnostics=checked(NASTY).diagnostics[:1] * 3)

    assert len({entry["fingerprint"] for entry in json.loads(written(twice, "gitlab"))}) == 3


def test_gitlab_gets_an_empty_array_where_nothing_was_found():
    assert written(report_of()._replace(diagnostics=()), "gitlab") == "[]\n"


def test_junit_fails_for_each_error_and_passes_for_each_file_without(nasty):
    suites = ET.fromstring(written(nasty, "junit"))
    errors = [d for d in nasty.diagnostics if d.severity is Severity.ERROR]

    assert [suite.get("name") for suite in suites] == sorted(NASTY)
    assert len(suites.findall("testsuite/testcase/failure")) == len(errors)
    passing = [case for case in suites.iter("testcase") if case.find("failure") is None]
    assert [case.get("classname") for case in passing] == ["micro-credentials/d-draft.yaml"]
    names = [(case.get("classname"), case.get("name")) for case in suites.iter("testcase")]
    assert len(set(names)) == len(names)


@pytest.mark.skipif("MCRED_STANDARDS" not in os.environ, reason="MCRED_STANDARDS is not set; it names the standards")
def test_junit_is_of_its_official_schema(nasty):
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed; it reads the schema of JUnit")
    schema = etree.XMLSchema(etree.parse(str(Path(os.environ["MCRED_STANDARDS"]) / "junit" / "JUnit.xsd")))
    document = written(nasty, "junit").encode()

    assert schema.validate(etree.fromstring(document)), schema.error_log
    assert not schema.validate(etree.fromstring(document.replace(b"hostname", b"host-name")))


def test_markdown_has_a_row_for_each_error_and_warning(nasty):
    page = written(nasty, "markdown")
    shown = [d for d in nasty.diagnostics if d.severity is not Severity.NOTE]

    assert [line.split(" | ")[:2] for line in page.splitlines() if line.startswith(("| error", "| warning"))] == [
        [f"| {d.severity}", str(d.span.line)] for d in shown
    ]


def test_html_has_every_error_and_warning_by_rule_and_by_file(nasty):
    page = written(nasty, "html")
    shown = [d for d in nasty.diagnostics if d.severity is not Severity.NOTE]

    assert re.findall(r'<strong class="(\w+)">\1</strong> in line (\d+): ', page) == [
        (d.severity.value, str(d.span.line)) for d in shown
    ]
    counts = dict(re.findall(r'<th scope="row">(\w+)</th>.*<td>(\d+)</td></tr>', page))
    assert counts == {rule: str([d.rule for d in shown].count(rule)) for rule in {d.rule for d in shown}}
    assert re.findall(r"<h3>(.*)</h3>", page) == sorted({d.path for d in shown})
    assert not re.search(r"(?:src|href)=|<script|javascript:", page.replace("[x](javascript", ""))


def test_html_shows_what_is_to_be_typed_as_code():
    text = "id: farm-water\ntitle: Farm\nframework: none\nstage: draft\ndecisions: [{act: submitted, by: x`<b>`}]\n"
    page = written(checked({"micro-credentials/farm-water.yaml": text}), "html")

    assert "<td><code>stage</code> stands beside decisions, which say the stage themselves.</td>" in page
    assert "<p>Hint: add <code>date: …</code>, <code>under: …</code> where only the regime is known" in page
    assert "<b>" not in page


# --- annotations -----------------------------------------------------------------------------------------------------


def annotations(text):
    """The commands that GitHub obeys: those outside the part in which they are stopped."""
    token = re.search(r"^::stop-commands::(.+)$", text, re.MULTILINE)[1]
    before, _, rest = text.partition(f"::stop-commands::{token}\n")
    stopped, _, after = rest.partition(f"\n::{token}::\n")
    assert token not in stopped
    return [line for line in (before + after).splitlines() if line.startswith("::")]


def test_github_shows_ten_errors_and_says_how_many_there_are(nasty):
    commands = annotations(written(nasty, "github"))
    errors = sum(d.severity is Severity.ERROR for d in nasty.diagnostics)

    assert commands[0] == "::group::mcred: the whole report"
    assert commands[1] == "::endgroup::"
    assert [line.startswith("::error file=") for line in commands[2:12]] == [True] * 10
    assert commands[12] == f"::notice::showing 10 of {errors} errors; the whole report is in the log"
    assert errors > 10


def test_an_annotation_is_one_line_with_its_place():
    report = checked({"micro-credentials/a-draft.yaml": "id: a-draft\ntitle: 'A, B: C'\nframework: none\nlevle: 3\n"})

    assert annotations(written(report, "github"))[2:] == [
        (
            "::error file=micro-credentials/a-draft.yaml,line=4,endLine=4,col=1,endColumn=6,"
            "title=MC102 unknown-field::unknown field 'levle'; did you mean 'level'?"
        )
    ]


def test_the_summary_of_a_step_is_the_page(tmp_path):
    root = made(
        tmp_path / "a", {"micro-credentials/a-draft.yaml": "id: a-draft\ntitle: A\nframework: none\nlevle: 3\n"}
    )
    step = tmp_path / "step.md"
    step.write_text("before\n", encoding="utf-8")
    ran = mcred("validate", "--format", "github", "--as-of", AS_OF, cwd=root, GITHUB_STEP_SUMMARY=str(step))

    assert ran.code == 1
    assert step.read_text(encoding="utf-8").startswith("before\n# mcred\n")
    assert "| error | 4 | unknown field" in step.read_text(encoding="utf-8")
