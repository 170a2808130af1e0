"""What several test modules share: the program as a user runs it, catalogues to damage, and the engine on a text."""

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mcred import workspace
from mcred.diagnostic import Diagnostic, Report, Source
from mcred.document import Lines
from mcred.reporters import Look, reporter
from mcred.validation import Entry, Request, validate
from tools.programs import in_ci

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "catalogue"
GOLDENS = Path(__file__).resolve().parent / "goldens"
PROGRAM = Path(sys.executable).parent / "mcred"

LARGEST = 256 * 1024
"""Bytes a record may have."""

AS_OF = "2026-11-22"
"""The day that reports are as of, so that no test reads the clock."""

DRAFT = "id: a-draft\ntitle: A Draft\nframework: none\n"
"""The shortest record without a fault; under no framework, so that no requirement is open."""


# --- properties ------------------------------------------------------------------------------------------------------


def holds(*strategies: Any, quick: int, thorough: int, **named: Any) -> Callable[[Callable[..., None]], Callable]:
    """Make a property a test of `quick` examples, and one of `thorough` examples that is marked slow.

    The examples are the same in every run: CI does not fail today over what it passed yesterday.
    """
    sizes = [
        pytest.param(quick, id="quick"),
        pytest.param(thorough, id="thorough", marks=pytest.mark.slow),
    ]

    def made(check: Callable[..., None]) -> Callable:
        @pytest.mark.parametrize("examples", sizes)
        def test(examples: int) -> None:
            setting = settings(
                max_examples=examples,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=[
                    HealthCheck.too_slow,
                    HealthCheck.data_too_large,
                    HealthCheck.large_base_example,
                ],
            )
            setting(given(*strategies, **named)(check))()

        test.__name__ = test.__qualname__ = check.__name__
        test.__module__ = check.__module__
        test.__doc__ = check.__doc__
        return test

    return made


# --- programs of others -----------------------------------------------------------------------------------------------


def need(*programs: Any) -> None:
    """Skip the test where a program that it needs is missing; in CI that is a failure."""
    for program in programs:
        if reason := program.missing():
            (pytest.fail if in_ci() else pytest.skip)(reason)


