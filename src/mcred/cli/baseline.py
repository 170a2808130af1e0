"""`mcred baseline` and its commands."""

import gc
import json
import sys
from collections import Counter
from collections.abc import Collection
from typing import Annotated, NamedTuple

import typer

from mcred.baseline import FILE, Baseline, Debt, renewed, written
from mcred.cli import targets
from mcred.cli.options import AsOf, Debug, today_there, workspace
from mcred.cli.progress import with_progress
from mcred.cli.publishing import put, table
from mcred.diagnostic import RULES, Report, Severity
from mcred.errors import ExitCode, McredError, UsageError
from mcred.reporters.tabular import csv, tsv
from mcred.text import as_json, did_you_mean, inert, one_of, plural
from mcred.validation import Request, validate
from mcred.workspace import Walk, Workspace, context, replace, write

FORMATS = ("table", "tsv", "csv", "json")

HEAD = ("record", "severity", "rule", "pointer", "message", "line")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change instead of writing it.")]


def baseline() -> None:
    """Keep the faults that are known already, so that only new ones fail.

    \b
    mcred baseline create           enter all faults of today as known
    mcred baseline update           take out what was put right since
    mcred baseline show MC102       list what is known, of a rule or a record
    """  # noqa: D301 - \b keeps click from filling the lines


class _Run(NamedTuple):
    """What the catalogue comes to against its baseline."""

    catalogue: Workspace
    known: Baseline
    report: Report

    @property
    def gone(self) -> set[int]:
        """The lines of debts that are no longer found."""
        rule = RULES["baseline-entry-gone"].id
        return {each.span.line for each in self.report.diagnostics if each.rule == rule}


def create(dry_run: DryRun = False, as_of: AsOf = None, debug: Debug = False) -> int:
    """Enter all faults of today as known, in a new baseline.

    \b
    mcred baseline create --dry-run
    mcred baseline create

    \b
    The file is catalogue/.mcred-baseline.jsonl; commit it. Errors and warnings
    are entered, notes are not. What makes a file unreadable cannot be known.
    """  # noqa: D301 - \b keeps click from filling the lines
    catalogue = workspace()
    if (catalogue.root / FILE).exists():
        raise McredError(f"{catalogue.shown(FILE)} is there already: `mcred baseline update` takes out what is gone")
    run = _run(as_of, every=True)
    debts = renewed(run.known, (), run.report.baseline)
    if not debts:
        put("there is no fault that could be entered, so that no baseline is needed\n")
    elif dry_run:
        _show_changes((), debts)
    else:
        try:
            write(catalogue.root / FILE, written(debts))
        except FileExistsError:
            raise McredError(f"{catalogue.shown(FILE)} is there already; nothing was written") from None
        put(f"wrote {catalogue.shown(FILE)}: {_counted(debts)}\n")
    _left(run)
    return ExitCode.OK


