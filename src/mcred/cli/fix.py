"""`mcred fix`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from mcred.cli import targets
from mcred.cli.deciding import difference, recheck
from mcred.cli.options import Debug
from mcred.cli.publishing import put
from mcred.dates import today
from mcred.diagnostic import Diagnostic, Report, Severity
from mcred.errors import ExitCode, McredError
from mcred.fixing import fixed
from mcred.scaffold import editor_line
from mcred.text import inert, plural
from mcred.validation import Context, Entry, Request, validate
from mcred.workspace import Workspace, context, replace

ROUNDS = 5
"""How often repairs are looked for: what one repair makes readable may show another."""


def fix(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files, folders or ids. Nothing: the whole catalogue."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes instead of making them.")] = False,
    debug: Debug = False,
) -> int:
    """Repair what is sure to be meant: misspelt fields, missing quotes, letters in pieces, line ends.

    \b
    mcred fix --dry-run
    mcred fix catalogue/micro-credentials/farm-water.yaml

    \b
    Exit codes: 0 nothing is left that could be repaired so, 1 something is.
    """  # noqa: D301 - \b keeps click from filling the lines
    target = targets.whole(paths or [], None)
    catalogue = target.workspace
    if target.problems or catalogue is None:
        raise McredError(target.problems[0] if target.problems else "no catalogue here")
    known = target.context or context()
    entries = list(target.entries)
    request = Request(
        entries,
        target.again,
        files=target.walk.files,
        misplaced=target.misplaced,
        reported=target.reported,
        as_of=today("UTC"),
    )
    changed, left, done = _repaired(target, catalogue, known, entries, validate(request, known))
    for path, (old, new) in changed.items():
        if dry_run:
            put(difference(path, old, new))
        else:
            replace(catalogue.base / path, old, new)
    put("".join(inert(f"left: {each}") + "\n" for each in left))
    verb = "would be made" if dry_run else "made"
    put(f"{plural(done, 'repair')} {verb} in {plural(len(changed), 'file')}\n")
    return ExitCode.FINDINGS if left else ExitCode.OK


def _schema(catalogue: Workspace, path: str, kind: str) -> str:
    record = catalogue.base / path
    return os.path.relpath(catalogue.editor_schemas / f"{kind}.schema.json", record.parent).replace(os.sep, "/")


def _repaired(
    target: targets.Target, catalogue: Workspace, known: Context, entries: list[Entry], before: Report
) -> tuple[dict[str, tuple[bytes, bytes]], list[str], int]:
    """The old and new bytes of each file that repairs change, what is left, and how many there are.

    Raises:
        McredError: there would be more errors than before; no repair is worth that.
    """
    report = before
    changed: dict[str, tuple[bytes, bytes]] = {}
    left: list[str] = []
    done = 0
    for _ in range(ROUNDS):
        by_path: dict[str, list[Diagnostic]] = {}
        for diagnostic in report.diagnostics:
            by_path.setdefault(diagnostic.path, []).append(diagnostic)
        left, again = [], False
        for entry in entries:
            path, old = entry.source.path, entry.source.data
            if target.reported is not None and not target.reported(path):
                continue
            now = changed[path][1] if path in changed else old
            found = fixed(now, by_path.get(path, ()), editor_line(_schema(catalogue, path, entry.kind)))
            left += found.left
            if found.data != now:
                changed[path], again = (old, found.data), True
                done += len(found.done)
                put("".join(inert(f"{path}: {what}") + "\n" for what in found.done))
        if not again:
            break
        report = recheck(catalogue, known, {path: new for path, (_, new) in changed.items()}, target.reported)
    if report.number(Severity.ERROR) > before.number(Severity.ERROR):
        raise McredError("nothing was written: the repairs would bring new errors; please repair by hand")
    return changed, left, done
