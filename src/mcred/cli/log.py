"""`mcred log`."""

from collections.abc import Iterable
from typing import Annotated

import typer

from mcred.cli.completing import ids as known_ids
from mcred.cli.line import Line
from mcred.cli.options import Colour, Debug, choice, look, workspace
from mcred.cli.progress import with_progress
from mcred.cli.publishing import outputs, put
from mcred.cli.revisions import start
from mcred.cli.sides import of_commit
from mcred.cli.targets import newer
from mcred.diff import NotCompared
from mcred.diff.recorded import GROUPS, Entry, Log
from mcred.errors import ExitCode, McredError
from mcred.history import Repository
from mcred.record import KINDS, stem
from mcred.reporters import Look
from mcred.reporters.log import FORMATS, writer
from mcred.text import did_you_mean
from mcred.workspace import Workspace, write


def log(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Records. Nothing: all.", autocompletion=known_ids),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="REV|DATE", help="Only what was recorded after it. Nothing: all.")
    ] = None,
    by: Annotated[str, choice(GROUPS, "group", "--by", metavar="GROUP", help="What to put together")] = "record",
    kind: Annotated[
        str | None, choice(KINDS, "kind", "--kind", metavar="KIND", help="Only records of a kind", several=True)
    ] = None,
    format: Annotated[str, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")] = "text",
    output: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=FILE", help="Also write it to a file; as often as wanted.")
    ] = None,
    color: Colour = "auto",
    debug: Debug = False,
) -> int:
    """Say what was recorded: the register's change log, from what the commits did to the records.

    \b
    mcred log --since v2026.1              what changed since a revision, record by record
    mcred log --since 2026-01-31           what was recorded after a day
    mcred log --by change                  the same kinds of change together
    mcred log --format atom >changes.xml   a feed to subscribe to
    mcred log worked-example               one record
    """  # noqa: D301 - \b keeps click from filling the lines
    files = outputs(output or (), FORMATS)
    appearance = look(color, verbose=False)
    catalogue = workspace()
    newer(catalogue)
    settings = catalogue.settings
    repository = Repository(catalogue.base)
    until = of_commit(repository, repository.commit("HEAD"), "HEAD", settings.timezone)
    first = start(repository, since, settings.timezone)
    after = of_commit(repository, first, since or "", settings.timezone) if first is not None else None
    unread: list[NotCompared] = []
    found = Line(repository, catalogue, until.commit or "HEAD").entries(first, unread, ids or ())
    wanted = tuple(
        each for each in with_progress(found, "reading", "change") if kind is None or each.kind in kind.split(",")
    )
    _refuse_unknown(ids or (), wanted, catalogue)
    made = Log(
        after, until, wanted, tuple(unread), settings.title, settings.language, settings.timezone, settings.base_url, by
    )
    for path, text in [(path, writer(name)(made, Look())) for name, path in files]:
        write(path, text, overwrite=True)
    put(writer(format)(made, appearance))
    return ExitCode.OK


def _refuse_unknown(ids: Iterable[str], found: Iterable[Entry], catalogue: Workspace) -> None:
    """Refuse an id that no record has, and none had.

    Raises:
        McredError: it is named.
    """
    known = {stem(inside) for inside, _ in catalogue.walk().records} | {
        name for each in found for name in (each.record, each.was) if name
    }
    for id in ids:
        if id not in known:
            raise McredError(f"no record '{id}'" + did_you_mean(id, known))
