"""`mcred validate`."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mcred.baseline import Baseline
from mcred.cli import targets
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
    known_clauses,
    look,
    selected,
    today_there,
    workspace,
)
from mcred.cli.progress import with_progress
from mcred.cli.publishing import outputs, publish, summarise
from mcred.diagnostic import Report, Severity, Source
from mcred.document.limits import LARGEST
from mcred.errors import ExitCode, UsageError
from mcred.text import inert, one_of
from mcred.validation import Request
from mcred.validation import validate as check
from mcred.workspace import Workspace, context

if TYPE_CHECKING:
    from mcred.cli.since import Since


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
    named = [path for path in paths or () if str(path) != "-"]
    given = _standard_input(paths or (), stdin_filename)
    gc.disable()
    _refuse_apart(at, watch, alone or given is not None or changed_since is not None, bool(files))

    def once(spare: Path | None = None) -> int:
        prepare = _recalling(no_cache)
        target = targets.alone(named, given, prepare) if alone else targets.whole(named, given, at, prepare)
        since = _since(target, changed_since, fail_on_policy_change)
        known = since.context if since is not None else target.context or context()
        timezone = since.settings.timezone if since is not None else target.timezone
        judged_on = as_of or today_there(timezone)
        entries, examination = target.entries, None
        # What a commit holds has no times, and is read from Git in one go.
        if target.workspace is not None and at is None:
            from mcred.cli.examining import Days, Examination
            from mcred.cli.means import Means

            days = Days(judged_on, rules_of, asked=bool(as_of or rules_of))
            # An editor that hands in a text runs many checks; it would not thank for more processes.
            means = Means.given(target.workspace, not no_cache, not no_stat_cache, 1 if given is not None else jobs)
            # A change is judged by what was in force before it, for which nothing is kept.
            means = means._replace(cache=means.cache or spare if since is None else None)
            examination = Examination(target.workspace, target.walk, known, days, means, target.again, target.instead)
            entries = examination.entries()
        request = Request(
            entries=with_progress(entries, "checking", "file"),
            again=examination.again if examination is not None else target.again,
            files=target.walk.files,
            misplaced=target.misplaced,
            alone=alone,
            reported=target.reported,
            select=rules,
            as_of=judged_on,
            rules_of=rules_of,
            baseline=Baseline() if no_baseline else target.baseline,
            unreadable=target.walk.unreadable,
            places=examination.places if examination is not None else None,
        )
        known_clauses(rules, known)
        report = check(since.narrowed(request) if since is not None else request, known)
        report = report._replace(recorded=target.workspace.recorded if target.workspace is not None else None)
        if examination is not None:
            examination.save()
        if since is not None:
            report = report._replace(policy_changes=since.policy_changes(report, request))
        anything = since is not None or bool(report.checked.files or report.diagnostics)
        if anything or format != "text":
            publish(report, format, files, appearance, quiet)
            _summarise(report, format)
        # Only now: of a file that is gone by the time its lines are shown the walk knows no sooner.
        problems = [*target.problems, *(f"cannot read {path}: {why}" for path, why in sorted(target.walk.unreadable))]
        if not anything and not problems:
            problems = [f"nothing to check: no record in {one_of(map(str, named))}"]
        for problem in problems:
            sys.stderr.write(f"mcred: {inert(problem)}\n")
        fails = report.fails(None if fail_on == "never" else Severity(fail_on))
        found = ExitCode.FINDINGS if fails or (fail_on_policy_change and report.policy_changes) else ExitCode.OK
        return ExitCode.FAILED if problems else found

    if not watch:
        return once()
    from mcred.cli.watching import watch as watching

    return watching(workspace(named).root, once)


def _refuse_apart(at: str | None, watch: bool, part: bool, written: bool) -> None:
    """Refuse options that do not go together; `part` says that one of them is about a part of the catalogue."""
    if at is not None and part:
        raise UsageError("--at is about a whole catalogue as it was recorded; leave out --alone, - and --changed-since")
    if watch and (part or at is not None or written):
        raise UsageError(
            "--watch shows how the catalogue is; leave out '-', --alone, --at, --changed-since and --output"
        )


def _recalling(no_cache: bool) -> Callable[[Workspace], None]:
    """What is done with a catalogue before anything is read of it."""
    if no_cache:
        return lambda catalogue: None
    from mcred.cli.recalling import recalled

    return recalled


def _summarise(report: Report, format: str) -> None:
    """Add the report to the summary of a step, where it is for GitHub and GitHub names a file for it."""
    if format == "github" and (step := os.environ.get("GITHUB_STEP_SUMMARY")):
        summarise(report, Path(step))


def _since(target: targets.Target, revision: str | None, fail_on_policy_change: bool) -> "Since | None":
    if revision is None:
        if fail_on_policy_change:
            raise UsageError("--fail-on-policy-change goes with --changed-since REV")
        return None
    if target.workspace is None:
        raise UsageError("--changed-since looks at the whole catalogue, and --alone does not")
    from mcred.cli.since import Since

    return Since(target, target.workspace, revision)


def _standard_input(paths: Sequence[Path], stands_for: Path | None) -> Source | None:
    if not any(str(path) == "-" for path in paths):
        if stands_for is not None:
            raise UsageError("--stdin-filename goes with '-' for standard input")
        return None
    if stands_for is None:
        raise UsageError("'-' needs --stdin-filename FILE: the folder tells what kind of record it is")
    return Source(str(stands_for), sys.stdin.buffer.read(LARGEST + 1))
