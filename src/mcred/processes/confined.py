"""Templates of a catalogue, rendered in a child process that can do nothing but that, and not for long.

The sandbox of Jinja2 keeps a template from Python's own doors, but it does not bound work: `'x' * 300000000` is one
expression. So the child has a bound of time, memory and output for each document. It starts without an environment and
without the packages of the user, and before the first document it gives up opening files: what it needs is handed in.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import IO, Any, NamedTuple, Self, cast

from mcred.listing.fault import TemplateFault
from mcred.processes import child
from mcred.text import plural


class Limits(NamedTuple):
    """What rendering one document may take."""

    cpu: int = 10
    """Seconds of the processor."""

    wall: int = 30
    """Seconds of the clock, on a machine that is busy with other things."""

    memory: int = 128
    """MiB, beyond what is needed to start."""

    output: int = 8
    """MiB of what comes out."""


LIMITS = Limits()


class Clock:
    """Calls a function when the time is over, unless what it is about is done before."""

    def __init__(self, seconds: int, stop: Callable[[], None]) -> None:
        self.over = False
        self._stop = stop
        self._timer = Timer(seconds, self._end)

    def _end(self) -> None:
        self.over = True
        self._stop()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class Confined:
    """A function in a child process.

    `factory` names a function of mcred, as `mcred.listing.rendering:confined`. The child calls it once with `given`,
    while files may still be opened; what it returns is called with each job. All of these are plain data, as in JSON.
    """

    def __init__(self, factory: str, given: Any, limits: Limits = LIMITS) -> None:
        self._start = {"factory": factory, "given": given, "path": path(), "limits": limits._asdict()}
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, template: str, job: Any) -> Any:
        """What the function gives for a job; `template` is the name to blame where nobody knows better.

        Raises:
            TemplateFault: the template asked for what it may not have, failed, or went beyond a limit.
        """
        running = self._child or self._started()
        clock = Clock(self._limits.wall, running.kill)
        with clock:
            answer = _exchanged(running, job, (self._limits.output << 20) + 1)
        if answer is None:
            self.close()
            late = f"it takes more than {plural(self._limits.wall, 'second')} on the clock"
            raise TemplateFault(late if clock.over else "it ended the process in which it was rendered", template)
        if "bug" in answer:
            raise RuntimeError(answer["bug"])
        if "reason" in answer:
            raise TemplateFault(answer["reason"], answer["template"] or template, answer["line"])
        return answer["value"]

    def close(self) -> None:
        """End the child."""
        if self._child is None:
            return
        self._child.kill()
        with suppress(BrokenPipeError):
            self._child.communicate()
        self._child = None

    def _started(self) -> subprocess.Popen[bytes]:
        # Windows starts no program without the name of its own folder.
        kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
        self._child = subprocess.Popen(  # noqa: S603  the interpreter that runs, and a file beside this one
            [sys.executable, "-I", "-S", "-X", "utf8", child.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept,
            cwd=os.sep,
            start_new_session=True,  # Ctrl-C is for the parent, which ends the child
        )
        _tell(self._child, self._start)
        return self._child


def _tell(running: subprocess.Popen[bytes], what: Any) -> None:
    given = cast("IO[bytes]", running.stdin)
    given.write(json.dumps(what).encode() + b"\n")
    given.flush()


def _exchanged(running: subprocess.Popen[bytes], job: Any, most: int) -> dict[str, Any] | None:
    """The answer to a job of at most so many bytes; None if the child ended without one."""
    try:
        _tell(running, job)
        line = cast("IO[bytes]", running.stdout).readline(most)
    except BrokenPipeError:
        return None
    answer: dict[str, Any] | None = json.loads(line) if line.endswith(b"\n") else None
    return answer


def path() -> list[str]:
    """Where the child finds mcred and Jinja, and nothing that only this interpreter was told of."""
    roots = [Path(str(import_module(name).__file__)).parents[1] for name in ("mcred", "jinja2", "markupsafe")]
    return list(dict.fromkeys(map(str, roots)))
