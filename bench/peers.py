"""The validators that mcred is compared with, each in an environment of its own below build/bench."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PINS = Path(__file__).resolve().parent / "peers"
"""What each is installed from: exact versions of it and of all that it needs."""


class Peer(NamedTuple):
    """Another validator: its version, and its command for files below a folder and a schema."""

    name: str
    version: str
    command: Callable[[Sequence[str], Path], list[str]]
    sees_fields: bool = True
    """Whether it compares files with the schema, so that it has to find a misspelt field."""
    codes: tuple[int, ...] = (0,)
    """How it may end where nothing is wrong with the records."""


def installed(scratch: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> list[Peer]:
    """The peers, installed where they are not there yet; one that cannot be installed is left out, and said so."""
    found = []
    for name, make in {"check-jsonschema": _checker, "yamllint": _linter, "ajv-cli": _ajv}.items():
        try:
            found.append(make(scratch / name, environment, say))
        except (subprocess.CalledProcessError, FileNotFoundError):
            say(f"{name} could not be installed, so nothing is compared with it")
    return found


def _checker(folder: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> Peer:
    program = str(_python(folder, environment, say) / "check-jsonschema")
    return Peer(
        "check-jsonschema",
        _pinned("check-jsonschema"),
        lambda files, schema: [program, "--schemafile", str(schema), *files],
    )


def _linter(folder: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> Peer:
    program = str(_python(folder, environment, say) / "yamllint")
    # It looks at style; that it minds long lines is no fault of the records.
    return Peer(
        "yamllint", _pinned("yamllint"), lambda files, schema: [program, *files], sees_fields=False, codes=(0, 1)
    )


def _ajv(folder: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> Peer:
    pins = PINS / "ajv-cli"
    if _stale(folder, (pins / "package-lock.json").read_text(encoding="utf-8")):
        say(f"installing {folder.name} into build/bench")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(pins, folder)
        npm = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, env=environment, check=True)
        _done(folder, (pins / "package-lock.json").read_text(encoding="utf-8"))
    program = str(folder / "node_modules/.bin/ajv")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def command(files: Sequence[str], schema: Path) -> list[str]:
        named = [part for file in files for part in ("-d", file)]
        return [program, "validate", "--spec=draft2020", "--strict=false", "-s", str(schema), *named]

    # It reads a date without quotes as a moment in time, which is no text, and so finds fault with most records.
    return Peer("ajv-cli", f"5.0.0 on Node {node}", command, codes=(0, 1))


def _python(folder: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> Path:
    """The folder of programs of an environment of Python."""
    pins = PINS / f"{folder.name}.txt"
    wanted = pins.read_text(encoding="utf-8")
    if _stale(folder, wanted):
        say(f"installing {folder.name} into build/bench")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], env=environment, check=True)
        pip = [str(folder / "bin/python"), "-m", "pip", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--no-deps", "-r", str(pins)], env=environment, check=True)
        _done(folder, wanted)
    return folder / "bin"


def _stale(folder: Path, wanted: str) -> bool:
    stamp = folder / "ready"
    return not stamp.exists() or stamp.read_text(encoding="utf-8") != f"{sys.version}\n{folder}\n{wanted}"


def _done(folder: Path, wanted: str) -> None:
    (folder / "ready").write_text(f"{sys.version}\n{folder}\n{wanted}", encoding="utf-8")


def _pinned(name: str) -> str:
    lines = (PINS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return next(line.partition("==")[2] for line in lines if line.startswith(f"{name}=="))
