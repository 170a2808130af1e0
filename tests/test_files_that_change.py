"""A file that is gone, not readable or not as it was when it is wanted once more: told, and the rest with it."""

import os
import subprocess
import sys
from datetime import date

import pytest

from mcred.cli.examining import CHANGED, Days, Examination, Means
from mcred.validation import Request, validate
from mcred.workspace import Workspace
from tests.repositories import Repo
from tests.support import AS_OF, DRAFT, environment, made, written

BROKEN = DRAFT + "developer: nobody\n"
"""A draft that refers to a record that there is not, which is found only once all were read."""

OTHER = "id: b-draft\ntitle: B Draft\nframework: none\ncredit: 3\n"
"""Another one, with a fault of its own."""

FILES = {"micro-credentials/a-draft.yaml": BROKEN, "micro-credentials/b-draft.yaml": OTHER}

REST = """\
error[MC205]: no organisation 'nobody'
  --> catalogue/micro-credentials/a-draft.yaml:1:1
   = hint: something that is not in the catalogue is named as {title: …, reference: …}
   = help: mcred explain MC205

error[MC102]: unknown field 'credit'; did you mean 'credits'?
  --> catalogue/micro-credentials/b-draft.yaml:4:1
   |
 4 | credit: 3
   | ^^^^^^ not a field of a micro-credential
   = help: mcred explain MC102

2 errors in 2 files of 3 checked (as of 2026-11-22)
"""
"""What is told all the same: the first file has no lines any more."""

GONE = "No such file or directory"


def folder_instead(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (os.unlink, GONE),
        (folder_instead, "Is a directory"),
        (lambda path: path.write_text(BROKEN + "title: once more\n"), CHANGED),
    ],
)
def test_what_happens_to_a_file_after_it_was_read_is_told_beside_the_rest(tmp_path, happens, why, kept, jobs):
    root = made(tmp_path, FILES)
    catalogue = Workspace(root)
    walk = catalogue.walk()
    context, days = catalogue.context(walk), Days(date.fromisoformat(AS_OF))
    means = Means(tmp_path / "cache" if kept else None, jobs=jobs)
    examination = Examination(catalogue, walk, context, days, means, catalogue.read)

    def entries():
        yield from examination.entries()
        happens(root / "micro-credentials" / "a-draft.yaml")

    request = Request(entries(), examination.again, places=examination.places, as_of=days.as_of)
    text = written(validate(request, context))
    assert walk.unreadable == [("catalogue/micro-credentials/a-draft.yaml", why)]
    assert text == REST


REMOVING = """
import os, sys
path, opened = sys.argv.pop(1), 0
def watch(event, given):
    global opened
    if event == "open" and given[0] == path:
        opened += 1
        if opened == 2:
            os.unlink(path)
sys.addaudithook(watch)
from mcred.cli import program
program()
"""
"""The program, with a file that is gone when it is opened once more."""


def removing(path, *arguments, cwd):
    """Run the program in which a file goes away, and return its exit code and both streams."""
    command = [sys.executable, "-c", REMOVING, path, "validate", "--as-of", AS_OF, "--no-cache", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment(cwd), capture_output=True, text=True, check=False)


def test_the_program_tells_the_rest_and_that_it_could_not_do_its_job(tmp_path):
    root = made(tmp_path, FILES)
    path = root / "micro-credentials" / "a-draft.yaml"
    ran = removing(path, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (3, REST)
    assert ran.stderr == f"mcred: cannot read catalogue/micro-credentials/a-draft.yaml: {GONE}\n"
    assert not path.exists()


def test_a_file_that_is_gone_when_its_lines_are_shown_is_told_too(tmp_path):
    root = made(tmp_path, {"micro-credentials/b-draft.yaml": OTHER})
    ran = removing(root / "micro-credentials" / "b-draft.yaml", "--jobs", "1", cwd=tmp_path)
    assert ran.returncode == 3
    assert ran.stderr == f"mcred: cannot read catalogue/micro-credentials/b-draft.yaml: {GONE}\n"
    assert "error[MC102]: unknown field 'credit'" in ran.stdout


def test_a_change_is_judged_without_a_file_that_is_gone_meanwhile(tmp_path):
    repo = Repo(tmp_path, FILES)
    path = repo.root / "micro-credentials" / "a-draft.yaml"
    repo.write({"micro-credentials/a-draft.yaml": BROKEN + "# more\n", "micro-credentials/b-draft.yaml": OTHER + "\n"})
    ran = removing(path, "--changed-since", "HEAD", "--format", "concise", cwd=tmp_path)
    assert ran.returncode == 3
    assert ran.stderr == f"mcred: cannot read catalogue/micro-credentials/a-draft.yaml: {GONE}\n"
    assert "catalogue/micro-credentials/b-draft.yaml:4:1: error: " in ran.stdout
