"""`decide`: a decision is appended, nothing else changes, and what contradicts what is there is refused."""

import json
import os
import subprocess
import sys
import threading
import time
from random import Random

import pytest

from mcred.decide import Refused, decision, table, value
from mcred.diagnostic import Severity, Source
from mcred.document import read
from mcred.errors import McredError
from mcred.record import Record
from mcred.workspace import replace, schemas
from tests.support import AS_OF, CATALOGUE, checked, copied, mcred, real_records

BY = "example-qualifications-authority"
NOW = ("--date", "2026-11-20", "--by", BY)
LISTED = ("listed", *NOW, "number=9001")


@pytest.fixture
def root(tmp_path):
    return copied(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The project's whole catalogue, for what is only looked at."""
    to = tmp_path_factory.mktemp("whole") / "catalogue"
    for path, data in real_records().items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(data)
    for path in (CATALOGUE / "documents").rglob("*"):
        if path.is_file():
            place = to / path.relative_to(CATALOGUE)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return to


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def record(root, name="worked-example"):
    return root / "micro-credentials" / f"{name}.yaml"


def data(root, name="worked-example"):
    return read(record(root, name).read_bytes()).data


def decide(root, *arguments, **env):
    return mcred("decide", *arguments, "--as-of", AS_OF, cwd=root, **env)


def only_added(old, new):
    """The lines that are new, between lines that are all as they were."""
    before, after = old.decode().splitlines(keepends=True), new.decode().splitlines(keepends=True)
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    added = len(after) - len(before)
    assert before[start:] == after[start + added :]
    return after[start : start + added]


# --- what it writes --------------------------------------------------------------------------------------------------

DECIDED = {
    "flow": (LISTED, {"id": "listed-2026-11-20", "act": "listed", "date": "2026-11-20", "by": BY, "number": "9001"}),
    "block": (
        ("status-assigned", *NOW, "status=expiring", "until=2028-11-20", "because=Another one, by the board, comes."),
        {
            "id": "status-assigned-2026-11-20",
            "act": "status-assigned",
            "date": "2026-11-20",
            "by": BY,
            "status": "expiring",
            "until": "2028-11-20",
            "because": "Another one, by the board, comes.",
        },
    ),
    "month": (("removed", "--date", "2026-11", "--by", BY, "because=listed-by-mistake"), {"id": "removed-2026-11"}),
    "year": (("listed", "--date", "2026", "--by", BY, "number=9001"), {"id": "listed-2026", "date": 2026}),
    "number": (("content-approved", *NOW, "version=3", "review_years=2"), {"version": "3", "review_years": 2}),
    "leading-zero": (("content-approved", *NOW, "version=03"), {"version": "03"}),
    "own-id": ((*LISTED, "id=listed-again"), {"id": "listed-again"}),
    "own-key": ((*LISTED, "x-desk=7"), {"x-desk": 7}),
    "set": (
        ("corrected", *NOW, "decision=listed-2024-02-12", "set.date=2024-02-13", "why=The day was mistyped."),
        {"decision": "listed-2024-02-12", "set": {"date": "2024-02-13"}, "why": "The day was mistyped."},
    ),
    "set-a-code": (
        ("corrected", *NOW, "decision=content-approved-2026-05-18", "set.version=2", "set.review_years=3", "why=x"),
        {"set": {"version": "2", "review_years": 3}},
    ),
    "void": (
        ("corrected", *NOW, "decision=changed-2025-05-06", "void=true", "why=It never happened."),
        {"decision": "changed-2025-05-06", "void": True},
    ),
    "bracket-in-a-text": (
        ("corrected", *NOW, "decision=changed-2025-05-06", "void=true", "why=[sic] {so} it says"),
        {"why": "[sic] {so} it says"},
    ),
    "list": (
        (
            "review-completed",
            *NOW,
            "reviewer=provider",
            "outcome=continue",
            "input_from=[example-industry-board, {title: A}]",
        ),
        {"input_from": ["example-industry-board", {"title": "A"}]},
    ),
    "list-by-commas": (
        ("delivery-approved", *NOW, "provider=example-provider", "modes=online, on-farm"),
        {"modes": ["online", "on-farm"]},
    ),
    "map": (
        (
            "review-completed",
            *NOW,
            "reviewer=developer",
            "outcome=continue",
            "checked.need=confirmed",
            "checked.currency=not-checked",
        ),
        {"checked": {"need": "confirmed", "currency": "not-checked"}},
    ),
    "letters-in-pieces": ((*LISTED, "remarks=Wha\u0304nau"), {"remarks": "Whānau"}),
    "by-and-date-as-keys": (("listed", f"by={BY}", "date=2026-11-20", "number=9001"), {"date": "2026-11-20", "by": BY}),
    "a-colon": ((*LISTED, "remarks=a: b #c"), {"remarks": "a: b #c"}),
    "an-equals-sign": ((*LISTED, "remarks=a=b"), {"remarks": "a=b"}),
    "looks-like-a-number": ((*LISTED, "remarks=007"), {"remarks": "007"}),
}


OFTEN = ("flow", "block", "set", "void", "map", "bracket-in-a-text", "leading-zero")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [pytest.param(*each, id=name, marks=[] if name in OFTEN else pytest.mark.slow) for name, each in DECIDED.items()],
)
def test_a_decision_is_added_and_nothing_else(root, arguments, wanted):
    old, before = record(root).read_bytes(), data(root)
    done = decide(root, "worked-example", *arguments)
    assert done.code == 0, done
    after = data(root)
    made = after["decisions"].pop()
    assert after == before
    assert wanted.items() <= made.items()
    added = only_added(old, record(root).read_bytes())
    assert all(f"\n+{line}" in done.out for line in added)
    assert done.out.endswith("wrote catalogue/micro-credentials/worked-example.yaml\n")


