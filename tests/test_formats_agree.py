"""Every format tells the same findings at the same places with the same exit code, and nothing of a record acts in it.

Each is read as whoever gets it would: what is piped from the real program goes through a parser of that format. What
all have to say stands in one golden file.
"""

import csv
import io
import itertools
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from typing import NamedTuple
from urllib.parse import unquote

import lxml.etree
import lxml.html
import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from mcred.reporters import FORMATS
from tests.support import AS_OF, GOLDENS, ROOT, checked, made, mcred, need, written
from tests.test_reporters import FILES
from tools.programs import OFFICE

REGISTER = {
    **FILES,
    "micro-credentials/d-draft.yaml": "id: d-draft\ntitle: D\nframework: none\n",
    "micro-credentials/e-draft.yaml": "id: e-draft\ntitle: C\nframework: nzqcf\nlevel: 3\ncredits: 50\n",
}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Place(NamedTuple):
    """What a format tells of a finding; 0 is a column that it has no room for."""

    path: str
    line: int
    column: int
    severity: str
    rule: str


# --- a parser for each format ----------------------------------------------------------------------------------------

_LINE = re.compile(
    r"^(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning|note): .*"
    r" \[(?P<rule>[\w.-]+)(?: [\w-]+)?\](?: \(hint: .*\))?$",
    re.MULTILINE,
)
_FRAME = re.compile(
    r"^(?P<severity>error|warning|note)\[(?P<rule>[\w.-]+)\]: .*\n *--> (?P<path>.+?):(?P<line>\d+):(?P<column>\d+)$",
    re.MULTILINE,
)


def matched(pattern, text):
    found = (match.groupdict() for match in pattern.finditer(text))
    return [Place(**{**each, "line": int(each["line"]), "column": int(each["column"])}) for each in found]


def text(out):
    return matched(_FRAME, ANSI.sub("", out))


def concise(out):
    found = matched(_LINE, out)
    assert len(found) == len(out.splitlines())
    return found


def finding(each):
    return Place(each["path"], each["line"], each["column"], each["severity"], each["rule"])


def as_json(out):
    return [finding(each) for each in json.loads(out)["findings"]]


def jsonl(out):
    return [finding(json.loads(line)) for line in out.splitlines()]


def sarif(out):
    found = []
    for each in json.loads(out)["runs"][0]["results"]:
        where = each["locations"][0]["physicalLocation"]
        at = where["region"]
        path = unquote(where["artifactLocation"]["uri"])
        found.append(Place(path, at["startLine"], at["startColumn"], each["level"], each["ruleId"]))
    return found


def stopped(out):
    """The parts of a log of GitHub before, within and after the lines between which it obeys no command."""
    token = re.search(r"^::stop-commands::(.+)$", out, re.MULTILINE)[1]
    parts = re.split(rf"^::(?:stop-commands::{token}|{token}::)\n", out, flags=re.MULTILINE)
    assert len(parts) == 3
    return parts


def github(out):
    """The whole report; the annotations are some of the same."""
    _, whole, rest = stopped(out)
    found = text(whole)
    command = r"::(\w+) file=([^,]+),line=(\d+),endLine=\d+,col=(\d+),endColumn=\d+,title=(\S+)(?: [\w-]+)?::.*"
    marks = [re.fullmatch(command, line) for line in rest.splitlines() if line.startswith(("::error", "::warning"))]
    shown = [Place(unquote(mark[2]), int(mark[3]), int(mark[4]), mark[1], mark[5]) for mark in marks]
    for severity in ("error", "warning"):
        wanted = [each for each in found if each.severity == severity]
        assert [each for each in shown if each.severity == severity] == wanted[:10]
    return found


def gitlab(out):
    severities = {"major": "error", "minor": "warning", "info": "note"}
    return [
        Place(
            each["location"]["path"],
            each["location"]["lines"]["begin"],
            0,
            severities[each["severity"]],
            each["check_name"].split()[0],
        )
        for each in json.loads(out)
    ]


def junit(out):
    root = ET.fromstring(out)
    texts = [each.text or "" for name in ("failure", "system-out") for each in root.iter(name)]
    return [place for each in texts for place in matched(_LINE, each)]


