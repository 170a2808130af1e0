"""Whatever bytes a file holds, and whatever lies in a record's place: a report, in bounded time and memory."""

import itertools
import json
import os
import random
import shutil
import socket
import stat
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.support import (
    AS_OF,
    DRAFT,
    LARGEST,
    checked,
    copied,
    holds,
    inside,
    installed,
    is_root,
    lines_of,
    made,
    mcred,
    place,
    real_records,
    register,
    small,
    written,
)

HOSTILE = Path(__file__).parent / "hostile"

MEGABYTES = 200


# --- any bytes at all ------------------------------------------------------------------------------------------------

SPECIAL = [
    *(
        b"[ ] { } , : - ? & * ! | > ' \" % @ ` # --- ... << ~ \\ / = null true 2026-02-30 \t \r \r\n \0 \x1b \x85 \x7f".split(
            b" "
        )
    ),
    b" ",
    b"\n",
    b"\n\n  ",
    b": ",
    b"- ",
    b" #",
    b"&a ",
    b"*a",
    b"!!str ",
    b"|\n  ",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xae",
    b"\xc2\xa0",
    b"a\xcc\x84",
    b"\xf0\x9f\x92\xa7",
    b"<<<<<<< HEAD\n",
    b"x-a: ",
    b"unknown: ",
    b"/decisions/0",
    b"id: ",
    b"9" * 20,
    b"-1e999",
    b"##[error]",
    b"\n::error::",
    b"[/x]",
]

RECORDS = list(real_records().items())


def _mutated(seed, edits):
    """A real record with pieces cut out, put in twice, moved and overwritten."""
    chance = random.Random(seed)
    path, data = chance.choice(RECORDS)
    if chance.random() < 0.5:
        data = data[: chance.randrange(200, 1500)]
    for _ in range(edits):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + int(chance.expovariate(0.1)))
        new = chance.choice([b"", chance.choice(SPECIAL), data[at:end] * 2, chance.randbytes(chance.randrange(1, 4))])
        data = data[:at] + new + data[end:]
    return path, data


any_file = st.one_of(
    st.tuples(st.just("micro-credentials/a-draft.yaml"), st.binary(max_size=300)),
    st.tuples(
        st.just("micro-credentials/a-draft.yaml"),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    ),
    st.tuples(st.just("organisations/a-draft.yaml"), st.lists(st.sampled_from(SPECIAL), max_size=30).map(b"".join)),
    st.builds(_mutated, st.integers(0, 2**64), st.integers(1, 6)),
)


@holds(any_file, quick=300, thorough=5000)
def test_any_bytes_give_a_report(file):
    path, data = file
    report = checked({path: data}, alone=True)
    lines = lines_of(data)
    for diagnostic in report.diagnostics:
        assert inside(diagnostic.span, lines), (place(diagnostic), diagnostic.message)
        for related in diagnostic.related:
            assert inside(related.span, lines), (related, diagnostic.message)
        assert diagnostic.message
        assert "\n" not in diagnostic.message
    assert list(report.diagnostics) == sorted(report.diagnostics, key=lambda each: each.order)
    assert len(report.diagnostics) == len({each.fingerprint for each in report.diagnostics})
    parsed = json.loads(written(report, "json"))
    assert len(parsed["findings"]) == len(report.diagnostics)
    for text in (written(report), written(report, width=80), written(report, "concise")):
        assert not set(text) & set("\x1b\x00\x07\r\x85\u2028\u2029\u202e\ufeff")
    assert "\x1b[" in written(report, colour=True)


@holds(any_file, st.integers(0), quick=40, thorough=400)
def test_any_bytes_beside_the_catalogue_give_a_report(file, number):
    _path, data = file
    files = register()
    victim = sorted(files)[number % len(files)]
    report = checked({**files, victim: data})
    for diagnostic in report.diagnostics:
        assert inside(diagnostic.span, lines_of(data if diagnostic.path == victim else files[diagnostic.path]))
    written(report)


