"""Work shared out among processes: the same comes of it, whatever becomes of the processes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

SCRIPT = Path(__file__).resolve().parent / "processes" / "sharing.py"

WHOLE = [True, 0, True]
"""All work was done, no process was lost, and none is left."""


@pytest.fixture(scope="module")
def said():
    ran = subprocess.run([sys.executable, SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr, ran.stdout[:2]) == (0, "", " {")
    return json.loads(ran.stdout)


@pytest.mark.parametrize("jobs", ["one", "three", "more than batches"])
def test_work_comes_to_the_same_by_any_number_of_processes(said, jobs):
    assert said[jobs] == WHOLE


def test_one_process_is_this_one_and_several_are_copies(said):
    assert said["who, of one"] == [1, True]
    assert said["who, of three"] == [3, False]


def test_what_a_process_owed_that_died_is_done_here(said):
    assert said["one dies"] == [True, 1, True]
    assert said["all die"] == [True, 3, True]


def test_a_bug_is_raised_here(said):
    assert said["a bug"] == "ZeroDivisionError"


def test_when_nobody_asks_on_all_processes_end(said):
    assert said["nobody asks on"] == [0, True]


def test_nothing_is_nothing(said):
    assert said["nothing to do"] == [[], 0, True]


def test_a_process_with_threads_does_the_work_itself(said):
    assert said["beside a thread"] == [1, True]


def test_where_no_process_can_be_started_the_work_is_done_here(said):
    assert said["without room"] == [[1, True], WHOLE]


def test_ctrl_c_is_left_to_the_first_process_from_the_start(said):
    assert said["stopped early"] == WHOLE


def test_where_there_is_no_pipe_the_work_is_done_here(said):
    assert said["without pipes"] == [[1, True], WHOLE]


def test_many_open_files_are_no_hindrance(said):
    assert said["beside many files"] == WHOLE
