"""What a change does to the rules it is judged by stands in every format, with what it silences, and gives no command."""

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from mcred.diagnostic import Checked, Pointer, PolicyChange, Report, Span
from mcred.reporters import FORMATS
from mcred.text import inert
from tests.support import ROOT, checked, written

PATH = "micro-credentials/a-draft.yaml"
FOUND = checked({PATH: "id: a-draft\ntitle: A\nframework: none\n" + "".join(f"f{n}: 1\n" for n in range(12))})
ACTING = inert(
    "'custody' is '::error::x ##vso[y] <script>alert(1)</script> [x](javascript:1) ]]> | =1+1'; it was 'own'"
)
CHANGES = (
    PolicyChange("setting", "'policies' is absent; it was [\"p\"]", "catalogue.yaml", Span(1, 1, 1, 8), None, Pointer(("policies",)), FOUND.diagnostics),
    PolicyChange("custody", ACTING, PATH, Span(3, 1, 3, 8), "a-draft", Pointer(("custody",)), FOUND.diagnostics[:1]),
    PolicyChange("policy", "the policy 'p' is deleted", "policies/p.yaml", Span(1, 1, 1, 1), "p"),
)  # fmt: skip
REPORT = Report((), Checked(1, 1, (PATH,)), policy_changes=CHANGES)


def test_text_tells_each_with_where_it_stands_and_what_it_silences():
    assert written(REPORT) == (
        "policy change: 'policies' is absent; it was [\"p\"]\n"
        "  --> catalogue.yaml:1:1\n"
        + "".join(f"   = silences: error: unknown field 'f{n}' [MC102] in {PATH}\n" for n in range(10))
        + "   = silences: 2 more findings\n"
        "\n"
        "policy change: 'custody' is '::error::x ##\\vso[y] <script>alert(1)</script> [x](javascript:1) ]]> | =1+1'; it was 'own'\n"
        f"  --> {PATH}:3:1\n"
        f"   = silences: error: unknown field 'f0' [MC102] in {PATH}\n"
        "\n"
        "policy change: the policy 'p' is deleted\n"
        "  --> policies/p.yaml:1:1\n"
        "\n"
        "no faults in 1 file\n"
        "3 policy changes: the change was judged by what was in force before it\n"
    )


def test_concise_has_a_line_for_each():
    lines = written(REPORT, "concise").splitlines()

    assert [line.split(": ")[:2] for line in lines] == [
        ["catalogue.yaml:1:1", "policy change"],
        [f"{PATH}:3:1", "policy change"],
        ["policies/p.yaml:1:1", "policy change"],
    ]
    assert lines[2] == "policies/p.yaml:1:1: policy change: the policy 'p' is deleted [policy]"


def test_json_and_jsonl_have_all_that_is_known():
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    changes = json.loads(written(REPORT, "json"))["policy_changes"]

    assert list(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(written(REPORT, "json")))) == []
    assert [(c["kind"], c["line"], len(c["silenced"])) for c in changes] == [
        ("setting", 1, 12),
        ("custody", 3, 1),
        ("policy", 1, 0),
    ]
    assert [json.loads(line) for line in written(REPORT, "jsonl").splitlines()] == [
        {"policy_change": c} for c in changes
    ]


def test_github_has_a_warning_for_each():
    lines = [line for line in written(REPORT, "github").splitlines() if line.startswith("::warning ")]

    assert [line.partition("::")[2].split("::")[0] for line in lines] == [
        f"warning file={file},line={line},endLine={line},col=1,endColumn={end},title=policy change%3A {kind}"
        for file, line, end, kind in (
            ("catalogue.yaml", 1, 8, "setting"),
            (PATH, 3, 8, "custody"),
            ("policies/p.yaml", 1, 1, "policy"),
        )
    ]
    assert lines[2].endswith("::the policy 'p' is deleted")


