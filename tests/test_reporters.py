"""Reports: the carets stand under what they mean, on every terminal, and nothing from a record acts."""

import io
import json
import re
import unicodedata
from datetime import date

import jsonschema
import pytest
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from mcred.diagnostic import Diagnostic, Pointer, Severity, Span
from mcred.diagnostic.report import Checked, Located, Report
from mcred.reporters import FORMATS, Look, reporter
from tests.support import AS_OF, DRAFT, GOLDENS, ROOT, checked, holds, lines_of, made, mcred, written

# Letters in one piece and in two, wide and joined characters, tabs, what terminals, build logs and rich obey, long lines.
NASTY = (
    "# yaml-language-server: $schema=../../.mcred/schemas/micro-credential.schema.json\r\n"
    "id: a-draft\r\n"
    'title: "Ngā \\e[31mred ##[error]x [/x] [bold]y ::error::z"\r\n'
    "framework: none\r\n"
    "水を採る: {custody: 1}\r\n"
    "titel_ā:\t\t[x]\r\n"
    "custody:\t\tminē   # 💧\r\n"
    'other_titles: [{en: "💧💧", EN: "x"}, {mi: "wha\u0304nau ngā tāngata", "👩🏽\u200d🌾": y}]\r\n'
    '"##[error]file": 1\r\n'
    '"##vso[task.complete result=Failed;]": 1\r\n'
    '"::error file=a,line=1::x": 1\r\n'
    '"[/x][red]": "[/x]"\r\n'
    "aliases: [Ā水💧 \u00a0, \"a\\tb\"]\r\n"
    f"codes: [{{scheme: {'ngā wai ' * 40}, value: 0123}}, {{value: \"{'水' * 100}\"}}, {{vale: \"{'x' * 200}\"}}]\r\n"
    "review: {lead_time: " + "soon " * 60 + "}\r\n"
    "developer: a\x1b]0;title\x07b\u202ec\r\n"
)  # fmt: skip
OTHER = "id: b-draft\ntitle: Ā draft\nframework: none\naliases: [ngā-wai, old-id]\nsources: [{id: wai, url: no}]\n"
THIRD = "id: c-draft\ntitle: C\nframework: none\naliases: [old-id]\nrequires: [b-drafts, c-draft]\n"

FILES = {
    "micro-credentials/a-draft.yaml": NASTY,
    "micro-credentials/b-draft.yaml": OTHER,
    "micro-credentials/c-draft.yaml": THIRD,
}
LOOKS = {
    "text": {},
    "text-80": {"width": 80},
    "text-40": {"width": 40},
    "text-ascii": {"encoding": "ascii"},
    "text-latin-1-80": {"encoding": "iso8859-1", "width": 80},
    "text-colour": {"colour": True, "width": 80},
    "text-verbose": {"verbose": True},
    "concise": {},
    "concise-ascii": {"encoding": "ascii"},
    "json": {},
}


@pytest.fixture(scope="module")
def nasty():
    return checked(FILES, as_of=date.fromisoformat(AS_OF))


@pytest.mark.parametrize("name", LOOKS)
def test_a_nasty_file_in_every_look(name, nasty, golden):
    golden(GOLDENS / f"nasty.{name}.txt", written(nasty, name.partition("-")[0], **LOOKS[name]))


# --- carets ----------------------------------------------------------------------------------------------------------


def cells(text):
    """Return what stands in each column of a terminal; a wide character fills two, a mark that combines none."""
    found = []
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            found[-1:] = [found[-1] + character] if found else []
        elif unicodedata.east_asian_width(character) in "WF":
            found += [character, ""]
        else:
            found.append(character)
    return found


