"""`mcred decide`."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from mcred import decide as deciding
from mcred.cli.committing import Branch, WithCommit
from mcred.cli.committing import wanted as to_commit
from mcred.cli.completing import ids
from mcred.cli.deciding import Wanted, read_table, record_decisions
from mcred.cli.options import AsOf, Debug
from mcred.cli.records import open_register
from mcred.errors import ExitCode, UsageError
from mcred.record import Record


def decide(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="The record.", autocompletion=ids)] = None,
    act: Annotated[
        str | None, typer.Argument(metavar="[ACT]", help="What was done: listed, status-assigned, corrected …")
    ] = None,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="What the act carries.")] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day, or the month or year if no more is known.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="ORGANISATION", help="Who decided.")] = None,
    table: Annotated[
        Path | None, typer.Option("--from", metavar="CSV", help="Several decisions: columns record, act, date, by, …")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change instead of making it.")] = False,
    commit: WithCommit = False,
    branch: Branch = None,
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """Record a decision: appended to the record, checked before it is written.

    \b
    mcred decide worked-example listed --date 2026-11-20 --by example-qualifications-authority number=9001
    mcred decide worked-example status-assigned --date 2026-11-20 --by example-qualifications-authority \\
        status=expiring until=2028-11-20 'because=Another one takes its place.'
    mcred decide worked-example corrected --date 2026-11-21 --by example-provider \\
        decision=listed-2024-02-12 set.date=2024-02-13 'why=The day was mistyped.'
    mcred decide --from decisions.csv --dry-run
    mcred decide worked-example listed --date 2026-11-20 --by example-qualifications-authority --commit

    \b
    Nothing is ever rewritten: a mistake is put right by `corrected` (set.KEY=VALUE, or void=true).
    `mcred schema KIND` tells the keys of each act.
    """  # noqa: D301 - \b keeps click from filling the lines
    committing = to_commit(commit, branch)
    register = open_register(as_of)
    wanted = _table(table) if table is not None else _one(id, act, keys or [], date, by)
    if table is not None and id is not None:
        raise UsageError("--from names the records; leave ID and ACT out")
    made = [Wanted(name, act, _carrying(given)) for name, act, given in wanted]
    record_decisions(register, made, dry_run, committing)
    return ExitCode.OK


def _carrying(given: Mapping[str, str]) -> Callable[[Record], Mapping[str, str]]:
    return lambda _: given


def _one(
    id: str | None, act: str | None, keys: Iterable[str], date: str | None, by: str | None
) -> list[tuple[str, str, dict[str, str]]]:
    if id is None or act is None:
        raise UsageError("name the record and the act, or --from a table")
    given = {}
    for text in keys:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"'{text}' is not KEY=VALUE, such as version=2")
        given[key] = value
    own = {"date": date, "by": by}
    return [(id, act, {**{key: value for key, value in own.items() if value is not None}, **given})]


def _table(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    try:
        return deciding.table(read_table(path))
    except deciding.Refused as error:
        raise UsageError(f"{path}: {error}") from error
