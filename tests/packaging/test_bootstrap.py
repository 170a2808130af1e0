"""`make` on a machine that has nothing yet."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(sys.executable).resolve()


def environment(**more):
    """Return this environment without what an outer make or an active environment left in it."""
    outer = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKE_TERMOUT", "MAKE_TERMERR", "PYTEST_ARGS", "VIRTUAL_ENV"}
    return {**{name: value for name, value in os.environ.items() if name not in outer}, "PYTHON": str(PYTHON), **more}


def run(*command, cwd, **more):
    return subprocess.run(command, cwd=cwd, env=environment(**more), capture_output=True, text=True, check=False)


@pytest.fixture
def bare(tmp_path):
    """Return a folder with the bootstrap script, and a PATH with no Python that works."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    path = tmp_path / "bin"
    path.mkdir()
    for program in ("dirname", "cat"):
        (path / program).symlink_to(shutil.which(program))
    for version in ("python3", "python3.12"):
        stand_in = path / version
        stand_in.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
        stand_in.chmod(0o755)
    return tmp_path


def test_no_usable_python_says_what_to_install(bare):
    result = run("tools/bootstrap", "run", cwd=bare, PYTHON="", PATH=str(bare / "bin"))

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        "mcred needs Python 3.11 or later, and none was found on the path.\n"
        "Install one (on Debian or Ubuntu: apt-get install python3 python3-venv), "
        "or name it: make PYTHON=/path/to/python3.12\n"
    )


def test_a_python_named_by_the_user_is_not_replaced_by_another(bare):
    result = run("tools/bootstrap", "run", cwd=bare, PYTHON="false")

    assert result.returncode == 1
    assert result.stderr == "mcred needs Python 3.11 or later; PYTHON=false is not one\n"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Return a copy of what is, or is about to be, committed, in a folder with a space in its name."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so what is committed is not known")
    copy = tmp_path_factory.mktemp("fresh") / "a checkout"
    for name in listed.stdout.decode().split("\0"):
        source = ROOT / name
        if name and source.is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name)
    return copy


@pytest.mark.packaging
def test_an_interrupted_set_up_is_done_again_and_a_finished_one_is_kept(fresh):
    stamp = fresh / ".venv" / "ready.json"
    begun = subprocess.Popen(["tools/bootstrap", "run"], cwd=fresh, env=environment(), start_new_session=True)
    deadline = time.monotonic() + 60
    while not (fresh / ".venv" / "bin" / "python").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(begun.pid, signal.SIGKILL)
    begun.wait()
    assert (fresh / ".venv").is_dir()
    assert not stamp.exists()

    first = run("make", "demo", cwd=fresh)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "set-up: making .venv with Python" in first.stderr
    assert "$ mcred validate\n" in first.stdout
    assert stamp.is_file()

    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    second = run("make", "demo", cwd=fresh, **offline)
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")

    started = time.monotonic()
    again = run("tools/bootstrap", "run", cwd=fresh, PYTHON="", **offline)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert time.monotonic() - started < 1

    with (fresh / "pyproject.toml").open("a") as pyproject:
        pyproject.write("# changed\n")
    changed = run("tools/bootstrap", "run", cwd=fresh, **offline)
    assert changed.returncode == 0, changed.stderr
    assert changed.stderr == "set-up: installing mcred, editable\nset-up: ready\n"