def pointed(text):
    """Return, for each line of carets, the text above it, and the line it stands under."""
    found, source = [], None
    for line in text.splitlines():
        gutter, bar, rest = line.partition(" |")
        if not bar or line.startswith("error["):
            continue
        if gutter.strip().isdigit():
            source = rest[1:]
        elif (sign := re.match(r" ( *)(\^+|-+)(?: |$)", rest)) and source is not None:
            start = len(sign[1])
            # Blanks that end a line are not printed, but may be marked.
            row = cells(source) + [" "] * 1000
            found.append(("".join(row[start : start + len(sign[2])]), sign[2], source))
    return found


def told(report, lines):
    """Return what the carets of a report are to stand under: the marked text of each finding and related place."""
    for diagnostic in report.diagnostics:
        for path, span in [
            (diagnostic.path, diagnostic.span),
            *((each.path, each.span) for each in diagnostic.related),
        ]:
            line = lines[path][span.line - 1]
            yield line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]


def test_a_caret_stands_under_what_it_means(nasty):
    lines = {path: lines_of(text.encode()) for path, text in FILES.items()}
    wanted = sorted(_seen(text) for text in told(nasty, lines))
    found = sorted(marked for marked, _, _ in pointed(written(nasty)))
    # A long line is cut, and what is marked in it with it.
    assert len(wanted) == len(found) > 20
    for marked in found:
        assert any(text.startswith(marked.removesuffix("…")) for text in wanted), marked
    assert {text for text in wanted if len(text) < 60} <= set(found)


def _seen(text):
    """Return text as a report shows it: what acts is spelt out; what reading has replaced is a replacement character."""
    text = re.sub("[\x1b\x07\u202e]", "\ufffd", text)
    text = re.sub(r"##(?=vso\[|\[)", r"##\\", text)
    return text.expandtabs(4)


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("width", [0, 40, 80, 200])
def test_a_caret_stands_right_whatever_the_terminal_can_write(encoding, width, nasty):
    text = written(nasty, encoding=encoding, width=width)
    assert text.encode(encoding).decode(encoding) == text
    for marked, sign, source in pointed(text):
        assert len(cells(marked)) == len(sign), (marked, sign, source)
        # A caret begins where a character begins, and a code such as \\u0101 is underlined from its backslash on.
        assert not re.match(r"u[0-9a-f]{4}|x[0-9a-f]{2}|<?U\\+", marked) or encoding == "utf-8", (marked, source)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_frame_fits_its_terminal(width, nasty):
    for line in written(nasty, width=width).splitlines():
        if " | " in line or line.rstrip().endswith(" |"):
            # A label is part of its line of carets, and may be as long as the words it needs.
            source = line if line.split("|")[0].strip() else line[: line.rfind("^") + 1 or line.rfind("-") + 1]
            assert len(cells(source)) <= max(width, 48), line
        elif line.lstrip().startswith("= "):
            assert len(cells(line)) <= max(width, 48) or len(line.split(": ", 1)[1].split()) == 1, line


def diagnostic(**given):
    known = {
        "rule": "MC102", "name": "unknown-field", "severity": Severity.ERROR, "message": "m", "arguments": {}, "path": "a/b.yaml",
        "span": Span(1, 1, 1, 6), "pointer": Pointer(), "record": "b", "hint": "h", "label": "here", "fingerprint": "1:x",
    }  # fmt: skip
    return Diagnostic(**{**known, **given})


def report_of(*found, lines=("levle: 3",), **more):
    return Report(
        found, Checked(1, 1), line=lambda path, number: lines[number - 1] if number <= len(lines) else "", **more
    )


