"""Doing something again whenever a file of a catalogue changes, until somebody stops it."""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mcred.errors import ExitCode, McredError
from mcred.text import inert

INTERVAL = 0.2
"""Seconds between two looks at the files, at least."""

SETTLING = 0.05
"""Seconds between two looks once something changes."""

SHARE = 0.1
"""The most of the time that looking at the files may take."""

CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""What makes a terminal forget what it shows and begin at its top."""


def watch(root: Path, once: Callable[[Path], int]) -> int:
    """Do something once, and again whenever a file below a folder changes; Ctrl-C ends it, and that is no fault.

    `once` is given a folder that is there as long, and may keep in it what helps it the next time.
    """
    with tempfile.TemporaryDirectory(prefix="mcred-watch-") as folder:
        try:
            before = _state(root)
            _run(once, Path(folder))
            while True:
                before = _changed(root, before)
                try:
                    _run(once, Path(folder))
                except McredError as error:  # half of a change, such as settings that are being written
                    sys.stderr.write(f"mcred: {inert(str(error))}\n")
                    _wait()
        except KeyboardInterrupt:
            sys.stderr.write("\n" if sys.stderr.isatty() else "")
            return ExitCode.OK


def _run(once: Callable[[Path], int], folder: Path) -> None:
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        sys.stdout.write(CLEAR)
    began = time.monotonic()
    once(folder)
    gc.collect()
    _wait(f"checked in {time.monotonic() - began:.1f} s; ")


def _wait(said: str = "") -> None:
    sys.stderr.write(f"mcred: {said}waiting for a change, Ctrl-C ends\n")
    sys.stderr.flush()


def _changed(root: Path, before: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Wait until the files below a folder are not as they were and stay so, and give how they are then."""
    last = before
    while True:
        began = time.monotonic()
        now = _state(root)
        if now == last != before:
            return now
        # Many programs save in steps: they empty a file before they fill it.
        pause = INTERVAL if now == before else SETTLING
        last = now
        time.sleep(max(pause, (time.monotonic() - began) / SHARE))


def _state(root: Path) -> dict[str, tuple[int, ...]]:
    """How the system knows each file below a folder; what cannot be looked at is not there."""
    found: dict[str, tuple[int, ...]] = {}
    pending = [str(root)]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                stat = entry.stat(follow_symlinks=False)
                is_folder = entry.is_dir(follow_symlinks=False)
            except OSError:
                continue
            if is_folder and entry.name != ".git":
                pending.append(entry.path)
            else:
                found[entry.path] = stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino
    return found