def test_gitlab_has_an_entry_of_its_own_for_each():
    entries = json.loads(written(REPORT, "gitlab"))

    assert [
        (e["check_name"], e["severity"], e["location"]["path"], e["location"]["lines"]["begin"]) for e in entries
    ] == [
        ("policy-change setting", "minor", "catalogue.yaml", 1),
        ("policy-change custody", "minor", PATH, 3),
        ("policy-change policy", "minor", "policies/p.yaml", 1),
    ]
    assert len({e["fingerprint"] for e in entries}) == 3
    twice = json.loads(written(REPORT._replace(policy_changes=(*CHANGES, *CHANGES)), "gitlab"))
    assert len({e["fingerprint"] for e in twice}) == 6


def test_junit_tells_each_where_its_file_passes():
    suites = ET.fromstring(written(REPORT, "junit"))
    told = {suite.get("name"): suite.findtext("system-out") for suite in suites}

    assert told["policies/p.yaml"] == "policies/p.yaml:1:1: policy change: the policy 'p' is deleted [policy]\n"
    assert told[PATH].startswith(f"{PATH}:3:1: policy change: 'custody' is ")
    assert sorted(told) == ["catalogue.yaml", PATH, "policies/p.yaml"]


def test_sarif_has_a_result_for_each():
    run = json.loads(written(REPORT, "sarif"))["runs"][0]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["policy-change"]
    assert [(r["ruleId"], r["ruleIndex"], r["level"], r["properties"]["kind"]) for r in run["results"]] == [
        ("policy-change", 0, "warning", kind) for kind in ("setting", "custody", "policy")
    ]
    both = FOUND._replace(policy_changes=CHANGES)
    run = json.loads(written(both, "sarif"))["runs"][0]
    assert {run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"]} == {True}


@pytest.mark.skipif("MCRED_STANDARDS" not in os.environ, reason="MCRED_STANDARDS is not set; it names the standards")
def test_sarif_and_junit_are_of_their_official_schemas():
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed; it reads the schema of JUnit")
    standards = Path(os.environ["MCRED_STANDARDS"])
    schema = json.loads((standards / "sarif-2.1.0" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    assert (
        list(jsonschema.validators.validator_for(schema)(schema).iter_errors(json.loads(written(REPORT, "sarif"))))
        == []
    )
    junit = etree.XMLSchema(etree.parse(str(standards / "junit" / "JUnit.xsd")))
    assert junit.validate(etree.fromstring(written(REPORT, "junit").encode())), junit.error_log


def test_csv_has_a_row_for_each():
    rows = list(csv.DictReader(io.StringIO(written(REPORT, "csv"))))

    assert [(row["severity"], row["name"], row["path"], row["line"], row["record"]) for row in rows] == [
        ("policy change", "setting", "catalogue.yaml", "1", ""),
        ("policy change", "custody", PATH, "3", "a-draft"),
        ("policy change", "policy", "policies/p.yaml", "1", "p"),
    ]


def test_markdown_and_html_have_a_section_of_them():
    page = written(REPORT, "markdown")
    section = page.partition("## What the change does to the rules it is judged by\n")[2]

    assert [line[:2] for line in section.splitlines() if line] == ["- ", *["  "] * 11, "- ", "  ", "- "]
    page = written(REPORT, "html")
    section = page.partition("<h2>What the change does to the rules it is judged by</h2>")[2]
    assert len(re.findall(r"<strong class=\"warning\">policy change</strong> at ", section)) == 3
    assert section.count("<p>Silences ") == 12


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_in_a_change_acts(name):
    text = written(REPORT, name)

    assert "##vso[" not in text
    assert not re.search(r"^::error", text, re.MULTILINE)
    if name in ("markdown", "html"):
        assert "<script>" not in text
        assert "[x](javascript" not in text.replace("&#", "") or name == "html"
    if name == "junit":
        assert ET.fromstring(text) is not None


@pytest.mark.parametrize("name", FORMATS)
def test_where_there_is_none_no_format_speaks_of_any(name):
    assert "policy change" not in written(FOUND, name)
    assert "policy-change" not in written(FOUND, name)