@pytest.mark.parametrize("name", ["flow", "set"])
def test_a_dry_run_shows_the_same_and_writes_nothing(root, name):
    arguments, _ = DECIDED[name]
    old = files(root)
    dry = decide(root, "worked-example", *arguments, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert files(root) == old
    done = decide(root, "worked-example", *arguments)
    assert dry.out.removesuffix("nothing was written (--dry-run)\n") == done.out.rpartition("wrote ")[0]
    assert mcred("validate", "--as-of", AS_OF, cwd=root).code == 0


def test_each_decision_has_an_id_of_its_own(root):
    for remark in ("one", "two", "three"):
        assert decide(root, "worked-example", *LISTED, f"remarks={remark}").code == 0
    ids = [each["id"] for each in data(root)["decisions"]]
    assert ids[-3:] == ["listed-2026-11-20", "listed-2026-11-20-2", "listed-2026-11-20-3"]
    assert len(set(ids)) == len(ids)


def test_the_same_decision_is_not_entered_again(root):
    assert decide(root, "worked-example", *LISTED).code == 0
    old = files(root)
    again = decide(root, "worked-example", *LISTED)
    assert again.code == 3
    assert "the same decision 'listed' of 2026-11-20 stands here twice" in again.out
    assert files(root) == old


def test_a_warning_that_it_brings_is_told_and_it_is_written(root):
    done = decide(root, "worked-example", "excepted", *NOW, "clause=nzqcf.credits", "why=x")
    assert done.code == 0
    assert "warning[MC312]: 'nzqcf.credits' is met, so that it needs no exception\n" in done.out
    assert done.out.count("warning[") == 1
    assert done.out.endswith("wrote catalogue/micro-credentials/worked-example.yaml\n")
    again = decide(root, "worked-example", *LISTED)
    assert "warning[" not in again.out


def test_a_transfer_changes_the_developer_too(root):
    old, before = record(root).read_bytes(), data(root)
    arguments = ("transferred", *NOW, "developer_from=example-provider", "developer_to=example-training-trust")
    assert decide(root, "worked-example", *arguments).code == 0
    after = data(root)
    made = after["decisions"].pop()
    assert made["developer_to"] == "example-training-trust"
    assert after == {**before, "developer": "example-training-trust"}
    lines = old.decode().splitlines()
    new = record(root).read_bytes().decode().splitlines()
    changed = [n for n, line in enumerate(lines) if line != new[n]]
    assert [lines[n] for n in changed] == ["developer: example-provider"]


def test_the_first_decision_takes_the_stage_away(whole, tmp_path):
    root = tmp_path / "catalogue"
    for path, content in files(whole).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    before = data(whole, "worked-example")
    text = (
        record(root)
        .read_text()
        .partition("# Then the decisions")[0]
        .replace("custody: own", "custody: own\nstage: draft  # for now")
    )
    record(root).write_text(text)
    arguments = ("submitted", "--date", "2026-11-20", "--by", "example-provider", f"to={BY}", "for=new", "version=1")
    done = decide(root, "worked-example", *arguments)
    assert done.code == 0, done
    after = data(root)
    assert "stage" not in after
    made = after.pop("decisions")
    assert [each["act"] for each in made] == ["submitted"]
    del before["decisions"]
    assert after == before
    # of the text, only the line of the stage is gone, and lines at the end are new
    kept = text.replace("stage: draft  # for now\n", "")
    assert record(root).read_text().startswith(kept.rstrip("\n"))


def test_an_earlier_id_finds_the_record(root):
    assert decide(root, "farm-water-sampling", *LISTED, "--dry-run").code == 0


@pytest.mark.parametrize(("start", "end"), [("\ufeff", "\n"), ("", "\r\n")], ids=["bom", "crlf"])
def test_line_ends_and_a_byte_order_mark_stay(root, start, end):
    text = (start + record(root).read_text()).replace("\n", end).encode()
    record(root).write_bytes(text)
    assert decide(root, "worked-example", *LISTED).code == 0
    new = record(root).read_bytes()
    assert new.startswith(text)
    assert new.count(b"\r\n") in (0, new.count(b"\n"))


# --- what it refuses -------------------------------------------------------------------------------------------------

USAGE = {
    "act": (("lsted", *NOW), "did you mean 'listed'?"),
    "key": (("listed", *NOW, "nmber=9001"), "did you mean 'number'?"),
    "no-key": (("listed", *NOW, "=3"), "no key ''"),
    "no-equals": (("listed", *NOW, "number"), "'number' is not KEY=VALUE"),
    "key-of-another-act": (("listed", *NOW, "provider=example-provider"), "'listed' has no key 'provider'"),
    "status": (("status-assigned", *NOW, "status=expirng"), "did you mean 'expiring'?"),
    "outcome": (
        ("review-decided", *NOW, "review=review-completed-2026-01-30", "outcome=acepted"),
        "did you mean 'accepted'?",
    ),
    "day": (("withdrawn", "--date", "2026-02-30", "--by", BY), "30 February 2026 does not exist"),
    "month": (("withdrawn", "--date", "2026-13", "--by", BY), "2026-13"),
    "form-of-a-day": (("withdrawn", "--date", "20.11.2026", "--by", BY), "20.11.2026"),
    "body": (
        ("extended", "--date", "2026-11-20", "--by", "example-qualification-authority", "next_review=2029-01"),
        f"did you mean '{BY}'?",
    ),
    "organisation-of-another-kind": (
        ("extended", "--date", "2026-11-20", "--by", "example-standard-90001", "next_review=2029-01"),
        "standard",
    ),
    "nothing": (("listed", *NOW, "number="), "nothing stands in 'number'"),
    "list": (("delivery-approved", *NOW, "provider=example-provider", "modes=[online"), "cannot be read"),
    "set-key": (("corrected", *NOW, "decision=listed-2024-02-12", "set.nmber=9001", "why=x"), "did you mean 'number'?"),
    "missing": (("review-decided", *NOW, "review=review-completed-2026-01-30"), "missing 'outcome'"),
    "which-decision": (
        ("corrected", *NOW, "decision=listed-2024-02-13", "void=true", "why=x"),
        "did you mean 'listed-2024-02-12'?",
    ),
    "not-utf-8": (("withdrawn", *NOW, "remarks=\udcff"), "not text"),
    "value-twice": (
        ("corrected", *NOW, "decision=listed-2024-02-12", "why=x", "why.more=y"),
        "'why' has a value already",
    ),
}


SELDOM = ("no-key", "no-equals", "outcome", "month", "form-of-a-day", "nothing", "missing", "list")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [pytest.param(*each, id=name, marks=[pytest.mark.slow] if name in SELDOM else []) for name, each in USAGE.items()],
)
def test_what_cannot_be_is_wrong_usage_and_the_nearest_is_named(root, arguments, words):
    old = files(root)
    done = decide(root, "worked-example", *arguments)
    assert done.code == 2, done
    assert words in " ".join((done.out + done.err).split())
    assert done.err.startswith("mcred: ")
    assert done.err.count("\n") == 1
    assert files(root) == old


