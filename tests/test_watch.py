"""`mcred validate --watch`, on a terminal: a new screen for each change, and an end when somebody wants one."""

import os
import pty
import re
import select
import signal
import subprocess
from contextlib import contextmanager

import pytest

from mcred.cli.watching import CLEAR
from tests.support import AS_OF, DRAFT, PROGRAM, environment, mcred, small

WAITING = r"mcred: checked in [\d.]+ s; waiting for a change, Ctrl-C ends\n"

GOOD = f"no faults in 2 files (as of {AS_OF})\n"


class Terminal:
    """A terminal with the program on it."""

    def __init__(self, *arguments, cwd, **env):
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [PROGRAM, "validate", "--watch", "--as-of", AS_OF, *arguments],
            cwd=cwd,
            env=environment(cwd, **{"TERM": "xterm", "NO_COLOR": "1", **env}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads of ours here
        )
        os.close(theirs)
        self._said = ""

    def until(self, pattern):
        """Return what the terminal gets up to something, with the line ends it made undone."""
        while not (found := re.search(pattern, self._said)):
            assert select.select([self._ours], [], [], 30)[0], self._said
            self._said += os.read(self._ours, 65536).decode().replace("\r\n", "\n")
        said, self._said = self._said[: found.end()], self._said[found.end() :]
        return said

    def stop(self):
        """Press Ctrl-C, and return the exit code and what is said yet."""
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(30)
        try:
            while data := os.read(self._ours, 65536):
                self._said += data.decode().replace("\r\n", "\n")
        except OSError:
            pass  # the other end is closed
        return code, self._said

    def close(self):
        """Leave nothing behind."""
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@contextmanager
def watching(*arguments, cwd, **env):
    """Have the program watch a catalogue, as long as that is of use."""
    terminal = Terminal(*arguments, cwd=cwd, **env)
    try:
        yield terminal
    finally:
        terminal.close()


def put(path, text):
    """Save a file in one step, as nothing may be seen of half of it."""
    beside = path.parents[1] / "beside"
    beside.write_text(text)
    beside.replace(path)


@pytest.mark.parametrize("home", ["a cache", "no cache"])
def test_every_change_is_checked_on_a_new_screen_until_ctrl_c(tmp_path, home):
    root = small(tmp_path, a_draft=DRAFT)
    path = root / "micro-credentials" / "a-draft.yaml"
    options = ["--no-cache"] if home == "no cache" else []
    with watching(*options, cwd=tmp_path) as terminal:
        screen = terminal.until(WAITING)
        assert re.fullmatch(re.escape(CLEAR + GOOD) + WAITING, screen)

        put(path, DRAFT.replace("title", "titel"))
        screen = terminal.until(WAITING)
        assert screen.startswith(CLEAR + "error[MC102]: ")
        assert "did you mean 'title'?" in screen

        put(root / "micro-credentials" / "b-draft.yaml", DRAFT.replace("a-draft", "b-draft"))
        path.unlink()
        while "error" in (screen := terminal.until(WAITING)):  # it may have looked between the two
            pass
        assert re.fullmatch(re.escape(CLEAR + GOOD) + WAITING, screen)

        assert terminal.stop() == (0, "\n")


def test_what_stands_in_the_way_for_a_moment_does_not_end_it(tmp_path):
    root = small(tmp_path, a_draft=DRAFT)
    settings = root / "catalogue.yaml"
    whole = settings.read_text()
    with watching(cwd=tmp_path, TERM="dumb") as terminal:
        assert re.fullmatch(re.escape(GOOD) + WAITING, terminal.until(WAITING))  # nothing clears such a terminal
        put(settings, "format: 2\ntitle: Test\n")
        problem = "mcred: the catalogue has format 2; this mcred knows 1: install a newer one\n"
        assert terminal.until(r"mcred: waiting.*\n") == problem + "mcred: waiting for a change, Ctrl-C ends\n"
        put(settings, whole)
        assert re.fullmatch(re.escape(GOOD) + WAITING, terminal.until(WAITING))
        assert terminal.stop() == (0, "\n")


@pytest.mark.parametrize(
    "arguments", [["--alone", "catalogue/catalogue.yaml"], ["--changed-since", "HEAD"], ["--output", "json=x.json"]]
)
def test_it_is_for_the_catalogue_as_it_is(tmp_path, arguments):
    small(tmp_path, a_draft=DRAFT)
    ran = mcred("validate", "--watch", *arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == "mcred: --watch shows how the catalogue is; leave out '-', --alone, --at, --changed-since and --output\n"
    )


def test_what_is_wrong_from_the_start_ends_it(tmp_path):
    ran = mcred("validate", "--watch", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