@pytest.mark.parametrize("file", sorted(HOSTILE.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_of_odd_bytes(file):
    """Each file of tests/hostile breaks something, here or in a library, that does not look for it; its name says what it is."""
    data = file.read_bytes()
    report = checked({"micro-credentials/a-draft.yaml": data}, alone=True)
    assert file.stem.partition("--")[0] in {each.name for each in report.diagnostics}
    assert all(inside(each.span, lines_of(data)) for each in report.diagnostics)


# --- at the limits ---------------------------------------------------------------------------------------------------


def full(unit, size=LARGEST):
    """A file as large as a record may be, made of one piece over and over."""
    unit = unit.encode() if isinstance(unit, str) else unit
    return unit * (size // len(unit))


def record(text):
    """A file that begins as a record and goes on with a text."""
    return (DRAFT + text).encode()


def repeated(line, times):
    """Lines that differ by a number."""
    return "".join(line.replace("#", str(number)) + "\n" for number in range(times))


def bomb(times, separator, start):
    """Maps of which each holds the one before it twice."""
    names = [f"k{number}" for number in range(times)]
    lines = ['"k0":&k0 {"x":1,"y":1}']
    lines += [f'"{name}":&{name} {{"x":*{before},"y":*{before}}}' for before, name in itertools.pairwise(names)]
    return (start + separator.join(lines) + ("}" if start == "{" else "")).encode()


NEST, TOO_MANY = {"too-deep"}, {"too-many-nodes"}
SYNTAX = {"yaml-syntax"}

# Each case: its bytes, and the names of all rules that find something in it (None: whichever).
CASES = {
    # openers of nesting
    "[": (full("["), NEST),
    "[[": (full("[ ["), NEST),
    "[ on lines": (full("[\n"), NEST),
    "[]": (full("[],"), SYNTAX),
    "[] in one list": (b"a: [" + full("[],", LARGEST - 8) + b"]", TOO_MANY),
    "{": (full("{"), NEST),
    "{a: ": (full("{a: "), NEST),
    '{"a":': (full('{"a":'), NEST),
    "{[": (full("{["), NEST),
    "- ": (full("- "), NEST),
    "- on lines": (full("-\n"), TOO_MANY),
    "? ": (full("? "), NEST),
    "? on lines": (full("?\n"), TOO_MANY),
    ": ": (full(": "), None),
    ": on lines": (full(":\n"), SYNTAX),
    "- ? : ": (full("- ? : "), None),
    "maps, deeper and deeper": ("".join(" " * n + "a:\n" for n in range(720)).encode(), NEST),
    "lists, deeper and deeper": ("".join(" " * n + "-\n" for n in range(720)).encode(), NEST),
    "lists of maps, not indented": ("a:\n" + "".join("  " * n + "- a:\n" for n in range(500))).encode(),
    "closers": (full("]"), SYNTAX),
    "closed in quotes": (full('["]",'), NEST),
    "closed in single quotes": (full("[']',"), NEST),
    "closed in a comment": (full("[ #]\n"), NEST),
    "closed in a text": (full("{a: '}', b: "), NEST),
    "closed in quotes over lines": (full('["\n]",'), NEST),
    # other signs
    '"': (full('"'), SYNTAX),
    "'": (full("'"), {"not-a-mapping"}),
    "&a ": (full("&a "), SYNTAX),
    "*a ": (full("*a "), SYNTAX),
    "!a ": (full("!a "), SYNTAX),
    "|": (full("|"), SYNTAX),
    ">": (full(">"), SYNTAX),
    "| on lines": (full("|\n"), SYNTAX),
    "%": (full("%"), {"directive", "empty-file"}),
    "%TAG": (full("%TAG ! tag:x,2026:\n"), {"directive", "empty-file"}),
    "% on lines": (full("%\n"), {"directive", "empty-file"}),
    "#": (full("#"), {"empty-file"}),
    "# on lines": (full("#\n"), {"empty-file"}),
    "---": (full("---\n"), {"document-marker", "several-documents"}),
    "...": (full("...\n"), None),
    ":": (full(":"), SYNTAX),
    ",": (full(","), SYNTAX),
    "@": (full("@"), SYNTAX),
    "`": (full("`"), SYNTAX),
    "\\": (full("\\"), {"not-a-mapping"}),
    "a": (full("a"), {"not-a-mapping"}),
    "blank": (full(" "), {"empty-file"}),
    "blank lines": (full("\n"), {"empty-file"}),
    "blank lines, CRLF": (full("\r\n"), {"empty-file"}),
    "tabs": (full("\t"), SYNTAX),
    "<<<<<<< on lines": (full("<<<<<<<\n"), {"conflict-marker", "findings-left-out"}),
    "one conflict of many parts": (b"<<<<<<< a\n" + full("=======\n", LARGEST - 20), {"conflict-marker"}),
    # long
    "a long text": (record("remarks: " + "x " * 130_000), set()),
    "a long word": (record("remarks: " + "x" * 260_000), set()),
    "a long text in quotes": (record('remarks: "' + "x\\n" * 86_000 + '"'), set()),
    "a long text in lines": (record("remarks: |\n" + "  x\n" * 65_000), set()),
    "a long text of blank lines": (record("remarks: |\n  x\n" + "\n" * 260_000), set()),
    "a long text in single quotes": (record("remarks: '" + "''" * 130_000 + "'"), set()),
    "a long text of macrons in pieces": (record("remarks: " + "a\u0304" * 87_000), {"not-nfc"}),
    "a long text of emoji": (record("remarks: " + "💧" * 65_000), set()),
    "a long key": (record(f"{'x' * 1000}: 1\n? {'y' * 200_000}\n: 1\n"), {"unknown-field"}),
    "a long number": (record("level: " + "9" * 260_000), None),
    "a long id": (b"id: " + b"a" * 260_000, None),
    "a long date": (record("evidence_of_need: [{from: iwi, date: " + "2" * 200_000 + "}]"), {"bad-format"}),
    "a long pointer": (record("unknown: [" + "/a" * 120_000 + "]"), None),
    "a long alias": (record("aliases: [" + "a-" * 120_000 + "]"), None),
    "250 kB of comments": (record("# [ a remark ] { }\n" * 13_000), set()),
    # many
    "130,000 unknown fields": (full("a:\n"), TOO_MANY),
    "9,990 unknown fields": (record(repeated("k#: 1", 9_990)), {"unknown-field", "findings-left-out"}),
    "9,990 unknown fields of one item": (
        record("outcomes:\n  - id: a\n" + repeated("    k#: 1", 9_990)),
        {"unknown-field", "findings-left-out"},
    ),
    "9,990 fields of another act": (
        record("decisions:\n  - act: listed\n    date: 2026\n    site: a\n" + repeated("    x-k#: 1", 9_980)),
        None,
    ),
    "9,990 own fields": (record(repeated("x-k#: 1", 9_990)), set()),
    "one key 9,990 times": (record("level: 3\n" * 9_990), {"duplicate-key", "findings-left-out"}),
    "9,990 keys that are numbers": (record(repeated("#: 1", 9_990)), {"key-not-text", "findings-left-out"}),
    "9,990 merge keys": (record("<<: 1\n" * 9_990), {"anchor-or-alias", "findings-left-out"}),
    "6,000 anchors and aliases": (
        record("x-a:\n" + repeated("- &a# x", 6_000) + repeated("- *a#", 6_000)),
        {"anchor-or-alias", "findings-left-out"},
    ),
    "an anchor and 19,000 aliases": (record("x-a: [&a 1" + ", *a" * 19_000 + "]"), {"anchor-or-alias"}),
    "19,000 tags": (record("x-a:\n" + "- !x a\n" * 19_000), {"explicit-tag", "findings-left-out"}),
    "19,000 texts in pieces": (record("x-a:\n" + "- a\u0304\n" * 19_000), {"not-nfc", "findings-left-out"}),
    "19,000 codes": (record("x-a:\n" + '- "\\e"\n' * 19_000), {"control-character", "findings-left-out"}),
    "9,000 ends of a text": (
        record("x-a: {a: 1" + "".join(f", b{n}" for n in range(9_000)) + "}"),
        {"comma-in-flow-text"},
    ),
    "3,000 texts cut by a comma": (
        record("x-a: [" + "{a: b, c}, " * 3_000 + "]"),
        {"comma-in-flow-text", "findings-left-out"},
    ),
    "3,900 empty fields": (
        record("sources:\n" + repeated("  - {id: a#, url: }", 3_900)),
        {"empty-value", "findings-left-out"},
    ),
    "6,000 items of a wrong type": (record("subjects: [" + "1, " * 6_000 + "]"), {"wrong-type", "findings-left-out"}),
    "9,000 pointers, one of them twice": (
        record("unknown: [" + ", ".join(f"/outcomes/{n}" for n in range(9_000)) + ", /outcomes/8999]"),
        {"duplicate-item"},
    ),
    "6,000 maps for pointers": (
        record("unknown: [" + ", ".join(f"{{a: {n}}}" for n in range(6_000)) + "]"),
        {"wrong-type", "findings-left-out"},
    ),
    "9,000 pointers and no field": (
        record("unknown: [" + ", ".join(f"/no{n}" for n in range(9_000)) + "]"),
        {"unknown-field", "findings-left-out"},
    ),
    "9,000 pointers into 2,000 outcomes": (
        record(
            "outcomes: [" + ", ".join(f"{{id: o{n}}}" for n in range(2_000)) + "]\n"
            "unknown: [" + ", ".join(f"/outcomes/o{n % 2_000}/credits" for n in range(9_000)) + "]"
        ),
        {"duplicate-item", "findings-left-out"},
    ),
    "6,000 sources of one id": (
        record("sources: [" + "{id: a}, " * 6_000 + "]"),
        {"duplicate-item", "findings-left-out"},
    ),
    "3,900 impossible dates": (
        record("evidence_of_need: [" + "{from: iwi, date: 2026-02-30}, " * 3_900 + "]"),
        {"impossible-date", "findings-left-out"},
    ),
    "15,000 references that lead nowhere": (
        record("requires: [" + ", ".join(f"no-{n}" for n in range(15_000)) + "]"),
        {"broken-reference", "findings-left-out"},
    ),
    "9,000 references to a source that is not there": (
        record("subjects: [" + "{code: '1', source: a}, " * 3_900 + "]"),
        {"broken-reference", "findings-left-out"},
    ),
    "9,000 words that YAML 1.1 takes for truth values": (
        record("aliases: [" + ", ".join(["no"] * 9_000) + "]"),
        {"ambiguous-scalar", "duplicate-item", "findings-left-out"},
    ),
    "1,500 references that are nearly right": (
        record(
            "outcomes:\n"
            + repeated("- {id: o#, assessed_by: [long-assessment-id-number-#x]}", 1_500)
            + "assessments:\n"
            + repeated("- {id: long-assessment-id-number-#, method: x}", 1_500)
        ),
        {"broken-reference", "findings-left-out"},
    ),
    "3,000 acts that are nearly right": (
        record("decisions:\n" + repeated("- {id: o#, act: content-aproved#}", 3_000)),
        None,
    ),
    "decisions without a date": (
        record("decisions: [" + "{act: submitted, by: a-draft}, " * 3_000 + "]"),
        None,
    ),
    "3,000 corrections of 3,000 decisions": (
        record(
            "decisions:\n"
            + repeated("  - {id: d#, act: submitted, date: 2026, by: nzqa}", 1_500)
            + repeated("  - {id: c#, act: corrected, date: 2026, by: nzqa, decision: d#, void: true, why: x}", 1_200)
        ),
        None,
    ),
    "9,990 block texts": (record(repeated("k#: |\n  a\n\n", 6_600)), {"unknown-field", "findings-left-out"}),
    "9,990 texts in block style in a list": (record("aliases:\n" + "- |\n  A\n\n" * 9_000), None),
    "titles in 9,990 languages": (
        b"id: a-draft\nframework: nzqcf\ntitle:\n" + repeated("  k#: x", 9_000).encode(),
        None,
    ),
    # bombs
    "an alias bomb of maps": (bomb(40, "\n", ""), None),
    "an alias bomb in one line": (bomb(40, ",", "{"), None),
    "an alias of itself": (record("x-a: &a [*a]\n"), None),
    "an alias of itself, in a map": (record('x-b: {"a":&a {"b":*a}}\n'), None),
    # bytes
    "NUL": (full("\0"), {"control-character", "not-a-mapping", "findings-left-out"}),
    "control characters": (full("\x01"), None),
    "control characters, a line each": (record("\x01\n" * 100_000), None),
    "control characters, a field each": (
        record(repeated("x-k#: \x01", 9_900)),
        {"control-character", "findings-left-out"},
    ),
    "U+0085": (full("\x85"), None),
    "U+2028": (full("\u2028"), None),
    "U+202E": (full("\u202e"), None),
    "byte order marks": (full("\ufeff"), None),
    "lone returns": (full("a: 1\r"), {"line-separator"}),
    "U+FFFD": (full("\ufffd"), {"not-a-mapping"}),
    "not UTF-8": (full(b"\xff\xfd"), {"not-utf8"}),
    "not UTF-8 at the end": (full("ā", LARGEST - 2) + b"\xc4", {"not-utf8"}),
    "UTF-16": ("a: b\n".encode("utf-16-le") * 20_000, None),
    "UTF-16 with its mark": (("a: b\n" * 20_000).encode("utf-16"), {"not-utf8"}),
    "UTF-32 with its mark": (("a: b\n" * 10_000).encode("utf-32"), {"not-utf8"}),
    "all bytes": (bytes(range(256)) * 1024, {"not-utf8"}),
    "chance": (random.Random(1).randbytes(LARGEST), {"not-utf8"}),
    "too large": (full("a: b\n", 2_000_000), {"file-too-large"}),
}
CASES = {name: case if isinstance(case, tuple) else (case, NEST) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a catalogue of one record, to be overwritten."""
    folder = tmp_path_factory.mktemp("hostile")
    small(folder, a_draft=DRAFT)
    return folder


# What takes longest is left to the slow tests, but for one of each sort.
QUICK = (
    "9,990 unknown fields",
    "6,000 anchors and aliases",
    "6,000 maps for pointers",
    "9,000 pointers into 2,000 outcomes",
    "1,500 references that are nearly right",
)
SLOW = [name for name in CASES if name[0].isdigit() and name not in QUICK]


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in CASES])
def test_the_worst_of_files_is_told_soon_and_in_200_megabytes(name, folder):
    data, rules = CASES[name]
    assert len(data) <= LARGEST or name == "too large"
    (folder / "catalogue" / "micro-credentials" / "a-draft.yaml").write_bytes(data)
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    # The driver ends a run that takes more than its share of the processor.
    ran = mcred("validate", "--as-of", AS_OF, "--output", f"json={report}", cwd=folder)
    assert (ran.code in (0, 1), ran.err) == (True, ""), ran.code
    findings = json.loads(report.read_bytes())["findings"]
    assert ran.code == bool(findings)
    assert len(findings) <= 101
    if rules is not None:
        assert {finding["name"] for finding in findings} == rules
    lines = lines_of(data[:LARGEST])
    for finding in findings:
        assert inside([finding[key] for key in ("line", "column", "end_line", "end_column")], lines), finding
    # A report is for people: it does not repeat a hostile file.
    assert len(ran.out) < 100_000
    assert len(report.read_bytes()) < 1_000_000
    assert ran.megabytes < MEGABYTES


@pytest.mark.parametrize(
    ("data", "total"), [(record("\x01" * 1500), 1500), (record("a: &a x\n" + "- !x y\n" * 3), None)]
)
def test_what_is_not_told_apart_is_counted_only_where_it_is_asked_for(data, total, folder):
    """Of thousands of faults of one sort in a file some are never made; the number left out is right all the same."""
    (folder / "catalogue" / "micro-credentials" / "a-draft.yaml").write_bytes(data)
    ran = mcred("validate", "--format", "json", cwd=folder)
    if total:
        own = [finding for finding in ran.json["findings"] if finding["name"] == "control-character"]
        (left,) = [finding for finding in ran.json["findings"] if finding["name"] == "findings-left-out"]
        assert total - len(own) <= left["arguments"]["number"] <= total - len(own) + 2
    chosen = mcred("validate", "--format", "json", "--select", "duplicate-id", cwd=folder)
    assert (chosen.code, chosen.names) == (0, [])


def test_the_installed_program_survives_brackets(tmp_path):
    root = copied(tmp_path)
    path = root / "micro-credentials" / "worked-example.yaml"
    path.write_bytes(full("["))
    ran = installed("validate", "--format", "json", cwd=tmp_path)
    assert (ran.code, ran.names, ran.err) == (1, ["too-deep"], "")


# --- what is no file -------------------------------------------------------------------------------------------------


def _fifo(path):
    os.mkfifo(path)


def _socket(path):
    # The path of a socket has few characters; a relative one fits.
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        server = socket.socket(socket.AF_UNIX)
        server.bind(path.name)
        server.close()
    finally:
        os.chdir(here)


def _link(path):
    target = path.parent.parent / "secret.txt"
    target.write_text("id: secret\n")
    path.symlink_to(target)


def _device_link(path):
    path.symlink_to("/dev/zero")


def _dangling(path):
    path.symlink_to("nowhere.yaml")


def _loop(path):
    path.symlink_to(path.name)


def _folder(path):
    path.mkdir()
    (path / "inner.yaml").write_text("id: inner\n")


IRREGULAR = {
    "a named pipe": _fifo,
    "a socket": _socket,
    "a link": _link,
    "a link to a device": _device_link,
    "a link to nothing": _dangling,
    "a link to itself": _loop,
    "a folder": _folder,
}


@pytest.mark.parametrize("format", ["text", "concise", "json"])
@pytest.mark.parametrize("what", IRREGULAR)
def test_what_is_no_file_is_told_and_not_opened(what, format, tmp_path):
    root = made(
        tmp_path,
        {"micro-credentials/a-draft.yaml": DRAFT, "micro-credentials/bad.yaml": DRAFT.replace("title", "titel")},
    )
    IRREGULAR[what](root / "micro-credentials" / "odd.yaml")
    ran = mcred("validate", "--format", format, "--output", "json=report.json", cwd=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    findings = json.loads((tmp_path / "report.json").read_text())["findings"]
    told = [(f["name"], f["path"], f["line"]) for f in findings if f["path"].endswith("odd.yaml")]
    assert told == [("not-a-regular-file", "catalogue/micro-credentials/odd.yaml", 1)]
    kind = "a link" if "link" in what else what
    assert f"this is {kind}, not a file; it is not opened" in [f["message"] for f in findings]
    # The rest is reported all the same.
    assert "unknown-field" in {f["name"] for f in findings}
    assert "secret" not in ran.out


@pytest.mark.parametrize("what", ["a link", "a link to nothing", "a named pipe", "a folder"])
def test_no_reference_to_what_is_no_file_is_called_broken(what, tmp_path):
    root = made(
        tmp_path,
        {
            "micro-credentials/a-draft.yaml": DRAFT + "developer: somebody\n",
            "organisations/other.yaml": "id: other\ntitle: Other\n",
        },
    )
    IRREGULAR[what](root / "organisations" / "somebody.yaml")
    ran = mcred("validate", "--format", "json", cwd=tmp_path)
    assert (ran.code, ran.names) == (1, ["not-a-regular-file"])


@pytest.mark.parametrize("what", ["a named pipe", "a link to a device", "a link to nothing"])
@pytest.mark.parametrize("alone", [True, False])
def test_what_is_no_file_may_be_named(what, alone, tmp_path):
    root = made(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})
    path = root / "micro-credentials" / "odd.yaml"
    IRREGULAR[what](path)
    ran = mcred("validate", path, *(["--alone"] if alone else []), cwd=tmp_path)
    assert ran.code == (3 if alone else 1)
    assert ("odd.yaml" in ran.err) == alone
    assert ("not-a-regular-file" in ran.out or "MC020" in ran.out) != alone


def test_a_catalogue_file_that_is_a_pipe_is_no_catalogue(tmp_path):
    (tmp_path / "catalogue").mkdir()
    os.mkfifo(tmp_path / "catalogue" / "catalogue.yaml")
    ran = mcred("validate", cwd=tmp_path)
    assert ran.code == 3
    assert ran.out == ""


@pytest.mark.skipif(is_root(), reason="root reads every file, whatever its permissions")
def test_an_unreadable_file_is_told_and_the_rest_reported(tmp_path):
    root = small(tmp_path, a_draft=DRAFT.replace("title", "titel"), secret=DRAFT)
    (root / "micro-credentials" / "secret.yaml").chmod(0)
    (root / "organisations").mkdir(mode=0)
    ran = mcred("validate", "--format", "json", cwd=tmp_path)
    assert ran.code == 3
    assert ran.names == ["unknown-field"]
    assert "cannot read catalogue/micro-credentials/secret.yaml: Permission denied" in ran.err
    assert "cannot read catalogue/organisations: Permission denied" in ran.err
    (root / "organisations").chmod(stat.S_IRWXU)


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.yaml",
        "a\x1b[31m.yaml",
        "##[error]x.yaml",
        "[red]x[bold].yaml",
        "te-pa\u0304.yaml",
        "x y.yaml",
        "-.yaml",
        "--format.yaml",
        "ﬁ.yaml",
        "a" * 250 + ".yaml",
    ],
)
def test_a_file_with_a_hostile_name(name, tmp_path):
    root = made(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})
    (root / "micro-credentials" / name).write_text(DRAFT)
    for format in ("text", "concise"):
        ran = mcred("validate", "--format", format, "--color", "always", cwd=tmp_path)
        assert (ran.code, ran.err) == (1, "")
        assert "\x1b[31m.yaml" not in ran.out
        assert "##[" not in ran.out
        assert all(line.startswith("catalogue/") for line in ran.out.splitlines()) or format == "text"
    ran = mcred("validate", "--format", "json", cwd=tmp_path)
    assert f"catalogue/micro-credentials/{name}" in {finding["path"] for finding in ran.json["findings"]}


def test_a_file_whose_name_is_no_text(tmp_path):
    root = made(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})
    try:
        (root / "micro-credentials" / os.fsdecode(b"caf\xe9.yaml")).write_text(DRAFT)
    except OSError:
        pytest.skip("this file system keeps names as text")
    for format in ("text", "concise", "json"):
        ran = mcred("validate", "--format", format, "--output", "json=report.json", cwd=tmp_path)
        assert (ran.code, ran.err) == (1, "")
    assert "caf" in (tmp_path / "report.json").read_text()


@pytest.mark.parametrize(
    "path", ["::error file=x::/a-draft.yaml", "##[error]/a-draft.yaml", " ::warning::/a-draft.yaml"]
)
def test_a_path_is_no_command_to_a_build_log(path, tmp_path):
    place = tmp_path / "micro-credentials" / path
    place.parent.mkdir(parents=True)
    place.write_text(DRAFT.replace("title", "titel"))
    for format in ("text", "concise"):
        ran = mcred("validate", "--alone", path, "--format", format, cwd=tmp_path / "micro-credentials")
        assert ran.code == 1
        # The runner takes the blanks at the start of a line away before it looks for a command.
        assert not [line for line in ran.out.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def test_folders_without_end_are_walked(tmp_path):
    root = made(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})
    deep = root / "micro-credentials"
    for _ in range(200):
        deep = deep / "x"
    deep.mkdir(parents=True)
    (deep / "b-draft.yaml").write_text("id: b-draft\ntitle: Another\nframework: none\n")
    (root / "micro-credentials" / "loop").symlink_to(root)
    ran = mcred("validate", "--format", "json", cwd=tmp_path)
    assert (ran.code, ran.names, ran.json["checked"]["records"]) == (1, ["not-a-regular-file"], 2)
    shutil.rmtree(root)
