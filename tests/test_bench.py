"""What speed is measured with: the same records everywhere, faults that are found, and drawings that can be read."""

import importlib
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from hashlib import sha256

import pytest

from mcred.diagnostic import Severity, Source
from mcred.record import folder_kind
from mcred.validation import Entry, Request, validate
from mcred.workspace import context
from tests.support import ROOT

DAY = date(2026, 11, 22)
RECORD_7 = "7cfc3d39c949916b3b29269677c7660f97a92de22c64ef49b6624f210ba9ef86"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        yield {name: importlib.import_module(name) for name in ("generate", "peers", "plot", "sharing")}
    finally:
        sys.path.remove(str(ROOT / "bench"))


def written(generate, folder, **wanted):
    generate.write(folder, **wanted)
    return {
        path.relative_to(folder / "catalogue").as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def report(files):
    entries = [Entry(Source(path, text), kind) for path, text in files.items() if (kind := folder_kind(path))]
    request = Request(entries, files.__getitem__, files=files, as_of=DAY)
    organisations = [each.source for each in entries if each.kind == "organisation"]
    return validate(request, context((), (), organisations))


def test_a_record_is_the_same_whatever_the_size(bench, tmp_path):
    few = written(bench["generate"], tmp_path / "few", records=5)
    more = written(bench["generate"], tmp_path / "more", records=12)

    assert {path: more[path] for path in few} == few
    assert len(more) == len(few) + 7
    # Where records have changed, figures measured before are of something else.
    assert sha256(bench["generate"].micro_credential(7).encode()).hexdigest() == RECORD_7


def test_records_have_no_errors_but_those_that_are_asked_for(bench, tmp_path):
    generate = bench["generate"]
    files = written(generate, tmp_path, records=60)
    assert [found for found in report(files).diagnostics if found.severity is Severity.ERROR] == []

    wrong = {number: generate.fault(number, 100) for number in range(1, 61)}
    faulty = written(generate, tmp_path / "faulty", records=60, faulty=100)
    told = {(found.path, found.name) for found in report(faulty).diagnostics}
    assert {(generate.record_path(number), name) for number, name in wrong.items()} - told == set()
    assert set(wrong.values()) == set(generate.FAULTS)


def test_commits_are_the_same_everywhere(bench, tmp_path):
    generate = bench["generate"]
    for name in ("one", "other"):
        generate.write(tmp_path / name, 4)
        generate.commit(tmp_path / name, 4, 3)

    heads = [
        subprocess.run(["git", "log", "--format=%H"], cwd=tmp_path / name, capture_output=True, text=True, check=True)
        for name in ("one", "other")
    ]
    assert heads[0].stdout == heads[1].stdout
    assert len(heads[0].stdout.split()) == 3
    asked = ["git", "status", "--porcelain"]
    assert subprocess.run(asked, cwd=tmp_path / "one", capture_output=True, check=True).stdout == b""
    changed = subprocess.run(
        ["git", "log", "--format=", "--name-status"], cwd=tmp_path / "one", capture_output=True, text=True, check=True
    )
    assert [line[0] for line in changed.stdout.splitlines()].count("M") == 2


def test_two_processes_are_quicker_from_where_they_always_are(bench):
    sharing = bench["sharing"]

    def crossing(*ways):
        rows = [
            sharing.Row(size, sharing.Took(0, 0, 0, one), sharing.Took(0, 0, 0, two))
            for size, (one, two) in enumerate(ways, 1)
        ]
        return sharing.crossing(rows[::-1], lambda took: took.way)

    assert crossing((2, 3), (4, 3), (5, 6), (6, 4), (8, 5)) == 4
    assert crossing((2, 1), (4, 3)) == 1
    assert crossing((2, 1), (4, 4)) is None


def test_sharing_is_measured():
    command = [sys.executable, ROOT / "bench" / "sharing.py", "--rounds", "1", "--records", "1", "2", "--most", "2"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    tables = [[line.split()[0] for line in part.splitlines()[1:]] for part in ran.stdout.split("\n\n")[1::2]]
    assert tables[1:] == [["16", "32", "64", "128", "256", "512"], ["1", "2", "4", "8", "16"]]
    assert tables[0][2:] == ["by", "by"]


def test_peers_are_pinned(bench):
    pins = sorted(bench["peers"].PINS.glob("*.txt"))
    assert [path.stem for path in pins] == ["check-jsonschema", "yamllint"]
    for path in pins:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert all("==" in line for line in lines)


def test_a_drawing_has_every_series_at_its_place(bench):
    series = {"mcred": {100: 1.0, 1000: 10.0}, "<other>": {100: 10.0, 1000: 10.0}}
    drawing = ET.fromstring(bench["plot"].svg("Time", "s", series))

    names = {part.text for part in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Time", "records", "mcred", "<other>", "1 s", "10 s", "100", "1,000"} <= names
    lines = [part.get("points") for part in drawing.iter("{http://www.w3.org/2000/svg}polyline")]
    (low, high), (first, last) = ([point.split(",")[1] for point in line.split()] for line in lines)
    assert float(low) > float(high) == float(first) == float(last)