# --- the program -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave: exit code (negative for a signal), both streams as text, and what it took."""

    code: int
    out: str
    err: str
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def json(self) -> dict[str, Any]:
        """The report on standard output."""
        return json.loads(self.out)

    @property
    def names(self) -> list[str]:
        """The names of the rules that a json report tells of."""
        return [finding["name"] for finding in self.json["findings"]]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return all that the program may know of its surroundings."""
    surroundings = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TZ": "UTC", "LANG": "C.UTF-8"}
    return {**surroundings, "XDG_CACHE_HOME": str(user_cache()), **more}


@cache
def user_cache() -> Path:
    """Return the user's cache folder of this test run: what the program notes there belongs to no catalogue."""
    folder = Path(tempfile.mkdtemp(prefix="mcred-tests-cache-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Server:
    """A process from which runs of the program are forked; see tests/hostile/drive.py."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mcred-tests-"))
        script = Path(__file__).resolve().parent / "hostile" / "drive.py"
        self._process = subprocess.Popen(
            [sys.executable, script],
            cwd=self._folder,
            env=environment(self._folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def run(self, arguments: list[str], cwd: Path, env: dict[str, str], stdin: bytes | None) -> Ran:
        """Run the program once."""
        out, err, given = (self._folder / name for name in ("out", "err", "in"))
        if stdin is not None:
            given.write_bytes(stdin)
        asked = {
            "arguments": arguments,
            "cwd": str(cwd),
            "env": env,
            "stdin": str(given) if stdin is not None else os.devnull,
            "out": str(out),
            "err": str(err),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Ran(out=out.read_bytes().decode(), err=err.read_bytes().decode(), **answer)

    def close(self) -> None:
        """End the process, and take its folder away."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@cache
def server() -> Server:
    """Return the one server of this test run, started when the first test asks for it."""
    return Server()


def mcred(*arguments: object, cwd: Path, stdin: str | bytes | None = None, **env: str) -> Ran:
    """Run the program in a folder, in a process of its own that knows nothing but what is given here."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    return server().run([*map(str, arguments)], cwd, environment(cwd, **env), given)


def installed(*arguments: object, cwd: Path, **env: str) -> Ran:
    """Run the installed program itself, from the start of Python on; slower, for what only that shows."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env=environment(cwd, **env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    encoding = env.get("PYTHONIOENCODING", "utf-8")
    return Ran(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))


# --- catalogues ------------------------------------------------------------------------------------------------------


def copied(to: Path) -> Path:
    """Copy the worked example, what it refers to and its documents into a folder; return the root there."""
    root = made(to, register())
    shutil.copytree(CATALOGUE / "documents" / "worked-example", root / "documents" / "worked-example")
    return root


def small(to: Path, **records: str | bytes) -> Path:
    """Make a catalogue of a few micro-credentials, `_` in a name standing for `-`; return its root."""
    files = {f"micro-credentials/{name.replace('_', '-')}.yaml": text for name, text in records.items()}
    return made(to, files)


def made(to: Path, files: dict[str, str | bytes]) -> Path:
    """Make a catalogue of files named by their path below its root; return the root."""
    root = to / "catalogue"
    for path, text in {"catalogue.yaml": "format: 1\ntitle: Test\n", **files}.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


@cache
def real_records() -> dict[str, bytes]:
    """Return the bytes of the project's own records, by path below the catalogue's root."""
    return {path.relative_to(CATALOGUE).as_posix(): path.read_bytes() for path in sorted(CATALOGUE.rglob("*.yaml"))}


# --- the engine ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def context(*organisations: Source) -> Any:
    """Return what the engine needs to know besides records: what is shipped, and the organisations of a catalogue."""
    return workspace.context(organisations=organisations)


def kind_of(path: str) -> str:
    """Return the kind of record at a path below the root."""
    from mcred.record import folder_kind

    kind = folder_kind(path)
    assert kind, path
    return kind


def checked(files: dict[str, bytes | str], *, alone: bool = False, others: tuple[str, ...] = (), **more: Any) -> Report:
    """Check files named by their path below the root, in the order given; `others` lie there too."""
    data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    organisations = [Source(path, text) for path, text in sorted(data.items()) if path.startswith("organisations/")]
    request = Request(
        entries=[Entry(Source(path, text), kind_of(path)) for path, text in data.items()],
        again=data.__getitem__,
        files=(*data, *others),
        alone=alone,
        **more,
    )
    return validate(request, context(*organisations))


def one(text: str | bytes, path: str = "micro-credentials/a-draft.yaml") -> Report:
    """Check one file alone."""
    return checked({path: text}, alone=True)


def written(report: Report, format: str = "text", **look: Any) -> str:
    """Return a report as a format writes it."""
    return "".join(reporter(format)(report, Look(**look)))


def shape_faults(text: str | bytes) -> list[Diagnostic]:
    """Return the findings about a file alone, but for the requirements of its framework."""
    return [found for found in one(text).diagnostics if found.rule.startswith("MC")]


def place(diagnostic: Diagnostic) -> tuple[object, ...]:
    """Return rule, line, column, end line and end column of a finding."""
    return (diagnostic.name, *diagnostic.span)


def lines_of(data: bytes) -> list[str]:
    """Return the lines of a file as editors and Git count them: ended by LF or CRLF, without the byte order mark."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return re.split(r"\r?\n", text)


def inside(span: tuple[int, int, int, int], lines: list[str]) -> bool:
    """Whether both ends of a span lie in a file, and in order."""
    line, column, end_line, end_column = span
    return (
        1 <= line <= end_line <= len(lines)
        and 1 <= column <= len(lines[line - 1]) + 1
        and 1 <= end_column <= len(lines[end_line - 1]) + 1
        and (line, column) <= (end_line, end_column)
    )


def cut(lines: Lines | str, span: tuple[int, int, int, int]) -> str:
    """Return the text of a span."""
    text = lines.text if isinstance(lines, Lines) else lines
    whole = Lines(text)
    return text[whole.index(span[0], span[1]) : whole.index(span[2], span[3])]


def is_root() -> bool:
    """Whether file permissions do not bind this process."""
    return os.geteuid() == 0


def marked(text: str) -> tuple[str, tuple[int, int, int, int] | None]:
    """Return a text without the brackets ⟦ ⟧, and the span of what stood between them."""
    start = text.find("⟦")
    if start < 0:
        return text, None
    plain = text.replace("⟦", "").replace("⟧", "")
    lines = Lines(plain)
    return plain, tuple(lines.span(start, text.index("⟧") - 1))


def register() -> dict[str, bytes]:
    """Return the worked example and what it refers to: the fictional bodies, standards and qualifications beside it."""
    wanted = ("catalogue.yaml", "worked-example.yaml")
    return {
        path: data
        for path, data in real_records().items()
        if path.endswith(wanted) or "/example-" in path or path.startswith("policies/")
    }


def documents() -> tuple[str, ...]:
    """Return the paths below the root of all that is in the project's catalogue."""
    return tuple(path.relative_to(CATALOGUE).as_posix() for path in CATALOGUE.rglob("*") if path.is_file())


spoilt = pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b"SQLite format 3\0" * 90),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.chmod(0),
    ],
    ids=["cut short", "foreign", "a folder", "not to be read"],
)
"""What a file of the cache may have become: no use, and no reason to stop."""
