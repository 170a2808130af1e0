"""`mcred validate`."""

import gc
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from mcred.cli.checking import Checking
from mcred.cli.options import (
    AsOf,
    At,
    Colour,
    Debug,
    FailOn,
    Format,
    Jobs,
    NoCache,
    NoStatCache,
    day,
    look,
    selected,
    workspace,
)
from mcred.cli.publishing import outputs
from mcred.diagnostic import Source
from mcred.document.limits import LARGEST
from mcred.errors import UsageError


def validate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...", help="Files, folders or ids; `-` reads standard input. Nothing: the whole catalogue."
        ),
    ] = None,
    format: Format = "text",
    output: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=FILE", help="Also write a report to a file; as often as wanted.")
    ] = None,
    stdin_filename: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file that standard input stands for.")
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Look at the files alone, without the rest of the catalogue.")
    ] = False,
    changed_since: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Report on what changed since HEAD left this revision, and what comes of it."),
    ] = None,
    fail_on_policy_change: Annotated[
        bool, typer.Option("--fail-on-policy-change", help="Exit with 1 where the change alters by what it is judged.")
    ] = False,
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Report only these rules, by id or name.")
    ] = None,
    as_of: AsOf = None,
    at: At = None,
    rules_of: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DATE", help="Ask what would fail under the rules of this day."),
    ] = None,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Tell known faults too, as if there were no baseline.")
    ] = False,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    no_stat_cache: NoStatCache = False,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Check again whenever a file is saved, until Ctrl-C.")
    ] = False,
    fail_on: FailOn = "error",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List notes too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no report; the exit code tells.")] = False,
    color: Colour = "auto",
    debug: Debug = False,
) -> int:
    """Say what is wrong in the catalogue, and where.

    \b
    mcred validate                                  everything
    mcred validate catalogue/organisations          the records of a folder
    mcred validate worked-example                   the record of an id
    mcred validate - --stdin-filename FILE <FILE    unsaved text, for editors
    mcred validate --output json=report.json        a report for a program, beside the one you read
    mcred validate --changed-since origin/main      what a branch changed, and what comes of it
    mcred validate --watch                          again whenever a file is saved

    \b
    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage,
    3 could not do the job, 4 a bug in mcred.
    """  # noqa: D301 - \b keeps click from filling the lines
    files, appearance, rules = outputs(output or ()), look(color, verbose), selected(select or ())
    given = _standard_input(paths or (), stdin_filename)
    gc.disable()
    _refuse_apart(at, watch, alone or given is not None or changed_since is not None, bool(files))
    checking = Checking(
        named=[path for path in paths or () if str(path) != "-"],
        given=given,
        alone=alone,
        changed_since=changed_since,
        fail_on_policy_change=fail_on_policy_change,
        at=at,
        as_of=as_of,
        rules_of=rules_of,
        select=rules,
        no_baseline=no_baseline,
        jobs=jobs,
        no_cache=no_cache,
        no_stat_cache=no_stat_cache,
        format=format,
        files=files,
        look=appearance,
        quiet=quiet,
        fail_on=fail_on,
    )
    if not watch:
        return checking.once()
    from mcred.cli.watching import watch as watching

    return watching(workspace(checking.named).root, checking.once)


def _refuse_apart(at: str | None, watch: bool, part: bool, written: bool) -> None:
    """Refuse options that do not go together; `part` says that one of them is about a part of the catalogue."""
    if at is not None and part:
        raise UsageError("--at is about a whole catalogue as it was recorded; leave out --alone, - and --changed-since")
    if watch and (part or at is not None or written):
        raise UsageError(
            "--watch shows how the catalogue is; leave out '-', --alone, --at, --changed-since and --output"
        )


def _standard_input(paths: Sequence[Path], stands_for: Path | None) -> Source | None:
    if not any(str(path) == "-" for path in paths):
        if stands_for is not None:
            raise UsageError("--stdin-filename goes with '-' for standard input")
        return None
    if stands_for is None:
        raise UsageError("'-' needs --stdin-filename FILE: the folder tells what kind of record it is")
    return Source(str(stands_for), sys.stdin.buffer.read(LARGEST + 1))
