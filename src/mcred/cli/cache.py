"""`mcred cache` and its commands."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from mcred.cli.completing import words
from mcred.cli.options import Debug
from mcred.cli.publishing import put, table
from mcred.cli.recalling import cache_of
from mcred.errors import ExitCode, McredError, UsageError
from mcred.store import LARGEST, clear, usage
from mcred.text import as_json, did_you_mean, inert, plural
from mcred.workspace import cache_folder, find

FORMATS = ("table", "json")


def cache() -> None:
    """Say what is kept between runs, and clear it.

    \b
    mcred cache info                where it is, and how much
    mcred cache clear               take all of it away; the next run is slower
    """  # noqa: D301 - \b keeps click from filling the lines


def info(
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="'table' or 'json'.", autocompletion=words(FORMATS))
    ] = "table",
    debug: Debug = False,
) -> int:
    """Say where what is kept between runs lies, how much it is, and whether it is used here.

    \b
    mcred cache info
    mcred cache info --format json
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'" + did_you_mean(format, FORMATS))
    folder = cache_folder()
    held = usage(folder) if folder is not None else None
    found: dict[str, Any] = {
        "folder": str(folder) if folder is not None else None,
        "used": _used(folder),
        "files": held.files if held is not None else 0,
        "bytes": held.size if held is not None else 0,
        "at most": LARGEST,
    }
    if format == "json":
        put(as_json({name.replace(" ", "_"): value for name, value in found.items()}) + "\n")
    else:
        put(table(("what", "value"), [(name, _shown(value)) for name, value in found.items()]))
    return ExitCode.OK


def _used(folder: Path | None) -> str:
    """Whether the cache is used for the catalogue of the current folder, or why it is not."""
    if folder is None:
        return "no: the user has no folder for it (XDG_CACHE_HOME, HOME)"
    catalogue = find(Path.cwd())
    if catalogue is None:
        return "no catalogue here"
    if cache_of(catalogue) is None:
        return "no: it lies in the repository, where anybody could write it"
    return "yes" if _can_be_written(folder) else "no: it cannot be written"


def _can_be_written(folder: Path) -> bool:
    """Whether files can be put into a folder, which is made where there is none yet."""
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _shown(value: str | int | None) -> str:
    return f"{value:,}" if isinstance(value, int) else value or "none"


def clear_cache(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and leave it.")] = False,
    debug: Debug = False,
) -> int:
    """Take away what is kept between runs; the next run looks at everything anew.

    \b
    mcred cache clear --dry-run
    mcred cache clear
    """  # noqa: D301 - \b keeps click from filling the lines
    folder = cache_folder()
    if folder is None:
        put("nothing is kept: the user has no folder for it\n")
        return ExitCode.OK
    try:
        held = usage(folder) if dry_run else clear(folder)
    except OSError as error:
        raise McredError(f"cannot clear {folder}: {error.strerror or error}") from error
    done = "would remove" if dry_run else "removed"
    put(f"{done} {plural(held.files, 'file')} of {held.size:,} bytes from {inert(str(folder))}\n")
    return ExitCode.OK