CONTRADICTIONS = {
    "another-number": (("listed", *NOW, "number=9999"), "the register number is '9999' here"),
    "met-twice": (("condition-met", *NOW, "condition=moderation-report"), "was met before"),
    "before-its-start": (
        ("delivery-ended", "--date", "2024-01-01", "--by", BY, "delivery=delivery-approved-2025-01-20"),
        "comes before",
    ),
    "status-before-listing": (
        ("status-assigned", "--date", "2020-01-01", "--by", BY, "status=current"),
        "comes before",
    ),
    "ends-before-it-begins": (
        ("delivery-approved", *NOW, "provider=example-provider", "from=2027-02-01", "until=2026-12-01"),
        "before it begins",
    ),
    "a-correction-of-nothing": (("corrected", *NOW, "decision=listed-2024-02-12", "why=x"), "changes nothing"),
    "a-correction-of-the-act": (
        ("corrected", *NOW, "decision=listed-2024-02-12", "set.act=removed", "why=x"),
        "'act' of a decision is not corrected",
    ),
    "a-correction-and-void": (
        ("corrected", *NOW, "decision=listed-2024-02-12", "set.number=9002", "void=true", "why=x"),
        "a correction says either",
    ),
    "a-day-that-is-none": (
        ("corrected", *NOW, "decision=listed-2024-02-12", "set.date=2024-02-31", "why=x"),
        "which is no date that exists",
    ),
    "an-id-that-is-taken": ((*LISTED, "id=listed-2024-02-12"), "listed-2024-02-12"),
    "no-date-and-nobody": (("listed", "number=9001"), "has no date"),
    "a-transfer-from-another": (
        ("transferred", *NOW, "developer_from=example-university", "developer_to=example-training-trust"),
        "its developer is 'example-provider'",
    ),
}