def as_csv(out):
    return [
        Place(row["path"], int(row["line"]), int(row["column"]), row["severity"], row["rule"])
        for row in csv.DictReader(io.StringIO(out))
    ]


def page(out):
    """The findings of a page: a heading for each file, an item for each finding."""
    found = []
    for heading in (root := lxml.html.document_fromstring(out)).iter("h3"):
        for item in heading.getnext().iter("li"):
            severity, line = re.match(r"(\w+) in line (\d+): ", item[0].text_content()).groups()
            found.append(Place(heading.text, int(line), 0, severity, item[-1].text.split()[0]))
    assert root.find(".//script") is None
    return found


def rendered(out):
    """A page in Markdown as a service shows it."""
    return lxml.html.document_fromstring(MarkdownIt("gfm-like", {"linkify": False}).render(out))


def markdown(out):
    found = []
    for heading in rendered(out).iter("h2"):
        for row in heading.getnext().iterfind("tbody/tr"):
            severity, line, _, rule = (cell.text_content() for cell in row)
            found.append(Place(heading.text, int(line), 0, severity, rule.split()[0]))
    return found


PARSERS = {
    "text": text,
    "concise": concise,
    "json": as_json,
    "jsonl": jsonl,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "junit": junit,
    "csv": as_csv,
    "markdown": markdown,
    "html": page,
}


# --- the same in each ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    return made(tmp_path_factory.mktemp("formats"), REGISTER)


def piped(format, register):
    """What a program gets that reads standard output, where the user's surroundings ask for colour."""
    arguments = ("--format", format, "--verbose", "--as-of", AS_OF)
    return mcred("validate", *arguments, cwd=register, FORCE_COLOR="1", CLICOLOR_FORCE="1")


def test_there_is_a_parser_for_each_format():
    assert list(PARSERS) == list(FORMATS)


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_tells_the_same_findings_at_the_same_places_with_the_same_exit_code(format, register, golden):
    ran = piped(format, register)
    found = sorted(PARSERS[format](ran.out))
    if format == next(iter(FORMATS)):
        lines = [f"{each.path}:{each.line}:{each.column} {each.severity} {each.rule}\n" for each in found]
        golden(GOLDENS / "formats.txt", f"{''.join(lines)}exit code {ran.code}\n")
    *told, code = (GOLDENS / "formats.txt").read_text("utf-8").splitlines()
    wanted = [re.fullmatch(r"(.*):(\d+):(\d+) (\w+) (.*)", line).groups() for line in told]
    columns = any(each.column for each in found)

    assert found == sorted(
        Place(path, int(line), int(column) if columns else 0, severity, rule)
        for path, line, column, severity, rule in wanted
    )
    assert code == f"exit code {ran.code}"
    assert columns == (format not in ("gitlab", "markdown", "html"))


def test_the_golden_file_has_every_severity_and_a_clause():
    told = (GOLDENS / "formats.txt").read_text("utf-8")

    assert set(re.findall(r" (error|warning|note) ", told)) == {"error", "warning", "note"}
    assert " nzqcf." in told


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "text"])
def test_colour_that_is_asked_for_changes_nothing_for_a_program(format, register):
    plain = mcred("validate", "--format", format, "--verbose", "--as-of", AS_OF, cwd=register)

    assert piped(format, register).out == plain.out
    assert "\x1b" not in plain.out


# --- text of a record never acts -------------------------------------------------------------------------------------

TEXTS = (
    "::error::x",
    "::add-mask::x",
    "::stop-commands::x",
    "##[error]x",
    "##vso[task.complete result=Failed;]x",
    r"\e[31mred\e[0m",
    r"\e]8;;https://example.org\a",
    r"\x01\x0b\x7f\x9b",
    r"\u202ex",
    r"\u2028::error::x",
    r"\n::error::x",
    r"\r::error::x",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "]]>",
    "-->",
    r"\ufffe\uffff",
    "=HYPERLINK(1)",
    "+1",
    "-1+1",
    "@SUM(1)",
    r"\t=1",
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "| a | b |",
    "`x`",
    "@team",
    "{{ 1 }}",
)
LONG = "long " * 1000
HEAD = "id: e-draft\ntitle: E\nframework: none\n"
ACTING = {
    # As a name, as a value that is told, and beside what is told, so that a frame shows it.
    "keys": HEAD + "".join(f'"{each}": 1\n' for each in TEXTS),
    "values": HEAD + "aliases:\n" + "".join(f'  - "{each}"    # {each}\n' for each in (*TEXTS, LONG)),
}
NAME = "micro-credentials/%0A::error::]]><b>=1,a=b.yaml"