PIECES = [*"ab c:", "ā", "a\u0304", "水", "💧", "\t", "\x1b", "\u202e", "##[error]", "[/x]", "…", "x" * 30]
LINES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@holds(LINES, st.data(), st.sampled_from([0, 40, 80]), st.sampled_from(["utf-8", "ascii"]), quick=300, thorough=3000)
def test_whatever_the_line_the_caret_is_as_wide_as_what_it_marks(line, data, width, encoding):
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    text = written(
        report_of(diagnostic(span=Span(1, start + 1, 1, end + 1)), lines=[line]), width=width, encoding=encoding
    )
    carets = [each for each in text.splitlines() if "^" in each and "error[" not in each]
    if not line:
        assert len(carets) <= 1
        return
    (caret,) = carets
    assert caret.endswith("^ here")
    assert not set(text) & set("\x1b\u202e\t\r")
    for marked, sign, _ in pointed(text):
        assert len(cells(marked)) == len(sign) or (start == end and sign == "^")


# --- nothing acts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["text", "concise"])
@pytest.mark.parametrize("look", [{}, {"width": 80}, {"encoding": "ascii"}])
def test_nothing_from_a_record_acts(format, look, nasty):
    text = written(nasty, format, **look)
    assert not [c for c in text if unicodedata.category(c) == "Cc" and c != "\n"]
    assert not set(text) & set("\u202e\u2028\u2029\ufeff")
    assert "##[" not in text
    assert "##vso[" not in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::") and not line.startswith("  ::: ")]
    # Square brackets are only text: rich takes nothing away.
    assert "[/x][red]" in text


def test_colour_adds_only_colour(nasty):
    coloured, plain = written(nasty, colour=True, width=80), written(nasty, width=80)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert set(re.findall(r"\x1b\[([0-9;]*)m", coloured)) <= {
        "0",
        "1",
        "31",
        "33",
        "34",
        "36",
        "32",
        "1;31",
        "1;33",
        "1;36",
        "1;32",
    }
    assert coloured.count("\x1b[0m") == len(re.findall(r"\x1b\[[1-9][0-9;]*m", coloured)), "every colour ends"


def test_rich_would_have_obeyed_what_is_shown_as_text():
    out = io.StringIO()
    Console(file=out, width=80).print(Text("[/x]"))
    assert out.getvalue() == "[/x]\n"


def test_concise_is_one_line_a_finding(nasty):
    lines = written(nasty, "concise").splitlines()
    assert len(lines) == len(nasty.diagnostics)
    for line, found in zip(lines, nasty.diagnostics, strict=True):
        assert re.fullmatch(r"\S+\.yaml:\d+:\d+: (error|warning|note): .+ \[(MC\d{3}) [a-z0-9-]+\]", line), line
        assert line.startswith(f"{found.path}:{found.span.line}:{found.span.column}: {found.severity}: ")


# --- summaries -------------------------------------------------------------------------------------------------------


def _last(report, **look):
    return written(report, **look).rstrip("\n").rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("severities", "verbose", "line"),
    [
        ([], False, "no faults in 1 file (as of 2026-11-22)"),
        (["error"], False, "1 error in 1 file (as of 2026-11-22)"),
        (["error", "error", "warning"], False, "2 errors, 1 warning in 1 file (as of 2026-11-22)"),
        (["warning"], False, "1 warning in 1 file (as of 2026-11-22)"),
        (["note"], False, "no faults in 1 file (as of 2026-11-22); 1 note (--verbose lists them)"),
        (["note", "note"], True, "no faults in 1 file (as of 2026-11-22); 2 notes"),
        (["error", "note"], False, "1 error in 1 file (as of 2026-11-22); 1 note (--verbose lists them)"),
    ],
)
def test_the_last_line_says_what_it_comes_to(severities, verbose, line):
    found = [diagnostic(severity=Severity(severity)) for severity in severities]
    report = report_of(*found, as_of=date.fromisoformat(AS_OF))
    text = written(report, verbose=verbose)
    assert text.splitlines()[-1] == line
    assert text.count("[MC102]") == len([s for s in severities if s != "note" or verbose])


def test_a_frame_shows_a_finding_whose_file_is_not_there():
    related = Located("gone.yaml", Span(7, 3, 7, 9), "was here")
    text = written(report_of(diagnostic(span=Span(1, 1, 1, 1), related=(related,)), lines=()))
    assert "error[MC102]: m\n" in text
    assert "--> a/b.yaml:1:1\n" in text
    assert "::: gone.yaml:7:3\n" in text