@pytest.mark.parametrize(("arguments", "words"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_refused_with_its_reason(root, arguments, words):
    old = files(root)
    done = decide(root, "worked-example", *arguments)
    assert done.code == (2 if "id=listed-2024-02-12" in arguments else 3), done
    assert words in " ".join((done.out + done.err).split())
    assert "nothing was written" in done.err
    assert files(root) == old


def test_a_real_body_does_not_decide_about_example_data(whole):
    done = decide(whole, "worked-example", "listed", "--date", "2026-11-20", "--by", "nzqa", "number=9001")
    assert done.code == 3
    assert "'nzqa' is a real body" in done.out


def test_a_transfer_that_is_recorded_late_leaves_the_developer(root):
    """The developer is that of the last transfer, whenever an earlier one comes to be known."""
    later = ("transferred", "--date", "2026-10-01", "--by", BY, "developer_to=example-training-trust")
    assert decide(root, "worked-example", *later).code == 0
    earlier = ("transferred", "--date", "2026-03-01", "--by", BY, "developer_to=example-university")
    done = decide(root, "worked-example", *earlier)
    assert done.code == 0, done
    assert data(root)["developer"] == "example-training-trust"


def test_nothing_comes_after_a_removal(root):
    assert (
        decide(root, "worked-example", "removed", "--date", "2026-11-01", "--by", BY, "because=listed-by-mistake").code
        == 0
    )
    done = decide(root, "worked-example", *LISTED)
    assert done.code == 3
    assert "comes after the record was removed" in done.out


def test_an_error_in_another_record_is_a_reason_too(whole):
    """Two records with one number: the finding stands on the one with the greater id, here not the one decided on."""
    old = files(whole)
    done = decide(whole, "building-site-waste", "listed", *NOW, "number=9001")
    assert done.code == 3, done
    assert "9001" in done.out
    assert files(whole) == old


def test_errors_that_were_there_before_do_not_keep_decisions_out(root):
    """What was approved with a fault is a fact, and an exception from one clause is one step."""
    text = record(root).read_text().replace("\ncredits: 10\n", "\ncredits: 44\n")
    record(root).write_text(text)
    assert mcred("validate", "--as-of", AS_OF, cwd=root).code == 1
    assert decide(root, "worked-example", *LISTED).code == 0


@pytest.mark.parametrize("name", ["nzqa", "iwitanga"])
def test_a_copy_of_what_others_publish_is_not_decided_on(whole, name):
    done = decide(whole, name, "listed", *NOW)
    assert done.code == 3
    assert "a copy of what others publish" in done.err


def test_a_record_that_is_not_there(root):
    done = decide(root, "worked-exmple", *LISTED)
    assert done.code == 3
    assert "did you mean 'worked-example'?" in done.err


def test_a_kind_without_decisions(root):
    done = decide(root, "example-provider", *LISTED)
    assert done.code == 2
    assert "'organisation'" in done.err


def test_a_record_that_cannot_be_read_stays_as_it_is(root):
    record(root).write_bytes(record(root).read_bytes() + b"\n]: [\n")
    old = files(root)
    done = decide(root, "worked-example", *LISTED)
    assert done.code == 3
    assert files(root) == old


@pytest.mark.parametrize("arguments", [(), ("worked-example",), ("--from", "x.csv", "worked-example", "listed")])
def test_half_of_a_command(root, arguments):
    (root / "x.csv").write_text("record,act\nworked-example,listed\n")
    assert decide(root, *arguments).code == 2


# --- several in one go -----------------------------------------------------------------------------------------------

ROWS = (
    ("record", "act", "date", "by", "number", "status", "because"),
    ("worked-example", "listed", "2026-11-19", BY, "9001", "", ""),
    ("worked-example", "status-assigned", "2026-11-20", BY, "", "discontinued", 'Nobody, so it is said, "came".'),
    ("farm-water-sampling", "listed", "2026-11-20", BY, "9001", "", ""),
)


def csv_text(rows=ROWS, apart=",", end="\n"):
    def cell(text):
        return '"' + text.replace('"', '""') + '"' if set(text) & {apart, '"', "\n"} else text

    return "".join(apart.join(map(cell, row)) + end for row in rows)


SPREADSHEETS = {
    "lf": ("", ",", "\n"),
    "bom-crlf": ("\ufeff", ",", "\r\n"),
    "cr": ("", ",", "\r"),
    "semicolons": ("\ufeff", ";", "\r\n"),
    "tabs": ("", "\t", "\n"),
}


@pytest.mark.parametrize(("start", "apart", "end"), SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_several_decisions_from_a_table(root, start, apart, end):
    (root / "x.csv").write_bytes((start + csv_text(apart=apart, end=end)).encode())
    old, before = record(root).read_bytes(), data(root)
    done = decide(root, "--from", "x.csv")
    assert done.code == 0, done
    after = data(root)
    made, after["decisions"] = after["decisions"][-3:], after["decisions"][:-3]
    assert after == before
    assert [each["act"] for each in made] == ["listed", "status-assigned", "listed"]
    assert made[0] == {"id": "listed-2026-11-19", "act": "listed", "date": "2026-11-19", "by": BY, "number": "9001"}
    assert made[1]["because"] == 'Nobody, so it is said, "came".'
    only_added(old, record(root).read_bytes())


def row(**cells):
    return tuple(cells.get(name, "") for name in ROWS[0])


BAD_TABLES = {
    "a-contradiction": (
        csv_text((*ROWS, row(record="worked-example", act="listed", date="2026-11-20", by=BY, number="7"))),
        3,
        "'7' here",
    ),
    "an-act": (csv_text((*ROWS, row(record="worked-example", act="lsted"))), 2, "did you mean 'listed'?"),
    "a-record": (csv_text((*ROWS, row(record="worked-exampel", act="listed"))), 3, "did you mean 'worked-example'?"),
    "a-value": (
        csv_text((*ROWS, row(record="worked-example", act="listed", date="2026-02-30", by=BY))),
        2,
        "30 February",
    ),
    "no-act": (csv_text((*ROWS, row(record="worked-example"))), 2, "line 5: the columns 'record' and 'act'"),
    "no-columns": (
        csv_text((("id", "act"), ("worked-example", "listed"))),
        2,
        "line 1: the columns 'record' and 'act'",
    ),
    "another-separator": ("record|act\nworked-example|listed\n", 2, "line 1: the columns 'record' and 'act'"),
    "too-many-cells": (
        csv_text((*ROWS, (*row(record="worked-example", act="listed"), "more"))),
        2,
        "line 5: more cells",
    ),
    "a-column-twice": (
        csv_text((("record", "act", "by", "by"), ("worked-example", "listed", BY, BY))),
        2,
        "two columns",
    ),
    "a-column-without-a-name": ("record,act,\nworked-example,listed,x\n", 2, "without a name"),
    "an-open-quote": (csv_text() + 'worked-example,"listed', 2, "line 5"),
    "a-huge-cell": (csv_text() + "worked-example,listed," + "x" * 200_000 + "\n", 2, "line 5"),
    "a-key": ("record,act,nmber\nworked-example,listed,9001\n", 2, "did you mean 'number'?"),
    "nothing": ("", 2, "record"),
    "a-head-only": ("record,act\n", 2, "no decision"),
    "utf-16": (csv_text().encode("utf-16"), 3, "UTF-8"),
    "latin-1": ("record,act,remarks\nworked-example,listed,\xe9\n".encode("latin-1"), 3, "UTF-8"),
}


SHAPE_OF_A_TABLE = {
    name
    for name, (text, code, words) in BAD_TABLES.items()
    if isinstance(text, str) and name not in ("a-contradiction", "an-act", "a-record", "a-value", "a-key")
}


@pytest.mark.parametrize("name", sorted(SHAPE_OF_A_TABLE))
def test_a_table_that_is_none_is_told(name):
    text, _, words = BAD_TABLES[name]
    with pytest.raises(Refused) as refused:
        table(text)
    assert words in str(refused.value)


@pytest.mark.parametrize("name", [*(name for name in BAD_TABLES if name not in SHAPE_OF_A_TABLE), "no-columns"])
def test_one_bad_row_and_nothing_is_written(root, name):
    text, code, words = BAD_TABLES[name]
    (root / "x.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    old = files(root)
    done = decide(root, "--from", "x.csv")
    assert done.code == code, done
    assert words in " ".join((done.out + done.err).split())
    assert files(root) == old


def test_empty_lines_and_columns_of_a_spreadsheet_are_nothing():
    assert table("record,act,,\nx,listed,,\n,,,\n\n") == [("x", "listed", {})]


def test_a_table_that_is_too_large_is_not_taken_in_part(root):
    (root / "x.csv").write_text("record,act,remarks\n" + f"worked-example,withdrawn,{'x' * 1000}\n" * 300)
    old = files(root)
    done = decide(root, "--from", "x.csv")
    assert (done.code, done.err) == (3, "mcred: x.csv is larger than 256 KiB: take it in parts\n")
    assert files(root) == old


def test_a_table_that_is_not_there(root):
    assert decide(root, "--from", "nope.csv").code == 3
    assert decide(root, "--from", ".").code == 3


def test_several_records_are_written_or_none(whole, tmp_path):
    """A row about a second record contradicts what is there: the first is not written either."""
    (tmp_path / "x.csv").write_text(
        f"record,act,date,by,number\nworked-example,listed,2026-11-20,{BY},9001\nhive-inspection,listed,2026-11-20,{BY},1\n"
    )
    old = files(whole)
    done = decide(whole, "--from", tmp_path / "x.csv")
    assert done.code == 3, done
    assert files(whole) == old


# --- whole or not at all ---------------------------------------------------------------------------------------------


def test_what_somebody_else_changed_meanwhile_is_not_written_over(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"theirs\n")
    with pytest.raises(McredError, match="changed by somebody else"):
        replace(path, b"old\n", b"mine\n")
    assert path.read_bytes() == b"theirs\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fdopen", "fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ctrl-c"])
def test_when_a_step_of_writing_fails_the_old_file_is_whole(tmp_path, monkeypatch, step, error):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old\n")

    def fails(*arguments, **named):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(os, step, fails)
        with pytest.raises((McredError, KeyboardInterrupt)):
            replace(path, b"old\n", b"new\n")
    assert path.read_bytes() == b"old\n"
    assert list(tmp_path.iterdir()) == [path]


KILLED = """\
import os, sys
from pathlib import Path
from mcred import workspace
step, path = sys.argv[1], Path(sys.argv[2])
real = getattr(os, step)
def die(*arguments, **named):
    if os.environ["WHEN"] == "after":
        real(*arguments, **named)
    os.kill(os.getpid(), 9)
setattr(os, step, die)
workspace.replace(path, path.read_bytes(), b"new\\n" * 1000)
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_killed_at_any_step_the_file_is_the_old_one_or_the_new_one(tmp_path, step, when):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old\n" * 1000)
    done = subprocess.run([sys.executable, "-c", KILLED, step, path], env={"WHEN": when}, check=False)
    assert done.returncode == -9
    assert path.read_bytes() == (b"new\n" * 1000 if (step, when) == ("replace", "after") else b"old\n" * 1000)


def test_of_two_at_once_one_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old\n")
    real = os.fsync

    def slow(handle):
        time.sleep(0.2)
        real(handle)

    monkeypatch.setattr(os, "fsync", slow)
    refused = []

    def write(text):
        try:
            replace(path, b"old\n", text)
        except McredError as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=(text,)) for text in (b"one\n", b"two\n")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert ["was changed by somebody else" in str(error) for error in refused] == [True]
    assert path.read_bytes() in (b"one\n", b"two\n")


def test_rights_of_the_file_stay(root):
    record(root).chmod(0o640)
    assert decide(root, "worked-example", *LISTED).code == 0
    assert record(root).stat().st_mode & 0o777 == 0o640


# --- every act, and every record of one's own ------------------------------------------------------------------------

SHAPE = schemas().shape("micro-credential")
ACTS = SHAPE.variants(SHAPE.resolved(SHAPE.at(("decisions",), {}).get("items", {})))[1]


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_an_id_and_its_keys_in_the_schemas_order(act):
    made = decision(SHAPE, Record("micro-credential", "a.yaml", {"id": "a"}), act, {"by": "b", "date": "2026-11-20"})
    assert made["id"] == f"{act}-2026-11-20"
    assert list(made) == ["id", "act", "date", "by"]


def test_values_are_typed_by_their_field():
    assert value("0451", {"type": "string"}) == "0451"
    assert value("2", {"type": "integer"}) == 2
    assert value("true", {"type": "boolean"}) is True
    assert value("{min: 1, max: 2}", {"type": ["number", "object"]}) == {"min": 1, "max": 2}
    assert value("[a] b", {"type": ["string", "object"]}) == "[a] b"
    assert value("a, b", {"type": "array"}) == ["a", "b"]
    with pytest.raises(Refused):
        value("[a", {"type": "array"})


OWN = [
    path
    for path, content in real_records().items()
    if path.startswith("micro-credentials/") and b"custody: observed" not in content
]
ERRORS = {each.fingerprint for each in checked(real_records()).diagnostics if each.severity is Severity.ERROR}


def appended(path, content, act, given):
    """What a decision makes of the bytes of a record, and the decision."""
    from mcred.decide import changes
    from mcred.edits import apply

    before = read(content).data
    known = Record("micro-credential", path, before)
    made = decision(SHAPE, known, act, given)
    return made, apply(content, changes(known, made))


def holds_for(path, content, act, given):
    before = read(content).data
    made, new = appended(path, content, act, given)
    after = read(new).data
    expected = {key: each for key, each in before.items() if key != "stage"}
    expected["decisions"] = [*(before.get("decisions") or []), made]
    if act == "transferred":
        expected["developer"] = made["developer_to"]
    assert json.dumps(after) == json.dumps(expected)
    ids = [each["id"] for each in after["decisions"] if isinstance(each, dict) and "id" in each]
    assert len(set(ids)) == len(ids)
    kept = [line for line in content.splitlines() if not line.startswith((b"stage:", b"developer:"))]
    lines = iter(new.splitlines())
    assert all(line in lines for line in kept), "a line is gone or elsewhere"
    return new


@pytest.mark.parametrize("path", OWN)
def test_each_record_of_ones_own_takes_a_decision(path):
    content = real_records()[path]
    given = {"date": "2026-11-20", "by": BY, "remarks": "A remark, with: signs #1."}
    new = holds_for(path, content, "withdrawn", given)
    report = checked({path: new}, alone=True)
    assert not [each for each in report.diagnostics if each.rule.startswith("MC1")]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_variants_of_records_take_decisions(seed):
    """Records with other line ends, marks, comments, blank lines and styles."""
    chance = Random(seed)
    for _ in range(100):
        path = chance.choice(OWN)
        lines = real_records()[path].decode().splitlines()
        text = ""
        for line in lines:
            if line and not line.startswith((" ", "-")) and chance.random() < 0.2:
                text += chance.choice(["\n", "# a remark: [with, signs]\n", "\n\n# two\n"])
            text += line + "\n"
        text += chance.choice(["", "\n", "\n\n# the end\n", "  # indented end\n"])
        text = chance.choice(["", "\ufeff"]) + text
        text = text.rstrip("\n") if chance.random() < 0.2 else text
        content = text.replace("\n", chance.choice(["\n", "\r\n"])).encode()
        if read(content).data is None:
            continue
        act = chance.choice(["listed", "withdrawn", "transferred", "corrected", "excepted", "changed"])
        given = {"date": chance.choice(["2026-11-20", "2026-11", "2026"]), "by": BY}
        given |= {"remarks": "".join(chance.choices(" aā'\":#,[]{}&*!|>%@`\\-?🌾", k=12)).strip() or "x"}
        given |= (
            {"developer_to": "example-university"} if act == "transferred" and "developer" in read(content).data else {}
        )
        act = "listed" if act == "transferred" and "developer_to" not in given else act
        new = holds_for(path, content, act, given)
        holds_for(path, new, act, given)


def test_the_source_of_a_decision_is_the_file_alone(root):
    """The engine is handed names and bytes: what is decided depends on nothing else."""
    content = record(root).read_bytes()
    one = appended("micro-credentials/worked-example.yaml", content, "listed", {"number": "9001"})
    two = appended("micro-credentials/worked-example.yaml", content, "listed", {"number": "9001"})
    assert one == two
    assert Source("a", one[1]) == Source("a", two[1])
