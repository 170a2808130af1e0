"""The page on who may do what: each line names the tests that hold it, and what it says of all commands is so."""

import ast
import re
import subprocess
import sys

import pytest

from tests.support import AS_OF, CATALOGUE, ROOT, environment

PAGE = (ROOT / "docs/security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.*) \|$", PAGE.partition("## What settings can do")[0], re.MULTILINE)
LINES = [row.split(" | ") for row in ROWS if row != "what holds | held by"]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def defined_in(path):
    """The names of the tests in a file: its functions, and what a property makes of one."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")}


@pytest.mark.parametrize(("what", "held"), LINES)
def test_each_line_names_tests_that_there_are(what, held):
    named = TEST.findall(held)

    assert named, f"no test holds that {what}"
    assert TEST.sub("", held).strip(", ") == ""
    assert [f"{path}::{name}" for path, name in named if name not in defined_in(path)] == []


def test_the_page_has_a_part_for_each_who_can_bring_something_in():
    assert re.findall(r"^## (.*)$", PAGE, re.MULTILINE) == [
        "An author of records",
        "A stranger with a pull request",
        "Whoever holds findings back",
        "Whoever writes settings",
        "Whoever writes frameworks and policies",
        "Whoever writes templates",
        "Names of files, and links",
        "A Git repository",
        "What shows a report: terminal, log, browser, spreadsheet",
        "A runner of CI",
        "What settings can do",
    ]


WATCHED = f"""
import sys
reached = []
def watch(event, arguments):
    # A copy of the process (os.fork) runs what runs already.
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.startfile")):
        reached.append(event)
sys.addaudithook(watch)
from mcred.cli.running import run
for command in (
    ["validate", "--quiet"],
    ["due-reviews", "--format", "json"],
    ["list"],
    ["show", "worked-example"],
    ["ready", "worked-example"],
    ["why", "worked-example", "nzqcf.credits"],
    ["stats"],
):
    assert run([*command, "--as-of", "{AS_OF}"]) in (0, 1), command
sys.stderr.write(repr(reached))
if sys.argv[1:]:
    __import__("socket").socket().close()
    sys.stderr.write(repr(reached))
"""


def test_checking_starts_no_program_and_opens_no_connection(tmp_path):
    command = [sys.executable, "-c", WATCHED, "and one that does"]
    done = subprocess.run(
        command, cwd=CATALOGUE, env=environment(tmp_path), capture_output=True, text=True, check=True, timeout=120
    )

    assert done.stderr == "[]['socket.__new__']"
