"""Writes requirements/*.txt from pyproject.toml: one resolution for all, so that no two locks disagree.

Run by `make lock`, under the oldest Python that the project supports: what only older ones need is then in the locks
too, and does no harm to newer ones.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


def declared() -> dict[str, list[str]]:
    """Return the requirements of each lock as pyproject.toml declares them."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    groups = dict(pyproject["dependency-groups"])
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    return {"run": project["dependencies"], "extras": [*extras, *groups.pop("readers")], **groups}


def closure(requirements: Iterable[str], requires: Callable[[str], Iterable[str]]) -> set[str]:
    """Return the names of all that these requirements need, themselves included, on the oldest Python.

    `requires` gives the requirements of a package by its canonical name.
    """
    oldest = ".".join(map(str, OLDEST))
    environment = {**default_environment(), "python_version": oldest, "python_full_version": f"{oldest}.0"}
    seen: set[tuple[str, str]] = set()
    todo = [(Requirement(text), "") for text in requirements]
    while todo:
        requirement, of_extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({**environment, "extra": of_extra}):
            continue
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                todo.extend((Requirement(text), extra) for text in requires(name))
    return {name for name, _ in seen}


def resolve(requirements: list[str]) -> dict[str, dict[str, object]]:
    """Return the metadata of all that pip would install for these, by canonical name."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [sys.executable, "-m", "pip", "-qq", "install", "--dry-run", "--ignore-installed"]
        subprocess.run([*command, "--report", report.name, *requirements], check=True)
        found = [item["metadata"] for item in json.load(report)["install"]]
    return {canonicalize_name(metadata["name"]): metadata for metadata in found}


def main() -> None:
    if sys.version_info[:2] != OLDEST:
        sys.exit(f"lock: run this with Python {'.'.join(map(str, OLDEST))}, the oldest that the project supports")
    groups = declared()
    found = resolve([text for texts in groups.values() for text in texts])
    written: set[str] = set()
    for group, texts in groups.items():
        names = closure(texts, lambda name: found[name].get("requires_dist") or []) - written
        written |= names
        pins = [f"{found[name]['name']}=={found[name]['version']}" for name in sorted(names)]
        path = ROOT / "requirements" / f"{group}.txt"
        path.write_text("\n".join([f"# Made by `make lock`: {ABOUT[group]}.", *pins, ""]), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}: {len(pins)} packages")


ABOUT = {
    "run": "all that mcred needs to run",
    "extras": "all that its extras need to run, and what reads what they write, on top of run.txt",
    "build": "all that installs it, on top of run.txt",
    "dev": "all that its tests and checks need, on top of run.txt, extras.txt and build.txt",
}

if __name__ == "__main__":
    main()
