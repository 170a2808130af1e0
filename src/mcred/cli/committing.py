"""Committing what a command wrote: the options for it, and what the commit says."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import typer

from mcred.errors import UsageError
from mcred.record import Record
from mcred.text import inert, plural


class Commit(NamedTuple):
    """A commit that is wanted: on a new branch of a name, or on the one that is checked out."""

    branch: str | None


class Recorded(NamedTuple):
    """A decision that was appended, and the record with it."""

    record: Record
    decision: Mapping[str, Any]


WithCommit = Annotated[
    bool, typer.Option("--commit", help="Commit the change to Git, and nothing else that is staged or changed.")
]
Branch = Annotated[str | None, typer.Option(metavar="NAME", help="With --commit: on a new branch that begins here.")]


def wanted(commit: bool, branch: str | None) -> Commit | None:
    """The commit that the options ask for.

    Raises:
        UsageError: a branch is named, and no commit wanted.
    """
    if branch is not None and not commit:
        raise UsageError("--branch goes with --commit")
    return Commit(branch) if commit else None


def message(recorded: Sequence[Recorded]) -> str:
    """What a commit of decisions says: one in its first line, several in a list below."""
    told = [_told(each) for each in recorded]
    if len(told) == 1:
        return f"{told[0][0]}: Record {told[0][1]}\n"
    return f"Record {plural(len(told), 'decision')}\n\n" + "".join(f"- {id}: {what}\n" for id, what in told)


def _told(each: Recorded) -> tuple[str, str]:
    decision = each.decision
    date, by = decision.get("date"), decision.get("by")
    what = str(decision.get("act")) + (f" of {date}" if date else "") + (f" by {by}" if isinstance(by, str) else "")
    return each.record.id, inert(what)
