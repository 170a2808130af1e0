"""`mcred diff`."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

import typer

from mcred.cli.approvals import approvals
from mcred.cli.comparison import Comparison
from mcred.cli.completing import ids as known_ids
from mcred.cli.options import AsOf, Colour, Debug, choice, look, today_there, workspace
from mcred.cli.publishing import outputs, put
from mcred.cli.sides import WORKING_TREE, State, state
from mcred.cli.targets import newer
from mcred.dates import PATTERN
from mcred.diff import Difference, Side
from mcred.errors import ExitCode, McredError, UsageError
from mcred.history import Repository
from mcred.record import stem
from mcred.reporters import Look
from mcred.reporters.diff import FORMATS, writer
from mcred.text import did_you_mean
from mcred.workspace import Workspace, write


def diff(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[A [B]] [ID]...",
            help="Two revisions or dates, the second one may be left out for the files as they lie there, "
            "and ids of records. Nothing: what changed since HEAD.",
            autocompletion=known_ids,
        ),
    ] = None,
    since_approval: Annotated[
        bool,
        typer.Option(
            "--since-approval", help="Compare each record with what it was when its content approval was recorded."
        ),
    ] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Of each record only how much of what changed.")] = False,
    format: Annotated[str, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")] = "text",
    output: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=FILE", help="Also write it to a file; as often as wanted.")
    ] = None,
    as_of: AsOf = None,
    color: Colour = "auto",
    debug: Debug = False,
) -> int:
    """Say what changed, in the words of the field: outcomes, credits, decisions, and what follows from them.

    \b
    mcred diff                              what is not committed yet
    mcred diff main worked-example          one record, against what is on main
    mcred diff v2025.1 v2026.1 --summary    two revisions
    mcred diff 2026-01-31                   against what was recorded by the end of a day
    mcred diff --since-approval -f md       against what was approved, for a committee

    \b
    A word that is the id of a record is that record; for a branch of that name write heads/NAME.
    """  # noqa: D301 - \b keeps click from filling the lines
    files = outputs(output or (), FORMATS)
    appearance = look(color, verbose=False)
    catalogue = workspace()
    newer(catalogue)
    repository = Repository(catalogue.base)
    timezone = catalogue.settings.timezone
    asked = _asked(names or (), catalogue, repository)
    day = as_of or today_there(timezone)
    found = _since_approval(catalogue, asked, day) if since_approval else _between(catalogue, asked, day)
    found = found._replace(summary=summary)
    for path, text in [(path, writer(name)(found, Look())) for name, path in files]:
        write(path, text, overwrite=True)
    put(writer(format)(found, appearance))
    return ExitCode.OK


class Asked(NamedTuple):
    """What a command line names: at most two revisions or dates, and ids."""

    revisions: tuple[str, ...]
    ids: tuple[str, ...]


_MAY_BE_ID = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def _asked(words: Sequence[str], catalogue: Workspace, repository: Repository) -> Asked:
    """Which words are revisions and which are ids: what is a record is no revision, and else the first two may be.

    Raises:
        McredError: one is neither.
        UsageError: there are more than two revisions.
    """
    known = {stem(inside) for inside, _ in catalogue.walk().records}
    revisions, ids = [], []
    for word in words:
        id = stem(word) if word.endswith(".yaml") else word
        if id in known:
            ids.append(id)
        elif PATTERN.fullmatch(word) or not _MAY_BE_ID.fullmatch(word) or _is_revision(word, repository):
            revisions.append(word)
        else:
            ids.append(word)
    if len(revisions) > 2:
        raise UsageError(f"two revisions can be compared, not {len(revisions)}: '{revisions[2]}' is one too many")
    return Asked(tuple(revisions), tuple(ids))


def _is_revision(word: str, repository: Repository) -> bool:
    try:
        repository.commit(word)
    except McredError:
        return False
    return True


def _between(catalogue: Workspace, asked: Asked, day: date) -> Difference:
    """What two states differ in: by default HEAD and the files as they lie there."""
    first, second = (*asked.revisions, *(None, None))[:2]
    before = state(catalogue, "HEAD" if first is None else first, "A")
    after = state(catalogue, second, "B") if second is not None else State(catalogue, Side(WORKING_TREE))
    return Comparison(before, after, day).difference(_known(asked.ids, before, after))


def _since_approval(catalogue: Workspace, asked: Asked, day: date) -> Difference:
    """What each record differs in from what it was when its approval was recorded."""
    if len(asked.revisions) > 1:
        raise UsageError("--since-approval compares one state with the approvals; name at most one revision")
    made = approvals(catalogue, day, *asked.revisions)
    return made.difference(_known(asked.ids, made.after))


def _known(ids: tuple[str, ...], *states: State) -> tuple[str, ...]:
    """Ids that one of some states knows, or knew earlier.

    Raises:
        McredError: none of them knows one.
    """
    for id in ids:
        if not any(state.path_of(id) for state in states):
            known = {each for state in states for each in state.by_id}
            raise McredError(f"no revision and no record '{id}'" + did_you_mean(id, known))
    return ids