@pytest.fixture(scope="module", params=ACTING)
def acting(request):
    return checked({NAME: ACTING[request.param], "micro-credentials/e-draft.yaml": ACTING[request.param]})


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_of_a_record_acts(format, acting):
    out = written(acting, format, verbose=True)
    commands = [line for line in out.splitlines() if re.match(r"\s*::", line)]

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ufffe\uffff]", out)
    assert not re.search(r"##(?:\[|vso)", out)
    if format == "github":
        before, _, after = stopped(out)
        commands = [line for line in (before + after).splitlines() if "::" in line]
        commands = [line for line in commands if not re.match("::(group|endgroup|notice|error file=)", line)]
    assert commands == []
    assert len(PARSERS[format](out)) == len(acting.diagnostics)


def test_a_page_has_no_element_that_a_record_brought(acting):
    def elements(report):
        root = lxml.html.document_fromstring(written(report, "html"))
        return {(each.tag, *sorted(each.items())) for each in root.iter()}

    assert elements(acting) <= elements(checked({"micro-credentials/e-draft.yaml": f"{HEAD}levle: 1\nxyz: 1\n"}))


def test_a_page_in_markdown_has_no_element_that_a_record_brought(acting):
    found = {(each.tag, *each.attrib) for each in rendered(written(acting, "markdown", verbose=True)).iter()}

    assert found == {(tag,) for tag in "html body h1 h2 p br table thead tbody tr th td".split()}


@pytest.fixture
def cells(acting):
    """The rows for a spreadsheet of findings in folders that are named like formulas."""
    signs = itertools.cycle("=+-@")
    named = (each._replace(path=f"{next(signs)}1+1/{each.path}") for each in acting.diagnostics)
    return written(acting._replace(diagnostics=tuple(named)), "csv")


def test_no_cell_is_a_formula(cells):
    rows = list(csv.reader(io.StringIO(cells)))

    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[1][3].startswith("'=1+1/micro-credentials/")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.office
def test_a_spreadsheet_reckons_with_no_cell(cells, tmp_path):
    need(OFFICE)
    (tmp_path / "report.csv").write_text(cells, "utf-8")
    # Separated by commas, quoted, UTF-8, from the first line: what a spreadsheet offers when it opens the file.
    command = [OFFICE.command, "--headless", "--infilter=CSV:44,34,76,1", "--convert-to", "xlsx", "--outdir", tmp_path]
    known = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([*command, tmp_path / "report.csv"], env=known, capture_output=True, check=True, timeout=300)
    sheet = load_workbook(tmp_path / "report.xlsx").active

    assert sheet.max_row == cells.count("\n")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_link_of_a_record_is_none_in_sarif(acting):
    for result in json.loads(written(acting, "sarif"))["runs"][0]["results"]:
        links = re.findall(r"(?<!\\)\]\(([^)]*)\)", result["message"]["text"])
        assert links == [str(each["id"]) for each in result.get("relatedLocations", [])]


def test_a_strict_reader_of_xml_takes_the_report(acting):
    out = written(acting, "junit")

    assert "]]>" not in out
    assert lxml.etree.fromstring(out.encode(), lxml.etree.XMLParser(recover=False)).tag == "testsuites"


def test_every_json_is_written_in_the_one_way_that_does_nothing():
    package = ROOT / "src/mcred"
    writing = [path for path in package.glob("*/**/*.py") if re.search(r"\bdumps\(", path.read_text("utf-8"))]
    printing = {
        path.relative_to(package).as_posix() for path in writing if path.parent.name in ("cli", "reporters", "due")
    }

    assert printing == {"cli/init.py"}  # the settings of an editor, in which nothing of a record is
