"""`mcred init`."""

import json
import os
import shlex
import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from mcred.cli.options import Debug
from mcred.cli.publishing import put
from mcred.dates import today
from mcred.errors import ExitCode, McredError, UsageError
from mcred.record import KINDS
from mcred.record.kinds import CATALOGUE_FILE
from mcred.scaffold import catalogue_file, editor_line, editor_settings
from mcred.text import did_you_mean, inert, one_of
from mcred.workspace import (
    CI_SERVICES,
    PRE_COMMIT,
    SCHEMA_FOLDER,
    Workspace,
    ci_files,
    context,
    editor_schemas,
    find,
    refuse_links,
    schemas,
    write,
)

_FIELDS = schemas().shape("catalogue").schema["properties"]
FRAMEWORK, TIMEZONE = (str(_FIELDS[name]["examples"][0]) for name in ("framework", "timezone"))
"""What a catalogue begins with where nothing else is asked for: the first examples of its schema."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where; the current folder if left out.")] = Path(),
    title: Annotated[str, typer.Option(metavar="TEXT", help="What the catalogue is called.")] = "Our micro-credentials",
    framework: Annotated[str, typer.Option(metavar="ID", help="The framework of its records, or none.")] = FRAMEWORK,
    timezone: Annotated[str, typer.Option(metavar="ZONE", help="The zone whose calendar counts.")] = TIMEZONE,
    editor: Annotated[
        bool, typer.Option("--editor", help="Only write the editor's schemas and settings anew.")
    ] = False,
    ci: Annotated[
        list[str] | None,
        typer.Option(
            "--ci", metavar="SERVICE", help=f"Also write what sets up {one_of(CI_SERVICES)}; as often as wanted."
        ),
    ] = None,
    debug: Debug = False,
) -> int:
    """Begin a catalogue in an empty folder.

    \b
    mcred init
    mcred init our-register --title "Our register" --framework pqf --timezone Pacific/Fiji
    mcred init --editor              after an upgrade: what the editor knows, anew
    mcred init --ci github           for a catalogue that is there too: checks of pull requests, reminders of reviews
    mcred init --ci gitlab           the same for merge requests
    """  # noqa: D301 - \b keeps click from filling the lines
    known = sorted(context().shipped)
    if framework not in (*known, "none"):
        raise UsageError(
            f"--framework: no framework '{framework}'; there is {one_of([*known, 'none'], 20)}"
            + did_you_mean(framework, known)
        )
    try:
        today(timezone)
    except ValueError as error:
        from zoneinfo import available_timezones

        raise UsageError(f"--timezone: {error}" + did_you_mean(timezone, available_timezones())) from error
    services = list(dict.fromkeys(ci or ()))
    for name in services:
        if name not in CI_SERVICES:
            raise UsageError(
                f"--ci: no service '{name}'; there is {one_of(CI_SERVICES)}" + did_you_mean(name, CI_SERVICES)
            )
    title = _title(title)
    there = find(folder)
    # Before anything is written: what cannot be had is refused whole.
    catalogue = there or Workspace(Path(os.path.realpath(folder)) / "catalogue")
    files = [file for name in services for file in _ci(catalogue, name)]
    if editor or (services and there is not None):
        written = _editor(folder) if editor else []
    else:
        written = _catalogue(folder, title, framework, timezone)
    written += _written(files)
    put("".join(f"wrote {os.path.relpath(path)}\n" for path in written))
    if there is None and not editor and PRE_COMMIT not in services:
        put(_before_commits(folder))
    if not written:
        put("nothing to write: the editor's schemas are those of this mcred\n")
    elif not editor and there is None:
        path = f"./{folder}" if str(folder).startswith("-") else str(folder)
        change = "" if folder == Path() else f"cd {shlex.quote(path)}, then  "
        put(f"next: {change}mcred new micro-credential NAME, then  mcred validate\n")
    return ExitCode.OK


def _ci(catalogue: Workspace, service: str) -> list[tuple[Path, str]]:
    """The files of a service and what goes into them, below the repository's root.

    Raises:
        McredError: one is there that says something else, or the service would not find the catalogue.
    """
    if not _found_from_base(catalogue):
        raise McredError(
            f"{service} starts in the root of the repository, from where the catalogue is found only in "
            f"{os.path.relpath(catalogue.base / 'catalogue')}; nothing was written"
        )
    files = [(catalogue.base / path, text) for path, text in ci_files(service)]
    refuse_links(catalogue.base, [path for path, _ in files])
    taken = [path for path, text in files if os.path.lexists(path) and _other(path, text)]
    if taken:
        raise McredError(
            f"{os.path.relpath(taken[0])} is there already, and was changed; nothing was written: "
            "move it away to see what mcred would write"
        )
    return files


def _written(files: list[tuple[Path, str]]) -> list[Path]:
    for path, text in files:
        write(path, text, overwrite=True)
    return [path for path, _ in files]


def _before_commits(folder: Path) -> str:
    """Set up checks before each commit where nothing of the kind is set up; say what was done, or what to add."""
    catalogue = _here(folder)
    if not _found_from_base(catalogue):
        return ""
    ((place, text),) = ci_files(PRE_COMMIT)
    if not os.path.lexists(catalogue.base / place):
        (path,) = _written(_ci(catalogue, PRE_COMMIT))
        return f"wrote {os.path.relpath(path)}\n"
    hook = text.partition("repos:\n")[2]
    return f"kept {os.path.relpath(catalogue.base / place)}; to check the catalogue before each commit, add\n{hook}"


def _here(folder: Path) -> Workspace:
    """The catalogue that a folder belongs to.

    Raises:
        McredError: it belongs to none.
    """
    if catalogue := find(folder):
        return catalogue
    raise McredError("no catalogue here: `mcred init` begins one")


def _found_from_base(catalogue: Workspace) -> bool:
    """Whether what starts in the root of the repository finds the catalogue, which need not be there yet."""
    if catalogue.root == catalogue.base:
        return True
    return catalogue.root == catalogue.base / "catalogue" and not (catalogue.base / CATALOGUE_FILE).is_file()


def _other(path: Path, text: str) -> bool:
    return path.is_symlink() or not path.is_file() or path.read_text("utf-8", "replace") != text


def _title(title: str) -> str:
    """A title as `catalogue.yaml` may have it: letters in one piece, on one line."""
    title = unicodedata.normalize("NFC", " ".join(title.split()))
    if not title:
        raise UsageError("--title: nothing stands in it")
    if inert(title) != title:
        raise UsageError(f"--title: '{inert(title)}' holds a character that cannot be seen")
    return title


def _catalogue(folder: Path, title: str, framework: str, timezone: str) -> list[Path]:
    """A catalogue that validates, with what an editor needs. Nothing that is there is touched."""
    above = find(folder)
    if above is not None:
        raise McredError(f"a catalogue is there already: {above.root}; nothing was written")
    root = folder / "catalogue"
    path = root / "catalogue.yaml"
    schema = SCHEMA_FOLDER / "catalogue.schema.json"
    schemas = [folder / SCHEMA_FOLDER / f"{kind}.schema.json" for kind in ("catalogue", *KINDS)]
    taken = [each for each in (path, *schemas) if os.path.lexists(each)]
    if taken or (root.exists() and (not root.is_dir() or any(root.iterdir()))):
        raise McredError(f"{taken[0] if taken else root} is there already; nothing was written")
    write(path, catalogue_file(title, framework, timezone, editor_line(os.path.relpath(folder / schema, root))))
    return [path, *_editor(folder)]


def _editor(folder: Path) -> list[Path]:
    """The schemas that the editor's lines name, and settings for VS Code where there are none."""
    catalogue = _here(folder)
    root = catalogue.editor_schemas.parents[1]
    settings = root / ".vscode" / "settings.json"
    refuse_links(root, [catalogue.editor_schemas / "catalogue.schema.json", settings])
    written = []
    for name, text in editor_schemas():
        path = catalogue.editor_schemas / f"{name}.schema.json"
        if not path.exists() or path.read_text("utf-8") != text:
            write(path, text, overwrite=True)
            written.append(path)
    if not settings.exists():
        folders = {kind: f"{catalogue.root.name}/{inside}" for kind, inside in KINDS.items()}
        write(settings, json.dumps(editor_settings(folders, catalogue.root.name), indent=2) + "\n")
        written.append(settings)
    return written