def test_a_mark_over_several_lines_is_drawn_on_the_first():
    text = written(report_of(diagnostic(span=Span(1, 4, 3, 5)), lines=["a: |  ", "  ā", "    x"]))
    assert " 1 | a: |\n   |    ^ here\n" in text


# --- json ------------------------------------------------------------------------------------------------------------

SCHEMA = ROOT / "schemas" / "report.schema.json"


@pytest.fixture(scope="module")
def report_schema():
    if not SCHEMA.is_file():
        pytest.skip("schemas/report.schema.json is not there yet")
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_json_says_everything_that_is_known(nasty):
    data = json.loads(written(nasty, "json"))
    assert list(data) == [
        "schema",
        "as_of",
        "recorded_at",
        "checked",
        "summary",
        "findings",
        "not_checked",
        "ignored",
        "policy_changes",
    ]
    assert data["schema"] == "mcred-report/1"
    assert list(data["summary"]) == ["error", "warning", "note", "unknown", "ignored", "baseline"]
    assert (
        sum(data["summary"][key] for key in ("error", "warning", "note"))
        == len(data["findings"])
        == len(nasty.diagnostics)
    )
    for entry, found in zip(data["findings"], nasty.diagnostics, strict=True):
        assert list(entry) == [
            "rule", "name", "severity", "message", "arguments", "hint", "path", "line", "column", "end_line", "end_column",
            "pointer", "record", "clauses", "related", "fix", "fingerprint",
        ]  # fmt: skip
        assert (entry["line"], entry["column"], entry["end_line"], entry["end_column"]) == found.span
        assert "\\" not in entry["path"]


def test_json_is_of_its_schema(nasty, report_schema):
    reports = [
        nasty,
        checked({}),
        checked({"micro-credentials/x.yaml": b"\xff"}),
        checked({"micro-credentials/a-draft.yaml": DRAFT + "credits: [1]\nlevle: 1\nframework: none\n"}, alone=True),
        checked(
            {"micro-credentials/a-draft.yaml": DRAFT.replace("none", "nzqcf") + "level: 99\n"},
            as_of=date.fromisoformat(AS_OF),
        ),
        checked({"micro-credentials/a-draft.yaml": DRAFT + "".join(f"f{n}: 1\n" for n in range(150))}),
    ]
    for report in reports:
        assert [error.message for error in report_schema.iter_errors(json.loads(written(report, "json")))] == []


def test_the_schema_of_the_report_refuses_what_is_no_report(report_schema, nasty):
    data = json.loads(written(nasty, "json"))
    for spoilt in (
        {},
        {**data, "schema": "mcred-report/2"},
        {**data, "findings": [{**data["findings"][0], "severity": "fatal"}]},
        {**data, "findings": [{**data["findings"][0], "line": 0}]},
        {**data, "summary": {}},
        {key: value for key, value in data.items() if key != "not_checked"},
    ):
        assert not report_schema.is_valid(spoilt)


def test_the_schema_that_is_printed_is_that_of_the_report(tmp_path, report_schema):
    root = made(tmp_path, FILES)
    (root / "standards").mkdir()
    (root / "standards" / "x.yml").write_text("a")
    printed = mcred("schema", "report", cwd=tmp_path)
    assert (printed.code, printed.err) == (0, "")
    validator = jsonschema.Draft202012Validator(json.loads(printed.out))
    ran = mcred("validate", "--format", "json", "--as-of", AS_OF, cwd=tmp_path)
    assert [error.message for error in validator.iter_errors(ran.json)] == []
    assert ran.json["findings"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_with_line_feeds_and_ends_with_one(name, nasty):
    text = "".join(reporter(name)(nasty, Look()))
    assert "\r" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