def update(
    add: Annotated[bool, typer.Option("--add", help="Enter new faults too: the baseline may grow.")] = False,
    dry_run: DryRun = False,
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """Bring the baseline up to date: take out what is gone, and enter nothing new.

    \b
    mcred baseline update
    mcred baseline update --add --dry-run

    \b
    A fault that became less grave is known as no more than that from then on, a
    renamed record is entered under its new id, and lines that are no entries
    are left out, so that this also ends a merge conflict.
    """  # noqa: D301 - \b keeps click from filling the lines
    run = _there(as_of, every=add)
    mended = {RULES[name].id for name in ("malformed-baseline-entry", "duplicate-baseline-entry", "conflict-marker")}
    for fault in run.known.faults:
        if RULES[fault.rule].id not in mended:
            raise McredError(f"{run.known.path}: {fault.message}; nothing was written")
    debts = renewed(run.known, run.gone, run.report.baseline)
    _replace(run, written(debts).encode(), debts, dry_run)
    if out := len(run.known.faults) + run.known.more:
        put(f"{plural(out, 'line')} that held no entry of its own {'is' if out == 1 else 'are'} left out\n")
    _left(run)
    return ExitCode.OK


def prune(dry_run: DryRun = False, as_of: AsOf = None, debug: Debug = False) -> int:
    """Take out of the baseline what is gone, and nothing else.

    \b
    mcred baseline prune
    """  # noqa: D301 - \b keeps click from filling the lines
    run = _there(as_of, every=False)
    _replace(run, run.known.without(run.gone), [each for each in run.known.debts if each.line not in run.gone], dry_run)
    return ExitCode.OK


def show(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Records or rules. Nothing: all.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}.")] = "table",
    debug: Debug = False,
) -> int:
    """List the known faults.

    \b
    mcred baseline show
    mcred baseline show worked-example
    mcred baseline show MC102 --format csv
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'; there is {one_of(FORMATS)}" + did_you_mean(format, FORMATS))
    catalogue = workspace()
    walk = Walk()
    known = catalogue.baseline(walk)
    for path, why in walk.unreadable:
        raise McredError(f"cannot read {path}: {why}")
    _exists(catalogue)
    debts = _named(known, names or ())
    if format == "json":
        found = [{**json.loads(each.text), "line": each.line} for each in debts]
        put(as_json({"schema": "mcred-baseline/1", "known": found}) + "\n")
    else:
        rows = [(d.about, d.severity.value, d.rule, d.pointer, d.message, str(d.line)) for d in debts]
        put({"table": table, "tsv": tsv, "csv": csv}[format](HEAD, rows))
        if format == "table" and sys.stdout.isatty():
            put(f"\n{_counted(debts)}\n")
    if faults := len(known.faults) + known.more:
        sys.stderr.write(f"mcred: {plural(faults, 'line')} of it could not be taken: `mcred validate` says why\n")
    return ExitCode.OK


def _named(known: Baseline, names: Collection[str]) -> list[Debt]:
    """The debts of some records and rules, in order; all where none is named."""
    whole = {each.casefold() for debt in known.debts for each in (debt.about, debt.rule)}
    for name in names:
        if name.casefold() not in whole:
            raise McredError(f"no fault of '{name}' is known" + did_you_mean(name, whole))
    wanted = {name.casefold() for name in names}
    chosen = [d for d in known.debts if not wanted or {d.about.casefold(), d.rule.casefold()} & wanted]
    return sorted(chosen, key=lambda debt: debt.order)


def _there(as_of: AsOf, every: bool) -> _Run:
    """A run with the baseline that there is.

    Raises:
        McredError: there is none.
    """
    _exists(workspace())
    return _run(as_of, every)


def _exists(catalogue: Workspace) -> None:
    file = catalogue.root / FILE
    if not file.is_file() or file.is_symlink():
        raise McredError(f"there is no {catalogue.shown(FILE)}: `mcred baseline create` makes one")


def _run(as_of: AsOf, every: bool) -> _Run:
    """Check the whole catalogue against its baseline; with `every`, all that may be a known debt is known.

    Raises:
        McredError: something could not be read, so that nobody can tell what is gone.
    """
    gc.disable()
    target = targets.whole([], None)
    catalogue = target.workspace or workspace()
    request = Request(
        entries=with_progress(target.entries, "checking", "file"),
        again=target.again,
        files=target.walk.files,
        misplaced=target.misplaced,
        as_of=as_of or today_there(target.timezone),
        baseline=target.baseline._replace(every=every),
        unreadable=target.walk.unreadable,
        most=sys.maxsize,
    )
    report = validate(request, target.context or context())
    for path, why in target.walk.unreadable:
        raise McredError(f"cannot read {path}: {why}; nothing was written")
    return _Run(catalogue, target.baseline, report)


def _replace(run: _Run, new: bytes, debts: Collection[Debt], dry_run: bool) -> None:
    """Put new bytes in the place of the baseline, and say what that changes."""
    path = run.catalogue.shown(FILE)
    if new == run.known.data:
        put(f"{path} is up to date: {_counted(debts)}\n")
    elif dry_run:
        _show_changes(run.known.debts, debts)
    else:
        replace(run.catalogue.root / FILE, run.known.data, new)
        put(f"wrote {path}: {_counted(debts)}, {len(run.known.debts):,} before\n")


def _show_changes(before: Collection[Debt], after: Collection[Debt]) -> None:
    """What would be taken out and entered, a line each."""
    old, new = ({debt.text: debt for debt in debts} for debts in (before, after))
    out = [debt for text, debt in old.items() if text not in new]
    into = [debt for text, debt in new.items() if text not in old]
    lines = [(debt.order, sign, debt) for sign, debts in (("-", out), ("+", into)) for debt in debts]
    put("".join(f"{sign} {_shown(debt)}\n" for _, sign, debt in sorted(lines)))
    put(f"{len(out):,} would be taken out and {len(into):,} entered; nothing was written (--dry-run)\n")


def _shown(debt: Debt) -> str:
    at = f" at {debt.pointer}" if debt.pointer else ""
    return inert(f"{debt.about}: {debt.severity}[{debt.rule}]{at}: {debt.message}")


def _counted(debts: Collection[Debt]) -> str:
    """How many faults are known, of what severity, and in how many records."""
    counts = Counter(each.severity for each in debts)
    each = ", ".join(plural(counts[severity], severity.value) for severity in Severity if counts[severity])
    about = plural(len({debt.about for debt in debts}), "record")
    return f"{plural(len(debts), 'known fault')} ({each}) in {about}" if debts else "no known fault"


def _left(run: _Run) -> None:
    """Say how many faults are not known, so that a run still tells them."""
    told = [each for each in run.report.diagnostics if each.path != run.known.path]
    if left := sum(each.severity is not Severity.NOTE for each in told):
        put(f"{plural(left, 'fault')} {'is' if left == 1 else 'are'} not in it: `mcred validate` tells them\n")
