"""The workbook of what is due, opened by LibreOffice."""

import csv
import os
import subprocess

import pytest

from mcred.reporters.due import writer
from mcred.reporters.due.rows import COLUMNS
from tests.due import HOSTILE, hostile, sheet
from tests.support import need
from tools.programs import OFFICE

pytestmark = pytest.mark.office

# UTF-8, from the first line, values as they are shown, every sheet into a file of its own.
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def opened(sheet, folder):
    """The rows of each sheet that LibreOffice reads, by the sheet's name."""
    need(OFFICE)
    (folder / "due.xlsx").write_bytes(writer("xlsx")(sheet))
    command = [OFFICE.command, "--headless", "--convert-to", EVERY_SHEET, "--outdir", folder, folder / "due.xlsx"]
    done = subprocess.run(
        command, env={**os.environ, "HOME": str(folder)}, capture_output=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return {
        file.stem.removeprefix("due-"): list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
        for file in folder.glob("due-*.csv")
    }


def test_an_office_program_reads_dates_and_numbers(tmp_path):
    pages = opened(sheet(), tmp_path)
    assert pages.keys() == {"Summary", "Overdue", "Today", "7 days", "30 days", "90 days", "Later", "No date"}
    head, overdue = pages["Overdue"]
    assert head == [column.heading for column in COLUMNS.values()]
    shown = dict(zip(COLUMNS, overdue, strict=True))
    assert [shown[name] for name in ("id", "due", "days", "last_review")] == [
        "chainsaw-use",
        "2026-06-30",
        "-145",
        "2024-06-30",
    ]


def test_an_office_program_reckons_with_no_text(tmp_path):
    _, *rows = opened(hostile(), tmp_path)["30 days"]
    titles = {row[0].removeprefix("r-"): row[1] for row in rows}
    for name in ("formula", "plus", "minus", "at", "number", "script", "template", "escape"):
        assert titles[name] == HOSTILE[name]
